"""Names the tables whose rows are recorded in the journal, and the SQL that reads and watches them.

The database itself notes which rows a transaction changed: by triggers that only connections of Duban have on SQLite,
and that only notice connections of Duban on PostgreSQL. So no code that writes a row can forget to have it recorded.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.store.tables import metadata

#: What a row of a table has to be told apart by a person who reads of it.
_LABELS = ("subject", "occurrence", "url", "column", "name", "department", "month", "title", "recipient", "step")
#: Longer texts, and bytes, are recorded by their hash.
SHORT = 48


@dataclass(frozen=True)
class WatchedTable:
    """A table whose rows the journal records.

    `columns`: those that are recorded; `bytes`: those among them that hold bytes. `is_hashed`: only the hash of the row
    is recorded: such rows are many or large. `owner`: the column that names
    the county, or the row of `parent` whose county it is.
    """

    table: sa.Table
    columns: tuple[str, ...]
    bytes: frozenset[str] = frozenset()
    is_hashed: bool = False
    owner: str = "county"
    parent: str = ""

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.table.primary_key)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(name for name in _LABELS if name in self.table.c and name not in self.key)


def _watch(name: str, *unrecorded: str, hashed: bool = False, owner: str = "county", parent: str = "") -> WatchedTable:
    table = metadata.tables[name]
    left_out = {*unrecorded, *(column.name for column in table.primary_key)}
    columns = tuple(column.name for column in table.c if column.name not in left_out)
    held = frozenset(name for name in columns if isinstance(table.c[name].type, sa.LargeBinary))
    return WatchedTable(table, columns, held, hashed, owner, parent)


ACTIONS = ("insert", "update", "delete")
#: Everything on which a decision or a mail depends, and who may decide. Left out are columns that only say who works on
#: a row right now, when a page was last asked for, and the journal's own head.
WATCHED = {
    watch.name: watch
    for watch in (
        _watch("counties", "journal_height", "journal_head", owner="id"),
        *map(_watch, ("events", "filings", "filed_files", "rulings", "acknowledgements", "silences", "slips")),
        *map(_watch, ("occurrences", "notices", "requests", "reviews", "column_confirmations", "circulars")),
        _watch("accounts", "totp_step", hashed=True),
        _watch("api_tokens", hashed=True),
        _watch("messages", "attempts", "holder", "lease_until", "next_attempt_at", "doubtful"),
        _watch("request_moves", owner="request", parent="requests"),
        _watch("person_looks", owner="request", parent="requests"),
        _watch("persons", owner="request", parent="requests", hashed=True),
        _watch("circular_lines", owner="circular", parent="circulars"),
        _watch("errata", owner="circular", parent="circulars"),
        *(_watch(name, hashed=True) for name in ("standings", "bulletins", "circular_papers")),
        *(_watch(name, hashed=True) for name in ("visits", "certificates", "second_looks")),
        _watch("entries", "last_seen_at", "read_at", "etag", "last_modified", hashed=True),
        _watch("entry_versions", owner="entry", parent="entries", hashed=True),
        _watch("pages", "read_at", hashed=True),
    )
}


# -- rows as plain values --------------------------------------------------------------------------


def _kind_of(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    return column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type


def plain_sql(dialect: str, column: sa.Column[Any], row: str) -> str:
    """The SQL of a column of `row` as a text, a number, bytes or NULL: the same on both databases."""
    name = f'{row}."{column.name}"'
    kind = _kind_of(column)
    if dialect == "sqlite":
        return name
    if isinstance(kind, sa.DateTime):
        return f"to_char(timezone('UTC', {name}), 'YYYY-MM-DD HH24:MI:SS.US')"
    if isinstance(kind, sa.Boolean):
        return f"{name}::int"
    return f"{name}::text" if isinstance(kind, (sa.JSON, sa.Date)) else name


@cache
def read_sql(dialect: str, watch: WatchedTable) -> str:
    """The query for rows: their key's columns, their county, their recorded columns."""
    names = [plain_sql(dialect, watch.table.c[name], "t") for name in (*watch.key, *watch.columns)]
    owner = f'(SELECT p.county FROM {watch.parent} p WHERE p.id = t."{watch.owner}")'  # noqa: S608
    names.insert(len(watch.key), owner if watch.parent else f't."{watch.owner}"')
    return f"SELECT {', '.join(names)} FROM {watch.name} t"  # noqa: S608 (names of our own tables)


@cache
def match_sql(dialect: str, watch: WatchedTable, count: int) -> str:
    """The condition for `count` keys, whose values are bound as k0, k1…"""
    casts = [_cast_of(dialect, watch.table.c[name]) for name in watch.key]
    places = iter(range(count * len(casts)))
    rows = (", ".join(cast.format(f":k{next(places)}") for cast in casts) for _ in range(count))
    names = ", ".join(f't."{name}"' for name in watch.key)
    return f" WHERE ({names}) IN (VALUES {', '.join(f'({row})' for row in rows)})"


def _cast_of(dialect: str, column: sa.Column[Any]) -> str:
    """How a plain value becomes one of the column's type, in SQL."""
    kind = _kind_of(column)
    if dialect == "sqlite":
        return "{}"
    if isinstance(kind, sa.DateTime):
        return "CAST({} AS timestamp) AT TIME ZONE 'UTC'"
    return "CAST({} AS bigint)" if isinstance(kind, sa.Integer) else "CAST({} AS text)"


def key_text(values: Sequence[Any]) -> str:
    """A key as the journal has it: a plain value, or a JSON list of several."""
    return str(values[0]) if len(values) == 1 else json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


# -- watching --------------------------------------------------------------------------------------


def _list_sql(dialect: str, watch: WatchedTable, names: Sequence[str], row: str) -> str:
    return _array_sql(dialect, [plain_sql(dialect, watch.table.c[name], row) for name in names])


def _array_sql(dialect: str, values: Sequence[str]) -> str:
    made = "json_array({})" if dialect == "sqlite" else "json_build_array({})::text"
    return made.format(", ".join(values))


def _before_sql(dialect: str, watch: WatchedTable) -> str:
    """The recorded columns before the change; of bytes only whether they change, as 1 or 0."""
    if watch.is_hashed:
        return "NULL"
    other = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    parts = [
        f'CASE WHEN OLD."{name}" {other} NEW."{name}" THEN 1 ELSE 0 END'
        if name in watch.bytes
        else plain_sql(dialect, watch.table.c[name], "OLD")
        for name in watch.columns
    ]
    return _array_sql(dialect, parts)


def _changes_sql(dialect: str, watch: WatchedTable) -> str:
    other = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    columns = [watch.table.c[name] for name in (*watch.key, *watch.columns)]
    return " OR ".join(
        f"{plain_sql(dialect, column, 'OLD')} {other} {plain_sql(dialect, column, 'NEW')}" for column in columns
    )


def _insert_sql(dialect: str, watch: WatchedTable, action: str) -> str:
    row = "OLD" if action == "delete" else "NEW"
    before = _before_sql(dialect, watch) if action == "update" else "NULL"
    into = "changed_rows" if dialect == "sqlite" else "pg_temp.changed_rows"
    key = _list_sql(dialect, watch, watch.key, row)
    return (
        f'INSERT INTO {into} ("table", action, "key", owner, before) '  # noqa: S608 (names of our own tables)
        f"VALUES ('{watch.name}', '{action}', {key}, {row}.\"{watch.owner}\", {before});"
    )


@cache
def sqlite_script() -> str:
    """Makes the table `changed_rows` and the triggers of a connection to SQLite."""
    lines = [
        "CREATE TEMP TABLE IF NOT EXISTS changed_rows "
        '(id INTEGER PRIMARY KEY, "table" TEXT, action TEXT, "key" TEXT, owner TEXT, before TEXT);'
    ]
    for watch in WATCHED.values():
        for action in ACTIONS:
            when = f"WHEN {_changes_sql('sqlite', watch)} " if action == "update" else ""
            lines.append(
                f"CREATE TEMP TRIGGER IF NOT EXISTS {watch.name}_{action} AFTER {action} ON main.{watch.name} {when}"
                f"BEGIN {_insert_sql('sqlite', watch, action)} END;"
            )
    return "\n".join(lines)


#: What a connection to PostgreSQL does once before it writes.
POSTGRESQL_SESSION = (
    'CREATE TEMP TABLE IF NOT EXISTS changed_rows (id serial, "table" text, action text, "key" text, owner text, '
    "before text) ON COMMIT DELETE ROWS",
    "SELECT set_config('duban.writing', 'on', false)",
)


def postgresql_function(watch: WatchedTable) -> str:
    """The body of the trigger's function on PostgreSQL. What other programs write is not noted, so it shows."""
    insert, update, delete = (_insert_sql("postgresql", watch, action) for action in ACTIONS)
    return (
        "BEGIN IF current_setting('duban.writing', true) IS DISTINCT FROM 'on' THEN RETURN NULL; END IF; "
        f"IF TG_OP = 'INSERT' THEN {insert} ELSIF TG_OP = 'DELETE' THEN {delete} "
        f"ELSIF {_changes_sql('postgresql', watch)} THEN {update} END IF; RETURN NULL; END"
    )
