"""The rules in force, as loading a folder returns them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker.core.escalation.office_time import OfficeTime
from tracker.core.law.county import Rulebook
from tracker.core.law.workdays import Calendar
from tracker.rulebook.schedule import Schedule


@dataclass(frozen=True, slots=True)
class RulePlaces:
    """Where rules stand, as `rules/packs/NAME.yaml:12`: the duties by pack and ID, a county's overrides by county and
    the duty's ID, contacts by county, `departments` or `roles`, and the name there."""

    duties: Mapping[tuple[str, str], str]
    overrides: Mapping[tuple[str, str], str]
    contacts: Mapping[tuple[str, str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Loaded:
    """The rules in force. `bodies`: by digest, the canonical body of each rulebook and of the calendar.

    `templates`: by county, the folder of mail templates that stand in place of the shipped ones. `places`: where
    the rules stand in the files.
    """

    rulebooks: tuple[Rulebook, ...]
    schedule: Schedule
    calendar: Calendar
    bodies: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, Path] = field(default_factory=dict)
    places: RulePlaces = field(default_factory=lambda: RulePlaces({}, {}))

    def office_time(self, zone: ZoneInfo) -> OfficeTime:
        """When the office of a county in that zone works."""
        return OfficeTime(self.calendar, self.schedule.hours, zone)

    @cached_property
    def settings_digest(self) -> str:
        """The hash of what decides beside a county's rules: the calendar, and the schedule's policies and hours."""
        parts = (
            self.calendar.digest,
            self.schedule.zone.key,
            self.schedule.hours,
            sorted(self.schedule.policies.items()),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()
