"""The read model of every report: each matter as it stood at an instant, in the words of the rules of that day.

All reports, pages and pictures count these lines, so their numbers agree; each line names its occurrence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tracker.core.assessment.lines import Line, ProofLink
from tracker.core.law.binding import not_binding
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Cell, Duty
from tracker.core.law.periods import split_label
from tracker.core.law.wording import cells_of, days_late, due_of, held_from, label_zh, status_zh
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import Status, only_taken_down
from tracker.rulebook.canonical import restore_rulebook
from tracker.store.documents import body_of
from tracker.store.engine import Tx
from tracker.store.standings import OrderedStanding, Standing, held_at, standings_at, standings_of

#: Told how many matters were read, of how many.
Progress = Callable[[int, int], None]
#: So many standings are held at a time where they are read one after the other.
_BATCH = 400


@dataclass(frozen=True, slots=True)
class Reading:
    """A county at an instant. `rulebook` and `calendar`: those that its last decision was made under."""

    rulebook: Rulebook
    calendar: Calendar
    at: datetime
    lines: tuple[Line, ...]
    known: Mapping[str, Line] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.at.astimezone(self.rulebook.county.zone).date()

    @property
    def pressed(self) -> tuple[Line, ...]:
        """What is counted, in the order of keys."""
        return tuple(line for line in self.lines if line.pressed)

    def department(self, key: str) -> str:
        """The name of a department, or of several that owe something jointly."""
        known = self.rulebook.county.departments
        return "、".join(known[one].name if one in known else one for one in key.split("+"))


class Reader:
    """Reads one county as it stood. Rulebooks and calendars that are stored are restored once each."""

    def __init__(self, rulebook: Rulebook, calendar: Calendar) -> None:
        self._now, self._today = rulebook, calendar
        self._rulebooks: dict[str, Rulebook] = {rulebook.digest: rulebook}
        self._calendars: dict[str, Calendar] = {calendar.digest: calendar}
        self._words: dict[str, _Words] = {}

    def read(self, tx: Tx, at: datetime, told: Progress | None = None) -> Reading:
        """The county at that instant. Nothing that was decided or loaded later is in it."""
        found = standings_at(tx, self._now.county.id, at)
        lines = self.lines(tx, found.values(), at, told)
        last = max(found.values(), key=lambda standing: standing.at, default=None)
        rulebook = self._rulebook(tx, last.rulebook) if last else self._now
        calendar = self._calendar(tx, last.calendar) if last else self._today
        return Reading(rulebook, calendar, at, tuple(lines), {line.key: line for line in lines})

    def held(self, tx: Tx, at: datetime) -> list[OrderedStanding]:
        """What stood at that instant, by key and due day alone: so that a long table need not lie in memory."""
        return held_at(tx, self._now.county.id, at)

    def stream(self, tx: Tx, held: Sequence[OrderedStanding], at: datetime) -> Iterator[Line]:
        """The lines of these matters in their order, a few hundred in memory at a time."""
        for start in range(0, len(held), _BATCH):
            batch = held[start : start + _BATCH]
            found = standings_of(tx, batch)
            yield from self.lines(tx, [found[one.key] for one in batch], at)

    def lines(self, tx: Tx, standings: Iterable[Standing], at: datetime, told: Progress | None = None) -> list[Line]:
        every, made = list(standings), []
        for number, standing in enumerate(every):
            if told is not None and number % _BATCH == 0:
                told(number, len(every))
            rulebook, calendar = self._rulebook(tx, standing.rulebook), self._calendar(tx, standing.calendar)
            made.append(self._line(standing, rulebook, calendar, at))
        return made

    def _rulebook(self, tx: Tx, digest: str) -> Rulebook:
        if digest not in self._rulebooks:
            body = body_of(tx, digest)
            self._rulebooks[digest] = restore_rulebook(body, digest) if body else self._now
        return self._rulebooks[digest]

    def _calendar(self, tx: Tx, digest: str) -> Calendar:
        if digest not in self._calendars:
            body = body_of(tx, digest)
            self._calendars[digest] = Calendar.from_body(body) if body else self._today
        return self._calendars[digest]

    def _line(self, standing: Standing, rulebook: Rulebook, calendar: Calendar, at: datetime) -> Line:
        if rulebook.digest not in self._words:
            self._words[rulebook.digest] = _Words(rulebook)
        return _line(standing, self._words[rulebook.digest], calendar, at)


class _Words:
    """What a rulebook calls things, looked up once for the thousands of lines that say it."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._duties = {(duty.pack, duty.id): duty for duty in rulebook.duties}
        self._events = {name: event.title for name, event in rulebook.events.items()}
        self._named: dict[tuple[str, str, str, str], tuple[Sequence[Cell], str]] = {}
        self._periods: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def duty(self, standing: Standing) -> Duty | None:
        return self._duties.get((standing.pack, standing.duty))

    def who(self, department: str) -> str:
        if department not in self._names:
            known = self.rulebook.county.departments
            self._names[department] = "、".join(known[id].name if id in known else id for id in department.split("+"))
        return self._names[department]

    def period(self, label: str) -> str:
        if label not in self._periods:
            self._periods[label] = label_zh(label, self._events)
        return self._periods[label]

    def cells_and_title(self, standing: Standing, duty: Duty | None) -> tuple[Sequence[Cell], str]:
        key = (standing.pack, standing.duty, standing.department, split_label(standing.label)[1])
        if key not in self._named:
            cells = cells_of(duty, standing.department, standing.label) if duty else []
            self._named[key] = (cells, _title(duty, standing))
        return self._named[key]


def _line(standing: Standing, words: _Words, calendar: Calendar, at: datetime) -> Line:
    rulebook, county = words.rulebook, words.rulebook.county
    duty = words.duty(standing)
    cells, title = words.cells_and_title(standing, duty)
    published = (
        standing.proved_at.astimezone(county.zone).date() if standing.proved_at and standing.status.met else None
    )
    return Line(
        key=standing.key,
        pack=standing.pack,
        duty=standing.duty,
        department=standing.department,
        label=standing.label,
        who=words.who(standing.department),
        title=title,
        clause=duty.clause if duty else "",
        weight=duty.weight if duty else 1,
        period=words.period(standing.label),
        due=due_of(standing.due_on, standing.due_at, county.zone),
        opens_on=standing.opens_on,
        due_on=standing.due_on,
        due_at=standing.due_at,
        status=standing.status,
        status_zh=status_zh(standing.status, cells, standing.reason),
        light=standing.light,
        reason=standing.reason,
        derivation=standing.derivation,
        proved_at=standing.proved_at,
        published_on=published,
        days_late=_days_late(standing, published, calendar, at, rulebook),
        since=standing.at,
        episode=standing.episode,
        assumed=standing.assumed,
        provisional=standing.provisional,
        pressed=not standing.closed and not not_binding(standing, duty, county) and not _made_good_before(standing),
        missing=tuple(standing.shown.get("missing", ())),
        unseen=tuple(standing.shown.get("unseen", ())),
        proofs=tuple(
            ProofLink(about, title, datetime.fromisoformat(said) if said else None)
            for about, title, said in standing.shown.get("proofs", ())
        ),
        objection=standing.shown.get("objection", ""),
    )


def _made_good_before(standing: Standing) -> bool:
    """Whether it was published late, but before it was held against anybody: late for nobody."""
    since = standing.shown.get("since")
    if not since or standing.proved_at is None or standing.status is not Status.MET_LATE:
        return False
    return standing.proved_at < datetime.fromisoformat(since)


def _title(duty: Duty | None, standing: Standing) -> str:
    if duty is None:
        return standing.duty
    part = split_label(standing.label)[1]
    named = next((each.title for each in duty.parts if each.name == part), "") if part else ""
    return f"{duty.title}（{named}）" if named else duty.title


def _days_late(standing: Standing, published: date | None, calendar: Calendar, at: datetime, rulebook: Rulebook) -> int:
    if standing.due_on is None:
        return 0
    zone = rulebook.county.zone
    last = held_from(standing.due_on, standing.shown.get("since"), zone)
    if standing.status is Status.MET_LATE and published is not None:
        return max(0, calendar.workdays_between(last, published))
    if not standing.status.late or only_taken_down(standing.reason):
        return 0
    return days_late(last, at, calendar, zone)


def end_of(day: date, rulebook: Rulebook) -> datetime:
    """The last instant of that day by the county's clock: what a report "for a day" reads."""
    return datetime.combine(day + timedelta(days=1), time(), rulebook.county.zone) - timedelta(microseconds=1)
