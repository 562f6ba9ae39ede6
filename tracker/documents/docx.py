"""An official document (公文) as .docx in the form of GB/T 9704-2012.

Measures of the standard: A4, text area 156 × 225 mm with 37 mm above and 28 mm left of it (5.2), 22 lines of 28
characters (5.2.2), the issuer's name 35 mm below the text area's top (7.2.4), a red rule 4 mm below the number
(7.2.7), the page number 7 mm below the text area, odd right and even left (7.5). Fonts are named as offices have them;
`fonts.py` says what stands in for them where they are missing.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as _ALIGN
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt, RGBColor

from tracker.core.law.wording import day_zh
from tracker.core.values.visible import visible
from tracker.documents.docx_parts import (
    add_blank_lines,
    add_border_below,
    add_cell_borders,
    add_run,
    float_table,
    get_or_append,
    indent,
    insert_in_order,
    name_substitutes,
    new_element,
    set_attributes,
    set_fonts,
    set_line_height,
    turned_cell,
    twips,
)
from tracker.documents.docx_tables import add_table
from tracker.documents.fonts import BLACK, BODY, KAI, ROMAN, SIZES, TITLE
from tracker.documents.letter import RED, add_letter_head
from tracker.documents.official import OfficialDocument, OfficialTable, Paragraph, Picture, TextRun

_RED = RGBColor.from_string(RED)
_TOP, _LEFT, _RIGHT, _BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)
_SIDES = {"left": _ALIGN.LEFT, "right": _ALIGN.RIGHT}
#: The height of a line: 225 mm in 22 lines.
_LINE = Pt(28.95)
_PITCH, _CHAR = 579, -849  # the grid's line, in 1/20 point, and what it adds to a character, in 1/4096 point
HEAD_SIZE, HEAD_WIDTH = 46.0, 430.0  # points: the red head shrinks so that it stands on one line


def docx_of(document: OfficialDocument) -> bytes:
    """The .docx. The same document gives the same bytes.

    A list, which nobody issues or signs, lies down and has its tables below each other.
    """
    docx = Document()
    _set_up(docx, document)
    if document.letter:
        add_letter_head(docx.sections[0], document.issuer, document.number)
    elif document.issuer:
        _add_head(docx, document)
    _add_centred(docx, *title_lines(document.title), font=TITLE, size=SIZES["二号"], before=2 if document.issuer else 0)
    if document.addressee:
        _add_plain(docx, f"{document.addressee}：", before=1)
    else:
        add_blank_lines(docx, 1)
    for paragraph in document.body:
        _add_paragraph(docx, paragraph)
    last_of_body = len(docx.paragraphs) - 1
    if not document.is_list:
        _add_attachment_list(docx, document)
    if document.signature:
        _add_signature(docx, document)
        for kept in docx.paragraphs[last_of_body:-1]:  # no page has a signature without text (7.3.5)
            kept.paragraph_format.keep_with_next = True
    for number, attached in enumerate(document.attachments, 1):
        if not document.is_list:
            _add_attachment(docx, attached, number, len(document.attachments))
        elif isinstance(attached, OfficialTable):
            _add_centred(docx, attached.title, font=BLACK, size=SIZES["三号"], before=1)
            add_table(docx, attached, Mm(234))
    _add_foot(docx, document)
    buffer = io.BytesIO()
    docx.save(buffer)
    return _without_times(buffer)


def _without_times(buffer: io.BytesIO) -> bytes:
    """The package without times of packing, so that the same document gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return packed.getvalue()


# -- the page ----------------------------------------------------------------------------------------


def _set_up(docx: Any, document: OfficialDocument) -> None:
    section = docx.sections[0]
    _set_page(section, landscape=document.is_list)
    style = docx.styles["Normal"]
    style.font.size = Pt(SIZES["三号"])
    set_fonts(style.element.get_or_add_rPr(), BODY)
    form = style.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    form.space_before = form.space_after = Pt(0)
    form.widow_control = False
    for name in ("autoSpaceDE", "autoSpaceDN"):  # 2015年 in five places, as the standard counts characters
        insert_in_order(style.element.get_or_add_pPr(), new_element(name, val=0))
    docx.settings.odd_and_even_pages_header_footer = True
    docx.core_properties.title = visible(document.title)
    docx.core_properties.author = visible(document.issuer)
    docx.core_properties.comments = ""
    when = document.dated or date(2000, 1, 1)
    docx.core_properties.created = docx.core_properties.modified = datetime(when.year, when.month, when.day)  # noqa: DTZ001
    name_substitutes(docx)
    _add_page_numbers(section, landscape=document.is_list)


def _set_page(section: Any, *, landscape: bool = False) -> None:
    """Set the standard's page and margins; in landscape the margins are turned with it."""
    width, height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
    margins = (_LEFT, _BOTTOM, _RIGHT, _TOP) if landscape else (_TOP, _LEFT, _BOTTOM, _RIGHT)
    section.top_margin, section.left_margin, section.bottom_margin, section.right_margin = margins
    # The dashes beside the number 7 mm below the text area; the line of 14 points stands half above them.
    section.footer_distance = Mm(15.7) if landscape else Mm(24.7)
    grid = get_or_append(section._sectPr, "docGrid")
    set_attributes(grid, type="lines" if landscape else "linesAndChars", linePitch=_PITCH, charSpace=_CHAR)


def _add_page_numbers(section: Any, *, landscape: bool = False) -> None:
    """Add page numbers (— 1 —): at the right of odd pages and at the left of even ones, one character in.

    A turned page is bound with its head to the left, so that its left edge is the foot of the sheet: the number stands
    there, turned with the sheet (8).
    """
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        if landscape:
            set_line_height(paragraph, 1)
            paragraph = turned_cell(footer, SIZES["四号"] * 1.2)
        paragraph.alignment = _SIDES[side]
        set_line_height(paragraph, SIZES["四号"] * 1.2)
        indent(paragraph, **{side: 100})
        add_run(paragraph, "— ", ROMAN, SIZES["四号"])
        code = new_element("instrText")
        code.text = "PAGE"
        field = add_run(paragraph, "", ROMAN, SIZES["四号"])._r
        field.extend((new_element("fldChar", fldCharType="begin"), code, new_element("fldChar", fldCharType="end")))
        add_run(paragraph, " —", ROMAN, SIZES["四号"])


# -- the head ----------------------------------------------------------------------------------------


def _add_head(docx: Any, document: OfficialDocument) -> None:
    """Add the issuer in red, the number two lines lower, and the red rule 4 mm below it.

    That of a 专报 is its name, and a line with issuer and day follows the number.
    """
    masthead = document.masthead
    name = masthead.name if masthead else f"{document.issuer}文件"
    size = min(HEAD_SIZE, HEAD_WIDTH / len(name))
    paragraph = docx.paragraphs[0] if docx.paragraphs else docx.add_paragraph()
    paragraph.alignment = _ALIGN.CENTER
    set_line_height(paragraph, size * 1.2)
    # 35 mm above the glyphs, less the space between them and the line's upper edge.
    paragraph.paragraph_format.space_before = Pt(35 / 25.4 * 72 - size * 0.18)
    add_run(paragraph, name, TITLE, size).font.color.rgb = _RED
    add_blank_lines(docx, 2)
    number = docx.add_paragraph()
    number.alignment = _ALIGN.CENTER
    add_run(number, document.number or ("（征求意见稿）" if document.draft else ""), BODY, SIZES["三号"])
    last = number
    if masthead:
        last = docx.add_paragraph()
        indent(last, left=100, right=100)
        last.paragraph_format.tab_stops.add_tab_stop(Mm(156) - Pt(SIZES["三号"]), WD_TAB_ALIGNMENT.RIGHT)
        day = day_zh(document.dated) if document.dated else ""
        add_run(last, f"{document.issuer}\t{day}", BODY, SIZES["三号"])
        number.alignment = _ALIGN.LEFT  # 签发人 stands at its right (7.2.6)
        indent(number, left=100, right=100)
        number.paragraph_format.tab_stops.add_tab_stop(Mm(156) - Pt(SIZES["三号"]), WD_TAB_ALIGNMENT.RIGHT)
        add_run(number, f"\t签发人：{masthead.signer or '　　　　'}", BODY, SIZES["三号"])
    # 4 mm below the glyphs, less the space between them and the line's lower edge.
    add_border_below(last, width=1.5, space=4 / 25.4 * 72 - (_LINE.pt - SIZES["三号"]) / 2, colour=RED)


def _add_centred(docx: Any, *texts: str, font: str, size: float, before: int = 0) -> None:
    add_blank_lines(docx, before)
    for text in texts:
        paragraph = docx.add_paragraph()
        paragraph.alignment = _ALIGN.CENTER
        set_line_height(paragraph, size * 1.5)
        add_run(paragraph, text, font, size)


def title_lines(title: str, most: int = 20) -> tuple[str, ...]:
    """The title in lines that are broken between words, near the middle (7.3.1)."""
    if len(title) <= most:
        return (title,)
    places = [at for at in range(4, len(title) - 3) if any(title.startswith(word, at) for word in _STARTS)]
    middle = len(title) / 2
    at = min(places, key=lambda position: abs(position - middle), default=round(middle))
    return (*title_lines(title[:at], most), *title_lines(title[at:], most))


#: Words of titles before which a line may break.
_STARTS = ("关于", "政府信息公开", "督办", "工作情况", "情况", "有关", "更正", "通报", "办公室", "年度")


# -- the body ----------------------------------------------------------------------------------------

_LEVEL_FONTS = {0: BODY, 1: BLACK, 2: KAI, 3: BODY, 4: BODY}


def _add_paragraph(docx: Any, paragraph: Paragraph) -> None:
    """Add it two characters in: 一、 in 黑体, （一） in 楷体 up to its full stop, all else in 仿宋 (7.3.3)."""
    line = docx.add_paragraph()
    indent(line, firstLine=200)
    line.alignment = _ALIGN.JUSTIFY
    text, font = paragraph.text, _LEVEL_FONTS[paragraph.level]
    heading = text.find("。") + 1 if paragraph.level == 2 else 0
    if heading:
        add_run(line, text[:heading], font, SIZES["三号"])
        add_run(line, text[heading:], BODY, SIZES["三号"])
    else:
        add_run(line, text, font, SIZES["三号"])


def _add_plain(docx: Any, text: str, *, before: int = 0) -> None:
    add_blank_lines(docx, before)
    add_run(docx.add_paragraph(), text, BODY, SIZES["三号"])


def _add_attachment_list(docx: Any, document: OfficialDocument) -> None:
    """Add the list 附件：1. … a blank line below the text, with names without a full stop (7.3.4)."""
    titles = [attachment.title for attachment in document.attachments]
    if not titles:
        return
    add_blank_lines(docx, 1)
    for number, title in enumerate(titles, 1):
        paragraph = docx.add_paragraph()
        is_first = number == 1
        indent(paragraph, left=200 if is_first else 500)
        label = ("附件：" if is_first else "") + (f"{number}. " if len(titles) > 1 else "")
        add_run(paragraph, label + title, BODY, SIZES["三号"])


def _add_signature(docx: Any, document: OfficialDocument) -> None:
    """Add the issuer and the day, in figures without leading zeros, at the right (7.3.5), and the note (7.3.7)."""
    add_blank_lines(docx, 2)
    day = day_zh(document.dated) if document.dated else "    年  月  日"
    for text, right in ((document.signature, 400 - max(0, len(document.signature) - len(day)) * 25), (day, 400)):
        paragraph = docx.add_paragraph()
        paragraph.alignment = _ALIGN.RIGHT
        paragraph.paragraph_format.keep_together = True
        indent(paragraph, right=max(100, right))
        add_run(paragraph, text, BODY, SIZES["三号"])
    if document.note:
        _add_paragraph(docx, Paragraph((TextRun(f"（{document.note}）"),)))


# -- attachments -------------------------------------------------------------------------------------


def _add_attachment(docx: Any, attached: OfficialTable | Picture, number: int, count: int) -> None:
    """Add a page with 附件 in 黑体, the title, and the picture or a table whose head is on every page."""
    landscape = isinstance(attached, OfficialTable) and attached.landscape
    section = docx.add_section(WD_SECTION.NEW_PAGE)
    _set_page(section, landscape=landscape)
    _add_page_numbers(section, landscape=landscape)
    label = docx.add_paragraph()
    add_run(label, f"附件{number}" if count > 1 else "附件", BLACK, SIZES["三号"])
    _add_centred(docx, *title_lines(attached.title), font=TITLE, size=SIZES["二号"])
    add_blank_lines(docx, 1)
    if isinstance(attached, Picture):
        for png in (attached.png, *attached.more):
            paragraph = docx.add_paragraph()
            paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            paragraph.alignment = _ALIGN.CENTER
            shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(156))
            shape._inline.docPr.set("descr", attached.alt)
        return
    add_table(docx, attached, Mm(234) if landscape else Mm(156))


# -- the foot ----------------------------------------------------------------------------------------


def _add_foot(docx: Any, document: OfficialDocument) -> None:
    """Add the foot (版记) of the last page between rules of 0.35, 0.25 and 0.35 mm: 抄送, printer and day; of a 专报
    报送."""
    rows = foot_rows(document)
    if not rows:
        return
    table = docx.add_table(rows=len(rows), cols=2)
    table.autofit = False
    _float_to_bottom(table)
    for number, (left, right) in enumerate(rows):
        cells = table.rows[number].cells
        if not right:
            cells[0].merge(cells[1])
        for cell, text, side in zip(cells, (left, right) if right else (left,), ("left", "right"), strict=False):
            paragraph = cell.paragraphs[0]
            paragraph.alignment = _SIDES[side]
            indent(paragraph, **{side: 100})
            if text.startswith(_COPIES):  # what follows the colon stands below its first line
                indent(paragraph, left=400, hanging=300)
            set_line_height(paragraph, 24)
            add_run(paragraph, text, BODY, SIZES["四号"])
        last = number == len(rows) - 1
        for cell in table.rows[number].cells:
            add_cell_borders(cell, top=8 if number == 0 else 6, bottom=8 if last else 6)
    # A document cannot end with a table: a paragraph without height follows it.
    set_line_height(docx.add_paragraph(), 1)


def foot_rows(document: OfficialDocument) -> list[tuple[str, str]]:
    """The rows of the foot, each with what stands at its left and at its right; none in a draft or a letter."""
    if masthead := document.masthead:
        return [(f"报送：{masthead.recipient}。", "")] if masthead.recipient else []
    if not document.number or document.letter:
        return []
    printed = f"{day_zh(document.printed_on)}印发" if document.printed_on else ""
    copies = [(f"{_COPIES}{document.copies}。", "")] if document.copies else []
    return [*copies, (document.printed_by or document.issuer, printed)]


_COPIES = "抄送："


def _float_to_bottom(table: Any) -> None:
    float_table(table, vertAnchor="margin", horzAnchor="margin", tblpXSpec="left", tblpYSpec="bottom")
    set_attributes(get_or_append(table._tbl.tblPr, "tblW"), type="dxa", w=twips(156))
    for column, share in zip(table.columns, (0.55, 0.45), strict=True):
        for cell in column.cells:
            cell.width = int(Mm(156) * share)
