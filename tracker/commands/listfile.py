"""Writes the rows of a list as .xlsx, in Chinese as every paper, whatever language the command speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.language import head_of, is_wide, speaking, tr, word
from tracker.commands.output import write_file
from tracker.commands.parsing import option
from tracker.core.law.wording import day_zh
from tracker.core.values.message import Message
from tracker.reports.list_csv import plain

OUT = option("--out", type=Path, metavar="FILE", help="write the list as .xlsx instead")
#: The widths of columns in characters; a longer text continues in the next line of its cell.
_NARROWEST, _WIDEST = 8, 46
#: Columns that hold departments.
_DEPARTMENTS = ("department", "owner")


def write_list_file(
    context: CommandContext,
    path: Path,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    aside: int = 0,
) -> None:
    """Write the rows with the heads and words of the Chinese catalogue; the title names county and day.

    The columns of the rows are those of a table at the terminal; the last `aside` are not printed on paper.
    Raises UsageError for a name that is no .xlsx.
    """
    from tracker.reports.list_sheet import ListColumn, ListSheet, write_lists

    if path.suffix.lower() != ".xlsx":
        raise UsageError("--out {path}: name it .xlsx (for CSV: --format csv)", path=path)
    with speaking("zh"):
        heads = [head_of(column) for column in columns]
        cells = [[_cell(context, column, row.get(column)) for column in columns] for row in rows]
    widths = [
        min(_WIDEST, max([_NARROWEST, *(_width(text) + 2 for text in (head, *texts))]))
        for head, *texts in zip(heads, *cells, strict=True)
    ]
    whole = f"{context.county.name}{title}（{day_zh(context.now.date())}）"
    printed = len(columns) - aside
    made = [
        ListColumn(head, width, is_printed=place < printed)
        for place, (head, width) in enumerate(zip(heads, widths, strict=True))
    ]
    write_file(path, write_lists(whole, [ListSheet(title, whole, made, cells, frozen=2)]))


def _cell(context: CommandContext, column: str, value: Any) -> Any:
    """A value as the sheet shows it: days and numbers as such, words in Chinese, departments by their names."""
    if isinstance(value, datetime):
        return value.astimezone(context.zone).date()
    if isinstance(value, bool) or not isinstance(value, date | int | float):
        text = tr(value) if isinstance(value, Message) else plain(value)
        return name_departments(context, text) if column in _DEPARTMENTS else word(column, text)
    return value


def name_departments(context: CommandContext, key: str) -> str:
    """The names of `a` or `a+b`; of a department that the county no longer has, its id."""
    known = context.county.departments
    return "、".join(known[id].name if id in known else id for id in key.split("+"))


def _width(value: Any) -> int:
    """How many places the longest line of a value takes."""
    lines = plain(value).splitlines() or [""]
    return max(sum(1 + is_wide(letter) for letter in line) for line in lines)
