"""The text of a file as its reader finds it: lines and table rows, bounded, with what could not be read beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

#: Characters kept of one file, as of a page; a budget of a county with its annexes has half of it.
MAX_TEXT = 500_000
#: Stands for a picture in a table, as in the tables of pages: the cell is not empty.
PICTURE = "（图片）"
#: A picture of a page has so many bytes at least; so much text at least stands beside one that only adorns it.
_PAGE_BYTES, _LITTLE, _BESIDE = 15_000, 200, 400
_SPACE = re.compile(r"\s+")
_DROPPED = dict.fromkeys((*range(9), *range(0x0E, 0x20), 0x7F, 0xAD, 0x200B, 0xFEFF, *range(0xD800, 0xE000)), None)


#: What ends the process and is no fault of a file. The rest is: a library written in Rust tells that it broke down by
#: an error that is no `Exception`.
STOPS = (KeyboardInterrupt, SystemExit, GeneratorExit)


@dataclass(frozen=True, slots=True)
class FileText:
    """What a file says. `text` None: nothing could be read, `note` (Chinese) says why.

    With both, `note` names what could not be read beside the text: what is not in it is then not missing.
    """

    text: str | None
    note: str = ""
    kind: str = ""


class Unfit(Exception):
    """A file may not be filed; the message says what it really is, or what is wrong with it."""


class UnreadableFile(Exception):
    """Nothing may be concluded from the file; the message is Chinese and says why."""


class Full(Exception):
    """The bound is reached: what came so far stands."""


class Lines:
    """What was read so far. `lacks`: parts of the file that could not be read (Chinese)."""

    def __init__(self, limit: int = MAX_TEXT) -> None:
        self.limit = limit
        self.size = 0
        self.lacks: list[str] = []
        self._lines: list[str] = []

    def beside_pictures(self, sizes: Iterable[int]) -> None:
        """Note that pictures may say what the text does not, where they are what the file is about.

        `sizes`: of the pictures in bytes; a small one is a logo or a seal. Raises UnreadableFile without text.
        """
        pages = sum(size >= _PAGE_BYTES for size in sizes)
        if not self.size:
            raise UnreadableFile("文件中只有图片，没有可检索的文字" if pages or any(sizes) else "文件中没有文字")
        if self.size < max(_LITTLE if any(sizes) else 0, pages * _BESIDE):
            self.lack("文件中有图片，其中的文字无法检索")

    def line(self, text: str) -> None:
        """A paragraph; runs of white space are one blank."""
        self._add(tidy(text))

    def row(self, cells: Iterable[str]) -> None:
        """A table row: its cells parted by tabs, so that an empty one shows. Of empty rows one is left behind a full
        one, as in pages: heads over nothing are told from a row that stands alone."""
        line = "\t".join(tidy(cell) for cell in cells)
        if line.strip() or (line and self._lines and self._lines[-1].strip() and "\t" in self._lines[-1]):
            self._put(line)

    def text(self, line: str) -> None:
        """A line as plain text has it: a table row where tabs part it."""
        if "\t" in line:
            self.row(line.split("\t"))
        else:
            self.line(line)

    def lack(self, note: str) -> None:
        if len(self.lacks) < 5 and note not in self.lacks:
            self.lacks.append(note)

    def _add(self, line: str) -> None:
        if line.strip():
            self._put(line)

    def _put(self, line: str) -> None:
        if self.size + len(line) > self.limit:
            self._lines.append(line[: max(0, self.limit - self.size)])
            self.size = self.limit
            raise Full
        self._lines.append(line)
        self.size += len(line) + 1

    def __str__(self) -> str:
        return "\n".join(self._lines)


def tidy(text: str) -> str:
    """One line without control characters and without what no database takes."""
    return _SPACE.sub(" ", text.translate(_DROPPED)).strip()
