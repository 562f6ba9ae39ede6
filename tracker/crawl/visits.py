"""Records the visits of a pass, each with what it saw in a transaction of its own.

Visits that saw nothing new are recorded several at a time: they change no entry, and what a kill may cost is that a
few columns count as looked at a little earlier than they were.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker.core.law.duties import SiteColumn
from tracker.core.values.facts import Visit, VisitOutcome
from tracker.crawl.archiver import Keeper
from tracker.crawl.reconcile import VisitChanges, doubted, plan
from tracker.crawl.site_state import KnownSite
from tracker.evidence.listing.columns import ColumnReading
from tracker.store import site
from tracker.store.captures import record_captures
from tracker.store.counties import next_seq
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, record_fault
from tracker.store.site import Known
from tracker.store.threads import run_write
from tracker.store.visits import record_visits

#: So many visits that saw nothing new wait to be recorded together, and no longer than this.
_TOGETHER, _WAIT = 20, timedelta(seconds=10)


@dataclass(slots=True)
class Visits:
    """Writes down what one pass over one county saw, and keeps the memory of it in step."""

    store: Store
    county: str
    keeper: Keeper
    memory: KnownSite
    lists_only: bool
    _faulty: set[str] = field(default_factory=set)
    _quiet: list[tuple[Visit, VisitChanges]] = field(default_factory=list)

    def recall(self, faulty: Collection[str]) -> None:
        """Take up which columns could not be looked at before."""
        self._faulty |= set(faulty)

    async def take(
        self, column: SiteColumn, reading: ColumnReading, reread: Collection[str], now: datetime
    ) -> tuple[VisitChanges, Mapping[str, Known]]:
        """Record a visit and what it saw; what is left to do, and what is known of the column then."""
        held = self.memory.held(column.key)
        if reading.unchanged and held is not None and column.kind != "page":
            todo = plan(reading.visit, reading.sightings, held, reread, now, cut=reading.cut)
            if self._is_quiet(reading.visit, todo):
                self._quiet.append((doubted(reading.visit, todo), todo))
                return todo, held
        await self.keeper.write()
        captures = self.keeper.written()

        def record(tx: Tx) -> tuple[VisitChanges, dict[str, Known]]:
            record_captures(tx, self.county, captures)
            known = held if held is not None else site.known_entries(tx, self.county, [column.key])[column.key]
            todo = plan(reading.visit, reading.sightings, known, reread, now, cut=reading.cut)
            added = self._record(tx, next_seq(tx, self.county), column, reading, todo)
            elsewhere = [
                sighting.url for sighting in todo.new if sighting.url not in added
            ]  # another process was quicker
            if elsewhere:
                added |= site.known_entries(tx, self.county, [column.key], elsewhere)[column.key]
            return todo, {**known, **added}

        todo, known = await run_write(self.store, record)
        self.memory.learn({column.key: known})
        self._remember(reading.visit, todo)
        return todo, known

    @property
    def due(self) -> bool:
        """Whether enough visits wait, or one has waited long enough."""
        if not self._quiet:
            return False
        return len(self._quiet) >= _TOGETHER or self._quiet[-1][0].ended_at - self._quiet[0][0].ended_at >= _WAIT

    async def write(self) -> dict[Visit, Exception]:
        """Record the visits that wait; those that could not be, with the reason."""
        quiet, self._quiet = self._quiet, []
        if not quiet:
            return {}

        def record(tx: Tx) -> None:
            seq = next_seq(tx, self.county)
            record_visits(tx, self.county, seq, [visit for visit, _ in quiet])
            site.mark_seen(tx, [([one.id for one in todo.seen], visit.began_at) for visit, todo in quiet])

        try:
            await run_write(self.store, record)
        except Exception as error:  # whatever it is, they are visited again at the next pass
            return {visit: error for visit, _ in quiet}
        for visit, todo in quiet:
            self._remember(visit, todo)
        return {}

    async def fail(self, visit: Visit) -> None:
        """Record a visit that ended in a fault of ours."""

        def record(tx: Tx) -> None:
            record_visits(tx, self.county, next_seq(tx, self.county), [visit])
            self._mark_fault(tx, visit)

        await run_write(self.store, record)

    def _is_quiet(self, visit: Visit, todo: VisitChanges) -> bool:
        """Whether a visit found all as it was, and its articles need not be asked for."""
        if visit.outcome is not VisitOutcome.READ or f"column:{visit.column}" in self._faulty:
            return False
        return not (todo.new or todo.relisted or todo.missing or (todo.ask and not self.lists_only))

    def _remember(self, visit: Visit, todo: VisitChanges) -> None:
        seen, missing = [one.url for one in todo.seen], [one.url for one in todo.missing]
        self.memory.recorded(visit.column, seen, missing, visit.began_at)

    def _record(
        self, tx: Tx, seq: int, column: SiteColumn, reading: ColumnReading, todo: VisitChanges
    ) -> dict[str, Known]:
        """Write what a visit saw; the entries that it added."""
        visit = reading.visit
        record_visits(tx, self.county, seq, [doubted(visit, todo)])
        added = site.add_entries(tx, self.county, seq, column.key, todo.new, visit.began_at)
        site.mark_seen(tx, [([one.id for one in todo.seen], visit.began_at)])
        site.mark_missing(tx, [one.id for one in todo.missing], visit.began_at)
        site.change_entries(
            tx,
            [
                {
                    "id": one.id,
                    "listed_title": seen.title,
                    "listed_claimed": seen.claimed,
                    "publisher": seen.publisher,
                    "seq": seq,
                }
                for one, seen in todo.relisted
            ],
        )
        rows = [
            site.PageRow(page.url, page.etag, page.last_modified, page.digest, page.listing.to_json(), page.read_at)
            for page in reading.pages
        ]
        site.keep_pages(tx, self.county, rows)
        self._mark_fault(tx, visit)
        return added

    def _mark_fault(self, tx: Tx, visit: Visit) -> None:
        subject = f"column:{visit.column}"
        if visit.outcome is VisitOutcome.READ and subject in self._faulty:
            clear_fault(tx, self.county, subject, "crawl", visit.ended_at)
        elif visit.outcome is not VisitOutcome.READ:
            record_fault(tx, self.county, subject, "crawl", visit.note, visit.ended_at)
