"""What a page is: a column, an article with a list beside it, or nothing to be read. In shapes that sites come in."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.evidence_site import SHANGHAI, TODAY
from tests.examples import examples
from tracker.evidence.listing.inspect import Seen, seen_at
from tracker.evidence.page.parsed import Page
from tracker.evidence.reading.readings import glance

PageOf = Callable[..., Page]


def seen_of_page(page: Page) -> Seen:
    return seen_at(page.url, glance(page))


TITLES = (
    "关于印发2015年农村危房改造实施方案的通知", "县环保局召开水污染防治工作推进会", "2015年第三季度公共资源交易情况公示",
    "关于拟享受城镇低保家庭名单的公示", "县国土局土地供应结果公告（第12号）", "关于开展食品药品专项检查的通告",
    "重大建设项目环境影响评价审批决定", "县财政局关于2014年度部门决算的说明", "关于公布行政审批事项目录的公告",
    "2015年9月份饮用水水源水质状况报告", "关于调整城区供水价格听证会的公告", "县安监局通报三起生产安全事故查处情况",
)  # fmt: skip
TEXT = "根据县政府统一部署，各乡镇、各部门要高度重视，落实责任，按时完成各项任务，并将进展情况于每月底前报送领导小组办公室。"
NAV = '<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/bsfw/">办事服务</a><a href="/zmhd/">政民互动</a></div>'
FOOT = '<div class="footer">主办单位：样例县人民政府办公室 备案号：冀ICP备05000000号</div>'
CRUMB = '<div class="weizhi">您现在的位置：首页 &gt; 政务公开 &gt; 通知公告</div>'


def rows(count: int, url: str = "/tzgg/201509/t201509{day}_{n}.html", tag: str = "li", day: bool = True) -> str:
    return "".join(
        f'<{tag}><a href="{url.format(day=f"{28 - n:02}", n=4000 + n)}">{TITLES[n % 12]}</a>'
        f"{f'<span>2015-09-{28 - n:02}</span>' if day else ''}</{tag}>"
        for n in range(count)
    )


def page(body: str, title: str = "通知公告_样例县人民政府", head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{NAV}{body}{FOOT}</body></html>"


def paper(
    text: str = TEXT * 4, line: str = "发布时间：2015-09-25 来源：县政府办", after: str = "", head: str = ""
) -> str:
    name = "关于做好2015年秋季农田水利建设工作的通知"
    return page(
        f'{CRUMB}<div class="main"><h1>{name}</h1><p>{line}</p><div class="box"><p>{text}</p></div>{after}</div>',
        f"{name}_样例县人民政府",
        head,
    )


RELATED = f'<div class="xiangguan"><h3>相关文章</h3><ul>{rows(10)}</ul></div>'
LATEST = f'<div class="r"><h3>最新发布</h3><ul>{rows(8, "/xw/2015/{n}.html")}</ul></div>'
PAGER = (
    '<div class="page"><a href="index_1.html">2</a><a href="index_2.html">3</a><a href="index_1.html">下一页</a></div>'
)
TAGS = '<meta name="ArticleTitle" content="关于做好2015年秋季农田水利建设工作的通知"><meta name="PubDate" content="2015-09-25 09:30">'
COLUMN_TAGS = '<meta name="ColumnName" content="通知公告"><meta name="ColumnType" content="通知公告">'
INTRO = f"<div class='jj'><p>本栏目发布县政府及县政府办公室的通知、公告。{TEXT}</p></div>"
BOX = '<div class="con"><div class="list"><ul>{}</ul></div></div>'

ARTICLE_AT, COLUMN_AT = "http://www.yangli.gov.cn/tzgg/201509/t20150925_3999.html", "http://www.yangli.gov.cn/tzgg/"
PLAIN_AT = "http://www.yangli.gov.cn/a.php?x=7"

SHAPES: dict[str, tuple[str, str, str]] = {
    "a column": (page(CRUMB + BOX.format(rows(15))), COLUMN_AT, "listing"),
    "a column with a pager": (page(CRUMB + BOX.format(rows(15)) + PAGER), COLUMN_AT, "listing"),
    "a column whose address says nothing": (page(BOX.format(rows(12))), PLAIN_AT, "listing"),
    "a column that introduces itself": (page(CRUMB + INTRO + BOX.format(rows(12)) + PAGER), COLUMN_AT, "listing"),
    "a column that introduces itself, of few rows": (page(CRUMB + INTRO + BOX.format(rows(4))), COLUMN_AT, "listing"),
    "a column without dates": (page(CRUMB + BOX.format(rows(14, day=False))), COLUMN_AT, "listing"),
    "a column in a table": (page(f"<table>{rows(10, tag='tr').replace('<a', '<td><a').replace('</a>', '</a></td>').replace('<span>', '<td>').replace('</span>', '</td>')}</table>"), COLUMN_AT, "listing"),
    "a column with the tags of one": (page(BOX.format(rows(12)), head=COLUMN_TAGS), PLAIN_AT, "listing"),
    "a column beside the latest news": (page(BOX.format(rows(15)) + LATEST), COLUMN_AT, "listing"),
    "a column of abstracts": (page("<div class=l>" + "".join(f'<div class=i><h3><a href="/tzgg/201509/t201509{28 - n}_{n}.html">{TITLES[n]}</a></h3><p>{TEXT}</p><span>2015-09-{28 - n}</span></div>' for n in range(9)) + "</div>" + PAGER), COLUMN_AT, "listing"),
    "a column of two rows": (page(CRUMB + BOX.format(rows(2))), COLUMN_AT, "listing"),
    "a column that has nothing yet": (page(f"{CRUMB}<div class=con><p>本栏目暂无信息</p></div>"), COLUMN_AT, "listing"),
    "a feed": ("<?xml version='1.0'?><rss version='2.0'><channel><title>t</title><item><title>通知一</title><link>http://www.yangli.gov.cn/1.html</link><pubDate>Fri, 25 Sep 2015 09:30:00 +0800</pubDate></item></channel></rss>", PLAIN_AT, "listing"),
    "an article": (paper(), ARTICLE_AT, "article"),
    "an article whose address says nothing": (paper(), PLAIN_AT, "article"),
    "an article with related ones": (paper(after=RELATED), ARTICLE_AT, "article"),
    "an article with related ones, whose address says nothing": (paper(after=RELATED), PLAIN_AT, "article"),
    "an article beside the latest news": (paper() .replace("<div class=\"main\">", LATEST + "<div class=\"main\">"), ARTICLE_AT, "article"),
    "a short article beside the latest news": (paper("定于9月26日停水。").replace("<div class=\"main\">", LATEST + "<div class=\"main\">"), ARTICLE_AT, "article"),
    "an article with the national tags and no line": (paper(line="", head=TAGS, after=RELATED), PLAIN_AT, "article"),
    "an article with the one before and the one after": (paper(after='<p>上一篇：<a href="/tzgg/201509/t20150924_1.html">县环保局召开水污染防治工作推进会</a></p><p>下一篇：<a href="/tzgg/201509/t20150926_2.html">关于拟享受城镇低保家庭名单的公示</a></p>'), ARTICLE_AT, "article"),
    "an article whose text is a list of links": (paper(f"{TEXT}附件目录：" + "".join(f'<p><a href="/files/2015/{n}.doc">{TITLES[n]}</a></p>' for n in range(6)), head=TAGS), ARTICLE_AT, "article"),
    "an article without a date": (paper(line=""), ARTICLE_AT, "article"),
    "an article about a page that is missing": (paper("近日有群众反映县政府网站部分页面不存在、404错误，现已修复。" + TEXT), ARTICLE_AT, "article"),
    "an article that only links a file": (paper('<a href="/files/ys.xls">2015年部门预算.xls</a>'), ARTICLE_AT, "article"),
    "an office's own page without a date": (page(f"{CRUMB}<div class=con><h1>机构职能</h1><p>{TEXT * 5}</p></div>", "机构职能_县环保局"), "http://www.yangli.gov.cn/hbj/jgzn/", "article"),
    "an article with a table of rows": (paper(f"{TEXT}<table>" + "".join(f'<tr><td><a href="/f/{n}.pdf">{TITLES[n]}</a></td><td>2015-09-{20 - n:02}</td></tr>' for n in range(9)) + "</table>"), PLAIN_AT, "article"),
    "a column whose rows say when and by whom": (page("<div class=list>" + "".join(f'<div class=item><a href="/n/{n}.html">{TITLES[n]}</a><p>发布时间：2015-09-{28 - n:02} 来源：县政府办 浏览：{n}</p></div>' for n in range(10)) + "</div>"), PLAIN_AT, "listing"),
    "a column that bears the tags of articles": (page(BOX.format(rows(15)), "政务动态", '<meta name="ArticleTitle" content="政务动态"><meta name="PubDate" content="2015-09-29 10:00">'), COLUMN_AT, "listing"),
    "a front page": (page("".join(f'<div class="block"><h2>{name}<a href="{at}">更多</a></h2><ul>{rows(6, at + "{n}.html")}</ul></div>' for name, at in (("要闻", "/yw/"), ("公告", "/tzgg/"), ("动态", "/bmdt/")))), "http://www.yangli.gov.cn/", "listing"),
    "an error beside the latest news": (page(f"{LATEST}<div class=tip><p>您无权查看该信息，请先登录</p></div>", "提示"), PLAIN_AT, "unverifiable"),
    "a page that says it is none, beside the latest news": (page(f"{LATEST}<div class=tip><p>您访问的页面不存在或已被删除</p></div>", "提示"), ARTICLE_AT, "missing"),
    "a page that says it is none": (page("<div class=err><h1>404</h1><p>您访问的页面不存在或已被删除</p></div>"), ARTICLE_AT, "missing"),
    "a column under construction": (page(f"{CRUMB}<div class=con><p>栏目建设中，敬请期待</p></div>"), COLUMN_AT, "unverifiable"),
    "a login": (page('<form action="/login"><p>用户登录</p><input name=u><input type=password name=p></form>', "统一身份认证登录"), COLUMN_AT, "unverifiable"),
    "a challenge": ("<html><head><script>document.cookie='a=b';eval(String.fromCharCode(1));location.reload()</script></head><body></body></html>", COLUMN_AT, "unverifiable"),
    "a column that a script fills": (page('<div id="list"></div><script>$.ajax({url:"/api/list",success:function(d){$("#list").html(d)}})</script>'), COLUMN_AT, "unverifiable"),
    "an article that a script fills": (page('<h1>通知</h1><div id="zoom"></div><script>$.get("/api/1",function(d){$("#zoom").html(d.text)})</script>'), ARTICLE_AT, "unverifiable"),
    "data of no known kind": ('{"code":0,"message":"ok"}', PLAIN_AT, "unverifiable"),
    "nothing at all": ("", PLAIN_AT, "unverifiable"),
}  # fmt: skip


@pytest.mark.parametrize(("html", "url", "kind"), SHAPES.values(), ids=SHAPES)
def test_what_a_page_is(html: str, url: str, kind: str, page_of: PageOf) -> None:
    seen = seen_of_page(page_of(html, url=url))
    assert seen.kind == kind, seen
    assert bool(seen.reason) == (not seen.looked)


def test_a_page_of_a_column_shows_its_rows_and_that_it_goes_on(page_of: PageOf) -> None:
    seen = seen_of_page(page_of(page(CRUMB + BOX.format(rows(15)) + PAGER), url=COLUMN_AT))
    assert (len(seen.entries), seen.pages, seen.flags) == (15, 1, ("partial",))
    told = seen.to_json()
    assert told["entries"][0] == {
        "title": TITLES[0],
        "url": "http://www.yangli.gov.cn/tzgg/201509/t20150928_4000.html",
        "date": "2015-09-28",
        "inferred": False,
    }


def test_years_that_were_completed_are_marked(page_of: PageOf) -> None:
    html = page(BOX.format(rows(9, "/tzgg/{n}.html").replace("2015-09-", "09-")))
    seen = seen_of_page(page_of(html, url=COLUMN_AT))
    assert seen.kind == "listing"
    assert "inferred-dates" in seen.flags
    assert all(one.inferred for one in seen.entries)


def test_an_article_tells_where_its_date_stood_and_what_contradicts_it(page_of: PageOf) -> None:
    seen = seen_of_page(page_of(paper(head=TAGS.replace("2015-09-25 09:30", "2015-09-20")), url=PLAIN_AT))
    assert (str(seen.published), seen.published_from, seen.source) == ("2015-09-20", "tag", "县政府办")
    assert seen.flags == ("dates-disagree",)
    assert seen.to_json()["entries"] == []


PIECES = [*(html for html, _, _ in SHAPES.values()), "<", "\x00", "发布时间：2015-09-25", "<li>", "</div>", "{", "]]>"]


@pytest.mark.nightly
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=6), st.sampled_from([ARTICLE_AT, PLAIN_AT]))
@examples(20)
def test_whatever_comes_has_a_kind(pieces: list[str], url: str) -> None:
    body = "".join(pieces).encode("utf-8", "surrogatepass")
    seen = seen_of_page(Page(url, body, SHANGHAI, TODAY, "text/html"))
    assert bool(seen.reason) or seen.looked
    assert seen.to_json()["url"] == url
