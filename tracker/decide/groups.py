"""Groups: a duty of one assignment; the occurrences of a group are judged together.

They depend on each other: an entry proves one period, and each event needs an entry of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import TypeVar

from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Assignment, Deadline, Duty, Every, PeriodUnit, Within
from tracker.core.law.workdays import Calendar
from tracker.core.matching.naming import named_windows
from tracker.core.values.facts import Event
from tracker.core.verdict.adoption import parse_reading_subject

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

#: Days of the longest period of each unit.
_LENGTHS = {"day": 1, "workday": 1, "week": 7, "month": 31, "quarter": 92, "half-year": 184, "year": 366}


@dataclass(frozen=True, slots=True, eq=False)
class DutyGroup:
    """A duty of one assignment. `prefix`: the common begin of its occurrences' keys."""

    duty: Duty
    assignment: Assignment
    prefix: str
    columns: frozenset[str]
    event_names: frozenset[str]
    related_events: frozenset[str]  # those that move or end the clocks of others
    deadlines: tuple[Deadline, ...]
    followed: frozenset[str]  # the other duties of the pack that deadlines here follow

    @property
    def is_windowed(self) -> bool:
        """Whether facts long before a day cannot affect occurrences that begin after it.

        That is so with periods. Events take entries from each other; upkeep, standing publications and deadlines that
        follow others depend on older facts.
        """
        return all(
            isinstance(deadline, Every) and not deadline.upkeep and deadline.after is None
            for deadline in self.deadlines
        )

    @property
    def is_of_events(self) -> bool:
        """Whether each occurrence has an event of its own, and none follows or keeps current another."""
        return all(isinstance(deadline, Within) and deadline.after is None for deadline in self.deadlines)

    @property
    def length(self) -> timedelta:
        """The length of the longest period: one that began so long before a day may hold it."""
        units = [deadline.unit for deadline in self.deadlines if isinstance(deadline, Every)]
        return timedelta(days=max((_LENGTHS[unit] for unit in units), default=0))

    @property
    def slack(self) -> timedelta:
        """How long before its event an entry may be published."""
        return timedelta(
            days=max((deadline.slack for deadline in self.deadlines if isinstance(deadline, Within)), default=0)
        )

    @property
    def named_units(self) -> frozenset[PeriodUnit]:
        """The units of the periods that titles name; empty where the day of publication alone decides."""
        deadlines = (
            deadline for deadline in self.deadlines if isinstance(deadline, Every) and deadline.about != "publication"
        )
        return frozenset(deadline.unit for deadline in deadlines)

    def names_period_before(self, title: str, published: date, day: date, calendar: Calendar) -> bool:
        """Return whether a title, published on `published`, names a period that begins before `day`."""
        return any(
            named.window.first < day
            for unit in self.named_units
            for named in named_windows(title, unit, published, calendar)
        )

    def uses_reading(self, subject: str) -> bool:
        """Return whether a deadline here rests on the reading."""
        pack, name = parse_reading_subject(subject)
        return self.duty.pack == pack and any(
            name == deadline.reading or name in deadline.assumptions for deadline in self.deadlines
        )

    def concerns(self, event: Event) -> bool:
        """Return whether the event starts, replaces or proves an occurrence here, or moves its clock."""
        if event.name not in self.event_names or event.duty not in (None, self.duty.id):
            return False
        return event.department in self.assignment.members


@dataclass(frozen=True, eq=False)
class DutyGroups:
    """Every duty of each assignment, by prefix; a duty that follows another comes after it."""

    by_prefix: Mapping[str, DutyGroup]

    def group_of(self, key: str) -> DutyGroup | None:
        """Return the group of an occurrence's key, or None."""
        return self.by_prefix.get(prefix_of(key))

    def find_priors(self, group: DutyGroup, duty: str) -> list[DutyGroup]:
        """Return the groups of a prior duty: those of the same department, else that of the lead department, else those
        of all departments."""
        groups = self._of_duty.get((group.duty.pack, duty), [])
        members, leads = set(group.assignment.members), {prior.assignment.lead_department for prior in groups}
        own = [prior for prior in groups if members & set(prior.assignment.members)]
        return own or [prior for prior in groups if prior.assignment.key in leads] or groups

    @cached_property
    def followers(self) -> Mapping[str, list[DutyGroup]]:
        """The groups whose deadlines follow a group, by its prefix."""
        by_prior: dict[str, list[DutyGroup]] = defaultdict(list)
        for group in self.by_prefix.values():
            for prior in {prior.prefix for duty in group.followed for prior in self.find_priors(group, duty)}:
                by_prior[prior].append(group)
        return by_prior

    @cached_property
    def watchers(self) -> Mapping[str, list[DutyGroup]]:
        """The groups whose proof may be found in a column, by column."""
        by_column: dict[str, list[DutyGroup]] = defaultdict(list)
        for group in self.by_prefix.values():
            for column in group.columns:
                by_column[column].append(group)
        return by_column

    @cached_property
    def _of_duty(self) -> Mapping[tuple[str, str], list[DutyGroup]]:
        return group_by(self.by_prefix.values(), lambda group: (group.duty.pack, group.duty.id))


@dataclass(frozen=True, slots=True, eq=False)
class _DutiesByIdentity:
    """Duties compared by identity: a county's adoptions change them under the same digest."""

    duties: Sequence[Duty]

    def __hash__(self) -> int:
        return id(self.duties)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _DutiesByIdentity) and self.duties is other.duties


def groups_of(rulebook: Rulebook) -> DutyGroups:
    """Return the groups of a county's rules."""
    return _groups_of(_DutiesByIdentity(rulebook.duties))


@lru_cache(maxsize=64)
def _groups_of(key: _DutiesByIdentity) -> DutyGroups:
    duties = {(duty.pack, duty.id): duty for duty in key.duties}
    ordered = sorted(duties.values(), key=lambda duty: _count_priors(duty, duties))
    groups = (_build_group(duty, assignment) for duty in ordered for assignment in duty.assignments)
    return DutyGroups({group.prefix: group for group in groups})


def group_by(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Return the items by their key, in their order."""
    by_key: dict[K, list[T]] = {}
    for item in items:
        by_key.setdefault(key(item), []).append(item)
    return by_key


def prefix_of(key: str) -> str:
    """Return the prefix of the group of an occurrence's key."""
    return key[: key.rindex("/") + 1]


def duty_prefix_of(prefix: str) -> str:
    """Return the common begin of a duty's keys for all departments. `prefix`: of one of its groups."""
    return prefix[: prefix[:-1].rindex("/") + 1]


def _build_group(duty: Duty, assignment: Assignment) -> DutyGroup:
    sources = [source for cell in assignment.cells for source in cell.sources]
    clocks = [deadline for deadline in _deadlines_of(duty) if isinstance(deadline, Within)]
    starting = {deadline.event.name for deadline in clocks}
    related = frozenset(name for deadline in clocks for name in deadline.related_events)
    return DutyGroup(
        duty=duty,
        assignment=assignment,
        prefix=f"{duty.county}/{duty.pack}/{duty.id}/{assignment.key}/",
        columns=frozenset(key for source in sources for key in source.columns),
        event_names=frozenset(starting | related | {source.record for source in sources if source.record}),
        related_events=related,
        deadlines=_deadlines_of(duty),
        followed=frozenset(_find_followed_duties(duty)),
    )


def _deadlines_of(duty: Duty) -> tuple[Deadline, ...]:
    return tuple(deadline for part in duty.parts for deadline in part.deadlines)


def _find_followed_duties(duty: Duty) -> set[str]:
    """Return the other duties that deadlines of the duty follow."""
    return {deadline.after.duty for deadline in _deadlines_of(duty) if deadline.after is not None} - {duty.id}


def _count_priors(duty: Duty, duties: Mapping[tuple[str, str], Duty]) -> int:
    """Return how many prior duties come before in a chain; loading refuses circles."""
    priors = (duties.get((duty.pack, name)) for name in _find_followed_duties(duty))
    return max((1 + _count_priors(prior, duties) for prior in priors if prior is not None), default=0)
