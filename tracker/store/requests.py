"""Stores requests on application, complaints and questions with their moves; moves are withdrawn, never changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.requests.values import Move, Remark, Request, RequestKind, RequestState
from tracker.store.engine import StoreError, Tx, insert
from tracker.store.rows import batches, columns_of, read_all, read_one, select_as, values_of
from tracker.store.tables_requests import request_moves, requests

_REQUESTS = select_as(Request, requests)
_MOVES = select_as(Move, request_moves).order_by(request_moves.c.request, request_moves.c.ordinal)


def next_number(tx: Tx, county: str, kind: RequestKind, department: str, year: int) -> int:
    """The number of the year's next request; the caller holds the county's lock. No number is given twice."""
    query = sa.select(sa.func.max(requests.c.number)).where(
        requests.c.county == county,
        requests.c.kind == kind,
        requests.c.department == department,
        requests.c.year == year,
    )
    return (tx.execute(query).scalar_one() or 0) + 1


def add_request(tx: Tx, request: Request) -> Request:
    """Write a new request and return it with its id. Raises StoreError where its number is taken."""
    statement = insert(tx, requests).values(values_of(request)).on_conflict_do_nothing()
    row = tx.execute(statement.returning(requests.c.id)).scalar_one_or_none()
    if row is None:
        raise StoreError(f"{request.kind} {request.reference} is on record already")
    return replace(request, id=row)


def find_request(tx: Tx, county: str, kind: RequestKind, department: str, year: int, number: int) -> Request | None:
    """The request with this number, a withdrawn one too."""
    where = {"county": county, "kind": kind, "department": department, "year": year, "number": number}
    return read_one(tx, Request, _REQUESTS.where(*(requests.c[name] == value for name, value in where.items())))


def list_requests(
    tx: Tx,
    county: str,
    *,
    kind: RequestKind | None = None,
    department: str | None = None,
    owner: str | None = None,
    states: Collection[RequestState] | None = None,
    since: date | None = None,
    until: date | None = None,
    ids: Collection[int] | None = None,
    withdrawn: bool = False,
) -> list[Request]:
    """The requests in the order of kind, department, year and number; `department` registered them, `owner` answers.

    `since`, `until`: the first and the last day on which they were filed. `withdrawn`: also those entered by mistake.
    """
    order = (requests.c.kind, requests.c.department, requests.c.year, requests.c.number)
    query = _REQUESTS.where(requests.c.county == county).order_by(*order)
    for column, value in ((requests.c.kind, kind), (requests.c.department, department), (requests.c.owner, owner)):
        if value is not None:
            query = query.where(column == value)
    if states is not None:
        query = query.where(requests.c.state.in_(sorted(states)))
    if since is not None:
        query = query.where(requests.c.filed_on >= since)
    if until is not None:
        query = query.where(requests.c.filed_on <= until)
    if ids is not None:
        query = query.where(requests.c.id.in_(sorted(ids)))
    if not withdrawn:
        query = query.where(requests.c.withdrawn_at.is_(None))
    return read_all(tx, Request, query)


def change_request(tx: Tx, request: Request, **values: Any) -> Request:
    """Change columns of a request: those that follow from its moves, and its withdrawal."""
    statement = requests.update().where(requests.c.id == request.id).values(**values)
    changed = read_one(tx, Request, statement.returning(*columns_of(Request, requests)))
    assert changed is not None, f"no request {request.id}"
    return changed


def add_move(tx: Tx, move: Move) -> Move:
    """Write a move with the next ordinal of its request and return it with its id; the caller holds the lock."""
    last = sa.select(sa.func.max(request_moves.c.ordinal)).where(request_moves.c.request == move.request)
    move = replace(move, ordinal=(tx.execute(last).scalar_one() or 0) + 1)
    remarks = [[remark.code, remark.provision, remark.text] for remark in move.remarks]
    values = values_of(move) | {"fields": dict(move.fields), "remarks": remarks}
    return replace(
        move, id=tx.execute(request_moves.insert().values(values).returning(request_moves.c.id)).scalar_one()
    )


def list_moves(tx: Tx, request: int, *, withdrawn: bool = False) -> list[Move]:
    """The moves of a request as they were entered; with `withdrawn` those that were wrong too."""
    return list_moves_of(tx, [request], withdrawn=withdrawn).get(request, [])


def list_moves_of(tx: Tx, ids: Sequence[int], *, withdrawn: bool = False) -> Mapping[int, list[Move]]:
    """The moves of many requests, by the request's id, as they were entered."""
    moves: dict[int, list[Move]] = {}
    for batch in batches(ids, 500):
        query = _MOVES.where(request_moves.c.request.in_(batch)).order_by(
            request_moves.c.request, request_moves.c.ordinal
        )
        if not withdrawn:
            query = query.where(request_moves.c.withdrawn_at.is_(None))
        for move in read_all(tx, _build_move, query):
            moves.setdefault(move.request, []).append(move)
    return moves


def count_remarks(tx: Tx, county: str) -> dict[int, int]:
    """How many remarks the steps in force of a request have, by its id; those without any are left out."""
    has_some = sa.cast(request_moves.c.remarks, sa.String) != "[]"
    query = (
        sa.select(request_moves.c.request, request_moves.c.remarks)
        .join(requests)
        .where(requests.c.county == county, request_moves.c.withdrawn_at.is_(None), has_some)
    )
    counts: Counter[int] = Counter()
    for request, remarks in tx.execute(query):
        counts[request] += len(remarks)
    return counts


def withdraw_move(tx: Tx, move: Move, now: datetime) -> Move:
    """Mark a move as entered by mistake. Raises StoreError where another process did so before."""
    where = (request_moves.c.id == move.id, request_moves.c.withdrawn_at.is_(None))
    if tx.execute(request_moves.update().where(*where).values(withdrawn_at=now)).rowcount != 1:
        raise StoreError(f"{move.kind} was withdrawn by another process")
    return replace(move, withdrawn_at=now)


def list_remarked(tx: Tx, county: str, since: datetime) -> list[tuple[Request, Move]]:
    """The moves in force that were entered after that instant and were unlawful, as they were entered."""
    query = (
        _REQUESTS.add_columns(*columns_of(Move, request_moves))
        .join(request_moves, request_moves.c.request == requests.c.id)
        .where(requests.c.county == county, request_moves.c.recorded_at > since)
        .where(requests.c.withdrawn_at.is_(None), request_moves.c.withdrawn_at.is_(None))
        .order_by(request_moves.c.id)
    )
    width = len(columns_of(Request, requests))
    found = ((Request(*row[:width]), _build_move(*row[width:])) for row in tx.execute(query))
    return [(request, move) for request, move in found if move.remarks]


def change_remarks(tx: Tx, move: Move, remarks: Sequence[Remark]) -> None:
    """Write what was unlawful about a move, where an earlier move changed since it was entered."""
    values = [[remark.code, remark.provision, remark.text] for remark in remarks]
    tx.execute(request_moves.update().where(request_moves.c.id == move.id).values(remarks=values))


def list_same_titles(tx: Tx, county: str, title: str, since: date) -> list[Request]:
    """The requests that ask for what is called so, filed on that day or later."""
    where = (requests.c.county == county, requests.c.title == title, requests.c.filed_on >= since)
    query = _REQUESTS.where(*where, requests.c.withdrawn_at.is_(None)).order_by(requests.c.id)
    return read_all(tx, Request, query)


def _build_move(*row: Any) -> Move:
    move = Move(*row)
    return replace(move, remarks=tuple(Remark(*remark) for remark in move.remarks))  # type: ignore[misc]
