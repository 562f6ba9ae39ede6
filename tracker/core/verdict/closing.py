"""Finds why occurrences wait or are closed: a prior duty, an event in their period, upkeep that is not owed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.core.law.duties import By, Every
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.successions import PriorState, Wait, find_wait, prior_state_of
from tracker.core.matching.case_context import CaseContext
from tracker.core.values.verdicts import Verdict
from tracker.core.verdict import status_text as text


def find_waits(
    context: CaseContext,
    group: Sequence[Occurrence],
    earlier: Sequence[Occurrence],
    prior_states: Mapping[str, PriorState],
    verdicts: Mapping[str, Verdict],
    now: datetime,
) -> dict[str, Wait]:
    """Return the waits of the group by key: for a prior duty, or for prior deadlines of the same duty.

    Upkeep whose publication is due and not proved, or was proved only after the period, will not be owed.
    """
    wait_by_key: dict[str, Wait] = {}
    for occurrence in group:
        prior = occurrence.deadline.after
        if prior is None:
            continue
        prior_state = prior_states.get(prior.duty)
        if prior.duty == context.duty.id:
            prior_state = prior_state_of(
                [candidate for candidate in earlier if set(candidate.parts) & set(occurrence.parts)], verdicts
            )
        if prior_state is None:
            continue
        wait = find_wait(occurrence, prior_state, now, context.county.zone)
        if wait is None and occurrence.upkeep:
            reason = _nothing_to_keep_reason(occurrence, prior_state.proved_at, context.county.zone)
            wait = Wait(reason, never=True) if reason else None
        if wait is not None:
            wait_by_key[occurrence.key] = wait
    return wait_by_key


def find_replaced(context: CaseContext, occurrences: Sequence[Occurrence]) -> dict[str, str]:
    """Return why periods are closed, by key: a period that holds an event of the same duty and department is judged by
    the event alone."""
    periods = [
        occurrence
        for occurrence in occurrences
        if isinstance(occurrence.deadline, Every) and not occurrence.upkeep and occurrence.window
    ]
    reasons: dict[str, str] = {}
    for with_event in (
        sorted((occurrence for occurrence in occurrences if occurrence.event), key=lambda occurrence: occurrence.key)
        if periods
        else ()
    ):
        day = context.day(with_event.event.occurred) if with_event.event else None
        for period in periods:
            if day in (period.window or ()) and set(period.parts) & set(with_event.parts):
                reasons.setdefault(period.key, text.replaced(context, with_event))
    return reasons


def upkeep_not_owed_reason(
    context: CaseContext, occurrence: Occurrence, occurrences: Sequence[Occurrence], verdicts: Mapping[str, Verdict]
) -> str:
    """Return why upkeep is not owed, or "": the publication itself is not proved, or was proved only after the
    period."""
    if not occurrence.upkeep:
        return ""
    for published in occurrences:
        if isinstance(published.deadline, By) and set(published.parts) & set(occurrence.parts):
            verdict = verdicts[published.key]
            proved_at = verdict.proved_at if verdict.status.met else None
            if reason := _nothing_to_keep_reason(occurrence, proved_at, context.county.zone):
                return reason
    return ""


def _nothing_to_keep_reason(occurrence: Occurrence, proved_at: datetime | None, zone: ZoneInfo) -> str:
    """Return why upkeep is not owed, or "". `proved_at`: when the publication that is kept current was proved."""
    if proved_at is None:
        return text.not_published()
    if occurrence.due_at is not None and proved_at >= occurrence.due_at:
        return text.published_late(proved_at, zone)
    return ""
