"""Occurrences: one instance of a duty for one department, with its key, due date and derivation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.core.law.duties import Deadline
from tracker.core.values.facts import Event


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a due date came about, as one Chinese sentence, and its short form for a mail's table."""

    text: str
    short: str


@dataclass(frozen=True, slots=True)
class Window:
    """A period by its first and last day, both inside."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One instance of a duty for one department.

    `due_at` (aware): the first instant that is late; `due_on`: the last day on time.
    `parts`: the names of the duty's parts it covers. Exactly one of `window` (every), `event` (within)
    and neither (by, awaiting) says what it is about. An `awaiting:NAME` occurrence has no due;
    `expected` is the day by which the record itself should exist. `postponed_from`: the due instant before a person
    moved it.
    """

    county: str
    pack: str
    duty: str
    department: str
    label: str
    parts: tuple[str, ...]
    deadline: Deadline
    opens_on: date | None
    due_on: date | None
    due_at: datetime | None
    derivation: Derivation
    provisional: bool = False
    window: Window | None = None
    event: Event | None = None
    awaiting: str = ""
    expected: date | None = None
    extended: bool = False
    postponed_from: datetime | None = None

    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        key = f"{self.county}/{self.pack}/{self.duty}/{self.department}/{self.label}"
        object.__setattr__(self, "key", key)  # built once: a pass reads it many times

    @property
    def weak(self) -> bool:
        """Whether it rests on an assumed reading that the county has not adopted."""
        return self.deadline.weak

    @property
    def mild(self) -> bool:
        """Whether it is yellow at worst, with no escalation and no circular: assumed, or dated in a year without a
        holiday notice."""
        return self.weak or self.provisional

    @property
    def upkeep(self) -> bool:
        return getattr(self.deadline, "upkeep", False)
