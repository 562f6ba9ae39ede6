"""Loads what limits a delivering pass: closed offices, counties that are not live, open faults."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from notifications.channels.base import Channel
from tracker.clock import Clock
from tracker.core.law.county import County
from tracker.deliver.attempts import Leases, Rates
from tracker.deliver.bundles import Links
from tracker.deliver.mailboxes import OFFICE, failing_addresses, split_faults
from tracker.deliver.open_faults import FaultChanges, FaultKey
from tracker.deliver.report import DeliveryReport
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.secrets import Redactor
from tracker.store.counties import lock_county
from tracker.store.engine import Store, Tx, is_unavailable
from tracker.store.faults import clear_faults, list_faults, record_fault
from tracker.store.reserve import NoRoomError
from tracker.store.restores import Restore, list_presumed, load_restores, presume_sent
from tracker.store.threads import run_read, run_write

log = logging.getLogger(__name__)

#: The subject of the fault that outcomes cannot be recorded.
DATABASE = "database"


def channel_subject(channel: str) -> str:
    """Return the subject of the faults of a channel."""
    return f"channel:{channel}"


@dataclass(slots=True)
class PassState:
    """What the parts of one pass share.

    `holder`: the name of this process in leases. `links`: those at which messages can be answered. `closed`: counties
    whose office is closed now. `shadow`: counties whose office alone gets messages. `restores`: of counties restored
    from a backup. `faults`: the open ones. `failing`: by county, the addresses that are
    not used now. `down`: channels that failed in this pass. `unanswered`: channels whose other side did not answer the
    last message.
    """

    store: Store
    loaded: Loaded
    channels: Mapping[str, Channel]
    clock: Clock
    holder: str
    links: Links | None
    report: DeliveryReport = field(default_factory=DeliveryReport)
    counties: Mapping[str, County] = field(init=False)
    leases: Leases = field(init=False)
    rates: Rates = field(init=False)
    redact: Redactor = field(init=False)
    closed: set[str] = field(default_factory=set)
    shadow: set[str] = field(default_factory=set)
    restores: Mapping[str, Restore] = field(default_factory=dict)
    faults: set[FaultKey] = field(default_factory=set)
    failing: dict[str, frozenset[str]] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        delivery = self.loaded.schedule.delivery
        self.counties = {rulebook.county.id: rulebook.county for rulebook in self.loaded.rulebooks}
        self.redact = Redactor(self.loaded.schedule)
        self.leases, self.rates = Leases(self.store, delivery, self.clock), Rates(delivery.rate)

    async def load(self) -> None:
        """Load the limits of the pass, and clear the faults of addresses that are no longer used."""
        now = self.clock()
        self.restores = await run_read(self.store, load_restores)
        for name, county in self.counties.items():
            if county.shadow(now):
                self.shadow.add(name)
            if self.loaded.office_time(county.zone).next_opening(now) != now:
                self.closed.add(name)
        self.report.not_live = tuple(
            name for name, county in self.counties.items() if name in self.shadow and county.mode == "live"
        )
        faults, obsolete = split_faults(await run_read(self.store, list_faults), self.counties, self.channels)
        if obsolete:
            await run_write(self.store, lambda tx: clear_faults(tx, obsolete, now))
        self.faults = {(fault.county, fault.subject, fault.action) for fault in faults}
        for name in self.counties:
            self.failing[name] = failing_addresses([fault for fault in faults if fault.county == name], now)

    # -- limits ----------------------------------------------------------------------------------

    def may_send(self, county: str, role: str, *, is_urgent: bool) -> bool:
        """Return whether something for this role may be sent at this hour; the report counts what may not."""
        if (restore := self.restores.get(county)) is not None and restore.is_held:
            self.report.unconfirmed += 1
            return False
        if self.is_withheld(county, role):
            self.report.withheld += 1
            return False
        is_deferred = county in self.closed and not is_urgent
        self.report.deferred += is_deferred
        return not is_deferred

    def is_withheld(self, county: str, role: str) -> bool:
        """Return whether the county is not live and the role is another than its office."""
        return county in self.shadow and role.partition("@")[0] != OFFICE

    async def presume_sent(self) -> None:
        """Record as sent what a lost installation sent between its last backup and its end."""
        now = self.clock()
        for county, restore in self.restores.items():
            if county in self.counties and restore.presumes(now):
                presume = partial(self._presume, county, restore, now)
                self.report.presumed += await run_write(self.store, presume)

    def _presume(self, county: str, restore: Restore, now: datetime, tx: Tx) -> int:
        lock_county(tx, county)
        until = restore.ran_until or restore.made_at
        waiting = list_presumed(tx, county, restore.made_at, until)
        waiting = [each for each in waiting if not self.is_withheld(county, each.role)]
        return presume_sent(tx, waiting, until, now) if waiting else 0

    def is_usable(self, channel: str) -> bool:
        return channel in self.channels and channel not in self.down and not self.report.blocked

    def is_in_trouble(self, channel: str) -> bool:
        """Return whether the channel has an open fault: since its last trouble nothing was sent on it."""
        return any((county, channel_subject(channel), "deliver") in self.faults for county in self.counties)

    def width(self, channel: str) -> int:
        """Return how many messages the channel carries at once."""
        return int(getattr(self.channels[channel], "width", 1))

    def is_rate_limited(self, channel: str, now: datetime) -> bool:
        """Return whether the channel has reached its limit; the report counts the message that is not sent."""
        is_full = self.rates.is_full(channel, now)
        self.report.rate_limited += is_full
        return is_full

    # -- faults ----------------------------------------------------------------------------------

    async def block(self, error: Exception) -> None:
        """Send nothing more in this pass. The fault is recorded if the database takes it, else only logged."""
        if self.report.blocked:
            return
        self.report.blocked = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        defect = None if isinstance(error, NoRoomError) or is_unavailable(error) else error
        log.error("nothing is sent: %s", self.report.blocked, exc_info=defect, extra={"action": "deliver"})
        text = f"nothing is sent, for its outcome cannot be recorded: {self.report.blocked}"
        try:
            await self.record_fault(self.counties, DATABASE, text)
        except Exception as second_error:
            log.error("the fault cannot be recorded: %s", second_error, extra={"action": "deliver"})

    async def unblock(self) -> None:
        """Clear the fault of `block` in the counties that have it."""
        faulty, now = [name for name in self.counties if (name, DATABASE, "deliver") in self.faults], self.clock()

        def clear() -> None:
            with self.change_faults(now) as faults:
                for county in faulty:
                    faults.clear(county, DATABASE, "deliver")

        if faulty:
            await asyncio.to_thread(clear)

    async def record_fault(self, counties: Iterable[str], subject: str, text: str) -> None:
        """Record a fault in a transaction of its own."""
        now = self.clock()

        def record(tx: Tx) -> None:
            for county in counties:
                record_fault(tx, county, subject, "deliver", text, now)

        await run_write(self.store, record)

    @contextmanager
    def change_faults(self, now: datetime) -> Iterator[FaultChanges]:
        """A transaction that changes faults; the pass knows of it once it is committed."""
        with self.store.begin() as tx:
            changes = FaultChanges(tx, self.faults, now)
            yield changes
        changes.keep()
