"""`duban replay`: run a plan year on a simulated clock and print what would have been sent."""

from __future__ import annotations

import asyncio
import gc
import os
import shlex
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from tracker.commands.context import CommandContext, UsageError, parse_moment
from tracker.commands.eventfile import read_events
from tracker.commands.output import emit, say
from tracker.commands.parsing import command, day, number, option, port
from tracker.commands.progress import YearBar
from tracker.core.values.facts import Event
from tracker.core.values.message import ListedWord
from tracker.demo.replay import Command
from tracker.demo.simulation import SimulatedCounty, simulate_county
from tracker.registers.errors import RegisterError
from tracker.store.sent import list_sent_notices
from tracker.store.threads import run_read

#: What `duban replay` writes of each notice.
COLUMNS = ("at", "county", "occurrence", "step", "kind", "recipient", "channel", "urgent", "reason", "subject")
YEAR = (date(2015, 1, 1), date(2015, 12, 31))


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
    create_folder(folder, "--keep")
    return nullcontext(str(folder))


def create_folder(folder: Path, option: str) -> None:
    """Make the folder. Raises UsageError where it holds a database already."""
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
