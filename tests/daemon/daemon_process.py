"""`duban run` as a process of its own, on a folder made by `duban init`, against a site on loopback."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.typedefs import Handler

import tracker
from tracker.commands.main import main
from tracker.demo.scenario import build_world
from tracker.demo.site import SampleSite
from tracker.demo.world import World
from tracker.rulebook.load import load
from tracker.store.engine import Store
from tracker.store.jobs import begin_run, end_run

CHECKOUT = Path(tracker.__file__).parents[1]
#: The sample site stands still after the end of the plan's year.
SITE_NOW = datetime(2016, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
#: Nothing here takes nearly as long; a test that would hang fails instead.
PATIENCE = 120


def change(path: Path, *pairs: tuple[str, str]) -> None:
    """Replace each text (a pattern) by another; every one has to be there."""
    text = path.read_text("utf-8")
    for old, new in pairs:
        text, found = re.subn(old, new, text)
        assert found, f"{path} has no {old!r}"
    path.write_text(text, "utf-8")


def make_county(folder: Path, *, smtp: int | None = None, database: str | None = None) -> Path:
    """The sample county, live since its first day, with its rules for two months, pressed at any hour, and a crawl that
    does not pause."""
    assert main(["init", "--sample", str(folder)]) == 0
    words = ["--by", "陈县长", "--reason", "试运行结束", "--now", "2015-01-01T00:00"]
    place = ["--root", str(folder), "--database", database or f"sqlite:///{folder / 'duban.db'}"]
    golive = [sys.executable, "-m", "tracker", *place, "golive", *words]
    subprocess.run(golive, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
    rules = folder / "rules"
    change(
        rules / "packs" / "plan-2015.yaml",
        ("until: 2015-12-31}", "until: 2015-02-28}"),
        ("issued: 2015-04-21", "issued: 2015-01-01"),
    )
    change(rules / "counties" / "sample" / "county.yaml", ("{plan-2015: 2015-04-21}", "{plan-2015: 2015-01-01}"))
    schedule = folder / "schedule.yaml"
    change(
        schedule, ("    urgent: true\n", ""), ("    steps:", "    urgent: true\n    steps:"), ("delay: 1 ", "delay: 0 ")
    )
    if smtp is not None:
        change(schedule, ("via: folder", "via: smtp"), ("port: 587", f"port: {smtp}"), ("tls: starttls", "tls: none"))
        change(schedule, ("connections: 4", "connections: 1"))  # one after the other, to know which one is under way
    return folder


def sample_world(folder: Path) -> World:
    rules = load(folder, os.environ)
    return build_world(rules.rulebooks[0], rules.calendar)


def site_of(world: World, asked: Callable[[], Awaitable[None]] | None = None) -> web.Application:
    """The sample site; `asked` is awaited at each request before it is answered."""

    @web.middleware
    async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
        if asked is not None:
            await asked()
        return await handler(request)

    app = SampleSite(world, lambda: SITE_NOW).app()
    app.middlewares.append(watch)
    return app


def store_of(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'duban.db'}")


def observed(folder: Path, *hours: float) -> None:
    """A crawl that ended well, so many hours ago."""
    with store_of(folder) as store:
        store.migrate()
        for one in hours:
            at = datetime.now(UTC) - timedelta(hours=one)
            with store.begin() as tx:
                run = begin_run(tx, "crawl", at, at)
                assert run is not None
                end_run(tx, run, at)


class Daemon:
    """A running `duban run`; its log is read line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        self._stderr = process.stderr
        self.process = process
        self.lines: list[str] = []

    @classmethod
    async def start(cls, folder: Path, *options: str, site: str = "http://127.0.0.1:9/") -> Daemon:
        environment = {**os.environ, "DUBAN_SITE": site}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as it is installed: its modules are compiled once
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tracker", *options, "--root", str(folder), "run",
            cwd=CHECKOUT, env=environment, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        return cls(process)

    async def line(self) -> str:
        """The next line of the log; "" once it has ended."""
        async with asyncio.timeout(PATIENCE):
            line = (await self._stderr.readline()).decode()
        self.lines.append(line)
        return line

    async def says(self, text: str) -> str:
        """Read on to the line that holds the text."""
        while text not in (line := await self.line()):
            assert line, f"ended without saying {text!r}:\n{''.join(self.lines)}"
        return line

    def kill(self) -> None:
        self.process.kill()

    def tell(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def ended(self) -> int:
        """The exit status, when it has ended by itself or by a signal."""
        while await self.line():
            pass
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    async def stop(self) -> int:
        self.tell(signal.SIGTERM)
        return await self.ended()
