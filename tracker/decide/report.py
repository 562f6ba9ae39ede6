"""Counts of a deciding pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class TickReport:
    """The counts of a pass, for the log and the command line. `next_at`: when time alone next changes something."""

    judged: int = 0
    created: int = 0
    changed: int = 0
    closed: int = 0
    notices: int = 0
    faults: int = 0
    next_at: datetime | None = None

    def __str__(self) -> str:
        text = (
            f"{self.judged} judged, {self.created} new, {self.changed} changed, {self.closed} closed, "
            f"{self.notices} notices, {self.faults} faults"
        )
        return text + (f"; next change by {self.next_at:%Y-%m-%d %H:%M}" if self.next_at else "")
