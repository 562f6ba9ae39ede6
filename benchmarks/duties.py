"""One fetch serves every duty that looks at a column: requests and judging time against the number of duties.

    python benchmarks/duties.py [--rounds 5]

Needs nginx. One column of 20 listing pages lies behind it on loopback; 1, 10, 100 and 1,000 monthly duties of one
county look at it. Told are the requests of a crawl, the first pass that judges all of them, and the one after a
crawl that found something new.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks.evidence import PAGES, ROOT, SETTINGS, nginx, write_site
from tests.live_county import all_live
from tracker.crawl.resources import open_resources
from tracker.crawl.run import crawl
from tracker.crawl.site_state import SiteState
from tracker.decide.run import tick
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store

NUMBERS = (1, 10, 100, 1000)

COUNTY = """\
county: one
name: 一县
allow_private: true
start: 2015-11-01
packs: [many]
departments:
  huanbao: {name: 环保局, liaison: {name: 甲, mail: a@one.example}, lead: {name: 乙, mail: b@one.example}}
roles: {county-office: {mail: o@one.example}, supervisor: {mail: s@one.example}}
channels:
  county-site:
    base: "${DUBAN_SITE}"
    own: true
    columns: {news: {title: 栏目, url: /c0/index.html}}
"""
PACK = """\
pack: many
title: 许多职责
in_force: {from: 2015-01-01, until: 2015-12-31}
duties:
"""
DUTY = """\
  - id: duty-{n}
    title: 第{n}项
    clause: 一{n}
    departments: [huanbao]
    channels: county-site
    deadline: {{every: month}}
    evidence: {{column: news, title: 第{n}项}}
"""


def rules(folder: Path, duties: int, site: str) -> Loaded:
    """A county with so many duties, read from files as any county is."""
    text = PACK + "".join(DUTY.format(n=n) for n in range(duties))
    schedule = (ROOT / "schedule.yaml").read_text("utf-8")
    files = {"rules/packs/many.yaml": text, "rules/counties/one/county.yaml": COUNTY, "schedule.yaml": schedule}
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, "utf-8")
    return all_live(load(folder, {"DUBAN_SITE": f"{site}/"}))


async def measured(folder: Path, site: Path, base: str, duties: int) -> tuple[int, int, float, float]:
    """Requests of the first crawl and of the next, seconds of the first pass and of the one after that crawl."""
    loaded = rules(folder, duties, base)
    rulebook = loaded.rulebooks[0]
    back = dict.fromkeys(rulebook.county.columns, date.min)
    memory = SiteState()
    asked, took = [], []
    with Store(f"sqlite:///{folder}/duban.db") as store:
        store.migrate()
        for edition, hour in ((0, 1), (duties, 2)):
            write_site(site, 1, edition=edition)
            now = datetime(2015, 11, 20, hour, tzinfo=UTC)
            clock = partial(datetime.fromtimestamp, now.timestamp(), UTC)
            async with open_resources(SETTINGS) as resources:
                crawled = await crawl(
                    store,
                    rulebook,
                    SETTINGS,
                    clock,
                    since=back,
                    lists_only=True,
                    site_state=memory,
                    resources=resources,
                )
            assert not crawled.could_not_look, str(crawled)
            asked.append(crawled.requests)
            took.append(_ticked(store, loaded, now + timedelta(minutes=1)))
    return asked[0], asked[1], took[0], took[1]


def _ticked(store: Store, loaded: Loaded, now: datetime) -> float:
    began = perf_counter()
    report = tick(store, loaded, now)
    took = perf_counter() - began
    assert not report.faults, str(report)
    return took


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    print(f"one column of {PAGES} pages\n{'duties':>8}{'requests':>10}{'again':>8}{'first pass':>14}{'next pass':>14}")
    with tempfile.TemporaryDirectory() as scratch:
        at, site = Path(scratch), Path(scratch) / "site"
        site.mkdir()
        at.chmod(0o755)
        write_site(site, 1, edition=0)
        with nginx(site, at) as base:
            for duties in NUMBERS:
                found = [
                    asyncio.run(measured(at / f"{duties}-{number}", site, base, duties))
                    for number in range(asked.rounds)
                ]
                first, later = (statistics.median(one[place] for one in found) for place in (2, 3))
                print(
                    f"{duties:>8,}{found[0][0]:>10}{found[0][1]:>8}{first * 1000:>11,.0f} ms{later * 1000:>11,.0f} ms"
                )


if __name__ == "__main__":
    main()
