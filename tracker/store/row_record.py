"""Records in the journal, at the end of each transaction, the watched rows that it changed.

A row of the journal with the action `rows.written` has, by table and key, what was written: of a new row its values
({"state": "due"}), of a changed one the changed values before and after ({"state": ["due", "sent"]}), null for a
deleted one. Empty values (NULL, "", 0) are left out; a long text or bytes is "#" and 16 digits of its SHA-256. Of
a row of which only the hash is recorded there is {"#": HASH}.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.store.counties import lock_county
from tracker.store.engine import Tx
from tracker.store.journal import ROWS_WRITTEN, JournalEntry, append_entries, last_entry_at
from tracker.store.rows import batches
from tracker.store.tables import journal
from tracker.store.watched_rows import (
    POSTGRESQL_SESSION,
    SHORT,
    WATCHED,
    WatchedTable,
    key_text,
    match_sql,
    read_sql,
    sqlite_script,
)

#: Rows named in one row of the journal.
_NAMED = 500
#: Characters of a hash as `shorten` makes it.
HASH_LENGTH = 17
#: Columns whose instant lies in the past when a row is written.
_PAST = ("recorded_at", "decided_at", "ended_at", "seen_at", "first_seen_at", "at", "read_at", "claimed_at")

#: The values of a row that are not empty, each short.
Values = dict[str, Any]


def shorten(value: Any) -> Any:
    """A plain value as the journal has it. A text that looks like a hash is hashed too, so that none passes for one."""
    if isinstance(value, (bytes, memoryview)):
        return "#" + hashlib.sha256(value).hexdigest()[:16]
    if isinstance(value, str) and (len(value) > SHORT or value.startswith("#")):
        return "#" + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return value


def _values_of(watch: WatchedTable, row: Sequence[Any]) -> Values:
    """The recorded values of a row, given in the order of its columns."""
    values = {
        name: value if type(value) is int else shorten(value)
        for name, value in zip(watch.columns, row, strict=True)
        if value
    }
    if not watch.is_hashed:
        return values
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {"#": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]}


class StoredRow(NamedTuple):
    """A watched row: its values as the journal has them, and its key and recorded columns as they stand."""

    watch: WatchedTable
    county: str
    plain_key: Sequence[Any]
    plain: Sequence[Any]

    @property
    def key(self) -> str:
        return key_text(self.plain_key)

    @property
    def values(self) -> Values:
        return _values_of(self.watch, self.plain)

    @property
    def stored(self) -> dict[str, Any]:
        return dict(zip((*self.watch.key, *self.watch.columns), (*self.plain_key, *self.plain), strict=True))

    @property
    def instant(self) -> str:
        """The latest instant that lies in the past when the row is written, "" where it has none."""
        return max((self.plain[place] or "" for place in _places_of_instants(self.watch)), default="")


@cache
def _places_of_instants(watch: WatchedTable) -> tuple[int, ...]:
    return tuple(place for place, name in enumerate(watch.columns) if name in _PAST)


def read_rows(tx: Tx, watch: WatchedTable, keys: Sequence[Sequence[Any]] | None = None) -> Iterator[StoredRow]:
    """The rows of a table with these keys, or all of them."""
    query = _query(tx.dialect.name, watch, None if keys is None else len(keys))
    if keys is None:
        found: Iterable[Any] = tx.execute(query, execution_options={"yield_per": 2000})
    else:
        bound = {f"k{place}": value for place, value in enumerate(value for key in keys for value in key)}
        found = tx.execute(query, bound)
    width = len(watch.key)
    for row in found:
        yield StoredRow(watch, row[width], row[:width], row[width + 1 :])


@cache
def _query(dialect: str, watch: WatchedTable, count: int | None) -> sa.TextClause:
    """Reads so many rows by their keys, or all."""
    return sa.text(read_sql(dialect, watch) + ("" if count is None else match_sql(dialect, watch, count)))


# -- recording -------------------------------------------------------------------------------------


def prepare_recording(tx: Tx) -> None:
    """Make a connection note the rows that its transactions change. To be called before a transaction begins."""
    connection = tx.connection
    raw: Any = connection.dbapi_connection
    if connection.info.get("recording"):
        if tx.dialect.name == "sqlite":  # what another transaction of this connection wrote past `Store.begin`
            raw.execute("DELETE FROM changed_rows")
        return
    if tx.dialect.name == "sqlite":
        known = {name for (name,) in raw.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")}
        if not known >= WATCHED.keys():
            return  # before the first migration
        raw.executescript(sqlite_script())
    else:
        raw.autocommit = True
        for statement in POSTGRESQL_SESSION:
            raw.execute(statement)
        raw.autocommit = False
    connection.info["recording"] = True


def record_changes(tx: Tx) -> None:
    """Append to the journal what this transaction wrote so far, for each county."""
    if not tx.connection.info.get("recording"):
        return
    noted = tx.exec_driver_sql(_NOTED).all()
    if not noted:
        return
    tx.exec_driver_sql("DELETE FROM changed_rows")
    changes: dict[str, list[_Change]] = defaultdict(list)
    instants: dict[str, str] = {}
    for watch, first in _group_noted(noted):
        for county, key, change, instant in _compare(tx, watch, first):
            changes[county].append((watch.name, key, change))
            instants[county] = max(instants.get(county, ""), instant)
    for county in sorted(changes):
        _append(tx, county, changes[county], instants[county])


_NOTED = 'SELECT "table", action, "key", owner, before FROM changed_rows ORDER BY id'
#: Table, key, and what was written.
_Change = tuple[str, str, Values | None]


class _Noted(NamedTuple):
    """What was noted of a row: its first action in the transaction, its owner, and its values before."""

    action: str
    owner: Any
    before: list[Any] | None


def _group_noted(noted: Iterable[Any]) -> Iterator[tuple[WatchedTable, dict[str, _Noted]]]:
    """By table, the rows that were changed, by the text of their key, as they were first noted."""
    tables: dict[str, dict[str, _Noted]] = defaultdict(dict)
    for table, action, key, owner, before in noted:
        values = json.loads(before) if before else None
        known = tables[table].get(key)
        if known is None:
            tables[table][key] = _Noted(action, owner, values)
        elif known.before is not None and values is not None:
            for place, name in enumerate(WATCHED[table].columns):
                if name in WATCHED[table].bytes:  # changed by any of the statements
                    known.before[place] |= values[place]
    return ((WATCHED[table], rows) for table, rows in tables.items())


def _compare(tx: Tx, watch: WatchedTable, noted: Mapping[str, _Noted]) -> Iterator[tuple[str, str, Values | None, str]]:
    """County, key, what was written, and the latest instant of each row that is not as it was."""
    keys = {text: json.loads(text) for text in noted}
    stored = {row.key: row for batch in batches(keys.values(), 100) for row in read_rows(tx, watch, batch)}
    for text, first in noted.items():
        row = stored.get(key_text(keys[text]))
        if row is None:
            if first.action != "insert":
                yield _county_of(tx, watch, first.owner), key_text(keys[text]), None, ""
        elif first.action == "insert" or watch.is_hashed or first.before is None:
            if watch.name != "counties":
                yield row.county, row.key, row.values, row.instant
        elif written := _differences(watch, first.before, row):
            yield row.county, row.key, written, row.instant


def _differences(watch: WatchedTable, plain: list[Any], row: StoredRow) -> Values:
    """The changed values, before and after; None before where bytes changed, of which the hash was not noted."""
    changes: Values = {}
    for name, before, after in zip(watch.columns, plain, row.plain, strict=True):
        if name in watch.bytes:
            if before:
                changes[name] = [None, _recorded(after)]
        elif before != after and (values := [_recorded(before), _recorded(after)]) != [None, None]:
            changes[name] = values
    return changes


def _recorded(value: Any) -> Any:
    """A value as the journal has it; None for an empty one."""
    return shorten(value) if value else None


def _county_of(tx: Tx, watch: WatchedTable, owner: Any) -> str:
    if not watch.parent:
        return str(owner)
    query = sa.text(f"SELECT county FROM {watch.parent} WHERE id = :id")  # noqa: S608 (name of our own table)
    return str(tx.execute(query, {"id": int(owner)}).scalar_one())


def _append(tx: Tx, county: str, changes: Sequence[_Change], instant: str, reason: str = "") -> None:
    """Append what was written, at the instant of the newest entry; the first one of all at that of the newest row."""
    head = lock_county(tx, county)
    at = last_entry_at(tx, county) or datetime.fromisoformat(instant or "1970-01-01").replace(tzinfo=UTC)
    entries = []
    for batch in batches(changes, _NAMED):
        after: dict[str, dict[str, Any]] = defaultdict(dict)
        for table, key, change in batch:
            after[table][key] = change
        entries.append(JournalEntry("duban", ROWS_WRITTEN, "rows", None, after, reason))
    append_entries(tx, county, entries, at, head)


def record_all(tx: Tx, reason: str) -> None:
    """Append all watched rows as they stand: what a database without such records begins with."""
    changes: dict[str, list[_Change]] = defaultdict(list)
    instants: dict[str, str] = {}
    for watch in WATCHED.values():
        for row in read_rows(tx, watch):
            changes[row.county].append((watch.name, row.key, row.values))
            instants[row.county] = max(instants.get(row.county, ""), row.instant)
    # Only once: otherwise a revision set back in the database would have everything recorded as it was tampered with.
    recorded = set(tx.execute(sa.select(journal.c.county).where(journal.c.action == ROWS_WRITTEN).distinct()).scalars())
    for county in sorted(changes.keys() - recorded):
        _append(tx, county, changes[county], instants[county], reason)
