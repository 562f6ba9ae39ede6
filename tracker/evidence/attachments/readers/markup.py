"""XML inside office files: read as it comes, without document types, so that no entity can swell.

Office formats forbid document types; a file that has one is not what it says.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import IO, NoReturn
from xml.parsers import expat

from tracker.evidence.attachments.readers.text import UnreadableFile
from tracker.evidence.attachments.readers.zipped import open_member

_CHUNK = 65_536


class Handler:
    """What is done with the elements; names come without their namespace."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def data(self, text: str) -> None: ...


def parse(source: IO[bytes] | bytes, handler: Handler, encoding: str | None = None) -> None:
    """Feed the handler; raises `UnreadableFile` where the markup is broken. `encoding`: whatever the markup says."""
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: handler.start(_local(name), _locals(attributes))
    parser.EndElementHandler = lambda name: handler.end(_local(name))
    parser.CharacterDataHandler = handler.data
    stream = BytesIO(source) if isinstance(source, bytes) else source
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise UnreadableFile("文件已损坏，标记不完整") from error


def parse_member(archive: zipfile.ZipFile, name: str, handler: Handler) -> bool:
    """Feed the handler with a member of a container; False where there is none of this name."""
    if (stream := open_member(archive, name)) is None:
        return False
    with stream:
        try:
            parse(stream, handler)
        except (zipfile.BadZipFile, EOFError, OSError) as error:
            raise UnreadableFile("文件内容已损坏") from error
    return True


def _refuse(*_: object) -> NoReturn:
    raise UnreadableFile("文件含有文档类型声明，不是正常的办公文件")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _locals(attributes: dict[str, str]) -> dict[str, str]:
    return {_local(name): value for name, value in attributes.items()}
