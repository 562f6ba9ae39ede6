"""Prints rows as a table, CSV or JSON. Tables are for people, in their language; CSV and JSON keep their columns.

In a terminal that is too narrow for a table each row is printed as a record, a field a line, so that nothing is cut.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.commands.language import chosen, head_of, tr, word
from tracker.core.values.message import ListedWord, Message
from tracker.core.values.visible import visible
from tracker.reports.list_csv import plain, write_csv

if TYPE_CHECKING:
    from rich.console import Console

#: A column whose widest cell has at most this many characters is never wrapped.
SHORT = 11
#: The least width of a longer column; a longer text continues in the next line of its cell.
NARROWEST = 14
#: A narrower terminal shows a table only if no cell has to continue in a next line.
WIDE = 100
#: Characters between two columns.
_GAP = 3
#: The width of a table if there is no terminal (a pipe, a file).
UNBOUNDED = 160
FORMATS = ("table", "csv", "json")


def console(stderr: bool = False) -> Console:
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    file = getattr(stream, "styled", stream)  # colours are ours: what stands in cells is made visible before
    made = Console(file=file, highlight=False)
    return made if made.is_terminal else Console(file=file, highlight=False, width=UNBOUNDED)


def row_of(value: object, columns: Sequence[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a row: the given value, else the field of that name."""
    return {name: given[name] if name in given else getattr(value, name) for name in columns}


def say(text: str, /, **values: object) -> None:
    """Print a line for the person at the terminal, in their language, to stderr; rows go to stdout."""
    print(tr(text, **values), file=sys.stderr)


def emit(
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    form: str,
    *,
    table: Sequence[str] | None = None,
    title: str = "",
    chinese: Sequence[str] = (),
) -> None:
    """Print the rows in the format `form`.

    `table`: the columns that a table shows, where those are not all; `chinese`: those whose texts are Chinese in any
    language, as an English head says.
    """
    if form == "json":
        listed = [{c: _jsonable(row.get(c)) for c in columns} for row in rows]
        print(json.dumps(listed, ensure_ascii=False, indent=1))  # json.dump would write each of its pieces singly
    elif form == "csv":
        write_csv(sys.stdout, columns, rows)
    else:
        heads = {column: _head(column, chinese) for column in table or columns}
        _print_rows(heads, [{column: _shown(column, row.get(column)) for column in heads} for row in rows], title)


def write_file(path: Path, content: bytes) -> None:
    """Write the file and say its size."""
    path.write_bytes(content)
    say("{path}: {count:,} bytes", path=path, count=len(content))


def _jsonable(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | list | dict) or value is None else plain(value)


def _head(column: str, chinese: Sequence[str]) -> str:
    return f"{column} (in Chinese)" if column in chinese and chosen() == "en" else head_of(column)


def _shown(column: str, value: Any) -> str:
    """A cell of a table: a sentence and the words of a closed list in the language that is spoken."""
    if isinstance(value, Message):
        return visible(tr(value))
    if isinstance(value, ListedWord):
        return word(value.column, value)
    return word("yes or no" if isinstance(value, bool) else column, visible(plain(value)))


def _print_rows(heads: Mapping[str, str], rows: list[dict[str, str]], title: str) -> None:
    from rich.cells import cell_len

    if not rows:
        say("nothing to show")
        return
    shown = console()
    widest = {head: max(cell_len(row[column]) for row in rows) for column, head in heads.items()}
    if fits(widest, shown.width):
        _print_table(shown, heads, rows, title, widest)
    else:
        _print_records(shown, heads, rows, title)


def fits(widest: Mapping[str, int], width: int) -> bool:
    """Whether a table with these heads, by their widest cells, shows every cell in full in so many places."""
    from rich.cells import cell_len

    least = [
        max(cell_len(head), places if places <= SHORT or width < WIDE else min(places, NARROWEST))
        for head, places in widest.items()
    ]
    return sum(least) + _GAP * len(least) <= width


def _print_records(shown: Console, heads: Mapping[str, str], rows: list[dict[str, str]], title: str) -> None:
    """Print each field in a line of its own, without the empty ones; the terminal wraps a long value."""
    from rich.text import Text

    if title:
        shown.print(Text(title, style="italic"), soft_wrap=True)
    for number, row in enumerate(rows):
        if number:
            shown.print()
        for column, head in heads.items():
            if row[column]:
                shown.print(Text.assemble((f"{head}: ", "bold"), _styled(column, row[column], Text)), soft_wrap=True)


def _print_table(
    shown: Console, heads: Mapping[str, str], rows: list[dict[str, str]], title: str, widest: Mapping[str, int]
) -> None:
    from rich import box
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", header_style="bold", pad_edge=False, box=box.SIMPLE_HEAD)
    for head in heads.values():
        if widest[head] <= SHORT:  # a width that is given need not be measured again
            table.add_column(head, overflow="fold", no_wrap=True, width=max(widest[head], cell_len(head)))
        else:
            table.add_column(head, overflow="fold", min_width=min(widest[head], NARROWEST))
    for row in rows:
        table.add_row(*(_styled(column, row[column], Text) for column in heads))
    shown.print(table)


_STYLES = {"red": "bold red", "yellow": "yellow", "green": "green", "blue": "blue", "grey": "bright_black"}


def _styled(column: str, text: str, make: Any) -> Any:
    """A cell as rich's text; a light in its colour."""
    colours = {word("light", light): style for light, style in _STYLES.items()} if column == "light" else {}
    return make(text, style=colours.get(text, ""))
