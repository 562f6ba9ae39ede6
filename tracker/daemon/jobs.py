"""The passes as the daemon, `duban once` and the replay run them: crawl, tick, deliver, report.

Each is idempotent. A run is recorded once per slot, which is how the hours without observation are known.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tracker.clock import Clock
from tracker.core.law.county import Rulebook
from tracker.core.values.message import Message
from tracker.crawl.lookback import columns_in_need
from tracker.daemon.process import free_memory, holder_name
from tracker.daemon.system_clock import GuardedClock
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import prefix_of
from tracker.decide.load import load_groups
from tracker.decide.recheck import recheck
from tracker.decide.report import TickReport
from tracker.decide.run import tick
from tracker.decide.work_process import Work, WorkProcess, is_large
from tracker.registers.adoptions import load_rules_in_force
from tracker.registers.errors import RegisterError
from tracker.registers.golive import load_live_rules
from tracker.registers.renamed_ids import find_renamed_ids
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Schedule
from tracker.store.counties import ensure_county, list_decided_rules, list_documents, lock_counties, store_document
from tracker.store.engine import Store
from tracker.store.jobs import JobOutcome, begin_run, end_run
from tracker.store.messages import delete_bodies
from tracker.store.person_retention import delete_expired_persons
from tracker.store.site import delete_listing_pages
from tracker.store.threads import run_write

# The parts of a pass are imported where it begins: to decide, neither the crawl nor the delivery is loaded.
if TYPE_CHECKING:
    from notifications.channels.base import Channel
    from tracker.console.links import AnswerLinks
    from tracker.crawl.report import CrawlReport
    from tracker.daemon.site_reading import SiteReading
    from tracker.deliver.report import DeliveryReport
    from tracker.deliver.write import Answered
    from tracker.evidence.fetch.host_lines import HostPace

log = logging.getLogger(__name__)

T = TypeVar("T")

_BUSY = Message("another report is being made; try again in a minute")


@dataclass(slots=True)
class Office:
    """The passes, and what they share: the rules in force, the database, the clock."""

    loaded: Loaded
    store: Store
    clock: Clock
    folder: Path  # relative paths of the schedule (mails) start here
    # What opens the channels in place of those of the schedule.
    channels: Callable[[Schedule, Path, Clock], AbstractAsyncContextManager[Mapping[str, Channel]]] | None = None
    holder: str = field(default_factory=holder_name)
    unrecorded: list[Answered] = field(default_factory=list)  # outcomes of mails that no pass could record yet
    returned: set[str] = field(default_factory=set)  # numbers of the mails in the mailbox of bounces that were read
    is_rate_limited: bool = False  # the last delivery left mails behind because of the minute's rate
    lives_on: bool = False  # this process is a daemon: large passes run in one that ends after them
    county: str = ""  # the one that is read and judged; "": all. What is due leaves for all of them
    pace: HostPace | None = None  # at the sites, where other workers ask them too
    _reading: SiteReading | None = None
    _working: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self) -> None:
        """Bring the tables to this version and keep the rules in force by their hash."""
        self.store.migrate()
        self.adopt(self.loaded)

    async def explain_hold(self) -> Message | None:
        """Return why no pass may run now, by the machine's clock. Another clock is right."""
        if not isinstance(self.clock, GuardedClock):
            return None
        return await self.clock.explain_hold(self.store, self.loaded)

    def adopt(self, loaded: Loaded) -> None:
        """Put these rules in force; the next tick judges everything under them.

        A county in which an id with records was renamed keeps its rules. Raises RegisterError where there are none to
        be kept, or every county would be so: the rules before stay.
        """
        now = self.clock()
        with self.store.begin() as tx:
            decided = list_decided_rules(tx)
            others = (book for book in loaded.rulebooks if decided.get(book.county.id, "") not in ("", book.digest))
            loaded = self._keep_ids(loaded, find_renamed_ids(tx, others))
            for digest in sorted(loaded.bodies.keys() - list_documents(tx)):
                of_calendar = digest == loaded.calendar.digest
                store_document(tx, digest, "calendar" if of_calendar else "rulebook", loaded.bodies[digest], now)
            for rulebook in loaded.rulebooks:
                if rulebook.county.id not in decided:
                    ensure_county(tx, rulebook.county.id)
        self.loaded = loaded

    def _keep_ids(self, loaded: Loaded, renamed: Mapping[str, RegisterError]) -> Loaded:
        """These rules, without what was renamed in a county."""
        if not renamed:
            return loaded
        before = self.loaded.counties if loaded is not self.loaded else {}
        if len(renamed) == len(loaded.rulebooks) or not renamed.keys() <= before.keys():
            raise RegisterError(Message.lines(str(error) for error in renamed.values()))
        for county, error in renamed.items():
            log.error(
                "%s: the rules are refused, its last good ones stay:\n%s", county, error, extra={"action": "reload"}
            )
        return loaded.keeping(self.loaded, renamed)

    @property
    def archive(self) -> Path | None:
        """The folder in which pages are archived, if there is one."""
        named = self.loaded.schedule.crawl.archive
        return self.folder / named if named else None

    @property
    def reading(self) -> SiteReading:
        """What reads the sites, with what it keeps from one crawl to the next."""
        from tracker.daemon.site_reading import SiteReading

        if self._reading is None:
            self._reading = SiteReading(self.store, self.clock, self.pace)
        self._reading.follow(self.loaded, self.archive)
        return self._reading

    @property
    def selected(self) -> Loaded:
        """The rules of the county that is read and judged, or of all."""
        return self.loaded.only(self.county) if self.county else self.loaded

    async def crawl(
        self, only: Collection[str] | None = None, progress: Callable[[str], None] | None = None
    ) -> list[CrawlReport]:
        """Read every column of every county (or `only` those) as far back as open occurrences need."""
        reports = await self.reading.crawl(self.selected.rulebooks, only, progress)
        if self.lives_on:
            self.free_memory()  # what is held would be scattered over ever more of the heap
        return reports

    def free_memory(self) -> None:
        """Give back to the system what passes needed and nobody uses now."""
        self.store.engine.dispose()  # each connection keeps pages
        free_memory()

    async def crawl_added(self, counties: Collection[str]) -> None:
        """Read the sites of counties that have just come, ahead of the timetable; that counts as no run of it."""
        if await self.explain_hold() is None:
            await self.reading.crawl([book for book in self.loaded.rulebooks if book.county.id in counties])

    def facts_about(self, rulebook: Rulebook, key: str) -> CountyFacts:
        """The facts about the duty of an occurrence as they are now."""
        with self.store.read() as tx:
            rulebook = load_rules_in_force(tx, self.loaded, rulebook)
            return load_groups(tx, rulebook, self.loaded.calendar, [prefix_of(key)], self.clock())

    def columns_in_need(self, rulebook: Rulebook, at: datetime) -> frozenset[str]:
        """The columns on which an open occurrence may still be proved."""
        with self.store.read() as tx:
            return columns_in_need(tx, load_rules_in_force(tx, self.loaded, rulebook), self.loaded.calendar, at)

    def tick(self) -> TickReport:
        with self._work_apart() as apart:
            report = tick(self.store, self.selected, self.clock(), apart)
        if self.lives_on and report.judged:
            self.free_memory()
        return report

    async def deliver(self) -> DeliveryReport:
        """Read the mails that came back and send what is due. Raises RuleErrors if a secret for that is not set; a
        simulation, which sends nothing, needs none."""
        from tracker.deliver.channels import open_channels
        from tracker.deliver.run import deliver

        if self.channels is None and self.loaded.schedule.unset_secrets:
            raise RuleErrors(self.loaded.schedule.unset_secrets)
        loaded = await asyncio.to_thread(self._read_bounces)
        async with (self.channels or open_channels)(loaded.schedule, self.folder, self.clock) as channels:
            report = await deliver(
                self.store, loaded, channels, self.clock, self.holder, self._answer_links(), self.unrecorded
            )
        self.is_rate_limited = report.rate_limited > 0 and self.loaded.schedule.delivery.rate.per_minute > 0
        return report

    async def record_sent(self) -> None:
        """Record what was sent and could not be recorded yet."""
        from tracker.deliver.run import record_sent

        loaded = await asyncio.to_thread(load_live_rules, self.store, self.loaded)
        await record_sent(self.store, loaded, self.clock, self.unrecorded)

    def _read_bounces(self) -> Loaded:
        """Read the mails that came back; returns the rules with the counties that are live by now."""
        from tracker.deliver.bounces import read_bounces

        loaded = load_live_rules(self.store, self.loaded)
        read_bounces(self.store, loaded, self.clock, known=self.returned)
        return loaded

    def counties_not_live(self) -> list[str]:
        """The counties whose file says live and which have not gone live yet."""
        loaded, now = load_live_rules(self.store, self.loaded), self.clock()
        counties = [rulebook.county for rulebook in loaded.rulebooks]
        return [county.id for county in counties if county.mode == "live" and county.shadow(now)]

    def _answer_links(self) -> AnswerLinks | None:
        """The links at which messages can be answered, if pages are served."""
        from tracker.console.links import AnswerLinks

        console = self.loaded.schedule.console
        return AnswerLinks(console) if console is not None else None

    def report_overdue(self) -> int:
        """Decide the overdue report of each county; it is sent with the next delivery."""
        from tracker.reports.overdue import announce_overdue  # once a week: an idle daemon stays small

        with self._work_apart() as apart:
            return announce_overdue(self.store, self.loaded, self.clock(), apart)

    def report_week(self) -> int:
        """Decide the week's mail of each county's office; it is sent with the next delivery."""
        from tracker.reports.week import announce_weeks

        with self._work_apart() as apart:
            return announce_weeks(self.store, self.loaded, self.clock(), apart)

    def draft_circulars(self) -> int:
        """Draft last month's circular if nobody did, and notify the county office."""
        from tracker.reports.circulars.monthly import draft_last_month  # once a month: an idle daemon stays small

        with self._work_apart() as apart:
            return draft_last_month(self.store, self.loaded, self.clock(), apart)

    @contextmanager
    def _work_apart(self) -> Iterator[WorkProcess | None]:
        """What does the work of large counties, where this process is a daemon."""
        with WorkProcess(self.store) as process:
            yield process if self.lives_on else None

    def run_by_size(self, work: Work[T], rulebook: Rulebook, now: datetime) -> T:
        """Do what somebody asked for of a county; that of a large one apart, for one person at a time.

        Raises RegisterError while it is done for another.
        """
        if not (self.lives_on and is_large(self.store, rulebook)):
            return work(self.store, self.loaded, rulebook, now)
        if not self._working.acquire(blocking=False):
            raise RegisterError(_BUSY)
        try:
            with WorkProcess(self.store) as process:
                return process.run(work, self.loaded, rulebook, now)
        finally:
            self._working.release()

    async def tidy(self) -> str:
        """Decide everything anew and count what that would change; announce the journal's head if no recent report did;
        delete what is older than the schedule keeps and no decision rests on."""
        from tracker.crawl.retention import delete_stale_files, find_stale_files

        now = self.clock()
        wrong = await asyncio.to_thread(self._recheck, now)
        mails, pages, persons = await asyncio.to_thread(self._tidy_tables, now)
        files = 0
        for rulebook in self.loaded.rulebooks if self.archive is not None else ():
            stale = await asyncio.to_thread(find_stale_files, self.store, self.loaded, rulebook, now)
            files += await delete_stale_files(self.store, self.reading.archiver(rulebook.county.id), stale, now)
        gone = f"{mails} mails emptied, {pages} pages forgotten, {persons} applicants' data deleted"
        gone += f", {files} files of the archive deleted"
        return f"{wrong} decisions wrong, {gone}"

    def _recheck(self, now: datetime) -> int:
        """The number of occurrences that the passes decided differently than all facts do."""
        with self._work_apart() as apart:
            tick(self.store, self.loaded, now, apart)
            return recheck(self.store, self.loaded, now, apart)

    def _tidy_tables(self, now: datetime) -> tuple[int, int, int]:
        """The number of mails emptied, of pages forgotten, and of persons deleted."""
        from tracker.reports.journal_head import announce_heads

        retention = self.loaded.schedule.retention
        announce_heads(self.store, self.loaded, now)
        with self.store.begin() as tx:
            lock_counties(tx)
            return (
                delete_bodies(tx, now - retention.messages, now),
                delete_listing_pages(tx, now - retention.pages),
                delete_expired_persons(tx, now - retention.persons, now),
            )

    def tasks(self, *, planned: bool = True) -> dict[str, Callable[[], Awaitable[None]]]:
        """The jobs by the names that schedule.yaml gives them.

        None runs while the clock is doubted: that is logged. `planned`: a job that its cron line starts has its minute
        as its slot and runs once in it. Otherwise its slot is the instant, so that catching up uses no planned slot.
        """
        return {name: self._recorded(name, work, planned) for name, work in self.passes().items()}

    def passes(self) -> dict[str, Callable[[], Awaitable[object]]]:
        """What the jobs do, by the names that schedule.yaml gives them; each returns what it has done."""
        return {
            "crawl": self.crawl,
            "tick": partial(asyncio.to_thread, self.tick),
            "deliver": self.deliver,
            "overdue-report": partial(asyncio.to_thread, self.report_overdue),
            "week": partial(asyncio.to_thread, self.report_week),
            "circular": partial(asyncio.to_thread, self.draft_circulars),
            "tidy": self.tidy,
        }

    def _recorded(
        self, name: str, work: Callable[[], Awaitable[object]], planned: bool
    ) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            if (reason := await self.explain_hold()) is not None:
                log.error("%s", reason, extra={"action": "clock"})
                return
            now = self.clock()
            await self.record(name, now.replace(second=0, microsecond=0) if planned else now, work)

        return run

    async def record(self, name: str, slot: datetime, work: Callable[[], Awaitable[object]]) -> bool:
        """Run `work` as the job's run for this slot; False where that slot was taken already."""
        began = self.clock()
        run = await run_write(self.store, lambda tx: begin_run(tx, name, slot, began))
        if run is None:
            return False
        outcome: JobOutcome = "failed"
        note = ""
        try:
            note = str(await work())
            outcome = "ok"
        except asyncio.CancelledError:
            outcome = "stopped"
            raise
        finally:
            ended = self.clock()
            await run_write(self.store, lambda tx: end_run(tx, run, ended, outcome, note[:500]))
        return True
