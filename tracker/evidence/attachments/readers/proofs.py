"""What may be filed as a proof, told by what it holds: pictures, PDF, OFD, Word and spreadsheets.

Runs in the confined child. Refused is what is not what its name says, what holds programs, and what is two kinds of
file at once: whoever opens it must see what was looked at here.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator

import olefile
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from tracker.evidence.attachments.readers import ole, pictures, zipped
from tracker.evidence.attachments.readers.kinds import extension, kind_of
from tracker.evidence.attachments.readers.markup import Handler, parse, parse_member
from tracker.evidence.attachments.readers.text import Unfit, UnreadableFile
from tracker.evidence.attachments.readers.zipped import open_zip

#: By kind: what it is called, and the endings its name may have.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "jpeg": ("a JPEG picture", ("jpg", "jpeg", "jpe", "jfif")),
    "png": ("a PNG picture", ("png",)),
    "pdf": ("a PDF document", ("pdf",)),
    "ofd": ("an OFD document", ("ofd",)),
    "docx": ("a Word document", ("docx",)),
    "xlsx": ("an Excel sheet", ("xlsx",)),
    "doc": ("a Word document (97-2003)", ("doc", "wps")),
    "xls": ("an Excel sheet (97-2003)", ("xls", "et")),
}
TAKEN = "JPEG, PNG, PDF, OFD, docx, xlsx, doc, xls, wps, et"

#: What else is met, as it is told; anything not named is "of no known kind".
_OTHERS = {
    "empty": "empty",
    "heic": "an iPhone picture (HEIC), which many offices cannot open: save it as JPEG",
    "image": "a picture of another kind: save it as JPEG or PNG",
    "media": "sound or video",
    "program": "a program",
    "script": "a script",
    "svg": "an SVG drawing, which is a program to a browser: save it as PNG",
    "html": "a web page: file its link, or print it as PDF",
    "mht": "a web page: file its link, or print it as PDF",
    "zip": "an archive: file what is in it, each by itself",
    "rar": "an archive (RAR): file what is in it, each by itself",
    "7z": "an archive (7z): file what is in it, each by itself",
    "gzip": "an archive (gzip): file what is in it, each by itself",
    "rtf": "rich text: save it as PDF or docx",
    "pptx": "a presentation: save it as PDF",
    "ppt": "a presentation: save it as PDF",
    "ceb": "a CEB document: save it as PDF",
    "ods": "an OpenDocument file: save it as PDF, docx or xlsx",
    "xlsb": "an Excel sheet of another kind: save it as PDF or xlsx",
    "locked": "a Word or Excel file with a password: nobody could check it",
    "text": "plain text: file it as a statement",
    "xml": "XML: save it as PDF",
}
_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"avif")
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_MARKUP = re.compile(rb"<(?:html|script|svg|body|iframe|\?php)[\s>]", re.IGNORECASE)
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch)\b")
#: A letter of a PDF name as two hexadecimal digits: /J#61vaScript is /JavaScript to every reader.
_LETTER = re.compile(rb"#([2-7][0-9A-Fa-f])")
#: Objects packed together, and how many bytes of them are looked through.
_PACKED, _LOOKED_THROUGH = re.compile(rb"/ObjStm\b.{0,500}?\bstream\r?\n", re.DOTALL), 50_000_000
#: What an Office file fetches from elsewhere when it is opened: a template with macros, a foreign object.
_FETCHED = ("attachedtemplate", "oleobject", "frame", "subdocument", "afchunk")
_ELSEWHERE = re.compile(r"(?:file:)?[/\\]{2}[^/\\]|(?!file:)[a-z][a-z0-9+.-]+:", re.IGNORECASE)
#: Endings of members that run when they are opened.
_RUNS = re.compile(r"\.(?:exe|dll|scr|com|bat|cmd|ps1|vbs|vbe|js|jse|wsf|lnk|jar|msi|sh|py|hta)$", re.IGNORECASE)
_END_OF_ZIP, _FARTHEST = b"PK\x05\x06", 65_557
_PACKAGE = "\x01Ole10Native"


def inspect(body: bytes, name: str) -> str:
    """The kind of a file that may be filed. Raises `Unfit` with what it really is."""
    kind = _kind(body)
    if kind not in KINDS:
        raise Unfit(f"it is {_OTHERS.get(kind, 'of no known kind')} (taken: {TAKEN})")
    what, endings = KINDS[kind]
    end = extension(name)
    if end not in endings:
        shown = f"its name ends in .{end}" if end else "its name has no ending"
        raise Unfit(f"it is {what}, but {shown}: name it so that it ends in .{endings[0]}, or file the right one")
    try:
        _LOOKS[kind](body)
    except UnreadableFile as reason:
        raise Unfit(f"it is {what} that cannot be opened ({reason})") from None
    if kind not in ("docx", "xlsx", "ofd") and _END_OF_ZIP in body[-_FARTHEST:]:
        raise Unfit(f"it is {what} and an archive at once: something is hidden in it")
    return kind


def _kind(body: bytes) -> str:
    """What it is; of containers by what they hold."""
    found, head = kind_of(body, ""), body[:4096]
    if found == "zip":
        return _packed(body)
    if found == "ole":
        return _ole(body)
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        return "heic"
    if head.startswith(b"#!"):
        return "script"
    if found in ("webpage", "unknown", "wordxml", "xmlsheet") or (found == "pdf" and not head.startswith(b"%PDF-")):
        return _of_text(head, found)
    return found


def _of_text(head: bytes, found: str) -> str:
    if _SVG.search(head):
        return "svg"
    if found == "webpage" or _MARKUP.search(head):
        return "html"
    if found in ("wordxml", "xmlsheet") or head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<?xml"):
        return "xml"
    return "unknown" if found == "pdf" or re.search(rb"[\x00-\x08\x0e-\x1a]", head) else "text"


# -- containers ----------------------------------------------------------------------------------


def _packed(body: bytes) -> str:
    try:
        return zipped.kind_inside(open_zip(body)) or "zip"
    except UnreadableFile:
        return "zip"


def _ole(body: bytes) -> str:
    try:
        return ole.kind_inside(body)
    except UnreadableFile:
        return "old"


def _office(main: str) -> Callable[[bytes], None]:
    def look(body: bytes) -> None:
        archive = open_zip(body)
        if not body.startswith(b"PK\x03\x04") or min(one.header_offset for one in archive.infolist()) != 0:
            raise Unfit("something stands before the document: it is two files at once")
        if body[-22:-18] != _END_OF_ZIP:
            raise Unfit("something follows the document: it is two files at once")
        for info in archive.infolist():
            if info.flag_bits & 0x1:
                raise Unfit("it has a password: nobody could check it")
            if info.filename.lower().endswith("vbaproject.bin"):
                raise Unfit("it holds macros: save it without, or as PDF")
            if _RUNS.search(info.filename):
                raise Unfit(f"it holds a program, {info.filename[-60:]}")
            if info.filename.lower().endswith(".rels"):
                parse(archive.read(info), _Relations())
            if info.filename.lower().endswith(".bin") and "/embeddings/" in info.filename:
                _embedded(archive.read(info))
        if main != "OFD.xml" and "[Content_Types].xml" not in archive.namelist():
            raise Unfit("it lacks what every Word or Excel file has: [Content_Types].xml")
        if not parse_member(archive, main, Handler()):
            raise Unfit(f"it lacks what every Word or Excel file has: {main}")

    return look


class _Relations(Handler):
    """What a part of an Office file draws upon."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        outside = attributes.get("TargetMode", "").lower() == "external"
        if outside and kind in _FETCHED and _ELSEWHERE.match(attributes.get("Target", "").strip()):
            raise Unfit("it fetches something from another address when it is opened: save it anew as PDF")


def _embedded(body: bytes) -> None:
    if _PACKAGE.encode("utf-16-le") in body:
        raise Unfit("another file is packed into it: file that by itself")


def _old_office(body: bytes) -> None:
    names = {part for path in ole.streams_of(body) for part in path}
    if names & {"macros", "_vba_project_cur", "_vba_project"}:
        raise Unfit("it holds macros: save it without, or as PDF")
    if _PACKAGE.lower() in names:
        raise Unfit("another file is packed into it: file that by itself")
    if "worddocument" in names and _is_locked(body):
        raise Unfit("it has a password: nobody could check it")


def _is_locked(body: bytes) -> bool:
    """Word's own mark in the head of its main stream ([MS-DOC] FibBase, fEncrypted)."""
    with olefile.OleFileIO(body) as container:
        head = container.openstream("WordDocument").read(12)
    return len(head) == 12 and bool(head[11] & 0x01)


# -- PDF -----------------------------------------------------------------------------------------


def _pdf(body: bytes) -> None:
    try:
        document = pdfium.PdfDocument(body)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Unfit("it has a password: nobody could check it") from None
        raise Unfit("it is a PDF document that cannot be opened: broken, or not whole") from None
    try:
        if len(document) == 0:
            raise Unfit("it is a PDF document without pages")
        document[0].close()
        if raw.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0 or any(map(_is_active, _objects(body))):
            raise Unfit("it holds a program (JavaScript): print it anew as PDF")
        if raw.FPDFDoc_GetAttachmentCount(document.raw) > 0:
            raise Unfit("other files are attached to it: file each by itself")
    except pdfium.PdfiumError:
        raise Unfit("it is a PDF document whose first page cannot be opened") from None
    finally:
        document.close()
    if _MARKUP.search(body[:1024]):
        raise Unfit("it is a PDF document and a web page at once")


def _objects(body: bytes) -> Iterator[bytes]:
    """The objects as they stand, and those that are packed."""
    yield body
    left = _LOOKED_THROUGH
    for found in _PACKED.finditer(body):
        try:
            end = body.find(b"endstream", found.end())
            objects = zlib.decompressobj().decompress(body[found.end() : end], left)
        except zlib.error:
            continue  # not packed at all: then it stood above
        left -= len(objects)
        if left <= 0:
            raise Unfit("more is packed into it than can be looked through: print it anew as PDF")
        yield objects


def _is_active(objects: bytes) -> bool:
    plain = _LETTER.sub(lambda found: bytes([int(found[1], 16)]), objects)
    return _ACTIVE.search(plain) is not None


_LOOKS: dict[str, Callable[[bytes], None]] = {
    "jpeg": pictures.jpeg,
    "png": pictures.png,
    "pdf": _pdf,
    "ofd": _office("OFD.xml"),
    "docx": _office("word/document.xml"),
    "xlsx": _office("xl/workbook.xml"),
    "doc": _old_office,
    "xls": _old_office,
}
