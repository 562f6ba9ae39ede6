"""Limits of the attempts to send: leases, pauses between attempts, and rates."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from tracker.clock import SKEW, Clock
from tracker.core.escalation.office_time import OfficeTime
from tracker.rulebook.schedule import Delivery, Rate
from tracker.store import messages
from tracker.store.engine import Store, Tx
from tracker.store.messages import LEASE, LONGEST_PAUSE, MessageRow
from tracker.store.sent import count_sent, count_tried, lock_counting
from tracker.store.threads import run_write

#: The shortest time limit of one dialogue with a server.
_DIALOGUE = timedelta(minutes=4)
#: For recording the outcome of a dialogue.
_RECORD = timedelta(minutes=1)
#: The first pause and the longest one, each without the quarter that spreads the attempts.
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), LONGEST_PAUSE / 1.25
#: For so long after the office opened, messages that waited over a night or a holiday are tried with this pause.
_MORNING, _MORNING_PAUSE = timedelta(hours=2), timedelta(minutes=30)
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


class Leases:
    """The leases of one pass. `dialogue`: the time limit of one dialogue; `lease`: twice what one message needs."""

    def __init__(self, store: Store, delivery: Delivery, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.dialogue: timedelta = max(_DIALOGUE, 2 * delivery.smtp.timeout)
        self._needed = self.dialogue + _RECORD
        self.lease: timedelta = max(LEASE, 2 * self._needed)
        self._slowest = timedelta()

    async def ensure(self, message: MessageRow) -> bool:
        """Return whether this process holds the message for one dialogue; a lease that ends sooner is renewed.

        False: another process took the message after the lease had ended.
        """
        now = self._clock()
        if message.lease_until is not None and now + self._needed <= message.lease_until <= now + self.lease + SKEW:
            return True
        return await run_write(self._store, lambda tx: messages.extend_lease(tx, message, now + self.lease))

    def note_dialogue(self, span: timedelta) -> None:
        """Note how long a dialogue lasted."""
        self._slowest = max(self._slowest, span)

    def fitting(self, width: int, most: int) -> int:
        """Return how many messages, `width` at once, can be sent within one lease: `width` to `most`."""
        if not self._slowest:
            return most
        return min(most, max(width, int(width * ((self.lease - self._needed) / self._slowest))))


def last_attempt_at(claimed_at: datetime, span: timedelta, office: OfficeTime) -> datetime:
    """Return the instant from which a failed attempt is the last one: `span` after the claim.

    If the office was closed meanwhile, not before its next morning is over: a holiday that is longer than the span
    leaves several attempts.
    """
    end = claimed_at + span
    opened = office.opening_on(office.day_of(office.next_opening(end)))
    return max(end, opened + _MORNING) if claimed_at < opened else end


def next_attempt_at(message: MessageRow, now: datetime, office: OfficeTime) -> datetime:
    """Return when a message is tried again: pauses double, with up to a quarter more so that attempts are spread.

    In the morning, messages from before the office opened are tried sooner.
    """
    pause: timedelta = min(_FIRST_PAUSE * 2 ** min(message.attempts - 1, 10), _LONGEST_PAUSE)
    opened = office.opening_on(office.day_of(now))
    if message.claimed_at < opened <= now < opened + _MORNING:
        pause = min(pause, _MORNING_PAUSE)
    draw = uuid.uuid5(uuid.UUID(message.id), str(message.attempts)).int % 1000
    return now + pause + timedelta(seconds=pause.total_seconds() / 4 * draw / 1000)


class Rates:
    """Limits by channel and minute and by recipient and hour, over all processes.

    The database counts, in the transaction that claims.
    """

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._full_until: dict[str, datetime] = {}  # by channel: until when the limit is known to be reached

    @property
    def is_limited(self) -> bool:
        return bool(self._rate.per_minute or self._rate.per_recipient_per_hour)

    def is_full(self, channel: str, now: datetime) -> bool:
        """Return whether the channel is known to have reached its limit."""
        return channel in self._full_until and now < self._full_until[channel]

    def admit(self, tx: Tx, channel: str, recipients: Iterable[str], now: datetime) -> list[bool]:
        """Return for each recipient in turn whether a message may be sent now; each admitted one counts for the next.

        The caller claims the messages in this transaction, so that other processes count them.
        """
        recipients = list(recipients)
        if not self.is_limited:
            return [True] * len(recipients)
        lock_counting(tx)
        most, most_each = self._rate.per_minute, self._rate.per_recipient_per_hour
        tried = count_tried(tx, channel, now - _MINUTE, now) if most else 0
        sent = count_sent(tx, channel, set(recipients), now - _HOUR, now) if most_each else {}
        admitted = []
        for recipient in recipients:
            is_free = not (most and tried >= most) and not (most_each and sent.get(recipient, 0) >= most_each)
            if is_free:
                tried, sent[recipient] = tried + 1, sent.get(recipient, 0) + 1
            admitted.append(is_free)
        if most and tried >= most:
            self._full_until[channel] = now + _MINUTE / most
        return admitted
