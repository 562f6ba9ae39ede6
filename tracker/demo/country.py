"""Makes many counties for a trial: their rules in a folder, and their sites, all drawn from a seed.

Names, cities and departments are invented; the codes begin with 9, as none of GB/T 2260 does. A county's plan is drawn
from three packs that all share. Each has a site at an address of its own on loopback, whose pages take 300 ms.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from aiohttp import web

from tracker.core.values.divisions import Division
from tracker.demo.site import serve

#: Of 40 counties the eighth has a site that is down.
_DOWN = (40, 7)
#: Months for which a site holds what was published.
_MONTHS = 6
#: Counties of a city, and cities of a province.
_OF_A_CITY, _OF_A_PROVINCE = 10, 10
_FIRST, _SECOND = "清永安平青临长宁丰和", "河阳山川泉江原林溪陵"
#: By pack: the period of its duties, and of each its ID, its title and its department.
_PACKS = {
    "basic": (
        "month", (("water", "水环境质量", "huanbao"), ("prices", "物价监测", "fagai"), ("jobs", "就业情况", "renshe")),
    ),
    "quarterly": ("quarter", (("insurance", "社会保险情况", "renshe"), ("safety", "安全生产情况", "yingji"))),
    "budget": ("month", (("revenue", "财政收支情况", "caizheng"), ("projects", "重点项目进展", "fagai"))),
}  # fmt: skip
_DEPARTMENTS = {
    "huanbao": ("生态环境局", "生态环境分局"), "fagai": ("发改局", "发展和改革局"),
    "renshe": ("人社局", "人力资源和社会保障局"), "yingji": ("应急局", "应急管理局"),
    "caizheng": ("财政局", "财政国资局"),
}  # fmt: skip
_SCHEDULE = """\
zone: Asia/Shanghai
jobs: {{crawl: "0 6 * * *", tick: "* * * * *", deliver: "*/5 * * * *"}}
hours: {{begin: "08:30", end: "17:30"}}
policies: {{standard: {{steps: {{overdue: {{at: due +1 workdays, kind: overdue, to: [liaison]}}}}}}}}
delivery: {{via: folder, folder: mails, sender: 督办 <duban@localhost>}}
crawl: {{delay: {delay}, timeout: 30 seconds, archive: ""}}
console: {{base: "http://{listen}/", listen: "{listen}"}}
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that a page takes, and between two requests to a site."""

    page: float = 0.3
    delay: int = 1


POLITE = Pace()


@dataclass(frozen=True, slots=True)
class MadeCounty:
    """A county as it was drawn. `seed`: of what its departments publish, and when; `slack`: the share that is late;
    `is_down`: its site answers nothing."""

    id: str
    name: str
    division: Division
    packs: tuple[str, ...]
    departments: dict[str, str]
    seed: int
    slack: float
    is_down: bool

    @property
    def duties(self) -> list[tuple[str, str, str]]:
        """Of each duty its ID, its title and its period."""
        return [(duty, title, every) for pack in self.packs for every, of in (_PACKS[pack],) for duty, title, _ in of]


def draw_counties(count: int, seed: int) -> list[MadeCounty]:
    """So many counties, ten to a city and ten cities to a province."""
    return [_draw_county(number, Random(f"{seed}/{number}")) for number in range(count)]  # noqa: S311 (no secret)


def _draw_county(number: int, draw: Random) -> MadeCounty:
    city = number // _OF_A_CITY
    province = city // _OF_A_PROVINCE
    first, second = _FIRST[city % 10], _SECOND[number % 10]
    code = f"{91 + province % 9}{city % _OF_A_PROVINCE + 1:02}{number % _OF_A_CITY + 1:02}"
    return MadeCounty(
        id=f"c{number:04}",
        name=f"{second}{first}县{number // 100 + 1 if number >= 100 else ''}",
        division=Division(code, f"{first}州市", f"{_FIRST[province % 10]}南省"),
        packs=("basic", *(pack for pack in ("quarterly", "budget") if draw.random() < 0.6)),
        departments={key: draw.choice(each) for key, each in _DEPARTMENTS.items()},
        seed=draw.randrange(10**9),
        slack=draw.uniform(0.02, 0.25),
        is_down=number % _DOWN[0] == _DOWN[1],
    )


def write_country(
    folder: Path,
    shipped: Path,
    counties: Sequence[MadeCounty],
    sites: Sequence[str],
    today: date,
    listen: str,
    pace: Pace,
) -> None:
    """Write the packs, the schedule and a file for each county, which began four months ago.

    `sites`: their addresses; `listen`: address and port of the pages.
    """
    start = first_of_month(today, -4)
    (folder / "rules/packs").mkdir(parents=True)
    schedule = _SCHEDULE.format(delay=f"{pace.delay} seconds", listen=listen)
    (folder / "schedule.yaml").write_text(schedule, "utf-8")
    shutil.copy(shipped / "rules/acts.yaml", folder / "rules")
    shutil.copytree(shipped / "rules/calendar", folder / "rules/calendar")
    for pack in _PACKS:
        (folder / f"rules/packs/{pack}.yaml").write_text(_write_pack(pack, start), "utf-8")
    for county, site in zip(counties, sites, strict=True):
        of = folder / "rules/counties" / county.id
        of.mkdir(parents=True)
        (of / "county.yaml").write_text(_write_county(county, site, start), "utf-8")


def _write_pack(pack: str, start: date) -> str:
    every, duties = _PACKS[pack]
    lines = [f"pack: {pack}\ntitle: 演示方案\nin_force: {{from: {start}, until: 2099-12-31}}\nduties:\n"]
    lines += [
        f"  - {{id: {duty}, title: {title}, clause: 一{number}, departments: [{department}], channels: county-site, "
        f"deadline: {{every: {every}, about: previous}}, evidence: {{column: {duty}, title: {title}}}}}\n"
        for number, (duty, title, department) in enumerate(duties, start=1)
    ]
    return "".join(lines)


def _write_county(county: MadeCounty, site: str, start: date) -> str:
    host, of = f"{county.id}.example", county.division
    people = [
        f"  {key}: {{name: {name}, liaison: {{name: 联络员, mail: {key}@{host}}}, "
        f"lead: {{name: 负责人, mail: {key}-lead@{host}}}}}\n"
        for key, name in county.departments.items()
    ]
    columns = [f"      {duty}: {{title: {title}, url: /{duty}/}}\n" for duty, title, _ in county.duties]
    return f"""\
county: {county.id}
name: {county.name}
division: {{code: {of.code}, city: {of.city}, province: {of.province}}}
start: {start}
allow_private: true
packs: [{", ".join(county.packs)}]
departments:
{"".join(people)}roles:
  county-office: {{mail: office@{host}}}
  supervisor: {{mail: lead@{host}}}
channels:
  county-site:
    base: {site}
    columns:
{"".join(columns)}"""


def first_of_month(day: date, months: int) -> date:
    """The first day of the month so many months after that of the day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def list_entries(county: MadeCounty, duty: str, title: str, every: str, today: date) -> list[tuple[str, date]]:
    """Title and day of what the column holds, the newest first: most in time, some late, some never published; how
    many is the county's own."""
    draw, entries = Random(f"{county.seed}/{duty}"), []  # noqa: S311
    for back in range(_MONTHS, 0, -1):
        first = first_of_month(today, 1 - back)
        if every == "quarter" and first.month % 3 != 1:
            continue
        about = first_of_month(first, -3 if every == "quarter" else -1)
        period = f"第{'一二三四'[about.month // 3]}季度" if every == "quarter" else f"{about.month}月份"
        lot, day = draw.random(), first + timedelta(draw.randrange(3, 26))
        published = day + timedelta(35) if lot > 1 - county.slack else day
        if lot > county.slack / 2 and published <= today:
            entries.append((f"{about.year}年{period}{title}", published))
    return sorted(entries, key=lambda entry: entry[1], reverse=True)


def build_site(county: MadeCounty, today: date, page_time: float) -> web.Application:
    """The county's site: a list for each duty, and the articles in it."""
    columns = {duty: list_entries(county, duty, title, every, today) for duty, title, every in county.duties}

    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(page_time)
        if county.is_down:
            raise web.HTTPServiceUnavailable
        duty, _, page = request.path.strip("/").partition("/")
        entries, number = columns.get(duty), page.removesuffix(".html")
        if entries is None or (page and not (number.isdecimal() and int(number) < len(entries))):
            raise web.HTTPNotFound
        body = _write_article(*entries[int(number)]) if page else _write_list(entries)
        head = f"<meta charset='utf-8'><title>{county.name}</title>"
        return web.Response(text=f"<html><head>{head}</head><body>{body}</body></html>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    return app


def _write_article(title: str, day: date) -> str:
    return f"<h1>{title}</h1><p>发布时间：{day}</p><div id='zoom'><p>{title}，现予公布。</p></div>"


def _write_list(entries: Sequence[tuple[str, date]]) -> str:
    rows = [f"<li><a href='{n}.html'>{title}</a><span>{day}</span></li>" for n, (title, day) in enumerate(entries)]
    return f"<ul class='list'>{''.join(rows)}</ul><p>共{len(entries)}条</p>"


@asynccontextmanager
async def serve_sites(counties: Sequence[MadeCounty], today: date, page_time: float) -> AsyncIterator[list[str]]:
    """Serve the sites, each at an address of its own (127.1.x.y), and give their addresses in the counties' order."""
    async with AsyncExitStack() as stack:
        sites = []
        for number, county in enumerate(counties):
            host = f"127.1.{number // 250}.{number % 250 + 1}"
            sock = socket.create_server((host, 0))
            await stack.enter_async_context(serve(build_site(county, today, page_time), sock))
            sites.append(f"http://{host}:{sock.getsockname()[1]}/")
        yield sites
