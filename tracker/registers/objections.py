"""Records objections (异议): a department files one within its window, another person decides it with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracker.core.escalation.notice_kinds import LIABLE_KINDS
from tracker.core.escalation.notices import SHADOW
from tracker.core.law.counting import day_end, moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Span
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Ruling
from tracker.core.values.message import ListedWord, Message
from tracker.core.values.rulings import subject_of
from tracker.core.values.verdicts import Status
from tracker.registers.checks import begin_act, find_obligation, is_same_person
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.rulings import (
    answer_repeat,
    build_revocation_error,
    check_seen,
    describe_ruling,
    find_target_ruling,
    list_standing_rulings,
    says_same,
    write_ruling,
)
from tracker.store.engine import Tx
from tracker.store.occurrences import OccurrenceRow
from tracker.store.sent import list_notices_about

#: Statuses to which a department may object.
_OBJECTIONABLE = (Status.OVERDUE, Status.INCOMPLETE, Status.MET_LATE)


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
    """Record an objection to an overdue occurrence or to a circular's line. `reason`: the grounds; `target`: the proof.

    `begun`: the day of the circular's draft, from which the window runs. For an occurrence it runs from the first
    overdue notice; before there is one, the window is open.
    """
    county, subject = rulebook.county, ruling.occurrence
    begin_act(tx, county.id, ruling.recorded_at, by=ruling.by, reason=ruling.reason, proof=ruling.target)
    try:
        parsed = subject_of(subject)
    except ValueError as error:
        raise RegisterError(str(error)) from None
    obligation = find_obligation(tx, rulebook, parsed.occurrence)
    if parsed.circular and begun is None:
        raise RegisterError(
            "a circular's line is objected to by its number (duban circular object {circular} LINE)",
            circular=parsed.circular,
        )
    if not parsed.circular:
        if obligation.row.status not in _OBJECTIONABLE:
            raise RegisterError(
                "{subject} is {status}: nothing is held against the department",
                subject=subject,
                status=ListedWord("status", obligation.row.status.value),
            )
        begun = _find_notice_day(tx, obligation.row, county.zone)
    open_objection = _find_blocking_objection(list_standing_rulings(tx, county.id, subject), begun, county.zone)
    if open_objection is not None:
        if says_same(ruling, open_objection):
            return Registered(
                open_objection, False, Message("objection {id} says so already, nothing changed", id=open_objection.id)
            )
        raise RegisterError(
            "{ruling}: one objection at a time; to change it, revoke that first", ruling=describe_ruling(open_objection)
        )
    check_seen(tx, county.id, subject, seen)
    last = _find_last_day(calendar, begun, window)
    if last is not None and ruling.recorded_at >= day_end(last, county.zone):
        raise RegisterError(
            "told on {begun}: objections are heard for {amount} working days, until {last} (schedule.yaml, objections)",
            begun=begun,
            amount=window.amount,
            last=last,
        )
    ruling = write_ruling(tx, county.id, ruling, obligation.verdict, seen=seen)
    return Registered(
        ruling, True, Message("objection {id} is filed; somebody else decides it (duban object decide)", id=ruling.id)
    )


def may_object(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, row: OccurrenceRow, now: datetime, *, window: Span
) -> bool:
    """Whether `file_objection` takes an objection to the occurrence at `now`."""
    zone = rulebook.county.zone
    if row.closed or row.status not in _OBJECTIONABLE:
        return False
    begun = _find_notice_day(tx, row, zone)
    if _find_blocking_objection(list_standing_rulings(tx, rulebook.county.id, row.key), begun, zone) is not None:
        return False
    last = _find_last_day(calendar, begun, window)
    return last is None or now < day_end(last, zone)


def _find_last_day(calendar: Calendar, begun: date | None, window: Span) -> date | None:
    """The last day on which an objection is heard, not counting `begun`; None while the window is open."""
    return calendar.add_workdays(begun, window.amount) if begun is not None else None


def answer_objection(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
    """Uphold or dismiss an objection. Upheld, the lateness does not count; a postponement is a ruling of its own."""
    county, number = rulebook.county.id, ruling.target.removeprefix("ruling:")
    objection = find_target_ruling(tx, county, ruling)
    if objection is None or objection.kind != "object":
        raise RegisterError("no objection {number} (duban object list)", number=number)
    if is_same_person(objection.by, ruling.by):
        raise RegisterError("{by} filed it: somebody else must decide", by=ruling.by)
    standing = list_standing_rulings(tx, county, objection.occurrence)
    if objection not in standing:
        raise RegisterError("objection {number} was withdrawn", number=number)
    ruling = replace(ruling, occurrence=objection.occurrence, asked_by=objection.by)
    answers = [past for past in standing if past.kind in ("uphold", "dismiss") and past.target == ruling.target]
    last = answers[-1] if answers else None
    if (repeat := answer_repeat(ruling, last)) is not None:
        return repeat
    if last is not None:
        raise build_revocation_error(last)
    before = {"id": objection.id, "by": objection.by, "reason": objection.reason}
    ruling = write_ruling(tx, county, ruling, before, seen=seen)
    said = Message(
        "objection {number} against {key} is upheld"
        if ruling.kind == "uphold"
        else "objection {number} against {key} is dismissed",
        number=number,
        key=objection.occurrence,
    )
    return Registered(ruling, True, said)


def _find_blocking_objection(standing: list[Ruling], begun: date | None, zone: ZoneInfo) -> Ruling | None:
    """The last objection where it is undecided or was filed since `begun`: it excludes another one."""
    objections = [ruling for ruling in standing if ruling.kind == "object"]
    if not objections:
        return None
    last = objections[-1]
    is_decided = any(ruling.target == f"ruling:{last.id}" for ruling in standing)
    return last if not is_decided or begun is None or moment_day(last.recorded_at, zone) >= begun else None


def _find_notice_day(tx: Tx, row: OccurrenceRow, zone: ZoneInfo) -> date | None:
    """The day on which the first notice of the occurrence's current deadline and episode was sent.

    What the county office got on trial counts for nobody.
    """
    instants = [
        notice["sent_at"]
        for notice in list_notices_about(tx, row.county, row.key)
        if notice["kind"] in LIABLE_KINDS
        and notice["sent_at"] is not None
        and notice["role"] != SHADOW
        and (notice["due_revision"], notice["episode"]) == (row.due_revision, row.episode)
    ]
    return moment_day(min(instants), zone) if instants else None
