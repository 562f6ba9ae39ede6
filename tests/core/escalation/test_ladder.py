"""The ladder begins at its first step, however late that can be told; the others follow at their distances."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.core.escalation.asking import (
    STANDARD,
    ask,
    at,
    case,
    county,
    key,
    occurrence,
    said,
    told,
    verdict,
)
from tracker.core.escalation.notices import DeliveryState, NoticeState
from tracker.core.escalation.office_time import Offset
from tracker.core.escalation.policies import Policy, Step
from tracker.core.escalation.steps import CountStart
from tracker.core.values.verdicts import Status

MOMENT = timedelta(microseconds=1)
#: Due on Wednesday, 30 September; the steps stand on 8, 10, 13 and 20 October.
LEAD_STANDS = at("10-10", "08:30")

# when the first step was told, when the lead hears
FOLLOWS = [
    (at("10-8", "08:30"), at("10-10", "08:30")),  # in its turn
    (at("10-9", "16:00"), at("10-10", "08:30")),  # later, and before the next one stood
    (at("10-9", "17:30") - MOMENT, at("10-10", "08:30")),  # the last that leaves before the next one stands
    (at("10-9", "17:30"), at("10-13", "08:30")),  # it left on Saturday the 10th, which is worked: two working days on
    (LEAD_STANDS - MOMENT, at("10-13", "08:30")),
    (LEAD_STANDS, at("10-13", "08:30")),
    (at("10-20", "10:00"), at("10-22", "08:30")),
    (at("10-20", "18:00"), at("10-23", "08:30")),  # it left on the morning of the 21st
    (at("10-24", "12:00"), at("10-28", "08:30")),  # a Saturday: it left on Monday
]


@pytest.mark.parametrize(("told_at", "lead_hears"), FOLLOWS)
def test_when_the_lead_hears(told_at: datetime, lead_hears: datetime) -> None:
    history = told("overdue", when=told_at)
    assert "send to-lead lead" not in said(ask(STANDARD, Status.OVERDUE, lead_hears - MOMENT, history))
    assert "send to-lead lead" in said(ask(STANDARD, Status.OVERDUE, lead_hears, history))


@pytest.mark.parametrize("now", [LEAD_STANDS, at("10-13"), at("10-24"), at("12-31")])
def test_nobody_hears_first_as_an_escalation(now: datetime) -> None:
    sent = [line for line in said(ask(STANDARD, Status.OVERDUE, now)) if line.startswith("send")]
    assert sent == ["send overdue liaison"]


def test_a_first_notice_that_waits_for_the_morning_is_not_replaced_by_the_escalation_of_that_morning() -> None:
    """The site was back at six, and the office opens when the lead's step stands."""
    waiting = told("overdue", state="due", when=at("10-10", "06:00"))
    assert ask(STANDARD, Status.OVERDUE, LEAD_STANDS, waiting) == ()


def test_what_waits_to_leave_over_a_weekend_stays_wanted() -> None:
    waiting = told("overdue", state="due", when=at("10-24", "12:00"))
    for now in (at("10-24", "13:00"), at("10-25"), at("10-26", "08:29")):
        assert ask(STANDARD, Status.OVERDUE, now, waiting) == ()


# what became of the first step: whether the ladder has begun
BEGUN: list[tuple[NoticeState, bool]] = [
    ("due", True), ("claimed", True), ("sent", True), ("failed", True), ("cancelled", False), ("superseded", False),
]  # fmt: skip


@pytest.mark.parametrize(("state", "begun"), BEGUN)
def test_the_ladder_begins_with_a_step_that_is_told_or_will_be(state: NoticeState, begun: bool) -> None:
    start = case(STANDARD, Status.OVERDUE, at("10-21"), told("overdue", state=state, when=at("10-20"))).count_start
    assert start == (CountStart(at("10-20", "00:00"), at("10-19").date()) if begun else None)


@pytest.mark.parametrize(("revision", "episode", "begun"), [(0, 0, True), (1, 0, False), (0, 1, False)])
def test_what_was_told_under_another_date_or_episode_begins_nothing(revision: int, episode: int, begun: bool) -> None:
    history = {key("overdue", revision=revision, episode=episode): DeliveryState("sent", at("10-20"))}
    start = case(STANDARD, Status.OVERDUE, at("10-21"), history).count_start
    assert (start is not None) is begun


def test_what_the_office_read_on_trial_begins_the_trial_ladder_alone() -> None:
    trial = told("overdue/county-office@shadow", when=at("10-8", "08:30"))
    assert "send overdue liaison" in said(ask(STANDARD, Status.OVERDUE, at("10-20"), trial))
    shown = said(ask(STANDARD, Status.OVERDUE, at("10-20"), trial, where=county(mode="shadow")))
    assert "send to-office county-office@shadow" in shown


def test_steps_in_hours_follow_in_hours() -> None:
    hourly = Policy(
        "urgent",
        (
            Step("first", "due", Offset(0, "hours"), "overdue", ("liaison",)),
            Step("then", "due", Offset(4, "hours"), "escalation", ("liaison",)),
        ),
        urgent=True,
    )
    late = {key("first"): DeliveryState("sent", at("10-2", "06:00"))}
    for now, expected in ((at("10-2", "10:00") - MOMENT, []), (at("10-2", "10:00"), ["send then liaison"])):
        assert [line for line in said(ask(hourly, Status.OVERDUE, now, late)) if line.startswith("send")] == expected


def reason(now: datetime, history: dict[object, DeliveryState], step: str) -> str:
    (made,) = {
        one.reason
        for one in ask(STANDARD, Status.OVERDUE, now, history)  # type: ignore[arg-type]
        if one.outcome == "send" and one.key.step == step
    }
    return made


def test_the_reason_says_that_it_was_told_late() -> None:
    assert reason(at("10-20"), {}, "overdue") == "时限为2015年9月30日，逾期未公开，此前未能通知，现予通知。"
    history = dict(told("overdue", when=at("10-20")))
    assert reason(at("10-22"), history, "to-lead") == (
        "时限为2015年9月30日，逾期未公开，2015年10月20日首次通知，按办法于其后2个工作日上报。"
    )


def test_a_step_that_has_no_place_here_does_not_begin_the_ladder() -> None:
    """What is assumed is told once and escalated never."""
    mild = replace(occurrence(), provisional=True)
    assert said(ask(STANDARD, verdict(Status.OVERDUE), at("10-20"), told("overdue", when=at("10-20")), one=mild)) == []
