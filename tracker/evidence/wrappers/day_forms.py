"""The forms in which lists print days. A column of days has one form, and one impossible day is against it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta, tzinfo

from tracker.core.values.facts import Moment
from tracker.evidence.page.dates import MonthDay, find_moment, plain, strict_moment, strict_month_day
from tracker.evidence.wrappers.instants import moment_of

#: Reads one text in one form. Arguments: text, zone, today.
Form = Callable[[str, tzinfo, date], "Moment | MonthDay | None"]

_USUAL = re.compile(r"[\s\[(（【]*((?:19|20)\d\d)([-/.])(\d\d?)\2(\d\d?)[\s\])）】]*$")
_YEARS = range(1990, 2101)


def _whole(text: str, zone: tzinfo, _today: date) -> Moment | None:
    if (match := _USUAL.match(text)) is not None:
        return _date(int(match[1]), int(match[3]), int(match[4]))
    numbers = _THREE.match(text)
    return None if numbers is not None and len(numbers[1]) < 4 else strict_moment(text, zone)


def _month_day(text: str, _zone: tzinfo, _today: date) -> MonthDay | None:
    if (match := _DAY_OVER_MONTH.fullmatch(text)) is not None:
        return strict_month_day(f"{match[2] or match[3]}月{match[1] or match[4]}日")
    return strict_month_day(text)


#: A day and a month of which the latter alone is called so: 6/3月, 25日 9月, 3月/6.
_DAY_OVER_MONTH = re.compile(
    r"[\s\[(（【]*(?:(\d{1,2})日?(?:\s*[/|.·、-]\s*|\s+)(\d{1,2})月份?|(\d{1,2})月\s*[/|.·、-]\s*(\d{1,2}))[\s\])）】]*"
)


def _bare_month_day(text: str, _zone: tzinfo, _today: date) -> MonthDay | None:
    """5/8 and 5-8: too little for a single row, enough for a column of them."""
    return strict_month_day(f"[{text}]") if len(text) < 12 else None


#: Three numbers whose order their column tells.
_THREE = re.compile(
    r"[\s\[(（【]*(\d{1,4})(?:\s*[-/.年]\s*|\s+)(\d{1,2})(?:\s*[-/.月]\s*|\s+)(\d{1,4})日?[\s\])）】]*"
    r"(?:\d\d?:\d\d(?::\d\d)?(?:\s*[AaPp][Mm])?)?[\s\])）】]*$"
)


def _ordered(year: int, month: int, day: int) -> Form:
    def read(text: str, _zone: tzinfo, _today: date) -> date | None:
        match = _THREE.match(plain(text))
        if match is None or len(match[year]) == 3 or len(match[day]) > 2:
            return None
        value = int(match[year])
        return _date(value if value > 99 else 2000 + value, int(match[month]), int(match[day]))

    return read


#: 昨天, 3天前, 10:32 and their kin.
_RELATIVE = re.compile(
    r"^[\s\[(（【]*(?:(?P<today>刚刚|今天|今日|\d{1,2}\s*个?(?:小时|分钟|秒钟?)前)|(?P<one>昨天|昨日)|(?P<two>前天)"
    r"|(?P<days>\d{1,2})\s*天[以之]?前)?\s*(?P<clock>\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?[\s\])）】]*$"
)


def _ago(text: str, _zone: tzinfo, today: date) -> date | None:
    """An hour alone is one of today."""
    match = _RELATIVE.match(text) if len(text) <= 40 and text.strip(" []()（）【】") else None
    if match is None:
        return None
    if match["days"]:
        return today - timedelta(days=int(match["days"]))
    if match["one"] or match["two"]:
        return today - timedelta(days=1 if match["one"] else 2)
    return today if match["today"] or match["clock"] else None


#: A day in running words, with what is said before it.
_AMID = re.compile(
    r"(?:19|20)\d\d\s*[-/.年－]\s*\d{1,2}\s*[-/.月－]\s*\d{1,2}(?!\d)日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
)
PUBLISHED = re.compile(r"(?:发布|发表|公布|公开|刊登|上网|发稿|挂网|publi[sc][ha]|pubdate|release)", re.IGNORECASE)
CHANGED = re.compile(r"更新|修改|update|modif", re.IGNORECASE)
OTHER_DAY = re.compile(
    r"施行|实施|生效|成文|印发|生成|制发|制定|签发|发文|有效|截止|截至|失效|废止|起止|回复|答复|办结|受理|开始|结束|made|expire",
    re.IGNORECASE,
)


def label_weight(label: str) -> float:
    """Return how much what is written before a day speaks for it, from -2 to 2."""
    if OTHER_DAY.search(label):
        return -2.0
    if PUBLISHED.search(label):
        return 2.0
    return 0.5 if CHANGED.search(label) else 1.0 if re.search("时间|日期|date|time", label, re.IGNORECASE) else 0.0


def _amid(text: str, zone: tzinfo, _today: date) -> Moment | None:
    """The day whose label speaks most for it; of equal ones the last."""
    if len(text) > 400:
        return None
    best: tuple[float, Moment] | None = None
    end = 0
    for match in _AMID.finditer(text):
        weight = label_weight(text[max(end, match.start() - 8) : match.start()])
        day = find_moment(match[0], zone)
        end = match.end()
        if day is not None and (best is None or weight >= best[0]):
            best = (weight, day)
    return best[1] if best is not None and best[0] >= 0 else None


_SHORT_DAY = r"(\d{1,2}\s*[-/月]\s*\d{1,2}日?)"
_AMID_SHORT = (
    re.compile(rf"(?:发布|发表|公布|更新)[于在:：]\s*{_SHORT_DAY}(?!\d)"),
    re.compile(
        rf"^[\s\[(（【]*[\u4e00-\u9fff]{{2,12}}(?:局|办|委|会|中心|政府|室|镇|乡|街道|站|院|校)[\s\])）】|/·:：，,-]*{_SHORT_DAY}[\s\])）】]*$"
    ),
)


def _amid_short(text: str, _zone: tzinfo, _today: date) -> MonthDay | None:
    """The day of 县环保局 09-25: one with who and how around it, no running text, and no full date beside it."""
    if len(text) > 60 or _AMID.search(text):
        return None
    match = next((found for pattern in _AMID_SHORT if (found := pattern.search(text))), None)
    return strict_month_day(f"[{match[1]}]") if match is not None else None


#: A day behind a title, in the title's own text.
TAIL = re.compile(r"\s*[\[(（【\s]((?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})日?\s*[\])）】]?\s*$")


#: The same before a title, in brackets.
LEAD = re.compile(r"^\s*[\[(（【]((?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})日?[\s\])）】]+")


def _lead(text: str, zone: tzinfo, _today: date) -> Moment | None:
    match = LEAD.search(text)
    return find_moment(match[1], zone) if match is not None and match.end() + 4 < len(text) else None


def _tail(text: str, zone: tzinfo, _today: date) -> Moment | None:
    match = TAIL.search(text)
    return find_moment(match[1], zone) if match is not None and match.start() > 4 else None


def _instant(text: str, zone: tzinfo, _today: date) -> Moment | None:
    """A moment as programs write it: seconds or milliseconds, ISO 8601, RFC 822."""
    if not text.isascii():
        return None
    return moment_of(int(text) if text.isdigit() and len(text) in (10, 13) else text, zone)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


#: The forms of a day that stands in the title's own text.
IN_TITLE = frozenset({"tail", "lead"})


def without_day(title: str) -> str:
    """Return a title without the day behind or before it."""
    return LEAD.sub("", TAIL.sub("", title))


#: Name → how it is read, the surest first.
FORMS: dict[str, Form] = {
    "whole": _whole,
    "year-month-day": _ordered(1, 2, 3),
    "day-month-year": _ordered(3, 2, 1),
    "month-day-year": _ordered(3, 1, 2),
    "month-day": _month_day,
    "bare-month-day": _bare_month_day,
    "ago": _ago,
    "amid": _amid,
    "amid-short": _amid_short,
    "instant": _instant,
    "tail": _tail,
    "lead": _lead,
}


def read_day(text: str, form: str, zone: tzinfo, today: date) -> Moment | MonthDay | None:
    """Return the day that a text tells in a form; None where it tells none."""
    return FORMS[form](text, zone, today) if text else None
