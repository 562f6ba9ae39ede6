"""What stands among the records and is none: a row without a link, a second day in a record."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from tracker.evidence.page.dates import day_of, find_moment
from tracker.evidence.page.parsed import Node, Page, squeeze
from tracker.evidence.wrappers.records import BoxRun, head_of
from tracker.evidence.wrappers.wrapper import RecordBound

_DAY = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?!\d)日?|[\[(（【]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?\s*[\])）】]"
)
_PAGER = re.compile(
    r"[上下前后尾末首]\s*一?\s*[页頁]|共\s*\d+\s*[页頁条篇]|\d+\s*/\s*\d+\s*[页頁]|位置\s*[:：]|更新时间\s*[:：]"
)
#: Letters that may be a title: beside a day, and without one.
_BY_A_DAY, _ALONE = 5, 8
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Stray:
    """Something that may be a row, with its day; None where it has none."""

    words: str
    day: date | None


def strays_in(run: BoxRun, bound: RecordBound, page: Page) -> list[Stray]:
    """Return what may be a row of a list and was not read as one."""
    return _children(run, page) if bound is RecordBound.ELEMENT else _doubled(run, bound, page)


def _children(run: BoxRun, page: Page) -> list[Stray]:
    starts = {start for start, _, _ in run.starts}
    tags = {run.children[start].tag for start in starts}
    found = []
    for number, child in enumerate(run.children):
        if number in starts:
            continue
        text = _text_of(child)
        if not text or len(text) > _LONGEST or head_of(text) is not None or _PAGER.search(text):
            continue
        match = _DAY.search(text)
        words = _letters(_DAY.sub("", text))
        like = child.tag in tags and not child.is_text_node and child.css_first("th") is None
        if (match is not None and words >= _BY_A_DAY) or (match is None and like and words >= _ALONE):
            found.append(Stray(text, _day(match[0], page) if match is not None else None))
    return found


def _doubled(run: BoxRun, bound: RecordBound, page: Page) -> list[Stray]:
    """A record with more days than its sisters holds another row that has no link."""
    texts = []
    for number, (start, _, _) in enumerate(run.starts):
        if bound is RecordBound.TO_NEXT:
            end = run.starts[number + 1][0] if number + 1 < len(run.starts) else len(run.children)
            part = run.children[start:end]
        else:
            part = run.children[run.starts[number - 1][0] + 1 if number else 0 : start + 1]
        texts.append(" ".join(_text_of(node) for node in part))
    days = [_DAY.findall(text) for text in texts]
    usual = Counter(map(len, days)).most_common(1)[0][0]
    return [
        Stray(text[:_LONGEST], max((day for one in found if (day := _day(one, page))), default=None))
        for text, found in zip(texts, days, strict=True)
        if len(found) > usual and not _PAGER.search(text)
    ]


def _text_of(node: Node) -> str:
    return squeeze((node.text_content or "") if node.is_text_node else node.text(separator=" "))


def _letters(text: str) -> int:
    return sum(one.isalpha() for one in text)


def _day(text: str, page: Page) -> date | None:
    when = find_moment(text, page.zone)
    return day_of(when) if when is not None else None
