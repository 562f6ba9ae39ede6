"""Separates a text from its frame: the particulars above and below it that a site's template prints.

A redesign adds or drops such lines over an unchanged text: 发布时间, 来源, 浏览次数, 打印, the title
once more, the signature.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from tracker.core.matching.naming import flat, flatten, parse_number, parse_year

#: A longer line is part of the text; so many lines at either edge are looked at.
_MAX_LENGTH, _MAX_LINES = 160, 12
_DIGIT = "〇○零一二三四五六七八九十廿卅"
_DAY = (
    rf"(?<!\d)(?P<year>(?:19|20)\d\d|[{_DIGIT}]{{4}})[-/.年](?P<month>\d{{1,2}}|[{_DIGIT}]{{1,2}})[-/.月]"
    rf"(?P<day>\d{{1,2}}|[{_DIGIT}]{{1,3}})(?!\d)日?"
)
_TIME = r"(?<!\d)\d{1,2}[:时]\d{2}(?:[:分]\d{1,2}秒?)?"
_LABEL = (
    r"(?:(?:发布|公开|更新|生成|录入|发文|成文|信息|文章|稿件|内容|责任)?(?:日期|来源|机构|单位|部门|编辑|作者|出处)"
    r"|(?:发布|公开|更新|生成|录入|发文)时间|审核人?|校对|撰稿人?|供稿人?|(?:浏览|点击|阅读|访问)(?:次数|量|率|数)?|人气|字体|字号|索引号"
    r"|[上下]一[篇条]|分享到?)"
)
_COMMAND = r"打印(?:本页)?|关闭(?:窗口|本页)?|收藏|分享|返回(?:顶部)?|字[体号]|[大中小]|默认|超大|\d*次"
_VALUE = r"(?:(?!\S{0,8}:)[^\s\]】)]{1,40})?"
#: One item of a frame: a day, a time, a label with its value, a command of the page.
_ITEM = re.compile(rf"{_DAY}|{_TIME}|{_LABEL}\s*:\s*{_VALUE}|(?<![^\W\d])(?:{_COMMAND})(?![^\W\d])")
_SPLIT_LABEL = re.compile(r"来\s+源")
_NO_WORDS = re.compile(r"[\W_]*")
#: A signature: 样例县环境保护局.
_OFFICE = re.compile(r"[^\W\d_]{2,24}(?:局|委|委员会|办|办公室|政府|院|中心|公司|大队|站|处|厅|部|所)")


class FramedText(NamedTuple):
    """A text without its frame, in the form in which texts are compared (`flatten`); `days`: those that its frame
    prints, as (2015, 6, 10)."""

    core: str
    days: frozenset[tuple[int, int, int]]


def separate_frame(text: str, title: str) -> FramedText:
    """Return the text without its frame. The core of a text of nothing else is empty."""
    lines = [line for line in (line.strip() for line in text.split("\n")) if line]
    first, last = 0, len(lines)
    while first < min(last, _MAX_LINES) and _is_frame(lines[first], title):
        first += 1
    lowest = max(first, last - _MAX_LINES)
    while last > lowest and (_is_frame(lines[last - 1], title) or _OFFICE.fullmatch(flatten(lines[last - 1]))):
        last -= 1
    frame = "\n".join((*lines[:first], *lines[last:]))
    return FramedText(flatten("\n".join(lines[first:last])), frozenset(_read_days(frame)))


def _is_frame(line: str, title: str) -> bool:
    """Return whether a line is the title, or consists of items of a frame."""
    if len(line) > _MAX_LENGTH:
        return False
    plain = _SPLIT_LABEL.sub("来源", unicodedata.normalize("NFKC", line))
    return flatten(line) == flat(title) or _NO_WORDS.fullmatch(_ITEM.sub(" ", plain)) is not None


def _read_days(frame: str) -> set[tuple[int, int, int]]:
    matches = re.finditer(_DAY, unicodedata.normalize("NFKC", frame))
    return {(parse_year(day["year"]), parse_number(day["month"]), parse_number(day["day"])) for day in matches}
