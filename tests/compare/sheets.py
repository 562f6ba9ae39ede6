"""Reads the sheets of an .xlsx with the standard library."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows_of(path: Path, key: str) -> list[dict[str, str]]:
    """The rows of the first sheet whose header names the column `key`, by the header's names."""
    with zipfile.ZipFile(path) as book:
        sheets = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/"))
        shared: list[str] = []
        if "xl/sharedStrings.xml" in book.namelist():
            strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
            shared = ["".join(text.text or "" for text in string.iter(f"{_MAIN}t")) for string in strings]
        for sheet in sheets:
            if rows := _under_header(ElementTree.fromstring(book.read(sheet)), shared, key):
                return rows
    return []


def _under_header(sheet: ElementTree.Element, shared: list[str], key: str) -> list[dict[str, str]]:
    header: dict[str, str] = {}
    rows: list[dict[str, str]] = []
    for cells in _cells(sheet, shared):
        if header:
            row = {name: cells.get(letter, "") for letter, name in header.items()}
            if row[key]:
                rows.append(row)
        elif key in cells.values():
            header = cells
    return rows


def _cells(sheet: ElementTree.Element, shared: list[str]) -> Iterator[dict[str, str]]:
    """The cells of each row by the letters of their columns."""
    for row in sheet.iter(f"{_MAIN}row"):
        yield {re.sub(r"\d", "", cell.get("r", "")): _text(cell, shared) for cell in row.iter(f"{_MAIN}c")}


def _text(cell: ElementTree.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_MAIN}t"))
    value = cell.findtext(f"{_MAIN}v") or ""
    return shared[int(value)] if cell.get("t") == "s" else value
