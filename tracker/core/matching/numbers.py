"""Finds the number beside the word that asks for it, and not that of a date, telephone or document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.core.matching.naming import flatten

NumberRange = tuple[float, float]

#: How far behind its word a number may stand, and how far with a comma between.
_AFTER, _COMMA, _CONTEXT = 20, 10, 60
_NUMBER = re.compile(r"(?<![\d.#])\d+(?:\.\d+)?(?![\d#])")
#: Numbers that are parts of something else, most of them with a unit of their own.
_OTHER = re.compile(
    r"(?:19|20)\d\d[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?(?!\d)|\d{1,2}月\d{1,2}日?|(?:19|20)\d\d年度?"
    r"|\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}[时点](?:\d{1,2}分)?"
    r"|(?<!\d)0\d{2,3}-\d{7,8}|(?<!\d)1[3-9]\d{9}(?!\d)|(?:电话|传真|手机|热线|邮编|tel)\D{0,4}\d[\d-]{4,}"
    r"|附[件表图]\d+|(?<![\u4e00-\u9fff])[表图]\d+|[一二三四五六]级:?\d+-\d+"
    r"|[〔\[(【](?:19|20)\d\d[〕\])】]\d*号?|第\d+[号期条款页名位届次项章批]?|\d+号"
    r"|(?<![a-z])(?:pm|so|no|co|o|h|n|nh)\|?\d+(?:\.\d)?(?!\d)|[a-z]+-?\d+(?:\.\d+)?(?=[a-z(])"
)
#: The index of a single pollutant (IAQI) is not the index of the air.
_PART_OF = {"aqi": "i"}
_UNITS = "年月日时号点周季旬期级类天"
#: 下降12 is no level; 下降至57 is.
_CHANGE = re.compile(r"(?:降|升|增|减|涨|少|多|提高|降低|增加|减少|同比|环比)(?:了|约|近|幅|长|加)*$")
_APART = re.compile(r"(?<=[\d%.])[^\S\n]+(?=[\d.-])")
#: Labels and values of a grid, one a line.
_GRID = re.compile(r"[^\n。;]{0,12}(?:\n[^\n。;]{0,15}){0,12}\n")
#: A line that is a number, one that says that there is none, and the longest name of a number.
_ALONE, _DASH, _LABELLED = re.compile(r"\d{1,6}(?:\.\d+)?"), re.compile(r"[-—–/]+"), 12
#: Not looked at.
_QUOTES = str.maketrans("", "", "\"'“”‘’「」『』〝〞")


def comparable(text: str) -> str:
    """The form in which words are looked for: flattened, small letters, without quotation marks (“三公”经费)."""
    return flatten(text).casefold().translate(_QUOTES)


def numbered(text: str) -> str:
    """The comparing form of a text in which two numbers stay two, lines stay lines."""
    return "\n".join(comparable(line) for line in _APART.sub("|", text).split("\n"))


def number_near(text: str, word: str, bounds: NumberRange) -> tuple[int, int] | None:
    """Where in a `numbered` text a number within the bounds stands beside the word: begin and end of both."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if text[at - 1 : at] == _PART_OF.get(word):
            at = text.find(word, end)
            continue
        begin, stop = max(at - _CONTEXT, 0), end + _CONTEXT
        # What touches the word's end is its own number: AQI57 is no name like PM10.
        window = _OTHER.sub(_cross_out, text[begin:end]) + _OTHER.sub(_cross_out, text[end:stop])
        found = _in_window(window, word, at - begin, bounds)
        if found is not None:
            return begin + found[0], begin + found[1]
        if found is None and (before := _on_the_line_above(text, at, end, bounds)) is not None:
            return before, end
        at = text.find(word, end)
    return None


def _on_the_line_above(text: str, at: int, end: int, bounds: NumberRange) -> int | None:
    """Where a number stands alone on the line above its word, as on a dial.

    None where the word's own line follows with a number or a dash, or where the number may belong to a name above it:
    unless that name has its own number above.
    """
    lines = text[max(at - _CONTEXT, 0) : at].split("\n")
    if len(lines) < 2 or lines[-1] or text[end : end + 1] not in ("", "\n"):
        return None
    following = text[end + 1 : end + 20].partition("\n")[0]
    if _ALONE.fullmatch(following) or _DASH.fullmatch(following) or not _ALONE.fullmatch(lines[-2]):
        return None
    above = lines[-3] if len(lines) > 2 else ""
    labelled = len(above) <= _LABELLED and any(one.isalpha() for one in above)
    if (labelled and not (len(lines) > 3 and _ALONE.fullmatch(lines[-4]))) or not bounds[0] <= float(
        lines[-2]
    ) <= bounds[1]:
        return None
    return at - len(lines[-2]) - 1


def is_part_of_another(text: str, word: str) -> bool:
    """Whether the word stands in a text only as the end of another that means something else."""
    before = _PART_OF.get(word)
    return before is not None and not re.search(f"(?<!{before}){word}", text)


def _in_window(window: str, word: str, at: int, bounds: NumberRange) -> tuple[int, int] | None:
    end = at + len(word)
    for match in _NUMBER.finditer(window, max(at - 8, 0)):
        if not bounds[0] <= float(match[0]) <= bounds[1] or _has_unit(window, match, word):
            continue
        if match.start() >= end and _leads(window[end : match.start()], word):
            return at, match.end()
        if match.end() <= at and window[match.end() : at] in ("", "("):
            return match.start(), end
    return None


def _cross_out(match: re.Match[str]) -> str:
    return re.sub(r"\d", "#", match[0])


def _has_unit(text: str, match: re.Match[str], word: str) -> bool:
    unit = text[match.end() : match.end() + 1]
    return bool(unit) and unit in _UNITS and unit not in word


def _leads(gap: str, word: str) -> bool:
    """Whether what stands between word and number leads from the one to the other."""
    if "\n" in gap:
        return _GRID.fullmatch(gap) is not None
    if len(gap) > _AFTER or re.search(r"[。;]", gap) or _CHANGE.search(gap):
        return False
    if ("," in gap or "、" in gap) and len(gap) > _COMMA:
        return False
    foreign = [one for one in re.findall(r"[a-z]{2,}|[a-z]#", gap) if one not in word]
    return not foreign or "分别" in gap


def numbers_in(cell: str, bounds: NumberRange, word: str = "") -> Iterator[float]:
    """The numbers of one cell within the bounds, a date's and a paper's left out."""
    text = _OTHER.sub(_cross_out, numbered(cell))
    for match in _NUMBER.finditer(text):
        letter = text[match.start() - 1 : match.start()]
        if letter.isascii() and letter.isalpha():
            continue
        if bounds[0] <= float(match[0]) <= bounds[1] and not _has_unit(text, match, word):
            yield float(match[0])
