"""What loading gives: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracker.core.duties import Rulebook
from tracker.core.workdays import Calendar
from tracker.rulebook.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Loaded:
    """The rules in force. `bodies`: by digest, the canonical body of each rulebook and of the calendar.

    `templates`: by county, the folder of mail templates that stand in place of the shipped ones.
    """

    rulebooks: tuple[Rulebook, ...]
    schedule: Schedule
    calendar: Calendar
    bodies: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, Path] = field(default_factory=dict)
