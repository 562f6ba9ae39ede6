"""Who is told what and when: a row per policy, status, history and instant, with the exact notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.core.escalation.asking import ASSUMED, NONE, STANDARD, ask, at, county, duty, occurrence, said, told, verdict
from tracker.core.escalation.notices import DeliveryState
from tracker.core.escalation.policies import Policy
from tracker.core.values.verdicts import Finding, Status

# 30 September 2015 is a Wednesday; 1-7 October are off, Saturday the 10th is worked.
ROWS = {
    "long before: nothing": (STANDARD, Status.OPEN, at("9-22"), (), []),
    "five working days before, 08:30: the reminder": (
        STANDARD, Status.DUE_SOON, at("9-23", "08:30"), (), ["send reminder liaison"],
    ),
    "a minute earlier: nothing": (STANDARD, Status.DUE_SOON, at("9-23", "08:29"), (), []),
    "reminded already: nothing": (STANDARD, Status.DUE_SOON, at("9-24"), ("reminder",), []),
    "the day before: the last reminder": (
        STANDARD, Status.DUE_SOON, at("9-29"), ("reminder",), ["send last-reminder liaison"],
    ),
    "both fell in an outage: the last goes, the first is superseded": (
        STANDARD, Status.DUE_SOON, at("9-30"), (), ["send last-reminder liaison", "superseded reminder liaison"],
    ),
    "past due and a holiday: the overdue step has not come": (
        STANDARD, Status.OVERDUE, at("10-5"), ("reminder", "last-reminder"), [],
    ),
    "first working day after: overdue": (
        STANDARD, Status.OVERDUE, at("10-8"), ("reminder", "last-reminder"), ["send overdue liaison"],
    ),
    "incomplete is pressed alike": (
        STANDARD, Status.INCOMPLETE, at("10-8"), ("reminder", "last-reminder"), ["send overdue liaison"],
    ),
    "third working day, the make-up Saturday: the lead": (
        STANDARD, Status.OVERDUE, at("10-10"), ("reminder", "last-reminder", "overdue"),
        ["send to-lead lead", "send to-lead liaison"],
    ),
    "after a long outage the first step, and no escalation": (
        STANDARD, Status.OVERDUE, at("10-20"), (),
        ["send overdue liaison", "superseded last-reminder liaison", "superseded reminder liaison"],
    ),
    "everything told: silence": (
        STANDARD, Status.OVERDUE, at("11-20"),
        ("reminder", "last-reminder", "overdue", "to-lead", "to-lead/lead",
         "to-office", "to-office/lead", "to-office/county-office"),
        [],
    ),
    "met in time: nothing": (STANDARD, Status.MET, at("9-25"), ("reminder",), []),
    "met after an overdue notice: mended to whom it reached": (
        STANDARD, Status.MET_LATE, at("10-12"), ("overdue", "to-lead", "to-lead/lead"),
        ["send mended lead", "send mended liaison"],
    ),
    "mended is said once": (STANDARD, Status.MET_LATE, at("10-12"), ("overdue", "mended"), []),
    "met late without an overdue notice: nothing to mend": (
        STANDARD, Status.MET_LATE, at("10-12"), ("reminder",), [],
    ),
    "disputed: the county office decides": (
        STANDARD, Status.MET_DISPUTED, at("10-12"), ("overdue",), ["send disputed county-office"],
    ),
    "the record is chased, not the publication": (
        STANDARD, Status.CLOCK_UNKNOWN, at("10-12"), (), ["send record county-office", "send record liaison"],
    ),
    "could not look, on the first day: not yet a fault": (STANDARD, Status.UNVERIFIABLE, at("10-8"), (), []),
    "could not look all day: a fault, to the county office alone": (
        STANDARD, Status.UNVERIFIABLE, at("10-8", "17:30"), (), ["send unverifiable county-office"],
    ),
    "waived after a notice: whoever was pressed hears of it": (
        STANDARD, Status.WAIVED, at("10-12"), ("reminder", "overdue"), ["send closed liaison"],
    ),
    "not applicable, nobody told: nothing": (STANDARD, Status.NOT_APPLICABLE, at("10-12"), (), []),
    "policy none presses nobody": (NONE, Status.OVERDUE, at("10-20"), (), []),
    "policy none still has dates decided": (
        NONE, Status.MET_DISPUTED, at("10-20"), (), ["send disputed county-office"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("policy", "status", "now", "history", "expected"), ROWS.values(), ids=ROWS)
def test_what_is_said(
    policy: Policy, status: Status, now: datetime, history: tuple[str, ...], expected: list[str]
) -> None:
    assert said(ask(policy, status, now, told(*history))) == expected


def test_reasons_are_whole_sentences_that_name_the_date() -> None:
    (reminder,) = ask(STANDARD, Status.DUE_SOON, at("9-23"))
    (overdue,) = ask(STANDARD, Status.OVERDUE, at("10-8"), told("reminder", "last-reminder"))
    assert reminder.reason == "时限为2015年9月30日，尚未查到全部公开内容，按办法于时限前5个工作日提醒。"
    assert overdue.reason == "时限为2015年9月30日，逾期未公开，按办法于时限后1个工作日通知。"


def test_incomplete_is_called_incomplete() -> None:
    (overdue,) = ask(STANDARD, Status.INCOMPLETE, at("10-8"), told("reminder", "last-reminder"))
    assert "公开不完整" in overdue.reason
    assert "未公开" not in overdue.reason


# -- fresh sight ---------------------------------------------------------------------------------


def test_without_fresh_sight_pressing_waits_and_the_county_office_hears() -> None:
    decisions = ask(STANDARD, verdict(Status.OVERDUE, fresh=False), at("10-8"), told("reminder", "last-reminder"))
    assert said(decisions) == ["send overdue.waits county-office", "wait overdue liaison"]


def test_a_filed_proof_needs_no_sight() -> None:
    unseen = verdict(Status.OVERDUE, fresh=False, filed_only=True)
    assert said(ask(STANDARD, unseen, at("10-8"), told("reminder", "last-reminder"))) == ["send overdue liaison"]


def test_sight_lost_before_the_notice_left_takes_it_back_and_sight_regained_sends_it() -> None:
    waiting = {**told("reminder", "last-reminder"), **told("overdue", state="due")}
    lost = ask(STANDARD, verdict(Status.OVERDUE, fresh=False), at("10-8"), waiting)
    assert said(lost) == ["cancel overdue liaison", "send overdue.waits county-office"]
    back = {**told("reminder", "last-reminder", "overdue.waits/county-office"), **told("overdue", state="cancelled")}
    assert said(ask(STANDARD, Status.OVERDUE, at("10-9"), back)) == ["send overdue liaison"]


# -- mildness, start, shadow ---------------------------------------------------------------------


def test_an_assumed_reading_or_a_provisional_date_is_never_escalated() -> None:
    weak = occurrence(deadline=ASSUMED)
    decisions = ask(STANDARD, Status.OVERDUE, at("11-20"), one=weak)
    assert [one for one in said(decisions) if one.startswith("send")] == ["send overdue liaison"]
    assert said(ask(STANDARD, Status.OVERDUE, at("11-20"), one=replace(occurrence(), provisional=True))) == said(
        decisions
    )
    adopted = occurrence(deadline=replace(ASSUMED, adopted=True))
    told_first = told("overdue", when=at("10-8", "08:30"))
    assert "send to-office lead" in said(ask(STANDARD, Status.OVERDUE, at("11-20"), told_first, one=adopted))


@pytest.mark.parametrize("status", [Status.OVERDUE, Status.UNVERIFIABLE, Status.MET_DISPUTED, Status.DUE_SOON])
def test_what_was_due_before_the_start_is_not_pressed(status: Status) -> None:
    assert ask(STANDARD, status, at("10-8"), where=county(start=date(2015, 10, 1))) == ()


def test_shadow_mode_tells_the_county_office_alone_and_says_whom_it_would_be() -> None:
    read_before = told("overdue/county-office@shadow", when=at("10-8", "08:30"))
    decisions = ask(STANDARD, Status.OVERDUE, at("10-10"), read_before, where=county(mode="shadow"))
    assert {one.key.role for one in decisions} == {"county-office@shadow"}
    (sent,) = (one.notice for one in decisions if one.outcome == "send")
    assert sent is not None
    assert sent.detail["meant_for"] == "联络员、负责人"
    assert sent.department == ""


# -- whom it reaches -----------------------------------------------------------------------------


def test_a_joint_duty_reaches_every_department_under_its_own_key() -> None:
    both = occurrence(department="fagai+caizheng")
    decisions = ask(STANDARD, Status.DUE_SOON, at("9-23"), one=both, what=duty("fagai", "caizheng"))
    assert said(decisions) == ["send reminder liaison@caizheng", "send reminder liaison@fagai"]
    assert {one.notice.department for one in decisions if one.notice} == {"fagai", "caizheng"}


def test_a_lead_department_gets_a_copy() -> None:
    decisions = ask(STANDARD, Status.DUE_SOON, at("9-23"), what=duty("huanbao", lead="fagai"))
    assert said(decisions) == ["send reminder liaison", "send reminder liaison@fagai"]


# -- people decide -------------------------------------------------------------------------------


def finding(about: str, reason: str = "标题与来源均未标明发布单位，待人工判定。") -> Finding:
    return Finding("key", "@site", about, "某通报", False, reason, awaits_person=True)


def test_each_match_that_awaits_a_person_is_told_once() -> None:
    first, second = finding("https://x/1"), finding("attestation:7", "已报送证明，待审核。")
    decisions = ask(STANDARD, verdict(Status.OPEN, findings=[first]), at("9-2"))
    assert said(decisions) == ["send decide county-office"]
    history = {decisions[0].key: DeliveryState("sent", at("9-2"))}
    both = ask(STANDARD, verdict(Status.OPEN, findings=[second, first]), at("9-3"), history)
    assert [one.reason for one in both] == ["已报送证明，待审核。"]


def test_what_only_awaits_a_person_is_no_site_fault() -> None:
    waits = verdict(Status.UNVERIFIABLE, findings=[finding("attestation:7")], awaits="待审核")
    assert said(ask(STANDARD, waits, at("10-9"))) == ["send decide county-office"]


# -- episodes ------------------------------------------------------------------------------------


def test_what_was_met_and_is_gone_begins_anew() -> None:
    first = ask(STANDARD, Status.INCOMPLETE, at("11-2"), told("overdue", "mended"), episode=1)
    assert said(first) == ["send reopened county-office", "send reopened liaison"]
    known = {one.key: DeliveryState("sent", at("11-2")) for one in first}
    assert ask(STANDARD, Status.INCOMPLETE, at("11-2", "16:00"), known, episode=1) == ()
    (pressed,) = ask(STANDARD, Status.INCOMPLETE, at("11-3"), known, episode=1)
    assert said((pressed,)) == ["send overdue liaison"]
    # Nothing was late before it went: the reason counts from the day it was found gone.
    assert pressed.reason == "原已公开，2015年11月2日发现不再成立，公开不完整，按办法于其后1个工作日通知。"


def test_the_reopened_notice_stays_wanted_until_it_left() -> None:
    first = ask(STANDARD, Status.INCOMPLETE, at("11-2"), episode=1)
    unsent = {one.key: DeliveryState("due", at("11-2")) for one in first}
    assert ask(STANDARD, Status.INCOMPLETE, at("11-2", "16:00"), unsent, episode=1) == ()
