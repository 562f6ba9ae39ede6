"""Occurrences: one instance of a duty for one department, with its key, due date and derivation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from tracker.core.law.assumed_rules import ASSUMED_RULES, REST_DAYS, Adoption
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
class Standstill:
    """A stretch in which the clock of an occurrence stands, by instants and by days; without an end where only a fact
    still to be recorded ends it. `cause`: the title of the fact that stopped it; `awaited`: those of what ends it."""

    begins_at: datetime
    ends_at: datetime | None
    since: date
    until: date | None
    cause: str
    awaited: str


@dataclass(frozen=True, slots=True)
class Ending:
    """The fact after which an occurrence is not owed any longer. `on`: its day; `at`: from when it holds."""

    at: datetime
    on: date
    title: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One instance of a duty for one department.

    `due_at` (aware): the first instant that is late; `due_on`: the last day on time.
    `pack`: the ID of the rule file that the duty comes from. `label`: its period or event, unique for the duty and
    department: `2015-Q4`, `once`. `parts`: the names of the duty's parts it covers. `window` is set for a period
    (`Every`), `event` for an event (`Within`); for a fixed day (`By`) and while the event is awaited both are None.
    `covers`: the period whose data it is about, which may be the one before its window (`about: previous`).
    An occurrence with the label `awaiting:NAME` has no due day yet; `expected` is the day by which the event NAME
    should have been recorded. `postponed_from`: the due instant before a person moved it.
    `rests_on`: the rules of ours (`assumed_rules`) that bear on its due day. `late_anyway_at`: where it is due on a day
    off and our assumption that it does not move (`REST_DAYS`) was not adopted by then, the first instant that is late
    by either reading.
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
    rests_on: tuple[str, ...] = ()
    late_anyway_at: datetime | None = None
    stood: tuple[Standstill, ...] = ()
    ending: Ending | None = None
    covers: Window | None = None

    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        key = f"{self.county}/{self.pack}/{self.duty}/{self.department}/{self.label}"
        object.__setattr__(self, "key", key)  # built once: a pass reads it many times

    @property
    def weak(self) -> bool:
        """Whether its due day is our interpretation of the instrument, which the county has not adopted, or is counted
        from an assumed day."""
        return self.deadline.is_weak(self.rests_on)

    def is_weak_at(self, now: datetime) -> bool:
        """Whether its due day is weak, and `now` is not late by every reading of the days off."""
        if self.late_anyway_at is None or now < self.late_anyway_at:
            return self.weak
        return self.deadline.is_weak(name for name in self.rests_on if name != REST_DAYS)

    @property
    def assumptions(self) -> Mapping[str, tuple[bool, Adoption | None]]:
        """What is ours in its due day, by name, as in `Terms.assumptions`."""
        return {
            name: state
            for name, state in self.deadline.assumptions.items()
            if name not in ASSUMED_RULES or name in self.rests_on
        }

    def standing_at(self, now: datetime) -> Standstill | None:
        """Return the standstill of its clock at an instant, or None."""
        return find_standstill(self.stood, now)

    def is_mild_at(self, now: datetime) -> bool:
        """Whether it is yellow at worst and not escalated: its deadline is our interpretation, or may still move
        because the holidays of that year are not announced."""
        return self.provisional or self.is_weak_at(now)

    @property
    def upkeep(self) -> bool:
        """Whether it asks to keep a page current, not to publish something new."""
        return getattr(self.deadline, "upkeep", False)


def find_standstill(stood: Iterable[Standstill], now: datetime) -> Standstill | None:
    """Return the standstill at an instant, or None; of several that overlap, from the first begin to the last end."""
    standing: Standstill | None = None
    for stretch in sorted(stood, key=lambda stretch: stretch.begins_at):
        if standing is None:
            if stretch.begins_at <= now and (stretch.ends_at is None or now < stretch.ends_at):
                standing = stretch
        elif standing.ends_at is None or stretch.begins_at > standing.ends_at:
            break
        elif stretch.ends_at is None or stretch.ends_at > standing.ends_at:
            standing = replace(stretch, begins_at=standing.begins_at, since=standing.since)
    return standing
