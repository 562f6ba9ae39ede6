"""A small county: three departments, four duties, one site, passes at fixed hours."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from tests import shipped_acts
from tests.entered import new_event
from tests.live_county import all_live
from tracker.daemon.jobs import Office
from tracker.decide.recheck import find_differences
from tracker.demo.replay import SimulatedClock
from tracker.demo.simulation import open_null_channels
from tracker.demo.world import Publication
from tracker.registers.adoptions import load_rules_in_force
from tracker.registers.events import record_event
from tracker.rulebook.load import load
from tracker.store.counties import request_full_decision
from tracker.store.engine import Store
from tracker.store.notices import list_notices
from tracker.store.occurrences import OccurrenceRow, load_occurrences

#: Whether every pass is compared with deciding everything (slow); the last one always is.
EACH_PASS = bool(os.environ.get("DUBAN_EACH_PASS"))
ZONE = ZoneInfo("Asia/Shanghai")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PACK = """\
pack: small
title: 小方案
in_force: {from: 2015-01-01, until: 2015-12-31}
events:
  budget-approved: {title: 预算批复, needs: [year], expected: 2015-07-31}
duties:
  - id: water
    title: 水环境质量月报
    clause: 一1
    departments: [huanbao]
    channels: county-site
    deadline: {every: month, about: previous}
    evidence: {column: environment, title: 水环境}
  - id: insurance
    title: 社会保险情况
    clause: 一2
    departments: [shebao]
    channels: county-site
    deadline: {every: quarter, about: previous}
    evidence: {column: insurance, title: 社会保险}
    contents: [参保情况, 基金收支]
  - id: powers
    title: 行政权力清单
    clause: 一3
    departments: [keji, huanbao]
    channels: county-site
    deadline: {by: 2015-09-30}
    evidence: {column: powers, title: 权力清单}
  - id: budget
    title: 部门预算
    clause: 一4
    departments: [keji]
    channels: county-site
    deadline: {within: 20 days, of: budget-approved}
    evidence: {column: finance, title: "{event.year}年.*预算"}
"""

COUNTY = """\
county: small
name: 小县
allow_private: true
start: 2015-07-01
packs: [small]
departments:
  huanbao:
    {name: 环保局, liaison: {name: 甲, mail: huanbao@small.example}, lead: {name: 乙, mail: huanbao-lead@small.example}}
  shebao:
    {name: 社保局, liaison: {name: 丙, mail: shebao@small.example}, lead: {name: 丁, mail: shebao-lead@small.example}}
  keji:
    {name: 科技局, liaison: {name: 戊, mail: keji@small.example}, lead: {name: 己, mail: keji-lead@small.example}}
roles: {county-office: {mail: office@small.example}, supervisor: {mail: supervisor@small.example}}
channels:
  county-site:
    base: "${SMALL_SITE}"
    columns:
      environment: {title: 环境保护, url: /environment/}
      insurance: {title: 社会保险, url: /insurance/}
      powers: {title: 权力清单, url: /powers/}
      finance: {title: 财政资金, url: /finance/}
"""

SCHEDULE = """\
zone: Asia/Shanghai
jobs: {crawl: "0 6 * * *", tick: "*/10 * * * *", deliver: "*/10 * * * *", overdue-report: "0 8 * * mon"}
hours: {begin: "08:30", end: "17:30"}
policies:
  standard:
    steps:
      reminder: {at: due -5 workdays, kind: reminder, to: [liaison]}
      last-reminder: {at: due -1 workdays, kind: reminder, to: [liaison]}
      overdue: {at: due +1 workdays, kind: overdue, to: [liaison]}
      to-lead: {at: due +3 workdays, kind: escalation, to: [liaison, lead]}
      to-county-office: {at: due +5 workdays, kind: escalation, to: [lead, county-office]}
delivery: {via: folder, folder: mails, sender: 督办 <duban@small.example>}
crawl: {delay: 0 seconds, timeout: 10 seconds}
"""


@dataclass
class Site:
    """The county's site, with what is published by now."""

    clock: SimulatedClock
    articles: list[Publication] = field(default_factory=list)
    down: bool = False
    # By path, instead of the page: a status, a page, a file, or where it redirects to.
    instead: dict[str, int | str | bytes] = field(default_factory=dict)

    def publish(self, column: str, title: str, at: datetime, text: str = "正文") -> None:
        number = len(self.articles)
        article = Publication(
            number=number, column=column, title=title, paragraphs=(text,), published_at=at, claimed=at
        )
        self.articles.append(article)

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._otherwise])
        app.router.add_get("/{column}/", self._list)
        app.router.add_get("/{column}/{number}.html", self._article)
        return app

    @web.middleware
    async def _otherwise(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        other = self.instead.get(request.path)
        if isinstance(other, int):
            return web.Response(status=other)
        if isinstance(other, bytes):
            return web.Response(body=other)
        if other is not None and other.startswith("/"):
            return web.Response(status=302, headers={"Location": other})
        return await handler(request) if other is None else web.Response(text=other, content_type="text/html")

    def _published(self) -> list[Publication]:
        if self.down:
            raise web.HTTPServiceUnavailable
        return [article for article in self.articles if article.is_up(self.clock.now)]

    async def _list(self, request: web.Request) -> web.Response:
        column = request.match_info["column"]
        articles = [article for article in self._published() if article.column == column]
        rows = "".join(
            f'<li><a href="{article.number}.html" title="{article.title}">{article.title}</a>'
            f"<span>{article.claimed:%Y-%m-%d}</span></li>"
            for article in sorted(articles, key=lambda article: article.claimed, reverse=True)
        )
        beneath = f"<p>共{len(articles)}条</p>"
        return _page(f"{column}栏目", f"<ul class='list'>{rows}</ul>{beneath}" if rows else "<p>暂无信息</p>")

    async def _article(self, request: web.Request) -> web.Response:
        for article in self._published():
            if article.number == int(request.match_info["number"]):
                info = f"<p>发布时间：{article.claimed:%Y-%m-%d %H:%M}</p>"
                text = f"<div id='zoom'><p>{''.join(article.paragraphs)}</p></div>"
                return _page(article.title, f"<h1>{article.title}</h1>{info}{text}")
        raise web.HTTPNotFound


def _page(title: str, body: str) -> web.Response:
    html = f"<html><head><meta charset='utf-8'><title>{title}</title></head><body>{body}</body></html>"
    return web.Response(text=html, content_type="text/html")


@dataclass
class Small:
    """The county at work. `live` runs the passes at 6:00, 8:30 and 12:00 of each day."""

    office: Office
    site: Site
    clock: SimulatedClock
    root: Path
    bound: web.TCPSite
    port: int

    @asynccontextmanager
    async def dark(self) -> AsyncIterator[None]:
        """Stop the site's server meanwhile."""
        runner = self.bound._runner
        await self.bound.stop()
        yield
        self.bound = web.TCPSite(runner, "127.0.0.1", self.port)
        await self.bound.start()

    async def live(self, first: date, last: date) -> None:
        day = first
        while day <= last:
            for hour in (time(6), time(8, 30), time(12)):
                self.clock.now = datetime.combine(day, hour, ZONE)
                await self.turn(crawl=hour == time(6))
            day += timedelta(days=1)
        assert self.differences() == {}

    async def turn(self, *, crawl: bool = False) -> None:
        if crawl:
            await self.office.crawl()
        self.office.tick()
        if EACH_PASS:
            assert self.differences() == {}
        await self.office.deliver()

    def differences(self) -> dict[str, str]:
        """Return what deciding everything would change."""
        loaded = self.office.loaded
        with self.office.store.read() as tx:
            rulebook = load_rules_in_force(tx, loaded, loaded.rulebooks[0])
            return find_differences(tx, loaded, rulebook, self.clock.now)

    async def decide_everything(self) -> None:
        """Run the passes, of which the deciding one decides everything."""
        with self.office.store.begin() as tx:
            request_full_decision(tx, "small")
        await self.turn()

    def reload(self, **files: str) -> None:
        """Write and load the rules, with other texts of `pack`, `county` or `schedule`."""
        write_rules(self.root, **files)
        self.office.adopt(all_live(load(self.root, dict(os.environ))))

    def event(self, on: str, reference: str = "2015", *, correct: bool = False) -> None:
        """Record that keji's budget was approved on that day."""
        with self.office.store.begin() as tx:
            record_event(
                tx,
                self.office.loaded.rulebooks[0],
                new_event(
                    name="budget-approved",
                    department="keji",
                    occurred=date.fromisoformat(on),
                    by="王敏",
                    now=self.clock.now,
                    reference=reference,
                    fields={"year": "2015"},
                ),
                correct=correct,
                reason="批复日期录入有误" if correct else "",
            )

    def notices(self) -> list[str]:
        """Return `not-before subject step role state` of each notice, in the order of decision."""
        with self.office.store.read() as tx:
            notices = list_notices(tx, "small")
        return [
            f"{notice['not_before'].astimezone(ZONE):%m-%d %H:%M} {notice['subject'].removeprefix('small/small/')} "
            f"{notice['step']} {notice['role']} {notice['state']}"
            for notice in notices
        ]

    def reasons(self) -> list[str]:
        """Return the reason of each notice, in the order of decision."""
        with self.office.store.read() as tx:
            return [notice["reason"] for notice in list_notices(tx, "small")]

    def rows(self) -> dict[str, OccurrenceRow]:
        with self.office.store.read() as tx:
            rows = load_occurrences(tx, "small")
        return {key.removeprefix("small/small/"): row for key, row in rows.items()}


def at(day: str, hour: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZONE)


def write_rules(root: Path, pack: str = PACK, county: str = COUNTY, schedule: str = SCHEDULE) -> None:
    for path, text in (
        ("rules/packs/small.yaml", pack),
        ("rules/counties/small/county.yaml", county),
        ("schedule.yaml", schedule),
        ("rules/acts.yaml", shipped_acts.PATH.read_text("utf-8")),
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    (root / "rules" / "calendar").mkdir(exist_ok=True)


#: The port of the last county's site. At the same address the next one has the same rules, already compiled.
_last_port = 0


async def _bound(runner: web.AppRunner) -> web.TCPSite:
    """Start the site, at the last one's port if it is free."""
    global _last_port
    for port in (_last_port, 0):
        site = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
        try:
            await site.start()
        except OSError:
            continue
        _last_port = runner.addresses[0][1]
        return site
    raise AssertionError("no port is free")


@asynccontextmanager
async def small_county(root: Path, store: Store, now: datetime) -> AsyncIterator[Small]:
    """The county with its site on loopback, on the given database."""
    clock = SimulatedClock(now)
    site = Site(clock)
    runner = web.AppRunner(site.app(), access_log=None)
    await runner.setup()
    bound = await _bound(runner)
    port = runner.addresses[0][1]
    os.environ["SMALL_SITE"] = f"http://127.0.0.1:{port}/"
    write_rules(root)
    try:
        office = Office(all_live(load(root, dict(os.environ))), store, clock, root, channels=open_null_channels)
        office.adopt(office.loaded)
        yield Small(office, site, clock, root, bound, port)
    finally:
        del os.environ["SMALL_SITE"]
        await runner.cleanup()
        await asyncio.sleep(0)
