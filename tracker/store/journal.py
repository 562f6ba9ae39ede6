"""The journal: append-only, one chain of hashes a county, so that no row can be changed unseen.

Each row's hash is the SHA-256 of its canonical JSON, which holds the hash of the row before; the
county's row holds the newest one. Rewriting the whole chain and that head with it cannot be seen
from inside: whoever must exclude it keeps a head elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa

from tracker.store.counties import CountyRow, lock_county, read_county
from tracker.store.engine import StoreError, Tx
from tracker.store.tables import counties, journal

#: Rows written with one statement, rows held at a time while verifying.
_BATCH, _PAGE = 500, 5000

#: Below every height, zero and less included: nothing may be put in front of row 1.
_LOWEST = -(2**62)


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
    """An entry as it stands in its chain; `before` and `after` are canonical JSON, or empty."""

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


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a county's chain no longer holds, and in words why."""

    county: str
    height: int
    kind: Literal["changed", "removed", "inserted", "reordered", "truncated"]
    why: str

    def __str__(self) -> str:
        return f"row {self.height}: {self.kind}: {self.why}"


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, characters as they are. None gives ""."""
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_text)


def hash_of(row: JournalRow) -> str:
    """The hash that the row must carry."""
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = (row.county, row.height, at, row.who, row.action, row.subject, row.before, row.after, row.reason)
    return hashlib.sha256(canonical([*parts, row.previous]).encode()).hexdigest()


_INSERT = journal.insert()
_MOVE_HEAD = (
    counties.update()
    .where(counties.c.id == sa.bindparam("county"), counties.c.journal_head == sa.bindparam("expected"))
    .values(journal_height=sa.bindparam("height"), journal_head=sa.bindparam("head"))
)


async def append(
    tx: Tx, county: str, entries: Sequence[JournalEntry], now: datetime, head: CountyRow | None = None
) -> int:
    """Add entries to the county's chain, in their order; the height of the last one.

    `head`: the county as the caller has locked it in this transaction, where nothing was added since.
    """
    head = head or await lock_county(tx, county)
    height, previous = head.journal_height, head.journal_head
    rows = []
    for entry in entries:
        height += 1
        rows.append(_chained(county, height, entry, now, previous))
        previous = rows[-1]["hash"]
    for first in range(0, len(rows), _BATCH):
        await tx.execute(_INSERT, rows[first : first + _BATCH])
    await _move_head(tx, county, head.journal_head, height, previous)
    return height


def _chained(county: str, height: int, entry: JournalEntry, now: datetime, previous: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "county": county,
        "height": height,
        "at": now,
        "who": entry.who,
        "action": entry.action,
        "subject": entry.subject,
        "before": canonical(entry.before),
        "after": canonical(entry.after),
        "reason": entry.reason,
        "previous": previous,
    }
    return {**values, "hash": hash_of(JournalRow(**values, hash=""))}


async def _move_head(tx: Tx, county: str, expected: str, height: int, head: str) -> None:
    values = {"county": county, "expected": expected, "height": height, "head": head}
    moved = await tx.execute(_MOVE_HEAD, values)
    if moved.rowcount != 1:
        raise StoreError(f"the journal of {county} was continued by another process")


async def show(
    tx: Tx, county: str, *, subject: str | None = None, action: str | None = None, last: int | None = None
) -> list[JournalRow]:
    """Rows in their order; the newest `last` of those that fit."""
    query = sa.select(journal).where(journal.c.county == county).order_by(journal.c.height.desc()).limit(last)
    if subject is not None:
        query = query.where(journal.c.subject == subject)
    if action is not None:
        query = query.where(journal.c.action == action)
    return [JournalRow(**row._mapping) for row in await tx.execute(query)][::-1]


async def verify(tx: Tx, county: str) -> list[Broken]:
    """Walk the whole chain; the first height where it no longer holds, and why. Empty: it holds."""
    head = await read_county(tx, county)
    height, previous, after = 0, "", _LOWEST
    while page := await _page(tx, county, after):
        for row in page:
            if (row.height, row.previous, row.hash) != (height + 1, previous, hash_of(row)):
                return [await _explain(tx, row, height, previous, head.journal_height)]
            height, previous = row.height, row.hash
        after = height
    return _check_head(county, height, previous, head.journal_height, head.journal_head)


async def _page(tx: Tx, county: str, after: int) -> list[JournalRow]:
    where = (journal.c.county == county, journal.c.height > after)
    query = sa.select(journal).where(*where).order_by(journal.c.height).limit(_PAGE)
    return [JournalRow(*row) for row in await tx.execute(query)]


async def _explain(tx: Tx, row: JournalRow, height: int, previous: str, head_height: int) -> Broken:
    """What happened at the first row that does not follow the one at `height` with the hash `previous`."""
    here = (journal.c.county == row.county,)
    count = (await tx.execute(sa.select(sa.func.count()).select_from(journal).where(*here))).scalar_one()
    follower = sa.select(sa.func.min(journal.c.height)).where(*here, journal.c.previous == previous)
    elsewhere = (await tx.execute(follower.where(journal.c.height != row.height))).scalar_one()
    if count > head_height:
        return Broken(row.county, row.height, "inserted", f"{count} rows where its head says {head_height}")
    if count < head_height or row.height != height + 1:
        return Broken(
            row.county, height + 1, "removed", f"after row {height} rows are missing: {count} of {head_height}"
        )
    if elsewhere is not None:
        return Broken(row.county, row.height, "reordered", f"the row that follows row {height} stands at {elsewhere}")
    return Broken(
        row.county, row.height, "changed", "its contents do not give its hash, or it names another row before"
    )


def _check_head(county: str, height: int, last: str, head_height: int, head: str) -> list[Broken]:
    if height < head_height:
        why = f"the chain ends at row {height}, its head says {head_height}: the end was cut off"
        return [Broken(county, height + 1, "truncated", why)]
    if height > head_height:
        why = f"the chain goes on to row {height}, its head says {head_height}: rows were put in"
        return [Broken(county, head_height + 1, "inserted", why)]
    if last != head:
        return [Broken(county, height, "changed", f"row {height} is not the one its head names: it was replaced")]
    return []


def _text(value: object) -> str:
    """What JSON does not know: dates and enums by their own text."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
