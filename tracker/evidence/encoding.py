"""Bytes to text: what the header says, what the page says, and what the bytes themselves say.

Guessing libraries are of no use on short Chinese text; two encodings are all that county sites use.
"""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""", re.IGNORECASE
)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""", re.IGNORECASE)
#: gb2312 and gbk are subsets: 镕, 喆 and other names are missing in them.
_NAMES = {
    "utf8": "utf-8", "utf-8": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "hz-gb-2312": "hz", "big5": "big5hkscs",
}  # fmt: skip
#: So many characters beyond ASCII that decode as UTF-8 are UTF-8, whatever header and page say.
_CERTAIN = 8


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text and the encoding it was read in. Never raises; broken bytes become U+FFFD."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace"), name
    claim = _claim(body, content_type)
    utf8 = body.decode("utf-8", "replace")
    if utf8.isascii():
        return (body.decode("hz", "replace"), "hz") if claim == "hz" else (utf8, "utf-8")
    if _fits(utf8) and _plausible(utf8, claim):
        return utf8, "utf-8"
    name = claim if claim not in (None, "utf-8") else "gb18030"
    text = body.decode(name, "replace")
    if claim == "utf-8" and text.count("\ufffd") >= utf8.count("\ufffd"):
        return utf8, "utf-8"
    return text, name


def _claim(body: bytes, content_type: str) -> str | None:
    header = _HEADER.search(content_type)
    meta = _META.search(body, 0, 4096)
    for name in (header[1] if header else "", meta[1].decode("ascii") if meta else ""):
        if known := _NAMES.get(name.lower()):
            return known
    return None


def _fits(text: str) -> bool:
    """Whether UTF-8 read it: a title cut in mid-character leaves a broken byte or two."""
    broken = text.count("\ufffd")
    return broken == 0 or broken * 50 <= sum(one > "\x7f" for one in text)


def _plausible(text: str, claim: str | None) -> bool:
    """A few Chinese characters in GBK may be valid UTF-8 by chance; then they are not Chinese."""
    if claim == "utf-8":
        return True
    foreign = [one for one in text if one > "\x7f"]
    chinese = sum(one >= "\u2e80" for one in foreign)
    if claim is None:
        return chinese * 2 >= len(foreign)
    return chinese >= _CERTAIN and chinese * 2 >= len(foreign)
