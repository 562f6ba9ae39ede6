"""What was seen on the site: visits, entries with their versions, kept pages. Written by the crawl alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.facts import Attachment, Moment, Sighting, Visit
from tracker.store.engine import Tx, insert
from tracker.store.tables import entries, entry_versions, pages, visits

#: Parameters of one statement; SQLite takes 32,766.
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Known:
    """An entry as the crawl needs it: what the listing printed, and how its latest version stands."""

    id: int
    url: str
    listed_title: str
    listed_claimed: Moment | None
    publisher: str
    first_seen_at: datetime
    last_seen_at: datetime
    missing_at: datetime | None
    gone_at: datetime | None
    read_at: datetime | None
    etag: str
    last_modified: str
    title: str
    claimed: Moment | None
    claimed_from: str
    state: str
    number: int


@dataclass(frozen=True, slots=True)
class PageRow:
    """A listing page as it was last read; `parsed` is what the reader made of it."""

    url: str
    etag: str
    last_modified: str
    digest: str
    parsed: Mapping[str, Any]
    read_at: datetime


@dataclass(frozen=True, slots=True)
class NewVersion:
    """An entry's next version. `replaces`: the text of a version never read before, not a change."""

    entry: int
    number: int
    seen_at: datetime
    title: str
    claimed: Moment | None
    claimed_from: str
    text: str | None
    state: str
    source: str
    attachments: tuple[Attachment, ...]
    replaces: bool = False


_others = entry_versions.alias()
_last = (
    sa.select(sa.func.max(_others.c.number)).where(_others.c.entry == entries.c.id).correlate(entries).scalar_subquery()
)
_IN_VERSION = ("title", "claimed", "claimed_from", "state", "number")
_KNOWN = (
    sa.select(
        entries.c.column,
        *((entry_versions if one.name in _IN_VERSION else entries).c[one.name] for one in fields(Known)),
    )
    .select_from(entries.join(entry_versions, entry_versions.c.entry == entries.c.id))
    .where(entries.c.county == sa.bindparam("county"), entries.c.column.in_(sa.bindparam("columns", expanding=True)))
    .where(entry_versions.c.number == _last)
)


_SEEN = (
    entries.update()
    .where(entries.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(last_seen_at=sa.bindparam("at"), missing_at=None)
)


async def known_entries(tx: Tx, county: str, columns: Collection[str]) -> dict[str, dict[str, Known]]:
    """The entries of these columns: column → address → entry."""
    found: dict[str, dict[str, Known]] = {column: {} for column in columns}
    for column, *values in await tx.execute(_KNOWN, {"county": county, "columns": list(columns)}):
        known = Known(*values)
        found[column][known.url] = known
    return found


async def text_of(tx: Tx, entry: int, number: int) -> tuple[str | None, tuple[Attachment, ...], str]:
    """Text, attachments and source of one version."""
    query = sa.select(entry_versions.c.text, entry_versions.c.attachments, entry_versions.c.source)
    row = (await tx.execute(query.where(entry_versions.c.entry == entry, entry_versions.c.number == number))).one()
    return row.text, tuple(Attachment(**one) for one in row.attachments), row.source


async def kept_pages(tx: Tx, county: str, urls: Collection[str]) -> dict[str, PageRow]:
    """The listing pages that were read before, by address."""
    columns = (pages.c.url, pages.c.etag, pages.c.last_modified, pages.c.digest, pages.c.parsed, pages.c.read_at)
    rows = await tx.execute(sa.select(*columns).where(pages.c.county == county, pages.c.url.in_(urls)))
    return {row.url: PageRow(*row) for row in rows}


async def keep_pages(tx: Tx, county: str, rows: Sequence[PageRow]) -> None:
    for row in rows:
        values = {name: getattr(row, name) for name in ("etag", "last_modified", "digest", "parsed", "read_at")}
        statement = insert(tx, pages).values(county=county, url=row.url, **values)
        await tx.execute(statement.on_conflict_do_update(index_elements=["county", "url"], set_=values))


async def record_visit(tx: Tx, county: str, seq: int, visit: Visit) -> None:
    """Once per column and instant: the same visit recorded twice is one."""
    reached = visit.reached.isoformat() if isinstance(visit.reached, date) else visit.reached or ""
    values = {name: getattr(visit, name) for name in ("column", "began_at", "ended_at", "pages", "entries", "note")}
    values |= {"county": county, "seq": seq, "outcome": str(visit.outcome), "reached": reached}
    await tx.execute(insert(tx, visits).on_conflict_do_nothing(), values)


async def add_entries(tx: Tx, county: str, seq: int, column: str, seen: Sequence[Sighting], at: datetime) -> None:
    """New entries with their first version, as the listing shows them; their articles are still unread."""
    if not seen:
        return
    same = {"county": county, "seq": seq, "column": column, "first_seen_at": at, "last_seen_at": at}
    rows = [
        same | {"url": one.url, "publisher": one.publisher, "listed_title": one.title, "listed_claimed": one.claimed}
        for one in seen
    ]
    await tx.execute(insert(tx, entries).on_conflict_do_nothing(), rows)
    ids = await _ids(tx, county, column, [one.url for one in seen])
    versions: list[dict[str, Any]] = [
        {
            "entry": ids[one.url], "number": 1, "seen_at": at, "title": one.title, "claimed": one.claimed,
            "claimed_from": "" if one.claimed is None else "inferred" if one.inferred else "listing",
            "text": None, "state": "unread", "source": "", "attachments": [],
        }
        for one in seen
    ]  # fmt: skip
    await tx.execute(insert(tx, entry_versions).on_conflict_do_nothing(), versions)


async def _ids(tx: Tx, county: str, column: str, urls: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(0, len(urls), _BATCH):
        query = sa.select(entries.c.url, entries.c.id).where(
            entries.c.county == county, entries.c.column == column, entries.c.url.in_(urls[at : at + _BATCH])
        )
        found.update({row.url: row.id for row in await tx.execute(query)})
    return found


async def mark_seen(tx: Tx, ids: Sequence[int], at: datetime) -> None:
    """A mere sighting: no new number, nothing to judge again."""
    for start in range(0, len(ids), _BATCH):
        await tx.execute(_SEEN, {"ids": list(ids[start : start + _BATCH]), "at": at})


async def mark_missing(tx: Tx, ids: Sequence[int], at: datetime) -> None:
    """Not in a complete visit any more. Whether it is gone is asked at its own address."""
    for start in range(0, len(ids), _BATCH):
        query = entries.update().where(entries.c.id.in_(ids[start : start + _BATCH]), entries.c.missing_at.is_(None))
        await tx.execute(query.values(missing_at=at))


async def change_entries(tx: Tx, changes: Sequence[Mapping[str, Any]]) -> None:
    """Set columns of entries, each change a mapping with `id`. A change that is to be judged carries `seq`."""
    for change in changes:
        values = {name: value for name, value in change.items() if name != "id"}
        await tx.execute(entries.update().where(entries.c.id == change["id"]).values(values))


async def mark_read(tx: Tx, ids: Sequence[int], at: datetime) -> None:
    """Their articles were asked for and are as they were."""
    for start in range(0, len(ids), _BATCH):
        await tx.execute(entries.update().where(entries.c.id.in_(ids[start : start + _BATCH])).values(read_at=at))


async def add_versions(tx: Tx, versions: Sequence[NewVersion]) -> None:
    """A change keeps both versions; the first reading of an article fills in the version that lacks it."""
    for one in versions:
        values = {
            "title": one.title, "claimed": one.claimed, "claimed_from": one.claimed_from, "text": one.text,
            "state": one.state, "source": one.source[:256],
            "attachments": [{"name": file.name, "url": file.url, "text": file.text} for file in one.attachments],
        }  # fmt: skip
        if one.replaces:
            chosen = (entry_versions.c.entry == one.entry, entry_versions.c.number == one.number)
            await tx.execute(entry_versions.update().where(*chosen).values(values))
        else:
            key = {"entry": one.entry, "number": one.number, "seen_at": one.seen_at}
            await tx.execute(insert(tx, entry_versions).values(key | values).on_conflict_do_nothing())
