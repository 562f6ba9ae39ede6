"""A rendered page measured in millimetres: ink in its picture, characters where the PDF has them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pypdfium2
from PIL import Image, ImageChops

from tracker.documents.official import OfficialDocument, OfficialTable, Paragraph, TextRun

_DPI = 300
_POINT = 25.4 / 72


@dataclass(frozen=True)
class Row:
    """Characters on one line: their text, and from where to where they reach."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


class Sheet:
    """One page. All lengths are from its upper left corner."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self.width, self.height = (one * _POINT for one in page.get_size())

    @cached_property
    def rows(self) -> list[Row]:
        """The lines of characters, from the top down."""
        found = defaultdict(list)
        for one in self._characters:
            found[round((2 * self.height - one.top - one.bottom) / 6)].append(one)
        return sorted((_joined(row) for row in found.values()), key=lambda row: row.middle)

    @cached_property
    def _characters(self) -> list[Row]:
        text, found = self._page.get_textpage(), []
        for place in range(text.count_chars()):
            if (one := text.get_text_range(place, 1)).strip():
                left, bottom, right, top = (each * _POINT for each in text.get_charbox(place, loose=True))
                found.append(Row(one, left, right, self.height - top, self.height - bottom))
        return found

    @property
    def page_number(self) -> Row:
        """The line at the foot of the sheet as it lies in the binding: a turned page with its head to the left."""
        if self.width < self.height:
            return self.rows[-1]
        turned = [
            Row(one.text, one.top, one.bottom, self.width - one.right, self.width - one.left)
            for one in self._characters
        ]
        return _joined([one for one in turned if one.middle > self.width - 35])

    def row(self, text: str) -> Row:
        return next(row for row in self.rows if text in row.text)

    @cached_property
    def _picture(self) -> Image.Image:
        return self._page.render(scale=_DPI / 72).to_pil().convert("RGB")

    @cached_property
    def red(self) -> list[tuple[float, float, float, float]]:
        """Bands of red ink from the top down: upper and lower edge, left and right end."""
        r, g, b = self._picture.split()
        ink = ImageChops.darker(
            r.point(lambda v: 255 * (v > 180)), ImageChops.lighter(g, b).point(lambda v: 255 * (v < 90))
        )
        bands: list[list[int]] = []
        for row in _inked_rows(ink):
            if bands and row - bands[-1][1] <= 8:
                bands[-1][1] = row
            else:
                bands.append([row, row])
        found = []
        for top, bottom in bands:
            left, _, right, _ = ink.crop((0, top, ink.width, bottom + 1)).getbbox()
            found.append(tuple(edge * 25.4 / _DPI for edge in (top, bottom + 1, left, right)))
        return found

    def ink_bottom(self, above: float) -> float:
        """The lowest dark ink above that height."""
        dark = self._picture.convert("L").point(lambda v: 255 * (v < 100))
        return max(height for row in _inked_rows(dark) if (height := row * 25.4 / _DPI) < above)


def _joined(characters: list[Row]) -> Row:
    return Row(
        "".join(one.text for one in characters), min(one.left for one in characters),
        max(one.right for one in characters), min(one.top for one in characters),
        max(one.bottom for one in characters),
    )  # fmt: skip


def _inked_rows(mask: Image.Image) -> list[int]:
    data, width = mask.tobytes(), mask.width
    return [row for row in range(mask.height) if any(data[row * width : (row + 1) * width])]


def sheets(pdf: bytes) -> list[Sheet]:
    return [Sheet(page) for page in pypdfium2.PdfDocument(pdf)]


def specimen(*, issuer: str = "样例县人民政府办公室", rows: int = 89, paragraphs: int = 6) -> OfficialDocument:
    """A circular of full lines, with a long table lying down and a short one."""
    long = tuple((TextRun(str(n)), TextRun("环保局", "#line-1"), TextRun("行政权力清单")) for n in range(1, rows + 1))
    body = Paragraph((TextRun("政府信息公开督办情况逐项核查整改到位" * 12),))
    return OfficialDocument(
        issuer=issuer,
        title="样例县人民政府办公室关于2015年9月政府信息公开督办情况的通报",
        addressee="县直各有关部门",
        body=(Paragraph((TextRun("一、总体情况"),), 1), *(body,) * paragraphs),
        signature=issuer,
        dated=date(2015, 10, 21),
        number="样政办公开通〔2015〕1号",
        attachments=(
            OfficialTable("问题清单", {"序号": 1, "责任单位": 2, "事项": 6}, long, landscape=True),
            OfficialTable("统计表", {"单位": 5, "到期": 5}, ((TextRun("环保局"), TextRun("3")),)),
        ),
        copies="县委办公室，县人大常委会办公室",
        printed_by="样例县人民政府办公室",
        printed_on=date(2015, 10, 21),
        note="此件公开发布",
    )
