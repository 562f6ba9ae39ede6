"""How much may leave: in a minute by one channel, in an hour to one recipient."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tracker.rulebook.schedule import Rate

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


class Rates:
    """Counts what leaves in a pass, beside what left before it."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._by_channel: dict[str, deque[datetime]] = defaultdict(deque)
        self._by_recipient: dict[tuple[str, str], deque[datetime]] = defaultdict(deque)

    @property
    def limited(self) -> bool:
        return bool(self._rate.per_minute or self._rate.per_recipient_per_hour)

    def take_in(self, sent: Mapping[tuple[str, str], Sequence[datetime]]) -> None:
        """What left before: instants by channel and recipient, oldest first."""
        for (channel, recipient), instants in sent.items():
            self._by_recipient[channel, recipient].extend(instants)
            self._by_channel[channel].extend(instants)
        for channel, instants_ in self._by_channel.items():
            self._by_channel[channel] = deque(sorted(instants_))

    def take(self, channel: str, recipient: str, now: datetime) -> bool:
        """Whether one more may leave now; it is counted if so."""
        if not self.limited:
            return True
        kept = (
            (self._by_channel[channel], _MINUTE, self._rate.per_minute),
            (self._by_recipient[channel, recipient], _HOUR, self._rate.per_recipient_per_hour),
        )
        for instants, span, most in kept:
            while instants and instants[0] <= now - span:
                instants.popleft()
            if most and len(instants) >= most:
                return False
        for instants, _, _ in kept:
            instants.append(now)
        return True
