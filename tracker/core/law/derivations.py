"""Writes the Chinese sentence that derives a due date, and its short form for tables.

Row, mail, page and command line quote it unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracker.core.law.assumed_rules import ASSUMED_DAY, AWAITED_DAY, REST_DAYS, Adoption
from tracker.core.law.clock import ClockRun
from tracker.core.law.clock_text import (
    brief,
    instant,
    near,
    word_idle,
    word_open,
    word_pauses,
    word_plain,
    word_restart,
    word_rules,
)
from tracker.core.law.counting import CountedSpan, moment_day
from tracker.core.law.counting_law import cite_limits, cite_receipt
from tracker.core.law.duties import By, Every, Span, Terms, Within
from tracker.core.law.occurrences import Derivation, Window
from tracker.core.law.periods import covered_period, governing_day, title_of
from tracker.core.law.statutes import MONTHS_END_SINCE, cite, provisions_in_force
from tracker.core.law.wording import EVERY, day_zh, span_zh
from tracker.core.law.workdays import Calendar, weekday_name
from tracker.core.values.facts import Event

#: The units whose last day moves where it is off.
_ROLLING = ("days", "weeks", "months", "years", "stated-day")


def explain_by(deadline: By, counted: CountedSpan, calendar: Calendar) -> Derivation:
    """Derive a day that the instrument itself names."""
    year = deadline.day.year
    text = f"{'掌握' if deadline.assumed else '规定'}时限为{day_zh(deadline.day)}（含当日）" + _rest_day(
        deadline, counted, calendar, year
    )
    law = cite_limits((), counted, [None] if _moves(counted) else [])
    return Derivation(
        _sentence([text, *_grounds_of(deadline, deadline.day), *law], [counted], calendar, counted.unknown),
        f"限{day_zh(deadline.day)}{_moved_short([counted], year)}"
        + _marks_of_day(deadline, counted, calendar, counted.unknown),
    )


def explain_every(
    deadline: Every, window: Window, counted: CountedSpan, calendar: Calendar, unknown: Sequence[int]
) -> Derivation:
    """Derive the due day of a period: which data it is about, and its last day or the day to which a shift moves it."""
    covered = title_of(deadline.unit, covered_period(deadline, window, calendar))
    text = f"{_every(deadline, window, counted)}，{_about(deadline, window, covered)}，"
    text += _period_end(deadline, window, counted, calendar) + _rest_day(deadline, counted, calendar, window.first.year)
    limits = [deadline.due_after_end] if deadline.due_after_end else [None] if _moves(counted) else []
    governing = governing_day(deadline, window)
    law = cite_limits(provisions_in_force(deadline.law, governing), counted, limits, roll=deadline.roll)
    return Derivation(
        _sentence([text, *_grounds_of(deadline, governing), *law], [counted], calendar, unknown),
        _every_short(deadline, window, covered, counted) + _marks_of_day(deadline, counted, calendar, unknown),
    )


def explain_within(deadline: Within, event: Event, run: ClockRun, calendar: Calendar, zone: ZoneInfo) -> Derivation:
    """Derive the end of a span from an event, with the pauses and restarts of its clock and its extension."""
    counts, base = run.counts, run.counts[0]
    day = moment_day(event.occurred, zone)
    year, in_force = day.year, provisions_in_force(deadline.law, day)
    text = _trigger(deadline, event, run, calendar, zone) + word_pauses(run, year, zone)
    grounds = [*_grounds_of(deadline, day), *_word_basis(run), *word_idle(deadline, run, year, zone)]
    grounds += [*_word_rules(deadline, run), *_word_assumed_day(deadline, event, run)]
    if run.open is not None:
        short = (
            f"{brief(run.open.since, year)}{run.open.first_title}，计时{'停止' if run.open.stop.restarts else '中止'}"
        )
        return Derivation(f"{'；'.join([text + word_open(run, year, zone), *grounds])}。", short)
    text += _ending(deadline, base, calendar, year)
    for extra in counts[1:]:
        since = "自届满之时起" if extra.span.unit == "hours" else "自届满次日起"
        text += f"；经批准延长{span_zh(extra.span)}，{since}连续计算，{_ending(deadline, extra, calendar, year)}"
    if run.held is not None:
        text += f"，该日计时中止，顺延至{brief(run.held, year)}"
    text += word_plain(run, year, zone)
    unknown = sorted({year for count in counts for year in count.unknown})
    spans = [count.span for count in counts]
    limits = cite_limits(in_force, base, _counted_spans(base, spans), roll=deadline.roll, last=counts[-1].last)
    law = [*cite_receipt(in_force, day), *limits]
    return Derivation(
        _sentence([text, *grounds, *law], counts, calendar, unknown),
        _within_short(deadline, run, zone) + _marks(deadline, run.rests_on, unknown, event),
    )


def _counted_spans(base: CountedSpan, spans: list[Span]) -> list[Span | None]:
    """Return the spans that are counted; of a stated day, only that it moved."""
    if base.span.unit != "stated-day":
        return [*spans]
    return [None] if _moves(base) else []


def explain_unstated(deadline: Within, event: Event) -> Derivation:
    """Say that the event names no last day."""
    text = f"“{deadline.event.title}”（{event.reference}）未登记所定期限，时限待定"
    return Derivation(f"{text}。", "未登记所定期限")


def find_rest_rule(terms: Terms, counted: CountedSpan, calendar: Calendar) -> tuple[str, ...]:
    """Return the name of the rule by which a last day that is off does not move, where it bears on this one."""
    return (REST_DAYS,) if terms.rest_days is not None and not calendar.is_workday(counted.on) else ()


def find_next_workday(terms: Terms, counted: CountedSpan, calendar: Calendar) -> date | None:
    """Return the working day to which a last day that is off would move by the reading other than ours. None: it is a
    working day, the rule or the county's file says that it stays, or the holidays up to then are not announced."""
    rule = terms.rest_days
    if rule is None or (rule.adopted and rule.adoption is None) or calendar.is_workday(counted.on):
        return None
    day = calendar.add_workdays(counted.on, 1)
    return None if calendar.is_provisional(counted.on, day) else day


def explain_awaiting(deadline: Within, until: date) -> Derivation:
    """Say which event an occurrence awaits, and by when it should be recorded. `until`: the pack's last day, whose law
    is cited where no day is expected."""
    title, expected = f"“{deadline.event.title}”", deadline.event.expected
    if deadline.span.unit == "same-workday":
        text = f"应于{title}当日完成"
    elif deadline.span.unit == "stated-day":
        text = f"应于{title}所定日期前完成"
    else:
        since = "之时" if deadline.span.unit == "hours" else "次日"
        text = f"应自{title}{since}起{span_zh(deadline.span)}内完成"
    parts = [text, f"{title}尚未登记，时限待定", *_grounds_of(deadline, expected or until)]
    if expected:
        parts.append(f"预计{day_zh(expected)}前可登记，届时未登记的催报登记，不作为公开时限")
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


def _word_rules(deadline: Within, run: ClockRun) -> list[str]:
    """Return what the rules of ours say that bear on the clock, and whether the county adopted each."""
    rules = deadline.assumed_rules
    return [
        f"{words}，系参照时限掌握，{_adopted(rules[name].adopted, rules[name].adoption)}"
        for name, words in word_rules(run)
    ]


def _word_basis(run: ClockRun) -> list[str]:
    """Return the instrument by which the clock starts anew, where the duty cites another one."""
    basis = run.restart.stop.first.basis if run.restart is not None else ""
    return [f"停止计时和重新起算依据：{basis}"] if basis else []


def _word_assumed_day(deadline: Within, event: Event, run: ClockRun) -> list[str]:
    """Return that the day is assumed from which the span is counted, and why; whether the county adopted that, where it
    is not still to be recorded."""
    if not {ASSUMED_DAY, AWAITED_DAY} & {*run.rests_on}:
        return []
    why, rule = event.fields.get("basis", ""), deadline.assumed_rules.get(ASSUMED_DAY)
    said = f"起算之日系推定{f'：{why}' if why else ''}"
    if AWAITED_DAY in run.rests_on or rule is None:
        return [said]
    return [f"{said}，{_adopted(rule.adopted, rule.adoption)}"]


def _trigger(deadline: Within, event: Event, run: ClockRun, calendar: Calendar, zone: ZoneInfo) -> str:
    """Return the clause on the event that started the span, or started it anew, and how the span runs."""
    base, began = run.counts[0], moment_day(event.occurred, zone)
    title = f"“{deadline.event.title}”"
    if event.reference not in ("", began.isoformat()):
        title += f"（{event.reference}）"
    day, span = day_zh(began), span_zh(base.span)
    restart = run.restart
    if restart is not None and not restart.is_open:
        since = "" if base.span.unit == "hours" else "当日不计，自次日"
        return f"{day}{title}，{word_restart(restart, began.year)}，{since}起算{span}，"
    if base.span.unit == "same-workday":
        return f"{day}{title}，应于当日完成，"
    if base.span.unit == "stated-day":
        return f"{day}{title}，以所定日期为限，"
    if base.span.unit != "hours":
        off = calendar.day_off_name(base.day) if base.span.unit == "workdays" else None
        return f"{day}{f'（{off}）' if off else ''}{title}，当日不计，自次日起算{span}，"
    if isinstance(base.start, datetime):
        return f"自{instant(base.start.astimezone(zone), 0)}{title}起算{span}，夜间和休息日连续计算，"
    return f"{day}{title}，未载明时刻，自当日24时起算{span}，夜间和休息日连续计算，"


def _ending(deadline: Every | Within, count: CountedSpan, calendar: Calendar, year: int) -> str:
    return _counted(count, calendar, year) + _rest_day(deadline, count, calendar, year)


def _counted(count: CountedSpan, calendar: Calendar, year: int) -> str:
    """Return the clause on the end of the span: the days skipped, its last day, and the day to which that moved."""
    unit, on = count.span.unit, brief(count.on, year)
    if unit == "hours":
        return f"至{instant(count.at, year)}届满"
    if unit == "workdays":
        return f"{_skipped(count, year)}至{on}届满"
    if unit == "same-workday":
        off, made_up = group_days_off(count.off, year), _made_up(count.on, calendar)
        return f"该日系休息日（{off}），顺延至{on}{made_up}" if off else f"该日系工作日{made_up}，当日24时届满"
    by_month = unit in ("months", "years") and count.last.day != count.day.day
    assumed = "" if count.last >= MONTHS_END_SINCE else "参照时限掌握，"
    missing = f"（当月无对应日，{assumed}以月末日为准）" if by_month else ""
    return f"至{brief(count.last, year)}{missing}届满"


def _moves(count: CountedSpan) -> bool:
    return count.on != count.last


def _made_up(day: date, calendar: Calendar) -> str:
    """Return （周日，调休上班） for a Saturday or Sunday that is worked, so that nobody takes it for a day off."""
    return f"（{weekday_name(day)}，调休上班）" if day.weekday() >= 5 and calendar.is_workday(day) else ""


def _rest_day(deadline: By | Every | Within, count: CountedSpan, calendar: Calendar, year: int) -> str:
    """Return the clause on a last day that is off: the day to which it moved, or by what it stays."""
    if count.span.unit not in _ROLLING:
        return ""
    if _moves(count):
        on = f"{brief(count.on, year)}{_made_up(count.on, calendar)}"
        return f"，该日系休息日（{group_days_off(count.off, year)}），顺延至{on}"
    name = calendar.day_off_name(count.on)
    if name is None:
        return f"，该日（{weekday_name(count.on)}）调休上班" if _made_up(count.on, calendar) else ""
    if isinstance(deadline, Every) and deadline.unit == "day":
        return "，每日包括休息日"
    text = f"，该日系休息日（{group_days_off([(count.on, name)], year)}），"
    if deadline.rest_days is None:
        return text + "按规定不顺延"
    text += f"遇休息日不顺延，系参照时限掌握，{_adopted(deadline.rest_days.adopted, deadline.rest_days.adoption)}"
    if deadline.rest_days.adopted or (day := find_next_workday(deadline, count, calendar)) is None:
        return text
    return f"{text}，次一工作日（{brief(day, count.on.year)}）届满仍未完成的才计逾期"


def _skipped(count: CountedSpan, year: int) -> str:
    off = f"扣除{group_days_off(count.off, year)}，" if count.off else ""
    makeup = "、".join(f"{brief(day, year)}（{weekday_name(day)}）" for day in count.makeup)
    return off + (f"{makeup}调休上班计入，" if makeup else "")


def _every(deadline: Every, window: Window, counted: CountedSpan) -> str:
    """Return how often, or by which day of each period: 每月一期, 每年3月31日前, 每季度首月15日前."""
    every, day = EVERY[deadline.unit], counted.last
    if deadline.upkeep:
        return f"{every}核对一次所公开内容是否准确"
    if deadline.month_day is not None:
        return "每年{}月{}日前".format(*deadline.month_day)
    if deadline.due_day is None or deadline.unit in ("day", "workday", "week"):
        return f"{every}一期"
    if deadline.unit == "year":
        # From the 60th day on, leap years decide which day of the year it is.
        return f"每年{brief(day)}前" if deadline.due_day < 60 else f"每年第{deadline.due_day}日前"
    if (day.year, day.month) != (window.first.year, window.first.month):
        return f"{every}第{deadline.due_day}日前"
    return f"{every}{'' if deadline.unit == 'month' else '首月'}{deadline.due_day}日前"


def _about(deadline: Every, window: Window, covered: str) -> str:
    days = _week_days(window) if deadline.unit == "week" else ""
    if deadline.upkeep or deadline.about == "publication":
        return f"本期为{covered}{days}"
    return f"公开{covered}{days if deadline.about == 'this' else ''}情况"


def _period_end(deadline: Every, window: Window, count: CountedSpan, calendar: Calendar) -> str:
    year = window.first.year
    if deadline.due_after_end:
        since = "当日24时" if deadline.due_after_end.unit == "hours" else "次日"
        return f"自期满（{brief(window.last, year)}）{since}起算{span_zh(deadline.due_after_end)}，" + (
            _counted(count, calendar, year)
        )
    if window.first == window.last and deadline.about != "previous":
        return "限当日"
    short = deadline.month_day is not None and count.last.day != deadline.month_day[1]
    return f"限{day_zh(count.last)}" + ("（当月无此日，以月末日为准）" if short else "")


def _every_short(deadline: Every, window: Window, covered: str, count: CountedSpan) -> str:
    if deadline.due_after_end:
        return f"自{covered}期满次日起{span_zh(deadline.due_after_end)}{_moved_short([count], window.first.year)}"
    if deadline.about == "previous" and not deadline.upkeep:
        return f"公开{covered}情况，限{day_zh(count.last)}{_moved_short([count], count.last.year)}"
    if window.first == window.last:
        return f"{covered}当日"
    return f"{covered}，限{brief(count.last, window.first.year)}{_moved_short([count], count.last.year)}"


def _within_short(deadline: Within, run: ClockRun, zone: ZoneInfo) -> str:
    counts, base, last = run.counts, run.counts[0], run.counts[-1]
    title = run.restart.second_title if run.restart is not None else deadline.event.title
    year = None if base.day.year == last.on.year else 0  # years are named if the span crosses one
    start = brief(base.day, year)
    begins = "次日起"
    if base.span.unit == "hours" and isinstance(base.start, datetime):
        start, begins = instant(base.start.astimezone(zone), year), "起"
    spans = "，延长".join(span_zh(count.span) for count in counts)
    if base.span.unit == "same-workday":
        return f"{start}{title}，{spans}{_moved_short(counts, year)}"
    if base.span.unit == "stated-day":
        return f"{title}，定于{start}{_moved_short(counts, year)}"
    text = f"自{start}{title}{begins}{spans}{'，扣除中止期间' if run.pauses else ''}"
    return text + _moved_short(counts, year)


def _moved_short(counts: Sequence[CountedSpan], year: int | None) -> str:
    """Return ，22日为周日，顺延至23日, of the last span whose end moved."""
    moved = next((count for count in reversed(counts) if count.off and count.span.unit != "workdays"), None)
    if moved is None:
        return ""
    on = near(moved.on, moved.last if moved.span.unit in _ROLLING else moved.day, year)
    return f"，{near(moved.off[0][0], counts[0].day, year)}为{moved.off[0][1]}，顺延至{on}"


def _run(first: date, last: date, name: str, year: int) -> str:
    if first == last:
        return f"{brief(first, year)}{weekday_name(first) if name == '周末' else name}"
    return f"{brief(first, year)}至{near(last, first, year)}{name}"


def _week_days(window: Window) -> str:
    # A week's number says little to a reader, so its days are named.
    return f"（{brief(window.first)}至{near(window.last, window.first, None)}）"


def _sentence(parts: Sequence[str], counts: Iterable[CountedSpan], calendar: Calendar, unknown: Sequence[int]) -> str:
    notices = calendar.cite_notices(day for count in counts for day in _named_days(count, calendar))
    texts = [*parts, *([f"放假安排：{'、'.join(notices)}"] if notices else [])]
    if unknown:
        years = "、".join(f"{year}年" for year in unknown)
        texts.append(f"{years}放假安排尚未公布，本日期为暂定")
    return "；".join(texts) + "。"


def _named_days(count: CountedSpan, calendar: Calendar) -> list[date]:
    """Return the days off and the make-up days that the sentence names."""
    ends_on = [count.on] if not calendar.is_workday(count.on) or _made_up(count.on, calendar) else []
    return [*(day for day, _ in count.off), *count.makeup, *(ends_on if count.span.unit != "hours" else ())]


def _grounds_of(terms: Terms, day: date) -> list[str]:
    """Return on what the time limit rests: the articles in force on `day`; where the rule cites none, the clause. For
    a deadline that is our interpretation, whether the county adopted it."""
    grounds = cite(provisions_in_force(terms.law, day)) if terms.law else terms.basis
    parts = [f"自“{terms.after.title}”完成后开始要求（由本单位承担的，其时限届满后亦同）"] if terms.after else []
    parts += [f"时限依据：{grounds}"] if grounds else []
    return parts + ([f"该时限系参照时限，{_adopted(terms.adopted, terms.adoption)}"] if terms.assumed else [])


def _adopted(is_adopted: bool, act: Adoption | None) -> str:
    decided = f"（{brief(act.at.date(), 0)}经{act.by}决定：{act.reason}）" if act else ""
    return f"本县已采用{decided}" if is_adopted else "本县尚未采用"


def _marks_of_day(terms: Terms, counted: CountedSpan, calendar: Calendar, unknown: Sequence[int]) -> str:
    next_day = find_next_workday(terms, counted, calendar)
    if next_day is None or (terms.rest_days is not None and terms.rest_days.adopted):
        return _marks(terms, find_rest_rule(terms, counted, calendar), unknown)
    return f"（{brief(next_day, counted.on.year)}后计逾期）{_marks(terms, (), unknown)}"


def _marks(terms: Terms, rests_on: Sequence[str], unknown: Sequence[int], event: Event | None = None) -> str:
    weak = terms.is_weak(rests_on)
    own = not weak and (terms.assumed or bool(rests_on))
    day = "起算日待确认" if event is not None and event.fields.get("awaits") else "起算日系推定"
    is_assumed = not {ASSUMED_DAY, AWAITED_DAY}.isdisjoint(rests_on)
    shown = (
        ("参照时限", weak), (day, is_assumed), ("本县掌握时限", own), ("暂定", bool(unknown)),
    )  # fmt: skip
    marks = [mark for mark, holds in shown if holds]
    return f"（{'、'.join(marks)}）" if marks else ""
