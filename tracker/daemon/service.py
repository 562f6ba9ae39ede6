"""The daemon: keeps the lease of its database, runs the passes by the clock and serves the pages."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tracker.clock import Clock
from tracker.console.context import ConsoleError
from tracker.core.assessment.golive import not_live_message
from tracker.daemon.jobs import Office
from tracker.daemon.log import use_zone
from tracker.daemon.process import free_memory, is_dead, notify_systemd, share_one_heap
from tracker.daemon.scheduler import JobScheduler
from tracker.registers.errors import RegisterError
from tracker.rulebook.errors import RuleErrors
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

if TYPE_CHECKING:
    from tracker.console.server import ConsoleServer

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
MINUTE = timedelta(minutes=1)  # what `per_minute` counts by, and the slot of a pass
HEARTBEAT = 15  # seconds; a lease outlives three missed beats
_NAMED = 10  # counties in a line of the log; of more their number
STOP_WITHIN = 5.0  # seconds for a mail under way; systemd and people wait ten for all


class Daemon:
    """The one scheduler of a database, from its start to SIGTERM.

    `load` reads the rule files again at every SIGHUP, given what was read before; while they are wrong the last good
    ones stay: a county's own where its file is wrong, all where what the counties share is.
    """

    def __init__(self, office: Office, load: Callable[[Loaded], Loaded], clock: Clock) -> None:
        self._office = office
        self._load = load
        self._clock = clock
        self._holder = office.holder
        self._stopping = asyncio.Event()
        self._lost = False
        self._pages: ConsoleServer | None = None
        use_zone(office.loaded.schedule.zone)
        tasks = office.tasks()
        self._deliver = tasks["deliver"]
        tasks = {**tasks, "deliver": self._deliver_again, "heartbeat": self._heartbeat}
        self._scheduler = JobScheduler(tasks, office.loaded.schedule.zone)

    async def run(self) -> int:
        """Run until SIGTERM.

        Returns 0; 1 if the lease was lost; 2 if the pages cannot be served or another scheduler holds the database.
        """
        share_one_heap()
        other = await asyncio.to_thread(self._prepare)
        if other is not None:
            log.error("another scheduler runs on this database: %s", other, extra={"action": "start"})
            return 2
        try:
            self._handle_signals()
            await self._serve_pages()
            await asyncio.to_thread(self._log_gaps)
            await self._start()
            await self._stopping.wait()
        except ConsoleError as error:
            log.error("%s", error, extra={"action": "start"})
            return 2
        finally:
            notify_systemd("STOPPING=1")
            await asyncio.gather(self._scheduler.stop(STOP_WITHIN), self._stop_pages())
            await run_write(self._office.store, lambda tx: release_lease(tx, "scheduler", self._holder))
        log.info("stopped", extra={"action": "stop"})
        return 1 if self._lost else 0

    async def _start(self) -> None:
        seen = await run_read(self._office.store, lambda tx: find_last_slot(tx, "crawl", self._clock()))
        self._scheduler.every("heartbeat", HEARTBEAT)
        self._scheduler.start()
        # What came due while no daemon ran is decided now, not at the next time in the schedule.
        self._catching_up = asyncio.ensure_future(self._catch_up(seen))
        notify_systemd("READY=1")
        names = ", ".join(book.county.id for book in self._office.loaded.rulebooks)
        self._log_broken()
        log.info("running for %s on %s", names, self._office.store.name, extra={"action": "start"})
        for county in await asyncio.to_thread(self._office.counties_not_live):
            log.warning("%s", not_live_message(county), extra={"action": "start"})

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

    async def _serve_pages(self) -> None:
        """Serve the pages behind the links in mails as the schedule says. Raises ConsoleError."""
        settings = self._office.loaded.schedule.console
        if self._pages is None:
            if settings is None:
                return
            from tracker.console.server import ConsoleServer  # loads the web server only if it is needed

            self._pages = ConsoleServer(self._office)
        await self._pages.follow(settings)

    async def _stop_pages(self) -> None:
        if self._pages is not None:
            await self._pages.stop()

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, lambda: setattr(self, "_reload", asyncio.ensure_future(self.reload())))

    async def reload(self) -> None:
        """Load the rule files again; if they are wrong, log it and keep the last good ones."""
        before = self._office.loaded
        try:
            loaded = await asyncio.to_thread(self._load, before)
        except (RuleErrors, OSError) as error:
            log.error("the rules are wrong, the last good ones stay in force:\n%s", error, extra={"action": "reload"})
            return
        except Exception:  # whatever it is, the daemon goes on
            log.exception("the rules cannot be loaded, the last good ones stay in force", extra={"action": "reload"})
            return
        try:
            await asyncio.to_thread(self._office.adopt, loaded)
        except RegisterError as error:
            log.error("the rules are refused, the last good ones stay in force:\n%s", error, extra={"action": "reload"})
            return
        except Exception:  # the database is away or locked
            log.exception("the new rules cannot be stored, the last good ones stay", extra={"action": "reload"})
            return
        loaded = self._office.loaded
        self._log_broken()
        use_zone(loaded.schedule.zone)
        self._scheduler.schedule(loaded.schedule.jobs, loaded.schedule.zone)
        try:
            await self._serve_pages()
        except ConsoleError as error:
            log.error("%s; the pages are not served", error, extra={"action": "reload"})
        changed = _describe_changes(before, loaded)
        log.info("new rules in force%s; next: %s", changed, self._scheduler.next_runs(), extra={"action": "reload"})
        # Decided at once: it logs which waiting notices the new rules move, before the next delivery.
        await self._scheduler.start_task("tick", self._office.tasks(planned=False)["tick"])

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
            self._lost = True
            self._stopping.set()
            return
        notify_systemd("WATCHDOG=1")  # only here: the event loop ran and the database answered

    def _prepare(self) -> str | None:
        """Bring tables and rules up to date and take the lease; returns its holder if another process has it."""
        self._office.store.migrate(in_child=True)
        self._office.prepare()
        return self._take_lease()

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

    def _log_broken(self) -> None:
        """Log which counties' files cannot be used."""
        loaded = self._office.loaded
        for county, errors in loaded.broken.items():
            stays = "its last good ones stay in force" if county in loaded.counties else "nothing is done for it"
            log.error("%s: the rules are wrong, %s:\n%s", county, stays, RuleErrors(errors), extra={"action": "rules"})

    def _shown(self, at: datetime) -> str:
        """An instant in the zone in which the log is written."""
        return at.astimezone(self._office.loaded.schedule.zone).isoformat(timespec="minutes")


def _describe_changes(before: Loaded, loaded: Loaded) -> str:
    """Which counties' rules are others than before, for the log."""
    old, new = ({book.county.id: book.digest for book in each.rulebooks} for each in (before, loaded))
    kinds = {
        "changed": [id for id, digest in new.items() if old.get(id, digest) != digest],
        "added": [id for id in new if id not in old],
        "removed": [id for id in old if id not in new],
    }
    texts = (f"{kind}: {', '.join(ids) if len(ids) <= _NAMED else len(ids)}" for kind, ids in kinds.items() if ids)
    return "".join(f"; {text}" for text in texts)
