"""Assessment (考核评议): what each department loses by which matter, and the marks and ranks that follow.

The formula is a county's own (`scoring:` in its file or a pack's): no law sets one. The same lines and events give
the same marks on whatever day they are counted again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.core.formulas import Deduction, Fault, Scoring
from tracker.core.lines import COMING, UNJUDGED, Line
from tracker.core.verdicts import Status

FAULTS_ZH: dict[Fault, str] = {
    "overdue": "逾期未公开",
    "late": "逾期后公开",
    "incomplete": "公开不完整",
    "gone": "公开后撤下",
    "repeated": "再次逾期",
    "early": "提前公开",
}


_EXEMPT = (*UNJUDGED, *COMING, Status.NOT_APPLICABLE, Status.WAIVED, Status.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One occurrence as scores see it. `owners`: the departments that owe it. `opens_on`: its first day.

    `counted`: held against somebody: neither closed, exempt, before the county's start, under an assumed reading
    that was not adopted, nor under an objection that was upheld.
    """

    key: str
    duty: str
    title: str
    period: str
    owners: tuple[str, ...]
    weight: float
    opens_on: date | None
    due_on: date | None
    status: Status
    taken_down: bool = False
    published_on: date | None = None
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Loss:
    """Points lost, always by name: the occurrences that cost them. `cut`: how much of it a cap has spared."""

    department: str
    duty: str
    fault: Fault
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
    """A department's marks in a period. `rank`: 1 is best, equal marks share a rank; a veto stands last."""

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
        return _rounded(sum(one.points for one in self.losses))

    @property
    def won(self) -> float:
        return _rounded(sum(one.points for one in self.awards))

    @property
    def vetoed(self) -> bool:
        return any(one.veto for one in self.awards)


def score(
    scoring: Scoring,
    departments: Sequence[str],
    matters: Iterable[Matter],
    events: Iterable[Award],
    first: date,
    last: date,
) -> tuple[Score, ...]:
    """The marks of each department for what fell due from the first day to the last, best first.

    `matters`: those of the period, and for 再次逾期 of the months before it; `events`: what was recorded in it.
    """
    owed = sorted((one for one in matters if one.counted and one.due_on is not None), key=_by_due)
    mine = [one for one in owed if one.due_on is not None and first <= one.due_on <= last]
    told = list(events)
    found = []
    for department in departments:
        due = [one for one in mine if department in one.owners]
        earlier = [one for one in owed if department in one.owners]
        losses = _capped(scoring, _losses(scoring, department, due, earlier), {one.duty: one.weight for one in due})
        awards = _awards(scoring, [one for one in told if one.department == department])
        total = scoring.full - sum(one.points for one in losses) + sum(one.points for one in awards)
        vetoed = any(one.veto for one in awards)
        total = 0.0 if vetoed else max(0.0, _rounded(total))
        on_time = sum(one.status is Status.MET for one in due)
        found.append(
            Score(department, total, grade_of(scoring, total, vetoed=vetoed), 0, len(due), on_time, losses, awards)
        )
    return _ranked(found, departments)


def matter_of(line: Line) -> Matter:
    """The line as scores see it. Not counted: exempt, not due, not judged, assumed or provisional, or under an
    objection that was upheld."""
    return Matter(
        key=line.key,
        duty=line.duty,
        title=line.title,
        period=line.period,
        owners=line.members,
        weight=line.weight,
        opens_on=line.opens_on,
        due_on=line.due_on,
        status=line.status,
        taken_down=line.withdrawn,
        published_on=line.published_on,
        counted=line.pressed and not line.mild and line.status not in _EXEMPT and line.objection != "upheld",
    )


def faults_of(matter: Matter, earlier: Iterable[Matter], months: int = 12) -> tuple[Fault, ...]:
    """What is held against its owners, by kind. `earlier`: other matters of theirs."""
    own = _fault(matter)
    found: list[Fault] = [own] if own else []
    if own in ("overdue", "late", "incomplete") and any(_again(matter, one, months) for one in earlier):
        found.append("repeated")
    if matter.published_on and matter.opens_on and matter.published_on < matter.opens_on and matter.status.met:
        found.append("early")
    return tuple(found)


def grade_of(scoring: Scoring, total: float, *, vetoed: bool = False) -> str:
    """The grade of that total, in its name; a veto gives the last one. "" where the formula has no grades."""
    if not scoring.grades:
        return ""
    if vetoed:
        return scoring.grades[-1].name
    return next((one.name for one in scoring.grades if total >= one.least), scoring.grades[-1].name)


def _fault(matter: Matter) -> Fault | None:
    if matter.status.late and matter.taken_down:
        return "gone"
    return {Status.OVERDUE: "overdue", Status.MET_LATE: "late", Status.INCOMPLETE: "incomplete"}.get(matter.status)  # type: ignore[return-value]


def _again(matter: Matter, other: Matter, months: int) -> bool:
    """Whether the other is the same duty, failed before, due no longer ago than that."""
    if other.duty != matter.duty or other.due_on is None or matter.due_on is None or _fault(other) is None:
        return False
    ago = (matter.due_on.year - other.due_on.year) * 12 + matter.due_on.month - other.due_on.month
    return other.due_on < matter.due_on and (ago < months or (ago == months and other.due_on.day >= matter.due_on.day))


def _losses(scoring: Scoring, department: str, due: Sequence[Matter], owed: Sequence[Matter]) -> list[Loss]:
    by_duty: dict[str, list[Matter]] = defaultdict(list)
    for one in owed:
        by_duty[one.duty].append(one)
    found: list[Loss] = []
    for deduction in scoring.deductions:
        mine = [one for one in due if deduction.fault in faults_of(one, by_duty[one.duty], deduction.months)]
        found += _counted(deduction, department, mine)
    return found


def _counted(deduction: Deduction, department: str, mine: Sequence[Matter]) -> list[Loss]:
    """One loss for each `each` matters, in the order in which they fell due; what is left over costs nothing yet."""
    losses = []
    for start in range(0, len(mine) - deduction.each + 1, deduction.each):
        group = mine[start : start + deduction.each]
        weight = max(one.weight for one in group) if deduction.by_weight else 1
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
    for one in losses:
        taken = _rounded(min(one.points, left[one.duty]))
        left[one.duty] -= taken
        if taken < one.points:
            cut = _rounded(one.points - taken)
            said = (
                f"{one.reason}（本项最多扣{amount_zh(scoring.item * weights[one.duty])}分，实扣{amount_zh(taken)}分）"
            )
            one = replace(one, points=taken, cut=cut, reason=said)
        kept.append(one)
    return tuple(kept)


def _awards(scoring: Scoring, mine: Sequence[Award]) -> tuple[Award, ...]:
    """What was recorded, each kind up to its limit."""
    left = {one.title: one.most for one in scoring.bonuses}
    found = []
    for one in sorted(mine, key=lambda award: (award.on, award.reference)):
        if not one.veto and (most := left.get(one.title)) is not None:
            one = replace(one, points=_rounded(min(one.points, most)))
            left[one.title] = most - one.points
        found.append(one)
    return tuple(found)


def _ranked(found: Sequence[Score], departments: Sequence[str]) -> tuple[Score, ...]:
    place = {department: number for number, department in enumerate(departments)}
    best = sorted(found, key=lambda one: (one.vetoed, -one.total, place[one.department]))
    ranked: list[Score] = []
    for number, one in enumerate(best, 1):
        last = ranked[-1] if ranked else None
        same = last is not None and (last.vetoed, last.total) == (one.vetoed, one.total)
        ranked.append(replace(one, rank=last.rank if same and last else number))
    return tuple(ranked)


def amount_zh(points: float) -> str:
    """2, 0.5: without a trailing nought."""
    return f"{_rounded(points):g}"


def _rounded(points: float) -> float:
    return round(points, 2)


def _by_due(one: Matter) -> tuple[date, str]:
    return (one.due_on or date.max, one.key)
