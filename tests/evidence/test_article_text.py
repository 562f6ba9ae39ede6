"""The text proper, tables in their plain form, titles whole, and pages that show nothing."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracker.core.values.facts import Attachment
from tracker.evidence.article.messages import BROKEN, CLOSED, NOTHING
from tracker.evidence.article.messages import REFUSED as NOT_ALLOWED
from tracker.evidence.article.read import EMPTY, SCRIPTED, parse_article
from tracker.evidence.article.unread import BROKEN_NOTE, CUT_NOTE, FURTHER_NOTE, VAGUE_NOTE
from tracker.evidence.page.barriers import REASONS
from tracker.evidence.page.grid import expand, lines_of
from tracker.evidence.page.parsed import Page

PageOf = Callable[..., Page]
URL = "http://www.yangli.gov.cn/hjbh/1.html"
LINES = [
    "根据《环境空气质量标准》，2015年8月31日至9月1日对全县水环境进行了监测，现将结果公布如下。",
    "一、总体情况。水质良好。",
]
P = "".join(f"<p>　　{line}</p>" for line in LINES)
NAV = "<ul class=menu>" + "".join(f"<li><a href='/c{n}/'>栏目{n}</a></li>" for n in range(20)) + "</ul>"
RELATED = (
    "<h3>相关文章</h3><ul>"
    + "".join(f"<li><a href='/x/{n}.html'>7月份噪声状况{n}号公告</a> 2015-08-0{n}</li>" for n in range(1, 8))
    + "</ul>"
)
FOOT = "<div class=footer>主办单位：样例县人民政府 版权所有 ICP备12345号 更新时间：2015-09-30</div>"
TITLE = "8月份水环境质量状况"

MAKES = {
    "TRS": f"<div class=content><h1>{TITLE}</h1><div class=info>发布时间：2015-09-25 来源：县环保局</div><div class=TRS_Editor>{P}</div></div>{RELATED}",
    "JCMS": f"<table><tr><td class=title><!--<$[标题]>begin-->{TITLE}<!--end--></td></tr><tr><td>发布日期：2015-09-25  浏览次数：<script src=/c.js></script></td></tr><tr><td><div id=zoom>{P}</div></td></tr></table>",
    "UCAP": f"<div class=article><h2>{TITLE}</h2><p class=msg>时间：2015-09-25 09:30 来源：县环保局</p><div id=UCAP-CONTENT>{P}</div></div>{RELATED}",
    "Boda": f"<form name=_newscontent_fromname><div class=c-title>{TITLE}</div><div>2015年09月25日 09:30 县环保局 点击：[<span id=hits>3</span>]</div><div id=vsb_content><div class=v_news_content>{P}</div></div></form><p>上一条：<a href=1.htm>7月份</a> 下一条：无</p>",
    "a page in one form": f"<form id=form1 method=post><input type=hidden name=__VIEWSTATE value=abc>{NAV}<table><tr><td align=center><span>{TITLE}</span></td></tr><tr><td>添加时间：2015-9-25 点击：5</td></tr><tr><td><span id=lblContent>{P}</span></td></tr></table></form>",
    "a text that may be printed": f"<div id=print-content class=print><h1>{TITLE}</h1><p>时间：2015-09-25 来源：环保局</p>{P}</div>",
    "columns of a layout table": f"<table><tr><td width=200>{NAV}</td><td><h1>{TITLE}</h1><p>发布时间：2015-09-25</p>{P}</td></tr></table>",
    "a frame that is called hot": f"<div class='hot content-wrap'><h1>{TITLE}</h1><p>发布时间：2015-09-25</p><div class=zw>{P}</div></div>",
    "related papers inside the text": f"<h1>{TITLE}</h1><p>发布时间：2015-09-25</p><div id=zoom>{P}{RELATED}</div>",
}  # fmt: skip


@pytest.mark.parametrize("body", MAKES.values(), ids=MAKES)
def test_title_date_and_text_of_many_makes(body: str, page_of: PageOf) -> None:
    html = f"<html><head><title>{TITLE}_样例县人民政府网</title></head><body>{NAV}{body}{FOOT}</body></html>"
    read = parse_article(page_of(html, url=URL))
    assert (read.state, read.title) == ("read", TITLE)
    assert str(read.claimed).startswith("2015-09-25")
    text = read.text or ""
    assert text.split("\n")[-2:] == LINES
    assert not any(word in text for word in ("栏目", "版权所有", "噪声状况", "上一条", "点击"))


def text_of(markup: str, page_of: PageOf) -> str:
    return (
        parse_article(page_of(f"<html><body><h1>{TITLE}</h1><div id=zoom>{markup}</div></body></html>", url=URL)).text
        or ""
    )


TABLES = {
    "spans are filled in": (
        "<table><tr><th rowspan=2>断面</th><th colspan=2>浓度</th></tr><tr><th>化学需氧量</th><th>氨氮</th></tr><tr><td>石城</td><td>15</td><td></td></tr></table>",
        ["断面\t浓度\t浓度", "断面\t化学需氧量\t氨氮", "石城\t15\t"],
    ),
    "lines of a cell": ("<table><tr><td>项目</td><td><p>法律<br>依据</p></td></tr><tr><td>甲</td><td><p>水法</p><p>第三条</p></td></tr></table>", ["项目\t法律 依据", "甲\t水法 第三条"]),
    "a caption over all": ("<table><tr><td colspan=2>收费目录</td></tr><tr><td>项目</td><td>标准</td></tr><tr><td>甲</td><td></td></tr></table>", ["收费目录", "项目\t标准", "甲\t"]),
    "a table in a cell": ("<table><tr><td>项目</td><td>依据</td></tr><tr><td>甲</td><td><table><tr><td>水法</td><td>第三条</td></tr></table></td></tr><tr><td>乙</td><td></td></tr></table>", ["项目\t依据", "甲\t水法 第三条", "乙\t"]),
    "rows that nobody filled": ("<table><tr><td>姓名</td><td>单位</td></tr><tr><td></td><td> </td></tr><tr><td>&nbsp;</td><td></td></tr></table>", ["姓名\t单位", "\t"]),
    "the first cell empty": ("<table><tr><td></td><td>化学需氧量</td></tr><tr><td>石城</td><td>15</td></tr></table>", ["\t化学需氧量", "石城\t15"]),
    "a picture in a cell": ("<table><tr><td>项目</td><td>印章</td></tr><tr><td>甲</td><td><img src=/upload/z.png></td></tr></table>", ["项目\t印章", "甲\t（图片）"]),
    "one column is no table": ("<table><tr><td><p>第一段。</p><p>第二段。</p></td></tr></table>", ["第一段。", "第二段。"]),
    "names with one value each": ("<dl><dt>办理依据</dt><dd>水法</dd><dt>收费标准</dt><dd></dd></dl>", ["办理依据\t水法", "收费标准\t"]),
    "a list of another kind": ("<dl><dt>目录</dt><dd>甲</dd><dd>乙</dd></dl>", ["目录", "甲", "乙"]),
    "without end tags": ("<table><tr><td>项目<td>依据<tr><td>甲<td></table>", ["项目\t依据", "甲\t"]),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "lines"), TABLES.values(), ids=TABLES)
def test_the_plain_form_of_a_table(markup: str, lines: list[str], page_of: PageOf) -> None:
    assert text_of(f"<p>如下。</p>{markup}", page_of).split("\n") == ["如下。", *lines]


def test_a_cell_that_hangs_over_a_short_row() -> None:
    rows = [[("a", 1, 1), ("b", 1, 3)], [("c", 1, 1)], [], [("d", 1, 1)]]
    assert lines_of(expand(rows)) == ["a\tb", "c\tb", "\tb", "d\t"]


def test_spans_without_sense_make_no_table_without_end() -> None:
    grid = expand([[("x" * 900, 10**6, 10**6), ("y", 0, 0)]] * 3000)
    assert sum(len(cell) for row in grid for cell in row) < 2_000_000


class TestTitles:
    @pytest.mark.parametrize(
        ("head", "body", "title"),
        [
            ("<title>关于公布8月份集中式...</title>", "<h1>关于公布8月份集中式饮用水状况的公告</h1>", "关于公布8月份集中式饮用水状况的公告"),
            ('<meta name=ArticleTitle content="关于公布8月份集中式…">', "<h1>关于公布8月份集中式饮用水状况的公告</h1>", "关于公布8月份集中式饮用水状况的公告"),
            ('<meta name=ArticleTitle content="${title}"><title>水质月报-样例县政府网</title>', "<h1>水质月报</h1>", "水质月报"),
            ("<title>样例县政府网-通知公告-水质月报</title>", "<div id=title><b>水质月报</b></div>", "水质月报"),
            ("<title>样例县人民政府 通知公告 水质月报</title>", "<p>水质月报</p>", "水质月报"),
            ("<title>通知公告-1-9月水质月报</title>", "<h2>1-9月水质月报</h2>", "1-9月水质月报"),
            ("<title>样例县人民政府门户网站</title>", "<h1 class=logo>样例县人民政府门户网站</h1><h2>水质月报</h2>", "水质月报"),
            ("<title>样例县人民政府门户网站</title>", "<center><font size=5>水质月报</font></center>", "水质月报"),
            ("<title>环境质量月报-样例县政府网</title>", "<h1>环境质量月报</h1><h2 class=subtitle>（2015年8月）</h2>", "环境质量月报 （2015年8月）"),
            ("<title>公告</title>", "<h1>公告</h1>", "公告"),
            ("<title>【样例县政府网】</title>", "<table><tr><td>您的位置：首页</td></tr><tr><td align=center><b>水质月报</b></td></tr><tr><td align=center><b>八月份水质月报</b></td></tr></table>", "八月份水质月报"),
        ],
    )  # fmt: skip
    def test_are_whole_and_without_the_site(self, head: str, body: str, title: str, page_of: PageOf) -> None:
        html = f"<html><head>{head}</head><body>{body}<p>发布时间：2015-09-25</p><div id=zoom>{P}</div></body></html>"
        assert parse_article(page_of(html, url=URL)).title == title


class TestMessages:
    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ("<h1>404</h1><h2>Not Found</h2>", REASONS["missing"]),
            ("<p>您请求的文件不存在</p>", REASONS["missing"]),
            ("<p>该信息尚未发布</p>", REASONS["missing"]),
            ("<p>参数错误！</p>", REASONS["missing"]),
            ("<p>Microsoft OLE DB Provider for SQL Server 错误 '80004005'</p>", BROKEN),
            ("<h2>“/”应用程序中的服务器错误。</h2>", BROKEN),
            (
                "<pre>java.lang.NullPointerException\n" + "\tat org.apache.Foo.bar(Foo.java:12)\n" * 40 + "</pre>",
                BROKEN,
            ),
            ("<p>您还没有登录，请登录后再进行操作</p>", NOT_ALLOWED),
            ("<div>信息加载出错</div>", BROKEN),
            ("<p>出了点问题，请稍后再试</p>", BROKEN),
            ("<p>请在微信客户端打开链接</p>", NOT_ALLOWED),
            ("<p>请输入手机号进行身份验证</p>", NOT_ALLOWED),
            ("<div>请先<a href=/login>登录</a>后再查看本页内容</div>", NOT_ALLOWED),
            ("<p>请打开手机 APP 查看</p>", NOT_ALLOWED),
            ("<p>暂无数据</p>", NOTHING),
            ("<p>页面将在 3 秒后自动跳转</p>", REASONS["moved"]),
            ("<form>用户名<input name=u>密码<input type=password></form>", REASONS["login"]),
            ("<div>根据集约化工作要求，本网站已关停，请访问县政府门户网站。</div>", CLOSED),
            ("<p>系统正在升级维护，请稍后访问</p>", CLOSED),
            ("<p>您没有权限查看此内容</p>", NOT_ALLOWED),
            ("<p>访问过于频繁，请稍后再试</p>", NOT_ALLOWED),
        ],
    )
    def test_in_a_sites_frame_are_no_article(self, body: str, reason: str, page_of: PageOf) -> None:
        html = f"<html><head><title>样例县政府网</title></head><body>{NAV}<div class=top>今天是2015年9月30日</div><div class=box>{body}</div>{FOOT}</body></html>"
        read = parse_article(page_of(html, url="http://www.yangli.gov.cn/hjbh/201509/t20150928_1.html"))
        assert read.state == "unreadable"
        assert read.reason in (reason, REASONS["challenge"])

    def test_an_article_that_speaks_of_them_is_one(self, page_of: PageOf) -> None:
        text = "<p>因系统升级维护，8月份数据暂停服务。请先登录后再试。</p>"
        html = f"<html><head><title>关于系统维护的公告</title></head><body><h1>关于系统维护的公告</h1><p>发布时间：2015-09-25</p><div id=zoom>{text}</div></body></html>"
        assert parse_article(page_of(html, url=URL)).state == "read"


class TestIncomplete:
    def test_a_text_that_a_script_brings_is_not_read(self, page_of: PageOf) -> None:
        html = f"<html><head><title>{TITLE}</title></head><body>{NAV}<h1>{TITLE}</h1><p>发布时间：2015-09-25 来源：环保局</p><div id=zoom></div><script>$.get('/api/1',f)</script>{FOOT}</body></html>"
        read = parse_article(page_of(html, url=URL))
        assert (read.state, read.reason, read.text) == ("unreadable", SCRIPTED, None)

    def test_a_place_that_its_own_script_writes_is_not_read(self, page_of: PageOf) -> None:
        html = f"<html><body>{NAV}<h1>{TITLE}</h1><p>发布时间：2015-09-25</p><div id=zoom><script>document.write(unescape('%u6C34'))</script></div>{FOOT}</body></html>"
        assert parse_article(page_of(html, url=URL)).reason == SCRIPTED

    def test_an_empty_place_beside_a_frame_is_no_text(self, page_of: PageOf) -> None:
        html = f"<html><body>{NAV}<h1>{TITLE}</h1><p>发布时间：2015-09-25</p><div id=zoom></div><p>样例县环保局监测站编制</p>{FOOT}</body></html>"
        assert parse_article(page_of(html, url=URL)).reason == EMPTY

    def test_a_script_that_counts_visits_takes_no_short_text_away(self, page_of: PageOf) -> None:
        html = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>发布时间：2015-09-25</p><div id=zoom><p>AQI：57，良</p></div><script>$.get('/count?id=1')</script></body></html>"
        assert parse_article(page_of(html, url=URL)).text == "AQI：57，良"

    @pytest.mark.parametrize(
        "pager",
        [
            "<a href=1.html>1</a> <a href=1_2.html>2</a> <a href=1_3.html>[3]</a> <a href=1_2.html>下一页</a>",
            "<script>createPageHTML(3, 0, '1', 'html');</script>",
        ],
    )
    def test_further_pages_are_noted(self, pager: str, page_of: PageOf) -> None:
        html = f"<html><head><title>{TITLE}</title></head><body><div id=zoom>{P}</div>{pager}<a href=2.html>下一篇</a></body></html>"
        read = parse_article(page_of(html, url=URL))
        assert len(read.further) == 2
        assert [(one.text, one.note) for one in read.attachments] == [(None, FURTHER_NOTE)] * 2

    def test_a_list_beside_the_text_is_no_further_page(self, page_of: PageOf) -> None:
        html = f"<html><body><div id=zoom>{P}</div><a href=index_2.html>2</a><a href=2.html>2</a><a href=/hjbh/12.html>3</a></body></html>"
        assert parse_article(page_of(html, url=URL)).further == ()

    def test_a_text_that_was_not_recognised_proves_and_lacks_nothing(self, page_of: PageOf) -> None:
        html = f"<html><head><title>{TITLE}</title></head><body>{NAV}{NAV}<h1>{TITLE}</h1><p>发布时间：2015-09-25</p><p>AQI：57，空气质量为良好等级</p></body></html>"
        read = parse_article(page_of(html, url=URL))
        assert "AQI：57" in (read.text or "")
        assert [one.note for one in read.attachments] == [VAGUE_NOTE]

    @pytest.mark.parametrize("last", ["<p>二、整", "<p>二、咨询。联系电话：0571-6"])
    def test_a_page_that_breaks_off_says_so(self, last: str, page_of: PageOf) -> None:
        html = f"<html><head><title>{TITLE}</title></head><body><p>发布时间：2015-09-25</p><div id=zoom>{P}{last}"
        assert [one.note for one in parse_article(page_of(html, url=URL)).attachments] == [BROKEN_NOTE]

    def test_a_scan_among_links_is_a_file(self, page_of: PageOf) -> None:
        html = f"<html><body><center>{NAV}<table><tr><td>{TITLE}</td></tr><tr><td>发布时间：2015-09-25</td></tr><tr><td><a href=/upload/1.jpg><img src=/upload/1.jpg></a></td></tr></table></center></body></html>"
        assert "http://www.yangli.gov.cn/upload/1.jpg" in [
            one.url for one in parse_article(page_of(html, url=URL)).attachments
        ]

    def test_a_text_without_end_is_cut_and_says_so(self, page_of: PageOf) -> None:
        read = parse_article(page_of("<div id=zoom>" + "正文。" * 200_000 + "</div>", url=URL))
        assert len(read.text or "") == 500_000
        assert [one.note for one in read.attachments] == [CUT_NOTE]


ATTACHED = {
    "a viewer": ("<iframe src='/pdfjs/web/viewer.html?file=/upload/a.pdf'></iframe>", [("a.pdf", "http://www.yangli.gov.cn/upload/a.pdf")]),
    "an object": ("<object data='/up/b.pdf'></object>", [("b.pdf", "http://www.yangli.gov.cn/up/b.pdf")]),
    "a script's call": (f"{P}<a href='javascript:void(0)' onclick=\"down('/up/c.docx')\">附件一</a>", [("附件一", "http://www.yangli.gov.cn/up/c.docx")]),
    "a link that says 下载": (f"{P}<a href='/up/d.xls' title='收费目录.xls'>点击下载</a>", [("收费目录.xls", "http://www.yangli.gov.cn/up/d.xls")]),
    "an icon beside the text": (f"{P}<img src='/images/fj.gif'><img src='/upload/icon_doc.gif'>", []),
    "a photograph beside a long text": (f"{P * 3}<img src='/upload/p.jpg'>", []),
    "what the text points to": (f"{P}<p>各断面情况见附图</p><img src='/upload/p.jpg' alt='断面图'>", [("断面图", "http://www.yangli.gov.cn/upload/p.jpg")]),
    "pages of a scan": ("<p>公告</p><img src='/upload/1.jpg'><img src='/upload/2.jpg'>", [("图片", "http://www.yangli.gov.cn/upload/1.jpg"), ("图片", "http://www.yangli.gov.cn/upload/2.jpg")]),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "files"), ATTACHED.values(), ids=ATTACHED)
def test_what_belongs_to_an_article(markup: str, files: list[tuple[str, str]], page_of: PageOf) -> None:
    html = f"<html><body>{NAV}<h1>{TITLE}</h1><p>发布时间：2015-09-25</p><div id=zoom>{markup}</div><div class=footer><a href=/reader.zip>阅读器</a></div><div class=left><a href=/x.doc>表格下载</a></div></body></html>"
    read = parse_article(page_of(html, url=URL))
    assert read.attachments == tuple(Attachment(name, url) for name, url in files)


def test_parts_of_a_text_that_are_called_like_a_frame_are_kept(page_of: PageOf) -> None:
    parts = "<div class=header>水质类别说明：Ⅲ类以上</div><div class=related-files>附件：<a href=/u/1.xls>表1.xls</a></div><div class=page>第一部分：断面</div>"
    buttons = (
        "<div class=share>分享到：<a href=#>微信</a> <a href=#>微博</a></div><div class=print>【打印】【关闭】</div>"
    )
    text = text_of(P + parts + buttons, page_of)
    assert text.split("\n") == [*LINES, "水质类别说明：Ⅲ类以上", "附件：表1.xls", "第一部分：断面"]
