"""Several workers on one database: each slot is done once, whoever takes it and whoever leaves."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.daemon.cluster import PATIENCE, attempts_watched
from tests.daemon.cluster_nursery import BEGIN
from tests.daemon.shared_site import SharedSite, served, write_counties
from tests.live_county import all_live
from tracker.daemon.cluster import DEATHS, Beats, ClusterWorker
from tracker.daemon.jobs import Office
from tracker.daemon.queue import Signs
from tracker.demo.simulation import open_null_channels
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store
from tracker.store.faults import list_faults
from tracker.store.passes import plan_run
from tracker.store.tables import counties
from tracker.store.tables_cluster import passes
from tracker.store.tables_reports import runs

COUNTIES = ("east", "west")


class Place:
    """Workers of one process, whose clock runs ten minutes in a second."""

    def __init__(self, root: Path, loaded: Loaded, store: Store) -> None:
        self.root, self.loaded, self.store, self.began = root, loaded, store, time.monotonic()

    def clock(self) -> datetime:
        return BEGIN + timedelta(seconds=600 * (time.monotonic() - self.began))

    @asynccontextmanager
    async def worker(self, name: str) -> AsyncIterator[ClusterWorker]:
        office = Office(self.loaded, self.store, self.clock, self.root, channels=open_null_channels, holder=name)
        worker = ClusterWorker(office, lambda _: self.loaded, self.clock, beats=Beats(0.2, 5.0, Signs(stop=0.5)))
        running = asyncio.ensure_future(worker.run())
        yield worker
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    async def until(self, holds: Callable[[sa.Connection], bool]) -> None:
        def look() -> bool:
            with self.store.read() as tx:
                return holds(tx)

        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(look):  # noqa: ASYNC110 - the database gives no event
                await asyncio.sleep(0.02)

    async def until_done(self, job: str, slots: int) -> None:
        query = sa.select(sa.func.count()).where(runs.c.job == job, runs.c.outcome == "ok")
        await self.until(lambda tx: int(tx.execute(query).scalar_one()) >= slots)


@asynccontextmanager
async def place(folder: Path, database: str) -> AsyncIterator[tuple[Place, SharedSite]]:
    site = SharedSite()
    async with served(site) as address:
        write_counties(folder, COUNTIES, address)
        with Store(database, durable=False) as store:
            yield Place(folder, all_live(load(folder, dict(os.environ))), store), site
            await (
                asyncio.get_running_loop().shutdown_default_executor()
            )  # what a thread had begun when its worker ended


async def test_two_workers_do_each_slot_once_and_the_other_goes_on_alone(tmp_path: Path, postgres_url: str) -> None:
    async with place(tmp_path, postgres_url) as (here, site):
        with attempts_watched(here.store) as begun:
            async with here.worker("first"):
                async with here.worker("second"):
                    await here.until_done("tick", 1)
                await here.until_done("tick", 2)
        with here.store.read() as tx:
            ticked = list(tx.execute(sa.select(counties.c.ticked_at)).scalars())
            left = set(tx.execute(sa.select(passes.c.attempts).where(passes.c.state == "open")).scalars())
            queued = tx.exec_driver_sql("SELECT count(*) FROM procrastinate_jobs WHERE status <> 'todo'").scalar_one()
    assert len(ticked) == len(COUNTIES)
    assert all(ticked)
    assert {each.sum for each in begun if each.outcome == "ok"} == {1}
    assert {each.sum for each in begun} <= {0, 1}  # what a worker had begun when it ended is given back
    assert left <= {0}
    assert queued == 0
    assert site.most == 1


@pytest.mark.nightly
async def test_a_pass_that_kills_its_workers_is_given_up_until_the_next_slot(tmp_path: Path, postgres_url: str) -> None:
    def faults(tx: sa.Connection) -> set[tuple[str, str, str]]:
        return {(fault.county, fault.subject, fault.action) for fault in list_faults(tx)}

    async with place(tmp_path, postgres_url) as (here, _):
        with here.store.begin() as tx:
            plan_run(tx, "crawl", BEGIN, COUNTIES, BEGIN)
            tx.execute(passes.update().where(passes.c.county == "east").values(attempts=DEATHS, holder="dead"))
            tx.execute(passes.update().where(passes.c.county == "west").values(attempts=DEATHS - 1, holder="dead"))
        async with here.worker("first"):
            await here.until(lambda tx: faults(tx) == {("east", "county", "read")})
            await here.until(lambda tx: faults(tx) == set())


@pytest.mark.nightly
async def test_the_site_of_a_county_that_comes_is_read_ahead_of_the_timetable(
    tmp_path: Path, postgres_url: str
) -> None:
    async with place(tmp_path, postgres_url) as (here, site):
        schedule = here.loaded.schedule
        both = replace(here.loaded, schedule=replace(schedule, jobs=schedule.jobs | {"crawl": "0 6 * * *"}))
        here.loaded = both.only("east")
        async with here.worker("first"):
            await here.until_done("tick", 1)
        assert site.asked["west"] == 0
        here.loaded = both
        async with here.worker("second"):
            await here.until(lambda _: site.asked["west"] > 0)
        with here.store.read() as tx:
            slots = list(tx.execute(sa.select(runs.c.slot_at).where(runs.c.job == "crawl")).scalars())
    assert len([slot for slot in slots if slot.astimezone(schedule.zone).hour != 6]) == 2  # the first of all, and this
