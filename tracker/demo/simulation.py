"""Sets up a county in a folder: rules, database and simulated clock, against the sample site or a real one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
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
from tracker.registers.golive import record_golive
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Schedule
from tracker.rulebook.secrets import find_unset_secrets
from tracker.store.engine import Store
from tracker.store.threads import run_write


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
async def simulate_county(
    root: Path,
    folder: Path,
    first: date,
    last: date,
    *,
    site: str = "",
    acts: Sequence[ReplayAct] | None = None,
    county: str = "",
    archive: str = "",
    seed: int = SHIPPED,
    port: int = 0,
) -> AsyncIterator[SimulatedCounty]:
    """A county of the rules in `root`, from the first instant of `first` to the last of `last`.

    `site`: the address of a real site, which shows what it shows today; "": the sample site, served on loopback at
    `port` (0: any free one) in the year that `seed` draws. `acts`: what is entered; None: what the sample's clerks
    enter. `archive`: the folder, in `folder`, where the answers of the site are kept; "": nowhere, because it
    takes time.
    """
    sock, base = (None, site) if site else listen(port)
    # Our own site needs no pause between requests.
    loaded = _load_county(root, base, county, archive=archive, **({} if site else {"delay": timedelta()}))
    rulebook = loaded.rulebooks[0]
    zone = rulebook.county.zone
    begin, end = datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)
    clock = SimulatedClock(begin)
    database = f"sqlite:///{folder / 'duban.db'}"
    async with AsyncExitStack() as stack:
        store = stack.enter_context(Store(database, durable=False, origin="simulation"))
        office = Office(loaded, store, clock, folder, channels=open_null_channels)
        office.prepare()
        if rulebook.county.mode == "live":
            start = partial(record_golive, loaded=loaded, rulebook=rulebook, now=begin, simulated=True)
            await run_write(store, partial(start, by="模拟", reason="模拟运行"))
        replay = Replay(office, rulebook, clock, end - timedelta(microseconds=1), acts or ())
        world = None
        if sock is not None:
            world = build_world(rulebook, loaded.calendar, seed)
            replay.acts = world.acts if acts is None else acts
            replay.changed_columns = world.changed_columns
            await stack.enter_async_context(serve(SampleSite(world, clock).app(), sock))
        yield SimulatedCounty(replay, office, rulebook, world, begin, end, root, database, base)


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
