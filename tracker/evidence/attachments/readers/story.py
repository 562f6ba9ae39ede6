"""The texts of office files in XML: paragraphs and tables in their order, as Word, slides and drawings have them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.evidence.attachments.readers.markup import Handler
from tracker.evidence.attachments.readers.text import PICTURE, Lines

_MAX_SPAN = 100


@dataclass(slots=True)
class _StoryTable:
    """A table being read. `above`: the texts of the row before, by column of the grid."""

    above: dict[int, str] = field(default_factory=dict)
    row: list[str] = field(default_factory=list)
    cells: int = 0
    texts: list[str] = field(default_factory=list)
    span: int = 1
    continues: bool = False

    def end_cell(self) -> None:
        text = self.above.get(len(self.row), "") if self.continues else " ".join(one for one in self.texts if one)
        self.row += [text] * min(self.span, _MAX_SPAN)
        self.cells += 1
        self.texts, self.span, self.continues = [], 1, False

    def end_row(self) -> list[str]:
        """The row; a title over the whole table stays one cell."""
        row = self.row[-1:] if self.cells == 1 else self.row
        self.above = dict(enumerate(self.row))
        self.row, self.cells = [], 0
        return row


class Story(Handler):
    """The elements of a part, as they come. A table inside a cell is part of that cell's text."""

    def __init__(self, out: Lines) -> None:
        self._out = out
        self._tables: list[_StoryTable] = []
        self._paragraphs: list[list[str]] = []
        self._skipped = 0
        self._in_text = False
        self._in_stops = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipped or name == "Fallback":  # the same once more, for older programs
            self._skipped += 1
        elif name == "p":
            self._paragraphs.append([])
        elif name == "t":
            self._in_text = True
        elif name == "altChunk":  # a whole document of any format, which only an office suite puts in
            self._out.lack("文件中嵌入了另一个文件，其内容未读取")
        elif name == "tabs":
            self._in_stops = True
        elif name in ("tab", "br", "cr") and not self._in_stops:
            self._write(" ")
        elif name in ("drawing", "pict", "object") and self._tables:
            self._write(PICTURE)
        elif name == "tbl":
            self._tables.append(_StoryTable())
        elif self._tables and name == "gridSpan" and attributes.get("val", "").isdecimal():
            self._tables[-1].span = max(1, int(attributes["val"][:4]))
        elif self._tables and name in ("vMerge", "vmerge"):
            self._tables[-1].continues = attributes.get("val", "continue") != "restart"
        elif self._tables and name == "gridBefore" and attributes.get("val", "").isdecimal():
            self._tables[-1].row += [""] * min(int(attributes["val"][:4]), _MAX_SPAN)

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name == "p" and self._paragraphs:
            self._line("".join(self._paragraphs.pop()))
        elif name == "t":
            self._in_text = False
        elif name == "tabs":
            self._in_stops = False
        elif name == "tc" and self._tables:
            self._tables[-1].end_cell()
        elif name == "tr" and self._tables:
            row = self._tables[-1].end_row()
            if len(self._tables) > 1:
                self._tables[-2].texts.append(" ".join(row))
            else:
                self._out.row(row)
        elif name == "tbl" and self._tables:
            self._tables.pop()

    def data(self, text: str) -> None:
        if self._in_text and not self._skipped:
            self._write(text)

    def _write(self, text: str) -> None:
        if self._paragraphs:
            self._paragraphs[-1].append(text)

    def _line(self, text: str) -> None:
        if self._tables:
            self._tables[-1].texts.append(text)
        else:
            self._out.line(text)
