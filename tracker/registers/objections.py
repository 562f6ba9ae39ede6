"""Objections (申诉): a department files one within its window, somebody else decides it with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from tracker.core.escalation.notice_kinds import LIABLE_KINDS
from tracker.core.law.counting import day_end, moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Span
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Ruling
from tracker.core.values.rulings import subject_of
from tracker.core.values.verdicts import Status
from tracker.registers.checks import begin_act, find_obligation, same_person
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.rulings import (
    REVOKE,
    check_seen,
    describe,
    find_subject,
    is_same,
    standing_rulings,
    unchanged,
    write_ruling,
)
from tracker.store.engine import Tx
from tracker.store.notices import list_notices
from tracker.store.occurrences import OccurrenceRow

#: What a department is held to have missed.
_HELD = (Status.OVERDUE, Status.INCOMPLETE, Status.MET_LATE)


def file_objection(
    tx: Tx,
    rulebook: Rulebook,
    calendar: Calendar,
    ruling: Ruling,
    *,
    window: Span,
    begun: date | None = None,
    seen: int | None = None,
) -> Registered[Ruling]:
    """Object to an overdue occurrence or to a circular's line. `reason`: the grounds; `target`: what supports them.

    `begun`: the day of a circular's draft; for an occurrence the day of its first overdue notice is looked up, and
    before there is one the window stands open.
    """
    county, subject = rulebook.county, ruling.occurrence
    begin_act(tx, county.id, ruling.recorded_at, by=ruling.by, reason=ruling.reason, proof=ruling.target)
    try:
        about = subject_of(subject)
    except ValueError as error:
        raise RegisterError(str(error)) from None
    obligation = find_obligation(tx, rulebook, about.occurrence)
    if about.circular and begun is None:
        raise RegisterError(
            f"a circular's line is objected to by its number: duban circular object {about.circular} LINE"
        )
    if not about.circular:
        if obligation.row.status not in _HELD:
            raise RegisterError(f"{subject} is {obligation.row.status.value}: nothing is held against the department")
        begun = _noticed_on(tx, obligation.row, county.zone)
    before = _find_open(standing_rulings(tx, county.id, subject), begun, county.zone)
    if before is not None:
        if is_same(ruling, before):
            return Registered(before, False, f"objection {before.id} says so already, nothing changed")
        raise RegisterError(f"{describe(before)}: one objection at a time; to change it, revoke that first")
    check_seen(tx, county.id, subject, seen)
    last = calendar.add_workdays(begun, window.amount) if begun is not None else None  # the day itself is not counted
    if last is not None and ruling.recorded_at >= day_end(last, county.zone):
        raise RegisterError(
            f"told on {begun}: objections are heard for {window.amount} working days, until {last} "
            "(schedule.yaml, objections)"
        )
    ruling = write_ruling(tx, county.id, ruling, obligation.verdict, seen=seen)
    return Registered(ruling, True, f"objection {ruling.id} is filed; somebody else decides it (duban object decide)")


def answer_objection(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
    """Answer an objection. Upheld, it is not held against the department; what else follows is decided beside it."""
    county, number = rulebook.county.id, ruling.target.removeprefix("ruling:")
    objection = find_subject(tx, county, ruling)
    if objection is None or objection.kind != "object":
        raise RegisterError(f"no objection {number} (duban object list)")
    if same_person(objection.by, ruling.by):
        raise RegisterError(f"{ruling.by} filed it: somebody else must decide")
    standing = standing_rulings(tx, county, objection.occurrence)
    if objection not in standing:
        raise RegisterError(f"objection {number} was withdrawn")
    ruling = replace(ruling, occurrence=objection.occurrence, asked_by=objection.by)
    answers = [each for each in standing if each.kind in ("uphold", "dismiss") and each.target == ruling.target]
    if answers:
        last = answers[-1]
        if is_same(ruling, last):
            return unchanged(last)
        raise RegisterError(f"{describe(last)}: to decide otherwise, take that back ({REVOKE} {last.id})")
    before = {"id": objection.id, "by": objection.by, "reason": objection.reason}
    ruling = write_ruling(tx, county, ruling, before, seen=seen)
    word = "upheld" if ruling.kind == "uphold" else "dismissed"
    return Registered(ruling, True, f"objection {number} against {objection.occurrence} is {word}")


def _find_open(standing: list[Ruling], begun: date | None, zone: ZoneInfo) -> Ruling | None:
    """The objection that stands in the way of another: undecided, or about what was told last."""
    objections = [ruling for ruling in standing if ruling.kind == "object"]
    if not objections:
        return None
    last = objections[-1]
    is_decided = any(ruling.target == f"ruling:{last.id}" for ruling in standing)
    return last if not is_decided or begun is None or moment_day(last.recorded_at, zone) >= begun else None


def _noticed_on(tx: Tx, row: OccurrenceRow, zone: ZoneInfo) -> date | None:
    """The day on which the department was first told of it as it stands now."""
    decided = [
        notice["decided_at"]
        for notice in list_notices(tx, row.county, row.key)
        if notice["kind"] in LIABLE_KINDS
        and notice["state"] in ("claimed", "sent")
        and (notice["due_revision"], notice["episode"]) == (row.due_revision, row.episode)
    ]
    return moment_day(min(decided), zone) if decided else None
