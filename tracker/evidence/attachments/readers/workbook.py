"""Workbooks of every kind, as calamine reads them: .xls and .et (BIFF), .xlsx, .xlsb, .ods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

import python_calamine as calamine

from tracker.evidence.attachments.readers.text import STOPS, UnreadableFile
from tracker.evidence.attachments.readers.zipped import open_zip

_MAX_MERGED = 200_000
#: The cells a merged one covers in a row: first and last column, and the row that holds its value.
_Cover = tuple[int, int, int]
Cell = int | float | str | bool | time | date | datetime | timedelta


def open_book(body: bytes) -> calamine.CalamineWorkbook:
    """Raises `UnreadableFile` where it is broken, has a password, or would swell beyond all bounds."""
    if body.startswith(b"PK"):
        open_zip(body).close()
    try:
        return calamine.CalamineWorkbook.from_filelike(BytesIO(body))
    except calamine.PasswordError as error:
        raise UnreadableFile("表格设有密码，无法读取") from error
    except (MemoryError, *STOPS):
        raise
    except BaseException as error:  # its own errors, or a panic of what it is written in
        raise UnreadableFile("表格已损坏或格式无法识别") from error


def rows_of(sheet: calamine.CalamineSheet, most: int) -> Iterator[tuple[int, list[Cell], bool]]:
    """Each row: its number from 0, its cells from the sheet's first used column on, `most` of them, and whether one
    merged cell that begins in it is all its width. A merged cell's value stands in each cell that it covers."""
    if sheet.start is None:
        return
    top, first = sheet.start
    covers = _covers(sheet.merged_cell_ranges or (), first)
    values: dict[tuple[int, int], Cell] = {}
    for number, cells in enumerate(sheet.iter_rows()):  # from the sheet's first row, but from its first used column
        if number < top:
            continue
        row, whole = list(cells[:most]), False
        last = len(row) - 1
        for left, right, begins in covers.get(number, ()):
            if left > last:
                continue
            if number == begins:
                values[begins, left] = row[left]
                whole = whole or (left == 0 and right >= last)
            row[left : right + 1] = [values.get((begins, left), "")] * (min(right, last) - left + 1)
        yield number, row, whole


def _covers(ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]], first: int) -> dict[int, list[_Cover]]:
    """The merged cells by row; columns are counted from the first used one."""
    found: dict[int, list[_Cover]] = {}
    size = 0
    for (top, left), (bottom, right) in ranges:
        size += bottom - top + 1
        if size > _MAX_MERGED:
            raise UnreadableFile("合并的单元格过多")
        for row in range(top, bottom + 1):
            found.setdefault(row, []).append((max(0, left - first), right - first, top))
    return found
