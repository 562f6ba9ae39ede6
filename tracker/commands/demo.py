"""`duban demo`: run a plan year on a simulated clock and show it, then serve its pages."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from argparse import Namespace
from collections import deque
from collections.abc import Collection, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from tracker.commands.context import CommandContext, UsageError, shipped
from tracker.commands.language import tr
from tracker.commands.output import say
from tracker.commands.parsing import command, day, number, option, port
from tracker.commands.replay import YEAR, create_folder
from tracker.deliver.channels import open_channels
from tracker.demo.console import add_accounts, go_to_next_morning, keep_passing, serve_pages
from tracker.demo.live import LiveView, NoticeLine, Scene, tally_lights
from tracker.demo.mailbox import MailServer, serve_mailbox
from tracker.demo.simulation import SimulatedCounty, simulate_county
from tracker.reports.ledger import LedgerQuery, write_ledger
from tracker.reports.snapshot import CountyReader
from tracker.rulebook.schedule import Smtp
from tracker.store.engine import Tx
from tracker.store.occurrences import DepartmentLight, list_lights
from tracker.store.sent import list_sent_notices
from tracker.store.threads import run_read, run_write

#: Working days that the demo goes on at once.
_MOST_MORNINGS = 20


@command("demo")
@option("--until", type=day, default=YEAR[1], metavar="DAY", help="last day, in 2015")
@option("--speed", type=float, default=4.0, metavar="DAYS", help="days a second (0: no pause)")
@option("--dir", type=Path, metavar="DIR", help="where it all goes (default: a new folder)")
@option("--port", type=port, default=0, metavar="N", help="serve the pages there (default: any free)")
@option("--counties", type=number, metavar="N", help="so many made counties in place of the year: read, and their sums")
def demo(args: Namespace, context: CommandContext) -> None:
    """In a terminal the pages stay open, in real time, until Ctrl-C."""
    if not YEAR[0] <= args.until <= YEAR[1]:
        raise UsageError("--until {until}: the demo's year is 2015", until=args.until)
    if args.speed < 0:
        raise UsageError("--speed {speed}: simulated days a second, 0 for no pause", speed=args.speed)
    folder = args.dir or Path(tempfile.mkdtemp(prefix="duban-demo-"))
    create_folder(folder, "--dir")
    if args.counties is not None:
        from tracker.commands.country import run_country

        work = run_country(folder, args.counties, args.database or "", args.port)
        if not asyncio.run(_run_until_stopped(work)):
            say("stopped")
        return
    asyncio.run(_demo(folder, args.until, args.speed, args.port))


async def _demo(folder: Path, until: date, speed: float, at_port: int) -> None:
    """Run the year and show it; then print where everything lies, and keep the pages open. Ctrl-C ends each."""
    place = simulate_county(shipped(), folder, YEAR[0], until, archive="archive")
    async with place as box, serve_mailbox(folder / "mails") as mailbox, serve_pages(box, at_port) as base:
        _send_to(box, mailbox)
        if not await _run_until_stopped(_show_year(box, mailbox, speed)):
            say("stopped")
        _print_places(box, mailbox, folder)
        if sys.stdout.isatty():
            await _run_until_stopped(_stay_open(box, base))


async def _stay_open(box: SimulatedCounty, base: str) -> None:
    """Print the log-ins, then go on from the next working morning in real time."""
    await go_to_next_morning(box)
    accounts = await run_write(box.office.store, partial(add_accounts, box=box))
    print(tr("pages     {address}", address=f"{base}d/"))
    for each in accounts:
        print(f"  {each.login:10} {each.password}  {each.name}")
    print(tr("Enter here goes on to the next working day; a number and Enter, so many working days, up to 20."))
    print(tr("The pages stay open until Ctrl-C."), flush=True)
    zone = box.rulebook.county.zone
    with _typed_numbers() as mornings:
        await keep_passing(box, mornings, lambda now: print(f"{now.astimezone(zone):%Y-%m-%d %H:%M}", flush=True))


@contextmanager
def _typed_numbers() -> Iterator[asyncio.Queue[int]]:
    """The lines that are typed in the terminal as numbers, from 1 (an empty one) to 20; others are passed over."""
    numbers, loop = asyncio.Queue[int](), asyncio.get_running_loop()

    def read() -> None:
        line = sys.stdin.readline()
        if not line:
            loop.remove_reader(sys.stdin)
        elif (typed := line.strip() or "1").isdecimal() and 0 < int(typed) <= _MOST_MORNINGS:
            numbers.put_nowait(int(typed))

    if sys.stdin.isatty():
        loop.add_reader(sys.stdin, read)
    yield numbers
    if sys.stdin.isatty():
        loop.remove_reader(sys.stdin)


async def _run_until_stopped(work: Coroutine[Any, Any, None]) -> bool:
    """Whether the work came to its end; Ctrl-C stops it."""
    task = asyncio.ensure_future(work)
    with _cancelled_by_signals(task):
        try:
            await task
        except asyncio.CancelledError:
            return False
    return True


def _send_to(box: SimulatedCounty, mailbox: MailServer) -> None:
    """Have mail sent over real SMTP, to the server that keeps it."""
    schedule = box.office.loaded.schedule
    smtp = Smtp(host="127.0.0.1", port=mailbox.port, tls="none")
    delivery = replace(schedule.delivery, via="smtp", smtp=smtp)
    box.office.loaded = replace(box.office.loaded, schedule=replace(schedule, delivery=delivery))
    box.office.channels = open_channels


@contextmanager
def _cancelled_by_signals(task: asyncio.Future[None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        signals.append(signal.SIGHUP)
    for signum in signals:
        loop.add_signal_handler(signum, task.cancel)
    try:
        yield
    finally:
        for signum in signals:
            loop.remove_signal_handler(signum)


async def _show_year(box: SimulatedCounty, mailbox: MailServer, speed: float) -> None:
    lines: deque[NoticeLine] = deque(maxlen=40)
    last_id, before = 0, box.first
    with LiveView() as view:
        async for at in box.replay.run():
            load = partial(_load_news, county=box.rulebook.county.id, after=last_id)
            notices, lights = await run_read(box.office.store, load)
            last_id = max([last_id, *(notice["id"] for notice in notices)])
            lines.extendleft(line_of(notice, box) for notice in notices)
            view.show(scene_of(box, lights, at, tuple(lines), mailbox.mail_count))
            if speed:
                await asyncio.sleep((at - before).total_seconds() / 86400 / speed)
            before = at


def _load_news(tx: Tx, county: str, after: int) -> tuple[list[Any], list[DepartmentLight]]:
    """The notices sent after the one with this id, and the lights."""
    return [*list_sent_notices(tx, after)], list_lights(tx, county)


def scene_of(
    box: SimulatedCounty, lights: Collection[DepartmentLight], at: datetime, lines: tuple[NoticeLine, ...], mails: int
) -> Scene:
    """What the terminal shows at that instant."""
    county = box.rulebook.county
    return Scene(
        title=f"{county.name} 政务公开督办（演示）",
        now=at,
        first=box.first.date(),
        last=box.replay.last.date(),
        tallies=tally_lights(lights, county),
        notices=lines,
        mails=mails,
        note="县政府网站无法访问" if box.world and box.world.is_down(at) else "",
    )


def line_of(notice: Any, box: SimulatedCounty) -> NoticeLine:
    """A sent notice as one line."""
    county = box.rulebook.county
    detail = notice["detail"] if isinstance(notice["detail"], dict) else {}
    department = county.departments.get(notice["department"])
    who = department.name if department else county.role_name(notice["role"])
    text = f"{detail.get('duty', '')} {detail.get('period', '')}".strip() or notice["reason"]
    return NoticeLine(notice["sent_at"].astimezone(county.zone), notice["kind"], who, text)


def _print_places(box: SimulatedCounty, mailbox: MailServer, folder: Path) -> None:
    """Print where database, mails, ledger and archive lie."""
    reader = CountyReader(box.rulebook, box.office.loaded.calendar)
    ledger = folder / "ledger.xlsx"
    with box.office.store.read() as tx, ledger.open("wb") as out:
        count = write_ledger(tx, reader, box.rulebook, box.replay.clock.now, LedgerQuery(), out)
    print(tr("database  {folder}", folder=folder / "duban.db"))
    print(tr("mails     {folder} ({mail_count} .eml files)", folder=mailbox.folder, mail_count=mailbox.mail_count))
    print(tr("ledger    {ledger} ({count} matters)", ledger=ledger, count=count))
    print(tr("archive   {folder}", folder=folder / "archive"))
