"""Hints that a row keeps of its verdict, for the crawl and for the pass after the next visit."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.core.escalation.notices import DeliveryState, NoticeKey
from tracker.core.escalation.steps import FLAG
from tracker.core.values.verdicts import Status, Verdict

#: What of a row is for those who come next; the rest stands as it was decided.
HINTS = ("updated_at", "next_at", "wanting", "awaits_visit", "asks")
#: What an item added to an old article may yet prove.
_UNPROVED = {Status.OPEN, Status.DUE_SOON, Status.UNVERIFIABLE, Status.OVERDUE, Status.INCOMPLETE}


def wanting(verdict: Verdict) -> tuple[str, ...]:
    """The addresses that are looked at again at every chance: what is there lacks something, could not be read, or
    proved it and is gone."""
    if verdict.status not in _UNPROVED:
        return ()
    gone = {cell.cell for cell in verdict.cells if cell.gone}
    found = (
        finding.about
        for finding in verdict.findings
        if finding.lacks or finding.unread or (finding.cell in gone and not finding.counts)
    )
    return tuple(sorted(set(found)))


def awaits_visit(verdict: Verdict, delivery_states: Mapping[NoticeKey, DeliveryState]) -> bool:
    """Whether the next visit to its columns may change what is decided or told: something was not seen, or is told only
    on fresh sight. What is missing, and was told, stays missing until an entry comes."""
    if verdict.status in (Status.UNVERIFIABLE, Status.MET_DISPUTED):
        return True
    if not verdict.status.late:
        return False
    unseen = any(cell.state == "unseen" for cell in verdict.cells)
    return (
        unseen
        or not verdict.fresh
        or any(state.state == "due" and key.step != FLAG for key, state in delivery_states.items())
    )
