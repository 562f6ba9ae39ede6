"""Why a site could not be asked: said in Chinese with what can be done; the error's own words are for the log."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.evidence.rude_servers import EverythingIs, dripper, talker
from tracker.core.values.facts import VisitOutcome
from tracker.evidence.fetch.failures import named_status, remedy, status_note
from tracker.evidence.fetch.fetcher import Fetcher, Limits

LIMITS = Limits(delay=0, timeout=1.0, max_bytes=1_000)
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@asynccontextmanager
async def refusing(_: Path) -> AsyncIterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    yield f"http://127.0.0.1:{port}/"


@asynccontextmanager
async def nameless(_: Path) -> AsyncIterator[str]:
    yield "http://nobody.invalid/"


@asynccontextmanager
async def in_the_clear(_: Path) -> AsyncIterator[str]:
    async with talker(PAGE) as base:
        yield base.replace("http:", "https:")


def _unvouched(folder: Path) -> ssl.SSLContext:
    key, cert = str(folder / "key.pem"), str(folder / "cert.pem")
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    made += ["-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=127.0.0.1"]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context


@asynccontextmanager
async def vouched_for_by_nobody(folder: Path) -> AsyncIterator[str]:
    context = _unvouched(folder)
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@asynccontextmanager
async def hanging_up(_: Path) -> AsyncIterator[str]:
    async with talker(b"") as base:
        yield base


@asynccontextmanager
async def slow(_: Path) -> AsyncIterator[str]:
    async with dripper(PAGE + b"Content-Length: 999\r\n\r\n") as base:
        yield base


@asynccontextmanager
async def endless(_: Path) -> AsyncIterator[str]:
    async with talker(PAGE + b"Content-Length: 5000\r\n\r\n" + b"x" * 5000) as base:
        yield base


@asynccontextmanager
async def no_web(_: Path) -> AsyncIterator[str]:
    async with talker(b"220 mail.example ESMTP\r\n") as base:
        yield base


@pytest.mark.parametrize(
    ("what", "words", "do"),
    [
        (refusing, "无法连接：网站拒绝连接", "请确认网站此刻能够打开"),
        (nameless, "无法连接：域名解析不到", "请核对网址中的域名"),
        (in_the_clear, "无法连接：安全证书或加密连接有问题", "请联系网站管理单位检查安全证书"),
        (vouched_for_by_nobody, "无法连接：安全证书或加密连接有问题", "请联系网站管理单位检查安全证书"),
        (hanging_up, "无法连接：连接中途断开", "请确认网站此刻能够打开"),
        (slow, "1 秒内未能完整打开", "请确认网站此刻能够打开"),
        (endless, "内容超过 1000 字节", "请改填刊登该文件的文章网址"),
        (no_web, "无法连接：网站的答复不符合网页协议", ""),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
async def test_what_a_failure_is_called_and_what_can_be_done(
    what: Callable[[Path], AsyncIterator[str]],
    words: str,
    do: str,
    tmp_path: Path,
    clock: Callable[[], datetime],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "tracker.evidence.fetch.fetcher")
    async with what(tmp_path) as url, Fetcher(["127.0.0.1", "nobody.invalid"], True, LIMITS, clock) as fetcher:
        answer = await fetcher.get(url)
    assert answer.note == words
    assert answer.outcome in (VisitOutcome.UNREACHABLE, VisitOutcome.NOT_UNDERSTOOD)
    assert not re.search("[A-Za-z]", answer.note)
    assert remedy(answer.note).startswith(do)
    assert bool(remedy(answer.note)) == bool(do)
    assert bool(caplog.records) == words.startswith("无法连接"), "the log keeps what the library said"


@pytest.mark.parametrize(
    ("status", "refused", "note", "earlier"),
    [
        (404, False, "网页无法打开（404）", "状态码 404"),
        (410, False, "网页无法打开（410）", "状态码 410"),
        (403, True, "网站拒绝访问（403）", "站点拒绝访问，状态码 403"),
        (521, True, "网站拒绝访问（521）", "站点拒绝访问，状态码 521"),
        (503, False, "网站出错（503）", "站点出错，状态码 503"),
        (302, False, "网页答复异常（302）", "状态码 302 无法理解"),
    ],
)
def test_a_status_is_said_in_words_and_read_again_from_the_note_of_any_version(
    status: int, refused: bool, note: str, earlier: str
) -> None:
    assert status_note(status, refused=refused) == note
    assert named_status(f"第 3 页未能读取：{note}") == named_status(earlier) == status


@pytest.mark.parametrize("note", ["", "连接超时", "内容超过 1000 字节", "列表比以前少了 503 条，疑为网站故障"])
def test_a_note_without_a_status_names_none(note: str) -> None:
    assert named_status(note) is None


@pytest.mark.parametrize(
    ("hosts", "url", "asked"),
    [
        (["site.example:80"], "http://site.example/", True),
        (["site.example:443"], "http://site.example/", False),
        (["site.example:80"], "http://site.example:8080/", False),
        (["site.example"], "http://site.example:8080/", True),
    ],
)
async def test_a_host_with_its_port_is_that_port_alone(
    hosts: list[str], url: str, asked: bool, clock: Callable[[], datetime]
) -> None:
    """An address that names no port means that of its scheme. Nobody listens: the name leads to a reserved address."""
    resolver = EverythingIs("127.0.0.1")
    async with Fetcher(hosts, False, LIMITS, clock, resolver=resolver) as fetcher:
        assert ((await fetcher.get(url)).note == "站点解析到内部地址，已拒绝访问") == asked
