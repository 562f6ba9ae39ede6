"""The rows of a table that a person hands in, cell by cell: .xlsx, .xls, .et, .ods and .csv.

Workbooks are opened in a process apart, under the limits of `child`: whatever a file does to its reader ends there.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from tracker.evidence.attachments.readers.text import STOPS, UnreadableFile

#: Of a file in bytes; of its sheet in rows that hold something, and in columns; of a cell in characters.
MAX_BYTES, MAX_ROWS, MAX_COLUMNS, MAX_CELL = 20_000_000, 100_000, 200, 10_000
_MAX_MERGED = 200_000
_SECONDS = 60
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_START = (
    "import sys; sys.path.append(sys.argv.pop()); "
    "from tracker.evidence.attachments.readers.sheet_rows import main; main()"
)
_ROOT = Path(__file__).resolve().parents[4]

Cell = str | float | date | datetime


class BadTable(Exception):
    """The file as a whole cannot be used; the message says why."""


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
        raise BadTable(f"{len(body)} bytes: more than {MAX_BYTES} are not read; part it")
    if not body.startswith(_WORKBOOKS):
        if sheet is not None:
            raise BadTable("a text file has no sheets: leave --sheet out")
        return Table(tuple(_of_text(body)))
    said = _ask(body, sheet)
    if "wrong" in said:
        raise BadTable(said["wrong"])
    rows = tuple(SheetRow(line, tuple(_cell(one) for one in cells)) for line, cells in said["rows"])
    merged = tuple(MergedCells(*bounds) for bounds in said["merged"])
    return Table(rows, said["sheet"], said["since_1904"], said["first_column"], merged)


def _cell(said: Any) -> Cell:
    if not isinstance(said, dict):
        return said  # type: ignore[no-any-return]
    text: str = said["at"]
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


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
                    raise BadTable(f"line {line}: a quotation mark opens a cell and is not closed in its row")
            if any(one.strip() for one in cells):
                found += 1
                _check_size(found, cells, line)
                yield SheetRow(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadTable(f"line {line}: no row of a CSV file ({error})") from None


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
    raise BadTable("no text in UTF-8 or GB18030, and no workbook: save it as .xlsx or as CSV UTF-8")


def _check_size(found: int, cells: list[Any] | tuple[Any, ...], line: int) -> None:
    if found > MAX_ROWS:
        raise BadTable(f"more than {MAX_ROWS} rows: part it")
    if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
        raise BadTable(f"line {line}: more than {MAX_COLUMNS} columns")
    if any(isinstance(one, str) and len(one) > MAX_CELL for one in cells):
        raise BadTable(f"line {line}: a cell of more than {MAX_CELL} characters")


# -- workbooks, apart ----------------------------------------------------------------------------


def _ask(body: bytes, sheet: str | None) -> dict[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-c", _START, str(_SECONDS), str(_ROOT)],
            input=json.dumps(sheet).encode() + b"\n" + body,
            capture_output=True,
            timeout=_SECONDS * 2,
            # Nothing of our surroundings, where secrets may stand, reaches what opens a file.
            env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": "/nonexistent"},
            start_new_session=True,
        )
        said: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise BadTable(f"not read within {_SECONDS * 2} seconds") from None
    except ValueError:
        raise BadTable("the workbook makes its reader fail: save it anew as .xlsx, or as CSV UTF-8") from None
    return said


def main() -> None:
    """Answer one request from the standard input: a line of JSON (the sheet's name or null), then the file."""
    from tracker.evidence.page.worker_child import allow, confine

    confine()
    allow(int(sys.argv[1]))
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # what a library prints is no answer
    sheet = json.loads(requests.readline())
    try:
        said = _workbook(requests.read(), sheet)
    except BadTable as error:
        said = {"wrong": str(error)}
    except UnreadableFile as error:
        said = {"wrong": f"cannot be read: {error}"}
    except MemoryError:
        said = {"wrong": "takes too much memory to be read"}
    answers.write(json.dumps(said).encode())
    answers.flush()


def _workbook(body: bytes, wanted: str | None) -> dict[str, Any]:
    import python_calamine as calamine

    from tracker.evidence.attachments.readers.sheetfaults import faults_of

    since_1904 = _counts_since_1904(body) if body.startswith(b"PK") else False
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
        shown = [one.name for one in book.sheets_metadata if one.visible == calamine.SheetVisibleEnum.Visible]
        if wanted is not None and wanted not in book.sheet_names:
            raise BadTable(f"no sheet {wanted!r} (one of: {', '.join(book.sheet_names)})")
        held, places = {}, {}
        for name in [wanted] if wanted else shown:
            faults = faults_of(body, name) if body.startswith(b"PK") else {}
            sheet = book.get_sheet_by_name(name)
            held[name] = list(_rows(sheet, faults))
            places[name] = {"first_column": sheet.start[1] + 1 if sheet.start else 1, "merged": _merged(sheet)}
    except (BadTable, MemoryError, *STOPS):
        raise
    except calamine.PasswordError:
        raise BadTable("the workbook has a password: save it without one") from None
    except BaseException as error:  # its own errors, or a panic of what it is written in
        raise BadTable(f"no workbook that can be read ({type(error).__name__})") from None
    filled = [name for name, rows in held.items() if rows]
    if len(filled) > 1:
        raise BadTable(f"several sheets hold something: say which with --sheet (one of: {', '.join(filled)})")
    name = filled[0] if filled else (wanted or next(iter(shown), ""))
    place = places.get(name) or {"first_column": 1, "merged": []}
    return {"sheet": name, "rows": held.get(name, []), "since_1904": since_1904, **place}


def _rows(sheet: Any, faults: Mapping[tuple[int, int], str]) -> Iterator[tuple[int, list[Any]]]:
    """Rows that hold something. A merged cell stands in each cell it covers; a formula's error in its own."""
    if sheet.start is None:
        return
    first = sheet.start[1]
    covered, found = _covered(sheet.merged_cell_ranges or (), first), 0
    held: dict[tuple[int, int], Any] = {}
    broken: dict[int, list[tuple[int, str]]] = {}
    for (number, column), fault in faults.items():
        broken.setdefault(number, []).append((column - first, fault))
    for number, cells in enumerate(sheet.iter_rows()):  # from the sheet's first row, but from its first used column
        row = [_said(cell) for cell in cells]
        for column, origin in covered.get(number, ()):
            if column < len(row):
                if origin == (number, column):
                    held[origin] = row[column]
                row[column] = held.get(origin, "")
        if any(one != "" for one in row):
            for column, fault in broken.get(number, ()):
                if 0 <= column < len(row) and row[column] == "":
                    row[column] = fault
            found += 1
            _check_size(found, row, number + 1)
            yield number + 1, row


def _merged(sheet: Any) -> list[tuple[int, int, int, int]]:
    """The bounds of the merged cells, as `MergedCells` takes them."""
    ranges = sheet.merged_cell_ranges or ()
    return [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges]


def _covered(ranges: Any, first: int) -> dict[int, list[tuple[int, tuple[int, int]]]]:
    """By row the columns that a merged cell covers, counted from the first used one, and the cell it stands in."""
    found: dict[int, list[tuple[int, tuple[int, int]]]] = {}
    size = 0
    for (top, left), (bottom, right) in ranges:
        size += (bottom - top + 1) * (min(right, MAX_COLUMNS + first) - left + 1)
        if size > _MAX_MERGED:
            raise BadTable("too many merged cells")
        for row in range(top, bottom + 1):
            columns = range(max(0, left - first), min(right - first, MAX_COLUMNS) + 1)
            found.setdefault(row, []).extend((one, (top, max(0, left - first))) for one in columns)
    return found


def _said(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return {"at": (cell.date() if cell.time() == time() else cell).isoformat()}
    if isinstance(cell, date):
        return {"at": cell.isoformat()}
    return cell if isinstance(cell, int | float | str) else str(cell)


def _counts_since_1904(body: bytes) -> bool:
    from tracker.evidence.attachments.readers.zipped import open_member, open_zip

    with open_zip(body) as archive:
        if (stream := open_member(archive, "xl/workbook.xml")) is None:
            return False
        with stream:
            head = stream.read(200_000)
    return b'date1904="1"' in head or b'date1904="true"' in head
