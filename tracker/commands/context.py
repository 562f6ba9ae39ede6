"""Where a command works: the folder of rules, the database, the county, the instant."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
from collections.abc import Collection, Coroutine, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tracker.clock import system_clock
from tracker.commands.errors import UsageError
from tracker.commands.output import say

if TYPE_CHECKING:
    from tracker.core.law.duties import Rulebook
    from tracker.rulebook.loaded import Loaded
    from tracker.store.engine import Store, Tx


T = TypeVar("T")


def shipped() -> Path:
    """The rules that come with the package; in a checkout (editable install) the repository's own."""
    packed = Path(__file__).parents[1] / "_data"
    return packed if (packed / "schedule.yaml").exists() else Path(__file__).parents[2]


def root(args: argparse.Namespace, *, fallback: bool = False) -> Path:
    """The folder that holds `rules/` and `schedule.yaml`: --root, DUBAN_ROOT, or the current one.

    `fallback`: commands that only read rules use the shipped ones where there are none.
    """
    chosen = args.root or os.environ.get("DUBAN_ROOT")
    folder = Path(chosen) if chosen else Path.cwd()
    if (folder / "schedule.yaml").exists() and (folder / "rules").is_dir():
        return folder
    schedule, rules = (folder / "schedule.yaml").exists(), (folder / "rules").exists()
    if schedule != rules:
        # Half of an office: to go on with the shipped rules would be to judge by somebody else's.
        there, lacking = ("schedule.yaml", "rules/") if schedule else ("rules/", "schedule.yaml")
        raise UsageError(f"{folder}: {there} is here and {lacking} is not; bring it back, or give --root DIR")
    if fallback and not chosen and not rules:
        return shipped()
    raise UsageError(f"{folder}: no schedule.yaml and rules/ here; run `duban init {folder}` first, or give --root DIR")


def load(args: argparse.Namespace, *, fallback: bool = False, secrets: bool = False) -> Loaded:
    """The rules in force. Raises RuleErrors with every fault of every file.

    `secrets`: for a command that sends mail or serves pages, those that it needs must be set.
    """
    folder = root(args, fallback=fallback)
    if folder == shipped() != Path.cwd():
        say(f"no schedule.yaml and rules/ here: these are the shipped rules ({folder})")
    return load_folder(folder, secrets=secrets)


def load_folder(folder: Path, *, secrets: bool = False) -> Loaded:
    """The rules of the folder as its files are now. Raises RuleErrors."""
    from tracker.rulebook.load import load as load_rules

    return load_rules(folder, os.environ, secrets=secrets)


def pick(loaded: Loaded, args: argparse.Namespace) -> Rulebook:
    """The county the command is about: the only one, or --county."""
    names = [rulebook.county.id for rulebook in loaded.rulebooks]
    wanted = args.county or (names[0] if len(names) == 1 else None)
    if wanted is None:
        raise UsageError(f"several counties are loaded; give --county (one of: {', '.join(names)})")
    for rulebook in loaded.rulebooks:
        if rulebook.county.id == wanted:
            return rulebook
    raise UsageError(f"--county {wanted}: no such county (one of: {', '.join(names)})")


def database_url(args: argparse.Namespace) -> str:
    """--database, DUBAN_DATABASE, or `duban.db` beside the rules."""
    given = args.database or os.environ.get("DUBAN_DATABASE")
    return given or f"sqlite:///{(root(args) / 'duban.db').resolve()}"


@contextmanager
def opened(args: argparse.Namespace, *, create: bool = True) -> Iterator[Store]:
    """The database, migrated to this version. `create=False`: a command that only reads makes none."""
    from tracker.daemon.process import at_command_line
    from tracker.store.engine import Store

    store = Store(database_url(args), origin=at_command_line())
    if not create and not store.exists:
        raise UsageError(f"{store.name}: no database there yet; `duban once` or `duban run` makes one")
    store.open()
    try:
        store.migrate()
        yield store
    finally:
        store.close()


@contextmanager
def reading(args: argparse.Namespace) -> Iterator[tuple[Tx, Rulebook]]:
    """A transaction that only reads, and the rules of the county."""
    rulebook = pick(load(args), args)
    with opened(args, create=False) as store, store.read() as tx:
        yield tx, rulebook


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of a handler's coroutine."""
    return asyncio.run(work)


def moment(text: str, zone: Any, what: str) -> date | datetime:
    """`YYYY-MM-DD` as a day, `YYYY-MM-DDTHH:MM[:SS][±hh:mm]` as an instant in the county's zone."""
    from tracker.core.law.workdays import FIRST_DAY, LAST_DAY

    try:
        parsed = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{what} {text!r}: write a day as 2015-03-02 or an instant as 2015-03-02T09:30") from None
    if not FIRST_DAY.year <= parsed.year < LAST_DAY.year:
        raise UsageError(f"{what} {text!r}: the year lies outside the calendar ({FIRST_DAY} to {LAST_DAY})")
    if not isinstance(parsed, datetime) or parsed.tzinfo:
        return parsed
    return parsed.replace(tzinfo=zone)


def operator() -> str:
    """Who sits at this machine, where nobody was named."""
    return getpass.getuser()


def instant(args: argparse.Namespace, zone: Any) -> datetime:
    """--now, else the clock. A bare day stands for its first instant."""
    if not getattr(args, "now", None):
        return system_clock().astimezone(zone)
    return begin_of(moment(args.now, zone, "--now"), zone)


def begin_of(moment: date | datetime, zone: Any) -> datetime:
    """The instant, or the first one of the day."""
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), zone)


def as_of(args: argparse.Namespace, rulebook: Rulebook) -> datetime:
    """The end of the day that --as-of names by the county's clock, else now. A day to come is refused."""
    from tracker.reports.reading import end_of

    now = system_clock()
    if not args.as_of:
        return now
    parsed = moment(args.as_of, rulebook.county.zone, "--as-of")
    at = parsed if isinstance(parsed, datetime) else end_of(parsed, rulebook)
    if begin_of(parsed, rulebook.county.zone) > now:
        raise UsageError(f"--as-of {args.as_of}: that day is still to come")
    return min(at, now)


def unknown_occurrence(key: str, close: Collection[str]) -> UsageError:
    """The error that there is no such occurrence, with the keys close to it."""
    hint = f"did you mean {', '.join(close)}" if close else "`duban status --all` lists them"
    return UsageError(f"no occurrence {key!r}; {hint}")


#: Digits of a number that every database takes.
_DIGITS = 9


def count(text: str) -> int:
    """argparse type: how many, at least one."""
    if not text.isdecimal() or len(text) > _DIGITS or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no count; write 1 or more")
    return int(text)


def number(text: str) -> int:
    """argparse type: the number of something on record, or how many are known: none or more."""
    if not text.isdecimal() or len(text) > _DIGITS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number; write one like 12")
    return int(text)


def port(text: str) -> int:
    """argparse type: a TCP port that anybody may serve on."""
    if not text.isdecimal() or len(text) > 5 or not 1024 <= int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; write one from 1024 to 65535")
    return int(text)


def one_of(option: str, chosen: str | None, known: Collection[str]) -> None:
    """Refuse a name that is not known; None chooses nothing."""
    if chosen is not None and chosen not in known:
        raise UsageError(f"{option} {chosen}: unknown (one of: {', '.join(known)})")


def day(text: str) -> date:
    """argparse type: a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write 2015-03-02") from None
