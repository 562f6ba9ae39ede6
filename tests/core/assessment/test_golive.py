"""Going live in the core: what stands in the way, from where steps count, and whom shadow mode tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.core.escalation.asking import (
    EARLIER,
    STANDARD,
    URGENT,
    ZONE,
    ask,
    at,
    county,
    duty,
    occurrence,
    said,
    told,
    verdict,
)
from tracker.core.assessment.golive import (
    apply_live_spans,
    build_golive,
    build_live_spans,
    find_obstacles,
    was_live_between,
)
from tracker.core.escalation.notices import SHADOW, DeliveryState, NoticeKey
from tracker.core.escalation.office_time import Offset
from tracker.core.escalation.policies import Policy, Step
from tracker.core.law.county import County, Rulebook
from tracker.core.law.duties import EventRule, Part, Span, Within
from tracker.core.matching.filings import FilingIndex
from tracker.core.values.facts import Ruling
from tracker.core.values.verdicts import Status, Verdict
from tracker.core.verdict.liability_start import find_held_from, find_liability_start

PLAN = Rulebook(county(), (duty(),), {})
BEGUN = "本县自2015年10月20日起正式督办，此前逾期的自该日起通知"


def live(on: str, hour: str = "00:00", **changes: object) -> County:
    """Live from that day of 2015, recorded at that hour of it."""
    golive = build_golive(at(on).date(), at(on, hour), "陈县长", "纪要", ZONE)
    return county(golive=golive, **changes)


def late(where: County, due: datetime | None = None) -> Verdict:
    """Overdue, as the status says it of a matter that was due before the county went live."""
    found = find_liability_start(occurrence(due_at=due), FilingIndex((), ()), where, at("12-31"))
    return replace(
        verdict(Status.OVERDUE), liable_from=found.at if found else None, liability_reason=found.reason if found else ""
    )


def test_a_day_of_issue_that_the_county_has_not_given_stands_in_the_way() -> None:
    assumed = replace(duty(), issued=date(2015, 4, 21), issued_assumed=True)
    [obstacle] = find_obstacles(replace(PLAN, duties=(assumed,)), date(2015, 5, 5))
    assert obstacle.key == f"issued:{assumed.pack}"
    assert f"issued: {{{assumed.pack}: YYYY-MM-DD}}" in obstacle.text
    assert list(find_obstacles(replace(PLAN, duties=(replace(assumed, issued_assumed=False),)), date(2015, 5, 5))) == []


# -- the ladder ----------------------------------------------------------------------------------

#: Due on 30 September; live from Tuesday, 20 October: by the due date every step has passed.
LADDER = {
    "before it opens": ("10-20", "00:00", at("10-20", "08:29"), ()),
    "at its opening the first step": ("10-20", "00:00", at("10-20", "08:30"), ["send overdue liaison"]),
    "recorded in the afternoon, at once": ("10-20", "15:00", at("10-20", "15:00"), ["send overdue liaison"]),
    "a day later nothing new": ("10-20", "00:00", at("10-21"), ["send overdue liaison"]),
    "where nobody was told by the third working day, still the first step": (
        "10-20", "00:00", at("10-22"), ["send overdue liaison"],
    ),
    "from a Saturday on, the first step on Monday": ("10-17", "00:00", at("10-18"), ()),
    "on that Monday": ("10-17", "00:00", at("10-19", "08:30"), ["send overdue liaison"]),
}  # fmt: skip


@pytest.mark.parametrize(("on", "hour", "now", "expected"), LADDER.values(), ids=LADDER)
def test_what_was_late_is_pressed_as_if_it_had_been_due_the_day_before(
    on: str, hour: str, now: datetime, expected: list[str]
) -> None:
    where = live(on, hour)
    assert said(ask(STANDARD, late(where), now, where=where)) == list(expected)


def test_an_emergency_that_was_late_starts_at_its_first_step_too() -> None:
    """Hours count from when it was recorded: at three in the afternoon no later step stands."""
    policy = Policy(
        "urgent",
        (*URGENT.steps, Step("to-office", "due", Offset(4, "hours"), "escalation", ("liaison", "county-office"))),
        urgent=True,
    )
    where = live("10-20", "15:00")
    for due in (at("9-30", "18:00"), at("10-20", "00:00"), at("10-20", "09:00")):
        matter = occurrence(due_at=due)
        first = told("overdue", when=at("10-20", "15:00"))
        for now, history, step in ((at("10-20", "15:00"), {}, "overdue"), (at("10-20", "19:00"), first, "to-office")):
            decisions = ask(policy, late(where, due), now, history, one=matter, where=where)
            assert {one.key.step for one in decisions if one.outcome == "send"} == {step}


def test_the_reason_says_from_when_it_is_pressed() -> None:
    where = live("10-20")
    (made,) = [one for one in ask(STANDARD, late(where), at("10-20"), where=where) if one.outcome == "send"]
    assert made.reason == f"{BEGUN}；逾期未公开，按办法自该日起第1个工作日通知。"


@pytest.mark.parametrize(
    ("start", "due", "held"),
    [
        (date(2015, 1, 1), at("10-19", "23:59"), at("10-20", "00:00")),
        (date(2015, 1, 1), at("10-20", "00:00"), at("10-20", "15:00")),  # by its own limit late on the day itself
        (date(2015, 1, 1), at("10-20", "14:59"), at("10-20", "15:00")),
        (date(2015, 1, 1), at("10-20", "15:00"), None),
        (date(2015, 10, 1), at("10-1", "00:00"), None),  # before the county's start: shown, not pressed at all
    ],
)
def test_from_when_it_is_held_against_the_department(start: date, due: datetime, held: datetime | None) -> None:
    where = live("10-20", "15:00", start=start)
    found = find_liability_start(occurrence(due_at=due), FilingIndex((), ()), where, at("12-31"))
    assert (found.at if found else None) == held


# -- who is told in shadow mode ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "shadow"),
    [
        (live("10-20"), False),
        (live("10-21"), True),
        (live("10-20", mode="shadow"), True),
        (county(golive=None), True),
    ],
)
def test_a_county_is_live_by_its_file_and_by_an_act_that_has_begun(where: County, shadow: bool) -> None:
    assert where.shadow(at("10-20", "00:00")) == shadow


def test_what_was_told_on_trial_is_told_to_whom_it_is_meant_for_once_live() -> None:
    trial, where = county(golive=None), live("10-20")
    for channel in ("mail", "chat"):
        to_office = Step("overdue", "due", Offset(1, "workdays"), "overdue", ("county-office",), (channel,))
        steps = Policy("p", (to_office,))
        on_trial = [one.key for one in ask(steps, Status.OVERDUE, at("10-8"), where=trial)]
        assert [(key.role, key.channel) for key in on_trial] == [(SHADOW, "mail")]  # no group reads a trial
        history = {key: DeliveryState("sent", at("10-8"), "overdue") for key in on_trial}
        (made,) = ask(steps, late(where), at("10-20"), history, where=where)
        assert (made.key.role, made.key.channel) == ("county-office", channel)


def test_what_an_older_version_told_the_office_on_trial_is_not_told_again() -> None:
    history = told("overdue/county-office", "to-lead/county-office", "to-office/county-office")
    assert not [one for one in ask(STANDARD, Status.OVERDUE, at("10-20"), history, where=county(golive=None))
                if one.outcome == "send"]  # fmt: skip


def test_what_the_office_is_told_itself_is_not_told_again_once_live() -> None:
    (asked,) = ask(STANDARD, Status.MET_DISPUTED, at("10-8"), where=county(golive=None))
    assert asked.key.role == "county-office"
    history = {asked.key: DeliveryState("sent", at("10-8"), "decide")}
    assert ask(STANDARD, Status.MET_DISPUTED, at("10-20"), history, where=live("10-20")) == ()


def test_steps_passed_over_before_shadow_had_a_role_of_its_own_are_told_once_live() -> None:
    """An older version kept what the office read on trial under the office's own role."""
    key = NoticeKey(occurrence().key, 0, 0, "to-office", 0, "county-office", "mail")
    where = live("10-20")
    history = {key: DeliveryState("superseded", EARLIER)} | told("overdue", when=at("10-20", "08:30"))
    decisions = ask(STANDARD, late(where), at("10-26"), history, where=where)
    assert "send to-office county-office" in said(decisions)


# -- what stands in the way ----------------------------------------------------------------------


def keys(rulebook: Rulebook, today: date, *senders: str) -> list[str]:
    return [one.key.partition(":")[0] for one in find_obstacles(rulebook, today, senders)]


def starting(day: date) -> Rulebook:
    return replace(PLAN, county=replace(PLAN.county, start=day))


@pytest.mark.parametrize(
    ("rulebook", "today", "expected"),
    [
        (PLAN, date(2015, 12, 31), []),
        (PLAN, date(2016, 1, 1), ["plan"]),
        (PLAN, date(2016, 1, 2), ["plan", "start"]),
        (PLAN, date(2014, 12, 31), ["plan"]),
        (replace(PLAN, duties=()), date(2015, 12, 31), ["plan"]),
        (starting(date(2012, 2, 29)), date(2013, 3, 1), ["plan"]),
        (starting(date(2012, 2, 29)), date(2013, 3, 2), ["plan", "start"]),
    ],
)
def test_a_county_without_a_plan_or_with_an_old_start_should_not_go_live(
    rulebook: Rulebook, today: date, expected: list[str]
) -> None:
    assert keys(rulebook, today) == expected


def test_what_only_follows_on_a_circular_is_no_plan() -> None:
    criticised = Within(span=Span(15, "workdays"), event=EventRule("criticised", "被通报"))
    follows = replace(duty(), parts=(Part("", "通报事项整改", (criticised,)),))
    assert keys(replace(PLAN, duties=(follows,)), date(2015, 6, 1)) == ["plan"]
    assert keys(replace(PLAN, duties=(follows, duty())), date(2015, 6, 1)) == []


@pytest.mark.parametrize(
    ("sender", "local"),
    [
        ("duban@localhost", True),
        ("督办 <duban@LOCALHOST>", True),
        ("duban@mail.localhost", True),
        ("duban@localhost.localdomain", True),
        ("duban@localhost.", True),
        ("duban@[127.0.0.1]", True),
        ("duban@127.8.8.8", True),
        ("duban@[IPv6:::1]", True),
        ("duban@vm", True),
        ("duban@fill-in.invalid", True),
        ("duban@[192.0.2.1]", False),
        ("duban@localhost.example.gov.cn", False),
        ("localhost <duban@example.gov.cn>", False),
        ("localhost@example.gov.cn", False),
    ],
)
def test_an_address_at_which_nobody_can_reply(sender: str, local: bool) -> None:
    assert keys(PLAN, date(2015, 6, 1), sender) == ["sender"] * local


def test_each_reason_names_its_remedy() -> None:
    texts = [one.text for one in find_obstacles(PLAN, date(2026, 11, 30), ["duban@localhost"])]
    assert all("; " in text for text in texts)
    plan, start, sender = texts
    assert "holds until 2015-12-31" in plan
    assert "set its `pack`, `title`, `in_force` and days, and list it under `packs`" in plan
    assert "write the first day that is to be supervised" in start
    assert "write an address of the county office" in sender


# -- the act -------------------------------------------------------------------------------------


def act(number: int, kind: str, recorded: datetime, on: str = "2015-10-20") -> Ruling:
    return Ruling(number, kind, "county:sample/golive", recorded, "陈县长", "纪要", target=on)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rulings", "on"),
    [
        ([], None),
        ([act(1, "golive", at("10-19"))], date(2015, 10, 20)),
        ([act(1, "golive", at("10-19")), act(2, "ungolive", at("10-19"))], None),
        ([act(2, "ungolive", at("10-19")), act(1, "golive", at("10-19"))], None),  # the order says nothing
        (
            [
                act(1, "golive", at("10-19")),
                act(2, "ungolive", at("10-20")),
                act(3, "golive", at("11-2"), "2015-11-03"),
            ],
            date(2015, 11, 3),
        ),
    ],
)
def test_the_latest_decision_stands(rulings: list[Ruling], on: date | None) -> None:
    found = apply_live_spans(county(), build_live_spans(rulings, ZONE)).golive
    assert (found.on if found else None) == on


#: Live from 1 September to 8 October, and again from Monday, 2 November, in the morning.
TWICE = [
    act(1, "golive", at("9-1", "00:00"), "2015-09-01"),
    act(2, "ungolive", at("10-8", "10:00"), "2015-09-01"),
    act(3, "golive", at("11-2", "10:00"), "2015-11-02"),
]
ONCE = TWICE[:1]


@pytest.mark.parametrize(
    ("due", "acts", "held"),
    [
        (at("8-20", "00:00"), [], None),  # nobody is pressed at all
        # due before the first time: from its first day, whatever is decided later
        (at("8-20", "00:00"), ONCE, at("9-1", "00:00")),
        (at("8-20", "00:00"), TWICE[:2], at("9-1", "00:00")),
        (at("8-20", "00:00"), TWICE, at("9-1", "00:00")),
        # due while the county was live: from its due day, whatever is decided later
        (at("10-1", "00:00"), ONCE, None),
        (at("10-1", "00:00"), TWICE[:2], None),
        (at("10-1", "00:00"), TWICE, None),
        (at("10-8", "09:59"), TWICE, None),
        # due between the two times: from the first day of the next one
        (at("10-8", "10:00"), TWICE, at("11-2", "00:00")),
        (at("10-20", "00:00"), TWICE[:2], None),
        (at("10-20", "00:00"), TWICE, at("11-2", "00:00")),
        (at("11-2", "00:00"), TWICE, at("11-2", "10:00")),
        (at("11-3", "00:00"), TWICE, None),
        # taken back before it began: as if it had never been decided
        (
            at("10-1", "00:00"),
            [act(1, "golive", at("9-1"), "2015-10-20"), act(2, "ungolive", at("10-19"), "2015-10-20"), TWICE[2]],
            at("11-2", "00:00"),
        ),
        # live before there was such an act: since the day that taking it back names
        (at("10-1", "00:00"), [act(2, "ungolive", at("10-8"), "2015-09-01")], None),
        (at("10-20", "00:00"), [act(2, "ungolive", at("10-8"), "2015-09-01"), TWICE[2]], at("11-2", "00:00")),
    ],
)
def test_days_late_count_by_the_time_in_which_it_fell_due(
    due: datetime, acts: list[Ruling], held: datetime | None
) -> None:
    where = apply_live_spans(county(), build_live_spans(acts, ZONE))
    assert find_held_from(occurrence(due_at=due), FilingIndex((), ()), where, at("12-31")) == held


@pytest.mark.parametrize(
    ("month", "lived"), [(8, False), (9, True), (10, True), (11, True), (12, True)]
)  # fmt: skip
def test_in_which_months_the_county_was_live(month: int, lived: bool) -> None:
    where = apply_live_spans(county(), build_live_spans(TWICE, ZONE))
    assert was_live_between(where, date(2015, month, 1), date(2015, month, 30)) == lived
    assert not was_live_between(where, date(2015, 10, 9), date(2015, 11, 1))
