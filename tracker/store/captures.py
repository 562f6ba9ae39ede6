"""Stores captures: where in the archive each answer of the site is, and when the site first gave it."""

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
    """One answer of the site in the archive. `digest`, `size`: of the unpacked body."""

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
    """The last capture of an address that could be read, or the last that could not."""

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
    """For each address the last capture that could be read and the last that could not; up to two, possibly none."""
    last: dict[str, list[LastCapture]] = {url: [] for url in urls}
    for batch in batches(last, _BATCH):
        for url, *values in tx.execute(_LAST, {"county": county, "urls": batch}):
            last[url].append(LastCapture._make(values))
    return last


def record_captures(tx: Tx, county: str, rows: Sequence[Capture]) -> None:
    """Insert captures, one per address and instant. Their files must be on the disk already."""
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
    """The captures of the columns' listing pages up to an instant, oldest first."""
    where = (captures.c.county == county, captures.c.column.in_(columns), captures.c.at <= until)
    query = _CAPTURES.where(*where, captures.c.kind == "listing").order_by(captures.c.at, captures.c.id)
    return read_all(tx, Capture, query)


def group_stale_captures(tx: Tx, county: str, before: datetime) -> dict[str, list[Capture]]:
    """The captures of archive files whose every capture is older than an instant, by file."""
    recent = sa.select(captures.c.file).where(captures.c.county == county, captures.c.at >= before)
    query = _CAPTURES.where(captures.c.county == county, captures.c.file.not_in(recent))
    by_file: dict[str, list[Capture]] = {}
    for capture in read_all(tx, Capture, query.order_by(captures.c.file, captures.c.id)):
        by_file.setdefault(capture.file, []).append(capture)
    return by_file


def list_archive_files(tx: Tx, county: str) -> set[str]:
    """The archive files that contain captures."""
    query = sa.select(captures.c.file).where(captures.c.county == county).distinct()
    return set(tx.execute(query).scalars())


def move_captures(tx: Tx, county: str, moved: Sequence[Capture]) -> None:
    """Update captures whose records were moved to another file or offset."""
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
    """Delete the captures in these files; their number."""
    deleted = 0
    for batch in batches(sorted(files), _BATCH):
        in_files = captures.delete().where(captures.c.county == county, captures.c.file.in_(batch))
        deleted += int(tx.execute(in_files).rowcount)
    return deleted
