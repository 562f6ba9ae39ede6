"""The lights that go with a circular: painted with its words, and kept with them."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pypdfium2
import pytest

from tests.decide.small_county import COUNTY, Small, at
from tests.reports.criticised import CIRCULAR, SEPTEMBER, acting, lived, signed, standing
from tracker.core.assessment.lights import LightCell, LightGrid
from tracker.documents.docx import docx_of
from tracker.documents.official import OfficialDocument, Picture
from tracker.documents.page import page_of
from tracker.documents.pdf import by_weasyprint
from tracker.reports.circulars.shared import document_of
from tracker.reports.pictures.drawing import svg_of
from tracker.reports.pictures.heat import heat, pages
from tracker.reports.pictures.painting import png_of


async def test_the_lights_go_with_it_as_they_were_signed(county: Small) -> None:
    """The picture is that of the signature, whatever turns out later and on whatever machine it is printed."""
    await lived(county)
    lit = COUNTY.replace("packs: [small]", "packs: [small, rectification]") + CIRCULAR.replace("}", ", lights: true}")
    county.reload(county=lit)
    await signed(county)
    rulebook = county.office.loaded.rulebooks[0]
    before = [one for one in document_of(standing(county)[0], rulebook).attachments if isinstance(one, Picture)]
    assert [one.title for one in before] == ["2015年1—9月政府信息公开亮灯图"]
    assert before[0].png.startswith(b"\x89PNG")
    assert 'data-key="small/small/powers/huanbao/once"' in before[0].svg
    assert "逾期未公开1格" in before[0].alt
    county.site.publish("powers", "环保局权力清单", at("2015-10-27"))
    await county.live(date(2015, 10, 27), date(2015, 10, 28))
    document = document_of(standing(county)[0], rulebook)
    assert [one for one in document.attachments if isinstance(one, Picture)] == before
    with zipfile.ZipFile(io.BytesIO(docx_of(document))) as made:
        assert [made.read(name) for name in made.namelist() if name.endswith(".png")] == [before[0].png]


async def test_without_the_setting_there_is_no_picture(county: Small) -> None:
    await lived(county)
    async with acting(county) as circulars:
        row = circulars.draft(SEPTEMBER, "王敏")
    assert row.values["pictures"] == []


def test_a_page_prints_its_pictures_and_fetches_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """By WeasyPrint, where there is no LibreOffice: the words of the picture stay words."""
    pytest.importorskip("weasyprint")
    shown = LightGrid(("环保局",), ("权力清单",), (LightCell(0, 0, "overdue", 2, "甲", "k"),))
    picture = Picture("亮灯图", "一格", b"", svg_of(heat(shown, "亮灯图")))
    document = OfficialDocument("县政府", "通报", "各单位", (), "县政府", date(2015, 10, 1), attachments=(picture,))
    page = page_of(document).replace("</body>", '<img src="http://127.0.0.1:9/x.png"></body>')
    made = pypdfium2.PdfDocument(by_weasyprint(page))
    words = "".join(made[number].get_textpage().get_text_range() for number in range(len(made)))
    assert "逾2" in words
    assert "disallowed protocol" in caplog.text


@pytest.mark.nightly
def test_on_paper_a_large_picture_is_in_parts_as_wide_as_the_text() -> None:
    """Sixty departments by sixty duties: letters of seven points, not of two."""
    pytest.importorskip("weasyprint")
    names = tuple(f"第{number}局" for number in range(60))
    shown = LightGrid(
        names, names, tuple(LightCell(row, column, "met", 1, "", "") for row in range(60) for column in range(60))
    )
    parts = png_of(pages(shown, "亮灯图", titled=False))
    assert len(parts) == 6
    picture = Picture("亮灯图", "多格", parts[0], svg_of(heat(shown, "亮灯图")), tuple(parts[1:]))
    document = OfficialDocument("县政府", "通报", "各单位", (), "县政府", date(2015, 10, 1), attachments=(picture,))
    made = pypdfium2.PdfDocument(by_weasyprint(page_of(document)))
    found = [image for page in made for image in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
    widths = [(right - left) / 72 * 25.4 for left, _, right, _ in (image.get_bounds() for image in found)]
    assert [round(width) for width in widths] == [156] * 6
