"""Counts of a delivering pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.core.assessment.golive import not_live_message
from tracker.core.values.message import Message


@dataclass(slots=True)
class DeliveryReport:
    """What a pass did with messages, and with the notices in them."""

    sent: int = 0
    retried: int = 0  # messages that will be tried again
    failed: int = 0
    unaddressed: int = 0  # notices without an address
    notices: int = 0
    unwritten: int = 0  # messages that could not be composed; they stay due, and a fault is recorded
    dropped: int = 0  # messages that no longer applied
    rate_limited: int = 0  # messages that wait for the next pass because of the rates
    blocked: str = ""  # why nothing may be sent in this pass
    deferred: int = 0  # messages and notices that wait for the office to open
    withheld: int = 0  # messages and notices for others than the county office, in counties that are not live
    unconfirmed: int = 0  # messages and notices of a restored backup that nobody confirmed
    presumed: int = 0  # notices that a lost installation has sent before its backup was restored
    not_live: tuple[str, ...] = ()  # counties whose file says live and which have not gone live

    def add(self, counts: Mapping[str, int]) -> None:
        """Add to the counts of these names."""
        for name, count in counts.items():
            setattr(self, name, getattr(self, name) + count)

    @property
    def has_progress(self) -> bool:
        """Whether the state of any message changed."""
        return self.sent + self.retried + self.failed + self.dropped > 0

    @property
    def is_complete(self) -> bool:
        """Whether everything that was due has been sent."""
        return self.retried + self.failed + self.unaddressed + self.unwritten == 0 and not self.blocked

    @property
    def message(self) -> Message:
        parts = [
            Message(
                "{sent} messages sent ({notices} notices), {retried} to be tried again, {failed} failed",
                sent=self.sent,
                notices=self.notices,
                retried=self.retried,
                failed=self.failed,
            )
        ]
        if self.blocked:
            parts.append(Message("nothing may be sent: {reason}", reason=self.blocked))
        counts = (
            Message("{count} no longer applied", count=self.dropped),
            Message("{count} held by the rates", count=self.rate_limited),
            Message("{count} wait for the office to open", count=self.deferred),
            Message("{count} could not be written", count=self.unwritten),
            Message("{count} held", count=self.withheld),
            Message("{count} notices without an address", count=self.unaddressed),
            Message("{count} count as sent before the backup was restored", count=self.presumed),
            Message("{count} held until the restored backup is confirmed (duban restore)", count=self.unconfirmed),
        )
        parts += [count for count in counts if count.values["count"]]
        return Message.joined("; ", [Message.joined(", ", parts), *map(not_live_message, self.not_live)])

    def __str__(self) -> str:
        return self.message
