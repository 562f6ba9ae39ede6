"""A county in a box: the sample site, a mail server of our own, a database in a folder, a clock that is moved."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from notifications.channels.base import NO_LIMIT, Channel, MessageForm, Outgoing, SendResult
from tracker.clock import Clock
from tracker.core.law.duties import Rulebook
from tracker.daemon.jobs import Office
from tracker.demo.draw import SHIPPED
from tracker.demo.replay import Replay, ReplayAct, SimulatedClock
from tracker.demo.site import SampleSite, listen, serve
from tracker.demo.world import World
from tracker.registers.golive import go_live
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Schedule
from tracker.rulebook.secrets import unset
from tracker.store.engine import Store


class Nowhere:
    """A channel that takes everything and sends nothing: for the replay, which only says what would be sent."""

    form: MessageForm = "mail"
    max_bytes = NO_LIMIT

    async def send(self, message: Outgoing) -> SendResult:
        return SendResult(True, "not sent: replay")

    async def close(self) -> None:
        """Nothing is held."""


@asynccontextmanager
async def nowhere(schedule: Schedule, _folder: Path, _clock: Clock) -> AsyncIterator[Mapping[str, Channel]]:
    yield dict.fromkeys(("mail", *schedule.channels), Nowhere())


@dataclass(slots=True)
class SimulatedCounty:
    """Everything a simulated county needs. `world` is None where the site is somebody else's.

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
    what the site says is kept; "": nowhere, for it takes time. `seed`: which year is drawn. `port`: where the site is
    served; 0: any free one.
    """
    sock, base = listen(port)
    loaded = _hurried(_only(load(root, {**os.environ, "DUBAN_SITE": base}), county), archive)
    rulebook = loaded.rulebooks[0]
    world = World.for_county(rulebook, loaded.calendar, seed)
    async with _box(root, base, loaded, rulebook, folder, first, last) as box:
        box.world = world
        box.replay.acts = world.acts if acts is None else acts
        box.replay.changed = world.changed_columns
        async with serve(SampleSite(world, box.replay.clock).app(), sock):
            yield box


@asynccontextmanager
async def real_county(
    root: Path, folder: Path, first: date, last: date, acts: Sequence[ReplayAct], base: str, county: str = ""
) -> AsyncIterator[SimulatedCounty]:
    """The county of the rules against the site at `base`, which shows what it shows today."""
    loaded = _archiving(_only(load(root, {**os.environ, "DUBAN_SITE": base}), county), "")
    async with _box(root, base, loaded, loaded.rulebooks[0], folder, first, last) as box:
        box.replay.acts = acts
        yield box


@asynccontextmanager
async def _box(
    root: Path, base: str, loaded: Loaded, rulebook: Rulebook, folder: Path, first: date, last: date
) -> AsyncIterator[SimulatedCounty]:
    zone = rulebook.county.zone
    begin, end = datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)
    clock = SimulatedClock(begin)
    database = f"sqlite:///{folder / 'duban.db'}"
    store = Store(database, durable=False, origin="simulation")
    with store:
        office = Office(loaded, store, clock, folder, channels=nowhere)
        office.prepare()
        if rulebook.county.mode == "live":
            _go_live(store, loaded, rulebook, begin)
        replay = Replay(office, rulebook, clock, end - timedelta(microseconds=1))
        yield SimulatedCounty(replay, office, rulebook, None, begin, end, root, database, base)


def _go_live(store: Store, loaded: Loaded, rulebook: Rulebook, now: datetime) -> None:
    with store.begin() as tx:
        go_live(tx, loaded, rulebook, by="模拟", reason="模拟运行", now=now, simulated=True)


def _only(loaded: Loaded, county: str) -> Loaded:
    """The county that was asked for, else the first: a box holds one. No real mailbox is read, and no page is linked
    whose secret is not set."""
    asked = [rulebook for rulebook in loaded.rulebooks if county in ("", rulebook.county.id)]
    schedule = loaded.schedule
    console = None if any(unset(schedule.console)) else schedule.console
    schedule = replace(schedule, delivery=replace(schedule.delivery, bounces=None), console=console)
    return replace(loaded, rulebooks=tuple(asked[:1]), schedule=schedule)


def _hurried(loaded: Loaded, archive: str) -> Loaded:
    """Our own site on loopback needs no manners."""
    crawl = replace(loaded.schedule.crawl, delay=timedelta())
    return _archiving(replace(loaded, schedule=replace(loaded.schedule, crawl=crawl)), archive)


def _archiving(loaded: Loaded, archive: str) -> Loaded:
    crawl = replace(loaded.schedule.crawl, archive=archive)
    return replace(loaded, schedule=replace(loaded.schedule, crawl=crawl))
