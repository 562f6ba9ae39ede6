"""Chinese wording of days, due dates, periods, duties and statuses, the same on mail, page and report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from tracker.core.law.duties import Cell, Deadline, Duty, Every, PeriodUnit, Span, Within
from tracker.core.law.occurrences import Occurrence, Window
from tracker.core.law.periods import covered_period, split_label, title_of, unit_of, window_of
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import ZERO_REPORT, Status, not_kept

_SPANS = {
    "days": "{}日",
    "weeks": "{}周",
    "months": "{}个月",
    "years": "{}年",
    "workdays": "{}个工作日",
    "hours": "{}小时",
    "same-workday": "当日",
    "stated-day": "所定期限",
}
#: How often, by the unit of its periods.
EVERY: dict[PeriodUnit, str] = {
    "day": "每日",
    "workday": "每个工作日",
    "week": "每周",
    "month": "每月",
    "quarter": "每季度",
    "half-year": "每半年",
    "year": "每年",
}
_MOMENT = timedelta(microseconds=1)

#: In place of a due date that cannot be counted yet.
UNKNOWN_DUE = "待定"
#: In place of the days late, if it was published and taken down since.
WITHDRAWN = "公开后撤下"
#: What a published matter lacks that was not kept current.
NOT_KEPT = "未核对更新"


def day_zh(day: date) -> str:
    """Return 2015年9月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_zh(local: datetime) -> str:
    """Return 2015年9月30日10时, with the minutes where there are some; 24时 at the last instant of a day.

    `local`: by the county's clock.
    """
    if (local + _MOMENT).time() == time(0):
        return f"{day_zh(local.date())}24时"
    return f"{day_zh(local.date())}{local.hour}时" + (f"{local.minute}分" if local.minute else "")


def quoted_zh(titles: Iterable[str]) -> str:
    """Return “财政预决算”“通知公告”: no 、 stands between quotation marks (GB/T 15834-2011, 4.5.3.5),
    and quotation marks within others are single ones (4.8)."""
    inner = str.maketrans("“”", "‘’")
    return "".join(dict.fromkeys(f"“{title.translate(inner)}”" for title in titles))


def matter_zh(title: str, period: str) -> str:
    """Return a duty's title with its period in brackets; without brackets where it has no period."""
    return f"{title}（{nested(period)}）" if period else title


def nested(text: str) -> str:
    """Return a text as it stands within round brackets: its own become hexagonal (GB/T 15834-2011, 4.9.3)."""
    return text.replace("（", "〔").replace("）", "〕")


def span_zh(span: Span) -> str:
    """Return 20日, 15个工作日, 3个月."""
    return _SPANS[span.unit].format(span.amount)


def due_zh(occurrence: Occurrence, zone: ZoneInfo) -> str:
    """Return the last day on time, or the hour where the deadline is counted in hours."""
    return due_of(occurrence.due_on, occurrence.due_at, zone)


def due_of(due_on: date | None, due_at: datetime | None, zone: ZoneInfo) -> str:
    """Return the same of a due instant and its last day on time."""
    if due_at is None or due_on is None:
        return UNKNOWN_DUE
    local = due_at.astimezone(zone)
    if local.time() == time(0):
        return day_zh(due_on)
    return moment_zh(local)


def covered_zh(deadline: Every, window: Window, calendar: Calendar) -> str:
    """Return the period whose data are owed in a period: 2014年12月 where January is about the month before."""
    return title_of(deadline.unit, covered_period(deadline, window, calendar))


#: The field of an event in which a register says what it is about, in words that name no person.
ABOUT = "about"
#: Characters of that which a list shows.
_LONGEST_ABOUT = 40


def period_zh(occurrence: Occurrence) -> str:
    """Return the period whose data it is about, or its event, as an office writes it; "" for a named day."""
    deadline, event = occurrence.deadline, occurrence.event
    if isinstance(deadline, Every) and occurrence.window is not None:
        return title_of(deadline.unit, occurrence.covers or occurrence.window)
    if isinstance(deadline, Within) and event is not None:
        day = event.occurred.date() if isinstance(event.occurred, datetime) else event.occurred
        about, named = event.fields.get(ABOUT, ""), _event_zh(event.reference, occurrence.opens_on or day)
        if not about:
            return f"{deadline.event.title}（{named}）"
        if deadline.event.move.startswith("review."):  # the entry says more than the reference of a finding
            return f"{deadline.event.title}（{nested(about)}，{day_zh(day)}）"
        title = about if len(about) <= _LONGEST_ABOUT else f"{about[:_LONGEST_ABOUT]}……"
        return f"{deadline.event.title}（{nested(quoted_zh([title]))}，{named}）"
    if isinstance(deadline, Within):
        return f"{deadline.event.title}（待登记）"
    return ""


def _event_zh(reference: str, day: date) -> str:
    """Return the day of an event, and what it is called where that tells more: 2014年度，2015年9月6日."""
    if _adds_nothing(reference, day):
        return day_zh(day)
    if unit_of(reference) == "year":
        return f"{reference}年度，{day_zh(day)}"
    return f"{day_zh(day)}，编号{reference}"


def _adds_nothing(reference: str, day: date) -> bool:
    """Return whether what an event of that day is called tells no more: the day, or the one before it was corrected."""
    return reference in (f"{day:%Y%m%d}", f"{day:%Y-%m}", f"{day:%Y}") or unit_of(reference) == "day"


def duty_zh(duty: Duty, occurrence: Occurrence) -> str:
    """Return the duty's title, with the parts named where the occurrence is about some of them only."""
    if len(occurrence.parts) >= len(duty.parts) or "" in occurrence.parts:
        return duty.title
    parts = "、".join(duty.part(name).title for name in occurrence.parts)
    return f"{duty.title}（{parts}）"


#: The act that most matters ask for.
PUBLISHED = "公开"


def heads_zh(deeds: Iterable[str]) -> dict[str, str]:
    """Return the heads of a table of matters: what is published, or where other acts are among them, words for all."""
    if set(deeds) <= {PUBLISHED}:
        return {"due": "应公开时限", "done": "实际公开日期", "undone": "未公开"}
    return {"due": "应办时限", "done": "实际办结日期", "undone": "未办结"}


def deed_zh(cells: Iterable[Cell]) -> str:
    """Return the act that the cells ask for: 办理 if proved by filing, what the event does (答复, else 登记) if proved
    by its record, else 公开."""
    sources = [source for cell in cells for source in cell.sources]
    kinds = {source.kind for source in sources}
    if not kinds or not kinds <= {"filing", "record"}:
        return "公开"
    if kinds != {"record"}:
        return "办理"
    deeds = {source.deed for source in sources}
    return (deeds.pop() if len(deeds) == 1 else "") or "登记"


def proved_by_record(cells: Iterable[Cell]) -> bool:
    """Return whether records alone prove the cells, so that no site is looked at."""
    return {source.kind for cell in cells for source in cell.sources} == {"record"}


def status_zh(status: Status, cells: Iterable[Cell], reason: str) -> str:
    """Return the status with the act that the cells ask for. `reason`: the verdict's, which shows a zero report, and
    that something published was not kept current."""
    if status.late and not_kept(reason):
        return NOT_KEPT
    if status not in (Status.MET, Status.MET_LATE, Status.OVERDUE, Status.INCOMPLETE):
        return status.zh
    return status.zh.replace("公开", ZERO_REPORT.removeprefix("已") if ZERO_REPORT in reason else deed_zh(cells))


def cells_of(duty: Duty, department: str, label: str) -> list[Cell]:
    """Return the cells of the part that the label names, else of all parts without a deadline of their own."""
    assignment, named = duty.assignment(department), split_label(label)[1]
    parts = {part.name for part in duty.parts if (part.name == named if named else not part.own_deadline)}
    return [cell for cell in assignment.cells if cell.part in parts] if assignment else []


def last_day_not_late(due_on: date, since: datetime | str | None, zone: ZoneInfo) -> date:
    """Return the day after which days late count: the last one on time, or the last before `since`."""
    if not since:
        return due_on
    instant = datetime.fromisoformat(since) if isinstance(since, str) else since
    return max(due_on, (instant.astimezone(zone) - _MOMENT).date())


def days_late(due_on: date, now: datetime, calendar: Calendar, zone: ZoneInfo) -> int:
    """Return the working days since the last day on time; negative before it."""
    return calendar.workdays_between(due_on, now.astimezone(zone).date())


def lateness_zh(
    due_at: datetime, due_on: date, now: datetime, calendar: Calendar, zone: ZoneInfo, since: datetime | None = None
) -> str:
    """Return how late it is, or how far off: in working days, or in hours if the time limit was set in hours.

    `since`: from when days late count, if later than due; then the text names it, and counts in days.
    """
    if since is not None and now >= since:
        late = days_late(last_day_not_late(due_on, since, zone), now, calendar, zone)
        amount = f"{late}个工作日" if late > 0 else "不足1个工作日"
        begins, today = since.astimezone(zone).date(), now.astimezone(zone).date()
        day = day_zh(begins).removeprefix(f"{today.year}年")
        return f"自{day}起逾期{amount}"
    days = days_late(due_on, now, calendar, zone)
    hours, today = int(abs(now - due_at) / timedelta(hours=1)), now.astimezone(zone).date()
    if due_at.astimezone(zone).time() != time(0) and hours < 48:
        amount = f"{hours}小时" if hours else "不足1小时"
        return f"逾期{amount}" if now >= due_at else f"还有{amount}"
    if now >= due_at:
        return f"逾期{days}个工作日" if days > 0 else "逾期不足1个工作日"
    if today == due_on:
        return "今日到期"
    return f"还有{-days}个工作日" if days < 0 else f"{(due_on - today).days}日后到期"  # only days off lie between


def percent_zh(rate: float, places: int = 1) -> str:
    """Return 89.0% or 97.4%, each with as many places; only a rate of 1 becomes 100%, and only 0 becomes 0%."""
    if rate in (0, 1):
        return f"{rate:.0%}"
    return f"{percentage(rate, places):.{places}f}%"


def percentage(rate: float, places: int = 1) -> float:
    """Return the rate in percent, rounded; one between 0 and 1 becomes neither 0 nor 100."""
    least = 10.0**-places
    shown = round(rate * 100, places)
    return round(min(max(shown, least), 100 - least), places) if 0 < rate < 1 else shown


def days_zh(days: Iterable[date]) -> str:
    """Return 2015年10月12日—16日、19日（共6天）: runs of consecutive days, and how many days they are."""
    ordered = sorted(set(days))
    words, before = [], None
    for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - timedelta(days=pair[0])):
        members = [day for _, day in run]
        first, last = members[0], members[-1]
        words.append(_after(first, before) + (f"—{_after(last, first)}" if last != first else ""))
        before = last
    return f"{'、'.join(words)}（共{len(ordered)}天）"


def _after(day: date, before: date | None) -> str:
    """Return the day without what it shares with the one named before it."""
    if before is None or day.year != before.year:
        return day_zh(day)
    return f"{day.day}日" if day.month == before.month else f"{day.month}月{day.day}日"


def label_zh(
    label: str,
    titles: Mapping[str, str],
    deadline: Deadline | None,
    calendar: Calendar,
    opens_on: date | None = None,
) -> str:
    """Return the same as `period_zh` of a label without its occurrence. `titles`: the events' titles by name;
    `deadline`: the one that gives the label, None where the rules no longer have it; `opens_on`: an event's day."""
    kind, _, rest = label.partition(":")
    if kind == "awaiting":
        return f"{titles.get(rest, rest)}（待登记）"
    if kind == "event":
        name, _, reference = rest.partition(":")
        reference = split_label(reference)[0]
        told = _event_zh(reference, opens_on) if opens_on else _reference_zh(reference)
        return f"{titles.get(name, name)}（{told}）"
    base, _ = split_label(label)
    unit = unit_of(base)
    if unit is None:
        return ""
    window = window_of(base)
    return covered_zh(deadline, window, calendar) if isinstance(deadline, Every) else title_of(unit, window)


def _reference_zh(reference: str) -> str:
    """Return a reference that is a day or a year, in Chinese; any other as it is.

    Line 31 of June's circular is 2015-06-31.
    """
    if unit_of(reference) == "year":
        return f"{reference}年"
    if unit_of(reference) != "day":
        return reference
    try:
        return day_zh(date.fromisoformat(reference))
    except ValueError:
        return reference
