"""What stands beside a column's list, or instead of it, and must neither yield entries nor hide them."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.values import Ask, Listing

PageOf = Callable[..., Page]
SITE = "http://www.yangli.gov.cn"
#: An address that says nothing about where the column's articles lie.
HERE = f"{SITE}/col/col31/index.html"

TITLES = ["2015年8月份水环境质量状况", "关于公布重点监管对象名录的公告", "建设项目环评受理情况公示（2015年第9号）"]
DAYS = [date(2015, 9, 28), date(2015, 9, 10), date(2015, 8, 31)]
ROWS = list(zip(range(103, 100, -1), TITLES, DAYS, strict=True))
TRUTH = list(zip(TITLES, DAYS, strict=True))


def rows(row: str) -> str:
    return "".join(row.format(id=i, title=t, d=d) for i, t, d in ROWS)


def page(body: str, title: str = "样例县人民政府") -> str:
    return (
        f"<html><head><title>{title}</title></head><body><div class='top'>今天是2015年9月30日 10:32</div>"
        f"<div class='nav'><ul><li><a href='/'>首页</a></li><li><a href='/zwgk/'>政务公开</a></li></ul></div>{body}"
        "<div class='footer'>主办：样例县人民政府 更新时间：2015-09-30 <a href='/wzdt/'>网站地图</a></div></body></html>"
    )


def seen(listing: Listing) -> list[tuple[str, object]]:
    assert listing.understood, listing.reason
    return [(one.title, one.claimed) for one in listing.sightings]


MAIN = (
    '<div class="m"><ul class="l">'
    + rows('<li><a href="/art/{id}.html">{title}</a><span>{d}</span></li>')
    + "</ul></div>"
)
HEADED = MAIN.replace('<ul class="l">', '<h2>环境保护</h2><ul class="l">')
PAGED = MAIN.replace("</ul></div>", '</ul><div class="page">共12页 <a href="index_1.html">下一页</a></div></div>')


def side(heading: str, style: str = "r", count: int = 15) -> str:
    inner = "".join(
        f'<li><a href="/art/9{i}.html">全县其他重要工作情况通报第{i}号</a><span>2015-09-{i}</span></li>'
        for i in range(29, 29 - count, -1)
    )
    return f'<div class="{style}">{heading}<ul>{inner}</ul></div>'


class TestListsBeside:
    @pytest.mark.parametrize(
        "word", ["热点新闻", "相关阅读", "点击排行", "最新文件", "推荐阅读", "热门信息 更多>>", "往期回顾"]
    )
    def test_what_is_called_so_is_beside(self, word: str, page_of: PageOf) -> None:
        for html in (MAIN + side(f"<h3>{word}</h3>"), side(f"<div class='t'><span>{word}</span></div>") + MAIN):
            listing = parse_listing(page_of(page(html), url=HERE))
            assert (seen(listing), listing.digest) == (TRUTH, False)

    def test_what_bears_the_columns_name_is_its_own(self, page_of: PageOf) -> None:
        html = page(side("<h3>政务动态</h3>") + HEADED, title="环境保护-样例县人民政府")
        listing = parse_listing(page_of(html, url=HERE))
        assert (seen(listing), listing.digest) == (TRUTH, False)

    def test_what_the_pager_stands_by_is_its_own(self, page_of: PageOf) -> None:
        listing = parse_listing(page_of(page(side("<h3>政务动态</h3>") + PAGED), url=HERE))
        assert (seen(listing), listing.next) == (TRUTH, Ask(f"{SITE}/col/col31/index_1.html"))

    def test_where_nothing_tells_neither_is_whole(self, page_of: PageOf) -> None:
        listing = parse_listing(page_of(page(MAIN + side("")), url=HERE))
        assert listing.digest
        assert set(TRUTH) < set(seen(listing))

    def test_a_longer_list_beside_a_shorter_one_does_not_hide_it(self, page_of: PageOf) -> None:
        one = '<div class="m"><h2>环境保护</h2><ul class="l"><li><a href="/art/9.html">权力清单</a><span>2015-09-25</span></li></ul></div>'
        html = page(one + side("<h3>要闻</h3>"), title="环境保护-样例县人民政府")
        assert seen(parse_listing(page_of(html, url=HERE))) == [("权力清单", date(2015, 9, 25))]

    def test_an_undated_list_is_not_lost_for_a_dated_one_beside(self, page_of: PageOf) -> None:
        plain = '<div class="m"><ul>' + rows('<li><a href="/art/{id}.html">{title}</a></li>') + "</ul></div>"
        listing = parse_listing(page_of(page(plain + side("<h3>最新信息</h3>")), url=HERE))
        assert seen(listing) == [(title, None) for title in TITLES]

    @pytest.mark.parametrize("address", ["/art/{id}.html", "/m/art/{id}.html"])
    def test_the_same_list_for_narrow_screens_is_none_of_its_own(self, address: str, page_of: PageOf) -> None:
        again = f'<div class="wap" style="display:none"><ol>{rows(f"<li><a href={address}><p>{{title}}</p><i>{{d}}</i></a></li>")}</ol></div>'
        listing = parse_listing(page_of(page(MAIN + again), url=HERE))
        assert (seen(listing), listing.digest) == (TRUTH, False)

    @pytest.mark.parametrize(
        "other",
        [
            '<table class="cal"><tr>'
            + "".join(f'<td><a href="/rili/2015-09-{i:02}.html">{i}</a></td>' for i in range(1, 31))
            + "</tr></table>",
            '<div class="yq"><ul>'
            + "".join(f'<li><a href="http://www.{x}.gov.cn/">{x}县人民政府门户网站</a></li>' for x in "abcdefghijk")
            + "</ul></div>",
            '<div class="y"><a href="/2015/">2015年</a><a href="/2014/">2014年</a><a href="/2013/">2013年</a></div>',
            '<ul class="tab"><li><a href="/a/">最新公开信息</a></li><li><a href="/b/">法定主动公开内容</a></li><li><a href="/c/">政府信息公开指南</a></li></ul>',
            '<div>您现在的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/col/col31/">环境保护</a></div>',
            '<p>上一篇：<a href="/art/1.html">关于上一个事项的公告</a></p><p>下一篇：<a href="/art/2.html">关于下一个事项的公告</a></p>',
            '<div class="box"><h3>天气</h3><a href="/tq/">今天 晴</a> <span>昨天</span> <a href="/tq/2">小雨</a></div>',
        ],
        ids=["calendar", "friends", "years", "tabs", "crumbs", "neighbours", "weather"],
    )
    def test_other_furniture(self, other: str, page_of: PageOf) -> None:
        for html in (MAIN + other, other + MAIN):
            listing = parse_listing(page_of(page(html), url=HERE))
            assert (seen(listing), listing.digest) == (TRUTH, False)


class TestWhereTheColumnsListIsNot:
    ARTICLE = f"<h1>关于某事项的通知</h1><p>发布时间：2015-09-20</p><div class='c'>{'为了规范管理，现将有关事项通知如下。' * 60}</div>"

    @pytest.mark.parametrize(
        "body",
        [
            ARTICLE + side("<h3>相关阅读</h3>", count=5),
            ARTICLE + side("", style="xgwz", count=5),
            "<div class='m'><h2>环境保护</h2><ul></ul></div>" + side("<h3>热点新闻</h3>"),
            "<div class='m'><table><tr><th>索引号</th><th>信息名称</th><th>发布日期</th></tr><tr><td></td><td></td><td></td></tr></table></div>"
            + side("<h3>最新信息</h3>"),
            "<div id='l'></div><script>$.get('/x', function(d){ for (var i in d) $('#l').append(\"<li><a href='\" + d[i].url + \"'>\" + d[i].title + '</a></li>') })</script>"
            + side("<h3>要闻</h3>"),
            "<ul id='l'></ul><script>fetch('/x').then(r => r.json()).then(d => { l.innerHTML = d.map(x => `<li><a href=\"${x.url}\">${x.title}</a></li>`).join('') })</script>"
            + side("<h3>要闻</h3>"),
            "<ul><li v-for='one in list'><a :href='one.url'>{{one.title}}</a></li></ul>" + side("<h3>要闻</h3>"),
            "<h1>500 Internal Server Error</h1><p>java.lang.NullPointerException</p>",
            "<p>系统繁忙，请稍后再试</p>",
        ],
        ids=[
            "article",
            "article, by class",
            "empty list",
            "empty table",
            "script",
            "template literal",
            "vue",
            "error",
            "busy",
        ],
    )
    def test_no_other_list_stands_for_it(self, body: str, page_of: PageOf) -> None:
        listing = parse_listing(page_of(page(body), url=HERE))
        assert listing.sightings == ()
        assert (not listing.understood and listing.reason) or listing.parts  # the interface that the script asks

    def test_a_column_that_says_it_is_empty_is_empty_whatever_stands_beside(self, page_of: PageOf) -> None:
        html = page("<div class='m'><h2>环境保护</h2><p>暂无信息</p></div>" + side("<h3>热点新闻</h3>"))
        listing = parse_listing(page_of(html, url=HERE))
        assert (listing.understood, listing.sightings) == (True, ())

    @pytest.mark.parametrize(
        "heads", ['<h3>{}<a href="/c/">更多</a></h3>', "<h3>{}</h3>", "<p class='t'><a href='/c/'>{}</a></p>"]
    )
    def test_an_index_of_columns_is_a_digest(self, heads: str, page_of: PageOf) -> None:
        boxes = "".join(
            f"<div class='box'>{heads.format(name)}<ul>"
            + "".join(
                f'<li><a href="/art/{k}{i}.html">{name}类重要事项情况公告第{i}号</a><span>09-{i}</span></li>'
                for i in range(25, 20, -1)
            )
            + "</ul></div>"
            for k, name in enumerate(("规划", "财政", "人事"))
        )
        listing = parse_listing(page_of(page(boxes), url=HERE))
        assert (listing.digest, len(listing.sightings)) == (True, 15)

    def test_rows_under_months_are_one_list(self, page_of: PageOf) -> None:
        boxes = "".join(
            f"<h3>2015年{m}月</h3><ul>"
            + "".join(
                f'<li><a href="/art/{m}{i}.html">重要事项情况公告第{i}号</a><span>2015-0{m}-{i}</span></li>'
                for i in range(25, 20, -1)
            )
            + "</ul>"
            for m in (9, 8, 7)
        )
        listing = parse_listing(page_of(page(boxes), url=HERE))
        assert (listing.digest, len(listing.sightings)) == (False, 15)

    @pytest.mark.parametrize(
        ("frame", "leads"),
        [
            ('<iframe src="/module/list.jsp?c=3" width="100%" height="600"></iframe>', True),
            (
                '<iframe id="mainFrame" src="nr.html" height="800"></iframe><iframe src="/tianqi/" width="200"></iframe>',
                True,
            ),
            ('<iframe src="http://www.weather.com.cn/x"></iframe>', False),
            ('<iframe src="/count.html" width="0" height="0"></iframe>', False),
            ('<iframe src="/a.html"></iframe><iframe src="/b.html"></iframe>', False),
        ],
        ids=["one", "named", "elsewhere", "hidden", "two alike"],
    )
    def test_a_list_in_a_frame(self, frame: str, leads: bool, page_of: PageOf) -> None:
        for body in (frame, frame + side("<h3>热点新闻</h3>")):
            listing = parse_listing(page_of(page(f"<div class='m'>{body}</div>"), url=HERE))
            assert (bool(listing.parts), listing.sightings) == (leads, ())
            assert listing.understood == leads

    @pytest.mark.parametrize(
        "frame",
        [
            '<iframe src="/news/hot.html" width="300" height="200"></iframe>',
            '<iframe src="/list/" width="100%"></iframe>',
        ],
    )
    def test_a_frame_beside_the_columns_list_is_left_alone(self, frame: str, page_of: PageOf) -> None:
        listing = parse_listing(page_of(page(HEADED + frame, title="环境保护-样例县人民政府"), url=HERE))
        assert seen(listing) == TRUTH


class TestRowsOfAllKinds:
    @pytest.mark.parametrize(
        "row",
        [
            '<li><span class="day">{d:%d}</span><span class="ym">{d:%Y-%m}</span><a href="/art/{id}.html">{title}</a></li>',
            '<li><div class="date"><b>{d:%d}</b>{d:%Y年%m月}</div><a href="/art/{id}.html">{title}</a></li>',
            '<li><div><b>{d:%m-%d}</b><i>{d:%Y}</i></div><a href="/art/{id}.html">{title}</a></li>',
            '<li><a href="/art/{id}.html"><i>{d:%m/%d}</i><i>{d:%Y}</i><h3>{title}</h3><p>为贯彻落实上级部署，现将情况公布。</p></a></li>',
            '<li><em>{d:%Y.%m}</em><strong>{d:%d}</strong><p><a href="/art/{id}.html">{title}</a></p></li>',
            '<li><a href="/art/{id}.html">{title}</a><span>{d.year}/{d.month}/{d.day}</span></li>',
            '<li><div class="t"><b>{d.day}</b><i>{d.month}月</i></div><a href="/art/{id}.html">{title}</a></li>',
            '<li><a href="/art/{id}.html">{title}</a><span>[县环保局]{d}</span></li>',
            '<li><a href="/art/{id}.html">{title}</a><p>由县环保局于{d.year}年{d.month}月{d.day}日发布</p></li>',
            '<li><a href="/art/{id}.html">{title}</a><p>县环保局 发表于 {d:%m-%d}</p></li>',
            '<li><a href="/art/{id}.html">[{d}] {title}</a></li>',
            '<li><a href="/art/{id}.html">{title} {d}</a></li>',
            '<li class="hot"><a href="/art/{id}.html"><i>3</i>{title}<em>NEW</em></a><span>{d}</span></li>',
            '<li><a href="/art/{id}.html" title="标题：{title}&#13;&#10;发布时间：{d}">{title:.5}...</a></li>',
            '<li><a href="/art/{id}.html"><img src="/i.jpg" alt="{title}"></a><span>{d}</span></li>',
            '<div class="card"><a href="/art/{id}.html"><img src="/i.jpg"></a><a href="/art/{id}.html">{title}</a><p>摘要。</p><i>{d}</i><a href="/art/{id}.html">查看更多</a></div>',
            '<li><time datetime="{d}">{d.month}月{d.day}日</time><a href="/art/{id}.html">{title}</a></li>',
            '<li><a href="/art/{id}.html">{title}</a><span>{d:%y-%m-%d}</span></li>',
            '<li><a href="/art/{id}.html">{title}</a><span>{d:%Y-%m-%d}</span><span>10:32</span></li>',
            '<li><i class="ico"></i><span>[通知]</span><a href="/art/{id}.html">{title}</a><img src="new.gif"><span>{d}</span></li>',
            '<li><a href="javascript:void(0)" onclick="window.open(\'/art/{id}.html\')">{title}</a><span>{d}</span></li>',
            "<li><a href=\"javascript:goto('/art/{id}.html')\">{title}</a><span>{d}</span></li>",
            '<li><a href="/art/{id}.html">{title}</a><span>{d}</span><div class="tip"><p>索引号：A-1</p><p>成文日期：2014-01-01</p><p>发布日期：{d}</p></div></li>',
        ],
    )
    def test_are_read(self, row: str, page_of: PageOf) -> None:
        listing = parse_listing(page_of(page(f"<div class='m'><ul>{rows(row)}</ul></div>"), url=HERE))
        assert (seen(listing), listing.digest) == (TRUTH, False)
        assert listing.sightings[0].url == f"{SITE}/art/103.html"

    @pytest.mark.parametrize(
        "row",
        [
            '<article class="post"><header class="entry-header"><h2><a href="/art/{id}.html">{title}</a></h2></header><footer><time datetime="{d}">{d.month}月{d.day}日</time></footer></article>',
            '<li class="post"><div class="item-header"><a href="/art/{id}.html">{title}</a></div><div class="item-bottom">{d}</div></li>',
            '<section><time>{d}</time><h3><a href="/art/{id}.html">{title}</a></h3></section>',
        ],
    )
    def test_entries_with_heads_and_feet_of_their_own(self, row: str, page_of: PageOf) -> None:
        listing = parse_listing(page_of(page(f"<main>{rows(row)}</main>"), url=HERE))
        assert seen(listing) == TRUTH

    @pytest.mark.parametrize(
        "frame",
        [
            "<form name='aspnetForm' method='post'><input type='hidden' name='__VIEWSTATE' value='x'>{}<div class='pg'><a href='/1/'>a</a>"
            + "<a href='/2/'>b</a>" * 9
            + "</div></form>",
            "<form name='form1' method='post'><input type='hidden' name='__VIEWSTATE' value='x'>{}</form>",
            "<div class='nav-content'>{}</div>",
            "<div id='bottom'>{}</div>",
        ],
        ids=["a form with much in it", "a form", "a menu", "a bottom"],
    )
    def test_pages_whose_list_stands_in_what_is_called_furniture(self, frame: str, page_of: PageOf) -> None:
        assert seen(parse_listing(page_of(page(frame.format(MAIN)), url=HERE))) == TRUTH

    def test_rows_side_by_side(self, page_of: PageOf) -> None:
        cells = [f'<td>·<a href="/art/{i}.html">{title}</a></td><td>{day}</td>' for i, title, day in ROWS]
        html = page(f"<table><tr>{cells[0]}{cells[1]}</tr><tr>{cells[2]}<td></td><td></td></tr></table>")
        assert seen(parse_listing(page_of(html, url=HERE))) == TRUTH

    def test_a_template_row_is_none(self, page_of: PageOf) -> None:
        template = '<li style="display:none"><a href="{{url}}">{{title}}</a><span>{{date}}</span></li>'
        assert (
            seen(parse_listing(page_of(page(MAIN.replace('<ul class="l">', f'<ul class="l">{template}')), url=HERE)))
            == TRUTH
        )

    def test_a_shortened_title_that_looks_like_a_number_is_whole_again(self, page_of: PageOf) -> None:
        html = page(
            "<ul>"
            + rows('<li><a href="/art/{id}.html" title="{title}">{title:.4}...</a><span>{d}</span></li>')
            + "</ul>"
        )
        assert seen(parse_listing(page_of(html, url=HERE))) == TRUTH

    def test_days_reckoned_from_today_are_inferred(self, page_of: PageOf) -> None:
        words = ["10:32", "3小时前", "昨天", "昨日 09:10", "3天前", "2015-9-25"]
        html = page(
            "<ul>"
            + "".join(
                f'<li><a href="/art/{n}.html">第{n}号环境监测情况公告</a><span>{word}</span></li>'
                for n, word in enumerate(words)
            )
            + "</ul>"
        )
        listing = parse_listing(page_of(html, url=HERE))
        assert [one.claimed for one in listing.sightings] == [date(2015, 9, day) for day in (30, 30, 29, 29, 27, 25)]
        assert [one.inferred for one in listing.sightings] == [True] * 5 + [False]

    def test_oldest_first_without_years(self, page_of: PageOf) -> None:
        days = [
            date(2014, 6, 3),
            date(2014, 8, 20),
            date(2014, 11, 20),
            date(2014, 12, 30),
            date(2015, 1, 5),
            date(2015, 3, 2),
            date(2015, 4, 28),
        ]
        html = page(
            "<ul>"
            + "".join(
                f'<li><a href="/art/{n}.html">第{n}号环境监测情况公告</a><span>[{day:%m-%d}]</span></li>'
                for n, day in enumerate(days)
            )
            + "</ul>"
        )
        listing = parse_listing(page_of(html, url=HERE))
        assert ([one.claimed for one in listing.sightings], listing.ordered) == (days, False)


class TestCataloguesThatAreNoTables:
    ORDERS = (("标题", "发布日期", "成文日期"), ("信息名称", "成文日期", "发布日期"), ("名 称", "生成日期", "公开日期"))

    @pytest.mark.parametrize("order", ORDERS, ids=["published first", "published last", "made and made public"])
    @pytest.mark.parametrize(
        ("line", "cell", "frame"),
        [
            ("div", "span", "{}{}"),
            ("ul", "li", "<div>{}{}</div>"),
            ("dl", "dd", "<div class='thead'>{}</div><div class='tbody'>{}</div>"),
            ("div", "div", "<div class='head'><div>{}</div></div><div><div>{}</div></div>"),
        ],
        ids=["div", "ul", "dl", "head apart"],
    )
    def test_are_read_by_their_heads(
        self, line: str, cell: str, frame: str, order: tuple[str, ...], page_of: PageOf
    ) -> None:
        head = (
            f"<{line} class='h'><{cell}>索引号</{cell}>"
            + "".join(f"<{cell}>{one}</{cell}>" for one in order)
            + f"</{line}>"
        )
        body = ""
        for i, title, day in ROWS:
            said = {"发布日期": f"{day}", "公开日期": f"{day}", "成文日期": "2014-01-01", "生成日期": "2014-01-01"}
            cells = "".join(
                f"<{cell}>{said.get(one) or f'<a href=/art/{i}.html>{title}</a>'}</{cell}>" for one in order
            )
            body += f"<{line} class='r'><{cell}>0001/{i}</{cell}>{cells}<div class='pop'>生成日期：2013-01-01</div></{line}>"
        listing = parse_listing(page_of(page(frame.format(head, body)), url=HERE))
        assert seen(listing) == TRUTH

    def test_boxes_that_open_on_hovering_change_nothing(self, page_of: PageOf) -> None:
        inner = rows(
            '<tr><td>1/{id}</td><td><a href="/art/{id}.html">{title}</a><div class="box" style="display:none"><table><tr><td>索引号：</td><td>1/{id}</td></tr>'
            "<tr><td>名称：</td><td>{title}</td></tr><tr><td>成文日期：</td><td>2014-01-01</td></tr></table></div></td><td>{d}</td></tr>"
        )
        html = page(f"<table><tr><th>索引号</th><th>信息名称 ↓</th><th>发布日期</th></tr>{inner}</table>")
        listing = parse_listing(page_of(html, url=HERE))
        assert seen(listing) == TRUTH

    def test_a_row_without_a_name_is_no_entry(self, page_of: PageOf) -> None:
        inner = rows('<tr><td>{id}</td><td><a href="/art/{id}.html">{title}</a></td><td>{d}</td></tr>')
        nameless = '<tr><td>9</td><td><a href="/art/9.html" title=" ">· </a><p></p></td><td>2015-08-01</td></tr>'
        html = page(f"<table><tr><th>序号</th><th>名称</th><th>发布日期</th></tr>{inner}{nameless}</table>")
        listing = parse_listing(page_of(html, url=HERE))
        assert seen(listing) == TRUTH

    def test_the_head_of_an_article_is_no_catalogue(self, page_of: PageOf) -> None:
        html = page(
            "<table><tr><td>索引号：</td><td>A1</td><td>信息名称：</td><td>关于某事项的通知</td></tr><tr><td>发布机构：</td><td><a href='/jg/'>县环保局</a></td><td>发布日期：</td><td>2015-09-01</td></tr></table><p>正文。</p>"
        )
        assert not parse_listing(page_of(html, url=HERE)).understood
