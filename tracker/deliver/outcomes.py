"""Maps a channel's answer to sent, tried again, or a failing mailbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from notifications.channels.base import SendResult
from tracker.clock import Clock
from tracker.core.law.duties import County
from tracker.deliver.delivered import DeliveryReport
from tracker.deliver.mailboxes import BOUNCES, REFUSES, box_fault, failing, open_faults
from tracker.deliver.retrying import last_try, next_try
from tracker.deliver.undelivered import fail, tell_channel
from tracker.rulebook.loaded import Loaded
from tracker.store import messages
from tracker.store.counties import CountyRow, lock_county
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, clear_faults, list_faults, record_fault
from tracker.store.journal import JournalEntry, append
from tracker.store.messages import Member, MessageRow
from tracker.store.threads import run_read, run_write

#: So many attempts, and a message counts against its mailbox.
_OFTEN = 3


@dataclass(slots=True)
class Outcomes:
    """Writes the outcomes of one pass. `faults`: those that stand (county, subject, action); `failing`: by county,
    the addresses that are not written to now."""

    store: Store
    loaded: Loaded
    counties: Mapping[str, County]
    clock: Clock
    report: DeliveryReport
    faults: set[tuple[str, str, str]] = field(default_factory=set)
    failing: dict[str, frozenset[str]] = field(default_factory=dict)

    async def load(self, channels: Collection[str]) -> None:
        """Load the faults that stand, and clear those that are over; where none is, nothing is written."""
        now = self.clock()
        standing, over = open_faults(await run_read(self.store, list_faults), self.counties, channels)
        if over:
            await run_write(self.store, lambda tx: clear_faults(tx, over, now))
        self.faults = {(fault.county, fault.subject, fault.action) for fault in standing}
        for county in self.counties:
            self.failing[county] = failing([fault for fault in standing if fault.county == county], now)

    def write(self, answered: Sequence[tuple[MessageRow, SendResult]]) -> None:
        """What became of messages of one county, in one transaction."""
        now, county = self.clock(), answered[0][0].county
        with self.store.begin() as tx:
            head = lock_county(tx, county)
            taken = [(message, result) for message, result in answered if result.ok]
            if taken:
                self._write_sent(tx, head, taken, now)
            for message, result in answered:
                if not result.ok:
                    self._write_unsent(tx, message, result, now)

    def _write_sent(
        self, tx: Tx, head: CountyRow, taken: Sequence[tuple[MessageRow, SendResult]], now: datetime
    ) -> None:
        answers = {message.id: result.answer for message, result in taken}
        members = messages.record_sent(tx, answers, now)
        entries = [_sent(member, name, answers[name]) for name, found in members.items() for member in found]
        if entries:
            append(tx, head.id, entries, now, head)
        self.report.sent += len(members)
        self.report.notices += len(entries)
        county = head.id
        for message, _ in taken:
            self.over(tx, county, f"channel:{message.channel}", "deliver", now)
            for action in (REFUSES, BOUNCES):
                self.over(tx, county, box_fault(message.recipient), action, now)

    def _write_unsent(self, tx: Tx, message: MessageRow, result: SendResult, now: datetime) -> None:
        county, box = message.county, box_fault(message.recipient)
        if result.down:
            subject = f"channel:{message.channel}"
            record_fault(tx, county, subject, "deliver", result.answer, now)
            self.faults.add((county, subject, "deliver"))
            if message.attempts == _OFTEN:
                tell_channel(tx, self.loaded, message, result.answer, now)
        elif result.retry and message.attempts == _OFTEN:
            record_fault(tx, county, box, REFUSES, result.answer, now)
            self.faults.add((county, box, REFUSES))
        # A channel in trouble is no message's fault, whatever it says: it is asked more and more seldom.
        office = self.loaded.office_time(self.counties[county].zone)
        until = last_try(message.claimed_at, self.loaded.schedule.delivery.retry_for, office)
        if (result.retry or result.down) and now < until:
            doubtful = message.doubtful or result.doubtful
            again = next_try(message, now, office)
            messages.record_retry(tx, message, result.answer, now, again, doubtful=doubtful)
            self.report.later += 1
            return
        held = fail(tx, self.loaded, message, result.answer, now, mailbox=not result.down)
        if held is not None:
            self.report.failed += 1
            self.report.notices += held
            if not result.down:
                self.faults.add((county, box, BOUNCES))
                self.failing[county] |= {message.recipient}

    async def all_over(self, counties: Iterable[str], subject: str, action: str) -> None:
        """The fault is over in each of the counties where it stood; where it stood in none, nothing is written."""
        standing, now = [county for county in counties if (county, subject, action) in self.faults], self.clock()

        def record(tx: Tx) -> None:
            for county in standing:
                self.over(tx, county, subject, action, now)

        if standing:
            await run_write(self.store, record)

    def over(self, tx: Tx, county: str, subject: str, action: str, now: datetime) -> None:
        """A fault that stood is over."""
        if (county, subject, action) in self.faults:
            self.faults.discard((county, subject, action))
            if clear_fault(tx, county, subject, action, now) and action == BOUNCES:
                append(tx, county, [JournalEntry("outbox", "mailbox.mended", subject)], now)


def _sent(member: Member, message: str, answer: str) -> JournalEntry:
    after = {"message": message, "role": member.role, "step": member.step}
    return JournalEntry("outbox", "notice.sent", member.subject, None, after, answer)
