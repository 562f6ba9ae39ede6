"""A fact and its row: each field of the value stands in the column of its name, so no layer names them again."""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa

from tracker.core.escalation.notices import Acknowledgement, Silence
from tracker.core.values.facts import Event, Filing, Ruling
from tracker.store.counties import next_seq
from tracker.store.engine import Tx, insert

Fact = TypeVar("Fact", Acknowledgement, Event, Filing, Ruling, Silence)


def fact_of(kind: type[Fact], row: sa.Row[Any]) -> Fact:
    """The fact that a row holds. A field that may be None is "" in a column that may not."""
    columns = row._mapping
    values: dict[str, Any] = {
        name: columns[name] or None if field.default is None else columns[name]
        for name, field in kind.__dataclass_fields__.items()
    }
    return kind(**values)


def values_of(table: sa.Table, fact: Fact) -> dict[str, Any]:
    """The columns of a fact, without its id, which the database gives."""
    values = {name: getattr(fact, name) for name in type(fact).__dataclass_fields__ if name != "id"}
    return {name: "" if value is None and not table.c[name].nullable else value for name, value in values.items()}


def insert_fact(tx: Tx, county: str, table: sa.Table, fact: Fact, **columns: Any) -> Fact | None:
    """Write a fact under the county's next number; the fact with its id, None where its unique key is taken.

    `columns`: those that the value has no field for.
    """
    statement = insert(tx, table).values(county=county, seq=next_seq(tx, county), **values_of(table, fact), **columns)
    row = tx.execute(statement.on_conflict_do_nothing().returning(table)).one_or_none()
    return fact_of(type(fact), row) if row else None
