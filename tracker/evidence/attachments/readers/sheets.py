"""Spreadsheets, old and new: .xls and .et (BIFF), .xlsx, .xlsb, .ods. A sheet's name, then its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from io import BytesIO

import python_calamine as calamine

from tracker.evidence.attachments.readers.markup import parse
from tracker.evidence.attachments.readers.pptx import Slide
from tracker.evidence.attachments.readers.text import STOPS, Full, Lines, UnreadableFile
from tracker.evidence.attachments.readers.zipped import open_member, open_zip

_MAX_COLUMNS = 500
_MAX_MERGED = 200_000
_MAX_BLANK = 20_000
_DRAWING = re.compile(r"xl/(?:drawings/drawing|diagrams/data)\d*\.xml")
#: The cells a merged one covers in a row: first and last column, and the row and column that hold its text.
_Cover = tuple[int, int, tuple[int, int]]
Cell = int | float | str | bool | time | date | datetime | timedelta


def read(body: bytes, out: Lines) -> None:
    packed = body.startswith(b"PK")
    if packed:
        open_zip(body).close()
    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(body))
    except calamine.PasswordError as error:
        raise UnreadableFile("表格设有密码，无法读取") from error
    except (MemoryError, *STOPS):
        raise
    except BaseException as error:  # its own errors, or a panic of what it is written in
        raise UnreadableFile("表格已损坏或格式无法识别") from error
    for name in book.sheet_names:
        try:
            _sheet(book, name, out)
        except (Full, MemoryError, *STOPS):
            raise
        except BaseException:
            out.lack(f"工作表“{name[:40]}”无法读取")
    pictures = _drawn(body, out) if packed else []
    if not out.size and out.lacks:
        raise UnreadableFile("；".join(out.lacks))
    out.beside_pictures(pictures)


def _drawn(body: bytes, out: Lines) -> list[int]:
    """The texts of shapes, after the cells; and the sizes of pictures in bytes."""
    with open_zip(body) as archive:
        for name in sorted(one for one in archive.namelist() if _DRAWING.fullmatch(one)):
            if (stream := open_member(archive, name)) is not None:
                with stream:
                    parse(stream, Slide(out))
        return [one.file_size for one in archive.infolist() if one.filename.startswith("xl/media/")]


def _sheet(book: calamine.CalamineWorkbook, name: str, out: Lines) -> None:
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        return
    if sheet.width > _MAX_COLUMNS:
        out.lack(f"工作表“{name[:40]}”的列过多，第 {_MAX_COLUMNS} 列以后未读取")
    top, first = sheet.start
    covers = _covers(sheet.merged_cell_ranges or (), first)
    held: dict[tuple[int, int], str] = {}
    found, table, blank = False, False, 0
    for number, cells in enumerate(sheet.iter_rows()):  # from the sheet's first row, but from its first used column
        if number < top:
            continue
        row = [_shown(cell) for cell in cells[:_MAX_COLUMNS]]
        merged = _expand(row, number, covers.get(number, ()), held)
        said = [cell for cell in row if cell]
        alone = merged or len(said) == 1
        table = table or not (alone or not said)
        if not said:
            blank += 1
            if blank > _MAX_BLANK:
                out.lack(f"工作表“{name[:40]}”空行过多，后面的行未读取")
                break
            if found and len(row) > 1:
                out.row(row)
            continue
        if not found:
            out.line(name)
            found = True
        # What stands alone above a table, or is merged across it, is a caption and no row of it.
        out.row(said[:1] if alone and (merged or not table) else row)


def _covers(ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]], first: int) -> dict[int, list[_Cover]]:
    """The merged cells by row; columns are counted from the first used one."""
    found: dict[int, list[_Cover]] = {}
    size = 0
    for (top, left), (bottom, right) in ranges:
        size += bottom - top + 1
        if size > _MAX_MERGED:
            break
        at, end = max(0, left - first), min(right - first, _MAX_COLUMNS)
        for row in range(top, bottom + 1):
            found.setdefault(row, []).append((at, end, (top, at)))
    return found


def _expand(row: list[str], number: int, covers: Iterable[_Cover], held: dict[tuple[int, int], str]) -> bool:
    """Write a merged cell's text into each cell it covers. Whether all of the row's width is one of them."""
    whole = False
    for left, right, (top, first) in covers:
        if left >= len(row):
            continue
        if number == top:
            held[top, first] = row[left]
        row[left : right + 1] = [held.get((top, first), "")] * (min(right, len(row) - 1) - left + 1)
        whole = whole or (left == 0 and right >= len(row) - 1 and number == top)
    return whole


def _shown(cell: Cell) -> str:
    """As a person reads it: 65 and not 65.0, a day without midnight."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    return str(cell)
