"""`duban replay` and `duban demo`: run a plan year on a simulated clock."""

from __future__ import annotations

import asyncio
import gc
import os
import shlex
import signal
import sys
import tempfile
from argparse import Namespace
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import date, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from tracker.commands.context import CommandContext, UsageError, parse_moment, shipped
from tracker.commands.eventfile import read_events
from tracker.commands.language import tr
from tracker.commands.output import emit, say
from tracker.commands.parsing import command, day, number, option, port
from tracker.commands.progress import YearBar
from tracker.core.values.facts import Event
from tracker.core.values.message import ListedWord
from tracker.deliver.channels import open_channels
from tracker.demo.live import LiveView, NoticeLine, Scene, tally_lights
from tracker.demo.mailbox import MailServer, serve_mailbox
from tracker.demo.replay import Command
from tracker.demo.simulation import SimulatedCounty, simulate_county
from tracker.registers.errors import RegisterError
from tracker.reports.ledger import LedgerQuery, write_ledger
from tracker.reports.snapshot import CountyReader
from tracker.rulebook.schedule import Smtp
from tracker.store.engine import Tx
from tracker.store.occurrences import DepartmentLight, list_lights
from tracker.store.sent import list_sent_notices
from tracker.store.threads import run_read

#: What `duban replay` writes of each notice.
COLUMNS = ("at", "county", "occurrence", "step", "kind", "recipient", "channel", "urgent", "reason", "subject")
YEAR = (date(2015, 1, 1), date(2015, 12, 31))


# -- replay ----------------------------------------------------------------------------------------


@command("replay", rows=True, fallback=True)
@option("--from", dest="first", type=day, default=YEAR[0], metavar="DAY")
@option("--to", dest="last", type=day, default=YEAR[1], metavar="DAY")
@option("--events", type=Path, metavar="FILE.csv", help="name,department,on, and fields")
@option("--site", metavar="URL", help="a site (default: the sample site, served here)")
@option("--seed", type=number, metavar="N", help="draw another year of the sample site")
@option("--port", type=port, metavar="N", help="serve the sample site there (default: any free)")
@option("--commands", type=Path, metavar="FILE", help="what people enter: INSTANT COMMAND…, a line each")
@option("--keep", type=Path, metavar="DIR", help="keep the year's database there, as DIR/duban.db")
def replay(args: Namespace, context: CommandContext) -> int:
    if args.last < args.first:
        raise UsageError("--to {last} lies before --from {first}", last=args.last, first=args.first)
    if args.site and (args.seed is not None or args.port is not None):
        raise UsageError("--seed and --port are about the sample site: leave out --site")
    entered = list(_read_commands(args.commands, context.zone)) if args.commands else []
    events = read_events(args.events, context.loaded.rulebooks[0]) if args.events is not None else None
    return asyncio.run(_replay(args, context, entered, events))


async def _replay(args: Namespace, context: CommandContext, entered: list[Command], events: list[Event] | None) -> int:
    # A year of facts stays in memory: the collector need not walk through it again and again.
    gc.set_threshold(200_000, 50, 1000)
    root, county = context.folder, context.county.id
    with _open_folder(args.keep) as folder:
        place = simulate_county(
            root, Path(folder), args.first, args.last, site=args.site or "", acts=events, county=county,
            seed=args.seed or 0, port=args.port or 0,
        )  # fmt: skip
        async with place as box:
            box.replay.acts = (*box.replay.acts, *entered)
            box.replay.run_command = partial(_run_command, box)
            with YearBar(box.first, box.last) as bar:
                async for at in box.replay.run():
                    bar.show(at)
            rows = [_row(notice, box) for notice in await run_read(box.office.store, list_sent_notices)]
            for line in box.replay.refused:
                say("refused: {line}", line=line)
    emit(COLUMNS, rows, args.format)
    return int(bool(box.replay.refused))


def _read_commands(path: Path, zone: tzinfo) -> Iterator[Command]:
    """The commands of a file: on each line an instant and then the words. Raises UsageError."""
    for row, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        try:
            words = shlex.split(line, comments=True)
        except ValueError as error:
            raise UsageError(f"{path}:{row}: {error}") from None
        if not words:
            continue
        at = parse_moment(words[0], zone, f"{path}:{row}:")
        if not isinstance(at, datetime):
            raise UsageError(
                "{path}:{row}: {word!r}: write an instant as 2015-03-02T09:30, then the command",
                path=path,
                row=row,
                word=words[0],
            )
        if len(words) == 1:
            raise UsageError("{path}:{row}: no command after {word}", path=path, row=row, word=words[0])
        yield Command(at, tuple(words[1:]))


def _open_folder(folder: Path | None) -> AbstractContextManager[str]:
    """The folder of the year's database: the one given, which stays, else a temporary one."""
    if folder is None:
        return tempfile.TemporaryDirectory(prefix="duban-replay-")
    _create_folder(folder, "--keep")
    return nullcontext(str(folder))


def _create_folder(folder: Path, option: str) -> None:
    if (folder / "duban.db").exists():
        raise UsageError("{folder}: holds a database already; give another {option}", folder=folder, option=option)
    folder.mkdir(parents=True, exist_ok=True)


async def _run_command(box: SimulatedCounty, command: Command) -> None:
    """Run the command in a process of its own on the replay's database. Raises RegisterError if it fails.

    `${DUBAN_SITE}` in a word stands for the site's address.
    """
    at = command.recorded_at.isoformat(timespec="minutes")
    words = [word.replace("${DUBAN_SITE}", box.base) for word in command.words]
    county = box.rulebook.county.id
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tracker", "--root", str(box.root.resolve()), "--database", box.database,
        "--county", county, *words, "--now", at,
        env={**os.environ, "DUBAN_SITE": box.base},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, errors = (text.decode(errors="replace").strip() for text in await process.communicate())
    if process.returncode not in (0, 1):
        why = (errors or output or f"exit status {process.returncode}").splitlines()[-1].removeprefix("duban: ")
        raise RegisterError(f"{' '.join(words)}: {why}")
    say(f"{at} {' '.join(words)}: {output}")


def _row(notice: Any, box: SimulatedCounty) -> dict[str, Any]:
    values = {"at": notice["sent_at"].astimezone(box.rulebook.county.zone)}
    values |= {"occurrence": notice["subject"], "subject": notice["mail_subject"]}
    if notice["kind"] == "question":
        values["kind"] = ListedWord("step", "question")  # of the register's kinds, `question` is 咨询
    return {name: values[name] if name in values else notice[name] for name in COLUMNS}


# -- demo ------------------------------------------------------------------------------------------


@command("demo")
@option("--until", type=day, default=YEAR[1], metavar="DAY", help="last day, in 2015")
@option("--speed", type=float, default=4.0, metavar="DAYS", help="days a second (0: no pause)")
@option("--dir", type=Path, metavar="DIR", help="where it all goes (default: a new folder)")
def demo(args: Namespace, context: CommandContext) -> None:
    if not YEAR[0] <= args.until <= YEAR[1]:
        raise UsageError("--until {until}: the demo's year is 2015", until=args.until)
    if args.speed < 0:
        raise UsageError("--speed {speed}: simulated days a second, 0 for no pause", speed=args.speed)
    folder = args.dir or Path(tempfile.mkdtemp(prefix="duban-demo-"))
    _create_folder(folder, "--dir")
    asyncio.run(_demo(folder, args.until, args.speed))


async def _demo(folder: Path, until: date, speed: float) -> None:
    """Run the year and show it; Ctrl-C ends it at once. Then print where everything lies."""
    place = simulate_county(shipped(), folder, YEAR[0], until, archive="archive")
    async with place as box, serve_mailbox(folder / "mails") as mailbox:
        _send_to(box, mailbox)
        task = asyncio.ensure_future(_show_year(box, mailbox, speed))
        with _cancelled_by_signals(task):
            try:
                await task
            except asyncio.CancelledError:
                say("stopped")
        _print_places(box, mailbox, folder)


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
    signals = (signal.SIGINT, signal.SIGTERM)
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
