"""The rendered page against GB/T 9704-2012, in millimetres: the .docx through LibreOffice, the page through WeasyPrint.

Tolerances: 0.5 mm for the paper and the width of the text, 1 mm for what the standard measures from ink to ink, 2 mm
for what it counts in lines.
"""

from __future__ import annotations

import asyncio
import io

import pytest
from docx import Document

from tests.reports.on_paper import Sheet, sheets, specimen
from tracker.documents.docx import docx_of, title_lines
from tracker.documents.official import TextRun
from tracker.documents.page import page_of
from tracker.documents.pdf import NoPrinter, by_weasyprint, pdf_of

TOP, LEFT, WIDTH, HEIGHT = 37, 28, 156, 225
LINE = HEIGHT / 22
INK, LINES = 1.0, 2.0

Sheets = list[Sheet]


@pytest.fixture(scope="module", params=["libreoffice", "weasyprint"])
def paper(request: pytest.FixtureRequest) -> Sheets:
    document = specimen()
    if request.param == "libreoffice":
        request.getfixturevalue("libreoffice")
        return sheets(asyncio.run(pdf_of(docx_of(document), "")))
    try:
        return sheets(by_weasyprint(page_of(document)))
    except NoPrinter as error:
        pytest.skip(str(error))


def near(value: float, tolerance: float = INK) -> object:
    return pytest.approx(value, abs=tolerance)


@pytest.mark.nightly
def test_the_paper_is_a4_and_long_tables_lie_down(paper: Sheets) -> None:
    sizes = [(round(one.width), round(one.height)) for one in paper]
    assert set(sizes) == {(210, 297), (297, 210)}
    assert sizes[0] == sizes[-1] == (210, 297)


def test_the_text_stands_in_its_area(paper: Sheets) -> None:
    body = paper[1].rows[:-1]
    assert min(row.left for row in body) == near(LEFT, 0.5)
    assert max(row.right for row in body) == near(LEFT + WIDTH, 0.7)
    assert body[0].middle == near(TOP + LINE / 2)
    assert body[-1].middle == near(TOP + HEIGHT - LINE / 2)


def test_a_full_page_has_22_lines_of_28_characters(paper: Sheets) -> None:
    body = paper[1].rows[:-1]
    assert len(body) == 22
    full = [len(row.text) for row in body if row.right > LEFT + WIDTH - 6 and row.left < LEFT + 1]
    assert len(full) > 10
    assert set(full) == {28}


def test_the_red_head_stands_35_mm_below_the_top_of_the_text_area(paper: Sheets) -> None:
    upper, _, left, right = paper[0].red[0]
    assert upper == near(TOP + 35)
    assert (left + right) / 2 == near(LEFT + WIDTH / 2)


def test_the_number_stands_two_lines_below_the_head(paper: Sheets) -> None:
    number = paper[0].row("〔2015〕1号")
    assert number.middle == near(paper[0].red[0][1] + 2.5 * LINE, LINES)


def test_the_red_rule_is_as_wide_as_the_text_and_4_mm_below_the_number(paper: Sheets) -> None:
    upper, lower, left, right = paper[0].red[-1]
    assert upper == near(paper[0].ink_bottom(upper) + 4)
    assert (left, right) == (near(LEFT, 0.5), near(LEFT + WIDTH, 0.5))
    assert lower - upper == near(0.5, 0.3)


def test_the_title_stands_two_lines_below_the_rule_and_the_addressee_one_below_it(paper: Sheets) -> None:
    first, last = paper[0].row("办公室关于2015年9月"), paper[0].row("情况的通报")
    assert first.middle == near(paper[0].red[-1][1] + 2 * LINE + 33 / 72 * 25.4 / 2, LINES)
    assert paper[0].row("县直各有关部门").middle == near(last.middle + 33 / 72 * 25.4 / 2 + 1.5 * LINE, LINES)
    assert paper[0].row("县直各有关部门").left == near(LEFT, 0.5)


def test_page_numbers_stand_7_mm_below_the_text_odd_right_even_left_one_character_in(paper: Sheets) -> None:
    """In the same place of every sheet: a turned table has its head to the left (GB/T 9704-2012, 8)."""
    for number, sheet in enumerate(paper, 1):
        row = sheet.page_number
        assert row.text == f"—{number}—"
        upright = [one for one in sheet.rows if one.text == row.text]
        assert len(upright) == (sheet.width < sheet.height), "no second number at the foot of a turned page"
        assert row.middle == near(TOP + HEIGHT + 7, 1.5)
        inner = 14 / 72 * 25.4
        assert (row.right == near(LEFT + WIDTH - inner, 1.5)) if number % 2 else (row.left == near(LEFT + inner, 1.5))


def test_the_note_stands_in_brackets_below_the_date_two_characters_in(paper: Sheets) -> None:
    sheet = next(one for one in paper if any("公开发布" in row.text for row in one.rows))
    dated, note = sheet.row("2015年10月21日"), sheet.row("公开发布")
    assert note.text == "（此件公开发布）"
    assert note.middle == near(dated.middle + LINE)
    assert note.left == near(LEFT + 2 * 16 / 72 * 25.4, 3)  # the full-width bracket has its ink at the right


@pytest.mark.nightly
def test_no_page_has_the_signature_without_text() -> None:
    from dataclasses import replace

    document = replace(specimen(), attachments=(), note="此件公开发布")
    for lines in range(2, 12):
        body = tuple(replace(document.body[0], words=(TextRun(f"正文第{line}段。"),)) for line in range(lines))
        try:
            papers = sheets(by_weasyprint(page_of(replace(document, body=body))))
        except NoPrinter as error:
            pytest.skip(str(error))
        signed = next(one for one in papers if any("2015年10月21日" in row.text for row in one.rows))
        assert any("正文第" in row.text for row in signed.rows), lines
        assert any("公开发布" in row.text for row in signed.rows), lines
    kept = Document(io.BytesIO(docx_of(document))).paragraphs
    place = [one.text for one in kept].index("2015年10月21日")
    begun = max(at for at, one in enumerate(kept) if one.text == document.body[-1].text)
    assert all(one.paragraph_format.keep_with_next for one in kept[begun : place + 1])


def test_without_a_note_there_are_no_brackets() -> None:
    from dataclasses import replace

    assert "（）" not in page_of(replace(specimen(), note=""))


def test_the_head_of_a_table_stands_on_each_of_its_pages(paper: Sheets) -> None:
    lying = [one for one in paper if one.width > one.height]
    assert len(lying) > 2
    assert all(one.row("责任单位").text == "序号责任单位事项" for one in lying)


def test_the_foot_stands_at_the_bottom_of_the_last_page_only(paper: Sheets) -> None:
    assert [any("抄送" in row.text for row in one.rows) for one in paper] == [*(False,) * (len(paper) - 1), True]
    printed = paper[-1].row("印发")
    assert printed.bottom == near(TOP + HEIGHT, 3)
    assert paper[-1].row("到期").middle < paper[-1].row("抄送").top


def test_a_draft_says_so_and_has_no_foot(paper: Sheets) -> None:
    from dataclasses import replace

    html = page_of(replace(specimen(), number="", dated=None, printed_on=None))
    assert "（征求意见稿）" in html
    assert "<footer" not in html


ISSUERS = ("县政府办", "样例县人民政府办公室", "样例县推进政府职能转变和放管服改革协调小组政务公开专题工作组办公室")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("issuer", ISSUERS, ids=["short", "usual", "long"])
def test_an_issuer_of_any_length_stands_on_one_line(libreoffice: str, issuer: str) -> None:
    first = sheets(asyncio.run(pdf_of(docx_of(specimen(issuer=issuer, rows=1, paragraphs=1)), "")))[0]
    assert first.rows[0].text == f"{issuer}文件"
    assert first.rows[0].right - first.rows[0].left < WIDTH


TITLES = {
    "样例县人民政府办公室关于2015年9月政府信息公开督办情况的通报": (
        "样例县人民政府办公室关于2015年9月",
        "政府信息公开督办情况的通报",
    ),
    "样例县人民政府办公室关于2015年9月政府信息公开情况的通报": (
        "样例县人民政府办公室关于2015年9月",
        "政府信息公开情况的通报",
    ),
    "样例县人民政府办公室关于更正2015年9月政府信息公开督办情况通报有关内容的通报": (
        "样例县人民政府办公室",
        "关于更正2015年9月",
        "政府信息公开督办情况通报有关内容的通报",
    ),
    "情况通报": ("情况通报",),
}


@pytest.mark.parametrize("title", TITLES)
def test_a_title_breaks_between_words(title: str) -> None:
    assert title_lines(title) == TITLES[title]
