"""A plan year on a simulated clock: the same passes as the daemon's, only at instants where something can change.

The site is read once a day, at the first crawl of the day, and of it only what changed or what an open
matter needs; everything else follows from events, due instants, steps and opening hours.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from tracker.core.law.duties import Rulebook
from tracker.core.values.facts import Event, Filing, Ruling
from tracker.daemon.jobs import Office
from tracker.registers.decisions import decide
from tracker.registers.errors import RegisterError
from tracker.registers.events import record_event
from tracker.registers.filings import record_filing
from tracker.store.engine import Tx
from tracker.store.sent import next_delivery

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Command:
    """A command line that a person enters at `recorded_at`, without the program's name and without `--now`."""

    recorded_at: datetime
    words: tuple[str, ...]


ReplayAct = Event | Filing | Ruling | Command


@dataclass(slots=True)
class SimulatedClock:
    """A clock that stands where it was put. Its calls give the same instant."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Replay:
    """One county's year. `acts`: what its clerks enter, each at its `recorded_at`.

    `changed`: which columns changed on the site in (after, until], where that is known; without it the
    whole site is read. `run_command` runs one of the acts that is a `Command`; raises RegisterError if it is refused.
    """

    office: Office
    rulebook: Rulebook
    clock: SimulatedClock
    last: datetime
    acts: Sequence[ReplayAct] = ()
    changed: Callable[[datetime, datetime], frozenset[str]] | None = None
    run_command: Callable[[Command], Awaitable[None]] | None = None
    refused: list[str] = field(default_factory=list)
    _filed: dict[int, int] = field(default_factory=dict)
    _slots: dict[str, datetime] = field(default_factory=dict)
    _crawled_at: datetime | None = None

    async def run(self) -> AsyncIterator[datetime]:
        """Go from the clock's instant to `last`; yields after each instant that was lived through."""
        waiting = sorted(self.acts, key=lambda act: act.recorded_at)[::-1]
        for job in ("crawl", "overdue-report"):
            self._advance(job)
        hint: datetime | None = self.clock.now
        delivery: datetime | None = None
        while (at := self._next(hint, delivery, waiting)) is not None and at <= self.last:
            self.clock.now = at
            while waiting and waiting[-1].recorded_at <= at:
                await self._enter(waiting.pop())
            if self._due("crawl", at):
                await self._crawl(at)
            report = self.office.tick()
            if self._due("overdue-report", at):
                self.office.report_overdue()
            delivery = await self._deliver(at)
            hint = report.next_at
            yield at

    # -- time --------------------------------------------------------------------------------------

    def _advance(self, job: str) -> None:
        """The job's next slot; of several crawls on a day only the first."""
        line = self.office.loaded.schedule.jobs.get(job)
        if line is None:
            return
        zone = self.office.loaded.schedule.zone
        after = self._slots.get(job, self.clock.now)
        if job == "crawl" and job in self._slots:
            after = (after.astimezone(zone) + timedelta(days=1)).replace(hour=0, minute=0)
        fires = CronTrigger.from_crontab(line, timezone=zone).get_next_fire_time(None, after + timedelta(seconds=1))
        if fires is not None:
            self._slots[job] = fires

    def _due(self, job: str, at: datetime) -> bool:
        if self._slots.get(job, self.last + timedelta(days=1)) > at:
            return False
        self._advance(job)
        return True

    def _next(self, hint: datetime | None, delivery: datetime | None, waiting: Sequence[ReplayAct]) -> datetime | None:
        instants = [hint, delivery, *self._slots.values()]
        if waiting:
            instants.append(waiting[-1].recorded_at)
        found = min((instant for instant in instants if instant is not None), default=None)
        # What lies behind (a notice decided for an opening that has passed) is due at once.
        return None if found is None else max(found, self.clock.now).astimezone(self.office.loaded.schedule.zone)

    # -- what happens ------------------------------------------------------------------------------

    async def _crawl(self, at: datetime) -> None:
        only = self._worth_reading(at)
        self._crawled_at = at
        if only is None or only:
            await self.office.crawl(only)

    def _worth_reading(self, at: datetime) -> frozenset[str] | None:
        """What changed since the last reading, and what open matters need to be seen on. None: everything."""
        if self.changed is None or self._crawled_at is None:
            return None
        changed = self.changed(self._crawled_at, at)
        # On a day off nobody is pressed, so nothing needs fresh sight.
        worked = self.office.loaded.calendar.is_workday(at.astimezone(self.rulebook.county.zone).date())
        return changed | self.office.columns_in_need(self.rulebook, at) if worked else changed

    async def _deliver(self, at: datetime) -> datetime | None:
        """Send what may leave now; when there is next something to send."""
        while (due := self._next_delivery()) is not None and due <= at:
            if not (await self.office.deliver()).has_progress:
                return None  # what cannot leave is offered again at the next instant, not at this one for ever
        return due

    def _next_delivery(self) -> datetime | None:
        with self.office.store.read() as tx:
            return next_delivery(tx)

    async def _enter(self, act: ReplayAct) -> None:
        """What a clerk enters; what the registers refuse is kept for the end, not fatal."""
        try:
            if isinstance(act, Command):
                await self._run(act)
            else:
                self._record(act)
        except RegisterError as error:
            log.warning("%s", error, extra={"action": "replay"})
            self.refused.append(f"{act.recorded_at:%Y-%m-%d}: {error}")

    def _record(self, act: Event | Filing | Ruling) -> None:
        with self.office.store.begin() as tx:
            self._register(tx, act)

    async def _run(self, command: Command) -> None:
        """Outside any transaction: the command is a process of its own, with its own connection."""
        if self.run_command is None:
            raise RegisterError(f"this replay runs no commands: {' '.join(command.words)}")
        await self.run_command(command)

    def _register(self, tx: Tx, act: Event | Filing | Ruling) -> None:
        book, now = self.rulebook, self.clock.now
        match act:
            case Event():
                record_event(tx, book, replace(act, recorded_at=now))
            case Filing(kind="attestation"):
                filing = replace(act, recorded_at=now, form=act.form or "statement")
                self._filed[act.id] = record_filing(tx, book, filing).value.id
            case Filing():
                filing = Filing(0, act.kind, act.occurrence, now, act.by)
                record_filing(tx, book, filing, statement=act.proof)
            case Ruling(kind="accept" | "reject" | "extend"):
                decide(tx, book, replace(act, recorded_at=now, target=self._target(act.target)))
            case Ruling():
                raise RegisterError(f"a replayed clerk does not {act.kind}")

    def _target(self, target: str) -> str:
        """Attestations have the numbers that the register gave them."""
        kind, _, number = target.partition(":")
        if kind != "attestation" or not number.isdigit():
            return target
        return f"attestation:{self._filed.get(int(number), int(number))}"
