"""Makes the pictures of the pages (docs/手册/图/网页-*.png) again: `PYTHONPATH=. python docs/page_pictures.py [YEAR]`.

They show the sample county on 21 October 2015, and as 各县 twenty made counties on 3 December 2026, at a desk and on a
phone, as chromium shows them without any script.
With YEAR, a folder, the run is kept there and used again, as by `docs/pictures.py`.
"""

from __future__ import annotations

import asyncio
import io
import shutil
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page

from docs.pictures import MATTER, NOT_READ, ROOT, ZONE, find_year, keep, serve_year
from tracker.core.values.accounts import Role
from tracker.demo.country import Pace, draw_counties, serve_sites, write_country
from tracker.demo.draw import SHIPPED
from tracker.registers.accounts import record_account
from tracker.reports.circulars.lifecycle import Circulars
from tracker.store.accounts import change_account
from tracker.store.jobs import take_lease

LOGIN, PASSWORD = "wangmin", "first-password-1"
SIZES = {"电脑": (1180, 960), "手机": (390, 844)}
#: The pages by the names of their pictures.
PAGES: Mapping[str, str] = {
    "总览": "overview",
    "待办": "queue",
    "事项": f"matter/sample/plan-2015/{MATTER}",
    "通报": "circular/2015-09",
}


async def photograph_sizes(browser: Browser, base: str, pages: Mapping[str, str]) -> None:
    """Photograph the pages at a desk and on a phone."""
    for size, (width, height) in SIZES.items():
        viewport: Any = {"width": width, "height": height}
        context = await browser.new_context(viewport=viewport, java_script_enabled=False, locale="zh-CN")
        await photograph(await context.new_page(), base, size, height, pages)


async def photograph(tab: Page, base: str, size: str, height: int, pages: Mapping[str, str]) -> None:
    """Log in, and photograph each page to that height."""
    await tab.goto(f"{base}d/")
    await tab.get_by_label("登录名").fill(LOGIN)
    await tab.get_by_label("密码").fill(PASSWORD)
    await tab.get_by_role("button", name="登录").click()
    for name, path in pages.items():
        answer = await tab.goto(f"{base}d/{path}")
        if answer is None or (answer.status, answer.url) != (200, f"{base}d/{path}"):
            sys.exit(f"{path}: {f'{answer.status} at {answer.url}' if answer else 'no answer'}")
        if (await tab.locator("html").evaluate("html => html.scrollWidth")) > SIZES[size][0]:
            sys.exit(f"{path}: wider than the window of {SIZES[size][0]} pixels")
        image = Image.open(io.BytesIO(await tab.screenshot(full_page=True)))
        keep(image, f"网页-{name}-{size}", image.width, height)


async def photograph_counties(folder: Path) -> None:
    """Read twenty made counties, and photograph their sums as an auditor of the province sees them."""
    now = datetime(2026, 12, 3, 9, tzinfo=ZONE)
    counties = draw_counties(20, SHIPPED)
    async with serve_sites(counties, now.date(), 0) as sites:
        write_country(folder, ROOT, counties, sites, now.date(), "127.0.0.1:1", Pace(0, 0))
        async with serve_year(folder, "", now) as (office, base, browser):
            office.prepare()
            await office.record("crawl", now, office.crawl)
            await office.record("tick", now, partial(asyncio.to_thread, office.tick))
            with office.store.begin() as tx:
                take_lease(tx, "scheduler", office.holder, now=now, until=now + timedelta(minutes=5))
                given = (LOGIN, "王敏", Role.AUDITOR, "", PASSWORD, "管理员", now, counties[0].division.code[:2])
                done = record_account(tx, office.loaded.rulebooks[0], *given)
                change_account(tx, done.value.id, must_change=False)
            await photograph_sizes(browser, base, {"各县": "counties"})


async def photograph_pages(folder: Path, site: str) -> None:
    """Have a circular be drafted in the county that lies in the folder, and photograph its pages."""
    async with serve_year(folder, site, datetime(2015, 10, 21, 6, tzinfo=ZONE)) as (office, base, browser):
        clock, loaded = office.clock, office.loaded
        # The replay keeps no record of its passes; the site was read this morning.
        await office.record("crawl", clock.now, partial(asyncio.sleep, 0))
        clock.now += timedelta(hours=3)
        await office.record("tick", clock.now, partial(asyncio.to_thread, office.tick))
        with office.store.begin() as tx:
            rulebook = loaded.rulebooks[0]
            done = record_account(tx, rulebook, LOGIN, "王敏", Role.OFFICE, "", PASSWORD, "管理员", clock.now)
            change_account(tx, done.value.id, must_change=False)
            Circulars(tx, loaded, rulebook, clock.now).draft("2015-09", "王敏")
        await photograph_sizes(browser, base, PAGES)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        (folder, site), copy = find_year(f"{name}/year"), Path(name) / "copy"
        shutil.copytree(folder, copy, ignore=NOT_READ)
        asyncio.run(photograph_pages(copy, site))
        asyncio.run(photograph_counties(Path(name) / "counties"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
