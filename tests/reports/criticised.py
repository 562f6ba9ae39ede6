"""A small county whose September has two matters to criticise, and the moves of its circular."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

from tests.decide.relived import relive
from tests.decide.small_county import COUNTY, Small, at
from tracker.reports.circulars.lifecycle import Circulars
from tracker.store.circulars import CircularLineRow, CircularRow, find_latest_edition, list_circular_lines

PACKS = Path(__file__).resolve().parents[2] / "rules" / "packs"
CIRCULAR = """
circular: {issuer: 小县人民政府办公室, prefix: 小政办公开通, incomplete: 5}
"""
SEPTEMBER = "2015-09"


async def lived(county: Small, last: date = date(2015, 10, 16), *, mode: str = "live") -> None:
    """Of what was due in September the list of powers of huanbao is missing, and insurance published in part."""
    await relive(county, ("criticised", last, mode), lambda one: _live(one, last, mode))


async def _live(county: Small, last: date, mode: str) -> None:
    shutil.copy(PACKS / "rectification.yaml", county.root / "rules" / "packs")
    rules = COUNTY.replace("packs: [small]", "packs: [small, rectification]") + CIRCULAR + f"mode: {mode}\n"
    county.reload(county=rules)
    site = county.site
    site.publish("environment", "6月份水环境质量状况", at("2015-07-08"))
    site.publish("environment", "7月份水环境质量状况", at("2015-08-28"))
    site.publish("environment", "8月份水环境质量状况", at("2015-09-20"))
    site.publish("insurance", "二季度社会保险情况", at("2015-09-29", "15:00"), "参保情况如下")
    site.publish("powers", "科技局权力清单", at("2015-09-25"))
    await county.live(date(2015, 8, 27), last)


@asynccontextmanager
async def acting(county: Small, when: str | None = None) -> AsyncIterator[Circulars]:
    """A move at ten of that day, on whose morning the site was looked at; or now."""
    if when is not None:
        morning, county.clock.now = county.clock.now.date() < date.fromisoformat(when), at(when, "10:00")
        if morning:
            await county.office.crawl()
            county.office.tick()
    with county.office.store.begin() as tx:
        yield Circulars(tx, county.office.loaded, county.office.loaded.rulebooks[0], county.clock.now)


def standing(county: Small) -> tuple[CircularRow, list[CircularLineRow]]:
    with county.office.store.read() as tx:
        row = find_latest_edition(tx, "small", SEPTEMBER)
        assert row is not None
        return row, list_circular_lines(tx, row.id)


def text_of(row: CircularRow) -> str:
    return "\n".join("".join(text for text, _ in runs) for runs in row.text)


async def consulted(county: Small, when: str | None = None) -> None:
    """Drafted, put to the departments, and the mails have left."""
    async with acting(county, when) as circulars:
        circulars.draft(SEPTEMBER, "王敏")
        circulars.consult(SEPTEMBER, "王敏")
    await county.office.deliver()


async def signed(county: Small) -> None:
    await consulted(county, "2015-10-16")
    async with acting(county, "2015-10-26") as circulars:
        circulars.sign(SEPTEMBER, "赵督查")
