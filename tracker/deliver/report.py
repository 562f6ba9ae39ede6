"""Counts of a delivering pass."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.core.assessment.golive import not_live_message


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
    not_live: tuple[str, ...] = ()  # counties whose file says live and which have not gone live

    @property
    def has_progress(self) -> bool:
        """Whether the state of any message changed."""
        return self.sent + self.retried + self.failed + self.dropped > 0

    @property
    def is_complete(self) -> bool:
        """Whether everything that was due has been sent."""
        return self.retried + self.failed + self.unaddressed + self.unwritten == 0 and not self.blocked

    def __str__(self) -> str:
        parts = [
            f"{self.sent} messages sent ({self.notices} notices), {self.retried} to be tried again, "
            f"{self.failed} failed"
        ]
        if self.blocked:
            parts.append(f"nothing may be sent: {self.blocked}")
        counts = (
            (self.dropped, "no longer applied"),
            (self.rate_limited, "held by the rates"),
            (self.deferred, "wait for the office to open"),
            (self.unwritten, "could not be written"),
            (self.withheld, "held"),
            (self.unaddressed, "notices without an address"),
        )
        parts += [f"{count} {words}" for count, words in counts if count]
        return ", ".join(parts) + "".join(f"; {not_live_message(county)}" for county in self.not_live)
