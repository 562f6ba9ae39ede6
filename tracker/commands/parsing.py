"""How a command joins the parser: the options all share, accepted before and after its name."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from tracker.commands.output import FORMATS

Handler = Callable[[argparse.Namespace], int]


def add(commands: Any, name: str, handler: Handler, help: str, *, rows: bool = False) -> argparse.ArgumentParser:
    """Add command `name`. `rows`: it prints rows, so it takes --format."""
    made: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
    shared = made.add_argument_group("everywhere")
    for option, meta in (("--root", "DIR"), ("--database", "URL"), ("--county", "ID")):
        shared.add_argument(option, metavar=meta, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    shared.add_argument("--verbose", "-v", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    if rows:
        made.add_argument("--format", choices=FORMATS, default="table", help="how rows are printed (default: table)")
    made.set_defaults(handler=handler)
    return made


def group(commands: Any, name: str, help: str) -> Any:
    """Add a command that only holds commands (`duban event add`); where it is there already, that one."""
    if name in commands.choices:
        return commands.choices[name].get_default("held")
    made = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
    held = made.add_subparsers(dest=f"{name}_command", metavar="COMMAND", required=True)
    made.set_defaults(held=held)
    return held
