"""Lists that are not whole: the program died in the middle, the page has no end, or nothing leads to the rest."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing

PageOf = Callable[..., Page]

ROWS = "".join(
    f'<tr><td><a href="/hjbh/{n}.html">关于第{n}号环境监测情况的公告</a></td><td>2015-09-{n}</td></tr>'
    for n in range(28, 21, -1)
)
TABLE = f"<table width=760><tr><td><table>{ROWS}</table>{{}}</td></tr></table>"
HEAD, END = "<html><head><title>公告</title></head><body>", "</body></html>"
LIST = f"{HEAD}<div class=m>{TABLE}</div>{{}}{END}"


class TestAPageWhoseProgramDied:
    @pytest.mark.parametrize(
        "words",
        [
            "<b>Fatal error</b>: Out of memory in <b>/www/l.php</b> on line <b>3</b>",
            "<p>ADODB.Recordset 错误 '800a0e78'</p><p>对象关闭时，不允许操作。</p>",
            "<font>Active Server Pages</font> 错误 'ASP 0113' <p>脚本超时",
            "<h1>HTTP Status 500 - </h1><pre>java.sql.SQLException: Io 异常</pre></body></html>",
            "<p>ORA-01555: snapshot too old</p>",
            "<span>数据加载失败，请刷新页面</span>",
            "<p>部分信息未能显示</p>",
            "<div>系统正忙，请稍候</div>",
        ],
    )
    def test_is_not_the_end_of_its_list(self, words: str, page_of: PageOf) -> None:
        found = parse_listing(page_of(LIST.format(words, "")))
        assert (len(found.sightings), found.cut) == (7, True)

    @pytest.mark.parametrize(
        "words",
        [
            '<p style="display:none">数据加载失败</p>',
            '<div class="err hide"><span>加载失败，请重试</span></div>',
            '<p><a href="/hjbh/9.html">关于系统繁忙时段办税提示</a></p>',
            "<p>今年以来，县局着力解决群众反映的信息读取失败等问题，先后组织技术人员二十余次到各乡镇现场检修，得到好评，下步将继续做好相关工作，确保系统稳定运行。</p>",
            "<p>监督举报：发现错误请来信</p>",
        ],
    )
    def test_is_none_whose_words_speak_of_something_else_or_are_not_shown(self, words: str, page_of: PageOf) -> None:
        assert not parse_listing(page_of(LIST.format("", words))).cut


class TestAPageThatNeverSaysThatItEnds:
    """No </html>, no foot: whole where all that stood around its list is closed, as no broken page has it."""

    @pytest.mark.parametrize(
        ("body", "cut"),
        [
            (TABLE.format(""), False),
            (TABLE.format("").removesuffix("</table>"), True),
            (f"<table>{ROWS}", True),
            ('<ul><li><a href="/hjbh/8.html">关于公布第八号名录的公告</a> 2015-09-08</li></ul>', False),
            ('<ul><li><a href="/hjbh/8.html">关于公布第八号名录的公告</a> 2015-09-08</li>', True),
            ('<table><tr><td><a href="/hjbh/8.html">关于公布第八号名录的公告</a></td><td>2015-09-08</td></tr></table>', True),
            ("".join(f'<table><tr><td><a href="/hjbh/{n}.html">关于公布第{n}号名录的公告</a></td><td>2015-09-{n}</td></tr></table>' for n in (18, 17, 16, 15)), True),
        ],
        ids=["all-closed", "frame-open", "list-open", "one-row", "one-row-open", "one-table-of-many", "tables-one-a-row"],
    )  # fmt: skip
    def test_by_what_is_closed(self, body: str, cut: bool, page_of: PageOf) -> None:
        found = parse_listing(page_of(HEAD + body))
        is_row_open = cut and not body.endswith(("</li>", "</tr>"))
        assert (found.cut, len(found.sightings)) == (cut, body.count("<a ") - is_row_open)


class TestWhatLeadsOn:
    """What a pager's last words mean for the end of a list."""

    @pytest.mark.parametrize(
        ("under", "told"),
        [
            ('<a href="/hjbh/page/2/">&larr; 较早的文章</a>', "next /hjbh/page/2/"),
            ('<a href="?paged=2">« Older Entries</a>', "next /hjbh/?paged=2"),
            ('<a href="/guidang/">早期文章</a>', "doubt"),
            ('<a href="/hjbh/2012/">2013年（含）以前的公告</a>', "doubt"),
            ('<a href="list.asp?p=2"><img src="images/next.gif"></a>', "next /hjbh/list.asp?p=2"),
            ('<a href="list.asp?p=9"><img src="/img/btn_last.png"></a>', "end"),
            ("<p>[1] [2] [3] 页</p>", "more"),
            ("<p>1|2|3|4 页</p>", "more"),
            ('<input type="button" value="下一页" disabled>', "end"),
        ],
    )
    def test_is_followed_or_keeps_the_end_open(self, under: str, told: str, page_of: PageOf) -> None:
        found = parse_listing(page_of(LIST.format(f"<p>{under}</p>", "")))
        kind = "more" if found.more else "doubt" if found.doubt else "end"
        assert told == (f"next {found.next_url.partition('.gov.cn')[2]}" if found.next_url else kind)


class TestCellsThatSpanRows:
    HEADS = "<tr><th>类别</th><th>信息名称</th><th>发布日期</th></tr>"

    def test_belong_to_each_of_them(self, page_of: PageOf) -> None:
        rows = "".join(
            f'<tr>{"<td rowspan=3>规划</td>" if n % 3 == 0 else ""}<td><a href="/a/{n}.html">关于第{n}号规划的公告</a></td><td>2015-09-{29 - n}</td></tr>'
            for n in range(9)
        )
        found = parse_listing(page_of(f"{HEAD}<table>{self.HEADS}{rows}</table>{END}"))
        assert (len(found.sightings), found.residue) == (9, "")

    def test_an_entry_in_a_row_of_other_cells_is_one(self, page_of: PageOf) -> None:
        rows = "".join(
            f'<tr><td>{n}</td><td><a href="/a/{n}.html">关于第{n}号规划的公告</a></td><td>2015-09-0{n}</td></tr>'
            for n in (8, 7)
        )
        odd = '<tr><td colspan=3><a href="/a/2.html">关于第二号规划的公告</a></td></tr>'
        pager = "<tr><td colspan=3><a href='?p=2'>下一页</a></td></tr>"
        found = parse_listing(page_of(f"{HEAD}<table>{self.HEADS}{rows}{odd}{pager}</table>{END}"))
        assert [(one.title, one.claimed) for one in found.sightings] == [
            ("关于第8号规划的公告", date(2015, 9, 8)),
            ("关于第7号规划的公告", date(2015, 9, 7)),
            ("关于第二号规划的公告", None),
        ]


def test_links_with_backslashes_lead_where_browsers_go(page_of: PageOf) -> None:
    rows = ROWS.replace('"/hjbh/', '"\\hjbh\\')
    found = parse_listing(page_of(f"{HEAD}<table>{rows}</table>{END}"))
    assert found.sightings[0].url == "http://www.yangli.gov.cn/hjbh/28.html"


def test_the_moment_of_a_last_answer_is_no_title(page_of: PageOf) -> None:
    rows = "".join(
        f'<tr><td><a href="t{n}.html">水价{n}</a></td><td>2015-09-{n}</td><td><a href="l{n}.html">2015-09-29 10:{n}</a></td></tr>'
        for n in range(28, 22, -1)
    )
    found = parse_listing(page_of(f"{HEAD}<table>{rows}</table>{END}"))
    assert [one.title for one in found.sightings] == [f"水价{n}" for n in range(28, 22, -1)]


class TestAColumnThatIsKeptNoLonger:
    @pytest.mark.parametrize(
        "words",
        [
            "<p>本栏目已停止更新，谢谢关注</p>",
            "<div class=tip>温馨提示：该网站已于2015年5月整合至县政府门户网站。</div>",
            "<p>最新信息请到<a href='http://www.example.gov.cn/'>新版网站</a>查看</p>",
            "<marquee>请访问新网站 http://www.example.gov.cn</marquee>",
            "<div><a href='http://www.example.gov.cn/'>本网站停止更新，点击进入新版网站</a></div>",
        ],
    )
    def test_says_so_in_a_line_of_its_own(self, words: str, page_of: PageOf) -> None:
        assert parse_listing(page_of(LIST.format(words, ""))).closed

    @pytest.mark.parametrize(
        "words",
        [
            "<p><a href='/hjbh/9.html'>关于本网站迁移至新平台的公告</a></p>",
            "<div style='display:none'><a href='http://www.example.gov.cn/'>本网站停止更新，点击进入新版网站</a></div>",
            "<p style='display:none'>本栏目已停止更新</p>",
            "<p>切换到<a href='/old/'>旧版</a></p>",
            "<p>养老保险关系迁移至外县的，请到窗口办理</p>",
            "<a href='http://new.example.gov.cn/'>新版网站</a>",
        ],
    )
    def test_other_words_do_not_say_it(self, words: str, page_of: PageOf) -> None:
        assert not parse_listing(page_of(LIST.format(words, ""))).closed


@pytest.mark.parametrize(
    ("title", "readable"),
    [
        ("8月份水环境质量状况", True),
        ("PM2.5 annual report", True),
        ("Ｐ２Ｐ平台风险提示", True),
        ("关于Café许可的公告", True),
        ("\ufffd\ufffd\ufffdˮ\ufffd\ufffd", False),
        ("å…³äºŽæŠ½æ£€", False),
        ("ÎÒÃÇµÄ¹«¸æ", False),
        ("锟斤拷锟斤拷8月", False),
    ],
)
def test_a_title_in_the_wrong_letters_is_none(title: str, readable: bool, page_of: PageOf) -> None:
    rows = ROWS + f'<tr><td><a href="/hjbh/1.html">{title}</a></td><td>2015-09-01</td></tr>'
    found = parse_listing(page_of(f"{HEAD}<table>{rows}</table>{END}"))
    assert (len(found.sightings), bool(found.residue)) == ((8, False) if readable else (7, True))
