"""Selects the occurrences that a monthly circular (通报) may criticise, and gives a reason for each that it spares.

A circular is public criticism. What could not be judged, what rests on an assumed reading that was not adopted or on a
calendar year not announced yet, and what the department objects to is never in it; what was published in part is called
incomplete.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from tracker.core.assessment.lines import UNJUDGED, Line, by_member
from tracker.core.assessment.scoring import faults_of
from tracker.core.law.occurrences import Window
from tracker.core.values.formulas import CircularRules
from tracker.core.values.verdicts import Status

Problem = Literal["overdue", "incomplete", "gone", "repeated", "late"]

#: The event that a circular records for each of its lines.
CRITICISED = "criticised"

#: Nothing is held against anybody.
_SETTLED = (Status.MET, Status.NOT_APPLICABLE, Status.WAIVED, Status.CLOSED)

#: In the order in which a circular names them.
PROBLEMS: dict[Problem, str] = {
    "overdue": "逾期未公开",
    "incomplete": "公开不完整",
    "gone": "公开后撤下",
    "repeated": "屡次逾期",
    "late": "逾期后公开",
}


@dataclass(frozen=True, slots=True)
class Warned:
    """An earlier circular that criticised the matter: its number, the day of issue, and the line in it."""

    number: str
    on: date
    line: int
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Criticism:
    """One line of a circular. `reason`: why it qualifies; `warned`: the last circular that named it, unmended since."""

    line: Line
    problem: Problem
    reason: str
    warned: Warned | None = None

    @property
    def problem_zh(self) -> str:
        return PROBLEMS[self.problem]


@dataclass(frozen=True, slots=True)
class Spared:
    """A matter with a fault that is not criticised, and why."""

    line: Line
    reason: str


@dataclass(frozen=True, slots=True)
class DueCount:
    """What fell due in a period, and how it stood. `judged`: all but what could not be judged."""

    due: int = 0
    on_time: int = 0
    late: int = 0
    overdue: int = 0
    incomplete: int = 0
    unjudged: int = 0

    @property
    def judged(self) -> int:
        return self.due - self.unjudged

    @property
    def rate(self) -> float | None:
        """On time among what was judged, 0 to 1; None where nothing was."""
        return self.on_time / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Findings:
    """All that a circular of a month says. `mended`: named by an earlier circular, put right since (销号)."""

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
    def fresh(self) -> tuple[Criticism, ...]:
        return tuple(criticism for criticism in self.criticisms if criticism.warned is None)

    @property
    def standing(self) -> tuple[Criticism, ...]:
        """仍未更新到位."""
        return tuple(criticism for criticism in self.criticisms if criticism.warned is not None)


def find(
    lines: Sequence[Line],
    month: Window,
    before: Window,
    year_ago: Window,
    rules: CircularRules,
    warned: Mapping[str, Sequence[Warned]],
    departments: Sequence[str],
) -> Findings:
    """What the circular of that month says. `warned`: what earlier circulars said, by occurrence, oldest first.

    `before`, `year_ago`: the months to compare with. The order of the lines changes nothing.
    """
    criticisms: list[Criticism] = []
    spared: list[Spared] = []
    ordered = sorted(lines, key=lambda line: line.key)
    alike: dict[str, list[Line]] = defaultdict(list)
    for one in ordered:
        alike[one.duty].append(one)
    mates = {duty: by_member(each) for duty, each in alike.items()}
    for one in ordered:
        fellows = [line for member in one.members for line in mates[one.duty][member]]
        judged = qualify(one, month, rules, fellows, warned.get(one.key, ()))
        if isinstance(judged, Criticism):
            criticisms.append(judged)
        elif judged is not None:
            spared.append(judged)
    criticisms.sort(key=_place)
    best, worst = _best_and_worst(ordered, month, criticisms, departments, rules.named)
    return Findings(
        month,
        tuple(criticisms),
        tuple(spared),
        tuple(_mended(ordered, warned)),
        count(ordered, month),
        count(ordered, before),
        count(ordered, year_ago),
        best,
        worst,
    )


def _place(criticism: Criticism) -> tuple[int, int, str]:
    """By problem, then the latest first."""
    return (list(PROBLEMS).index(criticism.problem), -criticism.line.days_late, criticism.line.key)


def qualify(
    line: Line, month: Window, rules: CircularRules, lines: Iterable[Line], warned: Sequence[Warned]
) -> Criticism | Spared | None:
    """Whether the matter is criticised in that month, and why or why not; None where nothing is wrong with it.

    `lines`: other matters, among them all that its owners owe under its duty.
    """
    if line.due_on is None or line.due_on > month.last or not line.pressed:
        return None
    if line.status in UNJUDGED:
        return Spared(line, f"{line.status_zh}，不能据以通报")
    problem = _problem(line, month, lines)
    if problem is None:
        return None
    if line.assumed:
        return Spared(line, "时限为推定，本县尚未采用，不予通报")
    if line.provisional:
        return Spared(line, "时限为暂估，所涉年份的放假安排尚未公布，不予通报")
    if line.objection == "upheld":
        return Spared(line, "单位申诉成立，不予通报")
    if line.objection == "pending":
        return Spared(line, "单位已申诉，尚未作出处理决定，暂不通报")
    last = next((one for one in reversed(warned) if not one.mended), None)
    if problem in ("late", "repeated") and warned:
        return Spared(line, f"已在{warned[-1].number}中通报，现已公开")
    reason = _reason(line, problem, rules, last)
    return Criticism(line, problem, reason, last) if reason else Spared(line, _too_soon(line, problem, rules))


def _problem(line: Line, month: Window, lines: Iterable[Line]) -> Problem | None:
    if line.withdrawn:
        return "gone"
    if line.status is Status.OVERDUE:
        return "overdue"
    if line.status is Status.INCOMPLETE:
        return "incomplete"
    if line.status is not Status.MET_LATE or line.due_on is None or line.due_on < month.first:
        return None  # made good: only the month in which it fell due speaks of it
    owners = set(line.members)
    earlier = [one for one in lines if one.duty == line.duty and one.judged and owners & set(one.members)]
    return "repeated" if "repeated" in faults_of(line, earlier) else "late"


def _reason(line: Line, problem: Problem, rules: CircularRules, last: Warned | None) -> str:
    """Why it qualifies, "" where the county's rules do not ask for it (yet)."""
    if last is not None:
        return f"{last.number}通报后仍未整改到位：{line.problem}"
    if problem == "overdue" and line.days_late >= rules.overdue:
        return f"逾期{line.days_late}个工作日未公开"
    if problem == "incomplete" and line.days_late >= rules.incomplete:
        return f"时限届满{line.days_late}个工作日，公开内容仍不完整"
    if problem == "gone":
        return "公开后撤下，至今未恢复"
    if problem == "repeated" and rules.repeated:
        return f"十二个月内再次逾期，逾期{line.days_late}个工作日后公开"
    return f"逾期{line.days_late}个工作日后公开" if problem == "late" and rules.late else ""


def _too_soon(line: Line, problem: Problem, rules: CircularRules) -> str:
    if problem in ("overdue", "incomplete"):
        least = rules.overdue if problem == "overdue" else rules.incomplete
        return f"时限届满{line.days_late}个工作日，不足{least}个工作日，暂不通报"
    return "逾期后已公开，按本县规定不予通报"


def count(lines: Iterable[Line], window: Window) -> DueCount:
    """What fell due in the window. Exempt, assumed or provisional, and upheld objections are not counted."""
    mine = [line for line in lines if owed(line, window)]
    return DueCount(
        due=len(mine),
        on_time=sum(line.status is Status.MET for line in mine),
        late=sum(line.status is Status.MET_LATE for line in mine),
        overdue=sum(line.status is Status.OVERDUE for line in mine),
        incomplete=sum(line.status is Status.INCOMPLETE for line in mine),
        unjudged=sum(line.status in UNJUDGED for line in mine),
    )


def owed(line: Line, window: Window) -> bool:
    """Whether it fell due in the window and is counted there."""
    return line.owed and line.due_on is not None and window.first <= line.due_on <= window.last


def narrowed(
    findings: Findings, criticisms: Sequence[Criticism], departments: Sequence[str], rules: CircularRules
) -> Findings:
    """The same with only these criticisms, in their order: nobody is among the worst by what is not said of him."""
    named = defaultdict[str, list[Criticism]](list)
    for criticism in criticisms:
        for member in criticism.line.members:
            named[member].append(criticism)
    return replace(
        findings, criticisms=tuple(sorted(criticisms, key=_place)), worst=_worst(named, departments, rules.named)
    )


def untrue(problem: str, line: Line | None, as_of: datetime) -> str:
    """Why what was signed of a matter may not be said any more, "" where it may: what was put right after `as_of`
    was true then; what shows that it never was, or that it is held against nobody, is not said."""
    if line is None or not line.pressed:
        return "已不在应公开事项之列"
    if line.objection in ("pending", "upheld"):
        return "单位申诉成立" if line.objection == "upheld" else "单位已申诉，尚未作出处理决定"
    if line.mild:
        return f"时限为{'、'.join(line.marks)}"
    if problem == "gone":
        return ""  # that it is there again says nothing of when it was not
    if line.status in (*UNJUDGED, *_SETTLED) or (line.due_at is not None and line.due_at > as_of):
        return line.reason
    status = {"overdue": (Status.OVERDUE,), "incomplete": (Status.OVERDUE, Status.INCOMPLETE)}.get(problem)
    if status is None or line.status in status:
        return ""
    instants = [line.proved_at] if line.status is Status.MET_LATE else [proof.at for proof in line.proofs]
    return line.reason if any(at is not None and at < as_of for at in instants) else ""


def _mended(lines: Iterable[Line], warned: Mapping[str, Sequence[Warned]]) -> list[tuple[Line, Warned]]:
    """Criticised and not struck off yet, and put right now: published, or no longer owed."""
    found = []
    for line in lines:
        last = warned[line.key][-1] if warned.get(line.key) else None
        if last is not None and not last.mended and struck_off(line):
            found.append((line, last))
    return found


def struck_off(line: Line) -> bool:
    """销号: nothing is left to do. A zero report ("nothing arose") is that too; what cannot be judged is not."""
    return struck_off_by(line.status, closed=not line.pressed)


def struck_off_by(status: Status, *, closed: bool) -> bool:
    """The same of a status alone. `closed`: no longer owed. A disputed date is not settled yet."""
    return closed or status in (Status.MET, Status.MET_LATE, Status.NOT_APPLICABLE, Status.WAIVED)


def _best_and_worst(
    lines: Sequence[Line], month: Window, criticisms: Sequence[Criticism], departments: Sequence[str], named: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The best: all that fell due was on time, most of it first. The worst: see `_worst`."""
    best = []
    owned, named_in = by_member(lines), defaultdict[str, list[Criticism]](list)
    for criticism in criticisms:
        for member in criticism.line.members:
            named_in[member].append(criticism)
    for place, department in enumerate(departments):
        own = count(owned.get(department, ()), month)
        if not named_in[department] and own.due and own.on_time == own.due:
            best.append((-own.due, place, department))
    return tuple(department for *_, department in sorted(best)[:named]), _worst(named_in, departments, named)


def _worst(named_in: Mapping[str, Sequence[Criticism]], departments: Sequence[str], named: int) -> tuple[str, ...]:
    """Most criticisms first, then most days late."""
    worst = []
    for place, department in enumerate(departments):
        if criticisms := named_in.get(department):
            worst.append(
                (-len(criticisms), -sum(criticism.line.days_late for criticism in criticisms), place, department)
            )
    return tuple(department for *_, department in sorted(worst)[:named])
