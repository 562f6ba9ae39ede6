"""Counts of a delivering pass."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.core.assessment.golive import not_live_message


@dataclass(slots=True)
class DeliveryReport:
    """What a pass did. `later`: will be tried again; `homeless`: notices that nobody can be sent."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    homeless: int = 0
    notices: int = 0
    unwritten: int = 0  # messages that could not be composed; they stay due, and the fault is shown
    dropped: int = 0  # waited, and no longer apply
    slowed: int = 0  # wait for the next pass because of the rates
    blocked: str = ""  # why nothing may be sent in this pass
    resting: int = 0  # messages and notices that wait for the office to open
    held: int = 0  # messages and notices for others than the county office, in counties that are not live
    not_live: tuple[str, ...] = ()  # counties whose file says live and which have not gone live

    @property
    def moved(self) -> bool:
        """Whether anything came further."""
        return self.sent + self.later + self.failed + self.dropped > 0

    @property
    def well(self) -> bool:
        """Whether everything that was due has left."""
        return self.later + self.failed + self.homeless + self.unwritten == 0 and not self.blocked

    def __str__(self) -> str:
        text = (
            f"{self.sent} messages sent ({self.notices} notices), {self.later} to be tried again, {self.failed} failed"
        )
        text += f", nothing may be sent: {self.blocked}" if self.blocked else ""
        text += f", {self.dropped} no longer applied" if self.dropped else ""
        text += f", {self.slowed} held by the rates" if self.slowed else ""
        text += f", {self.resting} wait for the office to open" if self.resting else ""
        text += f", {self.unwritten} could not be written" if self.unwritten else ""
        text += f", {self.held} held" if self.held else ""
        text += f", {self.homeless} notices without an address" if self.homeless else ""
        return text + "".join(f"; {not_live_message(county)}" for county in self.not_live)
