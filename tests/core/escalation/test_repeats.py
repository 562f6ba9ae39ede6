"""Repeats, conditions, answers and silences: what leaves on which day, read as a diary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.core.escalation.asking import CALENDAR, ZONE, ask, at, case, occurrence, verdict
from tracker.core.escalation.decision import next_step_at
from tracker.core.escalation.notices import Acknowledgement, DeliveryState, NoticeKey, Silence
from tracker.core.escalation.office_time import Offset
from tracker.core.escalation.policies import Policy, Repeat, Step, When
from tracker.core.values.verdicts import Light, Status

EVERY_TWO = Repeat(Offset(2, "workdays"))
SLOWER = Repeat(Offset(2, "workdays"), slower=2, until=Offset(30, "workdays"))
OVERDUE = Step("overdue", "due", Offset(1, "workdays"), "overdue", ("liaison",), repeat=SLOWER)
TO_LEAD = Step("to-lead", "due", Offset(10, "workdays"), "escalation", ("liaison", "lead"))


def ack(step: str, role: str, said: datetime, days: int) -> Acknowledgement:
    return Acknowledgement(1, occurrence().key, step, role, "seen", "", "张三", said, said + timedelta(days=days))


def silence(begins: datetime, until: datetime, **changes: object) -> Silence:
    return replace(Silence(1, begins, until, "机构改革期间", "李主任"), **changes)  # type: ignore[arg-type]


def diary(
    policy: Policy,
    days: Sequence[datetime],
    *,
    acks: Sequence[Acknowledgement] = (),
    silences: Sequence[Silence] = (),
    status: Status = Status.OVERDUE,
) -> list[str]:
    """What is decided to be sent at each of these instants, what was sent before being remembered."""
    history: dict[NoticeKey, DeliveryState] = {}
    lines = []
    for now in days:
        known = [one for one in acks if one.recorded_at <= now]
        decisions = ask(policy, status, now, history, acknowledgements=known, silences=silences)
        for one in decisions:
            if one.outcome in ("send", "superseded"):
                history[one.key] = DeliveryState("sent" if one.outcome == "send" else "superseded", now)
            if one.outcome == "send":
                number = f"#{one.key.ordinal}" if one.key.ordinal else ""
                lines.append(f"{now.astimezone(ZONE):%m-%d} {one.key.step}{number} {one.key.role}")
    return lines


def mornings(first: str, count: int) -> list[datetime]:
    return [at(first, "08:30") + timedelta(days=n) for n in range(count)]


# Due on 30 September; the first working day after is 8 October, Saturday the 10th is worked.
def test_it_is_repeated_until_mended_and_ever_more_slowly() -> None:
    assert diary(Policy("one", (OVERDUE,)), mornings("10-01", 60)) == [
        "10-08 overdue liaison",
        "10-10 overdue#1 liaison",
        "10-15 overdue#2 liaison",
        "10-27 overdue#3 liaison",
    ]  # fmt: skip


def test_without_an_end_it_goes_on() -> None:
    policy = Policy("one", (replace(OVERDUE, repeat=EVERY_TWO),))
    worked = CALENDAR.workdays_between(date(2015, 10, 8), date(2015, 12, 31))
    assert len(diary(policy, mornings("10-01", 92))) == 1 + worked // 2


def test_a_step_that_comes_later_takes_over_from_the_repeats() -> None:
    assert diary(Policy("two", (OVERDUE, TO_LEAD)), mornings("10-01", 60)) == [
        "10-08 overdue liaison",
        "10-10 overdue#1 liaison",
        "10-15 overdue#2 liaison",
        "10-20 to-lead liaison",
        "10-20 to-lead lead",
    ]


def test_after_an_outage_the_first_step_goes_first_and_the_others_follow_at_their_distances() -> None:
    policy = Policy("two", (OVERDUE, replace(TO_LEAD, repeat=EVERY_TWO)))
    days = [at("11-02"), at("11-02", "11:00"), *mornings("11-03", 16)]
    assert diary(policy, days) == [
        "11-02 overdue liaison",
        "11-04 overdue#1 liaison",
        "11-10 overdue#2 liaison",
        "11-13 to-lead liaison",
        "11-13 to-lead lead",
        "11-17 to-lead#1 liaison",
        "11-17 to-lead#1 lead",
    ]


def test_asked_more_often_it_says_no_more() -> None:
    often = [at("10-01") + timedelta(hours=n) for n in range(24 * 40)]
    once = [at("10-01", "08:00") + timedelta(days=n, hours=1) for n in range(40)]
    policy = Policy("two", (OVERDUE, TO_LEAD))
    assert diary(policy, often) == diary(policy, once)


@pytest.mark.parametrize(
    ("when", "status", "said"),
    [
        (When(), Status.OVERDUE, True),
        (When(lights=("red",)), Status.OVERDUE, True),
        (When(lights=("yellow",)), Status.OVERDUE, False),
        (When(weight=1), Status.OVERDUE, True),
        (When(weight=2), Status.OVERDUE, False),
        (When(incomplete=True), Status.INCOMPLETE, True),
        (When(incomplete=True), Status.OVERDUE, False),
        (When(incomplete=False), Status.OVERDUE, True),
        (When(lights=("red",), weight=2), Status.OVERDUE, False),
    ],
)
def test_a_step_has_a_place_where_all_its_conditions_hold(when: When, status: Status, said: bool) -> None:
    assert verdict(status).light is Light.RED
    policy = Policy("one", (replace(OVERDUE, when=when, repeat=None),))
    assert bool(diary(policy, [at("10-08")], status=status)) is said


class TestAnAnswer:
    def test_it_quiets_the_repeats_of_that_step_for_a_while_and_then_they_resume(self) -> None:
        policy = Policy("one", (replace(OVERDUE, repeat=EVERY_TWO),))
        answered = [ack("overdue", "liaison", at("10-08", "15:00"), 7)]
        assert diary(policy, mornings("10-01", 22), acks=answered) == [
            "10-08 overdue liaison", "10-19 overdue#4 liaison", "10-21 overdue#5 liaison",
        ]  # fmt: skip

    def test_it_never_stops_an_escalation(self) -> None:
        answered = [ack("overdue", "liaison", at("10-08", "15:00"), 90)]
        assert diary(Policy("two", (OVERDUE, TO_LEAD)), mornings("10-01", 40), acks=answered) == [
            "10-08 overdue liaison", "10-20 to-lead liaison", "10-20 to-lead lead",
        ]  # fmt: skip

    def test_one_roles_answer_is_not_anothers(self) -> None:
        policy = Policy("one", (replace(TO_LEAD, repeat=EVERY_TWO),))
        answered = [ack("to-lead", "liaison", at("10-20", "15:00"), 30)]
        assert diary(policy, mornings("10-20", 5), acks=answered) == [
            "10-20 to-lead liaison", "10-20 to-lead lead", "10-22 to-lead#1 lead",
        ]  # fmt: skip


class TestASilence:
    def test_nothing_is_pressed_while_it_lasts_and_what_then_stands_is_said_at_its_end(self) -> None:
        quiet = [silence(at("10-01"), at("10-25", "00:00"), department="huanbao")]
        assert diary(Policy("two", (OVERDUE, TO_LEAD)), mornings("10-01", 45), silences=quiet) == [
            "10-25 overdue liaison", "10-27 overdue#1 liaison", "11-02 overdue#2 liaison", "11-06 to-lead liaison",
            "11-06 to-lead lead",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("now", "lifted", "why"),
        [
            ("10-12", None, "经李主任决定静默至2015年10月14日：机构改革期间"),
            ("10-15", None, "此前经李主任决定静默至2015年10月14日，现已届满。"),
            ("10-14", "10-13", "此前经李主任决定静默，已于2015年10月13日解除。"),
        ],
    )
    def test_its_end_is_the_reason_why_the_step_comes_so_late(self, now: str, lifted: str | None, why: str) -> None:
        quiet = silence(at("10-01"), at("10-15", "00:00"), lifted_at=at(lifted) if lifted else None)
        made = ask(Policy("two", (OVERDUE,)), Status.OVERDUE, at(now), silences=[quiet])
        told = {one.reason for one in made if one.outcome in ("send", "wait") and not one.key.ordinal}
        expected = (
            why if why.startswith("经") else f"时限为2015年9月30日，逾期未公开，按办法于时限后1个工作日通知。{why}"
        )
        assert told == {expected}

    def test_what_stood_before_it_began_or_after_it_ended_says_nothing_of_it(self) -> None:
        for quiet in (silence(at("9-01"), at("9-20")), silence(at("10-09"), at("10-12"))):
            made = ask(Policy("two", (OVERDUE,)), Status.OVERDUE, at("10-15"), silences=[quiet])
            assert not [one for one in made if "静默" in one.reason]

    @pytest.mark.parametrize("other", [{"duty": "budget"}, {"department": "caizheng"}, {"occurrence": "sample/x"}])
    def test_it_holds_for_what_it_names_only(self, other: dict[str, str]) -> None:
        quiet = [silence(at("10-01"), at("10-25"), **other)]
        assert diary(Policy("two", (OVERDUE,)), mornings("10-08", 1), silences=quiet) == ["10-08 overdue liaison"]

    def test_lifted_it_ends_before_its_time(self) -> None:
        quiet = [silence(at("10-01"), at("10-25"), lifted_at=at("10-07"))]
        assert diary(Policy("two", (OVERDUE,)), mornings("10-08", 1), silences=quiet) == ["10-08 overdue liaison"]


def test_time_brings_the_next_repeat_and_the_end_of_a_silence() -> None:
    policy = Policy("one", (OVERDUE,))
    assert next_step_at(case(policy, Status.OVERDUE, at("10-08"))) == at("10-10", "08:30")
    quiet = [silence(at("10-01"), at("10-09"))]
    assert next_step_at(case(policy, Status.OVERDUE, at("10-08"), silences=quiet)) == at("10-09")
