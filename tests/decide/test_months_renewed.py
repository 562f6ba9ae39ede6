"""Months of a site that writes new dates over its reports: what came out in time stays in time, or a person decides."""
# ruff: noqa: E501  (a row of a table is easier to read whole)

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.decide.over_time import Case, Pages, Row, column, other_news, run
from tests.decide.over_time_rules import COUNTY, RULES

H, T = "/hjbh/", "环境保护"
W7 = "water/huanbao/2015-07"
FIGURES = "东河断面高锰酸盐指数3.2毫克每升，氨氮0.42毫克每升，总磷0.08毫克每升；饮用水源地水质达标率100%，总体良好。"
LAST = Row("2015-07-31 16:20", "6月份水环境质量状况", FIGURES, path="/hjbh/7.html")
GUARD = "<html><body><script>document.cookie='a=1';location.reload()</script></body></html>"


def env(until: str, *more: Row) -> Pages:
    return column(H, T, [*other_news("环保", until), *more])


def renewed(day: str) -> Pages:
    """The report under a new date, in its list and on its page."""
    return env("2015-08-28", replace(LAST, day=f"2015-{day} 09:00"))


DOWN: Pages = {H: 503}

CASES = {
    "down over the due day, and renewed when it was seen": Case(
        ["water"], [("07-01", env("2015-07-29")), ("07-30", DOWN), ("08-03", env("2015-08-03", LAST)), ("08-12", renewed("08-12"))], "07-17 07-29 07-31 08-01 08-03 08-10 08-13 08-20 09-02", {W7: "met"}, questions={W7: "redated"},
    ),
    "renewed every week": Case(
        ["water"], [("07-01", env("2015-07-29")), ("08-03", env("2015-08-03", LAST)), *((day, renewed(day)) for day in ("08-07", "08-14", "08-21"))], "07-17 07-29 08-03 08-08 08-15 08-22 08-28", {W7: "met"},
    ),
    "renewed, and its article is under a guard": Case(
        ["water"],
        [("07-01", env("2015-07-29")), ("08-03", env("2015-08-03", LAST) | {"/hjbh/7.html": GUARD}), ("08-12", renewed("08-12") | {"/hjbh/7.html": GUARD})],
        "07-17 07-29 08-03 08-10 08-13 08-20 09-02", {W7: "met"},
    ),
    "renewed, and the list was whole without it on the due day": Case(
        ["water"], [("07-01", env("2015-07-29")), ("08-03", env("2015-08-03", LAST)), ("08-12", renewed("08-12"))], "07-17 07-29 08-01 08-03 08-10 08-13 08-20", {W7: "met-disputed"}, questions={W7: "disputed"},
    ),
    "late when it was seen, and renewed": Case(
        ["water"], [("07-01", env("2015-07-29")), ("08-05", env("2015-08-05", replace(LAST, day="2015-08-04 10:00"))), ("08-12", renewed("08-12"))], "07-17 07-29 08-05 08-10 08-13 08-20", {W7: "met-late"},
    ),
}  # fmt: skip


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", CASES)
async def test_dates_that_are_renewed(name: str, tmp_path: Path, sqlite_url: str) -> None:
    assert await run(CASES[name], tmp_path, sqlite_url, RULES, COUNTY) == []
