"""Counts of a deciding pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tracker.core.values.message import Message
from tracker.decide.replan import Replan

COUNTED = ("judged", "created", "changed", "closed", "notices", "faults")


@dataclass(slots=True)
class TickReport:
    """The counts of a pass, for the log and the command line. `next_at`: when time alone next changes something.

    `replanned`: of each county whose rules changed, what became of its waiting notices.
    """

    judged: int = 0
    created: int = 0
    changed: int = 0
    closed: int = 0
    notices: int = 0
    faults: int = 0
    next_at: datetime | None = None
    replanned: list[Replan] = field(default_factory=list)

    def add(self, other: TickReport) -> None:
        """Count in what was decided elsewhere."""
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.replanned += other.replanned

    @property
    def message(self) -> Message:
        counts = {name: getattr(self, name) for name in COUNTED}
        text = Message(
            "{judged} judged, {created} new, {changed} changed, {closed} closed, {notices} notices, {faults} faults",
            **counts,
        )
        following = [Message("next change by {at:%Y-%m-%d %H:%M}", at=self.next_at)] if self.next_at else []
        return Message.joined("; ", [text, *following])

    def __str__(self) -> str:
        return self.message
