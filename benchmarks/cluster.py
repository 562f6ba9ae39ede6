"""Passes that do nothing, taken by one worker of a cluster, beside bare procrastinate on the same PostgreSQL.

A pass is begun and ended in our tables, by two transactions of their own; a bare job only runs. All are in the queue
when the clock starts, and deleted when it stops. Counted is the worker's processor time: a wall clock would count
whatever else the machine does.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import procrastinate

from benchmarks.databases import database
from benchmarks.rows import Row, Scale
from tracker.daemon.queue import Offer, PassQueue
from tracker.store.engine import Store
from tracker.store.passes import end_pass, list_open_passes, plan_run, start_pass
from tracker.store.threads import run_write

JOBS, WIDTH = 1_000, 20
SLOT = datetime(2026, 1, 1, tzinfo=UTC)


async def passes(store: Store, round: int) -> float:
    """Processor time until the passes of one slot are done."""
    done, left = asyncio.Event(), JOBS
    slot = SLOT.replace(day=round + 1)

    async def run(id: int, attempts: int) -> None:
        nonlocal left
        attempt = await run_write(store, lambda tx: start_pass(tx, id, attempts, "one"))
        assert attempt is not None
        await run_write(store, lambda tx: end_pass(tx, attempt, slot, "ok"))
        left -= 1
        if not left:
            done.set()

    with store.begin() as tx:
        plan_run(tx, "crawl", slot, [f"county-{number}" for number in range(JOBS)], slot)
        waiting = [Offer(one.id, "crawl", one.attempts) for one in list_open_passes(tx)]
    offering, taking = PassQueue(store.url, run, {"other": 1}), PassQueue(store.url, run, {"crawl": WIDTH})
    offering.resume()
    await offering.offer(waiting)
    await offering.pause()
    began = time.process_time()
    taking.resume()
    await done.wait()
    took = time.process_time() - began
    await taking.pause()
    return took


async def bare(url: str) -> float:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, max_size=10))

    done, left = asyncio.Event(), JOBS

    @app.task(name="nothing")
    async def nothing(id: int) -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    async with app.open_async():
        await nothing.batch_defer_async(*({"id": number} for number in range(JOBS)))
        began = time.process_time()
        worker = asyncio.ensure_future(
            app.run_worker_async(concurrency=WIDTH, delete_jobs="always", install_signal_handlers=False)
        )
        await done.wait()
        took = time.process_time() - began
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        return took


def rows(scale: Scale) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, database("PostgreSQL", Path(folder)) as url, Store(url) as store:
        store.migrate()
        ours, peer = list[float](), list[float]()
        for round in range(scale.rounds):
            ours.append(asyncio.run(passes(store, round)))
            peer.append(asyncio.run(bare(url)))
    yield Row(
        f"{JOBS:,} passes of a cluster that do nothing, processor time",
        ours,
        "bare procrastinate, as many jobs",
        peer,
        least=0.8,
    )
