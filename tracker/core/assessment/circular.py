"""Selects the occurrences that a monthly circular (通报) may criticise, and gives a reason for each that it spares.

A circular is public criticism. It never names occurrences that could not be judged, whose deadline is our
interpretation without adoption or in a year whose holidays are not announced yet, that the department objects to, or
for which the site was not searched again lately (`circular_looks.py`). A partial publication is called incomplete.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from tracker.core.assessment.lines import Line, group_by_member
from tracker.core.assessment.scoring import find_faults
from tracker.core.law.occurrences import Window
from tracker.core.law.postponement import original_day
from tracker.core.law.wording import NOT_KEPT, WITHDRAWN, day_zh
from tracker.core.values.formulas import CircularRules
from tracker.core.values.verdicts import Status

#: What a circular criticises: not published, published in part, published and taken down, published and not kept
#: current, late again, published late.
Problem = Literal["overdue", "incomplete", "gone", "unkept", "repeated", "late"]

#: The event that a circular records for each of its lines.
CRITICISED = "criticised"

#: From so many criticisms on a department is named as one with many problems.
_MANY = 2

#: Problems in the order of a circular.
PROBLEMS: dict[Problem, str] = {
    "overdue": "逾期未公开",
    "incomplete": "公开不完整",
    "gone": WITHDRAWN,
    "unkept": NOT_KEPT,
    "repeated": "屡次逾期",
    "late": "逾期后公开",
}


@dataclass(frozen=True, slots=True)
class Warned:
    """An earlier circular that criticised the occurrence: its number, day of issue, and the line in it."""

    number: str
    on: date
    line: int
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Criticism:
    """One line of a circular. `reason`: why it qualifies; `warned`: the last circular that named it, if not mended."""

    line: Line
    problem: Problem
    reason: str
    warned: Warned | None = None

    @property
    def problem_zh(self) -> str:
        return PROBLEMS[self.problem]


@dataclass(frozen=True, slots=True)
class Spared:
    """An occurrence with a problem that is not criticised, or whose time limit a person or a fact put off, and why."""

    line: Line
    reason: str


@dataclass(frozen=True, slots=True)
class DueCount:
    """Counts of the occurrences that fell due in a period, by result.

    `unkept`: published, and not kept current; `judged`: all that could be judged; `daily`: those of daily duties.
    """

    due: int = 0
    on_time: int = 0
    late: int = 0
    overdue: int = 0
    incomplete: int = 0
    unjudged: int = 0
    unkept: int = 0
    daily: int = 0

    @property
    def judged(self) -> int:
        return self.due - self.unjudged

    @property
    def rate(self) -> float | None:
        """The share of judged occurrences that were on time, 0 to 1; None if none was judged."""
        return self.on_time / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Findings:
    """The content of a month's circular. `mended`: named by an earlier circular and mended since (销号), each with
    that naming."""

    month: Window
    criticisms: tuple[Criticism, ...]
    spared: tuple[Spared, ...]
    mended: tuple[tuple[Line, Warned], ...]
    count: DueCount
    month_before: DueCount
    year_before: DueCount
    best: tuple[str, ...]
    worst: tuple[str, ...]

    @property
    def unlooked(self) -> dict[str, str]:
        """By occurrence that would be named and is to be looked at again first, the reason."""
        return {spared.line.key: spared.reason for spared in self.spared if spared.reason == spared.line.unlooked}

    @property
    def fresh(self) -> tuple[Criticism, ...]:
        return tuple(criticism for criticism in self.criticisms if criticism.warned is None)

    @property
    def standing(self) -> tuple[Criticism, ...]:
        """仍未更新到位."""
        return tuple(criticism for criticism in self.criticisms if criticism.warned is not None)


def find_criticisms(
    lines: Sequence[Line],
    month: Window,
    before: Window,
    year_ago: Window,
    rules: CircularRules,
    warned: Mapping[str, Sequence[Warned]],
    departments: Sequence[str],
) -> Findings:
    """Return the content of that month's circular, independent of the order of the lines.

    `warned`: earlier circulars by occurrence, oldest first. `before`, `year_ago`: the months to compare with.
    """
    criticisms: list[Criticism] = []
    spared: list[Spared] = []
    ordered = sorted(lines, key=lambda line: line.key)
    by_duty: dict[str, list[Line]] = defaultdict(list)
    for line in ordered:
        by_duty[line.duty].append(line)
    by_duty_and_member = {duty: group_by_member(duty_lines) for duty, duty_lines in by_duty.items()}
    for line in ordered:
        by_member = by_duty_and_member[line.duty]
        same_duty_lines = [member_line for member in line.members for member_line in by_member[member]]
        result = qualify(line, month, rules, same_duty_lines, warned.get(line.key, ()))
        if isinstance(result, Criticism):
            criticisms.append(result)
        elif result is not None:
            spared.append(result)
    criticisms.sort(key=_sort_key)
    return Findings(
        month,
        tuple(criticisms),
        tuple(spared),
        tuple(_find_mended(ordered, warned)),
        count_due(ordered, month),
        count_due(ordered, before),
        count_due(ordered, year_ago),
        _rank_best(ordered, month, criticisms, departments, rules.named),
        _rank_worst(criticisms, departments, rules.named),
    )


def _sort_key(criticism: Criticism) -> tuple[int, int, str]:
    """Sort by problem, then by most days late."""
    return (list(PROBLEMS).index(criticism.problem), -criticism.line.days_late, criticism.line.key)


def qualify(
    line: Line, month: Window, rules: CircularRules, lines: Iterable[Line], warned: Sequence[Warned]
) -> Criticism | Spared | None:
    """Return the criticism of an occurrence in that month, or why it is spared; None if it has no problem.

    `lines`: other occurrences, among them all that its departments owe under its duty.
    """
    if not line.is_liable:
        return None
    if stopped := _stopped_reason(line, month):
        return Spared(line, stopped)
    if line.due_on is None or line.due_on > month.last:
        return None
    if line.status.unjudged:
        return Spared(line, f"{line.status_zh}，不能据以通报")
    problem = _find_problem(line, month, lines)
    if problem is None:
        return None
    if line.assumed:
        return Spared(line, "时限为参照时限，本县尚未采用，不予通报")
    if line.provisional:
        return Spared(line, "时限为暂定，所涉年份的放假安排尚未公布，不予通报")
    if line.objection == "upheld":
        return Spared(line, "单位异议成立，不予通报")
    if line.objection == "pending":
        return Spared(line, "单位已提出异议，尚未作出处理决定，暂不通报")
    last_warning = next((warning for warning in reversed(warned) if not warning.mended), None)
    if problem in ("late", "repeated") and warned:
        return Spared(line, f"已在{warned[-1].number}中通报，现已公开")
    if line.doubted:
        return Spared(line, "原公开网页无法打开，是否确已撤下尚待认定，暂不通报")
    reason = _qualifying_reason(line, problem, rules, last_warning)
    if not reason:
        return Spared(line, _sparing_reason(line, problem, rules))
    return Spared(line, line.unlooked) if line.unlooked else Criticism(line, problem, reason, last_warning)


def _stopped_reason(line: Line, month: Window) -> str:
    """Return why the time limit that ran in that month or ended by it has not run out (Chinese), or ""."""
    if line.status is Status.PAUSED and (line.opens_on is None or line.opens_on <= month.last):
        return f"计时中止，暂不通报：{line.reason}"
    first = original_day(line.derivation)
    if first is None or line.due_on is None or not first <= month.last < line.due_on:
        return ""
    return (
        "" if line.status.met or line.status.ended else f"原时限{day_zh(first)}，已批准延期至{line.due}，本月不予通报"
    )


def _find_problem(line: Line, month: Window, lines: Iterable[Line]) -> Problem | None:
    if line.withdrawn:
        return "gone"
    if line.not_kept:
        return "unkept"
    if line.status is Status.OVERDUE:
        return "overdue"
    if line.status is Status.INCOMPLETE:
        return "incomplete"
    if line.status is not Status.MET_LATE or line.due_on is None or line.due_on < month.first:
        return None  # published late: named only in the month in which it fell due
    members = set(line.members)
    same_duty = [other for other in lines if other.duty == line.duty and other.judged and members & set(other.members)]
    return "repeated" if "repeated" in find_faults(line, same_duty) else "late"


def _qualifying_reason(line: Line, problem: Problem, rules: CircularRules, last: Warned | None) -> str:
    """Return why the occurrence qualifies (Chinese), or "" if the county's rules do not name it (yet)."""
    if last is not None:
        return f"{last.number}通报后仍未整改到位：{line.problem}"
    if problem == "overdue" and line.days_late >= rules.overdue:
        return f"逾期{line.days_late}个工作日未公开"
    if problem == "incomplete" and line.days_late >= rules.incomplete:
        return f"时限届满{line.days_late}个工作日，公开内容仍不完整"
    if problem == "unkept" and line.days_late >= rules.overdue:
        return f"内容已公开，时限届满{line.days_late}个工作日，仍未更新或确认"
    if problem == "gone":
        return line.gone_zh or "公开后撤下，至今未恢复"
    if problem == "repeated" and rules.repeated:
        return f"十二个月内再次逾期，逾期{line.days_late}个工作日后公开"
    return f"逾期{line.days_late}个工作日后公开" if problem == "late" and rules.late else ""


def _sparing_reason(line: Line, problem: Problem, rules: CircularRules) -> str:
    if problem in ("overdue", "incomplete", "unkept"):
        least_days = rules.incomplete if problem == "incomplete" else rules.overdue
        return f"时限届满{line.days_late}个工作日，不足{least_days}个工作日，暂不通报"
    return "逾期后已公开，按本县规定不予通报"


def count_due(lines: Iterable[Line], window: Window) -> DueCount:
    """Count the occurrences that fell due in the window, without exempt, assumed, provisional and upheld ones."""
    counted = [line for line in lines if is_counted(line, window)]
    unkept = sum(line.not_kept for line in counted)
    count = Counter(line.status for line in counted if not line.not_kept)
    return DueCount(
        due=len(counted),
        on_time=count[Status.MET],
        late=count[Status.MET_LATE],
        overdue=count[Status.OVERDUE],
        incomplete=count[Status.INCOMPLETE],
        unjudged=sum(number for status, number in count.items() if status.unjudged),
        unkept=unkept,
        daily=sum(line.daily for line in counted),
    )


def is_counted(line: Line, window: Window) -> bool:
    """Return whether the occurrence fell due in the window and is counted there."""
    return line.owed and line.due_on is not None and window.first <= line.due_on <= window.last


def narrow_findings(
    findings: Findings, criticisms: Sequence[Criticism], departments: Sequence[str], rules: CircularRules
) -> Findings:
    """Return the findings with only these criticisms, so that the worst departments follow from them alone."""
    worst = _rank_worst(criticisms, departments, rules.named)
    return replace(findings, criticisms=tuple(sorted(criticisms, key=_sort_key)), worst=worst)


def find_untrue_reason(problem: str, line: Line | None, as_of: datetime) -> str:
    """Return why a signed criticism may no longer be issued (Chinese), or "".

    A problem that was mended after `as_of` was true then and may be issued. A criticism that never was true, or of an
    occurrence for which nobody is liable, may not.
    """
    if line is None or not line.is_liable:
        return "已不在应公开事项之列"
    if line.objection in ("pending", "upheld"):
        return "单位异议成立" if line.objection == "upheld" else "单位已提出异议，尚未作出处理决定"
    if line.mild:
        return f"时限为{'、'.join(line.marks)}"
    if problem == "gone":
        return ""  # being there again does not disprove that it was gone
    is_due = line.due_at is None or line.due_at <= as_of
    if line.status.unjudged or line.status.ended or line.status is Status.MET or not is_due:
        return line.reason
    late = (Status.OVERDUE, Status.INCOMPLETE)
    status = {"overdue": (Status.OVERDUE,), "incomplete": late, "unkept": late}.get(problem)
    if status is None or line.status in status:
        return ""
    instants = [line.proved_at] if line.status is Status.MET_LATE else [proof.at for proof in line.proofs]
    return line.reason if any(at is not None and at < as_of for at in instants) else ""


def _find_mended(lines: Iterable[Line], warned: Mapping[str, Sequence[Warned]]) -> list[tuple[Line, Warned]]:
    """Return criticised occurrences not struck off yet that are mended now: published, or no longer owed."""
    mended = []
    for line in lines:
        last_warning = warned[line.key][-1] if warned.get(line.key) else None
        if last_warning is not None and not last_warning.mended and is_struck_off(line):
            mended.append((line, last_warning))
    return mended


def is_struck_off(line: Line) -> bool:
    """Return whether a criticism is struck off (销号): nothing is left to do. A zero report counts; an occurrence that
    cannot be judged does not."""
    return is_struck_off_status(line.status, closed=not line.is_liable)


def is_struck_off_status(status: Status, *, closed: bool) -> bool:
    """Return the same for a status alone. `closed`: no longer owed. A disputed date is not settled yet."""
    return closed or status.released or status in (Status.MET, Status.MET_LATE)


def _rank_best(
    lines: Sequence[Line], month: Window, criticisms: Sequence[Criticism], departments: Sequence[str], named: int
) -> tuple[str, ...]:
    """Return the departments for which everything that fell due was on time, those with most occurrences first."""
    lines_of = group_by_member(lines)
    criticised = {member for criticism in criticisms for member in criticism.line.members}
    best = []
    for position, department in enumerate(departments):
        count = count_due(lines_of.get(department, ()), month)
        if department not in criticised and count.due and count.on_time == count.due:
            best.append((-count.due, position, department))
    return tuple(department for *_, department in sorted(best)[:named])


def _rank_worst(criticisms: Iterable[Criticism], departments: Sequence[str], named: int) -> tuple[str, ...]:
    """Return the departments with two criticisms or more: those with most of them first, then with most days late."""
    lines_of = group_by_member(criticism.line for criticism in criticisms)
    worst = [
        (-len(lines_of[department]), -sum(line.days_late for line in lines_of[department]), position, department)
        for position, department in enumerate(departments)
        if len(lines_of.get(department, ())) >= _MANY
    ]
    return tuple(department for *_, department in sorted(worst)[:named])
