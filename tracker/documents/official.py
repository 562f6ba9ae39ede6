"""An official document (公文) as values: what is said and in which place, apart from how it is set.

The parts and their order are those of GB/T 9704-2012; `document.py` and its neighbours set them on paper or a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of text. `link`: in the HTML, where the fact that it states can be checked."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body. `level`: 0 plain, 1 一、 2 （一） 3 1. 4 （1）: the number is part of the text."""

    words: tuple[TextRun, ...]
    level: Literal[0, 1, 2, 3, 4] = 0

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class OfficialTable:
    """An attached table: its head is repeated on every page. `widths`: shares of the text area's width."""

    title: str
    heads: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[TextRun, ...], ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its caption, as PNG for paper and SVG for a page. `alt`: what it shows, in words.

    `more`: its further parts on paper, where it does not fit on one sheet; the SVG shows the whole.
    """

    title: str
    alt: str
    png: bytes
    svg: str
    more: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """The whole document.

    `issuer`: the red head (发文机关标志), without 文件; `number`: 〔2015〕1号 with its prefix, "" in a draft;
    `signers`: who signs by name (署名); `copies`, `printed_by`, `printed_on`: the foot (版记); `draft`: marked so.
    """

    issuer: str
    title: str
    addressee: str
    body: tuple[Paragraph, ...]
    signature: str
    dated: date | None
    number: str = ""
    attachments: tuple[OfficialTable | Picture, ...] = ()
    copies: str = ""
    printed_by: str = ""
    printed_on: date | None = None
    draft: bool = False
