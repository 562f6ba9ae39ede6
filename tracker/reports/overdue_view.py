"""The values of the overdue report as JSON: the lines of a reading, counted and sorted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from notifications.ledger import bracketed
from tracker.core.assessment.lines import Line
from tracker.core.escalation.notices import Acknowledgement
from tracker.core.law.periods import split_label, window_of
from tracker.core.law.wording import WITHDRAWN, day_zh, days_zh
from tracker.core.values.verdicts import Status
from tracker.reports.reading import Reading
from tracker.store.jobs import Gap

#: Due days up to this far ahead are in the report.
AHEAD = timedelta(days=7)
#: By key of the report: what rows call its parts.
_PARTS = {"late": "逾期", "unjudged": "未能判定", "mended": "已补正", "coming": "将到期"}
#: The columns of rows, in CSV and tables.
COLUMNS = (
    "part", "department", "title", "period", "clause", "due", "published_on", "days_late", "problem", "status",
    "light", "fresh", "count", "reason", "said", "url", "occurrences",
)  # fmt: skip


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
    late = [line for line in pressed if line.late]
    unjudged = [line for line in pressed if line.status.unjudged]
    told = before.late if before else frozenset()
    mended = [line for line in pressed if line.key in told and line.status in (Status.MET, Status.MET_LATE)]
    coming = [line for line in pressed if line.status.coming and line.due_on and view.soon(line.due_on)]
    view.fresh = {line.key for line in late} - told
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
        "late_keys": sorted(line.key for line in late),
    }


def _counts(late: Sequence[Line]) -> dict[str, int]:
    return {
        "late": len(late),
        "overdue": sum(line.status is Status.OVERDUE for line in late),
        "incomplete": sum(line.status is Status.INCOMPLETE for line in late),
    }


def _late_first(line: Line) -> tuple[Any, ...]:
    return (-line.days_late, line.due_on or date.max, line.key)


def _due_first(line: Line) -> tuple[Any, ...]:
    return (line.due_on or date.max, line.key)


def rows_of(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The report's lines as flat rows with `COLUMNS`."""
    late = [line for unit in report["departments"] for line in unit["lines"]]
    for part, name in _PARTS.items():
        for line in late if part == "late" else report[part]:
            has_days = part in ("late", "mended") and not line["lateness"]
            yield {
                **line,
                "part": name,
                "title": line["title"] + bracketed(line["marks"]),
                "days_late": line["days_late"] if has_days else None,
                "occurrences": " ".join(line["keys"]),
            }


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
                **self.stand(lines, every),
                "lines": self.lines(lines, _late_first),
            }
            for lines, every in _grouped(late, unjudged, lambda line: line.department)
        ]
        return sorted(found, key=lambda one: (-one["late"], -one["worst"], one["name"]))

    def duties(self, late: Sequence[Line], unjudged: Sequence[Line]) -> list[dict[str, Any]]:
        """The same by duty, with whoever fails it."""
        found = [
            {
                "title": every[0].title,
                "clause": every[0].clause,
                **self.stand(lines, every),
                "departments": list(dict.fromkeys(line.who for line in sorted(lines, key=_late_first))),
            }
            for lines, every in _grouped(late, unjudged, lambda line: (line.pack, line.duty, line.title))
        ]
        return sorted(found, key=lambda one: (-one["late"], -one["worst"], one["clause"], one["title"]))

    def stand(self, late: Sequence[Line], every: Sequence[Line]) -> dict[str, int]:
        return {
            **_counts(late),
            "unjudged": len(every) - len(late),
            "fresh": sum(line.key in self.fresh for line in late),
            "worst": max((line.days_late for line in late), default=0),
        }

    def lines(self, lines: Iterable[Line], order: Callable[[Line], Any]) -> list[dict[str, Any]]:
        """One line a matter; the days of a daily duty in one."""
        groups: dict[tuple[Any, ...], list[Line]] = {}
        for line in sorted(lines, key=order):
            same = (line.duty, line.department, line.status, line.light) if line.daily else (line.key,)
            groups.setdefault(same, []).append(line)
        return [self.line(group) for group in groups.values()]

    def line(self, group: Sequence[Line]) -> dict[str, Any]:
        line, several = group[0], len(group) > 1
        days = [window_of(split_label(each.label)[0]).first for each in group] if several else []
        return {
            "keys": [each.key for each in group],
            "department": line.who,
            "title": line.title,
            "clause": line.clause,
            "period": days_zh(days) if several else line.period,
            "due": "逐日" if several else day_zh(line.due_on) if line.due_on else "待定",
            "due_on": line.due_on.isoformat() if line.due_on and not several else "",
            "published_on": line.published_on.isoformat() if line.published_on and not several else "",
            "days_late": max(each.days_late for each in group),
            "lateness": WITHDRAWN if line.withdrawn else "",
            "problem": line.problem,
            "rectify_by": min(
                (self.rectify[each.key].isoformat() for each in group if each.key in self.rectify), default=""
            ),
            "status": line.status_zh,
            "light": line.light.value,
            "reason": "" if several else line.reason,
            "derivation": "" if several else line.derivation,
            "said": self.explained(group),
            "fresh": any(each.key in self.fresh for each in group),
            "marks": list(line.marks),
            "url": next((proof.url for each in group for proof in each.proofs if proof.url), ""),
            "count": len(group),
        }

    def explained(self, group: Sequence[Line]) -> str:
        """What the department wrote about it last, by whom and when."""
        acknowledgements = [self.said[line.key] for line in group if line.key in self.said]
        if not acknowledgements:
            return ""
        return said_zh(max(acknowledgements, key=lambda acknowledgement: acknowledgement.id), self.zone)

    def gap(self, one: Gap) -> str:
        first, last = one.first.astimezone(self.zone), one.last.astimezone(self.zone)
        hours = round((one.last - one.first) / timedelta(hours=1))
        return f"{first.month}月{first.day}日{first:%H:%M}至{last.month}月{last.day}日{last:%H:%M}（{hours}小时）"


def said_zh(acknowledgement: Acknowledgement, zone: ZoneInfo) -> str:
    """An explanation in one line: by whom, when, what."""
    day = day_zh(acknowledgement.recorded_at.astimezone(zone).date())
    return f"{acknowledgement.by}{day}说明：{' '.join(acknowledgement.text.split())}"


def _grouped(
    late: Sequence[Line], unjudged: Sequence[Line], key: Callable[[Line], Any]
) -> list[tuple[list[Line], list[Line]]]:
    """What is late, and that with what was not judged, of each key."""
    groups: dict[Any, tuple[list[Line], list[Line]]] = defaultdict(lambda: ([], []))
    for line in late:
        groups[key(line)][0].append(line)
    for line in (*late, *unjudged):
        groups[key(line)][1].append(line)
    return list(groups.values())
