"""Slides (.pptx): the text of each in turn."""

from __future__ import annotations

import re
import zipfile

from tracker.evidence.attachments.readers.markup import Handler, parse
from tracker.evidence.attachments.readers.text import Lines, UnreadableFile
from tracker.evidence.attachments.readers.zipped import open_member, open_zip

_SLIDE = re.compile(r"ppt/slides/slide(\d{1,6})\.xml")


def read(body: bytes, out: Lines) -> None:
    with open_zip(body) as archive:
        slides = sorted((int(found[1]), name) for name in archive.namelist() if (found := _SLIDE.fullmatch(name)))
        for number, name in slides:
            if (stream := open_member(archive, name)) is None:
                continue
            before = out.size
            with stream:
                try:
                    parse(stream, Slide(out))
                except (zipfile.BadZipFile, EOFError, OSError) as error:
                    raise UnreadableFile("演示文稿内容已损坏") from error
            if out.size == before:
                out.lack(f"第 {number} 张没有可检索的文字")
    if not out.size:
        raise UnreadableFile("演示文稿中没有可检索的文字")


class Slide(Handler):
    """The texts of shapes and tables, as slides and the drawings of other office files have them."""

    def __init__(self, out: Lines) -> None:
        self._out = out
        self._pieces: list[str] = []
        self._row: list[str] | None = None
        self._cell: list[str] = []
        self._in_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self._in_text = True
        elif name == "tr":
            self._row = []

    def end(self, name: str) -> None:
        if name == "t":
            self._in_text = False
        elif name == "p":
            text, self._pieces = "".join(self._pieces), []
            if self._row is None:
                self._out.line(text)
            else:
                self._cell.append(text)
        elif name == "tc" and self._row is not None:
            self._row.append(" ".join(self._cell))
            self._cell = []
        elif name == "tr" and self._row is not None:
            self._out.row(self._row)
            self._row = None

    def data(self, text: str) -> None:
        if self._in_text:
            self._pieces.append(text)
