"""Days as the rows of lists print them: amid other words, or reckoned from today."""

from __future__ import annotations

import re
from datetime import date, timedelta, tzinfo

from tracker.core.values.facts import Moment
from tracker.evidence.page.dates import MonthDay, find_moment, strict_month_day

#: 昨天, 3天前, 10:32 and their kin.
RELATIVE = re.compile(
    r"^[\s\[(（【]*(?:(?P<today>刚刚|今天|今日|\d{1,2}\s*个?(?:小时|分钟|秒钟?)前)|(?P<one>昨天|昨日)|(?P<two>前天)"
    r"|(?P<days>\d{1,2})\s*天[以之]?前)?\s*(?P<clock>\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?[\s\])）】]*$"
)


def reckoned(match: re.Match[str], today: date) -> date | None:
    """Return the day of 今天, 昨天, 3天前; an hour alone is one of today."""
    if match["days"]:
        return today - timedelta(days=int(match["days"]))
    if match["one"] or match["two"]:
        return today - timedelta(days=1 if match["one"] else 2)
    return today if match["today"] or match["clock"] else None


#: A full date in digits, with its hour where it has one.
_DAY = r"((?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?)"
_SHORT_DAY = r"(\d{1,2}\s*[-/月]\s*\d{1,2}日?)"
_AMID = tuple(
    re.compile(one)
    for one in (
        rf"(?:发布|发表|公布|公开|更新|上传|刊登|录入)(?:时间|日期)?[于在]?\s*[:：]?\s*{_DAY}",
        rf"[于在]\s*{_DAY}\s*(?:发布|发表|公布|公开|更新|上传|刊登)",
        rf"^[^\d。；;，,]{{1,24}}(?<![至自到于在从截])[\s|/\[\](（)）【】:：·，,-]*{_DAY}[\s\])）】]*$",
        rf"^[\s\[(（【]*{_DAY}[\s\])）】|/·，,-]+(?![起前后至])[^\d。；;，,]{{1,24}}$",
    )
)
_AMID_SHORT = tuple(
    re.compile(one)
    for one in (
        rf"(?:发布|发表|公布|更新)[于在:：]\s*{_SHORT_DAY}(?!\d)",
        rf"^[\s\[(（【]*[\u4e00-\u9fff]{{2,12}}(?:局|办|委|会|中心|政府|室|镇|乡|街道|站|院|校)[\s\])）】|/·:：，,-]*{_SHORT_DAY}[\s\])）】]*$",
    )
)


def amid_words(text: str, zone: tzinfo) -> Moment | MonthDay | None:
    """Return the day of 由县环保局于2015年9月25日发布: one with who and how around it, no running text."""
    if len(text) > 60:
        return None
    for pattern in _AMID:
        if match := pattern.search(text):
            return find_moment(match[1], zone)
    match = next((found for pattern in _AMID_SHORT if (found := pattern.search(text))), None)
    return strict_month_day(f"[{match[1]}]") if match is not None else None
