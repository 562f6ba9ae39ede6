"""The entries of a site with their versions, and its listing pages as last read. Only the crawl writes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.core.values.facts import Attachment, Moment, Sighting
from tracker.store.engine import Tx, insert_new, insert_or_replace
from tracker.store.rows import batches, columns_of, read_all, select_as, values_of, write_rows
from tracker.store.tables import entries, entry_versions, pages

#: Parameters of one statement; SQLite takes 32,766.
_BATCH = 1000


class KnownEntry(NamedTuple):
    """An entry as the crawl needs it: what the listing printed, and how its latest version stands.

    A tuple, for a pass may load thousands of them.
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

    def seen(self, at: datetime) -> KnownEntry:
        """The same after a mere sighting. By place: `_replace` takes five times as long."""
        return KnownEntry._make((*self[:_LAST_SEEN], at, None, *self[_LAST_SEEN + 2 :]))


#: Where `last_seen_at` stands in it, and `missing_at` behind that.
_LAST_SEEN = KnownEntry._fields.index("last_seen_at")


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
#: What this transaction has added: no other has its number.
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
    """The entries of these columns (or `urls` of them): column → address → entry."""
    found: dict[str, dict[str, KnownEntry]] = {column: {} for column in columns}
    chosen = {"county": county, "columns": list(columns)}
    rows = tx.execute(_KNOWN, chosen) if urls is None else tx.execute(_KNOWN_AT, chosen | {"urls": list(urls)})
    for column, *values in rows:
        known = KnownEntry._make(values)
        found[column][known.url] = known
    return found


#: Text, attachments, source and dates of one version.
Body = tuple[str | None, tuple[Attachment, ...], str, tuple[tuple[str, Moment], ...]]


def load_texts(tx: Tx, chosen: Sequence[KnownEntry]) -> dict[int, Body]:
    """The articles as they were last read, by entry."""
    if not chosen:
        return {}
    numbers = {entry.id: entry.number for entry in chosen}
    rows = tx.execute(_TEXTS, {"entries": list(numbers)})
    return {entry: tuple(body) for entry, number, *body in rows if number == numbers[entry]}


def load_attachments(tx: Tx, chosen: Sequence[KnownEntry]) -> dict[int, tuple[datetime, tuple[Attachment, ...]]]:
    """The files of the articles when last read, and since when they are these, by entry; where there are any."""
    numbers = {entry.id: entry.number for entry in chosen}
    rows = tx.execute(_FILES, {"entries": list(numbers)})
    return {
        row.entry: (row.seen_at, row.attachments)
        for row in rows
        if row.number == numbers[row.entry] and row.attachments
    }


def load_listing_pages(tx: Tx, county: str, urls: Collection[str]) -> dict[str, PageRow]:
    """The listing pages that were read before, by address."""
    query = select_as(PageRow, pages).where(pages.c.county == county, pages.c.url.in_(urls))
    return {page.url: page for page in read_all(tx, PageRow, query)}


def store_listing_pages(tx: Tx, county: str, rows: Sequence[PageRow]) -> None:
    write_rows(tx, insert_or_replace(tx, pages), {"county": county}, [values_of(row) for row in rows])


def add_entries(
    tx: Tx, county: str, seq: int, column: str, seen: Sequence[Sighting], at: datetime
) -> dict[str, KnownEntry]:
    """New entries with their first version, as the listing shows them; their articles are still unread.

    Those that somebody else had added meanwhile are left as they are, and are not among what is returned.
    """
    same = {"county": county, "seq": seq, "column": column, "first_seen_at": at, "last_seen_at": at}
    rows = [
        {
            "url": sighting.url,
            "publisher": sighting.publisher,
            "listed_title": sighting.title,
            "listed_claimed": sighting.claimed,
        }
        for sighting in seen
    ]
    write_rows(tx, insert_new(tx, entries), same, rows)
    if not seen:
        return {}
    here, at = {"of": county, "in_column": column, "with_seq": seq}, at.astimezone(UTC)
    tx.execute(_FIRST_VERSIONS, here | {"at": at, "attached": (), "dated": ()})
    for urls in batches((each.url for each in seen if each.inferred and each.claimed is not None), _BATCH):
        tx.execute(_INFERRED, here | {"urls": urls})
    ids: dict[str, int] = {row.url: row.id for row in tx.execute(_ADDED, here)}
    return {sighting.url: _build_added(ids[sighting.url], sighting, at) for sighting in seen if sighting.url in ids}


def _build_added(id: int, sighting: Sighting, at: datetime) -> KnownEntry:
    """What the rows of a new entry hold."""
    return KnownEntry(
        id, sighting.url, sighting.title, sighting.claimed, sighting.publisher, at, at, None, None, None, "", "",
        sighting.title, sighting.claimed,
        "" if sighting.claimed is None else "inferred" if sighting.inferred else "listing", "unread", 1,
    )  # fmt: skip


def mark_seen(tx: Tx, groups: Sequence[tuple[Sequence[int], datetime]]) -> None:
    """Mere sightings, no new number, nothing to judge again: the entries that each of several visits saw, and when."""
    if rows := [{"ids": list(ids), "at": at} for ids, at in groups if ids]:
        tx.execute(_build_mark_seen(tx.dialect.name), rows)


@cache
def _build_mark_seen(dialect: str) -> sa.Update:
    """One parameter for all numbers: a statement of a thousand would be put together anew each time."""
    chosen: sa.ColumnElement[bool]
    if dialect == "sqlite":
        listed = sa.func.json_each(sa.bindparam("ids", type_=sa.JSON)).table_valued("value")
        chosen = entries.c.id.in_(sa.select(listed.c.value))
    else:
        from sqlalchemy.dialects import postgresql  # megabytes of drivers that SQLite does not owe

        chosen = entries.c.id == sa.any_(sa.bindparam("ids", type_=postgresql.ARRAY(sa.BigInteger)))
    return entries.update().where(chosen).values(last_seen_at=sa.bindparam("at"), missing_at=None)


def mark_missing(tx: Tx, ids: Sequence[int], at: datetime) -> None:
    """Not in a complete visit any more. Whether it is gone is asked at its own address."""
    _mark(tx, _MISSING, ids, at)


def mark_read(tx: Tx, ids: Sequence[int], at: datetime) -> None:
    """Their articles were asked for and are as they were."""
    _mark(tx, _READ, ids, at)


def _mark(tx: Tx, statement: sa.Update, ids: Sequence[int], at: datetime) -> None:
    for batch in batches(ids, _BATCH):
        tx.execute(statement, {"ids": batch, "at": at})


def change_entries(tx: Tx, changes: Sequence[Mapping[str, Any]]) -> None:
    """Set columns of entries, each change a mapping with `id`. A change that is to be judged carries `seq`."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for change in changes:
        values = dict(change)
        values["entry"] = values.pop("id")
        alike[tuple(values)].append(values)
    for rows in alike.values():
        tx.execute(entries.update().where(entries.c.id == sa.bindparam("entry")), rows)


def add_versions(tx: Tx, versions: Sequence[NewVersion]) -> None:
    """A change keeps both versions; the first reading of an article fills in the version that lacks it."""
    if first := [_version_row(version) for version in versions if version.replaces]:
        same = (entry_versions.c.entry == sa.bindparam("of"), entry_versions.c.number == sa.bindparam("at"))
        keyed = [
            {"of": row.pop("entry"), "at": row.pop("number")} | {name: row[name] for name in row if name != "seen_at"}
            for row in first
        ]
        tx.execute(entry_versions.update().where(*same), keyed)
    if further := [_version_row(version) for version in versions if not version.replaces]:
        tx.execute(insert_new(tx, entry_versions), further)


def _version_row(version: NewVersion) -> dict[str, Any]:
    values = values_of(replace(version, source=version.source[:256]))
    del values["replaces"]
    return values


def list_doubted_columns(tx: Tx, county: str) -> set[str]:
    """The columns on which one look found the article of an entry empty."""
    query = sa.select(entries.c.column).where(entries.c.county == county, entries.c.hollow_at.is_not(None)).distinct()
    return set(tx.execute(query).scalars())


def delete_listing_pages(tx: Tx, before: datetime) -> int:
    """Delete the listing pages that were not read since then, and say how many: they would only be parsed anew."""
    return int(tx.execute(pages.delete().where(pages.c.read_at < before)).rowcount)
