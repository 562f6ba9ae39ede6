"""The policies as shipped, each over a matter that nobody mends, and over one that is mended: who is told what, when.

Due on Wednesday 30 September 2015; 1-7 October are off, Saturday the 10th is worked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.core.escalation.asking import ask, at, told
from tests.core.escalation.test_escalation_histories import EMERGENCY_, Life, day_of, hourly, lived, mornings
from tracker.core.escalation.notices import DeliveryState, Notice
from tracker.core.escalation.policies import Policy
from tracker.core.values.verdicts import Status
from tracker.rulebook.load import load

#: Without the second look, which only a crawl makes: `test_second_look.py`.
POLICIES = {
    name: replace(policy, second_look=False)
    for name, policy in load(Path(__file__).parents[3], {}).schedule.policies.items()
}
NEVER = Life(((at("9-1"), Status.DUE_SOON, 0), (at("10-1", "00:00"), Status.OVERDUE, 0)))
MENDED = Life((*NEVER.stands, (at("10-12", "15:00"), Status.MET_LATE, 0)))
ANSWERED = Life((*NEVER.stands, (at("10-8", "15:00"), Status.MET, 0)))
IN_TIME = Life(((at("9-1"), Status.DUE_SOON, 0), (at("9-25", "15:00"), Status.MET, 0)))
UNSEEN = Life(((at("9-1"), Status.DUE_SOON, 0), (at("10-1", "00:00"), Status.UNVERIFIABLE, 0)))
EVENT = Life(((at("10-3", "22:00"), Status.OPEN, 0), (at("10-4", "22:15"), Status.OVERDUE, 0)), one=EMERGENCY_)
DAY = Life(
    ((at("10-12", "00:00"), Status.OPEN, 0), (at("10-13", "00:00"), Status.OVERDUE, 0)), one=day_of(date(2015, 10, 12))
)

#: Policy, what the matter goes through, when one looks, what leaves.
ROWS: dict[str, tuple[str, Life, Sequence[datetime], list[str]]] = {
    "standard": (
        "standard", NEVER, mornings("9-20", 160),
        ["09-23 08:30 reminder liaison", "09-29 08:30 last-reminder liaison", "10-08 08:30 question liaison",
         "10-10 08:30 to-lead liaison lead", "10-13 08:30 to-county-office liaison lead county-office",
         "10-20 08:30 to-supervisor liaison lead county-office supervisor",
         "11-03 08:30 to-supervisor#1 liaison lead county-office supervisor",
         "12-01 08:30 to-supervisor#2 liaison lead county-office supervisor"],
    ),
    "standard, mended after the lead was told": (
        "standard", MENDED, mornings("9-20", 60),
        ["09-23 08:30 reminder liaison", "09-29 08:30 last-reminder liaison", "10-08 08:30 question liaison",
         "10-10 08:30 to-lead liaison lead", "10-13 08:30 mended liaison lead"],
    ),
    "standard, found after the question": (
        "standard", ANSWERED, mornings("9-20", 60),
        ["09-23 08:30 reminder liaison", "09-29 08:30 last-reminder liaison", "10-08 08:30 question liaison",
         "10-09 08:30 confirmed liaison"],
    ),
    "standard, published in time": (
        "standard", IN_TIME, mornings("9-20", 60), ["09-23 08:30 reminder liaison"],
    ),
    "standard, never looked at": (
        "standard", UNSEEN, hourly("9-20", 24 * 60),
        ["09-23 09:00 reminder liaison", "09-29 09:00 last-reminder liaison", "10-09 09:00 unverifiable county-office"],
    ),
    "daily: by the week": (
        "daily", DAY, hourly("10-12", 24 * 90),
        ["10-19 09:00 question liaison", "10-26 09:00 to-lead liaison lead",
         "11-09 09:00 to-county-office liaison lead county-office"],
    ),
    "urgent: at night and on days off": (
        "urgent", EVENT, hourly("10-3", 24 * 60)[23:],
        ["10-03 23:00 opened liaison lead", "10-04 19:00 last-hours liaison lead", "10-04 23:00 question liaison lead",
         "10-05 03:00 to-county-office liaison lead county-office",
         "10-08 09:00 to-supervisor liaison lead county-office supervisor",
         "10-10 09:00 to-supervisor#1 liaison lead county-office supervisor",
         "10-15 09:00 to-supervisor#2 liaison lead county-office supervisor",
         "10-27 09:00 to-supervisor#3 liaison lead county-office supervisor"],
    ),
    "slips: blue, orange, red": (
        "slips", NEVER, mornings("9-20", 160),
        ["09-23 08:30 reminder liaison", "10-08 08:30 question liaison", "10-10 08:30 blue liaison lead",
         "10-15 08:30 orange liaison lead county-office", "10-20 08:30 orange#1 liaison lead county-office",
         "10-29 08:30 red liaison lead county-office supervisor",
         "11-05 08:30 red#1 liaison lead county-office supervisor",
         "11-19 08:30 red#2 liaison lead county-office supervisor",
         "12-17 08:30 red#3 liaison lead county-office supervisor"],
    ),
    "slips, mended": (
        "slips", MENDED, mornings("9-20", 60),
        ["09-23 08:30 reminder liaison", "10-08 08:30 question liaison", "10-10 08:30 blue liaison lead",
         "10-13 08:30 mended liaison lead"],
    ),
    "statutory answer: the lead before the limit, the office on the day after": (
        "statutory-answer", NEVER,
        sorted(one + more for one in mornings("9-20", 160) for more in (timedelta(), timedelta(hours=4))),
        ["09-23 08:30 reminder liaison", "09-28 08:30 to-lead liaison lead",
         "10-08 08:30 overdue liaison", "10-08 12:30 to-county-office liaison lead county-office",
         "10-14 08:30 to-supervisor liaison lead county-office supervisor",
         "10-21 08:30 to-supervisor#1 liaison lead county-office supervisor",
         "11-04 08:30 to-supervisor#2 liaison lead county-office supervisor"],
    ),
    "statutory answer, answered in time": (
        "statutory-answer", IN_TIME, mornings("9-20", 60), ["09-23 08:30 reminder liaison"],
    ),
    "none": ("none", NEVER, mornings("9-20", 60), []),
}  # fmt: skip


@pytest.mark.parametrize(("policy", "life", "instants", "expected"), ROWS.values(), ids=ROWS)
def test_what_leaves(policy: str, life: Life, instants: Sequence[datetime], expected: list[str]) -> None:
    found: dict[str, list[str]] = {}
    for line in lived(POLICIES[policy], life, instants):
        what, _, role = line.rpartition(" ")
        found.setdefault(what, []).append(role)
    assert [f"{what} {' '.join(roles)}" for what, roles in found.items()] == expected


STATE = "时限为2015年9月30日，逾期未公开，按办法于时限后"
#: Policy, status, now, what was told, and each notice that is decided: step, role, channel, kind, when, why.
NOTICES: dict[str, tuple[str, Status, datetime, tuple[str, ...], list[str]]] = {
    "the reminder, in working hours": (
        "standard", Status.DUE_SOON, at("9-23", "09:30"), (),
        ["reminder liaison mail reminder 09-23 09:30 "
         "时限为2015年9月30日，尚未查到全部公开内容，按办法于时限前5个工作日提醒。"],
    ),
    "the question, which calls nobody late": (
        "standard", Status.OVERDUE, at("10-8", "08:30"), ("reminder", "last-reminder"),
        ["question liaison mail question 10-08 08:30 "
         "时限为2015年9月30日，查看网站时未查到全部公开内容，按办法于时限后1个工作日请其核对。"],
    ),
    "the escalation, seen after hours": (
        "standard", Status.INCOMPLETE, at("10-10", "18:00"), ("reminder", "last-reminder", "question"),
        [f"to-lead {role} mail escalation 10-12 08:30 时限为2015年9月30日，公开不完整，按办法于时限后3个工作日上报。"
         for role in ("liaison", "lead")],
    ),
    "a red slip": (
        "slips", Status.OVERDUE, at("10-29", "08:30"),
        tuple(f"{step}/{role}" for step in ("reminder", "question", "blue", "orange")
              for role in ("liaison", "lead", "county-office")),
        [f"red {role} mail slip 10-29 08:30 {STATE}17个工作日发督办单。"
         for role in ("liaison", "lead", "county-office", "supervisor")],
    ),
    "thanks": (
        "standard", Status.MET_LATE, at("10-12", "11:00"), ("question", "to-lead"),
        ["mended liaison mail mended 10-13 08:30 已整改，督办办结：判定理由。"],
    ),
    "thanks for the answer to a question": (
        "standard", Status.MET, at("10-9", "11:00"), ("question",),
        ["confirmed liaison mail confirmed 10-10 08:30 此前请核对的事项已查到公开内容，核对完毕：判定理由。"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("policy", "status", "now", "history", "expected"), NOTICES.values(), ids=NOTICES)
def test_the_exact_notices_and_reasons(
    policy: str, status: Status, now: datetime, history: tuple[str, ...], expected: list[str]
) -> None:
    decisions = ask(POLICIES[policy], status, now, told(*history))
    assert [_line(one.notice) for one in decisions if one.outcome == "send" and one.notice] == expected


def _line(one: Notice) -> str:
    of, at_ = one.key, one.not_before
    return f"{of.step} {of.role} {of.channel} {one.kind} {at_:%m-%d %H:%M} {one.reason}"


def test_a_step_goes_by_each_of_its_channels_with_its_template_and_colour() -> None:
    step = replace(POLICIES["slips"].steps[2], channels=("mail", "group"), template="polite")
    decisions = ask(Policy("p", (step,)), Status.OVERDUE, at("10-12"))
    sent = [one.notice for one in decisions if one.notice]
    assert [(one.key.role, one.key.channel) for one in sent] == [
        ("liaison", "mail"), ("liaison", "group"), ("lead", "mail"), ("lead", "group"),
    ]  # fmt: skip
    assert {(one.detail["template"], one.detail["colour"]) for one in sent} == {("polite", "blue")}
    known = {sent[0].key: DeliveryState("sent", at("10-12"))}
    again = ask(Policy("p", (step,)), Status.OVERDUE, at("10-12"), known)
    assert len([one for one in again if one.outcome == "send"]) == 3  # each channel is told for itself
