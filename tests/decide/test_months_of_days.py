"""Daily pages, standing lists and sites whose days are wrong: what is said in the end."""
# ruff: noqa: E501  (a row of a table is easier to read whole)

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.decide.over_time import Case, Pages, Row, column, listing, old_frame, other_news, row_html, run
from tests.decide.over_time_rules import COUNTY, RULES

H, T = "/hjbh/", "环境保护"
W = "water/huanbao/2015-"
AIR = "aqi/huanbao/2015-07-"
JULY = Row("2015-07-20 09:12", "6月份水环境质量状况")
AUGUST = Row("2015-08-18 10:05", "7月份水环境质量状况")
LISTS = "职权名称、法律依据、监督电话如下：行政许可3项，行政处罚12项。"
WEEK = "07-08T14:00 07-09T14:00 07-10T14:00 07-11T14:00 07-12T14:00 07-13T09:00"
DAYS = ("08", "09", "10", "11", "12")


def env(until: str, *more: Row, since: str = "2015-05-01", **how: object) -> Pages:
    return column(H, T, [*other_news("环保", until, since), *more], **how)  # type: ignore[arg-type]


def air(*rows: Row) -> Pages:
    return column("/kqzl/", "空气质量", rows)


def daily(
    day: str, text: str = "AQI 57，空气质量良，首要污染物为可吸入颗粒物。", title: str = "7月{0}日空气质量指数（AQI）"
) -> Row:
    return Row(f"2015-07-{day} 10:20", title.format(int(day)), f"7月{int(day)}日" * ("{0}" not in title) + text)


def rolling(day: str) -> Pages:
    """One page, written anew each morning."""
    index = 40 + int(day) * 7 % 50
    return air(
        Row(
            f"2015-07-{day} 08:30",
            "空气质量指数日报",
            f"清河县7月{int(day)}日空气质量指数（AQI）为{index}，级别为良。",
            path="/kqzl/today.html",
        )
    )


def growing(day: str) -> Pages:
    """One page a month, to which a row is added each morning."""
    body = "".join(f"<tr><td>7月{n}日</td><td>{40 + n * 7 % 50}</td><td>良</td></tr>" for n in range(int(day), 0, -1))
    row = Row(f"2015-07-{day} 08:30", "2015年7月空气质量指数日报", path="/kqzl/2015-07.html")
    table = f"<h1>{row.title}</h1><p>发布时间：{row.day}</p><div id='zoom'><table><tr><th>日期</th><th>空气质量指数（AQI）</th><th>级别</th></tr>{body}</table></div>"
    return air(replace(row, body=old_frame(row.title, table)))


def stamped(*days: str) -> list[tuple[str, Pages]]:
    """The list bears the day of its making on every row, as a template has it that asks for the wrong field."""
    rows = [AUGUST, JULY, *other_news("环保", "2015-08-31")]
    return [(f"{day}T08:00", column(H, T, [replace(one, listed=f"2015-{day}") for one in rows])) for day in days]


def years(now: str, *rows: Row) -> Pages:
    """A column that shows one year, and leads to the others."""
    pages = column(H, T, rows)
    by_year = {year: [one for one in rows if one.day[:4] == year] for year in ("2014", "2015", "2016")}
    choose = (
        "<div class='years'>"
        + " ".join(f"<a href='{H}?year={year}'>{year}年</a>" for year in ("2016", "2015", "2014") if year <= now)
        + "</div>"
    )
    pages |= {f"{H}?year={year}": listing(H, T, put, under=choose) for year, put in by_year.items()}
    return pages | {H: pages[f"{H}?year={now}"]}


def powers(*rows: Row, until: str = "2015-12-31") -> Pages:
    return column("/qlqd/", "权力清单", [*other_news("放管服", until, "2015-01-05", every=20), *rows])


ENTRY = Row("2014-11-20", "环保局权力清单", LISTS)
KEPT = Row("2015-05-20", "环保局权力清单", LISTS.replace("12", "14"))
TOPPED = [JULY, *other_news("环保", "2015-08-31")]
DECEMBER = [
    Row("2015-12-24", "11月份水环境质量状况"),
    *other_news("环保", "2015-12-31", "2014-06-01", every=20),
    *other_news("环保", "2016-01-20", "2016-01-02"),
]

CASES = {
    "day by day": Case(["aqi"], [("07-07", air(*[daily(day) for day in ("07", *DAYS)]))], WEEK, {AIR + day: "met" for day in DAYS}, first="2015-07-08"),
    "one page is written anew each day": Case(
        ["aqi"], [(f"07-{day}T08:30", rolling(day)) for day in ("07", *DAYS)], WEEK, {AIR + day: "met" for day in DAYS}, first="2015-07-08"
    ),
    "one page a month grows by a row a day": Case(
        ["aqi"], [(f"07-{day}T08:30", growing(day)) for day in ("07", *DAYS)], WEEK, {AIR + day: "met" for day in DAYS}, first="2015-07-08"
    ),
    "one page is written anew each day but one": Case(
        ["aqi"], [(f"07-{day}T08:30", rolling(day)) for day in ("07", "08", "09", "11", "12")], WEEK + " 07-14 07-15 07-16", {AIR + "09": "met", AIR + "10": "overdue", AIR + "11": "met"}, first="2015-07-08"
    ),
    "a day without its number": Case(
        ["aqi"],
        [("07-07", air(*[daily(day) for day in ("07", "08", "10", "11", "12")], daily("09", "AQI监测设备检修，空气质量良。")))],
        WEEK + " 07-15",
        {AIR + "08": "met", AIR + "09": "incomplete|overdue", AIR + "10": "met"},
        first="2015-07-08",
    ),
    "a standing list of the year before": Case(["powers-kept"], [("01-05", powers(ENTRY, until="2015-06-30"))], "02-10 04-01 04-08", {"powers/huanbao/once": "met"}, first="2015-01-01"),
    "a standing list that is kept current": Case(
        ["powers-kept"],
        [("01-05", powers(ENTRY)), ("05-20", powers(replace(KEPT, path="~list.html")))],
        "02-10 04-01 05-21 05-22 07-01 07-08 10-02 10-09",
        {"powers/huanbao/once": "met|incomplete", "powers/huanbao/2015-Q3": "overdue|closed"},
        first="2015-01-01",
    ),
    "a standing list that nobody touches": Case(
        ["powers-kept"], [("01-05", powers(ENTRY))], "02-10 04-01 07-01 07-08 10-02", {"powers/huanbao/once": "met", "powers/huanbao/2015-Q2": "overdue"}, first="2015-01-01"
    ),
    "nothing was asked for, and nobody says so": Case(
        ["foi"], [("07-01", column("/shjz/", "社会救助", other_news("救助", "2015-10-20")))], "07-10 10-02 10-08", {"foi/minzheng/2015-Q3": "overdue"}
    ),
    "every row bears the day of the list": Case(["water"], stamped("07-21", "08-03", "08-19", "09-01"), "07-21 08-03 08-19 09-01", {W + "07": "met", W + "08": "met"}),
    "the oldest row stands first": Case(
        ["water"], [("07-01", column(H, T, [*reversed(other_news("环保", "2015-07-19")), JULY, *reversed(other_news("环保", "2015-08-31", "2015-07-21"))], sort=False, per=5))], "07-10 07-21 08-03 09-02 09-08", {W + "07": "met", W + "08": "overdue"}
    ),
    "it shows the year, and leads to the one before": Case(["water"], [("12-01", years("2015", *DECEMBER)), ("2016-01-01", years("2016", *DECEMBER))], "12-10 12-28 2016-01-04 2016-01-11", {W + "12": "met"}, first="2015-12-01"),
    "it shows the year, and leads to the one before, first looked at then": Case(["water"], [("2016-01-01", years("2016", *DECEMBER))], "2016-01-04 2016-01-11", {W + "12": "met"}, first="2015-12-01"),
    "it shows the year, and nothing came in the one before": Case(
        ["water"], [("12-01", years("2015", *DECEMBER[1:])), ("2016-01-01", years("2016", *DECEMBER[1:]))], "12-10 12-28 2016-01-04 2016-01-11", {W + "12": "overdue"}, first="2015-12-01"
    ),
    "the article says a later day than the list, which was seen in time": Case(
        ["water"], [("07-01", env("2015-08-31")), ("07-21", env("2015-08-31", Row("2015-08-20 10:00", JULY.title, listed="2015-07-20", ahead=True)))], "07-17 07-22 08-03 08-10 08-24", {W + "07": "met"}
    ),
    "the row comes and goes": Case(
        ["water"],
        [("07-01", column(H, T, TOPPED)), *((day, {H: listing(H, T, TOPPED[n % 2 :])}) for n, day in enumerate(("07-25", "08-01", "08-05", "08-12", "08-20")))],
        "07-21 07-26 08-03 08-06 08-13 08-21 08-28",
        {W + "07": "met"},
    ),
    "the row is struck through": Case(
        ["water"], [("07-01", env("2015-07-14")), ("07-20", env("2015-08-31", JULY) | {H: listing(H, T, [*other_news("环保", "2015-08-31", "2015-07-21"), JULY, *other_news("环保", "2015-07-19")], swap=(row_html(H, JULY), row_html(H, JULY).replace(f">{JULY.title}<", f"><font color='red'><b>{JULY.title}</b></font><img src='/new.gif'><")))})], "07-10 07-21 08-03", {W + "07": "met"}
    ),
}  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", CASES)
async def test_days(name: str, tmp_path: Path, sqlite_url: str) -> None:
    assert await run(CASES[name], tmp_path, sqlite_url, RULES, COUNTY) == []
