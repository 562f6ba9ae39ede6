"""Runs a plan year on a simulated clock: the daemon's passes, only at instants at which something can change.

The site is read once a day, at the first crawl of the day, and of it only what changed or what an open
occurrence needs; the other instants follow from acts, due instants, steps and opening hours.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from apscheduler.triggers.cron import CronTrigger

from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Event, Filing, Ruling
from tracker.daemon.jobs import Office
from tracker.demo.world import Act
from tracker.registers.decisions import record_ruling
from tracker.registers.errors import RegisterError
from tracker.registers.events import record_event
from tracker.registers.filings import record_filing
from tracker.store.engine import Tx
from tracker.store.sent import find_next_delivery
from tracker.store.threads import run_write

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Command:
    """A command line that a person enters at `recorded_at`, without the program's name and without `--now`."""

    recorded_at: datetime
    words: tuple[str, ...]


ReplayAct = Act | Command


@dataclass(slots=True)
class SimulatedClock:
    """A clock that moves only when it is set. Its calls give the same instant."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Replay:
    """One county's year, up to `last`. `acts`: what its clerks enter, each at its `recorded_at`.

    `changed_columns`: which columns of the site changed in (after, until], where that is known; without it the
    whole site is read. `run_command` runs an act that is a `Command`; raises RegisterError if it is refused.
    `refused`: what the registers refused, a line each.
    """

    office: Office
    rulebook: Rulebook
    clock: SimulatedClock
    last: datetime
    acts: Sequence[ReplayAct] = ()
    changed_columns: Callable[[datetime, datetime], frozenset[str]] | None = None
    run_command: Callable[[Command], Awaitable[None]] | None = None
    refused: list[str] = field(default_factory=list)
    _filing_ids: dict[int, int] = field(default_factory=dict)  # of attestations: in the register by in the acts
    _slots: dict[str, datetime] = field(default_factory=dict)  # when each job runs next
    _crawled_at: datetime | None = None

    async def run(self) -> AsyncIterator[datetime]:
        """Go from the clock's instant to `last`; yields after the work of each instant."""
        acts = sorted(self.acts, key=lambda act: act.recorded_at)[::-1]
        for job in ("crawl", "overdue-report", "week"):
            self._set_next_slot(job)
        tick_at: datetime | None = self.clock.now
        delivery_at: datetime | None = None
        while True:
            act_at = acts[-1].recorded_at if acts else None
            instants = [at for at in (tick_at, delivery_at, act_at, *self._slots.values()) if at is not None]
            # What lies in the past (a notice decided for an opening that is over) is due at once.
            at = max(min(instants, default=self.last + timedelta(days=1)), self.clock.now)
            if at > self.last:
                return
            self.clock.now = at = at.astimezone(self.office.loaded.schedule.zone)
            while acts and acts[-1].recorded_at <= at:
                await self._enter(acts.pop())
            if self._takes_slot("crawl", at):
                await self._crawl(at)
            tick_at = self.office.tick().next_at
            if self._takes_slot("overdue-report", at):
                self.office.report_overdue()
            if self._takes_slot("week", at):
                self.office.report_week()
            delivery_at = await self._deliver(at)
            yield at

    def _set_next_slot(self, job: str) -> None:
        """Of several crawls on a day only the first runs."""
        schedule = self.office.loaded.schedule
        if (line := schedule.jobs.get(job)) is None:
            return
        after = self._slots.get(job, self.clock.now)
        if job == "crawl" and job in self._slots:
            after = (after.astimezone(schedule.zone) + timedelta(days=1)).replace(hour=0, minute=0)
        trigger = CronTrigger.from_crontab(line, timezone=schedule.zone)
        if (slot := trigger.get_next_fire_time(None, after + timedelta(seconds=1))) is not None:
            self._slots[job] = slot

    def _takes_slot(self, job: str, at: datetime) -> bool:
        """Whether the job is due; then its next slot is set."""
        if job not in self._slots or self._slots[job] > at:
            return False
        self._set_next_slot(job)
        return True

    async def _crawl(self, at: datetime) -> None:
        columns = self._find_columns_to_read(at)
        self._crawled_at = at
        if columns is None or columns:
            await self.office.crawl(columns)

    def _find_columns_to_read(self, at: datetime) -> frozenset[str] | None:
        """What changed since the last crawl, and what open occurrences need to be seen on. None: everything."""
        if self.changed_columns is None or self._crawled_at is None:
            return None
        changed = self.changed_columns(self._crawled_at, at)
        # On a day off no overdue notice goes out, so no column has to be seen for one.
        is_workday = self.office.loaded.calendar.is_workday(at.astimezone(self.rulebook.county.zone).date())
        return changed | self.office.columns_in_need(self.rulebook, at) if is_workday else changed

    async def _deliver(self, at: datetime) -> datetime | None:
        """Send what may leave now; gives when there is next something to send."""
        while (due := self._next_delivery()) is not None and due <= at:
            if not (await self.office.deliver()).has_progress:
                return None  # what cannot leave is offered again at the next instant, not at this one for ever
        return due

    def _next_delivery(self) -> datetime | None:
        with self.office.store.read() as tx:
            return find_next_delivery(tx)

    async def _enter(self, act: ReplayAct) -> None:
        """Enter what a clerk enters; what the registers refuse is noted, not fatal."""
        try:
            if not isinstance(act, Command):
                await run_write(self.office.store, partial(self._record, act=act))
            elif self.run_command is None:
                raise RegisterError("this replay runs no commands: {words}", words=" ".join(act.words))
            else:  # outside any transaction: the command is a process of its own, with its own connection
                await self.run_command(act)
        except RegisterError as error:
            log.warning("%s", error, extra={"action": "replay"})
            self.refused.append(f"{act.recorded_at:%Y-%m-%d}: {error}")

    def _record(self, tx: Tx, act: Act) -> None:
        rulebook, now = self.rulebook, self.clock.now
        match act:
            case Event():
                record_event(tx, rulebook, replace(act, recorded_at=now))
            case Filing(kind="attestation"):
                filing = replace(act, recorded_at=now, form=act.form or "statement")
                self._filing_ids[act.id] = record_filing(tx, rulebook, filing).value.id
            case Filing():
                filing = Filing(0, act.kind, act.occurrence, now, act.by)
                record_filing(tx, rulebook, filing, statement=act.proof)
            case Ruling(kind="accept" | "reject" | "extend"):
                record_ruling(tx, rulebook, replace(act, recorded_at=now, target=self._translate_target(act.target)))
            case Ruling():
                raise RegisterError("a replayed clerk does not {kind}", kind=act.kind)

    def _translate_target(self, target: str) -> str:
        """The target with the number that the register gave to an attestation."""
        kind, _, number = target.partition(":")
        if kind != "attestation" or not number.isdigit():
            return target
        return f"attestation:{self._filing_ids.get(int(number), int(number))}"
