"""Lists that stand elsewhere than on the page itself: in frames, indexes, feeds, forms, interfaces."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from datetime import date

import pytest
from aiohttp import web

from tests.evidence.columns.column_site import Read, Site, days, rows
from tracker.core.law.county import Interface
from tracker.core.values.facts import VisitOutcome


class TestListsThatStandElsewhere:
    async def test_in_a_frame_of_the_same_host(self, site: Site, read: Read) -> None:
        site.pages["/lm/"] = (
            '<html><body><h2>环境保护</h2><iframe src="/hjbh/" width="100%" height="600"></iframe></body></html>'
        )
        visit = (await read(path="/lm/")).visit
        assert (visit.outcome, visit.reached, visit.pages, visit.entries) == (VisitOutcome.READ, "end", 10, 100)
        again = await read(path="/lm/")
        assert (again.unchanged, again.visit.reached) == (True, "end")

    async def test_a_frame_that_cannot_be_read_fails_the_visit(self, site: Site, read: Read) -> None:
        site.pages["/lm/"] = '<html><body><h2>环境保护</h2><iframe src="/nowhere/" width="100%"></iframe></body></html>'
        visit = (await read(path="/lm/")).visit
        assert (visit.outcome, visit.reached, visit.entries) == (VisitOutcome.NOT_FOUND, None, 0)

    async def test_frames_in_frames_end_somewhere(self, site: Site, read: Read) -> None:
        for n in range(5):
            site.pages[f"/f/{n}.html"] = (
                f'<html><body>框架<iframe src="/f/{n + 1}.html" width="100%"></iframe></body></html>'
            )
        visit = (await read(path="/f/0.html")).visit
        assert (visit.outcome, visit.note) == (VisitOutcome.NOT_UNDERSTOOD, "页面一再指向别处，没有找到列表")

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
        assert (visit.outcome, visit.reached, visit.entries) == (VisitOutcome.READ, None, 2)
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
        assert (visit.outcome, visit.reached, visit.pages, visit.entries) == (VisitOutcome.READ, "end", 4, 100)
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
        assert (visit.outcome, visit.entries) == (VisitOutcome.READ, 10)
        assert visit.reached != "end"


class TestTheRuleForcesADialect:
    async def test_what_was_kept_in_another_manner_is_read_anew(self, site: Site, read: Read) -> None:
        await read(path="/hjbh/index_9.html")
        assert (await read(path="/hjbh/index_9.html")).unchanged
        forced = await read(path="/hjbh/index_9.html", dialect="boda")
        assert (forced.visit.outcome, forced.visit.entries) == (VisitOutcome.NOT_UNDERSTOOD, 0)
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
        assert (visit.outcome, visit.reached, visit.entries) == (VisitOutcome.READ, "end", 3)

    @pytest.mark.parametrize(
        ("last", "reached"),
        [
            ({"list": []}, "end"),
            ({"list": [], "code": 404, "msg": "没有更多数据"}, "end"),
            ({"list": [], "code": 500, "msg": "系统异常"}, date(2015, 9, 28)),
            ({"list": [], "success": False}, date(2015, 9, 28)),
            ({"list": [], "n": 5}, date(2015, 9, 28)),
        ],
    )
    async def test_an_interface_that_fails_behind_its_second_page_ends_nothing(
        self, last: dict[str, object], reached: object, site: Site, read: Read
    ) -> None:
        counted = {"n": 5} if "n" in last else {}
        described = Interface(items="list", title="t", url="u", date="d", pages="n", page="p")

        async def answer(request: web.Request) -> web.Response:
            number = int(request.query.get("p", "1"))
            items = [
                {"t": f"{day}公告", "u": f"/a/{day}.html", "d": f"{day}"} for day in days(date(2015, 9, 30 - number), 1)
            ]
            return web.json_response({"list": items, **counted} if number < 3 else last)

        site.handler = answer
        assert (await read(path="/api", dialect="interface", interface=described)).visit.reached == reached
