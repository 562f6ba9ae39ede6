"""Pressing at the very instant at which a step, a repeat, a silence, an answer or the county itself begins or ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.core.escalation.asking import (
    DAILY,
    NONE,
    OFFICE,
    STANDARD,
    ZONE,
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
from tracker.core.escalation.decision import build_corrections, next_step_at
from tracker.core.escalation.notices import Acknowledgement, Decision, DeliveryState, NoticeKey, NoticeState, Silence
from tracker.core.escalation.office_time import Offset
from tracker.core.escalation.policies import Policy, Repeat, Step
from tracker.core.escalation.steps import CountStart, repeat_instants, step_at
from tracker.core.law.duties import Every
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.verdicts import Status, Verdict

MOMENT = timedelta(microseconds=1)
DUE = at("10-1", "00:00")  # the first late instant of what is due on 30 September, a Wednesday
OVERDUE = Step("overdue", "due", Offset(1, "workdays"), "overdue", ("liaison",), repeat=Repeat(Offset(2, "workdays")))
REPEATED = Policy("repeated", (OVERDUE,))


def pressed(
    now: datetime,
    history: Mapping[NoticeKey, DeliveryState] | None = None,
    *,
    policy: Policy = REPEATED,
    found: Verdict | None = None,
    episode: int = 0,
    acks: Sequence[Acknowledgement] = (),
    silences: Sequence[Silence] = (),
) -> tuple[Decision, ...]:
    status = found or Status.OVERDUE
    return ask(policy, status, now, history, episode=episode, acknowledgements=acks, silences=silences)


def lines(decisions: Sequence[Decision]) -> list[str]:
    """`send overdue#1`."""
    return [f"{one.outcome} {one.key.step}" + (f"#{one.key.ordinal}" if one.key.ordinal else "") for one in decisions]


def repeat(number: int, state: NoticeState, when: datetime) -> dict[NoticeKey, DeliveryState]:
    return {replace(key("overdue"), ordinal=number): DeliveryState(state, when)}


def silence(begins: datetime, until: datetime, number: int = 1) -> Silence:
    return Silence(number, begins, until, f"机构改革{number}", "李主任")


# -- the county's first day ----------------------------------------------------------------------


@pytest.mark.parametrize(("start", "is_pressed"), [(date(2015, 9, 30), True), (date(2015, 10, 1), False)])
def test_what_is_due_on_the_countys_first_day_is_pressed_and_what_was_due_the_day_before_is_not(
    start: date, is_pressed: bool
) -> None:
    where = county(start=start)
    assert bool(ask(STANDARD, Status.OVERDUE, at("10-8"), where=where)) is is_pressed
    wakes = next_step_at(case(STANDARD, Status.OVERDUE, at("10-5"), where=where))
    assert wakes == (at("10-8", "08:30") if is_pressed else None)


def test_what_is_late_is_not_reminded_of_before_its_first_step_stands() -> None:
    assert ask(STANDARD, Status.OVERDUE, at("10-5")) == ()  # a holiday: the overdue step stands on the 8th


def test_what_could_not_be_looked_at_under_a_policy_without_steps_is_told_to_nobody() -> None:
    assert ask(NONE, Status.UNVERIFIABLE, at("10-9")) == ()


# -- where a step stands -------------------------------------------------------------------------


def placed(step: Step, since: datetime | None = None, one: Occurrence | None = None) -> datetime | None:
    return step_at(step, one or occurrence(), OFFICE, start(since) if since else None)


def start(since: datetime) -> CountStart:
    return CountStart(since, since.astimezone(ZONE).date())


def step(amount: int, unit: str, kind: str = "overdue", anchor: str = "due") -> Step:
    return Step("step", anchor, Offset(amount, unit), kind, ("liaison",))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "since", "stands_at"),
    [
        # What reopened before or as it fell due is pressed like anything else that is due then.
        (step(1, "days"), DUE - MOMENT, at("10-1", "08:30")),
        (step(1, "days"), DUE, at("10-1", "08:30")),
        (step(1, "days"), DUE + MOMENT, at("10-2", "08:30")),
        # Nothing but a reminder stands before it is due, or before what it counts from.
        (step(-3, "days"), None, DUE),
        (step(-3, "days"), at("10-20"), at("10-20")),
        (step(0, "days", anchor="open"), None, DUE),
        (step(0, "days", anchor="open"), at("10-20"), at("10-20")),
        # A reminder stands before it is due, and after the notice that it reopened.
        (step(-1, "hours", "reminder"), None, DUE - timedelta(hours=1)),
        (step(0, "hours", "reminder"), None, None),
        (step(-1, "hours", "reminder"), DUE - timedelta(hours=1) - MOMENT, DUE - timedelta(hours=1)),
        (step(-1, "hours", "reminder"), DUE - timedelta(hours=1), None),
        (step(-60, "days", "reminder"), None, at("9-1", "00:00")),  # from its opening on
    ],
)
def test_where_a_step_stands(wanted: Step, since: datetime | None, stands_at: datetime | None) -> None:
    assert placed(wanted, since) == stands_at


@pytest.mark.parametrize(
    ("found_at", "counts_from"), [(DUE, "时限为2015年9月30日"), (DUE + MOMENT, "原已公开，2015年10月1日")]
)
def test_what_reopened_as_it_fell_due_is_told_to_be_late_since_its_due_day(
    found_at: datetime, counts_from: str
) -> None:
    history = {key("reopened", episode=1): DeliveryState("sent", found_at)}
    found = pressed(at("10-20"), history, episode=1)
    (reason,) = [one.reason for one in found if one.outcome == "send" and one.key.step == "overdue"]
    assert reason.startswith(counts_from)


def test_the_gaps_of_slower_and_slower_repeats_end_at_a_thousand() -> None:
    slower = replace(OVERDUE, repeat=Repeat(Offset(1, "days"), slower=10))
    instants = repeat_instants(slower, at("10-1", "08:30"), occurrence(), OFFICE)
    days = [next(instants) for _ in range(6)]
    gaps = [(two - one).days for one, two in zip([at("10-1", "08:30"), *days], days, strict=False)]
    assert gaps == [1, 10, 100, 1000, 1000, 1000]


def test_a_repeat_may_stand_at_its_end_and_not_after_it() -> None:
    def until(amount: int) -> list[datetime]:
        limited = replace(OVERDUE, repeat=Repeat(Offset(1, "workdays"), until=Offset(amount, "workdays")))
        return list(repeat_instants(limited, at("10-8", "08:30"), occurrence(), OFFICE))

    assert until(1) == []
    assert until(2) == [at("10-9", "08:30")]
    assert until(3) == [at("10-9", "08:30"), at("10-10", "08:30")]


@pytest.mark.parametrize(
    ("now", "leaves_at"),
    [
        (at("10-12", "08:30"), at("10-12", "08:30")),  # as the office opens: now
        (at("10-12", "08:30") + MOMENT, at("10-19", "08:30")),
    ],
)
def test_what_is_decided_as_the_week_opens_leaves_with_that_weeks_batch(now: datetime, leaves_at: datetime) -> None:
    """Due on Sunday 11 October."""
    sunday = occurrence(date(2015, 10, 11), deadline=Every(unit="day"), opens=date(2015, 10, 11))
    (sent,) = [one for one in ask(DAILY, Status.OVERDUE, now, one=sunday) if one.outcome == "send"]
    assert sent.notice is not None
    assert sent.notice.not_before == leaves_at


# -- repeats -------------------------------------------------------------------------------------

# The step stands on 8 October, its repeats on the 10th, 13th and 15th.
FIRST = at("10-8", "08:30")


def test_a_repeat_that_stands_as_its_step_leaves_is_left_out() -> None:
    """The step was told two working days late, at the very instant of its first repeat."""
    first_repeat = at("10-10", "08:30")
    assert lines([one for one in pressed(first_repeat) if one.outcome == "send"]) == ["send overdue"]
    history = told("overdue", when=first_repeat)
    later = pressed(at("10-10", "11:00"), history)
    assert [one for one in lines(later) if one.startswith("send")] == []
    assert "send overdue#2" in lines(pressed(at("10-13", "08:30"), history))


def test_of_several_repeats_that_stand_the_last_one_is_told() -> None:
    found = pressed(at("10-15", "08:30"), told("overdue", when=FIRST))
    assert sorted(lines(found)) == ["send overdue#3", "superseded overdue#1", "superseded overdue#2"]


def test_a_repeat_that_came_back_undelivered_is_superseded_by_a_later_one_that_left() -> None:
    history = (
        told("overdue", when=FIRST) | repeat(1, "due", at("10-10", "08:30")) | repeat(2, "sent", at("10-13", "08:30"))
    )
    assert lines(pressed(at("10-14"), history)) == ["superseded overdue#1"]


def test_time_brings_the_next_repeat_at_the_very_instant_of_one() -> None:
    def wakes(now: datetime) -> datetime | None:
        return next_step_at(case(REPEATED, Status.OVERDUE, now))

    assert [wakes(now) for now in (DUE, FIRST, at("10-10", "08:30"), at("10-13", "08:30") - MOMENT)] == [
        FIRST, at("10-10", "08:30"), at("10-13", "08:30"), at("10-13", "08:30"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answered_at", "quiet_until", "is_told"),
    [
        (FIRST, at("10-10", "08:30") + MOMENT, False),  # answered as it was told
        (FIRST - MOMENT, at("10-20"), True),  # of something before it
        (at("10-10", "08:30"), at("10-20"), False),  # as the repeat stands
        (at("10-10", "08:30") + MOMENT, at("10-20"), True),
        (FIRST, at("10-10", "08:30"), True),  # the quiet time ends as the repeat stands
    ],
)
def test_an_answer_leaves_out_a_repeat_that_stands_while_it_is_quiet(
    answered_at: datetime, quiet_until: datetime, is_told: bool
) -> None:
    answer = Acknowledgement(1, occurrence().key, "overdue", "liaison", "seen", "", "张三", answered_at, quiet_until)
    found = pressed(at("10-10", "09:00"), told("overdue", when=FIRST), acks=[answer])
    assert lines(found) == (["send overdue#1"] if is_told else [])


# -- silences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "until", "is_told"),
    [
        (at("10-9"), at("10-20"), False),  # from its first instant on
        (at("10-9") + MOMENT, at("10-20"), True),
        (at("10-1"), at("10-9") + MOMENT, False),
        (at("10-1"), at("10-9"), True),  # its last instant is over
    ],
)
def test_a_silence_holds_from_its_first_instant_to_before_its_last(
    begins: datetime, until: datetime, is_told: bool
) -> None:
    found = pressed(at("10-9"), silences=[silence(begins, until)])
    assert lines(found) == (["send overdue"] if is_told else ["wait overdue"])


@pytest.mark.parametrize(("lifted_at", "is_told"), [(at("10-9"), True), (at("10-9") + MOMENT, False), (None, False)])
def test_a_silence_that_is_lifted_ends_then_and_never_after_its_own_end(
    lifted_at: datetime | None, is_told: bool
) -> None:
    quiet = replace(silence(at("10-1"), at("10-20")), lifted_at=lifted_at)
    assert lines(pressed(at("10-9"), silences=[quiet])) == (["send overdue"] if is_told else ["wait overdue"])
    over = replace(silence(at("10-1"), at("10-8")), lifted_at=at("10-20"))
    assert lines(pressed(at("10-9"), silences=[over])) == ["send overdue"]


def test_of_several_silences_the_one_that_lasts_longest_is_named_and_the_one_that_ends_first_wakes() -> None:
    both = [silence(at("10-1"), at("10-20", "00:00"), 1), silence(at("10-1"), at("10-12", "00:00"), 2)]
    assert [one.reason for one in pressed(at("10-9"), silences=both)] == ["经李主任决定静默至2015年10月19日：机构改革1"]
    once = Policy("one", (replace(OVERDUE, repeat=None),))
    wakes = next_step_at(case(once, Status.OVERDUE, at("10-9"), silences=both))
    assert wakes == at("10-12", "00:00")


def test_a_silence_that_begins_later_wakes_as_it_begins_and_as_it_ends() -> None:
    """What was decided before it begins may still wait to leave."""

    def wakes(now: datetime, **named: str) -> datetime | None:
        planned = replace(silence(at("10-12", "10:00"), at("10-14", "10:00")), **named)  # type: ignore[arg-type]
        policy = Policy("one", (replace(OVERDUE, repeat=None),))
        return next_step_at(case(policy, Status.OVERDUE, now, silences=[planned]))

    instants = (at("10-9"), at("10-12", "10:00") - MOMENT, at("10-12", "10:00"), at("10-14", "10:00"))
    assert [wakes(now) for now in instants] == [
        at("10-12", "10:00"), at("10-12", "10:00"), at("10-14", "10:00"), None,
    ]  # fmt: skip
    assert wakes(at("10-9"), duty="another") is None


def test_what_has_no_due_day_wakes_at_the_end_of_a_silence() -> None:
    awaited = replace(occurrence(None), due_at=None, awaiting="formed")
    for policy in (STANDARD, NONE):
        quiet = [silence(at("10-1"), at("10-20"))]
        wakes = next_step_at(case(policy, Status.UNVERIFIABLE, at("10-9"), one=awaited, silences=quiet))
        assert wakes == at("10-20")


# -- what counts from later than due -------------------------------------------------------------


@pytest.mark.parametrize(("skipped_at", "is_told"), [(at("10-20") - MOMENT, True), (at("10-20"), False)])
def test_a_step_skipped_before_it_was_held_against_the_department_is_told_after_all(
    skipped_at: datetime, is_told: bool
) -> None:
    found = replace(verdict(Status.OVERDUE), liable_from=at("10-20"), liability_reason="本县决定采用")
    history = told("overdue", state="superseded", when=skipped_at)
    decisions = pressed(at("10-22"), history, policy=Policy("one", (replace(OVERDUE, repeat=None),)), found=found)
    assert lines(decisions) == (["send overdue"] if is_told else [])


def test_an_episode_is_pressed_from_its_notice_or_from_what_it_counts_from_whichever_is_later() -> None:
    history = {key("reopened", episode=1): DeliveryState("sent", at("10-12"))}

    def begins(since: datetime | None, known: Mapping[NoticeKey, DeliveryState] = history) -> datetime | None:
        found = replace(verdict(Status.OVERDUE), liable_from=since)
        counted = case(STANDARD, found, at("10-20"), known, episode=1).count_start
        return counted.at if counted else None

    assert [begins(since) for since in (None, at("10-9"), at("10-14"))] == [at("10-12"), at("10-12"), at("10-14")]
    assert begins(at("10-14"), {}) == at("10-14")


def test_that_it_reopened_is_not_told_while_a_silence_holds() -> None:
    quiet = [silence(at("10-9"), at("10-20"))]
    assert pressed(at("10-20") - MOMENT, episode=1, silences=quiet) == ()
    told_at_its_end = pressed(at("10-20"), episode=1, silences=quiet)
    assert said(told_at_its_end) == ["send reopened county-office", "send reopened liaison"]


def test_an_episode_whose_notice_was_taken_back_begins_with_it_anew() -> None:
    history = {
        key("reopened", role, episode=1): DeliveryState("cancelled", at("10-9"))
        for role in ("liaison", "county-office")
    }
    assert said(pressed(at("10-20"), history, episode=1)) == ["send reopened county-office", "send reopened liaison"]


@pytest.mark.parametrize(("revision", "is_corrected"), [(0, True), (1, True), (2, False)])
def test_whoever_was_told_of_this_date_or_an_earlier_one_is_corrected(revision: int, is_corrected: bool) -> None:
    history = {key("overdue", revision=revision): DeliveryState("sent", at("10-8"))}
    made = build_corrections(
        occurrence().key, history, county="sample", office=OFFICE, due_revision=1, reason="关闭。",
        shown={}, now=at("10-9"), anew=True,
    )  # fmt: skip
    assert bool(made) is is_corrected


def test_the_notice_that_it_reopened_stays_wanted_while_sight_is_lost() -> None:
    unsent = {
        key("reopened", role, episode=1): DeliveryState("due", at("10-12")) for role in ("liaison", "county-office")
    }
    blind = verdict(Status.OVERDUE, fresh=False)
    assert [
        one for one in said(ask(STANDARD, blind, at("10-12", "11:00"), unsent, episode=1)) if "reopened" in one
    ] == []
