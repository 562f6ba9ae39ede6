"""A ZIP container: an office file by what it holds, else an archive whose members are read one by one."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator

from tracker.evidence.attachments.readers.kinds import kind_of
from tracker.evidence.attachments.readers.registry import reader
from tracker.evidence.attachments.readers.text import STOPS, Full, Lines, UnreadableFile, tidy
from tracker.evidence.attachments.readers.zipped import kind_inside, open_zip
from tracker.evidence.page.encoding import decode

_MAX_MEMBER = 60_000_000
#: What systems put into archives on their own.
_LITTER = re.compile(r"__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|(?:^|/)~\$|\.(?:css|js|lnk|url)$", re.IGNORECASE)
#: An archive inside an archive is opened, one inside that is not.
_DEPTH = 1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def read(body: bytes, out: Lines) -> None:
    _read(body, out, 0)


def _read(body: bytes, out: Lines, depth: int) -> None:
    archive = open_zip(body)
    if kind := kind_inside(archive):
        reader(kind)(body, out)
        return
    if depth > _DEPTH:
        raise UnreadableFile("压缩包层层嵌套，不再解开")
    found = False
    for info, name in _members(archive):
        try:
            out.line(name)
            _member(archive, info, name, out, depth)
            found = True
        except UnreadableFile as reason:
            out.lack(f"“{name[-60:]}”：{reason}")
    if not found:
        raise UnreadableFile("其中没有可读的文件" if depth else "；".join(out.lacks) or "压缩包是空的")


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    for info in archive.infolist():
        name = _name(info)
        if not info.is_dir() and not _LITTER.search(name):
            yield info, name


def _name(info: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag come decoded as CP437; on Chinese systems they were GBK, on others UTF-8."""
    if info.flag_bits & 0x800:
        return tidy(info.filename)
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return tidy(info.filename)
    return tidy(decode(raw)[0])


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, out: Lines, depth: int) -> None:
    if info.flag_bits & 0x1:
        raise UnreadableFile("设有密码，无法读取")
    if info.file_size > _MAX_MEMBER:
        raise UnreadableFile(f"超过 {_MAX_MEMBER} 字节")
    try:
        body = archive.read(info)
    except _BROKEN as error:
        raise UnreadableFile("内容已损坏或压缩方式无法识别") from error
    kind = kind_of(body, name)
    try:
        if kind == "zip":
            _read(body, out, depth + 1)
        else:
            reader(kind)(body, out)
    except (UnreadableFile, Full, MemoryError, *STOPS):
        raise
    except BaseException as error:  # one broken member leaves the others readable
        raise UnreadableFile(f"内容无法读取（{type(error).__name__}）") from error
