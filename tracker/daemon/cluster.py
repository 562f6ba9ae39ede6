"""A worker of a cluster: it plans the slots that have come, offers what is not done, and does its share of the passes.

Every worker plans and offers; the database lets one of them do it. There is no first among them, and each may die. They
hold the scheduler's lease together, under a name made of all that they decide by: so a single daemon and workers with
other rules wait until it runs out.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker.clock import Clock
from tracker.daemon.host_pace import SharedPace, longest_request
from tracker.daemon.jobs import Office
from tracker.daemon.process import notify_systemd
from tracker.daemon.queue import Offer, PassQueue, Signs
from tracker.daemon.scheduler import find_last_slot_due
from tracker.daemon.serving import Service
from tracker.decide.run import decision_basis, list_touched
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import ensure_county, list_decided_rules
from tracker.store.county_passes import COUNTY
from tracker.store.engine import Tx, is_unavailable
from tracker.store.faults import record_fault
from tracker.store.jobs import read_lease, take_lease
from tracker.store.migrations import HEAD, read_revision
from tracker.store.passes import (
    OpenPass,
    StartedPass,
    end_if_silent,
    end_pass,
    find_newest_slot,
    has_ended,
    list_open_passes,
    plan_run,
    read_clock,
    return_pass,
    start_pass,
    stop_foreign_work,
)
from tracker.store.queue_tables import ensure_queue
from tracker.store.threads import run_write

log = logging.getLogger(__name__)

#: The kinds of work, each with how many passes a process does at a time. Reading waits for sites most of the time;
#: one delivery at a time keeps to the connections that the schedule allows.
WIDTHS = {"crawl": 10, "decide": 2, "deliver": 1}
#: Jobs that have a pass for each county, and under which name one that fails is recorded; the others have one for all.
BY_COUNTY = {"crawl": "read", "tick": "tick"}
#: So often a pass may end with its worker before it is given up: it may be what kills them.
DEATHS = 5
_MINUTE = timedelta(minutes=1)


class _NewerSchemaError(Exception):
    """The database was brought to a later version while this worker ran."""


class _DeadlyPassError(Exception):
    """A pass ended too often with its worker."""


@dataclass(frozen=True, slots=True)
class Beats:
    """Seconds between two looks at what is to be done, and that the lease outlives the last of them; and the signs of
    life in the queue."""

    every: float = 15.0
    lease: float = 60.0
    signs: Signs = field(default_factory=Signs)


class ClusterWorker(Service):
    """One of the processes of a cluster, which takes all kinds of work or `only` these.

    It ends with 2 when the database is of a later version than this program.
    """

    def __init__(
        self,
        office: Office,
        load: Callable[[Loaded], Loaded],
        clock: Clock,
        only: Collection[str] = (),
        beats: Beats | None = None,
        *,
        has_pages: bool = False,
    ) -> None:
        super().__init__(office, load, clock, has_pages=has_pages)
        self._beats = beats or Beats()
        office.pace = SharedPace(office.store, longest_request(office.loaded.schedule.crawl))
        widths = {kind: width for kind, width in WIDTHS.items() if not only or kind in only}
        self._queue = PassQueue(office.store.url, self._run_pass, widths, self._beats.signs)
        self._deliver_at: datetime | None = None  # what the rate per minute held back
        self._is_delivering = False
        self._beating: asyncio.Task[None] | None = None

    # -- from start to end -------------------------------------------------------------------------

    def _prepare(self) -> None:
        self._office.store.migrate(in_child=True)
        ensure_queue(self._office.store)
        self._office.prepare()
        _ = self._office.reading  # shared by all passes

    async def _begin(self) -> None:
        self._beating = asyncio.ensure_future(self._beat())
        notify_systemd("READY=1")

    async def _end(self) -> None:
        """The lease runs out when the last worker is gone."""
        if self._beating is not None:
            self._beating.cancel()
        await self._queue.pause()

    async def _follow(self, loaded: Loaded, added: Collection[str]) -> None:
        """The lease under the old rules runs out when no worker renews it."""
        await self._queue.pause()
        log.info("new rules in force when all workers have the same files", extra={"action": "reload"})

    # -- what is to be done ------------------------------------------------------------------------

    async def _beat(self) -> None:
        while True:
            try:
                await self._look()
            except asyncio.CancelledError:
                raise
            except _NewerSchemaError as error:
                self._refuse_schema(error)
                return
            except Exception as error:  # the next one tries again
                defect = None if is_unavailable(error) else error
                log.error("cannot look for work: %s", error, exc_info=defect, extra={"action": "heartbeat"})
            await asyncio.sleep(self._beats.every)

    async def _look(self) -> None:
        """Hold the lease, plan the slots that have come, and offer what is not done. While another holds it, wait."""
        waiting: list[OpenPass] | None = None
        if (reason := await self._office.explain_hold()) is not None:
            log.error("%s", reason, extra={"action": "clock"})
        else:
            waiting = await self._plan()
        if waiting is None:
            await self._queue.pause()
        else:
            self._queue.resume()
            await self._queue.offer([Offer(each.id, _kind_of(each.job), each.attempts) for each in waiting])
        notify_systemd("WATCHDOG=1")  # only here: the event loop ran and the database answered

    async def _plan(self) -> list[OpenPass] | None:
        """The passes that are open; None where another has the database."""
        if self._office.unrecorded and not self._is_delivering:
            await self._office.record_sent()  # before another worker sends it again
        now = self._clock()
        other, waiting = await run_write(self._office.store, lambda tx: self._plan_under_lease(tx, now))
        if not other:
            return waiting
        log.warning("waits for %s: it has the database, by other rules or alone", other, extra={"action": "lease"})
        return None

    def _plan_under_lease(self, tx: Tx, now: datetime) -> tuple[str, list[OpenPass]]:
        """Who else holds the lease, or the passes that are open. Its row lets one worker at a time plan."""
        end_if_silent(tx, self._beats.lease)  # else one that is frozen here would stop all
        _check_schema(tx)
        name, before, at = _name_of(self._office.loaded), read_lease(tx, "scheduler"), read_clock(tx)
        lease = take_lease(tx, "scheduler", name, now=at, until=at + timedelta(seconds=self._beats.lease))
        if lease.holder != name:
            return lease.holder, []
        is_new = before is None or before.holder != name
        if is_new:
            stop_foreign_work(tx, now)
        for job, slot in self._find_due(tx, now).items():
            self._plan_slot(tx, job, slot, self._counties_of(tx, job, now), now)
        if is_new and (added := self._find_undecided(tx)):
            self._plan_slot(tx, "crawl", now, added, now)  # ahead of the timetable
        return "", list_open_passes(tx)

    def _plan_slot(self, tx: Tx, job: str, slot: datetime, counties: Collection[str], now: datetime) -> None:
        if count := plan_run(tx, job, slot, counties, now):
            shown = slot.astimezone(self._office.loaded.schedule.zone).isoformat(timespec="minutes")
            log.info("planned for %s: %d", shown, count, extra={"action": job})

    def _find_undecided(self, tx: Tx) -> list[str]:
        """The counties that came with these rules."""
        decided = list_decided_rules(tx)
        return [county for county in self._county_ids() if not decided.get(county)]

    def _find_due(self, tx: Tx, now: datetime) -> dict[str, datetime]:
        """The newest slot of each job that has come and was not begun; where the job never ran, since the last crawl.

        On a new database the sites are read first.
        """
        crawled = find_newest_slot(tx, "crawl", now)
        if crawled is None:
            return {"crawl": now.replace(second=0, microsecond=0)}
        if not has_ended(tx, "crawl"):
            return {}
        schedule = self._office.loaded.schedule
        due: dict[str, datetime] = {}
        for job in self._office.passes().keys() & schedule.jobs.keys():
            slot = find_last_slot_due(schedule.jobs[job], schedule.zone, now)
            if slot is not None and slot > (find_newest_slot(tx, job, now) or crawled):
                due[job] = slot
        if self._deliver_at is not None and self._deliver_at <= now:
            due.setdefault("deliver", self._deliver_at)
            self._deliver_at = None
        return due

    def _counties_of(self, tx: Tx, job: str, now: datetime) -> list[str]:
        """For which counties a slot of the job has a pass; "": one for all."""
        if job == "tick":
            return list_touched(tx, self._office.loaded, now)
        return self._county_ids() if job in BY_COUNTY else [""]

    # -- doing it ----------------------------------------------------------------------------------

    async def _run_pass(self, id: int, attempts: int) -> None:
        """Do one pass. What cannot be recorded stays open, and is offered again."""
        store = self._office.store
        try:
            attempt = await self._begin_pass(id, attempts)
        except _NewerSchemaError as error:
            self._refuse_schema(error)
            return
        if attempt is None:
            return
        try:
            if attempt.attempts > DEATHS:
                raise _DeadlyPassError(f"given up: it ended {attempt.attempts - 1} times with its worker")
            note = str(await self._work(attempt)())
        except asyncio.CancelledError:
            await run_write(store, lambda tx: return_pass(tx, attempt))
            raise
        except Exception as error:
            await self._fail(attempt, error)
        else:
            now = self._clock()
            await run_write(store, lambda tx: end_pass(tx, attempt, now, "ok", note))

    async def _begin_pass(self, id: int, attempts: int) -> StartedPass | None:
        """Begin an attempt. Where this worker ends meanwhile, what the thread has begun is given back."""
        store = self._office.store
        beginning = asyncio.ensure_future(run_write(store, lambda tx: self._start(tx, id, attempts)))
        try:
            return await asyncio.shield(beginning)
        except asyncio.CancelledError:
            if attempt := await beginning:
                await run_write(store, lambda tx: return_pass(tx, attempt))
            raise

    def _start(self, tx: Tx, id: int, attempts: int) -> StartedPass | None:
        _check_schema(tx)
        return start_pass(tx, id, attempts, self._holder)

    def _work(self, attempt: StartedPass) -> Callable[[], Awaitable[object]]:
        """What the job does, for the county of the pass. Deliveries share what could not be recorded yet."""
        if attempt.job == "deliver":
            return self._deliver
        passes: Mapping[str, Callable[[], Awaitable[object]]] = replace(self._office, county=attempt.county).passes()
        return passes[attempt.job]

    async def _deliver(self) -> object:
        self._is_delivering = True
        try:
            report = await self._office.deliver()
        finally:
            self._is_delivering = False
        if self._office.is_rate_limited:
            self._deliver_at = self._clock().replace(second=0, microsecond=0) + _MINUTE
        return report

    async def _fail(self, attempt: StartedPass, error: Exception) -> None:
        """Record the failure; its next slot tries again. Where the database is what failed, the pass stays open."""
        if is_unavailable(error):
            log.error("the database is away: %s", error, extra={"action": attempt.job})
            return
        log.error("the pass failed", exc_info=error, extra={"action": attempt.job})
        now = self._clock()
        try:
            await run_write(self._office.store, lambda tx: self._record_failure(tx, attempt, error, now))
        except _NewerSchemaError as newer:
            self._refuse_schema(newer)

    def _record_failure(self, tx: Tx, attempt: StartedPass, error: Exception, now: datetime) -> None:
        _check_schema(tx)  # then it may be why it failed, and a worker of the later version does it
        if isinstance(error, _DeadlyPassError) and attempt.job in BY_COUNTY:
            ensure_county(tx, attempt.county)
            record_fault(tx, attempt.county, COUNTY, BY_COUNTY[attempt.job], str(error), now)
        end_pass(tx, attempt, now, "failed", repr(error))

    def _county_ids(self) -> list[str]:
        return [book.county.id for book in self._office.loaded.rulebooks]

    def _refuse_schema(self, error: Exception) -> None:
        log.error("%s", error, extra={"action": "stop"})
        self._leave(2)


def _kind_of(job: str) -> str:
    """The kind of work that a job is."""
    return job if job in WIDTHS else "decide"


def _name_of(loaded: Loaded) -> str:
    """Under which name the workers hold the lease that decide by the same program, rules, calendar and schedule."""
    basis = sorted(decision_basis(loaded, rulebook) for rulebook in loaded.rulebooks)
    return f"cluster {hashlib.sha256('|'.join(basis).encode()).hexdigest()[:12]}"


def _check_schema(tx: Tx) -> None:
    """Raise if the tables are no longer those that this program knows."""
    if (revision := read_revision(tx)) != HEAD:
        raise _NewerSchemaError(
            f"the database was brought to revision {revision}, this program ends at {HEAD}: "
            "this worker takes no more passes; upgrade duban on this machine and start it again"
        )
