"""The systems that county sites run on, each in the manners in which it is met."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tracker.core.law.county import DIALECTS
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.profile import dialects
from tracker.evidence.wrappers.values import Ask, Listing, ReadSoFar

PageOf = Callable[..., Page]
ZONE = ZoneInfo("Asia/Shanghai")
SITE = "http://www.yangli.gov.cn"

TITLES = ["2015年8月份水环境质量状况", "关于公布重点监管对象名录的公告", "建设项目环评受理情况公示（2015年第9号）"]
DAYS = [date(2015, 9, 28), date(2015, 9, 10), date(2015, 8, 31)]
ROWS = list(zip(range(103, 100, -1), TITLES, DAYS, strict=True))
TRUTH = list(zip(TITLES, DAYS, strict=True))

AROUND = """<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a></div>{}
<div class="hot"><h3>热点新闻</h3><ul><li><a href="/news/1.html">全县经济工作会议胜利召开部署重点工作</a><span>09-29</span></li></ul></div>
<div class="foot">主办：样例县人民政府 <a href="/wzdt/">网站地图</a></div>"""


def page(body: str) -> str:
    return f"<html><head><title>环境保护-样例县人民政府</title></head><body>{AROUND.format(body)}</body></html>"


def rows(row: str) -> str:
    return "".join(row.format(id=i, title=t, d=d) for i, t, d in ROWS)


def seen(listing: Listing) -> list[tuple[str, object]]:
    assert listing.understood, listing.reason
    return [(one.title, one.claimed) for one in listing.sightings]


def test_rules_may_name_each_profile_and_each_kind() -> None:
    assert dialects() | {"feed", "sitemap", "interface", "table", "list"} == set(DIALECTS)


class TestTrs:
    LIST = (
        '<ul class="lb">'
        + rows('<li><a href="./{d:%Y%m}/t{d:%Y%m%d}_{id}.html">{title}</a><span>{d:%Y-%m-%d}</span></li>')
        + "</ul>"
    )

    def test_rows_and_pager(self, page_of: PageOf) -> None:
        listing = parse_listing(page_of(page(self.LIST + '<script>createPageHTML(12, 0, "index", "html");</script>')))
        assert (listing.dialect, seen(listing)) == ("trs", TRUTH)
        assert listing.sightings[0].url == f"{SITE}/hjbh/201509/t20150928_103.html"
        assert (listing.next, listing.total) == (Ask(f"{SITE}/hjbh/index_1.html"), 12)

    def test_days_come_from_the_addresses_where_none_is_printed(self, page_of: PageOf) -> None:
        html = rows('<li><a href="./{d:%Y%m}/t{d:%Y%m%d}_{id}.html">{title}</a></li>')
        listing = parse_listing(page_of(page(f"<ul>{html}</ul>")))
        assert seen(listing) == TRUTH
        assert all(one.inferred for one in listing.sightings)

    def test_no_pages_at_all_is_an_empty_column(self, page_of: PageOf) -> None:
        html = '<html><body><h2>环境保护</h2><ul></ul><script>createPageHTML(0, 0, "index", "html");</script></body></html>'
        listing = parse_listing(page_of(html))
        assert (listing.understood, listing.sightings) == (True, ())

    def test_one_page_without_rows_is_not_empty(self, page_of: PageOf) -> None:
        html = '<html><body><h2>环境保护</h2><ul></ul><script>createPageHTML(1, 0, "index", "html");</script></body></html>'
        assert not parse_listing(page_of(html)).understood


class TestBoda:
    PAGER = '<div class="pb"><span>共230条</span> <span>1/12</span> <a href="hjbh/11.htm" class="Next">下页</a> <a href="hjbh/1.htm" class="Last">尾页</a></div>'

    TABLE_ROW = '<tr id="line_u9_{id}" height="20"><td><img src="a.gif"></td><td><a href="info/1021/{id}.htm">{title}</a></td><td>{d:%Y/%m/%d}</td></tr>'

    @pytest.mark.parametrize(
        "row",
        [
            '<li id="line_u9_{id}"><a href="info/1021/{id}.htm">{title}</a><span>{d:%Y/%m/%d}</span></li>',
            '<li id="line_u9_{id}"><span>{d:%Y-%m-%d}</span><a href="info/1021/{id}.htm" title="{title}">{title:.5}...</a></li>',
            '<li id="line_u9_{id}"><a href="info/1021/{id}.htm"><em>{title}</em><i>{d:%Y年%m月%d日}</i></a></li>',
            TABLE_ROW,
            '<li id="lineu9_{id}"><div class="d"><b>{d:%d}</b><i>{d:%Y-%m}</i></div><a href="info/1021/{id}.htm">{title}</a><p>为贯彻落实上级部署，现将情况公布。</p></li>',
        ],
    )
    def test_marked_rows(self, row: str, page_of: PageOf) -> None:
        inner = rows(row)
        body = f"<table>{inner}</table>" if row.startswith("<tr") else f"<ul>{inner}</ul>"
        listing = parse_listing(page_of(page(body + self.PAGER), url=f"{SITE}/hjbh.htm"))
        assert (listing.dialect, seen(listing)) == ("boda", TRUTH)
        assert listing.sightings[0].url == f"{SITE}/info/1021/103.htm"
        assert (listing.next, listing.total, listing.items) == (Ask(f"{SITE}/hjbh/11.htm"), 12, 230)

    def test_one_row_is_a_list(self, page_of: PageOf) -> None:
        html = page('<ul><li id="line_u9_0"><a href="info/1021/9.htm">权力清单</a></li></ul>')
        assert seen(parse_listing(page_of(html, url=f"{SITE}/hjbh.htm"))) == [("权力清单", None)]

    def test_the_last_page_ends_the_list(self, page_of: PageOf) -> None:
        inner = rows('<li id="line_u9_{id}"><a href="../info/1021/{id}.htm">{title}</a><span>{d:%Y/%m/%d}</span></li>')
        pager = '<div>共230条 12/12 <a href="../hjbh.htm">首页</a> <a href="2.htm">上页</a> <span class="NextDisabled">下页</span></div>'
        listing = parse_listing(page_of(page(f"<ul>{inner}</ul>{pager}"), url=f"{SITE}/hjbh/1.htm"))
        assert (listing.following(12), listing.more, listing.total) == (None, False, 12)


class TestJcms:
    RECORD = "<record><![CDATA[<li><a href='/art/2015/9/{d.day}/art_31_{id}.html' title='{title}' target='_blank'>{title:.4}...</a><b>{d:%Y-%m-%d}</b></li>]]></record>"
    SETTINGS = """<script>$(function(){{ $('#u4455').jpage({{ themeName:'default', dataBefore:'<ul>', dataAfter:'</ul>', perPage: 15,
        totalRecord: {total}, proxyUrl: '/module/web/jpage/dataproxy.jsp', ajaxParam: {{ col:1, appid:1, webid:"36", path:'/', columnid:31,
        sourceContentType:1, unitid:4455, webname:'样例县', permissiontype:0 }} }}); }});</script>"""
    FORM = (("col", "1"), ("appid", "1"), ("webid", "36"), ("path", "/"), ("columnid", "31"), ("sourceContentType", "1"),
            ("unitid", "4455"), ("webname", "样例县"), ("permissiontype", "0"))  # fmt: skip

    def store(self, record: str = RECORD, head: str = "") -> str:
        return f"<datastore>{head}<recordset>{rows(record)}</recordset></datastore>"

    @pytest.mark.parametrize(
        "frame",
        ['<div id="u4455"><script type="text/xml">{}</script></div>', "<div id='u4455'><!-- {} --></div>",
         '<xml id="d">{}</xml>', '<textarea style="display:none">{}</textarea>'],
        ids=["script", "comment", "element", "textarea"],
    )  # fmt: skip
    def test_rows_in_a_store(self, frame: str, page_of: PageOf) -> None:
        html = page(frame.format(self.store()) + self.SETTINGS.format(total=3))
        listing = parse_listing(page_of(html, url=f"{SITE}/col/col31/index.html"))
        assert (listing.dialect, seen(listing)) == ("jcms", TRUTH)
        assert listing.sightings[0].url == f"{SITE}/art/2015/9/28/art_31_103.html"
        assert (listing.next, listing.more, listing.items) == (None, False, 3)

    @pytest.mark.parametrize(
        "record",
        [
            "<record><![CDATA[<tr><td><a href='/art/{id}.html'>{title}</a></td><td>环保局</td><td>{d:%Y-%m-%d}</td></tr>]]></record>",
            "<record>&lt;li&gt;&lt;a href='/art/{id}.html'&gt;{title}&lt;/a&gt;&lt;span&gt;{d:%Y-%m-%d}&lt;/span&gt;&lt;/li&gt;</record>",
            "<record><![CDATA[\n<div class='x'>[<a href='/col/col9/'>公告</a>]<a href='/art/{id}.html'>{title}</a> ({d:%Y-%m-%d})</div>\n]]></record>",
            "<record><![CDATA[<table width='100%'><tr><td>·</td><td><a href='/art/{id}.html' title='{title}'>{title:.3}…</a></td><td>[{d:%Y-%m-%d}]</td></tr></table>]]></record>",
        ],
        ids=["table rows", "escaped", "category", "tables"],
    )
    def test_records_of_all_kinds(self, record: str, page_of: PageOf) -> None:
        html = page(f'<script type="text/xml">{self.store(record)}</script>' + self.SETTINGS.format(total=3))
        assert seen(parse_listing(page_of(html))) == TRUTH

    def test_further_pages_are_asked_for_with_a_form(self, page_of: PageOf) -> None:
        html = page(f'<script type="text/xml">{self.store()}</script>' + self.SETTINGS.format(total=100))
        listing = parse_listing(page_of(html, url=f"{SITE}/col/col31/index.html"))
        address = f"{SITE}/module/web/jpage/dataproxy.jsp?startrecord=4&endrecord=48&perpage=15"
        assert listing.next == Ask(address, self.FORM)
        assert listing.items == 100
        answer = Page(
            address,
            self.store(head="<totalrecord>100</totalrecord>").encode(),
            ZONE,
            date(2015, 9, 30),
            "text/html",
            self.FORM,
        )
        second = parse_listing(answer)
        assert (second.dialect, seen(second)) == ("jcms", TRUTH)
        assert second.next == Ask(address.replace("=4&", "=7&").replace("=48&", "=51&"), self.FORM)

    def test_the_fields_may_stand_among_the_settings(self, page_of: PageOf) -> None:
        settings = (
            self.SETTINGS.format(total=100)
            .replace("ajaxParam: { ", "")
            .replace("permissiontype:0 }", "permissiontype:0")
        )
        assert "ajaxParam" not in settings
        html = page(f'<script type="text/xml">{self.store()}</script>' + settings)
        listing = parse_listing(page_of(html, url=f"{SITE}/col/col31/index.html?uid=4455&pageNum=1"))
        assert listing.next == Ask(
            f"{SITE}/module/web/jpage/dataproxy.jsp?startrecord=4&endrecord=48&perpage=15", self.FORM
        )

    def test_settings_that_name_no_column_ask_for_nothing(self, page_of: PageOf) -> None:
        settings = (
            "<script>$('#u1').jpage({perPage:15,totalRecord:100,proxyUrl:'/module/web/jpage/dataproxy.jsp'});</script>"
        )
        html = page(f'<script type="text/xml">{self.store()}</script>{settings}')
        listing = parse_listing(page_of(html, url=f"{SITE}/col/col31/index.html"))
        assert (listing.next, listing.more) == (None, True)

    def test_the_last_answer_ends_the_list(self, page_of: PageOf) -> None:
        address = f"{SITE}/module/web/jpage/dataproxy.jsp?startrecord=98&endrecord=100&perpage=15"
        xml = '<?xml version="1.0" encoding="utf-8"?>' + self.store(head="<totalrecord>100</totalrecord>")
        listing = parse_listing(page_of(xml, url=address, content_type="text/xml"))
        assert (seen(listing), listing.next, listing.more) == (TRUTH, None, False)

    def test_the_next_group_is_followed_where_the_page_names_no_fields(self, page_of: PageOf) -> None:
        head = '<totalrecord>61</totalrecord><totalpage>5</totalpage><nextgroup><![CDATA[<a href="./dataproxy.jsp?page=2&amp;appid=1&amp;webid=36"></a>]]></nextgroup>'
        url = f"{SITE}/module/jpage/dataproxy.jsp?page=1"
        listing = parse_listing(page_of(self.store(head=head), url=url, content_type="text/xml"))
        assert (seen(listing), listing.next) == (
            TRUTH,
            Ask(f"{SITE}/module/jpage/dataproxy.jsp?page=2&appid=1&webid=36"),
        )

    def test_an_empty_store_that_says_so_is_empty(self, page_of: PageOf) -> None:
        html = page(
            "<script type='text/xml'><datastore><totalrecord>0</totalrecord><recordset></recordset></datastore></script>"
        )
        listing = parse_listing(page_of(html))
        assert (listing.understood, listing.sightings) == (True, ())

    def test_an_empty_store_that_does_not_is_not(self, page_of: PageOf) -> None:
        html = page("<script type='text/xml'><datastore><recordset></recordset></datastore></script>")
        assert not parse_listing(page_of(html)).understood

    def test_a_store_that_is_filled_later_is_asked_for(self, page_of: PageOf) -> None:
        listing = parse_listing(page_of(page("<div id='u4455'></div>" + self.SETTINGS.format(total=100))))
        assert listing.parts == (
            Ask(f"{SITE}/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=45&perpage=15", self.FORM),
        )

    def test_two_stores_are_no_whole_list(self, page_of: PageOf) -> None:
        other = self.store().replace("art_31", "art_52")
        for title in TITLES:
            other = other.replace(title, f"另一栏目的{title}")
        html = page(f"<script type='text/xml'>{self.store()}</script><script type='text/xml'>{other}</script>")
        listing = parse_listing(page_of(html))
        assert listing.digest
        assert set(TRUTH) <= set(seen(listing))

    UNIT = """<script src="/u.js" parseType="bulidstatic" url="/api-gateway/jpaas-publish-server/front/page/build/unit"
        queryData="{'parseType':'bulidstatic','webId':'36','tplSetId':'Qx1','pageType':'column','tagId':'%s','editType':'null','pageId':'31'}"></script>"""

    def test_the_unit_that_is_the_list_is_asked_for(self, page_of: PageOf) -> None:
        listing = parse_listing(page_of(page(self.UNIT % "栏目名称" + self.UNIT % "信息列表")))
        assert [one.url.partition("?")[0] for one in listing.parts] == [
            f"{SITE}/api-gateway/jpaas-publish-server/front/page/build/unit"
        ]
        assert "tagId=%E4%BF%A1%E6%81%AF%E5%88%97%E8%A1%A8" in listing.parts[0].url

    def test_units_that_cannot_be_told_apart_are_not_guessed(self, page_of: PageOf) -> None:
        assert not parse_listing(page_of(page(self.UNIT % "一" + self.UNIT % "二"))).understood

    def test_the_answer_of_a_unit(self, page_of: PageOf) -> None:
        inner = rows('<li><a href="/art/{id}.html">{title}</a><span>{d:%Y-%m-%d}</span></li>')
        markup = f'<ul>{inner}</ul><div class="pagination" pageNo="1" rows="3" count="8"></div>'
        url = f"{SITE}/api-gateway/jpaas-publish-server/front/page/build/unit?webId=36&pageId=31"
        listing = parse_listing(
            page_of(json.dumps({"success": True, "data": {"html": markup}}), url=url, content_type="application/json")
        )
        assert (seen(listing), listing.total) == (TRUTH, 3)
        assert listing.next == Ask(url + "&paramJson=%7B%22pageNo%22%3A+2%2C+%22pageSize%22%3A+3%7D")


class TestUcap:
    HERE = f"{SITE}/common/search/0123456789abcdef0123456789abcdef?_isAgg=true&_isJson=true&_pageSize=3&_template=index&page=1"

    def answer(self, results: object, **also: object) -> str:
        return json.dumps({"data": {"results": results, "page": 1, "rows": 3, **also}})

    def items(self) -> list[dict[str, object]]:
        return [
            {
                "title": t,
                "url": f"/hjbh/content/post_{i}.html",
                "publishedTimeStr": f"{d:%Y-%m-%d} 00:00:00",
                "source": "县环保局",
            }
            for i, t, d in ROWS
        ]

    def test_a_column_that_is_json(self, page_of: PageOf) -> None:
        listing = parse_listing(
            page_of(self.answer(self.items(), total=8), url=self.HERE, content_type="application/json")
        )
        assert (listing.dialect, seen(listing)) == ("ucap", TRUTH)
        assert listing.sightings[0].publisher == "县环保局"
        assert (listing.next, listing.total) == (Ask(self.HERE.replace("page=1", "page=2")), 3)

    def test_milliseconds_since_1970(self, page_of: PageOf) -> None:
        at = datetime(2015, 9, 28, 9, 30, tzinfo=ZONE)
        items = [{"title": "公告", "url": "content/post_9.html", "publishedTime": int(at.timestamp() * 1000)}]
        assert seen(parse_listing(page_of(self.answer(items, total=1), url=self.HERE))) == [("公告", at)]

    def test_markup_in_titles_and_callbacks(self, page_of: PageOf) -> None:
        items = [
            {
                "title": "关于<em>水环境</em>&nbsp;的公告",
                "url": "//www.yangli.gov.cn/a/1.html",
                "publishTime": "2015-09-28",
            }
        ]
        listing = parse_listing(
            page_of(f"show({self.answer(items, total=1)});", url=self.HERE, content_type="text/javascript")
        )
        assert seen(listing) == [("关于水环境 的公告", date(2015, 9, 28))]

    @pytest.mark.parametrize(
        ("text", "understood"),
        [
            ('{"data":{"results":[],"total":0}}', True),
            ('{"code":200,"data":{"results":[],"total":"0"}}', True),
            ('{"data":{"results":[]}}', False),
            ('{"code":500,"msg":"系统繁忙","data":{"results":[],"total":0}}', False),
            ('{"code":500,"data":null}', False),
            ("{}", False),
            ("[]", False),
            ('{"data":', False),
            ('{"data":[{"id":1}]}', False),
        ],
    )
    def test_only_its_own_word_makes_it_empty(self, text: str, understood: bool, page_of: PageOf) -> None:
        listing = parse_listing(page_of(text, url=self.HERE, content_type="application/json"))
        assert (listing.understood, listing.sightings) == (understood, ())
        assert listing.understood or listing.reason

    def test_other_interfaces_in_the_same_manner(self, page_of: PageOf) -> None:
        rows = [{"title": t, "link": f"/a/{i}.html", "pubDate": f"{d:%Y/%m/%d}"} for i, t, d in ROWS]
        listing = parse_listing(
            page_of(json.dumps({"list": rows}), url=f"{SITE}/hjbh/data/list.json", content_type="application/json")
        )
        assert (seen(listing), listing.more) == (TRUTH, True)

    @pytest.mark.parametrize(
        "script",
        [
            'var channelId="0123456789abcdef0123456789abcdef"; $.ajax({url: "/common/search/" + channelId + "?_isAgg=true&_isJson=true&_pageSize=20&page=" + n})',
            '$.get("/common/search/0123456789abcdef0123456789abcdef?_isAgg=true&_isJson=true&_pageSize=20&_template=index&page=1", show)',
            "let channelid = '0123456789abcdef0123456789abcdef'; fetch(`/common/search/${channelid}?_isJson=true&page=${n}`)",
        ],
    )
    def test_a_page_that_asks_such_an_interface(self, script: str, page_of: PageOf) -> None:
        listing = parse_listing(page_of(page(f"<ul id='list'></ul><script>{script}</script>")))
        assert [one.url.partition("?")[0] for one in listing.parts] == [
            f"{SITE}/common/search/0123456789abcdef0123456789abcdef"
        ]
        assert "_isJson=true" in listing.parts[0].url
        assert "page=1" in listing.parts[0].url

    def test_a_list_that_stands_in_the_page_goes_before(self, page_of: PageOf) -> None:
        plain = (
            "<ul>"
            + rows('<li><a href="/hjbh/content/post_{id}.html">{title}</a><span>{d:%Y-%m-%d}</span></li>')
            + "</ul>"
        )
        script = '<script>$.get("/common/search/0123456789abcdef0123456789abcdef?_isJson=true", hot)</script>'
        assert seen(parse_listing(page_of(page(plain + script)))) == TRUTH


class TestADialectThatTheRuleForces:
    def test_only_that_reader_is_asked(self, page_of: PageOf) -> None:
        html = page("<ul>" + rows('<li><a href="/hjbh/{id}.html">{title}</a><span>{d}</span></li>') + "</ul>")
        assert parse_listing(page_of(html), "list").dialect == "list"
        for other in ("feed", "sitemap", "jcms", "ucap", "trs", "boda", "table"):
            listing = parse_listing(page_of(html), other)
            assert (listing.understood, listing.reason) == (False, f"页面不是规则所定的列表（{other}），版式可能已变")

    def test_a_kind_is_that_of_any_system(self, page_of: PageOf) -> None:
        first = parse_listing(page_of(page(TestTrs.LIST)), "list")
        assert (first.dialect, seen(first)) == ("trs", TRUTH)
        further = page_of(page(TestTrs.LIST), url=f"{SITE}/hjbh/index_1.html")
        assert seen(parse_listing(further, "list", so_far=ReadSoFar(first.wrapper, number=2))) == TRUTH
        heads = "<div><div><span>信息名称</span><span>发布日期</span></div>"
        lines = rows('<div class="r"><span><a href="/hjbh/{id}.html">{title}</a></span><span>{d}</span></div>')
        for html in (heads + lines, f"<table>{rows(TestBoda.TABLE_ROW)}</table>"):
            assert seen(parse_listing(page_of(page(html)), "table")) == TRUTH
        items = json.dumps({"list": TestUcap().items()})
        assert seen(parse_listing(page_of(items, url=f"{SITE}/hjbh/list.json"), "ucap")) == TRUTH
        empty = parse_listing(page_of('{"list":[],"total":0}', url=f"{SITE}/hjbh/list.json"), "ucap")
        assert (empty.understood, empty.sightings) == (True, ())

    def test_a_page_that_says_it_is_empty_is_not_what_the_rule_says(self, page_of: PageOf) -> None:
        assert not parse_listing(page_of("<html><body><p>本栏目暂无信息</p></body></html>"), "trs").understood

    def test_a_barrier_is_still_told(self, page_of: PageOf) -> None:
        listing = parse_listing(
            page_of("<html><title>用户登录</title><form>请先登录<input type=password></form></html>"), "boda"
        )
        assert listing.barrier == "login"
