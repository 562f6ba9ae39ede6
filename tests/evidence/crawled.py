"""A county whose columns lie on a real server, crawled into a real database."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from datetime import date, timedelta

from aiohttp import web

from tests.evidence.evidence_site import Clock
from tracker.core.law.county import County, Rulebook, SiteColumn
from tracker.core.values.facts import Entry
from tracker.crawl.report import CrawlReport
from tracker.crawl.resources import open_resources
from tracker.crawl.run import crawl
from tracker.rulebook.schedule import Crawl
from tracker.store.engine import Store
from tracker.store.facts import FactDelta, load_facts

SETTINGS = Crawl(delay=timedelta(0), timeout=timedelta(seconds=2))
WATER = "8月份水环境质量状况"
EIA = "建设项目环评受理情况公示"


class Site:
    """Columns with articles that a test may add, change, take down; `asked` says what was asked for."""

    def __init__(self) -> None:
        self.lists: dict[str, dict[str, tuple[str, str]]] = {"hjbh": {}, "cwgk": {}}
        self.articles: dict[str, str] = {}
        self.broken: dict[str, int] = {}
        self.moved: dict[str, str] = {}
        self.pages = {
            "jubao": "<html><title>在线举报</title><body><h1>在线举报</h1><p>欢迎通过本页举报环境违法行为。</p></body></html>"
        }
        self.asked: list[str] = []
        self.unchanged = 0
        self.robots = ""

    def publish(
        self,
        name: str,
        title: str,
        day: str = "2015-09-28",
        *,
        text: str = "全县水环境质量良好。" * 5,
        column: str = "hjbh",
        shown: str = "",
    ) -> None:
        path = f"/{column}/{name}.html"
        self.lists[column][path] = (shown or title, day)
        self.articles[path] = (
            f"<html><head><title>{title}-样例县</title></head><body><h1>{title}</h1><p>发布时间：{day} 09:30 来源：环保局</p><div id='zoom'><p>{text}</p></div></body></html>"
        )

    def listing(self, column: str) -> str:
        rows = "".join(
            f'<li><a href="{path}">{title}</a><span>{day}</span></li>'
            for path, (title, day) in self.lists[column].items()
        )
        beneath = f"<p>共{len(self.lists[column])}条</p>" if rows else "<p>本栏目暂无信息</p>"
        return f"<html><body><ul class='list'>{rows}</ul>{beneath}</body></html>"

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        name = request.path.strip("/")
        if (status := self.broken.get(request.path)) is not None:
            return web.Response(status=status)
        if request.path in self.moved:
            return web.Response(status=302, headers={"Location": self.moved[request.path]})
        if request.path == "/robots.txt" and self.robots:
            return web.Response(text=self.robots)
        html = self.listing(name) if name in self.lists else self.pages.get(name) or self.articles.get(request.path)
        if html is None:
            return web.Response(status=404)
        tag = f'"{hash(html)}"'
        if request.headers.get("If-None-Match") == tag:
            self.unchanged += 1
            return web.Response(status=304)
        return web.Response(text=html, content_type="text/html", headers={"ETag": tag})


class Office:
    """A county whose columns lie on the site, its clock and its store."""

    def __init__(self, store: Store, site: Site, base: str, clock: Clock) -> None:
        self.store, self.site, self.clock, self.base = store, site, clock, base
        self.own = True
        self.columns = {
            key: SiteColumn(key, "county-site", key.partition("/")[2], kind, title, base + path)  # type: ignore[arg-type]
            for key, kind, title, path in (
                ("county-site/environment", "listing", "环境保护", "/hjbh/"),
                ("county-site/finance", "listing", "财务公开", "/cwgk/"),
                ("county-site/page:hotline", "page", "在线举报", "/jubao/"),
            )
        }

    async def crawl(self, **changes: object) -> CrawlReport:
        county = County(
            "sample", "样例县", date(2015, 1, 1), {}, {}, self.columns, hosts=frozenset({"127.0.0.1"}), allow_private=True,
            own_hosts=frozenset({"127.0.0.1"} if self.own else ()),
        )  # fmt: skip
        async with open_resources(SETTINGS) as resources:
            report = await crawl(
                self.store,
                Rulebook(county, (), {}),
                SETTINGS,
                self.clock,
                resources=resources,
                **changes,  # type: ignore[arg-type]
            )
        self.site.asked, asked = [], self.site.asked
        self.asked = asked
        return report

    def facts(self) -> FactDelta:
        with self.store.read() as tx:
            return load_facts(tx, "sample", 0)

    def entries(self, column: str = "county-site/environment") -> list[Entry]:
        return [one for one in self.facts().entries if one.column == column]
