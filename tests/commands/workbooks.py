"""Workbooks that people edit: read as rows, changed, and saved again as a spreadsheet program would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import xlsxwriter

from tracker.evidence.attachments.readers.sheet_rows import BadTable, read_table

Rows = list[list[str]]


def rows_of(path: Path, sheet: str) -> Rows:
    """The rows of a sheet, the row of heads and what stands above it included."""
    return [[str(cell) for cell in row.cells] for row in read_table(path.read_bytes(), sheet).rows]


def edit(path: Path, sheet: str, change: Callable[[Rows], None], sheets: tuple[str, ...]) -> None:
    """Change the rows of one sheet of a workbook that has these sheets, and save it."""
    held = {}
    for name in sheets:
        try:
            held[name] = rows_of(path, name)
        except BadTable:
            continue
    change(held[sheet])
    _save(path, held)


def _save(path: Path, held: dict[str, Rows]) -> None:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in held.items():
            to = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, text in enumerate(row):
                    to.write_string(line, place, text)


def rename_sheet(path: Path, sheet: str, name: str, sheets: tuple[str, ...]) -> None:
    """Give one sheet of a workbook that has these sheets another name, and save it."""
    held = {name if one == sheet else one: rows_of(path, one) for one in sheets}
    _save(path, held)


def put(name: str, head: str, text: str, *, by: int = 0) -> Callable[[Rows], None]:
    """Write a text under the head, in the row whose cell in column `by` says `name`."""

    def change(rows: Rows) -> None:
        heads = next(row for row in rows if head in row)
        place = heads.index(head)
        row = next(row for row in rows if len(row) > by and row[by] == name)
        row += [""] * (place + 1 - len(row))
        row[place] = text

    return change


def drop(name: str, *, by: int = 0) -> Callable[[Rows], None]:
    """Delete the row whose cell in column `by` says `name`."""

    def change(rows: Rows) -> None:
        rows.remove(next(row for row in rows if len(row) > by and row[by] == name))

    return change


def add(*cells: str) -> Callable[[Rows], None]:
    """Add a row below the last one."""
    return lambda rows: rows.append(list(cells))
