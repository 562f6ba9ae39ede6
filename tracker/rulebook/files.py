"""The rule files as they were read: the model of each, and the place from which messages are made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tracker.core.law.duties import EventRule
from tracker.rulebook.county_model import CountyModel, DepartmentModel
from tracker.rulebook.document import Defined, Spot
from tracker.rulebook.models import DutyModel, ReadingModel
from tracker.rulebook.pack_model import PackModel
from tracker.rulebook.schedule import Schedule


@dataclass(frozen=True)
class PackFile:
    """A pack as it was read."""

    model: PackModel
    spot: Spot

    @cached_property
    def events(self) -> Defined[EventRule]:
        """The events that the pack declares."""
        return Defined(self.model.events, self.spot / "events", "event")

    def fields(self, event: str) -> Defined[None]:
        """The fields that every record of an event of the pack must give."""
        needs = dict.fromkeys(self.model.events[event].needs)
        return Defined(needs, self.spot / "events" / event / "needs", "field", f" of the event {event!r}")

    @cached_property
    def readings(self) -> Defined[ReadingModel]:
        """The readings that the pack declares."""
        return Defined(self.model.readings, self.spot / "readings", "reading")

    @cached_property
    def duties(self) -> Defined[DutyModel]:
        """The duties by id."""
        return Defined({duty.id: duty for duty in self.model.duties}, self.spot / "duties", "duty")


@dataclass(frozen=True)
class CountyFile:
    """A county as it was read."""

    model: CountyModel
    spot: Spot

    @cached_property
    def departments(self) -> Defined[DepartmentModel]:
        """The departments by id."""
        where = f" in county {self.model.county!r}"
        return Defined(self.model.departments, self.spot / "departments", "department", where)


@dataclass(frozen=True, slots=True)
class ScheduleFile:
    """The schedule as it was read."""

    model: Schedule
    spot: Spot
