"""Articles that go on elsewhere, read from real servers: further pages, a page that is missing, frames."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from aiohttp import web

from tests.evidence.evidence_site import SHANGHAI, Serve
from tracker.core.matching.contents import is_readable
from tracker.core.values.facts import EntryVersion
from tracker.evidence.article.read import Article
from tracker.evidence.article.unread import FURTHER_NOTE, UNSEEN_NOTE
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.evidence.listing.columns import read_article

Clock = Callable[[], datetime]
TEXTS = ["第一部分。空气质量良好。", "第二部分。水质良好。", "第三部分。噪声达标。"]
PAGER = "<a href=a.html>1</a> <a href=a_2.html>2</a> <a href=a_3.html>3</a> <a href=a_2.html>下一页</a>"


def page(text: str, more: str = PAGER) -> str:
    return (
        "<html><title>月报</title><body><h1>月报</h1><p>发布时间：2015-09-25</p>"
        f"<div id=zoom>{text}</div>{more}</body></html>"
    )


WHOLE = {"/a.html": page(TEXTS[0]), "/a_2.html": page(TEXTS[1]), "/a_3.html": page(TEXTS[2])}


async def read(pages: dict[str, str], path: str, serve: Serve, clock: Clock) -> tuple[Article, list[str]]:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        html = pages.get(request.path)
        return web.Response(text=html or "", status=200 if html else 404, content_type="text/html")

    base = await serve(answer)
    async with Fetcher(["127.0.0.1"], True, Limits(0), clock) as fetcher:
        _, article = await read_article(fetcher, f"{base}{path}", SHANGHAI)
    assert article is not None
    return article, [one for one in asked if one != "/robots.txt"]


def is_whole(article: Article, clock: Clock) -> bool:
    version = EntryVersion(clock(), article.title, article.claimed, article.text, article.state, article.attachments)
    return is_readable(version)


async def test_further_pages_are_part_of_the_text(serve: Serve, clock: Clock) -> None:
    article, asked = await read(WHOLE, "/a.html", serve, clock)
    assert (article.text, article.attachments) == ("\n".join(TEXTS), ())
    assert asked == ["/a.html", "/a_2.html", "/a_3.html"]
    assert is_whole(article, clock)


async def test_what_only_sends_on_is_read_where_it_leads_and_no_further(serve: Serve, clock: Clock) -> None:
    once = "<html><head><meta http-equiv=Refresh content='2; url={}'></head><body>请稍候</body></html>"
    pages = {"/1.html": once.format("/a.html"), "/2.html": once.format("/1.html"), "/a.html": page(TEXTS[0], "")}
    article, asked = await read(pages, "/1.html", serve, clock)
    assert (article.state, article.text, asked) == ("read", TEXTS[0], ["/1.html", "/a.html"])
    article, asked = await read(pages, "/2.html", serve, clock)
    assert (article.state, asked) == ("unreadable", ["/2.html", "/1.html"])


async def test_pages_that_each_name_the_next_only_are_followed(serve: Serve, clock: Clock) -> None:
    pages = {
        "/a.html": page(TEXTS[0], "<a href=a_1.html>下一页</a>"),
        "/a_1.html": page(TEXTS[1], "<a href=a.html>上一页</a><a href=a_2.html>下一页</a>"),
        "/a_2.html": page(TEXTS[2], "<a href=a_1.html>上一页</a>"),
    }
    article, asked = await read(pages, "/a.html", serve, clock)
    assert article.text == "\n".join(TEXTS)
    assert asked == ["/a.html", "/a_1.html", "/a_2.html"]


async def test_a_page_that_does_not_come_leaves_the_text_incomplete(serve: Serve, clock: Clock) -> None:
    article, _ = await read({one: WHOLE[one] for one in ("/a.html", "/a_3.html")}, "/a.html", serve, clock)
    assert (article.state, article.text) == ("read", TEXTS[0])
    assert [one.note for one in article.attachments] == [FURTHER_NOTE] * 2
    assert not is_whole(article, clock)


async def test_pages_without_end_are_bounded(serve: Serve, clock: Clock) -> None:
    pages = {
        f"/a{f'_{n}' if n else ''}.html": page(f"第{n}部分。", f"<a href=a_{n + 1}.html>下一页</a>") for n in range(90)
    }
    article, asked = await read(pages, "/a.html", serve, clock)
    assert len(asked) < 30
    assert not is_whole(article, clock)


async def test_of_frames_the_one_that_says_most_is_the_article(serve: Serve, clock: Clock) -> None:
    pages = {
        "/a.html": "<html><title>x</title><frameset><frame src=top.html><frame src=main.html></frameset></html>",
        "/top.html": "<html><body><a href=/>首页</a></body></html>",
        "/main.html": page(TEXTS[0], ""),
    }
    article, _ = await read(pages, "/a.html", serve, clock)
    assert (article.state, article.title, article.text) == ("read", "月报", TEXTS[0])


@pytest.mark.parametrize(
    "more",
    [
        "<a href='javascript:page(2)'>[2]</a> <a href='javascript:page(2)'>下一页</a>",
        "<p>……</p><a href='appsched://news/77'>打开客户端阅读全文</a>",
        "<button>显示余下内容</button>",
    ],
)
async def test_what_only_a_script_or_an_application_opens_is_noted_as_unread(
    more: str, serve: Serve, clock: Clock
) -> None:
    article, _ = await read({"/a.html": page(TEXTS[0], more)}, "/a.html", serve, clock)
    assert [one.note for one in article.attachments] == [UNSEEN_NOTE]
    assert not is_whole(article, clock)


@pytest.mark.parametrize(
    "more",
    [
        "<div class=comments><p>评论</p><a href='javascript:more()'>下一页</a></div>",
        "<a href='http://paper.example.cn/1.html'>查看原文</a>",
        "<a href='javascript:print()'>打印</a>",
    ],
)
async def test_what_leads_on_elsewhere_leaves_the_text_whole(more: str, serve: Serve, clock: Clock) -> None:
    article, _ = await read({"/a.html": page(TEXTS[0], more)}, "/a.html", serve, clock)
    assert is_whole(article, clock)
