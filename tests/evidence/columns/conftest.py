"""The column, and one visit of it that remembers what the last one kept."""

from __future__ import annotations

from datetime import date

import pytest

from tests.evidence.columns.column_site import Read, Site
from tests.evidence.evidence_site import SHANGHAI, Clock, Serve
from tracker.core.law.county import Interface, SiteColumn
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.evidence.listing.columns import ColumnReading, KeptPage, read_column


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
async def read(site: Site, serve: Serve, clock: Clock) -> Read:
    base = await serve(site)
    kept: dict[str, KeptPage] = {}

    async def visit(
        since: date | None = None, *, kind: str = "listing", path: str = "/hjbh/", max_pages: int = 50,
        dialect: str = "", interface: Interface | None = None,
    ) -> ColumnReading:  # fmt: skip
        column = SiteColumn(
            "county-site/environment", "county-site", "environment", kind, "环境保护", base + path,  # type: ignore[arg-type]
            dialect=dialect, interface=interface,
        )  # fmt: skip
        limits = Limits(delay=0, timeout=2, max_pages=max_pages)

        async def known(url: str) -> KeptPage | None:
            return kept.get(url)

        async with Fetcher(["127.0.0.1"], True, limits, clock) as fetcher:
            reading = await read_column(fetcher, column, SHANGHAI, since=since, kept=known)
        kept.update({one.url: one for one in reading.pages})
        return reading

    return visit
