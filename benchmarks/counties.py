"""Many counties in one installation: idle passes, one simulated day without network, and a crawl at a polite pace.

    python benchmarks/counties.py [COUNTIES …]

The counties have one small plan and sites of their own: each at an address of its own on loopback (127.1.x.y), where a
page takes 300 ms. They are made in memory from one that was read from its files, so that nothing of reading rules is in
these figures. SQLite; processor time, but for the crawl.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from benchmarks.databases import Bare
from benchmarks.rows import HEAD, Row, Scale, spent, within
from tests.decide.small_county import PACK, ZONE
from tests.decide.table_county import load_rules
from tests.live_county import live
from tracker.core.law.county import Rulebook
from tracker.daemon.jobs import Office
from tracker.decide.run import tick
from tracker.demo.replay import SimulatedClock
from tracker.demo.simulation import open_null_channels
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store

#: Seconds that a page takes, and between two requests to one host.
PAGE_TIME, DELAY = 0.3, 1.0
ENTRIES = 3
START = datetime(2015, 7, 1, 9, tzinfo=ZONE)
#: A day that begins with the end of a month, when something falls due in each county; and how often a pass runs.
DAY, EVERY = datetime(2015, 7, 31, 23, 51, tzinfo=ZONE), timedelta(minutes=10)
DAYS_PASSES = timedelta(days=1) // EVERY
WRITTEN = {"occurrences": "updated_at", "standings": "at", "journal": "at", "notices": "decided_at"}


def many(folder: Path, number: int, port: int = 9) -> Loaded:
    """The rules of so many counties."""
    loaded = load_rules(folder, PACK)
    return replace(loaded, rulebooks=tuple(_another(loaded.rulebooks[0], n, port) for n in range(number)))


def _another(book: Rulebook, number: int, port: int) -> Rulebook:
    name, host = f"c{number}", f"127.1.{number // 250}.{number % 250 + 1}:{port}"
    columns = {
        key: replace(column, url=f"http://{host}{urlsplit(column.url).path}")
        for key, column in book.county.columns.items()
    }
    county = replace(book.county, id=name, columns=columns, golive=None)
    duties = tuple(replace(duty, county=name) for duty in book.duties)
    return replace(book, county=live(county), duties=duties, digest=f"{number:064}")


def opened(folder: Path) -> Store:
    store = Store(f"sqlite:///{folder / 'duban.db'}", durable=False)
    store.open()
    store.migrate()
    return store


def passes(scale: Scale) -> Iterator[Row]:
    """Idle passes, then a day of passes beside inserting its rows."""
    for number in scale.counties:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            bare = Bare(f"sqlite:///{folder / 'duban.db'}")
            with opened(folder) as store:
                yield from _passes(many(folder, number), store, bare, scale.rounds * 5)
            bare.close()


def _passes(loaded: Loaded, store: Store, bare: Bare, rounds: int) -> Iterator[Row]:
    number = len(loaded.rulebooks)
    tick(store, loaded, START)
    tick(store, loaded, START + timedelta(minutes=1))
    ours, theirs = [], []
    for n in range(rounds):
        ours.append(spent(tick, store, loaded, START + timedelta(minutes=2, seconds=n)))
        theirs.append(
            spent(bare.all, "SELECT county, min(next_at) FROM occurrences WHERE next_at IS NOT NULL GROUP BY county")
        )
    where = f"idle pass, {number:,} {'county' if number == 1 else 'counties'}"
    series = "idle pass, SQLite, by counties"
    yield Row(where, ours, "one SELECT by the driver alone", theirs, most=5, series=series, size=number)
    if number >= 3000:
        yield within(where, ours, 0.1)
    if number > 1:
        took, inserted = _day(store, loaded, bare)
        what = f"a simulated day of {number:,} counties, {DAYS_PASSES} passes"
        yield Row(what, [took], "its rows inserted bare", [inserted], least=0.2)


def _day(store: Store, loaded: Loaded, bare: Bare) -> tuple[float, float]:
    """Seconds of the passes of a day, and of inserting all that they wrote."""
    tick(store, loaded, DAY - timedelta(minutes=2))  # what came before
    since = f"{DAY.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    took = sum(spent(tick, store, loaded, DAY + n * EVERY) for n in range(DAYS_PASSES))
    written = {}
    for table, at in WRITTEN.items():
        written[table] = bare.all(f"SELECT * FROM {table} WHERE {at} >= ?", [since])
        bare.run(f"CREATE TEMP TABLE copied_{table} AS SELECT * FROM {table} WHERE false")
    assert len(written["occurrences"]) >= len(loaded.rulebooks)
    with bare.transaction():
        inserted = sum(spent(bare.insert, f"copied_{table}", rows) for table, rows in written.items())
    return took, inserted


# -- crawling ----------------------------------------------------------------------------------


@asynccontextmanager
async def sites() -> AsyncIterator[int]:
    """The port of the counties' sites; the first county's has twice as many entries: it is the slowest."""

    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(PAGE_TIME)
        path = request.path
        if path.endswith(".html"):
            text = f"<h1>水环境{path}</h1><p>发布时间：2015-07-02</p><div id='zoom'><p>正文{path}</p></div>"
        elif path == "/robots.txt":
            raise web.HTTPNotFound
        else:
            entries = ENTRIES * (2 if (request.host or "").startswith("127.1.0.1:") else 1)
            rows = "".join(
                f"<li><a href='{n}.html'>水环境{n}</a><span>2015-07-0{n + 1}</span></li>" for n in range(entries)
            )
            text = f"<ul class='list'>{rows}</ul><p>共{entries}条</p>"
        page = f"<html><head><meta charset='utf-8'><title>栏目</title></head><body>{text}</body></html>"
        return web.Response(text=page, content_type="text/html")

    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "0.0.0.0", 0, backlog=4096).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def crawled(number: int, alone: bool) -> tuple[float, int]:
    """Seconds of a first crawl of so many counties, or of the slowest one alone, and its requests."""
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        async with sites() as port:
            loaded = many(folder, number, port)
            crawl = replace(loaded.schedule.crawl, delay=timedelta(seconds=DELAY))
            loaded = replace(loaded, schedule=replace(loaded.schedule, crawl=crawl))
            if alone:
                loaded = replace(loaded, rulebooks=loaded.rulebooks[:1])
            with opened(folder) as store:
                clock = SimulatedClock(START + timedelta(days=9))
                office = Office(loaded, store, clock, folder, channels=open_null_channels)
                office.adopt(loaded)
                await asyncio.to_thread(office.tick)
                began = loop.time()
                reports = await office.crawl()
                took = loop.time() - began
                assert not any(report.could_not_look for report in reports), reports[0]
                return took, sum(report.requests for report in reports)


def crawls(scale: Scale) -> Iterator[Row]:
    if not scale.crawled:
        return
    alone, of_one = asyncio.run(crawled(scale.crawled, True))
    together, requests = asyncio.run(crawled(scale.crawled, False))
    what = f"{scale.crawled} counties crawled, {DELAY:g} s between two requests to a host, {requests:,} requests"
    yield Row(what, [together], f"the slowest alone, {of_one} requests", [alone], most=2)


def rows(scale: Scale) -> Iterator[Row]:
    yield from passes(scale)
    yield from crawls(scale)


if __name__ == "__main__":
    os.environ.setdefault("SMALL_SITE", "http://127.0.0.1:9/")
    numbers = tuple(int(word) for word in sys.argv[1:]) or (1, 100, 300)
    print(HEAD)
    for one in rows(Scale((), numbers, min(max(numbers), 100), 5)):
        print(one, flush=True)
