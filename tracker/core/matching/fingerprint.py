"""Compares texts with their dates left out, to find an old article under a new date.

The answer accuses, so it is given only where little doubt is left. A monthly report of a fixed form with
other figures, or of another month, is another text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

#: Shorter texts ("见附件", "本月无此类信息") are alike by nature.
_MIN_LENGTH = 40
#: A text that says this much, or holds so many figures, is not the form of a daily notice.
_LONG_TEXT, _DISTINCTIVE_FIGURES = 300, 3
#: Near likeness is judged from so many figures on, or from the length above where there are none to compare;
#: from so many on they are sketched by votes.
_COMPARABLE_FIGURES, _SKETCHED_FIGURES = 5, 24
#: How many of the 64 bits of a form may differ: a shingle or two in a hundred.
_MAX_BITS = 4
_SHINGLE = 4
_MAX_LENGTH = 6000  # characters of a text that its form is taken from

_DIGIT = "〇○零一二三四五六七八九十廿卅"
_DATE = re.compile(
    rf"(?:(?:(?:19|20)\d\d|[{_DIGIT}]{{4}})[-/.年])?(?:\d{{1,2}}|[{_DIGIT}]{{1,3}})[-/.月](?:\d{{1,2}}|[{_DIGIT}]{{1,4}})日(?:\d{{1,2}}[:时]\d{{1,2}}(?:[:分]\d{{1,2}}秒?)?)?"
    r"|(?<![\d.])(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}(?!\d)(?:\d\d?:\d\d(?::\d\d)?)?"
)
#: A day on a line of its own is that of the signature: it says nothing of what the text is about.
_SIGNATURE_DATE = re.compile(rf"[(（]?(?:{_DATE.pattern})[)）]?")
_PERIOD = re.compile(
    rf"(?:(?:\d{{4}}|[{_DIGIT}]{{4}})年度?)?(?:(?:\d{{1,2}}|[{_DIGIT}]{{1,3}})月份?|第?[1-4一二三四]季度|[上下]半年)|(?:\d{{4}}|[{_DIGIT}]{{4}})年度?"
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_MARKS = re.compile(r"[^\w.%:/|-]+|_+")
_CELL_GAP = re.compile(r"(?<=[\d.%])\s+(?=[\d.-])")  # two cells of a table are two figures


@dataclass(frozen=True, slots=True)
class _Fingerprint:
    """`whole`: hash of the text without its days. `form`: simhash of it without figures. `figures`: a sketch of
    them, `count` how many. `days` and `periods`: hashes of the days and of the months that it names."""

    whole: str
    form: int
    figures: int
    count: int
    days: str
    periods: str
    length: int


def fingerprint(text: str) -> str:
    """At most 96 characters to compare by `are_alike`; "" for a text too short to be told from another."""
    lines = [line for line in text.split("\n") if not _SIGNATURE_DATE.fullmatch("".join(line.split()))]
    text = "\n".join(lines)
    plain = _MARKS.sub("", _CELL_GAP.sub("|", unicodedata.normalize("NFKC", text)).casefold())
    days = [match[0] for match in _DATE.finditer(plain)]
    bare = _DATE.sub("", plain)
    if len(bare) < _MIN_LENGTH:
        return ""
    periods = sorted(set(_PERIOD.findall(bare)))
    form = _PERIOD.sub("", bare)
    figures = _FIGURE.findall(form)
    return ":".join(
        (
            _hash(bare, 8),
            f"{_simhash(_FIGURE.sub('', form)[:_MAX_LENGTH]):016x}",
            f"{_sketch(figures):016x}",
            f"{len(figures):x}",
            _hash("".join(days), 4),
            _hash("|".join(periods), 4),
            f"{len(bare):x}",
        )
    )


def are_alike(one: str, other: str) -> bool:
    """Whether two fingerprints are of one text, or of texts that differ in days, a figure or a line around them."""
    if not one or not other:
        return False
    a, b = _parse(one), _parse(other)
    if a is None or b is None:
        return False
    telling = a.length >= _LONG_TEXT or a.count >= _DISTINCTIVE_FIGURES
    if a.whole == b.whole:
        return telling or a.days == b.days
    if a.periods != b.periods or abs(a.length - b.length) * 20 > a.length:
        return False
    if (a.form ^ b.form).bit_count() > _MAX_BITS or abs(a.count - b.count) > 1:
        return False
    changed = (a.figures ^ b.figures).bit_count()
    if a.count >= _SKETCHED_FIGURES or b.count >= _SKETCHED_FIGURES:
        return a.count >= _SKETCHED_FIGURES and b.count >= _SKETCHED_FIGURES and changed <= _MAX_BITS
    if min(a.count, b.count) >= _COMPARABLE_FIGURES:  # a figure that became another: one bit goes, one comes
        return changed <= 2
    return changed == 0 and a.length >= _LONG_TEXT


def is_near_any(one: str, forms: Iterable[int]) -> bool:
    """Whether the form of a fingerprint is so near to one of these that the texts may be alike. Costs little: for
    looking through all texts of a county."""
    try:
        form = int(one[17:33], 16)
    except ValueError:
        return False
    return any((form ^ other).bit_count() <= _MAX_BITS for other in forms)


def band_keys(one: str) -> tuple[tuple[int, int], ...]:
    """Keys of which alike texts share at least one: of four quarters of a form, three changed bits leave one."""
    read = _parse(one)
    return () if read is None else tuple((part, read.form >> 16 * part & 0xFFFF) for part in range(_MAX_BITS + 1))


def text_size(one: str) -> tuple[int, int]:
    """How many characters, its days aside, and how many figures the text has."""
    read = _parse(one)
    return (read.length, read.count) if read is not None else (0, 0)


@lru_cache(maxsize=4096)
def _parse(text: str) -> _Fingerprint | None:
    """None for what no version of this module has written."""
    try:
        whole, form, figures, count, days, periods, length = text.split(":")
        return _Fingerprint(whole, int(form, 16), int(figures, 16), int(count, 16), days, periods, int(length, 16))
    except ValueError:
        return None


def _hash(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def _sketch(figures: list[str]) -> int:
    """A bit for every figure; where a table holds so many that all bits would be set, their votes as in a form."""
    if len(figures) >= _SKETCHED_FIGURES:
        return _votes(zlib.crc32(figure.encode()) for figure in figures[:_MAX_LENGTH])
    bits = 0
    for one in figures:
        bits |= 1 << (zlib.crc32(one.encode()) & 63)
    return bits


def _simhash(text: str) -> int:
    """64 bits, each the majority vote of the hashes of all shingles."""
    raw = text.encode("utf-32-le", "surrogatepass")
    return _votes(zlib.crc32(raw[at : at + 4 * _SHINGLE]) for at in range(0, max(len(raw) - 4 * _SHINGLE, 0) + 1, 4))


def _votes(hashes: Iterable[int]) -> int:
    """The majority of each bit. Votes are counted for all bits at once, one plane for each binary digit."""
    planes: list[int] = []
    count = 0
    for one in hashes:
        carry = _widen(one)
        count += 1
        for level, plane in enumerate(planes):
            planes[level], carry = plane ^ carry, plane & carry
            if not carry:
                break
        if carry:
            planes.append(carry)
    result = 0
    for bit in range(64):
        votes = sum(((plane >> bit) & 1) << level for level, plane in enumerate(planes))
        result |= (votes * 2 > count) << bit
    return result


def _widen(crc: int) -> int:
    """Thirty-two bits made sixty-four that look independent (the finaliser of MurmurHash3)."""
    mixed = crc * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    mixed = (mixed ^ mixed >> 33) * 0xFF51AFD7ED558CCD & 0xFFFFFFFFFFFFFFFF
    return mixed ^ mixed >> 33
