"""Elements, runs, indents and borders of a .docx that python-docx alone does not set."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_LINE_SPACING
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from tracker.core.values.visible import visible
from tracker.documents.fonts import BODY, ROMAN, SUBSTITUTES

#: The order that ECMA-376 (17.3.1) gives to a paragraph's properties: Word refuses a document in another.
_ORDER = (
    "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct",
    "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing",
    "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl",
    "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
)  # fmt: skip


def new_element(name: str, /, *children: Any, **attributes: object) -> Any:
    """A new element of WordprocessingML; its name and those of its attributes without `w:`."""
    element = OxmlElement(f"w:{name}")
    set_attributes(element, **attributes)
    element.extend(children)
    return element


def set_attributes(element: Any, **attributes: object) -> None:
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))


def get_or_append(parent: Any, name: str) -> Any:
    """The child of that name; where there is none, a new one at the end."""
    child = parent.find(qn(f"w:{name}"))
    if child is None:
        child = new_element(name)
        parent.append(child)
    return child


def insert_in_order(properties: Any, element: Any) -> None:
    """Add a property to a paragraph's where the schema has its place."""
    name = element.tag.rpartition("}")[2]
    successors = _ORDER[_ORDER.index(name) + 1 :]
    properties.insert_element_before(element, *(f"w:{successor}" for successor in successors))


def add_run(paragraph: Any, text: str, font: str, size: float) -> Any:
    run = paragraph.add_run(visible(text))
    run.font.size = Pt(size)
    set_fonts(run._r.get_or_add_rPr(), font)
    return run


def set_fonts(properties: Any, font: str) -> None:
    """Set Chinese and Latin characters in their own fonts: `run.font.name` alone sets the Latin one."""
    latin = "Times New Roman" if font in (BODY, ROMAN) else font
    set_attributes(properties.get_or_add_rFonts(), eastAsia=font, ascii=latin, hAnsi=latin, cs=latin)


def add_blank_lines(docx: Any, lines: int) -> None:
    for _ in range(lines):
        docx.add_paragraph()


def leave_grid(paragraph: Any) -> None:
    """Let the lines of a table stand closer than the page's grid."""
    insert_in_order(paragraph._p.get_or_add_pPr(), new_element("snapToGrid", val=0))


def set_line_height(paragraph: Any, points: float) -> None:
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(points)


def indent(paragraph: Any, **hundredths: int) -> None:
    """Indent in hundredths of a character, as the standard counts: it holds in whatever size."""
    element = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for side, amount in hundredths.items():
        # The second one is for readers that know no characters.
        set_attributes(element, **{f"{side}Chars": amount, side: round(amount / 100 * 320)})


def add_border_below(paragraph: Any, *, width: float, space: float, colour: str) -> None:
    edge = new_element("bottom", val="single", sz=round(width * 8), space=round(space), color=colour)
    insert_in_order(paragraph._p.get_or_add_pPr(), new_element("pBdr", edge))


def add_cell_borders(cell: Any, **sizes: int) -> None:
    borders = get_or_append(cell._tc.get_or_add_tcPr(), "tcBorders")
    borders.extend(new_element(side, val="single", sz=size, color="000000") for side, size in sizes.items())


def name_substitutes(docx: Any) -> None:
    """Write each font's first substitute into the document's font table, where Word looks for it."""
    part = next((rel.target_part for rel in docx.part.rels.values() if rel.reltype.endswith("/fontTable")), None)
    if part is None:
        return
    table = parse_xml(part.blob)
    for font, substitutes in SUBSTITUTES.items():
        table.append(new_element("font", new_element("altName", val=substitutes[0]), name=font))
    part._blob = serialize_part_xml(table)


def turned_cell(footer: Any, height: float) -> Any:
    """The paragraph of a cell at the left edge of a turned page, whose lines run down it: the foot of the sheet.

    `height`: of its line, in points. The cell is as long as the text area is wide, 7 mm below it (GB/T 9704-2012, 7.5).
    """
    width, length = height / 72 * 25.4, 156  # millimetres
    table = footer.add_table(1, 1, Mm(width))
    footer._element.insert(0, table._tbl)  # a footer cannot end with a table
    table.autofit = False
    cell = table.cell(0, 0)
    cell.width, table.rows[0].height = Mm(width), Mm(length)
    table.rows[0].height_rule = WD_ROW_HEIGHT_RULE.EXACTLY
    cell._tc.get_or_add_tcPr().append(new_element("textDirection", val="tbRl"))
    margins = (new_element(edge, w=0, type="dxa") for edge in ("top", "left", "bottom", "right"))
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(new_element("tblCellMar", *margins))
    float_table(table, vertAnchor="page", horzAnchor="page", tblpX=twips(35 - 7 - width / 2), tblpY=twips(28))
    return cell.paragraphs[0]


def float_table(table: Any, **position: object) -> None:
    """Take the table out of the text and put it where `position` says."""
    properties = table._tbl.tblPr
    place = 0 if properties.find(qn("w:tblStyle")) is None else 1
    properties.insert(place, new_element("tblpPr", **position))


def twips(millimetres: float) -> int:
    return round(millimetres / 25.4 * 1440)
