"""`duban replay` and `duban demo`: a plan year on a simulated clock."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from tracker.commands import context
from tracker.commands.commandfile import read_commands
from tracker.commands.errors import UsageError
from tracker.commands.eventfile import read_events
from tracker.commands.live import run_demo
from tracker.commands.output import emit, say
from tracker.commands.parsing import add
from tracker.commands.progress import YearBar
from tracker.core.values.facts import Event
from tracker.demo.replay import Command
from tracker.demo.simulation import SimulatedCounty, real_county, sample_county
from tracker.registers.errors import RegisterError
from tracker.store.sent import sent_notices
from tracker.store.threads import run_read

#: What `duban replay` writes of each notice.
COLUMNS = ("at", "county", "occurrence", "step", "kind", "recipient", "channel", "urgent", "reason", "subject")
YEAR = (date(2015, 1, 1), date(2015, 12, 31))


def register(commands: Any) -> None:
    replay = add(commands, "replay", _replay, rows=True)
    replay.add_argument("--from", dest="first", type=context.day, default=YEAR[0], metavar="DAY")
    replay.add_argument("--to", dest="last", type=context.day, default=YEAR[1], metavar="DAY")
    replay.add_argument("--events", type=Path, metavar="FILE.csv", help="name,department,on, and fields")
    replay.add_argument("--site", metavar="URL", help="a site (default: the sample site, served here)")
    replay.add_argument("--seed", type=context.number, metavar="N", help="draw another year of the sample site")
    replay.add_argument(
        "--port", type=context.port, metavar="N", help="serve the sample site there (default: any free)"
    )
    replay.add_argument(
        "--commands", type=Path, metavar="FILE", help="what people enter: INSTANT COMMAND…, a line each"
    )
    replay.add_argument("--keep", type=Path, metavar="DIR", help="keep the year's database there, as DIR/duban.db")
    demo = add(commands, "demo", _demo)
    demo.add_argument("--until", type=context.day, default=YEAR[1], metavar="DAY", help="last day, in 2015")
    demo.add_argument("--speed", type=float, default=4.0, metavar="DAYS", help="days a second (0: no pause)")
    demo.add_argument("--dir", type=Path, metavar="DIR", help="where it all goes (default: a new folder)")


def _replay(args: argparse.Namespace) -> int:
    if args.last < args.first:
        raise UsageError(f"--to {args.last} lies before --from {args.first}")
    if args.site and (args.seed is not None or args.port is not None):
        raise UsageError("--seed and --port are about the sample site: leave out --site")
    root = context.root(args, fallback=True)
    asked = context.pick(context.load(args, fallback=True), args).county
    county = asked.id
    entered = read_commands(args.commands, asked.zone) if args.commands else []

    async def work() -> int:
        # A year of facts stays in memory: the collector need not walk through it at every turn.
        gc.set_threshold(200_000, 50, 1000)
        acts = _events(args, root)
        with _kept(args.keep) as folder:
            if args.site:
                place = real_county(root, Path(folder), args.first, args.last, acts or [], args.site, county)
            else:
                place = sample_county(
                    root, Path(folder), args.first, args.last, acts=acts, county=county, seed=args.seed or 0,
                    port=args.port or 0,
                )  # fmt: skip
            async with place as box:
                box.replay.acts = (*box.replay.acts, *entered)
                box.replay.run_command = partial(_run_command, box)
                with YearBar(box.first, box.last) as bar:
                    async for at in box.replay.run():
                        bar.show(at)
                rows = [_row(notice, box) for notice in await run_read(box.office.store, sent_notices)]
                for line in box.replay.refused:
                    say(f"refused: {line}")
        emit(COLUMNS, rows, args.format)
        return int(bool(box.replay.refused))

    return context.run(work())


def _kept(folder: Path | None) -> AbstractContextManager[str]:
    """Where the year's database lies: in a folder that stays, or in one that goes with the command."""
    if folder is None:
        return tempfile.TemporaryDirectory(prefix="duban-replay-")
    if (folder / "duban.db").exists():
        raise UsageError(f"{folder}: holds a database already; give another --keep")
    folder.mkdir(parents=True, exist_ok=True)
    return nullcontext(str(folder))


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
    own = {"at": notice["sent_at"].astimezone(box.rulebook.county.zone)}
    own |= {"occurrence": notice["subject"], "subject": notice["mail_subject"]}
    return {name: own[name] if name in own else notice[name] for name in COLUMNS}


def _events(args: argparse.Namespace, root: Path) -> list[Event] | None:
    if args.events is None:
        return None
    loaded = context.load(args, fallback=True)
    return read_events(args.events, loaded.rulebooks[0])


def _demo(args: argparse.Namespace) -> int:
    if not YEAR[0] <= args.until <= YEAR[1]:
        raise UsageError(f"--until {args.until}: the demo's year is 2015")
    if args.speed < 0:
        raise UsageError(f"--speed {args.speed}: simulated days a second, 0 for no pause")
    folder = args.dir or Path(tempfile.mkdtemp(prefix="duban-demo-"))
    if (folder / "duban.db").exists():
        raise UsageError(f"{folder}: holds a database already; give another --dir")
    folder.mkdir(parents=True, exist_ok=True)
    return context.run(run_demo(context.shipped(), folder, YEAR[0], args.until, args.speed))
