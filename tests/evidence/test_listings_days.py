"""Days of a list's rows that only the rows beside them make clear, and those of English pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing

PageOf = Callable[..., Page]


@pytest.mark.parametrize(
    ("printed", "days"),
    [
        (["25/09/2015", "10/09/2015", "07/08/2015"], [(9, 25), (9, 10), (8, 7)]),
        (["09/25/2015", "09/10/2015", "08/07/2015"], [(9, 25), (9, 10), (8, 7)]),
        (["09/10/2015", "08/07/2015", "08/02/2015"], [(9, 10), (8, 7), (8, 2)]),
        (["25 Sep 2015", "10 Sep 2015", "7 Aug 2015"], [(9, 25), (9, 10), (8, 7)]),
        (["September 25, 2015", "September 10, 2015", "August 7, 2015"], [(9, 25), (9, 10), (8, 7)]),
        (["2015 Sep 25", "2015 Sep 10", "2015 Aug 07"], [(9, 25), (9, 10), (8, 7)]),
        (["25/9月", "10/9月", "7/8月"], [(9, 25), (9, 10), (8, 7)]),
        (["9月/25", "9月/10", "8月/07"], [(9, 25), (9, 10), (8, 7)]),
    ],
    ids=["day first", "month first", "nobody knows", "English", "American", "year first", "signed month", "and first"],
)
def test_days_of_rows(printed: list[str], days: list[tuple[int, int]], page_of: PageOf) -> None:
    rows = "".join(
        f"<li><a href='/hjbh/{n}.html'>建设项目环评受理情况公示第{n}号</a><span>{one}</span></li>"
        for n, one in enumerate(printed)
    )
    listing = parse_listing(page_of(f"<html><body><h2>环境保护</h2><ul>{rows}</ul></body></html>"))
    assert [one.claimed for one in listing.sightings] == [date(2015, *one) for one in days]
    assert listing.ordered


@pytest.mark.parametrize(("year", "is_printed"), [("2015年", True), ("", False)], ids=["with its year", "without"])
def test_days_under_a_month_are_whole_where_it_has_its_year(year: str, is_printed: bool, page_of: PageOf) -> None:
    months = [(9, (25, 21, 7)), (8, (30, 11)), (7, (5, 3, 1))]
    parts = (
        f"<dl><dt>{year}{month}月</dt>"
        + "".join(
            f"<dd><span>{n}日</span><a href='/hjbh/{month}{n}.html'>环境监测情况公告{month}{n}号</a></dd>" for n in days
        )
        + "</dl>"
        for month, days in months
    )
    listing = parse_listing(page_of(f"<html><body><h2>环境保护</h2>{''.join(parts)}</body></html>"))
    assert [one.claimed for one in listing.sightings] == [date(2015, month, n) for month, days in months for n in days]
    assert [one.inferred for one in listing.sightings] == [not is_printed] * 8
