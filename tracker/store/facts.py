"""All that was seen and said in a county, as the core's values: whole, or what came after a number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

import sqlalchemy as sa

from tracker.core.facts import Attachment, Entry, Event, Filing, Outcome, Ruling, Version, Visit
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
