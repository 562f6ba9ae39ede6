"""The types of single values: each reads a text, and says what would have been right where it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import re2
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from tracker.core.escalation.office_time import Offset
from tracker.core.law.county import DIALECTS
from tracker.core.law.duties import Span
from tracker.core.law.worked_examples import PausedDue
from tracker.core.requests.moves import REGISTER_MOVES
from tracker.rulebook.secrets import Secret, is_address
from tracker.rulebook.suggest import suggestion

T = TypeVar("T")

SPANS = ("N days", "N workdays", "N hours", "N weeks", "N months", "N years", "same workday", "stated day")
DUES = ("+N days", "+N workdays", "+N weeks", "+N months", "+N years", "day N", "MM-DD")
LENGTHS = ("N seconds", "N minutes", "N hours", "N days")
DISTANCES = ("N days", "N workdays", "N hours")
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
_PLACEHOLDER = re.compile(r"\{event\.([a-z][a-z0-9_-]*)\}")
_STRAY = re.compile(r"\{[^\d}]*\}?")


def is_slug(text: str) -> bool:
    """Whether a county, pack, duty or department may be called so."""
    return re.fullmatch(_NAME, text) is not None


def refuse(message: str, *allowed: str) -> PydanticCustomError:
    """An error in our own words, for pydantic to carry to where the place is known."""
    return PydanticCustomError("rule", "{message}", {"message": message, "allowed": list(allowed)})


def describe(value: object) -> str:
    """What a wrong value is, for messages."""
    kinds = {dict: "a mapping", list: "a list", type(None): "nothing"}
    return kinds.get(type(value), repr(value))


def scalar(parse: Callable[[str], T], what: str) -> BeforeValidator:
    """A validator that parses texts; a value that is parsed already passes."""

    def validate(value: Any) -> Any:
        if isinstance(value, str):
            return parse(value)
        if value is None or isinstance(value, dict | list):
            raise refuse(f"expected {what}, found {describe(value)}")
        return value

    # The reference names the type by it.
    validate.__doc__ = what
    return BeforeValidator(validate)


def matching(pattern: str, make: Callable[[re.Match[str]], T], complaint: str, *allowed: str) -> Callable[[str], T]:
    """A parser of texts that match the pattern as a whole; any other is refused with the complaint."""

    def parse(value: str) -> T:
        if (match := re.fullmatch(pattern, value)) is None:
            raise refuse(f"{complaint}{value!r}", *allowed)
        return make(match)

    return parse


def str_of(match: re.Match[str]) -> str:
    """The whole of a match."""
    return match[0]


def schema(kind: str | list[str] = "string", **more: Any) -> WithJsonSchema:
    """The JSON Schema of a scalar."""
    return WithJsonSchema({"type": kind, **more})


def check_text(value: str) -> str:
    """A text that is not empty."""
    if not value.strip():
        raise refuse("an empty text")
    return value


def _day(value: str) -> date:
    return date.fromisoformat(_calendar_text(value, _DAY, "day", "YYYY-MM-DD"))


def read_moment(value: str) -> str:
    """The text of a day, or of a day and an hour. Raises an error for pydantic to carry."""
    return _calendar_text(value, rf"{_DAY}(T\d\d:\d\d)?", "moment", "YYYY-MM-DD", "YYYY-MM-DDTHH:MM")


def _calendar_text(value: str, pattern: str, what: str, *allowed: str) -> str:
    if not re.fullmatch(pattern, value):
        raise refuse(f"not a {what}: {value!r}", *allowed)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise refuse(f"no such {what}: {value!r}", *allowed) from None
    return value


def _example_due(value: str) -> date | PausedDue:
    if value == "paused":
        return PausedDue()
    if value.startswith("paused until "):
        return PausedDue(_day(value.removeprefix("paused until ")))
    return _day(value)


def _any(value: str) -> str:
    if value != "any":
        raise refuse(f"neither `any` nor a list of values: {value!r}", "any", "[VALUE, …]")
    return value


def parse_span(value: str) -> Span:
    """A length of time: `20 workdays`, `24 hours`, `same workday`, `stated day`."""
    if value in ("same workday", "stated day"):
        return Span(0, "same-workday" if value == "same workday" else "stated-day")
    without_unit = "a span without unit: " if re.fullmatch(r"\d+", value) else "not a span: "
    return matching(_SPAN, _span, without_unit, *SPANS)(value)


def _span(match: re.Match[str]) -> Span:
    amount, unit = (text for text in match.groups() if text is not None)
    return Span(int(amount), f"{unit}s")  # type: ignore[arg-type]


def _offset(match: re.Match[str]) -> Offset:
    return Offset(int(match[1]), f"{match[2]}s")  # type: ignore[arg-type]


def _length(value: str) -> timedelta:
    what = "a length of time without unit: " if re.fullmatch(r"[\d.]+", value) else "not a length of time: "
    return matching(_LENGTH, lambda match: timedelta(**{f"{match[2]}s": float(match[1])}), what, *LENGTHS)(value)


def _workdays(value: str) -> Span:
    span = parse_span(value)
    if span.unit != "workdays" or span.amount < 1:
        raise refuse(f"not a number of working days: {value!r}", "N workdays")
    return span


def _range(value: str) -> tuple[float, float]:
    match = re.fullmatch(_RANGE, value)
    if not match or float(match[1]) > float(match[2]):
        raise refuse(f"not a range of numbers: {value!r}", "LOW-HIGH")
    return float(match[1]), float(match[2])


def _mail(value: str) -> str:
    if value and not (_MAIL.fullmatch(value) and _is_host(value.rpartition("@")[2])):
        raise refuse(f"not a mail address: {value!r}", "name@host")
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
        raise refuse(f"not an address to write from: {value!r}", "name@host", "县政府办 <name@host>")
    return value


def _dialect(value: str) -> str:
    if value not in DIALECTS:
        raise refuse(f"unknown dialect {value!r}{suggestion(value, DIALECTS)}", *DIALECTS)
    return value


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise refuse(f"unknown time zone {value!r}", "Asia/Shanghai", "Asia/Urumqi", "…") from None


def _clock(value: str) -> time:
    try:
        if re.fullmatch(r"\d\d:\d\d", value):
            return time.fromisoformat(value)
    except ValueError:
        pass
    raise refuse(f"not a time of day: {value!r}", "HH:MM")


def _per_duty(value: str) -> bool:
    if value != "duty":
        raise refuse(f"expected one of these words, found {value!r}{suggestion(value, ['duty'])}", "duty")
    return True


def _url(value: str) -> str:
    if is_address(value):
        return value
    raise refuse(f"not an address: {value!r}", "http://…", "https://…")


def _secret_url(value: Secret) -> Secret:
    if value.unset is not None or is_address(value.reveal()):
        return value
    raise refuse("not an address (what is written there is not shown)", "http://…", "https://…")


def find_placeholders(pattern: str) -> tuple[str, ...]:
    """The event fields that a pattern uses."""
    return tuple(_PLACEHOLDER.findall(pattern))


def _pattern(value: str) -> str:
    plain = _PLACEHOLDER.sub("x", check_text(value))
    if stray := _STRAY.search(plain):
        raise refuse(f"not a placeholder: {stray[0]!r}", "{event.FIELD}")
    _compiled(value, plain)
    return value


def _code(value: str) -> str:
    """A dotted path; a pattern where it holds a group."""
    if "(" in check_text(value) and not _compiled(value, value).groups:
        raise refuse(f"the pattern {value!r} has no group", "result.code", "<code>(.*?)</code>")
    return value


def _compiled(value: str, plain: str) -> re2._Regexp:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(plain, options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        shown = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise refuse(f"RE2 refuses the pattern {value!r}: {shown}") from None


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
        raise refuse(f"no such day of a year: {match[0]!r}", "MM-DD") from None
    return DueMonthDay(month, day)


def _register_move(value: str) -> str:
    if value not in REGISTER_MOVES:
        raise refuse(f"no move of a register: {value!r}{suggestion(value, REGISTER_MOVES)}", *REGISTER_MOVES)
    return value


_slug = matching(_NAME, str_of, "not a name: ", "lower-case letters and digits, joined by single hyphens")
_flag = matching("true|false", lambda match: match[0] == "true", "expected true or false, found ", "true", "false")
_count = matching(r"\d{1,12}", lambda match: int(match[0]), "expected a whole number, found ")
_amount = matching(r"\d{1,12}(\.\d{1,6})?", lambda match: float(match[0]), "expected a number from 0 up, found ")
_due_text = matching(_DUE, _due, "not a shift of the due day: ", *DUES)
_gap = matching(rf"(?!0+ ){_DISTANCE}", _offset, "not a distance between two repeats: ", *DISTANCES)
_until = matching(_LATER, _offset, "not a distance after the step's anchor: ", *(f"+{form}" for form in DISTANCES))
_law = matching(_LAW, lambda match: LawText(match[1], match[2]), "not an article of an act: ", "ACT ARTICLE")
_phone = matching(r"(\+?[0-9]{5,15})?", str_of, "not a phone number: ", "13800000000", "+8613800000000")

Text = Annotated[str, scalar(check_text, "a text"), schema(minLength=1)]
#: A text that may be empty: what is not set.
Maybe = Annotated[str, scalar(str, "a text"), schema()]
#: A text that an editor may take for a number: a period `2015`, a field `year: 2015`.
Label = Annotated[str, scalar(check_text, "a text"), schema(["string", "number"])]
Slug = Annotated[str, scalar(_slug, "a name"), schema(pattern=f"^{_NAME}$")]
RegisterMove = Annotated[str, scalar(_register_move, "a move of a register"), schema(enum=list(REGISTER_MOVES))]
Flag = Annotated[bool, scalar(_flag, "true or false"), schema("boolean")]
Count = Annotated[int, scalar(_count, "a whole number"), schema("integer", minimum=0)]
Amount = Annotated[float, scalar(_amount, "a number"), schema("number", minimum=0)]
Day = Annotated[date, scalar(_day, "a day"), schema(pattern=f"^{_DAY}$")]
ExampleDue = Annotated[
    date | PausedDue,
    scalar(_example_due, "a day, `paused`, or `paused until DAY`"),
    schema(pattern=rf"^({_DAY}|paused( until {_DAY})?)$"),
]
AnyValue = Annotated[str, scalar(_any, "`any`"), schema(const="any")]
MomentText = Annotated[str, scalar(read_moment, "a moment"), schema(pattern=rf"^{_DAY}(T\d\d:\d\d)?$")]
Clock = Annotated[time, scalar(_clock, "a time of day"), schema(pattern=r"^\d\d:\d\d$")]
Zone = Annotated[ZoneInfo, scalar(_zone, "a time zone"), schema(examples=["Asia/Shanghai"])]
SpanText = Annotated[
    Span, scalar(parse_span, "a span"), schema(pattern=f"^({_SPAN}|same workday|stated day)$", examples=list(SPANS))
]
Workdays = Annotated[Span, scalar(_workdays, "a number of working days"), schema(pattern="^[1-9][0-9]* workdays?$")]
DueText = Annotated[
    Span | int | DueMonthDay,
    scalar(_due_text, "a shift of the due day"),
    schema(pattern=f"^({_DUE})$", examples=list(DUES)),
]
Length = Annotated[
    timedelta, scalar(_length, "a length of time"), schema(pattern=f"^{_LENGTH}$", examples=list(LENGTHS))
]
Gap = Annotated[Offset, scalar(_gap, "a distance"), schema(pattern=f"^{_DISTANCE}$", examples=list(DISTANCES))]
Until = Annotated[Offset, scalar(_until, "a distance onwards"), schema(pattern=f"^{_LATER}$", examples=["+N days"])]
Article = Annotated[
    str,
    scalar(matching(_ARTICLE, str_of, "not the number of an article: ", "14", "4.12"), "an article"),
    schema(["string", "number"]),
]
LawItem = Annotated[LawText, scalar(_law, "an article"), schema(pattern=f"^{_LAW}$")]
PerDuty = Annotated[bool, scalar(_per_duty, "`duty`"), schema(const="duty")]
PathText = Annotated[Path, scalar(lambda value: Path(check_text(value)), "a text"), schema(minLength=1)]
Range = Annotated[tuple[float, float], scalar(_range, "a range of numbers"), schema(pattern=f"^{_RANGE}$")]
Mail = Annotated[str, scalar(_mail, "a mail address"), schema()]
Reply = Annotated[str, scalar(_reply, "an address, behind a name if wanted"), schema()]
Sender = Annotated[
    str, scalar(lambda value: _reply(check_text(value)), "an address, behind a name if wanted"), schema(minLength=1)
]
Phone = Annotated[str, scalar(_phone, "a phone number"), schema()]
Dialect = Annotated[str, scalar(_dialect, "a dialect"), schema(enum=list(DIALECTS))]
Url = Annotated[str, scalar(_url, "an address"), schema(pattern=r"^(https?://|\$\{)")]
SecretText = Annotated[Secret, scalar(Secret, "a text"), schema()]
SecretUrl = Annotated[
    Secret, scalar(Secret, "an address"), AfterValidator(_secret_url), schema(pattern=r"^(https?://|\$\{)")
]
Pattern = Annotated[str, scalar(_pattern, "a pattern"), schema(minLength=1)]
#: Where an answer holds its code.
Code = Annotated[str, scalar(_code, "a dotted path, or a pattern with a group"), schema(minLength=1)]
