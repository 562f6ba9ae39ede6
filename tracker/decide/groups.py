"""Groups: a duty laid on one assignment, whose occurrences are judged together.

An entry proves one period of it, and an event takes an entry of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from tracker.core.law.duties import Assignment, Deadline, Duty, Every, PeriodUnit, Rulebook, Within
from tracker.core.law.workdays import Calendar
from tracker.core.matching.naming import named_windows
from tracker.core.values.facts import Event
from tracker.core.verdict.adoption import parse_reading_subject

#: Days that the longest period of a unit has.
_LENGTHS = {"day": 1, "workday": 1, "week": 7, "month": 31, "quarter": 92, "half-year": 184, "year": 366}


@dataclass(frozen=True, slots=True, eq=False)
class DutyGroup:
    """A duty laid on one assignment. `prefix`: what the keys of its occurrences begin with."""

    duty: Duty
    assignment: Assignment
    prefix: str
    columns: frozenset[str]
    event_names: frozenset[str]
    followed: frozenset[str]  # the other duties of the pack that deadlines here follow

    @property
    def _deadlines(self) -> list[Deadline]:
        return [deadline for part in self.duty.parts for deadline in part.deadlines]

    @property
    def windowed(self) -> bool:
        """Whether what lies long before a day bears on nothing that begins after it: so it is with periods. Events take
        entries from each other; upkeep, standing things and what follows another deadline look further back."""
        return all(
            isinstance(deadline, Every) and not deadline.upkeep and deadline.after is None
            for deadline in self._deadlines
        )

    @property
    def length(self) -> timedelta:
        """The longest period: one that began so long ago may hold the day."""
        units = [deadline.unit for deadline in self._deadlines if isinstance(deadline, Every)]
        return timedelta(days=max((_LENGTHS[unit] for unit in units), default=0))

    @property
    def slack(self) -> timedelta:
        """How long before its event an entry may have come out."""
        return timedelta(
            days=max((deadline.slack for deadline in self._deadlines if isinstance(deadline, Within)), default=0)
        )

    @property
    def naming(self) -> frozenset[PeriodUnit]:
        """The units of the periods that titles name; empty where what came out in a period proves it."""
        named = (
            deadline for deadline in self._deadlines if isinstance(deadline, Every) and deadline.about != "publication"
        )
        return frozenset(each.unit for each in named)

    def names_before(self, title: str, published: date, day: date, calendar: Calendar) -> bool:
        """Whether a title, published on a day, names a period that begins before another day."""
        return any(
            named.window.first < day
            for unit in self.naming
            for named in named_windows(title, unit, published, calendar)
        )

    def reads(self, subject: str) -> bool:
        """Whether a deadline here comes from the reading."""
        pack, name = parse_reading_subject(subject)
        return self.duty.pack == pack and any(deadline.reading == name for deadline in self._deadlines)

    def concerns(self, event: Event) -> bool:
        """Whether the event starts, replaces or proves something here."""
        if event.name not in self.event_names or event.duty not in (None, self.duty.id):
            return False
        return event.department in self.assignment.members


@dataclass(frozen=True, eq=False)
class DutyGroups:
    """Every duty laid on each assignment, by prefix; what follows another duty comes after it."""

    by_prefix: Mapping[str, DutyGroup]

    def of(self, key: str) -> DutyGroup | None:
        """The group of an occurrence's key."""
        return self.by_prefix.get(prefix_of(key))

    def beside(self, group: DutyGroup) -> list[DutyGroup]:
        """The groups of the same duty."""
        return [each for each in self.by_prefix.values() if each.duty is group.duty]

    def priors(self, group: DutyGroup, duty: str) -> list[DutyGroup]:
        """Of a duty that is followed: the groups of the same department, else those of all who owe it."""
        groups = self._of_duty.get((group.duty.pack, duty), [])
        own = [each for each in groups if set(each.assignment.members) & set(group.assignment.members)]
        return own or groups

    @cached_property
    def followers(self) -> Mapping[str, list[DutyGroup]]:
        """By prefix: the groups whose deadlines follow the group."""
        found: dict[str, list[DutyGroup]] = defaultdict(list)
        for group in self.by_prefix.values():
            for prior in {each.prefix for duty in group.followed for each in self.priors(group, duty)}:
                found[prior].append(group)
        return found

    @cached_property
    def watchers(self) -> Mapping[str, list[DutyGroup]]:
        """By column: the groups whose proof may lie there."""
        found: dict[str, list[DutyGroup]] = defaultdict(list)
        for group in self.by_prefix.values():
            for column in group.columns:
                found[column].append(group)
        return found

    @cached_property
    def _of_duty(self) -> Mapping[tuple[str, str], list[DutyGroup]]:
        found: dict[tuple[str, str], list[DutyGroup]] = defaultdict(list)
        for group in self.by_prefix.values():
            found[group.duty.pack, group.duty.id].append(group)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Duties:
    """Duties that are equal to themselves alone: a county's acts change them under the digest of the files."""

    duties: tuple[Duty, ...]

    def __hash__(self) -> int:
        return id(self.duties)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Duties) and self.duties is other.duties


def groups_of(rulebook: Rulebook) -> DutyGroups:
    """The groups of a county's rules."""
    return _groups_of(_Duties(rulebook.duties))


@lru_cache(maxsize=64)
def _groups_of(key: _Duties) -> DutyGroups:
    known = {(duty.pack, duty.id): duty for duty in key.duties}
    ordered = sorted(known.values(), key=lambda duty: _steps_after(duty, known))
    made = (_group(duty, assignment) for duty in ordered for assignment in duty.assignments)
    return DutyGroups({group.prefix: group for group in made})


def prefix_of(key: str) -> str:
    """What the keys of the group begin with to which an occurrence's key belongs."""
    return key[: key.rindex("/") + 1]


def beside(prefix: str) -> str:
    """What the keys of a duty begin with, whosever they are."""
    return prefix[: prefix[:-1].rindex("/") + 1]


def _group(duty: Duty, assignment: Assignment) -> DutyGroup:
    sources = [source for cell in assignment.cells for source in cell.sources]
    starting = {
        deadline.event.name for part in duty.parts for deadline in part.deadlines if isinstance(deadline, Within)
    }
    return DutyGroup(
        duty=duty,
        assignment=assignment,
        prefix=f"{duty.county}/{duty.pack}/{duty.id}/{assignment.key}/",
        columns=frozenset(key for source in sources for key in source.columns),
        event_names=frozenset(starting | {source.record for source in sources if source.record}),
        followed=frozenset(_followed(duty)),
    )


def _followed(duty: Duty) -> set[str]:
    """The other duties that deadlines of the duty follow."""
    deadlines: Iterable[Deadline] = (deadline for part in duty.parts for deadline in part.deadlines)
    return {deadline.after.duty for deadline in deadlines if deadline.after is not None} - {duty.id}


def _steps_after(duty: Duty, known: Mapping[tuple[str, str], Duty]) -> int:
    """How many duties must come before; loading refuses circles."""
    priors = (known.get((duty.pack, name)) for name in _followed(duty))
    return max((1 + _steps_after(prior, known) for prior in priors if prior is not None), default=0)
