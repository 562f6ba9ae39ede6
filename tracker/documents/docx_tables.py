"""Tables of a .docx: the head on every page, cells that stand for several, no row across pages."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from tracker.documents.docx_parts import add_run, leave_grid, new_element, set_line_height, twips
from tracker.documents.fonts import BLACK, BODY, SIZES
from tracker.documents.official import OfficialTable, blocks_of

SHORT = 11  # characters of a cell that is centred: a date is one


def add_table(docx: Any, official: OfficialTable, width: int) -> None:
    """Add the table in that width, and its note below."""
    heads, texts = official.head_rows, official.texts
    table = docx.add_table(rows=len(texts), cols=len(official.columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    total = sum(official.columns.values())
    widths = [int(width * share / total) for share in official.columns.values()]
    for column, column_width in zip(table.columns, widths, strict=True):
        column.width = column_width
    blocks = {block[:2]: block for block in blocks_of(official)}
    grid = [list(row.cells) for row in table.rows]
    for number, (row, words) in enumerate(zip(table.rows, texts, strict=True)):
        is_head = number < len(heads)
        _set_row(row, is_head=is_head)
        for place, (cell, text) in enumerate(zip(grid[number], words, strict=True)):
            cell.width = widths[place]
            _fill(cell, text if (number, place) in blocks else "", BLACK if is_head else BODY)
    if official.heads:
        _narrow_margins(table)
    for first_row, first, last_row, last in blocks.values():
        cell = grid[first_row][first]
        if (first_row, first) != (last_row, last):
            cell = cell.merge(grid[last_row][last])
        if official.heads:
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        if len(heads) <= first_row == last_row and first < official.joined:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT  # a line's own words, below those of other lines
    if official.note:
        note = docx.add_paragraph()
        set_line_height(note, SIZES["五号"] * 1.6)
        add_run(note, official.note, BODY, SIZES["五号"])


def _set_row(row: Any, *, is_head: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(new_element("cantSplit"))
    if is_head:
        properties.append(new_element("tblHeader", val="true"))


def _fill(cell: Any, text: str, font: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if len(text) <= SHORT else WD_ALIGN_PARAGRAPH.LEFT
    set_line_height(paragraph, SIZES["五号"] * 1.4)
    leave_grid(paragraph)
    if text:
        add_run(paragraph, text, font, SIZES["五号"])


def _narrow_margins(table: Any) -> None:
    """Leave 0.6 mm beside the words: a form has many narrow columns."""
    edges = (new_element(side, w=twips(0.6), type="dxa") for side in ("left", "right"))
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(new_element("tblCellMar", *edges))
