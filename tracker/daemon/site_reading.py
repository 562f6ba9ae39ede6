"""Reads the sites of the counties side by side, with one line before each host: none waits for a slow one."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from urllib.parse import urlsplit

from tracker.clock import Clock
from tracker.core.law.county import Rulebook
from tracker.crawl.archiver import Archiver
from tracker.crawl.lookback import LookBack, look_back
from tracker.crawl.report import CrawlReport
from tracker.crawl.resources import CrawlResources, open_resources
from tracker.crawl.run import agent_of, crawl
from tracker.crawl.second_looks import look_again
from tracker.crawl.site_state import SiteState
from tracker.evidence.archive import Archive
from tracker.evidence.fetch.host_lines import HostPace
from tracker.registers.adoptions import load_rules_in_force
from tracker.rulebook.loaded import Loaded
from tracker.store.county_passes import CountyPasses
from tracker.store.engine import Store
from tracker.store.threads import run_read

log = logging.getLogger(__name__)

#: Counties that are read at the same time. Each waits for its site most of the time.
_AT_ONCE = 100
#: So many counties at most are kept in memory from one crawl to the next: with them an idle pass loads nothing.
_CACHED_COUNTIES = 8


@dataclass(slots=True)
class SiteReading:
    """The crawls of a process under the rules that it was given last. `pace`: where other workers ask the sites too."""

    store: Store
    clock: Clock
    pace: HostPace | None = None
    sites: dict[str, SiteState] = field(default_factory=dict)
    _loaded: Loaded | None = None
    _archive: Path | None = None
    _archivers: dict[str, Archiver] = field(default_factory=dict)

    def follow(self, loaded: Loaded, archive: Path | None) -> None:
        """Read under these rules from now on; `archive`: the folder in which pages are archived, if there is one."""
        if loaded is not self._loaded:
            self._archivers.clear()
        self._loaded, self._archive = loaded, archive

    @property
    def loaded(self) -> Loaded:
        if self._loaded is None:
            raise RuntimeError("no rules to read by")
        return self._loaded

    @property
    def _is_caching(self) -> bool:
        """Whether what was read of a county is kept in memory until its next crawl, which no other worker makes."""
        return self.pace is None and len(self.loaded.rulebooks) <= _CACHED_COUNTIES

    def archiver(self, county: str) -> Archiver:
        """What archives the county's answers."""
        if county in self._archivers:
            return self._archivers[county]
        agent, durable = agent_of(self.loaded.schedule.crawl), self.store.durable
        archive = Archive(self._archive, county, agent, durable) if self._archive is not None else None
        archiver = Archiver(self.store, county, archive)
        if self._is_caching:
            self._archivers[county] = archiver
        return archiver

    async def crawl(
        self,
        rulebooks: Sequence[Rulebook],
        only: Collection[str] | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> list[CrawlReport]:
        """Read every column of these counties (or `only` those) as far back as open occurrences need.

        A county that cannot be read is recorded as a fault; its next crawl tries again.
        """
        passes, free = CountyPasses(self.store, "read"), asyncio.Semaphore(_AT_ONCE)
        reports = list[CrawlReport]()
        async with open_resources(self.loaded.schedule.crawl, len(rulebooks), self.pace) as resources:

            async def read(rulebook: Rulebook) -> None:
                async with free:
                    with passes.of(rulebook.county.id):
                        reports.append(await self._crawl_county(rulebook, resources, only, progress))
                        await self._look_again(rulebook, resources)

            await asyncio.gather(*map(read, alternate_hosts(rulebooks)))
        await asyncio.to_thread(passes.finish, self.clock())
        return sorted(reports, key=attrgetter("county"))

    async def _crawl_county(
        self,
        rulebook: Rulebook,
        resources: CrawlResources,
        only: Collection[str] | None,
        progress: Callable[[str], None] | None,
    ) -> CrawlReport:
        back, county = await asyncio.to_thread(self._look_back, rulebook), rulebook.county.id
        report = await crawl(
            self.store,
            rulebook,
            self.loaded.schedule.crawl,
            self.clock,
            only=only,
            progress=progress,
            since=back.since,
            reread=back.reread,
            site_state=self.sites.setdefault(county, SiteState()) if self._is_caching else SiteState(),
            archiver=self.archiver(county),
            resources=resources,
        )
        log.info("%s", report, extra={"action": "crawl"})
        return report

    async def _look_again(self, rulebook: Rulebook, resources: CrawlResources) -> None:
        """Make the second looks that are wanted by now."""
        is_wanted = any(policy.second_look for policy in self.loaded.schedule.policies.values())
        if not is_wanted and rulebook.circular is None:
            return
        rulebook = await run_read(self.store, lambda tx: load_rules_in_force(tx, self.loaded, rulebook))
        settings, calendar = self.loaded.schedule.crawl, self.loaded.calendar
        await look_again(self.store, rulebook, calendar, settings, self.clock, resources)

    def _look_back(self, rulebook: Rulebook) -> LookBack:
        slack = self.loaded.schedule.crawl.slack
        with self.store.read() as tx:
            return look_back(
                tx, load_rules_in_force(tx, self.loaded, rulebook), self.loaded.calendar, self.clock(), slack
            )


def alternate_hosts(rulebooks: Sequence[Rulebook]) -> list[Rulebook]:
    """The counties in an order in which those of one host are far apart, so that they take no other's place."""
    turns = Counter[str]()

    def take_turn(rulebook: Rulebook) -> int:
        hosts = {urlsplit(column.url).netloc for column in rulebook.county.columns.values()}
        turns.update(hosts)
        return max((turns[host] for host in hosts), default=0)

    return sorted(rulebooks, key=take_turn)
