"""Holds the watched rows of a county against what its journal says was written to them."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.core.values.message import Message
from tracker.store.engine import Tx
from tracker.store.journal import ROWS_WRITTEN
from tracker.store.row_record import HASH_LENGTH, StoredRow, read_rows
from tracker.store.tables import documents, journal, notices
from tracker.store.triggers import describe_trigger_differences
from tracker.store.watched_rows import WATCHED, WatchedTable

#: Characters of a value in a sentence.
_QUOTED = 40
_LINES = (
    sa.select(journal.c.height, journal.c.after)
    .where(journal.c.county == sa.bindparam("county"), journal.c.action == ROWS_WRITTEN)
    .order_by(journal.c.height)
)


class Recorded(NamedTuple):
    """What the journal says of a row: its values, and the row of the journal that last said something of it.

    `is_whole`: the journal has the row from its beginning; otherwise only these columns are known.
    """

    values: dict[str, Any]
    height: int
    is_whole: bool


def verify_rows(tx: Tx, county: str) -> tuple[int, list[Message]]:
    """How many rows are watched, and a sentence for each that is not as the journal says.

    A sentence names table and key, what stands there, and what the journal says. The chain is not verified here. Named
    too are triggers that are not Duban's own, for what they write passes for its writing, and rules that were changed.
    """
    with _reading_any_text(tx):
        count, defects = _verify_all(tx, county)
    return count, [*defects, *_verify_sent_heads(tx, county), *_verify_documents(tx), *describe_trigger_differences(tx)]


@contextmanager
def _reading_any_text(tx: Tx) -> Iterator[None]:
    """On SQLite a text that was tampered with may be no UTF-8."""
    if tx.dialect.name != "sqlite":
        yield
        return
    raw: Any = tx.connection.dbapi_connection
    raw.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = str


def _verify_all(tx: Tx, county: str) -> tuple[int, list[Message]]:
    recorded, defects = _replay(tx, county)
    count = 0
    for watch in WATCHED.values():
        rows = recorded[watch.name]
        for row in read_rows(tx, watch):
            if row.county != county:
                continue
            count += 1
            known = rows.pop(row.key, None)
            if known is not None:
                defects += _compare(watch, row, known)
            elif watch.name not in _BEGUN_UNRECORDED:
                defects.append(
                    Message(
                        "{row} stands there ({values}), but no row of the journal says that it was written",
                        row=_name(watch, row.key, row.stored),
                        values=_list(row.values),
                    )
                )
        defects += [
            Message(
                "{row} is missing; row {height} of the journal says that it stands there ({values})",
                row=_name(watch, key, known.values),
                height=known.height,
                values=_list(known.values),
            )
            for key, known in rows.items()
        ]
    return count, defects


#: The row of a county is made before its journal begins.
_BEGUN_UNRECORDED = {"counties"}


def _replay(tx: Tx, county: str) -> tuple[dict[str, dict[str, Recorded]], list[Message]]:
    """The rows as the journal leaves them, by table and key; and a sentence for each that was changed past it."""
    tables: dict[str, dict[str, Recorded]] = defaultdict(dict)
    defects: list[Message] = []
    for height, after in tx.execute(_LINES, {"county": county}):
        try:
            written = [(name, key, change) for name, rows in json.loads(after).items() for key, change in rows.items()]
        except (ValueError, AttributeError):
            defects.append(Message("row {height} of the journal does not say what was written", height=height))
            continue
        for name, key, change in written:
            if name not in WATCHED:  # a table of an earlier version
                continue
            known = tables[name].pop(key, None)
            if change is None:
                continue
            values = dict(known.values) if known else {}
            is_change = any(isinstance(value, list) for value in change.values())
            for column, value in change.items():
                if not isinstance(value, list):
                    values[column] = value
                    continue
                before, values[column] = value
                if known is None or column not in WATCHED[name].columns or column in WATCHED[name].bytes:
                    continue
                if before != known.values.get(column) and (known.is_whole or column in known.values):
                    defects.append(_describe_interim(name, key, column, before, known, height))
            is_whole = known.is_whole if known else not is_change
            tables[name][key] = Recorded(values, height, is_whole)
            if known is None and is_change and name not in _BEGUN_UNRECORDED:
                defects.append(
                    Message(
                        "{row}: row {height} of the journal changes it, but no row says that it was written before",
                        row=_name(WATCHED[name], key, values),
                        height=height,
                    )
                )
    return tables, defects


def _describe_interim(name: str, key: str, column: str, found: Any, known: Recorded, height: int) -> Message:
    return Message(
        "{row}: {column} was changed past the journal: row {before} says {expected}, row {height} found {found}",
        row=_name(WATCHED[name], key, known.values),
        column=column,
        before=known.height,
        expected=_quote(known.values.get(column)),
        height=height,
        found=_quote(found),
    )


def _compare(watch: WatchedTable, row: StoredRow, known: Recorded) -> Iterator[Message]:
    values = row.values
    columns = values.keys() | known.values.keys() if known.is_whole else known.values.keys()
    different = [
        name for name in ("#", *watch.columns) if name in columns and values.get(name) != known.values.get(name)
    ]
    for column in different:
        if column == "#":
            yield Message(
                "{row} is not what row {height} of the journal says was written; it stands there as {values}",
                row=_name(watch, row.key, row.stored),
                height=known.height,
                values=_list({name: row.stored[name] for name in watch.columns}),
            )
            continue
        expected = known.values.get(column)
        yield Message(
            "{row}: {column} stands there as {found}, row {height} of the journal says {expected}",
            row=_name(watch, row.key, row.stored),
            column=column,
            found=_quote(row.stored[column]),
            height=known.height,
            expected=_quote(expected),
        )


# -- words -----------------------------------------------------------------------------------------


def _name(watch: WatchedTable, key: str, values: Mapping[str, Any]) -> str:
    labels = [str(values[name]) for name in watch.labels if values.get(name) and str(values[name])[0] != "#"]
    return f"{watch.name} {key}" + (f" ({' · '.join(labels[:3])})" if labels else "")


def _quote(value: Any) -> str:
    if value in (None, "", 0):
        return "–"
    text = bytes(value).hex() if isinstance(value, (bytes, memoryview)) else " ".join(str(value).split())
    if text.startswith("#") and len(text) == HASH_LENGTH:
        return Message("another text (its hash begins with {hash})", hash=text[1:])
    return f"{text[:_QUOTED]}…" if len(text) > _QUOTED else text


def _list(values: Mapping[str, Any]) -> str:
    """The short values of a row, as much as a line takes."""
    telling = {name: value for name, value in values.items() if name not in _DULL and not _is_hash(value)}
    parts = [f"{name} {_quote(value)}" for name, value in telling.items() if value not in (None, "", 0, b"")]
    return ", ".join(parts[:6]) or "–"


#: Columns that say little to a person.
_DULL = {"#", "county", "seq", "rulebook", "calendar"}


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("#") and len(value) == HASH_LENGTH


def _verify_documents(tx: Tx) -> Iterator[Message]:
    """A sentence for each rulebook or calendar that is not what its hash says."""
    for digest, body in tx.execute(sa.select(documents.c.digest, documents.c.body)):
        if hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest() != digest:
            yield Message("documents {digest}: its text was changed, it does not give this hash", digest=digest)


# -- heads that were sent --------------------------------------------------------------------------


def _verify_sent_heads(tx: Tx, county: str) -> Iterator[Message]:
    """A sentence for each head in a decided report or mail of which the chain has another hash."""
    hashes = sa.select(journal.c.height, journal.c.hash).where(journal.c.county == county)
    known: dict[int, str] | None = None
    query = sa.select(notices.c.subject, notices.c.detail).where(
        notices.c.county == county,
        sa.or_(notices.c.subject.startswith("report:overdue:"), notices.c.subject.startswith("journal:")),
    )
    for subject, detail in tx.execute(query):
        head = detail.get("journal") if isinstance(detail, dict) else None
        if not isinstance(head, dict) or not head.get("height"):
            continue
        known = dict(tx.execute(hashes).all()) if known is None else known
        here = known.get(head["height"])
        if here != head.get("head"):
            yield Message(
                "the head that {subject} told the county office was row {height}, {hash}…; here that row is {here}: "
                "the chain was written anew, or an old copy restored",
                subject=subject,
                height=head["height"],
                hash=str(head.get("head"))[:16],
                here=f"{here[:16]}…" if here else "–",
            )
