"""What a column's page lists: the manners of county systems, and what must not be taken for an entry."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.values import Listing

PageOf = Callable[..., Page]
ZONE = ZoneInfo("Asia/Shanghai")

TITLES = ["2015年8月份水环境质量状况", "关于公布重点监管对象名录的公告", "建设项目环评受理情况公示（2015年第9号）"]
DAYS = [date(2015, 9, 28), date(2015, 9, 10), date(2015, 8, 31)]
ROWS = list(zip(range(103, 100, -1), TITLES, DAYS, strict=True))

HEAD = """<div class="header"><h1>样例县人民政府</h1><div class="date">今天是2015年9月30日 星期三</div></div>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/hdjl/">互动交流</a></li>
<li><a href="/bmfw/">便民服务</a></li></ul></div>
<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/hjbh/">环境保护</a></div>"""
LEFT = """<div class="left"><h3>公开目录</h3><ul class="tree"><li><a href="/zwgk/jggk/">机构概况</a></li><li><a href="/zwgk/fgwj/">法规文件</a></li>
<li><a href="/zwgk/ghjh/">规划计划</a></li><li><a href="/hjbh/">环境保护</a></li></ul></div>"""
FOOT = """<div class="footer"><a href="/wzdt/">网站地图</a> <a href="/lxwm/">联系我们</a> <p>主办：样例县人民政府办公室
版权所有 2010-2015 更新时间：2015-09-30 <a href="http://www.miibeian.gov.cn/">皖ICP备05000000号</a></p></div>"""


def whole(body: str) -> str:
    return f"<html><head><title>环境保护-样例县人民政府</title></head><body>{HEAD}{LEFT}<div class='main'>{body}</div>{FOOT}</body></html>"


def ul(row: str) -> str:
    return f'<ul class="list">{"".join(row.format(id=i, title=t, d=d) for i, t, d in ROWS)}</ul>'


def rows(row: str, before: str = "", after: str = "") -> str:
    return before + "".join(row.format(id=i, title=t, d=d, md=f"{d:%m-%d}") for i, t, d in ROWS) + after


MANNERS = {
    "plain list": ul('<li><a href="/hjbh/{id}.html">{title}</a><span>{d:%Y-%m-%d}</span></li>'),
    "date before the link": ul('<li><span class="time">[{d:%Y/%m/%d}]</span><a href="{id}.shtml">{title}</a></li>'),
    "dates in Chinese": ul('<li><a href="/hjbh/{id}.html">{title}</a> {d.year}年{d.month}月{d.day}日</li>'),
    "dots": ul('<li>·<a href="/hjbh/{id}.html">{title}</a><i>{d:%Y.%m.%d}</i></li>'),
    "date inside the link": ul(
        '<li><a href="/hjbh/{id}.html"><span class="t">{title}</span><em>{d:%Y-%m-%d}</em></a></li>'
    ),
    "day above year and month": ul(
        '<li><div class="rq"><b>{d:%d}</b><p>{d:%Y-%m}</p></div><h4><a href="/hjbh/{id}.html">{title}</a></h4><p>摘要内容一段。</p></li>'
    ),
    "category before the title": ul(
        '<li>[<a href="/hjbh/gg/">公告</a>] <a href="/hjbh/{id}.html">{title}</a><span>{d:%Y-%m-%d}</span></li>'
    ),
    "paragraphs": rows('<p><a href="/hjbh/{id}.html">{title}</a> ({d:%Y-%m-%d})</p>'),
    "divisions with summary": rows(
        '<div class="item"><h3><a href="/hjbh/{id}.html">{title}</a></h3><p>为了规范管理，现将有关情况公布……'
        '<a href="/hjbh/{id}.html">[详细]</a></p><div>发布时间：{d:%Y-%m-%d} 来源：环保局 点击：12</div></div>'
    ),
    "one cell, rows parted by br": rows(
        '<a href="/hjbh/{id}.html">{title}</a> [{d:%Y-%m-%d}]<br>', "<table><tr><td>", "</td></tr></table>"
    ),
    "definition list": rows('<dt><a href="/hjbh/{id}.html">{title}</a></dt><dd>{d:%Y-%m-%d}</dd>', "<dl>", "</dl>"),
    "layout table": rows(
        '<tr><td width="10">·</td><td><a href="/hjbh/{id}.html" target="_blank">{title}</a></td><td>{d:%Y-%m-%d}</td></tr>',
        "<table width='100%'><tr><td><table>",
        "</table></td></tr></table>",
    ),
    "a table each": rows(
        '<table width="98%"><tr><td><img src="dot.gif"></td><td><a href="/hjbh/{id}.html">{title}</a></td><td>{d:%Y-%m-%d}</td></tr></table>'
    ),
    "title in an attribute": ul(
        '<li><a href="/hjbh/{id}.html" title="{title}">{title:.6}…</a><span>{d:%Y-%m-%d}</span></li>'
    ),
    "particulars in an attribute": ul(
        '<li><a href="/hjbh/{id}.html" title="文章标题：{title}&#10;作者：佚名&#10;更新时间：2015-1-1">{title:.6}...</a>'
        "<span>{d:%Y-%m-%d}</span></li>"
    ),
    "picture link beside": ul(
        '<li><a href="/hjbh/{id}.html"><img src="a.jpg"></a><a href="/hjbh/{id}.html">{title}</a><span>{d:%Y-%m-%d}</span></li>'
    ),
    "lists of a few rows each": "".join(
        f'<ul class="list"><li><a href="/hjbh/{i}.html">{t}</a><span>{d:%Y-%m-%d}</span></li></ul><hr>'
        for i, t, d in ROWS
    ),
    "fonts for new ones": ul(
        '<li><a href="/hjbh/{id}.html"><font color="red">{title:.3}</font><b></b></a><span>{d:%Y-%m-%d}</span></li>'.replace(
            "{title:.3}", "{title}"
        )
    ),
    "two-digit years": ul('<li><a href="/hjbh/{id}.html">{title}</a><span>({d:%y-%m-%d})</span></li>'),
    "bullets in the link": ul('<li><a href="/hjbh/{id}.html">· {title}</a><span>{d:%Y-%m-%d}</span></li>'),
    "particulars in one line": rows(
        '<div class="i"><a href="/hjbh/{id}.html">{title}</a><p>{d:%Y-%m-%d} 来源：县环保局 浏览：3</p></div>'
    ),
    "particulars with a short label": rows(
        '<div class="i"><a href="/hjbh/{id}.html">{title}</a><p>来源：县环保局 时间：{d:%Y-%m-%d} 浏览：3</p></div>'
    ),
    "without year": ul('<li><a href="/hjbh/{id}.html">{title}</a><span>[{d:%m-%d}]</span></li>'),
    "without year, in Chinese": ul('<li><a href="/hjbh/{id}.html">{title}</a><span>{d.month}月{d.day}日</span></li>'),
}


def read(page: Page) -> Listing:
    listing = parse_listing(page)
    assert listing.understood, listing.reason
    return listing


@pytest.mark.parametrize("html", MANNERS.values(), ids=MANNERS)
def test_a_list_is_read_in_whatever_elements_it_stands(html: str, page_of: PageOf) -> None:
    seen = read(page_of(whole(html))).sightings
    assert [one.title for one in seen] == TITLES
    assert [one.claimed for one in seen] == DAYS
    assert [one.url.rpartition("/")[2].partition(".")[0] for one in seen] == ["103", "102", "101"]


CATALOGUE = """<table class="xxgk"><tr><th>索引号</th><th>信息名称</th><th>文号</th><th>成文日期</th><th>发布日期</th><th>发布机构</th></tr>{}</table>"""


def catalogue(row: str) -> str:
    return whole(CATALOGUE.format("".join(row.format(id=i, title=t, d=d) for i, t, d in ROWS)))


@pytest.mark.parametrize(
    "row",
    [
        '<tr><td>0001/{id}</td><td><a href="/hjbh/{id}.html">{title}</a></td><td>环〔2015〕9号</td><td>2015-01-01</td><td>{d:%Y-%m-%d}</td><td>环保局</td></tr>',
        '<tr><td><a href="/hjbh/{id}.html">0001/{id}</a></td><td>{title}</td><td></td><td>2015年1月1日</td><td>{d.year}年{d.month}月{d.day}日</td><td>环保局</td></tr>',
    ],
    ids=["link on the name", "link on the number"],
)
def test_a_catalogue_is_read_by_its_heads(row: str, page_of: PageOf) -> None:
    listing = read(page_of(catalogue(row)))
    assert listing.dialect == "table"
    assert [(one.title, one.claimed, one.publisher) for one in listing.sightings] == [
        (title, day, "环保局") for title, day in zip(TITLES, DAYS, strict=True)
    ]


def test_a_list_without_dates_is_read_where_it_is_plainly_one(page_of: PageOf) -> None:
    seen = read(page_of(whole(ul('<li><a href="/hjbh/{id}.html">{title}</a></li>')))).sightings
    assert [(one.title, one.claimed) for one in seen] == [(title, None) for title in TITLES]


def test_one_entry_is_a_list(page_of: PageOf) -> None:
    html = whole('<ul class="list"><li><a href="/hjbh/9.html">县环保局权力清单</a><span>2015-09-25</span></li></ul>')
    assert [(one.title, one.claimed) for one in read(page_of(html)).sightings] == [
        ("县环保局权力清单", date(2015, 9, 25))
    ]


def test_an_hour_is_kept_in_the_countys_zone(page_of: PageOf) -> None:
    html = whole('<ul><li><a href="/hjbh/9.html">县环保局权力清单</a><span>2015-09-25 09:30</span></li></ul>')
    assert read(page_of(html)).sightings[0].claimed == datetime(2015, 9, 25, 9, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    "beside",
    [
        "<b>[县环保局]</b><span>{d:%Y-%m-%d}</span>",
        "<span>来源：县环保局　发布时间：{d:%Y-%m-%d}</span>",
        "<p>发布机构：<b>县环保局</b></p><span>{d:%Y-%m-%d}</span>",
        "<p>信息来源: 县环保局 | 浏览：12次</p><span>{d:%Y-%m-%d}</span>",
    ],
)
def test_the_publisher_beside_a_row_is_read(beside: str, page_of: PageOf) -> None:
    html = whole(ul(f'<li><a href="/hjbh/{{id}}.html">{{title}}</a>{beside}</li>'))
    assert [one.publisher for one in read(page_of(html)).sightings] == ["县环保局"] * 3


SIDE = '<div class="hot"><h3>热点信息</h3><ul>{}</ul></div>'.format(
    "".join(
        f'<li><a href="/news/{i}.html">全县经济工作会议胜利召开部署第{i}项重点工作</a><span>2015-09-{i}</span></li>'
        for i in range(29, 19, -1)
    )
)


def test_a_side_list_is_not_the_columns(page_of: PageOf) -> None:
    html = whole(MANNERS["plain list"] + SIDE)
    assert [one.title for one in read(page_of(html)).sightings] == TITLES


def test_nor_where_only_its_name_tells(page_of: PageOf) -> None:
    html = whole(MANNERS["plain list"] + SIDE)
    seen = read(page_of(html, url="http://www.yangli.gov.cn/column.jsp?id=3"))
    assert ([one.title for one in seen.sightings], seen.digest) == (TITLES, False)


def test_a_title_that_is_a_date_stays_a_title(page_of: PageOf) -> None:
    html = whole('<ul><li><a href="/k/1.html">2015年9月25日空气质量日报</a><span>2015-09-26</span></li>'
                 '<li><a href="/k/2.html">2015年9月24日</a><span>2015-09-25</span></li></ul>')  # fmt: skip
    assert [(one.title, one.claimed) for one in read(page_of(html)).sightings] == [
        ("2015年9月25日空气质量日报", date(2015, 9, 26)),
        ("2015年9月24日", date(2015, 9, 25)),
    ]


class TestYearsLeftOut:
    def listed(self, page_of: PageOf, *days: str, url: str = "/hjbh/{}.html") -> list[tuple[date | None, bool]]:
        html = whole("<ul>" + "".join(
            f'<li><a href="{url.format(n)}">第{n}号环境监测情况公告</a><span>[{day}]</span></li>' for n, day in enumerate(days)
        ) + "</ul>")  # fmt: skip
        return [(one.claimed, one.inferred) for one in read(page_of(html)).sightings]  # type: ignore[misc]

    def test_the_year_ends_where_the_days_jump_up(self, page_of: PageOf) -> None:
        seen = self.listed(page_of, "03-02", "02-11", "01-05", "12-30", "12-01", "06-30", "11-11")
        assert [day for day, _ in seen] == [
            date(2015, 3, 2), date(2015, 2, 11), date(2015, 1, 5), date(2014, 12, 30), date(2014, 12, 1),
            date(2014, 6, 30), date(2013, 11, 11),
        ]  # fmt: skip
        assert all(inferred for _, inferred in seen)

    def test_no_day_lies_in_the_future(self, page_of: PageOf) -> None:
        assert self.listed(page_of, "11-20") == [(date(2014, 11, 20), True)]

    def test_a_pinned_row_does_not_shift_the_others(self, page_of: PageOf) -> None:
        seen = self.listed(page_of, "01-08", "09-25", "09-20", "08-03", "07-01", "06-30")
        assert [day for day, _ in seen][:3] == [date(2015, 1, 8), date(2015, 9, 25), date(2015, 9, 20)]

    def test_the_address_knows_the_year(self, page_of: PageOf) -> None:
        assert self.listed(page_of, "09-25", url="/hjbh/201409/t20140925_{}.html") == [(date(2014, 9, 25), False)]


class TestWhereThereIsNoList:
    @pytest.mark.parametrize(
        "body",
        [
            "本栏目暂无信息。",
            "暂无数据",
            "没有找到相关内容！",
            "<p class='empty'>对不起，该栏目暂无内容</p>",
            "共0条记录",
        ],
    )
    def test_an_empty_column_says_so(self, body: str, page_of: PageOf) -> None:
        listing = read(page_of(whole(f"<div class='box'>{body}</div>")))
        assert listing.sightings == ()

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ("<p>欢迎来到环境保护栏目</p>", "页面中没有认出列表"),
            ('<ul class="list"></ul>', "页面中没有认出列表"),
            ("<div id='list'></div><script>$.getJSON(api('list'), show)</script>", "列表由脚本加载，尚不能读取"),
            (
                "<p v-if='!rows.length'>暂无数据</p><li v-for='row in rows'>{{row.title}}</li>",
                "列表由脚本加载，尚不能读取",
            ),
            ("<div><p style='display: none'>暂无信息</p></div><script src='/l.js'></script>", "页面中没有认出列表"),
            ("<ul></ul><div class='tips hide'><span>暂无信息</span></div>", "页面中没有认出列表"),
            ("<h2>栏目建设中</h2>", "页面提示栏目建设中"),
            ("<h2>您访问的页面不存在或已被删除</h2>", "页面提示内容不存在"),
            ("<form><p>请先登录</p>用户名<input>密码<input type=password></form>", "页面要求登录"),
            (
                "<datastore><recordset><record><![CDATA[<li>…</li>]]></record></recordset></datastore>",
                "页面中没有认出列表",
            ),
        ],
        ids=[
            "text",
            "empty list",
            "script",
            "template",
            "hidden",
            "class",
            "building",
            "soft 404",
            "login",
            "store in a script",
        ],
    )
    def test_what_is_not_understood_is_never_empty(self, body: str, reason: str, page_of: PageOf) -> None:
        listing = parse_listing(page_of(whole(body)))
        assert (listing.understood, listing.reason.partition("；")[0], listing.sightings) == (False, reason, ())

    @pytest.mark.parametrize(
        "html",
        [
            "<html><script>document.cookie='__jsl_clearance=1';location.reload()</script></html>",
            "<html><head><script>eval(function(p,a,c){})</script></head><body></body></html>",
            "<html><title>安全验证</title><body>请完成安全验证后继续访问</body></html>",
            "<html><body>您的请求过于频繁，访问被拦截</body></html>",
        ],
        ids=["cookie and reload", "packed", "check", "too often"],
    )
    def test_a_guards_page_is_no_empty_list(self, html: str, page_of: PageOf) -> None:
        assert parse_listing(page_of(html)).reason == "页面为防护验证页，未显示内容"

    def test_rows_that_only_a_script_can_open_are_said(self, page_of: PageOf) -> None:
        html = whole("<ul>" + "".join(
            f"<li><a href='javascript:open({i})'>{title}</a><span>{day}</span></li>" for i, title, day in ROWS
        ) + "</ul>")  # fmt: skip
        assert not parse_listing(page_of(html)).understood

    def test_a_file_is_no_list(self, page_of: PageOf) -> None:
        listing = parse_listing(page_of(b"%PDF-1.4 ...", content_type="application/pdf"))
        assert listing.reason == "栏目地址返回的不是网页"


class TestHowMuchOfTheListAPageIs:
    def test_a_head_with_more_behind_it_is_no_whole_list(self, page_of: PageOf) -> None:
        assert read(
            page_of(
                whole(f"<div class='box'><h2>公告 <a href='/gg/'>更多&gt;&gt;</a></h2>{MANNERS['plain list']}</div>")
            )
        ).digest

    @pytest.mark.parametrize(
        "around",
        ["{}<div class='more'><a href='/gg/'>更多&gt;&gt;</a></div>", "<h2>公告<a href='/gg/'>更多</a></h2>{}"],
    )
    def test_more_beside_the_list_in_the_open_page_says_the_same(self, around: str, page_of: PageOf) -> None:
        links = "".join(f"<a href='/{name}/'>{name}</a>" for name in ("首页", "政务公开", "办事服务", "政民互动"))
        assert read(page_of(f"<html><body><p>{links}</p>{around.format(MANNERS['plain list'])}</body></html>")).digest

    def test_two_lists_of_equal_weight_are_not_one_column(self, page_of: PageOf) -> None:
        other = "".join(
            f'<p class="o"><a href="/zz/{i}.html">全县其他重要工作情况通报第{i}号</a> 2015-09-{i}</p>'
            for i in (12, 13, 14)
        )
        assert read(page_of(whole(MANNERS["plain list"] + other), url="http://www.yangli.gov.cn/zdly.html")).digest

    def test_oldest_first_is_seen(self, page_of: PageOf) -> None:
        html = whole("<ul>" + "".join(
            f'<li><a href="/hjbh/{i}.html">第{i}号环境监测情况公告</a><span>2015-09-{i}</span></li>' for i in range(10, 20)
        ) + "</ul>")  # fmt: skip
        assert not read(page_of(html)).ordered

    def test_a_pinned_row_is_no_disorder(self, page_of: PageOf) -> None:
        html = whole("<ul>" + "".join(
            f'<li><a href="/hjbh/{i}.html">第{i}号环境监测情况公告</a><span>2015-09-{i}</span></li>' for i in (10, 29, 28, 27, 22)
        ) + "</ul>")  # fmt: skip
        assert read(page_of(html)).ordered


def test_what_was_read_survives_the_cache(page_of: PageOf) -> None:
    for html in (catalogue('<tr><td>{id}</td><td><a href="{id}.html">{title}</a></td><td></td><td></td><td>{d}</td><td>局</td></tr>'),
                 whole(MANNERS["without year"] + "<a href='index_1.html'>下一页</a>")):  # fmt: skip
        listing = read(page_of(html))
        assert Listing.from_json(listing.to_json()) == listing
