"""Scores departments (考核评议): points lost and won by occurrence, marks and ranks.

The formula is a county's own (`scoring:` in its file or a pack's): no law sets one. The same lines and events give the
same marks on any later day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.core.assessment.lines import Line
from tracker.core.law.wording import NOT_KEPT
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
    """Points lost, with the `keys` of the occurrences that cost them. `cut`: points spared by a cap."""

    department: str
    duty: str
    fault: FaultKind
    points: float
    keys: tuple[str, ...]
    reason: str
    cut: float = 0


@dataclass(frozen=True, slots=True)
class Award:
    """Points won by a recorded event (`reference`), or everything lost with `veto`."""

    department: str
    title: str
    reference: str
    on: date
    points: float = 0
    veto: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """A department's marks in a period. `rank`: 1 is best, equal marks share a rank, vetoed departments are last.

    A department without judged occurrences and recorded events has no grade, and rank 0.
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
        return _round_points(sum(loss.points for loss in self.losses))

    @property
    def won(self) -> float:
        return _round_points(sum(award.points for award in self.awards))

    @property
    def assessed(self) -> bool:
        return bool(self.due or self.awards)

    @property
    def vetoed(self) -> bool:
        return any(award.veto for award in self.awards)


def score_departments(
    scoring: Scoring,
    departments: Sequence[str],
    lines: Iterable[Line],
    events: Iterable[Award],
    first: date,
    last: date,
) -> tuple[Score, ...]:
    """Return the scores of the departments for occurrences due from the first day to the last, best first.

    `lines`: those of the period, and for 再次逾期 of the months before it; `events`: the awards recorded in it.
    """
    judged_lines = sorted((line for line in lines if line.judged and line.due_on is not None), key=_due_order)
    period_lines = [line for line in judged_lines if line.due_on is not None and first <= line.due_on <= last]
    awards_recorded = list(events)
    scores = []
    for department in departments:
        due = [line for line in period_lines if department in line.members]
        earlier = [line for line in judged_lines if department in line.members]
        losses = _cap_losses(
            scoring, _find_losses(scoring, department, due, earlier), {line.duty: line.weight for line in due}
        )
        awards = _cap_awards(scoring, [award for award in awards_recorded if award.department == department])
        total = scoring.full - sum(loss.points for loss in losses) + sum(award.points for award in awards)
        vetoed = any(award.veto for award in awards)
        total = 0.0 if vetoed else max(0.0, _round_points(total))
        on_time = sum(line.status is Status.MET for line in due)
        grade = find_grade(scoring, total, vetoed=vetoed) if due or awards else ""
        scores.append(Score(department, total, grade, 0, len(due), on_time, losses, awards))
    return _rank_scores(scores, departments)


def find_faults(line: Line, earlier: Iterable[Line], months: int = 12) -> tuple[FaultKind, ...]:
    """Return the faults of a line, by kind. `earlier`: other lines of its departments."""
    kind = _fault_kind(line)
    faults: list[FaultKind] = [kind] if kind else []
    if kind in ("overdue", "late", "incomplete") and any(
        _is_repeated(line, earlier_line, months) for earlier_line in earlier
    ):
        faults.append("repeated")
    if line.published_on and line.opens_on and line.published_on < line.opens_on and line.status.met:
        faults.append("early")
    return tuple(faults)


def find_grade(scoring: Scoring, total: float, *, vetoed: bool = False) -> str:
    """Return the name of the grade of a total; a veto gives the last one. "" if the formula has no grades."""
    if not scoring.grades:
        return ""
    if vetoed:
        return scoring.grades[-1].name
    return next((grade.name for grade in scoring.grades if total >= grade.least), scoring.grades[-1].name)


def _fault_kind(line: Line) -> FaultKind | None:
    if line.status.late and line.withdrawn:
        return "gone"
    return {Status.OVERDUE: "overdue", Status.MET_LATE: "late", Status.INCOMPLETE: "incomplete"}.get(line.status)  # type: ignore[return-value]


def _is_repeated(line: Line, earlier: Line, months: int) -> bool:
    """Return whether the earlier line has the same duty and a fault, and fell due at most so many months before."""
    if earlier.duty != line.duty or earlier.due_on is None or line.due_on is None or _fault_kind(earlier) is None:
        return False
    months_between = (line.due_on.year - earlier.due_on.year) * 12 + line.due_on.month - earlier.due_on.month
    return earlier.due_on < line.due_on and (
        months_between < months or (months_between == months and earlier.due_on.day >= line.due_on.day)
    )


def _find_losses(scoring: Scoring, department: str, due: Sequence[Line], owed: Sequence[Line]) -> list[Loss]:
    by_duty: dict[str, list[Line]] = defaultdict(list)
    for line in owed:
        by_duty[line.duty].append(line)
    losses: list[Loss] = []
    for deduction in scoring.deductions:
        lines = [line for line in due if deduction.fault in find_faults(line, by_duty[line.duty], deduction.months)]
        losses += _group_losses(deduction, department, lines)
    return losses


def _group_losses(deduction: Deduction, department: str, lines: Sequence[Line]) -> list[Loss]:
    """Return one loss for every `each` occurrences in the order of due dates; a remainder costs nothing yet."""
    losses = []
    for start in range(0, len(lines) - deduction.each + 1, deduction.each):
        group = lines[start : start + deduction.each]
        weight = max(line.weight for line in group) if deduction.by_weight else 1
        names = "；".join(line.name for line in group)
        points = _round_points(deduction.points * weight)
        fault = NOT_KEPT if all(line.not_kept for line in group) else FAULTS_ZH[deduction.fault]
        reason = f"{names}：{fault}，扣{amount_zh(points)}分"
        losses.append(
            Loss(department, group[-1].duty, deduction.fault, points, tuple(line.key for line in group), reason)
        )
    return losses


def _cap_losses(scoring: Scoring, losses: Sequence[Loss], weights: Mapping[str, float]) -> tuple[Loss, ...]:
    """Return the losses capped at each duty's own points (`item` × weight); a cut is named in the reason."""
    if scoring.item is None:
        return tuple(losses)
    remaining = {duty: scoring.item * weight for duty, weight in weights.items()}
    capped = []
    for loss in losses:
        charged = _round_points(min(loss.points, remaining[loss.duty]))
        remaining[loss.duty] -= charged
        if charged < loss.points:
            cut = _round_points(loss.points - charged)
            cap_zh, charged_zh = amount_zh(scoring.item * weights[loss.duty]), amount_zh(charged)
            reason = f"{loss.reason}（本项最多扣{cap_zh}分，实扣{charged_zh}分）"
            loss = replace(loss, points=charged, cut=cut, reason=reason)
        capped.append(loss)
    return tuple(capped)


def _cap_awards(scoring: Scoring, awards: Sequence[Award]) -> tuple[Award, ...]:
    """Return the awards, each kind capped at its limit."""
    remaining = {bonus.title: bonus.most for bonus in scoring.bonuses}
    capped = []
    for award in sorted(awards, key=lambda award: (award.on, award.reference)):
        if not award.veto and (most := remaining.get(award.title)) is not None:
            award = replace(award, points=_round_points(min(award.points, most)))
            remaining[award.title] = most - award.points
        capped.append(award)
    return tuple(capped)


def _rank_scores(scores: Sequence[Score], departments: Sequence[str]) -> tuple[Score, ...]:
    position = {department: number for number, department in enumerate(departments)}
    ordered = sorted(
        scores, key=lambda score: (score.vetoed, not score.assessed, -score.total, position[score.department])
    )
    ranked: list[Score] = []
    for number, score in enumerate(ordered, 1):
        if not score.assessed:
            ranked.append(score)
            continue
        previous = ranked[-1] if ranked else None
        is_tied = (
            previous is not None
            and previous.assessed
            and (previous.vetoed, previous.total) == (score.vetoed, score.total)
        )
        ranked.append(replace(score, rank=previous.rank if is_tied and previous else number))
    return tuple(ranked)


def amount_zh(points: float) -> str:
    """Return points without trailing zeros: 2, 0.5."""
    return f"{_round_points(points):g}"


def _round_points(points: float) -> float:
    return round(points, 2)


def _due_order(line: Line) -> tuple[date, str]:
    return (line.due_on or date.max, line.key)
