"""Reading a county's columns: the whole crawl into the database beside the bare client, parsing alone and urlwatch.

    python benchmarks/evidence.py [--rounds 5] [--urlwatch PATH] [--memory]

Needs nginx. 50 columns of 20 listing pages of 40 KB each lie behind it on loopback; every round reads all
1,000 of them (a) by the crawl: all new, then each page changed, then nothing changed; (b) by the HTTP client
alone; (c) by urlwatch, where its command is given: with bare jobs, that keep the bytes of a page unread and call
every other clock or counter a change, and with the filters that who watches such a list needs (the list alone, as
text); (d) parses their bytes without any network. The crawl leaves the articles for a later pass, since none of the
others reads any. One process, one connection; urlwatch asks over ten at once.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import shutil
import socket
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

import aiohttp

from tracker.core.law.county import SiteColumn
from tracker.crawl.resources import open_resources
from tracker.crawl.run import crawl
from tracker.crawl.site_state import SiteState
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.values import ReadSoFar
from tracker.rulebook.load import load
from tracker.rulebook.schedule import Crawl
from tracker.store.engine import Store

ROOT = Path(__file__).resolve().parent.parent
ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS, PAGES, ROWS, BYTES = 50, 20, 20, 40_000
TODAY = date(2015, 11, 20)
UNCHANGED = "crawl, nothing changed: processor time"
SETTINGS = Crawl(delay=timedelta(0), max_pages=10_000)


# -- the site ------------------------------------------------------------------------------------


def page_html(column: int, page: int, pages: int, edition: int) -> str:
    """A column's page in the manner of county sites: 20 dated rows, 70 links around them, styles and scripts."""
    rows = "".join(_row(column, page * ROWS + row, edition if row == 0 else 0) for row in range(ROWS))
    following = f'<a href="index_{page + 1}.html">下一页</a>' if page + 1 < pages else ""
    body = (
        f'<body><div class="nav"><ul>{_links(30, "栏目")}</ul></div><div class="crumb">首页 &gt; 栏目{column}</div>'
        f'<div class="left"><h3>信息公开目录</h3><ul>{_links(24, "子栏目")}</ul></div>'
        f'<div class="right"><ul class="list">{rows}</ul>'
        f'<div class="page">共{pages}页 <a href="index.html">首页</a> {following}</div></div>'
        f'<div class="foot"><ul>{_links(16, "友情链接")}</ul><p>主办：县人民政府办公室 ICP备00000000号</p></div>'
    )
    head = f'<html><head><meta charset="utf-8"><title>栏目{column}</title>'
    short = BYTES - len((head + body).encode()) - 60
    styles, scripts = _repeated(_STYLE, short // 2), _repeated(_SCRIPT, short // 2)
    return f"{head}<style>{styles}</style><script>{scripts}</script></head>{body}</body></html>"


def _row(column: int, number: int, edition: int) -> str:
    day = TODAY - timedelta(days=number // 2)
    again = f"（更新{edition}）" if edition else ""
    title = f"关于第{column}栏目第{number}项工作进展情况的通报{again}"
    return f'<li><a href="/info/{column}/{number}.html" title="{title}">{title}</a><span>{day}</span></li>'


def _links(count: int, word: str) -> str:
    return "".join(f'<li><a href="/nav/{n}/" target="_blank">{word}{n}</a></li>' for n in range(count))


_STYLE = ".list li{line-height:28px;border-bottom:1px dotted #ccc;padding-left:12px}\n"
_SCRIPT = "function show(n){for(var i=0;i<n;i++){document.getElementById('t'+i).style.display='none';}}\n"


def _repeated(piece: str, size: int) -> str:
    return piece * (size // len(piece))


def write_site(folder: Path, columns: int, edition: int) -> None:
    for column in range(columns):
        (folder / f"c{column}").mkdir(parents=True, exist_ok=True)
        for page in range(PAGES):
            name = "index.html" if page == 0 else f"index_{page}.html"
            (folder / f"c{column}" / name).write_text(page_html(column, page, PAGES, edition), "utf-8")


@contextmanager
def nginx(site: Path, at: Path) -> Iterator[str]:
    """nginx over a folder on a free loopback port; the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    conf = at / "nginx.conf"
    conf.write_text(
        f"daemon off; worker_processes 1; pid {at}/pid; error_log {at}/error.log;\n"
        "events { worker_connections 256; }\n"
        "http { types { text/html html; } access_log off; keepalive_requests 1000000; sendfile on;\n"
        f" client_body_temp_path {at}/b; proxy_temp_path {at}/p; fastcgi_temp_path {at}/f;\n"
        f" uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;\n"
        f" server {{ listen 127.0.0.1:{port}; root {site}; charset utf-8; }} }}\n"
    )
    server = subprocess.Popen(["nginx", "-e", f"{at}/error.log", "-c", str(conf)], stderr=subprocess.DEVNULL)
    try:
        while server.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except ConnectionRefusedError:
                continue
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


# -- the readers ---------------------------------------------------------------------------------


class Crawler:
    """The project's own path: fetch, parse, compare, record."""

    def __init__(self, base: str, columns: int) -> None:
        rulebook = load(ROOT, {**os.environ, "DUBAN_SITE": f"{base}/"}).rulebooks[0]
        places = {
            f"site/c{n}": SiteColumn(f"site/c{n}", "site", f"c{n}", "listing", f"栏目{n}", f"{base}/c{n}/index.html")
            for n in range(columns)
        }
        host = base.removeprefix("http://")
        county = replace(
            rulebook.county, columns=places, hosts=frozenset({host}), own_hosts=frozenset({host}), allow_private=True
        )
        self.rulebook = replace(rulebook, county=county)
        self.now = datetime(2015, 11, 20, 1, tzinfo=UTC)
        self.memory = SiteState()

    async def run(self, store: Store) -> tuple[float, float]:
        """Seconds of one pass, by the wall and of processor time, the worker's left out."""
        self.now += timedelta(hours=6)
        back = dict.fromkeys(self.rulebook.county.columns, date.min)
        began, used = perf_counter(), process_time()
        async with open_resources(SETTINGS) as resources:
            report = await crawl(
                store, self.rulebook, SETTINGS, lambda: self.now, since=back, lists_only=True, site_state=self.memory,
                resources=resources,
            )  # fmt: skip
        took = perf_counter() - began, process_time() - used
        assert not report.could_not_look, str(report)
        return took


async def bare_client(urls: list[str]) -> float:
    began = perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit_per_host=1)) as session:
        for url in urls:
            async with session.get(url) as answer:
                await answer.read()
    return perf_counter() - began


def parse_all(bodies: list[tuple[str, bytes]]) -> float:
    """Seconds in which the pages are read without any network, by a wrapper that was learned from the first of each."""
    began = perf_counter()
    wrapper = ""
    for number, (url, body) in enumerate(bodies):
        so_far = ReadSoFar(wrapper, 2) if number % PAGES else ReadSoFar()
        found = parse_listing(Page(url, body, ZONE, TODAY, "text/html; charset=utf-8"), so_far=so_far)
        wrapper = wrapper if number % PAGES else found.wrapper
        assert len(found.sightings) == ROWS
    return perf_counter() - began


#: What tells urlwatch a list of titles and days from what stands around it.
FILTERS = "\nfilter: [{css: ul.list}, html2text]"


def urlwatch(command: str, urls: list[str], at: Path, *, filtered: bool = False) -> float:
    kind = "filtered" if filtered else "bare"
    jobs, config, cache = at / f"{kind}.yaml", at / "urlwatch.yaml", at / f"{kind}.db"
    if not jobs.exists():
        filters = FILTERS if filtered else ""
        jobs.write_text("\n---\n".join(f"name: page {n}\nurl: {url}{filters}" for n, url in enumerate(urls)))
        config.write_text("report: {}\n")
    began = perf_counter()
    arguments = [command, "--urls", str(jobs), "--config", str(config), "--cache", str(cache), "--hooks", os.devnull]
    subprocess.run(arguments, check=True, capture_output=True)
    return perf_counter() - began


# -- the runs ------------------------------------------------------------------------------------


async def one_round(number: int, base: str, site: Path, at: Path, command: str | None) -> dict[str, float]:
    """Seconds by name, on a fresh database."""
    urls = [
        f"{base}/c{column}/{'index' if page == 0 else f'index_{page}'}.html"
        for column in range(COLUMNS)
        for page in range(PAGES)
    ]
    files = [(url, (site / url.removeprefix(f"{base}/")).read_bytes()) for url in urls]
    took: dict[str, float] = {}
    crawler = Crawler(base, COLUMNS)
    with Store(f"sqlite:///{at}/crawl-{number}.db") as store:
        store.migrate()
        took["crawl, all new"], _ = await crawler.run(store)
        write_site(site, COLUMNS, edition=number + 1)
        took["crawl, all changed"], _ = await crawler.run(store)
        took["crawl, nothing changed"], took[UNCHANGED] = await crawler.run(store)
    took["bare client"] = await bare_client(urls)
    took["parsing alone"] = parse_all(files)
    if command:
        for kind in ("", " with filters"):
            (at / f"{'filtered' if kind else 'bare'}.db").unlink(missing_ok=True)
            took[f"urlwatch{kind}, all new"] = urlwatch(command, urls, at, filtered=bool(kind))
            took[f"urlwatch{kind}, nothing changed"] = urlwatch(command, urls, at, filtered=bool(kind))
    return took


async def memory(base: str, site: Path, at: Path) -> None:
    """Peak memory after 1,000 pages and after 10,000, in one process."""
    crawler = Crawler(base, COLUMNS)
    with Store(f"sqlite:///{at / 'memory.db'}") as store:
        store.migrate()
        for number in range(1, 11):
            await crawler.run(store)
            if number in (1, 10):
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(f"peak memory after {number * COLUMNS * PAGES:>6,} pages: {peak:,.0f} MB")
            write_site(site, COLUMNS, edition=number)


def report(rounds: list[dict[str, float]]) -> None:
    pages = COLUMNS * PAGES
    used = [1000 * one.pop(UNCHANGED) / pages for one in rounds]
    print(f"{UNCHANGED:40}{statistics.median(used):>9.2f} ms a page  ({min(used):.2f} to {max(used):.2f})")
    for name in rounds[0]:
        rates = [pages / one[name] for one in rounds]
        print(f"{name:40}{statistics.median(rates):>9,.0f} pages/s   ({min(rates):,.0f} to {max(rates):,.0f})")
    for ours, theirs in (
        ("crawl, all new", "parsing alone"),
        ("crawl, all changed", "parsing alone"),
        ("crawl, all new", "bare client"),
        ("crawl, all new", "urlwatch, all new"),
        ("crawl, all new", "urlwatch with filters, all new"),
        ("crawl, nothing changed", "urlwatch, nothing changed"),
        ("crawl, nothing changed", "urlwatch with filters, nothing changed"),
    ):
        if theirs in rounds[0]:
            ratios = [one[theirs] / one[ours] for one in rounds]
            span = f"({min(ratios):.2f} to {max(ratios):.2f})"
            print(f"{f'{ours} / {theirs}':64}{statistics.median(ratios):>7.2f} ×   {span}")


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--urlwatch", metavar="PATH", default=shutil.which("urlwatch"))
    options.add_argument("--memory", action="store_true", help="peak memory over 10,000 pages instead")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        at, site = Path(folder), Path(folder) / "site"
        site.mkdir()
        at.chmod(0o755)
        write_site(site, COLUMNS, edition=0)
        with nginx(site, at) as base:
            if asked.memory:
                asyncio.run(memory(base, site, at))
                return
            report([asyncio.run(one_round(number, base, site, at, asked.urlwatch)) for number in range(asked.rounds)])


if __name__ == "__main__":
    main()
