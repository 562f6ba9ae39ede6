"""Makes the pictures of the clerk's guide (docs/手册/图/) again: `PYTHONPATH=. python docs/pictures.py [YEAR]`.

They show real output: the sample county is run on a simulated clock to 21 October 2015 (some minutes), then commands
are run in it and pages photographed by chromium. With YEAR, a folder, the run is kept there and used again.
"""

from __future__ import annotations

import asyncio
import email
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import sqlalchemy as sa
from PIL import Image
from playwright.async_api import Browser, async_playwright
from rich.text import Text

from docs import terminal
from tracker.console import links
from tracker.console.server import ConsoleServer
from tracker.daemon.jobs import Office
from tracker.demo.replay import SimulatedClock
from tracker.demo.simulation import open_null_channels, simulate_county
from tracker.registers.golive import load_live_rules
from tracker.rulebook.load import load
from tracker.store.engine import Store
from tracker.store.tables import messages, notices

ROOT = Path(__file__).resolve().parents[1]
PICTURES, EXAMPLES = ROOT / "docs" / "手册" / "图", ROOT / "docs" / "examples"
FIRST, LAST = date(2015, 1, 1), date(2015, 10, 21)
#: As long as the address at which the sample site was served, so that no table shifts.
SITE = "https://sample.example/"
CONSOLE, SECRET = "https://duban.sample.example/", "k0sVb3mXr9tLw2nHc5yDg8fJp4aEuZqP"
MATTER, NOW = "power-list/chengjian/once", "2015-10-21T09:00"
ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS = 104
#: What none of these commands reads, and what cannot be copied.
NOT_READ = shutil.ignore_patterns("archive", "mails", "*.sock")
#: The pictures of commands: the command, and how many of its lines are shown.
COMMANDS: Mapping[str, tuple[str, int]] = {
    "周要点": (f"week --now {NOW}", 26),
    "红灯": (f"status --light red --now {NOW}", 24),
    "说明": (f"explain {MATTER}", 36),
    "待认定": (f"evidence list --now {NOW}", 11),
    "登记": (
        f"event add budget-approved --department 科技局 --on 2015/10/12 --field year=2016 --by 王敏 --now {NOW}",
        14,
    ),
    "栏目": ("columns enrol", 13),
    "上线": (f"golive --dry-run --now {NOW}", 18),
    "得分": ("score 2015-Q3", 24),
}


async def live_the_year(folder: Path) -> None:
    """Run the sample county, with pages on which mails are answered, in the folder."""
    shutil.copytree(ROOT / "rules", folder / "rules")
    console = f"console: {{listen: 'unix:pages.sock', base: '{CONSOLE}', secret: '{SECRET}'}}\n"
    (folder / "schedule.yaml").write_text((ROOT / "schedule.yaml").read_text("utf-8") + console, "utf-8")
    async with simulate_county(folder, folder, FIRST, LAST) as box:
        async for _ in box.replay.run():
            pass
        (folder / "site.txt").write_text(box.base, "utf-8")


def photograph(folder: Path, name: str, words: str, most: int, site: str = "") -> None:
    """Run a command as at a terminal, and draw its first lines."""
    outcome = subprocess.run(
        [sys.executable, "-m", "tracker", "--lang", "zh", *words.split()],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DUBAN_SITE": site, "COLUMNS": str(COLUMNS), "FORCE_COLOR": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    shown = words.partition(" --now")[0]
    said = outcome.stdout.replace(site, SITE) if site else outcome.stdout
    lines = [line for line in said.splitlines() if line.strip()]
    more = [] if len(lines) <= most else ["……"]
    text = Text.from_ansi("\n".join([f"$ duban {shown}", *lines[:most], *more]))
    (PICTURES / f"{name}.svg").write_text(terminal.svg(text, COLUMNS), "utf-8")


def keep(image: Image.Image, name: str, width: int, height: int | None = None) -> None:
    """Store an image as a small PNG of that width, cut at the height."""
    scaled = image.convert("RGB").resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    cut = scaled.crop((0, 0, width, min(scaled.height, height or scaled.height)))
    cut.quantize(48, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)


@asynccontextmanager
async def serve_year(folder: Path, site: str, at: datetime) -> AsyncIterator[tuple[Any, str, Browser]]:
    """Serve the pages of the county in the folder, as of that time; its office, their address, and a browser."""
    loaded = load(folder, {**os.environ, "DUBAN_SITE": site})
    assert loaded.schedule.console is not None
    console = replace(loaded.schedule.console, listen=("127.0.0.1", 0))
    with Store(f"sqlite:///{folder / 'duban.db'}") as store:
        store.migrate()  # a year that was kept may be of an earlier version
        loaded = load_live_rules(store, replace(loaded, schedule=replace(loaded.schedule, console=console)))
        office = Office(loaded, store, SimulatedClock(at), folder, channels=open_null_channels)
        server = ConsoleServer(office)
        await server.follow(console)
        base = f"http://127.0.0.1:{server.port}/"
        office.loaded = replace(loaded, schedule=replace(loaded.schedule, console=replace(console, base=base)))
        async with async_playwright() as tools:
            chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
            browser = await tools.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            yield office, base, browser
            await browser.close()
        await server.stop()


async def photograph_pages(folder: Path, site: str) -> None:
    """Photograph a question to a liaison: the mail as a mail program shows it, and the page of its link."""
    async with serve_year(folder, site, datetime(2015, 10, 9, 10, tzinfo=ZONE)) as (office, base, browser):
        with office.store.read() as tx:
            joined = sa.select(messages.c.id, messages.c.body).join(notices, messages.c.id == notices.c.message)
            asked = (notices.c.kind == "question", notices.c.subject.endswith(MATTER), messages.c.role == "liaison")
            number, body = tx.execute(joined.where(*asked)).first() or ("", b"")
        part = next(one for one in email.message_from_bytes(body).walk() if one.get_content_type() == "text/html")
        mail = bytes(part.get_payload(decode=True)).decode().replace(site, SITE)
        tab = await browser.new_page(viewport={"width": 760, "height": 600}, device_scale_factor=1.5)
        await tab.set_content(mail)
        keep(Image.open(io.BytesIO(await tab.screenshot(full_page=True))), "请核对", 760, 900)
        await tab.goto(f"{base}{links.PLACE}{links.make(SECRET, number)}")
        keep(Image.open(io.BytesIO(await tab.screenshot(full_page=True))), "答复页", 760, 900)


def find_year(name: str) -> tuple[Path, str]:
    """The folder of the year, that of the command line or this one, lived where nothing lies in it; and its site."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else name).resolve()
    if not (folder / "site.txt").exists():
        folder.mkdir(parents=True, exist_ok=True)
        asyncio.run(live_the_year(folder))
    return folder, (folder / "site.txt").read_text("utf-8")


def main() -> int:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        (folder, site), new = find_year(name), Path(name) / "new"
        asyncio.run(photograph_pages(folder, site))
        lights = folder / "lights.png"
        photograph(folder, "灯号", f"report picture lights --year 2015 --as-of {NOW} --to {lights}", 1, site)
        (PICTURES / "灯号.svg").unlink()
        keep(Image.open(lights), "灯号", 560)
        for picture, (words, most) in COMMANDS.items():
            with tempfile.TemporaryDirectory() as copy:  # a command may write
                shutil.copytree(folder, copy, dirs_exist_ok=True, ignore=NOT_READ)
                photograph(Path(copy), picture, words, most, site)
        new.mkdir()
        photograph(new, "检查", "--county yangxian init --name 样例县", 1)
        photograph(new, "检查", "check", 14)
    keep(Image.open(EXAMPLES / "ledger-2015-12.png"), "台账", 900, 420)
    page = pypdfium2.PdfDocument(EXAMPLES / "circular-2015-09.pdf")[0]
    keep(page.render(scale=1.6).to_pil(), "通报", 560)
    return 0


if __name__ == "__main__":
    sys.exit(main())
