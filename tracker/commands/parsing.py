"""How a command joins the parser: the options all share, accepted before and after its name."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from tracker.commands.output import FORMATS

Handler = Callable[[argparse.Namespace], int]
#: Options before a command that take a value in the word behind them.
_VALUED = ("--root", "--database", "--county", "--log-format")


def command_place(words: Sequence[str]) -> int | None:
    """Where in the words of a command line the command stands; None where there is none."""
    is_value = False
    for place, word in enumerate(words):
        if not is_value and not word.startswith("-"):
            return place
        is_value = not is_value and len(word) > 2 and any(option.startswith(word) for option in _VALUED)
    return None


def declare(commands: Any, name: str, help: str) -> argparse.ArgumentParser:
    """Add command `name`, so far without arguments."""
    made: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
    return made


def add(commands: Any, name: str, handler: Handler, help: str = "", *, rows: bool = False) -> argparse.ArgumentParser:
    """Add command `name`, or fill in the one that was declared. `rows`: it prints rows, so it takes --format."""
    made: argparse.ArgumentParser = commands.choices.get(name) or declare(commands, name, help)
    shared = made.add_argument_group("everywhere")
    for option, meta in (("--root", "DIR"), ("--database", "URL"), ("--county", "ID")):
        shared.add_argument(option, metavar=meta, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    shared.add_argument("--verbose", "-v", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    if rows:
        made.add_argument("--format", choices=FORMATS, default="table", help="how rows are printed (default: table)")
    made.set_defaults(handler=handler)
    return made


def group(commands: Any, name: str) -> Any:
    """The commands under a declared one (`duban event add`)."""
    return commands.choices[name].add_subparsers(dest=f"{name}_command", metavar="COMMAND", required=True)
