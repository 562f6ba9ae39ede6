"""Notices to the county office about a site or a column that cannot be read, and that it can be read again.

Columns of one site that fail at one time are one outage of the site, with one notice. No department is notified: nobody
is liable for what could not be looked at. Pure; the visits are facts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from tracker.core.escalation.notices import OFFICE, Decision, DeliveryState, Notice, NoticeKey, build_office_notice
from tracker.core.escalation.office_time import OfficeTime
from tracker.core.law.county import County
from tracker.core.law.wording import moment_zh, nested
from tracker.core.values.facts import Visit, VisitOutcome

STEP, RESTORED = "outage", "restored"
_COLUMN, _SITE = "column:", "site:"
#: Failures of the server, which may concern all columns of a site at once.
_OF_THE_SITE = (VisitOutcome.UNREACHABLE, VisitOutcome.REFUSED)
#: Columns of a site that begin to fail within this time fail together: a crawl of all of them takes a while, and what
#: was read before the site went down fails at the next one.
_TOGETHER = timedelta(hours=12)
#: By the outcome of the visit: the state of the column, and the request to the office (Chinese).
_TEXTS = {
    VisitOutcome.NOT_FOUND: ("无法查看", "请核对栏目是否尚未建立、地址是否已变"),
    VisitOutcome.NOT_UNDERSTOOD: ("无法识别", "请核对栏目地址打开的是否为列表页，地址无误的请联系网站管理单位"),
    VisitOutcome.MOVED: ("似已停止更新", "请核对并改正栏目地址"),
}
#: A restored column is notified only for so long.
_NEWS_PERIOD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outage:
    """A column that could not be read since `first`, last at `last`."""

    first: Visit
    last: Visit

    @property
    def is_of_site(self) -> bool:
        """Whether the server failed, and not this column alone."""
        return self.last.outcome in _OF_THE_SITE


@dataclass(frozen=True, slots=True)
class PlaceOutage:
    """The outage of a site or of a column. `subject`: of its notices; `outages`: by column, the earliest first."""

    subject: str
    outages: Mapping[str, Outage]

    @property
    def first(self) -> Outage:
        return next(iter(self.outages.values()))

    @property
    def number(self) -> int:
        """The minute in which it began, by which its notices know it."""
        return _minute_of(self.first)


def find_places(county: County, outages: Mapping[str, Outage]) -> Iterator[PlaceOutage]:
    """Yield the outages by place: two and more columns of one site that fail together are one outage of the site."""
    by_host: dict[str, list[str]] = {}
    for column in sorted(outages, key=lambda column: (outages[column].first.began_at, column)):
        if column in county.columns:
            host = _host_of(county, column) if outages[column].is_of_site else ""
            by_host.setdefault(host, []).append(column)
    for host, columns in by_host.items():
        while columns:
            until = outages[columns[0]].first.began_at + _TOGETHER
            together = [column for column in columns if outages[column].first.began_at <= until] if host else columns
            columns = columns[len(together) :]
            if host and len(together) > 1:
                yield PlaceOutage(_SITE + host, {column: outages[column] for column in together})
            else:
                yield from (PlaceOutage(_COLUMN + column, {column: outages[column]}) for column in together)


def columns_of_subject(county: County, subject: str) -> list[str]:
    """Return the columns that a notice about an outage concerns, by its subject."""
    if not subject.startswith(_SITE):
        return [column for column in county.columns if _COLUMN + column == subject]
    return [column for column in county.columns if _SITE + _host_of(county, column) == subject]


def decide_outages(
    county: County,
    outages: Mapping[str, Outage],
    visits: Mapping[str, Sequence[Visit]],
    delivery_states: Mapping[str, Mapping[NoticeKey, DeliveryState]],
    office: OfficeTime,
    now: datetime,
) -> Iterator[Decision]:
    """Yield notices for sites and columns that fail now and for notified ones that are read again, and cancellations.

    `outages`: by column. `delivery_states`: by subject, `site:HOST` or `column:KEY`.
    """
    places = sorted(find_places(county, outages), key=lambda place: (place.subject, place.number))
    for place in places:
        if _notice_at(place.first, office) <= now:
            notice = _outage_notice(county, place, office, now)
            state = delivery_states.get(place.subject, {}).get(notice.key)
            if (state is None or state.state == "cancelled") and not _is_told_of_site(county, place, delivery_states):
                yield Decision("send", notice.key, notice.reason, notice)
    for subject in sorted(name for name in delivery_states if name.startswith((_COLUMN, _SITE))):
        states, columns = delivery_states[subject], columns_of_subject(county, subject)
        numbers = {place.number for place in places if place.subject == subject}
        is_site = subject.startswith(_SITE)
        is_failing = any(column in outages and (outages[column].is_of_site or not is_site) for column in columns)
        for key, known_state in states.items():
            if known_state.state == "due" and (reason := _cancel_reason(key, numbers, is_failing=is_failing)):
                yield Decision("cancel", key, reason)
        if columns and not is_failing:
            restored = _restored_notice(county, subject, visits, states, office, now)
            if restored is not None:
                yield Decision("send", restored.key, restored.reason, restored)


def next_outage_at(outages: Mapping[str, Outage], office: OfficeTime, now: datetime) -> datetime | None:
    """Return when the next of these outages will have lasted a working day, after `now`."""
    instants = (_notice_at(outage, office) for outage in outages.values())
    return min((at for at in instants if at > now), default=None)


def _host_of(county: County, column: str) -> str:
    return urlsplit(county.columns[column].url).netloc


def _is_told_of_site(
    county: County, place: PlaceOutage, delivery_states: Mapping[str, Mapping[NoticeKey, DeliveryState]]
) -> bool:
    """Return whether the office was told of this outage of the site, though others of its columns are read again."""
    length = int(_TOGETHER.total_seconds()) // 60
    return any(
        key.step == STEP and state.reached and key.ordinal <= _minute_of(outage) <= key.ordinal + length
        for column, outage in place.outages.items()
        if outage.is_of_site
        for key, state in delivery_states.get(_SITE + _host_of(county, column), {}).items()
    )


def _cancel_reason(key: NoticeKey, numbers: Collection[int], *, is_failing: bool) -> str:
    """Return why a waiting notice is not sent any more, or "". `numbers`: of the outages of its place now."""
    if key.step == RESTORED:
        return "发出前又无法查看，不再发送。" if is_failing else ""
    return "" if key.ordinal in numbers else "发出前已恢复查看，或情况已变，不再发送。"


def _restored_notice(
    county: County,
    subject: str,
    visits: Mapping[str, Sequence[Visit]],
    delivery_states: Mapping[NoticeKey, DeliveryState],
    office: OfficeTime,
    now: datetime,
) -> Notice | None:
    """Return the notice that a place with a notified outage can be read again: once, and only while it is news.

    A site can be read again once the last of its columns was.
    """
    numbers = [key.ordinal for key, state in delivery_states.items() if key.step == STEP and state.reached]
    if not numbers:
        return None
    number = max(numbers)
    key = NoticeKey(subject, 0, 0, RESTORED, number, OFFICE, "mail")
    if key in delivery_states and delivery_states[key].state != "cancelled":
        return None
    began, columns = datetime.fromtimestamp(number * 60, UTC), columns_of_subject(county, subject)
    first_reads = (_first_read_after(began, visits.get(column, ())) for column in columns)
    read_again_at = max((read for read in first_reads if read is not None), default=None)
    if read_again_at is None or read_again_at < now - _NEWS_PERIOD:
        return None
    first, again = began.astimezone(county.zone), read_again_at.astimezone(county.zone)
    reason = f"自{moment_zh(first)}起无法查看，{moment_zh(again)}已恢复查看；期间未能核验的事项已恢复核验。"
    shown = _shown(county, subject, columns)
    return build_office_notice(key, county.id, "restored", reason, office.next_morning(now), shown)


def _first_read_after(began: datetime, visits: Sequence[Visit]) -> datetime | None:
    read = (visit.began_at for visit in visits if visit.outcome is VisitOutcome.READ and visit.began_at > began)
    return min(read, default=None)


def _notice_at(outage: Outage, office: OfficeTime) -> datetime:
    """Return the end of the first working day of the outage, counted whole or from the outage's begin."""
    begun = office.next_opening(outage.first.began_at)
    return office.closing_on(office.day_of(begun))


def _minute_of(outage: Outage) -> int:
    return int(outage.first.began_at.timestamp()) // 60


def _outage_notice(county: County, place: PlaceOutage, office: OfficeTime, now: datetime) -> Notice:
    outage = place.first
    since = outage.first.began_at.astimezone(county.zone)
    about = [_address_of(county, place), *([nested(outage.last.note)] if outage.last.note else [])]
    problem, request = _TEXTS.get(outage.last.outcome, ("无法查看", "请联系网站管理单位"))
    reason = (
        f"自{moment_zh(since)}起{problem}（{'，'.join(about)}）。"
        f"期间应公开的内容无法核验，不作逾期认定，逾期通知暂缓发出；{request}，恢复后自动核验。"
    )
    key = NoticeKey(place.subject, 0, 0, STEP, place.number, OFFICE, "mail")
    shown = _shown(county, place.subject, list(place.outages))
    if place.subject.startswith(_SITE):
        shown["title"] += f"（{len(place.outages)}个栏目）"
    return build_office_notice(key, county.id, "fault", reason, office.next_morning(now), shown)


def _address_of(county: County, place: PlaceOutage) -> str:
    """Return where to look: the column's address, or the site's name."""
    if place.subject.startswith(_SITE):
        return place.subject.removeprefix(_SITE)
    return county.columns[next(iter(place.outages))].url


def _shown(county: County, subject: str, columns: Sequence[str]) -> dict[str, str]:
    """Return what a notice shows of its place: the column, or the site by its department, else by the names of its
    channels."""
    if not subject.startswith(_SITE):
        return {"title": county.columns[columns[0]].title, "column": columns[0]}
    owners = {county.columns[column].owner for column in columns_of_subject(county, subject)}
    if len(owners) == 1 and (owner := owners.pop()):
        return {"title": f"{county.department_names(owner)}网站", "site": subject.removeprefix(_SITE)}
    names = dict.fromkeys(county.channels.get(county.columns[column].channel, "") for column in columns)
    return {"title": "、".join(filter(None, names)) or "网站", "site": subject.removeprefix(_SITE)}
