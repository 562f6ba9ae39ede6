"""Before a lead or an office hears of what the crawl did not find, the site is looked at again and searched."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.core.escalation.asking import ask, at, case, key, said
from tests.core.escalation.test_asked_first import ASKING, FILED, SITE, late
from tracker.core.escalation.notices import DeliveryState
from tracker.core.escalation.second_look import next_look_at
from tracker.core.values.second_looks import Hit, Search, SecondLook

POLICY = replace(ASKING, second_look=True)
MOMENT = timedelta(microseconds=1)
#: The question left on the 8th; the lead's step stands on Saturday the 10th, which is worked.
LEAD = at("10-10", "08:30")
ASKED = {key("question"): DeliveryState("sent", at("10-8", "08:30"), "question")}
HEARD = ["send to-lead lead", "send to-lead liaison"]
WAITS = ["send to-lead.waits county-office", "wait to-lead lead", "wait to-lead liaison"]
FOUND = Hit("9月份水环境质量", "https://www.example.gov.cn/xwdt/9.html", "部门动态")


def looked(when: datetime, *hits: Hit, number: int = 1) -> SecondLook:
    return SecondLook(number, "key", when, when + timedelta(minutes=1), (Search("other-columns", hits=hits),))


def decided(now: datetime, *looks: SecondLook, visited: datetime | None = None, **more: Any) -> list[str]:
    seen = late(*more.pop("cells", (SITE,)), visited_at=visited or now - timedelta(hours=1))
    return said(ask(more.pop("policy", POLICY), seen, now, more.pop("history", ASKED), second_looks=looks, **more))


#: The instant of the look and of the visit, and what is decided when the lead's step stands.
LOOKS: dict[str, tuple[datetime | None, datetime, list[str]]] = {
    "the evening before": (at("10-9", "18:05"), at("10-9", "18:00"), HEARD),
    "a day before, to the minute": (LEAD - timedelta(days=1), LEAD - timedelta(days=1), HEARD),
    "a moment longer ago": (LEAD - timedelta(days=1) - MOMENT, at("10-9", "18:00"), WAITS),
    "no look": (None, at("10-9", "18:00"), WAITS),
    "a look, and columns that were read longer ago": (at("10-9", "18:05"), at("10-9", "06:00"), WAITS),
}


@pytest.mark.parametrize(("look", "visited", "expected"), LOOKS.values(), ids=LOOKS)
def test_the_lead_hears_after_a_look_of_the_last_day(
    look: datetime | None, visited: datetime, expected: list[str]
) -> None:
    assert decided(LEAD, *([looked(look)] if look else []), visited=visited) == expected


def test_the_question_itself_needs_none_and_what_is_filed_neither() -> None:
    assert decided(at("10-8", "08:30"), history={}) == ["send question liaison"]
    assert decided(LEAD, cells=(FILED,)) == HEARD


def test_a_policy_that_does_not_ask_for_it_works_as_before() -> None:
    assert decided(LEAD, policy=ASKING) == HEARD


def test_a_notice_that_waits_to_leave_stays_while_its_look_serves() -> None:
    """Decided after hours on Saturday; it leaves on Monday at half past eight, so the look is one of Sunday."""
    late_on, sunday, monday = at("10-10", "18:00"), at("10-11", "12:00"), at("10-12", "08:30")
    assert decided(late_on, looked(at("10-10", "12:00"))) == ["wait to-lead lead", "wait to-lead liaison"]
    assert decided(at("10-11", "12:10"), looked(sunday)) == HEARD
    waiting = ASKED | {key("to-lead", role): DeliveryState("due", sunday, "escalation") for role in ("liaison", "lead")}
    assert decided(monday, looked(sunday), history=waiting) == []
    lapsed = decided(at("10-12", "13:00"), looked(sunday), history=waiting)
    assert lapsed == ["cancel to-lead lead", "cancel to-lead liaison", "send to-lead.waits county-office"]


def test_what_it_found_is_decided_by_the_county_office_within_a_working_day() -> None:
    look = looked(at("10-9", "18:05"), FOUND)
    assert decided(LEAD, look) == ["send decide county-office", "wait to-lead lead", "wait to-lead liaison"]
    renewed = looked(at("10-12", "06:05"), FOUND, number=2)  # the 12th is the working day after the 10th
    assert decided(at("10-12", "08:30") - MOMENT, look, renewed)[-1] == "wait to-lead liaison"
    assert decided(at("10-12", "08:30"), look, renewed) == HEARD


def test_the_notice_says_what_the_look_showed() -> None:
    look = SecondLook(
        1, "key", at("10-9", "18:05"), at("10-9", "18:06"),
        (Search("other-columns"), Search("sitemap", "https://x.cn/map"), Search("search", "x", "网站拒绝访问（403）")),
    )  # fmt: skip
    seen = late(SITE, visited_at=at("10-9", "18:00"))
    sent = [one.notice for one in ask(POLICY, seen, LEAD, ASKED, second_looks=(look,)) if one.notice]
    assert {notice.detail["looked_again"] for notice in sent} == {
        "已于2015年10月9日18时5分再次查看，并查找本站其他栏目、站点地图，仍未查到（站内检索未能使用）。"
    }


#: What was told, and from when on the crawl is to look.
WANTED: dict[str, tuple[dict[Any, DeliveryState], datetime, datetime | None]] = {
    "asked: a day before the lead's step": (ASKED, at("10-8"), LEAD - timedelta(days=1)),
    "the lead was told: a day before the office's": (
        ASKED | {key("to-lead", role): DeliveryState("sent", LEAD, "escalation") for role in ("liaison", "lead")},
        at("10-10"),
        at("10-12", "08:30"),
    ),
    "nobody was told yet: the same": ({}, at("10-8", "08:30"), LEAD - timedelta(days=1)),
}


@pytest.mark.parametrize(("history", "now", "expected"), WANTED.values(), ids=WANTED)
def test_from_when_on_a_look_is_wanted(
    history: dict[Any, DeliveryState], now: datetime, expected: datetime | None
) -> None:
    assert next_look_at(case(POLICY, late(SITE), now, history)) == expected
