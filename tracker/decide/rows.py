"""Builds the row of an occurrence from its verdict, and compares rows."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from operator import attrgetter

from tracker.core.law.occurrences import Occurrence
from tracker.core.values.verdicts import Status, Verdict
from tracker.decide.hints import HINTS, find_wanting_urls
from tracker.store.occurrences import OccurrenceRow

#: The fields of a row that a pass decides.
decided_fields = attrgetter(
    *(field.name for field in fields(OccurrenceRow) if field.name not in ("updated_at", "asks"))
)
#: The fields of a row that a standing keeps.
standing_fields = attrgetter(*(field.name for field in fields(OccurrenceRow) if field.name not in HINTS))
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
        assumed=occurrence.weak,
        derivation=occurrence.derivation.text,
        status=verdict.status,
        light=verdict.light,
        reason=verdict.reason,
        proved_at=verdict.proved_at,
        closed=verdict.status is Status.CLOSED,
        next_at=verdict.next_at,
        since=verdict.held_from,
        wanting=find_wanting_urls(verdict),
        asks=before.asks if before else False,
        rulebook=digests[0],
        calendar=digests[1],
        created_at=before.created_at if before else now,
        updated_at=now,
    )


def is_shown_otherwise(before: OccurrenceRow, row: OccurrenceRow) -> bool:
    """Return whether a field that notices show has changed."""
    return _shown_fields(before) != _shown_fields(row)
