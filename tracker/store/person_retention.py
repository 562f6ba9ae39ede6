"""Deletes the personal data of requests that ended long ago. The requests, their moves and figures stay."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from itertools import groupby

import sqlalchemy as sa

from tracker.core.requests.values import MoveKind, RequestState
from tracker.core.values.facts import Moment
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.rows import batches
from tracker.store.tables_requests import persons, request_moves, requests

#: States after which nothing more is expected of anybody.
_ENDED = (RequestState.ARCHIVED, RequestState.WITHDRAWN, RequestState.ABANDONED)


def delete_expired_persons(tx: Tx, before: datetime, now: datetime) -> int:
    """Delete the persons of requests whose last move lies before then: archived, withdrawn or abandoned ones, and ones
    that were entered by mistake, but none with an appeal whose result is not known. Returns how many persons."""
    expired: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for request, county, subject in _list_expired(tx, before):
        expired[county].append((request, subject))
    total = 0
    for county, ended in sorted(expired.items()):
        deleted = 0
        for batch in batches([request for request, _ in ended]):
            deleted += tx.execute(persons.delete().where(persons.c.request.in_(batch))).rowcount
        after = {
            "count": deleted,
            "ended_before": before.astimezone(UTC).isoformat(),
            "requests": sorted(subject for _, subject in ended),
        }
        append_entries(tx, county, [JournalEntry("duban", "persons.deleted", "retention:persons", None, after)], now)
        total += deleted
    return total


def _list_expired(tx: Tx, before: datetime) -> list[tuple[int, str, str]]:
    """The requests with persons that ended before then: id, county, and the subject of their journal entries."""
    has_ended = sa.or_(requests.c.state.in_(_ENDED), requests.c.withdrawn_at.is_not(None))
    columns = (requests.c.id, requests.c.county, requests.c.kind, requests.c.department, requests.c.year)
    query = (
        sa.select(*columns, requests.c.number, requests.c.withdrawn_at, request_moves.c.kind, request_moves.c.on)
        .outerjoin(
            request_moves,
            sa.and_(request_moves.c.request == requests.c.id, request_moves.c.withdrawn_at.is_(None)),
        )
        .where(has_ended, requests.c.id.in_(sa.select(persons.c.request)))
        .order_by(requests.c.id)
    )
    found = []
    for request, rows in groupby(tx.execute(query), key=lambda row: tuple(row[:7])):
        number, county, kind, department, year, ordinal, withdrawn_at = request
        moves = [(row[7], row[8]) for row in rows if row[7] is not None]
        days = [_day_of(on) for _, on in moves] + ([_day_of(withdrawn_at)] if withdrawn_at else [])
        kinds = [move for move, _ in moves]
        is_pending = kinds.count(MoveKind.APPEAL) > kinds.count(MoveKind.APPEAL_RESULT)
        if days and max(days) < _day_of(before) and not is_pending:
            found.append((number, county, f"{kind}:{year}-{department}-{ordinal}"))
    return found


def _day_of(moment: Moment) -> date:
    return moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment
