"""Reads the requests on application that a year's statistics count, in a few queries however many they are."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tracker.core.law.counting import moment_day
from tracker.core.requests.counted import APPEALING, CLOSING, CountedMove, CountedRequest, conclude, line_of
from tracker.core.requests.values import MoveKind
from tracker.core.values.facts import parse_moment
from tracker.store.engine import Tx
from tracker.store.tables_requests import request_moves, requests

#: A request with one of these is counted by its moves, any other as its row says.
_SPECIAL = (MoveKind.WITHDRAW, *APPEALING)


def load_counted(tx: Tx, county: str, zone: ZoneInfo, year: int, department: str | None = None) -> list[CountedRequest]:
    """Every request that came by the year's end and was not answered before the year, or was ever appealed; in the
    order of department, year and number. `department`: registered them. `zone`: of the county."""
    appealed = sa.select(request_moves.c.request).where(request_moves.c.kind == MoveKind.APPEAL)
    conditions = [
        requests.c.county == county,
        requests.c.kind == "request",
        requests.c.withdrawn_at.is_(None),
        # A text: instants of the first day after the year may lie in it by the county's clock.
        sa.type_coerce(requests.c.received, sa.String) < f"{year + 1}-01-02",
        sa.or_(
            requests.c.answered_on.is_(None), requests.c.answered_on >= date(year, 1, 1), requests.c.id.in_(appealed)
        ),
    ]
    if department is not None:
        conditions.append(requests.c.department == department)
    extended, corrected, steps = _load_steps(tx, zone, conditions)
    query = sa.select(
        requests.c.id, requests.c.department, requests.c.year, requests.c.number, requests.c.owner,
        requests.c.applicant_kind, requests.c.way, requests.c.topic, requests.c.title,
        sa.type_coerce(requests.c.received, sa.String), requests.c.answered_on, requests.c.answer, requests.c.ground,
    ).where(*conditions).order_by(requests.c.department, requests.c.year, requests.c.number)  # fmt: skip
    found = []
    for row in tx.execute(query):
        identity, unit, of_year, number, owner, applicant, way, topic, title, received, closed, answer, ground = row
        counted = CountedRequest(
            f"{of_year}-{unit}-{number}", unit, owner, applicant, way, topic, title, _day(received, zone), closed,
            closed, answer, ground, line_of(answer, ground), identity in extended, identity in corrected,
        )  # fmt: skip
        found.append(conclude(counted, steps[identity]) if identity in steps else counted)
    return found


def count_remarks_in(tx: Tx, county: str, zone: ZoneInfo, year: int, department: str | None = None) -> Counter[str]:
    """How many remarks the steps of requests have that were made in the year, by their code: "late", "contrary"."""
    conditions = [
        requests.c.county == county,
        requests.c.kind == "request",
        requests.c.withdrawn_at.is_(None),
        request_moves.c.withdrawn_at.is_(None),
        sa.cast(request_moves.c.remarks, sa.String) != "[]",
    ]
    if department is not None:
        conditions.append(requests.c.department == department)
    query = sa.select(sa.type_coerce(request_moves.c.on, sa.String), request_moves.c.remarks).join(requests)
    found = [(_day(on, zone), remarks) for on, remarks in tx.execute(query.where(*conditions))]
    return Counter(code for on, remarks in found if on.year == year for code, *_ in remarks)


def _load_steps(
    tx: Tx, zone: ZoneInfo, conditions: list[Any]
) -> tuple[set[int], set[int], dict[int, list[CountedMove]]]:
    """The ids of extended requests, of those that had to be corrected, and by id the moves of those that were withdrawn
    or appealed."""
    columns = (
        request_moves.c.request,
        sa.type_coerce(request_moves.c.on, sa.String),
        request_moves.c.ordinal,
        sa.type_coerce(request_moves.c.kind, sa.String),
        sa.cast(request_moves.c.fields, sa.String),
    )
    in_force = sa.select(*columns).join(requests).where(*conditions, request_moves.c.withdrawn_at.is_(None))
    marks: dict[str, set[int]] = {MoveKind.EXTEND: set(), MoveKind.ASK_CORRECTION: set()}
    steps: dict[int, list[CountedMove]] = {}
    for request, on, ordinal, kind, fields in tx.execute(in_force.where(request_moves.c.kind.in_((*marks, *_SPECIAL)))):
        if kind in marks:
            marks[kind].add(request)
        else:
            steps.setdefault(request, []).append(_step(on, ordinal, kind, fields, zone))
    if steps:
        special = sa.select(request_moves.c.request).where(request_moves.c.kind.in_(_SPECIAL))
        closing = [kind for kind in CLOSING if kind not in _SPECIAL]
        is_lawful = sa.cast(request_moves.c.remarks, sa.String) == "[]"  # else the answer is still owed
        ends = sa.or_(request_moves.c.kind != MoveKind.ABANDON, is_lawful)
        query = in_force.where(request_moves.c.kind.in_(closing), request_moves.c.request.in_(special), ends)
        for request, on, ordinal, kind, fields in tx.execute(query):
            steps.setdefault(request, []).append(_step(on, ordinal, kind, fields, zone))
    return marks[MoveKind.EXTEND], marks[MoveKind.ASK_CORRECTION], steps


def _step(on: str, ordinal: int, kind: str, fields: str, zone: ZoneInfo) -> CountedMove:
    return CountedMove(_day(on, zone), ordinal, MoveKind(kind), json.loads(fields))


def _day(moment: str, zone: ZoneInfo) -> date:
    return date.fromisoformat(moment) if len(moment) == 10 else moment_day(parse_moment(moment), zone)
