"""Reads the rows of a sheet that people fill in, by the heads of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.core.values.message import Message
from tracker.core.values.near import find_near
from tracker.evidence.attachments.readers.sheet_rows import SheetRow, Table
from tracker.registers.eventrows import format_cell, normalize_head

#: Columns that people add for themselves: they are not read.
OWN_HEADS = ("序号", "备注", "no.", "remarks")
#: The heads stand in one of the first rows.
_HEAD_ROWS = 30

Heads = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Record:
    """A row below the heads. `cells`: the texts by the key of the column, of those columns alone that the sheet has.

    `addresses`: the name of each cell in the spreadsheet, such as F7.
    """

    line: int
    cells: Mapping[str, str]
    addresses: Mapping[str, str]


def read_records(
    table: Table, sheet: str, heads: Heads, needed: Sequence[str], errors: list[Message]
) -> Iterator[Record]:
    """The rows below the heads, without empty ones. `heads`: the names of each column, the first for messages.

    A head that is not known or stands twice is an error, as is a row without a value of a `needed` column.
    """
    if not table.rows:
        return
    keys = {head: key for key, names in heads.items() for head in map(normalize_head, names)}
    read = [[keys.get(normalize_head(format_cell(cell)), "") for cell in row.cells] for row in table.rows[:_HEAD_ROWS]]
    head = next((number for number, found in enumerate(read) if all(key in found for key in needed)), None)
    if head is None:
        wanted = "、".join(heads[key][0] for key in needed)
        errors.append(Message("{sheet}: no row names the columns {wanted}", sheet=sheet, wanted=wanted))
        return
    found = read[head]
    errors += _head_errors(table, table.rows[head], found, sheet, heads)
    places = {key: found.index(key) for key in heads if key in found}
    for row in table.rows[head + 1 :]:
        cells = {key: format_cell(row.cells[place]) if place < len(row.cells) else "" for key, place in places.items()}
        missing = [heads[key][0] for key in needed if not cells[key]]
        if not any(cells.values()):
            continue
        if missing:
            errors.append(row_error(sheet, row.line, Message("{what} is empty", what="、".join(missing))))
        else:
            yield Record(row.line, cells, {key: table.address(row.line, place) for key, place in places.items()})


def _head_errors(table: Table, row: SheetRow, found: Sequence[str], sheet: str, heads: Heads) -> Iterator[Message]:
    """What is wrong with the row of heads; a column whose head is not known would be passed over silently."""
    for place, (cell, key) in enumerate(zip(row.cells, found, strict=True)):
        text, address = format_cell(cell), table.address(row.line, place)
        if key and key in found[:place]:
            twice = Message("two columns for {head}: keep one of them", head=heads[key][0])
            yield cell_error(sheet, address, text, twice)
        if key or not text or normalize_head(text) in OWN_HEADS:
            continue
        near = find_near(text, [name for names in heads.values() for name in names if not name.isascii()])
        hint = Message("did you mean {names}?", names="、".join(near)) if near else ""
        unknown = Message(
            "no column is called so; the columns are {known}, and 序号 and 备注 may stand beside them. {hint}",
            known="、".join(names[0] for names in heads.values()),
            hint=hint,
        )
        yield cell_error(sheet, address, text, unknown)


def split_names(text: str) -> list[str]:
    """The names of a cell, however they are separated."""
    return list(filter(None, re.split(r"[、，,;；/\s]+", text)))


def row_error(sheet: str, line: int, message: Message) -> Message:
    """The message with the place of the row."""
    return Message("{sheet} line {line}: {message}", sheet=sheet, line=line, message=message)


def cell_error(sheet: str, address: str, head: str, message: Message) -> Message:
    """The message with the place of the cell: the sheet, F7, and the head of its column."""
    return Message("{sheet} {cell} ({head}): {message}", sheet=sheet, cell=address, head=head, message=message)
