"""The server that county sites stand behind, the real one: packing, conditional requests, and its ways to refuse."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.evidence.crawled import Office, Site
from tests.evidence.evidence_site import Clock
from tracker.core.values.facts import VisitOutcome
from tracker.crawl.archiver import Archiver
from tracker.evidence.archive import Archive, Place, raw, responses
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.store.captures import load_captures
from tracker.store.engine import Store

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

CONFIG = """
{user}daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  types {{ text/html html; }}
  access_log {folder}/access.log;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  gzip on; gzip_min_length 0;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/www; index index.html;
    location /slow/ {{ alias {folder}/www/hjbh/; gzip off; limit_rate 20; }}
    location /busy/ {{ return 503; }}
    location /waf/ {{ return 521; }}
    location /silent/ {{ return 444; }}
    location /inner/ {{ return 302 http://169.254.169.254/latest/; }}
    location /round/ {{ return 302 /round/; }}
  }}
}}
"""


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = "user root;\n" if os.geteuid() == 0 else ""
    folder = tmp_path / "nginx"
    for name, body in (
        ("hjbh/index.html", '<ul class="list"><li><a href="1.html">8月份水环境质量状况</a><span>2015-09-28</span></li></ul>'),
        ("hjbh/1.html", "<h1>8月份水环境质量状况</h1><p>发布时间：2015-09-28 09:30</p><div id='zoom'>水环境质量良好。</div>"),
        ("cwgk/index.html", "<p>本栏目暂无信息</p>"),
        ("jubao/index.html", "<h1>在线举报</h1><p>欢迎通过本页举报环境违法行为。</p>"),
    ):  # fmt: skip
        path = folder / "www" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<html><head><meta charset='utf-8'></head><body>{body}</body></html>")
    (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, port=port, user=user))
    assert NGINX is not None
    server = subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder)], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("nginx does not answer")


async def test_it_is_read_packed_and_the_second_time_not_at_all(
    nginx: str, tmp_path: Path, sqlite_url: str, clock: Clock
) -> None:
    with Store(sqlite_url, durable=False) as store:
        office = Office(store, Site(), nginx, clock)
        archiver = Archiver(store, "sample", Archive(tmp_path / "archive", "sample", durable=False))
        report = await office.crawl(archiver=archiver)
        assert [one.outcome for one in report.columns] == [VisitOutcome.READ] * 3
        [entry] = office.entries()
        assert (entry.title, entry.current.state) == ("8月份水环境质量状况", "read")
        clock.advance(days=1)
        await office.crawl(archiver=archiver)
        with store.read() as tx:
            held = load_captures(tx, "sample", [f"{nginx}/hjbh/", f"{nginx}/hjbh/1.html"])
    assert [one.kind for one in held] == ["listing", "article"]
    for one in held:
        [kept] = responses(raw(tmp_path / "archive", Place(one.file, one.offset, one.length)))
        assert (kept.header("content-encoding"), kept.header("server").partition("/")[0]) == ("gzip", "nginx")
        assert "水环境" in kept.body.decode()
    lines = (tmp_path / "nginx" / "access.log").read_text().splitlines()
    assert [line.split('"')[2].split()[0] for line in lines].count("304") == 4


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/slow/", VisitOutcome.UNREACHABLE), ("/busy/", VisitOutcome.UNREACHABLE), ("/waf/", VisitOutcome.REFUSED),
        ("/silent/", VisitOutcome.UNREACHABLE), ("/inner/", VisitOutcome.FORBIDDEN), ("/round/", VisitOutcome.UNREACHABLE),
        ("/nothing/", VisitOutcome.NOT_FOUND), ("/hjbh", VisitOutcome.READ),
    ],
)  # fmt: skip
async def test_what_it_does_is_called_what_it_is(path: str, outcome: VisitOutcome, nginx: str, clock: Clock) -> None:
    async with Fetcher(["127.0.0.1"], True, Limits(0, timeout=0.5), clock) as fetcher:
        got = await fetcher.get(nginx + path)
    assert (got.outcome, bool(got.note)) == (outcome, outcome is not VisitOutcome.READ)
