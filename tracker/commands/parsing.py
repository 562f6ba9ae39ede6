"""Declares commands: `@command("event add")` and an `@option` for each argument stand above the function that runs it.

The function's docstring is the help text of the command, except for the commands that `main.py` lists itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tracker.catalogue import LANGUAGES
from tracker.clock import system_clock
from tracker.commands.context import CommandContext, DepartmentName
from tracker.commands.helptext import widen
from tracker.commands.language import tr
from tracker.commands.output import FORMATS

F = TypeVar("F", bound=Callable[..., Any])
#: Options before a command that take a value in the word behind them.
_VALUED = ("--root", "--database", "--county", "--lang", "--log-format")
#: More digits than this do not fit into a number of every database.
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Option:
    """One argument of a command or several; as a decorator it adds them to the command below."""

    add_to: Callable[[Any], object]

    def __call__(self, handler: F) -> F:
        vars(handler).setdefault("options", []).insert(0, self)
        return handler


@dataclass(frozen=True, slots=True)
class DeclaredCommand:
    """A command: its name (`event add`), its arguments, and the function that returns its exit status."""

    name: str
    options: Sequence[Option]
    run: Callable[[argparse.Namespace], int]
    help: str
    epilog: str | None


def option(*names: str, **settings: Any) -> Option:
    """An argument with the settings of `ArgumentParser.add_argument`; its help and metavar are translated."""

    def add_to(parser: Any) -> None:
        texts = {name: text for name in ("help", "metavar") if (text := settings.get(name))}
        said = {name: text if text is argparse.SUPPRESS else widen(tr(text)) for name, text in texts.items()}
        parser.add_argument(*names, **{**settings, **said})

    return Option(add_to)


def options(*several: Option) -> Option:
    """Several arguments in their order."""

    def add_to(parser: Any) -> None:
        for one in several:
            one.add_to(parser)

    return Option(add_to)


def exclusive(*several: Option, required: bool = False) -> Option:
    """Arguments of which at most one may be given, or exactly one if `required`."""
    return Option(lambda parser: options(*several).add_to(parser.add_mutually_exclusive_group(required=required)))


def command(
    name: str,
    *,
    rows: bool = False,
    fallback: bool = False,
    secrets: bool = False,
    all_counties: bool = False,
    epilog: str | None = None,
) -> Callable[[Callable[[argparse.Namespace, CommandContext], int | None]], DeclaredCommand]:
    """Declare the function below as a command. It returns the exit status; None stands for 0.

    `rows`: it prints rows, so it takes --format. `fallback`, `secrets`, `all_counties`: as CommandContext says.
    """

    def declare(handler: Callable[[argparse.Namespace, CommandContext], int | None]) -> DeclaredCommand:
        def run(args: argparse.Namespace) -> int:
            context = CommandContext(args, fallback=fallback, secrets=secrets, all_counties=all_counties)
            return handler(args, context) or 0

        own = vars(handler).get("options", [])
        return DeclaredCommand(name, [FORMAT, *own] if rows else own, run, handler.__doc__ or "", epilog)

    return declare


def add_parser(commands: Any, name: str, help: str) -> argparse.ArgumentParser:
    """Add a parser for the command `name`, so far without arguments."""
    said = tr(help)
    description = f"{said[0].upper()}{said[1:]}{tr('.')}"
    parser: argparse.ArgumentParser = commands.add_parser(name, help=widen(said), description=widen(description))
    return parser


def add_commands(parser: argparse.ArgumentParser, group: str, commands: Iterable[DeclaredCommand]) -> None:
    """Fill in the parser of the command `group`, or add the commands under it (`event add` to `event`)."""
    under = None
    for each in commands:
        first, _, second = each.name.partition(" ")
        if first != group:
            continue
        if not second:
            _fill_in(parser, each)
            continue
        under = under or parser.add_subparsers(dest=f"{group}_command", metavar=widen(tr("COMMAND")), required=True)
        _fill_in(add_parser(under, second, each.help[0].lower() + each.help[1:].rstrip(".")), each)


def _fill_in(parser: argparse.ArgumentParser, command: DeclaredCommand) -> None:
    """Add the command's own arguments, and those before every command, which are accepted behind it too."""
    shared = parser.add_argument_group("everywhere")
    for name in ("--root", "--database", "--county"):
        shared.add_argument(name, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    shared.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    shared.add_argument("--verbose", "-v", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    for each in command.options:
        each.add_to(parser)
    parser.epilog = command.epilog and widen(tr(command.epilog))
    parser.set_defaults(run=command.run)


def command_place(words: Sequence[str]) -> int | None:
    """The index of the command among the words of a command line; None if there is none."""
    is_value = False
    for place, word in enumerate(words):
        if not is_value and not word.startswith("-"):
            return place
        is_value = not is_value and len(word) > 2 and any(name.startswith(word) for name in _VALUED)
    return None


# -- types of arguments ----------------------------------------------------------------------------


def count(text: str) -> int:
    """argparse type: how many, at least one."""
    if not text.isdecimal() or len(text) > _DIGITS or int(text) < 1:
        raise argparse.ArgumentTypeError(tr("{text!r} is no count; write 1 or more", text=text))
    return int(text)


def number(text: str) -> int:
    """argparse type: the number of something on record, or how many are known: none or more."""
    if not text.isdecimal() or len(text) > _DIGITS:
        raise argparse.ArgumentTypeError(tr("{text!r} is no number; write one like 12", text=text))
    return int(text)


def port(text: str) -> int:
    """argparse type: a TCP port for which no privilege is needed."""
    if not text.isdecimal() or len(text) > 5 or not 1024 <= int(text) < 65536:
        raise argparse.ArgumentTypeError(tr("{text!r} is no port; write one from 1024 to 65535", text=text))
    return int(text)


def day(text: str) -> date:
    """argparse type: a day, as `parse_moment` takes it, without an hour."""
    from tracker.registers.eventdates import parse_typed

    zone = ZoneInfo("Asia/Shanghai")
    try:
        parsed = parse_typed(text, zone, system_clock().astimezone(zone).year)
    except ValueError as error:
        if "lies outside" in str(error):
            raise argparse.ArgumentTypeError(tr(error.args[0])) from None
        parsed = None
    if parsed is None or isinstance(parsed, datetime):
        raise argparse.ArgumentTypeError(
            tr("{text!r} is no day; write 2015-03-02, 2015/3/2, 2015年3月2日 or, of this year, 3.2", text=text)
        )
    return parsed


# -- arguments of several commands -----------------------------------------------------------------

FORMAT = option("--format", choices=FORMATS, default="table", help="how rows are printed (default: table)")
DEPARTMENT = option("--department", type=DepartmentName, metavar="ID")
REGION = option(
    "--region", default="", metavar="CODE", help="reads the counties there: `country`, or 2 or 4 digits of GB/T 2260"
)
OCCURRENCE = option("occurrence", metavar="OCCURRENCE")
OPTIONAL_OCCURRENCE = option("occurrence", nargs="?", default="", metavar="OCCURRENCE")
PART = option("--part", metavar="NAME")
AS_OF = option("--as-of", metavar="DAY", help="as it stood at the end of that day (default: now)")
SEEN = option("--seen", type=number, metavar="N", help="how many decisions about it you know (duban explain)")
#: `--now` with the help that says what it changes.
now_option = partial(option, "--now", metavar="INSTANT")


def person(reason: str = "", *, required: bool = True) -> Option:
    """Who enters it, when, and why; `reason` is the help of --reason, "": there is none."""
    by = option("--by", required=required, default="", metavar="WHO", help="the person who says so")
    at = option("--now", metavar="INSTANT", help="as if it were entered then (for trials; default: now)")
    why = option("--reason", required=required, default="", metavar="TEXT", help=reason)
    return options(by, at, why) if reason else options(by, at)
