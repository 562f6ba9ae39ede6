"""`duban demo --counties N`: many made counties, read by three workers of which one is killed, and their sums."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.commands.context import UsageError, shipped
from tracker.commands.counties import emit_sums, say_total
from tracker.commands.country_view import CountryView
from tracker.commands.language import tr
from tracker.commands.output import say
from tracker.commands.passes import check_cluster
from tracker.core.values.accounts import Role
from tracker.core.values.divisions import COUNTRY
from tracker.daemon.jobs import Office
from tracker.daemon.system_clock import GuardedClock
from tracker.demo.country import POLITE, Pace, draw_counties, serve_sites, write_country
from tracker.demo.draw import SHIPPED
from tracker.demo.postgres import find_programs, start_server
from tracker.demo.site import listen
from tracker.demo.workers import Workers
from tracker.registers.accounts import record_account
from tracker.registers.passwords import make_password
from tracker.reports.sums import KeptCounts, list_counties, read_sums
from tracker.rulebook.load import load
from tracker.store.accounts import change_account
from tracker.store.engine import Store
from tracker.store.passing_database import make_passing_database

#: Counties of one demo: each has a site, which is a socket and a port.
MOST = 500


@contextmanager
def open_database(url: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, which is gone afterwards: on the server of `url`, or on one that is
    started here. Raises UsageError where there is neither."""
    check_cluster(url or "postgresql:")
    if url:
        with make_passing_database(url, "duban_demo_") as made:
            yield made
        return
    if (programs := find_programs()) is None:
        raise UsageError(
            "three workers need PostgreSQL, and there is no initdb on this machine: install it "
            "(Debian: apt install postgresql), or give --database postgresql://USER@HOST/postgres, where the demo "
            "makes a database of its own and drops it"
        )
    with start_server(programs) as started:
        yield started


async def run_country(folder: Path, count: int, url: str, port: int, pace: Pace = POLITE) -> None:
    """Make the counties, have them read and decided, print the sums; in a terminal keep the pages open until Ctrl-C."""
    if not 1 <= count <= MOST:
        raise UsageError("--counties {count}: from 1 to {most}", count=count, most=MOST)
    if (folder / "rules").exists():
        raise UsageError("{folder}: holds rules already; give another {option}", folder=folder, option="--dir")
    began, clock = time.monotonic(), GuardedClock()
    today, counties = clock().date(), draw_counties(count, SHIPPED)
    sock, base = listen(port)
    sock.close()  # the first worker listens there
    with open_database(url) as database:
        async with serve_sites(counties, today, pace.page) as sites:
            write_country(folder, shipped(), counties, sites, today, base.removeprefix("http://").rstrip("/"), pace)
            loaded = await asyncio.to_thread(load, folder, os.environ)
            with Store(database, durable=False, origin="demo") as store:
                office = Office(loaded, store, clock, folder)
                office.prepare()
                say("{count} counties made; their rules lie in {folder}", count=count, folder=folder)
                async with Workers(store, database, folder, count) as workers:
                    await _follow(office, workers)
                    _print_sums(office)
                    say("{seconds} seconds for all", seconds=round(time.monotonic() - began))
                    if sys.stdout.isatty():
                        _print_log_ins(office, base)
                        print(tr("The pages stay open until Ctrl-C."), flush=True)
                        await asyncio.Event().wait()


def _print_log_ins(office: Office, base: str) -> None:
    """Add an auditor of the province (of more than one: of the country) and one of a city, and print their log-ins."""
    county = office.loaded.rulebooks[0].county
    assert county.division is not None
    city, province = county.division.names().items()
    provinces = {book.county.division.code[:2] for book in office.loaded.rulebooks if book.county.division}
    above = province if len(provinces) == 1 else (COUNTRY, tr("the country"))
    print(tr("pages     {address}", address=f"{base}d/counties"))
    with office.store.begin() as tx:
        for login, (region, name) in (("province", above), ("city", city)):
            password, title = make_password(), tr("Auditor of {region}", region=name)
            given = (login, title, Role.AUDITOR, "", password, "演示", office.clock(), region)
            account = record_account(tx, office.loaded.rulebooks[0], *given).value
            change_account(tx, account.id, must_change=False)
            print(f"  {login:10} {password}  {title}")


async def _follow(office: Office, workers: Workers) -> None:
    """Show how the workers come on until all is read and decided. Raises UsageError where one has ended by itself."""
    names = {book.county.id: book.county.name for book in office.loaded.rulebooks}
    say("three workers start; what they say stands in {file}", file=workers.log)
    with CountryView(names, [process.pid for process in workers.processes]) as view:
        async for progress in workers.watch():
            if progress.ended:
                raise UsageError(
                    "worker {worker} has ended; {file} says why", worker=progress.ended[0], file=workers.log
                )
            view.show(progress, office.clock().astimezone(office.loaded.schedule.zone))


def _print_sums(office: Office) -> None:
    """The sums of the cities, then of the counties, as `duban counties` prints them, to be read in 80 places."""
    with office.store.read() as tx:
        sums = read_sums(tx, list_counties(office.loaded, COUNTRY), COUNTRY, KeptCounts(), office.clock())
    for cities in (True, False):
        emit_sums(sums, "table", cities=cities, without=("division", "decided_at", "read_at"))
    say_total(sums.total)
