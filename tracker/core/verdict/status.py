"""Decides the status of occurrences from their cells, filings, visits and `now`.

"Not found" and "could not look" are never the same: only what a complete visit begun when it was
late did lack may be held against a department.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from tracker.core.law.binding import not_binding
from tracker.core.law.counting import day_end, moment_day
from tracker.core.law.duties import Assignment, By, County, Duty, Every
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.successions import Opening, Wait, start_after, wait_of
from tracker.core.law.workdays import Calendar
from tracker.core.matching.candidates import day_start
from tracker.core.matching.cell_evidence import CaseContext, CellEvidence
from tracker.core.matching.weighing import context_of, likely, weigh
from tracker.core.values.facts import Facts, Ruling, Visit
from tracker.core.values.verdicts import CellVerdict, Finding, Light, Status, Verdict
from tracker.core.verdict import status_text as text
from tracker.core.verdict.cells import cell_verdict
from tracker.core.verdict.liability_start import LiabilityStart, held_from, liability_start

_LIGHTS = {
    Status.NOT_APPLICABLE: Light.GREY,
    Status.WAIVED: Light.GREY,
    Status.CLOSED: Light.GREY,
    Status.CLOCK_UNKNOWN: Light.GREY,
    Status.MET_DISPUTED: Light.YELLOW,
    Status.MET: Light.GREEN,
    Status.MET_LATE: Light.YELLOW,
    Status.UPCOMING: Light.NONE,
    Status.OPEN: Light.NONE,
    Status.DUE_SOON: Light.BLUE,
    Status.UNVERIFIABLE: Light.GREY,
    Status.OVERDUE: Light.RED,
    Status.INCOMPLETE: Light.RED,
}

#: Where a department's objection is about something.
_OBJECTED = (Status.OVERDUE, Status.INCOMPLETE, Status.UNVERIFIABLE, Status.MET_LATE)

#: Nothing is owed any longer.
_GIVEN_UP = (Status.NOT_APPLICABLE, Status.WAIVED, Status.CLOSED)


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
    openings: Mapping[str, Opening] = {},
    only: Collection[str] | None = None,
) -> dict[str, Verdict]:
    """The verdict on every occurrence of one duty for one department, or on `only` those, by key.

    All of them at once: an entry proves one period, and an event replaces the net it lies in. Where deadlines
    depend on each other (upkeep, `after`) all have to be judged.
    `due_soon_at`: the instant of the policy's first reminder, by key.
    `openings`: of the duties that deadlines here follow, by id; what follows one that is not among them has begun.
    """
    context = context_of(duty, assignment, facts, county, calendar, now)
    verdicts: dict[str, Verdict] = {}
    begun: list[Occurrence] = []
    # What follows the deadlines beside it comes after them. What is never owed takes no entry from what is.
    for follows in (False, True):
        group = [occurrence for occurrence in occurrences if (occurrence.deadline.after is not None) is follows]
        if not group:
            continue
        waits = _waits(context, group, begun, openings, verdicts, now)
        begun += [occurrence for occurrence in group if not (occurrence.key in waits and waits[occurrence.key].never)]
        weights = weigh(context, begun, only)
        replaced = _replaced_by_events(context, begun)
        for one in sorted(group, key=lambda occurrence: occurrence.upkeep):
            if only is not None and one.key not in only:
                continue
            evidences, wait = weights.get(one.key, ()), waits.get(one.key)
            closed = wait.reason if wait is not None and wait.never else replaced.get(one.key, "")
            closed = closed or _unmet(context, one, occurrences, verdicts)
            verdicts[one.key] = _decide(
                _StatusCase(context, one, evidences, now, due_soon_at.get(one.key), closed, wait)
            )
    return {occurrence.key: verdicts[occurrence.key] for occurrence in occurrences if occurrence.key in verdicts}


@dataclass(frozen=True, slots=True)
class _StatusCase:
    """One occurrence with all that its status is decided from."""

    context: CaseContext
    occurrence: Occurrence
    weights: tuple[CellEvidence, ...]
    now: datetime
    due_soon_at: datetime | None
    closed: str
    wait: Wait | None = None

    @property
    def past_due(self) -> bool:
        due_at = self.occurrence.due_at
        return due_at is not None and self.now >= due_at

    @property
    def release(self) -> Ruling | None:
        """The person's decision that it is not owed: of the whole, or of every part of it."""
        papers, key = self.context.papers, self.occurrence.key
        parts = [papers.release(key, part) for part in self.occurrence.parts]
        return papers.release(key) or (parts[-1] if parts and all(parts) else None)

    @property
    def liability_start(self) -> LiabilityStart | None:
        return liability_start(self.occurrence, self.context.papers, self.context.county, self.now)

    @property
    def since(self) -> datetime | None:
        """From when it is pressed, where that is later than due."""
        again, due_at = self.liability_start, self.occurrence.due_at
        return again.at if again is not None and due_at is not None and again.at > due_at else None

    @property
    def held_from(self) -> datetime | None:
        return held_from(self.occurrence, self.context.papers, self.context.county, self.now)

    @property
    def not_binding(self) -> str:
        return not_binding(self.occurrence, self.context.duty, self.context.county)

    @property
    def objection(self) -> tuple[Ruling, Ruling | None] | None:
        return self.context.papers.objection(self.occurrence.key)


def _decide(case: _StatusCase) -> Verdict:
    """The design's table, from top to bottom."""
    occurrence, context = case.occurrence, case.context
    findings = tuple(finding for weight in case.weights for finding in weight.findings)
    owed = [weight for weight in case.weights if context.papers.release(occurrence.key, weight.cell.part) is None]
    seen = [cell_verdict(context, occurrence, weight, case.now) for weight in owed]
    cells = tuple(cell for cell, _ in seen)
    unproved = [cell for cell in cells if cell.state != "proved"]
    missing = [cell for cell in unproved if cell.state == "missing"]
    proved_at = max((cell.at for cell in cells if cell.at is not None), default=None) if not unproved else None

    if (release := case.release) is not None:
        status = Status.WAIVED if release.kind == "waive" else Status.NOT_APPLICABLE
        reason = text.released(release)
    elif case.closed:
        status, reason, proved_at = Status.CLOSED, case.closed, None
        findings = tuple(_fallen(finding, case.closed) for finding in findings)
    elif proved_at is None and (general := context.papers.general(occurrence.key)) is not None:
        status, reason = Status.NOT_APPLICABLE, text.released(general)
    elif occurrence.awaiting:
        return _awaiting(case)
    elif proved_at is not None and occurrence.due_at is not None and proved_at >= occurrence.due_at:
        status, reason = Status.MET_LATE, text.met_late(context, occurrence, proved_at, cells, case.held_from)
    elif proved_at is not None and any(cell.disputed for cell in cells):
        status, reason = Status.MET_DISPUTED, text.disputed(context, occurrence, cells)
    elif proved_at is not None:
        status, reason = Status.MET, text.met(context, occurrence, proved_at, cells)
    elif not case.past_due:
        status = _running(case)
        reason = case.wait.reason if case.wait is not None else text.running(context, occurrence, status, cells)
    elif not missing:
        status, reason = Status.UNVERIFIABLE, text.unverifiable(context, occurrence, cells)
    elif len(missing) == len(cells) and not any(cell.published for cell in cells):
        status, reason = Status.OVERDUE, text.overdue(context, occurrence, cells)
    else:
        status, reason = Status.INCOMPLETE, text.incomplete(context, occurrence, cells)

    if status not in _GIVEN_UP and any(weight.fallen for weight in owed):
        reason += text.fallen()
    if status not in _GIVEN_UP and not status.met and case.liability_start is not None:
        reason += f"；{case.liability_start.why}"
    if status in _OBJECTED and case.objection is not None:
        reason += text.objected(*case.objection)

    # Sight matters only where something is held against the department.
    pressed = seen if status.late else []
    sights = [visit for cell, visit in pressed if cell.state == "missing" and not cell.filed_only]
    began = min((visit.began_at for visit in sights if visit), default=None) if all(sights) else None
    return _verdict(case, status, reason, cells, findings, proved_at, fresh=_fresh(case, sights, began), sight=began)


def _fallen(finding: Finding, closed: str) -> Finding:
    """A zero report says that nothing arose: it falls with the event that its period is judged by."""
    if not finding.about.startswith("zero-report:") or not finding.counts:
        return finding
    return replace(finding, counts=False, returned=True, reason=f"{closed}，零报告失效")


def _running(case: _StatusCase) -> Status:
    opens_on = case.occurrence.opens_on
    if case.wait is not None:
        return Status.UPCOMING
    if opens_on is not None and case.now < day_start(opens_on, case.context.county.zone):
        return Status.UPCOMING
    soon = case.due_soon_at is not None and case.now >= case.due_soon_at
    return Status.DUE_SOON if soon else Status.OPEN


def _awaiting(case: _StatusCase) -> Verdict:
    """No clock runs. Once the event's own day has passed, its record is chased, never the publication."""
    occurrence, context = case.occurrence, case.context
    expected = occurrence.expected
    if case.wait is not None:
        return _verdict(case, Status.UPCOMING, case.wait.reason)
    if expected is None or case.now < day_end(expected, context.county.zone):
        return _verdict(case, Status.UPCOMING, text.awaiting(context, occurrence))
    seen = [
        entry for cell in context.assignment.cells if cell.part in occurrence.parts for entry in likely(context, cell)
    ]
    return _verdict(case, Status.CLOCK_UNKNOWN, text.clock_unknown(context, occurrence, seen))


def _fresh(case: _StatusCase, sights: Sequence[Visit | None], began: datetime | None) -> bool:
    """Whether every missing cell was looked at since the previous working day began."""
    if not sights:
        return True
    today = moment_day(case.now, case.context.county.zone)
    since = day_start(case.context.calendar.add_workdays(today, -1), case.context.county.zone)
    return began is not None and began >= since


def _verdict(
    case: _StatusCase,
    status: Status,
    reason: str,
    cells: tuple[CellVerdict, ...] = (),
    findings: tuple[Finding, ...] = (),
    proved_at: datetime | None = None,
    *,
    fresh: bool = True,
    sight: datetime | None = None,
) -> Verdict:
    occurrence, again = case.occurrence, case.liability_start
    incomplete = status not in _GIVEN_UP and _partly(cells)
    objection = _objection(case) if status in _OBJECTED else ""
    mild = occurrence.mild or objection == "upheld"
    if status not in _GIVEN_UP and status is not Status.MET and case.not_binding:
        reason += f"；{case.not_binding}"
    return Verdict(
        occurrence=occurrence.key,
        status=status,
        light=_light(status, incomplete, weak=mild, binding=not case.not_binding),
        reason=f"{reason}（时限为推定）"
        if occurrence.weak
        else f"{reason}（时限为暂估）"
        if occurrence.mild
        else reason,
        cells=cells,
        findings=findings,
        proved_at=proved_at,
        incomplete=incomplete,
        fresh=fresh,
        next_at=_next_at(case, status),
        stale_at=_stale_at(case, sight) if fresh and sight is not None else None,
        not_binding=case.not_binding,
        since=case.since,
        held_from=case.held_from,
        resumed=again.why if again else "",
        objection=objection,
    )


def _objection(case: _StatusCase) -> Literal["", "pending", "upheld", "dismissed"]:
    if case.objection is None:
        return ""
    _, decided = case.objection
    return "pending" if decided is None else "upheld" if decided.kind == "uphold" else "dismissed"


def _partly(cells: Sequence[CellVerdict]) -> bool:
    """Something came out, and something of it cannot be found."""
    unproved = [cell for cell in cells if cell.state != "proved"]
    return bool(unproved) and (len(unproved) < len(cells) or any(cell.published for cell in unproved))


def _light(status: Status, incomplete: bool, *, weak: bool, binding: bool) -> Light:
    light = _LIGHTS[status]
    half_done = incomplete and status in (Status.UPCOMING, Status.OPEN, Status.DUE_SOON)
    if half_done or (weak and light is Light.RED):
        light = Light.YELLOW
    return Light.GREY if not binding and light in (Light.YELLOW, Light.RED) else light  # held against nobody


def _stale_at(case: _StatusCase, sight: datetime) -> datetime:
    """When a visit is no fresh sight any more: from the day on whose previous working day lies after its own."""
    zone = case.context.county.zone
    return day_end(case.context.calendar.add_workdays(moment_day(sight, zone), 1), zone)


def _next_at(case: _StatusCase, status: Status) -> datetime | None:
    """When time alone may change the verdict: it opens, comes near, falls due, or the county goes live."""
    occurrence, zone = case.occurrence, case.context.county.zone
    instants: list[datetime | None] = []
    if status in (Status.UPCOMING, Status.OPEN, Status.DUE_SOON):
        instants = [case.due_soon_at, occurrence.due_at]
        if occurrence.opens_on is not None:
            instants.append(day_start(occurrence.opens_on, zone))
        if occurrence.expected is not None:
            instants.append(day_end(occurrence.expected, zone))
    instants += case.wait.until if case.wait is not None else ()
    instants += case.context.papers.ends(occurrence.key)
    if case.context.county.golive is not None:
        instants.append(case.context.county.golive.at)
    return min((instant for instant in instants if instant is not None and instant > case.now), default=None)


# -- what closes an occurrence -------------------------------------------------------------------


def _waits(
    context: CaseContext,
    group: Sequence[Occurrence],
    beside: Sequence[Occurrence],
    openings: Mapping[str, Opening],
    verdicts: Mapping[str, Verdict],
    now: datetime,
) -> dict[str, Wait]:
    """What of the group waits for the duty that it follows, or for the deadlines beside it, by key."""
    found: dict[str, Wait] = {}
    for occurrence in group:
        prior = occurrence.deadline.after
        if prior is None:
            continue
        before = openings.get(prior.duty)
        if prior.duty == context.duty.id:
            before = start_after([each for each in beside if set(each.parts) & set(occurrence.parts)], verdicts)
        if before is not None and (wait := wait_of(occurrence, before, now, context.county.zone)) is not None:
            found[occurrence.key] = wait
    return found


def _replaced_by_events(context: CaseContext, occurrences: Sequence[Occurrence]) -> dict[str, str]:
    """A period that holds an event of the same duty and department is judged by the event alone."""
    nets = [
        occurrence
        for occurrence in occurrences
        if isinstance(occurrence.deadline, Every) and not occurrence.upkeep and occurrence.window
    ]
    found: dict[str, str] = {}
    for started in (
        sorted((occurrence for occurrence in occurrences if occurrence.event), key=lambda occurrence: occurrence.key)
        if nets
        else ()
    ):
        day = context.day(started.event.occurred) if started.event else None
        for net in nets:
            if day in (net.window or ()) and set(net.parts) & set(started.parts):
                found.setdefault(net.key, text.replaced(context, started))
    return found


def _unmet(
    context: CaseContext, occurrence: Occurrence, occurrences: Sequence[Occurrence], verdicts: Mapping[str, Verdict]
) -> str:
    """Upkeep is owed of what is there: while the thing itself is not proved, nothing is pressed."""
    if not occurrence.upkeep:
        return ""
    for one in occurrences:
        if isinstance(one.deadline, By) and set(one.parts) & set(occurrence.parts):
            verdict = verdicts[one.key]
            if not verdict.status.met:
                return text.not_there()
            if verdict.proved_at and occurrence.due_at and verdict.proved_at >= occurrence.due_at:
                return text.not_yet_there(verdict.proved_at, context.county.zone)
    return ""
