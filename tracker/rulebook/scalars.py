"""The types of single values: each says in its own words what would have been right."""

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

from tracker.core.escalation.notices import Offset
from tracker.core.law.duties import DIALECTS, Span
from tracker.rulebook.secrets import Secret, is_address
from tracker.rulebook.suggest import suggestion

T = TypeVar("T")

SPANS = ("N days", "N workdays", "N hours", "same workday")
DUES = ("+N days", "+N workdays", "day N")
LENGTHS = ("N seconds", "N minutes", "N hours", "N days")
DISTANCES = ("N days", "N workdays", "N hours")
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) (second|minute|hour|day)s?")
_DISTANCE = re.compile(r"(\d{1,3}) (day|workday|hour)s?")
_LATER = re.compile(r"\+(\d{1,4}) (day|workday|hour)s?")
_SPAN = re.compile(r"(\d{1,4}) (day|workday|hour)s?")
_DUE = re.compile(r"\+(\d{1,4}) (day|workday)s?|day (\d{1,3})")
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?")
_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)")
_MAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
#: One mailbox of any script, also at an address in brackets.
_SENDER = re.compile(r"[^@\s<>,;]+@(?:\[[0-9A-Fa-f.:]+\]|[^@\s<>,;\[\]]+)", re.ASCII)
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_PHONE = re.compile(r"\+?\d{5,15}", re.ASCII)
_LAW = re.compile(r"([a-z][a-z0-9]*(?:-[a-z0-9]+)*) ([1-9]\d{0,2}(?:\.[1-9]\d{0,2})*)", re.ASCII)
_PLACEHOLDER = re.compile(r"\{event\.([a-z][a-z0-9_-]*)\}")
_STRAY = re.compile(r"\{[^\d}]*\}?")


def is_slug(text: str) -> bool:
    """Whether a county, pack, duty or department may be called so."""
    return _SLUG.fullmatch(text) is not None


def refuse(message: str, *allowed: str) -> PydanticCustomError:
    """A defect in our own words, for pydantic to carry to where the place is known."""
    return PydanticCustomError("rule", "{message}", {"message": message, "allowed": list(allowed)})


def shape(value: object) -> str:
    """What a wrong value is, for messages."""
    kinds = {dict: "a mapping", list: "a list", type(None): "nothing"}
    return kinds.get(type(value), repr(value))


def scalar(parse: Callable[[str], T], what: str) -> BeforeValidator:
    """A validator that hands on texts only; a value that is parsed already passes."""

    def validate(value: Any) -> Any:
        if isinstance(value, str):
            return parse(value)
        if value is None or isinstance(value, dict | list):
            raise refuse(f"expected {what}, found {shape(value)}")
        return value

    # The reference names the type by it.
    validate.__doc__ = what
    return BeforeValidator(validate)


class LawText(NamedTuple):
    """An article as a rule cites it."""

    act: str
    article: str


def _law(value: str) -> LawText:
    if (match := _LAW.fullmatch(value)) is None:
        raise refuse(f"not an article of an act: {value!r}", "ACT ARTICLE")
    return LawText(match[1], match[2])


def _text(value: str) -> str:
    if not value.strip():
        raise refuse("an empty text")
    return value


def _maybe(value: str) -> str:
    return value


def _day(value: str) -> date:
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        raise refuse(f"no such day: {value!r}", "YYYY-MM-DD") from None
    raise refuse(f"not a day: {value!r}", "YYYY-MM-DD")


def _moment(value: str) -> str:
    try:
        if _MOMENT.fullmatch(value):
            datetime.fromisoformat(value)
            return value
    except ValueError:
        raise refuse(f"no such moment: {value!r}", "YYYY-MM-DD", "YYYY-MM-DDTHH:MM") from None
    raise refuse(f"not a moment: {value!r}", "YYYY-MM-DD", "YYYY-MM-DDTHH:MM")


def _clock(value: str) -> time:
    try:
        if re.fullmatch(r"\d\d:\d\d", value):
            return time.fromisoformat(value)
    except ValueError:
        pass
    raise refuse(f"not a time of day: {value!r}", "HH:MM")


def _flag(value: str) -> bool:
    if value not in ("true", "false"):
        raise refuse(f"expected true or false, found {value!r}", "true", "false")
    return value == "true"


def _count(value: str) -> int:
    if not re.fullmatch(r"\d{1,12}", value):
        raise refuse(f"expected a whole number, found {value!r}")
    return int(value)


def _amount(value: str) -> float:
    if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", value):
        raise refuse(f"expected a number from 0 up, found {value!r}")
    return float(value)


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise refuse(f"not a name: {value!r}", "lower-case letters and digits, joined by single hyphens")
    return value


def parse_span(value: str) -> Span:
    """A length of time: `20 workdays`, `24 hours`, `same workday`."""
    if value == "same workday":
        return Span(0, "same-workday")
    match = _SPAN.fullmatch(value)
    if match:
        return Span(int(match[1]), {"day": "days", "workday": "workdays", "hour": "hours"}[match[2]])  # type: ignore[arg-type]
    if re.fullmatch(r"\d+", value):
        raise refuse(f"a span without unit: {value!r}", *SPANS)
    raise refuse(f"not a span: {value!r}", *SPANS)


def _due(value: str) -> Span | int:
    match = _DUE.fullmatch(value)
    if not match:
        raise refuse(f"not a shift of the due day: {value!r}", *DUES)
    if match[3]:
        return int(match[3])
    return Span(int(match[1]), "days" if match[2] == "day" else "workdays")


def _length(value: str) -> timedelta:
    match = _LENGTH.fullmatch(value)
    if not match:
        what = "a length of time without unit" if re.fullmatch(r"[\d.]+", value) else "not a length of time"
        raise refuse(f"{what}: {value!r}", *LENGTHS)
    return timedelta(**{f"{match[2]}s": float(match[1])})


def _distance(value: str) -> Offset:
    match = _DISTANCE.fullmatch(value)
    if not match or match[1].strip("0") == "":
        raise refuse(f"not a distance between two repeats: {value!r}", *DISTANCES)
    return Offset(int(match[1]), f"{match[2]}s")  # type: ignore[arg-type]


def _later(value: str) -> Offset:
    match = _LATER.fullmatch(value)
    if not match:
        raise refuse(f"not a distance after the step's anchor: {value!r}", *(f"+{form}" for form in DISTANCES))
    return Offset(int(match[1]), f"{match[2]}s")  # type: ignore[arg-type]


def _per_duty(value: str) -> bool:
    if value != "duty":
        raise refuse(f"expected one of these words, found {value!r}{suggestion(value, ['duty'])}", "duty")
    return True


def _range(value: str) -> tuple[float, float]:
    match = _RANGE.fullmatch(value)
    if not match or float(match[1]) > float(match[2]):
        raise refuse(f"not a range of numbers: {value!r}", "LOW-HIGH")
    return float(match[1]), float(match[2])


def _mail(value: str) -> str:
    if value and not (_MAIL.fullmatch(value) and _host(value.rpartition("@")[2])):
        raise refuse(f"not a mail address: {value!r}", "name@host")
    return value


def _reply(value: str) -> str:
    """An address, by itself or in angle brackets behind a name; or nothing."""
    named = re.fullmatch(r"[^<>@]*<([^<>]*)>", value)
    address = named[1] if named else value
    if value and not (_SENDER.fullmatch(address) and not address.endswith("@")):
        raise refuse(f"not an address to write from: {value!r}", "name@host", "县政府办 <name@host>")
    return value


def _sender(value: str) -> str:
    return _reply(_text(value))


def _host(name: str) -> bool:
    """Whether a mail can go there: names of letters of any script, digits and hyphens, with a dot between two."""
    try:
        plain = name.encode("idna").decode("ascii")
    except UnicodeError:  # an empty name, or one that is too long
        return False
    return len(plain) <= 253 and all(_LABEL.fullmatch(one) for one in plain.split("."))


def _phone(value: str) -> str:
    if value and not _PHONE.fullmatch(value):
        raise refuse(f"not a phone number: {value!r}", "13800000000", "+8613800000000")
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


def _url(value: str) -> str:
    if is_address(value):
        return value
    raise refuse(f"not an address: {value!r}", "http://…", "https://…")


def _secret_url(value: Secret) -> Secret:
    if value.unset is not None or is_address(value.reveal()):
        return value
    raise refuse("not an address (what is written there is not shown)", "http://…", "https://…")


def placeholders(pattern: str) -> tuple[str, ...]:
    """The event fields that a pattern uses."""
    return tuple(_PLACEHOLDER.findall(pattern))


def _pattern(value: str) -> str:
    plain = _PLACEHOLDER.sub("x", _text(value))
    stray = _STRAY.search(plain)
    if stray:
        raise refuse(f"not a placeholder: {stray[0]!r}", "{event.FIELD}")
    _compiled(value, plain)
    return value


def _code(value: str) -> str:
    """A dotted path; a pattern where it holds a group."""
    if "(" in _text(value) and not _compiled(value, value).groups:
        raise refuse(f"the pattern {value!r} has no group", "result.code", "<code>(.*?)</code>")
    return value


def _compiled(value: str, plain: str) -> re2._Regexp:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(plain, options)
    except re2.error as error:
        raise refuse(f"RE2 refuses the pattern {value!r}: {_said(error)}") from None


def _said(error: Exception) -> str:
    """What RE2 said; it answers in bytes."""
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _schema(kind: str | list[str], **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": kind, **more})


Text = Annotated[str, scalar(_text, "a text"), _schema("string", minLength=1)]
#: Where an answer holds its code.
Code = Annotated[str, scalar(_code, "a dotted path, or a pattern with a group"), _schema("string", minLength=1)]
#: A text that may be empty: what is not set.
Maybe = Annotated[str, scalar(_maybe, "a text"), _schema("string")]
#: A text that an editor may take for a number: a period `2015`, a field `year: 2015`.
Label = Annotated[str, scalar(_text, "a text"), _schema(["string", "number"])]
Day = Annotated[date, scalar(_day, "a day"), _schema("string", pattern=r"^\d{4}-\d\d-\d\d$")]
MomentText = Annotated[str, scalar(_moment, "a moment"), _schema("string", pattern=f"^{_MOMENT.pattern}$")]
Clock = Annotated[time, scalar(_clock, "a time of day"), _schema("string", pattern=r"^\d\d:\d\d$")]
Flag = Annotated[bool, scalar(_flag, "true or false"), _schema("boolean")]
Count = Annotated[int, scalar(_count, "a whole number"), _schema("integer", minimum=0)]
Amount = Annotated[float, scalar(_amount, "a number"), _schema("number", minimum=0)]
Slug = Annotated[str, scalar(_slug, "a name"), _schema("string", pattern=f"^{_SLUG.pattern}$")]
LawItem = Annotated[LawText, scalar(_law, "an article"), _schema("string", pattern=f"^{_LAW.pattern}$")]
SpanText = Annotated[
    Span,
    scalar(parse_span, "a span"),
    _schema("string", pattern=f"^({_SPAN.pattern}|same workday)$", examples=list(SPANS)),
]
DueText = Annotated[
    Span | int,
    scalar(_due, "a shift of the due day"),
    _schema("string", pattern=f"^({_DUE.pattern})$", examples=list(DUES)),
]
Length = Annotated[
    timedelta,
    scalar(_length, "a length of time"),
    _schema("string", pattern=f"^{_LENGTH.pattern}$", examples=list(LENGTHS)),
]
Gap = Annotated[
    Offset,
    scalar(_distance, "a distance"),
    _schema("string", pattern=f"^{_DISTANCE.pattern}$", examples=list(DISTANCES)),
]
Until = Annotated[
    Offset,
    scalar(_later, "a distance onwards"),
    _schema("string", pattern=f"^{_LATER.pattern}$", examples=[f"+{form}" for form in DISTANCES]),
]
PerDuty = Annotated[bool, scalar(_per_duty, "`duty`"), _schema("string", const="duty")]
PathText = Annotated[Path, scalar(lambda value: Path(_text(value)), "a text"), _schema("string", minLength=1)]
Range = Annotated[
    tuple[float, float], scalar(_range, "a range of numbers"), _schema("string", pattern=f"^{_RANGE.pattern}$")
]
Mail = Annotated[str, scalar(_mail, "a mail address"), _schema("string")]
Reply = Annotated[str, scalar(_reply, "an address, behind a name if wanted"), _schema("string")]
Sender = Annotated[str, scalar(_sender, "an address, behind a name if wanted"), _schema("string", minLength=1)]
Phone = Annotated[str, scalar(_phone, "a phone number"), _schema("string")]
Dialect = Annotated[str, scalar(_dialect, "a dialect"), _schema("string", enum=list(DIALECTS))]
Zone = Annotated[ZoneInfo, scalar(_zone, "a time zone"), _schema("string", examples=["Asia/Shanghai"])]
Url = Annotated[str, scalar(_url, "an address"), _schema("string", pattern=r"^(https?://|\$\{)")]
SecretText = Annotated[Secret, scalar(Secret, "a text"), _schema("string")]
SecretUrl = Annotated[
    Secret,
    scalar(Secret, "an address"),
    AfterValidator(_secret_url),
    _schema("string", pattern=r"^(https?://|\$\{)"),
]
Pattern = Annotated[str, scalar(_pattern, "a pattern"), _schema("string", minLength=1)]
