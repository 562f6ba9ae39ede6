"""A column that cannot be read: told to the county office once an outage, after a working day of it.

No department is told: what could not be looked at is held against nobody. Pure; the visits are facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.core import steps
from tracker.core.duties import County
from tracker.core.facts import Outcome, Visit
from tracker.core.notices import Decision, Hours, Notice, NoticeKey, Told
from tracker.core.particulars import day_zh
from tracker.core.workdays import Calendar

STEP, OFFICE = "outage", "county-office"
_SUBJECT = "column:"


@dataclass(frozen=True, slots=True)
class Outage:
    """A column that could not be read since `first`, last at `last`."""

    first: Visit
    last: Visit


def outages(
    county: County,
    failing: Mapping[str, Outage],
    told: Mapping[str, Mapping[NoticeKey, Told]],
    calendar: Calendar,
    hours: Hours,
    now: datetime,
) -> Iterator[Decision]:
    """What to tell of the columns that fail now, by their keys, and what to take back of those that do not.

    `told`: by subject, `column:KEY`. An outage is known by the minute in which it began.
    """
    for column in sorted(failing):  # hosts are visited at once: whose visit was recorded first says nothing
        outage = failing[column]
        if column in county.columns and _stands_at(outage, calendar, hours, county.zone) <= now:
            notice = _notice(county, column, outage, calendar, hours, now)
            known = told.get(notice.key.subject, {}).get(notice.key)
            if known is None or known.state == "cancelled":
                yield Decision("send", notice.key, notice.reason, notice)
    for subject, what in told.items():
        if subject.startswith(_SUBJECT):
            now_failing = failing.get(subject.removeprefix(_SUBJECT))
            for key, one in what.items():
                if one.state == "due" and (now_failing is None or key.ordinal != _number(now_failing)):
                    yield Decision("cancel", key, "发出前栏目已恢复查看，不再发送。")


def _stands_at(outage: Outage, calendar: Calendar, hours: Hours, zone: ZoneInfo) -> datetime:
    """The end of the first working day of which the whole or the rest passed without a reading."""
    begun = steps.opening(outage.first.began_at, calendar, hours, zone)
    return steps.on(begun.astimezone(zone).date(), hours.end, zone)


def _number(outage: Outage) -> int:
    return int(outage.first.began_at.timestamp()) // 60


def _notice(county: County, column: str, outage: Outage, calendar: Calendar, hours: Hours, now: datetime) -> Notice:
    since = outage.first.began_at.astimezone(county.zone)
    why = f"（{outage.last.note}）" if outage.last.note else ""
    missing = outage.last.outcome is Outcome.MISSING
    ask = "请核对栏目是否尚未建立、地址是否已变" if missing else "请联系网站管理单位"
    reason = (
        f"自{day_zh(since.date())}{since:%H:%M}起无法查看{why}。"
        f"期间应公开的内容无法核验，不作逾期认定；{ask}，恢复后自动核验。"
    )
    key = NoticeKey(f"{_SUBJECT}{column}", 0, 0, STEP, _number(outage), OFFICE, "mail")
    shown = {"kind": "fault", "step": STEP, "title": county.columns[column].title, "column": column, "reason": reason}
    at = steps.morning(now, calendar, hours, county.zone)
    return Notice(key, county.id, "", "fault", False, reason, at, shown)
