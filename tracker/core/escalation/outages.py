"""Notices to the county office about a column that cannot be read, and that it can be read again.

No department is told: what could not be looked at is held against nobody. Pure; the visits are facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.core.escalation import steps
from tracker.core.escalation.notices import Decision, DeliveryState, Hours, Notice, NoticeKey
from tracker.core.law.duties import County
from tracker.core.law.notice_fields import day_zh
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Visit, VisitOutcome

STEP, RESTORED, OFFICE = "outage", "restored", "county-office"
_SUBJECT = "column:"
#: What is told of a column by how it fails, and what the office is asked to do.
_SAID = {
    VisitOutcome.MISSING: ("无法查看", "请核对栏目是否尚未建立、地址是否已变"),
    VisitOutcome.MOVED: ("似已停止更新", "请核对并改正栏目地址"),
}
#: That a column could be read again longer ago is no news.
_NEWS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outage:
    """A column that could not be read since `first`, last at `last`."""

    first: Visit
    last: Visit


def outages(
    county: County,
    failing: Mapping[str, Outage],
    visits: Mapping[str, Sequence[Visit]],
    told: Mapping[str, Mapping[NoticeKey, DeliveryState]],
    calendar: Calendar,
    hours: Hours,
    now: datetime,
) -> Iterator[Decision]:
    """What to tell of the columns that fail now, by their keys, and of those that were told of and are read again;
    and what to take back.

    `told`: by subject, `column:KEY`. An outage is known by the minute in which it began.
    """
    for column in sorted(failing):  # hosts are visited at once: whose visit was recorded first says nothing
        outage = failing[column]
        if column in county.columns and _stands_at(outage, calendar, hours, county.zone) <= now:
            notice = _notice(county, column, outage, calendar, hours, now)
            state = told.get(notice.key.subject, {}).get(notice.key)
            if state is None or state.state == "cancelled":
                yield Decision("send", notice.key, notice.reason, notice)
    for subject in sorted(one for one in told if one.startswith(_SUBJECT)):
        column, what = subject.removeprefix(_SUBJECT), told[subject]
        for key, one in what.items():
            if one.state == "due" and (why := _why_not(key, failing.get(column))):
                yield Decision("cancel", key, why)
        if column not in failing and column in county.columns:
            restored = _restored(county, column, visits.get(column, ()), what, calendar, hours, now)
            if restored is not None:
                yield Decision("send", restored.key, restored.reason, restored)


def next_at(
    failing: Mapping[str, Outage], calendar: Calendar, hours: Hours, zone: ZoneInfo, now: datetime
) -> datetime | None:
    """When the next of these outages has lasted a working day, after `now`."""
    instants = (_stands_at(outage, calendar, hours, zone) for outage in failing.values())
    return min((at for at in instants if at > now), default=None)


def _why_not(key: NoticeKey, failing: Outage | None) -> str:
    """Why a notice that waits is not sent any more; "" where it is."""
    if key.step == RESTORED:
        return "发出前栏目又无法查看，不再发送。" if failing is not None else ""
    return "发出前栏目已恢复查看，不再发送。" if failing is None or key.ordinal != _number(failing) else ""


def _restored(
    county: County,
    column: str,
    visits: Sequence[Visit],
    told: Mapping[NoticeKey, DeliveryState],
    calendar: Calendar,
    hours: Hours,
    now: datetime,
) -> Notice | None:
    """That the column of which an outage was told can be read again: once, and only while it is news."""
    known = [key.ordinal for key, what in told.items() if key.step == STEP and what.reached]
    if not known:
        return None
    number = max(known)
    key = NoticeKey(f"{_SUBJECT}{column}", 0, 0, RESTORED, number, OFFICE, "mail")
    if key in told and told[key].state != "cancelled":
        return None
    began = datetime.fromtimestamp(number * 60, UTC)
    read = (visit.began_at for visit in visits if visit.outcome is VisitOutcome.READ and visit.began_at > began)
    back = min(read, default=None)
    if back is None or back < now - _NEWS:
        return None
    first, again = began.astimezone(county.zone), back.astimezone(county.zone)
    reason = (
        f"自{day_zh(first.date())}{first:%H:%M}起无法查看，{day_zh(again.date())}{again:%H:%M}已恢复查看；"
        "期间未能核验的事项已恢复核验。"
    )
    shown = {"kind": "restored", "step": RESTORED, "title": county.columns[column].title, "column": column,
             "reason": reason}  # fmt: skip
    at = steps.morning(now, calendar, hours, county.zone)
    return Notice(key, county.id, "", "restored", False, reason, at, shown)


def _stands_at(outage: Outage, calendar: Calendar, hours: Hours, zone: ZoneInfo) -> datetime:
    """The end of the first working day of which the whole or the rest passed without a reading."""
    begun = steps.opening(outage.first.began_at, calendar, hours, zone)
    return steps.on(begun.astimezone(zone).date(), hours.end, zone)


def _number(outage: Outage) -> int:
    return int(outage.first.began_at.timestamp()) // 60


def _notice(county: County, column: str, outage: Outage, calendar: Calendar, hours: Hours, now: datetime) -> Notice:
    since = outage.first.began_at.astimezone(county.zone)
    why = f"（{outage.last.note}）" if outage.last.note else ""
    what, ask = _SAID.get(outage.last.outcome, ("无法查看", "请联系网站管理单位"))
    reason = (
        f"自{day_zh(since.date())}{since:%H:%M}起{what}{why}。"
        f"期间应公开的内容无法核验，不作逾期认定；{ask}，恢复后自动核验。"
    )
    key = NoticeKey(f"{_SUBJECT}{column}", 0, 0, STEP, _number(outage), OFFICE, "mail")
    shown = {"kind": "fault", "step": STEP, "title": county.columns[column].title, "column": column, "reason": reason}
    at = steps.morning(now, calendar, hours, county.zone)
    return Notice(key, county.id, "", "fault", False, reason, at, shown)
