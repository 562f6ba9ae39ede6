"""The types of single values: each reads a text, and says what would have been right where it cannot."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, InstanceOf

from tracker.core.escalation.office_time import Offset
from tracker.core.law.county import DIALECTS
from tracker.core.law.duties import Span
from tracker.core.law.worked_examples import PausedDue
from tracker.core.requests.moves import REGISTER_MOVES
from tracker.core.values.message import Message
from tracker.rulebook.patterns import read_code, read_pattern
from tracker.rulebook.refusals import check_text, matching, not_a_word, refuse, scalar, schema, str_of
from tracker.rulebook.secrets import Secret, is_address
from tracker.rulebook.selectors import read_pager_selector, read_part_selector, read_selector
from tracker.rulebook.suggest import suggestion

T = TypeVar("T")

SPANS = ("N days", "N workdays", "N hours", "N weeks", "N months", "N years", "same workday", "stated day")
DUES = ("+N days", "+N workdays", "+N weeks", "+N months", "+N years", "day N", "MM-DD")
LENGTHS = ("N seconds", "N minutes", "N hours", "N days")
DISTANCES = ("N days", "N workdays", "N hours")
#: Of a text in another form, and of a day that no calendar has.
_DAY_COMPLAINTS = (Message("not a day: {value!r}"), Message("no such day: {value!r}"))
_MOMENT_COMPLAINTS = (Message("not a moment: {value!r}"), Message("no such moment: {value!r}"))
_LONG = r"(\d{1,3}) (week|month)s?|(\d{1,2}) (year)s?"
_SPAN = rf"(\d{{1,4}}) (day|workday|hour)s?|{_LONG}"
_DAY = r"\d{4}-\d\d-\d\d"
_LENGTH = r"(\d{1,6}(?:\.\d{1,3})?) (second|minute|hour|day)s?"
_DUE = rf"\+(?:(\d{{1,4}}) (day|workday)s?|{_LONG})|day (\d{{1,3}})|(\d\d-\d\d)"
_LATER = r"\+(\d{1,4}) (day|workday|hour)s?"
_DISTANCE = r"(\d{1,3}) (day|workday|hour)s?"
_RANGE = r"(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)"
_ARTICLE = r"[1-9][0-9]{0,2}(?:\.[1-9][0-9]{0,2})*"
_LAW = rf"([a-z][a-z0-9]*(?:-[a-z0-9]+)*) ({_ARTICLE})"
_NAME = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
_MAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
#: One mailbox of any script, also at an address in brackets.
_SENDER = re.compile(r"[^@\s<>,;]+@(?:\[[0-9A-Fa-f.:]+\]|[^@\s<>,;\[\]]+)", re.ASCII)
_HOST_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")


def is_slug(text: str) -> bool:
    """Whether a county, pack, duty or department may be called so."""
    return re.fullmatch(_NAME, text) is not None


def _day(value: str) -> date:
    return date.fromisoformat(_calendar_text(value, _DAY, _DAY_COMPLAINTS, "YYYY-MM-DD"))


def read_moment(value: str) -> str:
    """The text of a day, or of a day and an hour. Raises an error for pydantic to carry."""
    return _calendar_text(value, rf"{_DAY}(T\d\d:\d\d)?", _MOMENT_COMPLAINTS, "YYYY-MM-DD", "YYYY-MM-DDTHH:MM")


def _calendar_text(value: str, pattern: str, complaints: tuple[Message, Message], *allowed: str) -> str:
    if not re.fullmatch(pattern, value):
        raise refuse(Message(complaints[0].template, value=value), *allowed)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise refuse(Message(complaints[1].template, value=value), *allowed) from None
    return value


def _example_due(value: str) -> date | PausedDue:
    if value == "paused":
        return PausedDue()
    if value.startswith("paused until "):
        return PausedDue(_day(value.removeprefix("paused until ")))
    return _day(value)


def _any(value: str) -> str:
    if value != "any":
        raise refuse(Message("neither `any` nor a list of values: {value!r}", value=value), "any", "[VALUE, …]")
    return value


def parse_span(value: str) -> Span:
    """A length of time: `20 workdays`, `24 hours`, `same workday`, `stated day`."""
    if value in ("same workday", "stated day"):
        return Span(0, "same-workday" if value == "same workday" else "stated-day")
    without_unit = re.fullmatch(r"\d+", value)
    complaint = Message("a span without unit: {value!r}") if without_unit else Message("not a span: {value!r}")
    return matching(_SPAN, _span, complaint, *SPANS)(value)


def _span(match: re.Match[str]) -> Span:
    amount, unit = (text for text in match.groups() if text is not None)
    return Span(int(amount), f"{unit}s")  # type: ignore[arg-type]


def _offset(match: re.Match[str]) -> Offset:
    return Offset(int(match[1]), f"{match[2]}s")  # type: ignore[arg-type]


def _length(value: str) -> timedelta:
    what = Message("not a length of time: {value!r}")
    if re.fullmatch(r"[\d.]+", value):
        what = Message("a length of time without unit: {value!r}")
    return matching(_LENGTH, lambda match: timedelta(**{f"{match[2]}s": float(match[1])}), what, *LENGTHS)(value)


def _workdays(value: str) -> Span:
    span = parse_span(value)
    if span.unit != "workdays" or span.amount < 1:
        raise refuse(Message("not a number of working days: {value!r}", value=value), "N workdays")
    return span


def _range(value: str) -> tuple[float, float]:
    match = re.fullmatch(_RANGE, value)
    if not match or float(match[1]) > float(match[2]):
        raise refuse(Message("not a range of numbers: {value!r}", value=value), "LOW-HIGH")
    return float(match[1]), float(match[2])


def _mail(value: str) -> str:
    if value and not (_MAIL.fullmatch(value) and _is_host(value.rpartition("@")[2])):
        raise refuse(Message("not a mail address: {value!r}", value=value), "name@host")
    return value


def _is_host(name: str) -> bool:
    """Whether a mail can go there: names of letters of any script, digits and hyphens, with a dot between two."""
    try:
        plain = name.encode("idna").decode("ascii")
    except UnicodeError:  # an empty name, or one that is too long
        return False
    return len(plain) <= 253 and all(_HOST_LABEL.fullmatch(label) for label in plain.split("."))


def _reply(value: str) -> str:
    """An address, by itself or in angle brackets behind a name; or nothing."""
    named = re.fullmatch(r"[^<>@]*<([^<>]*)>", value)
    address = named[1] if named else value
    if value and not (_SENDER.fullmatch(address) and not address.endswith("@")):
        raise refuse(
            Message("not an address to write from: {value!r}", value=value), "name@host", "县政府办 <name@host>"
        )
    return value


def _dialect(value: str) -> str:
    if value not in DIALECTS:
        raise refuse(
            Message("unknown dialect {value!r}{suggestion}", value=value, suggestion=suggestion(value, DIALECTS)),
            *DIALECTS,
        )
    return value


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise refuse(Message("unknown time zone {value!r}", value=value), "Asia/Shanghai", "Asia/Urumqi", "…") from None


def _clock(value: str) -> time:
    try:
        if re.fullmatch(r"\d\d:\d\d", value):
            return time.fromisoformat(value)
    except ValueError:
        pass
    raise refuse(Message("not a time of day: {value!r}", value=value), "HH:MM")


def _per_duty(value: str) -> bool:
    if value != "duty":
        raise refuse(not_a_word(value, ["duty"]), "duty")
    return True


def _url(value: str) -> str:
    if is_address(value):
        return value
    raise refuse(Message("not an address: {value!r}", value=value), "http://…", "https://…")


def _search_url(value: str) -> str:
    if is_address(value) and "{words}" in value:
        return value
    raise refuse(Message("not the address of a search: {value!r}", value=value), "https://…?q={words}")


def _secret_url(value: Secret) -> Secret:
    if value.unset is not None or is_address(value.reveal()):
        return value
    raise refuse(Message("not an address (what is written there is not shown)"), "http://…", "https://…")


class LawText(NamedTuple):
    """An article as a rule cites it."""

    act: str
    article: str


class DueMonthDay(NamedTuple):
    """A day of any year: 02-29 is the last of February where the year has none."""

    month: int
    day: int


def _due(match: re.Match[str]) -> Span | int | DueMonthDay:
    *_, nth, month_day = match.groups()
    if nth:
        return int(nth)
    if not month_day:
        return _span(match)
    month, day = (int(number) for number in month_day.split("-"))
    try:
        date(2000, month, day)  # a leap year
    except ValueError:
        raise refuse(Message("no such day of a year: {value!r}", value=match[0]), "MM-DD") from None
    return DueMonthDay(month, day)


def _register_move(value: str) -> str:
    if value not in REGISTER_MOVES:
        raise refuse(
            Message(
                "no move of a register: {value!r}{suggestion}",
                value=value,
                suggestion=suggestion(value, REGISTER_MOVES),
            ),
            *REGISTER_MOVES,
        )
    return value


_slug = matching(
    _NAME, str_of, Message("not a name: {value!r}"), Message("lower-case letters and digits, joined by single hyphens")
)
_flag = matching(
    "true|false", lambda match: match[0] == "true", Message("expected true or false, found {value!r}"), "true", "false"
)
_count = matching(r"\d{1,12}", lambda match: int(match[0]), Message("expected a whole number, found {value!r}"))
_amount = matching(
    r"\d{1,12}(\.\d{1,6})?", lambda match: float(match[0]), Message("expected a number from 0 up, found {value!r}")
)
_due_text = matching(_DUE, _due, Message("not a shift of the due day: {value!r}"), *DUES)
_gap = matching(rf"(?!0+ ){_DISTANCE}", _offset, Message("not a distance between two repeats: {value!r}"), *DISTANCES)
_until = matching(
    _LATER, _offset, Message("not a distance after the step's anchor: {value!r}"), *(f"+{form}" for form in DISTANCES)
)
_law = matching(
    _LAW, lambda match: LawText(match[1], match[2]), Message("not an article of an act: {value!r}"), "ACT ARTICLE"
)
_division = matching(r"[1-9]\d{5}", str_of, Message("not a code of an administrative division: {value!r}"), "440106")
_phone = matching(
    r"(\+?[0-9]{5,15})?", str_of, Message("not a phone number: {value!r}"), "13800000000", "+8613800000000"
)

Text = Annotated[str, scalar(check_text, Message("a text")), schema(minLength=1)]
#: A text that may be empty: what is not set.
Maybe = Annotated[str, scalar(str, Message("a text")), schema()]
#: A text that an editor may take for a number: a period `2015`, a field `year: 2015`.
Label = Annotated[str, scalar(check_text, Message("a text")), schema(["string", "number"])]
Slug = Annotated[str, scalar(_slug, Message("a name")), schema(pattern=f"^{_NAME}$")]
RegisterMove = Annotated[
    str, scalar(_register_move, Message("a move of a register")), schema(enum=list(REGISTER_MOVES))
]
Flag = Annotated[bool, scalar(_flag, Message("true or false")), schema("boolean")]
Count = Annotated[int, scalar(_count, Message("a whole number")), schema("integer", minimum=0)]
Amount = Annotated[float, scalar(_amount, Message("a number")), schema("number", minimum=0)]
Day = Annotated[date, scalar(_day, Message("a day")), schema(pattern=f"^{_DAY}$")]
ExampleDue = Annotated[
    date | PausedDue,
    scalar(_example_due, Message("a day, `paused`, or `paused until DAY`")),
    schema(pattern=rf"^({_DAY}|paused( until {_DAY})?)$"),
]
AnyValue = Annotated[str, scalar(_any, Message("`any`")), schema(const="any")]
MomentText = Annotated[str, scalar(read_moment, Message("a moment")), schema(pattern=rf"^{_DAY}(T\d\d:\d\d)?$")]
Clock = Annotated[time, scalar(_clock, Message("a time of day")), schema(pattern=r"^\d\d:\d\d$")]
Zone = Annotated[ZoneInfo, scalar(_zone, Message("a time zone")), schema(examples=["Asia/Shanghai"])]
SpanText = Annotated[
    Span,
    scalar(parse_span, Message("a span")),
    schema(pattern=f"^({_SPAN}|same workday|stated day)$", examples=list(SPANS)),
]
Workdays = Annotated[
    Span, scalar(_workdays, Message("a number of working days")), schema(pattern="^[1-9][0-9]* workdays?$")
]
DueText = Annotated[
    Span | int | DueMonthDay,
    scalar(_due_text, Message("a shift of the due day")),
    schema(pattern=f"^({_DUE})$", examples=list(DUES)),
]
Length = Annotated[
    timedelta, scalar(_length, Message("a length of time")), schema(pattern=f"^{_LENGTH}$", examples=list(LENGTHS))
]
Gap = Annotated[Offset, scalar(_gap, Message("a distance")), schema(pattern=f"^{_DISTANCE}$", examples=list(DISTANCES))]
Until = Annotated[
    Offset, scalar(_until, Message("a distance onwards")), schema(pattern=f"^{_LATER}$", examples=["+N days"])
]
Article = Annotated[
    str,
    scalar(
        matching(_ARTICLE, str_of, Message("not the number of an article: {value!r}"), "14", "4.12"),
        Message("an article"),
    ),
    schema(["string", "number"]),
]
LawItem = Annotated[LawText, scalar(_law, Message("an article")), schema(pattern=f"^{_LAW}$")]
PerDuty = Annotated[bool, scalar(_per_duty, Message("`duty`")), schema(const="duty")]
PathText = Annotated[Path, scalar(lambda value: Path(check_text(value)), Message("a text")), schema(minLength=1)]
Range = Annotated[tuple[float, float], scalar(_range, Message("a range of numbers")), schema(pattern=f"^{_RANGE}$")]
Mail = Annotated[str, scalar(_mail, Message("a mail address")), schema()]
Reply = Annotated[str, scalar(_reply, Message("an address, behind a name if wanted")), schema()]
Sender = Annotated[
    str,
    scalar(lambda value: _reply(check_text(value)), Message("an address, behind a name if wanted")),
    schema(minLength=1),
]
Phone = Annotated[str, scalar(_phone, Message("a phone number")), schema()]
DivisionCode = Annotated[
    str, scalar(_division, Message("six digits by GB/T 2260")), schema(["string", "number"], examples=["440106"])
]
Dialect = Annotated[str, scalar(_dialect, Message("a dialect")), schema(enum=list(DIALECTS))]
Selector = Annotated[str, scalar(read_selector, Message("a CSS selector")), schema(minLength=1)]
PartSelector = Annotated[
    str, scalar(read_part_selector, Message("a CSS selector, or one with `@ATTRIBUTE`")), schema(minLength=1)
]
PagerSelector = Annotated[str, scalar(read_pager_selector, Message("a CSS selector or `none`")), schema(minLength=1)]
Url = Annotated[str, scalar(_url, Message("an address")), schema(pattern=r"^(https?://|\$\{)")]
SearchUrl = Annotated[str, scalar(_search_url, Message("the address of a search")), schema(pattern=r"\{words\}")]
SecretText = Annotated[Secret, InstanceOf(), scalar(Secret, Message("a text")), schema()]
SecretUrl = Annotated[
    Secret,
    InstanceOf(),
    scalar(Secret, Message("an address")),
    AfterValidator(_secret_url),
    schema(pattern=r"^(https?://|\$\{)"),
]
Pattern = Annotated[str, scalar(read_pattern, Message("a pattern")), schema(minLength=1)]
#: Where an answer holds its code.
Code = Annotated[str, scalar(read_code, Message("a dotted path, or a pattern with a group")), schema(minLength=1)]
