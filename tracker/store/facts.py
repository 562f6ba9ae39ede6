"""All that was seen and said in a county, as the core's values: whole, what came after a number, or what bears on some
of its duties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tracker.core.facts import Attachment, Entry, Event, Filing, Outcome, Ruling, Version, Visit
from tracker.core.fingerprint import alike, is_near
from tracker.core.notices import Acknowledgement, Silence
from tracker.store.answers import acknowledgement_of, silence_of
from tracker.store.counties import read_county
from tracker.store.engine import Tx
from tracker.store.site import dates_of
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
    found = {name: tx.execute(query, chosen).all() for name, query in _AFTER.items() if name != "entries"}
    return FactDelta(
        seq=seq,
        events=tuple(event_of(row) for row in found["events"] if row.withdrawn_at is None),
        withdrawn_events=tuple(event_of(row) for row in found["events"] if row.withdrawn_at is not None),
        entries=_entries(tx, chosen),
        visits=tuple(visit_of(row) for row in found["visits"]),
        filings=tuple(filing_of(row) for row in found["filings"] if row.withdrawn_at is None),
        withdrawn_filings=tuple(filing_of(row) for row in found["filings"] if row.withdrawn_at is not None),
        rulings=tuple(ruling_of(row) for row in found["rulings"]),
        acknowledgements=tuple(acknowledgement_of(row) for row in found["acknowledgements"]),
        silences=tuple(silence_of(row) for row in found["silences"]),
    )


def _between(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    numbers = (table.c.seq > sa.bindparam("after"), table.c.seq <= sa.bindparam("seq"))
    return table.c.county == sa.bindparam("county"), *numbers


_AFTER = {
    table.name: sa.select(table).where(*_between(table)).order_by(table.c.id)
    for table in (events, visits, filings, rulings, acknowledgements, silences, entries)
}
_VERSIONS_AFTER = (
    sa.select(entry_versions)
    .join(entries, entries.c.id == entry_versions.c.entry)
    .where(*_between(entries))
    .order_by(entry_versions.c.entry, entry_versions.c.number)
)


def _entries(tx: Tx, chosen: Mapping[str, Any]) -> tuple[Entry, ...]:
    versions: dict[int, list[Version]] = defaultdict(list)
    for row in tx.execute(_VERSIONS_AFTER, chosen):
        versions[row.entry].append(version_of(row))
    rows = tx.execute(_AFTER["entries"], chosen)
    return tuple(entry_of(row, versions[row.id]) for row in rows)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What bears on some duties. `columns`: by key, from which day on; None: all. `duties`: what the keys of their
    occurrences begin with, whosever they are. `events`: by name."""

    columns: Mapping[str, date | None]
    duties: Collection[str]
    events: Collection[str]


def load_wanted(tx: Tx, county: str, wanted: Wanted, zone: ZoneInfo) -> FactDelta:
    """The facts that bear on the duties that are wanted, and every silence.

    Of a column from a day on: the entries that were first seen, changed or gone since, or name such a day, and those
    that people filed or decided about; the visits since the last one before that day that reached the list's end.
    """
    given: dict[str, Any] = {"county": county}
    if not wanted.duties:
        return FactDelta(seq=0, silences=tuple(silence_of(row) for row in tx.execute(_SILENCES, given)))
    found_rulings = tuple(ruling_of(row) for row in tx.execute(_about(rulings, wanted.duties), given))
    found_filings = tuple(filing_of(row) for row in tx.execute(_about(filings, wanted.duties), given))
    answers = tx.execute(_about(acknowledgements, wanted.duties), given)
    known = tx.execute(_EVENTS_OF, given | {"names": sorted(wanted.events)}) if wanted.events else ()
    named = sorted({one.target for one in found_rulings if "://" in one.target} | {one.proof for one in found_filings})
    entries_found: list[Entry] = []
    visits_found: list[Visit] = []
    by_day: dict[date | None, list[str]] = defaultdict(list)
    for column, since in wanted.columns.items():
        by_day[since].append(column)
    for since, columns in by_day.items():
        chosen = given | {"columns": columns}
        if since is not None:
            start = datetime.combine(since, time(), zone)
            chosen |= {"start": start, "day": (since - timedelta(days=1)).isoformat(), "named": named}
        entries_found += _joined(tx.execute(_ENTRIES_IN if since is None else _ENTRIES_SINCE, chosen))
        visits_found += [visit_of(row) for row in tx.execute(_VISITS_TO if since is None else _VISITS_SINCE, chosen)]
    return FactDelta(
        seq=0,
        events=tuple(event_of(row) for row in known),
        entries=tuple(entries_found),
        visits=tuple(visits_found),
        filings=found_filings,
        rulings=found_rulings,
        acknowledgements=tuple(acknowledgement_of(row) for row in answers),
        silences=tuple(silence_of(row) for row in tx.execute(_SILENCES, given)),
    )


def all_entries(tx: Tx, county: str) -> list[Entry]:
    """Every entry of the county."""
    return list(_joined(tx.execute(_ALL_ENTRIES, {"county": county})))


def entries_like(tx: Tx, county: str, marks: Collection[str]) -> list[Entry]:
    """The entries of the county one of whose texts is like one of these, by fingerprint."""
    rows = tx.execute(_FINGERPRINTS, {"county": county})
    forms = {int(mark[17:33], 16) for mark in marks}
    near = {number for number, mark in rows if is_near(mark, forms) and any(alike(mark, each) for each in marks)}
    found = tx.execute(_ENTRIES_BY_ID, {"county": county, "ids": sorted(near)})
    return list(_joined(found))


def _about(table: sa.Table, duties: Collection[str]) -> sa.Select[Any]:
    """What was said about occurrences of the duties, also about their lines in a circular."""
    mine = sa.or_(*(table.c.occurrence.contains(duty, autoescape=True) for duty in sorted(duties)))
    in_force = (table.c.withdrawn_at.is_(None),) if "withdrawn_at" in table.c else ()
    return sa.select(table).where(table.c.county == sa.bindparam("county"), mine, *in_force).order_by(table.c.id)


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
_later = visits.alias("later")
_VISITS_SINCE = _VISITS_TO.where(
    sa.or_(
        visits.c.ended_at >= _START,
        ~sa.exists().where(
            _later.c.county == visits.c.county,
            _later.c.column == visits.c.column,
            _later.c.outcome == "read",
            _later.c.reached == "end",
            _later.c.ended_at > visits.c.ended_at,
            _later.c.ended_at < _START,
        ),
    )
)
_VERSION = [column for column in entry_versions.c if column.name != "entry"]
_ALL_ENTRIES = (
    sa.select(entries, *(column.label(f"version_{column.name}") for column in _VERSION))
    .join(entry_versions, entries.c.id == entry_versions.c.entry)
    .where(entries.c.county == sa.bindparam("county"))
    .order_by(entries.c.id, entry_versions.c.number)
)
_ENTRIES_IN = _ALL_ENTRIES.where(entries.c.column.in_(_COLUMNS))
_ENTRIES_BY_ID = _ALL_ENTRIES.where(entries.c.id.in_(sa.bindparam("ids", expanding=True)))
_FINGERPRINTS = (
    sa.select(entry_versions.c.entry, entry_versions.c.fingerprint)
    .join(entries, entries.c.id == entry_versions.c.entry)
    .where(entries.c.county == sa.bindparam("county"), entry_versions.c.fingerprint != "")
)
_version = entry_versions.alias("version")
_ENTRIES_SINCE = _ENTRIES_IN.where(
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
    """Entries from rows that hold one version each."""
    for _, of_entry in groupby(rows, key=lambda row: row.id):
        held = list(of_entry)
        yield entry_of(held[0], [_version_in(row) for row in held])


def _version_in(row: sa.Row[Any]) -> Version:
    return Version(
        seen_at=row.version_seen_at,
        title=row.version_title,
        claimed=row.version_claimed,
        claimed_from=row.version_claimed_from,
        text=row.version_text,
        state=row.version_state,
        attachments=tuple(Attachment(**one) for one in row.version_attachments),
        source=row.version_source,
        dates=dates_of(row.version_dates),
        fingerprint=row.version_fingerprint,
    )


def event_of(row: sa.Row[Any]) -> Event:
    return Event(
        id=row.id,
        name=row.name,
        department=row.department,
        reference=row.reference,
        occurred=row.occurred,
        recorded_at=row.recorded_at,
        duty=row.duty or None,
        fields=row.fields,
        by=row.by,
    )


def visit_of(row: sa.Row[Any]) -> Visit:
    return Visit(
        column=row.column,
        began_at=row.began_at,
        ended_at=row.ended_at,
        outcome=Outcome(row.outcome),
        reached=_reached(row.reached),
        pages=row.pages,
        entries=row.entries,
        note=row.note,
    )


def entry_of(row: sa.Row[Any], versions: Sequence[Version]) -> Entry:
    return Entry(
        id=row.id,
        column=row.column,
        url=row.url,
        versions=tuple(versions),
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        publisher=row.publisher,
        gone_at=row.gone_at,
        gone_status=row.gone_status,
        hollow_at=row.hollow_at,
    )


def version_of(row: sa.Row[Any]) -> Version:
    return Version(
        seen_at=row.seen_at,
        title=row.title,
        claimed=row.claimed,
        claimed_from=row.claimed_from,
        text=row.text,
        state=row.state,
        attachments=tuple(Attachment(**one) for one in row.attachments),
        source=row.source,
        dates=dates_of(row.dates),
        fingerprint=row.fingerprint,
    )


def filing_of(row: sa.Row[Any]) -> Filing:
    return Filing(
        id=row.id,
        kind=row.kind,
        occurrence=row.occurrence,
        recorded_at=row.recorded_at,
        by=row.by,
        proof=row.proof,
        form=row.form,
        part=row.part or None,
        claimed=row.claimed,
    )


def ruling_of(row: sa.Row[Any]) -> Ruling:
    return Ruling(
        id=row.id,
        kind=row.kind,
        occurrence=row.occurrence,
        recorded_at=row.recorded_at,
        by=row.by,
        reason=row.reason,
        target=row.target,
        part=row.part or None,
        as_seen=row.as_seen,
        number=row.number,
        ground=row.ground,
        basis=row.basis,
        until=row.until,
        asked_by=row.asked_by,
    )


def _reached(text: str) -> Literal["end"] | date | None:
    if text in ("", "end"):
        return cast(Literal["end"], text) or None
    return date.fromisoformat(text)
