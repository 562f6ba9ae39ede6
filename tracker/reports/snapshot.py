"""The read model of every report: each matter as it stood at an instant, in the words of the rules of that day.

All reports, pages and pictures count these lines, so that their numbers agree; each line names its occurrence.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracker.core.assessment.lines import Line, ProofLink
from tracker.core.law.binding import deadline_of, explain_not_binding
from tracker.core.law.citations import cite_basis, cite_basis_in_full
from tracker.core.law.county import County, Rulebook
from tracker.core.law.duties import Cell, Duty, Every
from tracker.core.law.periods import covered_period, split_label, unit_of, window_of
from tracker.core.law.wording import (
    cells_of,
    days_late,
    deed_zh,
    due_of,
    label_zh,
    last_day_not_late,
    proved_by_record,
    status_zh,
)
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import Status, only_taken_down
from tracker.rulebook.canonical import restore_rulebook
from tracker.store.counties import find_document_body
from tracker.store.engine import Tx
from tracker.store.rows import batches
from tracker.store.standings import (
    OrderedStanding,
    Progress,
    Standing,
    Wanted,
    find_last_standing,
    list_ordered_standings,
    list_standings_of,
    load_standings,
    stream_standings_at,
)

#: Says which lines are read, by the rules of the day: those that bear on a report.
Wants = Callable[[Rulebook], Iterable[Wanted]]
#: How many standings are in memory at a time where they are streamed.
_BATCH = 400


@dataclass(frozen=True, slots=True)
class CountySnapshot:
    """A county at an instant. `rulebook`, `calendar`: of its last decision; `by_key`: the lines by occurrence."""

    rulebook: Rulebook
    calendar: Calendar
    at: datetime
    lines: tuple[Line, ...]
    by_key: Mapping[str, Line] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {line.key: line for line in self.lines})

    @property
    def today(self) -> date:
        return self.at.astimezone(self.rulebook.county.zone).date()

    @property
    def liable_lines(self) -> tuple[Line, ...]:
        """The lines for which somebody is liable, in the order of keys."""
        return tuple(line for line in self.lines if line.is_liable)

    def department(self, key: str) -> str:
        return name_departments(self.rulebook.county, key)


def name_departments(county: County, key: str) -> str:
    """The name of a department or of a joint assignment `a+b`; the key of one that the county no longer has."""
    names = county.departments
    return "、".join(names[id].name if id in names else id for id in key.split("+"))


class CountyReader:
    """Reads one county as it stood. Each stored rulebook and calendar is restored once."""

    def __init__(self, rulebook: Rulebook, calendar: Calendar) -> None:
        self._rulebook_now, self._calendar_now = rulebook, calendar
        self._rulebooks: dict[str, Rulebook] = {rulebook.digest: rulebook}
        self._calendars: dict[str, Calendar] = {calendar.digest: calendar}
        self._words: dict[str, _Words] = {}

    def read(
        self, tx: Tx, at: datetime, progress: Progress | None = None, wanted: Wants | None = None
    ) -> CountySnapshot:
        """The county at that instant. Nothing that was decided or loaded later is in it.

        `wanted`: which lines are read, by the rules of that day, where it is not all of them.
        """
        county = self._rulebook_now.county.id
        last = find_last_standing(tx, county, at)
        rulebook = self._rulebook(tx, last.rulebook) if last else self._rulebook_now
        calendar = self._calendar(tx, last.calendar) if last else self._calendar_now
        standings = stream_standings_at(tx, county, at, wanted(rulebook) if wanted is not None else None, progress)
        return CountySnapshot(rulebook, calendar, at, tuple(self.lines(tx, standings, at)))

    def read_some(self, tx: Tx, keys: Iterable[str], at: datetime) -> list[Line]:
        """The lines of these occurrences at that instant, in the order of their keys."""
        lines = list[Line]()
        for batch in batches(sorted(keys)):
            made = list_standings_of(tx, self._rulebook_now.county.id, batch)
            newest = {standing.key: standing for standing in made if standing.at <= at}
            lines += self.lines(tx, [newest[key] for key in batch if key in newest], at)
        return lines

    def list_standings(self, tx: Tx, at: datetime) -> list[OrderedStanding]:
        """The standings at that instant, by key and due day alone, so that a long table need not lie in memory."""
        return list_ordered_standings(tx, self._rulebook_now.county.id, at)

    def stream(self, tx: Tx, standings: Sequence[OrderedStanding], at: datetime) -> Iterator[Line]:
        """The lines of these standings in their order, a few hundred in memory at a time."""
        for start in range(0, len(standings), _BATCH):
            batch = standings[start : start + _BATCH]
            by_key = load_standings(tx, batch)
            yield from self.lines(tx, [by_key[standing.key] for standing in batch], at)

    def lines(self, tx: Tx, standings: Iterable[Standing], at: datetime) -> list[Line]:
        lines = []
        for standing in standings:
            rulebook, calendar = self._rulebook(tx, standing.rulebook), self._calendar(tx, standing.calendar)
            if rulebook.digest not in self._words:
                self._words[rulebook.digest] = _Words(rulebook)
            lines.append(_line(standing, self._words[rulebook.digest], calendar, at))
        return lines

    def _rulebook(self, tx: Tx, digest: str) -> Rulebook:
        if digest not in self._rulebooks:
            body = find_document_body(tx, digest)
            self._rulebooks[digest] = restore_rulebook(body, digest) if body else self._rulebook_now
        return self._rulebooks[digest]

    def _calendar(self, tx: Tx, digest: str) -> Calendar:
        if digest not in self._calendars:
            body = find_document_body(tx, digest)
            self._calendars[digest] = Calendar.from_body(body) if body else self._calendar_now
        return self._calendars[digest]


class _Period(NamedTuple):
    """What the matters of one duty, label and day have in common. `day`: whose data a daily duty owes; `binds`: they
    are not only shown."""

    name: str
    day: date | None
    basis: str
    basis_in_full: str
    binds: bool


class _Part(NamedTuple):
    """What the matters of one duty and department have in common, of all parts or one."""

    cells: Sequence[Cell]
    title: str
    deed: str
    recorded: bool


class _Words:
    """A rulebook's words, found once for thousands of lines."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.duties = {(duty.pack, duty.id): duty for duty in rulebook.duties}
        self.departments = cache(partial(name_departments, rulebook.county))
        self._events = {name: event.title for name, event in rulebook.events.items()}
        self._periods: dict[tuple[Hashable, ...], _Period] = {}
        self._parts: dict[tuple[str, ...], _Part] = {}

    def period(self, standing: Standing, duty: Duty | None, label: str, calendar: Calendar) -> _Period:
        key = (standing.opens_on, standing.due_on, label, calendar.digest, duty and (duty.pack, duty.id))
        if (found := self._periods.get(key)) is None:
            deadline = deadline_of(duty, label) if duty else None
            base, day = split_label(label)[0], None
            if isinstance(deadline, Every) and unit_of(base) == "day":
                day = covered_period(deadline, window_of(base), calendar).first
            found = self._periods[key] = _Period(
                label_zh(label, self._events, deadline, calendar, standing.opens_on),
                day,
                cite_basis(standing, duty) if duty else "",
                cite_basis_in_full(standing, duty) if duty else "",
                not explain_not_binding(standing, duty, self.rulebook.county),
            )
        return found

    def part(self, standing: Standing, duty: Duty | None, department: str, label: str) -> _Part:
        key = (standing.pack, standing.duty, department, split_label(label)[1])
        if (found := self._parts.get(key)) is None:
            cells = cells_of(duty, department, label) if duty else []
            found = _Part(cells, _title(duty, standing), deed_zh(cells), proved_by_record(cells))
            self._parts[key] = found
        return found


def _line(standing: Standing, words: _Words, calendar: Calendar, at: datetime) -> Line:
    rulebook, county, shown = words.rulebook, words.rulebook.county, standing.shown
    _, pack, duty_id, department, label = standing.key.split("/", 4)
    duty = words.duties.get((pack, duty_id))
    part, period = words.part(standing, duty, department, label), words.period(standing, duty, label, calendar)
    published = _published_on(standing, county)
    return Line(
        key=standing.key,
        pack=pack,
        duty=duty_id,
        department=department,
        label=label,
        who=words.departments(department),
        title=part.title,
        clause=duty.clause if duty else "",
        basis=period.basis,
        basis_in_full=period.basis_in_full,
        weight=duty.weight if duty else 1,
        period=period.name,
        due=due_of(standing.due_on, standing.due_at, county.zone),
        opens_on=standing.opens_on,
        due_on=standing.due_on,
        due_at=standing.due_at,
        status=standing.status,
        status_zh=status_zh(standing.status, part.cells, standing.reason),
        light=standing.light,
        reason=standing.reason,
        derivation=standing.derivation,
        proved_at=standing.proved_at,
        published_on=published,
        days_late=_days_late(standing, published, calendar, at, rulebook),
        assumed=standing.assumed,
        provisional=standing.provisional,
        is_liable=not standing.closed and period.binds and not _made_good_before(standing),
        missing=tuple(shown.get("missing", ())),
        proofs=tuple(
            ProofLink(url, name, datetime.fromisoformat(seen_at) if seen_at else None)
            for url, name, seen_at in shown.get("proofs", ())
        ),
        objection=shown.get("objection", ""),
        day=period.day,
        deed=part.deed,
        recorded=part.recorded,
        counted_from=_counted_from(standing, county.zone),
    )


def _counted_from(standing: Standing, zone: ZoneInfo) -> date | None:
    """The first day that counts as late, where days late count from a later one than the time limit's."""
    if standing.due_on is None or not (since := standing.shown.get("since")):
        return None
    is_later = last_day_not_late(standing.due_on, since, zone) > standing.due_on
    return datetime.fromisoformat(since).astimezone(zone).date() if is_later else None


def _published_on(standing: Standing, county: County) -> date | None:
    """The day of its proof, or that on which it was published that was taken down since."""
    if standing.status.met:
        at = standing.proved_at
    else:
        once = standing.shown.get("published")
        at = datetime.fromisoformat(once) if once else None
    return at.astimezone(county.zone).date() if at else None


def _made_good_before(standing: Standing) -> bool:
    """Whether it was published late, but before liability started."""
    since = standing.shown.get("since")
    if not since or standing.proved_at is None or standing.status is not Status.MET_LATE:
        return False
    return standing.proved_at < datetime.fromisoformat(since)


def _title(duty: Duty | None, standing: Standing) -> str:
    if duty is None:
        return standing.duty
    part = split_label(standing.label)[1]
    title = next((named.title for named in duty.parts if named.name == part), "") if part else ""
    return f"{duty.title}（{title}）" if title else duty.title


def _days_late(standing: Standing, published: date | None, calendar: Calendar, at: datetime, rulebook: Rulebook) -> int:
    if standing.due_on is None:
        return 0
    zone = rulebook.county.zone
    last = last_day_not_late(standing.due_on, standing.shown.get("since"), zone)
    if standing.status is Status.MET_LATE and published is not None:
        return max(0, calendar.workdays_between(last, published))
    if not standing.status.late or only_taken_down(standing.reason):
        return 0
    return days_late(last, at, calendar, zone)


def end_of(day: date, rulebook: Rulebook) -> datetime:
    """The last instant of that day in the county, at which a report for a day reads."""
    return datetime.combine(day + timedelta(days=1), time(), rulebook.county.zone) - timedelta(microseconds=1)
