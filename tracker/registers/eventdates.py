"""Parses days and instants as clerks write them: 2015/3/2, 2015年3月2日 9时30分, 20150302, a spreadsheet's number."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from math import isfinite
from zoneinfo import ZoneInfo

from tracker.core.law.workdays import FIRST_DAY, LAST_DAY
from tracker.core.values.facts import Moment
from tracker.core.values.message import Message
from tracker.registers.eventrules import tidy_text

_DAY = r"(?P<y>\d{4})(?:(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})|年(?P<m2>\d{1,2})月(?P<d2>\d{1,2})[日号])"
_HOUR = r"(?P<hour>\d{1,2})(?::(?P<min>\d{2})(?::(?P<sec>\d{2})(?:\.0+)?)?|[时点](?:(?P<min2>\d{1,2})分)?)"
_ZONE = r"(?P<zone>Z|[+-]\d{2}:\d{2})"
_WRITTEN = re.compile(rf"{_DAY}(?:[T ]?{_HOUR}{_ZONE}?)?")
#: A day without its year, which only a person at a terminal may leave out.
_SHORT = re.compile(rf"(?P<m>\d{{1,2}})(?:[-/.](?P<d>\d{{1,2}})|月(?P<d2>\d{{1,2}})[日号])(?P<rest>(?:[T ]?{_HOUR})?)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
#: Day 0 of a spreadsheet; one day early, since spreadsheets count a 29 February 1900 that never was.
_DAY_ZERO = date(1899, 12, 30)
_HELP = Message("write a day as 2015-03-02, 2015/3/2 or 2015年3月2日, with an hour as 2015-03-02 09:30")


def parse_moment(cell: str | float | Moment, zone: ZoneInfo, *, since_1904: bool = False) -> Moment:
    """The day or, where the hour is given, the instant in the county's zone. Raises ValueError with a right example.

    `since_1904`: the workbook counts days from 1904; a number is then refused, for its start may be either.
    """
    moment = _parse_number(cell, zone, since_1904) if isinstance(cell, int | float) else cell
    if isinstance(moment, str):
        moment = _parse_text(moment, zone, since_1904)
    if isinstance(moment, datetime) and moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    if not FIRST_DAY.year <= moment.year < LAST_DAY.year:
        raise ValueError(
            Message(
                "{cell}: the year lies outside the calendar ({first} to {last})",
                cell=cell,
                first=FIRST_DAY,
                last=LAST_DAY,
            )
        )
    return moment


def parse_typed(text: str, zone: ZoneInfo, year: int) -> Moment:
    """The day or instant that a person types: 2026-02-10, 2026/2/10, 2026年2月10日, 20260210, or 2.10, 2/10, 2月10日
    of the year `year`. Raises ValueError with a right example; a spreadsheet's number is none."""
    normalized = _normalize(text)
    short = _SHORT.fullmatch(normalized)
    if short:
        normalized = f"{year}-{short['m']}-{short['d'] or short['d2']}{short['rest']}"
    elif re.fullmatch(r"\d{5}(\.\d+)?", normalized):
        raise ValueError(Message("{text!r}: {help}", text=text, help=_HELP))
    return parse_moment(normalized, zone)


def _normalize(text: str) -> str:
    """The text with narrow signs, and without blanks beside 年, 月, 日."""
    return re.sub(r" ?([年月日号时点分]) ?", r"\1", tidy_text(unicodedata.normalize("NFKC", text)))


def _parse_text(text: str, zone: ZoneInfo, since_1904: bool) -> Moment:
    normalized = _normalize(text)
    if re.fullmatch(r"\d{5}(\.\d+)?", normalized):
        return _parse_number(float(normalized), zone, since_1904)
    compact, written = _COMPACT.fullmatch(normalized), _WRITTEN.fullmatch(normalized)
    try:
        if compact:
            return date(*map(int, compact.groups()))
        if written:
            return _build_moment(written)
    except ValueError:
        raise ValueError(Message("{text!r}: there is no such day or hour; {help}", text=text, help=_HELP)) from None
    raise ValueError(Message("{text!r}: {help}", text=text, help=_HELP))


def _build_moment(match: re.Match[str]) -> Moment:
    parts = match.groupdict()
    day = date(int(parts["y"]), int(parts["m"] or parts["m2"]), int(parts["d"] or parts["d2"]))
    if parts["hour"] is None:
        return day
    hour = time(int(parts["hour"]), int(parts["min"] or parts["min2"] or 0), int(parts["sec"] or 0))
    return datetime.fromisoformat(f"{day.isoformat()}T{hour.isoformat()}{parts['zone'] or ''}")


def _parse_number(number: float, zone: ZoneInfo, since_1904: bool) -> Moment:
    """Reads 20150302 as a date and 42065 as a spreadsheet's count of days."""
    if not isfinite(number):
        raise ValueError(Message("{number:g} names no day; {help}", number=number, help=_HELP))
    if number == int(number) and (compact := _COMPACT.fullmatch(str(int(number)))):
        try:
            return date(*map(int, compact.groups()))
        except ValueError:
            raise ValueError(Message("{number:.0f}: there is no such day; {help}", number=number, help=_HELP)) from None
    days, part = divmod(number, 1)
    if not 0 < days < 200_000:
        raise ValueError(Message("{number:g} names no day; {help}", number=number, help=_HELP))
    if since_1904:
        raise ValueError(
            Message(
                "{number:g}: this workbook counts days from 1904: format the column as a date, or {help}",
                number=number,
                help=_HELP,
            )
        )
    day, seconds = _DAY_ZERO + timedelta(days=int(days)), round(part * 86_400)
    return day if not seconds else datetime.combine(day, time(), zone) + timedelta(seconds=seconds)
