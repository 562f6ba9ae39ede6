"""Writes rows as CSV in which no spreadsheet finds a formula: every CSV is written through here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TextIO

from tracker.core.values.visible import visible

#: The first characters of a formula; a Chinese spreadsheet takes the full-width ones too.
_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def plain(value: Any) -> str:
    """A cell as text: instants with their offset, booleans as true/false, nothing as an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def write_csv(
    out: TextIO, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], lineterminator: str = "\n"
) -> None:
    """Write the columns of the rows, below a line with their names."""
    writer = csv.writer(out, lineterminator=lineterminator)
    writer.writerow(columns)
    writer.writerows([_without_formula(row.get(column)) for column in columns] for row in rows)


def csv_file(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The bytes of a file, with a byte order mark: without it Excel does not take it for UTF-8."""
    out = io.StringIO(newline="")
    write_csv(out, columns, rows, "\r\n")
    return out.getvalue().encode("utf-8-sig")


def _without_formula(value: Any) -> str:
    text = visible(value) if isinstance(value, str) else ""
    is_formula = text.lstrip().startswith(_SIGNS) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if is_formula else text or plain(value)
