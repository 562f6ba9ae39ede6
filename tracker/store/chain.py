"""Verifies a county's chain of journal rows, byte for byte as stored, and names each kind of tampering."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from tracker.store.engine import Tx
from tracker.store.journal import compute_digest
from tracker.store.tables import counties, journal

#: Rows read at a time.
_PAGE = 5000
#: Below every possible height, so that rows inserted before row 1 are read too.
_LOWEST = -(2**62)
_TEXTS = ("county", "at", "who", "action", "subject", "before", "after", "reason", "origin", "previous", "hash")
#: The types that SQLite reports for the columns of an untampered row.
_TYPES = "integer,integer" + ",text" * len(_TEXTS)
_STORED_AT = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")

Tampering = Literal["changed", "removed", "inserted", "reordered", "truncated"]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """A place where a county's chain is broken, with the reason in words."""

    county: str
    height: int
    kind: Tampering
    why: str

    def __str__(self) -> str:
        return f"row {self.height}: {self.kind}: {self.why}"


class ChainRow(NamedTuple):
    """The links of a row in the chain. `height`: None if it is no number; `is_intact`: the hash fits the contents."""

    height: int | None
    previous: str
    hash: str
    is_intact: bool


class ChainHead(NamedTuple):
    """The end of a chain as the county's row names it."""

    height: int
    hash: str


def verify_chain(tx: Tx, county: str, progress: Progress | None = None) -> list[ChainBreak]:
    """Walk the whole chain and return every break; an empty list means that it is intact.

    `progress`: called with the number of rows read, after each page.
    """
    head = read_chain_head(tx, county)
    height, previous = 0, ""
    for link in read_links(tx, county, progress):
        if not link.is_intact or (link.height, link.previous) != (height + 1, previous):
            break
        height, previous = height + 1, link.hash
    else:
        if (height, previous) == head:
            return []
    broken_rows = diagnose(county, list(read_links(tx, county)), head)
    return broken_rows or [ChainBreak(county, height + 1, "changed", f"what follows row {height} does not continue it")]


def list_journalled_counties(tx: Tx) -> list[str]:
    """All counties with a chain, also those that occur in no other table than the journal."""
    known = tx.execute(sa.select(counties.c.id))
    journalled = tx.execute(sa.select(_cast_to_bytes(tx, journal.c.county)).distinct())
    names = {row[0] for row in known} | {bytes(row[0]).decode("utf-8", "replace") for row in journalled}
    return sorted(names)


def read_chain_head(tx: Tx, county: str) -> ChainHead:
    """The head that the county's row names; height 0 for an unknown county, whose chain must be empty."""
    columns = (counties.c.journal_height, _cast_to_bytes(tx, counties.c.journal_head))
    row = tx.execute(sa.select(*columns).where(counties.c.id == county)).one_or_none()
    if row is None:
        return ChainHead(0, "")
    height = row[0] if isinstance(row[0], int) else -1
    return ChainHead(height, bytes(row[1]).decode("utf-8", "replace"))


def find_hash(tx: Tx, county: str, start: str) -> int | None:
    """The height of the first row whose hash begins with `start`."""
    query = sa.select(journal.c.height).where(journal.c.county == county, journal.c.hash.startswith(start))
    return tx.execute(query.order_by(journal.c.height).limit(1)).scalar_one_or_none()


def find_row_hash(tx: Tx, county: str, height: int) -> str | None:
    query = sa.select(journal.c.hash).where(journal.c.county == county, journal.c.height == height)
    return tx.execute(query).scalar_one_or_none()


# -- rows as stored ------------------------------------------------------------------------------


def _cast_to_bytes(tx: Tx, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The column as bytes: on SQLite a tampered row may hold NULL, a number or invalid text."""
    if tx.dialect.name == "sqlite":
        return sa.cast(column, sa.LargeBinary)
    return sa.func.convert_to(column, sa.literal_column("'UTF8'"), type_=sa.LargeBinary)


def _list_stored_columns(tx: Tx) -> list[sa.ColumnElement[Any]]:
    """The types of the row's columns, its height and form, and its texts as bytes."""
    if tx.dialect.name == "sqlite":
        columns = (journal.c.height, journal.c.form, *(journal.c[name] for name in _TEXTS))
        types: Any = sa.func.typeof(columns[0])
        for column in columns[1:]:
            types = types.op("||")(sa.literal_column("','")).op("||")(sa.func.typeof(column))
        at: Any = journal.c.at
    else:
        types = sa.literal_column(f"'{_TYPES}'")
        stamp: Any = sa.literal_column("'YYYY-MM-DD HH24:MI:SS.US BC'")
        at = sa.func.coalesce(
            sa.func.replace(sa.func.to_char(sa.func.timezone("UTC", journal.c.at), stamp), " AD", ""), ""
        )
    texts = [_cast_to_bytes(tx, at if name == "at" else journal.c[name]) for name in _TEXTS]
    return [types, sa.type_coerce(journal.c.height, sa.types.NullType()), journal.c.form, *texts]


def read_links(tx: Tx, county: str, progress: Progress | None = None) -> Iterator[ChainRow]:
    """The links of the county's rows, in the order of their heights."""
    query = (
        sa.select(*_list_stored_columns(tx)).where(journal.c.county == county).order_by(journal.c.height).limit(_PAGE)
    )
    after: Any = _LOWEST
    count = 0
    while True:
        page = tx.execute(query.where(journal.c.height > after)).all()
        for row in page:
            yield _build_link(row)
        count += len(page)
        if progress is not None:
            progress(count)
        # On SQLite a tampered height may be a text, which sorts after every number.
        if len(page) < _PAGE or not isinstance(after := page[-1][1], int):
            return


def _build_link(row: Sequence[Any]) -> ChainRow:
    types, height, form, *texts = row
    county, at, who, action, subject, before, after, reason, origin, previous, stored = (bytes(text) for text in texts)
    hash = stored.decode("utf-8", "replace")
    try:
        is_plain = types == _TYPES and _STORED_AT.fullmatch(at) is not None
        stamp = at[:10] + b"T" + at[11:26] + b"+00:00"
        parts = (county, stamp, who, action, subject, before, after, reason)
        is_intact = is_plain and compute_digest(form, height, parts, origin, previous) == hash
    except (ValueError, TypeError):  # not a text, not a number, or an unknown form
        is_intact = False
    return ChainRow(height if isinstance(height, int) else None, previous.decode("utf-8", "replace"), hash, is_intact)


# -- diagnosis -----------------------------------------------------------------------------------


def diagnose(county: str, links: Sequence[ChainRow], head: ChainHead) -> list[ChainBreak]:
    """Name each kind of tampering with the rows.

    The head and each row's `previous` lead from the end to the beginning of the chain as it was written, whatever
    heights its rows have now.
    """
    walk = _Walk(links, head)
    walk.run()
    broken_rows = [ChainBreak(county, height, kind, why) for height, kind, why in walk.changed]
    broken_rows += [
        ChainBreak(county, link.height or 0, "inserted", "a row that the chain does not lead to")
        for place, link in enumerate(links)
        if place not in walk.places.values()
    ]
    broken_rows += _group_missing(county, sorted(walk.missing), walk.top)
    broken_rows += _find_displaced(county, walk, silent=bool(broken_rows))
    return sorted(broken_rows, key=lambda broken_row: broken_row.height)


class _Walk:
    """Walks the chain from its end. `places`: by original height, the index of the row among the links."""

    def __init__(self, links: Sequence[ChainRow], head: ChainHead) -> None:
        self.links, self.top = links, head.height
        self.places: dict[int, int] = {}
        self.missing: list[int] = []
        self.changed: list[tuple[int, Tampering, str]] = []
        self._head = head
        self._taken: set[int] = set()
        self._by_hash: dict[str, list[int]] = defaultdict(list)
        self._by_height = {link.height: place for place, link in enumerate(links) if link.height is not None}
        for place, link in enumerate(links):
            self._by_hash[link.hash].append(place)

    def run(self) -> None:
        wanted: str | None = self._head.hash
        candidates = (self.links[place] for place in self._by_hash[self._head.hash])
        last = next((link for link in candidates if link.is_intact), None)
        if last is not None and last.height != self.top and last.height is not None:
            self.changed.append((last.height, "changed", f"it is the head, whose height was set to {self.top}"))
            self.top = last.height
        for height in range(self.top, 0, -1):
            wanted = self._step(height, wanted)
        if wanted:
            self.changed.append((1, "changed", "it names a row before it"))

    def _step(self, height: int, wanted: str | None) -> str | None:
        """Find the row of this height; return the hash of the row before, None where it cannot be trusted."""
        standing = self._by_height.get(height)
        place = self._find_place(wanted, standing)
        if place is None:
            if standing is None or standing in self._taken:
                self.missing.append(height)
                return None
            place = standing
            if not self.links[place].is_intact:
                self.changed.append((height, "changed", "its contents do not give its hash"))
            elif wanted is not None:
                by = "its head names" if height == self.top else "the row after it names"
                self.changed.append((height, "changed", f"it is not the one that {by}: it was replaced"))
        elif not self.links[place].is_intact and place == standing:
            self.changed.append((height, "changed", "its contents do not give its hash"))
        self._taken.add(place)
        self.places[height] = place
        link = self.links[place]
        is_trusted = link.is_intact or link.previous in self._by_hash or (height == 1 and not link.previous)
        return link.previous if is_trusted else None

    def _find_place(self, wanted: str | None, standing: int | None) -> int | None:
        """The index of the row with the wanted hash, preferably of the one that stands at its height."""
        if wanted is None:
            return None
        free = [place for place in self._by_hash.get(wanted, ()) if place not in self._taken]
        free.sort(key=lambda place: (place != standing, not self.links[place].is_intact))
        return free[0] if free else None


def _group_missing(county: str, heights: Sequence[int], top: int) -> list[ChainBreak]:
    """The breaks of missing rows; consecutive ones make one break."""
    broken_rows: list[ChainBreak] = []
    first = None
    for height, following in zip(heights, [*heights[1:], None], strict=False):
        first = first or height
        if following == height + 1:
            continue
        named = f"row {first} is missing" if first == height else f"rows {first} to {height} are missing"
        if height == top:
            broken_rows.append(
                ChainBreak(county, first, "truncated", f"{named}: its head says {top}, the end was cut off")
            )
        else:
            broken_rows.append(ChainBreak(county, first, "removed", named))
        first = None
    return broken_rows


def _find_displaced(county: str, walk: _Walk, *, silent: bool) -> list[ChainBreak]:
    """The break of rows at wrong heights; none where removed or inserted rows explain the shift (`silent`)."""
    order = [(height, walk.links[place].height) for height, place in sorted(walk.places.items())]
    displaced = [(height, place) for height, place in order if place != height]
    heights = [height for _, height in order if height is not None]
    silent = silent or bool(walk.missing)
    if not displaced or (silent and len(heights) == len(order) and heights == sorted(heights)):
        return []
    height, place = max(displaced, key=lambda pair: abs(pair[0] - (pair[1] or 0)))  # the row that was moved furthest
    where = "at no height" if place is None else f"at height {place}"
    more = f", {len(displaced) - 1} more elsewhere" if len(displaced) > 1 else ""
    return [ChainBreak(county, height, "reordered", f"the row stands {where}{more}")]
