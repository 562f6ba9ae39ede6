"""Loads a county's facts as the core's values: all, those after a number, or those that concern some duties."""

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
from tracker.core.values.second_looks import SecondLook
from tracker.store.counties import read_county
from tracker.store.engine import Tx
from tracker.store.rows import batches, columns_of, field_names, read_all, select_as
from tracker.store.tables import (
    entries,
    entry_versions,
    events,
    filings,
    rulings,
    visits,
)
from tracker.store.tables_answers import acknowledgements, silences
from tracker.store.tables_certificates import second_looks

_COUNTY: sa.BindParameter[str] = sa.bindparam("county")


@dataclass(frozen=True, slots=True)
class FactDelta:
    """The facts that are new or changed after a number, up to `seq` included. Changed facts are complete."""

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
    second_looks: tuple[SecondLook, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in field_names(FactDelta) if name != "seq")


def load_facts(tx: Tx, county: str, after: int = 0) -> FactDelta:
    """The facts with a number greater than `after`; none is missed, since numbers are given under the county's lock.

    A mere sighting updates `Entry.last_seen_at` in the table, but gives the entry no new number.
    """
    seq = read_county(tx, county).seq
    if seq == after:
        return FactDelta(seq)
    bounds = {"county": county, "after": after, "seq": seq}
    facts = {name: tuple(read_all(tx, kind, query, bounds)) for name, (kind, query) in _AFTER.items()}
    return FactDelta(seq, entries=tuple(_group_versions(tx.execute(_ENTRIES_AFTER, bounds))), **facts)


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
    "second_looks": _select_after(SecondLook, second_looks),
}


@dataclass(frozen=True, slots=True)
class EntrySelection:
    """Selects entries of a column: those since a day (None: all) of which any title fits (None: every title fits)."""

    column: str
    since: date | None
    fits: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class FactSelection:
    """Selects the facts that some duties need. `duties`: prefixes of the keys of their occurrences; `events`: names."""

    entries: Collection[EntrySelection]
    duties: Collection[str]
    events: Collection[str]


def load_selected_facts(tx: Tx, county: str, selection: FactSelection, zone: ZoneInfo) -> FactDelta:
    """The facts that concern the selected duties, and every silence.

    For a column from a day on these are the entries that were first seen, changed or gone since then or claim a day
    since then, the entries that filings or rulings name, and the visits since the last complete one before that day.
    """
    values: dict[str, Any] = {"county": county}
    all_silences = tuple(read_all(tx, Silence, _SILENCES, values))
    if not selection.duties:
        return FactDelta(seq=0, silences=all_silences)
    parts = [_build_prefixes(duties) for duties in batches(sorted(selection.duties), _DUTIES_AT_ONCE)]

    def read_about(kind: Any) -> tuple[Any, ...]:
        """The facts in the order of their ids; one about the duties of two batches is read twice, and kept once."""
        found = {
            fact.id: fact
            for prefixes in parts
            for fact in read_all(tx, kind, _select_about(kind, len(prefixes)), values | prefixes)
        }
        return tuple(found[number] for number in sorted(found))

    own_rulings, own_filings = read_about(Ruling), read_about(Filing)
    names = sorted(selection.events)
    named_events = read_all(tx, Event, _NAMED_EVENTS, values | {"names": names}) if names else ()
    urls = {ruling.target for ruling in own_rulings if "://" in ruling.target} | {
        filing.proof for filing in own_filings
    }
    return FactDelta(
        seq=0,
        events=tuple(named_events),
        entries=_load_selected_entries(tx, county, selection.entries, urls, zone),
        visits=_load_selected_visits(tx, county, selection.entries, zone),
        filings=own_filings,
        rulings=own_rulings,
        acknowledgements=read_about(Acknowledgement),
        silences=all_silences,
        second_looks=read_about(SecondLook),
    )


def _load_selected_entries(
    tx: Tx, county: str, selections: Iterable[EntrySelection], urls: Collection[str], zone: ZoneInfo
) -> tuple[Entry, ...]:
    """The selected entries in the order of their ids. Titles are read first, then the entries whose titles fit."""
    by_day: dict[date | None, dict[str, list[Callable[[str], bool] | None]]] = defaultdict(lambda: defaultdict(list))
    for selection in selections:
        by_day[selection.since][selection.column].append(selection.fits)
    ids: set[int] = set()
    for since, columns in by_day.items():
        values = {"county": county, **_build_bounds(since, zone), "columns": sorted(columns)}
        if since is not None:
            values["named"] = sorted(urls)
        for number, column, url, listed, title in tx.execute(_TITLES_IN if since is None else _TITLES_SINCE, values):
            if number not in ids and (
                url in urls or any(fits is None or fits(title) or (listed and fits(listed)) for fits in columns[column])
            ):
                ids.add(number)
    return tuple(
        entry
        for batch in batches(sorted(ids), 500)
        for entry in _group_versions(tx.execute(_ENTRIES_BY_ID, {"county": county, "ids": batch}))
    )


def _load_selected_visits(
    tx: Tx, county: str, selections: Iterable[EntrySelection], zone: ZoneInfo
) -> tuple[Visit, ...]:
    first: dict[str, date] = {}
    for selection in selections:
        first[selection.column] = min(selection.since or date.min, first.get(selection.column, date.max))
    by_day: dict[date, list[str]] = defaultdict(list)
    for column, since in first.items():
        by_day[since].append(column)
    selected: list[Visit] = []
    for since, columns in by_day.items():
        is_all = since == date.min
        values = {"county": county, **_build_bounds(None if is_all else since, zone), "columns": columns}
        selected += read_all(tx, Visit, _VISITS_IN if is_all else _VISITS_SINCE, values)
    return tuple(selected)


def _build_bounds(since: date | None, zone: ZoneInfo) -> dict[str, Any]:
    if since is None:
        return {}
    return {"start": datetime.combine(since, time(), zone), "day": (since - timedelta(days=1)).isoformat()}


def load_similar_entries(tx: Tx, county: str, fingerprints: Collection[str]) -> list[Entry]:
    """The county's entries with a version whose fingerprint is similar to one of these."""
    hashes = {int(mark[17:33], 16) for mark in fingerprints}
    ids = {
        number
        for number, fingerprint in tx.execute(_FINGERPRINTS, {"county": county})
        if is_near_any(fingerprint, hashes) and any(are_alike(fingerprint, mark) for mark in fingerprints)
    }
    return list(_group_versions(tx.execute(_ENTRIES_BY_ID, {"county": county, "ids": sorted(ids)})))


#: Duties in one query: SQLite refuses an expression that is deeper than 1,000.
_DUTIES_AT_ONCE = 256


def _build_prefixes(duties: Collection[str]) -> dict[str, str]:
    """The duties as parameters of `_select_about`, repeated up to a power of two, so that few statements are needed."""
    ordered = sorted(duties)
    size = 1 << (len(ordered) - 1).bit_length()
    return {f"duty_{place}": ordered[min(place, len(ordered) - 1)] for place in range(size)}


@lru_cache(maxsize=64)
def _select_about(kind: Any, count: int) -> sa.Select[Any]:
    """The query for rulings, filings or acknowledgements about `count` duties, also about their lines in a circular."""
    tables = {Ruling: rulings, Filing: filings, Acknowledgement: acknowledgements, SecondLook: second_looks}
    table = tables[kind]
    prefixes = (sa.bindparam(f"duty_{place}", type_=sa.String) for place in range(count))
    is_about = sa.or_(*(table.c.occurrence.contains(prefix, autoescape=False) for prefix in prefixes))
    in_force = (table.c.withdrawn_at.is_(None),) if "withdrawn_at" in table.c else ()
    return _select_in_order(kind, table, is_about, *in_force)


#: The columns of an entry that are read; the columns of its version follow them.
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
# A value and no EXISTS, for which PostgreSQL may read the versions of all counties from end to end.
_NEW_VERSION = (
    sa.select(sa.func.max(_version.c.number))
    .where(
        _version.c.entry == entries.c.id,
        sa.or_(
            _version.c.seen_at >= _START,
            sa.type_coerce(_version.c.claimed, sa.String) >= sa.bindparam("day", type_=sa.String),
        ),
    )
    .correlate(entries)
    .scalar_subquery()
)
_TITLES_SINCE = _TITLES_IN.where(
    sa.or_(
        entries.c.first_seen_at >= _START,
        entries.c.gone_at >= _START,
        entries.c.url.in_(sa.bindparam("named", expanding=True)),
        _NEW_VERSION.is_not(None),
    )
)


def _group_versions(rows: Iterable[sa.Row[Any]]) -> Iterator[Entry]:
    """The entries of rows with one version each; the columns have the order of `_ENTRY` and `EntryVersion`."""
    for _, of_entry in groupby(rows, key=itemgetter(0)):
        same = list(of_entry)
        number, column, url, *rest = same[0][: len(_ENTRY)]
        yield Entry(number, column, url, tuple(EntryVersion(*row[len(_ENTRY) :]) for row in same), *rest)
