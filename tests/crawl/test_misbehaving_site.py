"""A server that misbehaves on purpose, crawled and judged: whatever it does, nobody is accused of it."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.decide.small_county import COUNTY, SCHEDULE, Small, at, small_county
from tracker.core.values.facts import VisitOutcome
from tracker.store.captures import load_captures
from tracker.store.engine import Store
from tracker.store.facts import load_facts

HURRIED = SCHEDULE.replace("timeout: 10 seconds", "timeout: 0.2 seconds")
WATER = "water/huanbao/2015-07"
BLAMELESS = {"unverifiable", "clock-unknown", "open", "upcoming", "due-soon"}
LIST = "<ul class='list'><li><a href='/a.html'>7月份水环境质量状况</a><span>2015-07-20</span></li></ul>"
ARTICLE = (
    "<h1>7月份水环境质量状况</h1><p>发布时间：2015-07-20 09:00</p><div id='zoom'><p>全县水环境质量良好。</p></div>"
)

Talk = Callable[[str, asyncio.StreamWriter, asyncio.Event], Awaitable[None]]


def page(body: str, status: str = "200 OK", *headers: str) -> bytes:
    content = f"<html><head><meta charset='utf-8'><title>小县</title></head><body>{body}</body></html>".encode()
    head = [
        f"HTTP/1.1 {status}",
        "Content-Type: text/html",
        f"Content-Length: {len(content)}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + content


def says(said: bytes) -> Talk:
    async def talk(path: str, writer: asyncio.StreamWriter, over: asyncio.Event) -> None:
        writer.write(said)

    return talk


def drips(begins: bytes) -> Talk:
    """One byte at a time, for ever."""

    async def talk(path: str, writer: asyncio.StreamWriter, over: asyncio.Event) -> None:
        writer.write(begins)
        while not over.is_set():
            writer.write(b"x")
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), 0.02)

    return talk


async def well(path: str, writer: asyncio.StreamWriter, over: asyncio.Event) -> None:
    """As a site should."""
    writer.write(page({"/environment/": LIST, "/a.html": ARTICLE}.get(path, "<p>本栏目暂无信息</p>")))


def refuses_robots(path: str) -> bytes:
    return (
        page("", "404 Not Found") if path != "/robots.txt" else b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /\n"
    )


async def forbids(path: str, writer: asyncio.StreamWriter, over: asyncio.Event) -> None:
    writer.write(refuses_robots(path))


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
BOMB = gzip.compress(b"<li>0</li>" * 2_000_000)
RUDE: dict[str, Talk] = {
    "hangs up": says(b""),
    "says nothing": drips(b""),
    "drips its head": drips(b"HTTP/1.1 200 OK\r\nX-A: "),
    "drips its body": drips(HEAD + b"\r\n<html><ul>"),
    "is cut": says(HEAD + b"Content-Length: 5000\r\n\r\n<html><body><ul class='list'>"),
    "is cut in a chunk": says(HEAD + b"Transfer-Encoding: chunked\r\n\r\n100\r\n<html><body>"),
    "is cut without a length": says(HEAD + b"\r\n<html><body><ul class='list'><li>"),
    "is no HTTP": says(b"\x15\x03\x01\x00\x02\x02\x16"),
    "has broken headers": says(b"HTTP/1.1 200 OK\r\n\x00\x01: 1\r\n\r\n<html></html>"),
    "sends a bomb": says(HEAD + b"Content-Encoding: gzip\r\n\r\n" + BOMB),
    "packs what cannot be unpacked": says(HEAD + b"Content-Encoding: zstd\r\n\r\nabc"),
    "lies about packing": says(HEAD + b"Content-Encoding: gzip\r\n\r\n<html></html>"),
    "answers 500": says(page("服务器错误", "500 Internal Server Error")),
    "answers 503": says(page("", "503 Service Unavailable")),
    "answers 521": says(page("<script>location.reload()</script>", "521 Origin Down")),
    "answers 412": says(page("<script>var a=1</script>", "412 Precondition Failed")),
    "answers 403": says(page("禁止访问", "403 Forbidden")),
    "answers 404": says(page("找不到", "404 Not Found")),
    "answers 304 to nothing": says(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    "redirects for ever": says(page("", "302 Found", "Location: /environment/")),
    "redirects to a private address": says(page("", "302 Found", "Location: http://169.254.169.254/latest/")),
    "redirects to another scheme": says(page("", "302 Found", "Location: file:///etc/passwd")),
    "redirects to nonsense": says(page("", "302 Found", "Location: http://[::1")),
    "sends everything home": says(page("", "302 Found", "Location: /index.html")),
    "shows nothing": says(page("")),
    "is empty": says(HEAD + b"Content-Length: 0\r\n\r\n"),
    "asks for a login": says(page("<form><input name='user'><input type='password' name='p'>请登录</form>")),
    "challenges": says(page("<script>document.cookie='a=1';location.reload();</script>")),
    "is under construction": says(page("<p>栏目建设中，敬请期待</p>")),
    "says at 200 that it is not there": says(page("<h1>404</h1><p>您访问的页面不存在或已被删除</p>")),
    "forbids robots": forbids,
}  # fmt: skip


@asynccontextmanager
async def rude_server(talk: Talk) -> AsyncIterator[tuple[str, list[Talk]]]:
    """A server that talks as the first of the list does; a test may put another one there."""
    way, over, talks = [talk], asyncio.Event(), set[asyncio.Task[None] | None]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            await way[0](head.split(b" ")[1].decode(), writer, over)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", way
    finally:
        over.set()
        await asyncio.gather(*(one for one in talks if one))
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def county_at(tmp_path: Path, url: str, talk: Talk) -> AsyncIterator[tuple[Small, list[Talk]]]:
    with Store(url, durable=False) as store:
        async with (
            rude_server(talk) as (base, way),
            small_county(tmp_path, store, at("2015-08-03", "06:00")) as county,
        ):
            os.environ["SMALL_SITE"] = base
            own = "" if talk is forbids else "    own: true\n"
            county.reload(schedule=HURRIED, county=COUNTY.replace("    columns:", f"{own}    columns:"))
            yield county, way


def outcomes(county: Small) -> set[tuple[VisitOutcome, bool]]:
    """How the visits ended, and whether each says why it could not look."""
    with county.office.store.read() as tx:
        visits = load_facts(tx, "small", 0).visits
    return {(one.outcome, bool(one.note)) for one in visits}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("way", RUDE)
async def test_nobody_is_accused_of_what_the_site_does(way: str, tmp_path: Path, sqlite_url: str) -> None:
    async with county_at(tmp_path, sqlite_url, RUDE[way]) as (county, ways):
        await county.turn(crawl=True)
        ended = outcomes(county)
        assert VisitOutcome.READ not in {outcome for outcome, _ in ended}
        assert {told for _, told in ended} == {True}
        assert county.rows()[WATER].status == "unverifiable"
        county.clock.now = at("2015-08-20", "08:30")
        await county.turn(crawl=True)
        assert {row.status for row in county.rows().values()} <= BLAMELESS
        told = [one for one in county.notices() if one.split()[3] not in ("reminder", "last-reminder", "record")]
        assert {one.split()[4] for one in told} <= {"county-office"}, told
        # What was there all along proves the matter on time as soon as it can be seen, however late that is.
        ways[0] = well
        county.clock.now = at("2015-09-10", "08:30")
        if way != "forbids robots":
            await county.turn(crawl=True)
            assert county.rows()[WATER].status == "met"


async def test_what_could_not_be_read_is_kept_as_evidence_of_that(tmp_path: Path, sqlite_url: str) -> None:
    async with county_at(tmp_path, sqlite_url, RUDE["answers 521"]) as (county, ways):
        for hour in ("06:00", "12:00", "18:00"):
            county.clock.now = at("2015-08-03", hour)
            await county.turn(crawl=True)
        ways[0] = well
        county.clock.now = at("2015-08-04", "06:00")
        await county.turn(crawl=True)
        with county.office.store.read() as tx:
            held = load_captures(tx, "small", [f"{os.environ['SMALL_SITE']}environment/"])
        assert [(one.outcome, one.status) for one in held] == [("refused", 521), ("read", 200)]


async def test_content_that_changes_with_every_look_is_taken_as_it_comes(tmp_path: Path, sqlite_url: str) -> None:
    number = 0

    async def restless(path: str, writer: asyncio.StreamWriter, over: asyncio.Event) -> None:
        nonlocal number
        number += 1
        shown = {"/environment/": LIST, "/a.html": ARTICLE}.get(path, "<p>本栏目暂无信息</p>")
        writer.write(page(f"<!-- {number} -->{shown}<p>您是第{number}位访问者</p>"))

    async with county_at(tmp_path, sqlite_url, restless) as (county, _):
        for day in ("2015-08-03", "2015-08-04", "2015-08-05"):
            county.clock.now = at(day, "06:00")
            await county.turn(crawl=True)
            assert county.rows()[WATER].status == "met"


@pytest.mark.nightly
async def test_content_that_vanishes_with_its_site_is_not_called_gone(tmp_path: Path, sqlite_url: str) -> None:
    async with county_at(tmp_path, sqlite_url, well) as (county, ways):
        await county.turn(crawl=True)
        assert county.rows()[WATER].status == "met"
        for way in RUDE.values():
            ways[0] = way
            county.clock.now = at("2015-08-03", "06:00") + (county.clock.now - at("2015-08-03", "05:00"))
            await county.office.crawl(["county-site/environment"])
        county.office.tick()
        assert county.rows()[WATER].status == "met"


ITEMS = "".join(
    f"<li><a href='/o{k}.html'>其他环境保护工作动态第{k}期</a><span>2015-0{k}-02</span></li>" for k in (8, 7, 6, 5, 4)
)
SCANTY = {
    "opens a row by a script": "<li><a href='javascript:view(7)'>7月份水环境质量状况</a><span>2015-07-20</span></li>"
    + ITEMS,
    "shows a title as a picture": "<li><a href='/a.html'><img src='/t.png'></a><span>2015-07-20</span></li>" + ITEMS,
    "prints a row without a link": "<li>7月份水环境质量状况<span>2015-07-20</span></li>" + ITEMS,
}
LEADING = {
    "sets an entry apart": "<div class='headline'><h2><a href='/a.html'>7月份水环境质量状况</a></h2></div>"
    f"<ul>{ITEMS}</ul>",
    "shows an earlier year": "<div><a href='/environment/2015/'>2015年</a> <b>2014年</b></div><ul>"
    + ITEMS.replace("2015-", "2014-")
    + "</ul>",
}  # fmt: skip


def shows(column: str) -> Talk:
    async def talk(path: str, writer: asyncio.StreamWriter, over: asyncio.Event) -> None:
        shown = {"/environment/": column, "/environment/2015/": LIST, "/a.html": ARTICLE}
        writer.write(page(shown.get(path, "<p>本栏目暂无信息</p>")))

    return talk


@pytest.mark.sampled(4)
@pytest.mark.parametrize("way", [*SCANTY, *LEADING])
async def test_nobody_is_accused_of_what_a_list_hides(way: str, tmp_path: Path, sqlite_url: str) -> None:
    column = LEADING[way] if way in LEADING else f"<ul class='list'>{SCANTY[way]}</ul>"
    async with county_at(tmp_path, sqlite_url, shows(column)) as (county, _):
        for day in ("2015-08-03", "2015-08-20", "2015-09-10"):
            county.clock.now = at(day, "08:30")
            await county.turn(crawl=True)
            assert county.rows()[WATER].status == ("met" if way in LEADING else "unverifiable")
