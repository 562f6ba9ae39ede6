"""Lines of a list that lead nowhere: a title and its day in one piece of plain text among the rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import tzinfo

from tracker.core.values.facts import Moment
from tracker.evidence.listing.dialects.printed import DAY
from tracker.evidence.page.dates import MonthDay, find_moment, strict_month_day
from tracker.evidence.page.parsed import Node, short_text, squeeze

_MOST = 3000
_LONGEST = 200
_BLOCKS = {"p", "div", "li", "tr", "dd", "dt", "section", "article", "h2", "h3", "h4", "h5"}
_HEADED = re.compile(rf"^\W*{DAY}\W*(.+)$")
_ENDED = re.compile(rf"^(.+?)\W*{DAY}\W*$")
_ENDED_SHORT = re.compile(r"^(.+?)\s*([\[【(（]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?\s*[\]】)）])$")
#: What is said of a row or a page, and is no title.
_PARTICULARS = re.compile(
    r"今天是|今日是|现在是|当前(?:时间|日期|位置)|您好|版权|共\s*\d+\s*[条页篇]|第\s*\d+\s*页|来源|作者|点击|浏览|阅读|访问"
    r"|(?:更新|发布|公布|公开|统计|截止|查询|生成|发文|成文|印发|上传|提交|回复|受理)(?:时间|日期|单位|机构|人|于)?\s*[:：]?\s*$"
)
_TITLE = 8


def unlinked_lines(holder: Node, rows: Collection[int] = ()) -> Iterator[str]:
    """The text of each line directly in an element, parted by breaks and blocks, in which no link stands.

    `rows`: elements in which one is known to stand.
    """
    said: list[str] = []
    linked = False
    child = holder.child
    for _ in range(_MOST):
        if child is None:
            break
        if child.is_text_node:
            said.append(child.text_content or "")
        elif child.tag == "br" or child.tag in _BLOCKS:
            if not linked and (line := squeeze("".join(said))):
                yield line
            said, linked = [], False
            if child.tag == "br" or child.mem_id in rows or child.css_first("a, [onclick]") is not None:
                pass
            elif whole := short_text(child, _LONGEST):
                yield whole
        elif child.tag not in ("script", "style", "-comment"):
            linked = linked or child.tag == "a" or child.css_first("a") is not None
            said.append(short_text(child, _LONGEST) or "")
        child = child.next
    if not linked and (line := squeeze("".join(said))):
        yield line


def told_day(line: str, zone: tzinfo) -> Moment | MonthDay | None:
    """The day of a line that is a title with its day before or behind it; None for any other line."""
    if len(line) > _LONGEST:
        return None
    for pattern, title, day in ((_HEADED, 2, 1), (_ENDED, 1, 2), (_ENDED_SHORT, 1, 2)):
        if (match := pattern.match(line)) is not None and _titled(match[title]):
            return find_moment(match[day], zone) or strict_month_day(match[day])
    return None


def _titled(text: str) -> bool:
    text = squeeze(text)
    return sum(map(str.isalpha, text)) >= _TITLE and _PARTICULARS.search(text) is None and "。" not in text
