"""Bytes to text: what the header says, what the page says, and what the bytes themselves say.

Guessing libraries are of no use on short Chinese text; two encodings are all that county sites use.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""", re.IGNORECASE
)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""", re.IGNORECASE)
#: gb2312 and gbk are subsets: 镕, 喆 and other names are missing in them.
_NAMES = {
    "utf8": "utf-8", "utf-8": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "gb18030-2000": "gb18030", "cp936": "gb18030", "ms936": "gb18030", "windows-936": "gb18030", "euc-cn": "gb18030",
    "gb2312-80": "gb18030", "hz-gb-2312": "hz", "big5": "big5hkscs", "big5-hkscs": "big5hkscs",
}  # fmt: skip
#: A page says its encoding in its head; heads full of styles and scripts are long.
_HEAD = 65_536
#: So many characters beyond ASCII that decode as UTF-8 are UTF-8, whatever header and page say.
_CERTAIN = 4
_NOT_CHINESE = re.compile("[^\u2e80-\ufffc\U00020000-\U0003ffff]+")


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text and the encoding it was read in. Never raises; broken bytes become U+FFFD."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace"), name
    if (wide := _wide(body)) is not None:
        return body.decode(wide, "replace"), wide
    header, page = _claims(body, content_type)
    claim = header or page
    utf8 = body.decode("utf-8", "replace")
    if utf8.isascii():
        return (body.decode("hz", "replace"), "hz") if claim == "hz" else (utf8, "utf-8")
    if _fits(utf8) and _plausible(utf8, header, page):
        return utf8, "utf-8"
    name = next((one for one in (header, page) if one not in (None, "utf-8")), None) or "gb18030"
    text = body.decode(name, "replace")
    if name == "big5hkscs" and text.count("\ufffd") > 2:
        text, name = _better(text, name, body.decode("gb18030", "replace"), "gb18030")
    if claim == "utf-8" and text.count("\ufffd") >= utf8.count("\ufffd"):
        return utf8, "utf-8"
    return text, name


def _wide(body: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of the markup that it begins with is zero."""
    head = body[:16]
    for name, zeros, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if len(head) == 16 and not any(zeros) and all(others):
            return name
    return None


def _claims(body: bytes, content_type: str) -> tuple[str | None, str | None]:
    """What the header and what the page name, each None where it names nothing that is known."""
    header = _HEADER.search(content_type)
    page = _META.search(body, 0, _HEAD)
    return (
        _NAMES.get(header[1].lower()) if header else None,
        _NAMES.get(page[1].decode("ascii").lower()) if page else None,
    )


def _fits(text: str) -> bool:
    """Whether UTF-8 read it: a title cut in mid-character leaves a broken byte or two, a cut page one more."""
    broken = text.rstrip("\ufffd").count("\ufffd")
    return broken == 0 or broken * 50 <= _foreign(text)


def _foreign(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _plausible(text: str, header: str | None, page: str | None) -> bool:
    """A few Chinese characters in GBK may be valid UTF-8 by chance; then they are not Chinese."""
    said = {header, page} - {None}
    if said == {"utf-8"}:
        return True
    chinese, foreign = len(_NOT_CHINESE.sub("", text)), _foreign(text)
    if not said or "utf-8" in said:  # nothing is said, or header and page contradict each other
        return chinese * 2 >= foreign
    return chinese >= _CERTAIN and chinese * 2 >= foreign


def _better(text: str, name: str, other: str, second: str) -> tuple[str, str]:
    """Of two readings the one with fewer broken characters."""
    return (text, name) if text.count("\ufffd") <= other.count("\ufffd") else (other, second)
