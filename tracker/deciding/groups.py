"""What is judged together: a duty laid on one assignment, with what the last passes decided of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tracker.core.adopting import reading_of
from tracker.core.after import Opening, opening
from tracker.core.bearing import Bearing
from tracker.core.duties import Assignment, Duty
from tracker.core.facts import Event, Ruling
from tracker.core.occurrences import Occurrence
from tracker.core.postponing import Postponements
from tracker.core.shelf import Shelf
from tracker.core.verdicts import Verdict
from tracker.store.occurrences import OccurrenceRow

SIGHT_MATTERS = {"overdue", "incomplete", "unverifiable", "met-disputed"}


@dataclass(slots=True, eq=False)
class Group:
    """A duty laid on one assignment: what is judged together, since one entry proves one period."""

    duty: Duty
    assignment: Assignment
    columns: frozenset[str]
    event_names: frozenset[str]
    bearing: Bearing
    priors: Mapping[str, Sequence[Group]] = field(default_factory=dict)  # by duty: what deadlines here follow
    followers: list[Group] = field(default_factory=list)  # whose deadlines follow this duty
    opening: Opening | None = None  # for the followers; None: not judged yet
    rows: dict[str, OccurrenceRow] = field(default_factory=dict)
    started: list[Occurrence] = field(default_factory=list)
    reacted: tuple[Occurrence, ...] | None = None  # from events; None: to be derived again
    later: Postponements | None = None  # None: to be gathered again
    shelf: Shelf = field(default_factory=Shelf)  # what is said of a matter takes it off
    due: bool = True  # to be judged in this pass
    soon_at: dict[str, datetime | None] = field(default_factory=dict)  # first reminders, by key
    soon_of: dict[str, Occurrence] = field(default_factory=dict)  # what they were worked out for
    told_of: dict[str, Verdict] = field(default_factory=dict)  # after which nothing was left to say; see settle
    flagged_of: dict[str, Verdict] = field(default_factory=dict)  # after which was looked for flags; see flagged
    next_at: datetime | None = None  # when time alone may change something here
    wanting: frozenset[str] | None = None  # articles that lack something or were not read; None: not judged yet
    verdicts: Mapping[str, Verdict] | None = None  # of the last judgement; they hold while nothing is `due`

    @property
    def prefix(self) -> str:
        return prefix_of(self.duty, self.assignment)

    @property
    def idle(self) -> bool:
        """Whether all of it waits for an event that need not have come: what the site shows is nothing to it."""
        rows = [row for row in self.rows.values() if not row.closed]
        return bool(rows) and all(row.label.startswith("awaiting:") and row.status == "upcoming" for row in rows)

    def decided(self, ruling: Ruling) -> None:
        """Forget what a decision may have made another."""
        if ruling.kind in ("extend", "postpone", "revoke"):
            self.reacted = self.later = None
        if ruling.occurrence.endswith("/*"):
            self.shelf = Shelf()

    def judged(self, occurrences: Sequence[Occurrence], verdicts: Mapping[str, Verdict]) -> None:
        """Take the judgement; what follows this duty is judged anew where that may begin at another time."""
        self.verdicts = verdicts
        if self.followers and (opens := opening(occurrences, verdicts)) != self.opening:
            self.opening = opens
            for group in self.followers:
                group.due = True

    def reads(self, subject: str) -> bool:
        """Whether a deadline here comes from the reading."""
        pack, name = reading_of(subject)
        return self.duty.pack == pack and any(one.reading == name for part in self.duty.parts for one in part.deadlines)

    def remember(self, rows: Iterable[OccurrenceRow]) -> None:
        """Take what was decided."""
        self.rows.update({row.key: row for row in rows})
        instants = (row.next_at for row in self.rows.values() if row.next_at is not None and not row.closed)
        self.next_at = min(instants, default=None)

    @property
    def late(self) -> bool:
        """Whether sight of the site alone may change something here."""
        return any(row.status in SIGHT_MATTERS and not row.closed for row in self.rows.values())

    def concerns(self, event: Event) -> bool:
        """Whether the event starts, replaces or proves something in the self."""
        if event.name not in self.event_names or event.duty not in (None, self.duty.id):
            return False
        return event.department in self.assignment.members


def prefix_of(duty: Duty, assignment: Assignment) -> str:
    """What the keys of the group's occurrences begin with."""
    return f"{duty.county}/{duty.pack}/{duty.id}/{assignment.key}/"


def groups_of(duties: Iterable[Duty]) -> dict[str, Group]:
    """Every duty laid on each assignment, by prefix; what follows another comes after it."""
    known = {(duty.pack, duty.id): duty for duty in duties}
    groups = {
        group.prefix: group
        for duty in sorted(known.values(), key=lambda duty: _steps_after(duty, known))
        for assignment in duty.assignments
        for group in (group_of(duty, assignment),)
    }
    for group in groups.values():
        group.priors = {name: _priors(group, name, groups) for name in _followed(group.duty)}
        for prior in {one.prefix: one for found in group.priors.values() for one in found}.values():
            prior.followers.append(group)
    return groups


def _priors(group: Group, name: str, groups: Mapping[str, Group]) -> list[Group]:
    """The duty as the same department owes it, else as all others do."""
    found = [one for one in groups.values() if (one.duty.pack, one.duty.id) == (group.duty.pack, name)]
    own = [one for one in found if set(one.assignment.members) & set(group.assignment.members)]
    return own or found


def _followed(duty: Duty) -> set[str]:
    """The other duties that deadlines of the duty follow."""
    deadlines = (deadline for part in duty.parts for deadline in part.deadlines)
    return {one.after.duty for one in deadlines if one.after is not None} - {duty.id}


def _steps_after(duty: Duty, known: Mapping[tuple[str, str], Duty]) -> int:
    """How many duties must come before; loading refuses circles."""
    priors = (known.get((duty.pack, name)) for name in _followed(duty))
    return max((1 + _steps_after(prior, known) for prior in priors if prior is not None), default=0)


def group_of(duty: Duty, assignment: Assignment) -> Group:
    sources = [source for cell in assignment.cells for source in cell.sources]
    columns = frozenset(key for source in sources for key in source.columns)
    started_by = {one.event.name for part in duty.parts for one in part.deadlines if hasattr(one, "event")}
    names = frozenset(started_by | {one.record for one in sources if one.record})
    return Group(duty, assignment, columns, names, Bearing(assignment))
