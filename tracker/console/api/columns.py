"""The health of the columns of the county's site: when each was read last, and what keeps it from being read."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from tracker.console.api.call import Call, allowed
from tracker.console.context import ConsoleContext
from tracker.core.law.county import SiteColumn
from tracker.core.values.accounts import Scope
from tracker.core.values.facts import VisitOutcome
from tracker.store.visits import Health, load_column_visits


class Column(BaseModel):
    key: str
    title: str
    url: str
    outcome: VisitOutcome | None
    note: str
    attempted_at: datetime | None
    read_at: datetime | None


class Columns(BaseModel):
    columns: list[Column]


def routes(office: ConsoleContext) -> APIRouter:
    router = APIRouter(tags=["columns"])
    permitted = allowed(office, Scope.COLUMNS_READ)

    @router.get("/columns", summary="How the site's columns are read", response_model=Columns)
    def list_columns(call: Call = permitted) -> Columns:
        county = call.rulebook.county
        with office.store.read() as tx:
            visited = load_column_visits(tx, county.id)
        return Columns(columns=[_column(key, each, visited.get(key)) for key, each in county.columns.items()])

    return router


def _column(key: str, column: SiteColumn, health: Health | None) -> Column:
    return Column(
        key=key,
        title=column.title,
        url=column.url,
        outcome=health.outcome if health else None,
        note=health.note if health else "",
        attempted_at=health.attempted_at if health else None,
        read_at=health.succeeded_at if health else None,
    )
