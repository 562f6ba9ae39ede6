"""Defines a county whose rules make clocks of the moves of requests, under both Regulations, and enters moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.shipped_acts import ACTS
from tracker.core.law.assumed_rules import CLOCK_RULES, AssumedRule
from tracker.core.law.county import County, Department, Rulebook
from tracker.core.law.duties import Assignment, Cell, Duty, EventRule, Part, Source, Span, Stop, Within
from tracker.core.requests.values import Move, MoveKind, Request
from tracker.core.values.facts import EventKey
from tracker.registers.errors import Registered
from tracker.registers.request_view import load_request_view
from tracker.registers.requests import enter_move, load_request, receive
from tracker.rulebook.calendars import load_calendar
from tracker.store.engine import Tx
from tracker.store.events import list_events

CALENDAR = load_calendar(Path(__file__).parents[2] / "rules" / "calendar")
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 1, 9, tzinfo=ZONE)

_NAMES = {
    "foi-received": "request.receive",
    "foi-answered": "request.answer",
    "correction-asked": "request.ask-correction",
    "corrected": "request.corrected",
    "third-party-asked": "request.consult.third-party",
    "third-party-answered": "request.opinion.third-party",
    "agency-asked": "request.consult.agency",
    "agency-answered": "request.opinion.agency",
    "foi-withdrawn": "request.withdraw",
    "complaint-received": "complaint.receive",
    "complaint-answered": "complaint.answer",
}
EVENTS = {name: EventRule(name, name, move=move) for name, move in _NAMES.items()}
_DEPARTMENTS = ("guotu", "huanbao")


def _stop(first: str, then: str, *, restarts: bool = False) -> Stop:
    return Stop(EVENTS[first], (EVENTS[then],), restarts)


def _duty(id: str, deadline: Within, record: str, since: date, until: date) -> Duty:
    cell = Cell("@record", "", (Source("@record", "record", record=record),))
    assignments = tuple(Assignment(name, (name,), (cell,)) for name in _DEPARTMENTS)
    return Duty("sample", "foi", id, id, "一", since, until, (Part("", id, (deadline,)),), assignments)


_RULES_OF_OURS = {name: AssumedRule(adopted=True) for name in CLOCK_RULES}
_THIRD_PARTY = _stop("third-party-asked", "third-party-answered")
_UNDER_2007 = Within(
    span=Span(15, "workdays"),
    extension=Span(15, "workdays"),
    event=EVENTS["foi-received"],
    stops=(_THIRD_PARTY,),
    clock_rules=_RULES_OF_OURS,
)
_UNDER_2019 = Within(
    span=Span(20, "workdays"),
    extension=Span(20, "workdays"),
    event=EVENTS["foi-received"],
    stops=(
        _stop("correction-asked", "corrected", restarts=True),
        _THIRD_PARTY,
        _stop("agency-asked", "agency-answered"),
    ),
    until=(EVENTS["foi-withdrawn"],),
    clock_rules=_RULES_OF_OURS,
)
_COMPLAINT = Within(span=Span(10, "workdays"), event=EVENTS["complaint-received"])
CHANGE = date(2019, 5, 15)

RULES = Rulebook(
    County(
        "sample",
        "样例县",
        date(2010, 1, 1),
        {name: Department(name, name) for name in (*_DEPARTMENTS, "bianban")},
        {},
        {},
    ),
    (
        _duty("answer-2007", _UNDER_2007, "foi-answered", date(2008, 5, 1), CHANGE - timedelta(days=1)),
        _duty("answer-2019", _UNDER_2019, "foi-answered", CHANGE, date(2099, 12, 31)),
        _duty("complaint", _COMPLAINT, "complaint-answered", date(2008, 5, 1), date(2099, 12, 31)),
    ),
    EVENTS,
    "d" * 64,
    acts=ACTS,
)

#: What a move needs to say, where a test does not care.
FIELDS: Mapping[MoveKind, Mapping[str, str]] = {
    MoveKind.ASK_CORRECTION: {"until": "2026-03-31"},
    MoveKind.ASSIGN: {"owner": "huanbao"},
    MoveKind.CONSULT: {"whom": "third-party"},
    MoveKind.OPINION: {"whom": "third-party", "result": "agree"},
    MoveKind.ASK_FEE: {"amount": "100"},
    MoveKind.ANNOUNCE_DELAY: {"until": "2026-06-01"},
    MoveKind.REVIEW: {"author": "赵起草", "result": "passed"},
    MoveKind.ANSWER: {"answer": "disclosed", "where": "随函附送"},
    MoveKind.ABANDON: {"why": "uncorrected"},
    MoveKind.APPEAL: {"remedy": "review"},
    MoveKind.APPEAL_RESULT: {"result": "upheld"},
}


def new_request(**changes: object) -> Request:
    """A request handed in on Monday 2 March 2026."""
    day = date(2026, 3, 2)
    given = {"kind": "request", "way": "in-person", "filed_on": day, "received": day, **changes}
    return Request(
        **{
            "id": 0, "county": "sample", "department": "guotu", "year": 0, "number": 0, "owner": "",
            "applicant_kind": "natural", "title": "征地补偿安置方案", **given,
        }
    )  # type: ignore[arg-type]  # fmt: skip


def received(tx: Tx, now: datetime = NOW, **changes: object) -> Request:
    """The request as it stands on record."""
    days = {name: changes.pop(name) for name in ("signed_on", "confirmed_on") if name in changes}
    return receive(tx, RULES, CALENDAR, new_request(**changes), by="王收", now=now, **days).value  # type: ignore[arg-type]


def moved(tx: Tx, request: Request, kind: str, on: str, **fields: str) -> Registered[Move]:
    """Enter a move of that day; `by` and `reason` are made up, and so are the fields that are not given."""
    move, day = MoveKind(kind), date.fromisoformat(on)
    now = max(NOW, datetime.combine(day, time(18), ZONE))
    by = fields.pop("by", "李办")
    defaults = {"told": on} if move is MoveKind.EXTEND else dict(FIELDS.get(move, {}))
    if "until" in defaults:  # a term ends after the day on which it is set
        defaults["until"] = max(defaults["until"], (day + timedelta(days=20)).isoformat())
    return enter_move(
        tx, RULES, CALENDAR, request, move, day, by=by, now=now, reason="按程序办理",
        fields={**defaults, **fields},
    )  # fmt: skip


def reread(tx: Tx, request: Request) -> Request:
    return load_request(tx, RULES, request.kind, request.reference)


def standing_events(tx: Tx) -> list[str]:
    """The events in force, each as `name department reference day`."""
    return sorted(
        f"{event.name} {event.department} {event.reference} {event.occurred}"
        for event in (stored.event for stored in list_events(tx, "sample"))
    )


REFERENCE = "2026-guotu-1"
KEY = EventKey("foi-received", "guotu", REFERENCE)


def due(tx: Tx, request: Request) -> date | None:
    """The day by which the request has to be answered."""
    view = load_request_view(tx, RULES, CALENDAR, request, NOW)
    return view.computed.due_on if view.computed is not None else None


def entered(tx: Tx, *steps: tuple[Any, ...], **changes: object) -> Request:
    """A request with these steps: kind, day, and the fields that matter."""
    request = received(tx, **changes)
    for kind, day, *fields in steps:
        moved(tx, request, kind, day, **(fields[0] if fields else {}))
    return reread(tx, request)
