"""Appends to and reads the journal, one chain of hashes per county, in which no row can be changed unseen.

Each row's hash is the SHA-256 of its canonical bytes, which include the hash of the row before; the county's row
has the newest hash, the head. docs/journal.md defines the bytes, so that anybody can check them. Only heads that
were sent outside reveal it when the whole chain is rewritten together with the head.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from tracker.store.counties import CountyRow, lock_county
from tracker.store.engine import StoreError, Tx, read_origin
from tracker.store.rows import batches, read_all, select_as, values_of
from tracker.store.tables import counties, journal

#: The form in which rows are hashed: netstrings. Form 1 was used before the first version and is not read any more.
FORM = 2


def encode_canonical(value: Any) -> str:
    """The canonical JSON of a value: sorted keys, no spaces, characters unescaped; "" for None."""
    return "" if value is None else _JSON.encode(value)


def _encode_other(value: object) -> str:
    """The text of a value that JSON has no type for: dates and enumerations."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_encode_other)


def format_instant(at: datetime) -> str:
    """The text of an instant for hashing: UTC, with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def compute_digest(form: int, height: int, texts: Sequence[bytes], origin: bytes, previous: bytes) -> str:
    """The hash of a row. `texts`: county, at, who, action, subject, before, after, reason, in UTF-8.

    Raises ValueError for a form other than `FORM`.
    """
    county, at, *rest = texts
    if form != FORM:
        raise ValueError(f"no row has the form {form}")
    parts = (b"%d" % form, county, b"%d" % height, at, *rest, origin, previous)
    return hashlib.sha256(b"".join([b"%d:%b," % (len(part), part) for part in parts])).hexdigest()


#: The action of the rows that say which rows of other tables were written; each names many.
ROWS_WRITTEN = "rows.written"
#: Rows written with one statement, and rows read at a time.
_BATCH, _PAGE = 500, 5000


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One decision by a rule (`who` = `rule:DIGEST`) or a person. `before`, `after`: JSON values."""

    who: str
    action: str
    subject: str
    before: Any = None
    after: Any = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A row of the chain; `before` and `after` are canonical JSON or empty."""

    county: str
    height: int
    at: datetime
    who: str
    action: str
    subject: str
    before: str
    after: str
    reason: str
    previous: str
    hash: str
    origin: str = ""
    form: int = FORM


def compute_hash(row: JournalRow) -> str:
    """The hash that the row must have."""
    texts = (row.county, format_instant(row.at), row.who, row.action, row.subject, row.before, row.after, row.reason)
    return compute_digest(
        row.form, row.height, [text.encode() for text in texts], row.origin.encode(), row.previous.encode()
    )


_ROWS = select_as(JournalRow, journal)
_LAST_AT = (
    sa.select(journal.c.at).where(journal.c.county == sa.bindparam("county")).order_by(journal.c.height.desc()).limit(1)
)
_INSERT = journal.insert()
_MOVE_HEAD = (
    counties.update()
    .where(counties.c.id == sa.bindparam("county"), counties.c.journal_head == sa.bindparam("expected"))
    .values(journal_height=sa.bindparam("height"), journal_head=sa.bindparam("head"))
)


def last_entry_at(tx: Tx, county: str) -> datetime | None:
    """The instant of the county's newest entry; None where there is none."""
    return tx.execute(_LAST_AT, {"county": county}).scalar_one_or_none()


def append_entries(
    tx: Tx, county: str, entries: Sequence[JournalEntry], now: datetime, head: CountyRow | None = None
) -> int:
    """Append entries to the county's chain in their order; returns the height of the last one.

    Their origin is that of the transaction. `head`: the county's row, where the caller locked it in this transaction
    and appended nothing since.
    """
    head = head or lock_county(tx, county)
    height, previous, origin = head.journal_height, head.journal_head, read_origin(tx)
    rows = []
    for entry in entries:
        height += 1
        before, after = encode_canonical(entry.before), encode_canonical(entry.after)
        what = entry.who, entry.action, entry.subject, before, after, entry.reason
        row = JournalRow(county, height, now, *what, previous, "", origin)
        previous = compute_hash(row)
        rows.append(values_of(row) | {"hash": previous})
    for batch in batches(rows, _BATCH):
        tx.execute(_INSERT, batch)
    values = {"county": county, "expected": head.journal_head, "height": height, "head": previous}
    if tx.execute(_MOVE_HEAD, values).rowcount != 1:
        raise StoreError(f"the journal of {county} was continued by another process")
    return height


def list_rows(
    tx: Tx,
    county: str,
    *,
    subject: str | None = None,
    action: str | None = None,
    who: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    last: int | None = None,
) -> list[JournalRow]:
    """The matching rows in their order, or the newest `last` of them. `until`: before that instant.

    A subject also matches by its end after a slash, an action by its part before the dot, and `who` by its part
    before the colon: `event` matches `event.recorded`, `rule` matches every version of the rules. The rows that only
    say which rows were written are listed where their action is asked for.
    """
    query = _ROWS.where(journal.c.county == county).order_by(journal.c.height.desc()).limit(last)
    if subject is not None:
        end = journal.c.subject.endswith(f"/{subject}", autoescape=True)
        query = query.where(sa.or_(journal.c.subject == subject, end))
    for column, mark, value in ((journal.c.action, ".", action), (journal.c.who, ":", who)):
        if value is not None:
            query = query.where(sa.or_(column == value, column.startswith(f"{value}{mark}", autoescape=True)))
    if action is None:
        query = query.where(journal.c.action != ROWS_WRITTEN)
    if since is not None:
        query = query.where(journal.c.at >= since)
    if until is not None:
        query = query.where(journal.c.at < until)
    return read_all(tx, JournalRow, query)[::-1]


#: Rows that are looked through for one page where no index finds them.
_LOOKED_THROUGH = 100_000


def list_newest_rows(
    tx: Tx,
    county: str,
    *,
    subjects: Collection[str] = (),
    action: str | None = None,
    who: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    below: int | None = None,
    most: int,
) -> tuple[list[JournalRow], int | None]:
    """At most so many matching rows below a height, the newest first, and below which height to go on; None: no more.

    `action`, `who`, `until` as `list_rows` takes them; `subjects`: whole ones. Person and action have no index:
    without subject and days a hundred thousand rows are looked through, and the next page goes on there.
    """
    height: Any = journal.c.height
    where = [journal.c.county == county]
    if below is not None:
        where.append(height < below)
    for column, mark, value in ((journal.c.action, ".", action), (journal.c.who, ":", who)):
        if value is not None:
            where.append(sa.or_(column == value, column.startswith(f"{value}{mark}", autoescape=True)))
    if action is None:
        where.append(journal.c.action != ROWS_WRITTEN)
    if subjects:
        where.append(journal.c.subject.in_(subjects))
    where += [journal.c.at >= since] if since else []
    where += [journal.c.at < until] if until else []
    end = None
    if not subjects and since is None and until is None and (action or who):
        top = below or 1 + _read_height(tx, county)
        end = top - _LOOKED_THROUGH if top > _LOOKED_THROUGH else None
        where += [height >= end] if end else []
    # An index by subject or day finds the few rows; in the order of heights all would be read.
    order = (height + 0).desc() if subjects else height.desc()
    rows = read_all(tx, JournalRow, _ROWS.where(*where).order_by(order).limit(most + 1))
    return rows[:most], rows[most - 1].height if len(rows) > most else end


def _read_height(tx: Tx, county: str) -> int:
    query = sa.select(counties.c.journal_height).where(counties.c.id == county)
    return tx.execute(query).scalar_one_or_none() or 0


def read_rows_after(tx: Tx, county: str, height: int) -> Iterator[JournalRow]:
    """The rows above a height, in their order."""
    query = _ROWS.where(journal.c.county == county).order_by(journal.c.height).limit(_PAGE)
    while page := read_all(tx, JournalRow, query.where(journal.c.height > height)):
        yield from page
        height = page[-1].height
