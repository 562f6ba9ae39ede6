"""What an article speaks of and nobody can open is not missing: files behind scripts, texts elsewhere, empty places."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracker.core.matching.contents import is_readable
from tracker.core.values.facts import EntryVersion
from tracker.evidence.article.read import EMPTY, SCRIPTED, parse_article
from tracker.evidence.article.unread import ELSEWHERE_NOTE, FILE_NOTE
from tracker.evidence.page.parsed import Page

PageOf = Callable[..., Page]
LEAD = "根据上级部署和有关规定，现将今年以来全县各项工作进展的有关情况予以公布，请社会各界予以监督。"


def page(
    inside: str, menu: str = "<div class=lm><a href='/a/'>机构职能</a><a href='/b/'>政策法规</a><p>公开目录</p></div>"
) -> str:
    return (
        f"<html><head><title>名单公示</title></head><body><div class=w>{menu}<div class=r><h1>名单公示</h1>"
        f"<p class=sj>发布时间：2015-09-25</p><div class=content>{inside}</div></div></div></body></html>"
    )


@pytest.mark.parametrize(
    ("inside", "notes"),
    [
        (f"<p>{LEAD}</p><p>附件：<a href='javascript:;' onclick='down(31)'>补助名单.xlsx</a></p>", [FILE_NOTE]),
        (f"<p>{LEAD}</p><p><a href='#' onclick='xz(1)'>附件1：补助名单</a> <a href='#' onclick='xz(2)'>附件2：公示表</a></p>", [FILE_NOTE] * 2),
        (f"<p>{LEAD}</p><p><a href='javascript:get(3)'>名单.pdf (35KB)</a></p>", [FILE_NOTE]),
        (f"<p>{LEAD}</p><p><a href='javascript:window.print()'>打印</a> <a href='#'>返回顶部</a></p>", []),
        ("<p>详情请点击：<a href='http://www.credit.example.cn/1.html'>公示平台</a></p>", [ELSEWHERE_NOTE]),
        (f"<p>{LEAD * 2}</p><p>详见<a href='http://www.example.cn/1.html'>有关规定</a></p>", []),
        (f"<p>{LEAD}</p><p><a href='/a/2.html'>县政府召开会议</a></p>", []),
    ],
    ids=["onclick", "two", "with-size", "buttons", "points-elsewhere", "text-with-a-reference", "plain-link"],
)  # fmt: skip
def test_what_cannot_be_opened_leaves_the_article_incomplete(inside: str, notes: list[str], page_of: PageOf) -> None:
    read = page_of(page(inside))
    article = parse_article(read)
    assert (article.state, [one.note for one in article.attachments]) == ("read", notes)
    version = EntryVersion(
        None, article.title, article.claimed, article.text, article.state, article.attachments  # type: ignore[arg-type]
    )  # fmt: skip
    assert is_readable(version) is not bool(notes)


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("", EMPTY),
        ("<p>&nbsp;</p>", EMPTY),
        ("<p><a href='http://mp.example.cn/s/1'>点击查看原文</a></p>", EMPTY),
        ("<div id=t></div><script>$('#t').load('/c?id=9')</script>", SCRIPTED),
        ("<div id=t></div><script>fetch('/c/9').then(show)</script>", SCRIPTED),
    ],
)
def test_an_empty_place_for_the_text_is_no_text_whatever_stands_in_the_menu(
    inside: str, reason: str, page_of: PageOf
) -> None:
    article = parse_article(page_of(page(inside)))
    assert (article.state, article.reason, str(article.claimed)) == ("unreadable", reason, "2015-09-25")
