"""`duban demo --counties N`: many made counties, read by three workers of which one is killed, and their sums."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from tracker.commands.context import UsageError, shipped
from tracker.commands.counties import CITIES, sum_row
from tracker.commands.language import tr
from tracker.commands.output import emit, say
from tracker.core.values.accounts import Role
from tracker.core.values.divisions import COUNTRY
from tracker.daemon.jobs import Office
from tracker.daemon.system_clock import GuardedClock
from tracker.demo.console import open_console
from tracker.demo.country import draw_counties, serve_sites, write_country
from tracker.demo.draw import SHIPPED
from tracker.demo.workers import Progress, count_taken, run_workers
from tracker.registers.accounts import record_account
from tracker.registers.passwords import make_password
from tracker.reports.sums import KeptCounts, Sums, list_counties, read_sums
from tracker.rulebook.load import load
from tracker.store.accounts import change_account
from tracker.store.engine import Store, Tx

#: Counties of one demo: each has a site, which is a socket and a port.
MOST = 500


async def run_country(folder: Path, count: int, database: str, port: int) -> None:
    """Make the counties, read and decide them, print the sums; in a terminal keep the pages open until Ctrl-C."""
    if not 1 <= count <= MOST:
        raise UsageError("--counties {count}: from 1 to {most}", count=count, most=MOST)
    clock, began = GuardedClock(), time.monotonic()
    counties, today = draw_counties(count, SHIPPED), clock().date()
    async with serve_sites(counties, today) as sites:
        write_country(folder, shipped(), counties, sites, today)
        loaded = await asyncio.to_thread(load, folder, os.environ)
        with Store(database or f"sqlite:///{folder / 'duban.db'}", origin="demo") as store:
            office = Office(loaded, store, clock, folder)
            office.prepare()
            say("{count} counties made; their rules lie in {folder}", count=count, folder=folder)
            async with open_console(office, port) as base:
                if store.sqlite:
                    await _run_here(office)
                else:
                    await _run_workers(office, database, folder)
                sums = _read_sums(office)
                emit(
                    CITIES,
                    [sum_row(each) for each in (*sums.cities, replace(sums.total, code="", name=tr("All counties")))],
                    "table",
                )
                say("{seconds} seconds for all", seconds=round(time.monotonic() - began))
                if sys.stdout.isatty():
                    await _stay_open(office, base)


async def _run_here(office: Office) -> None:
    """All in this process, the sites side by side. The runs are recorded: the pages say when they were."""
    say(
        "SQLite: one process reads all sites side by side (three workers, one of them killed: --database postgresql://…)"
    )
    await office.record("crawl", office.clock(), office.crawl)
    await office.record("tick", office.clock(), office.passes()["tick"])


async def _run_workers(office: Office, database: str, folder: Path) -> None:
    say("three workers start; what they say stands in {file}", file=folder / "workers.log")
    told, last, progress = 0, 0, Progress()
    count = len(office.loaded.rulebooks)
    async for progress in run_workers(office, database, folder):
        if progress.read * 10 // count > told:
            told = progress.read * 10 // count
            say("{read} of {count} counties are read", read=progress.read, count=count)
        if progress.killed and progress.killed != last:
            last = progress.killed
            say(
                "killed: the worker with process {process}, while it read {count} counties: {counties}",
                process=last, count=len(progress.lost), counties=", ".join(progress.lost),
            )  # fmt: skip
    for holder, taken in count_taken(progress).items():
        say("{count} of them were read by {holder}", count=taken, holder=holder)


def _read_sums(office: Office) -> Sums:
    with office.store.read() as tx:
        return read_sums(tx, list_counties(office.loaded, COUNTRY), COUNTRY, KeptCounts(), office.clock())


async def _stay_open(office: Office, base: str) -> None:
    """Print a log-in that sees every county, and wait for Ctrl-C."""
    password = make_password()

    def add(tx: Tx) -> None:
        who = ("auditor", tr("Auditor of the country"), Role.AUDITOR, "", password, "演示")
        account = record_account(tx, office.loaded.rulebooks[0], *who, office.clock(), COUNTRY).value
        change_account(tx, account.id, must_change=False)

    with office.store.begin() as tx:
        add(tx)
    print(tr("pages     {address}", address=f"{base}d/"))
    print(f"  auditor    {password}")
    print(tr("The pages stay open until Ctrl-C."), flush=True)
    await asyncio.Event().wait()
