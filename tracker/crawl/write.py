"""Records the visits of a pass, each with what it saw in a transaction of its own.

Visits that saw nothing new are recorded several at a time: they change no entry, so a crash only loses when a few
columns were last visited.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker.core.law.county import SiteColumn
from tracker.core.values.certificate import FIRST_SIGHT, Certificate, CertificatePart, Confirmation, PartName
from tracker.core.values.facts import Visit, VisitOutcome
from tracker.crawl.archiver import Archiver
from tracker.crawl.certifying import add_end, apply, verify
from tracker.crawl.reconcile import VisitChanges, compare_visit
from tracker.crawl.site_state import SiteState
from tracker.evidence.listing.columns import ColumnReading
from tracker.store import site
from tracker.store.captures import record_captures
from tracker.store.counties import next_seq
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, record_fault
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.site import KnownEntry
from tracker.store.threads import run_write
from tracker.store.visits import record_visits

#: So many visits that saw nothing new wait to be recorded together, and no longer than this.
_BATCH, _MAX_WAIT = 20, timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class _Certified:
    """A visit to record, with its certificate and what it changes."""

    visit: Visit
    certificate: Certificate
    changes: VisitChanges


@dataclass(slots=True)
class VisitWriter:
    """Records the visits of one pass over one county, and keeps its cached state up to date."""

    store: Store
    county: str
    archiver: Archiver
    site_state: SiteState
    lists_only: bool
    confirmed: Mapping[str, Sequence[Confirmation]] = field(default_factory=dict)
    first_sights: Collection[str] = ()  # columns that count for presence only
    _faulty: set[str] = field(default_factory=set)
    _unchanged: list[_Certified] = field(default_factory=list)

    def add_faulty(self, subjects: Collection[str]) -> None:
        """Note the columns whose last visit failed, by the subjects of their faults."""
        self._faulty |= set(subjects)

    async def record(
        self, column: SiteColumn, reading: ColumnReading, reread: Collection[str], now: datetime
    ) -> tuple[VisitChanges, Mapping[str, KnownEntry]]:
        """Record a visit and what it saw. Return its changes and the known entries of the column after it."""
        cached = self.site_state.entries_of(column.key)
        if reading.unchanged and cached is not None and column.kind != "page":
            certified = self._certify(reading, cached, reread, now)
            if self._is_unchanged(certified.visit, certified.changes):
                self._unchanged.append(certified)
                return certified.changes, cached
        await self.archiver.write()
        captures = self.archiver.take_written()

        def record(tx: Tx) -> tuple[VisitChanges, dict[str, KnownEntry]]:
            record_captures(tx, self.county, captures)
            known = cached if cached is not None else site.load_known_entries(tx, self.county, [column.key])[column.key]
            certified = self._certify(reading, known, reread, now)
            changes = certified.changes
            added = self._record(tx, column, reading, certified)
            # Entries that another process has added meanwhile.
            others = [sighting.url for sighting in changes.new if sighting.url not in added]
            if others:
                added |= site.load_known_entries(tx, self.county, [column.key], others)[column.key]
            return changes, {**known, **added}

        changes, known = await run_write(self.store, record)
        self.site_state.set_columns({column.key: known})
        self._note_recorded(reading.visit, changes)
        return changes, known

    @property
    def is_due(self) -> bool:
        """Whether enough unchanged visits wait, or one has waited long enough."""
        waiting = self._unchanged
        if not waiting:
            return False
        return len(waiting) >= _BATCH or waiting[-1].visit.ended_at - waiting[0].visit.ended_at >= _MAX_WAIT

    async def flush(self) -> dict[Visit, Exception]:
        """Record the waiting visits. Return those that could not be recorded, with the error."""
        unchanged, self._unchanged = self._unchanged, []
        if not unchanged:
            return {}

        def record(tx: Tx) -> None:
            seq = next_seq(tx, self.county)
            certificates = _by_digest(unchanged)
            record_visits(tx, self.county, seq, [certified.visit for certified in unchanged], certificates)
            site.mark_seen(tx, [([entry.id for entry in one.changes.seen], one.visit.began_at) for one in unchanged])

        try:
            await run_write(self.store, record)
        except Exception as error:  # their columns are visited again at the next pass
            return {certified.visit: error for certified in unchanged}
        for certified in unchanged:
            self._note_recorded(certified.visit, certified.changes)
        return {}

    async def record_failed(self, visit: Visit) -> None:
        """Record a visit that ended in an error of the program."""

        def record(tx: Tx) -> None:
            record_visits(tx, self.county, next_seq(tx, self.county), [visit])
            self._record_fault(tx, visit)

        await run_write(self.store, record)

    def _certify(
        self, reading: ColumnReading, known: Mapping[str, KnownEntry], reread: Collection[str], now: datetime
    ) -> _Certified:
        """Compare a reading with the known entries, and add what they tell to its certificate."""
        confirmed = self.confirmed.get(reading.visit.column, ())
        certificate = add_end(reading.certificate, reading.sightings, known, confirmed)
        shown = replace(reading.visit, reached=certificate.shown_to)
        changes = compare_visit(shown, reading.sightings, known, reread, now, partial=reading.partial)
        verified = verify(certificate, shown, changes)
        if reading.visit.column in self.first_sights and verified.parts:
            verified = verified.with_part(CertificatePart(PartName.RIGHT_LIST, False, FIRST_SIGHT))
        return _Certified(apply(verified, reading.visit, certificate), verified, changes)

    def _is_unchanged(self, visit: Visit, changes: VisitChanges) -> bool:
        """Return whether a visit found no change, and no article has to be read."""
        if visit.outcome is not VisitOutcome.READ or f"column:{visit.column}" in self._faulty:
            return False
        return not (changes.new or changes.relisted or changes.missing or (changes.to_read and not self.lists_only))

    def _note_recorded(self, visit: Visit, changes: VisitChanges) -> None:
        seen, missing = [entry.url for entry in changes.seen], [entry.url for entry in changes.missing]
        self.site_state.note_visit(visit.column, seen, missing, visit.began_at)

    def _record(
        self, tx: Tx, column: SiteColumn, reading: ColumnReading, certified: _Certified
    ) -> dict[str, KnownEntry]:
        """Write what a visit saw. Return the entries that it added."""
        visit, changes, seq = certified.visit, certified.changes, next_seq(tx, self.county)
        record_visits(tx, self.county, seq, [visit], _by_digest([certified]))
        added = site.add_entries(tx, self.county, seq, column.key, changes.new, visit.began_at)
        site.mark_seen(tx, [([entry.id for entry in changes.seen], visit.began_at)])
        site.mark_missing(tx, [entry.id for entry in changes.missing], visit.began_at)
        site.change_entries(
            tx,
            [
                {
                    "id": entry.id,
                    "listed_title": seen.title,
                    "listed_claimed": seen.claimed,
                    "publisher": seen.publisher,
                    "seq": seq,
                }
                for entry, seen in changes.relisted
            ],
        )
        rows = [
            site.PageRow(page.url, page.etag, page.last_modified, page.digest, page.listing.to_json(), page.read_at)
            for page in reading.pages
        ]
        site.store_listing_pages(tx, self.county, rows)
        if relearned := list(_relearned(column, reading)):
            append_entries(tx, self.county, relearned, visit.ended_at)
        self._record_fault(tx, visit)
        return added

    def _record_fault(self, tx: Tx, visit: Visit) -> None:
        """Record the fault of a visit that failed; clear that of one which did not."""
        subject = f"column:{visit.column}"
        if visit.outcome is not VisitOutcome.READ:
            record_fault(tx, self.county, subject, "crawl", visit.note, visit.ended_at)
        elif subject in self._faulty:
            clear_fault(tx, self.county, subject, "crawl", visit.ended_at)


def _relearned(column: SiteColumn, reading: ColumnReading) -> Iterator[JournalEntry]:
    """Yield what the journal says of a list whose layout changed and that was found again."""
    for page in reading.pages:
        if page.listing.relearned:
            after = {"url": column.url, "entries": len(page.listing.sightings)}
            yield JournalEntry("duban", "column.relearned", f"column:{column.key}", None, after, page.listing.relearned)


def _by_digest(visits: Sequence[_Certified]) -> dict[str, Certificate]:
    return {one.visit.certificate: one.certificate for one in visits if one.visit.certificate}
