"""Word files of today (.docx): paragraphs and tables in their order, notes and heads after them."""

from __future__ import annotations

import re
import zipfile

from tracker.evidence.attachments.readers.kinds import kind_of
from tracker.evidence.attachments.readers.markup import parse_member
from tracker.evidence.attachments.readers.registry import reader
from tracker.evidence.attachments.readers.story import Story
from tracker.evidence.attachments.readers.text import STOPS, Full, Lines, UnreadableFile
from tracker.evidence.attachments.readers.zipped import open_zip

_MAIN = re.compile(r"word/document\d*\.xml")
_BESIDE = re.compile(r"word/(?:footnotes|endnotes|header\d*|footer\d*|diagrams/data\d*)\.xml")
_PICTURES = re.compile(r"word/media/.*\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf)", re.IGNORECASE)
_EMBEDDED = re.compile(r"word/embeddings/.+")


def read(body: bytes, out: Lines) -> None:
    with open_zip(body) as archive:
        names = archive.namelist()
        mains = [name for name in names if _MAIN.fullmatch(name)]
        if not mains:
            raise UnreadableFile("Word 文件中没有正文")
        for name in [*mains, *sorted(name for name in names if _BESIDE.fullmatch(name))]:
            parse_member(archive, name, Story(out))
        for info in archive.infolist():
            if _EMBEDDED.fullmatch(info.filename):
                _embedded(archive, info.filename, out)
        out.beside_pictures([one.file_size for one in archive.infolist() if _PICTURES.fullmatch(one.filename)])


def _embedded(archive: zipfile.ZipFile, name: str, out: Lines) -> None:
    """A sheet or text that stands in this one as a picture of itself."""
    try:
        body = archive.read(name)
        reader(kind_of(body, name))(body, out)
    except UnreadableFile as reason:
        out.lack(f"文件中嵌有其他文件：{reason}")
    except (Full, MemoryError, *STOPS):
        raise
    except BaseException as error:  # a library's own way to say that it is broken
        out.lack(f"文件中嵌有其他文件，无法读取（{type(error).__name__}）")
