"""Starts jobs by their cron lines with APScheduler, without a job store.

The library only keeps time. A slot that was missed while the daemon was down is caught up by the next pass, because
every pass decides from the facts in the database.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger

from tracker.clock import system_clock

log = logging.getLogger(__name__)

Task = Callable[[], Awaitable[None]]

#: `misfire_grace_time=None`: the default of one second silently drops a run that a busy event loop delayed.
JOB_DEFAULTS: dict[str, Any] = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class JobScheduler:
    """Starts named tasks by their cron lines, never the same task twice at a time.

    To stop, it starts no new task and gives the running ones a time limit. (The library's own `shutdown(wait=True)`
    cancels coroutines in the middle.)
    """

    def __init__(self, tasks: Mapping[str, Task], zone: tzinfo) -> None:
        self._tasks = tasks
        self._zone = zone
        self._running: dict[str, asyncio.Task[None]] = {}
        self._scheduler = AsyncIOScheduler(timezone=zone, job_defaults=JOB_DEFAULTS)
        self._beat: asyncio.Task[None] | None = None

    def schedule(self, lines: Mapping[str, str], zone: tzinfo | None = None) -> None:
        """Replace the timetable by these cron lines (weekdays by name: this library counts from Monday).

        A line for a task that this version does not have is left out; tasks started by `every` go on. `zone`: in place
        of the one so far.
        """
        self._zone = zone or self._zone
        for job in self._scheduler.get_jobs():
            if job.id in self._tasks:
                job.remove()
        for name in self._tasks.keys() & lines.keys():
            trigger = CronTrigger.from_crontab(lines[name], timezone=self._zone)
            self._scheduler.add_job(self.start_task, trigger, args=[name], id=name)

    def next_runs(self) -> str:
        """The next run of each job of the timetable, as text."""
        jobs = sorted((job.next_run_time, job.id) for job in self._scheduler.get_jobs() if job.id in self._tasks)
        return ", ".join(f"{name} {at:%Y-%m-%d %H:%M}" for at, name in jobs)

    def every(self, name: str, seconds: float) -> None:
        """Run `name` (the heartbeat) at a fixed interval as well, whatever the system's clock shows."""

        async def beat() -> None:
            while True:
                await asyncio.sleep(seconds)
                self.follow_clock()
                await self.start_task(name)

        self._beat = asyncio.ensure_future(beat())

    def follow_clock(self) -> None:
        """Bring forward the runs that a clock put off which ran ahead: none is later than its line says from now on."""
        now = system_clock().astimezone(self._zone)
        for job in self._scheduler.get_jobs():
            coming = job.trigger.get_next_fire_time(None, now)
            if coming is not None and job.next_run_time > coming:
                job.modify(next_run_time=coming)

    def once(self, name: str, at: datetime) -> None:
        """Run `name` at that instant as well, once."""
        trigger = DateTrigger(at)
        self._scheduler.add_job(self.start_task, trigger, args=[name], id=f"once:{name}", replace_existing=True)

    def start(self) -> None:
        self._scheduler.start()

    async def start_task(self, name: str, task: Task | None = None) -> None:
        """Run the task (or `task` for it) unless it is running; what it raises is logged, the next turn tries again."""
        if name in self._running:
            log.info("still running, this turn is left out", extra={"action": name})
            return
        running = asyncio.ensure_future((task or self._tasks[name])())
        self._running[name] = running
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:
            raise
        except Exception:  # one bad pass never stops the daemon
            log.exception("the pass failed", extra={"action": name})
        finally:
            if running.done():
                self._running.pop(name, None)

    async def stop(self, limit: float) -> None:
        """Start nothing more, give running tasks `limit` seconds, then cancel them."""
        if self._beat is not None:
            self._beat.cancel()
        if self._scheduler.running:
            self._scheduler.pause()
        running = list(self._running.values())
        if running:
            _, late = await asyncio.wait(running, timeout=limit)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


#: How far back a slot is looked for, the nearest first: most lines have one within the hour.
_BACK = (timedelta(hours=1), timedelta(days=1), timedelta(days=32), timedelta(days=367))


def find_last_slot_due(line: str, zone: tzinfo, now: datetime) -> datetime | None:
    """The last slot of the cron line up to `now`; None where there was none within a year."""
    trigger, now = CronTrigger.from_crontab(line, timezone=zone), now.astimezone(zone)
    for back in _BACK:
        slot: datetime | None = trigger.get_next_fire_time(None, now - back)
        last = None
        while slot is not None and slot <= now:
            last = slot
            slot = trigger.get_next_fire_time(slot, slot + timedelta(microseconds=1))
        if last is not None:
            return last
    return None
