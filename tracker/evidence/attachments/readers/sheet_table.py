"""The sheet of a workbook that a person hands in, cell by cell. Runs in a worker process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from tracker.core.values.message import Message
from tracker.evidence.attachments.readers.sheet_rows import (
    BadTable,
    Cell,
    MergedCells,
    RefusedTable,
    SheetRow,
    Table,
    check_size,
)
from tracker.evidence.attachments.readers.sheetfaults import faults_of
from tracker.evidence.attachments.readers.workbook import open_book, rows_of
from tracker.evidence.attachments.readers.zipped import open_member, open_zip

_WIDEST = 16_384  # columns that a sheet may have


def read_or_refuse(function: str, *given: Any) -> Any:
    """What a function of this module answers; a BadTable as a value, whose words can be said in another language."""
    functions: dict[str, Callable[..., Any]] = {"read_workbook": read_workbook, "list_filled": list_filled}
    try:
        return functions[function](*given)
    except BadTable as error:
        text = error.args[0]
        if not isinstance(text, Message):
            return RefusedTable("{text}", (("text", str(text)),))
        return RefusedTable(text.template, tuple((name, _plain(value)) for name, value in text.values.items()))


def _plain(value: object) -> str | int:
    return value if isinstance(value, int) else str(value)


def read_workbook(body: bytes, wanted: str | None) -> Table:
    """The sheet that is wanted, else the one that is shown and holds something. Raises `BadTable` or
    `UnreadableFile`."""
    book = open_book(body)
    if wanted is not None and wanted not in book.sheet_names:
        raise BadTable("no sheet {wanted!r} (one of: {names})", wanted=wanted, names=", ".join(book.sheet_names))
    shown = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
    tables = [_sheet(body, book, name) for name in ([wanted] if wanted else shown)]
    filled = [table for table in tables if table.rows]
    if len(filled) > 1:
        names = ", ".join(table.sheet for table in filled)
        raise BadTable("several sheets hold something: say which with --sheet (one of: {names})", names=names)
    return (filled or tables or [Table(())])[0]


def list_filled(body: bytes) -> tuple[str, ...]:
    """The names of the sheets in which a cell holds something, hidden ones too. Raises `UnreadableFile`."""
    book = open_book(body)
    return tuple(name for name in book.sheet_names if book.get_sheet_by_name(name).start is not None)


def _sheet(body: bytes, book: CalamineWorkbook, name: str) -> Table:
    """A sheet. What a formula's error shows stands in its cell."""
    sheet, faults = book.get_sheet_by_name(name), faults_of(body, name)
    first = sheet.start[1] if sheet.start else 0
    rows: list[SheetRow] = []
    for number, cells, _ in rows_of(sheet, _WIDEST):
        row = [_cell(one) for one in cells]
        if any(one != "" for one in row):
            for column, fault in faults.get(number, {}).items():
                if 0 <= column - first < len(row) and row[column - first] == "":
                    row[column - first] = fault
            check_size(len(rows) + 1, row, number + 1)
            rows.append(SheetRow(number + 1, tuple(row)))
    ranges = sheet.merged_cell_ranges or ()
    merged = [MergedCells(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges]
    return Table(tuple(rows), name, _counts_since_1904(body), first + 1, tuple(merged))


def _cell(said: Any) -> Cell:
    if isinstance(said, bool):
        return "TRUE" if said else "FALSE"
    if isinstance(said, datetime):
        return said.date() if said.time() == time() else said
    return said if isinstance(said, int | float | str | date) else str(said)


def _counts_since_1904(body: bytes) -> bool:
    if not body.startswith(b"PK"):
        return False
    with open_zip(body) as archive:
        if (stream := open_member(archive, "xl/workbook.xml")) is None:
            return False
        with stream:
            head = stream.read(200_000)
    return b'date1904="1"' in head or b'date1904="true"' in head
