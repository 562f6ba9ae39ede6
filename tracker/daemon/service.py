"""The daemon: keeps the lease of its database and runs the passes by the clock, alone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial

from tracker.clock import Clock
from tracker.daemon.jobs import Office
from tracker.daemon.process import free_memory, is_dead, notify_systemd
from tracker.daemon.scheduler import JobScheduler
from tracker.daemon.serving import Service
from tracker.rulebook.loaded import Loaded
from tracker.store import messages
from tracker.store.jobs import (
    MISSED,
    find_last_slot,
    list_gaps,
    read_lease,
    release_lease,
    renew_lease,
    stop_runs,
    take_lease,
)
from tracker.store.threads import run_read, run_write

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
MINUTE = timedelta(minutes=1)  # what `per_minute` counts by, and the slot of a pass
HEARTBEAT = 15  # seconds; a lease outlives three missed beats
STOP_WITHIN = 5.0  # seconds for a mail under way; systemd and people wait ten for all


class Daemon(Service):
    """The one scheduler of a database. It ends with 1 when it lost the lease."""

    def __init__(self, office: Office, load: Callable[[Loaded], Loaded], clock: Clock) -> None:
        super().__init__(office, load, clock)
        tasks = office.tasks()
        self._deliver = tasks["deliver"]
        tasks = {**tasks, "deliver": self._deliver_again, "heartbeat": self._heartbeat}
        self._scheduler = JobScheduler(tasks, office.loaded.schedule.zone)

    async def _begin(self) -> None:
        await asyncio.to_thread(self._log_gaps)
        seen = await run_read(self._office.store, lambda tx: find_last_slot(tx, "crawl", self._clock()))
        self._scheduler.every("heartbeat", HEARTBEAT)
        self._scheduler.start()
        # What came due while no daemon ran is decided now, not at the next time in the schedule.
        self._catching_up = asyncio.ensure_future(self._catch_up(seen))
        notify_systemd("READY=1")

    async def _end(self) -> None:
        await self._scheduler.stop(STOP_WITHIN)
        await run_write(self._office.store, lambda tx: release_lease(tx, "scheduler", self._holder))

    async def _follow(self, loaded: Loaded, added: Collection[str]) -> None:
        self._scheduler.schedule(loaded.schedule.jobs, loaded.schedule.zone)
        log.info("new rules in force; next: %s", self._scheduler.next_runs(), extra={"action": "reload"})
        # Decided at once: it logs which waiting notices the new rules move, before the next delivery.
        await self._scheduler.start_task("tick", self._office.tasks(planned=False)["tick"])
        if added:
            await self._scheduler.start_task("crawl", partial(self._office.crawl_added, added))

    async def _catch_up(self, seen: datetime | None) -> None:
        """Decide and send what came due while no daemon ran; if a crawl was missed, crawl and do both again.

        On a new database the timetable begins after the first crawl: before it there is nothing to report.
        """
        passes = self._office.tasks(planned=False)
        if seen is None:
            await self._scheduler.start_task("crawl", passes["crawl"])
        self._scheduler.schedule(self._office.loaded.schedule.jobs)
        names = ["tick", "deliver"]
        if seen is not None and self._clock() - seen > MISSED:
            names += ["crawl", *names]
        for name in names:
            if self._stopping.is_set():
                return
            await self._scheduler.start_task(name, passes[name])
        self._office.store.engine.dispose()  # each connection keeps pages
        free_memory()
        log.info("caught up", extra={"action": "start"})

    async def _deliver_again(self) -> None:
        """Deliver; what the rate per minute held back is sent in the next minute, whatever the timetable says."""
        await self._deliver()
        if self._office.is_rate_limited:
            self._scheduler.once("deliver", self._clock() + MINUTE)

    async def _heartbeat(self) -> None:
        now = self._clock()
        held = await run_write(
            self._office.store,
            lambda tx: renew_lease(tx, "scheduler", self._holder, now=now, until=now + LEASE),
        )
        if not held:
            log.error("the scheduler's lease was taken by another process", extra={"action": "heartbeat"})
            self._leave(1)
            return
        notify_systemd("WATCHDOG=1")  # only here: the event loop ran and the database answered

    def _prepare(self) -> str | None:
        self._office.store.migrate(in_child=True)
        self._office.prepare()
        other = self._take_lease()
        return f"another scheduler runs on this database: {other}" if other is not None else None

    def _take_lease(self) -> str | None:
        """Take the lease; returns its holder if another process has it.

        The lease, runs and messages of a killed scheduler are released at once.
        """
        now = self._clock()
        with self._office.store.begin() as tx:
            held = read_lease(tx, "scheduler")
            dead = held.holder if held and is_dead(held.holder) else None
            lease = take_lease(tx, "scheduler", self._holder, now=now, until=now + LEASE, displace=dead)
            if lease.holder != self._holder:
                return f"{lease.holder}, since {self._shown(lease.since)}"
            stop_runs(tx, now)
            if dead is not None:
                messages.release_holder(tx, dead, now)
        return None

    def _log_gaps(self) -> None:
        """Log the hours without observation after downtime."""
        now = self._clock()
        with self._office.store.read() as tx:
            found = list_gaps(tx, since=now - timedelta(days=30), until=now, max_age=MISSED)
        for first, last in found:
            log.warning("nothing was observed from %s to %s", *map(self._shown, (first, last)), extra={"action": "gap"})

    def _shown(self, at: datetime) -> str:
        """An instant in the zone in which the log is written."""
        return at.astimezone(self._office.loaded.schedule.zone).isoformat(timespec="minutes")
