"""PDF: the text of each page, tables in cells where lines rule them.

A PDF knows places, not cells: in a table without lines an empty cell never counts against anybody, its words prove
presence as those of prose do.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Literal

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from tracker.evidence.attachments.readers.pdftables import Grid, grids_of, pieces_of
from tracker.evidence.attachments.readers.text import Lines, UnreadableFile

_MAX_PAGES = 1500
#: A page with fewer letters than the first and a picture on it was scanned; so was one with fewer than the second
#: and a picture on most of it: a stamp or a page number was put on.
_FEW, _SOME, _MOST = 10, 150, 0.5
_MAX_PICTURES = 200
_CHINESE = re.compile("[\u4e00-\u9fff]")
#: Scripts that no county writes in: where they outweigh the Chinese, glyphs were taken for characters.
_FOREIGN = re.compile("[\u0100-\u02af\u0530-\u10ff\u1200-\u1dff\ua4d0-\uabff]")
_FEW_FOREIGN, _SOME_CHINESE = 3, 10


def read(body: bytes, out: Lines) -> None:
    document = _open(body)
    try:
        count = len(document)
        if count == 0:
            raise UnreadableFile("PDF 文件没有页面")
        found = [(number + 1, _page(document, number, out)) for number in range(min(count, _MAX_PAGES))]
        scanned = [number for number, state in found if state == "scanned"]
        broken = [number for number, state in found if state == "broken"]
        if count > _MAX_PAGES:
            out.lack(f"页数超过 {_MAX_PAGES} 页，后面的页未读取")
        if not out.size:
            why = "扫描件，没有可检索的文字" if scanned else "PDF 文件已损坏" if broken else "PDF 文件中没有文字"
            raise UnreadableFile("；".join(out.lacks) or why)
        if out.size > 100 and not _CHINESE.search(str(out)):
            out.lack("没有认出汉字，字体可能没有给出对应的文字")
        if scanned:
            out.lack(f"{_pages(scanned)}为扫描件，没有可检索的文字")
        if b"%%EOF" not in body[-2048:]:  # what is left of it was pieced together
            out.lack("文件末尾不完整，可能没有传完")
        if broken:
            out.lack(f"{_pages(broken)}已损坏")
    finally:
        document.close()


def _open(body: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(body)
    except pdfium.PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise UnreadableFile("PDF 文件设有密码，无法读取" if locked else "PDF 文件已损坏或没有传完") from error


def _pages(numbers: list[int]) -> str:
    return f"第 {'、'.join(map(str, numbers[:10]))} 页{'等' if len(numbers) > 10 else ''}"


def _page(document: pdfium.PdfDocument, number: int, out: Lines) -> Literal["read", "scanned", "broken"]:
    """What came of a page; one without text and picture says nothing, and is read."""
    try:
        page = document[number]
    except pdfium.PdfiumError:
        return "broken"
    try:
        letters_of = page.get_textpage()
        text = letters_of.get_text_range()
        if _garbled(text):
            out.lack("字体没有给出对应的文字，无法检索")
            return "read"
        _write(text, letters_of, grids_of(page), out)
        letters = sum(one.isalnum() for one in text)
        drawn = _pictured(page) if letters < _SOME else 0.0
        return "scanned" if drawn > (0 if letters < _FEW else _MOST) else "read"
    except pdfium.PdfiumError:
        return "broken"
    finally:
        page.close()


def _write(text: str, letters: pdfium.PdfTextPage, grids: list[Grid], out: Lines) -> None:
    """The page's lines; a table stands where its first letter does."""
    prose: list[str] = []
    parts = list(pieces_of(letters, grids)) if grids else [text]
    for part in [*parts, None]:
        if isinstance(part, str):
            prose.append(part)
            continue
        for line in "".join(prose).splitlines():
            out.line(line.replace("\ufffe", ""))
        prose = []
        if part is not None:
            for row in part.lines():
                out.row(row)


def _pictured(page: pdfium.PdfPage) -> float:
    """The share of the page that its largest picture covers."""
    width, height = page.get_size()
    largest = 0.0
    for one in islice(page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3), _MAX_PICTURES):
        left, bottom, right, top = one.get_bounds()
        largest = max(largest, (right - left) * (top - bottom) / max(1.0, width * height))
    return largest


def _garbled(text: str) -> bool:
    """Whether the letters mean nothing: an embedded font without a table back to characters, or with a wrong one."""
    shown = [one for one in text if not one.isspace()]
    wrong = sum(one < " " or "\ue000" <= one <= "\uf8ff" or one in "\ufffd\uffff" for one in shown)
    if wrong * 4 > len(shown) > 0:
        return True
    chinese = _CHINESE.findall(text)
    foreign = len(_FOREIGN.findall(text))
    return foreign > max(_FEW_FOREIGN, len(chinese)) or (len(chinese) >= _SOME_CHINESE and _is_rare(chinese))


def _is_rare(letters: list[str]) -> bool:
    """Whether more than half of the characters are such as no paper is written in."""
    rare = len(letters) - len("".join(letters).encode("gb2312", "ignore")) // 2
    return rare * 2 > len(letters)
