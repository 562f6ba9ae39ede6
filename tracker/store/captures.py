"""Captures: where in the archive the answers of the site are, and since when it gave them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from tracker.store.engine import Tx, insert_new
from tracker.store.rows import batches, columns_of, read_all, select_as, values_of
from tracker.store.tables import captures

#: Parameters of one statement.
_BATCH = 500
_KINDS = ("listing", "article", "file")
READ = "read"


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer of the site in the archive; the columns of its table. `digest`, `size`: of the unpacked body."""

    column: str
    kind: str
    url: str
    at: datetime
    outcome: str
    status: int
    digest: str
    size: int
    file: str
    offset: int
    length: int


class LastCapture(NamedTuple):
    """The last capture of an address, of what could be read or of what could not."""

    at: datetime
    outcome: str
    status: int
    digest: str


_CAPTURES = select_as(Capture, captures)
_later = captures.alias()
_SAME = (
    _later.c.county == captures.c.county,
    _later.c.kind == captures.c.kind,
    _later.c.url == captures.c.url,
    (_later.c.outcome == READ) == (captures.c.outcome == READ),
)
_AT = (captures.c.county == sa.bindparam("county"), captures.c.kind.in_(_KINDS))
_OF_URLS = captures.c.url.in_(sa.bindparam("urls", expanding=True))
_LAST_AT = sa.select(sa.func.max(_later.c.at)).where(*_SAME).scalar_subquery()
_LAST = sa.select(captures.c.url, *columns_of(LastCapture, captures)).where(*_AT, _OF_URLS, captures.c.at == _LAST_AT)


def load_last_captures(tx: Tx, county: str, urls: Collection[str]) -> dict[str, list[LastCapture]]:
    """The last capture of each address that could be read, and the last that could not, as far as there are."""
    found: dict[str, list[LastCapture]] = {url: [] for url in urls}
    for batch in batches(found, _BATCH):
        for url, *values in tx.execute(_LAST, {"county": county, "urls": batch}):
            found[url].append(LastCapture._make(values))
    return found


def record_captures(tx: Tx, county: str, rows: Sequence[Capture]) -> None:
    """Once per address and instant. The files that they point to are on the disk already."""
    if rows:
        tx.execute(insert_new(tx, captures), [values_of(capture) | {"county": county} for capture in rows])


def load_captures(tx: Tx, county: str, urls: Collection[str]) -> list[Capture]:
    """All captures of some addresses, oldest first."""
    query = _CAPTURES.where(*_AT, _OF_URLS).order_by(captures.c.at, captures.c.id)
    return [
        capture
        for batch in batches(sorted(set(urls)), _BATCH)
        for capture in read_all(tx, Capture, query, {"county": county, "urls": batch})
    ]


def load_listing_captures(tx: Tx, county: str, columns: Collection[str], until: datetime) -> list[Capture]:
    """The captures of some columns' pages up to an instant, oldest first."""
    where = (captures.c.county == county, captures.c.column.in_(columns), captures.c.at <= until)
    query = _CAPTURES.where(*where, captures.c.kind == "listing").order_by(captures.c.at, captures.c.id)
    return read_all(tx, Capture, query)


def group_stale_captures(tx: Tx, county: str, before: datetime) -> dict[str, list[Capture]]:
    """The archive's files of which every capture is older than an instant, with these."""
    young = sa.select(captures.c.file).where(captures.c.county == county, captures.c.at >= before)
    query = _CAPTURES.where(captures.c.county == county, captures.c.file.not_in(young))
    found: dict[str, list[Capture]] = {}
    for capture in read_all(tx, Capture, query.order_by(captures.c.file, captures.c.id)):
        found.setdefault(capture.file, []).append(capture)
    return found


def list_archive_files(tx: Tx, county: str) -> set[str]:
    """The archive's files that captures lie in."""
    query = sa.select(captures.c.file).where(captures.c.county == county).distinct()
    return set(tx.execute(query).scalars())


def move_captures(tx: Tx, county: str, moved: Sequence[Capture]) -> None:
    """Point captures to where their records were carried."""
    key, place = ("kind", "url", "at"), ("file", "offset", "length")
    query = captures.update().where(
        captures.c.county == county, *(captures.c[name] == sa.bindparam(f"of_{name}") for name in key)
    )
    rows = [
        {f"of_{name}": getattr(capture, name) for name in key} | {name: getattr(capture, name) for name in place}
        for capture in moved
    ]
    if rows:
        tx.execute(query, rows)


def delete_captures(tx: Tx, county: str, files: Collection[str]) -> int:
    """Drop the captures that lie in some files; how many."""
    dropped = 0
    for batch in batches(sorted(files), _BATCH):
        in_files = captures.delete().where(captures.c.county == county, captures.c.file.in_(batch))
        dropped += int(tx.execute(in_files).rowcount)
    return dropped
