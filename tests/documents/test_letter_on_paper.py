"""A letter (信函格式) rendered by LibreOffice against GB/T 9704-2012, 10.1, in millimetres."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from tests.reports.on_paper import Sheet, sheets
from tracker.documents.docx import docx_of
from tracker.documents.official import OfficialDocument, Paragraph, TextRun
from tracker.documents.pdf import pdf_of

pytestmark = pytest.mark.usefixtures("libreoffice")


def _letter(issuer: str = "样例县国土局", title: str = "政府信息公开申请答复书", paragraphs: int = 7) -> list[Sheet]:
    document = OfficialDocument(
        issuer=issuer,
        title=title,
        addressee="样例县兴农投资开发有限责任公司",
        body=(Paragraph((TextRun("本机关收到贵单位提出的政府信息公开申请，经审查，现答复如下。" * 3),)),) * paragraphs,
        signature=issuer,
        dated=date(2026, 3, 16),
        number="样国土依复〔2026〕3号",
        note="联系电话：0431-81234567",
        letter=True,
    )
    return sheets(asyncio.run(pdf_of(docx_of(document), "")))


@pytest.fixture(scope="module")
def letter() -> list[Sheet]:
    return _letter()


def _near(value: float, tolerance: float = 1.0) -> object:
    return pytest.approx(value, abs=tolerance)


def test_the_name_stands_30_mm_below_the_edge_in_the_middle(letter: list[Sheet]) -> None:
    upper, _, left, right = letter[0].red[0]
    assert upper == _near(30)
    assert (left + right) / 2 == _near(105)


def test_double_rules_of_170_mm_stand_4_mm_below_the_name_and_20_mm_above_the_lower_edge(letter: list[Sheet]) -> None:
    (_, bottom, _, _), above, below = letter[0].red
    assert above[0] == _near(bottom + 4)
    assert (above[2], above[3]) == (_near(20, 0.5), _near(190, 0.5))
    assert below[1] == _near(297 - 20, 1.5)
    assert (below[2], below[3]) == (_near(20, 0.5), _near(190, 0.5))


def test_the_number_stands_below_the_rule_at_the_right_edge_of_the_text(letter: list[Sheet]) -> None:
    number = letter[0].row("〔2026〕3号")
    assert number.right == _near(28 + 156)
    assert number.middle == _near(letter[0].red[1][1] + (7 / 8 + 1 / 2) * 16 / 72 * 25.4, 1.5)


def test_the_first_page_has_no_page_number_and_the_second_has_one(letter: list[Sheet]) -> None:
    assert len(letter) == 2
    assert not any("—" in row.text for row in letter[0].rows)
    assert letter[1].page_number.text == "—2—"
    assert letter[1].red == []


@pytest.mark.nightly
def test_a_long_name_and_a_long_title_stay_within_the_page() -> None:
    issuer = "样例县人民政府政务服务和公共资源交易监督管理办公室"
    first = _letter(issuer, "样例县人民政府政务服务和公共资源交易监督管理办公室关于政府信息公开申请的答复", 1)[0]
    name = first.row("公共资源交易监督管理办公室")
    assert issuer in name.text
    assert name.left > 20
    assert name.right < 190
    assert all(row.right < 186 for row in first.rows if row is not name)
