"""Tables of Word 97-2003 files: which paragraphs belong to them, and where their cells begin and end.

Source: [MS-DOC]: PlcBtePapx, PapxFkp, PapxInFkp, Sprm, TDefTableOperand, TC80.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

_IN_TABLE, _ROW_MARK = 0x2416, 0x2417  # sprmPFInTable, sprmPFTtp
_DEFINITION = 0xD608  # sprmTDefTable
_LONG = (0xD606, _DEFINITION)  # their operands have lengths of two bytes
_ELSEWHERE = (0x6645, 0x6646, 0x646B)  # sprmPHugePapx and its kin: the properties lie in the data stream
#: Operand sizes by the three upper bits of a property's code; 0: its first byte says.
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
#: Edges so near to each other, in twentieths of a point, are one.
_NEAR = 40
_MAX_COLUMNS = 64


@dataclass(frozen=True, slots=True)
class Mark:
    """The end of a table's paragraph: of one in a cell, or of a row. Of a row with what is known of its cells:
    `edges` from left to right, one more than cells, and `merges`, their flags."""

    kind: Literal["cell", "row"]
    edges: tuple[int, ...] = ()
    merges: tuple[int, ...] = ()


def paragraphs(
    main: bytes, plc: bytes, data: bytes, place_of: Callable[[int], int | None]
) -> Iterator[tuple[int, Mark]]:
    """The marks with their places in the text.

    `place_of`: the place of the character at a byte of the stream, None where what lies there is no longer in the text.

    `plc`: where the pages of paragraph properties lie; `data`: the stream for properties that are too long for them.
    """
    count = (len(plc) - 4) // 8
    for number in range(count):
        (page,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * number)
        at = (page & 0x3FFFFF) * 512
        block = main[at : at + 512]
        runs = block[511]
        for run in range(runs):
            mark = _mark(_held(block, block[4 * (runs + 1) + 13 * run] * 2), data)
            if mark is not None:
                (end,) = struct.unpack_from("<I", block, 4 * (run + 1))
                if (place := place_of(end - 1)) is not None:
                    yield place, mark


def _held(block: bytes, at: int) -> bytes:
    """A paragraph's properties (PapxInFkp at this byte of the page); the first two bytes name its style."""
    if at == 0:
        return b""
    size = block[at] * 2 - 1
    at += 1
    if size < 0:
        size = block[at] * 2
        at += 1
    return block[at + 2 : at + size]


def _mark(held: bytes, data: bytes) -> Mark | None:
    found = dict(_properties(held, data))
    if found.get(_ROW_MARK, b"\0")[:1] != b"\0":
        return Mark("row", *_definition(found.get(_DEFINITION, b"")))
    return Mark("cell") if found.get(_IN_TABLE, b"\0")[:1] != b"\0" else None


def _properties(held: bytes, data: bytes, depth: int = 0) -> Iterator[tuple[int, bytes]]:
    """Code and operand of each property."""
    at = 0
    while at + 2 < len(held):
        (code,) = struct.unpack_from("<H", held, at)
        width = _SIZES[code >> 13]
        if code in _LONG:
            width = struct.unpack_from("<H", held, at + 2)[0] + 1
        elif width == 0:
            width = 1 + held[at + 2]
        operand = held[at + 2 : at + 2 + width]
        if code in _ELSEWHERE and depth == 0:
            (where,) = struct.unpack("<I", operand)
            (size,) = struct.unpack_from("<H", data, where)
            yield from _properties(data[where + 2 : where + 2 + size], data, depth + 1)
        yield code, operand
        at += 2 + width


def _definition(operand: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Edges and merge flags of a row's cells; nothing where they are not told."""
    if len(operand) < 3:
        return (), ()
    count = operand[2]
    edges = struct.unpack_from(f"<{count + 1}h", operand, 3)
    flags = operand[3 + 2 * (count + 1) :]
    merges = (struct.unpack_from("<H", flags, 20 * n)[0] if len(flags) >= 20 * n + 2 else 0 for n in range(count))
    return edges, tuple(merges)


@dataclass(frozen=True, slots=True)
class WordRow:
    """A row's cells as they stand, and its mark."""

    cells: Sequence[str]
    mark: Mark


def aligned(rows: Sequence[WordRow]) -> Iterator[Sequence[str]]:
    """The rows of one table on its common grid; a cell that spans others stands in each of them.

    Where the edges make no sense the rows come as they stand. A row of one cell stays one.
    """
    grid = _grid(rows)
    above: dict[int, str] = {}
    for row in rows:
        edges, cells = row.mark.edges, row.cells
        if len(grid) < 2 or len(edges) != len(cells) + 1:
            yield cells
            continue
        columns = [_column(grid, edge) for edge in edges]
        line = [""] * columns[0]
        for number, text in enumerate(cells):
            flags, start = row.mark.merges[number], len(line)
            if flags >> 5 & 3 == 1:  # goes on from the row above
                text = text or above.get(start, "")
            elif flags & 3 and not text and number and row.mark.merges[number - 1] & 3:
                text = cells[number - 1]
            line += [text] * max(1, columns[number + 1] - columns[number])
        above = dict(enumerate(line))
        yield cells if len(cells) == 1 else line + [""] * (len(grid) - 1 - len(line))


def _grid(rows: Sequence[WordRow]) -> list[int]:
    grid: list[int] = []
    for edge in sorted({edge for row in rows for edge in row.mark.edges}):
        if not grid or edge - grid[-1] > _NEAR:
            grid.append(edge)
    return grid if len(grid) <= _MAX_COLUMNS else []


def _column(grid: Sequence[int], edge: int) -> int:
    return max(0, bisect_right(grid, edge) - 1)
