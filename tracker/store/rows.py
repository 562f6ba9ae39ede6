"""Converts between values and rows: each field of a value is stored in the column of the same name."""

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
    """For each field of a value the column of the same name, from the first of the tables that has it."""
    return [next(table.c[name] for table in tables if name in table.c) for name in field_names(kind)]


def select_as(kind: type, *tables: sa.FromClause) -> sa.Select[Any]:
    """The query for rows that `read_all` reads as values of that kind."""
    return sa.select(*columns_of(kind, *tables))


def read_all(tx: Tx, kind: Callable[..., T], query: Query, values: Mapping[str, Any] | None = None) -> list[T]:
    """The rows of a query as values; the columns must have the order of the fields."""
    return [kind(*row) for row in tx.execute(query, values)]


def read_one(tx: Tx, kind: Callable[..., T], query: Query, values: Mapping[str, Any] | None = None) -> T | None:
    """The only row of a query as a value; None where there is none."""
    row = tx.execute(query, values).one_or_none()
    return kind(*row) if row else None


def values_of(value: Any) -> dict[str, Any]:
    """The columns of a value without its id, which the database assigns."""
    return {name: getattr(value, name) for name in field_names(value.__class__) if name != "id"}


def insert_fact(tx: Tx, county: str, table: sa.Table, fact: Fact, **columns: Any) -> Fact | None:
    """Insert a fact with the county's next number; returns it with its id, None where its unique key exists.

    `columns`: values of columns for which the fact has no field.
    """
    statement = insert(tx, table).values(county=county, seq=next_seq(tx, county), **values_of(fact), **columns)
    kind: Any = type(fact)
    return read_one(tx, kind, statement.on_conflict_do_nothing().returning(*columns_of(kind, table)))


@lru_cache(maxsize=64)
def _compile(
    dialect: sa.Dialect, statement: sa.Insert, names: tuple[str, ...]
) -> tuple[str, bool, dict[str, Callable[[Any], Any] | None]]:
    """The statement's SQL, whether the driver takes values by position, and the converter of each column."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names), for_executemany=True)
    types = {name: statement.table.c[name].type.dialect_impl(dialect) for name in names}
    order = compiled.positiontup if compiled.positional else names
    return str(compiled), bool(compiled.positional), {name: types[name].bind_processor(dialect) for name in order}


def write_rows(tx: Tx, statement: sa.Insert, shared: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, which have equal columns, each with the values of `shared`, which are converted only once.

    `statement`: one that is built once, since its SQL is cached.
    """
    if not rows:
        return
    sql, is_positional, converters = _compile(tx.dialect, statement, (*shared, *rows[0]))

    def convert(values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: value if (converter := converters[name]) is None else converter(value)
            for name, value in values.items()
        }

    constant = convert(shared)
    converted = [constant | convert(row) for row in rows]
    if is_positional:
        tx.exec_driver_sql(sql, [tuple(map(row.__getitem__, converters)) for row in converted])
    else:
        tx.exec_driver_sql(sql, converted)


def batches(rows: Iterable[T], size: int = 200) -> Iterator[list[T]]:
    """The rows in lists of `size`, since all parameters of a large statement at once would take megabytes."""
    rest = iter(rows)
    while batch := list(islice(rest, size)):
        yield batch
