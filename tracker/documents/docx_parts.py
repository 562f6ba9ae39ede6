"""Runs, lines, indents and borders of a .docx, as python-docx alone does not set them."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_LINE_SPACING
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt

from tracker.documents.fonts import BODY, ROMAN, SUBSTITUTES


def run(line: Any, text: str, font: str, size: float) -> Any:
    made = line.add_run(text)
    made.font.size = Pt(size)
    fonts(made._r.get_or_add_rPr(), font)
    return made


def fonts(properties: Any, font: str) -> None:
    """Chinese and Latin characters by their own fonts: `run.font.name` alone sets the Latin one."""
    named = properties.find(qn("w:rFonts"))
    if named is None:
        named = OxmlElement("w:rFonts")
        properties.insert(0, named)
    latin = "Times New Roman" if font in (BODY, ROMAN) else font
    for name, value in (("eastAsia", font), ("ascii", latin), ("hAnsi", latin), ("cs", latin)):
        named.set(qn(f"w:{name}"), value)


def blank(made: Any, lines: int) -> None:
    for _ in range(lines):
        made.add_paragraph()


#: The order that ECMA-376 (17.3.1) gives to a paragraph's properties: Word refuses a document in another.
_ORDER = (
    "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct",
    "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing",
    "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl",
    "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
)  # fmt: skip


def put(properties: Any, element: Any) -> None:
    """Add a property of a paragraph where the schema has it."""
    name = element.tag.rpartition("}")[2]
    after = _ORDER[_ORDER.index(name) + 1 :]
    properties.insert_element_before(element, *(f"w:{one}" for one in after))


def off_the_grid(line: Any) -> None:
    """In a table the lines stand closer than the page's own."""
    off = OxmlElement("w:snapToGrid")
    off.set(qn("w:val"), "0")
    put(line._p.get_or_add_pPr(), off)


def exactly(line: Any, points: float) -> None:
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    line.paragraph_format.line_spacing = Pt(points)


def indent(line: Any, **hundredths: int) -> None:
    """In hundredths of a character, as the standard counts: first line two characters in whatever the size."""
    properties = line._p.get_or_add_pPr()
    found = properties.find(qn("w:ind"))
    if found is None:
        found = OxmlElement("w:ind")
        put(properties, found)
    for side, amount in hundredths.items():
        found.set(qn(f"w:{side}Chars"), str(amount))
        found.set(qn(f"w:{side}"), str(round(amount / 100 * 320)))  # for readers that know no characters


def border(line: Any, side: str, *, width: float, space: float, colour: str) -> None:
    borders = OxmlElement("w:pBdr")
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", round(width * 8)), ("space", round(space)), ("color", colour)):
        edge.set(qn(f"w:{name}"), str(value))
    borders.append(edge)
    put(line._p.get_or_add_pPr(), borders)


def cell_border(cell: Any, **edges: int) -> None:
    properties = cell._tc.get_or_add_tcPr()
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = OxmlElement("w:tcBorders")
        properties.append(borders)
    for side, size in edges.items():
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", size), ("color", "000000")):
            edge.set(qn(f"w:{name}"), str(value))
        borders.append(edge)


def named_fonts(made: Any) -> None:
    """Write each font's alternative into the document's font table, where Word looks for it."""
    part = next((rel.target_part for rel in made.part.rels.values() if rel.reltype.endswith("/fontTable")), None)
    if part is None:
        return
    table = parse_xml(part.blob)
    for font, others in SUBSTITUTES.items():
        entry = OxmlElement("w:font")
        entry.set(qn("w:name"), font)
        other = OxmlElement("w:altName")
        other.set(qn("w:val"), others[0])
        entry.append(other)
        table.append(entry)
    part._blob = serialize_part_xml(table)
