"""ZIP containers opened with care: how much comes out is known before anything is unpacked."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import IO

from tracker.evidence.attachments.readers.text import UnreadableFile

MAX_MEMBERS = 2000
MAX_TOTAL = 300_000_000
#: Markup shrinks to a fiftieth; what shrinks further than this, and is not small, is made to swell.
MAX_RATIO = 250
_SMALL = 20_000_000
#: A member that only this kind of office file has; some writers number it (word/document2.xml): then its folder.
_INSIDE = {
    "word/document.xml": "docx", "xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "ppt/presentation.xml": "pptx",
    "OFD.xml": "ofd",
}  # fmt: skip
_FOLDERS = {"word": "docx", "xl": "xlsx", "ppt": "pptx"}


def open_zip(body: bytes) -> zipfile.ZipFile:
    """Raises `UnreadableFile` for one that is broken or would swell beyond all bounds. Sizes are bytes."""
    try:
        archive = zipfile.ZipFile(BytesIO(body))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise UnreadableFile("文件已损坏或没有传完") from error
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise UnreadableFile(f"压缩包内文件超过 {MAX_MEMBERS} 个")
    total = sum(one.file_size for one in members)
    swollen = any(one.file_size > max(_SMALL, one.compress_size * MAX_RATIO) for one in members)
    if swollen or total > MAX_TOTAL or total > max(_SMALL, len(body) * MAX_RATIO):
        raise UnreadableFile("压缩包解开后过大，疑为压缩炸弹，不予解开")
    return archive


def open_member(archive: zipfile.ZipFile, name: str) -> IO[bytes] | None:
    """A member to be read as it comes; None where there is none of this name. No more than it declares comes out."""
    try:
        return archive.open(name)
    except KeyError:
        return None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableFile("文件内容已损坏或设有密码") from error


def kind_inside(archive: zipfile.ZipFile) -> str:
    """What office file the container is; "" where it is an archive."""
    names = set(archive.namelist())
    if found := next((kind for member, kind in _INSIDE.items() if member in names), ""):
        return found
    if "mimetype" in names:
        with archive.open("mimetype") as member:
            return "ods" if b"opendocument.spreadsheet" in member.read(100) else "unknown"
    folders = {name.partition("/")[0] for name in names} if "[Content_Types].xml" in names else set()
    return next((kind for folder, kind in _FOLDERS.items() if folder in folders), "")
