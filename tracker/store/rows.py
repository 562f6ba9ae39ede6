"""Values and their rows: each field of a value stands in the column of its name, so no query names them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

from tracker.core.escalation.notices import Acknowledgement, Silence
from tracker.core.values.facts import Event, Filing, Ruling
from tracker.store.counties import next_seq
from tracker.store.engine import Tx, insert

T = TypeVar("T")
Fact = TypeVar("Fact", Acknowledgement, Event, Filing, Ruling, Silence)
Query = sa.Select[Any] | sa.UpdateBase


@cache
def field_names(kind: Any) -> tuple[str, ...]:
    """The names of the fields of a dataclass or a named tuple."""
    return getattr(kind, "_fields", None) or tuple(field.name for field in fields(kind))


def columns_of(kind: type, *tables: sa.FromClause) -> list[sa.ColumnElement[Any]]:
    """For each field of a value, the column of its name in the first of the tables that has one."""
    return [next(table.c[name] for table in tables if name in table.c) for name in field_names(kind)]


def select_as(kind: type, *tables: sa.FromClause) -> sa.Select[Any]:
    """The query whose rows `read_all` reads as values of that kind."""
    return sa.select(*columns_of(kind, *tables))


def read_all(tx: Tx, kind: Callable[..., T], query: Query, values: Mapping[str, Any] | None = None) -> list[T]:
    """The rows of a query as values, whose fields have the order of its columns."""
    return [kind(*row) for row in tx.execute(query, values)]


def read_one(tx: Tx, kind: Callable[..., T], query: Query, values: Mapping[str, Any] | None = None) -> T | None:
    """The only row of a query as a value; None where there is none."""
    row = tx.execute(query, values).one_or_none()
    return kind(*row) if row else None


def values_of(value: Any) -> dict[str, Any]:
    """The columns of a value, without its id, which the database gives."""
    return {name: getattr(value, name) for name in field_names(value.__class__) if name != "id"}


def insert_fact(tx: Tx, county: str, table: sa.Table, fact: Fact, **columns: Any) -> Fact | None:
    """Write a fact under the county's next number; the fact with its id, None where its unique key is taken.

    `columns`: those that the value has no field for.
    """
    statement = insert(tx, table).values(county=county, seq=next_seq(tx, county), **values_of(fact), **columns)
    kind: Any = type(fact)
    return read_one(tx, kind, statement.on_conflict_do_nothing().returning(*columns_of(kind, table)))


@lru_cache(maxsize=64)
def _compiled(
    dialect: sa.Dialect, statement: sa.Insert, names: tuple[str, ...]
) -> tuple[str, bool, dict[str, Callable[[Any], Any] | None]]:
    """The statement's text, whether the driver takes values by their order, and what converts each value."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names), for_executemany=True)
    types = {name: statement.table.c[name].type.dialect_impl(dialect) for name in names}
    order = compiled.positiontup if compiled.positional else names
    return str(compiled), bool(compiled.positional), {name: types[name].bind_processor(dialect) for name in order}


def write_rows(tx: Tx, statement: sa.Insert, shared: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, all with the same columns, each with the values of `shared` too, which are converted only once.

    `statement`: one that is built once, for its text is remembered.
    """
    if not rows:
        return
    sql, by_order, forms = _compiled(tx.dialect, statement, (*shared, *rows[0]))

    def convert(values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value if (form := forms[name]) is None else form(value) for name, value in values.items()}

    constant = convert(shared)
    ready = [constant | convert(row) for row in rows]
    if by_order:
        tx.exec_driver_sql(sql, [tuple(map(row.__getitem__, forms)) for row in ready])
    else:
        tx.exec_driver_sql(sql, ready)


def batches(rows: Iterable[T], size: int = 200) -> Iterator[list[T]]:
    """The rows in lists of `size`: all parameters of a large statement at once would be megabytes."""
    rest = iter(rows)
    while batch := list(islice(rest, size)):
        yield batch
