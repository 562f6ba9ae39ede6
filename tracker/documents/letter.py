"""The head and foot of a letter (信函格式) in a .docx: GB/T 9704-2012, 10.1.

The issuer's name stands 30 mm below the page's upper edge, a red double rule 4 mm below it (the thick line above), the
number at the right below the rule at 7/8 of a character's height, a second double rule 20 mm above the page's lower
edge (the thick line below). Rules are 170 mm long and centred on the page; the first page has no number.
"""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tracker.documents.docx_parts import (
    add_run,
    float_table,
    get_or_append,
    insert_in_order,
    new_element,
    set_attributes,
    set_line_height,
    twips,
)
from tracker.documents.fonts import BODY, TITLE

RED = "E60012"
_NAME_SIZE, _NAME_WIDTH = 40.0, 430.0  # points: a long name shrinks so that it stands on one line
_NUMBER_SIZE, _LINE = 16.0, 28.95
_RULE, _RULE_WIDTH = 18, 170  # eighths of a point, millimetres


def add_letter_head(section: Any, issuer: str, number: str) -> None:
    """Put name, rules and number into the header and footer of the section's first page."""
    section.different_first_page_header_footer = True
    size = min(_NAME_SIZE, _NAME_WIDTH / len(issuer))
    section.header_distance = Mm(30) - Pt(size * 0.18)  # less the space between the glyphs and the line's upper edge
    header = section.first_page_header
    header.is_linked_to_previous = False
    name = header.paragraphs[0]
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_line_height(name, size * 1.2)
    _reach(name, section)
    add_run(name, issuer, TITLE, size).font.color.rgb = RGBColor.from_string(RED)
    rule = _rule("bottom", "thickThinSmallGap", space=round(4 / 25.4 * 72 - size * 0.12))
    insert_in_order(name._p.get_or_add_pPr(), new_element("pBdr", rule))
    line = header.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    set_line_height(line, _LINE)
    line.paragraph_format.space_before = Pt(_NUMBER_SIZE * 7 / 8 - (_LINE - _NUMBER_SIZE) / 2)
    add_run(line, number, BODY, _NUMBER_SIZE)
    _add_second_rule(section)


def _reach(paragraph: Any, section: Any) -> None:
    """Let the paragraph reach beyond the text area, so that its border is 170 mm long in the middle of the page."""
    edge = (section.page_width - Mm(_RULE_WIDTH)) // 2
    form = paragraph.paragraph_format
    form.left_indent, form.right_indent = edge - section.left_margin, edge - section.right_margin


def _add_second_rule(section: Any) -> None:
    footer = section.first_page_footer
    footer.is_linked_to_previous = False
    table = footer.add_table(1, 1, Mm(_RULE_WIDTH))
    footer._element.insert(0, table._tbl)  # a footer cannot end with a table
    table.autofit = False
    cell = table.cell(0, 0)
    cell.width = Mm(_RULE_WIDTH)
    get_or_append(cell._tc.get_or_add_tcPr(), "tcBorders").append(_rule("top", "thickThinSmallGap"))
    set_line_height(cell.paragraphs[0], 1)
    margins = (new_element(side, w=0, type="dxa") for side in ("left", "right"))
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(new_element("tblCellMar", *margins))
    edge = (section.page_width / Mm(1) - _RULE_WIDTH) / 2
    bottom = section.page_height / Mm(1) - 20
    float_table(table, vertAnchor="page", horzAnchor="page", tblpX=twips(edge), tblpY=twips(bottom))
    set_attributes(get_or_append(table._tbl.tblPr, "tblW"), type="dxa", w=twips(_RULE_WIDTH))


def _rule(side: str, style: str, *, space: int = 0) -> Any:
    return new_element(side, val=style, sz=_RULE, space=space, color=RED)
