"""Limits sending by channel and minute and by recipient and hour, over all processes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from tracker.rulebook.schedule import Rate
from tracker.store.engine import Tx
from tracker.store.sent import count_alone, sent_to, tried_since

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


class Rates:
    """Room by channel and recipient. The database counts, in the transaction that takes the room."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._full: dict[str, datetime] = {}  # channels that had no room, until when it is not worth asking

    @property
    def limited(self) -> bool:
        return bool(self._rate.per_minute or self._rate.per_recipient_per_hour)

    def full(self, channel: str, now: datetime) -> bool:
        """Whether the channel is known to have no room now, so that nothing need be written for it."""
        return channel in self._full and now < self._full[channel]

    def admit(self, tx: Tx, channel: str, recipients: Iterable[str], now: datetime) -> list[bool]:
        """For each of them in turn, whether a message may leave now; each that may counts for those after it.

        The caller claims them in this transaction, which is what others count.
        """
        wanted = list(recipients)
        if not self.limited:
            return [True] * len(wanted)
        count_alone(tx)
        most, most_each = self._rate.per_minute, self._rate.per_recipient_per_hour
        tried = tried_since(tx, channel, now - _MINUTE) if most else 0
        sent = sent_to(tx, channel, set(wanted), now - _HOUR, now) if most_each else {}
        answers = []
        for one in wanted:
            free = not (most and tried >= most) and not (most_each and sent.get(one, 0) >= most_each)
            if free:
                tried, sent[one] = tried + 1, sent.get(one, 0) + 1
            answers.append(free)
        if most and tried >= most:
            self._full[channel] = now + _MINUTE / most
        return answers
