"""Several counties in one installation: read side by side, at one pace a host, and none pays for another's faults."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiohttp import web

from tests.daemon.daemon_process import change
from tests.decide.small_county import COUNTY, ZONE, write_rules
from tests.entered import new_event
from tests.live_county import all_live
from tracker.core.values.facts import VisitOutcome
from tracker.daemon.jobs import Office
from tracker.daemon.service import Daemon
from tracker.daemon.site_reading import alternate_hosts
from tracker.demo.replay import SimulatedClock
from tracker.demo.simulation import open_null_channels
from tracker.registers.events import record_event
from tracker.rulebook.load import load, load_again
from tracker.store.engine import Store
from tracker.store.faults import list_faults
from tracker.store.occurrences import load_occurrences

#: Where each county's site stands: two names of one server are two hosts.
HOSTS = {"first": "127.0.0.1", "second": "127.0.0.1", "third": "localhost"}
AUGUST = datetime(2015, 8, 10, 6, tzinfo=ZONE)
PAGE = "<html><meta charset='utf-8'><title>栏目</title><ul><li><a href='1.html'>水环境质量月报</a>2015-07-09</li></ul>"


@dataclass
class Sites:
    """The server of all sites. `asked`: counties in the order of their requests, `most`: of one host at one time."""

    asked: list[str] = field(default_factory=list)
    open: dict[str, int] = field(default_factory=dict)
    most: int = 0
    #: The requests of this county are answered once another one has asked.
    slow: str = ""
    others: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.Response:
        county, host = request.match_info["county"], request.url.host or ""
        self.asked.append(county)
        self.open[host] = self.open.get(host, 0) + 1
        self.most = max(self.most, self.open[host])
        if county == self.slow:
            await self.others.wait()
        else:
            self.others.set()
        self.open[host] -= 1
        return web.Response(text=PAGE, content_type="text/html")


@asynccontextmanager
async def counties(root: Path, store: Store, sites: Sites) -> AsyncIterator[Office]:
    app = web.Application()
    app.router.add_get("/{county}/{rest:.*}", sites.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    write_rules(root)
    (root / "rules/counties/small/county.yaml").unlink()
    (root / "rules/counties/small").rmdir()
    for name, host in HOSTS.items():
        text = COUNTY.replace("county: small", f"county: {name}").replace("url: /", "url: ")
        text = text.replace("${SMALL_SITE}", f"http://{host}:{port}/{name}/")
        (root / "rules/counties" / name).mkdir()
        (root / "rules/counties" / name / "county.yaml").write_text(text, "utf-8")
    clock = SimulatedClock(datetime(2015, 7, 10, 6, tzinfo=ZONE))
    office = Office(all_live(load(root, dict(os.environ))), store, clock, root, channels=open_null_channels)
    office.adopt(office.loaded)
    yield office
    await runner.cleanup()


async def test_no_county_waits_for_a_slow_site(tmp_path: Path, store: Store) -> None:
    sites = Sites(slow="third")
    async with counties(tmp_path, store, sites) as office:
        reports = await office.crawl()
    assert [report.county for report in reports] == ["first", "second", "third"]
    assert all(column.outcome is VisitOutcome.READ for report in reports for column in report.columns)


async def test_a_host_that_serves_several_counties_is_asked_as_by_one(tmp_path: Path, store: Store) -> None:
    sites = Sites(slow="first")
    async with counties(tmp_path, store, sites) as office:
        await office.crawl()
    assert sites.most == 1
    of_host = [county for county in sites.asked if county != "third"]
    switches = sum(one != other for one, other in pairwise(of_host))
    assert switches > 1  # in turn: neither waits for the other's last page


async def test_a_host_that_is_down_is_given_up_once_for_all_its_counties(tmp_path: Path, store: Store) -> None:
    async with counties(tmp_path, store, Sites()) as office:
        address = office.loaded.rulebooks[0].county.columns["county-site/environment"].url
    # The server is gone by now.
    reports = await office.crawl()
    assert address
    assert sum(report.requests for report in reports[:2]) == 3  # three times nobody there, for both counties


async def test_counties_of_one_host_start_far_apart(tmp_path: Path, store: Store) -> None:
    async with counties(tmp_path, store, Sites()) as office:
        order = [rulebook.county.id for rulebook in alternate_hosts(office.loaded.rulebooks)]
    assert order == ["first", "third", "second"]


async def test_what_is_broken_in_one_county_stops_no_other(tmp_path: Path, store: Store) -> None:
    async with counties(tmp_path, store, Sites()) as office:
        await office.crawl()
        office.tick()
        before = len(_statuses(store, "second"))
        _set_status(store, "broken", "first")
        office.clock.now = AUGUST  # type: ignore[attr-defined]
        reports, report = await office.crawl(), office.tick()
        assert [read.county for read in reports] == ["second", "third"]
        assert report.faults == 1
        assert _faults(store) == {("first", "county", "read"), ("first", "county", "tick")}
        assert len(_statuses(store, "second")) > before
        _set_status(store, "overdue", "first")
        await office.crawl()
        office.tick()
        assert _faults(store) == set()


async def test_what_fails_in_every_county_fails(tmp_path: Path, store: Store) -> None:
    async with counties(tmp_path, store, Sites()) as office:
        await office.crawl()
        office.tick()
        _set_status(store, "broken", *HOSTS)
        office.clock.now = AUGUST  # type: ignore[attr-defined]
        with pytest.raises(ValueError, match="broken"):
            office.tick()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_a_county_comes_changes_breaks_and_goes_without_a_restart(
    tmp_path: Path, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with counties(tmp_path, store, sites := Sites()) as office:
        folder, read = tmp_path / "rules/counties", load_again(tmp_path, dict(os.environ), None)
        office.adopt(read)
        office.tick()
        daemon = Daemon(office, lambda before: load_again(tmp_path, dict(os.environ), before), office.clock)
        daemon._scheduler._scheduler.start(paused=True)  # no pass but those that a reload asks for

        (folder / "fourth").mkdir()
        text = (folder / "first/county.yaml").read_text("utf-8")
        (folder / "fourth/county.yaml").write_text(text.replace("county: first", "county: fourth"), "utf-8")
        await daemon.reload()
        assert "counties added: fourth" in caplog.text
        assert {*sites.asked} == {"first"}  # the address that the fourth has too, ahead of the timetable
        assert _statuses(store, "fourth").keys() == {
            key.replace("first/", "fourth/", 1) for key in _statuses(store, "first")
        }

        (folder / "second/county.yaml").write_text("county: [", "utf-8")
        change(folder / "third/county.yaml", ("水环境|小县", "第三县"))
        await daemon.reload()
        assert "second: the rules are wrong, its last good ones stay in force:" in caplog.text
        assert "counties changed: third" in caplog.text
        assert office.loaded.counties["second"] is read.counties["second"]

        shutil.rmtree(folder / "first")
        await daemon.reload()
        assert "counties removed: first" in caplog.text
        assert [book.county.id for book in office.loaded.rulebooks] == ["fourth", "second", "third"]
        await daemon._scheduler.stop(0)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_an_id_with_records_that_one_county_renames_holds_no_other(
    tmp_path: Path, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async with counties(tmp_path, store, Sites()) as office:
        office.adopt(load_again(tmp_path, dict(os.environ), None))
        office.tick()
        with store.begin() as tx:
            event = new_event(
                name="budget-approved", department="keji", occurred=date(2015, 7, 2), now=office.clock(),
                fields={"year": "2015"},
            )  # fmt: skip
            record_event(tx, office.loaded.rulebooks[0], event)
        for county in ("first", "second"):
            path = tmp_path / "rules/counties" / county / "county.yaml"
            path.write_text(path.read_text("utf-8").replace("keji:", "kexue:"), "utf-8")
        pack = tmp_path / "rules/packs/small.yaml"
        pack.write_text(pack.read_text("utf-8").replace("[keji", "all #"), "utf-8")
        office.adopt(load_again(tmp_path, dict(os.environ), office.loaded))
    assert "first: the rules are refused, its last good ones stay:" in caplog.text
    assert [list(book.county.departments)[-1] for book in office.loaded.rulebooks] == ["keji", "kexue", "keji"]


def _faults(store: Store) -> set[tuple[str, str, str]]:
    with store.read() as tx:
        return {(fault.county, fault.subject, fault.action) for fault in list_faults(tx)}


def _set_status(store: Store, status: str, *of: str) -> None:
    with store.begin() as tx:
        for county in of:
            tx.execute(
                sa.text("UPDATE occurrences SET status = :status WHERE county = :county"),
                {"status": status, "county": county},
            )


def _statuses(store: Store, county: str) -> dict[str, str]:
    with store.read() as tx:
        return {key: str(row.status) for key, row in load_occurrences(tx, county).items()}
