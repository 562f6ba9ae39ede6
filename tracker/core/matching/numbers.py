"""Finds the number that belongs to a word, and ignores numbers of dates, telephones and documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.core.matching.naming import flatten

NumberRange = tuple[float, float]

#: Limits in characters: between a word and its number, the same with a comma between them, and the context that is
#: searched around a word.
_MAX_GAP, _MAX_COMMA_GAP, _CONTEXT = 20, 10, 60
_NUMBER = re.compile(r"(?<![\d.#])\d+(?:\.\d+)?(?![\d#])")
#: Numbers of something else: dates, times, telephones, documents, names of pollutants.
_OTHER_NUMBERS = re.compile(
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
_NUMBER_GAP = re.compile(r"(?<=[\d%.])[^\S\n]+(?=[\d.-])")
#: Labels and values of a grid, one on each line.
_GRID = re.compile(r"[^\n。;]{0,12}(?:\n[^\n。;]{0,15}){0,12}\n")
#: A line that is a number, a line that is a dash for no number, and the length of the longest label of a number.
_NUMBER_LINE, _DASH_LINE, _MAX_LABEL = re.compile(r"\d{1,6}(?:\.\d+)?"), re.compile(r"[-—–/]+"), 12
#: Quotation marks are ignored.
_QUOTES = str.maketrans("", "", "\"'“”‘’「」『』〝〞")


def comparable(text: str) -> str:
    """Return the form in which words are searched: flattened, case-folded, without quotation marks (“三公”经费)."""
    return flatten(text).casefold().translate(_QUOTES)


def to_numbered_form(text: str) -> str:
    """Return the comparable form of a text with its lines kept and adjacent numbers kept apart."""
    return "\n".join(comparable(line) for line in _NUMBER_GAP.sub("|", text).split("\n"))


def find_number_near(text: str, word: str, bounds: NumberRange) -> tuple[int, int] | None:
    """Return begin and end of the word and its number within the bounds, in a text in numbered form; None if absent."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if text[at - 1 : at] == _PART_OF.get(word):
            at = text.find(word, end)
            continue
        begin, stop = max(at - _CONTEXT, 0), end + _CONTEXT
        # A number that touches the word's end belongs to it: AQI57 is no name like PM10.
        window = cross_out_other_numbers(text[begin:end]) + cross_out_other_numbers(text[end:stop])
        place = _find_in_window(window, word, at - begin, bounds)
        if place is not None:
            return begin + place[0], begin + place[1]
        if place is None and (above := _find_on_line_above(text, at, end, bounds)) is not None:
            return above, end
        at = text.find(word, end)
    return None


def _find_on_line_above(text: str, at: int, end: int, bounds: NumberRange) -> int | None:
    """Return where a number stands alone on the line above its word, as on a dial; None otherwise.

    Such a number is not taken if a number or a dash follows on the line after the word, or if a label stands above the
    number and has no number of its own above it.
    """
    lines = text[max(at - _CONTEXT, 0) : at].split("\n")
    if len(lines) < 2 or lines[-1] or text[end : end + 1] not in ("", "\n"):
        return None
    following = text[end + 1 : end + 20].partition("\n")[0]
    if _NUMBER_LINE.fullmatch(following) or _DASH_LINE.fullmatch(following) or not _NUMBER_LINE.fullmatch(lines[-2]):
        return None
    above = lines[-3] if len(lines) > 2 else ""
    labelled = len(above) <= _MAX_LABEL and any(character.isalpha() for character in above)
    if (labelled and not (len(lines) > 3 and _NUMBER_LINE.fullmatch(lines[-4]))) or not bounds[0] <= float(
        lines[-2]
    ) <= bounds[1]:
        return None
    return at - len(lines[-2]) - 1


def cross_out_other_numbers(text: str) -> str:
    """Return a text in numbered form with # for the digits of dates, telephones, documents and the like."""
    return _OTHER_NUMBERS.sub(_cross_out, text)


def is_part_of_another(text: str, word: str) -> bool:
    """Return whether the word occurs in a text only as the end of another word: AQI in IAQI."""
    before = _PART_OF.get(word)
    return before is not None and not re.search(f"(?<!{before}){word}", text)


def _find_in_window(window: str, word: str, at: int, bounds: NumberRange) -> tuple[int, int] | None:
    end = at + len(word)
    for match in _NUMBER.finditer(window, max(at - 8, 0)):
        if not bounds[0] <= float(match[0]) <= bounds[1] or _has_unit(window, match, word):
            continue
        if match.start() >= end and _links_word_to_number(window[end : match.start()], word):
            return at, match.end()
        if match.end() <= at and window[match.end() : at] in ("", "("):
            return match.start(), end
    return None


def _cross_out(match: re.Match[str]) -> str:
    return re.sub(r"\d", "#", match[0])


def _has_unit(text: str, match: re.Match[str], word: str) -> bool:
    unit = text[match.end() : match.end() + 1]
    return bool(unit) and unit in _UNITS and unit not in word


def _links_word_to_number(gap: str, word: str) -> bool:
    """Return whether the text between a word and a number connects them."""
    if "\n" in gap:
        return _GRID.fullmatch(gap) is not None
    if len(gap) > _MAX_GAP or re.search(r"[。;]", gap) or _CHANGE.search(gap):
        return False
    if ("," in gap or "、" in gap) and len(gap) > _MAX_COMMA_GAP:
        return False
    foreign = [token for token in re.findall(r"[a-z]{2,}|[a-z]#", gap) if token not in word]
    return not foreign or "分别" in gap


def find_numbers(cell: str, bounds: NumberRange, word: str = "") -> Iterator[float]:
    """Yield the numbers of one cell within the bounds, except those of dates and documents."""
    text = cross_out_other_numbers(to_numbered_form(cell))
    for match in _NUMBER.finditer(text):
        letter = text[match.start() - 1 : match.start()]
        if letter.isascii() and letter.isalpha():
            continue
        if bounds[0] <= float(match[0]) <= bounds[1] and not _has_unit(text, match, word):
            yield float(match[0])
