"""逾期情况报告: how the county stands, for the county office. Read from what the last ticks decided."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.core.duties import Cell, Rulebook
from tracker.core.notices import Acknowledgement, Hours, Notice, NoticeKey
from tracker.core.particulars import WITHDRAWN, cells_of, day_zh, days_late, days_zh, held_from, label_zh, status_zh
from tracker.core.periods import split_label, unit_of, window_of
from tracker.core.steps import opening
from tracker.core.verdicts import Status, only_taken_down
from tracker.core.workdays import Calendar
from tracker.reports.attention import blind, for_people
from tracker.reports.decisions import Decision
from tracker.reports.head import shown_head
from tracker.rulebook import Loaded
from tracker.store.answers import explanations
from tracker.store.counties import ensure_county, lock_county
from tracker.store.engine import Store, Tx
from tracker.store.faults import list_faults
from tracker.store.jobs import Gap, gaps
from tracker.store.journal import JournalEntry, append
from tracker.store.notices import insert_notices
from tracker.store.occurrences import OccurrenceRow, load_occurrences
from tracker.store.tables import notices

log = logging.getLogger(__name__)

WEEK = timedelta(days=7)
#: A silence of the crawl shorter than this is the night between two crawls.
SILENCE = timedelta(hours=24)
_UNJUDGED = (Status.UNVERIFIABLE, Status.CLOCK_UNKNOWN, Status.MET_DISPUTED)
_COMING = (Status.UPCOMING, Status.OPEN, Status.DUE_SOON)


async def announce_overdue(
    store: Store,
    loaded: Loaded,
    now: datetime,
    dark: Sequence[Gap] | None = None,
    decide: Mapping[str, Sequence[Decision]] = {},
) -> int:
    """Decide each county's report of this day, once; how many were new.

    `dark`: the hours in which nothing was observed; None reads them from the crawl's own runs.
    `decide`: what waits for a person, by county; a county that is not in it says nothing of that.
    """
    made = 0
    for rulebook in loaded.rulebooks:
        county = rulebook.county.id
        async with store.begin() as tx:
            await ensure_county(tx, county)
            head = await lock_county(tx, county)
            before = await _previous(tx, county, now.astimezone(rulebook.county.zone).date())
            since = before.at if before else now - WEEK
            silent = await gaps(tx, since=since, until=now, max_age=SILENCE) if dark is None else dark
            rows = await load_occurrences(tx, county)
            said = await explanations(tx, county)
            shown = build(rulebook, loaded.calendar, rows.values(), now, before, silent, said)
            shown |= for_people(decide.get(county)) | {"faults": blind(rulebook, await list_faults(tx, county))}
            shown |= {"journal": shown_head(head, now, rulebook.county.zone)}
            notice = _notice(rulebook, loaded.calendar, loaded.schedule.hours, shown, now)
            if await insert_notices(tx, [notice], now):
                who = f"rule:{rulebook.digest[:12]}"
                entry = JournalEntry(who, "report.decided", notice.key.subject, None, shown["totals"], notice.reason)
                await append(tx, county, [entry], now)
                made += 1
    log.info("%d reports decided", made, extra={"action": "overdue-report"})
    return made


@dataclass(frozen=True, slots=True)
class Previous:
    """The report before: when, and which matters it called late."""

    at: datetime
    late: frozenset[str]


async def _previous(tx: Tx, county: str, today: date) -> Previous | None:
    subjects = sa.and_(notices.c.subject.like("report:overdue:%"), notices.c.subject < f"report:overdue:{today}")
    query = sa.select(notices.c.decided_at, notices.c.detail).where(notices.c.county == county, subjects)
    row = (await tx.execute(query.order_by(notices.c.subject.desc()).limit(1))).one_or_none()
    return Previous(row.decided_at, frozenset(row.detail.get("late_keys", ()))) if row else None


def build(
    rulebook: Rulebook,
    calendar: Calendar,
    rows: Iterable[OccurrenceRow],
    now: datetime,
    before: Previous | None = None,
    dark: Sequence[Gap] = (),
    said: Mapping[str, Acknowledgement] = {},
) -> dict[str, Any]:
    """The report's values, as JSON. `said`: what was explained last, by occurrence."""
    view = _View(rulebook, calendar, now, said)
    pressed = [row for row in rows if not row.closed and (row.due_on is None or row.due_on >= rulebook.county.start)]
    late = [row for row in pressed if row.status.late]
    unjudged = [row for row in pressed if row.status in _UNJUDGED]
    told = before.late if before else frozenset()
    mended = [row for row in pressed if row.key in told and row.status in (Status.MET, Status.MET_LATE)]
    coming = [row for row in pressed if row.status in _COMING and row.due_on and view.within(row.due_on, WEEK)]
    fresh = {row.key for row in late} - told
    return {
        "kind": "report",
        "step": "overdue-report",
        "title": "逾期情况报告",
        "day": day_zh(view.today),
        "as_of": f"{day_zh(view.today)}{now.astimezone(view.zone):%H:%M}",
        "since": day_zh(before.at.astimezone(view.zone).date()) if before else "",
        "totals": {
            "late": len(late),
            "overdue": sum(row.status is Status.OVERDUE for row in late),
            "incomplete": sum(row.status is Status.INCOMPLETE for row in late),
            "unjudged": len(unjudged),
            "fresh": len(fresh),
            "mended": len(mended),
            "coming": len(coming),
        },
        "departments": view.departments(late, unjudged, fresh),
        "unjudged": view.lines(unjudged, view.late_first),
        "mended": view.lines(mended, view.due_first),
        "coming": view.lines(coming, view.due_first),
        "dark": [view.gap(one) for one in dark],
        "late_keys": sorted(row.key for row in late),
    }


class _View:
    """Rows in the words of the report."""

    def __init__(
        self, rulebook: Rulebook, calendar: Calendar, now: datetime, said: Mapping[str, Acknowledgement] = {}
    ) -> None:
        self.rulebook = rulebook
        self.said = said
        self.calendar = calendar
        self.now = now
        self.zone = rulebook.county.zone
        self.today = now.astimezone(self.zone).date()
        self.titles = {name: event.title for name, event in rulebook.events.items()}

    def within(self, day: date, span: timedelta) -> bool:
        return self.today <= day < self.today + span

    def department(self, key: str) -> str:
        known = self.rulebook.county.departments
        return "、".join(known[one].name if one in known else one for one in key.split("+"))

    def title(self, row: OccurrenceRow) -> str:
        duty = self.rulebook.duty(row.pack, row.duty)
        if duty is None:
            return row.duty
        part = split_label(row.label)[1]
        named = next((one.title for one in duty.parts if one.name == part), "") if part else ""
        return f"{duty.title}（{named}）" if named else duty.title

    def cells(self, row: OccurrenceRow) -> list[Cell]:
        duty = self.rulebook.duty(row.pack, row.duty)
        return cells_of(duty, row.department, row.label) if duty else []

    def late(self, row: OccurrenceRow) -> int:
        if row.due_on is None or only_taken_down(row.reason):
            return 0
        return days_late(held_from(row.due_on, row.since, self.zone), self.now, self.calendar, self.zone)

    def late_first(self, row: OccurrenceRow) -> tuple[Any, ...]:
        return (-self.late(row), row.key)

    def due_first(self, row: OccurrenceRow) -> tuple[Any, ...]:
        return (row.due_on or date.max, row.key)

    def departments(
        self, late: Sequence[OccurrenceRow], unjudged: Sequence[OccurrenceRow], fresh: set[str]
    ) -> list[dict[str, Any]]:
        """Whoever has something late or not judged, most late matters first."""
        found = []
        for key in {row.department for row in (*late, *unjudged)}:
            mine = [row for row in late if row.department == key]
            found.append(
                {
                    "name": self.department(key),
                    "late": len(mine),
                    "overdue": sum(row.status is Status.OVERDUE for row in mine),
                    "incomplete": sum(row.status is Status.INCOMPLETE for row in mine),
                    "unjudged": sum(row.department == key for row in unjudged),
                    "fresh": sum(row.key in fresh for row in mine),
                    "worst": max((self.late(row) for row in mine), default=0),
                    "lines": self.lines(mine, self.late_first, fresh),
                }
            )
        return sorted(found, key=lambda one: (-one["late"], -one["worst"], one["name"]))

    def lines(
        self,
        rows: Sequence[OccurrenceRow],
        order: Callable[[OccurrenceRow], Any],
        fresh: set[str] | None = None,
    ) -> list[dict[str, Any]]:
        """One line a matter; the days of a daily duty in one."""
        groups: dict[tuple[Any, ...], list[OccurrenceRow]] = {}
        for row in sorted(rows, key=order):
            daily = unit_of(split_label(row.label)[0]) == "day"
            same = (row.duty, row.department, row.status, row.light) if daily else (row.key,)
            groups.setdefault(same, []).append(row)
        return [self.line(group, fresh or set()) for group in groups.values()]

    def line(self, group: Sequence[OccurrenceRow], fresh: set[str]) -> dict[str, Any]:
        row = group[0]
        duty = self.rulebook.duty(row.pack, row.duty)
        days = [window_of(split_label(one.label)[0]).first for one in group] if len(group) > 1 else []
        return {
            "department": self.department(row.department),
            "title": self.title(row),
            "clause": duty.clause if duty else "",
            "period": days_zh(days) if days else label_zh(row.label, self.titles),
            "due": "逐日" if days else day_zh(row.due_on) if row.due_on else "待定",
            "days_late": max(self.late(one) for one in group),
            "lateness": WITHDRAWN if only_taken_down(row.reason) else "",
            "status": status_zh(row.status, self.cells(row), row.reason),
            "light": row.light.value,
            "reason": row.reason if len(group) == 1 else "",
            "said": self.explained(group),
            "fresh": any(one.key in fresh for one in group),
            "marks": [word for word, holds in (("推定", row.assumed), ("暂估", row.provisional)) if holds],
            "count": len(group),
        }

    def explained(self, group: Sequence[OccurrenceRow]) -> str:
        """What the department wrote about it last, by whom and when."""
        found = [self.said[one.key] for one in group if one.key in self.said]
        if not found:
            return ""
        last = max(found, key=lambda one: one.id)
        day = day_zh(last.recorded_at.astimezone(self.zone).date())
        return f"{last.by}{day}说明：{' '.join(last.text.split())}"

    def gap(self, one: Gap) -> str:
        first, last = one.first.astimezone(self.zone), one.last.astimezone(self.zone)
        hours = round((one.last - one.first) / timedelta(hours=1))
        return f"{first.month}月{first.day}日{first:%H:%M}至{last.month}月{last.day}日{last:%H:%M}（{hours}小时）"


def _notice(rulebook: Rulebook, calendar: Calendar, hours: Hours, shown: Mapping[str, Any], now: datetime) -> Notice:
    county = rulebook.county
    day = now.astimezone(county.zone).date()
    key = NoticeKey(f"report:overdue:{day}", 0, 0, "overdue-report", 0, "county-office", "mail")
    reason = f"{day_zh(day)}逾期情况：逾期{shown['totals']['late']}件，未能判定{shown['totals']['unjudged']}件。"
    at = opening(now, calendar, hours, county.zone)
    return Notice(key, county.id, "", "report", False, reason, at, {**shown, "reason": reason})
