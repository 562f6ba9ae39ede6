"""The rule files as they were read: the model of each, and the place from which messages are made."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.rulebook.county_model import CountyModel
from tracker.rulebook.document import Spot
from tracker.rulebook.pack_model import PackModel
from tracker.rulebook.schedule import Schedule


@dataclass(frozen=True, slots=True)
class PackFile:
    """A pack as it was read."""

    model: PackModel
    spot: Spot


@dataclass(frozen=True, slots=True)
class CountyFile:
    """A county as it was read."""

    model: CountyModel
    spot: Spot


@dataclass(frozen=True, slots=True)
class ScheduleFile:
    """The schedule as it was read."""

    model: Schedule
    spot: Spot
