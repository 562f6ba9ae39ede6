"""Carries the numbers of passes to the workers of a cluster, with procrastinate on PostgreSQL.

The queue only wakes a worker: what is to be done stands in the table of passes, and is offered again when the queue has
lost it. So a job of a dead worker is deleted, never tried again by the library, and done jobs are deleted too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import procrastinate
import sqlalchemy as sa
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, ProcrastinateException
from procrastinate.jobs import Job, Status

from tracker.store.engine import connect_options

log = logging.getLogger(__name__)
# The library's own word on each job; what a pass has come to is logged by the passes.
logging.getLogger("procrastinate").setLevel(logging.CRITICAL)

_TASK, _WATCH = "pass", "watch"
#: Passes that are put into the queue by one statement.
_AT_ONCE = 500
_QUEUED = (
    "SELECT queueing_lock AS name FROM procrastinate_jobs "
    "WHERE status IN ('todo', 'doing') AND queueing_lock = ANY(%(names)s)"
)


@dataclass(frozen=True, slots=True)
class Signs:
    """Seconds: between two signs of life of a worker; after which a silent one is given up; until a lost connection is
    tried again; that a pass under way gets when its worker stops."""

    heartbeat: float = 10.0
    given_up: float = 60.0
    again: float = 2.0
    stop: float = 5.0


class Offer(NamedTuple):
    """A pass by its number, the kind of work that it is, and how often it was begun: so two jobs of it begin one."""

    id: int
    kind: str
    attempts: int


class PassQueue:
    """One process's share of the queue. `url`: of the database; `run`: does a pass by its number and how often it had
    been begun when it was offered; `widths`: how many passes of each kind at a time, for the kinds that this process
    takes."""

    def __init__(
        self, url: sa.URL, run: Callable[[int, int], Awaitable[None]], widths: Mapping[str, int], signs: Signs = Signs()
    ) -> None:
        self._signs = signs
        self._widths = widths
        self._url = url
        self._run = run
        self._app: procrastinate.App | None = None
        self._connected = asyncio.Event()
        self._at_work: asyncio.Task[None] | None = None

    # -- taking passes -----------------------------------------------------------------------------

    def resume(self) -> None:
        """Take passes from now on."""
        if self._at_work is None or self._at_work.done():
            self._at_work = asyncio.ensure_future(self._work())

    async def pause(self) -> None:
        """Take no more; passes under way are given a little time, then cancelled."""
        task, self._at_work = self._at_work, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _work(self) -> None:
        """Take passes for ever. The library's worker returns, without an error, when it lost its connection."""
        while True:
            try:
                await self._work_once()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # the database is away
                log.warning("the queue cannot be reached: %s", error, extra={"action": "queue"})
            else:
                log.warning("the connection to the queue was lost", extra={"action": "queue"})
            await asyncio.sleep(self._signs.again)

    async def _work_once(self) -> None:
        app = self._make_app()
        async with app.open_async():
            workers = [asyncio.ensure_future(self._take(app, kind, width)) for kind, width in self._widths.items()]
            self._app = app
            self._connected.set()
            try:
                ended, _ = await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._app = None
                self._connected.clear()
                for worker in workers:
                    worker.cancel()  # it stops in order
                await asyncio.gather(*workers, return_exceptions=True)
            for worker in ended:
                worker.result()  # or what ended it

    async def _take(self, app: procrastinate.App, kind: str, width: int) -> None:
        """Take passes of this kind until the connection is lost."""
        await app.run_worker_async(
            queues=[kind],
            name=kind,
            concurrency=width,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=self._signs.heartbeat,
            stalled_worker_timeout=self._signs.given_up,
            shutdown_graceful_timeout=self._signs.stop,
        )

    def _make_app(self) -> procrastinate.App:
        # One connection for each kind, and some for passes that are being taken, ended and offered.
        most = 2 + 2 * len(self._widths)
        connector = procrastinate.PsycopgConnector(
            conninfo=self._url.set(drivername="postgresql").render_as_string(hide_password=False),
            min_size=1,
            max_size=most,
            timeout=10,
            kwargs=connect_options(self._url, "duban queue"),
        )
        app = procrastinate.App(connector=connector)
        app.task(name=_TASK)(self._run_job)
        # A worker ends when one of the tasks beside it fails (its heartbeat, its ear at the database), but stops
        # looking after them as soon as one of them ends, as the one for periodic tasks does where there is none.
        app.periodic(cron="0 0 29 2 *")(app.task(name=_WATCH, queue=next(iter(self._widths)))(_do_nothing))
        return app

    async def _run_job(self, id: int, attempts: int) -> None:
        await self._run(id, attempts)

    # -- offering passes ---------------------------------------------------------------------------

    async def offer(self, passes: Collection[Offer]) -> None:
        """Put those passes into the queue that are not in it.

        Before that, what silent workers had taken is taken from them. While the queue is away, nothing is done.
        """
        try:
            async with asyncio.timeout(self._signs.given_up):
                await self._connected.wait()
            if (app := self._app) is None:
                return
            await self._release(app)
            queued = await self._list_queued(app, [one.id for one in passes])
            await self._defer(app, [one for one in passes if one.id not in queued])
        except (ProcrastinateException, TimeoutError) as error:
            log.warning("no pass is offered: %s", error, extra={"action": "queue"})

    async def _release(self, app: procrastinate.App) -> None:
        """Delete the jobs of workers that give no sign of life, each by itself: another worker may be quicker."""
        manager = app.job_manager
        for job in await manager.get_stalled_jobs(task_name=_TASK, seconds_since_heartbeat=self._signs.given_up):
            try:
                await manager.finish_job(job, status=Status.FAILED, delete_job=True)
            except ConnectorException:
                continue
            log.warning("pass %s was taken from a silent worker", job.task_kwargs["id"], extra={"action": "queue"})

    async def _list_queued(self, app: procrastinate.App, ids: Collection[int]) -> set[int]:
        names = {_name(id): id for id in ids}
        rows = await app.connector.execute_query_all_async(_QUEUED, names=list(names)) if names else []
        return {names[row["name"]] for row in rows}

    async def _defer(self, app: procrastinate.App, passes: Collection[Offer]) -> None:
        jobs = []
        for one in passes:
            # No `lock`: with it, taking one job costs PostgreSQL a look at all that wait.
            task = app.configure_task(_TASK, queue=one.kind, queueing_lock=_name(one.id))
            jobs.append(task.make_new_job(id=one.id, attempts=one.attempts))
        for start in range(0, len(jobs), _AT_ONCE):
            await _defer_jobs(app, jobs[start : start + _AT_ONCE])


async def _defer_jobs(app: procrastinate.App, jobs: list[Job]) -> None:
    """Put the jobs into the queue; where another worker was quicker with one of them, singly."""
    try:
        await app.job_manager.batch_defer_jobs_async(jobs)
    except AlreadyEnqueued:
        for job in jobs if len(jobs) > 1 else []:
            await _defer_jobs(app, [job])


async def _do_nothing(timestamp: int) -> None:
    """What is done on every 29 February."""


def _name(id: int) -> str:
    return f"pass:{id}"
