"""The legal remedies that an answer names, on both sides of 1 May 2015 and of 1 January 2024."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.core.law.county import Department
from tracker.core.requests.answer_kinds import ANSWER_KINDS
from tracker.core.requests.remedies import Remedy, list_government_offices, remedies
from tracker.core.values.formulas import RequestRules

EITHER, GOVERNMENT, COURT = "样例县人民政府或者上一级主管部门", "样例县人民政府", "有管辖权的人民法院"


def _remedies(kind: str, on: date, **rules: object) -> tuple[Remedy, ...]:
    return remedies(kind, on, department="guotu", county="样例县", rules=RequestRules(**rules))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "on", "body", "article", "term", "of_lawsuit", "reconsideration_first"),
    [
        ("withheld", date(2015, 4, 30), EITHER, "第九条", "三个月", "第三十九条", False),
        ("withheld", date(2015, 5, 1), EITHER, "第九条", "六个月", "第四十六条", False),
        ("withheld", date(2023, 12, 31), EITHER, "第九条", "六个月", "第四十六条", False),
        ("withheld", date(2024, 1, 1), GOVERNMENT, "第二十条、第二十三条第一款第四项", "15日", "第四十五条", True),
        ("partly", date(2023, 12, 31), EITHER, "第九条", "六个月", "第四十六条", False),
        ("partly", date(2024, 1, 1), GOVERNMENT, "第二十条、第二十三条第一款第四项", "15日", "第四十五条", True),
        ("disclosed", date(2024, 1, 1), GOVERNMENT, "第二十条", "六个月", "第四十六条", False),
        ("nonexistent", date(2024, 1, 1), GOVERNMENT, "第二十条", "六个月", "第四十六条", False),
    ],
)
def test_remedies_by_the_day_of_the_answer(
    kind: str, on: date, body: str, article: str, term: str, of_lawsuit: str, reconsideration_first: bool
) -> None:
    assert _remedies(kind, on) == (
        Remedy("reconsideration", body, "60日", f"《中华人民共和国行政复议法》{article}"),
        Remedy("lawsuit", COURT, term, f"《中华人民共和国行政诉讼法》{of_lawsuit}", reconsideration_first),
    )


@pytest.mark.parametrize("kind", ANSWER_KINDS)
def test_every_kind_of_answer_has_reconsideration_and_a_lawsuit(kind: str) -> None:
    for on in (date(2008, 5, 1), date(2020, 6, 1), date(2026, 3, 2)):
        assert [remedy.way for remedy in _remedies(kind, on)] == ["reconsideration", "lawsuit"]


def test_a_county_names_its_bodies() -> None:
    before, court = _remedies(
        "disclosed", date(2020, 1, 1), court="样例市铁路运输法院", superiors={"guotu": "样例市国土资源局"}
    )
    assert (before.body, court.body) == ("样例县人民政府或者样例市国土资源局", "样例市铁路运输法院")
    (after, _) = _remedies("disclosed", date(2024, 1, 1), superiors={"guotu": "样例市国土资源局"})
    assert after.body == "样例县人民政府"


@pytest.mark.parametrize("on", [date(2020, 1, 1), date(2024, 1, 1)])
def test_under_vertical_leadership_the_superior_alone_hears_reconsideration(on: date) -> None:
    (reconsideration, _) = _remedies(
        "disclosed", on, superior_alone=("guotu",), superiors={"guotu": "样例市国家税务局"}
    )
    assert reconsideration.body == "样例市国家税务局"


def test_a_county_can_read_the_law_so_that_a_part_withheld_can_be_sued_for_at_once() -> None:
    _, lawsuit = _remedies("partly", date(2024, 1, 1), reconsider_first=("withheld",))
    assert not lawsuit.after_reconsideration


def test_whose_superior_is_asked_for() -> None:
    departments = {
        "fuban": Department("fuban", "县政府办公室"), "guotu": Department("guotu", "国土局"),
        "zheng": Department("zheng", "样例县人民政府"),
    }  # fmt: skip
    assert list_government_offices(departments) == ["fuban", "zheng"]
    rules = RequestRules(superiors={"fuban": "样例市人民政府"}, superior_alone=("zheng",))
    assert list_government_offices(departments, rules) == []
