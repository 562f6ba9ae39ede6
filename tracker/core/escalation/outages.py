"""Notices to the county office about a column that cannot be read, and that it can be read again.

No department is notified: nobody is liable for what could not be looked at. Pure; the visits are facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tracker.core.escalation.notices import OFFICE, Decision, DeliveryState, Notice, NoticeKey, build_office_notice
from tracker.core.escalation.office_time import OfficeTime
from tracker.core.law.county import County
from tracker.core.law.wording import day_zh
from tracker.core.values.facts import Visit, VisitOutcome

STEP, RESTORED = "outage", "restored"
_SUBJECT = "column:"
#: By the outcome of the visit: the state of the column, and the request to the office (Chinese).
_TEXTS = {
    VisitOutcome.NOT_FOUND: ("无法查看", "请核对栏目是否尚未建立、地址是否已变"),
    VisitOutcome.MOVED: ("似已停止更新", "请核对并改正栏目地址"),
}
#: A restored column is notified only for so long.
_NEWS_PERIOD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outage:
    """A column that could not be read since `first`, last at `last`."""

    first: Visit
    last: Visit


def decide_outages(
    county: County,
    outages: Mapping[str, Outage],
    visits: Mapping[str, Sequence[Visit]],
    delivery_states: Mapping[str, Mapping[NoticeKey, DeliveryState]],
    office: OfficeTime,
    now: datetime,
) -> Iterator[Decision]:
    """Yield notices for columns that fail now and for notified columns that are read again, and cancellations.

    `delivery_states`: by subject, `column:KEY`. An outage is known by the minute in which it began.
    """
    for column in sorted(outages):  # hosts are visited at once: the order of the visits is arbitrary
        outage = outages[column]
        if column in county.columns and _notice_at(outage, office) <= now:
            notice = _outage_notice(county, column, outage, office, now)
            state = delivery_states.get(notice.key.subject, {}).get(notice.key)
            if state is None or state.state == "cancelled":
                yield Decision("send", notice.key, notice.reason, notice)
    for subject in sorted(name for name in delivery_states if name.startswith(_SUBJECT)):
        column, states = subject.removeprefix(_SUBJECT), delivery_states[subject]
        for key, known_state in states.items():
            if known_state.state == "due" and (reason := _cancel_reason(key, outages.get(column))):
                yield Decision("cancel", key, reason)
        if column not in outages and column in county.columns:
            restored = _restored_notice(county, column, visits.get(column, ()), states, office, now)
            if restored is not None:
                yield Decision("send", restored.key, restored.reason, restored)


def next_outage_at(outages: Mapping[str, Outage], office: OfficeTime, now: datetime) -> datetime | None:
    """Return when the next of these outages will have lasted a working day, after `now`."""
    instants = (_notice_at(outage, office) for outage in outages.values())
    return min((at for at in instants if at > now), default=None)


def _cancel_reason(key: NoticeKey, outage: Outage | None) -> str:
    """Return why a waiting notice is not sent any more, or ""."""
    if key.step == RESTORED:
        return "发出前栏目又无法查看，不再发送。" if outage is not None else ""
    return "发出前栏目已恢复查看，不再发送。" if outage is None or key.ordinal != _outage_number(outage) else ""


def _restored_notice(
    county: County,
    column: str,
    visits: Sequence[Visit],
    delivery_states: Mapping[NoticeKey, DeliveryState],
    office: OfficeTime,
    now: datetime,
) -> Notice | None:
    """Return the notice that a column with a notified outage can be read again: once, and only while it is news."""
    numbers = [key.ordinal for key, state in delivery_states.items() if key.step == STEP and state.reached]
    if not numbers:
        return None
    number = max(numbers)
    key = NoticeKey(f"{_SUBJECT}{column}", 0, 0, RESTORED, number, OFFICE, "mail")
    if key in delivery_states and delivery_states[key].state != "cancelled":
        return None
    began = datetime.fromtimestamp(number * 60, UTC)
    read = (visit.began_at for visit in visits if visit.outcome is VisitOutcome.READ and visit.began_at > began)
    read_again_at = min(read, default=None)
    if read_again_at is None or read_again_at < now - _NEWS_PERIOD:
        return None
    first, again = began.astimezone(county.zone), read_again_at.astimezone(county.zone)
    reason = (
        f"自{day_zh(first.date())}{first:%H:%M}起无法查看，{day_zh(again.date())}{again:%H:%M}已恢复查看；"
        "期间未能核验的事项已恢复核验。"
    )
    shown = {"title": county.columns[column].title, "column": column}
    return build_office_notice(key, county.id, "restored", reason, office.next_morning(now), shown)


def _notice_at(outage: Outage, office: OfficeTime) -> datetime:
    """Return the end of the first working day of the outage, counted whole or from the outage's begin."""
    begun = office.next_opening(outage.first.began_at)
    return office.closing_on(office.day_of(begun))


def _outage_number(outage: Outage) -> int:
    return int(outage.first.began_at.timestamp()) // 60


def _outage_notice(county: County, column: str, outage: Outage, office: OfficeTime, now: datetime) -> Notice:
    since = outage.first.began_at.astimezone(county.zone)
    note = f"（{outage.last.note}）" if outage.last.note else ""
    problem, request = _TEXTS.get(outage.last.outcome, ("无法查看", "请联系网站管理单位"))
    reason = (
        f"自{day_zh(since.date())}{since:%H:%M}起{problem}{note}。"
        f"期间应公开的内容无法核验，不作逾期认定；{request}，恢复后自动核验。"
    )
    key = NoticeKey(f"{_SUBJECT}{column}", 0, 0, STEP, _outage_number(outage), OFFICE, "mail")
    shown = {"title": county.columns[column].title, "column": column}
    return build_office_notice(key, county.id, "fault", reason, office.next_morning(now), shown)
