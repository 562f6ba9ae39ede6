"""Builds the row of an occurrence from its verdict, and compares rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from operator import attrgetter

from tracker.core.escalation.notices import FLAG, DeliveryState, NoticeKey
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.verdicts import Status, Verdict
from tracker.store.occurrences import OccurrenceRow

#: Statuses that an item added to an old article may still change.
_UNPROVED = {Status.OPEN, Status.DUE_SOON, Status.UNVERIFIABLE, Status.OVERDUE, Status.INCOMPLETE}
_FIELDS = [field.name for field in fields(OccurrenceRow)]
#: The fields of a row that a pass decides.
decided_fields = attrgetter(*(name for name in _FIELDS if name not in ("updated_at", "asks", "questions")))
#: The fields of a row that a standing keeps: all but hints for the next pass and the crawl.
standing_fields = attrgetter(
    *(
        name
        for name in _FIELDS
        if name not in ("updated_at", "next_at", "wanting", "rests_on", "awaits_visit", "asks", "questions", "look_at")
    )
)
#: The fields of a row that notices show.
_shown_fields = attrgetter("status", "light", "reason", "closed")


def build_row(
    occurrence: Occurrence,
    verdict: Verdict,
    before: OccurrenceRow | None,
    *,
    is_moved: bool,
    digests: tuple[str, str],
    now: datetime,
) -> OccurrenceRow:
    """Return the row of an occurrence with its new verdict.

    `before`: its last row. `is_moved`: its due instant changed since. `digests`: of rulebook and calendar.
    """
    # Met or released before, and owed again: a new episode, which is notified anew.
    was_over = before is not None and (before.status.met or before.status.released) and not before.closed
    is_reopened = was_over and not verdict.status.met
    is_ended = verdict.status is Status.CLOSED or verdict.status.released
    # A closed row is owed again: a new revision, so that earlier notices can be sent again.
    is_owed_again = before is not None and before.closed and verdict.status is not Status.CLOSED
    return OccurrenceRow(
        key=occurrence.key,
        county=occurrence.county,
        pack=occurrence.pack,
        duty=occurrence.duty,
        department=occurrence.department,
        label=occurrence.label,
        opens_on=occurrence.opens_on,
        due_on=occurrence.due_on,
        due_at=occurrence.due_at,
        due_revision=(before.due_revision if before else 0) + (is_moved or is_owed_again),
        episode=(before.episode if before else 0) + (is_reopened and not is_ended),
        provisional=occurrence.provisional,
        assumed=occurrence.is_weak_at(now),
        derivation=occurrence.derivation.text,
        status=verdict.status,
        light=verdict.light,
        reason=verdict.reason,
        proved_at=verdict.proved_at,
        closed=verdict.status is Status.CLOSED,
        next_at=verdict.next_at,
        since=verdict.held_from,
        wanting=_wanting_urls(verdict),
        rests_on=proving_urls(verdict),
        asks=before.asks if before else False,
        questions=before.questions if before else (),
        rulebook=digests[0],
        calendar=digests[1],
        created_at=before.created_at if before else now,
        updated_at=now,
    )


def is_shown_otherwise(before: OccurrenceRow, row: OccurrenceRow) -> bool:
    """Return whether a field that notices show has changed."""
    return _shown_fields(before) != _shown_fields(row)


def _wanting_urls(verdict: Verdict) -> tuple[str, ...]:
    """Return the addresses to read at every crawl: entries that lack items, are unread, or proved a cell and are
    gone."""
    if verdict.status not in _UNPROVED:
        return ()
    gone_cells = {cell.cell for cell in verdict.cells if cell.gone}
    urls = {
        finding.about
        for finding in verdict.findings
        if finding.lacks or finding.unread or (finding.cell in gone_cells and not finding.counts)
    }
    return tuple(sorted(urls))


def proving_urls(verdict: Verdict) -> tuple[str, ...]:
    """Return the addresses of the entries that prove an occurrence, or a part of it."""
    if verdict.status.ended:
        return ()
    return tuple(sorted({finding.about for finding in verdict.findings if finding.counts and "://" in finding.about}))


def needs_visit(verdict: Verdict, delivery_states: Mapping[NoticeKey, DeliveryState]) -> bool:
    """Return whether the next visit to its columns may change the verdict or a notice.

    That is so for unseen cells and for notices that need a fresh visit. A missing cell that was notified stays missing
    until an entry comes.
    """
    if verdict.status in (Status.UNVERIFIABLE, Status.MET_DISPUTED):
        return True
    if not verdict.status.late:
        return False
    return (
        not verdict.fresh
        or any(cell.state == "unseen" for cell in verdict.cells)
        or any(state.state == "due" and key.step != FLAG for key, state in delivery_states.items())
    )
