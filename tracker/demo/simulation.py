"""Sets up a county in a folder: rules, database and simulated clock, against the sample site or a real one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from notifications.channels.base import NO_LIMIT, Channel, MessageForm, Outgoing, SendResult
from tracker.clock import Clock
from tracker.core.law.county import Rulebook
from tracker.daemon.jobs import Office
from tracker.demo.draw import SHIPPED
from tracker.demo.replay import Replay, ReplayAct, SimulatedClock
from tracker.demo.scenario import build_world
from tracker.demo.site import SampleSite, listen, serve
from tracker.demo.world import World
from tracker.registers.golive import go_live
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Schedule
from tracker.rulebook.secrets import find_unset_secrets
from tracker.store.engine import Store


class NullChannel:
    """A channel that accepts every message and sends nothing: the replay only says what would be sent."""

    form: MessageForm = "mail"
    max_bytes = NO_LIMIT

    async def send(self, message: Outgoing) -> SendResult:
        return SendResult(True, "not sent: replay")

    async def close(self) -> None:
        """Nothing is open."""


@asynccontextmanager
async def open_null_channels(schedule: Schedule, _folder: Path, _clock: Clock) -> AsyncIterator[Mapping[str, Channel]]:
    yield dict.fromkeys(("mail", *schedule.channels), NullChannel())


@dataclass(slots=True)
class SimulatedCounty:
    """Everything a simulated county needs. `world` is None where the site is a real one.

    `root`, `database`, `base`: the folder of rules, the database's URL, and the address of the site.
    """

    replay: Replay
    office: Office
    rulebook: Rulebook
    world: World | None
    first: datetime
    last: datetime
    root: Path
    database: str
    base: str


@asynccontextmanager
async def sample_county(
    root: Path,
    folder: Path,
    first: date,
    last: date,
    *,
    acts: Sequence[ReplayAct] | None = None,
    county: str = "",
    archive: str = "",
    seed: int = SHIPPED,
    port: int = 0,
) -> AsyncIterator[SimulatedCounty]:
    """The sample county on loopback, from the first instant of `first` to the last of `last`.

    `acts`: what is entered instead of what the sample's clerks enter. `archive`: the folder, in `folder`, where
    the answers of the site are kept; "": nowhere, because it takes time. `seed`: which year is drawn.
    `port`: where the site is served; 0: any free one.
    """
    sock, base = listen(port)
    # Our own site on loopback needs no pause between requests.
    loaded = _load_county(root, base, county, archive=archive, delay=timedelta())
    world = build_world(loaded.rulebooks[0], loaded.calendar, seed)
    async with _set_up(root, base, loaded, folder, first, last) as simulated:
        simulated.world = world
        simulated.replay.acts = world.acts if acts is None else acts
        simulated.replay.changed_columns = world.changed_columns
        async with serve(SampleSite(world, simulated.replay.clock).app(), sock):
            yield simulated


@asynccontextmanager
async def real_county(
    root: Path, folder: Path, first: date, last: date, acts: Sequence[ReplayAct], base: str, county: str = ""
) -> AsyncIterator[SimulatedCounty]:
    """The county of the rules against the site at `base`, which shows what it shows today."""
    loaded = _load_county(root, base, county, archive="")
    async with _set_up(root, base, loaded, folder, first, last) as simulated:
        simulated.replay.acts = acts
        yield simulated


def _load_county(root: Path, base: str, county: str, **crawl: Any) -> Loaded:
    """The rules of the county that was asked for, else of the first. `crawl`: what its crawl has instead.

    No real mailbox is read, and no page is linked whose secret is not set.
    """
    loaded = load(root, {**os.environ, "DUBAN_SITE": base})
    rulebooks = [rulebook for rulebook in loaded.rulebooks if county in ("", rulebook.county.id)]
    schedule = loaded.schedule
    schedule = replace(
        schedule,
        delivery=replace(schedule.delivery, bounces=None),
        console=None if any(find_unset_secrets(schedule.console)) else schedule.console,
        crawl=replace(schedule.crawl, **crawl),
    )
    return replace(loaded, rulebooks=tuple(rulebooks[:1]), schedule=schedule)


@asynccontextmanager
async def _set_up(
    root: Path, base: str, loaded: Loaded, folder: Path, first: date, last: date
) -> AsyncIterator[SimulatedCounty]:
    rulebook = loaded.rulebooks[0]
    zone = rulebook.county.zone
    begin, end = datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)
    clock = SimulatedClock(begin)
    database = f"sqlite:///{folder / 'duban.db'}"
    with Store(database, durable=False, origin="simulation") as store:
        office = Office(loaded, store, clock, folder, channels=open_null_channels)
        office.prepare()
        if rulebook.county.mode == "live":
            with store.begin() as tx:
                go_live(tx, loaded, rulebook, by="模拟", reason="模拟运行", now=begin, simulated=True)
        replay = Replay(office, rulebook, clock, end - timedelta(microseconds=1))
        yield SimulatedCounty(replay, office, rulebook, None, begin, end, root, database, base)
