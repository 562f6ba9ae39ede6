"""Sends a list that a page shows as a file: .xlsx or .csv, by the end of the address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from starlette.responses import Response

from tracker.console.signed_in import PageRequest
from tracker.core.values.message import Message
from tracker.reports.list_csv import csv_file
from tracker.reports.list_sheet import ListColumn, ListSheet, write_lists

#: The most rows of a file, and characters of a cell of .xlsx (Excel takes 32,767).
MOST_ROWS, _LONGEST = 20_000, 32_000


def send_list(
    ask: PageRequest,
    name: Message,
    columns: Sequence[tuple[Message, int]],
    rows: Iterable[Sequence[Any]],
    of: str = "",
) -> Response:
    """The rows as the file that the address asks for. `columns`: heads with their widths in characters; `of`: whose
    list it is, the county's if left out."""
    heads = [ask.translate(head) for head, _ in columns]
    file = ask.request.url.path.rpartition("/")[2]
    if file.endswith(".csv"):
        return ask.file(csv_file(heads, (dict(zip(heads, row, strict=True)) for row in rows)), file)
    wide = [ListColumn(head, width) for head, (_, width) in zip(heads, columns, strict=True)]
    title = f"{of or ask.viewer.rulebook.county.name}{ask.translate(name)}"
    cut = ([_cut(value) for value in row] for row in rows)
    return ask.file(write_lists(title, [ListSheet(ask.translate(name), title, wide, cut)]), file)


def _cut(value: Any) -> Any:
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value
