"""What people enter, as the registers take it: with the names of a command's options, and what most tests leave out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tracker.core.escalation.notices import Acknowledgement, Silence
from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Span
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event, Filing, Moment, Ruling
from tracker.registers.decisions import record_ruling
from tracker.registers.errors import Registered
from tracker.registers.events import record_event
from tracker.registers.filings import record_filing
from tracker.registers.objections import file_objection
from tracker.store.engine import Tx

ZONE = ZoneInfo("Asia/Shanghai")


def new_event(
    *,
    name: str,
    department: str,
    occurred: Moment,
    now: datetime,
    by: str = "王敏",
    reference: str | None = None,
    duty: str | None = None,
    fields: Mapping[str, str] | None = None,
) -> Event:
    """An event; without a reference its day is one."""
    is_naive = isinstance(occurred, datetime) and occurred.tzinfo is None
    day = "" if is_naive else moment_day(occurred, ZONE).isoformat()
    return Event(0, name, department, day if reference is None else reference, occurred, now, duty, fields or {}, by)


def new_filing(kind: Any, *, occurrence: str, now: datetime, by: str = "王敏", **more: Any) -> Filing:
    return Filing(0, kind, occurrence, now, by, **more)


def new_ruling(
    kind: Any,
    *,
    now: datetime,
    by: str = "李主任",
    reason: str = "经核实",
    occurrence: str = "",
    number: int | None = None,
    to: date | None = None,
    asked_by: str | None = None,
    **more: Any,
) -> Ruling:
    """`number`: of the ruling that this one answers or revokes; `to`: the day that a postponement leads to."""
    if number is not None:
        more["target"] = f"ruling:{number}"
    if to is not None:
        more["until"] = to
    return Ruling(0, kind, occurrence, now, by, reason, asked_by=asked_by or "", **more)


def new_silence(*, until: datetime, by: str, reason: str, begins_at: datetime, **named: str) -> Silence:
    return Silence(0, begins_at, until, reason, by, **named)


def new_answer(*, now: datetime, quiet_until: datetime, **more: Any) -> Acknowledgement:
    return Acknowledgement(0, recorded_at=now, quiet_until=quiet_until, **more)


# -- the same entered in one call, for tests that hand on whatever they drew ----------------------


def do_decide(tx: Tx, rulebook: Rulebook, *, kind: Any, seen: int | None = None, **given: Any) -> Registered[Ruling]:
    return record_ruling(tx, rulebook, new_ruling(kind, **given), seen=seen)


def do_object(
    tx: Tx, rulebook: Rulebook, *, calendar: Calendar, window: Span, begun: date | None = None, **given: Any
) -> Registered[Ruling]:
    return file_objection(tx, rulebook, calendar, new_ruling("object", **given), window=window, begun=begun)


def do_record(
    tx: Tx, rulebook: Rulebook, *, correct: bool = False, reason: str = "", **given: Any
) -> Registered[Event]:
    return record_event(tx, rulebook, new_event(**given), correct=correct, reason=reason)


def do_file(tx: Tx, rulebook: Rulebook, *, kind: Any, reason: str = "", **given: Any) -> Registered[Filing]:
    """`reason` is left aside: who files gives none."""
    return record_filing(tx, rulebook, new_filing(kind, **given))
