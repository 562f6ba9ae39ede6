"""A column that cannot be read: when the county office hears of it, and that it hears of every outage once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.core.escalation.asking import OFFICE
from tests.core.verdict.judging import COLUMN, COUNTY, ZONE, column, visit
from tests.core.verdict.judging import at as moment
from tracker.core.escalation.notices import Decision, DeliveryState, NoticeKey, NoticeState
from tracker.core.escalation.outages import Outage, columns_of_subject, decide_outages
from tracker.core.values.facts import VisitOutcome

SUBJECT = f"column:{COLUMN}"
FIRST, SECOND = "2015-07-14T06:00", "2015-07-21T06:00"  # two Tuesdays
TELL_FIRST, TELL_SECOND = "2015-07-14T17:30", "2015-07-21T17:30"


def failing(began: str, last: str | None = None) -> dict[str, Outage]:
    first, latest = (visit(one, None, outcome=VisitOutcome.UNREACHABLE) for one in (began, last or began))
    return {COLUMN: Outage(first, latest)}


def number(began: str) -> int:
    """The number of the outage that began then."""
    return int(moment(began).timestamp()) // 60


def key(step: str, began: str) -> NoticeKey:
    return NoticeKey(SUBJECT, 0, 0, step, number(began), "county-office", "mail")


def told(states: Mapping[tuple[str, str], NoticeState]) -> dict[str, dict[NoticeKey, DeliveryState]]:
    """By step and the beginning of the outage."""
    return {SUBJECT: {key(*what): DeliveryState(state, moment(what[1])) for what, state in states.items()}}


def decided(
    now: str | datetime,
    down: Mapping[str, Outage],
    states: Mapping[tuple[str, str], NoticeState] | None = None,
    reads: tuple[str, ...] = (),
) -> list[str]:
    """`send outage 07-14 06:00`, with the beginning of the outage that the notice is about."""
    instant = now if isinstance(now, datetime) else moment(now)
    visits = {COLUMN: [visit(one) for one in reads]}
    found = decide_outages(COUNTY, down, visits, told(states or {}), OFFICE, instant)
    return [_line(one) for one in found]


def _line(decision: Decision) -> str:
    began = datetime.fromtimestamp(decision.key.ordinal * 60, ZONE)
    return f"{decision.outcome} {decision.key.step} {began:%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("began", "stands_at"),
    [
        ("2015-07-14T06:00", "2015-07-14T17:30"),  # before the office opened: that day's end
        ("2015-07-14T12:00", "2015-07-14T17:30"),
        ("2015-07-14T17:29", "2015-07-14T17:30"),
        ("2015-07-14T17:30", "2015-07-15T17:30"),  # nothing of that working day was left
        ("2015-07-17T20:00", "2015-07-20T17:30"),  # Friday evening: Monday's end
        ("2015-07-18T06:00", "2015-07-20T17:30"),  # Saturday
    ],
)
def test_an_outage_is_told_when_the_first_working_day_of_it_ends(began: str, stands_at: str) -> None:
    instant = moment(stands_at)
    assert decided(instant - timedelta(microseconds=1), failing(began)) == []
    assert len(decided(instant, failing(began))) == 1


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (None, ["send outage 07-14 06:00"]),
        ("due", []),
        ("claimed", []),
        ("sent", []),
        ("cancelled", ["send outage 07-14 06:00"]),  # taken back before it left: due again under its key
    ],
)
def test_an_outage_that_lasts_is_told_once(state: NoticeState | None, expected: list[str]) -> None:
    states = {("outage", FIRST): state} if state else {}
    assert decided("2015-07-16T10:00", failing(FIRST, "2015-07-16T06:00"), states) == expected


def test_a_second_outage_is_told_anew_under_its_own_number() -> None:
    over: dict[tuple[str, str], NoticeState] = {("outage", FIRST): "sent", ("restored", FIRST): "sent"}
    assert decided(TELL_SECOND, failing(SECOND), over) == ["send outage 07-21 06:00"]
    assert decided("2015-07-22T10:00", failing(SECOND), over | {("outage", SECOND): "sent"}) == []


def test_what_waits_to_be_told_of_an_outage_that_is_over_is_taken_back_though_another_one_began() -> None:
    waiting: dict[tuple[str, str], NoticeState] = {("outage", FIRST): "due"}
    assert decided("2015-07-15T10:00", failing(FIRST), waiting) == []
    assert decided("2015-07-15T10:00", failing("2015-07-15T06:00"), waiting) == ["cancel outage 07-14 06:00"]
    assert decided("2015-07-15T10:00", {}, waiting) == ["cancel outage 07-14 06:00"]


@pytest.mark.parametrize(
    ("outage", "restored", "expected"),
    [
        ("sent", None, ["send restored 07-14 06:00"]),
        ("claimed", None, ["send restored 07-14 06:00"]),
        ("due", None, ["cancel outage 07-14 06:00"]),  # nobody heard of the outage
        ("cancelled", None, []),
        ("sent", "due", []),
        ("sent", "sent", []),
        ("sent", "cancelled", ["send restored 07-14 06:00"]),
    ],
)
def test_that_it_can_be_read_again_is_told_once_to_whom_the_outage_was_told(
    outage: NoticeState, restored: NoticeState | None, expected: list[str]
) -> None:
    states = {("outage", FIRST): outage} | ({("restored", FIRST): restored} if restored else {})
    assert decided("2015-07-17T10:00", {}, states, reads=("2015-07-17T06:00",)) == expected


def test_after_two_outages_the_second_one_is_called_over_too() -> None:
    states: dict[tuple[str, str], NoticeState] = {
        ("outage", FIRST): "sent", ("restored", FIRST): "sent", ("outage", SECOND): "sent",
    }  # fmt: skip
    reads = ("2015-07-17T06:00", "2015-07-24T06:00")
    assert decided("2015-07-24T10:00", {}, states, reads) == ["send restored 07-21 06:00"]
    assert decided("2015-07-24T10:00", {}, states | {("restored", SECOND): "sent"}, reads) == []


def test_a_column_is_read_again_from_the_first_reading_after_the_outage_began() -> None:
    def restored(*reads: str) -> list[Decision]:
        visits = {COLUMN: [visit(one) for one in reads]}
        states = told({("outage", FIRST): "sent"})
        return list(decide_outages(COUNTY, {}, visits, states, OFFICE, moment("2015-07-20T10:00")))

    assert restored("2015-07-13T06:00", FIRST) == []  # neither before it nor as it began
    (decision,) = restored("2015-07-13T06:00", "2015-07-17T06:00", "2015-07-18T06:00")
    assert "2015年7月17日6时已恢复查看" in decision.reason


def test_what_was_restored_longer_than_seven_days_ago_is_no_news() -> None:
    states: dict[tuple[str, str], NoticeState] = {("outage", FIRST): "sent"}
    week_later = moment("2015-07-24T06:00")
    assert decided(week_later, {}, states, ("2015-07-17T06:00",)) == ["send restored 07-14 06:00"]
    assert decided(week_later + timedelta(microseconds=1), {}, states, ("2015-07-17T06:00",)) == []


def test_a_recovery_that_waits_to_be_told_is_taken_back_when_the_column_fails_again() -> None:
    states: dict[tuple[str, str], NoticeState] = {("outage", FIRST): "sent", ("restored", FIRST): "due"}
    assert decided("2015-07-17T18:00", failing("2015-07-17T17:40"), states) == ["cancel restored 07-14 06:00"]


# -- a whole site --------------------------------------------------------------------------------

ELSEWHERE = "approval-site/items"
NAMES = ("environment", "finance", "land", "news")
SITE = replace(
    COUNTY,
    channels={"county-site": "县政府信息网", "approval-site": "县行政审批网站"},
    columns={
        **{
            f"county-site/{name}": replace(column(f"county-site/{name}", name), url=f"https://www.x.cn/{name}/")
            for name in NAMES
        },
        ELSEWHERE: replace(column(ELSEWHERE, "审批事项"), channel="approval-site", url="https://sp.x.cn/items/"),
    },
)
OF_SITE = "site:www.x.cn"
UNREACHABLE, NOT_FOUND = VisitOutcome.UNREACHABLE, VisitOutcome.NOT_FOUND


def down(began: Mapping[str, str], outcome: VisitOutcome = UNREACHABLE) -> dict[str, Outage]:
    """Outages by column, `land` for county-site/land, each since its own instant."""
    visits = {
        name if "/" in name else f"county-site/{name}": visit(since, None, outcome=outcome)
        for name, since in began.items()
    }
    return {name: Outage(one, one) for name, one in visits.items()}


def of_site(
    now: str,
    outages: Mapping[str, Outage],
    states: Mapping[tuple[str, str, str], NoticeState] | None = None,
    reads: Mapping[str, str] | None = None,
) -> list[str]:
    """`send outage site:www.x.cn 07-14 06:00`. `states`: by subject, step and the outage's begin."""
    told: dict[str, dict[NoticeKey, DeliveryState]] = {}
    for (subject, step, began), state in (states or {}).items():
        one = NoticeKey(subject, 0, 0, step, number(began), "county-office", "mail")
        told.setdefault(subject, {})[one] = DeliveryState(state, moment(began))
    visits = {f"county-site/{name}": [visit(since)] for name, since in (reads or {}).items()}
    found = decide_outages(SITE, outages, visits, told, OFFICE, moment(now))
    return [f"{one.outcome} {one.key.step} {one.key.subject} {_line(one).split(' ', 2)[2]}" for one in found]


ALL = {name: f"2015-07-14T06:0{minute}" for minute, name in enumerate(NAMES)}
TOLD: dict[tuple[str, str, str], NoticeState] = {(OF_SITE, "outage", FIRST): "sent"}
LATER = "2015-07-15T10:00"


def test_a_department_s_own_site_is_called_by_the_department() -> None:
    own = {name: replace(one, owner="huanbao") for name, one in SITE.columns.items() if name != ELSEWHERE}
    (decision,) = decide_outages(replace(SITE, columns=own), down(ALL), {}, {}, OFFICE, moment(TELL_FIRST))
    assert decision.notice is not None
    assert decision.notice.detail["title"] == "环保局网站（4个栏目）"


def test_a_site_that_is_down_is_one_notice_with_the_number_of_its_columns() -> None:
    assert of_site(TELL_FIRST, down(ALL)) == [f"send outage {OF_SITE} 07-14 06:00"]
    (decision,) = decide_outages(SITE, down(ALL), {}, {}, OFFICE, moment(TELL_FIRST))
    assert decision.notice is not None
    assert decision.notice.detail["title"] == "县政府信息网（4个栏目）"
    assert decision.reason == (
        "自2015年7月14日6时起无法查看（www.x.cn）。期间应公开的内容无法核验，不作逾期认定，逾期通知暂缓发出；"
        "请联系网站管理单位，恢复后自动核验。"
    )


@pytest.mark.parametrize(
    ("outages", "expected"),
    [
        (down(ALL | {ELSEWHERE: FIRST}), ["column:approval-site/items 07-14 06:00", f"{OF_SITE} 07-14 06:00"]),
        (down({"land": FIRST}), ["column:county-site/land 07-14 06:00"]),
        (down({"land": FIRST, "news": "2015-07-14T18:00"}), [f"{OF_SITE} 07-14 06:00"]),
        (
            down({"land": "2015-07-13T06:00", "news": FIRST}),
            ["column:county-site/land 07-13 06:00", "column:county-site/news 07-14 06:00"],
        ),
        (
            down({"land": FIRST, "news": FIRST}, NOT_FOUND),
            ["column:county-site/land 07-14 06:00", "column:county-site/news 07-14 06:00"],
        ),
    ],
    ids=[
        "two sites",
        "one column",
        "read once more before it went",
        "at different times",
        "columns that are not there",
    ],
)
def test_columns_that_the_server_fails_at_one_time_are_one_outage(
    outages: Mapping[str, Outage], expected: list[str]
) -> None:
    assert of_site("2015-07-15T18:00", outages) == [f"send outage {one}" for one in expected]


def test_an_outage_of_a_site_is_told_once_though_some_of_its_columns_are_read_again() -> None:
    for names in (NAMES, ("land", "news"), ("news",), ("environment",)):
        still = {name: ALL[name] for name in names}
        assert of_site(LATER, down(still), TOLD) == []
    assert of_site(LATER, down({"news": ALL["news"]}, NOT_FOUND), TOLD) == [
        "send outage column:county-site/news 07-14 06:03"  # the server answers, and this column is not there
    ]


def test_what_waits_to_be_told_of_a_site_is_written_anew_when_it_has_changed() -> None:
    waiting: dict[tuple[str, str, str], NoticeState] = {(OF_SITE, "outage", FIRST): "due"}
    assert of_site(LATER, down(ALL), waiting) == []
    fewer = {"finance": ALL["finance"], "land": ALL["land"]}
    assert of_site(LATER, down(fewer), waiting) == [
        f"send outage {OF_SITE} 07-14 06:01",
        f"cancel outage {OF_SITE} 07-14 06:00",
    ]
    assert of_site(LATER, {}, waiting) == [f"cancel outage {OF_SITE} 07-14 06:00"]


def test_that_a_site_can_be_read_again_is_told_once_when_the_last_of_its_columns_is() -> None:
    reads = dict.fromkeys(NAMES, "2015-07-16T06:00") | {"news": "2015-07-16T12:00"}
    assert of_site("2015-07-16T08:00", down({"news": ALL["news"]}), TOLD, reads) == []
    assert of_site("2015-07-16T13:00", {}, TOLD, reads) == [f"send restored {OF_SITE} 07-14 06:00"]
    assert of_site("2015-07-16T13:00", {}, TOLD | {(OF_SITE, "restored", FIRST): "sent"}, reads) == []
    again = down(dict.fromkeys(NAMES, "2015-07-16T18:00"))
    assert of_site("2015-07-16T19:00", again, TOLD | {(OF_SITE, "restored", FIRST): "due"}, reads) == [
        f"cancel restored {OF_SITE} 07-14 06:00"
    ]
    assert of_site("2015-07-17T18:00", again, TOLD) == [f"send outage {OF_SITE} 07-16 18:00"]  # another one


def test_a_subject_stands_for_the_columns_of_its_place() -> None:
    assert columns_of_subject(SITE, OF_SITE) == [f"county-site/{name}" for name in NAMES]
    assert columns_of_subject(SITE, "column:approval-site/items") == [ELSEWHERE]
    assert columns_of_subject(SITE, "column:gone") == []
