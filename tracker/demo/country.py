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

#: Seconds that a page takes.
PAGE_TIME = 0.3
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
    "huanbao": ("环保局", "环境保护局", "生态环境局"), "fagai": ("发改局", "发展和改革局", "发展改革委"),
    "renshe": ("人社局", "人力资源和社会保障局"), "yingji": ("应急局", "应急管理局", "安监局"),
    "caizheng": ("财政局", "财政国资局"),
}  # fmt: skip
_SCHEDULE = """\
zone: Asia/Shanghai
jobs: {crawl: "0 6 * * *", tick: "* * * * *", deliver: "*/5 * * * *"}
hours: {begin: "08:30", end: "17:30"}
policies: {standard: {steps: {overdue: {at: due +1 workdays, kind: overdue, to: [liaison]}}}}
delivery: {via: folder, folder: mails, sender: 督办 <duban@localhost>}
crawl: {delay: 1 seconds, timeout: 30 seconds, archive: ""}
"""


@dataclass(frozen=True, slots=True)
class MadeCounty:
    """A county as it was drawn. `seed`: of what its departments publish, and when."""

    id: str
    name: str
    division: Division
    packs: tuple[str, ...]
    departments: dict[str, str]
    seed: int

    @property
    def duties(self) -> list[tuple[str, str, str]]:
        """Of each duty its ID, its title and its period."""
        return [(duty, title, every) for pack in self.packs for every, of in (_PACKS[pack],) for duty, title, _ in of]


def draw_counties(count: int, seed: int) -> list[MadeCounty]:
    """So many counties, ten to a city and ten cities to a province."""
    drawn = []
    for number in range(count):
        draw, city = Random(f"{seed}/{number}"), number // _OF_A_CITY  # noqa: S311 (it keeps no secret)
        province = city // _OF_A_PROVINCE
        code = f"{91 + province % 9}{city % _OF_A_PROVINCE + 1:02}{number % _OF_A_CITY + 1:02}"
        names = [_SECOND[number % 10] + _FIRST[city % 10], _FIRST[city % 10] + "州市", f"{_FIRST[province % 10]}南省"]
        more = [pack for pack in ("quarterly", "budget") if draw.random() < 0.6]
        departments = {key: draw.choice(each) for key, each in _DEPARTMENTS.items()}
        name = f"{names[0]}县{number // 100 + 1 if number >= 100 else ''}"
        division = Division(code, names[1], names[2])
        drawn.append(MadeCounty(f"c{number:04}", name, division, ("basic", *more), departments, draw.randrange(10**9)))
    return drawn


def write_country(
    folder: Path, shipped: Path, counties: Sequence[MadeCounty], sites: Sequence[str], today: date
) -> None:
    """Write the packs, the schedule and a file for each county. `sites`: their addresses; they began four months ago."""
    start = first_of_month(today, -4)
    (folder / "rules/packs").mkdir(parents=True)
    (folder / "schedule.yaml").write_text(_SCHEDULE, "utf-8")
    shutil.copy(shipped / "rules/acts.yaml", folder / "rules")
    shutil.copytree(shipped / "rules/calendar", folder / "rules/calendar")
    for pack, (every, duties) in _PACKS.items():
        lines = [f"pack: {pack}\ntitle: 演示方案\nin_force: {{from: {start}, until: 2099-12-31}}\nduties:\n"]
        for number, (duty, title, department) in enumerate(duties, start=1):
            lines.append(
                f"  - {{id: {duty}, title: {title}, clause: 一{number}, departments: [{department}], channels: "
                f"county-site, deadline: {{every: {every}, about: previous}}, "
                f"evidence: {{column: {duty}, title: {title}}}}}\n"
            )
        (folder / f"rules/packs/{pack}.yaml").write_text("".join(lines), "utf-8")
    for county, site in zip(counties, sites, strict=True):
        of, division = folder / "rules/counties" / county.id, county.division
        of.mkdir(parents=True)
        people = [
            f"  {key}: {{name: {name}, liaison: {{name: 联络员, mail: {key}@{county.id}.example}}, "
            f"lead: {{name: 负责人, mail: {key}-lead@{county.id}.example}}}}\n"
            for key, name in county.departments.items()
        ]
        columns = [f"      {duty}: {{title: {title}, url: /{duty}/}}\n" for duty, title, _ in county.duties]
        text = (
            f"county: {county.id}\nname: {county.name}\n"
            f"division: {{code: {division.code}, city: {division.city}, province: {division.province}}}\nstart: {start}\nallow_private: true\npacks: [{', '.join(county.packs)}]\n"
            f"departments:\n{''.join(people)}roles:\n"
            f"  county-office: {{mail: office@{county.id}.example}}\n  supervisor: {{mail: lead@{county.id}.example}}\n"
            f"channels:\n  county-site:\n    base: {site}\n    columns:\n{''.join(columns)}"
        )
        (of / "county.yaml").write_text(text, "utf-8")


def first_of_month(day: date, months: int) -> date:
    """The first day of the month so many months after that of the day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def list_entries(county: MadeCounty, duty: str, title: str, every: str, today: date) -> list[tuple[str, date]]:
    """Title and day of what the column holds, the newest first: most in time, some late, some never published."""
    draw, entries = Random(f"{county.seed}/{duty}"), []  # noqa: S311
    for back in range(12, 0, -1):
        first = first_of_month(today, 1 - back)
        if every == "quarter" and first.month % 3 != 1:
            continue
        about = first_of_month(first, -3 if every == "quarter" else -1)
        period = f"第{'一二三四'[about.month // 3]}季度" if every == "quarter" else f"{about.month}月份"
        lot, day = draw.random(), first + timedelta(draw.randrange(3, 26))
        published = day + timedelta(35) if lot > 0.9 else day
        if lot > 0.08 and published <= today:
            entries.append((f"{about.year}年{period}{title}", published))
    return sorted(entries, key=lambda entry: entry[1], reverse=True)


def build_site(county: MadeCounty, today: date) -> web.Application:
    """The county's site: a list for each duty, and the articles in it."""
    columns = {duty: list_entries(county, duty, title, every, today) for duty, title, every in county.duties}

    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(PAGE_TIME)
        duty, _, page = request.path.strip("/").partition("/")
        entries, number = columns.get(duty), page.removesuffix(".html")
        if entries is None or (page and not (number.isdecimal() and int(number) < len(entries))):
            raise web.HTTPNotFound
        if page:
            title, day = entries[int(number)]
            body = f"<h1>{title}</h1><p>发布时间：{day}</p><div id='zoom'><p>{title}，现予公布。</p></div>"
        else:
            rows = (
                f"<li><a href='{n}.html'>{title}</a><span>{day}</span></li>" for n, (title, day) in enumerate(entries)
            )
            body = f"<ul class='list'>{''.join(rows)}</ul><p>共{len(entries)}条</p>"
        head = f"<meta charset='utf-8'><title>{county.name}</title>"
        return web.Response(text=f"<html><head>{head}</head><body>{body}</body></html>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    return app


@asynccontextmanager
async def serve_sites(counties: Sequence[MadeCounty], today: date) -> AsyncIterator[list[str]]:
    """Serve the sites, each at an address of its own (127.1.x.y), and give their addresses in the counties' order."""
    async with AsyncExitStack() as stack:
        sites = []
        for number, county in enumerate(counties):
            host = f"127.1.{number // 250}.{number % 250 + 1}"
            sock = socket.create_server((host, 0))
            await stack.enter_async_context(serve(build_site(county, today), sock))
            sites.append(f"http://{host}:{sock.getsockname()[1]}/")
        yield sites
