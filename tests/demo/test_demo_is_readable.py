"""What the readers of evidence make of the sample site is exactly what the sample county published."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit

import aiohttp
import pytest

from tracker.core.law.county import SiteColumn
from tracker.core.values.facts import Moment, Sighting, VisitOutcome
from tracker.demo.pages import article_path
from tracker.demo.site import SampleSite, serve, skin_of
from tracker.demo.world import Publication, World
from tracker.evidence.article.read import parse_article
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.evidence.listing.columns import none_kept, read_column
from tracker.evidence.page.parsed import Page

INSTANTS = ["2015-01-03T12:00", "2015-07-15T12:00", "2015-12-31T23:00"]


class Reader:
    """Fetches pages of the site at one instant."""

    def __init__(self, base: str, session: aiohttp.ClientSession, now: datetime) -> None:
        self.base, self.session, self.now = base, session, now

    async def page(self, path: str) -> Page:
        async with self.session.get(urljoin(self.base, path)) as response:
            assert response.status == 200, path
            kind = response.headers["Content-Type"]
            return Page(str(response.url), await response.read(), self.now.tzinfo, self.now.date(), kind)  # type: ignore[arg-type]

    async def listed(self, column: SiteColumn) -> tuple[Sighting, ...]:
        url = urljoin(self.base, urlsplit(column.url).path)
        async with Fetcher([urlsplit(url).netloc], True, Limits(delay=0), lambda: self.now) as fetcher:
            zone = self.now.tzinfo
            assert zone is not None
            reading = await read_column(fetcher, replace(column, url=url), zone, since=None, kept=none_kept)
        assert reading.visit.outcome is VisitOutcome.READ, (column.key, reading.visit.note)
        return reading.sightings


@pytest.fixture(params=INSTANTS)
async def reader(request: pytest.FixtureRequest, world: World) -> AsyncIterator[Reader]:
    now = datetime.fromisoformat(request.param).replace(tzinfo=world.county.zone)
    async with serve(SampleSite(world, lambda: now).app()) as base, aiohttp.ClientSession() as session:
        yield Reader(base, session, now)


def day(moment: Moment | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def listings(world: World) -> Iterator[tuple[SiteColumn, str, list[Publication]]]:
    for column in world.county.columns.values():
        if column.kind == "listing":
            mine = [publication for publication in world.publications if publication.column == column.key]
            yield column, urlsplit(column.url).path, mine


async def test_every_column_lists_what_is_up_and_nothing_else(world: World, reader: Reader) -> None:
    for column, path, mine in listings(world):
        up = {
            (article_path(path, publication), publication.title, publication.claimed.date())
            for publication in mine
            if publication.is_up(reader.now)
        }
        seen = await reader.listed(column)
        assert {(urlsplit(sighting.url).path, sighting.title, day(sighting.claimed)) for sighting in seen} == up, (
            column.key
        )
        assert len(seen) == len(up)


async def test_a_table_names_the_publisher_of_each_row(world: World, reader: Reader) -> None:
    for column, path, mine in listings(world):
        if skin_of(column) in ("catalogue", "approval"):
            sources = {article_path(path, publication): publication.source for publication in mine}
            for sighting in await reader.listed(column):
                assert sighting.publisher == sources[urlsplit(sighting.url).path]


async def test_articles_say_title_instant_source_and_text(world: World, reader: Reader) -> None:
    for column, path, mine in listings(world):
        for publication in [publication for publication in mine if publication.is_up(reader.now)][-12:]:
            read = parse_article(await reader.page(article_path(path, publication)))
            assert (read.state, read.title, read.source) == ("read", publication.title, publication.source), column.key
            assert day(read.claimed) == publication.claimed.date()
            if skin_of(column) != "old":
                assert read.claimed == publication.claimed.replace(second=0)
            assert all(paragraph in (read.text or "") for paragraph in publication.text(reader.now))
            assert [file.name for file in read.attachments] == list(publication.attachments)


async def test_a_page_column_is_read_as_an_article(world: World, reader: Reader) -> None:
    for publication in world.publications:
        column = world.county.columns[publication.column]
        if column.kind == "page" and publication.is_up(reader.now):
            read = parse_article(await reader.page(urlsplit(column.url).path))
            assert (read.state, read.title) == ("read", publication.title)
