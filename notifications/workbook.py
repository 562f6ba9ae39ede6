"""Opens .xlsx files in which no text becomes a formula, a link or a number: every workbook is written through here."""

from __future__ import annotations

from typing import IO, Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tracker.core.values.visible import visible

_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose texts hold nothing unseen."""

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> Any:
        return super()._write_string(row, col, visible(string), cell_format)


class Book(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook; `options` as xlsxwriter has them."""

    def __init__(self, to: IO[bytes], **options: Any) -> None:
        super().__init__(to, {**options, **_PLAIN})

    def add_worksheet(self, name: str | None = None, worksheet_class: Any = _Sheet) -> Any:
        return super().add_worksheet(name, worksheet_class)
