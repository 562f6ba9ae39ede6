"""Writes the Chinese sentence that derives a due date, and its short form for tables.

Row, mail, page and command line quote it unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.core.law.counting import CountedSpan
from tracker.core.law.duties import By, Every, PeriodUnit, Span, Terms, Within
from tracker.core.law.occurrences import Derivation, Window
from tracker.core.law.periods import previous_period, title_of
from tracker.core.law.statutes import cite, counting_act_on, provisions_in_force
from tracker.core.law.wording import day_zh
from tracker.core.law.workdays import Calendar, weekday_name
from tracker.core.values.facts import Event

_EVERY: dict[PeriodUnit, str] = {
    "day": "每日",
    "workday": "每个工作日",
    "week": "每周",
    "month": "每月",
    "quarter": "每季度",
    "half-year": "每半年",
    "year": "每年",
}
_SPANS = {"days": "{}日", "workdays": "{}个工作日", "hours": "{}小时", "same-workday": "当日"}
_FIXED = "属日历期限，遇休息日不顺延"


def explain_by(deadline: By, calendar: Calendar) -> Derivation:
    """Derive a day that the instrument itself names."""
    day = deadline.day
    text = f"规定期限为{day_zh(day)}，当日24时届满，{_FIXED}"
    law = counting_act_on(day).cite(begin=False)
    return Derivation(
        _sentence(text, law, deadline, day, calendar, ()),
        f"限{day_zh(day)}{_marks(deadline, ())}",
    )


def explain_every(
    deadline: Every, window: Window, on: date, at: datetime, calendar: Calendar, unknown: Sequence[int]
) -> Derivation:
    """Derive the due day of a period: what it is about, and its last day or the day to which a shift moves it."""
    unit = deadline.unit
    title = title_of(unit, window)
    text = f"{_EVERY[unit]}一期，本期为{title}{_week_days(unit, window)}{_about(deadline, window, calendar)}，"
    text += f"{_period_end(deadline, window, on, at)}"
    text += "" if unit == "workday" and not deadline.due_after_end else f"，{_FIXED}"
    law = counting_act_on(on).cite(begin=deadline.due_after_end is not None)
    return Derivation(
        _sentence(text, law, deadline, window.last, calendar, unknown),
        _every_short(deadline, title, on) + _marks(deadline, unknown),
    )


def explain_within(
    deadline: Within, event: Event, counts: Sequence[CountedSpan], calendar: Calendar, zone: ZoneInfo
) -> Derivation:
    """Derive the end of a span from an event, with its extension if one was granted."""
    base = counts[0]
    year = base.day.year
    text = _trigger(deadline, event, base, calendar, zone) + _counted(base, year)
    for extra in counts[1:]:
        since = "自届满之时起" if extra.span.unit == "hours" else "自届满次日起"
        text += f"；经批准延长{_span(extra.span)}，{since}连续计算，{_counted(extra, year)}"
    unknown = sorted({year for count in counts for year in count.unknown})
    law = counting_act_on(base.day)
    cited = f"《{law.name}》{law.begin}" if base.span.unit == "hours" else law.cite(begin=True)
    return Derivation(
        _sentence(text, cited, deadline, base.day, calendar, unknown),
        _within_short(deadline, counts, zone) + _marks(deadline, unknown),
    )


def explain_awaiting(deadline: Within, expected: date | None) -> Derivation:
    """Say which event an occurrence awaits, and by when it should be recorded."""
    title = f"“{deadline.event.title}”"
    same = deadline.span.unit == "same-workday"
    text = f"应于{title}当日完成" if same else f"应自{title}起{_span(deadline.span)}内完成"
    parts = [f"{text}，该事项尚未登记，期限待定", *_grounds_of(deadline, expected)]
    if expected:
        parts.append(f"预计{day_zh(expected)}前应有登记（该日期仅用于催报登记）")
    return Derivation("；".join(parts) + "。", f"待登记{title}")


def group_days_off(days: Sequence[tuple[date, str]], year: int) -> str:
    """Return days off as people say them: 10月1日至7日国庆节、11日周日、17日至18日周末."""
    runs: list[tuple[date, date, str]] = []  # first day, last day, name
    for day, name in days:
        kind = "周末" if name in ("周六", "周日") else name
        if runs and runs[-1][2] == kind and (day - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], day, kind)
        else:
            runs.append((day, day, kind))
    texts = []
    for first, last, name in runs:
        texts.append(_run(first, last, name, year))
        year = last.year  # a year is named once, where it begins
    return "、".join(texts)


def brief(day: date, year: int | None = None) -> str:
    """Return 9月30日, with its year if that is not `year`."""
    return f"{day.month}月{day.day}日" if year in (None, day.year) else day_zh(day)


def instant(at: datetime, year: int | None = None) -> str:
    """Return 3月7日17时30分; midnight is 24时 of the day that ends."""
    if (at.hour, at.minute) == (0, 0):
        return f"{brief(at.date() - timedelta(days=1), year)}24时"
    return f"{brief(at.date(), year)}{at.hour}时" + (f"{at.minute}分" if at.minute else "")


def _trigger(deadline: Within, event: Event, base: CountedSpan, calendar: Calendar, zone: ZoneInfo) -> str:
    """Return the clause on the event that started the span, and how the span runs."""
    title = f"“{deadline.event.title}”"
    if event.reference not in ("", base.day.isoformat()):
        title += f"（{event.reference}）"
    day, span = day_zh(base.day), _span(base.span)
    if base.span.unit == "same-workday":
        return f"{day}{title}，应于当日完成，"
    if base.span.unit != "hours":
        off = calendar.day_off_name(base.day) if base.span.unit == "workdays" else None
        return f"{day}{f'（{off}）' if off else ''}{title}，当日不计，自次日起算{span}，"
    if isinstance(base.start, datetime):
        return f"自{instant(base.start.astimezone(zone), 0)}{title}起算{span}，夜间和休息日连续计算，"
    return f"{day}{title}，未载明时刻，自当日24时起算{span}，夜间和休息日连续计算，"


def _counted(count: CountedSpan, year: int) -> str:
    """Return the clause on the end of the span: the days skipped, its last day, and the day to which that moved."""
    unit, on = count.span.unit, brief(count.on, year)
    if unit == "hours":
        return f"至{instant(count.at, year)}届满"
    if unit == "workdays":
        return f"{_skipped(count, year)}至{on}届满"
    if unit == "same-workday":
        off = group_days_off(count.off, year)
        return f"该日系休息日（{off}），顺延至{on}" if off else "该日系工作日，当日24时届满"
    text = f"至{brief(count.last, year)}届满"
    if count.on == count.last:
        return text
    return f"{text}，该日系休息日（{group_days_off(count.off, year)}），顺延至{on}"


def _skipped(count: CountedSpan, year: int) -> str:
    off = f"扣除{group_days_off(count.off, year)}，" if count.off else ""
    makeup = "、".join(f"{brief(day, year)}（{weekday_name(day)}）" for day in count.makeup)
    return off + (f"{makeup}调休上班计入，" if makeup else "")


def _about(deadline: Every, window: Window, calendar: Calendar) -> str:
    if deadline.upkeep:
        return "，核对所公开内容是否仍然准确"
    if deadline.about == "previous":
        before = previous_period(deadline.unit, window, calendar)
        return f"，公开上一期（{title_of(deadline.unit, before)}）情况"
    return "，公开本期情况" if deadline.about == "this" else ""


def _period_end(deadline: Every, window: Window, on: date, at: datetime) -> str:
    year = window.first.year
    if deadline.due_after_end:
        end = instant(at, year) if deadline.due_after_end.unit == "hours" else brief(on, year)
        return f"自{brief(window.last, year)}期满起算{_span(deadline.due_after_end)}，至{end}届满"
    if deadline.due_day:
        return f"限期内第{deadline.due_day}日，即{brief(on, year)}"
    if window.first == window.last:
        return "当日24时届满"
    return f"至期末{brief(on, year)}届满"


def _every_short(deadline: Every, title: str, on: date) -> str:
    if deadline.due_after_end:
        return f"{title}期满+{_span(deadline.due_after_end)}"
    if deadline.unit in ("day", "workday"):
        return f"{title}当日"
    return f"{title}，限{brief(on)}" if deadline.due_day else f"{title}，期末{brief(on)}"


def _within_short(deadline: Within, counts: Sequence[CountedSpan], zone: ZoneInfo) -> str:
    base, last = counts[0], counts[-1]
    year = None if base.day.year == last.on.year else 0  # years are named if the span crosses one
    start = brief(base.day, year)
    if base.span.unit == "hours" and isinstance(base.start, datetime):
        start = instant(base.start.astimezone(zone), year)
    plus = "，" if base.span.unit == "same-workday" else "+"
    text = f"{start}{deadline.event.title}{plus}" + "+延长".join(_span(count.span) for count in counts)
    moved = next((count for count in reversed(counts) if count.off and count.span.unit != "workdays"), None)
    if moved is None:
        return text
    on = _near(moved.on, moved.last if moved.span.unit == "days" else moved.day, year)
    return f"{text}，{_near(moved.off[0][0], base.day, year)}为{moved.off[0][1]}，顺延至{on}"


def _run(first: date, last: date, name: str, year: int) -> str:
    if first == last:
        return f"{brief(first, year)}{weekday_name(first) if name == '周末' else name}"
    return f"{brief(first, year)}至{_near(last, first, year)}{name}"


def _near(day: date, beside: date, year: int | None) -> str:
    """Return 22日 beside a day of the same month, else 3月22日."""
    same = (day.year, day.month) == (beside.year, beside.month)
    return f"{day.day}日" if same else brief(day, year)


def _week_days(unit: PeriodUnit, window: Window) -> str:
    # A week's number says little to a reader, so its days are named.
    return f"（{brief(window.first)}至{_near(window.last, window.first, None)}）" if unit == "week" else ""


def _span(span: Span) -> str:
    return _SPANS[span.unit].format(span.amount)


def _sentence(text: str, law: str, terms: Terms, day: date, calendar: Calendar, unknown: Sequence[int]) -> str:
    parts = [text, *_grounds_of(terms, day)]
    parts.append(f"期间计算适用当时施行的{law}，工作日历：{calendar.version}")
    if unknown:
        years = "、".join(f"{year}年" for year in unknown)
        parts.append(f"{years}放假安排尚未公布，本日期为暂定")
    return "；".join(parts) + "。"


def _grounds_of(terms: Terms, day: date | None) -> list[str]:
    """Return on what the time limit rests: the articles in force on `day` (None: not known yet), else the clause;
    for a deadline that is our interpretation, whether the county adopted it."""
    grounds = cite(provisions_in_force(terms.law, day) if day else terms.law) or terms.basis
    parts = [f"“{terms.after.title}”完成或到期（以先到者为准）以后才要求"] if terms.after else []
    parts += [f"期限依据：{grounds}"] if grounds else []
    if terms.assumed:
        act = terms.adoption
        decided = f"（{brief(act.at.date(), 0)}经{act.by}决定：{act.reason}）" if act else ""
        parts.append(f"该期限系参照时限，本县已采用{decided}" if terms.adopted else "该期限系参照时限，本县尚未采用")
    return parts


def _marks(terms: Terms, unknown: Sequence[int]) -> str:
    marks = [mark for mark, shown in (("参照时限", terms.weak), ("暂定", bool(unknown))) if shown]
    return f"（{'、'.join(marks)}）" if marks else ""
