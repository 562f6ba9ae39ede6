"""Loads the facts of a county as the core's values: all, those after a number, or those that bear on some duties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tracker.core.escalation.notices import Acknowledgement, Silence
from tracker.core.matching.fingerprint import are_alike, is_near_any
from tracker.core.values.facts import Entry, EntryVersion, Event, Filing, Ruling, Visit
from tracker.store.counties import read_county
from tracker.store.engine import Tx
from tracker.store.rows import batches, columns_of, field_names, read_all, select_as
from tracker.store.tables import (
    acknowledgements,
    entries,
    entry_versions,
    events,
    filings,
    rulings,
    silences,
    visits,
)

_COUNTY: sa.BindParameter[str] = sa.bindparam("county")


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
        return any(getattr(self, name) for name in field_names(FactDelta) if name != "seq")


def load_facts(tx: Tx, county: str, after: int = 0) -> FactDelta:
    """The facts with a number greater than `after`. Exact: numbers are given under the county's lock.

    A sighting alone renews `Entry.last_seen_at` in the table, but gives the entry no new number.
    """
    seq = read_county(tx, county).seq
    if seq == after:
        return FactDelta(seq)
    bounds = {"county": county, "after": after, "seq": seq}
    found = {name: tuple(read_all(tx, kind, query, bounds)) for name, (kind, query) in _AFTER.items()}
    return FactDelta(seq, entries=tuple(_group_versions(tx.execute(_ENTRIES_AFTER, bounds))), **found)


def _has_number_between(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.seq > sa.bindparam("after"), table.c.seq <= sa.bindparam("seq")


def _select_in_order(kind: type, table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return select_as(kind, table).where(table.c.county == _COUNTY, *where).order_by(table.c.id)


def _select_after(kind: type, table: sa.Table, *where: sa.ColumnElement[bool]) -> tuple[type, sa.Select[Any]]:
    return kind, _select_in_order(kind, table, *_has_number_between(table), *where)


_AFTER: Mapping[str, tuple[type[Any], sa.Select[Any]]] = {
    "events": _select_after(Event, events, events.c.withdrawn_at.is_(None)),
    "withdrawn_events": _select_after(Event, events, events.c.withdrawn_at.is_not(None)),
    "visits": _select_after(Visit, visits),
    "filings": _select_after(Filing, filings, filings.c.withdrawn_at.is_(None)),
    "withdrawn_filings": _select_after(Filing, filings, filings.c.withdrawn_at.is_not(None)),
    "rulings": _select_after(Ruling, rulings),
    "acknowledgements": _select_after(Acknowledgement, acknowledgements),
    "silences": _select_after(Silence, silences),
}


@dataclass(frozen=True, slots=True)
class EntrySelection:
    """The entries of a column that a pass needs: those since a day (None: all) whose title ever fitted (None: any)."""

    column: str
    since: date | None
    fits: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class FactSelection:
    """The facts that some duties need. `duties`: prefixes of their occurrences' keys, of any department; `events`: by
    name."""

    looked: Collection[EntrySelection]
    duties: Collection[str]
    events: Collection[str]


def load_selected_facts(tx: Tx, county: str, wanted: FactSelection, zone: ZoneInfo) -> FactDelta:
    """The facts that bear on the wanted duties, and every silence.

    Of a column from a day on: the entries that were first seen, changed or gone since, or name such a day, and those
    that people filed or decided about; the visits since the last one before that day that reached the list's end.
    """
    given: dict[str, Any] = {"county": county}
    found_silences = tuple(read_all(tx, Silence, _SILENCES, given))
    if not wanted.duties:
        return FactDelta(seq=0, silences=found_silences)
    prefixes = _build_prefixes(wanted.duties)

    def read_about(kind: Any) -> tuple[Any, ...]:
        return tuple(read_all(tx, kind, _select_about(kind, len(prefixes)), given | prefixes))

    found_rulings, found_filings = read_about(Ruling), read_about(Filing)
    known = read_all(tx, Event, _NAMED_EVENTS, given | {"names": sorted(wanted.events)}) if wanted.events else ()
    named = {ruling.target for ruling in found_rulings if "://" in ruling.target} | {
        filing.proof for filing in found_filings
    }
    return FactDelta(
        seq=0,
        events=tuple(known),
        entries=_load_selected_entries(tx, given, wanted.looked, named, zone),
        visits=_load_selected_visits(tx, given, wanted.looked, zone),
        filings=found_filings,
        rulings=found_rulings,
        acknowledgements=read_about(Acknowledgement),
        silences=found_silences,
    )


def _load_selected_entries(
    tx: Tx, given: Mapping[str, Any], looked: Iterable[EntrySelection], named: Collection[str], zone: ZoneInfo
) -> tuple[Entry, ...]:
    """In the order of their ids: first the titles are read, then the entries whose titles fit."""
    by_day: dict[date | None, dict[str, list[Callable[[str], bool] | None]]] = defaultdict(lambda: defaultdict(list))
    for wanted in looked:
        by_day[wanted.since][wanted.column].append(wanted.fits)
    ids: set[int] = set()
    for since, columns in by_day.items():
        values = {**given, **_build_bounds(since, zone), "columns": sorted(columns)}
        if since is not None:
            values["named"] = sorted(named)
        for number, column, url, listed, title in tx.execute(_TITLES_IN if since is None else _TITLES_SINCE, values):
            if number not in ids and (
                url in named
                or any(fits is None or fits(title) or (listed and fits(listed)) for fits in columns[column])
            ):
                ids.add(number)
    return tuple(
        entry
        for batch in batches(sorted(ids), 500)
        for entry in _group_versions(tx.execute(_ENTRIES_BY_ID, {**given, "ids": batch}))
    )


def _load_selected_visits(
    tx: Tx, given: Mapping[str, Any], looked: Iterable[EntrySelection], zone: ZoneInfo
) -> tuple[Visit, ...]:
    first: dict[str, date] = {}
    for wanted in looked:
        first[wanted.column] = min(wanted.since or date.min, first.get(wanted.column, date.max))
    by_day: dict[date, list[str]] = defaultdict(list)
    for column, since in first.items():
        by_day[since].append(column)
    found: list[Visit] = []
    for since, columns in by_day.items():
        is_all = since == date.min
        values = {**given, **_build_bounds(None if is_all else since, zone), "columns": columns}
        found += read_all(tx, Visit, _VISITS_IN if is_all else _VISITS_SINCE, values)
    return tuple(found)


def _build_bounds(since: date | None, zone: ZoneInfo) -> dict[str, Any]:
    if since is None:
        return {}
    return {"start": datetime.combine(since, time(), zone), "day": (since - timedelta(days=1)).isoformat()}


def load_all_entries(tx: Tx, county: str) -> list[Entry]:
    """Every entry of the county."""
    return list(_group_versions(tx.execute(_ENTRIES, {"county": county})))


def load_similar_entries(tx: Tx, county: str, marks: Collection[str]) -> list[Entry]:
    """The entries of the county one of whose texts is like one of these, by fingerprint."""
    forms = {int(mark[17:33], 16) for mark in marks}
    near = {
        number
        for number, fingerprint in tx.execute(_FINGERPRINTS, {"county": county})
        if is_near_any(fingerprint, forms) and any(are_alike(fingerprint, mark) for mark in marks)
    }
    return list(_group_versions(tx.execute(_ENTRIES_BY_ID, {"county": county, "ids": sorted(near)})))


def _build_prefixes(duties: Collection[str]) -> dict[str, str]:
    """The duties as parameters of `_select_about`: as many as a power of two, so that few statements serve all."""
    ordered = sorted(duties)
    room = 1 << (len(ordered) - 1).bit_length()
    return {f"duty_{place}": ordered[min(place, len(ordered) - 1)] for place in range(room)}


@lru_cache(maxsize=64)
def _select_about(kind: Any, count: int) -> sa.Select[Any]:
    """What people said about occurrences of so many duties, also about their lines in a circular."""
    table = {Ruling: rulings, Filing: filings, Acknowledgement: acknowledgements}[kind]
    prefixes = (sa.bindparam(f"duty_{place}", type_=sa.String) for place in range(count))
    about = sa.or_(*(table.c.occurrence.contains(prefix, autoescape=False) for prefix in prefixes))
    in_force = (table.c.withdrawn_at.is_(None),) if "withdrawn_at" in table.c else ()
    return _select_in_order(kind, table, about, *in_force)


#: The columns of an entry that are read; those of its version stand behind them.
_ENTRY = (
    "id", "column", "url", "first_seen_at", "last_seen_at", "publisher", "gone_at", "gone_status", "hollow_at",
)  # fmt: skip
_COLUMNS: sa.BindParameter[Any] = sa.bindparam("columns", expanding=True)
_START = sa.bindparam("start", type_=visits.c.ended_at.type)
_SILENCES = _select_in_order(Silence, silences)
_NAMED_EVENTS = _select_in_order(
    Event, events, events.c.withdrawn_at.is_(None), events.c.name.in_(sa.bindparam("names", expanding=True))
)
_VISITS_IN = _select_in_order(Visit, visits, visits.c.column.in_(_COLUMNS))
_complete = visits.alias("complete")
_last = (  # by column: the last visit before the start that reached the list's end
    sa.select(_complete.c.column, sa.func.max(_complete.c.ended_at, type_=visits.c.ended_at.type).label("at"))
    .where(_complete.c.county == _COUNTY, _complete.c.column.in_(_COLUMNS))
    .where(_complete.c.outcome == "read", _complete.c.reached == "end", _complete.c.ended_at < _START)
    .group_by(_complete.c.column)
    .subquery()
)
_VISITS_SINCE = _VISITS_IN.outerjoin(_last, _last.c.column == visits.c.column).where(
    sa.or_(_last.c.at.is_(None), visits.c.ended_at >= _last.c.at)
)
_ENTRIES = (
    sa.select(*(entries.c[name] for name in _ENTRY), *columns_of(EntryVersion, entry_versions))
    .join(entry_versions, entries.c.id == entry_versions.c.entry)
    .where(entries.c.county == _COUNTY)
    .order_by(entries.c.id, entry_versions.c.number)
)
_ENTRIES_AFTER = _ENTRIES.where(*_has_number_between(entries))
_ENTRIES_BY_ID = _ENTRIES.where(entries.c.id.in_(sa.bindparam("ids", expanding=True)))
_TITLES_IN = (
    _ENTRIES.where(entries.c.column.in_(_COLUMNS))
    .with_only_columns(entries.c.id, entries.c.column, entries.c.url, entries.c.listed_title, entry_versions.c.title)
    .order_by(None)
)
_FINGERPRINTS = (
    sa.select(entry_versions.c.entry, entry_versions.c.fingerprint)
    .join(entries, entries.c.id == entry_versions.c.entry)
    .where(entries.c.county == _COUNTY, entry_versions.c.fingerprint != "")
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


def _group_versions(rows: Iterable[sa.Row[Any]]) -> Iterator[Entry]:
    """Entries from rows that hold one version each, in the order of `_ENTRY` and the fields of `EntryVersion`."""
    for _, of_entry in groupby(rows, key=itemgetter(0)):
        same = list(of_entry)
        number, column, url, *rest = same[0][: len(_ENTRY)]
        yield Entry(number, column, url, tuple(EntryVersion(*row[len(_ENTRY) :]) for row in same), *rest)
