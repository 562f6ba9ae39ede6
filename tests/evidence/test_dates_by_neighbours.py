"""Days that only their neighbours tell: three numbers in any order, a month in a heading, a date in three elements."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

import pytest

from tests.evidence.evidence_site import SHANGHAI
from tracker.evidence.page.dates import strict_moment
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing

PageOf = Callable[..., Page]
SEP = [date(2015, 9, 25), date(2015, 9, 8), date(2015, 8, 5)]


def titled(days: Sequence[str], row: str) -> str:
    rows = "".join(row.format(d=day, n=n, t=f"关于第{n}号环境监测情况的公告") for n, day in enumerate(days, 1))
    return f"<html><body><div class=m>{rows}</div></body></html>"


def seen(html: str, page_of: PageOf) -> list[object]:
    found = parse_listing(page_of(html))
    assert [one.title for one in found.sightings] == [
        f"关于第{n}号环境监测情况的公告" for n in range(1, len(found.sightings) + 1)
    ]
    return [one.claimed for one in found.sightings]


@pytest.mark.parametrize(
    ("told", "days"),
    [
        (["15/09/25", "15/09/08", "15/08/05"], SEP),
        (["15.9.25", "15.9.8", "15.8.5"], SEP),
        (["9/25/2015", "9/8/2015", "8/5/2015"], SEP),
        (["25/9/2015", "8/9/2015", "5/8/2015"], SEP),
        (["25/09/15", "08/09/15", "05/08/15"], SEP),
        (["9/8/2015", "8/5/2015"], [None, None]),
        (["05/06/2015"], [None]),
        (["9/9/2015"], [date(2015, 9, 9)]),
        (["9/8/2015", "8/5/2015", "7/4/2015", "6/3/2015", "5/2/2015"], [None] * 5),
        (["9/8/2015", "9/4/2015", "8/9/2015", "8/7/2015", "7/8/2015", "7/2/2015"], [date(2015, m, d) for m, d in ((9, 8), (9, 4), (8, 9), (8, 7), (7, 8), (7, 2))]),
        (["10/12/08"], [None]),
        (["2015/9/25", "31/31/2015"], [None]),
        (["15/13/25", "15/09/25"], [None, None]),
        (["16/09/25"], [None]),
    ],
)  # fmt: skip
def test_the_order_of_three_numbers_is_the_only_one_that_all_rows_allow(
    told: list[str], days: list[date | None], page_of: PageOf
) -> None:
    found = seen(titled(told, "<p><a href='/a/{n}.html'>{t}</a> <i>{d}</i></p>"), page_of)
    assert found == days or (not found and not any(days))  # a row or two without a day are no list


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2015-9-25 下午 03:20:11", 15),
        ("2015-9-25 上午 09:20:11", 9),
        ("2015/9/25 下午 12:20:11", 12),
        ("2015/9/25 上午 12:20:11", 0),
        ("2015/9/25 3:20:11 PM", 15),
        ("2015-9-25 星期五 下午 3:20:11", 15),
        ("2015-9-25 下午 15:20:11", 15),
    ],
)
def test_the_hour_of_half_a_day(text: str, hour: int) -> None:
    assert strict_moment(text.replace("星期五 ", ""), SHANGHAI) == datetime(2015, 9, 25, hour, 20, 11, tzinfo=SHANGHAI)


class TestRowsOfAList:
    @pytest.mark.parametrize(
        "row",
        [
            "<p><a href='/a/{n}.html'>{t}</a> <i>{d}</i></p>",
            "<table><tr><td><a href='/a/{n}.html'>{t}</a></td><td>({d})</td></tr></table>",
        ],
    )
    def test_take_their_order_from_one_another(self, row: str, page_of: PageOf) -> None:
        assert seen(titled(["15/09/25", "15/09/08", "15/08/05"], row), page_of) == SEP
        assert seen(titled(["9/8/2015", "8/5/2015", "7/4/2015"], row), page_of) == [None] * 3

    def test_so_do_those_of_a_table_with_a_head(self, page_of: PageOf) -> None:
        rows = "".join(
            f"<tr><td><a href='/a/{n}.html'>关于第{n}号环境监测情况的公告</a></td><td>{d}</td></tr>"
            for n, d in enumerate(["9/25/2015", "9/8/2015", "8/5/2015"], 1)
        )
        assert seen(f"<table><tr><th>标题</th><th>发布日期</th></tr>{rows}</table>", page_of) == SEP

    def test_a_day_in_three_elements(self, page_of: PageOf) -> None:
        row = "<div class=i><div class=d>{d}</div><a href='/a/{n}.html'>{t}</a></div>"
        parted = ["<b>25</b><i>09</i><u>2015</u>", "<b>08</b><i>09</i><u>2015</u>", "<b>05</b><i>08</i><u>2015</u>"]
        assert seen(titled(parted, row), page_of) == SEP
        either = [parted[1], parted[2], "<b>04</b><i>07</i><u>2015</u>"]  # the one or the other may be the month
        assert seen(titled(either, row), page_of) == [None] * 3
        whole = ["<b>2015</b><i>09</i><u>25</u>", "<b>2015</b><i>09</i><u>08</u>", "<b>2015</b><i>08</i><u>05</u>"]
        assert seen(titled(whole, row), page_of) == SEP

    def test_what_is_rounded_has_its_moment_beside_it(self, page_of: PageOf) -> None:
        row = "<li><a href='/a/{n}.html'>{t}</a><span title='{d} 10:20'>3周前</span></li>"
        told = [datetime(d.year, d.month, d.day, 10, 20, tzinfo=SHANGHAI) for d in SEP]
        assert seen(titled([str(d) for d in SEP], row), page_of) == told

    def test_a_day_beside_a_name_is_that_of_the_title(self, page_of: PageOf) -> None:
        row = "<div class=e><h3><a href='/a/{n}.html'>{t}</a></h3><p><a href='/u/{n}'>办公室</a> <em>{d}</em></p></div>"
        assert seen(titled([str(d) for d in SEP], row), page_of) == SEP


class TestMonthsInHeadings:
    ROW = "<p><span>{d}</span> <a href='/a/{n}.html'>{t}</a></p>"

    @staticmethod
    def under(*months: tuple[str, list[str]]) -> str:
        said, n = "", 0
        for month, days in months:
            said += f"<h3>{month}</h3>"
            for day in days:
                n += 1
                said += TestMonthsInHeadings.ROW.format(d=day, n=n, t=f"关于第{n}号环境监测情况的公告")
        return f"<html><body><div class=m>{said}</div></body></html>"

    @pytest.mark.parametrize(
        ("months", "days"),
        [
            ([("2015年9月", ["25日", "8日"]), ("2015年8月", ["5日"])], SEP),
            ([("2015年9月", ["25", "08"]), ("2015年08月", ["05"])], SEP),
            ([("2015-09", ["[25]", "[8]"]), ("2015-08", ["[5]"])], SEP),
            ([("2015年9月", ["1", "2", "3"])], [None] * 3),
            ([("2015年9月", ["3", "2", "1"])], [None] * 3),
            ([("2015年9月", ["25", "28", "21"])], [None] * 3),
            ([("2015年10月", ["25日", "8日", "5日"])], [None] * 3),
            ([("2015年2月", ["30日", "8日", "5日"])], [None] * 3),
        ],
        ids=["signed", "bare", "brackets", "counted", "counted-down", "rising", "to-come", "no-such-day"],
    )
    def test_date_the_rows_below_unless_they_may_be_counted(
        self, months: list[tuple[str, list[str]]], days: list[date | None], page_of: PageOf
    ) -> None:
        assert seen(self.under(*months), page_of) == days

    @pytest.mark.parametrize(
        ("month", "days", "waits"),
        [
            ("2015年9月", ["25日", "8日"], False),
            ("2015年", ["9-25", "9-08"], False),
            ("2015年9月", ["25", "08"], True),
            ("9月", ["25日", "8日"], True),
        ],
    )
    def test_such_a_day_waits_for_the_article_unless_it_is_whole(
        self, month: str, days: list[str], waits: bool, page_of: PageOf
    ) -> None:
        found = parse_listing(page_of(self.under((month, days))))
        assert [one.inferred for one in found.sightings] == [waits] * 2
