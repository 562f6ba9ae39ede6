"""`duban crawl | tick | deliver | once | run | worker`: runs the passes once, or daemons that run them by the clock."""

from __future__ import annotations

import asyncio
import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from tracker.commands.context import CommandContext, UsageError, check_known
from tracker.commands.output import say
from tracker.commands.parsing import command, now_option, option
from tracker.commands.progress import ColumnBar

if TYPE_CHECKING:
    from tracker.crawl.report import CrawlReport
    from tracker.daemon.jobs import Office
    from tracker.decide.report import TickReport
    from tracker.deliver.report import DeliveryReport
    from tracker.rulebook.loaded import Loaded


@contextmanager
def _open_office(context: CommandContext) -> Iterator[Office]:
    """The passes over the folder's rules and database; the clock is --now if that is given."""
    from tracker.daemon.jobs import Office
    from tracker.daemon.system_clock import GuardedClock

    loaded = context.loaded
    fixed = context.instant(loaded.schedule.zone) if getattr(context.args, "now", None) else None

    def now() -> datetime:
        assert fixed is not None
        return fixed

    with context.open_store(create=True) as store:
        county = context.county.id if context.args.county else ""
        office = Office(loaded, store, now if fixed else GuardedClock(), context.folder, county=county)
        office.adopt(loaded)
        yield office


async def _check_clock(office: Office) -> None:
    """Raise UsageError if the machine's clock is doubted."""
    if (reason := await office.explain_hold()) is not None:
        raise UsageError(reason)


NOW = now_option(help="as if it were then")


@command("crawl", all_counties=True)
@option("--column", action="append", metavar="KEY", help="only this column (repeatable)")
def crawl(args: Namespace, context: CommandContext) -> int:
    with _open_office(context) as office:
        known = {key for book in office.selected.rulebooks for key in book.county.columns}
        for column in args.column or ():
            check_known("--column", column, sorted(known))
        asyncio.run(_check_clock(office))
        with ColumnBar(len(set(args.column)) if args.column else len(known)) as bar:
            reports = asyncio.run(office.crawl(args.column, progress=bar.done))
    for report in reports:
        say(report.message)
    return int(any(report.could_not_look for report in reports))


@command("tick", all_counties=True)
@NOW
def tick(args: Namespace, context: CommandContext) -> int:
    with _open_office(context) as office:
        asyncio.run(_check_clock(office))
        report = office.tick()
    say(report.message)
    return int(report.faults > 0)


@command("once", secrets=True, all_counties=True)
@NOW
def run_passes(args: Namespace, context: CommandContext) -> int:
    async def run(office: Office) -> tuple[list[CrawlReport], TickReport, DeliveryReport]:
        await _check_clock(office)
        return await office.crawl(), office.tick(), await office.deliver()

    with _open_office(context) as office:
        crawled, ticked, delivered = asyncio.run(run(office))
    for message in (*(report.message for report in crawled), ticked.message, delivered.message):
        say(message)
    blind = any(report.could_not_look for report in crawled)
    return int(blind or ticked.faults > 0 or not delivered.is_complete)


@command("deliver", secrets=True, all_counties=True)
@NOW
def deliver(args: Namespace, context: CommandContext) -> int:
    with _open_office(context) as office:
        asyncio.run(_check_clock(office))
        report = asyncio.run(office.deliver())
    say(report.message)
    return int(not report.is_complete)


@command("run", secrets=True)
@option(
    "--engine",
    choices=("embedded", "cluster"),
    default="embedded",
    help="embedded: this process alone; cluster: one of several, on any machines, on PostgreSQL (default: embedded)",
)
def run_daemon(args: Namespace, context: CommandContext) -> int:
    return _run_service(context, is_cluster=args.engine == "cluster")


@command("worker", secrets=True)
@option(
    "--only",
    action="append",
    default=[],
    choices=("crawl", "decide", "deliver"),
    help="takes only this kind of work (repeatable)",
)
def run_worker(args: Namespace, context: CommandContext) -> int:
    return _run_service(context, is_cluster=True, only=args.only, has_pages=False)


def check_cluster(database: str) -> None:
    """Refuse a database that several machines cannot share, and a program without the queue's library."""
    from importlib.util import find_spec

    if not database.startswith("postgresql"):
        raise UsageError(
            "a cluster needs PostgreSQL: several machines cannot share a file. Give --database postgresql://… "
            "(`duban copy` moves a SQLite database there), or leave all to one daemon (`duban run`)"
        )
    if find_spec("procrastinate") is None:
        raise UsageError(
            "a cluster needs the package procrastinate, which is not installed here: pip install 'duban[cluster]'"
        )


def _run_service(context: CommandContext, *, is_cluster: bool, only: Sequence[str] = (), has_pages: bool = True) -> int:
    """Run a daemon until SIGTERM, alone or as a worker of a cluster, which takes all kinds of work or `only` these."""
    from tracker.clock import system_clock
    from tracker.daemon.jobs import Office
    from tracker.daemon.process import daemon_origin, exit_process, worker_threads
    from tracker.daemon.service import Daemon
    from tracker.daemon.system_clock import GuardedClock
    from tracker.rulebook.load_process import load_in_process
    from tracker.store.engine import Store

    def load(before: Loaded | None = None) -> Loaded:
        return load_in_process(context.folder, os.environ, before, secrets=True)

    if is_cluster:
        check_cluster(context.database)
    loaded = load()

    async def run() -> int:
        workers = worker_threads()
        asyncio.get_running_loop().set_default_executor(workers)
        with Store(context.database, origin=daemon_origin()) as store:
            office = Office(loaded, store, GuardedClock(), context.folder, lives_on=True)
            if is_cluster:
                from tracker.daemon.cluster import ClusterWorker

                code = await ClusterWorker(office, load, office.clock, only, has_pages=has_pages).run()
            else:
                code = await Daemon(office, load, system_clock).run()
        exit_process(workers, code)
        return code

    return asyncio.run(run())
