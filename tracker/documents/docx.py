"""An official document (公文) as .docx in the form of GB/T 9704-2012.

Measures of the standard: A4, text area 156 × 225 mm with 37 mm above and 28 mm left of it (5.2), 22 lines of 28
characters (5.2.2), the issuer's name 35 mm below the text area's top (7.2.4), a red rule 4 mm below the number
(7.2.7), the page number 7 mm below the text area, odd right and even left (7.5). Fonts are named as offices have them;
`fonts.py` says what stands in for them where they are missing.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as _ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tracker.core.law.wording import day_zh
from tracker.documents.docx_parts import (
    blank,
    border,
    cell_border,
    exactly,
    fonts,
    indent,
    named_fonts,
    off_the_grid,
    put,
    run,
)
from tracker.documents.fonts import BLACK, BODY, KAI, ROMAN, TITLE
from tracker.documents.official import OfficialDocument, OfficialTable, Paragraph, Picture

_RED = RGBColor(0xE6, 0x00, 0x12)
_TOP, _LEFT, _RIGHT, _BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)
#: Sizes by their Chinese names, in points: 二号, 三号, 四号, 小四, 五号.
SIZES = {"二号": 22.0, "三号": 16.0, "四号": 14.0, "小四": 12.0, "五号": 10.5}
#: 225 mm in 22 lines, 156 mm in 28 characters.
_LINE = Pt(28.95)
_PITCH, _CHAR = 579, -849  # of the grid: twentieths of a point; 1/4096 of a point a character
SHORT = 11  # characters of a cell that is centred: a date is one
HEAD_SIZE, HEAD_WIDTH = 46.0, 430.0  # points: the red head shrinks so that it stands on one line


def docx_of(document: OfficialDocument) -> bytes:
    """The .docx. The same document gives the same bytes."""
    made = Document()
    _set_up(made, document)
    _head(made, document)
    _centred(made, *title_lines(document.title), font=TITLE, size=SIZES["二号"], before=2)
    _plain(made, f"{document.addressee}：", before=1)
    for paragraph in document.body:
        _paragraph(made, paragraph)
    _list_attachments(made, document)
    _signature(made, document)
    for number, attached in enumerate(document.attachments, 1):
        _attachment(made, attached, number, len(document.attachments))
    _foot(made, document)
    held = io.BytesIO()
    made.save(held)
    return _undated(held)


def _undated(held: io.BytesIO) -> bytes:
    """The same package without the instant at which it was packed: the same document gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(held) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return packed.getvalue()


# -- the page ----------------------------------------------------------------------------------------


def _set_up(made: Any, document: OfficialDocument) -> None:
    section = made.sections[0]
    _page(section)
    style = made.styles["Normal"]
    style.font.size = Pt(SIZES["三号"])
    fonts(style.element.get_or_add_rPr(), BODY)
    form = style.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    form.space_before = form.space_after = Pt(0)
    form.widow_control = False
    for name in ("autoSpaceDE", "autoSpaceDN"):  # 2015年 in five places, as the standard counts characters
        none = OxmlElement(f"w:{name}")
        none.set(qn("w:val"), "0")
        put(style.element.get_or_add_pPr(), none)
    made.settings.odd_and_even_pages_header_footer = True
    made.core_properties.title = document.title
    made.core_properties.author = document.issuer
    made.core_properties.comments = ""
    when = document.dated or date(2000, 1, 1)
    made.core_properties.created = made.core_properties.modified = datetime(when.year, when.month, when.day)  # noqa: DTZ001
    named_fonts(made)
    _page_numbers(section)


def _page(section: Any, *, landscape: bool = False) -> None:
    """The standard's page; lying down, its margins turn with it."""
    width, height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
    margins = (_LEFT, _BOTTOM, _RIGHT, _TOP) if landscape else (_TOP, _LEFT, _BOTTOM, _RIGHT)
    section.top_margin, section.left_margin, section.bottom_margin, section.right_margin = margins
    # The dashes beside the number 7 mm below the text area; the line of 14 points stands half above them.
    section.footer_distance = Mm(15.7) if landscape else Mm(24.7)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    for name, value in (
        ("type", "lines" if landscape else "linesAndChars"),
        ("linePitch", _PITCH),
        ("charSpace", _CHAR),
    ):
        grid.set(qn(f"w:{name}"), str(value))


def _page_numbers(section: Any) -> None:
    """— 1 —: odd pages right, even ones left, one character in."""
    for footer, side in (
        (section.footer, _ALIGN.RIGHT),
        (section.even_page_footer, _ALIGN.LEFT),
    ):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.alignment = side
        exactly(line, SIZES["四号"] * 1.2)
        indent(line, **({"right": 100} if side is _ALIGN.RIGHT else {"left": 100}))
        run(line, "— ", ROMAN, SIZES["四号"])
        field = run(line, "", ROMAN, SIZES["四号"])
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            part = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                part.set(qn("w:fldCharType"), kind)
            else:
                part.text = text
            field._r.append(part)
        run(line, " —", ROMAN, SIZES["四号"])


# -- the head ----------------------------------------------------------------------------------------


def _head(made: Any, document: OfficialDocument) -> None:
    """The issuer in red, the number two lines lower, the red rule 4 mm below it."""
    name = f"{document.issuer}文件"
    size = min(HEAD_SIZE, HEAD_WIDTH / len(name))
    line = made.paragraphs[0] if made.paragraphs else made.add_paragraph()
    line.alignment = _ALIGN.CENTER
    exactly(line, size * 1.2)
    # 35 mm to the glyph's upper edge, which lies below the line's own by what the line is higher than the glyph.
    line.paragraph_format.space_before = Pt(35 / 25.4 * 72 - size * 0.18)
    run(line, name, TITLE, size).font.color.rgb = _RED
    blank(made, 2)
    number = made.add_paragraph()
    number.alignment = _ALIGN.CENTER
    run(number, document.number or ("（征求意见稿）" if document.draft else ""), BODY, SIZES["三号"])
    # 4 mm from the glyphs, of which the line itself leaves free below them what it is higher, half of it.
    border(number, "bottom", width=1.5, space=4 / 25.4 * 72 - (_LINE.pt - SIZES["三号"]) / 2, colour="E60012")


def _centred(made: Any, *texts: str, font: str, size: float, before: int = 0) -> None:
    blank(made, before)
    for text in texts:
        line = made.add_paragraph()
        line.alignment = _ALIGN.CENTER
        exactly(line, size * 1.5)
        run(line, text, font, size)


def title_lines(title: str, most: int = 20) -> tuple[str, ...]:
    """The title in lines that break between words, near the middle and never leaving a tail (7.3.1)."""
    if len(title) <= most:
        return (title,)
    places = [at for at in range(4, len(title) - 3) if any(title.startswith(word, at) for word in _STARTS)]
    middle = len(title) / 2
    at = min(places, key=lambda place: abs(place - middle), default=round(middle))
    return (*title_lines(title[:at], most), *title_lines(title[at:], most))


#: Words of titles before which a line may break.
_STARTS = ("关于", "政府信息公开", "督办", "工作情况", "情况", "有关", "更正", "通报", "办公室", "年度")


# -- the body ----------------------------------------------------------------------------------------

_LEVEL_FONTS = {0: BODY, 1: BLACK, 2: KAI, 3: BODY, 4: BODY}


def _paragraph(made: Any, paragraph: Paragraph) -> None:
    """一、 in 黑体, （一） in 楷体 up to its full stop, all else in 仿宋, two characters in (7.3.3)."""
    line = made.add_paragraph()
    indent(line, firstLine=200)
    line.alignment = _ALIGN.JUSTIFY
    text, font = paragraph.text, _LEVEL_FONTS[paragraph.level]
    if paragraph.level == 2 and (end := text.find("。") + 1):
        run(line, text[:end], font, SIZES["三号"])
        run(line, text[end:], BODY, SIZES["三号"])
    else:
        run(line, text, font, SIZES["三号"])


def _plain(made: Any, text: str, *, before: int = 0) -> None:
    blank(made, before)
    run(made.add_paragraph(), text, BODY, SIZES["三号"])


def _list_attachments(made: Any, document: OfficialDocument) -> None:
    """附件：1. …, a blank line below the text, names without a full stop (7.3.4)."""
    titles = [attachment.title for attachment in document.attachments]
    if not titles:
        return
    blank(made, 1)
    for number, title in enumerate(titles, 1):
        line = made.add_paragraph()
        several = f"{number}. " if len(titles) > 1 else ""
        first = number == 1
        indent(line, left=200 if first else 500)
        run(line, ("附件：" if first else "") + several + title, BODY, SIZES["三号"])


def _signature(made: Any, document: OfficialDocument) -> None:
    """The name and, below it, the day in Arabic figures without noughts in front, at the right (7.3.5)."""
    blank(made, 2)
    day = day_zh(document.dated) if document.dated else "    年  月  日"
    for text, right in ((document.signature, 400 - max(0, len(document.signature) - len(day)) * 25), (day, 400)):
        line = made.add_paragraph()
        line.alignment = _ALIGN.RIGHT
        line.paragraph_format.keep_together = True
        indent(line, right=max(100, right))
        run(line, text, BODY, SIZES["三号"])


# -- attachments -------------------------------------------------------------------------------------


def _attachment(made: Any, table: OfficialTable | Picture, number: int, of: int) -> None:
    """On a page of its own: 附件 in 黑体, the title, and a table whose head stands on every page."""
    landscape = isinstance(table, OfficialTable) and table.landscape
    section = made.add_section(WD_SECTION.NEW_PAGE)
    _page(section, landscape=landscape)
    label = made.add_paragraph()
    run(label, f"附件{number}" if of > 1 else "附件", BLACK, SIZES["三号"])
    _centred(made, *title_lines(table.title), font=TITLE, size=SIZES["二号"])
    blank(made, 1)
    if isinstance(table, Picture):
        for png in (table.png, *table.more):
            line = made.add_paragraph()
            line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            line.alignment = _ALIGN.CENTER
            shape = line.add_run().add_picture(io.BytesIO(png), width=Mm(156))
            shape._inline.docPr.set("descr", table.alt)
        return
    _table(made, table, Mm(234) if landscape else Mm(156))


def _table(made: Any, one: OfficialTable, width: int) -> None:
    table = made.add_table(rows=1, cols=len(one.heads))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    total = sum(one.widths)
    widths = [int(width * share / total) for share in one.widths]
    for column, each in zip(table.columns, widths, strict=True):
        column.width = each
    _cells(table.rows[0], one.heads, widths, BLACK)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in one.rows:
        _cells(table.add_row(), [cell.text for cell in row], widths, BODY)


def _cells(row: Any, texts: Sequence[str], widths: Iterable[int], font: str) -> None:
    whole = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(whole)
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = width
        line = cell.paragraphs[0]
        line.alignment = _ALIGN.CENTER if len(text) <= SHORT else _ALIGN.LEFT
        exactly(line, SIZES["五号"] * 1.4)
        off_the_grid(line)
        run(line, text, font, SIZES["五号"])


# -- the foot ----------------------------------------------------------------------------------------


def _foot(made: Any, document: OfficialDocument) -> None:
    """版记 at the bottom of the last page: 抄送, and who printed it when, between rules of 0.35, 0.25 and 0.35 mm."""
    if not document.number:
        return
    printed = f"{day_zh(document.printed_on)}印发" if document.printed_on else ""
    rows = [(f"抄送：{document.copies}。", "")] if document.copies else []
    rows.append((document.printed_by or document.issuer, printed))
    table = made.add_table(rows=len(rows), cols=2)
    table.autofit = False
    _float_to_bottom(table)
    for number, (left, right) in enumerate(rows):
        cells = table.rows[number].cells
        if not right:
            cells[0].merge(cells[1])
        for cell, text, side in (
            (cells[0], left, _ALIGN.LEFT),
            (cells[1], right, _ALIGN.RIGHT),
        ):
            if cell is cells[1] and not right:
                continue
            line = cell.paragraphs[0]
            line.alignment = side
            indent(line, **{"left" if side is _ALIGN.LEFT else "right": 100})
            exactly(line, 24)
            run(line, text, BODY, SIZES["四号"])
        last = number == len(rows) - 1
        for cell in table.rows[number].cells:
            cell_border(cell, top=8 if number == 0 else 6, bottom=8 if last else 6)
    # A table cannot end a document: what follows it takes no room.
    end = made.add_paragraph()
    exactly(end, 1)


def _float_to_bottom(table: Any) -> None:
    place = OxmlElement("w:tblpPr")
    for name, value in (
        ("vertAnchor", "margin"), ("horzAnchor", "margin"), ("tblpXSpec", "left"), ("tblpYSpec", "bottom"),
    ):  # fmt: skip
        place.set(qn(f"w:{name}"), value)
    properties = table._tbl.tblPr
    style = properties.find(qn("w:tblStyle"))
    properties.insert(0 if style is None else 1, place)
    width = properties.find(qn("w:tblW"))
    if width is None:
        width = OxmlElement("w:tblW")
        properties.append(width)
    width.set(qn("w:type"), "dxa")
    width.set(qn("w:w"), str(round(156 / 25.4 * 1440)))
    for column, share in zip(table.columns, (0.55, 0.45), strict=True):
        for cell in column.cells:
            cell.width = int(Mm(156) * share)
