"""What a file is: by its first bytes, then by what it calls itself. A name alone proves little.

Containers (OLE, ZIP) are told apart further by their readers: looking into them is not for the crawl's own process.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

#: First bytes that leave no doubt, whatever the file is called.
_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x89PNG\r\n", "png"),
)
#: Letters that a text may begin with too: they count where a byte follows that no text has.
_SHORT_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"ID3", "media"),
    *((magic, "program") for magic in (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")),
    (b"Foxit", "ceb"),
    (b"CEB", "ceb"),
)
_TEXTS = {"csv", "txt", "log", "md", "tsv", "xml", "json"}
_PAGES = {"htm", "html"}
#: Names under which office suites and databases save web pages and tables in plain text.
_OFFICE = {"doc", "xls", "wps", "et", "docx", "xlsx", "csv"}
_PACKED = {"docx", "xlsx"}  # never plain text
_OFFICE_TYPE = re.compile(r"ms-?excel|ms-?word|spreadsheet|wordprocessing", re.IGNORECASE)
_OFFICE_MARK = re.compile(rb"urn:schemas-microsoft-com:office|content=[\"']?(?:Excel|Word)\.", re.IGNORECASE)
_HTML = re.compile(
    rb"\A[\s\xef\xbb\xbf]*<(?:!doctype\s+html|html|head|body|table|meta|script|style|div|p|title|!--)", re.IGNORECASE
)
#: Headers as of a mail, in whatever order.
_MAIL = re.compile(rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,12}?mime-version:", re.IGNORECASE)
_XML = re.compile(rb"\A[\s\xef\xbb\xbf]*<\?xml")
_IN_XML = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", "xmlsheet"),
    (b"schemas.microsoft.com/office/word/2003/wordml", "wordxml"),
    (b"schemas.microsoft.com/office/2006/xmlPackage", "wordxml"),
)
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

#: Why files of these kinds are not read.
UNREAD = {
    "empty": "文件是空的",
    "ofd": "OFD 文件尚不能读取",
    "ceb": "CEB 文件尚不能读取",
    "rar": "RAR 压缩包尚不能读取",
    "7z": "7z 压缩包尚不能读取",
    "gzip": "gzip 压缩包尚不能读取",
    **dict.fromkeys(("image", "jpeg", "png"), "图片，没有可检索的文字"),
    "media": "音频或视频，没有可检索的文字",
    "program": "可执行程序，不读取",
    "locked": "文件设有密码，无法读取",
    "ppt": "PPT（97-2003）演示文稿尚不能读取",
    "old": "无法识别的办公文件（旧版 WPS 等）",
    "webpage": "地址给出的是网页，不是文件",
    "unknown": "无法识别的文件格式",
}


def kind_of(body: bytes, name: str, content_type: str = "") -> str:
    """The kind under which the registry or `UNREAD` knows it. Never raises, and takes no time."""
    head = body[:4096]
    if not head.strip(b"\x00\r\n\t ") and not body.strip(b"\x00\r\n\t "):
        return "empty"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    binary = _NO_TEXT.search(head[:64]) is not None
    if binary or len(head) < 64:
        for magic, kind in _SHORT_MAGIC:
            if head.startswith(magic) and binary:
                return kind
        if head[4:8] == b"ftyp":
            return "media"
        if head[8:12] == b"WEBP":
            return "image"
    if b"%PDF-" in head[:1024] and not _HTML.match(head):
        return "pdf"
    return _of_text(head, extension(name), content_type)


def extension(name: str) -> str:
    """The extension in lower case, of a file's name or an address; "" where there is none."""
    path = urlsplit(name).path if "://" in name else name
    stem, dot, end = unquote(path).rpartition(".")
    return end.lower() if dot and stem and re.fullmatch(r"[A-Za-z0-9]{1,5}", end) else ""


def _of_text(head: bytes, end: str, content_type: str) -> str:
    if _XML.match(head):
        found = next((kind for mark, kind in _IN_XML if mark in head), None)
        if found is not None:
            return found
    if _MAIL.match(head):
        return "mht"  # its page stands within
    if _HTML.match(head) or b"<html" in head.lower():
        # What stands behind an error is a page too: only what says that an office suite made it is a file.
        office = end in _OFFICE and (_OFFICE_TYPE.search(content_type) or _OFFICE_MARK.search(head))
        return "html" if office or end in _PAGES else "webpage"
    if end in _TEXTS | (_OFFICE - _PACKED) or (not end and content_type.startswith("text/")):
        utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff")
        return "text" if utf16 or not _NO_TEXT.search(head) else "unknown"
    return "unknown"
