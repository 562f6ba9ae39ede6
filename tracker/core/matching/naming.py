"""Reads the periods that a title names: 6月份, 三季度, 上半年, 1-9月, 2014年度, 2015-06-05, 二〇一五年六月.

Names are read in titles only: a text also names periods that it compares with. A missing year is that of the latest
such period that had begun when the entry was published.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from tracker.core.law.duties import PeriodUnit
from tracker.core.law.occurrences import Window
from tracker.core.law.periods import period_of
from tracker.core.law.workdays import Calendar

_ORDER: tuple[PeriodUnit, ...] = ("day", "week", "month", "quarter", "half-year", "year")
_DIGITS = {**{c: i for i, c in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0, "元": 1, "两": 2}
_YEAR_DIGITS = "〇○零一二三四五六七八九"
_MAX_TITLE = 400  # a title longer than this names nothing beyond its head

# Numbers as months, days, quarters and weeks are written: 6, 06, 六, 十二, 二十五, 廿五.
_N = r"(?:\d{1,2}|[一二三四五六七八九十廿卅元]{1,3})"
_Y = rf"(?:(?:19|20)\d\d|[{_YEAR_DIGITS}]{{4}})"
_TO = rf"(?:-|至|到)(?:{_Y}年)?"
_AND = r"[、,和及与]"
# What follows a name and turns it into a limit or a beginning: 9月底前, 自7月1日起, 1月以来.
_LIMIT = r"(?!底?(?:以前|之前|前|起|以来|之后|以后|后)|内)"
_MONTH_TAIL = rf"月(?:份|末|底)?(?!龄|子|饼|\d{{1,2}}[日号]|[一二三四五六七八九十]){_LIMIT}"

_TOKEN = re.compile(
    "|".join(
        (
            rf"(?P<iso>(?<!\d)(?P<iy>(?:19|20)\d\d)[-./](?P<im>0?[1-9]|1[0-2])[-./](?P<id>[12]\d|3[01]|0?[1-9])(?!\d)日?{_LIMIT})",
            r"(?P<compact>(?<!\d)(?P<cy>20\d\d)(?P<cm>0[1-9]|1[0-2])(?P<cd>0[1-9]|[12]\d|3[01])(?!\d))",
            rf"(?P<years>(?<![\d.])(?P<y1>{_Y})年?(?:-|至|到)(?P<y2>{_Y})(?:学?年度?))",
            rf"(?P<days>(?<![\d.])(?P<dm>{_N})月(?P<dd>{_N})[日号]?{_TO}(?:(?P<em>{_N})月)?(?P<ed>{_N})[日号]{_LIMIT})",
            rf"(?P<day>(?<![\d.])(?P<m>{_N})月(?P<d>{_N})[日号]{_LIMIT})",
            rf"(?P<months>(?<![\d.])(?P<mf>{_N})(?:月份?)?{_TO}(?P<mt>{_N}){_MONTH_TAIL})",
            rf"(?P<listed>(?<![\d.])(?P<ml>{_N}(?:{_AND}{_N})+){_MONTH_TAIL})",
            rf"(?P<month>(?<![\d.])(?P<mm>{_N}){_MONTH_TAIL})",
            r"(?P<isomonth>(?<!\d)(?P<my>20\d\d)[-./](?P<mn>0?[1-9]|1[0-2])(?!\d|[-./]\d)月?)",
            rf"(?P<quarters>(?<![上下每各本逐\d])(?:第?[一1](?:季度)?{_TO}第?|前)(?P<qt>[二三四2-4])季度{_LIMIT})",
            rf"(?P<qlist>(?<![上下每各本逐\d])第?(?P<ql>[一二三四1-4](?:{_AND}第?[一二三四1-4])+)季度{_LIMIT})",
            rf"(?P<quarter>(?<![上下每各本逐\d])(?:第(?P<qa>[一二三四1-4])|(?P<qb>[一二三四1-4]))季度{_LIMIT})",
            r"(?P<qq>(?<![A-Za-z])[Qq](?P<qn>[1-4])(?![A-Za-z\d]))",
            rf"(?P<half>(?P<h>[上下])半年{_LIMIT})",
            rf"(?P<week>第(?P<w>{_N})周)",
            rf"(?P<year>(?<![\d.])(?P<y>{_Y}|\d\d(?=年(?:\d|[一二三四第上下])))年(?!级|期|龄)度?{_LIMIT})",
        )
    )
)
_END_YEAR = re.compile(rf"(?:-|至|到)({_Y})年")
_JOIN = re.compile(rf"{_AND}|暨|;|。")
#: Invisible characters of pasted texts: soft hyphens, joiners, marks of direction.
INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_DASHES = re.compile("[‐‑‒–—―−~〜～]+")
_YEAR_REACH = 24  # how far after a year its month may stand


@dataclass(frozen=True, slots=True)
class PeriodName:
    """A period as a title names it: its unit, its numbers, the words. `year` None: the title names none.

    `is_inner`: it lies inside a range (5-6月) that ends later; it counts only for duties of the same unit.
    """

    unit: PeriodUnit
    year: int | None
    numbers: tuple[int, ...]
    text: str
    is_inner: bool = False


@dataclass(frozen=True, slots=True)
class NamedWindow:
    """The days of a named period, and the words that name it."""

    window: Window
    text: str


def flatten(text: str) -> str:
    """Return the form in which texts are compared: NFKC without white space and invisible characters, one dash."""
    plain = unicodedata.normalize("NFKC", text)
    return _DASHES.sub("-", INVISIBLE.sub("", "".join(plain.split())))


@lru_cache(maxsize=8192)
def flat(title: str) -> str:
    """Return `flatten`, cached: for titles, names and words, which recur."""
    return flatten(title)


def parse_number(text: str) -> int:
    """Return 6, 06, 六, 十二, 二十五 or 廿五 as a number; 0 if it is none."""
    if text.isdigit():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def parse_year(text: str) -> int:
    """Return 2015, 15 or 二〇一五 as a year."""
    if text.isdigit():
        return int(text) if len(text) == 4 else 2000 + int(text)
    return int("".join(str(_DIGITS[digit]) for digit in text))


@lru_cache(maxsize=8192)
def read_period_names(title: str) -> tuple[PeriodName, ...]:
    """Return every period a title names, in order; a year applies to the names that follow closely."""
    text = flat(title)[:_MAX_TITLE]
    names: list[PeriodName] = []
    year, year_end, last_end, is_year_used = None, 0, len(text), False
    pending: PeriodName | None = None  # a year that nothing finer has taken as its own
    for token in _TOKEN.finditer(text):
        gap = text[year_end : token.start()]
        is_near = len(gap) <= _YEAR_REACH and not _JOIN.search(gap)
        is_joined = is_year_used and re.fullmatch(_AND, text[last_end : token.start()]) is not None
        inherited = year if is_near or is_joined else None
        token_names = list(_read_token(token, inherited))
        if not token_names:
            continue
        last_end = token.end()
        if token.lastgroup == "year":
            if pending:
                names.append(pending)
            pending, year, year_end, is_year_used = token_names[0], token_names[0].year, token.end(), False
            continue
        if pending and inherited is not None:
            pending, is_year_used = None, True
        names.extend(token_names)
    if pending:
        names.append(pending)
    return tuple(names)


def _read_token(token: re.Match[str], year: int | None) -> Iterator[PeriodName]:
    """Yield the names in one token; none if its numbers are no months, days or weeks."""
    words, part = token[0], token.groupdict(default="")
    match token.lastgroup:
        case "iso":
            yield from _read_day(int(part["iy"]), int(part["im"]), int(part["id"]), words)
        case "compact":
            yield from _read_day(int(part["cy"]), int(part["cm"]), int(part["cd"]), words)
        case "isomonth":
            yield PeriodName("month", int(part["my"]), (int(part["mn"]),), words)
        case "year" | "years":
            yield PeriodName("year", parse_year(part["y"] or part["y2"]), (), words)
        case "days":
            yield from _read_days(part, year, words)
        case "day":
            yield from _read_day(year, parse_number(part["m"]), parse_number(part["d"]), words)
        case "half":
            yield PeriodName("half-year", year, (1 if part["h"] == "上" else 2,), words)
        case "week":
            yield from _read_numbered("week", year, [part["w"]], 53, words)
        case "month" | "months" | "listed":
            yield from _read_months(part, year, words)
        case _:
            quarters = part["qt"] or part["ql"] or part["qa"] or part["qb"] or part["qn"]
            yield from _read_numbered("quarter", year, re.findall(r"[一二三四1-4]", quarters), 4, words)


def _read_months(part: dict[str, str], year: int | None, words: str) -> Iterator[PeriodName]:
    """Yield the months: of a range the last; 5-6月份 and 1-2月份 name each month, 1-9月 only September (totals)."""
    first, last, end_year = parse_number(part["mf"]), parse_number(part["mt"]), _END_YEAR.search(words)
    if 1 <= first < last <= 12 and (first > 1 or last == 2) and not end_year:
        for month in range(first, last):
            yield PeriodName("month", year, (month,), words, is_inner=True)
    months = re.split(_AND, part["mt"] or part["ml"] or part["mm"])
    yield from _read_numbered("month", parse_year(end_year[1]) if end_year else year, months, 12, words)


def _read_numbered(
    unit: PeriodUnit, year: int | None, texts: list[str], highest: int, words: str
) -> Iterator[PeriodName]:
    numbers = [parse_number(text) for text in texts]
    if all(1 <= number <= highest for number in numbers):
        for number in numbers:
            yield PeriodName(unit, year, (number,), words)


def _read_day(year: int | None, month: int, day: int, words: str) -> Iterator[PeriodName]:
    if _date_or_none(year or 2000, month, day):
        yield PeriodName("day", year, (month, day), words)


def _read_days(part: dict[str, str], year: int | None, words: str) -> Iterator[PeriodName]:
    """Yield each day of a range: 6月5日-7日 is a batch of daily reports."""
    last_month, last_day = parse_number(part["em"] or part["dm"]), parse_number(part["ed"])
    base, end_year = year or 2000, _END_YEAR.search(words)
    first = _date_or_none(base, parse_number(part["dm"]), parse_number(part["dd"]))
    last = _date_or_none(parse_year(end_year[1]) if end_year else base, last_month, last_day)
    if first and last and not end_year and last < first:
        last = _date_or_none(base + 1, last_month, last_day)
    if first and last and first <= last and (last - first).days <= 31:
        for day_date in (first + timedelta(days=offset) for offset in range((last - first).days + 1)):
            yield PeriodName("day", day_date.year if year else None, (day_date.month, day_date.day), words)


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def named_windows(
    title: str, unit: PeriodUnit, published: date, calendar: Calendar | None = None
) -> tuple[NamedWindow, ...]:
    """Return the periods of a unit that a title names, for an entry published on `published`.

    Names of the unit itself win; without one, a finer name stands for the period it ends in (1-9月 for a quarterly duty
    is the third quarter). Coarser names are ignored.
    """
    target: PeriodUnit = "day" if unit == "workday" else unit
    names = read_period_names(title)
    exact = [name for name in names if name.unit == target]
    finer = [name for name in names if _ORDER.index(name.unit) < _ORDER.index(target) and not name.is_inner]
    windows: dict[Window, NamedWindow] = {}
    for name in exact or finer:
        window = _resolve_year(name, published)
        if window is not None:
            period = window if unit == "workday" else period_of(unit, window.last, calendar)
            windows.setdefault(period, NamedWindow(period, name.text))
    return tuple(windows[window] for window in sorted(windows, key=lambda name: name.first))


def names_unit(text: str, unit: PeriodUnit) -> bool:
    """Return whether a title or text names any period of the unit."""
    target = "day" if unit == "workday" else unit
    return any(name.unit == target for token in _TOKEN.finditer(flatten(text)) for name in _read_token(token, None))


def _resolve_year(name: PeriodName, published: date) -> Window | None:
    """Return the days of the named period; without a year, of the latest one begun by `published`."""
    if name.year is not None:
        return _window_in(name, name.year)
    for year in range(published.year + 1, published.year - 9, -1):
        window = _window_in(name, year)
        if window is not None and window.first <= published:
            return window
    return None


def _window_in(name: PeriodName, year: int) -> Window | None:
    if name.unit == "day":
        day = _date_or_none(year, *name.numbers)
        return Window(day, day) if day else None
    if name.unit == "week":
        return _week_window(year, name.numbers[0])
    if name.unit == "year":
        return Window(date(year, 1, 1), date(year, 12, 31))
    length = {"month": 1, "quarter": 3, "half-year": 6}[name.unit]
    return period_of(name.unit, date(year, (name.numbers[0] - 1) * length + 1, 1))


def _week_window(year: int, week: int) -> Window | None:
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return Window(monday, monday + timedelta(days=6))
