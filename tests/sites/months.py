"""Sites that live through months: visited every few days by the crawl's own path, and every claim held against truth.

A site is a Python file: COLUMNS, TRUTH (every row with the time from when to when it stood in its column) and
`answer(now, method, path, query, form, headers)`.
"""

from __future__ import annotations

import argparse
import asyncio
import runpy
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiohttp import web

from tests.sites.case import OWN
from tracker.core.law.county import County, Rulebook, SiteColumn
from tracker.core.matching.naming import flat
from tracker.core.values.facts import Entry, Visit, VisitOutcome
from tracker.crawl.resources import open_resources
from tracker.crawl.run import crawl
from tracker.demo.site import listen, serve
from tracker.rulebook.schedule import Crawl
from tracker.store.engine import Store
from tracker.store.facts import load_facts

ZONE = ZoneInfo("Asia/Shanghai")
_SETTINGS = Crawl(delay=timedelta(0), timeout=timedelta(seconds=5))


@dataclass(slots=True)
class Clock:
    """A clock that a second passes at every reading."""

    now: datetime

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass(slots=True)
class Tally:
    """What the visits of one site came to. `wrong`: claims that were false, each with what was there."""

    name: str
    visits: int = 0
    read: int = 0
    claims: int = 0  # visits that may speak for absence, to the end or back to a day
    ends: int = 0
    standing: int = 0  # rows that stood in their columns when the site was visited for the first time since
    seen: int = 0
    days: int = 0  # rows seen with the day that they bear
    dated: int = 0
    foreign: int = 0  # entries that are no rows of the column
    wrong: list[str] = field(default_factory=list)


async def measure(path: Path, every: int) -> Tally:
    """Visit a site every few days and hold what was seen and claimed against its truth."""
    site = runpy.run_path(str(path))
    clock = Clock(_at(site["FIRST"]))
    tally = Tally(f"{path.stem} {site.get('NAME', '')}")
    sock, base = listen()
    base = base.rstrip("/")
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", partial(_answer, site["answer"], clock, base))
    columns = {
        f"site/{key}": SiteColumn(f"site/{key}", "site", key, "listing", one["title"], base + one["path"])
        for key, one in site["COLUMNS"].items()
    }
    county = County(
        "blind", "样例县", site["FIRST"], {}, {}, columns, hosts=frozenset({"127.0.0.1"}), allow_private=True,
        own_hosts=frozenset({"127.0.0.1"}),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, Store(f"sqlite:///{folder}/duban.db", durable=False) as store:
        store.migrate()
        async with serve(app, sock):
            day = site["FIRST"]
            while day <= site["LAST"]:
                clock.now = _at(day)
                since = dict.fromkeys(columns, date.min)
                async with open_resources(_SETTINGS) as resources:
                    await crawl(store, Rulebook(county, (), {}), _SETTINGS, clock, since=since, resources=resources)
                with store.read() as tx:
                    facts = load_facts(tx, "blind", 0)
                _judge(tally, site, base, facts.entries, [one for one in facts.visits if one.began_at >= _at(day)])
                day += timedelta(days=every)
        _count(tally, site, base, facts.entries, clock.now)
    return tally


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), ZONE)


def _judge(tally: Tally, site: Mapping[str, Any], base: str, entries: Sequence[Entry], visits: Sequence[Visit]) -> None:
    """Hold the claims of one pass against what stood on the site then."""
    for visit in visits:
        tally.visits += 1
        tally.read += visit.outcome is VisitOutcome.READ
        if visit.reached is None:
            continue
        tally.claims += 1
        tally.ends += visit.reached == "end"
        known = {_key(one.url, base) for one in entries if one.column == visit.column}
        titles = {flat(one.versions[-1].title) for one in entries if one.column == visit.column}
        for row in _standing(site, visit.column.partition("/")[2], visit.began_at):
            within = visit.reached == "end" or (row["day"] is not None and row["day"] > visit.reached)
            if within and _key(row["url"], base) not in known and flat(row["title"]) not in titles:
                what = f"{visit.began_at.date()} {visit.column} reached={visit.reached}: {row['title']} ({row['day']})"
                tally.wrong.append(what)


def _standing(site: Mapping[str, Any], column: str, at: datetime) -> list[dict[str, Any]]:
    now = at.astimezone(ZONE).replace(tzinfo=None)
    return [
        _as_of(row, now)
        for row in site["TRUTH"]
        if row["column"] == column and row["up"] <= now and (row["down"] is None or now < row["down"])
    ]


def _as_of(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A row as it stood at a moment: `later` says when it got another title, day or address."""
    changes = [change for since, change in row.get("later", ()) if since <= now]
    return {**row, **{name: value for change in changes for name, value in change.items()}}


def _count(tally: Tally, site: Mapping[str, Any], base: str, entries: Sequence[Entry], at: datetime) -> None:
    """Count at the end which rows were seen at all, and with which day."""
    last = at.astimezone(ZONE).replace(tzinfo=None)
    by_key = {(one.column, _key(one.url, base)): one for one in entries}
    rows = [_as_of(row, last) for row in site["TRUTH"] if row["up"] <= last]
    owed = {(f"site/{row['column']}", _key(row["url"], base)): row for row in rows}
    earlier = {(f"site/{row['column']}", _key(row["url"], base)) for row in site["TRUTH"]}
    for place, row in owed.items():
        if row["down"] is not None and row["down"] - row["up"] < timedelta(days=4):
            continue  # it may have come and gone between two visits
        tally.standing += 1
        entry = by_key.get(place)
        if entry is None:
            continue
        tally.seen += 1
        if row["day"] is not None:
            tally.dated += 1
            claimed = entry.versions[-1].claimed
            tally.days += claimed is not None and str(claimed)[:10] == row["day"].isoformat()
    tally.foreign = sum(place not in owed and place not in earlier for place in by_key)


def _key(url: str, base: str) -> str:
    """An address without the host that a site is served at."""
    parts = urlsplit(url.replace(OWN, base))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


async def _answer(answer: Any, clock: Clock, base: str, request: web.Request) -> web.StreamResponse:
    form = {key: str(value) for key, value in (await request.post()).items()} if request.method == "POST" else {}
    now = clock.now.astimezone(ZONE).replace(tzinfo=None)
    status, headers, body = answer(now, request.method, request.path, request.query_string, form, dict(request.headers))
    body = body.replace(OWN.encode(), base.encode())
    headers = {key: value.replace(OWN, base) for key, value in headers.items()}
    return web.Response(status=status, headers=headers, body=body)


async def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=3, help="days between two visits")
    parser.add_argument("--wrong", action="store_true", help="print every false claim")
    asked = parser.parse_args()
    print("| site | visits | read | claims | to the end | rows seen | days | foreign | wrong |")
    print("|---|---|---|---|---|---|---|---|---|")
    for path in sorted(asked.folder.glob("site_*.py")):
        one = await measure(path, asked.every)
        print(
            f"| {one.name} | {one.visits} | {one.read} | {one.claims} | {one.ends} | {one.seen}/{one.standing} "
            f"| {one.days}/{one.dated} | {one.foreign} | {len(one.wrong)} |",
            flush=True,
        )
        for what in one.wrong if asked.wrong else ():
            print("   ", what)


if __name__ == "__main__":
    asyncio.run(_main())
