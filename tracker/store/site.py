"""Stores the entries of a site with their versions, and its listing pages as last read. Only the crawl writes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.core.values.facts import Attachment, Moment, Sighting
from tracker.core.verdict.stay import LastLook
from tracker.store.engine import Tx, insert_new, insert_or_replace
from tracker.store.rows import batches, columns_of, read_all, select_as, values_of, write_rows
from tracker.store.tables import entries, entry_versions, pages

#: Parameters of one statement; SQLite takes 32,766.
_BATCH = 1000


class KnownEntry(NamedTuple):
    """The fields of an entry that a crawl needs: from its listing and from its latest version.

    It is a tuple, since a pass may load thousands of them.
    """

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
    hollow_at: datetime | None = None

    def after_sighting(self, at: datetime) -> KnownEntry:
        """The entry after a mere sighting. Built by position: `_replace` takes five times as long."""
        return KnownEntry._make((*self[:_LAST_SEEN], at, None, *self[_LAST_SEEN + 2 :]))


#: The position of `last_seen_at`; `missing_at` follows it.
_LAST_SEEN = KnownEntry._fields.index("last_seen_at")


@dataclass(frozen=True, slots=True)
class PageRow:
    """A listing page as it was last read; `parsed`: the result of the reader."""

    url: str
    etag: str
    last_modified: str
    digest: str
    parsed: Mapping[str, Any]
    read_at: datetime


@dataclass(frozen=True, slots=True)
class NewVersion:
    """An entry's next version. `replaces`: it fills in the text of a version whose article was unread."""

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
    dates: tuple[tuple[str, Moment], ...] = ()
    fingerprint: str = ""


_others = entry_versions.alias()
_last = (
    sa.select(sa.func.max(_others.c.number)).where(_others.c.entry == entries.c.id).correlate(entries).scalar_subquery()
)
_KNOWN = (
    sa.select(entries.c.column, *columns_of(KnownEntry, entries, entry_versions))
    .select_from(entries.join(entry_versions, entry_versions.c.entry == entries.c.id))
    .where(entries.c.county == sa.bindparam("county"), entries.c.column.in_(sa.bindparam("columns", expanding=True)))
    .where(entry_versions.c.number == _last)
)


_KNOWN_AT = _KNOWN.where(entries.c.url.in_(sa.bindparam("urls", expanding=True)))
_IDS = entries.c.id.in_(sa.bindparam("ids", expanding=True))
_MISSING = entries.update().where(_IDS, entries.c.missing_at.is_(None)).values(missing_at=sa.bindparam("at"))
_READ = entries.update().where(_IDS).values(read_at=sa.bindparam("at"))
#: The entries that this transaction added: no other transaction has its number.
_NEW = (
    entries.c.county == sa.bindparam("of"),
    entries.c.column == sa.bindparam("in_column"),
    entries.c.seq == sa.bindparam("with_seq"),
)
_ADDED = sa.select(entries.c.url, entries.c.id).where(*_NEW)
_FIRST: dict[str, Any] = {
    "entry": entries.c.id,
    "number": sa.literal_column("1"),
    "seen_at": sa.bindparam("at", type_=entry_versions.c.seen_at.type),
    "title": entries.c.listed_title,
    "claimed": entries.c.listed_claimed,
    "claimed_from": sa.case((entries.c.listed_claimed.is_(None), ""), else_="listing"),
    "state": sa.literal("unread"),
    "source": sa.literal(""),
    "attachments": sa.bindparam("attached", type_=entry_versions.c.attachments.type),
    "dates": sa.bindparam("dated", type_=entry_versions.c.dates.type),
    "fingerprint": sa.literal(""),
}
_FIRST_VERSIONS = entry_versions.insert().from_select(list(_FIRST), sa.select(*_FIRST.values()).where(*_NEW))
_INFERRED = (
    entry_versions.update()
    .where(
        entry_versions.c.number == 1,
        entry_versions.c.entry.in_(
            sa.select(entries.c.id).where(*_NEW, entries.c.url.in_(sa.bindparam("urls", expanding=True)))
        ),
    )
    .values(claimed_from="inferred")
)
_TEXTS = sa.select(
    entry_versions.c.entry, entry_versions.c.number, entry_versions.c.text, entry_versions.c.attachments,
    entry_versions.c.source, entry_versions.c.dates,
).where(entry_versions.c.entry.in_(sa.bindparam("entries", expanding=True)))  # fmt: skip
_FILES = sa.select(
    entry_versions.c.entry, entry_versions.c.number, entry_versions.c.seen_at, entry_versions.c.attachments
).where(entry_versions.c.entry.in_(sa.bindparam("entries", expanding=True)))


def load_known_entries(
    tx: Tx, county: str, columns: Collection[str], urls: Collection[str] | None = None
) -> dict[str, dict[str, KnownEntry]]:
    """The entries of these columns, or only those at `urls`: column → address → entry."""
    known: dict[str, dict[str, KnownEntry]] = {column: {} for column in columns}
    bounds = {"county": county, "columns": list(columns)}
    rows = tx.execute(_KNOWN, bounds) if urls is None else tx.execute(_KNOWN_AT, bounds | {"urls": list(urls)})
    for column, *values in rows:
        entry = KnownEntry._make(values)
        known[column][entry.url] = entry
    return known


#: The text, attachments, source and dates of one version.
Body = tuple[str | None, tuple[Attachment, ...], str, tuple[tuple[str, Moment], ...]]


def load_texts(tx: Tx, known: Sequence[KnownEntry]) -> dict[int, Body]:
    """The articles of these entries as last read, by entry."""
    if not known:
        return {}
    numbers = {entry.id: entry.number for entry in known}
    rows = tx.execute(_TEXTS, {"entries": list(numbers)})
    return {entry: tuple(body) for entry, number, *body in rows if number == numbers[entry]}


def load_attachments(tx: Tx, known: Sequence[KnownEntry]) -> dict[int, tuple[datetime, tuple[Attachment, ...]]]:
    """(first seen, attachments) of the latest versions of these entries, by entry, where there are any."""
    numbers = {entry.id: entry.number for entry in known}
    rows = tx.execute(_FILES, {"entries": list(numbers)})
    return {
        row.entry: (row.seen_at, row.attachments)
        for row in rows
        if row.number == numbers[row.entry] and row.attachments
    }


def load_newest_titles(tx: Tx, county: str, count: int) -> dict[str, list[tuple[str, Moment | None]]]:
    """The newest entries of each column by the days that its list prints, title and day; at most `count` of each.

    Entries without a day come last, in the order in which they were seen. Those that are gone are left out.
    """
    order = (entries.c.listed_claimed.desc().nulls_last(), entries.c.id)
    place = sa.func.row_number().over(partition_by=entries.c.column, order_by=order).label("place")
    listed = (
        sa.select(entries.c.column, entries.c.listed_title, entries.c.listed_claimed, place)
        .where(entries.c.county == county, entries.c.gone_at.is_(None), entries.c.missing_at.is_(None))
        .subquery()
    )
    query = sa.select(listed.c.column, listed.c.listed_title, listed.c.listed_claimed).where(listed.c.place <= count)
    titles: dict[str, list[tuple[str, Moment | None]]] = defaultdict(list)
    for column, title, claimed in tx.execute(query.order_by(listed.c.column, listed.c.place)):
        titles[column].append((title, claimed))
    return dict(titles)


class ListedRow(NamedTuple):
    """A row of a column as its list prints it. `missing_at`: since when complete visits do not list it."""

    url: str
    title: str
    claimed: Moment | None
    first_seen_at: datetime
    missing_at: datetime | None
    gone_at: datetime | None


def list_newest_rows(tx: Tx, county: str, column: str, most: int) -> list[ListedRow]:
    """The newest rows of a column by the days that its list prints, also those that are gone."""
    row = entries.c
    query = sa.select(
        row.url, row.listed_title, row.listed_claimed, row.first_seen_at, row.missing_at, row.gone_at
    ).where(row.county == county, row.column == column)
    newest = query.order_by(row.listed_claimed.desc().nulls_last(), row.first_seen_at.desc(), row.id).limit(most)
    return [ListedRow(*values) for values in tx.execute(newest)]


def load_listing_pages(tx: Tx, county: str, urls: Collection[str]) -> dict[str, PageRow]:
    """The stored listing pages at these addresses, by address."""
    query = select_as(PageRow, pages).where(pages.c.county == county, pages.c.url.in_(urls))
    return {page.url: page for page in read_all(tx, PageRow, query)}


def store_listing_pages(tx: Tx, county: str, rows: Sequence[PageRow]) -> None:
    write_rows(tx, insert_or_replace(tx, pages), {"county": county}, [values_of(row) for row in rows])


def add_entries(
    tx: Tx, county: str, seq: int, column: str, sightings: Sequence[Sighting], at: datetime
) -> dict[str, KnownEntry]:
    """Insert entries with their first version as listed, their articles unread; returns them by address.

    Entries that another process added meanwhile are neither changed nor returned.
    """
    shared = {"county": county, "seq": seq, "column": column, "first_seen_at": at, "last_seen_at": at}
    rows = [
        {
            "url": sighting.url,
            "publisher": sighting.publisher,
            "listed_title": sighting.title,
            "listed_claimed": sighting.claimed,
        }
        for sighting in sightings
    ]
    write_rows(tx, insert_new(tx, entries), shared, rows)
    if not sightings:
        return {}
    bounds, at = {"of": county, "in_column": column, "with_seq": seq}, at.astimezone(UTC)
    tx.execute(_FIRST_VERSIONS, bounds | {"at": at, "attached": (), "dated": ()})
    inferred = (sighting.url for sighting in sightings if sighting.inferred and sighting.claimed is not None)
    for urls in batches(inferred, _BATCH):
        tx.execute(_INFERRED, bounds | {"urls": urls})
    ids: dict[str, int] = {row.url: row.id for row in tx.execute(_ADDED, bounds)}
    return {
        sighting.url: _build_added(ids[sighting.url], sighting, at) for sighting in sightings if sighting.url in ids
    }


def _build_added(id: int, sighting: Sighting, at: datetime) -> KnownEntry:
    """A new entry as its rows store it."""
    return KnownEntry(
        id, sighting.url, sighting.title, sighting.claimed, sighting.publisher, at, at, None, None, None, "", "",
        sighting.title, sighting.claimed,
        "" if sighting.claimed is None else "inferred" if sighting.inferred else "listing", "unread", 1,
    )  # fmt: skip


def mark_seen(tx: Tx, groups: Sequence[tuple[Sequence[int], datetime]]) -> None:
    """Record mere sightings, which need no new judgement: for each visit the ids of the entries and the instant."""
    if rows := [{"ids": list(ids), "at": at} for ids, at in groups if ids]:
        tx.execute(_build_mark_seen(tx.dialect.name), rows)


@cache
def _build_mark_seen(dialect: str) -> sa.Update:
    """The statement, with one parameter for all ids: with one for each it would be compiled anew each time."""
    is_seen: sa.ColumnElement[bool]
    if dialect == "sqlite":
        ids = sa.func.json_each(sa.bindparam("ids", type_=sa.JSON)).table_valued("value")
        is_seen = entries.c.id.in_(sa.select(ids.c.value))
    else:
        from sqlalchemy.dialects import postgresql  # loads megabytes of drivers that SQLite does not need

        is_seen = entries.c.id == sa.any_(sa.bindparam("ids", type_=postgresql.ARRAY(sa.BigInteger)))
    return entries.update().where(is_seen).values(last_seen_at=sa.bindparam("at"), missing_at=None)


def mark_missing(tx: Tx, ids: Sequence[int], at: datetime) -> None:
    """Record that a complete visit did not list these entries; whether they are gone, their own addresses tell."""
    _mark(tx, _MISSING, ids, at)


def mark_read(tx: Tx, ids: Sequence[int], at: datetime) -> None:
    """Record that the articles of these entries were read and are unchanged."""
    _mark(tx, _READ, ids, at)


def _mark(tx: Tx, statement: sa.Update, ids: Sequence[int], at: datetime) -> None:
    for batch in batches(ids, _BATCH):
        tx.execute(statement, {"ids": batch, "at": at})


def change_entries(tx: Tx, changes: Sequence[Mapping[str, Any]]) -> None:
    """Set columns of entries. Each change is a mapping with `id`, and with `seq` where it needs a new judgement."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for change in changes:
        values = dict(change)
        values["entry"] = values.pop("id")
        by_columns[tuple(values)].append(values)
    for rows in by_columns.values():
        tx.execute(entries.update().where(entries.c.id == sa.bindparam("entry")), rows)


def add_versions(tx: Tx, versions: Sequence[NewVersion]) -> None:
    """Insert new versions; a first reading of an article (`replaces`) updates the version without its text."""
    if first := [_version_row(version) for version in versions if version.replaces]:
        is_version = (entry_versions.c.entry == sa.bindparam("of"), entry_versions.c.number == sa.bindparam("at"))
        keyed = [
            {"of": row.pop("entry"), "at": row.pop("number")} | {name: row[name] for name in row if name != "seen_at"}
            for row in first
        ]
        tx.execute(entry_versions.update().where(*is_version), keyed)
    if new := [_version_row(version) for version in versions if not version.replaces]:
        tx.execute(insert_new(tx, entry_versions), new)


def _version_row(version: NewVersion) -> dict[str, Any]:
    values = values_of(replace(version, source=version.source[:256]))
    del values["replaces"]
    return values


def list_doubted_columns(tx: Tx, county: str) -> set[str]:
    """The columns with an entry whose article was empty at the last reading and is not confirmed as gone."""
    query = sa.select(entries.c.column).where(entries.c.county == county, entries.c.hollow_at.is_not(None)).distinct()
    return set(tx.execute(query).scalars())


def load_last_looks(tx: Tx, county: str, urls: Collection[str]) -> dict[str, list[LastLook]]:
    """Return by address when its entries, one a column, were last opened and listed."""
    looks: dict[str, list[LastLook]] = defaultdict(list)
    for batch in batches(sorted(urls), _BATCH):
        query = sa.select(entries.c.url, entries.c.read_at, entries.c.last_seen_at)
        for url, read_at, listed_at in tx.execute(query.where(entries.c.county == county, entries.c.url.in_(batch))):
            looks[url].append(LastLook(read_at, listed_at))
    return looks


def delete_listing_page(tx: Tx, county: str, url: str) -> None:
    """Delete what was kept of one listing page."""
    tx.execute(pages.delete().where(pages.c.county == county, pages.c.url == url))


def delete_listing_pages(tx: Tx, before: datetime) -> int:
    """Delete the listing pages that were not read since then; their number. Without them pages are parsed anew.

    Those that hold how a column is read stay: a quiet column is not read for long.
    """
    wrapper = sa.func.coalesce(pages.c.parsed["wrapper"].as_string(), "")
    return int(tx.execute(pages.delete().where(pages.c.read_at < before, wrapper == "")).rowcount)


def was_entry_seen(tx: Tx, county: str, url: str) -> bool:
    """Whether an entry with this address was ever seen in any column."""
    query = sa.select(entries.c.id).where(entries.c.county == county, entries.c.url == url).limit(1)
    return tx.execute(query).first() is not None
