"""Several workers on one database: each slot is done once, whoever takes it and whoever leaves."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from tests.daemon.cluster import SharedSite, attempts_watched, served, write_counties
from tests.daemon.cluster_nursery import BEATS, BEGIN
from tests.live_county import all_live
from tracker.daemon.cluster import ClusterWorker
from tracker.daemon.jobs import Office
from tracker.demo.simulation import open_null_channels
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store
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
        worker = ClusterWorker(office, lambda _: self.loaded, self.clock, beats=BEATS)
        running = asyncio.ensure_future(worker.run())
        yield worker
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    async def until_done(self, job: str, slots: int) -> None:
        query = sa.select(sa.func.count()).where(runs.c.job == job, runs.c.outcome == "ok")

        def count() -> int:
            with self.store.read() as tx:
                return int(tx.execute(query).scalar_one())

        async with asyncio.timeout(30):
            while await asyncio.to_thread(count) < slots:  # noqa: ASYNC110 - the database gives no event
                await asyncio.sleep(0.02)


async def test_two_workers_do_each_slot_once_and_the_other_goes_on_alone(tmp_path: Path, postgres_url: str) -> None:
    site = SharedSite()
    async with served(site) as address:
        write_counties(tmp_path, COUNTIES, address)
        with Store(postgres_url, durable=False) as store:
            place = Place(tmp_path, all_live(load(tmp_path, dict(os.environ))), store)
            with attempts_watched(store) as begun:
                async with place.worker("first"):
                    async with place.worker("second"):
                        await place.until_done("tick", 1)
                    await place.until_done("tick", 2)
            with store.read() as tx:
                ticked = list(tx.execute(sa.select(counties.c.ticked_at)).scalars())
                left = set(tx.execute(sa.select(passes.c.attempts)).scalars())
                queued = tx.exec_driver_sql(
                    "SELECT count(*) FROM procrastinate_jobs WHERE status <> 'todo'"
                ).scalar_one()
    assert len(ticked) == len(COUNTIES)
    assert all(ticked)
    assert {each.sum for each in begun if each.outcome == "ok"} == {1}
    assert {each.sum for each in begun} <= {0, 1}  # what a worker had begun when it ended is given back
    assert left <= {0}
    assert queued == 0
    assert site.most == 1
