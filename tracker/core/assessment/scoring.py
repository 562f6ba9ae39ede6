"""Scores departments (考核评议): points lost and won by occurrence, marks and ranks.

The formula is a county's own (`scoring:` in its file or a pack's): no law sets one. The same lines and events give
the same marks on whatever day they are counted again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.core.assessment.lines import Line
from tracker.core.values.formulas import Deduction, FaultKind, Scoring
from tracker.core.values.verdicts import Status

FAULTS_ZH: dict[FaultKind, str] = {
    "overdue": "逾期未公开",
    "late": "逾期后公开",
    "incomplete": "公开不完整",
    "gone": "公开后撤下",
    "repeated": "再次逾期",
    "early": "提前公开",
}


@dataclass(frozen=True, slots=True)
class Loss:
    """Points lost, always by name: the occurrences that cost them. `cut`: how much of it a cap has spared."""

    department: str
    duty: str
    fault: FaultKind
    points: float
    keys: tuple[str, ...]
    reason: str
    cut: float = 0


@dataclass(frozen=True, slots=True)
class Award:
    """Points won, or with `veto` everything lost, by a recorded event (`reference`)."""

    department: str
    title: str
    reference: str
    on: date
    points: float = 0
    veto: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """A department's marks in a period. `rank`: 1 is best, equal marks share a rank; a veto stands last.

    Of whom nothing could be judged and nothing was recorded there is neither grade nor rank (0): he is not the best.
    """

    department: str
    total: float
    grade: str
    rank: int
    due: int
    on_time: int
    losses: tuple[Loss, ...]
    awards: tuple[Award, ...]

    @property
    def lost(self) -> float:
        return _rounded(sum(loss.points for loss in self.losses))

    @property
    def won(self) -> float:
        return _rounded(sum(award.points for award in self.awards))

    @property
    def assessed(self) -> bool:
        return bool(self.due or self.awards)

    @property
    def vetoed(self) -> bool:
        return any(award.veto for award in self.awards)


def score(
    scoring: Scoring,
    departments: Sequence[str],
    lines: Iterable[Line],
    events: Iterable[Award],
    first: date,
    last: date,
) -> tuple[Score, ...]:
    """The marks of each department for what fell due from the first day to the last, best first.

    `lines`: those of the period, and for 再次逾期 of the months before it; `events`: what was recorded in it.
    """
    owed = sorted((line for line in lines if line.judged and line.due_on is not None), key=_by_due)
    mine = [line for line in owed if line.due_on is not None and first <= line.due_on <= last]
    told = list(events)
    found = []
    for department in departments:
        due = [line for line in mine if department in line.members]
        earlier = [line for line in owed if department in line.members]
        losses = _capped(scoring, _losses(scoring, department, due, earlier), {line.duty: line.weight for line in due})
        awards = _awards(scoring, [award for award in told if award.department == department])
        total = scoring.full - sum(loss.points for loss in losses) + sum(award.points for award in awards)
        vetoed = any(award.veto for award in awards)
        total = 0.0 if vetoed else max(0.0, _rounded(total))
        on_time = sum(line.status is Status.MET for line in due)
        grade = grade_of(scoring, total, vetoed=vetoed) if due or awards else ""
        found.append(Score(department, total, grade, 0, len(due), on_time, losses, awards))
    return _ranked(found, departments)


def faults_of(line: Line, earlier: Iterable[Line], months: int = 12) -> tuple[FaultKind, ...]:
    """What is held against its owners, by kind. `earlier`: other lines of theirs."""
    own = _fault(line)
    found: list[FaultKind] = [own] if own else []
    if own in ("overdue", "late", "incomplete") and any(_again(line, one, months) for one in earlier):
        found.append("repeated")
    if line.published_on and line.opens_on and line.published_on < line.opens_on and line.status.met:
        found.append("early")
    return tuple(found)


def grade_of(scoring: Scoring, total: float, *, vetoed: bool = False) -> str:
    """The grade of that total, in its name; a veto gives the last one. "" where the formula has no grades."""
    if not scoring.grades:
        return ""
    if vetoed:
        return scoring.grades[-1].name
    return next((grade.name for grade in scoring.grades if total >= grade.least), scoring.grades[-1].name)


def _fault(line: Line) -> FaultKind | None:
    if line.status.late and line.withdrawn:
        return "gone"
    return {Status.OVERDUE: "overdue", Status.MET_LATE: "late", Status.INCOMPLETE: "incomplete"}.get(line.status)  # type: ignore[return-value]


def _again(line: Line, other: Line, months: int) -> bool:
    """Whether the other is the same duty, failed before, due no longer ago than that."""
    if other.duty != line.duty or other.due_on is None or line.due_on is None or _fault(other) is None:
        return False
    ago = (line.due_on.year - other.due_on.year) * 12 + line.due_on.month - other.due_on.month
    return other.due_on < line.due_on and (ago < months or (ago == months and other.due_on.day >= line.due_on.day))


def _losses(scoring: Scoring, department: str, due: Sequence[Line], owed: Sequence[Line]) -> list[Loss]:
    by_duty: dict[str, list[Line]] = defaultdict(list)
    for one in owed:
        by_duty[one.duty].append(one)
    loss: list[Loss] = []
    for deduction in scoring.deductions:
        lines = [line for line in due if deduction.fault in faults_of(line, by_duty[line.duty], deduction.months)]
        loss += _counted(deduction, department, lines)
    return loss


def _counted(deduction: Deduction, department: str, lines: Sequence[Line]) -> list[Loss]:
    """One loss for each `each` matters, in the order in which they fell due; what is left over costs nothing yet."""
    losses = []
    for start in range(0, len(lines) - deduction.each + 1, deduction.each):
        group = lines[start : start + deduction.each]
        weight = max(line.weight for line in group) if deduction.by_weight else 1
        names = "；".join(f"{one.title}（{one.period}）" for one in group)
        points = _rounded(deduction.points * weight)
        reason = f"{names}：{FAULTS_ZH[deduction.fault]}，扣{amount_zh(points)}分"
        losses.append(Loss(department, group[-1].duty, deduction.fault, points, tuple(m.key for m in group), reason))
    return losses


def _capped(scoring: Scoring, losses: Sequence[Loss], weights: Mapping[str, float]) -> tuple[Loss, ...]:
    """No duty costs more than its own points (`item` × weight): what goes beyond is cut, and said so."""
    if scoring.item is None:
        return tuple(losses)
    left = {duty: scoring.item * weight for duty, weight in weights.items()}
    kept = []
    for loss in losses:
        taken = _rounded(min(loss.points, left[loss.duty]))
        left[loss.duty] -= taken
        if taken < loss.points:
            cut = _rounded(loss.points - taken)
            said = (
                f"{loss.reason}（本项最多扣{amount_zh(scoring.item * weights[loss.duty])}分，实扣{amount_zh(taken)}分）"
            )
            loss = replace(loss, points=taken, cut=cut, reason=said)
        kept.append(loss)
    return tuple(kept)


def _awards(scoring: Scoring, awards: Sequence[Award]) -> tuple[Award, ...]:
    """What was recorded, each kind up to its limit."""
    left = {bonuse.title: bonuse.most for bonuse in scoring.bonuses}
    found = []
    for one in sorted(awards, key=lambda award: (award.on, award.reference)):
        if not one.veto and (most := left.get(one.title)) is not None:
            one = replace(one, points=_rounded(min(one.points, most)))
            left[one.title] = most - one.points
        found.append(one)
    return tuple(found)


def _ranked(scores: Sequence[Score], departments: Sequence[str]) -> tuple[Score, ...]:
    place = {department: number for number, department in enumerate(departments)}
    best = sorted(scores, key=lambda one: (one.vetoed, not one.assessed, -one.total, place[one.department]))
    ranked: list[Score] = []
    for number, one in enumerate(best, 1):
        if not one.assessed:
            ranked.append(one)
            continue
        last = ranked[-1] if ranked else None
        same = last is not None and last.assessed and (last.vetoed, last.total) == (one.vetoed, one.total)
        ranked.append(replace(one, rank=last.rank if same and last else number))
    return tuple(ranked)


def amount_zh(points: float) -> str:
    """2, 0.5: without a trailing nought."""
    return f"{_rounded(points):g}"


def _rounded(points: float) -> float:
    return round(points, 2)


def _by_due(line: Line) -> tuple[date, str]:
    return (line.due_on or date.max, line.key)
