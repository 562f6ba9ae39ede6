"""Start of a series that follows another duty: when that one is met or due, whichever is first.

Owed is what falls due after the other duty fell due, a day that was known beforehand, or begins after it was met. The
period that is running when it is met early is not asked for: nobody could know of it when the period began.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracker.core.law.counting import day_end, moment_day
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import day_zh
from tracker.core.values.verdicts import Status, Verdict


@dataclass(frozen=True, slots=True)
class Opening:
    """Of the duty that is followed: when it was first seen to be met, and when it falls due; None: never.

    `not_applicable`: why it is not owed by anybody, in words; then nothing that follows it is owed either.
    """

    met_at: datetime | None = None
    due_at: datetime | None = None
    not_applicable: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Why an occurrence is not pressed yet, or `never` will be. `until`: the instants at which time alone decides."""

    reason: str
    never: bool = False
    until: tuple[datetime, ...] = ()


def start_after(occurrences: Iterable[Occurrence], verdicts: Mapping[str, Verdict]) -> Opening:
    """The first of a duty's occurrences, part by part; what was waived or never shown is due all the same."""
    by_parts: dict[tuple[str, ...], list[Occurrence]] = {}
    for occurrence in occurrences:
        by_parts.setdefault(occurrence.parts, []).append(occurrence)
    return together([_first(owed, verdicts) for owed in by_parts.values()])


def together(openings: Sequence[Opening]) -> Opening:
    """Once all that apply are met or due: the latest of each."""
    applicable = [opening for opening in openings if not opening.not_applicable]
    if openings and not applicable:
        return openings[0]
    openings = applicable
    met = [opening.met_at for opening in openings if opening.met_at is not None]
    due = [opening.due_at for opening in openings if opening.due_at is not None]
    whole = len(openings)
    return Opening(max(met) if met and len(met) == whole else None, max(due) if due and len(due) == whole else None)


def _first(owed: Sequence[Occurrence], verdicts: Mapping[str, Verdict]) -> Opening:
    applicable = [each for each in owed if not _not_applicable(each, verdicts)]
    if not applicable:
        return Opening(not_applicable=verdicts[owed[0].key].reason)
    owed = applicable
    met = (_met_at(verdicts[occurrence.key]) for occurrence in owed if occurrence.key in verdicts)
    due = (occurrence.due_at for occurrence in owed)
    return Opening(
        min((at for at in met if at is not None), default=None), min((at for at in due if at is not None), default=None)
    )


def _not_applicable(occurrence: Occurrence, verdicts: Mapping[str, Verdict]) -> bool:
    return occurrence.key in verdicts and verdicts[occurrence.key].status is Status.NOT_APPLICABLE


def _met_at(verdict: Verdict) -> datetime | None:
    """When everybody could see that it is met: at its proof, at earliest at the first sight of it, so that a text
    with an old date opens no period that is over. What is disputed opens nothing."""
    if verdict.status is not Status.MET or verdict.proved_at is None:
        return None
    seen: dict[str, datetime] = {}
    for finding in verdict.findings:
        at = finding.first_seen_at or finding.at
        if finding.counts and at is not None:
            seen[finding.cell] = min(at, seen.get(finding.cell, at))
    return max([verdict.proved_at, *seen.values()])


def wait_of(occurrence: Occurrence, before: Opening, now: datetime, zone: ZoneInfo) -> Wait | None:
    """Why the occurrence must wait for the duty that it follows; None once the series has begun for it."""
    prior = occurrence.deadline.after
    if prior is None:
        return None
    if before.not_applicable:
        return Wait(f"“{prior.title}”不适用（{before.not_applicable}），本事项随之不作要求", never=True)
    waits = f"在“{prior.title}”完成或到期以后才要求"
    opened = before.met_at is not None or (before.due_at is not None and now >= before.due_at)
    due = (before.due_at,) if before.due_at is not None else ()
    begins_on = _begins_on(occurrence)
    if begins_on is None or _owed(occurrence, begins_on, before, zone):
        return None if opened else Wait(waits, until=due)
    if before.met_at is None and now < day_end(begins_on, zone):
        return Wait(waits, until=(*due, day_end(begins_on, zone)))
    words = f"本事项开始时（{day_zh(begins_on)}）“{prior.title}”尚未完成，到期时其时限也未届满，不作要求"
    return Wait(words, never=True)


def _owed(occurrence: Occurrence, begins_on: date, before: Opening, zone: ZoneInfo) -> bool:
    after_due = before.due_at is not None and occurrence.due_at is not None and occurrence.due_at > before.due_at
    return after_due or (before.met_at is not None and begins_on >= moment_day(before.met_at, zone))


def _begins_on(occurrence: Occurrence) -> date | None:
    """The period's first day, or the event's; None while the event is awaited."""
    return occurrence.window.first if occurrence.window else occurrence.opens_on
