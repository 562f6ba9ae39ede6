"""Marks and ranks: what each department loses by which matter, under the formulas that counties use."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from random import Random
from typing import Any

import pytest

from tests.core.assessment.reported import line
from tracker.core.assessment.lines import Line
from tracker.core.assessment.scoring import Award, Score, find_faults, score_departments
from tracker.core.values.formulas import Bonus, Deduction, FaultKind, Grade, Scoring
from tracker.core.values.verdicts import TAKEN_DOWN, Status

GRADES = (Grade("优秀", 90), Grade("良好", 70), Grade("合格", 60), Grade("不合格", 0))
LIGHTS = Scoring(
    "亮灯计分",
    100,
    (Deduction("overdue", 2), Deduction("incomplete", 2), Deduction("gone", 2), Deduction("late", 1, each=2)),
    bonuses=(Bonus("commended", "通报表扬", 1, 3),),
    vetoes={"leak": "泄密"},
    grades=GRADES,
)
ITEMS = Scoring(
    "分项扣分",
    100,
    (Deduction("overdue", 5), Deduction("late", 5), Deduction("incomplete", 10), Deduction("repeated", 2)),
    item=10,
    grades=GRADES,
)
SEPTEMBER = (date(2015, 9, 1), date(2015, 9, 30))


def matter(
    status: Status = Status.OVERDUE,
    due: str = "2015-09-10",
    *,
    owners: tuple[str, ...] = ("a",),
    taken_down: bool = False,
    opens: str | None = None,
    published: str | None = None,
    **more: Any,
) -> Line:
    """`taken_down`: published once, and gone since."""
    duty = more.pop("duty", "water")
    return line(
        status, due, who="+".join(owners), duty=duty, title=duty, period=due,
        opens_on=date.fromisoformat(opens) if opens else None,
        published_on=date.fromisoformat(published) if published else None,
        reason=f"《水质》{TAKEN_DOWN}http://x/1" if taken_down else "", **more,
    )  # fmt: skip


def of(scoring: Scoring, *matters: Line, events: tuple[Award, ...] = (), who: tuple[str, ...] = ("a",)) -> Score:
    return {one.department: one for one in score_departments(scoring, who, matters, events, *SEPTEMBER)}["a"]


FAULTS: dict[str, tuple[Line, tuple[FaultKind, ...]]] = {
    "published in time": (matter(Status.MET, published="2015-09-01"), ()),
    "not published": (matter(Status.OVERDUE), ("overdue",)),
    "made good later": (matter(Status.MET_LATE), ("late",)),
    "published in part": (matter(Status.INCOMPLETE), ("incomplete",)),
    "published and taken down": (matter(Status.INCOMPLETE, taken_down=True), ("gone",)),
    "published before it arose": (matter(Status.MET, opens="2015-09-01", published="2015-08-30"), ("early",)),
    "could not be judged": (matter(Status.UNVERIFIABLE), ()),
    "disputed": (matter(Status.MET_DISPUTED), ()),
    "not due yet": (matter(Status.OPEN), ()),
    "exempt": (matter(Status.WAIVED), ()),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_is_held_against_a_department(case: str) -> None:
    one, faults = FAULTS[case]
    assert find_faults(one, ()) == faults


AGAIN = {
    "a year before": ("2014-09-10", True),
    "longer ago": ("2014-09-09", False),
    "the month before": ("2015-08-31", True),
    "the month after": ("2015-10-10", False),
}


@pytest.mark.parametrize("case", AGAIN)
def test_the_same_duty_failed_again_within_twelve_months_is_repeated(case: str) -> None:
    due, again = AGAIN[case]
    earlier = matter(Status.MET_LATE, due)
    assert find_faults(matter(), [earlier]) == (("overdue", "repeated") if again else ("overdue",))


def test_another_duty_or_one_that_was_met_makes_nothing_repeated() -> None:
    others = [matter(due="2015-08-01", duty="air"), matter(Status.MET, "2015-08-01")]
    assert find_faults(matter(), others) == ("overdue",)


def test_two_yellow_lights_cost_one_point_and_a_single_one_nothing_yet() -> None:
    late = [matter(Status.MET_LATE, f"2015-09-0{day}") for day in (1, 2, 3)]
    found = of(LIGHTS, *late)
    assert (found.total, len(found.losses)) == (99, 1)
    assert found.losses[0].keys == ("c/p/water/a/2015-09-01", "c/p/water/a/2015-09-02")
    assert found.losses[0].reason == "water（2015-09-01）；water（2015-09-02）：逾期后公开，扣1分"


def test_a_duty_costs_no_more_than_its_own_points_and_what_was_spared_is_told() -> None:
    found = of(ITEMS, matter(due="2015-09-01"), matter(due="2015-09-02"), matter(due="2015-09-03"))
    assert (found.total, found.lost) == (90, 10)
    assert [(one.fault, one.points, one.cut) for one in found.losses] == [
        ("overdue", 5, 0), ("overdue", 5, 0), ("overdue", 0, 5), ("repeated", 0, 2), ("repeated", 0, 2),
    ]  # fmt: skip
    assert found.losses[2].reason == "water（2015-09-03）：逾期未公开，扣5分（本项最多扣10分，实扣0分）"


def test_a_weighty_duty_costs_more_where_the_formula_says_so() -> None:
    heavy = Scoring("加权", 100, (Deduction("overdue", 2, by_weight=True),), item=3)
    assert of(heavy, matter(weight=2.5)).total == 95
    assert of(heavy, matter(weight=2.5), matter(due="2015-09-11", weight=2.5)).total == 92.5  # capped at 3 × 2.5


NOT_COUNTED = {
    "before the period": matter(due="2015-08-31"),
    "after the period": matter(due="2015-10-01"),
    "under an objection that holds": matter(objection="upheld"),
    "another department's": matter(owners=("b",)),
}


@pytest.mark.parametrize("case", NOT_COUNTED)
def test_what_costs_nothing(case: str) -> None:
    assert of(LIGHTS, NOT_COUNTED[case], who=("a", "b")).total == 100


def test_what_is_owed_jointly_costs_each_of_them() -> None:
    found = score_departments(LIGHTS, ("a", "b", "c"), [matter(owners=("a", "b"))], (), *SEPTEMBER)
    assert {one.department: one.total for one in found} == {"a": 98, "b": 98, "c": 100}


def test_bonuses_count_up_to_their_limit() -> None:
    praise = tuple(Award("a", "通报表扬", f"r{day}", date(2015, 9, day), 2) for day in (1, 2))
    found = of(LIGHTS, matter(), events=praise)
    assert (found.won, found.total) == (3, 101)


def test_one_veto_gives_nought_the_last_grade_and_the_last_place() -> None:
    leak = Award("a", "泄密", "r", date(2015, 9, 9), veto=True)
    many = [matter(owners=("b",), due=f"2015-09-{day:02}") for day in range(1, 29)] * 2
    found = score_departments(LIGHTS, ("a", "b"), many, [leak], *SEPTEMBER)
    assert [(one.department, one.total, one.grade, one.rank) for one in found] == [
        ("b", 0, "不合格", 1),
        ("a", 0, "不合格", 2),
    ]


def test_equal_marks_share_a_rank_and_the_next_one_counts_them() -> None:
    met = matter(Status.MET, owners=("a", "c"))
    found = score_departments(
        LIGHTS, ("a", "b", "c", "d"), [met, matter(owners=("b",)), matter(owners=("d",))], (), *SEPTEMBER
    )
    assert [(one.department, one.rank) for one in found] == [("a", 1), ("c", 1), ("b", 3), ("d", 3)]


@pytest.mark.parametrize("matters", [(), (matter(Status.UNVERIFIABLE),), (matter(Status.WAIVED),)])
def test_of_whom_nothing_was_judged_is_not_the_best(matters: tuple[Line, ...]) -> None:
    leak = Award("c", "泄密", "r", date(2015, 9, 9), veto=True)
    found = score_departments(LIGHTS, ("a", "b", "c"), [*matters, matter(owners=("b",))], [leak], *SEPTEMBER)
    assert [(one.department, one.rank, one.grade) for one in found] == [
        ("b", 1, "优秀"),
        ("a", 0, ""),
        ("c", 3, "不合格"),
    ]


@pytest.mark.parametrize(
    ("lost", "grade"), [(0, "优秀"), (5, "优秀"), (6, "良好"), (15, "良好"), (16, "合格"), (20, "合格"), (21, "不合格")]
)
def test_grades_begin_at_their_least_marks(lost: int, grade: str) -> None:
    matters = [matter(Status.MET), *(matter(duty=f"d{number}") for number in range(lost))]
    assert of(LIGHTS, *matters).grade == grade


def test_the_order_of_the_facts_changes_nothing() -> None:
    matters = [
        matter(Status.MET_LATE, "2015-09-01"), matter(due="2015-09-02"), matter(Status.INCOMPLETE, "2015-09-03"),
        matter(due="2015-09-04", duty="air", owners=("a", "b")),
    ]  # fmt: skip
    awards = [Award("a", "通报表扬", f"r{day}", date(2015, 9, day), 2) for day in (1, 2)]
    expected = score_departments(ITEMS, ("a", "b"), matters, awards, *SEPTEMBER)
    for order in permutations(matters):
        shuffled = Random(1).sample(awards, len(awards))
        assert score_departments(ITEMS, ("a", "b"), order, shuffled, *SEPTEMBER) == expected


def test_every_point_lost_names_its_matter() -> None:
    matters = [matter(status, f"2015-09-{day:02}") for day, status in enumerate(Status, 1)]
    found = of(ITEMS, *matters)
    assert found.total == 100 - sum(one.points for one in found.losses)
    assert all(one.keys and one.reason for one in found.losses)


# -- at the very day and number ------------------------------------------------------------------


@pytest.mark.parametrize(("due", "lost"), [("2015-08-31", 0), ("2015-09-01", 2), ("2015-09-30", 2), ("2015-10-01", 0)])
def test_a_period_counts_from_its_first_day_to_its_last(due: str, lost: float) -> None:
    assert of(LIGHTS, matter(due=due)).lost == lost


@pytest.mark.parametrize(("published", "faults"), [("2015-09-01", ()), ("2015-08-31", ("early",))])
def test_what_came_out_on_the_day_it_arose_is_not_early(published: str, faults: tuple[FaultKind, ...]) -> None:
    assert find_faults(matter(Status.MET, opens="2015-09-01", published=published), ()) == faults


@pytest.mark.parametrize(
    ("months", "due", "again"),
    [
        (1, "2015-08-10", True), (1, "2015-08-09", False),
        (3, "2015-06-10", True), (3, "2015-06-09", False),
        (12, "2015-09-10", False),  # the very day: it is not before itself
    ],
)  # fmt: skip
def test_a_failure_is_repeated_to_the_same_day_so_many_months_later(months: int, due: str, again: bool) -> None:
    earlier = matter(Status.MET_LATE, due, owners=("a", "b"))
    assert ("repeated" in find_faults(matter(), [earlier], months)) is again


def test_a_group_of_matters_costs_when_it_is_full() -> None:
    def lost(number: int) -> float:
        return of(LIGHTS, *(matter(Status.MET_LATE, f"2015-09-0{day}") for day in range(1, number + 1))).lost

    assert [lost(number) for number in range(5)] == [0, 0, 1, 1, 2]


def test_the_weightiest_of_a_group_counts() -> None:
    pairs = Scoring("加权", 100, (Deduction("late", 1, each=2, by_weight=True),))
    late = [
        matter(Status.MET_LATE, "2015-09-01", weight=1),
        matter(Status.MET_LATE, "2015-09-02", weight=3, duty="air"),
    ]
    assert of(pairs, *late).lost == 3


def test_what_costs_exactly_its_own_points_is_not_cut() -> None:
    (loss,) = of(Scoring("分项扣分", 100, (Deduction("overdue", 5),), item=5), matter()).losses
    assert (loss.points, loss.cut, loss.reason) == (5, 0, "water（2015-09-10）：逾期未公开，扣5分")


def test_marks_end_at_nought() -> None:
    harsh = Scoring("一票", 3, (Deduction("overdue", 5),), grades=GRADES)
    found = of(harsh, matter())
    assert (found.total, found.grade, found.lost) == (0, "不合格", 5)


def test_a_bonus_is_spent_once_its_limit_is_reached() -> None:
    praise = tuple(Award("a", "通报表扬", f"r{day}", date(2015, 9, day), 2) for day in range(1, 5))
    assert [one.points for one in of(LIGHTS, events=praise).awards] == [2, 1, 0, 0]
