"""What belongs to an article and stands outside the place of its text: boxes of one name, tables beside it."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracker.evidence.article.read import parse_article
from tracker.evidence.page.parsed import Page

PageOf = Callable[..., Page]
LEAD = "<p>根据渔业法和有关规定，现将养殖证核发的条件、程序和结果予以公布，请各养殖户对照办理，逾期不再受理本年度的申请。</p>"
TABLE = "<table><tr><td>户主<td>面积（亩）</tr><tr><td>赵某<td>31</tr></table>"


def read(page_of: PageOf, inside: str, beside: str = "") -> str:
    html = (
        f"<html><head><title>养殖证核发</title></head><body><div class=top><a href=/>首页</a></div><div class=main><h1>养殖证核发</h1>"
        f"<p>发布时间：2015-09-25</p>{inside}</div>{beside}<div class=foot>版权所有：样例县水产站</div></body></html>"
    )
    article = parse_article(page_of(html, "http://www.yangli.gov.cn/sc/t20150925_8.html"))
    assert (article.state, str(article.claimed)) == ("read", "2015-09-25")
    return article.text or ""


@pytest.mark.parametrize("box", ["div class=con", "div class=article-content", "article", "div class='detail fl'"])
def test_boxes_of_one_name_are_one_text_with_their_headings(box: str, page_of: PageOf) -> None:
    end = box.split()[0]
    parts = [("核发条件", LEAD), ("核发程序", "<p>申请、踏勘、公示、发证。</p>"), ("收费", "<p>不收费。</p>")]
    text = read(page_of, "".join(f"<h3>{head}</h3><{box}>{said}</{end}>" for head, said in parts))
    assert [text.find(one) >= 0 for one in ("核发条件", "核发程序\n申请、踏勘", "收费\n不收费")] == [True] * 3


PLACES = {
    "behind a known place": f"<div id=zoom>{LEAD}</div>{TABLE}",
    "in a box of its own": f"<div class=l><div id=zoom>{LEAD}</div></div><div class=r>{TABLE}</div>",
    "before it": f"{TABLE}<div class=content>{LEAD}</div>",
    "beside a text without a name": f"<div>{LEAD * 3}</div><div>{TABLE}</div>",
}


@pytest.mark.parametrize("inside", PLACES.values(), ids=PLACES)
def test_a_table_beside_the_text_belongs_to_it(inside: str, page_of: PageOf) -> None:
    assert "户主\t面积（亩）\n赵某\t31" in read(page_of, inside)


BOXES = {
    "a summary": ("<div class=zhaiyao>全县养殖水面六百亩。</div><div id=zoom>{}</div>", "全县养殖水面六百亩。"),
    "an annex": ("<div id=zoom>{}</div><section><h3>附：</h3><p>全县养殖水面六百亩。</p></section>", "附：\n全县养殖水面六百亩。"),
    "names and values": ("<div class=content>{}</div><dl><dt>养殖水面</dt><dd>六百亩</dd></dl>", "养殖水面\n六百亩"),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "said"), BOXES.values(), ids=BOXES)
def test_a_box_between_title_and_foot_belongs_to_the_text(inside: str, said: str, page_of: PageOf) -> None:
    assert said in read(page_of, inside.format(LEAD))


@pytest.mark.parametrize(
    "box",
    [
        "<div>上一篇：赵某获证 没有了</div>", "<div class=footer>赵某值班</div>", "<div>责任编辑：赵某</div>",
        "<ul><li><a href=1.html>赵某</a></li></ul>", "<div>赵某 2015-09-20 发言</div>", "<div>本网声明：赵某</div>",
    ],
)  # fmt: skip
def test_a_box_of_particulars_or_links_does_not(box: str, page_of: PageOf) -> None:
    assert "赵某" not in read(page_of, f"<div id=zoom>{LEAD}</div>{box}")


def test_a_text_with_a_box_behind_it_is_signed_where_it_ends(page_of: PageOf) -> None:
    signed = f"<div id=zoom>{LEAD}<p>样例县水产站</p><p>2015年9月25日</p></div><ul>{'<li>网箱养殖户名录</li>' * 9}</ul>"
    article = parse_article(
        page_of(f"<html><title>公告</title><body><div><h1>养殖公告</h1>{signed}</div></body></html>")
    )
    assert (str(article.claimed), article.claimed_from) == ("2015-09-25", "signature")


OTHERS = {
    "links": "<table><tr><td><a href=/1>赵某<td><a href=/2>公示</tr><tr><td><a href=/3>钱某<td><a href=/4>公示</tr></table>",
    "particulars": "<table><tr><td>索引号<td>赵某</tr><tr><td>发布机构<td>水产站</tr></table>",
    "a form": "<table><tr><td>用户名 赵某<td><input name=u></tr><tr><td>密码<td>忘记</tr></table>",
    "a calendar": "<table><tr><td>日<td>一<td>二<td>三<td>四</tr><tr><td>赵某<td>1<td>2<td>3<td>4</tr></table>",
    "a frame of the site": "<div class=footer><table><tr><td>值班<td>赵某</tr><tr><td>电话<td>12345</tr></table></div>",
    "layout": "<table><tr><td>赵某</td></tr><tr><td>钱某</td></tr></table>",
}


@pytest.mark.parametrize("beside", OTHERS.values(), ids=OTHERS)
def test_other_tables_do_not(beside: str, page_of: PageOf) -> None:
    assert "赵某" not in read(page_of, f"<div id=zoom>{LEAD}</div>", beside)
