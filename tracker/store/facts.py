"""All that was seen and said in a county, as the core's values: whole, what came after a number, or what bears on some
of its duties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tracker.core.escalation.notices import Acknowledgement, Silence
from tracker.core.matching.fingerprint import are_alike, is_near_any
from tracker.core.values.facts import (
    Attachment,
    Entry,
    EntryVersion,
    Event,
    Filing,
    Moment,
    Ruling,
    Visit,
    VisitOutcome,
)
from tracker.store.counties import read_county
from tracker.store.engine import Tx
from tracker.store.rows import fact_of
from tracker.store.site import dates_of
from tracker.store.tables import acknowledgements, entries, entry_versions, events, rulings, silences, visits
from tracker.store.tables_papers import filings


@dataclass(frozen=True, slots=True)
class FactDelta:
    """What came or changed after a number, up to and with `seq`. A changed fact comes whole, under its id."""

    seq: int
    events: tuple[Event, ...] = ()
    withdrawn_events: tuple[Event, ...] = ()
    entries: tuple[Entry, ...] = ()
    visits: tuple[Visit, ...] = ()
    filings: tuple[Filing, ...] = ()
    withdrawn_filings: tuple[Filing, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    silences: tuple[Silence, ...] = ()

    def __bool__(self) -> bool:
        facts = (self.events, self.withdrawn_events, self.entries, self.visits, self.filings, self.withdrawn_filings)
        return any((*facts, self.rulings, self.acknowledgements, self.silences))


def load_facts(tx: Tx, county: str, after: int = 0) -> FactDelta:
    """The facts with a number greater than `after`. Exact: numbers are given under the county's lock.

    A sighting alone renews `Entry.last_seen_at` in the table, but gives the entry no new number.
    """
    seq = read_county(tx, county).seq
    if seq == after:
        return FactDelta(seq)
    chosen = {"county": county, "after": after, "seq": seq}
    found = {name: tx.execute(query, chosen).all() for name, query in _AFTER.items()}
    return FactDelta(
        seq=seq,
        events=tuple(fact_of(Event, row) for row in found["events"] if row.withdrawn_at is None),
        withdrawn_events=tuple(fact_of(Event, row) for row in found["events"] if row.withdrawn_at is not None),
        entries=tuple(_joined(tx.execute(_ENTRIES_AFTER, chosen))),
        visits=tuple(visit_of(row) for row in found["visits"]),
        filings=tuple(fact_of(Filing, row) for row in found["filings"] if row.withdrawn_at is None),
        withdrawn_filings=tuple(fact_of(Filing, row) for row in found["filings"] if row.withdrawn_at is not None),
        rulings=tuple(fact_of(Ruling, row) for row in found["rulings"]),
        acknowledgements=tuple(fact_of(Acknowledgement, row) for row in found["acknowledgements"]),
        silences=tuple(fact_of(Silence, row) for row in found["silences"]),
    )


def _between(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    numbers = (table.c.seq > sa.bindparam("after"), table.c.seq <= sa.bindparam("seq"))
    return table.c.county == sa.bindparam("county"), *numbers


_AFTER = {
    table.name: sa.select(table).where(*_between(table)).order_by(table.c.id)
    for table in (events, visits, filings, rulings, acknowledgements, silences)
}


@dataclass(frozen=True, slots=True)
class WantedEntries:
    """The entries of a column that are wanted. `since`: from which day on; None: all. `fits`: whether one is that ever
    stood under a title; None: every one."""

    column: str
    since: date | None
    fits: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What bears on some duties. `duties`: what the keys of their occurrences begin with, whosever they are. `events`:
    by name."""

    looked: Collection[WantedEntries]
    duties: Collection[str]
    events: Collection[str]


def load_wanted(tx: Tx, county: str, wanted: Wanted, zone: ZoneInfo) -> FactDelta:
    """The facts that bear on the duties that are wanted, and every silence.

    Of a column from a day on: the entries that were first seen, changed or gone since, or name such a day, and those
    that people filed or decided about; the visits since the last one before that day that reached the list's end.
    """
    given: dict[str, Any] = {"county": county}
    if not wanted.duties:
        return FactDelta(seq=0, silences=tuple(fact_of(Silence, row) for row in tx.execute(_SILENCES, given)))
    prefixes = _prefixes(wanted.duties)
    about = {name: tx.execute(_about(name, len(prefixes)), given | prefixes).all() for name in _SAID}
    found_rulings = tuple(fact_of(Ruling, row) for row in about["rulings"])
    found_filings = tuple(fact_of(Filing, row) for row in about["filings"])
    known = tx.execute(_EVENTS_OF, given | {"names": sorted(wanted.events)}) if wanted.events else ()
    named = {ruling.target for ruling in found_rulings if "://" in ruling.target} | {
        filing.proof for filing in found_filings
    }
    return FactDelta(
        seq=0,
        events=tuple(fact_of(Event, row) for row in known),
        entries=_entries_of(tx, given, wanted.looked, named, zone),
        visits=_visits_of(tx, given, wanted.looked, zone),
        filings=found_filings,
        rulings=found_rulings,
        acknowledgements=tuple(fact_of(Acknowledgement, row) for row in about["acknowledgements"]),
        silences=tuple(fact_of(Silence, row) for row in tx.execute(_SILENCES, given)),
    )


def _entries_of(
    tx: Tx, given: Mapping[str, Any], looked: Iterable[WantedEntries], named: Collection[str], zone: ZoneInfo
) -> tuple[Entry, ...]:
    """By number: first the titles are read, then what is wanted of them."""
    by_day: dict[date | None, dict[str, list[Callable[[str], bool] | None]]] = defaultdict(lambda: defaultdict(list))
    for wanted in looked:
        by_day[wanted.since][wanted.column].append(wanted.fits)
    ids: set[int] = set()
    for since, columns in by_day.items():
        chosen = {**given, **_since(since, zone), "columns": sorted(columns)}
        if since is not None:
            chosen["named"] = sorted(named)
        for number, column, url, listed, title in tx.execute(_TITLES_IN if since is None else _TITLES_SINCE, chosen):
            if number not in ids and (
                url in named
                or any(fits is None or fits(title) or (listed and fits(listed)) for fits in columns[column])
            ):
                ids.add(number)
    ordered, found = sorted(ids), list[Entry]()
    for some in (ordered[start : start + 500] for start in range(0, len(ordered), 500)):
        found += _joined(tx.execute(_ENTRIES_BY_ID, {**given, "ids": some}))
    return tuple(found)


def _visits_of(tx: Tx, given: Mapping[str, Any], looked: Iterable[WantedEntries], zone: ZoneInfo) -> tuple[Visit, ...]:
    first: dict[str, date] = {}
    for wanted in looked:
        first[wanted.column] = min(wanted.since or date.min, first.get(wanted.column, date.max))
    by_day: dict[date, list[str]] = defaultdict(list)
    for column, since in first.items():
        by_day[since].append(column)
    found: list[Visit] = []
    for since, columns in by_day.items():
        whole = since == date.min
        chosen = {**given, **_since(None if whole else since, zone), "columns": columns}
        found += (visit_of(row) for row in tx.execute(_VISITS_TO if whole else _VISITS_SINCE, chosen))
    return tuple(found)


def _since(since: date | None, zone: ZoneInfo) -> dict[str, Any]:
    if since is None:
        return {}
    return {"start": datetime.combine(since, time(), zone), "day": (since - timedelta(days=1)).isoformat()}


def all_entries(tx: Tx, county: str) -> list[Entry]:
    """Every entry of the county."""
    return list(_joined(tx.execute(_ALL_ENTRIES, {"county": county})))


def entries_like(tx: Tx, county: str, marks: Collection[str]) -> list[Entry]:
    """The entries of the county one of whose texts is like one of these, by fingerprint."""
    rows = tx.execute(_FINGERPRINTS, {"county": county})
    forms = {int(mark[17:33], 16) for mark in marks}
    near = {
        number for number, mark in rows if is_near_any(mark, forms) and any(are_alike(mark, each) for each in marks)
    }
    found = tx.execute(_ENTRIES_BY_ID, {"county": county, "ids": sorted(near)})
    return list(_joined(found))


_SAID = {table.name: table for table in (rulings, filings, acknowledgements)}


def _prefixes(duties: Collection[str]) -> dict[str, str]:
    """The duties as parameters of `_about`: as many as a power of two, so that few statements serve all."""
    ordered = sorted(duties)
    room = 1 << (len(ordered) - 1).bit_length()
    return {f"duty_{place}": ordered[min(place, len(ordered) - 1)] for place in range(room)}


@lru_cache(maxsize=64)
def _about(name: str, count: int) -> sa.Select[Any]:
    """What was said about occurrences of so many duties, also about their lines in a circular."""
    table = _SAID[name]
    places = (sa.bindparam(f"duty_{place}", type_=sa.String) for place in range(count))
    mine = sa.or_(*(table.c.occurrence.contains(place, autoescape=False) for place in places))
    in_force = (table.c.withdrawn_at.is_(None),) if "withdrawn_at" in table.c else ()
    return sa.select(table).where(table.c.county == sa.bindparam("county"), mine, *in_force).order_by(table.c.id)


#: What of an entry and of a version is read, in this order.
_ENTRY = (
    "id", "column", "url", "first_seen_at", "last_seen_at", "publisher", "gone_at", "gone_status", "hollow_at",
)  # fmt: skip
_VERSION = (
    "seen_at", "title", "claimed", "claimed_from", "text", "state", "attachments", "source", "dates", "fingerprint",
)  # fmt: skip
_COLUMNS: sa.BindParameter[Any] = sa.bindparam("columns", expanding=True)
_START = sa.bindparam("start", type_=visits.c.ended_at.type)
_SILENCES = sa.select(silences).where(silences.c.county == sa.bindparam("county")).order_by(silences.c.id)
_EVENTS_OF = (
    sa.select(events)
    .where(events.c.county == sa.bindparam("county"), events.c.withdrawn_at.is_(None))
    .where(events.c.name.in_(sa.bindparam("names", expanding=True)))
    .order_by(events.c.id)
)
_VISITS_TO = (
    sa.select(visits)
    .where(visits.c.county == sa.bindparam("county"), visits.c.column.in_(_COLUMNS))
    .order_by(visits.c.id)
)
_complete = visits.alias("complete")
_last = (  # by column: the last visit before the start that reached the list's end
    sa.select(_complete.c.column, sa.func.max(_complete.c.ended_at, type_=visits.c.ended_at.type).label("at"))
    .where(_complete.c.county == sa.bindparam("county"), _complete.c.column.in_(_COLUMNS))
    .where(_complete.c.outcome == "read", _complete.c.reached == "end", _complete.c.ended_at < _START)
    .group_by(_complete.c.column)
    .subquery()
)
_VISITS_SINCE = _VISITS_TO.outerjoin(_last, _last.c.column == visits.c.column).where(
    sa.or_(_last.c.at.is_(None), visits.c.ended_at >= _last.c.at)
)
_ALL_ENTRIES = (
    sa.select(*(entries.c[name] for name in _ENTRY), *(entry_versions.c[name] for name in _VERSION))
    .join(entry_versions, entries.c.id == entry_versions.c.entry)
    .where(entries.c.county == sa.bindparam("county"))
    .order_by(entries.c.id, entry_versions.c.number)
)
_ENTRIES_AFTER = _ALL_ENTRIES.where(*_between(entries))
_ENTRIES_BY_ID = _ALL_ENTRIES.where(entries.c.id.in_(sa.bindparam("ids", expanding=True)))
_TITLES_IN = (
    _ALL_ENTRIES.where(entries.c.column.in_(_COLUMNS))
    .with_only_columns(entries.c.id, entries.c.column, entries.c.url, entries.c.listed_title, entry_versions.c.title)
    .order_by(None)
)
_FINGERPRINTS = (
    sa.select(entry_versions.c.entry, entry_versions.c.fingerprint)
    .join(entries, entries.c.id == entry_versions.c.entry)
    .where(entries.c.county == sa.bindparam("county"), entry_versions.c.fingerprint != "")
)
_version = entry_versions.alias("version")
_TITLES_SINCE = _TITLES_IN.where(
    sa.or_(
        entries.c.first_seen_at >= _START,
        entries.c.gone_at >= _START,
        entries.c.url.in_(sa.bindparam("named", expanding=True)),
        sa.exists().where(
            _version.c.entry == entries.c.id,
            sa.or_(
                _version.c.seen_at >= _START,
                sa.type_coerce(_version.c.claimed, sa.String) >= sa.bindparam("day", type_=sa.String),
            ),
        ),
    )
)


def _joined(rows: Iterable[sa.Row[Any]]) -> Iterator[Entry]:
    """Entries from rows that hold one version each, in the order of `_ENTRY` and `_VERSION`."""
    for _, of_entry in groupby(rows, key=itemgetter(0)):
        held = list(of_entry)
        number, column, url, first, last, publisher, gone_at, gone_status, hollow_at = held[0][: len(_ENTRY)]
        versions = tuple(_made_version(*row[len(_ENTRY) :]) for row in held)
        yield Entry(number, column, url, versions, first, last, publisher, gone_at, gone_status, hollow_at)


def _made_version(
    seen_at: datetime, title: str, claimed: Moment | None, claimed_from: str, text: str | None, state: Any,
    attachments: Sequence[Mapping[str, Any]], source: str, dates: Any, fingerprint: str,
) -> EntryVersion:  # fmt: skip
    files = tuple(Attachment(**one) for one in attachments)
    return EntryVersion(
        seen_at, title, claimed, text, state, files, source, claimed_from, dates_of(dates) if dates else (), fingerprint
    )


def visit_of(row: sa.Row[Any]) -> Visit:
    return Visit(
        column=row.column,
        began_at=row.began_at,
        ended_at=row.ended_at,
        outcome=VisitOutcome(row.outcome),
        reached=_reached(row.reached),
        pages=row.pages,
        entries=row.entries,
        note=row.note,
    )


def _reached(text: str) -> Literal["end"] | date | None:
    if text in ("", "end"):
        return cast(Literal["end"], text) or None
    return date.fromisoformat(text)
