"""How a circular's text groups its lines by duty, and leaves the rows to the annex."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.reports.circulars.grouping import group_by_duty, group_by_problem

UNITS = ("环保局", "科技局", "民政局", "审计局", "人社局", "城建局")


def line(number: int, **values: Any) -> dict[str, Any]:
    """A line of the annex: a list of powers, due on 30 September, ten working days late."""
    who = UNITS[(number - 1) % len(UNITS)]
    whole = {
        "number": number, "anchor": f"line-{number}", "key": f"k/{number}", "who": who, "department": who,
        "duty": "powers", "title": "权力清单", "problem": "overdue", "problem_zh": "逾期未公开", "day": "",
        "period": "", "limit": "时限2015年9月30日", "due_on": "2015-09-30", "days_late": 10, "warned": "",
        "lacking": "", "detail": "，已逾期10个工作日",
    }  # fmt: skip
    return whole | values


def said(*lines: dict[str, Any]) -> list[str]:
    return [f"{one['who']}《{one['title']}》（{one['about']}）#{one['anchor']}" for one in group_by_duty(lines)]


def test_one_line_says_all_but_what_is_missing() -> None:
    lacking = "“政务公开”栏目未见“目录”"
    one = line(4, problem="incomplete", lacking=lacking, detail=f"，已逾期10个工作日，{lacking}")
    assert said(one) == ["审计局《权力清单》（时限2015年9月30日，已逾期10个工作日）#line-4"]


def test_many_departments_are_one_sentence_that_leads_to_the_table() -> None:
    assert said(*(line(number) for number in range(3, 9))) == [
        "民政局、审计局、人社局等6个单位《权力清单》（时限2015年9月30日，已逾期10个工作日，见附件1第3～8项）#table-1"
    ]
    assert said(line(1), line(2)) == [
        "环保局、科技局《权力清单》（时限2015年9月30日，已逾期10个工作日，见附件1第1、2项）#table-1"
    ]


#: Changes of the second of two lines, and what is said of both.
DIFFERENT = {
    "limits": (
        {"due_on": "2015-06-30", "limit": "时限2015年6月30日", "days_late": 75},
        "时限2015年6月30日至2015年9月30日，已逾期10至75个工作日，见附件1第1、2项",
    ),
    "the same department": ({"who": "环保局"}, "共2项，时限2015年9月30日，已逾期10个工作日，见附件1第1、2项"),
}


@pytest.mark.parametrize(("changes", "about"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_differs_is_a_range(changes: dict[str, Any], about: str) -> None:
    (one,) = group_by_duty([line(1), line(2, **changes)])
    assert one["about"] == about


@pytest.mark.parametrize(
    ("problem", "state"),
    [
        ("unkept", "内容已公开，至今未更新或确认，已逾期10个工作日"),
        ("repeated", "已公开，逾期10个工作日"),
        ("gone", "公开后撤下，至今未恢复"),
    ],
)
def test_the_fault_is_said_of_all_of_them(problem: str, state: str) -> None:
    (one,) = group_by_duty([line(1, problem=problem, period="2015年第三季度"), line(3, problem=problem)])
    assert one["about"] == f"时限2015年9月30日，{state}，见附件1第1、3项"


def test_what_was_warned_of_stands_with_its_number_and_apart_from_what_is_new() -> None:
    warned = [line(number, warned="样政办公开通〔2015〕3号") for number in (1, 2)]
    new, old = group_by_duty([line(3), *warned])
    assert new["anchor"] == "line-3"
    assert old["about"] == "时限2015年9月30日，样政办公开通〔2015〕3号通报，至今仍未更新到位，见附件1第1、2项"


def test_days_of_a_daily_duty_are_one_of_one_department_and_counted_of_several() -> None:
    days = [
        line(number, who="环保局", department="huanbao", day=f"2015-09-0{number}", limit=f"时限2015年9月{number}日")
        for number in (1, 2)
    ]
    (one,) = group_by_duty(days)
    assert one["who"] == "环保局"
    assert one["about"] == "2015年9月1日—2日，共2天，应逐日公开，至今未公开"
    both = group_by_duty([*days, line(3, day="2015-09-01")])
    assert both[0]["about"] == "共3项，应逐日公开，至今未公开，见附件1第1～3项"


def test_a_template_of_a_county_still_finds_every_line() -> None:
    late, part = group_by_problem([line(1), line(2), line(3, problem="incomplete")])
    assert (late["title"], len(late["lines"]), len(late["duties"])) == ("逾期未公开", 2, 1)
    assert (part["title"], len(part["lines"]), len(part["duties"])) == ("公开内容不完整", 1, 1)
