"""Spreadsheets: of each sheet its name, then its rows; the texts of shapes after them."""

from __future__ import annotations

import re
from datetime import datetime, time

import python_calamine as calamine

from tracker.evidence.attachments.readers.markup import parse_member
from tracker.evidence.attachments.readers.story import Story
from tracker.evidence.attachments.readers.text import STOPS, Full, Lines, UnreadableFile
from tracker.evidence.attachments.readers.workbook import Cell, open_book, rows_of
from tracker.evidence.attachments.readers.zipped import open_zip

_MAX_COLUMNS = 500
_MAX_BLANK = 20_000
_DRAWING = re.compile(r"xl/(?:drawings/drawing|diagrams/data)\d*\.xml")


def read(body: bytes, out: Lines) -> None:
    book = open_book(body)
    for name in book.sheet_names:
        try:
            _sheet(book.get_sheet_by_name(name), name, out)
        except (Full, MemoryError, *STOPS):
            raise
        except BaseException:
            out.lack(f"工作表“{name[:40]}”无法读取")
    pictures = _drawn(body, out) if body.startswith(b"PK") else []
    if not out.size and out.lacks:
        raise UnreadableFile("；".join(out.lacks))
    out.beside_pictures(pictures)


def _drawn(body: bytes, out: Lines) -> list[int]:
    """The texts of shapes, after the cells; and the sizes of pictures in bytes."""
    with open_zip(body) as archive:
        for name in sorted(one for one in archive.namelist() if _DRAWING.fullmatch(one)):
            parse_member(archive, name, Story(out))
        return [one.file_size for one in archive.infolist() if one.filename.startswith("xl/media/")]


def _sheet(sheet: calamine.CalamineSheet, name: str, out: Lines) -> None:
    if sheet.width > _MAX_COLUMNS:
        out.lack(f"工作表“{name[:40]}”的列过多，第 {_MAX_COLUMNS} 列以后未读取")
    found, table, blank = False, False, 0
    for _, cells, merged in rows_of(sheet, _MAX_COLUMNS):
        row = [_shown(cell) for cell in cells]
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


def _shown(cell: Cell) -> str:
    """As a person reads it: 65 and not 65.0, a day without midnight."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    return str(cell)
