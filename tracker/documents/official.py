"""The parts of an official document (公文) as values, named and ordered as in GB/T 9704-2012.

`docx.py` sets them on paper, `page.py` on an HTML page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of text. `link`: the address, in the HTML, at which the fact that it states can be checked."""

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
    """An attached table: its head is repeated on every page.

    `columns`: by head the share of the table's width; `note`: what stands below it. In a .docx `heads`, where there are
    some, stand in place of the names of the columns, in rows; among them and in the first `joined` columns cells with
    equal words that lie beside or below each other are one cell.
    """

    title: str
    columns: Mapping[str, float]
    rows: tuple[tuple[TextRun, ...], ...]
    landscape: bool = False
    note: str = ""
    heads: tuple[tuple[str, ...], ...] = ()
    joined: int = 0

    @property
    def head_rows(self) -> tuple[tuple[str, ...], ...]:
        return self.heads or (tuple(self.columns),)

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The words of every cell, those of the heads first."""
        return (*self.head_rows, *(tuple(cell.text for cell in row) for row in self.rows))


#: First row, first column, last row, last column.
Block = tuple[int, int, int, int]


def blocks_of(table: OfficialTable) -> Iterator[Block]:
    """The cells of a table, counted from the first row of its heads; those that are one cell as one block."""
    heads, texts = len(table.head_rows), table.texts
    done: set[tuple[int, int]] = set()
    for row, words in enumerate(texts):
        joined, bottom = (len(words) if table.heads else 0, heads) if row < heads else (table.joined, len(texts))
        for place, text in enumerate(words):
            if (row, place) in done:
                continue
            last_row, last = row, place
            if place < joined:
                while last + 1 < joined and words[last + 1] == text:
                    last += 1
                while last_row + 1 < bottom and all(word == text for word in texts[last_row + 1][place : last + 1]):
                    last_row += 1
            done.update((y, x) for y in range(row, last_row + 1) for x in range(place, last + 1))
            yield row, place, last_row, last


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its caption, as PNG for paper and SVG for a page. `alt`: what it shows, in words.

    `more`: PNGs of its further parts, where it does not fit on one sheet; the SVG shows all of it.
    """

    title: str
    alt: str
    png: bytes
    svg: str
    more: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Masthead:
    """The head and foot of a 专报: its name, who signs it ("" where a hand does), and to whom it is sent up."""

    name: str
    signer: str
    recipient: str


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """A document.

    `issuer`: the red head (发文机关标志), without 文件; "" of an internal list. `number`: 〔2015〕1号 with its prefix
    or 第1期; "" in a draft. `addressee`, `signature`: "" where it has none. `copies`, `printed_by`, `printed_on`: the
    foot (版记). `note`: 附注, without its brackets. `masthead`: that of a 专报. `draft`: whether it is marked as one.
    `letter`: it has the form of a letter (信函格式), without a foot.
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
    note: str = ""
    draft: bool = False
    masthead: Masthead | None = None
    letter: bool = False

    @property
    def is_list(self) -> bool:
        """Whether nobody issues or signs it."""
        return not self.issuer and not self.signature


def paragraph_of(runs: Sequence[Sequence[str]]) -> Paragraph:
    """The paragraph of runs (text, anchor).

    A short one that is numbered as a heading is a heading (GB/T 9704-2012, 7.3.3).
    """
    words = tuple(TextRun(text, f"#{anchor}" if anchor else "") for text, anchor in runs)
    text = "".join(word.text for word in words)
    if text[:1] in _NUMERALS and text[1:2] == "、" and len(text) <= 30 and not text.endswith("。"):
        return Paragraph(words, 1)
    if text[:1] == "（" and text[2:3] == "）" and text[1:2] in _NUMERALS:
        return Paragraph(words, 2)
    return Paragraph(words)


def note_of(instrument: str) -> str:
    """The note below a table whose citations leave that instrument out; "" for none."""
    return f"注：依据条款未注明文件的，为{instrument}的条款。" if instrument else ""


def text_row(cells: Iterable[object], links: Mapping[int, str] = {}) -> tuple[TextRun, ...]:
    """A row of a table. `links`: by the place of a cell, the address that it leads to."""
    return tuple(TextRun(str(cell), links.get(place, "")) for place, cell in enumerate(cells))
