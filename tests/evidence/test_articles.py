"""What one published page says, and which of its many dates is the day of publication."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tracker.core.values.facts import Moment
from tracker.evidence.article.read import disagree, parse_article
from tracker.evidence.page.parsed import Page

PageOf = Callable[..., Page]
ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2015, 9, 25)
AT = datetime(2015, 9, 25, 9, 30, tzinfo=ZONE)
TEXT = "根据《环境空气质量标准》，2015年8月31日至9月1日，全县水环境质量总体良好，时间：2014年1月1日起执行。" * 3
CATALOGUE = """<table class="head"><tr><td>索引号：</td><td>0001</td><td>成文日期：</td><td>2015年01月12日</td></tr>
<tr><td>发布机构：</td><td>县环保局</td><td>发布日期：</td><td>2015年09月25日</td></tr></table>"""


def article(particulars: str = "", *, tags: str = "", text: str = f"<p>{TEXT}</p>", after: str = "") -> str:
    return f"""<html><head><title>8月份水环境质量状况-样例县人民政府网</title>{tags}</head><body>
<div class="top">今天是2015年9月30日 星期三 <a href="/">首页</a></div><div class="nav"><a href="/zb/">招标公告</a><a href="/gs/">公示</a></div>
<div class="main"><h1>8月份水环境质量状况</h1>{particulars}<div id="zoom">{text}</div>{after}</div>
<div class="footer">版权所有 2010-2015 样例县 备案：2012年3月1日 最后更新时间：2016-01-01</div></body></html>"""


DATES: dict[str, tuple[str, Moment | None, str]] = {
    "page tag": (article(tags='<meta name="PubDate" content="2015-09-25 09:30">'), AT, "tag"),
    "page tag in small letters": (article(tags='<META NAME="pubdate" CONTENT="2015-09-25">'), DAY, "tag"),
    "http-equiv": (article(tags='<meta http-equiv="PUBDATE" content="2015年9月25日">'), DAY, "tag"),
    "property": (article(tags='<meta property="article:published_time" content="2015-09-25T09:30:00+08:00">'), AT, "tag"),
    "tag before line": (
        article('<div class="info">发布时间：2015-09-28</div>', tags='<meta name="PubDate" content="2015-09-25">'), DAY, "tag",
    ),
    "empty tag, then line": (article("<p>发布时间：2015-09-25</p>", tags='<meta name="PubDate" content="0000-00-00">'), DAY, "line"),
    "line": (article('<div class="info">发布时间：2015-09-25 09:30 来源：县环保局 浏览次数：31</div>'), AT, "line"),
    "line in Chinese": (article("<p>发布日期：二〇一五年九月二十五日　作者：佚名</p>"), DAY, "line"),
    "line in a cell": (article("<table><tr><td align=center>日期：2015年9月25日　字体：大 中 小</td></tr></table>"), DAY, "line"),
    "time, slashes": (article("<span>时间：2015/09/25 09:30</span>"), AT, "line"),
    "label and date apart": (article("<p><b>发布时间：</b><span>2015-09-25</span> <b>点击：</b>12</p>"), DAY, "line"),
    "published before updated": (article("<p>更新时间：2015-09-28 发布时间：2015-09-25</p>"), DAY, "line"),
    "no label": (article("<p>2015-09-25 09:30　来源：县环保局　点击：12</p>"), AT, "line"),
    "catalogue": (article(CATALOGUE), DAY, "catalogue"),
    "catalogue without colons": (article(CATALOGUE.replace("：", "")), DAY, "catalogue"),
    "only signed": (article("<table><tr><td>成文日期：</td><td>2015-01-12</td></tr></table>"), None, ""),
    "only running text": (article(), None, ""),
    "label in the text": (article(text=f"<p>一、公告发布时间：2015年9月20日至10月1日。{TEXT}</p>"), None, ""),
}  # fmt: skip


@pytest.mark.parametrize(("html", "moment", "where"), DATES.values(), ids=DATES)
def test_the_day_of_publication(html: str, moment: Moment | None, where: str, page_of: PageOf) -> None:
    read = parse_article(page_of(html, url="http://www.yangli.gov.cn/hjbh/1.html"))
    assert (read.claimed, read.claimed_from) == (moment, where)
    assert (read.state, read.title) == ("read", "8月份水环境质量状况")


def test_the_address_is_the_last_to_be_asked(page_of: PageOf) -> None:
    url = "http://www.yangli.gov.cn/hjbh/201509/t20150925_1.html"
    assert parse_article(page_of(article(), url=url)).claimed_from == "url"
    both = parse_article(page_of(article("<p>发布时间：2015-09-28</p>"), url=url))
    assert (both.claimed, both.claimed_from) == (date(2015, 9, 28), "line")
    assert disagree(both)
    assert both.dates == (("line", date(2015, 9, 28)), ("url", DAY))


@pytest.mark.parametrize(
    "html",
    [
        article(tags='<meta name="ContentSource" content="县环保局">'),
        article("<p>发布时间：2015-09-25　来源：县环保局　浏览：3</p>"),
        article("<p>信息来源：<a href='/'>县环保局</a> 发布时间：2015-09-25</p>"),
        article(CATALOGUE),
    ],
    ids=["tag", "line", "link in the line", "catalogue"],
)
def test_the_source(html: str, page_of: PageOf) -> None:
    assert parse_article(page_of(html)).source == "县环保局"


class TestText:
    def test_only_the_text_proper(self, page_of: PageOf) -> None:
        text = parse_article(page_of(article("<p>发布时间：2015-09-25</p>"))).text
        assert text == TEXT

    def test_a_table_keeps_its_rows_and_empty_cells(self, page_of: PageOf) -> None:
        table = "<table><tr><th>项目</th><th><p>法律依据</p></th></tr><tr><td>排污许可</td><td></td></tr></table>"
        assert parse_article(page_of(article(text=table))).text == "项目\t法律依据\n排污许可\t"

    @pytest.mark.parametrize(
        "body",
        [
            '<div class="content"><p>{}</p></div>',
            '<div class="xyz"><p>{}</p></div>',
            '<table><tr><td class="b"><p>{}</p><p>特此公告。</p></td></tr></table>',
            "<div class='TRS_Editor'><style>.TRS_Editor P{{margin:0}}</style><p>{}</p></div>",
        ],
        ids=["content", "unnamed", "table", "editor with styles"],
    )
    def test_is_found_in_other_makes(self, body: str, page_of: PageOf) -> None:
        html = article(text="").replace('<div id="zoom"></div>', body.format(TEXT))
        read = parse_article(page_of(html))
        assert TEXT in (read.text or "")
        assert "招标公告" not in (read.text or "")
        assert "版权所有" not in (read.text or "")
        assert "margin" not in (read.text or "")

    def test_the_counter_of_visits_is_no_text(self, page_of: PageOf) -> None:
        one, two = (parse_article(page_of(article(text=f"<p>{TEXT}</p><p>浏览次数：{n}</p>"))) for n in (1, 2))
        assert one.text == two.text


class TestAttachments:
    def test_files_are_listed_and_not_yet_read(self, page_of: PageOf) -> None:
        text = f'<p>{TEXT}</p><p>附件：<a href="P0201.doc">目录.doc</a><a href="/dl/a.pdf" title="表二">  </a><a href="/hjbh/">返回</a></p>'
        files = parse_article(page_of(article(text=text))).attachments
        assert [(one.name, one.url, one.text) for one in files] == [
            ("目录.doc", "http://www.yangli.gov.cn/hjbh/P0201.doc", None),
            ("表二", "http://www.yangli.gov.cn/dl/a.pdf", None),
        ]

    def test_a_picture_for_a_text_is_a_file_to_read(self, page_of: PageOf) -> None:
        read = parse_article(page_of(article(text='<p><img src="W02.jpg" alt="扫描件"></p>')))
        assert (read.state, read.text, [one.name for one in read.attachments]) == ("read", "", ["扫描件"])

    def test_a_picture_beside_a_text_is_none(self, page_of: PageOf) -> None:
        assert parse_article(page_of(article(text=f'<p>{TEXT}</p><img src="W02.jpg">'))).attachments == ()


class TestUnreadable:
    @pytest.mark.parametrize(
        ("html", "reason"),
        [
            (
                "<html><title>404</title><body><h2>您访问的页面不存在</h2></body></html>",
                "页面提示内容不存在",
            ),
            (
                "<html><title>用户登录</title><body><form>用户名<input>密码<input type=password></form></body></html>",
                "页面要求登录",
            ),
            ("<script>location.reload();document.cookie='a=1'</script>", "页面为防护验证页，未显示内容"),
            (
                "<html><head><meta http-equiv=refresh content='0;url=/new/1.html'></head></html>",
                "页面只含跳转，未显示内容",
            ),
            ("<html><body><div id='zoom'></div></body></html>", "页面中没有认出正文"),
        ],
        ids=["soft 404", "login", "guard", "moved", "empty"],
    )
    def test_says_why(self, html: str, reason: str, page_of: PageOf) -> None:
        read = parse_article(page_of(html))
        assert (read.state, read.reason, read.text) == ("unreadable", reason, None)

    def test_an_article_about_errors_is_an_article(self, page_of: PageOf) -> None:
        text = f"<p>针对群众反映网站页面不存在、栏目建设中、无法登录等问题，县政府办公室进行了整改，404错误已全部消除。{TEXT * 3}</p>"
        assert parse_article(page_of(article(text=text))).state == "read"

    def test_a_file_is_named(self, page_of: PageOf) -> None:
        read = parse_article(
            page_of(b"%PDF-1.4", url="http://www.yangli.gov.cn/a/b.pdf", content_type="application/pdf")
        )
        assert (read.state, [one.url for one in read.attachments]) == (
            "unreadable",
            ["http://www.yangli.gov.cn/a/b.pdf"],
        )


def test_a_gb2312_page_reads_like_any_other(page_of: PageOf) -> None:
    html = article(
        "<p>发布时间：2015-09-25　来源：县环保局</p>",
        tags='<meta http-equiv=Content-Type content="text/html; charset=gb2312">',
    )
    read = parse_article(page_of(html.encode("gb18030")))
    assert (read.title, read.claimed, read.source, read.text) == ("8月份水环境质量状况", DAY, "县环保局", TEXT)


@pytest.mark.parametrize(
    ("head", "source"),
    [
        ("<tr><td>发布机构：</td></tr><tr><td>名称：</td><td>服务公开</td></tr>", ""),
        ("<tr><td>索引号：</td><td>A1</td></tr><tr><td>发布机构：</td><td>名称：</td></tr>", ""),
        ("<tr><td>索引号：</td><td>A1</td><td>发布机构：</td><td>县环保局</td></tr>", "县环保局"),
        ("<tr><td>发布机构：</td><td>文号：</td></tr><tr><td>信息来源：</td><td>县环保局</td></tr>", "县环保局"),
    ],
)
def test_a_label_is_no_source(head: str, source: str, page_of: PageOf) -> None:
    assert parse_article(page_of(article(f"<table>{head}</table>"))).source == source
