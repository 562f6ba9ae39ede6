"""What a column's page lists, whatever system made it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from tracker.core.values.facts import Sighting, parse_moment
from tracker.evidence.page.dates import day_of

#: The registration number of this way of reading: a cached result of another one is read anew.
EDITION = 18


@dataclass(frozen=True, slots=True)
class Ask:
    """A page to ask for. `form`: fields that are sent as a browser sends a form (POST); None: a plain GET."""

    url: str
    form: tuple[tuple[str, str], ...] | None = None

    @property
    def key(self) -> str:
        """What the page is kept under: its address, and what told it apart from others of that address."""
        if self.form is None:
            return self.url
        return f"{self.url}#{hashlib.sha256(urlencode(self.form).encode()).hexdigest()[:16]}"

    @property
    def as_get(self) -> Ask:
        """The same fields in the address, for servers that take no form."""
        if self.form is None:
            return self
        return Ask(f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(self.form)}")


def proposal_key(column_url: str) -> str:
    """Return what a column's list is kept under that was learned anew and waits for a person."""
    return f"{column_url}#proposed"


@dataclass(frozen=True, slots=True)
class ReadSoFar:
    """What is known of a column before one of its pages is read. `wrapper`: how its list is read ("": not learned yet);
    `number`: of the page in its chain; `rows`: read on the pages before, and `above` the last day among them; `last`:
    what a first page showed at the last visit. `draft`: what the page that led here tells of the wrapper."""

    wrapper: str = ""
    number: int = 1
    rows: int = 0
    above: date | None = None
    last: tuple[Sighting, ...] = ()
    draft: str = ""


def newest_lost(days: Sequence[date | None]) -> date | None:
    """The newest of the days of rows that could not be taken up; None where one of them bears none."""
    known = [one for one in days if one is not None]
    return max(known) if known and len(known) == len(days) else None


def lost_at_latest(rows: Sequence[tuple[bool, date | None]]) -> date | None:
    """The day that no lost row of a list is newer than: its own, else that of the row above it where the list is in
    order. Rows as whether they are lost and their day; None where one may be of any day."""
    known = [day for _, day in rows if day is not None]
    ordered = len(known) > 1 and all(later <= earlier for earlier, later in pairwise(known))
    above: date | None = None
    latest: list[date | None] = []
    for is_lost, day in rows:
        above = day or above
        if is_lost:
            latest.append(day or (above if ordered else None))
    return newest_lost(latest)


def newest_first(sightings: Sequence[Sighting]) -> bool:
    """Return whether a list runs from new to old; some disorder is usual, pinned rows and late entries."""
    days = [day_of(one.claimed) for one in sightings if one.claimed is not None]
    rising = sum(later > earlier for earlier, later in pairwise(days))
    if len(days) < 4:
        return rising == 0
    return rising <= 1 or rising * 4 <= len(days)


def unread_rows(count: int, newest: date | None) -> dict[str, Any]:
    """The residue of so many rows that could not be taken up, as fields of a `Listing`."""
    if not count:
        return {}
    words = f"列表中有 {count} 条没有可打开的链接或可读的标题，不能断定其中没有所查内容"
    return {"residue": words, "residue_day": newest}


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a column. `understood` False: no list was recognised, and `reason` (Chinese) says why.

    `next` and `numbered` (page number → address) lead on, `otherwise` where they lead nowhere, `then` to the
    year before once they have ended; `total` and `items`: how many pages and entries the page says there are;
    `more`: more pages may follow that cannot be followed. `ordered`: newest first. `digest`: the page shows only
    the first rows of several lists. `parts`: the rows stand not here but there (a frame, an interface, the files
    of an index). `newer`: the same column's list of a later year. `since`: what is newer
    than this day is all here, whatever else there is (a feed). `index`: where the page's script counts it.
    `cut`: the page breaks off, and its last row is left out; or its program died. `doubt`: why older rows may stand
    elsewhere (Chinese). `manner`: how the rule says that it be read, where it does. `paged`: what may be a pager stands
    on it; `last`: one says that no page follows.
    `closed`: why newer rows stand elsewhere (Chinese): the page says that it is kept no longer. `residue` (Chinese):
    what stands in the list's own room and is neither record, pager, other list nor frame, "" where nothing does;
    `residue_day`: the newest day of it, None where nobody knows. Rows that cannot be followed or have no readable
    title are residue. `wrapper`: of a chain's first page, how its list is read (`Wrapper.to_json`); by it the further
    pages are read, and the same page at the next visit; of a page that sends on, what it tells of that. `relearned`
    (Chinese): why it was learned anew. `year`: all rows are of it, and it stands above them. Of a page that is not
    understood `wrapper` and `sightings` are what was learned of it and waits for a person, and `parts` is the page's
    own address.
    """

    sightings: tuple[Sighting, ...] = ()
    understood: bool = True
    reason: str = ""
    dialect: str = ""
    next: Ask | None = None
    numbered: Mapping[int, str] = field(default_factory=dict)
    total: int | None = None
    items: int | None = None
    more: bool = False
    ordered: bool = True
    digest: bool = False
    barrier: str = ""
    parts: tuple[Ask, ...] = ()
    otherwise: Ask | None = None
    then: Ask | None = None
    newer: Ask | None = None
    index: int | None = None
    cut: bool = False
    doubt: str = ""
    since: date | None = None
    manner: str = ""
    paged: bool = False
    last: bool = False
    closed: str = ""
    residue: str = ""
    residue_day: date | None = None
    wrapper: str = ""
    relearned: str = ""
    year: int | None = None

    @property
    def newest(self) -> date | None:
        return max((day_of(one.claimed) for one in self.sightings if one.claimed is not None), default=None)

    @property
    def next_url(self) -> str | None:
        return self.next.url if self.next is not None else None

    def following(self, number: int) -> Ask | None:
        """The page after this one, the `number`-th of its column; None where none is known."""
        if self.parts:
            return self.parts[0]
        if self.next is not None:
            return self.next
        return Ask(self.numbered[number + 1]) if number + 1 in self.numbered else None

    def to_json(self) -> dict[str, Any]:
        """The form that the page cache keeps."""
        return {
            "edition": EDITION,
            "rows": [[one.url, one.title, _text(one.claimed), one.publisher, one.inferred] for one in self.sightings],
            "next": _asked(self.next),
            "otherwise": _asked(self.otherwise),
            "then": _asked(self.then),
            "newer": _asked(self.newer),
            "residue_day": _text(self.residue_day),
            "parts": [_asked(one) for one in self.parts],
            "numbered": {str(number): url for number, url in self.numbered.items()},
            "since": _text(self.since),
            **{name: getattr(self, name) for name in _PLAIN},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Listing | None:
        """None where another edition of the readers kept it."""
        if kept.get("edition") != EDITION:
            return None
        return cls(
            sightings=_rows(kept["rows"]),
            next=_ask(kept["next"]) if kept["next"] else None,
            otherwise=_ask(kept["otherwise"]) if kept["otherwise"] else None,
            then=_ask(kept["then"]) if kept["then"] else None,
            newer=_ask(kept["newer"]) if kept["newer"] else None,
            residue_day=date.fromisoformat(kept["residue_day"]) if kept["residue_day"] else None,
            parts=tuple(_ask(one) for one in kept["parts"]),
            numbered={int(number): url for number, url in kept["numbered"].items()},
            since=date.fromisoformat(kept["since"]) if kept["since"] else None,
            **{name: kept[name] for name in _PLAIN},
        )

    @classmethod
    def outdated(cls, kept: Mapping[str, Any]) -> Listing:
        """What stays true of a page that another edition kept: its rows as they were shown, and how they were read. By
        it the page is read anew."""
        return cls(_rows(kept["rows"]), manner=kept["manner"], wrapper=kept.get("wrapper", ""))


_PLAIN = (
    "understood", "reason", "dialect", "total", "items", "more", "ordered", "digest", "barrier", "index", "cut",
    "doubt", "manner", "paged", "last", "closed", "residue", "year",
    "wrapper", "relearned",
)  # fmt: skip


def _rows(kept: Iterable[Sequence[Any]]) -> tuple[Sighting, ...]:
    return tuple(
        Sighting(url, title, _moment(claimed), publisher, inferred) for url, title, claimed, publisher, inferred in kept
    )


def _asked(ask: Ask | None) -> list[Any] | None:
    return None if ask is None else [ask.url, ask.form if ask.form is None else [list(pair) for pair in ask.form]]


def _ask(kept: list[Any]) -> Ask:
    url, form = kept
    return Ask(url, None if form is None else tuple((name, value) for name, value in form))


def _text(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> date | datetime | None:
    return None if text is None else parse_moment(text)
