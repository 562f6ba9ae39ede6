"""OLE containers: the streams at the root say whether it is a Word file, a spreadsheet or something locked."""

from __future__ import annotations

from io import BytesIO

import olefile

from tracker.evidence.attachments.readers.registry import reader
from tracker.evidence.attachments.readers.text import Lines, UnreadableFile


def streams_of(body: bytes) -> list[list[str]]:
    """The path of every stream. Raises `UnreadableFile` for what is broken."""
    try:
        with olefile.OleFileIO(BytesIO(body)) as container:
            return list(container.listdir())
    except (OSError, ValueError, IndexError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableFile("文件已损坏或没有传完") from error


def read(body: bytes, out: Lines) -> None:
    streams = {path[0].lower() for path in streams_of(body) if len(path) == 1}
    if "encryptedpackage" in streams:
        raise UnreadableFile("文件设有密码，无法读取")
    if "worddocument" in streams:
        reader("doc")(body, out)
    elif streams & {"workbook", "book"}:
        reader("sheet")(body, out)
    elif "equation native" in streams:
        return  # a formula inside another file
    elif "powerpoint document" in streams:
        raise UnreadableFile("PPT（97-2003）演示文稿尚不能读取")
    else:
        raise UnreadableFile("无法识别的办公文件（旧版 WPS 等）")
