"""`duban crawl | tick | deliver | once | run`: the passes by hand, and the daemon that starts them by the clock."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.output import say
from tracker.commands.parsing import add
from tracker.commands.progress import ColumnBar

if TYPE_CHECKING:
    from tracker.daemon.jobs import Office
    from tracker.rulebook.loaded import Loaded


def register(commands: Any) -> None:
    crawl = add(commands, "crawl", _crawl)
    crawl.add_argument("--column", action="append", metavar="KEY", help="only this column (repeatable)")
    for name, handler in (("tick", _tick), ("once", _once), ("deliver", _deliver)):
        add(commands, name, handler).add_argument("--now", metavar="INSTANT", help="as if it were then")
    add(commands, "run", _run)


@contextmanager
def office(args: argparse.Namespace, *, sends: bool = False) -> Iterator[Office]:
    """The passes over the folder's rules and database; the clock is --now where given."""
    from tracker.clock import system_clock
    from tracker.daemon.jobs import Office

    loaded = context.load(args, secrets=sends)
    fixed = context.instant(args, loaded.schedule.zone) if getattr(args, "now", None) else None

    def clock() -> datetime:
        return fixed or system_clock()

    with context.opened(args) as store:
        county = context.pick(loaded, args).county.id if args.county else ""
        made = Office(loaded, store, clock, context.root(args), county=county)
        made.adopt(loaded)
        yield made


def _crawl(args: argparse.Namespace) -> int:
    async def work() -> int:
        with office(args) as passes:
            known = {key for book in passes.asked.rulebooks for key in book.county.columns}
            unknown = set(args.column or ()) - known
            if unknown:
                raise UsageError(f"no such column: {', '.join(sorted(unknown))} (one of: {', '.join(sorted(known))})")
            with ColumnBar(len(set(args.column)) if args.column else len(known)) as bar:
                reports = await passes.crawl(args.column, progress=bar.done)
            for report in reports:
                say(str(report))
            return int(any(report.could_not_look for report in reports))

    return context.run(work())


def _tick(args: argparse.Namespace) -> int:
    with office(args) as passes:
        report = passes.tick()
        say(str(report))
        return int(report.faults > 0)


def _deliver(args: argparse.Namespace) -> int:
    async def work() -> int:
        with office(args, sends=True) as passes:
            report = await passes.deliver()
            say(str(report))
            return int(not report.is_complete)

    return context.run(work())


def _once(args: argparse.Namespace) -> int:
    async def work() -> int:
        with office(args, sends=True) as passes:
            crawled = await passes.crawl()
            ticked = passes.tick()
            delivered = await passes.deliver()
            for report in (*crawled, ticked, delivered):
                say(str(report))
            blind = any(report.could_not_look for report in crawled)
            return int(blind or ticked.faults > 0 or not delivered.is_complete)

    return context.run(work())


def _run(args: argparse.Namespace) -> int:
    from tracker.clock import system_clock
    from tracker.daemon.jobs import Office
    from tracker.daemon.process import as_daemon, leave, worker_threads
    from tracker.daemon.service import Daemon
    from tracker.store.engine import Store

    folder = context.root(args)

    def load() -> Loaded:
        return context.load_folder(folder, secrets=True)

    loaded = load()

    async def work() -> int:
        workers = worker_threads()
        asyncio.get_running_loop().set_default_executor(workers)
        with Store(context.database_url(args), origin=as_daemon()) as store:
            passes = Office(loaded, store, system_clock, folder)
            code = await Daemon(passes, load, system_clock).run()
        leave(workers, code)
        return code

    return context.run(work())
