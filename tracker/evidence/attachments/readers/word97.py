"""Word 97-2003 files (.doc), and what WPS writes under .wps: the piece table says where the text lies.

Source: [MS-DOC]: retrieving text, FIB, Clx.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

import olefile

from tracker.evidence.attachments.readers.text import PICTURE, Lines, UnreadableFile
from tracker.evidence.attachments.readers.wordrows import Mark, WordRow, aligned, paragraphs

_MAX_STREAM = 100_000_000
_WORD97 = 0x00C1
#: Places in the FIB, in bytes: flags, the lengths of the stories, and the pairs (offset, length) in the table stream.
_FLAGS, _LENGTHS, _PAIRS = 0x0A, 0x4C, 0x9A
_BTE_PAPX, _CLX = 13, 33
_COMMENTS = 4  # of the stories: text, footnotes, headers, macros, comments, endnotes, text boxes, header boxes
_PICTURE = re.compile("[\x01\x08]")
_SHOWN = {"\r": " ", "\x0b": " ", "\x0c": " ", "\x0e": " ", "\x1e": "-"}


def read(body: bytes, out: Lines) -> None:
    try:
        document = _load(body)
        _write(document, out)
    except (struct.error, IndexError, OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise UnreadableFile("Word 文件已损坏或没有传完") from error
    # How large they are stands in a stream of their own; so much of it at most belongs to each.
    count = len(_PICTURE.findall(document.text))
    out.beside_pictures([document.drawn // count] * count if count else [])


@dataclass(frozen=True, slots=True)
class _Document:
    """All stories in one text. `marks`: where paragraphs of tables end; None where that cannot be read."""

    text: str
    marks: Mapping[int, Mark] | None
    drawn: int  # bytes of all pictures

    def row_mark(self, place: int, before: str) -> Mark | None:
        """The mark of the row that ends at a cell's mark, if one does: it follows that of the last cell."""
        if self.marks is None:
            return Mark("row") if before == "\x07" else None
        mark = self.marks.get(place)
        return mark if mark is not None and mark.kind == "row" else None

    def in_cell(self, place: int, begun: bool) -> bool:
        """Whether a paragraph ends inside a cell and not with it. `begun`: the row has had a cell already."""
        return begun if self.marks is None else place in self.marks


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters `begin` to `end` lie at byte `at` of the stream, one byte each or two."""

    begin: int
    end: int
    at: int
    wide: bool


def _load(body: bytes) -> _Document:
    with olefile.OleFileIO(BytesIO(body)) as container:
        main = _stream(container, "WordDocument")
        (version,) = struct.unpack_from("<H", main, 2)
        (flags,) = struct.unpack_from("<H", main, _FLAGS)
        if flags & 0x0100:
            raise UnreadableFile("Word 文件设有密码，无法读取")
        if version < _WORD97:
            raise UnreadableFile("Word 97 以前的文件尚不能读取")
        table = _stream(container, "1Table" if flags & 0x0200 else "0Table")
        data = _stream(container, "Data") if container.exists("Data") else b""
    pieces = list(_pieces(_pair(main, table, _CLX)))
    if not pieces:
        raise UnreadableFile("Word 文件中没有正文")
    text = "".join(_decode(main, piece) for piece in pieces)
    stories = struct.unpack_from("<8I", main, _LENGTHS)
    skipped = sum(stories[:_COMMENTS]), sum(stories[: _COMMENTS + 1])
    shown = text[: skipped[0]] + " " * (skipped[1] - skipped[0]) + text[skipped[1] :]
    return _Document(shown, _marks(main, _pair(main, table, _BTE_PAPX), data, pieces), max(1, len(data)))


def _marks(main: bytes, plc: bytes, data: bytes, pieces: list[_Piece]) -> Mapping[int, Mark] | None:
    stored = sorted(pieces, key=lambda one: one.at)
    offsets = [piece.at for piece in stored]

    def place_of(at: int) -> int | None:
        piece = stored[max(0, bisect_right(offsets, at) - 1)]
        place = piece.begin + (at - piece.at) // (2 if piece.wide else 1)
        return place if piece.begin <= place < piece.end else None

    try:
        return dict(paragraphs(main, plc, data, place_of))
    except (struct.error, IndexError):
        return None


def _stream(container: olefile.OleFileIO, name: str) -> bytes:
    if not container.exists(name):
        raise UnreadableFile("Word 文件已损坏，缺少正文")
    if container.get_size(name) > _MAX_STREAM:
        raise UnreadableFile("Word 文件过大，不读取")
    data: bytes = container.openstream(name).read()
    return data


def _pair(main: bytes, table: bytes, number: int) -> bytes:
    offset, length = struct.unpack_from("<II", main, _PAIRS + 8 * number)
    return table[offset : offset + length]


def _pieces(clx: bytes) -> Iterator[_Piece]:
    at = 0
    while at < len(clx) and clx[at] == 1:  # properties of pieces, of no interest here
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        return
    (length,) = struct.unpack_from("<I", clx, at + 1)
    plc = clx[at + 5 : at + 5 + length]
    count = (len(plc) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", plc)
    for number in range(count):
        begin, end = places[number], places[number + 1]
        (packed,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)
        wide, at_byte = not packed & 0x4000_0000, packed & 0x3FFF_FFFF
        if end > begin:
            yield _Piece(begin, end, at_byte if wide else at_byte // 2, wide)


def _decode(main: bytes, piece: _Piece) -> str:
    length = piece.end - piece.begin
    raw = main[piece.at : piece.at + length * (2 if piece.wide else 1)]
    if piece.wide:
        # One code unit is one place: halves of a pair are joined when the lines are made.
        text = "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw[: len(raw) // 2 * 2])))
    else:
        text = raw.decode("cp1252", "replace")
    if len(text) < length:
        raise UnreadableFile("Word 文件已损坏或没有传完")
    return text


def _write(document: _Document, out: Lines) -> None:
    """Paragraphs and rows; a table's rows are written when it is over."""
    cells: list[str] = []
    pieces: list[str] = []
    rows: list[WordRow] = []
    fields: list[bool] = []  # whether each open field still stands in its code, which nobody sees
    before = ""
    for place, one in enumerate(document.text):
        if one in "\x13\x14\x15":
            _field(fields, one)
        elif any(fields):
            continue
        elif one == "\x07":
            mark = document.row_mark(place, before)
            if mark is None:
                cells.append(_PICTURE.sub(PICTURE, _joined("".join(pieces))))
            else:
                rows.append(WordRow(cells, mark))
                cells = []
            pieces = []
        elif one in "\r\x0c" and not document.in_cell(place, bool(cells)):
            _table(rows, out)
            rows = []
            out.line(_joined(" ".join([*cells, "".join(pieces)])))
            cells, pieces = [], []
        else:
            pieces.append(_SHOWN.get(one, one))
        before = one
    _table(rows, out)
    out.line(_joined(" ".join([*cells, "".join(pieces)])))


def _table(rows: list[WordRow], out: Lines) -> None:
    for row in aligned(rows):
        out.row(row)


def _field(fields: list[bool], mark: str) -> None:
    """A field is its code, a mark, what it shows, and its end."""
    if mark == "\x13":
        fields.append(True)
    elif mark == "\x14" and fields:
        fields[-1] = False
    elif fields:
        fields.pop()


def _joined(text: str) -> str:
    """Halves of a surrogate pair made one character again; what has no other half is dropped."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
