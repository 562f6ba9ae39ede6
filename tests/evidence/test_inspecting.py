"""Looking at one address over HTTP: whatever lies there is seen for what it is, or it is said why nobody could look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from tests.evidence.attached_files import docx, made
from tests.evidence.evidence_site import SHANGHAI, Clock, Handler, Serve
from tests.evidence.heavy_pages import ENDLESS
from tests.evidence.test_nature import BOX, COLUMN_TAGS, CRUMB, FOOT, NAV, TEXT, TITLES, page, paper, rows
from tracker.core.law.duties import Item
from tracker.evidence.attachments.collect import Files
from tracker.evidence.attachments.readers.reader import FileReader
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.evidence.listing.inspect import InspectedItem, Seen, contents_of, inspect, with_files
from tracker.evidence.page.worker import Worker
from tracker.evidence.reading import reading_process

LIMITS = Limits(delay=0, timeout=2, max_pages=20)


async def look(
    url: str, clock: Callable[[], datetime], *, limits: Limits = LIMITS, private: bool = True, files_too: bool = False
) -> Seen:
    async with Fetcher([urlsplit(url).netloc], private, limits, clock) as fetcher, FileReader() as reader:
        files = Files(fetcher, reader)
        seen = await inspect(url, fetcher, SHANGHAI, files)
        return await with_files(seen, files) if files_too else seen


def answering(*pages: str | bytes, kind: str = "text/html", status: int = 200) -> Handler:
    """The first page under every address, `/N` the others."""

    async def answer(request: web.Request) -> web.Response:
        number = request.path.rpartition("/")[2].partition(".")[0].rpartition("_")[2]
        body = pages[int(number) if number.isdigit() and int(number) < len(pages) else 0]
        data = body.encode() if isinstance(body, str) else body
        return web.Response(status=status, body=data, headers={"Content-Type": kind})

    return answer


def column(number: int, last: int) -> str:
    """One page of a column of three rows a page."""
    first = number * 3
    part = "".join(
        f'<li><a href="/tzgg/{4000 + n}.html">{TITLES[n % 12]}（{n}）</a><span>2015-09-{28 - n:02}</span></li>'
        for n in range(first, first + 3)
    )
    pager = f'<div class="page"><a href="index_{number + 1}.html">下一页</a></div>' if number < last else ""
    return page(CRUMB + BOX.format(part) + pager)


async def test_a_list_is_followed_to_its_end(serve: Serve, clock: Clock) -> None:
    base = await serve(answering(*(column(number, 2) for number in range(3))))
    seen = await look(f"{base}/tzgg/", clock)
    assert (seen.kind, seen.pages, len(seen.entries), seen.flags, seen.reason) == ("listing", 3, 9, (), "")
    assert (seen.dialect, seen.encoding) == ("list", "utf-8")


async def test_or_as_far_as_it_may_be(serve: Serve, clock: Clock) -> None:
    base = await serve(answering(*(column(number, 5) for number in range(6))))
    seen = await look(f"{base}/tzgg/", clock, limits=Limits(delay=0, max_pages=2))
    assert (seen.kind, seen.pages, len(seen.entries), seen.flags) == ("listing", 2, 6, ("partial",))
    assert seen.reason == "页数超过上限 2 页，未读到尽头"


async def test_a_page_that_only_sends_on_is_followed(serve: Serve, clock: Clock) -> None:
    async def answer(request: web.Request) -> web.Response:
        sends = '<html><head><meta http-equiv="refresh" content="0;url=/tzgg/list.html"></head><body></body></html>'
        html = column(0, 0) if request.path == "/tzgg/list.html" else sends
        return web.Response(text=html, content_type="text/html")

    seen = await look(f"{await serve(answer)}/tzgg/", clock)
    assert (seen.kind, len(seen.entries)) == ("listing", 3)


async def test_a_list_in_a_frame_is_found(serve: Serve, clock: Clock) -> None:
    async def answer(request: web.Request) -> web.Response:
        framed = f"<html><body>{NAV}<iframe src='/list.html' width=700 height=500></iframe>{FOOT}</body></html>"
        return web.Response(text=column(0, 0) if request.path == "/list.html" else framed, content_type="text/html")

    seen = await look(f"{await serve(answer)}/tzgg/", clock)
    assert (seen.kind, seen.dialect, len(seen.entries)) == ("listing", "list", 3)


async def test_an_article_in_a_frame_is_found(serve: Serve, clock: Clock) -> None:
    async def answer(request: web.Request) -> web.Response:
        framed = "<html><head><title>通知</title></head><frameset cols='*'><frame src='/zw.html'></frameset></html>"
        return web.Response(text=paper() if request.path == "/zw.html" else framed, content_type="text/html")

    seen = await look(f"{await serve(answer)}/2015/1.html", clock)
    assert (seen.kind, str(seen.published)) == ("article", "2015-09-25")


async def test_an_article_is_told_with_its_particulars(serve: Serve, clock: Clock) -> None:
    seen = await look(f"{await serve(answering(paper()))}/a.php?x=7", clock)
    assert seen.to_json() == {
        "url": seen.url,
        "kind": "article",
        "dialect": "",
        "title": "关于做好2015年秋季农田水利建设工作的通知",
        "published": "2015-09-25",
        "published_from": "line",
        "source": "县政府办",
        "encoding": "utf-8",
        "entries": [],
        "pages": 1,
        "contents": {},
        "flags": [],
        "reason": "",
    }


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (404, "missing", "网页无法打开（404）"),
        (410, "missing", "网页无法打开（410）"),
        (403, "unverifiable", "网站拒绝访问（403）"),
        (412, "unverifiable", "网站拒绝访问（412）"),
        (521, "unverifiable", "网站拒绝访问（521）"),
        (500, "unverifiable", "网站出错（500）"),
    ],
)
async def test_what_is_not_there_and_what_is_not_shown(
    status: int, kind: str, reason: str, serve: Serve, clock: Clock
) -> None:
    seen = await look(f"{await serve(answering(column(0, 0), status=status))}/tzgg/", clock)
    assert (seen.kind, seen.reason, seen.entries) == (kind, reason, ())


async def test_a_site_that_is_down_is_not_a_page_that_is_missing(clock: Clock) -> None:
    seen = await look("http://127.0.0.1:9/tzgg/", clock)
    assert seen.kind == "unverifiable"
    assert seen.reason.startswith("无法连接")


@pytest.mark.parametrize("dialect", ["", "list"])
async def test_a_page_that_no_parser_reads_in_time_could_not_be_looked_at(
    dialect: str, serve: Serve, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_process, "WORKER", Worker(1, 60))
    base = await serve(answering(ENDLESS))
    async with Fetcher([urlsplit(base).netloc], True, LIMITS, clock) as fetcher, FileReader() as reader:
        seen = await inspect(f"{base}/a/", fetcher, SHANGHAI, Files(fetcher, reader), dialect=dialect)
    assert (seen.kind, seen.looked) == ("unverifiable", False)
    assert seen.reason.startswith("页面未能读取：读取用时超过")


async def test_private_addresses_are_left_alone_unless_they_are_meant(serve: Serve, clock: Clock) -> None:
    seen = await look(f"{await serve(answering(column(0, 0)))}/tzgg/", clock, private=False)
    assert (seen.kind, seen.reason) == ("unverifiable", "站点解析到内部地址，已拒绝访问")


@pytest.mark.parametrize(
    ("target", "reason"),
    [("/", "文章地址被转到了网站首页"), ("http://127.0.0.2:1/", "被转到所查站点范围之外：http://127.0.0.2:1/")],
)
async def test_who_is_sent_elsewhere_has_seen_nothing(target: str, reason: str, serve: Serve, clock: Clock) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path != "/":
            raise web.HTTPFound(target)
        return web.Response(text=column(0, 0), content_type="text/html")

    seen = await look(f"{await serve(answer)}/tzgg/201509/t20150925_1.html", clock)
    assert (seen.kind, seen.reason) == ("unverifiable", reason)


async def test_a_file_is_read_as_one(serve: Serve, clock: Clock) -> None:
    base = await serve(answering(made("table.xls"), kind="application/vnd.ms-excel"))
    seen = await look(f"{base}/files/2015.xls", clock)
    assert (seen.kind, seen.title, seen.reason) == ("file", "2015.xls", "")
    assert seen.article is not None
    assert seen.article.text


async def test_a_file_that_nobody_can_read_is_unverifiable(serve: Serve, clock: Clock) -> None:
    base = await serve(answering(made("locked.pdf"), kind="application/pdf"))
    seen = await look(f"{base}/files/2015.pdf", clock)
    assert (seen.kind, seen.title) == ("unverifiable", "2015.pdf")
    assert seen.reason.startswith("条目直接链接到文件：")


async def test_a_feed_is_a_list_whatever_its_server_calls_it(serve: Serve, clock: Clock) -> None:
    item = "<item><title>通知一</title><link>/1.html</link><pubDate>Fri, 25 Sep 2015 09:30:00 +0800</pubDate></item>"
    feed = f"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>{item}</channel></rss>"
    for kind in ("application/rss+xml", "text/html", "application/octet-stream"):
        seen = await look(f"{await serve(answering(feed, kind=kind))}/rss", clock)
        assert (seen.kind, seen.dialect, len(seen.entries)) == ("listing", "feed", 1), kind


async def test_a_column_with_the_page_s_own_tags_only(serve: Serve, clock: Clock) -> None:
    seen = await look(f"{await serve(answering(page(BOX.format(rows(12)), head=COLUMN_TAGS)))}/x.do?id=3", clock)
    assert (seen.kind, len(seen.entries)) == ("listing", 12)


ITEMS = (Item(("水质",)), Item(("浓度", "含量"), number=(0, 500)), Item(("不在其中",)))


async def test_contents_are_looked_for_in_the_text_and_in_the_files(serve: Serve, clock: Clock) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith(".docx"):
            return web.Response(body=docx("8月份氨氮浓度为12毫克每升。"))
        html = paper(f"{TEXT}全县水质总体良好。<a href='/f/1.docx'>附件1：监测结果.docx</a>")
        return web.Response(text=html, content_type="text/html")

    base = await serve(answer)
    seen = await look(f"{base}/a.php?x=7", clock, files_too=True)
    found = contents_of(seen, ITEMS, clock())
    assert [one.found for one in found.values()] == [True, True, False]
    assert (found["水质"].where or "").startswith("正文：")
    assert (found["浓度"].where or "").startswith("附件《附件1：监测结果.docx》：")
    assert seen.to_json(found)["contents"]["不在其中"] == {"found": False, "where": None}


async def test_what_stands_in_a_file_that_cannot_be_read_is_not_missing(serve: Serve, clock: Clock) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith(".pdf"):
            return web.Response(body=made("locked.pdf"))
        html = paper(f"{TEXT}全县水质总体良好。<a href='/f/1.pdf'>附件1：监测结果.pdf</a>")
        return web.Response(text=html, content_type="text/html")

    seen = await look(f"{await serve(answer)}/a.php?x=7", clock, files_too=True)
    assert seen.flags == ("files-unread",)
    assert [one.found for one in contents_of(seen, ITEMS, clock()).values()] == [True, None, None]


async def test_where_nothing_could_be_seen_nothing_is_said_of_contents(serve: Serve, clock: Clock) -> None:
    seen = await look(f"{await serve(answering('', status=500))}/1.html", clock, files_too=True)
    assert contents_of(seen, ITEMS, clock()) == {}
    assert InspectedItem(None).where is None
