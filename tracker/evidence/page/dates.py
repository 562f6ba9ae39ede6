"""Dates as county sites print them, and the year that many lists leave out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from tracker.core.values.facts import Moment

#: No county site printed anything before, and a later year is a slip of the pen.
_YEARS = range(1990, 2101)

_NUMERALS = str.maketrans("〇○零一二三四五六七八九OＯo", "0001234567890" + "00")

_SEP = r"\s*[-－—‐–/.．年]\s*"
_SEP2 = r"\s*[-－—‐–/.．月]\s*"
_CLOCK = (
    r"(?:[T\s]*(?P<half>(?:星期[一二三四五六日天]\s*)?(?:[上下中]午|晚上|凌晨)\s*)?(?P<hour>\d{1,2})\s*[:：时点]\s*(?P<minute>\d{1,2})"
    r"(?:\s*[:：分]\s*(?P<second>\d{1,2}))?(?:\.\d+)?(?P<zone>Z|[+-]\d{2}:?\d{2})?(?P<english>\s*[AaPp][Mm]\b)?)?"
)
#: A full date with an optional clock time, anywhere in a text.
FULL = re.compile(
    rf"(?<![\d.])(?P<year>(?:19|20)\d\d){_SEP}(?P<month>\d{{1,2}}){_SEP2}(?P<day>\d{{1,2}})(?!\d)\s*日?{_CLOCK}"
)
_COMPACT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)")
_SHORT_YEAR = re.compile(r"(?<!\d)(?P<year>\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_SHORT_SIGNED = re.compile(r"(?<!\d)(?P<year>[0-3]\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_MONTH_DAY = re.compile(
    r"(?<![\d.])(?P<month>\d{1,2})\s*[-－/月.]\s*(?P<day>\d{1,2})(?!\d)\s*日?(?:\s+\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
)
_CHINESE = re.compile(
    r"(?P<year>[〇○零一二三四五六七八九OＯo0]{4})\s*年\s*(?P<month>[一二三四五六七八九十]{1,3})\s*月\s*(?P<day>[一二三四五六七八九十廿卅]{1,4})\s*日"
)
_DAY_FIRST = re.compile(r"^(?P<day>\d{1,2})日?[\s/]+(?P<year>(?:19|20)\d\d)\s*[-/.年]\s*(?P<month>\d{1,2})月?$")
_YEAR_LAST = re.compile(r"^(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})日?[\s/]+(?P<year>(?:19|20)\d\d)年?$")
_YEAR_APART = re.compile(r"^(?P<year>(?:19|20)\d\d)年?\s+(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})日?$")
_APART = re.compile(r"^(?P<year>(?:19|20)\d\d)年?\s+(?P<month>\d{1,2})月?\s+(?P<day>\d{1,2})日?$")
_DAY_LAST = re.compile(r"^(?P<year>(?:19|20)\d\d)\s*[-/.年]\s*(?P<month>\d{1,2})月?\s+(?P<day>\d{1,2})日?$")

#: 25/09/2015: which of the two is the day only their size tells, or the rows beside.
_EITHER = re.compile(r"^(?P<first>\d{1,2})\s*[-/.]\s*(?P<second>\d{1,2})\s*[-/.]\s*(?P<year>(?:19|20)\d\d)$")
_ORDINAL, _GAP = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"[\s,./-]+"
_NAME, _WHOLE = r"(?P<name>[A-Za-z]{3,9})", r"(?P<year>(?:19|20)\d\d)"
#: 2015 Sep 25, 25 September 2015, September 25th, 2015.
_ENGLISH = tuple(
    re.compile(f"^{_GAP.join(order)}$")
    for order in ((_WHOLE, _NAME, _ORDINAL), (_ORDINAL, _NAME, _WHOLE), (_NAME, _ORDINAL, _WHOLE))
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

#: What may stand around a date that has an element of its own: brackets and a label.
_LABEL = re.compile(
    r"^(?:(?:发布|公开|更新|生成|发文|上传|添加|录入)?(?:时间|日期)|发布于|date)\s*[:：]?\s*", re.IGNORECASE
)
_AROUND = "[]()（）【】〔〕「」《》<>|·・•-—_:：,，;； \t\r\n\u3000\xa0"
#: A number in any numerals, or the name of a month.
_BEGINS = re.compile(r"[\dA-Za-z〇○零一二三四五六七八九Ｏ]")
#: The page's own clock is no date of anything.
_CLOCK_OF_PAGE = re.compile(r"今天是|今天|现在是|现在时间|当前时间|星期|农历|您好|欢迎")


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A date without its year, as `[09-25]` in a list."""

    month: int
    day: int


def plain(text: str) -> str:
    """Full-width digits and spaces made ordinary, so that one pattern reads them all."""
    return unicodedata.normalize("NFKC", text) if not text.isascii() else text


def arabic(text: str) -> str:
    """The same with days that are written in Chinese numerals put into digits: 二〇一五年七月五日 → 2015年7月5日."""

    def digits(match: re.Match[str]) -> str:
        day = _chinese(match)
        return f"{day.year}年{day.month}月{day.day}日" if day is not None else match[0]

    return _CHINESE.sub(digits, text) if "年" in text else text


def find_moment(text: str, zone: tzinfo) -> Moment | None:
    """The first full date in a text, with its hour where it has one."""
    text = plain(text)
    if match := FULL.search(text):
        return _moment(match, zone)
    if match := _CHINESE.search(text):
        return _chinese(match)
    return None


def strict_moment(text: str, zone: tzinfo) -> Moment | None:
    """A date that is nearly all there is of a text; None for running text. Compact forms too."""
    bare = plain(text).strip(_AROUND)
    if not bare or len(bare) > 60 or not any(one.isdigit() or one in "〇○零一二" for one in bare):
        return None
    if _CLOCK_OF_PAGE.search(bare):
        return None
    bare = _LABEL.sub("", bare).strip(_AROUND)
    if not _BEGINS.match(bare):
        return None
    if match := _EITHER.match(bare):
        return None if either_way(bare) else _of_either(match)
    for pattern in _ALONE:
        if (match := pattern.match(bare)) and not bare[match.end() :].strip(_AROUND):
            return _moment(match, zone)
    if (match := _CHINESE.match(bare)) and not bare[match.end() :].strip(_AROUND):
        return _chinese(match)
    return _english(bare)


_ALONE = (FULL, _COMPACT, _SHORT_YEAR, _SHORT_SIGNED, _DAY_FIRST, _YEAR_LAST, _YEAR_APART, _APART, _DAY_LAST)


def strict_month_day(text: str) -> MonthDay | None:
    """A date without a year that is nearly all there is of a text."""
    bare = _LABEL.sub("", plain(text).strip(_AROUND)).strip(_AROUND)
    match = _MONTH_DAY.match(bare) if 3 <= len(bare) <= 24 else None
    if match is None or bare[match.end() :].strip(_AROUND):
        return None
    if len(match["month"]) + len(match["day"]) < 4 and "月" not in bare and bare == plain(text).strip():
        return None  # 1/12 without brackets is a page number or a fraction
    month, day = int(match["month"]), int(match["day"])
    return MonthDay(month, day) if _valid(2000, month, day) else None


def moment_in_url(url: str) -> date | None:
    """The day that many systems write into an article's address; a month alone is not a date."""
    for pattern in _IN_URL:
        if match := pattern.search(url):
            return _valid(int(match["year"]), int(match["month"]), int(match["day"]))
    return None


_IN_URL = (
    re.compile(r"/t(?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)_\d+"),
    re.compile(r"/(?P<year>20\d\d)[-/_](?P<month>[01]?\d)[-/_](?P<day>[0-3]?\d)/"),
    re.compile(r"/(?P<year>20\d\d)-?(?P<month>[01]\d)[-/]?(?P<day>[0-3]\d)[/_]"),
    re.compile(r"[/_](?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)\d{0,10}\.s?html?$"),
)


def day_of(moment: Moment) -> date:
    """The day of a moment in the zone it was read in."""
    return moment.date() if isinstance(moment, datetime) else moment


def _moment(match: re.Match[str], zone: tzinfo) -> Moment | None:
    year = int(match["year"])
    day = _valid(year if year > 99 else 2000 + year, int(match["month"]), int(match["day"]))
    parts = match.groupdict()
    if day is None or parts.get("hour") is None:
        return day
    hour = _of_half(int(parts["hour"]), f"{parts.get('half') or ''}{parts.get('english') or ''}")
    return _at(day, hour, int(parts["minute"]), int(parts["second"] or 0), parts.get("zone"), zone)


def _of_half(hour: int, half: str) -> int:
    """The hour of a day that is told in two halves; 下午 15:20 is told in one."""
    if hour == 12 and ("上午" in half or "凌晨" in half or "a" in half.lower()):
        return 0
    late = "下午" in half or "晚上" in half or "p" in half.lower() or ("中午" in half and hour < 3)
    return hour + 12 if late and hour < 12 else hour


def _at(day: date, hour: int, minute: int, second: int, offset: str | None, zone: tzinfo) -> Moment:
    if (hour, minute, second) in ((0, 0, 0), (24, 0, 0)) or hour > 23 or minute > 59 or second > 59:
        return day  # midnight is what a system prints that knows only the day
    if offset is None:
        return datetime.combine(day, time(hour, minute, second), zone)
    text = f"{day.isoformat()}T{hour:02}:{minute:02}:{second:02}{'+00:00' if offset == 'Z' else offset}"
    try:
        return datetime.fromisoformat(text).astimezone(zone)
    except ValueError:
        return day


def _of_either(match: re.Match[str], *, day_first: bool = False) -> date | None:
    first, second = int(match["first"]), int(match["second"])
    if first > 12 or (day_first and second <= 12):
        first, second = second, first
    return _valid(int(match["year"]), first, second)


def either_way(text: str) -> bool:
    """Whether all there is of a text is a date whose day and month nobody can tell apart: 05/06/2015."""
    match = _EITHER.match(_LABEL.sub("", plain(text).strip(_AROUND)).strip(_AROUND))
    return (
        match is not None and match["first"] != match["second"] and max(int(match["first"]), int(match["second"])) <= 12
    )


def labelled_day(text: str, zone: tzinfo, today: date) -> Moment | None:
    """The date that stands first behind a label, in forms too loose for any other place: 13-05-09, 25/09/2015.

    Of two ways to read one, the one that lies in the future is none; where both remain, nobody knows.
    """
    text = plain(text)
    if match := _SHORT_BEHIND.match(text):
        day = _moment(match, zone)
        return day if day is not None and day_of(day) <= today + timedelta(days=1) else None
    if match := _EITHER_BEHIND.match(text):
        read = {_of_either(match, day_first=order) for order in (False, True)}
        if ENGLISH.match(text):
            read = {_of_either(match)}
        possible = [one for one in read if one is not None and one <= today + timedelta(days=1)]
        return possible[0] if len(possible) == 1 else None
    return None


_SHORT_BEHIND = re.compile(
    rf"(?P<year>[012]\d)(?P<mark>[-.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?![\d.-]){_CLOCK}"
)
#: Of servers that speak English: 9/5/2015 3:20:11 PM has the month first.
ENGLISH = re.compile(r"[1-9]\d?/[1-9]\d?/(?:19|20)\d\d \d{1,2}:\d\d:\d\d [AP]M\b")
_EITHER_BEHIND = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d\d)(?!\d)"
)


def _english(text: str) -> date | None:
    for pattern in _ENGLISH:
        if match := pattern.match(text):
            name = match["name"].lower()
            short = "sep" if name == "sept" else name
            month = next((n for n, one in enumerate(_MONTHS, 1) if short in (one, one[:3])), 0)
            return _valid(int(match["year"]), month, int(match["day"]))
    return None


def _chinese(match: re.Match[str]) -> date | None:
    year = int(match["year"].translate(_NUMERALS))
    return _valid(year, _tens(match["month"]), _tens(match["day"]))


def _tens(text: str) -> int:
    """十二 → 12, 二十五 → 25, 廿五 → 25; 0 where it is no number."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.rpartition("十")
    digits = "一二三四五六七八九"
    if len(ones) > 1 or len(tens) > 1:
        return 0
    one = digits.find(ones) + 1 if ones else 0
    if not ten:
        return one
    return 10 * (digits.find(tens) + 1 if tens else 1) + one


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None
