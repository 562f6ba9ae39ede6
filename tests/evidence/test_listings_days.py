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
    ],
    ids=["day first", "month first", "nobody knows", "English", "American", "year first"],
)
def test_days_of_rows(printed: list[str], days: list[tuple[int, int]], page_of: PageOf) -> None:
    rows = "".join(
        f"<li><a href='/hjbh/{n}.html'>建设项目环评受理情况公示第{n}号</a><span>{one}</span></li>"
        for n, one in enumerate(printed)
    )
    listing = parse_listing(page_of(f"<html><body><h2>环境保护</h2><ul>{rows}</ul></body></html>"))
    assert [one.claimed for one in listing.sightings] == [date(2015, *one) for one in days]
    assert listing.ordered
