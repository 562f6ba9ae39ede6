"""Many rows of one shape, written at once: what they have in common is put into the database's form only once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

from tracker.store.engine import Tx

T = TypeVar("T")


@lru_cache(maxsize=64)
def _shape(
    dialect: sa.Dialect, statement: sa.Insert, names: tuple[str, ...]
) -> tuple[str, bool, dict[str, Callable[[Any], Any] | None]]:
    """The statement's text, whether the driver takes values by their order, and what puts each into its form."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names), for_executemany=True)
    types = {name: statement.table.c[name].type.dialect_impl(dialect) for name in names}
    order = compiled.positiontup if compiled.positional else names
    return str(compiled), bool(compiled.positional), {name: types[name].bind_processor(dialect) for name in order}


def write_rows(tx: Tx, statement: sa.Insert, same: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, all with the same columns, each with the values of `same` as well.

    `statement`: one that is built once, for its text is remembered.
    """
    if not rows:
        return
    sql, by_order, forms = _shape(tx.dialect, statement, (*same, *rows[0]))
    shared = {
        name: form(same[name]) if form is not None else same[name] for name, form in forms.items() if name in same
    }
    own = [(name, form) for name, form in forms.items() if name not in same]
    ready = [shared | {name: row[name] if form is None else form(row[name]) for name, form in own} for row in rows]
    if by_order:
        tx.exec_driver_sql(sql, [tuple(map(row.__getitem__, forms)) for row in ready])
    else:
        tx.exec_driver_sql(sql, ready)


def batched(rows: Iterable[T], size: int = 200) -> Iterator[list[T]]:
    """The rows in lists of `size`: what is made of all of them for the database at once is megabytes."""
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some
