"""How long a lease on a message lasts, and how many messages one process may hold."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.clock import Clock
from tracker.rulebook.schedule import Delivery
from tracker.store import messages
from tracker.store.engine import Store
from tracker.store.messages import MessageRow
from tracker.store.threads import run_write

#: The shortest lease of a message, and the shortest time limit of one dialogue with a server.
LEASE, _DIALOGUE = timedelta(minutes=10), timedelta(minutes=4)
#: For recording the outcome of a dialogue.
_RECORD = timedelta(minutes=1)


class Holding:
    """The leases of one pass. `dialogue`: the time limit of one dialogue; `lease`: twice what one message needs."""

    def __init__(self, store: Store, delivery: Delivery, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.dialogue: timedelta = max(_DIALOGUE, 2 * delivery.smtp.timeout)
        self._needed = self.dialogue + _RECORD
        self.lease: timedelta = max(LEASE, 2 * self._needed)
        self._slowest = timedelta()

    def until(self, now: datetime) -> datetime:
        """The end of a lease that begins now."""
        return now + self.lease

    async def holds(self, message: MessageRow) -> bool:
        """Whether the message is this deliverer's for one dialogue; a lease that ends sooner is renewed.

        False: another deliverer took the message after the lease had ended.
        """
        now = self._clock()
        if message.lease_until is not None and now + self._needed <= message.lease_until:
            return True
        return await run_write(self._store, lambda tx: messages.renew(tx, message, self.until(now)))

    def took(self, span: timedelta) -> None:
        """Note how long a dialogue lasted."""
        self._slowest = max(self._slowest, span)

    def fits(self, width: int, most: int) -> int:
        """How many messages, `width` at once, can leave within one lease: up to `most`, and at least one each."""
        if not self._slowest:
            return most
        return min(most, max(width, int(width * ((self.lease - self._needed) / self._slowest))))
