"""Counties on one site, one host, with what the workers of a cluster do for them and mails that they send."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aiohttp import web

from tests.decide.small_county import COUNTY, SCHEDULE, write_rules
from tracker.core.escalation.notices import Notice, NoticeKey

PAGE = "<html><meta charset='utf-8'><title>栏目</title><ul><li><a href='1.html'>水环境质量月报</a>2015-07-09</li></ul>"
JOBS = '{crawl: "*/5 * * * *", tick: "*/5 * * * *", deliver: "*/2 * * * *"}'


@dataclass
class SharedSite:
    """The site of all counties, one host. `most`: requests at one time."""

    open: int = 0
    most: int = 0
    asked: Counter[str] = field(default_factory=Counter)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked[request.match_info["county"]] += 1
        self.open += 1
        self.most = max(self.most, self.open)
        await asyncio.sleep(0.01)  # a page takes its time; who else asks meanwhile is seen
        self.open -= 1
        return web.Response(text=PAGE, content_type="text/html")


@asynccontextmanager
async def served(site: SharedSite, at: str = "127.0.0.1") -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{county}/{rest:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, at, 0).start()
    try:
        yield f"http://{at}:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def write_counties(folder: Path, names: Sequence[str], site: str, smtp: int = 0, mails: int = 0) -> None:
    """Counties with a role for each of so many mails. Without a mail server they write to the folder `mails`."""
    schedule = re.sub("jobs: .*", f"jobs: {JOBS}", SCHEDULE)
    schedule = schedule.replace("timeout: 10 seconds", "timeout: 1 second, file_timeout: 1 second")
    if smtp:
        server = f"smtp: {{host: 127.0.0.1, port: {smtp}, tls: none}}"
        schedule = schedule.replace("via: folder, folder: mails", f"via: smtp, {server}")
    write_rules(folder, schedule=schedule)
    shutil.rmtree(folder / "rules/counties/small")
    roles = "".join(f"role-{number}: {{mail: r{number}@small.example}}, " for number in range(mails))
    for name in names:
        text = COUNTY.replace("county: small", f"county: {name}").replace("url: /", "url: ")
        text = text.replace("${SMALL_SITE}", f"{site}{name}/").replace("roles: {", f"roles: {{{roles}")
        (folder / "rules/counties" / name).mkdir()
        (folder / "rules/counties" / name / "county.yaml").write_text(text, "utf-8")


def mail(county: str, number: int, at: datetime) -> Notice:
    key = NoticeKey(f"column:{number}", 0, 0, "blind", 0, f"role-{number}", "mail")
    shown = {"kind": "fault", "step": "blind", "title": f"栏目{number}", "reason": "栏目打不开。"}
    return Notice(key, county, "", "fault", False, "栏目打不开。", at, shown)
