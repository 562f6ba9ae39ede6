"""The read model of every report: each matter as it stood at an instant, in the words of the rules of that day.

All reports, pages and pictures count these lines, so their numbers agree; each line names its occurrence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tracker.core.duties import Duty, Rulebook
from tracker.core.lines import Line, Proof
from tracker.core.particulars import cells_of, days_late, due_of, held_from, label_zh, status_zh
from tracker.core.periods import split_label
from tracker.core.verdicts import Status, only_taken_down
from tracker.core.workdays import Calendar
from tracker.rulebook.restored import restored
from tracker.store.documents import body_of
from tracker.store.engine import Tx
from tracker.store.standings import Standing, standings_at, standings_between


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
        return tuple(one for one in self.lines if one.pressed)

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

    async def read(self, tx: Tx, at: datetime) -> Reading:
        """The county at that instant. Nothing that was decided or loaded later is in it."""
        found = await standings_at(tx, self._now.county.id, at)
        lines = await self.lines(tx, found.values(), at)
        last = max(found.values(), key=lambda one: one.at, default=None)
        rulebook = await self._rulebook(tx, last.rulebook) if last else self._now
        calendar = await self._calendar(tx, last.calendar) if last else self._today
        return Reading(rulebook, calendar, at, tuple(lines), {one.key: one for one in lines})

    async def turns(self, tx: Tx, after: datetime, until: datetime) -> list[Line]:
        """Every decision in that stretch of time, each as it stood when it was made."""
        found = await standings_between(tx, self._now.county.id, after, until)
        return [line for one in found for line in await self.lines(tx, [one], one.at)]

    async def lines(self, tx: Tx, found: Iterable[Standing], at: datetime) -> list[Line]:
        return [
            self._line(one, await self._rulebook(tx, one.rulebook), await self._calendar(tx, one.calendar), at)
            for one in found
        ]

    async def _rulebook(self, tx: Tx, digest: str) -> Rulebook:
        if digest not in self._rulebooks:
            body = await body_of(tx, digest)
            self._rulebooks[digest] = restored(body, digest) if body else self._now
        return self._rulebooks[digest]

    async def _calendar(self, tx: Tx, digest: str) -> Calendar:
        if digest not in self._calendars:
            body = await body_of(tx, digest)
            self._calendars[digest] = Calendar.from_body(body) if body else self._today
        return self._calendars[digest]

    def _line(self, one: Standing, rulebook: Rulebook, calendar: Calendar, at: datetime) -> Line:
        county, zone = rulebook.county, rulebook.county.zone
        duty = rulebook.duty(one.pack, one.duty)
        published = one.proved_at.astimezone(zone).date() if one.proved_at and one.status.met else None
        return Line(
            key=one.key,
            pack=one.pack,
            duty=one.duty,
            department=one.department,
            label=one.label,
            who="、".join(
                county.departments[id].name if id in county.departments else id for id in one.department.split("+")
            ),
            title=_title(duty, one),
            clause=duty.clause if duty else "",
            weight=duty.weight if duty else 1,
            period=label_zh(one.label, {name: event.title for name, event in rulebook.events.items()}),
            due=due_of(one.due_on, one.due_at, zone),
            opens_on=one.opens_on,
            due_on=one.due_on,
            due_at=one.due_at,
            status=one.status,
            status_zh=status_zh(one.status, cells_of(duty, one.department, one.label) if duty else [], one.reason),
            light=one.light,
            reason=one.reason,
            derivation=one.derivation,
            proved_at=one.proved_at,
            published_on=published,
            days_late=_days_late(one, published, calendar, at, rulebook),
            since=one.at,
            episode=one.episode,
            assumed=one.assumed,
            provisional=one.provisional,
            pressed=not one.closed and (one.due_on is None or one.due_on >= county.start),
            missing=tuple(one.shown.get("missing", ())),
            unseen=tuple(one.shown.get("unseen", ())),
            proofs=tuple(
                Proof(about, title, datetime.fromisoformat(said) if said else None)
                for about, title, said in one.shown.get("proofs", ())
            ),
            objection=one.shown.get("objection", ""),
        )


def _title(duty: Duty | None, one: Standing) -> str:
    if duty is None:
        return one.duty
    part = split_label(one.label)[1]
    named = next((each.title for each in duty.parts if each.name == part), "") if part else ""
    return f"{duty.title}（{named}）" if named else duty.title


def _days_late(one: Standing, published: date | None, calendar: Calendar, at: datetime, rulebook: Rulebook) -> int:
    if one.due_on is None:
        return 0
    zone = rulebook.county.zone
    last = held_from(one.due_on, one.shown.get("since"), zone)
    if one.status is Status.MET_LATE and published is not None:
        return max(0, calendar.workdays_between(last, published))
    if not one.status.late or only_taken_down(one.reason):
        return 0
    return days_late(last, at, calendar, zone)


def end_of(day: date, rulebook: Rulebook) -> datetime:
    """The last instant of that day by the county's clock: what a report "for a day" reads."""
    return datetime.combine(day + timedelta(days=1), time(), rulebook.county.zone) - timedelta(microseconds=1)
