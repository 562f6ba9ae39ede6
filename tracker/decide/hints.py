"""Hints that a row keeps of its verdict, for the crawl and for the pass after the next visit."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.core.escalation.notices import FLAG, DeliveryState, NoticeKey
from tracker.core.values.verdicts import Status, Verdict

#: The fields of a row that are hints; a change of them alone is no new standing.
HINTS = ("updated_at", "next_at", "wanting", "awaits_visit", "asks")
#: Statuses that an item added to an old article may still change.
_UNPROVED = {Status.OPEN, Status.DUE_SOON, Status.UNVERIFIABLE, Status.OVERDUE, Status.INCOMPLETE}


def find_wanting_urls(verdict: Verdict) -> tuple[str, ...]:
    """Return the addresses to revisit at every crawl: their entries lack items, are unread, or proved a cell and are
    gone."""
    if verdict.status not in _UNPROVED:
        return ()
    gone_cells = {cell.cell for cell in verdict.cells if cell.gone}
    urls = (
        finding.about
        for finding in verdict.findings
        if finding.lacks or finding.unread or (finding.cell in gone_cells and not finding.counts)
    )
    return tuple(sorted(set(urls)))


def needs_visit(verdict: Verdict, delivery_states: Mapping[NoticeKey, DeliveryState]) -> bool:
    """Return whether the next visit to its columns may change the verdict or a notice.

    That is so for unseen cells and for notices that need a fresh visit. A missing cell that was notified stays missing
    until an entry comes.
    """
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
