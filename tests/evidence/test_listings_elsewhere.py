"""Lists whose older rows may stand elsewhere, and rows that lead nowhere: how far such a visit may say it saw."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tracker.evidence.listing.certificate import certificate_of
from tracker.evidence.listing.walk import Walk, advance
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.values import Listing, lost_at_latest

PageOf = Callable[..., Page]
HERE = "http://www.yangli.gov.cn/tz/"
TODAY = date(2015, 9, 30)
DAYS = [date(2015, 9, 28) - timedelta(days=5 * n) for n in range(30)]
COUNTED = "<p>共9条</p>"
SHELL = "<html><head><title>通知</title></head><body><div class=main><h2>通知</h2>{}</div></body></html>"


def items(count: int, days: list[date] = DAYS) -> str:
    return (
        "<ul>"
        + "".join(
            f"<li><a href='/tz/{n}.html'>关于第{n}号事项的通知</a><span>{days[n]}</span></li>" for n in range(count)
        )
        + "</ul>"
    )


def listing(page_of: PageOf, main: str) -> Listing:
    return parse_listing(page_of(SHELL.format(main), url=HERE))


def reached(*pages: Listing) -> object:
    walk = Walk()
    for one in pages:
        advance(walk, one, None, 100)
    return certificate_of(walk).reached


class TestWhereOlderRowsMayStandElsewhere:
    @pytest.mark.parametrize(
        "around",
        [
            "<select onchange='location=value'><option value='/tz/?n=2015'>2015年</option><option value=''>2014年</option></select>@",
            "<form><select name=y><option>2015</option><option>2014</option></select></form>@",
            "@<ul><li class=on>2015</li><li>2014</li><li>2013</li></ul>",
            "@<p><a href='/tz/201506/'>2015年6月(3)</a></p>",
            "@<p><a href='/old/'>往期公告</a></p>",
            "@<p>仅显示最近9条</p>",
            "@<p>注：2014年及以前的信息请到县档案馆网站查询。</p>",
        ],
        ids=[
            "years to choose",
            "years in a form",
            "years to press",
            "months",
            "history",
            "the newest only",
            "sent away",
        ],
    )
    def test_no_end_is_claimed_but_what_is_newer_than_the_last_row(self, around: str, page_of: PageOf) -> None:
        assert reached(listing(page_of, around.replace("@", items(9)))) == DAYS[8]

    @pytest.mark.parametrize(
        "around",
        [
            "@<p><a href='/ldzc/2014/'>2014年</a> <a href='/ldzc/2013/'>2013年</a></p>",
            "<select><option>全部</option><option>2015年</option><option>2014年</option></select>@",
            "@<p><a href='/tj/201506/'>2015年6月</a></p>",
        ],
        ids=["years of another column", "all years at first", "months of another column"],
    )
    def test_and_else_it_is(self, around: str, page_of: PageOf) -> None:
        assert reached(listing(page_of, around.replace("@", items(9)) + COUNTED)) == "end"

    @pytest.mark.parametrize(
        ("above", "bounded"),
        [
            ("<h3>2015年通知</h3>", True),
            ("<div>通知（2015年度）</div>", True),
            ("<em>2015</em>", True),
            ("<p>今天是2015年9月30日</p>", False),
            ("<p>2014-2015年通知</p>", False),
            ("<p><a href='/ldzc/2015/'>2015年会</a></p>", False),
        ],
    )
    def test_a_number_of_a_years_list_speaks_for_that_year(self, above: str, bounded: bool, page_of: PageOf) -> None:
        assert reached(listing(page_of, above + items(9) + COUNTED)) == (date(2014, 12, 31) if bounded else "end")
        assert reached(listing(page_of, above + items(9, [date(2014, 1, 1), *DAYS]) + COUNTED)) == "end"

    @pytest.mark.parametrize(
        ("promise", "is_its"),
        [
            ("<div class=p>共<b>1</b>页 首页 上一页 下一页 尾页 转到第1页</div>", True),
            ("<p>通知 共9条</p>", True),
            ("<div><h4>网友评论</h4><p>共1页 共9条评论</p></div>", False),
            ("<div>第<i id=cur>1</i>页/共<i id=tot>1</i>页</div><script>$('#tot').text(n)</script>", False),
        ],
    )
    def test_a_number_amid_other_words_is_no_promise_of_the_list(
        self, promise: str, is_its: bool, page_of: PageOf
    ) -> None:
        assert reached(listing(page_of, items(9) + promise)) == ("end" if is_its else DAYS[8])

    @pytest.mark.parametrize("count", [9, 10, 15, 17, 20])
    def test_one_page_without_a_pager_speaks_down_to_its_last_row(self, count: int, page_of: PageOf) -> None:
        assert reached(listing(page_of, items(count))) == DAYS[count - 1]

    def test_a_pager_that_leads_nowhere_says_that_they_are_all(self, page_of: PageOf) -> None:
        assert reached(listing(page_of, items(10) + "<p>共10条记录 上一页 下一页</p>")) == "end"

    def test_rows_to_and_fro_say_nothing_of_what_is_not_shown(self, page_of: PageOf) -> None:
        mixed = [DAYS[n] for n in (3, 0, 7, 1, 9, 2, 8, 4, 6, 5)]
        assert reached(listing(page_of, items(10, mixed))) is None

    def test_one_old_row_at_the_head_takes_the_last_ones_word(self, page_of: PageOf) -> None:
        pinned = [DAYS[20], *DAYS[:9]]
        assert reached(listing(page_of, items(10, pinned))) == DAYS[0]

    @pytest.mark.parametrize(
        "beneath",
        [
            "<button>1</button><button>2</button>",
            "<ul class=el-pager><li>1</li><li>2</li></ul>",
            "<script>var p=1;window.onscroll=function(){if(low()){p++;$.get('/tz/?p='+p,add);}}</script>",
        ],
        ids=["buttons", "items of a pager", "scrolling"],
    )
    def test_what_a_script_turns_is_no_end(self, beneath: str, page_of: PageOf) -> None:
        assert reached(listing(page_of, items(9) + beneath)) == DAYS[0]

    def test_an_old_year_that_answers_as_this_one_is_no_end(self, page_of: PageOf) -> None:
        years = (
            "<select><option value='/tz/?y=2015'>2015年</option><option value='/tz/?y=2014'>2014年</option></select>"
        )
        first = listing(page_of, years + items(9))
        assert first.then is not None
        assert reached(first, first) != "end"

    def test_tabs_of_one_manner_are_digests(self, page_of: PageOf) -> None:
        boxes = "".join(f"<div>{items(4).replace('/tz/', f'/{kind}/')}</div>" for kind in "abc")
        assert reached(listing(page_of, boxes)) is None


class TestAPageThatBreaksOff:
    @pytest.mark.parametrize("count", [2, 4, 6])
    def test_claims_nothing(self, count: int, page_of: PageOf) -> None:
        html = "<html><body><div><h2>通知</h2>" + items(count).removesuffix("</ul>")
        assert reached(parse_listing(page_of(html, url=HERE))) is None


class TestRowsOfPlainText:
    BARE = "财政局2015年部门预算（纸质件见公告栏）"

    @pytest.mark.parametrize(
        ("frame", "row"),
        [
            ("<div>{}</div>", "{day} {text}<br>"),
            ("<div>{}</div>", "<p>{text}（{day}）</p>"),
            ("<div>{}</div>", "<div>{day}　{text}</div>"),
        ],
        ids=["lines", "paragraphs", "boxes"],
    )
    def test_are_lost_and_bear_their_day(self, frame: str, row: str, page_of: PageOf) -> None:
        said = [
            row.format(day=DAYS[n], text=self.BARE if n == 3 else f"<a href='/tz/{n}.html'>关于第{n}号事项的通知</a>")
            for n in range(9)
        ]
        found = listing(page_of, frame.format("".join(said)))
        assert (bool(found.residue), found.residue_day) == (True, DAYS[3])
        assert reached(found) == DAYS[3]

    @pytest.mark.parametrize(
        "row",
        [
            "<a href='/tz/{n}.html'>关于第{n}号事项的通知</a><br>发布单位：县财政局 {day}<br>",
            "<a href='/tz/{n}.html'>关于第{n}号事项的通知</a>（县财政局 {day}）<br>",
        ],
    )
    def test_are_none_where_they_tell_of_a_link(self, row: str, page_of: PageOf) -> None:
        rows = "".join(row.format(n=n, day=DAYS[n]) for n in range(9))
        assert listing(page_of, f"<div>{rows}</div>").residue == ""


class TestHeadlines:
    TOP = "<h2><a href='/special/open/'>财政局公布2015年部门预算及说明</a></h2><p>预算经县人民代表大会批准，现连同说明一并公布，请社会各界监督。</p>"
    TABLE = (
        "<table><tr><th>名称</th><th>发布日期</th></tr>"
        + "".join(
            f"<tr><td><a href='/tz/{n}.html'>关于第{n}号事项的通知</a></td><td>{DAYS[n]}</td></tr>" for n in range(6)
        )
        + "</table>"
    )
    STORE = (
        "<script type='text/xml'><datastore><totalrecord>6</totalrecord><recordset>"
        + "".join(
            f"<record><![CDATA[<li><a href='/tz/{n}.html'>关于第{n}号事项的通知</a>{DAYS[n]}</li>]]></record>"
            for n in range(6)
        )
        + "</recordset></datastore></script>"
    )

    @pytest.mark.parametrize("rows", [items(6), TABLE, STORE], ids=["items", "a catalogue", "a store"])
    def test_are_entries_whatever_their_address(self, rows: str, page_of: PageOf) -> None:
        found = listing(page_of, self.TOP + rows)
        assert [one.url.rpartition(".cn")[2] for one in found.sightings][:2] == ["/special/open/", "/tz/0.html"]

    def test_labels_of_boxes_are_none(self, page_of: PageOf) -> None:
        label = "<h2><a href='/xxgk/ndbg/'>政府信息公开年度报告</a></h2><dl><dd>2014年</dd></dl>"
        assert not any("ndbg" in one.url for one in listing(page_of, label + items(6)).sightings)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(False, DAYS[0]), (True, DAYS[1]), (False, DAYS[2])], DAYS[1]),
        ([(False, DAYS[0]), (True, None), (False, DAYS[2])], DAYS[0]),
        ([(True, None), (False, DAYS[1]), (False, DAYS[2])], None),
        ([(False, DAYS[2]), (True, None), (False, DAYS[0])], None),
        ([(False, DAYS[0]), (True, None)], None),
    ],
    ids=["its own day", "no newer than the row above", "at the head", "in no order", "no order to be seen"],
)
def test_a_lost_row_is_no_newer_than(rows: list[tuple[bool, date | None]], told: date | None) -> None:
    assert lost_at_latest(rows) == told
