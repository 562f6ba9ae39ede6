"""Rows to a terminal, CSV or JSON. Tables are for people; CSV and JSON keep their columns."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

#: A column whose widest cell has at most this many places is never wrapped.
SHORT = 11
#: How wide a table may be where no terminal says (a pipe, a file).
UNBOUNDED = 160
FORMATS = ("table", "csv", "json")


def plain(value: Any) -> str:
    """A cell as text: instants with their offset, booleans as true/false, nothing as an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def console(stderr: bool = False) -> Console:
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=UNBOUNDED)


def say(text: str) -> None:
    """A line of news for the person at the terminal; rows go to stdout, this to stderr."""
    print(text, file=sys.stderr)


def emit(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], form: str, *, title: str = "") -> None:
    """Print the rows in the asked format, columns in the given order."""
    if form == "json":
        json.dump(
            [{c: _jsonable(row.get(c)) for c in columns} for row in rows], sys.stdout, ensure_ascii=False, indent=1
        )
        sys.stdout.write("\n")
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([plain(row.get(c)) for c in columns] for row in rows)
    else:
        _table(columns, list(rows), title)


def _jsonable(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | list | dict) or value is None else plain(value)


def _table(columns: Sequence[str], rows: list[Mapping[str, Any]], title: str) -> None:
    from rich import box
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    if not rows:
        say("nothing to show")
        return
    table = Table(title=title or None, title_justify="left", header_style="bold", pad_edge=False, box=box.SIMPLE_HEAD)
    for column in columns:
        widest = max(cell_len(plain(row.get(column))) for row in rows)
        short = widest <= SHORT
        table.add_column(column, overflow="fold", no_wrap=short, min_width=None if short else min(widest, 14))
    for row in rows:
        table.add_row(*(_styled(column, row.get(column), Text) for column in columns))
    console().print(table)


_STYLES = {"red": "bold red", "yellow": "yellow", "green": "green", "blue": "blue", "grey": "bright_black"}


def _styled(column: str, value: Any, text: Any) -> Any:
    style = _STYLES.get(str(value), "") if column == "light" else ""
    return text(plain(value), style=style)
