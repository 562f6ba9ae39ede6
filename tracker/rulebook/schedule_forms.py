"""Forms that only schedule.yaml has: cron lines, steps of policies, and the addresses of the console."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from tracker.core.escalation.notice_kinds import StepKind
from tracker.core.escalation.office_time import Offset
from tracker.core.escalation.policies import SETTLE_WITHIN, Policy, Repeat, Step, When
from tracker.core.law.duties import Span
from tracker.core.values.message import Message
from tracker.rulebook.refusals import matching, refuse, scalar, schema
from tracker.rulebook.scalars import Slug, Text, Url, Workdays
from tracker.rulebook.schedule import OBJECTION_WINDOW, UNIX, Schedule
from tracker.rulebook.shape import FORMS, Model, Named, Read, model_of, optional, required, secret_places

OFFSETS = ("open +N days", "due -N workdays", "due +N hours")
LISTENS = ("unix:pages.sock", "127.0.0.1:8080", "[::1]:8080")
#: Bytes of the name of a Unix socket (unix(7)), with room for the folder.
_LONGEST_SOCKET = 100
_FIELDS = (Message("minute"), Message("hour"), Message("day"), Message("month"), Message("weekday"))
_CRON = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/[1-9]\d?)?")
_WEEKDAYS = "mon|tue|wed|thu|fri|sat|sun"
_CRON_WEEKDAY = re.compile(rf"\*|({_WEEKDAYS})([,-]({_WEEKDAYS}))*")
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12))
_AT = r"(open|due) ([+-]\d{1,4}) (day|workday|hour)s?"


def _cron(value: str) -> str:
    fields = value.split()
    if len(fields) != len(_FIELDS):
        raise refuse(
            Message("a cron line has five fields, this has {count}: {value!r}", count=len(fields), value=value),
            *_FIELDS,
        )
    for text, (low, high), name in zip(fields, _RANGES, _FIELDS, strict=False):
        if not all(_in_range(term, low, high) for term in text.split(",")):
            raise refuse(
                Message("not the {name} of a cron line: {text!r}", name=name, text=text),
                Message("* or numbers {low}-{high}", low=low, high=high),
            )
    # Numbers would be a trap: cron counts from Sunday, the metronome from Monday.
    if not _CRON_WEEKDAY.fullmatch(fields[4]):
        raise refuse(Message("a cron line names its weekdays: {value!r}", value=fields[4]), "*", *_WEEKDAYS.split("|"))
    return value


def _in_range(term: str, low: int, high: int) -> bool:
    """Whether a term of a cron field is `*` or numbers that run upwards inside the range."""
    match = _CRON.fullmatch(term)
    numbers = [int(number) for number in match.groups() if number] if match else []
    return match is not None and numbers == sorted(numbers) and all(low <= number <= high for number in numbers)


def _offset(match: re.Match[str]) -> tuple[str, Offset]:
    return match[1], Offset(int(match[2]), f"{match[3]}s")  # type: ignore[arg-type]


def _listen(value: str) -> tuple[str, int]:
    """A Unix socket, or an address of this machine and a port; names are not looked up."""
    if value.startswith(UNIX) and value.isprintable() and len(UNIX) < len(value.encode()) <= _LONGEST_SOCKET:
        return value, 0
    host, colon, port = value.rpartition(":")
    try:
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        at = ipaddress.ip_address(bare)
        if colon and (at.version == 6) == (bare != host) and port.isascii() and port.isdecimal() and int(port) < 65536:
            return bare, int(port)
    except ValueError:
        pass
    raise refuse(Message("not an address to listen at: {value!r}", value=value), *LISTENS)


def _machine(value: str) -> str:
    try:
        machine = ipaddress.ip_address(value)
    except ValueError:
        machine = None
    if machine is None or machine.is_unspecified or machine.is_multicast:
        raise refuse(Message("not the address of a machine: {value!r}", value=value), "127.0.0.1", "::1")
    return str(machine)


At = Annotated[
    tuple[str, Offset],
    scalar(matching(_AT, _offset, Message("not an offset: {value!r}"), *OFFSETS), Message("an offset")),
    schema(pattern=f"^{_AT}$", examples=list(OFFSETS)),
]
Cron = Annotated[str, scalar(_cron, Message("a cron line")), schema()]


class StepModel(Model):
    """One step of a policy, by its name."""

    at: At = required("When: `due -5 workdays`, `open +0 hours`. Days mean the opening hour of that day.")
    kind: StepKind = required("Reminders go before due, the other kinds after it.")
    to: tuple[Slug, ...] = required("`liaison` and `lead` of the department, or roles of the county.", min_length=1)
    repeat: Read[Repeat] | None = optional("Again until it is mended.")
    when: Read[When] | None = optional("Only on these conditions.")
    template: Slug | Literal[""] = optional("A template of this name instead of the kind's own.", "")
    colour: Literal["", "blue", "orange", "red"] = optional("Of a slip (督办单).", "")
    within: Workdays = optional("Of a slip: within which time of its receipt it is to be done.", SETTLE_WITHIN)
    signed_by: Slug | Literal[""] = optional("Of a slip: the county's role that signs it; left out, none is named.", "")
    channels: tuple[Slug, ...] = optional("`mail`, or names of the schedule's `channels`.", ("mail",), min_length=1)


def _steps(models: dict[str, StepModel]) -> tuple[Step, ...]:
    values = ((name, dict(model)) for name, model in models.items())
    return tuple(Step(name, *value.pop("at"), **value) for name, value in values)


class ObjectionsModel(Model):
    """How long departments may object."""

    window: Workdays = optional("From the notice, or the circular's draft, whose day is not counted.", OBJECTION_WINDOW)


def _window(objections: ObjectionsModel) -> Span:
    return objections.window


FORMS.update({
    "jobs": dict[Literal["crawl", "tick", "deliver", "overdue-report", "week", "circular", "tidy"], Cron],
    "policies": Annotated[Named[Policy], Field(min_length=1)],
    "steps": Annotated[dict[Slug, StepModel], AfterValidator(_steps)],
    "lights": dict[Literal["green", "blue", "yellow", "red", "grey"], Text],
    "objections": Annotated[ObjectionsModel, AfterValidator(_window)],
    "base": Annotated[Url, AfterValidator(lambda url: url if url.endswith("/") else f"{url}/")],
    "address": Url,
    "listen": Annotated[
        tuple[str, int],
        scalar(_listen, Message("an address to listen at")),
        schema(pattern=r"^(unix:.+|\S+:\d{1,5}|\$\{.*)$", examples=list(LISTENS)),
    ],
    "machines": tuple[Annotated[str, scalar(_machine, Message("the address of a machine")), schema()], ...],
})  # fmt: skip

#: The model of the whole file, and the places of its secrets.
SCHEDULE = model_of(Schedule)
SECRET_PLACES = tuple(secret_places(SCHEDULE))
