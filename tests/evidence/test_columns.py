"""A visit of a column: followed until it is complete, and honest about how far it reached."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta

import pytest
from aiohttp import web
from evidence_site import SHANGHAI, Clock, Handler, Serve

from tracker.core.duties import Interface, SiteColumn
from tracker.core.facts import Outcome
from tracker.evidence.columns import ColumnReading, KeptPage, read_column
from tracker.evidence.fetch import Fetcher, Limits

Read = Callable[..., Awaitable[ColumnReading]]


def rows(days: Sequence[date], prefix: str = "") -> str:
    return "".join(
        f'<li><a href="/hjbh/{prefix}{day:%Y%m%d}x.html">{day.month}月{day.day}日环境监测情况公告</a><span>{day}</span></li>'
        for day in days
    )


def days(newest: date, count: int) -> list[date]:
    return [newest - timedelta(days=n) for n in range(count)]


class Site:
    """A column of a hundred days, ten a page; `pages` may be overwritten, `asked` says what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, web.Response] = {}
        self.handler: Handler = self.answer
        self.pages = {
            self.path(
                n
            ): f"<html><body><ul>{rows(days(date(2015, 9, 28) - timedelta(days=10 * n), 10))}</ul>{self.pager(n)}</body></html>"
            for n in range(10)
        }

    def path(self, n: int) -> str:
        return "/hjbh/" if n == 0 else f"/hjbh/index_{n}.html"

    def pager(self, n: int) -> str:
        return (
            f'<div class="page">共10页 <a href="{self.path(n + 1)}">下一页</a></div>'
            if n < 9
            else '<div class="page">共10页</div>'
        )

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        return await self.handler(request)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if (answer := self.answers.get(request.path)) is not None:
            return answer
        if (html := self.pages.get(request.path)) is None:
            return web.Response(status=404)
        tag = f'"{hash(html)}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        return web.Response(text=html, content_type="text/html", headers={"ETag": tag})


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
async def read(site: Site, serve: Serve, clock: Clock) -> Read:
    base = await serve(site)
    kept: dict[str, KeptPage] = {}

    async def visit(
        since: date | None = None, *, kind: str = "listing", path: str = "/hjbh/", max_pages: int = 50,
        dialect: str = "", interface: Interface | None = None,
    ) -> ColumnReading:  # fmt: skip
        column = SiteColumn(
            "county-site/environment", "county-site", "environment", kind, "环境保护", base + path,  # type: ignore[arg-type]
            dialect=dialect, interface=interface,
        )  # fmt: skip
        limits = Limits(delay=0, timeout=2, max_pages=max_pages)

        async def known(url: str) -> KeptPage | None:
            return kept.get(url)

        async with Fetcher(["127.0.0.1"], True, limits, clock) as fetcher:
            reading = await read_column(fetcher, column, SHANGHAI, since=since, kept=known)
        kept.update({one.url: one for one in reading.pages})
        return reading

    return visit


async def test_it_reads_to_the_end_where_nothing_bounds_it(read: Read) -> None:
    visit = (await read()).visit
    assert (visit.outcome, visit.reached, visit.pages, visit.entries) == (Outcome.READ, "end", 10, 100)
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
        Outcome.READ,
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
        assert (visit.outcome, visit.reached, visit.pages, visit.entries) == (Outcome.READ, date(2015, 9, 18), 2, 20)
        assert visit.note == "第 3 页未能读取：站点出错，状态码 500"

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
        (lambda: web.Response(status=404), Outcome.MISSING),
        (lambda: web.Response(status=412), Outcome.REFUSED),
        (lambda: web.Response(status=521, text="<script>document.cookie='__jsl';location.reload()</script>"), Outcome.REFUSED),
        (lambda: web.Response(text="<script>document.cookie='__jsl';location.reload()</script>", content_type="text/html"), Outcome.REFUSED),
        (lambda: web.Response(text="<title>用户登录</title><form>请先登录<input type=password></form>", content_type="text/html"), Outcome.REFUSED),
        (lambda: web.Response(text="<h1>您访问的页面不存在</h1>", content_type="text/html"), Outcome.REFUSED),
        (lambda: web.Response(status=503), Outcome.UNREACHABLE),
        (lambda: web.Response(text="<h1>栏目建设中</h1>", content_type="text/html"), Outcome.NOT_UNDERSTOOD),
        (lambda: web.Response(text="<p>welcome</p>", content_type="text/html"), Outcome.NOT_UNDERSTOOD),
        (lambda: web.Response(text="", content_type="text/html"), Outcome.NOT_UNDERSTOOD),
        (lambda: web.Response(text="{}", content_type="application/json"), Outcome.NOT_UNDERSTOOD),
        (lambda: web.Response(status=302, headers={"Location": "/"}), Outcome.REFUSED),
        (lambda: web.Response(status=302, headers={"Location": "http://elsewhere.example.org/"}), Outcome.FORBIDDEN),
        (lambda: web.Response(status=304), Outcome.NOT_UNDERSTOOD),
    ],
    ids=["404", "412", "521", "script reloads", "login", "soft 404", "503", "building", "no list", "nothing", "json", "sent home",
         "sent away", "unasked 304"],
)  # fmt: skip
async def test_could_not_look_is_never_an_empty_list(
    answer: Callable[[], web.Response], outcome: Outcome, site: Site, read: Read
) -> None:
    site.pages["/"] = f"<ul>{rows(days(date(2015, 9, 28), 9))}</ul>"
    site.answers["/hjbh/"] = answer()
    visit = (await read()).visit
    assert (visit.outcome, visit.reached, visit.entries, visit.pages) == (outcome, None, 0, 0)
    assert visit.note


async def test_an_empty_column_is_complete(site: Site, read: Read) -> None:
    site.pages["/hjbh/"] = "<html><body><h2>环境保护</h2><p>本栏目暂无信息。</p></body></html>"
    visit = (await read()).visit
    assert (visit.outcome, visit.reached, visit.entries) == (Outcome.READ, "end", 0)


async def test_a_page_that_only_sends_on_is_followed(site: Site, read: Read) -> None:
    site.pages["/hjbh/"] = '<html><head><meta http-equiv="refresh" content="0;url=list.html"></head></html>'
    site.pages["/hjbh/list.html"] = f"<ul>{rows(days(date(2015, 9, 28), 9))}</ul>"
    visit = (await read()).visit
    assert (visit.outcome, visit.reached, visit.entries) == (Outcome.READ, "end", 9)


class TestAPage:
    async def test_is_one_entry_under_its_own_address(self, site: Site, read: Read) -> None:
        site.pages["/jubao/"] = (
            "<html><title>在线举报-样例县人民政府</title><body><h1>在线举报</h1><form>举报内容<textarea></textarea>"
            "<p>环境违法行为在线举报，联系电话12369。</p></form></body></html>"
        )
        reading = await read(kind="page", path="/jubao/")
        assert (reading.visit.outcome, reading.visit.reached, reading.visit.entries) == (Outcome.READ, "end", 1)
        assert [one.url.rpartition("127.0.0.1")[2].partition("/")[2] for one in reading.sightings] == ["jubao/"]
        assert reading.article is not None
        assert "在线举报" in (reading.article.text or "")
        again = await read(kind="page", path="/jubao/")
        assert (again.unchanged, again.article, again.sightings) == (True, None, reading.sightings)

    async def test_that_is_not_there_is_missing(self, read: Read) -> None:
        reading = await read(kind="page", path="/nowhere/")
        assert (reading.visit.outcome, reading.status, reading.sightings) == (Outcome.MISSING, 404, ())


async def test_the_clock_is_the_one_handed_in(read: Read) -> None:
    visit = (await read()).visit
    assert visit.began_at == datetime(2015, 9, 30, 8, 0, 1, tzinfo=SHANGHAI)


class TestListsThatStandElsewhere:
    async def test_in_a_frame_of_the_same_host(self, site: Site, read: Read) -> None:
        site.pages["/lm/"] = (
            '<html><body><h2>环境保护</h2><iframe src="/hjbh/" width="100%" height="600"></iframe></body></html>'
        )
        visit = (await read(path="/lm/")).visit
        assert (visit.outcome, visit.reached, visit.pages, visit.entries) == (Outcome.READ, "end", 10, 100)
        again = await read(path="/lm/")
        assert (again.unchanged, again.visit.reached) == (True, "end")

    async def test_a_frame_that_cannot_be_read_fails_the_visit(self, site: Site, read: Read) -> None:
        site.pages["/lm/"] = '<html><body><h2>环境保护</h2><iframe src="/nowhere/" width="100%"></iframe></body></html>'
        visit = (await read(path="/lm/")).visit
        assert (visit.outcome, visit.reached, visit.entries) == (Outcome.MISSING, None, 0)

    async def test_frames_in_frames_end_somewhere(self, site: Site, read: Read) -> None:
        for n in range(5):
            site.pages[f"/f/{n}.html"] = (
                f'<html><body>框架<iframe src="/f/{n + 1}.html" width="100%"></iframe></body></html>'
            )
        visit = (await read(path="/f/0.html")).visit
        assert (visit.outcome, visit.note) == (Outcome.NOT_UNDERSTOOD, "页面一再指向别处，没有找到列表")

    async def test_in_the_files_of_an_index(self, site: Site, read: Read) -> None:
        files = "".join(f"<sitemap><loc>/{n}.xml</loc></sitemap>" for n in range(3))
        site.pages["/sitemap.xml"] = f"<sitemapindex>{files}</sitemapindex>"
        for n in range(3):
            site.pages[f"/{n}.xml"] = (
                f"<urlset><url><loc>/a/{n}.html</loc><lastmod>2015-09-0{n + 1}</lastmod></url></urlset>"
            )
        visit = (await read(path="/sitemap.xml")).visit
        assert (visit.reached, visit.pages, visit.entries) == ("end", 3, 3)
        del site.pages["/1.xml"]
        visit = (await read(path="/sitemap.xml")).visit
        assert (visit.outcome, visit.reached, visit.entries) == (Outcome.READ, None, 2)
        assert visit.note.startswith("第 2 页未能读取")

    async def test_a_feed_reaches_down_to_its_oldest_entry(self, site: Site, read: Read) -> None:
        items = "".join(
            f"<item><title>{day}公告</title><link>/a/{day}.html</link><pubDate>{day}</pubDate></item>"
            for day in days(date(2015, 9, 28), 20)
        )
        site.pages["/rss.xml"] = f"<rss><channel>{items}</channel></rss>"
        visit = (await read(path="/rss.xml")).visit
        assert (visit.reached, visit.note) == (date(2015, 9, 9), "只列出最新的条目，最早到 2015-09-09")


class TestListsThatAreAskedForWithAForm:
    @pytest.fixture
    def store(self, site: Site) -> Site:
        """A hundred records, ten in the page, thirty an answer; what was sent is kept in `site.asked`."""
        all_days = days(date(2015, 9, 28), 100)

        def records(first: int, last: int) -> str:
            pieces = "".join(f"<record><![CDATA[{rows([day])}]]></record>" for day in all_days[first - 1 : last])
            return f"<datastore><totalrecord>100</totalrecord><recordset>{pieces}</recordset></datastore>"

        site.pages["/hjbh/"] = (
            f'<html><body><div id="u1"><script type="text/xml">{records(1, 10)}</script></div><script>$("#u1").jpage({{perPage:10,'
            'proxyUrl:"/module/web/jpage/dataproxy.jsp",ajaxParam:{col:1,columnid:31,webname:"样例县"}})</script></body></html>'
        )
        self.post_answers = 200

        async def answer(request: web.Request) -> web.Response:
            if request.path != "/module/web/jpage/dataproxy.jsp":
                return await site.answer(request)
            site.asked.append(request.method)
            if request.method == "POST" and self.post_answers != 200:
                return web.Response(status=self.post_answers)
            sent = await request.post() if request.method == "POST" else request.query
            if (sent.get("columnid"), sent.get("webname")) != ("31", "样例县"):
                return web.Response(text="<datastore></datastore>", content_type="text/html")
            first, last = int(request.query["startrecord"]), int(request.query["endrecord"])
            return web.Response(text=records(first, last), content_type="text/html")

        site.handler = answer
        return site

    async def test_as_a_browser_does(self, store: Site, read: Read) -> None:
        visit = (await read()).visit
        assert (visit.outcome, visit.reached, visit.pages, visit.entries) == (Outcome.READ, "end", 4, 100)
        assert store.asked == ["/hjbh/", "POST", "POST", "POST"]
        again = await read()
        assert (again.unchanged, again.visit.entries) == (True, 100)

    async def test_no_further_than_needed(self, store: Site, read: Read) -> None:
        visit = (await read(date(2015, 9, 10))).visit
        assert (visit.reached, visit.pages) == (date(2015, 8, 19), 3)

    @pytest.mark.parametrize("status", [404, 405, 501])
    async def test_in_the_address_where_the_server_takes_no_form(self, status: int, store: Site, read: Read) -> None:
        self.post_answers = status
        visit = (await read()).visit
        assert (visit.reached, visit.entries) == ("end", 100)
        assert store.asked == ["/hjbh/", "POST", "GET", "GET", "GET"]

    async def test_an_answer_without_records_ends_nothing(self, store: Site, read: Read) -> None:
        store.pages["/hjbh/"] = store.pages["/hjbh/"].replace("columnid:31", "columnid:99")
        visit = (await read()).visit
        assert (visit.outcome, visit.entries) == (Outcome.READ, 10)
        assert visit.reached != "end"


class TestTheRuleForcesADialect:
    async def test_what_was_kept_in_another_manner_is_read_anew(self, site: Site, read: Read) -> None:
        await read(path="/hjbh/index_9.html")
        assert (await read(path="/hjbh/index_9.html")).unchanged
        forced = await read(path="/hjbh/index_9.html", dialect="boda")
        assert (forced.visit.outcome, forced.visit.entries) == (Outcome.NOT_UNDERSTOOD, 0)
        assert not (await read(path="/hjbh/index_9.html", dialect="list")).unchanged
        assert (await read(path="/hjbh/index_9.html", dialect="list")).unchanged

    async def test_an_interface_is_read_to_its_last_page(self, site: Site, read: Read) -> None:
        described = Interface(items="list", title="t", url="u", date="d", pages="n", page="p")

        async def answer(request: web.Request) -> web.Response:
            number = int(request.query.get("p", "1"))
            items = [
                {"t": f"{day}公告", "u": f"/a/{day}.html", "d": f"{day}"} for day in days(date(2015, 9, 30 - number), 1)
            ]
            return web.json_response({"list": items, "n": 3})

        site.handler = answer
        visit = (await read(path="/api", dialect="interface", interface=described)).visit
        assert (visit.outcome, visit.reached, visit.entries) == (Outcome.READ, "end", 3)


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
    assert (visit.reached, visit.note) == (date(2015, 9, 28), "页面没有传完，后面的条目没有看到")
    assert visit.entries >= 10


async def test_an_old_page_that_is_never_closed_ends_with_its_foot(site: Site, read: Read) -> None:
    site.pages["/hjbh/"] = f"<HTML><BODY><UL>{rows(days(date(2015, 9, 28), 9))}</UL><HR>样例县环保局 版权所有 2006"
    assert (await read()).visit.reached == "end"


class TestListsOfOneYearEach:
    def years(self, site: Site, address: str) -> None:
        for year, newest in ((2015, date(2015, 9, 28)), (2014, date(2014, 12, 30)), (2013, date(2013, 12, 30))):
            links = "".join(f"<a href='{address.format(other)}'>{other}年</a>" for other in (2015, 2014, 2013))
            path = "/hjbh/" if year == 2015 else address.format(year)
            site.pages[path] = f"<html><body><ul>{rows(days(newest, 5))}</ul><div class='y'>{links}</div></body></html>"

    async def test_are_one_column(self, site: Site, read: Read) -> None:
        self.years(site, "/hjbh/{}/")
        visit = (await read()).visit
        assert (visit.reached, visit.pages, visit.entries) == ("end", 3, 15)

    async def test_are_read_no_further_than_needed(self, site: Site, read: Read) -> None:
        self.years(site, "/hjbh/{}/")
        assert (await read(date(2015, 1, 1))).visit.pages == 2

    async def test_of_other_columns_are_not(self, site: Site, read: Read) -> None:
        self.years(site, "/ztzl/{}/")
        visit = (await read()).visit
        assert (visit.reached, visit.entries) == ("end", 5)

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
        assert (visit.reached, visit.pages, visit.entries) == ("end", 2, 14)
        visit = (await read(date(2015, 1, 1))).visit
        assert visit.reached == "end"
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


async def test_a_row_out_of_reach_leaves_in_doubt_what_came_before_it(site: Site, read: Read) -> None:
    lost = "<li><a href='javascript:view(7)'>环境监测年度总结报告</a><span>2015-09-25</span></li>"
    listed = days(date(2015, 9, 28), 20)
    site.pages["/hjbh/"] = f"<html><body><ul>{rows(listed[:3])}{lost}{rows(listed[3:])}</ul></body></html>"
    visit = (await read()).visit
    assert (visit.reached, visit.entries) == (date(2015, 9, 25), 20)
    assert visit.note.startswith("列表中有 1 条没有可打开的链接")
    visit = (await read(date(2015, 9, 26))).visit
    assert visit.reached == date(2015, 9, 25)
