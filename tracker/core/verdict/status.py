"""Decides the status of occurrences from their cells, filings, visits and `now`.

A cell is one part of a duty at one place where it must be published. "Not found" and "could not look" are never the
same: a department is liable only for publications that a complete visit that began after the deadline did not find.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from tracker.core.law.binding import explain_not_binding
from tracker.core.law.counting import day_end, day_start, moment_day
from tracker.core.law.county import County
from tracker.core.law.duties import Assignment, Duty
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.successions import PriorState, Wait
from tracker.core.law.workdays import Calendar
from tracker.core.matching.candidates import find_likely_entries
from tracker.core.matching.case_context import CaseContext, build_context
from tracker.core.matching.cell_evidence import CellEvidence
from tracker.core.matching.declarations import find_filed_events
from tracker.core.matching.weighing import weigh_evidence
from tracker.core.values.facts import Facts, Ruling, Visit
from tracker.core.values.verdicts import CellVerdict, Finding, Light, Status, Verdict
from tracker.core.verdict import status_text as text
from tracker.core.verdict.cells import cell_verdict
from tracker.core.verdict.closing import find_replaced, find_waits, upkeep_not_owed_reason
from tracker.core.verdict.liability_start import LiabilityStart, find_held_from, find_liability_start

#: Statuses that a department can object to.
_OBJECTIONABLE = (Status.OVERDUE, Status.INCOMPLETE, Status.UNVERIFIABLE, Status.MET_LATE)


def judge(
    duty: Duty,
    assignment: Assignment,
    occurrences: Sequence[Occurrence],
    facts: Facts,
    county: County,
    calendar: Calendar,
    now: datetime,
    *,
    due_soon_at: Mapping[str, datetime | None] = {},
    prior_states: Mapping[str, PriorState] = {},
    only: Collection[str] | None = None,
) -> dict[str, Verdict]:
    """Return the verdict on every occurrence of one duty for one department, or on those in `only`, by key.

    All occurrences are judged together: an entry proves one period, and the occurrence of an event takes the place of
    the regular period that holds the event's day. Where deadlines depend on each other (`Every.upkeep`, `after`),
    `only` must name all of them.
    `due_soon_at`: the instant of the policy's first reminder, by key. `prior_states`: by duty ID, the states of the
    duties that deadlines here follow (`after`); a deadline whose prior duty is not among them has begun.
    """
    context = build_context(duty, assignment, facts, county, calendar, now)
    verdicts: dict[str, Verdict] = {}
    possibly_owed: list[Occurrence] = []  # all but those that are never owed
    # Deadlines that follow others (`after`) are judged after them. Occurrences that are never owed take no entries.
    # Upkeep comes last in its group: a page has to be kept current only once it was published.
    for follows in (False, True):
        group = [occurrence for occurrence in occurrences if (occurrence.deadline.after is not None) is follows]
        if not group:
            continue
        wait_by_key = find_waits(context, group, possibly_owed, prior_states, verdicts, now)
        possibly_owed += [
            occurrence
            for occurrence in group
            if not (occurrence.key in wait_by_key and wait_by_key[occurrence.key].never)
        ]
        evidence_by_key = weigh_evidence(context, possibly_owed, only)
        replaced = find_replaced(context, possibly_owed)
        for occurrence in sorted(group, key=lambda occurrence: occurrence.upkeep):
            if only is not None and occurrence.key not in only:
                continue
            evidence, wait = evidence_by_key.get(occurrence.key, ()), wait_by_key.get(occurrence.key)
            closed_reason = wait.reason if wait is not None and wait.never else replaced.get(occurrence.key, "")
            closed_reason = closed_reason or upkeep_not_owed_reason(context, occurrence, occurrences, verdicts)
            verdicts[occurrence.key] = _decide(
                _StatusCase(context, occurrence, evidence, now, due_soon_at.get(occurrence.key), closed_reason, wait)
            )
    return {occurrence.key: verdicts[occurrence.key] for occurrence in occurrences if occurrence.key in verdicts}


@dataclass(frozen=True)
class _StatusCase:
    """One occurrence with everything that its status is decided from.

    `closed_reason`: why it is closed (Chinese), or "". `wait`: the prior duty it waits for.
    """

    context: CaseContext
    occurrence: Occurrence
    evidence: tuple[CellEvidence, ...]
    now: datetime
    due_soon_at: datetime | None
    closed_reason: str
    wait: Wait | None = None

    @property
    def past_due(self) -> bool:
        due_at = self.occurrence.due_at
        return due_at is not None and self.now >= due_at

    @cached_property
    def release(self) -> Ruling | None:
        """The ruling that it is not owed: the one on the whole, or the last one if every part has one."""
        filings, key = self.context.filings, self.occurrence.key
        parts = [filings.find_release(key, part) for part in self.occurrence.parts]
        return filings.find_release(key) or (parts[-1] if parts and all(parts) else None)

    @cached_property
    def liability_start(self) -> LiabilityStart | None:
        return find_liability_start(self.occurrence, self.context.filings, self.context.county, self.now)

    @cached_property
    def liable_from(self) -> datetime | None:
        """The instant from which it is escalated, if later than the due instant."""
        start, due_at = self.liability_start, self.occurrence.due_at
        return start.at if start is not None and due_at is not None and start.at > due_at else None

    @cached_property
    def held_from(self) -> datetime | None:
        """The instant from which days late count, if later than the due instant."""
        return find_held_from(self.occurrence, self.context.filings, self.context.county, self.now)

    @cached_property
    def not_binding_reason(self) -> str:
        """Why it is only shown, in Chinese; "" where it binds."""
        return explain_not_binding(self.occurrence, self.context.duty, self.context.county)

    @cached_property
    def objection(self) -> tuple[Ruling, Ruling | None] | None:
        """The department's latest objection and the ruling that answered it, if there is one yet."""
        return self.context.filings.find_objection(self.occurrence.key)


def _decide(case: _StatusCase) -> Verdict:
    """Return the verdict by the table in docs/judgement.md ("From a cell to the status"): first why nothing is owed,
    then the state of the cells."""
    occurrence, context = case.occurrence, case.context
    findings = tuple(finding for evidence in case.evidence for finding in evidence.findings)
    owed = [
        evidence
        for evidence in case.evidence
        if context.filings.find_release(occurrence.key, evidence.cell.part) is None
    ]
    owed = [evidence for evidence in owed if not (case.past_due and evidence.is_of_silent_period)]
    judged = [cell_verdict(context, occurrence, evidence, case.now) for evidence in owed]
    cells = tuple(cell for cell, _ in judged)
    is_proved = all(cell.state == "proved" for cell in cells)
    proved_at = max((cell.at for cell in cells if cell.at is not None), default=None) if is_proved else None

    if (release := case.release) is not None:
        status = Status.WAIVED if release.kind == "waive" else Status.NOT_APPLICABLE
        reason = text.released(release)
    elif closed_reason := (
        case.closed_reason
        or ("" if owed or not case.evidence else text.no_kind_published())
        or _ended_reason(case, proved_at)
    ):
        status, reason, proved_at = Status.CLOSED, closed_reason, None
        findings = tuple(_void_zero_report(finding, closed_reason) for finding in findings)
    elif proved_at is None and (duty_release := context.filings.find_general_release(occurrence.key)) is not None:
        # A release of the whole duty, weaker than one of this occurrence: what is proved stays proved.
        status, reason = Status.NOT_APPLICABLE, text.released(duty_release)
    elif occurrence.awaiting:
        return _judge_awaiting(case)
    else:
        status, reason = _status_of_cells(case, cells, proved_at)

    if not status.ended and any(evidence.zero_report_void for evidence in owed):
        reason += text.void_zero_report()
    if not status.ended and not status.met and case.liability_start is not None:
        reason += f"；{case.liability_start.reason}"
    if status in _OBJECTIONABLE and case.objection is not None:
        reason += text.objected(*case.objection)

    # Fresh visits matter only where the department is liable.
    judged_if_late = judged if status.late else []
    # The last complete visit to each missing cell, None where there was none.
    visits = [visit for cell, visit in judged_if_late if cell.state == "missing" and not cell.filed_only]
    visited_at = min((visit.began_at for visit in visits if visit), default=None) if all(visits) else None
    fresh = _is_fresh(case, visits, visited_at)
    return _build_verdict(case, status, reason, cells, findings, proved_at, fresh=fresh, visited_at=visited_at)


def _ended_reason(case: _StatusCase, proved_at: datetime | None) -> str:
    """Return by which fact it is not owed any longer, unless it was proved before (or on the same day); else ""."""
    ending = case.occurrence.ending
    if ending is None or case.now < ending.at or (proved_at is not None and proved_at <= ending.at):
        return ""
    return text.ended(case.context, case.occurrence, ending)


def _status_of_cells(case: _StatusCase, cells: Sequence[CellVerdict], proved_at: datetime | None) -> tuple[Status, str]:
    """Return the status and its reason of an occurrence that is owed. `proved_at`: None while a cell is unproved."""
    occurrence, context = case.occurrence, case.context
    missing = [cell for cell in cells if cell.state == "missing"]
    if proved_at is not None and occurrence.due_at is not None and proved_at >= occurrence.due_at:
        return Status.MET_LATE, text.met_late(context, occurrence, proved_at, cells, case.held_from)
    if proved_at is not None and any(cell.disputed for cell in cells):
        return Status.MET_DISPUTED, text.disputed(context, occurrence, cells)
    if proved_at is not None:
        return Status.MET, text.met(context, occurrence, proved_at, cells)
    if (standing := occurrence.standing_at(case.now)) is not None:
        return Status.PAUSED, text.paused(context, occurrence, standing)
    if case.wait is not None and not case.past_due:
        return Status.UPCOMING, case.wait.reason
    if not case.past_due:
        status = _running_status(case)
        return status, text.running(context, occurrence, status, cells)
    if not missing:
        return Status.UNVERIFIABLE, text.unverifiable(context, occurrence, cells)
    if len(missing) == len(cells) and not any(cell.published for cell in cells):
        return Status.OVERDUE, text.overdue(context, occurrence, cells)
    return Status.INCOMPLETE, text.incomplete(context, occurrence, cells)


def _void_zero_report(finding: Finding, closed_reason: str) -> Finding:
    """Return the finding of a zero report as void once its period is closed by an event; other findings unchanged."""
    if not finding.about.startswith("zero-report:") or not finding.counts:
        return finding
    return replace(finding, counts=False, returned=True, reason=f"{closed_reason}，零报告失效")


def _running_status(case: _StatusCase) -> Status:
    opens_on = case.occurrence.opens_on
    if opens_on is not None and case.now < day_start(opens_on, case.context.county.zone):
        return Status.UPCOMING
    soon = case.due_soon_at is not None and case.now >= case.due_soon_at
    return Status.DUE_SOON if soon else Status.OPEN


def _judge_awaiting(case: _StatusCase) -> Verdict:
    """Return the verdict while the event is not recorded: upcoming, and clock-unknown once its expected day has
    passed. Then the record of the event is escalated, not the publication."""
    occurrence, context = case.occurrence, case.context
    expected = occurrence.expected
    if case.wait is not None:
        return _build_verdict(case, Status.UPCOMING, case.wait.reason)
    filed = tuple(find_filed_events(context, occurrence, text.event_title(occurrence)))
    if expected is None or case.now < day_end(expected, context.county.zone):
        return _build_verdict(case, Status.UPCOMING, text.awaiting(context, occurrence), findings=filed)
    # Entries that match the duty: they suggest that the event has happened, unrecorded.
    likely_entries = [
        entry
        for cell in context.assignment.cells
        if cell.part in occurrence.parts
        for entry in find_likely_entries(context, cell)
    ]
    reason = text.clock_unknown(context, occurrence, likely_entries, filed)
    return _build_verdict(case, Status.CLOCK_UNKNOWN, reason, findings=filed)


def _is_fresh(case: _StatusCase, visits: Sequence[Visit | None], visited_at: datetime | None) -> bool:
    """Return whether every missing cell was visited since the previous working day began."""
    if not visits:
        return True
    today = moment_day(case.now, case.context.county.zone)
    since = day_start(case.context.calendar.add_workdays(today, -1), case.context.county.zone)
    return visited_at is not None and visited_at >= since


def _build_verdict(
    case: _StatusCase,
    status: Status,
    reason: str,
    cells: tuple[CellVerdict, ...] = (),
    findings: tuple[Finding, ...] = (),
    proved_at: datetime | None = None,
    *,
    fresh: bool = True,
    visited_at: datetime | None = None,
) -> Verdict:
    occurrence, start = case.occurrence, case.liability_start
    incomplete = not status.ended and _is_partly_published(cells)
    objection = _objection_state(case) if status in _OBJECTIONABLE else ""
    mild = occurrence.is_mild_at(case.now) or objection == "upheld"
    if not status.ended and case.not_binding_reason:
        reason += f"；{case.not_binding_reason}"
    if occurrence.is_mild_at(case.now):
        reason += f"（{'参照时限' if occurrence.is_weak_at(case.now) else '暂定时限'}）"
    return Verdict(
        occurrence=occurrence.key,
        status=status,
        light=_light_of(status, incomplete, mild=mild, binding=not case.not_binding_reason),
        reason=reason,
        cells=cells,
        findings=findings,
        proved_at=proved_at,
        incomplete=incomplete,
        fresh=fresh,
        visited_at=visited_at,
        next_at=_next_at(case, status),
        stale_at=_stale_at(case, visited_at) if fresh and visited_at is not None else None,
        not_binding_reason=case.not_binding_reason,
        liable_from=case.liable_from,
        held_from=case.held_from,
        liability_reason=start.reason if start else "",
        objection=objection,
    )


def _objection_state(case: _StatusCase) -> Literal["", "pending", "upheld", "dismissed"]:
    if case.objection is None:
        return ""
    _, decided = case.objection
    return "pending" if decided is None else "upheld" if decided.kind == "uphold" else "dismissed"


def _is_partly_published(cells: Sequence[CellVerdict]) -> bool:
    """Return whether a part was published and another part is not proved."""
    unproved = [cell for cell in cells if cell.state != "proved"]
    return bool(unproved) and (len(unproved) < len(cells) or any(cell.published for cell in unproved))


def _light_of(status: Status, incomplete: bool, *, mild: bool, binding: bool) -> Light:
    light = status.light
    half_done = incomplete and status.running
    if half_done or (mild and light is Light.RED):
        light = Light.YELLOW
    return Light.GREY if not binding and light in (Light.YELLOW, Light.RED) else light  # nobody is liable


def _stale_at(case: _StatusCase, visited_at: datetime) -> datetime:
    """Return when a visit is no longer fresh: the end of the working day after it."""
    zone = case.context.county.zone
    return day_end(case.context.calendar.add_workdays(moment_day(visited_at, zone), 1), zone)


def _next_at(case: _StatusCase, status: Status) -> datetime | None:
    """Return the next instant at which time alone may change the verdict: it opens, is due soon, falls due, its
    event's expected day ends, it is late by either reading of a day off, its clock stops or goes on, its ending holds,
    a wait or an exemption ends, or the county goes live."""
    occurrence, zone = case.occurrence, case.context.county.zone
    instants: list[datetime | None] = []
    if status.coming:
        instants = [case.due_soon_at, occurrence.due_at]
        if occurrence.opens_on is not None:
            instants.append(day_start(occurrence.opens_on, zone))
        if occurrence.expected is not None:
            instants.append(day_end(occurrence.expected, zone))
        instants += [at for stretch in occurrence.stood for at in (stretch.begins_at, stretch.ends_at)]
    if not status.ended and occurrence.ending is not None:
        instants.append(occurrence.ending.at)
    instants.append(occurrence.late_anyway_at)
    instants += case.wait.until if case.wait is not None else ()
    instants += case.context.filings.release_ends(occurrence.key)
    if case.context.county.golive is not None:
        instants.append(case.context.county.golive.at)
    return min((instant for instant in instants if instant is not None and instant > case.now), default=None)
