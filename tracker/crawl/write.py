"""Records the visits of a pass, each with what it saw in a transaction of its own.

Visits that saw nothing new are recorded several at a time: they change no entry, so a crash only loses when a few
columns were last visited.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker.core.law.county import SiteColumn
from tracker.core.values.facts import Visit, VisitOutcome
from tracker.crawl.archiver import Archiver
from tracker.crawl.reconcile import VisitChanges, compare_visit, mark_doubtful
from tracker.crawl.site_state import SiteState
from tracker.evidence.listing.columns import ColumnReading
from tracker.store import site
from tracker.store.captures import record_captures
from tracker.store.counties import next_seq
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, record_fault
from tracker.store.site import KnownEntry
from tracker.store.threads import run_write
from tracker.store.visits import record_visits

#: So many visits that saw nothing new wait to be recorded together, and no longer than this.
_BATCH, _MAX_WAIT = 20, timedelta(seconds=10)


@dataclass(slots=True)
class VisitWriter:
    """Records the visits of one pass over one county, and keeps its cached state up to date."""

    store: Store
    county: str
    archiver: Archiver
    site_state: SiteState
    lists_only: bool
    _faulty: set[str] = field(default_factory=set)
    _unchanged: list[tuple[Visit, VisitChanges]] = field(default_factory=list)

    def add_faulty(self, subjects: Collection[str]) -> None:
        """Note the columns whose last visit failed, by the subjects of their faults."""
        self._faulty |= set(subjects)

    async def record(
        self, column: SiteColumn, reading: ColumnReading, reread: Collection[str], now: datetime
    ) -> tuple[VisitChanges, Mapping[str, KnownEntry]]:
        """Record a visit and what it saw. Return its changes and the known entries of the column after it."""
        cached = self.site_state.entries_of(column.key)
        if reading.unchanged and cached is not None and column.kind != "page":
            changes = compare_visit(reading.visit, reading.sightings, cached, reread, now, cut=reading.cut)
            if self._is_unchanged(reading.visit, changes):
                self._unchanged.append((mark_doubtful(reading.visit, changes), changes))
                return changes, cached
        await self.archiver.write()
        captures = self.archiver.take_written()

        def record(tx: Tx) -> tuple[VisitChanges, dict[str, KnownEntry]]:
            record_captures(tx, self.county, captures)
            known = cached if cached is not None else site.load_known_entries(tx, self.county, [column.key])[column.key]
            changes = compare_visit(reading.visit, reading.sightings, known, reread, now, cut=reading.cut)
            added = self._record(tx, column, reading, changes)
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
        return len(waiting) >= _BATCH or waiting[-1][0].ended_at - waiting[0][0].ended_at >= _MAX_WAIT

    async def flush(self) -> dict[Visit, Exception]:
        """Record the waiting visits. Return those that could not be recorded, with the error."""
        unchanged, self._unchanged = self._unchanged, []
        if not unchanged:
            return {}

        def record(tx: Tx) -> None:
            seq = next_seq(tx, self.county)
            record_visits(tx, self.county, seq, [visit for visit, _ in unchanged])
            site.mark_seen(tx, [([entry.id for entry in changes.seen], visit.began_at) for visit, changes in unchanged])

        try:
            await run_write(self.store, record)
        except Exception as error:  # their columns are visited again at the next pass
            return {visit: error for visit, _ in unchanged}
        for visit, changes in unchanged:
            self._note_recorded(visit, changes)
        return {}

    async def record_failed(self, visit: Visit) -> None:
        """Record a visit that ended in an error of the program."""

        def record(tx: Tx) -> None:
            record_visits(tx, self.county, next_seq(tx, self.county), [visit])
            self._record_fault(tx, visit)

        await run_write(self.store, record)

    def _is_unchanged(self, visit: Visit, changes: VisitChanges) -> bool:
        """Return whether a visit found no change, and no article has to be read."""
        if visit.outcome is not VisitOutcome.READ or f"column:{visit.column}" in self._faulty:
            return False
        return not (changes.new or changes.relisted or changes.missing or (changes.to_read and not self.lists_only))

    def _note_recorded(self, visit: Visit, changes: VisitChanges) -> None:
        seen, missing = [entry.url for entry in changes.seen], [entry.url for entry in changes.missing]
        self.site_state.note_visit(visit.column, seen, missing, visit.began_at)

    def _record(
        self, tx: Tx, column: SiteColumn, reading: ColumnReading, changes: VisitChanges
    ) -> dict[str, KnownEntry]:
        """Write what a visit saw. Return the entries that it added."""
        visit, seq = reading.visit, next_seq(tx, self.county)
        record_visits(tx, self.county, seq, [mark_doubtful(visit, changes)])
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
        self._record_fault(tx, visit)
        return added

    def _record_fault(self, tx: Tx, visit: Visit) -> None:
        """Record the fault of a visit that failed; clear that of one which did not."""
        subject = f"column:{visit.column}"
        if visit.outcome is not VisitOutcome.READ:
            record_fault(tx, self.county, subject, "crawl", visit.note, visit.ended_at)
        elif subject in self._faulty:
            clear_fault(tx, self.county, subject, "crawl", visit.ended_at)
