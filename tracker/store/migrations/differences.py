"""Compares the tables of a database with those of this version, and says in sentences what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from tracker.core.values.message import Message
from tracker.store.tables import metadata
from tracker.store.triggers import describe_trigger_differences


def describe_differences(connection: sa.Connection) -> list[Message]:
    """A sentence for each table, column, index, constraint and trigger that is missing or another.

    What is there in addition is named for columns and constraints, which refuse or change rows, and ignored for tables
    and indexes, which may be somebody else's.
    """
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    # Alembic misreads SQLite's empty-text default as a difference; PostgreSQL compares them for both.
    options = {"compare_type": True, "compare_server_default": connection.dialect.name == "postgresql"}
    found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    missing = {change[1].name for change in found if isinstance(change, tuple) and change[0] == "add_table"}
    return [
        *(text for change in _flatten(found) if (text := _describe(change)) is not None),
        *_describe_keys(connection, missing),
        *describe_trigger_differences(connection),
    ]


def _flatten(found: Iterable[Any]) -> Iterator[Any]:
    for change in found:
        yield from change if isinstance(change, list) else [change]


def _describe(change: Any) -> Message | None:
    action, *what = change
    match action:
        case "add_table":
            return Message("table {table} is missing", table=what[0].name)
        case "add_column":
            return Message("table {table} lacks the column {column}", table=what[1], column=what[2].name)
        case "remove_column":
            return Message("table {table} has an unknown column {column}", table=what[1], column=what[2].name)
        case "add_index":
            return Message("table {table} lacks the index {name}", table=what[0].table.name, name=what[0].name)
        case "add_constraint" | "add_fk":
            return Message("table {table} lacks the constraint {name}", table=what[0].table.name, name=what[0].name)
        case "remove_constraint" | "remove_fk":
            return Message(
                "table {table} has an unknown constraint {name}", table=what[0].table.name, name=what[0].name or "?"
            )
        case "modify_type" | "modify_nullable" | "modify_default":
            _, table, column, _, before, after = what
            return Message(
                "column {column} of {table}: {what} is {found}, this version has {expected}",
                column=column,
                table=table,
                what=_ASPECTS[action],
                found=_show(before),
                expected=_show(after),
            )
    return None


_ASPECTS = {
    "modify_type": Message("the type"),
    "modify_nullable": Message("whether it may be NULL"),
    "modify_default": Message("the default"),
}


def _show(value: Any) -> str:
    return str(getattr(getattr(value, "arg", value), "text", getattr(value, "arg", value)))


def _describe_keys(connection: sa.Connection, missing: set[str]) -> Iterator[Message]:
    """Primary keys, which Alembic does not compare."""
    keys = sa.inspect(connection).get_multi_pk_constraint()
    for table in metadata.sorted_tables:
        expected = [column.name for column in table.primary_key]
        found = next((key["constrained_columns"] for (_, name), key in keys.items() if name == table.name and key), [])
        if table.name not in missing and found != expected:
            yield Message(
                "the key of {table} is {found}, this version has {expected}",
                table=table.name,
                found=", ".join(found) or "–",
                expected=", ".join(expected),
            )
