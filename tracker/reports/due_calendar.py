"""The due days of a county or department as a calendar that programs subscribe to (iCalendar, RFC 5545 and 7986).

What is done, exempt or closed is left out, and a subscriber drops it with its next look. The same facts give the same
bytes. The only home of icalendar, which is loaded when a calendar is written.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import quote

from tracker import __version__
from tracker.core.law.binding import deadline_of, explain_not_binding
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Duty
from tracker.core.law.wording import cells_of, label_zh, matter_zh, moment_zh, status_zh
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import Light
from tracker.core.values.visible import visible
from tracker.reports.snapshot import name_departments
from tracker.store.engine import Tx
from tracker.store.matters import DueGroup, group_owed, list_owed
from tracker.store.occurrences import OccurrenceRow

if TYPE_CHECKING:
    from icalendar import Alarm, Event

#: How far ahead a calendar looks: that of a department, and that of a county, which owes sixty times as much.
AHEAD, COUNTY_AHEAD = timedelta(days=366), timedelta(days=92)
#: So many entries of what is to come, and as many of what is past due.
MOST = 400
#: An entry is announced so many working days before it, at that time of the day.
_ALARMS, _ALARM_AT = (3, 1), timedelta(hours=9)
#: How often a program looks for changes.
_REFRESH = timedelta(hours=6)
#: The namespace of the identities that we give.
_OURS = uuid.UUID("5b0a2c84-6d0f-4f1e-9c8f-0f5a7c1d2e63")
#: Names of CSS3 (RFC 7986, 5.9).
_COLOURS = {Light.RED: "crimson", Light.YELLOW: "goldenrod", Light.BLUE: "royalblue"}


@dataclass(frozen=True, slots=True)
class DueEntry:
    """An entry of the calendar. `id`: the same whatever becomes of it; `revision`: of its due day; `path`: of its page
    among those of the console. `alarms`: the days on which it is announced."""

    id: str
    due_on: date
    revision: int
    changed_at: datetime
    summary: str
    path: str
    description: str = ""
    light: Light = Light.NONE
    alarms: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class DueCalendar:
    """A calendar. `is_cut`: something is left out as there is too much."""

    name: str
    entries: tuple[DueEntry, ...]
    is_cut: bool


def read_due_calendar(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, department: str | None, now: datetime
) -> DueCalendar:
    """What the department still owes, matter by matter; None: what all of them owe, by duty and day."""
    county = rulebook.county
    today = now.astimezone(county.zone).date()
    words = _Words(rulebook, calendar)
    if department is None:
        until = today + COUNTY_AHEAD
        spans = [group_owed(tx, county.id, today, end, MOST) for end in (None, until)]
        entries = [words.group(group) for group in chain(*spans) if not words.is_only_shown(group)]
        return DueCalendar(f"{county.name}政务公开时限", tuple(entries), _is_cut(spans))
    name, until = name_departments(county, department), today + AHEAD
    rows = [list_owed(tx, county.id, department, today, end, MOST) for end in (None, until)]
    entries = [words.matter(row) for row in chain(*rows) if not words.is_only_shown(row)]
    return DueCalendar(f"{name}政务公开时限", tuple(entries), _is_cut(rows))


def _is_cut(spans: Iterable[Sequence[object]]) -> bool:
    return any(len(span) == MOST for span in spans)


@dataclass(frozen=True, slots=True)
class _Words:
    """Makes entries in the words of the rules in force."""

    rulebook: Rulebook
    calendar: Calendar

    def is_only_shown(self, row: OccurrenceRow | DueGroup) -> bool:
        """Whether nobody is liable for it, as it was due before the county began or the rule was in force."""
        return bool(explain_not_binding(row, self._duty(row), self.rulebook.county))

    def matter(self, row: OccurrenceRow) -> DueEntry:
        zone, duty = self.rulebook.county.zone, self._duty(row)
        marks = (mark for mark, holds in (("参照时限", row.assumed), ("暂定", row.provisional)) if holds)
        period = "，".join(filter(None, (self._period(row, row.label, row.opens_on), *marks)))
        summary, alarms = matter_zh(self._title(row), period), tuple[date, ...]()
        about = [row.derivation]
        assert row.due_on is not None
        if row.status.running:
            days = (self.calendar.add_workdays(row.due_on, -days) for days in _ALARMS)
            alarms = tuple(day for day in days if row.opens_on is None or day >= row.opens_on)  # a daily duty has none
        else:  # what stood when it was decided: a program may look hours later
            cells = cells_of(duty, row.department, row.label) if duty else []
            summary = f"{status_zh(row.status, cells, row.reason)}：{summary}"
            about.append(f"{moment_zh(row.updated_at.astimezone(zone).replace(second=0, microsecond=0))}：{row.reason}")
        return DueEntry(
            row.key, row.due_on, row.due_revision, row.updated_at, visible(summary), f"/matter/{quote(row.key)}",
            visible("\n".join(filter(None, about))), row.light, alarms,
        )  # fmt: skip

    def group(self, group: DueGroup) -> DueEntry:
        """An entry that says of no department that it owes: the page behind it does, as of the moment."""
        duty = f"{group.pack}/{group.duty}"
        period = self._period(group, group.label, None) if group.label == group.last_label else ""
        id, path = f"{self.rulebook.county.id}/{duty}/{group.due_on}", f"/matters?all=1&duty={quote(duty, safe='')}"
        return DueEntry(id, group.due_on, 0, group.made_at, matter_zh(self._title(group), period), path)

    def _duty(self, row: OccurrenceRow | DueGroup) -> Duty | None:
        return self.rulebook.duty(row.pack, row.duty)

    def _title(self, row: OccurrenceRow | DueGroup) -> str:
        duty = self._duty(row)
        return duty.title if duty else row.duty

    def _period(self, row: OccurrenceRow | DueGroup, label: str, opens_on: date | None) -> str:
        duty = self._duty(row)
        titles = {name: event.title for name, event in self.rulebook.events.items()}
        return label_zh(label, titles, deadline_of(duty, label) if duty else None, self.calendar, opens_on)


# -- the file --------------------------------------------------------------------------------------


def identity_of(kind: str, id: str) -> uuid.UUID:
    """The identity by which programs know again what we name so."""
    return uuid.uuid5(_OURS, f"{kind} {id}")


def write_calendar(due: DueCalendar, pages: str) -> bytes:
    """The .ics. `pages`: the address below which the pages of the console lie.

    Without an identity of its own (RFC 7986, 5.3, leaves the choice): vdirsyncer takes it for that of each entry.
    """
    from icalendar import Calendar as File

    file = File()
    file.add("prodid", f"-//Duban//Duban {__version__}//ZH")
    file.add("version", "2.0")
    limit = f"事项过多，到期前后各列{MOST}条。" if due.is_cut else ""
    names = {"name": due.name, "description": f"尚未完成事项的时限；已完成、豁免或者关闭的不再列出。{limit}"}
    for name, text in names.items():
        file.add(name, text)
        file.add({"name": "x-wr-calname", "description": "x-wr-caldesc"}[name], text)  # read by older programs
    file.add("url", f"{pages}/matters")
    file.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    file.add("x-published-ttl", "PT6H")
    for entry in due.entries:
        file.add_component(_event(entry, pages))
    return bytes(file.to_ical())


def _event(entry: DueEntry, pages: str) -> Event:
    from icalendar import Event

    event, changed_at = Event(), entry.changed_at.astimezone(UTC).replace(microsecond=0)
    uid = identity_of("due", entry.id)
    event.add("uid", str(uid))
    event.add("dtstamp", changed_at)  # without METHOD it says when the entry was changed last (RFC 5545, 3.8.7.2)
    event.add("last-modified", changed_at)
    event.add("sequence", entry.revision)
    event.add("dtstart", entry.due_on)
    event.add("summary", entry.summary)
    event.add("url", f"{pages}{entry.path}")
    event.add("transp", "TRANSPARENT")  # a due day keeps nobody busy
    if entry.description:
        event.add("description", entry.description)
    if entry.light in _COLOURS:
        event.add("color", _COLOURS[entry.light])
    for day in entry.alarms:
        event.add_component(_alarm(entry, day, uid))
    return event


def _alarm(entry: DueEntry, day: date, of: uuid.UUID) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("uid", str(uuid.uuid5(of, f"{(entry.due_on - day).days}")))  # RFC 9074, 4
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.summary)
    alarm.add("trigger", day - entry.due_on + _ALARM_AT)
    return alarm
