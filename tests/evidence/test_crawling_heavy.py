"""Pages that no parser reads in bounded time, on a site that is crawled: they could not be looked at, no more."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.evidence.crawled import EIA, WATER, Office, Site
from tests.evidence.heavy_pages import ENDLESS, MANY_ATTRIBUTES
from tracker.core.values.facts import VisitOutcome
from tracker.evidence.attachments.readers.reader import FileLimits, FileReader
from tracker.evidence.fetch.failures import PAGE_UNREAD
from tracker.evidence.page.worker import Worker
from tracker.evidence.reading import reading_process
from tracker.store.faults import list_faults

TOO_LONG = f"{PAGE_UNREAD}读取用时超过 10 秒，已停止"
ENVIRONMENT, FINANCE, HOTLINE = "county-site/environment", "county-site/finance", "county-site/page:hotline"

both = pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (ENDLESS, TOO_LONG),
        (MANY_ATTRIBUTES, f"{PAGE_UNREAD}读取时占用内存过多，已停止"),
    ],
    ids=["ended by its time", "ended by its memory"],
)


@pytest.fixture(autouse=True)
async def short_worker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The program's own worker with a bound that a test can wait for; what ends by its memory may take longer."""
    by_memory = request.node.name.endswith("[ended by its memory]")
    worker = Worker(10 if by_memory else 1, 60, reading_process._CLASSES, data=reading_process._DATA)
    monkeypatch.setattr(reading_process, "WORKER", worker)
    yield
    await worker.close()


@pytest.mark.nightly
@pytest.mark.sampled(3)
@both
async def test_a_column_of_one_could_not_be_looked_at_and_the_others_are(
    site: Site, office: Office, markup: str, reason: str
) -> None:
    site.publish("1", WATER)
    site.publish("1", EIA, column="cwgk")
    await office.crawl()
    (before,) = office.entries()
    office.clock.advance(hours=6)
    del site.lists["hjbh"]
    site.pages["hjbh"] = f"<html><body><p>本栏目暂无信息</p>{markup}"
    site.publish("2", "财务预算", column="cwgk")
    report = await office.crawl()
    assert [(one.column, one.outcome, one.note) for one in report.could_not_look] == [
        (ENVIRONMENT, VisitOutcome.NOT_UNDERSTOOD, reason)
    ]
    (after,) = office.entries()
    assert after == before
    assert len(office.entries(FINANCE)) == 2
    with office.store.read() as tx:
        assert [(one.subject, one.error) for one in list_faults(tx, "sample")] == [(f"column:{ENVIRONMENT}", reason)]


@pytest.mark.nightly
async def test_an_article_that_becomes_one_keeps_what_it_said(site: Site, office: Office) -> None:
    """One that shows nothing twice is taken for emptied."""
    site.publish("1", WATER)
    await office.crawl()
    (before,) = office.entries()
    for _ in range(2):
        office.clock.advance(hours=30)
        site.articles["/hjbh/1.html"] = f"<html><body>{ENDLESS}"
        report = await office.crawl(reread={f"{office.base}/hjbh/1.html"})
        assert report.could_not_look == ()
    (after,) = office.entries()
    assert (after.current.text, after.current.state, after.gone_at) == (before.current.text, "read", None)


async def test_an_article_that_is_one_from_the_start_is_unreadable(site: Site, office: Office) -> None:
    site.publish("1", WATER)
    site.articles["/hjbh/1.html"] = f"<html><body>{ENDLESS}"
    await office.crawl()
    (entry,) = office.entries()
    assert (entry.title, entry.current.state, entry.current.text, entry.gone_at) == (WATER, "unreadable", None, None)


async def test_a_column_that_is_a_single_page(site: Site, office: Office) -> None:
    site.pages["jubao"] = f"<html><title>在线举报</title><body><h1>在线举报</h1>{ENDLESS}"
    await office.crawl(only=[HOTLINE])
    (visit,) = office.facts().visits
    assert (visit.outcome, visit.note, visit.reached) == (VisitOutcome.NOT_UNDERSTOOD, TOO_LONG, None)


async def test_a_web_page_that_is_attached_as_a_file_is_read_apart_too() -> None:
    async with FileReader(FileLimits(timeout=2)) as reader:
        file = await reader.read(f"<html><body>{ENDLESS}".encode(), "预算表.html")
    assert (file.text, file.note) == (None, "2 秒内没有读完文件，已停止")
