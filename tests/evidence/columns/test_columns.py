"""A visit of a column: followed until it is complete, and honest about how far it reached."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from aiohttp import web

from tests.evidence.columns.column_site import Read, Site, days, rows
from tests.evidence.evidence_site import SHANGHAI, Serve
from tracker.core.values.facts import VisitOutcome


async def test_it_reads_to_the_end_where_nothing_bounds_it(read: Read) -> None:
    visit = (await read()).visit
    assert (visit.outcome, visit.reached, visit.pages, visit.entries) == (VisitOutcome.READ, "end", 10, 100)
    assert visit.began_at < visit.ended_at


async def test_it_stops_when_the_newest_day_of_a_page_lies_before_what_is_needed(read: Read) -> None:
    reading = await read(date(2015, 9, 10))
    assert (reading.visit.reached, reading.visit.pages) == (date(2015, 9, 8), 3)


async def test_the_first_day_needed_itself_is_not_yet_far_enough(read: Read) -> None:
    assert (await read(date(2015, 9, 18))).visit.reached == date(2015, 9, 8)


async def test_a_pinned_old_entry_ends_nothing(site: Site, read: Read) -> None:
    site.pages["/hjbh/"] = site.pages["/hjbh/"].replace("<ul>", "<ul>" + rows([date(2009, 1, 1)], "pin"))
    assert (await read(date(2015, 9, 25))).visit.reached == date(2015, 9, 18)


async def test_too_many_pages_are_said(read: Read) -> None:
    visit = (await read(date(2010, 1, 1), max_pages=4)).visit
    assert (visit.outcome, visit.reached, visit.note) == (
        VisitOutcome.READ,
        date(2015, 8, 29),
        "页数超过上限 4 页，未读到尽头",
    )


async def test_what_has_not_changed_is_not_read_again(site: Site, read: Read) -> None:
    first = await read(date(2015, 9, 10))
    again = await read(date(2015, 9, 10))
    assert (len(first.pages), len(again.pages), again.unchanged) == (3, 0, True)
    assert again.sightings == first.sightings


async def test_the_same_bytes_without_a_tag_are_not_read_again(site: Site, read: Read) -> None:
    html = site.pages["/hjbh/index_9.html"]
    for _ in range(2):
        site.answers["/hjbh/index_9.html"] = web.Response(text=html, content_type="text/html")
        reading = await read(path="/hjbh/index_9.html")
    assert reading.unchanged
    assert len(reading.sightings) == 10


class TestWhenALaterPageFails:
    async def test_the_visit_reaches_as_far_as_it_was_read(self, site: Site, read: Read) -> None:
        site.answers["/hjbh/index_2.html"] = web.Response(status=500)
        visit = (await read()).visit
        assert (visit.outcome, visit.reached, visit.pages, visit.entries) == (
            VisitOutcome.READ,
            date(2015, 9, 18),
            2,
            20,
        )
        assert visit.note == "第 3 页未能读取：网站出错（500）"

    async def test_a_page_that_is_no_list_ends_nothing(self, site: Site, read: Read) -> None:
        site.pages["/hjbh/index_1.html"] = "<html><body>欢迎</body></html>"
        assert (await read()).visit.reached == date(2015, 9, 28)

    async def test_a_page_that_says_there_is_nothing_ends_nothing(self, site: Site, read: Read) -> None:
        site.pages["/hjbh/index_1.html"] = "<html><body><p>暂无数据</p></body></html>"
        visit = (await read()).visit
        assert (visit.reached, visit.note) == (date(2015, 9, 28), "第 2 页没有条目，不能断定列表到此为止")

    async def test_a_page_without_its_pager_ends_nothing_before_the_pages_announced(
        self, site: Site, read: Read
    ) -> None:
        site.pages["/hjbh/index_1.html"] = f"<ul>{rows(days(date(2015, 9, 18), 10))}</ul>"
        visit = (await read()).visit
        assert (visit.reached, visit.note) == (date(2015, 9, 18), "页面称共有 10 页，但后面的页无法翻到")

    async def test_a_script_that_turns_the_pages_ends_nothing(self, site: Site, read: Read) -> None:
        site.pages["/hjbh/"] = f"<ul>{rows(days(date(2015, 9, 28), 10))}</ul><a href='javascript:next()'>下一页</a>"
        visit = (await read()).visit
        assert (visit.reached, visit.note) == (date(2015, 9, 28), "后面的页由脚本翻动，尚不能读取")

    async def test_pages_that_are_announced_but_not_linked_end_nothing(self, site: Site, read: Read) -> None:
        site.pages["/hjbh/"] = f"<ul>{rows(days(date(2015, 9, 28), 10))}</ul><p>共3页</p>"
        assert (await read()).visit.reached == date(2015, 9, 28)

    async def test_rows_that_are_announced_but_not_shown_end_nothing(self, site: Site, read: Read) -> None:
        site.pages["/hjbh/"] = f"<ul>{rows(days(date(2015, 9, 28), 10))}</ul><p>共230条记录</p>"
        visit = (await read()).visit
        assert (visit.reached, visit.note) == (date(2015, 9, 28), "页面称共有 230 条，只见到 10 条")
        site.pages["/hjbh/"] = f"<ul>{rows(days(date(2015, 9, 28), 10))}</ul><p>共10条记录</p>"
        assert (await read()).visit.reached == "end"


class TestPagingThatNeverEnds:
    async def test_the_same_page_under_every_number(self, site: Site, read: Read) -> None:
        for n in range(10):
            site.pages[site.path(n)] = (
                f"<ul>{rows(days(date(2015, 9, 28), 10))}</ul><a href='{site.path(n + 1)}'>下一页</a>"
            )
        visit = (await read()).visit
        assert (visit.pages, visit.reached, visit.note) == (1, date(2015, 9, 28), "第 2 页与前面的页重复，翻页无效")

    async def test_a_link_back_to_a_page_read_already(self, site: Site, read: Read) -> None:
        site.pages["/hjbh/index_2.html"] = site.pages["/hjbh/index_2.html"].replace("index_3.html", "")
        visit = (await read()).visit
        assert (visit.pages, visit.reached, visit.note) == (3, date(2015, 9, 8), "翻页链接指回已读过的页")

    async def test_new_rows_without_end(self, site: Site, read: Read, serve: Serve) -> None:
        for n in range(60):
            site.pages[site.path(n)] = (
                f"<ul>{rows(days(date(2015, 9, 28) - timedelta(days=n), 3), f'{n}-')}</ul><a href='{site.path(n + 1)}'>下一页</a>"
            )
        visit = (await read(date(2010, 1, 1), max_pages=20)).visit
        assert (visit.pages, visit.reached) == (20, date(2015, 9, 9))


class TestListsInAnotherOrder:
    async def test_oldest_first_is_complete_only_at_its_end(self, site: Site, read: Read) -> None:
        for n in range(10):
            page = sorted(days(date(2015, 9, 28) - timedelta(days=10 * (9 - n)), 10))
            site.pages[site.path(n)] = f"<ul>{rows(page)}</ul>{site.pager(n)}"
        visit = (await read(date(2015, 9, 1))).visit
        assert (visit.reached, visit.pages) == ("end", 10)
        assert (await read(date(2015, 9, 1), max_pages=3)).visit.reached is None

    async def test_without_dates_too(self, site: Site, read: Read) -> None:
        plain = "".join(f'<li><a href="/hjbh/{n}.html">全县环境监测工作情况公告第{n}号</a></li>' for n in range(9))
        site.pages["/hjbh/"] = f"<ul>{plain}</ul><a href='/hjbh/index_1.html'>下一页</a>"
        assert (await read(date(2015, 9, 1), max_pages=1)).visit.reached is None


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (lambda: web.Response(status=404), VisitOutcome.NOT_FOUND),
        (lambda: web.Response(status=412), VisitOutcome.REFUSED),
        (lambda: web.Response(status=521, text="<script>document.cookie='__jsl';location.reload()</script>"), VisitOutcome.REFUSED),
        (lambda: web.Response(text="<script>document.cookie='__jsl';location.reload()</script>", content_type="text/html"), VisitOutcome.REFUSED),
        (lambda: web.Response(text="<title>用户登录</title><form>请先登录<input type=password></form>", content_type="text/html"), VisitOutcome.REFUSED),
        (lambda: web.Response(text="<h1>您访问的页面不存在</h1>", content_type="text/html"), VisitOutcome.REFUSED),
        (lambda: web.Response(status=503), VisitOutcome.UNREACHABLE),
        (lambda: web.Response(text="<h1>栏目建设中</h1>", content_type="text/html"), VisitOutcome.NOT_UNDERSTOOD),
        (lambda: web.Response(text="<p>welcome</p>", content_type="text/html"), VisitOutcome.NOT_UNDERSTOOD),
        (lambda: web.Response(text="", content_type="text/html"), VisitOutcome.NOT_UNDERSTOOD),
        (lambda: web.Response(text="{}", content_type="application/json"), VisitOutcome.NOT_UNDERSTOOD),
        (lambda: web.Response(status=302, headers={"Location": "/"}), VisitOutcome.REFUSED),
        (lambda: web.Response(status=302, headers={"Location": "http://elsewhere.example.org/"}), VisitOutcome.FORBIDDEN),
        (lambda: web.Response(status=304), VisitOutcome.NOT_UNDERSTOOD),
    ],
    ids=["404", "412", "521", "script reloads", "login", "soft 404", "503", "building", "no list", "nothing", "json", "sent home",
         "sent away", "unasked 304"],
)  # fmt: skip
async def test_could_not_look_is_never_an_empty_list(
    answer: Callable[[], web.Response], outcome: VisitOutcome, site: Site, read: Read
) -> None:
    site.pages["/"] = f"<ul>{rows(days(date(2015, 9, 28), 9))}</ul>"
    site.answers["/hjbh/"] = answer()
    visit = (await read()).visit
    assert (visit.outcome, visit.reached, visit.entries, visit.pages) == (outcome, None, 0, 0)
    assert visit.note


async def test_an_empty_column_is_complete(site: Site, read: Read) -> None:
    site.pages["/hjbh/"] = "<html><body><h2>环境保护</h2><p>本栏目暂无信息。</p></body></html>"
    visit = (await read()).visit
    assert (visit.outcome, visit.reached, visit.entries) == (VisitOutcome.READ, "end", 0)


async def test_a_page_that_only_sends_on_is_followed(site: Site, read: Read) -> None:
    site.pages["/hjbh/"] = '<html><head><meta http-equiv="refresh" content="0;url=list.html"></head></html>'
    site.pages["/hjbh/list.html"] = f"<ul>{rows(days(date(2015, 9, 28), 9))}</ul><p>共9条</p>"
    visit = (await read()).visit
    assert (visit.outcome, visit.reached, visit.entries) == (VisitOutcome.READ, "end", 9)


class TestAPage:
    async def test_is_one_entry_under_its_own_address(self, site: Site, read: Read) -> None:
        site.pages["/jubao/"] = (
            "<html><title>在线举报-样例县人民政府</title><body><h1>在线举报</h1><form>举报内容<textarea></textarea>"
            "<p>环境违法行为在线举报，联系电话12369。</p></form></body></html>"
        )
        reading = await read(kind="page", path="/jubao/")
        assert (reading.visit.outcome, reading.visit.reached, reading.visit.entries) == (VisitOutcome.READ, "end", 1)
        assert [one.url.rpartition("127.0.0.1")[2].partition("/")[2] for one in reading.sightings] == ["jubao/"]
        assert reading.article is not None
        assert "在线举报" in (reading.article.text or "")
        again = await read(kind="page", path="/jubao/")
        assert (again.unchanged, again.article, again.sightings) == (True, None, reading.sightings)

    async def test_that_is_not_there_is_missing(self, read: Read) -> None:
        reading = await read(kind="page", path="/nowhere/")
        assert (reading.visit.outcome, reading.status, reading.sightings) == (VisitOutcome.NOT_FOUND, 404, ())


async def test_the_clock_is_the_one_handed_in(read: Read) -> None:
    visit = (await read()).visit
    assert visit.began_at == datetime(2015, 9, 30, 8, 0, 1, tzinfo=SHANGHAI)


class TestPagesWhoseAddressesAreNotCertain:
    @pytest.fixture(params=["index_1", "index_2"])
    def three_pages(self, site: Site, request: pytest.FixtureRequest) -> Site:
        """A script that counts three pages from 1; the second one's address has a 1 in it, or a 2."""
        site.pages = {}
        first = int(request.param[-1])
        for n in range(3):
            name = "/hjbh/" if n == 0 else f"/hjbh/index_{n - 1 + first}.html"
            script = f"<script>createPageHTML('p', 3, {n + 1}, 'index', 'html', 30)</script>"
            site.pages[name] = (
                f"<html><body><ul>{rows(days(date(2015, 9, 28) - timedelta(days=10 * n), 10))}</ul>{script}</body></html>"
            )
        return site

    async def test_are_all_read(self, three_pages: Site, read: Read) -> None:
        visit = (await read()).visit
        assert (visit.reached, visit.pages, visit.entries) == ("end", 3, 30)
        assert (await read()).unchanged

    async def test_and_none_is_left_out(self, three_pages: Site, read: Read) -> None:
        del three_pages.pages[sorted(three_pages.pages)[1]]
        visit = (await read()).visit
        assert visit.reached == date(2015, 9, 28)


@pytest.mark.parametrize("last", ["<li><a href=", "<li><a href='/hjbh/9.html'>县环保局", ""])
async def test_a_page_that_breaks_off_is_not_the_last(last: str, site: Site, read: Read) -> None:
    site.pages["/hjbh/"] = f"<html><body><ul>{rows(days(date(2015, 9, 28), 10))}{last}"
    visit = (await read()).visit
    assert (visit.reached, visit.note) == (None, "页面没有传完，后面的条目没有看到")
    assert visit.entries >= 9


async def test_an_old_page_that_is_never_closed_ends_with_its_foot(site: Site, read: Read) -> None:
    site.pages["/hjbh/"] = f"<HTML><BODY><UL>{rows(days(date(2015, 9, 28), 9))}</UL><HR>样例县环保局 版权所有 2006"
    assert (await read()).visit.reached == date(2015, 9, 20)


async def test_a_row_out_of_reach_leaves_in_doubt_what_came_before_it(site: Site, read: Read) -> None:
    lost = "<li><a href='javascript:view(7)'>环境监测年度总结报告</a><span>2015-09-25</span></li>"
    listed = days(date(2015, 9, 28), 20)
    site.pages["/hjbh/"] = f"<html><body><ul>{rows(listed[:3])}{lost}{rows(listed[3:])}</ul></body></html>"
    visit = (await read()).visit
    assert (visit.reached, visit.entries) == (date(2015, 9, 25), 20)
    assert visit.note == "列表中另有未能认作条目的内容：“环境监测年度总结报告”"
    visit = (await read(date(2015, 9, 26))).visit
    assert visit.reached == date(2015, 9, 25)


class TestAFurtherPageOfAnotherKind:
    async def test_ends_nothing_before_the_numbers_of_the_pager(self, site: Site, read: Read) -> None:
        numbers = (
            '<div class="page"><b>1</b> <a href="/hjbh/index_1.html">2</a> <a href="/hjbh/index_2.html">3</a></div>'
        )
        site.pages["/hjbh/"] = f"<ul>{rows(days(date(2015, 9, 28), 9))}</ul>{numbers}"
        site.pages["/hjbh/index_1.html"] = f"<ul>{rows(days(date(2015, 9, 18), 9))}</ul>"
        del site.pages["/hjbh/index_2.html"]
        visit = (await read()).visit
        assert (visit.reached, visit.note) == (date(2015, 9, 18), "第 3 页未能读取：网页无法打开（404）")

    async def test_is_no_page_of_the_column_where_nothing_of_it_is_like_the_first(self, site: Site, read: Read) -> None:
        numbers = '<div class="page"><b>1</b> <a href="/hjbh/index_1.html">2</a></div>'
        site.pages["/hjbh/"] = f"<ul>{rows(days(date(2015, 9, 28), 9))}</ul>{numbers}"
        site.pages["/hjbh/index_1.html"] = f"<ul>{rows(days(date(2015, 9, 18), 9))}</ul>".replace("/hjbh/", "/yw/")
        reading = await read()
        assert (reading.visit.reached, len(reading.sightings)) == (date(2015, 9, 28), 9)
        assert reading.visit.note == "第 2 页与前面的页没有相同之处，也没有翻页，不是同一栏目的列表"
