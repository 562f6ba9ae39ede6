"""Writes lists as .xlsx: a sheet each, with filters, fixed heads and the widths of its columns.

The workbook is made in memory: no row of it lies on the disk but in the file that is asked for.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

#: The file's time of creation, so that the same list gives the same bytes. Excel's times have no zone.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001
_HEAD_ROW = 1
_HINT_HEIGHT = 32


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column. `width`: in characters. `is_rate`: its numbers are shown in percent. `is_printed`: also on paper.

    `note`: what the head says of how to fill it in.
    """

    head: str
    width: int
    is_rate: bool = False
    is_printed: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class ListSheet:
    """A sheet. `title`: its first line. `hint`: a line below. `frozen`: how many columns stay in sight."""

    name: str
    title: str
    columns: Sequence[ListColumn]
    rows: Iterable[Sequence[Any]]
    frozen: int = 1
    hint: str = ""


def write_lists(title: str, sheets: Iterable[ListSheet]) -> bytes:
    """The bytes of the .xlsx; nothing in it can become a formula or a link."""
    from notifications.workbook import Book  # heavy, and seldom needed

    buffer = io.BytesIO()
    book = Book(buffer, in_memory=True)
    book.set_properties({"title": title, "created": _CREATED})
    plain = {"border": 1, "valign": "top", "text_wrap": True}
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#e8e8e8"}),
        "text": book.add_format(plain),
        "hint": book.add_format({"text_wrap": True, "valign": "top", "font_color": "#555555"}),
        "rate": book.add_format({**plain, "num_format": "0.0%"}),
        "day": book.add_format({**plain, "num_format": "yyyy-mm-dd"}),
    }
    for sheet in sheets:
        _write_sheet(book.add_worksheet(sheet.name), sheet, formats)
    book.close()
    return buffer.getvalue()


def _write_sheet(to: Any, sheet: ListSheet, formats: dict[str, Any]) -> None:
    to.write_string(0, 0, sheet.title, formats["title"])
    head = _HEAD_ROW + bool(sheet.hint)
    if sheet.hint:
        to.set_row(1, _HINT_HEIGHT)
        to.merge_range(1, 0, 1, len(sheet.columns) - 1, "", formats["hint"])
        to.write_string(1, 0, sheet.hint, formats["hint"])
    for place, column in enumerate(sheet.columns):
        to.set_column(place, place, column.width)
        to.write_string(head, place, column.head, formats["head"])
        if column.note:
            height = max(1.2, len(column.note) / 60)
            to.write_comment(head, place, column.note, {"x_scale": 2, "y_scale": height, "author": ""})
    last = head
    for last, row in enumerate(sheet.rows, head + 1):
        for place, value in enumerate(row):
            if isinstance(value, date):
                to.write_datetime(last, place, value, formats["day"])
            elif isinstance(value, int | float):
                to.write_number(last, place, value, formats["rate" if sheet.columns[place].is_rate else "text"])
            else:
                to.write_string(last, place, value or "", formats["text"])
    to.freeze_panes(head + 1, sheet.frozen)
    to.autofilter(head, 0, last, len(sheet.columns) - 1)
    to.print_area(0, 0, last, sum(column.is_printed for column in sheet.columns) - 1)
    to.set_landscape()
    to.set_paper(9)
    to.fit_to_pages(1, 0)
    to.repeat_rows(head)
