"""Lists whose days leave out the year, and lists that have a page for each year."""

from __future__ import annotations

from datetime import date

import pytest
from aiohttp import web

from tests.evidence.columns.column_site import Read, Site, days, rows


async def test_years_left_out_go_on_from_page_to_page(site: Site, read: Read) -> None:
    printed = [[date(2015, 3, 2), date(2014, 12, 1)], [date(2014, 9, 20), date(2014, 9, 10)], [date(2013, 11, 20)]]
    for n, page in enumerate(printed):
        listed = "".join(
            f'<li><a href="/hjbh/{day:%y}-{day:%m%d}x.html">环境监测情况公告</a><span>[{day:%m-%d}]</span></li>'
            for day in page
        )
        pager = f'<a href="{site.path(n + 1)}">下一页</a>' if n < 2 else ""
        site.pages[site.path(n)] = f"<html><body><ul>{listed}</ul>{pager}</body></html>"
    reading = await read()
    assert [one.claimed for one in reading.sightings] == [day for page in printed for day in page]
    assert [one.claimed for one in (await read()).sightings] == [day for page in printed for day in page]


class TestListsOfOneYearEach:
    def years(self, site: Site, address: str) -> None:
        for year, newest in ((2015, date(2015, 9, 28)), (2014, date(2014, 12, 30)), (2013, date(2013, 12, 30))):
            links = "".join(f"<a href='{address.format(other)}'>{other}年</a>" for other in (2015, 2014, 2013))
            path = "/hjbh/" if year == 2015 else address.format(year)
            site.pages[path] = f"<html><body><ul>{rows(days(newest, 5))}</ul><div class='y'>{links}</div></body></html>"

    async def test_are_one_column(self, site: Site, read: Read) -> None:
        self.years(site, "/hjbh/{}/")
        visit = (await read()).visit
        assert (visit.reached, visit.pages, visit.entries) == (date(2015, 9, 24), 3, 15)

    async def test_are_read_no_further_than_needed(self, site: Site, read: Read) -> None:
        self.years(site, "/hjbh/{}/")
        assert (await read(date(2015, 1, 1))).visit.pages == 2

    async def test_of_other_columns_are_not(self, site: Site, read: Read) -> None:
        self.years(site, "/ztzl/{}/")
        visit = (await read()).visit
        assert (visit.reached, visit.entries) == (date(2015, 9, 24), 5)

    @pytest.mark.parametrize(
        "tabs",
        [
            "<a href='/hjbh/2015/'>2015年</a> <b>2014年</b>",
            "<a href='/hjbh/2015/'>2015年</a> <a href='/hjbh/'>2014年</a>",
            "<ul><li><a href='/hjbh/2015/'>2015</a></li><li class='on'>2014</li></ul>",
            "<span>2014年度</span><span><a href='/hjbh/2015/index.html'>2015年度</a></span>",
        ],
    )
    async def test_a_later_year_is_read_too(self, tabs: str, site: Site, read: Read) -> None:
        site.pages["/hjbh/"] = (
            f"<html><body><div>{tabs}</div><ul>{rows(days(date(2014, 12, 30), 9))}</ul></body></html>"
        )
        for path in ("/hjbh/2015/", "/hjbh/2015/index.html"):
            site.pages[path] = f"<html><body><ul>{rows(days(date(2015, 9, 28), 5))}</ul></body></html>"
        visit = (await read()).visit
        assert (visit.reached, visit.pages, visit.entries) == (date(2015, 9, 24), 2, 14)
        visit = (await read(date(2015, 1, 1))).visit
        assert visit.reached == date(2015, 9, 24)
        for path in ("/hjbh/2015/", "/hjbh/2015/index.html"):
            site.answers[path] = web.Response(status=500)
        visit = (await read()).visit
        assert (visit.reached, bool(visit.note)) == (None, True)

    @pytest.mark.parametrize("tab", ["<a href='javascript:show(2015)'>2015年</a>", "<a href='/ndtz/2015/'>2015年</a>"])
    async def test_a_later_year_out_of_reach_leaves_the_rest_in_doubt(self, tab: str, site: Site, read: Read) -> None:
        listed = rows(days(date(2014, 12, 30), 9))
        site.pages["/hjbh/"] = (
            f"<html><body><div>{tab} <a href='/hjbh/'>2014年</a></div><ul>{listed}</ul></body></html>"
        )
        visit = (await read()).visit
        assert (visit.reached != "end", visit.entries, bool(visit.note)) == (True, 9, True)
