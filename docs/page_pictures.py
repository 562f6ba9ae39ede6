"""Makes the pictures of the pages (docs/手册/图/网页-*.png) again: `PYTHONPATH=. python docs/page_pictures.py [YEAR]`.

They show the sample county on 21 October 2015, at a desk and on a phone, as chromium shows them without any script.
With YEAR, a folder, the run is kept there and used again, as by `docs/pictures.py`.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Page, async_playwright

from docs.pictures import MATTER, NOT_READ, PICTURES, live_the_year
from tracker.console.server import ConsoleServer
from tracker.core.values.accounts import Role
from tracker.daemon.jobs import Office
from tracker.demo.replay import SimulatedClock
from tracker.demo.simulation import open_null_channels
from tracker.registers.accounts import record_account
from tracker.registers.golive import load_live_rules
from tracker.reports.circulars.lifecycle import Circulars
from tracker.rulebook.load import load
from tracker.store.accounts import change_account
from tracker.store.engine import Store

LOGIN, PASSWORD = "wangmin", "first-password-1"
SIZES = {"电脑": (1180, 960), "手机": (390, 844)}
#: The pages by the names of their pictures.
PAGES: Mapping[str, str] = {
    "总览": "overview",
    "待办": "queue",
    "事项": f"matter/sample/plan-2015/{MATTER}",
    "通报": "circular/2015-09",
}


async def photograph(tab: Page, base: str, size: str, height: int) -> None:
    """Log in, and photograph each page to that height."""
    await tab.goto(f"{base}d/")
    await tab.get_by_label("登录名").fill(LOGIN)
    await tab.get_by_label("密码").fill(PASSWORD)
    await tab.get_by_role("button", name="登录").click()
    for name, path in PAGES.items():
        answer = await tab.goto(f"{base}d/{path}")
        if answer is None or (answer.status, answer.url) != (200, f"{base}d/{path}"):
            sys.exit(f"{path}: {f'{answer.status} at {answer.url}' if answer else 'no answer'}")
        if (await tab.locator("html").evaluate("html => html.scrollWidth")) > SIZES[size][0]:
            sys.exit(f"{path}: wider than the window of {SIZES[size][0]} pixels")
        image = Image.open(io.BytesIO(await tab.screenshot(full_page=True))).convert("RGB")
        cut = image.crop((0, 0, image.width, min(image.height, height)))
        cut.quantize(48, dither=Image.Dither.NONE).save(PICTURES / f"网页-{name}-{size}.png", optimize=True)


async def photograph_pages(folder: Path, site: str) -> None:
    """Serve the pages of the county that lies in the folder, with a circular being drafted, and photograph them."""
    loaded = load(folder, {**os.environ, "DUBAN_SITE": site})
    assert loaded.schedule.console is not None
    console = replace(loaded.schedule.console, listen=("127.0.0.1", 0))
    loaded = replace(loaded, schedule=replace(loaded.schedule, console=console))
    zone = loaded.rulebooks[0].county.zone
    with Store(f"sqlite:///{folder / 'duban.db'}") as store:
        loaded = load_live_rules(store, loaded)
        clock = SimulatedClock(datetime(2015, 10, 21, 6, tzinfo=zone))
        office: Any = Office(loaded, store, clock, folder, channels=open_null_channels)
        # The replay keeps no record of its passes; the site was read this morning.
        await office.record("crawl", clock.now, partial(asyncio.sleep, 0))
        clock.now = datetime(2015, 10, 21, 9, tzinfo=zone)
        await office.record("tick", clock.now, partial(asyncio.to_thread, office.tick))
        with store.begin() as tx:
            rulebook = loaded.rulebooks[0]
            done = record_account(tx, rulebook, LOGIN, "王敏", Role.OFFICE, "", PASSWORD, "管理员", clock.now)
            change_account(tx, done.value.id, must_change=False)
            Circulars(tx, loaded, rulebook, clock.now).draft("2015-09", "王敏")
        server = ConsoleServer(office)
        await server.follow(console)
        base = f"http://127.0.0.1:{server.port}/"
        console = replace(console, base=base)
        office.loaded = replace(office.loaded, schedule=replace(office.loaded.schedule, console=console))
        async with async_playwright() as tools:
            chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
            browser = await tools.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for size, (width, height) in SIZES.items():
                viewport: Any = {"width": width, "height": height}
                context = await browser.new_context(viewport=viewport, java_script_enabled=False, locale="zh-CN")
                await photograph(await context.new_page(), base, size, height)
            await browser.close()
        await server.stop()


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder, copy = Path(sys.argv[1] if len(sys.argv) > 1 else f"{name}/year").resolve(), Path(name) / "copy"
        if not (folder / "site.txt").exists():
            folder.mkdir(parents=True, exist_ok=True)
            asyncio.run(live_the_year(folder))
        shutil.copytree(folder, copy, ignore=NOT_READ)
        asyncio.run(photograph_pages(copy, (folder / "site.txt").read_text("utf-8")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
