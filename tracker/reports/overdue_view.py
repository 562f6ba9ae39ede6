"""The overdue report's values: lines of the read model counted and put in order, as JSON that templates print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tracker.core.assessment.lines import COMING, UNJUDGED, Line
from tracker.core.escalation.notices import Acknowledgement
from tracker.core.law.notice_fields import WITHDRAWN, day_zh, days_zh
from tracker.core.law.periods import split_label, window_of
from tracker.core.values.verdicts import Status
from tracker.reports.reading import Reading
from tracker.store.jobs import Gap

#: So far ahead the report looks for what falls due.
AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Previous:
    """The report before: when, and which matters it called late."""

    at: datetime
    late: frozenset[str]


def build(
    reading: Reading,
    before: Previous | None = None,
    dark: Sequence[Gap] = (),
    said: Mapping[str, Acknowledgement] = {},
    rectify: Mapping[str, date] = {},
) -> dict[str, Any]:
    """The report's values, as JSON. `dark`: the hours in which nothing was observed; by occurrence: `said`, what was
    explained last, and `rectify`, by when a circular wants it put right."""
    view = _View(reading, said, rectify)
    pressed = reading.pressed
    late = [one for one in pressed if one.late]
    unjudged = [one for one in pressed if one.status in UNJUDGED]
    told = before.late if before else frozenset()
    mended = [one for one in pressed if one.key in told and one.status in (Status.MET, Status.MET_LATE)]
    coming = [one for one in pressed if one.status in COMING and one.due_on and view.soon(one.due_on)]
    view.fresh = {one.key for one in late} - told
    return {
        "kind": "report",
        "step": "overdue-report",
        "title": "逾期情况报告",
        "day": day_zh(reading.today),
        "as_of": f"{day_zh(reading.today)}{reading.at.astimezone(view.zone):%H:%M}",
        "since": day_zh(before.at.astimezone(view.zone).date()) if before else "",
        "totals": {
            **_counts(late),
            "unjudged": len(unjudged),
            "fresh": len(view.fresh),
            "mended": len(mended),
            "coming": len(coming),
        },
        "departments": view.departments(late, unjudged),
        "duties": view.duties(late, unjudged),
        "unjudged": view.lines(unjudged, _late_first),
        "mended": view.lines(mended, _due_first),
        "coming": view.lines(coming, _due_first),
        "dark": [view.gap(one) for one in dark],
        "late_keys": sorted(one.key for one in late),
    }


def _counts(late: Sequence[Line]) -> dict[str, int]:
    return {
        "late": len(late),
        "overdue": sum(one.status is Status.OVERDUE for one in late),
        "incomplete": sum(one.status is Status.INCOMPLETE for one in late),
    }


def _late_first(one: Line) -> tuple[Any, ...]:
    return (-one.days_late, one.due_on or date.max, one.key)


def _due_first(one: Line) -> tuple[Any, ...]:
    return (one.due_on or date.max, one.key)


class _View:
    """Lines in the words of the report."""

    def __init__(self, reading: Reading, said: Mapping[str, Acknowledgement], rectify: Mapping[str, date]) -> None:
        self.reading = reading
        self.said, self.rectify = said, rectify
        self.zone = reading.rulebook.county.zone
        self.fresh: set[str] = set()

    def soon(self, day: date) -> bool:
        return self.reading.today <= day < self.reading.today + AHEAD

    def departments(self, late: Sequence[Line], unjudged: Sequence[Line]) -> list[dict[str, Any]]:
        """Whoever has something late or not judged, most late matters first."""
        found = [
            {
                "name": every[0].who,
                **self.stand(mine, every),
                "lines": self.lines(mine, _late_first),
            }
            for mine, every in _grouped(late, unjudged, lambda one: one.department)
        ]
        return sorted(found, key=lambda one: (-one["late"], -one["worst"], one["name"]))

    def duties(self, late: Sequence[Line], unjudged: Sequence[Line]) -> list[dict[str, Any]]:
        """The same by duty, with whoever fails it."""
        found = [
            {
                "title": every[0].title,
                "clause": every[0].clause,
                **self.stand(mine, every),
                "departments": list(dict.fromkeys(one.who for one in sorted(mine, key=_late_first))),
            }
            for mine, every in _grouped(late, unjudged, lambda one: (one.pack, one.duty, one.title))
        ]
        return sorted(found, key=lambda one: (-one["late"], -one["worst"], one["clause"], one["title"]))

    def stand(self, late: Sequence[Line], every: Sequence[Line]) -> dict[str, int]:
        return {
            **_counts(late),
            "unjudged": len(every) - len(late),
            "fresh": sum(one.key in self.fresh for one in late),
            "worst": max((one.days_late for one in late), default=0),
        }

    def lines(self, found: Iterable[Line], order: Callable[[Line], Any]) -> list[dict[str, Any]]:
        """One line a matter; the days of a daily duty in one."""
        groups: dict[tuple[Any, ...], list[Line]] = {}
        for one in sorted(found, key=order):
            same = (one.duty, one.department, one.status, one.light) if one.daily else (one.key,)
            groups.setdefault(same, []).append(one)
        return [self.line(group) for group in groups.values()]

    def line(self, group: Sequence[Line]) -> dict[str, Any]:
        one, several = group[0], len(group) > 1
        days = [window_of(split_label(each.label)[0]).first for each in group] if several else []
        return {
            "keys": [each.key for each in group],
            "department": one.who,
            "title": one.title,
            "clause": one.clause,
            "period": days_zh(days) if several else one.period,
            "due": "逐日" if several else day_zh(one.due_on) if one.due_on else "待定",
            "due_on": one.due_on.isoformat() if one.due_on and not several else "",
            "published_on": one.published_on.isoformat() if one.published_on and not several else "",
            "days_late": max(each.days_late for each in group),
            "lateness": WITHDRAWN if one.withdrawn else "",
            "problem": one.problem,
            "rectify_by": min(
                (self.rectify[each.key].isoformat() for each in group if each.key in self.rectify), default=""
            ),
            "status": one.status_zh,
            "light": one.light.value,
            "reason": "" if several else one.reason,
            "derivation": "" if several else one.derivation,
            "said": self.explained(group),
            "fresh": any(each.key in self.fresh for each in group),
            "marks": list(one.marks),
            "url": next((proof.url for each in group for proof in each.proofs if proof.url), ""),
            "count": len(group),
        }

    def explained(self, group: Sequence[Line]) -> str:
        """What the department wrote about it last, by whom and when."""
        found = [self.said[one.key] for one in group if one.key in self.said]
        if not found:
            return ""
        return said_zh(max(found, key=lambda one: one.id), self.zone)

    def gap(self, one: Gap) -> str:
        first, last = one.first.astimezone(self.zone), one.last.astimezone(self.zone)
        hours = round((one.last - one.first) / timedelta(hours=1))
        return f"{first.month}月{first.day}日{first:%H:%M}至{last.month}月{last.day}日{last:%H:%M}（{hours}小时）"


def said_zh(one: Acknowledgement, zone: ZoneInfo) -> str:
    """An explanation in one line: by whom, when, what."""
    return f"{one.by}{day_zh(one.recorded_at.astimezone(zone).date())}说明：{' '.join(one.text.split())}"


def _grouped(
    late: Sequence[Line], unjudged: Sequence[Line], key: Callable[[Line], Any]
) -> list[tuple[list[Line], list[Line]]]:
    """What is late, and that with what was not judged, of each key."""
    groups: dict[Any, tuple[list[Line], list[Line]]] = defaultdict(lambda: ([], []))
    for one in late:
        groups[key(one)][0].append(one)
    for one in (*late, *unjudged):
        groups[key(one)][1].append(one)
    return list(groups.values())
