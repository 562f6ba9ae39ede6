"""Compares texts without their dates, to find an old article under a new date.

A match is an accusation, so it needs little doubt. A monthly report of a fixed form with other figures, or of another
month, is another text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

#: Shorter texts ("见附件", "本月无此类信息") get no fingerprint: they are alike anyway.
_MIN_LENGTH = 40
#: A text of this length, or with so many figures, is distinctive: not the form of a daily notice.
_LONG_TEXT, _DISTINCTIVE_FIGURES = 300, 3
#: Similarity is judged from so many figures on, or from the length above without figures; from the second number of
#: figures on they are sketched by votes.
_COMPARABLE_FIGURES, _SKETCHED_FIGURES = 5, 24
#: How many of the 64 bits of a form may differ: one or two shingles in a hundred.
_MAX_BITS = 4
#: Bands of a form: one more than the bits that may differ, so that one band is the same. So many bits each.
_BANDS, _BAND_BITS = _MAX_BITS + 1, 64 // (_MAX_BITS + 1) + 1
_SHINGLE = 4
_MAX_LENGTH = 6000  # characters of a text that its form is taken from

_DIGIT = "〇○零一二三四五六七八九十廿卅"
_DATE = re.compile(
    rf"(?:(?:(?:19|20)\d\d|[{_DIGIT}]{{4}})[-/.年])?(?:\d{{1,2}}|[{_DIGIT}]{{1,3}})[-/.月](?:\d{{1,2}}|[{_DIGIT}]{{1,4}})日(?:\d{{1,2}}[:时]\d{{1,2}}(?:[:分]\d{{1,2}}秒?)?)?"
    r"|(?<![\d.])(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}(?!\d)(?:\d\d?:\d\d(?::\d\d)?)?"
)
#: A day on a line of its own is that of the signature, not part of the content.
_SIGNATURE_DATE = re.compile(rf"[(（]?(?:{_DATE.pattern})[)）]?")
_PERIOD = re.compile(
    rf"(?:(?:\d{{4}}|[{_DIGIT}]{{4}})年度?)?(?:(?:\d{{1,2}}|[{_DIGIT}]{{1,3}})月份?|第?[1-4一二三四]季度|[上下]半年)|(?:\d{{4}}|[{_DIGIT}]{{4}})年度?"
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_MARKS = re.compile(r"[^\w.%:/|-]+|_+")
_CELL_GAP = re.compile(r"(?<=[\d.%])\s+(?=[\d.-])")  # two cells of a table are two figures


@dataclass(frozen=True, slots=True)
class _Fingerprint:
    """The parts of a fingerprint.

    `text`: hash of the text without its days. `form`: simhash of the text without figures. `figures`: sketch of the
    figures, `count`: their number. `days`, `periods`: hashes of the days and periods that the text names.
    """

    text: str
    form: int
    figures: int
    count: int
    days: str
    periods: str
    length: int


def fingerprint(text: str) -> str:
    """Return at most 96 characters to compare by `are_alike`; "" for a text too short to be distinguished."""
    lines = [line for line in text.split("\n") if not _SIGNATURE_DATE.fullmatch("".join(line.split()))]
    unsigned = unicodedata.normalize("NFKC", "\n".join(lines))
    plain = _MARKS.sub("", _CELL_GAP.sub("|", unsigned).casefold())
    days = [match[0] for match in _DATE.finditer(plain)]
    undated = _DATE.sub("", plain)
    if len(undated) < _MIN_LENGTH:
        return ""
    periods = sorted(set(_PERIOD.findall(undated)))
    form = _PERIOD.sub("", undated)
    figures = _FIGURE.findall(form)
    return ":".join(
        (
            _hash(undated, 8),
            f"{_simhash(_FIGURE.sub('', form)[:_MAX_LENGTH]):016x}",
            f"{_sketch(figures):016x}",
            f"{len(figures):x}",
            _hash("".join(days), 4),
            _hash("|".join(periods), 4),
            f"{len(undated):x}",
        )
    )


def are_alike(first: str, second: str) -> bool:
    """Return whether two fingerprints are of one text, or of texts that differ only in days, a figure or a line."""
    old, new = _parse(first), _parse(second)
    if old is None or new is None:
        return False
    if old.text == new.text:
        return old.length >= _LONG_TEXT or old.count >= _DISTINCTIVE_FIGURES or old.days == new.days
    if old.periods != new.periods or abs(old.length - new.length) * 20 > old.length or abs(old.count - new.count) > 1:
        return False
    if (old.form ^ new.form).bit_count() > _MAX_BITS:
        return False
    changed_bits, fewest = (old.figures ^ new.figures).bit_count(), min(old.count, new.count)
    if max(old.count, new.count) >= _SKETCHED_FIGURES:
        return fewest >= _SKETCHED_FIGURES and changed_bits <= _MAX_BITS
    if fewest >= _COMPARABLE_FIGURES:  # a figure that became another: one bit goes, one comes
        return changed_bits <= 2
    return changed_bits == 0 and old.length >= _LONG_TEXT


def is_near_any(fingerprint: str, forms: Iterable[int]) -> bool:
    """Return whether the form of a fingerprint is so near to one of these that the texts may be alike.

    Cheap, for scanning all texts of a county.
    """
    try:
        form = int(fingerprint[17:33], 16)
    except ValueError:
        return False
    return any((form ^ candidate).bit_count() <= _MAX_BITS for candidate in forms)


def band_keys(fingerprint: str) -> tuple[tuple[int, int], ...]:
    """Return bucket keys of which similar texts share at least one: the bands of the form."""
    parts = _parse(fingerprint)
    if parts is None:
        return ()
    return tuple((number, parts.form >> _BAND_BITS * number & (1 << _BAND_BITS) - 1) for number in range(_BANDS))


def text_size(fingerprint: str) -> tuple[int, int]:
    """Return how many characters, without days, and how many figures the text has."""
    parts = _parse(fingerprint)
    return (parts.length, parts.count) if parts else (0, 0)


@lru_cache(maxsize=4096)
def _parse(text: str) -> _Fingerprint | None:
    """Return the parts of a fingerprint; None for a malformed one."""
    try:
        digest, form, figures, count, days, periods, length = text.split(":")
        return _Fingerprint(digest, int(form, 16), int(figures, 16), int(count, 16), days, periods, int(length, 16))
    except ValueError:
        return None


def _hash(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def _sketch(figures: list[str]) -> int:
    """Return a bit set of the figures; for so many figures that all bits would be set, their votes as in a form."""
    if len(figures) >= _SKETCHED_FIGURES:
        return _votes(zlib.crc32(figure.encode()) for figure in figures[:_MAX_LENGTH])
    bits = 0
    for figure in figures:
        bits |= 1 << (zlib.crc32(figure.encode()) & 63)
    return bits


def _simhash(text: str) -> int:
    """Return 64 bits, each the majority vote of the hashes of all shingles."""
    raw = text.encode("utf-32-le", "surrogatepass")
    return _votes(zlib.crc32(raw[at : at + 4 * _SHINGLE]) for at in range(0, max(len(raw) - 4 * _SHINGLE, 0) + 1, 4))


def _votes(hashes: Iterable[int]) -> int:
    """Return the majority of each bit. Votes are counted for all bits at once, in one plane per binary digit."""
    planes: list[int] = []
    count = 0
    for number in hashes:
        carry = _widen(number)
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
    """Return 32 bits mixed into 64 that look independent (the finaliser of MurmurHash3)."""
    mixed = crc * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    mixed = (mixed ^ mixed >> 33) * 0xFF51AFD7ED558CCD & 0xFFFFFFFFFFFFFFFF
    return mixed ^ mixed >> 33
