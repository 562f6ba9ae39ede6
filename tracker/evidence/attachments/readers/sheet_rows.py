"""The rows of a table that a person hands in, cell by cell: .xlsx, .xls, .et, .ods and .csv.

Workbooks are opened in a worker process: whatever a file does to its reader ends there.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.core.values.message import Message, MessageError
from tracker.evidence.attachments.readers.text import UnreadableFile
from tracker.evidence.page.worker import Worker, WorkerError
from tracker.evidence.page.worker_child import call_named

#: Of a file in bytes; of its sheet in rows that hold something, and in columns; of a cell in characters.
MAX_BYTES, MAX_ROWS, MAX_COLUMNS, MAX_CELL = 20_000_000, 100_000, 200, 10_000
_SECONDS = 60
_READER = "tracker.evidence.attachments.readers.sheet_table"
_WHY = {
    "wall": Message("not read within {seconds} seconds", seconds=_SECONDS * 2),
    "cpu": Message("not read within {seconds} seconds", seconds=_SECONDS),
    "memory": Message("takes too much memory to be read"),
    "died": Message("the workbook makes its reader fail: save it anew as .xlsx, or as CSV UTF-8"),
}
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
Cell = str | float | date | datetime


class BadTable(MessageError):
    """The file as a whole cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class RefusedTable:
    """A BadTable as the worker process gives it back: what is said, and its values by name."""

    template: str
    values: tuple[tuple[str, str | int], ...]


#: Text with names in braces: nothing else of a template from a process that read a stranger's file is filled in.
_TEMPLATE = re.compile(r"(?:[^{}]|\{[a-z]+(?:!r)?\})*")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that holds something; `line` is its number as the person sees it, from 1."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class MergedCells:
    """A range of merged cells; its lines and columns count from 1, as the person sees them."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def address(self) -> str:
        """The range as a spreadsheet names it: A2:B3."""
        return f"{column_letters(self.left)}{self.top}:{column_letters(self.right)}{self.bottom}"


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet. `since_1904`: the workbook counts days from 1904, as old Macintoshes did.

    `first_column`: the sheet's column, from 1, in which the first cell of each row stands. `merged`: each cell that
    such a range covers holds what its first one says.
    """

    rows: tuple[SheetRow, ...]
    sheet: str = ""
    since_1904: bool = False
    first_column: int = 1
    merged: tuple[MergedCells, ...] = ()

    def address(self, line: int, index: int) -> str:
        """The name of a row's cell in the spreadsheet: F7."""
        return f"{column_letters(self.first_column + index)}{line}"


def column_letters(number: int) -> str:
    """The letters of a spreadsheet's column, counted from 1: A, Z, AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def read_table(body: bytes, sheet: str | None = None) -> Table:
    """What the file holds; `sheet`: which of a workbook's. Raises BadTable."""
    if len(body) > MAX_BYTES:
        raise BadTable("{size} bytes: more than {most} are not read; part it", size=len(body), most=MAX_BYTES)
    if not body.startswith(_WORKBOOKS):
        if sheet is not None:
            raise BadTable(Message("a text file has no sheets: leave --sheet out"))
        return Table(tuple(_of_text(body)))
    table: Table = asyncio.run(_read_apart("read_workbook", body, sheet))
    return table


def list_filled_sheets(body: bytes) -> tuple[str, ...]:
    """The names of a workbook's sheets that hold something, in its order. Raises BadTable."""
    names: tuple[str, ...] = asyncio.run(_read_apart("list_filled", body))
    return names


async def _read_apart(function: str, *given: Any) -> Any:
    worker = Worker(_SECONDS, _SECONDS * 2, (Table, SheetRow, MergedCells, RefusedTable))
    try:
        result = await worker.run(call_named, _READER, "read_or_refuse", function, *given)
    except WorkerError as error:
        if error.kind == UnreadableFile.__name__:
            raise BadTable("cannot be read: {error}", error=error.message) from None
        raise BadTable(_WHY.get(error.cause, Message("no workbook that can be read"))) from None
    finally:
        await worker.close()
    if isinstance(result, RefusedTable):
        raise BadTable(_words_of(result))
    return result


def _words_of(refused: RefusedTable) -> Message:
    """What is said of the table; of a process that a stranger's file has taken over, not what it says."""
    try:
        values = {name: value for name, value in refused.values if isinstance(value, str | int)}
        if _TEMPLATE.fullmatch(refused.template):
            return Message(refused.template, **values)
    except (TypeError, ValueError, KeyError):
        pass
    return Message("no workbook that can be read")


# -- text ----------------------------------------------------------------------------------------


def _of_text(body: bytes) -> Iterator[SheetRow]:
    text = _decoded(body)
    head = Counter(char for char in text[:20_000] if char in ",\t;")
    delimiter = max(",\t;", key=lambda one: head[one])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line, found = 1, 0
    try:
        for cells in reader:
            for cell in cells:
                if delimiter in cell.partition("\n")[2]:
                    raise BadTable("line {line}: a quotation mark opens a cell and is not closed in its row", line=line)
            if any(one.strip() for one in cells):
                found += 1
                check_size(found, cells, line)
                yield SheetRow(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadTable("line {line}: no row of a CSV file ({error})", line=line, error=str(error)) from None


def _decoded(body: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, or what a Chinese Excel writes. Nothing is guessed at."""
    marked = body[:2] in (b"\xff\xfe", b"\xfe\xff")
    for code in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(code)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise BadTable(Message("no text in UTF-8 or GB18030, and no workbook: save it as .xlsx or as CSV UTF-8"))


def check_size(found: int, cells: list[Any] | tuple[Any, ...], line: int) -> None:
    if found > MAX_ROWS:
        raise BadTable("more than {most} rows: part it", most=MAX_ROWS)
    if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
        raise BadTable("line {line}: more than {most} columns", line=line, most=MAX_COLUMNS)
    if any(isinstance(one, str) and len(one) > MAX_CELL for one in cells):
        raise BadTable("line {line}: a cell of more than {most} characters", line=line, most=MAX_CELL)
