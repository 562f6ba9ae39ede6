"""OLE containers: the streams at the root say whether it is a Word file, a spreadsheet or something locked."""

from __future__ import annotations

from io import BytesIO

import olefile

from tracker.evidence.attachments.readers.registry import reader
from tracker.evidence.attachments.readers.text import Lines, UnreadableFile

#: A stream that only one kind of file has.
_STREAMS = {
    "encryptedpackage": "locked", "worddocument": "doc", "workbook": "xls", "book": "xls", "equation native": "formula",
    "powerpoint document": "ppt",
}  # fmt: skip


def streams_of(body: bytes) -> list[list[str]]:
    """The path of every stream, in small letters. Raises `UnreadableFile` for what is broken."""
    try:
        with olefile.OleFileIO(BytesIO(body)) as container:
            return [[part.lower() for part in path] for path in container.listdir()]
    except (OSError, ValueError, IndexError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableFile("文件已损坏或没有传完") from error


def kind_inside(body: bytes) -> str:
    """What the container holds; "old" where that is not known. Raises `UnreadableFile`."""
    streams = {path[0] for path in streams_of(body) if len(path) == 1}
    return next((kind for stream, kind in _STREAMS.items() if stream in streams), "old")


def read(body: bytes, out: Lines) -> None:
    if (kind := kind_inside(body)) != "formula":  # one inside another file has no text
        reader(kind)(body, out)
