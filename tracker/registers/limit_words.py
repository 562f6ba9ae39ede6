"""The time limits of duties in a clerk's words, and read back: 每月, 每季度后15日内, 预算批复后20个工作日内, 9月30日前.

A limit is the mapping that a pack writes under `deadline`. Each of its keys is in the words or the limit has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.core.law.duties import PeriodUnit
from tracker.core.law.periods import period_of
from tracker.core.law.wording import EVERY, day_zh
from tracker.core.values.message import Message
from tracker.registers.errors import RegisterError
from tracker.registers.names import NameTable
from tracker.rulebook.scalars import is_slug

_UNITS = {"日": "day", "天": "day", "个工作日": "workday", "小时": "hour", "周": "week", "个月": "month", "年": "year"}
_UNIT_WORDS = {unit: word for word, unit in _UNITS.items() if word != "天"}
_UNIT_OF: Mapping[str, PeriodUnit] = {word: unit for unit, word in EVERY.items()}
_PERIOD = "|".join(EVERY.values())
_SPAN = rf"(\d+)({'|'.join(_UNITS)})"
_MARKS: Mapping[str, tuple[str, str]] = {
    "上期情况": ("about", "previous"),
    "本期情况": ("about", "this"),
    "遇休息日顺延": ("roll", "next"),
    "遇休息日不顺延": ("roll", "none"),
    "可零报告": ("zero_report", "true"),
}
_LAW = re.compile(r"[a-z][a-z0-9-]* \d+(?:\.\d+)*(?:、[a-z][a-z0-9-]* \d+(?:\.\d+)*)*")


def write_limit(rule: Any, events: NameTable) -> tuple[str, set[str]]:
    """The words for one limit, and the keys of it that they do not say. `events`: the names of the pack's events."""
    if isinstance(rule, str):
        return rule, set()
    left = dict(rule)
    text = _write_form(left, events)
    for words, (key, value) in _MARKS.items():
        if left.get(key) == value:
            text += f"（{words}）"
            del left[key]
    if isinstance(left.get("extension"), str) and (span := _span_words(left["extension"])):
        text += f"（可延长{span}）"
        del left["extension"]
    if isinstance(left.get("law"), list):
        text += f"（{'、'.join(left.pop('law'))}）"
    return text, set(left)


def _write_form(left: dict[str, Any], events: NameTable) -> str:
    """The words for what kind of limit it is; the keys that they say are taken out."""
    after = f"{events.show(left.pop('of'))}后" if "of" in left else ""
    if "use" in left:
        return f"{after}按{left.pop('use')}"
    if "by" in left:
        return f"{day_zh(date.fromisoformat(left.pop('by')))}前"
    if "within" in left:
        span = left.pop("within")
        special = {"same workday": "当日", "stated day": "所定日期前"}
        return f"{after[:-1]}{special[span]}" if span in special else f"{after}{_span_words(span)}内"
    period = EVERY[left.pop("every")]
    if left.get("upkeep") == "true":
        del left["upkeep"]
        return f"{period}核对"
    due = left.pop("due", "")
    if due.startswith("+") and left.get("about") == "this":
        del left["about"]
        return f"{period}后{_span_words(due[1:])}内"
    if due.startswith("day "):
        return f"{period}第{due[4:]}日前"
    return f"{period}{int(due[:2])}月{int(due[3:])}日前" if re.fullmatch(r"\d\d-\d\d", due) else f"{period}{due}"


def _span_words(span: str) -> str:
    amount, _, unit = span.partition(" ")
    return f"{amount}{_UNIT_WORDS.get(unit.removesuffix('s'), '')}"


def read_limit(text: str, events: NameTable, year: int | None) -> Any:
    """The limit that the words stand for; the name of a reading stands for itself. `year`: that of a day without one,
    where the pack is in force in one year alone. Raises RegisterError."""
    marks: dict[str, Any] = {}
    while mark := re.fullmatch(r"(.+)[（(]([^（()）]+)[）)]", text):
        text = mark[1].rstrip()
        marks = _read_mark(mark[2].strip()) | marks
    text = text.replace(" ", "")
    if is_slug(text) and not marks:
        return text
    return _read_form(text, events, year) | marks


def _read_mark(text: str) -> dict[str, Any]:
    if text in _MARKS:
        key, value = _MARKS[text]
        return {key: value}
    if span := re.fullmatch(rf"可延长{_SPAN}", text):
        return {"extension": _span(span)}
    if _LAW.fullmatch(text):
        return {"law": text.split("、")}
    marks = "、".join([*_MARKS, "可延长15个工作日", "budget-law 14"])
    raise RegisterError("{text!r} says nothing about a limit: in brackets may stand {marks}", text=text, marks=marks)


def _read_form(text: str, events: NameTable, year: int | None) -> dict[str, Any]:
    if match := re.fullmatch(rf"({_PERIOD})(核对|[底末]前)?", text):
        return {"every": _UNIT_OF[match[1]]} | ({"upkeep": "true"} if match[2] == "核对" else {})
    if match := re.fullmatch(rf"({_PERIOD})(?:期满|结束)?后{_SPAN}内", text):
        return {"every": _UNIT_OF[match[1]], "about": "this", "due": f"+{_span(match, 2)}"}
    if match := re.fullmatch(rf"({_PERIOD})(?:首月|第)?(\d+)日前", text):
        return {"every": _UNIT_OF[match[1]], "due": f"day {match[2]}"}
    if match := re.fullmatch(r"每年(\d+)月(\d+)日前", text):
        return {"every": "year", "due": f"{int(match[1]):02}-{int(match[2]):02}"}
    if match := re.fullmatch(r"(?:(\d{4})年)?(\d+)月(?:(\d+)日|底)前", text):
        return {"by": _read_day(text, match, year)}
    if match := re.fullmatch(rf"(.+)后{_SPAN}内", text):
        return {"within": _span(match, 2), "of": _find_event(match[1], events)}
    if match := re.fullmatch(r"(.+)(当日|所定日期前)", text):
        span = "same workday" if match[2] == "当日" else "stated day"
        return {"within": span, "of": _find_event(match[1], events)}
    if match := re.fullmatch(r"(?:(.+)后)?按([a-z0-9-]+)", text):
        return {"use": match[2]} | ({"of": _find_event(match[1], events)} if match[1] else {})
    raise RegisterError(
        "{text!r} is no limit: write {examples}, the name of a reading, or the rule as the file writes it, in braces",
        text=text,
        examples="每月、每季度后15日内、每年3月31日前、2026年9月30日前、预算批复后20个工作日内",
    )


def _span(match: re.Match[str], group: int = 1) -> str:
    amount = int(match[group])
    return f"{amount} {_UNITS[match[group + 1]]}{'s' if amount != 1 else ''}"


def _read_day(text: str, match: re.Match[str], year: int | None) -> str:
    if not match[1] and year is None:
        raise RegisterError("{text!r}: write the year as well", text=text)
    number, month = int(match[1] or year or 0), int(match[2])
    try:
        day = date(number, month, int(match[3] or 1))
    except ValueError:
        raise RegisterError("no such day: {value!r}", value=text) from None
    return (day if match[3] else period_of("month", day).last).isoformat()


def _find_event(name: str, events: NameTable) -> str:
    return events.find(name, Message("event"))
