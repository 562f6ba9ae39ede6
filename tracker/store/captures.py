"""Captures: where in the archive it lies what the site said, and since when it said so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from tracker.store.engine import Tx, insert_new
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


_COLUMNS = [captures.c[one.name] for one in fields(Capture)]
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
_LAST = sa.select(captures.c.url, *(captures.c[name] for name in LastCapture._fields)).where(
    *_AT, _OF_URLS, captures.c.at == _LAST_AT
)


def last_captures(tx: Tx, county: str, urls: Collection[str]) -> dict[str, list[LastCapture]]:
    """The last capture of each address that could be read, and the last that could not, as far as there are."""
    found: dict[str, list[LastCapture]] = {url: [] for url in urls}
    for some in _slices(list(found)):
        for url, *values in tx.execute(_LAST, {"county": county, "urls": some}):
            found[url].append(LastCapture._make(values))
    return found


def record_captures(tx: Tx, county: str, rows: Sequence[Capture]) -> None:
    """Once per address and instant. What they point to is on the disk already."""
    if rows:
        tx.execute(insert_new(tx, captures), [{"county": county, **asdict(capture)} for capture in rows])


def captures_of(tx: Tx, county: str, urls: Collection[str]) -> list[Capture]:
    """All captures of some addresses, oldest first."""
    query = sa.select(*_COLUMNS).where(*_AT, _OF_URLS).order_by(captures.c.at, captures.c.id)
    return [
        Capture(*row)
        for some in _slices(sorted(set(urls)))
        for row in tx.execute(query, {"county": county, "urls": some})
    ]


def listing_captures(tx: Tx, county: str, columns: Collection[str], until: datetime) -> list[Capture]:
    """The captures of some columns' pages up to an instant, oldest first."""
    where = (captures.c.county == county, captures.c.column.in_(list(columns)), captures.c.at <= until)
    query = sa.select(*_COLUMNS).where(*where, captures.c.kind == "listing").order_by(captures.c.at, captures.c.id)
    return [Capture(*row) for row in tx.execute(query)]


def stale_files(tx: Tx, county: str, before: datetime) -> dict[str, list[Capture]]:
    """The archive's files of which every capture is older than an instant, with these."""
    young = sa.select(captures.c.file).where(captures.c.county == county, captures.c.at >= before)
    query = sa.select(*_COLUMNS).where(captures.c.county == county, captures.c.file.not_in(young))
    found: dict[str, list[Capture]] = {}
    for row in tx.execute(query.order_by(captures.c.file, captures.c.id)):
        found.setdefault(row.file, []).append(Capture(*row))
    return found


def known_files(tx: Tx, county: str) -> set[str]:
    """The archive's files that captures lie in."""
    query = sa.select(captures.c.file).where(captures.c.county == county).distinct()
    return set(tx.execute(query).scalars())


def move_captures(tx: Tx, county: str, moved: Sequence[Capture]) -> None:
    """Point captures to where their records were carried."""
    same = (captures.c[name] == sa.bindparam(f"of_{name}") for name in ("kind", "url", "at"))
    query = captures.update().where(captures.c.county == county, *same)
    rows = [
        {f"of_{name}": getattr(capture, name) for name in ("kind", "url", "at")} | _place(capture) for capture in moved
    ]
    if rows:
        tx.execute(query, rows)


def _place(capture: Capture) -> dict[str, str | int]:
    return {"file": capture.file, "offset": capture.offset, "length": capture.length}


def forget_files(tx: Tx, county: str, files: Collection[str]) -> int:
    """Drop the captures that lie in some files; how many."""
    dropped = 0
    for some in _slices(sorted(files)):
        gone = captures.delete().where(captures.c.county == county, captures.c.file.in_(some))
        dropped += int(tx.execute(gone).rowcount)
    return dropped


def _slices(all_of: list[str]) -> Iterator[list[str]]:
    return (all_of[start : start + _BATCH] for start in range(0, len(all_of), _BATCH))
