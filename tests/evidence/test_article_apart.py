"""What belongs to an article and stands outside the place of its text: boxes of one name, tables beside it."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracker.evidence.article import parse_article
from tracker.evidence.page import Page

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
