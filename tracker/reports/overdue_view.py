"""The values of the overdue report as JSON: the lines of a snapshot, counted and sorted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from notifications.ledger import bracketed
from notifications.lines import records_zh
from tracker.core.assessment.lines import Line
from tracker.core.escalation.notices import Acknowledgement
from tracker.core.law.citations import common_instrument
from tracker.core.law.county import Rulebook
from tracker.core.law.periods import split_label, window_of
from tracker.core.law.wording import NOT_KEPT, WITHDRAWN, day_zh, days_zh, heads_zh, moment_zh
from tracker.core.values.formulas import ReportRules
from tracker.core.values.verdicts import NEVER_SEEN, Status
from tracker.reports.snapshot import CountySnapshot
from tracker.store.jobs import Gap
from tracker.store.standings import Wanted

#: Due days up to this far ahead are in the report.
AHEAD = timedelta(days=7)
_BLAMED = [status for status in Status if status.late or status.unjudged]
_RUNNING = [status for status in Status if status.running]
#: By key of the report: what rows call its parts.
_PARTS = {"late": "逾期", "reminded": "仅作提醒", "unjudged": "未能判定", "mended": "已整改", "coming": "将到期"}
#: The columns of rows, in CSV and tables.
COLUMNS = (
    "part", "department", "title", "period", "clause", "due", "published_on", "days_late", "problem", "status",
    "light", "fresh", "count", "reason", "said", "url", "occurrences",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Previous:
    """The report before this one: its instant and the matters that it called late."""

    at: datetime
    late: frozenset[str]


def list_wanted(rulebook: Rulebook, at: datetime) -> list[Wanted]:
    """What `build` looks at, beside what was late in the report before."""
    today = at.astimezone(rulebook.county.zone).date()
    return [Wanted(statuses=_BLAMED), Wanted(statuses=_RUNNING, first=today, last=today + AHEAD)]


def build(
    snapshot: CountySnapshot,
    before: Previous | None = None,
    gaps: Sequence[Gap] = (),
    explained: Mapping[str, Acknowledgement] = {},
    rectify: Mapping[str, date] = {},
    looked: Mapping[str, datetime] = {},
) -> dict[str, Any]:
    """The report's values as JSON. Late matters whose date is assumed or provisional are only reminded of, and stand
    apart from all counts of late ones.

    `gaps`: when nothing was observed. By occurrence: `explained`, the department's last explanation; `rectify`, the day
    by which a circular wants it rectified; `looked`, the last complete look at all its columns.
    """
    lines, today = snapshot.liable_lines, snapshot.today
    late = [line for line in lines if line.late and not line.mild]
    reminded = [line for line in lines if line.late and line.mild]
    unjudged = [line for line in lines if line.status.unjudged]
    late_before = before.late if before else frozenset()
    mended = [line for line in lines if line.key in late_before and line.status in (Status.MET, Status.MET_LATE)]
    coming = [line for line in lines if line.status.running and line.due_on and today <= line.due_on < today + AHEAD]
    zone, rules = snapshot.rulebook.county.zone, snapshot.rulebook.report or ReportRules()
    instrument = common_instrument(line.basis for line in (*late, *reminded, *unjudged, *mended, *coming))
    view = _View(explained, rectify, looked, zone, {line.key for line in late} - late_before, instrument)
    totals: dict[str, Any] = {
        **_counts(late),
        "reminded": len(reminded),
        "unjudged": len(unjudged),
        "fresh": len(view.fresh),
        "mended": len(mended),
        "coming": len(coming),
    }
    undone = Counter(line.deed for line in late if line.status is Status.OVERDUE and not line.not_kept)
    if set(undone) - {"公开"}:
        totals["undone"] = undone
    since = day_zh(before.at.astimezone(zone).date()) if before else ""
    return {
        "kind": "report",
        "step": "overdue-report",
        "title": "逾期情况清单" if rules.form == "list" else rules.name,
        "day": day_zh(today),
        "as_of": moment_zh(snapshot.at.astimezone(zone)),
        "since": since,
        "totals": totals,
        "summary": counts_zh(totals) + _reminded_zh(reminded),
        "compared": _changes_zh(since, totals),
        "heads": heads_zh(line.deed for line in (*late, *reminded, *unjudged, *mended)),
        "counted_by": records_zh(line.recorded for line in (*late, *reminded, *unjudged, *mended)),
        "instrument": instrument,
        "departments": view.departments(late, unjudged),
        "duties": view.duties(late, unjudged),
        "reminded": view.lines(reminded, _late_first),
        "unjudged": view.lines(unjudged, _late_first),
        "mended": view.lines(mended, _due_first),
        "coming": view.lines(coming, _due_first),
        "dark": [_gap_zh(gap, zone) for gap in gaps],
        "late_keys": sorted(line.key for line in late),
    }


def _counts(late: Sequence[Line]) -> dict[str, int]:
    return {
        "late": len(late),
        "overdue": sum(line.status is Status.OVERDUE and not line.not_kept for line in late),
        "incomplete": sum(line.status is Status.INCOMPLETE and not line.not_kept for line in late),
        "unkept": sum(line.not_kept for line in late),
    }


def counts_zh(totals: Mapping[str, Any]) -> str:
    """The counts in words, without those that are 0. `undone`: by act, where it is not publication alone."""
    undone = totals.get("undone") or {"公开": totals.get("overdue", 0)}
    counts = [
        *((f"未{deed}", count) for deed, count in sorted(undone.items(), key=lambda one: -one[1])),
        ("公开不完整", totals.get("incomplete", 0)),
        (NOT_KEPT, totals.get("unkept", 0)),
    ]
    kinds = "、".join(f"{name}{count}件" for name, count in counts if count)
    late = f"逾期{totals['late']}件（{kinds}）" if totals["late"] else "无逾期事项"
    return late + (f"；未能判定{totals['unjudged']}件，不计入逾期" if totals["unjudged"] else "")


def _reminded_zh(reminded: Sequence[Line]) -> str:
    """How many late matters are only reminded of, with what their time limits are; "" for none."""
    marks = "、".join(dict.fromkeys(mark for line in reminded for mark in line.marks))
    return f"；另有{marks}事项逾期{len(reminded)}件，仅作提醒" if reminded else ""


def _changes_zh(since: str, totals: Mapping[str, Any]) -> str:
    """What changed since the report of that day, without what is 0; "" where nothing did, or it is the first one."""
    names = {"fresh": "新增逾期", "mended": "已整改"}
    changes = [f"{name}{totals[kind]}件" for kind, name in names.items() if totals[kind]]
    return "，".join((f"与{since}相比", *changes)) if since and changes else ""


def _late_first(line: Line) -> tuple[Any, ...]:
    return (-line.days_late, line.due_on or date.max, line.key)


def _due_first(line: Line) -> tuple[Any, ...]:
    return (line.due_on or date.max, line.key)


def rows_by_due_day(snapshot: CountySnapshot, lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The lines in the words of the report, by their due days; the days of a daily duty share a row."""
    return _View({}, {}, {}, snapshot.rulebook.county.zone, set(), "").lines(lines, _due_first)


def rows_of(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The report's lines as flat rows with `COLUMNS`."""
    late = [line for unit in report["departments"] for line in unit["lines"]]
    for part, name in _PARTS.items():
        for line in late if part == "late" else report.get(part, ()):
            has_days = part in ("late", "reminded", "mended") and not line["lateness"]
            yield {
                **line,
                "part": name,
                "title": line["title"] + bracketed(line["marks"]),
                "days_late": line["days_late"] if has_days else None,
                "occurrences": " ".join(line["keys"]),
            }


@dataclass(frozen=True, slots=True)
class _View:
    """Lines in the words of the report. `fresh`: the occurrences that are late since the report before; `instrument`:
    the one that most of them rest on, which their basis does not repeat."""

    explained: Mapping[str, Acknowledgement]
    rectify: Mapping[str, date]
    looked: Mapping[str, datetime]
    zone: ZoneInfo
    fresh: set[str]
    instrument: str

    def departments(self, late: Sequence[Line], unjudged: Sequence[Line]) -> list[dict[str, Any]]:
        """The departments with something late or not judged, those with most late matters first."""
        rows = [
            {"name": lines[0].who, **self.counts(lines), "lines": self.lines(filter(_is_late, lines), _late_first)}
            for lines in _grouped((*late, *unjudged), lambda line: line.department)
        ]
        return sorted(rows, key=lambda row: (-row["late"], -row["worst"], row["name"]))

    def duties(self, late: Sequence[Line], unjudged: Sequence[Line]) -> list[dict[str, Any]]:
        """The same by duty, with the departments that are late."""
        rows = [
            {
                "title": lines[0].title,
                "clause": lines[0].clause,
                "basis": lines[0].basis.removeprefix(self.instrument),
                **self.counts(lines),
                "departments": list(
                    dict.fromkeys(line.who for line in sorted(filter(_is_late, lines), key=_late_first))
                ),
            }
            for lines in _grouped((*late, *unjudged), lambda line: (line.pack, line.duty, line.title))
        ]
        return sorted(rows, key=lambda row: (-row["late"], -row["worst"], row["clause"], row["title"]))

    def counts(self, lines: Sequence[Line]) -> dict[str, int]:
        late = [line for line in lines if line.late]
        return {
            **_counts(late),
            "unjudged": len(lines) - len(late),
            "fresh": sum(line.key in self.fresh for line in late),
            "worst": max((line.days_late for line in late), default=0),
        }

    def lines(self, lines: Iterable[Line], order: Callable[[Line], Any]) -> list[dict[str, Any]]:
        """A row for each matter; the days of a daily duty share one."""
        groups = _grouped(
            sorted(lines, key=order),
            lambda line: (line.duty, line.department, line.status, line.light) if line.daily else (line.key,),
        )
        return [self.line(group) for group in groups]

    def line(self, group: Sequence[Line]) -> dict[str, Any]:
        line, several = group[0], len(group) > 1
        days = [day.day or window_of(split_label(day.label)[0]).first for day in group] if several else []
        return {
            "keys": [day.key for day in group],
            "department": line.who,
            "title": line.title,
            "clause": line.clause,
            "basis": line.basis.removeprefix(self.instrument),
            "period": days_zh(days) if several else line.period,
            "due": "逐日" if several else day_zh(line.due_on) if line.due_on else "待定",
            "due_on": line.due_on.isoformat() if line.due_on and not several else "",
            "published_on": line.published_on.isoformat() if line.published_on and not several else "",
            "published": day_zh(line.published_on) if line.published_on and not several else "",
            "days_late": max(day.days_late for day in group),
            "looked": self.last_look(line) if not several else "",
            "gone": line.gone_zh,
            "lateness": WITHDRAWN if line.withdrawn else "",
            "problem": line.problem,
            "rectify_by": min(
                (self.rectify[day.key].isoformat() for day in group if day.key in self.rectify), default=""
            ),
            "status": line.status_zh,
            "light": line.light.value,
            "reason": "" if several else line.reason + _counted_from_zh(line),
            "counted_from": line.counted_from.isoformat() if line.counted_from and not several else "",
            "derivation": "" if several else line.derivation,
            "said": self.explanation(group),
            "fresh": any(day.key in self.fresh for day in group),
            "marks": list(line.marks),
            "url": next((proof.url for day in group for proof in day.proofs if proof.url), ""),
            "count": len(group),
        }

    def last_look(self, line: Line) -> str:
        """The instant of the last complete look, which did not find it either; "" where none says so."""
        at = self.looked.get(line.key)
        return moment_zh(at.astimezone(self.zone)) if at and line.status.late and NEVER_SEEN in line.reason else ""

    def explanation(self, group: Sequence[Line]) -> str:
        """The department's last explanation of any of the lines."""
        explained = [self.explained[line.key] for line in group if line.key in self.explained]
        last = max(explained, key=lambda acknowledgement: acknowledgement.id, default=None)
        return explanation_zh(last, self.zone) if last else ""


def explanation_zh(acknowledgement: Acknowledgement, zone: ZoneInfo) -> str:
    """An explanation in one line: by whom, when, what."""
    day = day_zh(acknowledgement.recorded_at.astimezone(zone).date())
    return f"{acknowledgement.by}{day}说明：{' '.join(acknowledgement.text.split())}"


def _counted_from_zh(line: Line) -> str:
    """；逾期天数自2026年8月20日起计, where a matter that is late counts from then; else ""."""
    if line.counted_from is None or not line.status.late:
        return ""
    return f"；逾期天数自{day_zh(line.counted_from)}起计"


def _gap_zh(gap: Gap, zone: ZoneInfo) -> str:
    first, last = gap.first.astimezone(zone), gap.last.astimezone(zone)
    hours = round((gap.last - gap.first) / timedelta(hours=1))
    return f"{moment_zh(first)}至{moment_zh(last).removeprefix(f'{first.year}年')}（{hours}小时）"


def _is_late(line: Line) -> bool:
    return line.late


def _grouped(lines: Iterable[Line], key: Callable[[Line], Any]) -> list[list[Line]]:
    groups: dict[Any, list[Line]] = defaultdict(list)
    for line in lines:
        groups[key(line)].append(line)
    return list(groups.values())
