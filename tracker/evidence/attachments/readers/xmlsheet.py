"""Spreadsheets in one XML file (SpreadsheetML 2003): what many systems write as .xls."""

from __future__ import annotations

from tracker.evidence.attachments.readers.markup import Handler, parse
from tracker.evidence.attachments.readers.text import Lines, UnreadableFile

_MAX_COLUMNS = 500


def read(body: bytes, out: Lines) -> None:
    parse(body, _Sheets(out))
    if not out.size:
        raise UnreadableFile("表格中没有文字")


class _Sheets(Handler):
    """A row's cells; `Index` says where empty ones were left out."""

    def __init__(self, out: Lines) -> None:
        self._out = out
        self._row: list[str] = []
        self._pieces: list[str] = []
        self._span = 0
        self._in_data = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Worksheet":
            self._out.line(attributes.get("Name", ""))
        elif name == "Row":
            self._row = []
        elif name == "Cell":
            index = _number(attributes.get("Index", ""))
            self._row += [""] * (min(index, _MAX_COLUMNS) - 1 - len(self._row))
            self._pieces, self._span = [], _number(attributes.get("MergeAcross", ""))
        elif name == "Data":
            self._in_data = True

    def end(self, name: str) -> None:
        if name == "Data":
            self._in_data = False
        elif name == "Cell" and len(self._row) < _MAX_COLUMNS:
            self._row += ["".join(self._pieces)] * (1 + min(self._span, _MAX_COLUMNS - len(self._row)))
        elif name == "Row":
            alone = len(set(self._row)) == 1
            self._out.row(self._row[:1] if alone else self._row)

    def data(self, text: str) -> None:
        if self._in_data:
            self._pieces.append(text)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0
