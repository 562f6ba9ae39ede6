"""What is taken back, when a notice may leave, and that asking often changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.escalation.asking import (
    DAILY,
    EMERGENCY,
    OFFICE,
    STANDARD,
    URGENT,
    ask,
    at,
    case,
    key,
    occurrence,
    said,
    told,
)
from tests.examples import examples
from tracker.core.escalation.decision import build_corrections, next_step_at
from tracker.core.escalation.notices import DeliveryState, NoticeKey
from tracker.core.escalation.policies import Policy
from tracker.core.escalation.steps import first_reminder_at
from tracker.core.law.duties import (
    By,
    Every,
)
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.facts import Event
from tracker.core.values.verdicts import Status

# -- taking back ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.MET, Status.MET_LATE, Status.WAIVED, Status.CLOSED, Status.UNVERIFIABLE])
def test_what_no_longer_applies_is_cancelled_before_it_leaves(status: Status) -> None:
    (taken,) = ask(STANDARD, status, at("10-8"), told("overdue", state="due"))
    assert (taken.outcome, taken.key) == ("cancel", key("overdue"))
    assert taken.reason.startswith("发出前情况已变")


def test_a_later_step_replaces_one_that_still_waits() -> None:
    history = {**told("reminder", "last-reminder"), **told("overdue", state="due")}
    decisions = said(ask(STANDARD, Status.OVERDUE, at("10-10"), history))
    assert decisions == ["send to-lead lead", "send to-lead liaison", "superseded overdue liaison"]


def test_what_a_deliverer_holds_is_out_of_our_hands() -> None:
    assert said(ask(STANDARD, Status.MET_LATE, at("10-8"), told("overdue", state="claimed"))) == ["send mended liaison"]


def test_a_moved_due_date_is_pressed_under_its_new_revision() -> None:
    history = {**told("reminder"), **told("last-reminder", state="due")}
    moved = occurrence(date(2015, 10, 15))
    decisions = ask(STANDARD, Status.DUE_SOON, at("9-30"), history, one=moved, revision=1)
    assert said(decisions) == ["cancel last-reminder liaison"]


def test_everyone_told_gets_the_correction_once() -> None:
    history = told("reminder", "overdue", "to-lead/lead", "mended/supervisor")
    history |= told("to-office/county-office", state="superseded")

    def correct(known: Mapping[NoticeKey, DeliveryState]) -> list[tuple[str, str]]:
        made = build_corrections(
            occurrence().key, known, county="sample", office=OFFICE,
            due_revision=1, reason="公开时限已更正。", shown={"duty": "环境质量月度信息"}, now=at("10-8"),
        )  # fmt: skip
        return [(one.key.role, one.department) for one in made]

    assert correct(history) == [("liaison", "huanbao"), ("lead", "huanbao")]
    again = {**history, key("correction", revision=1): DeliveryState("due", at("10-8"))}
    assert correct(again) == [("lead", "huanbao")]


# -- hours and batches ---------------------------------------------------------------------------

RELEASES = {
    "standard, in working hours: at once": (STANDARD, "9-30", at("10-8", "09:00"), at("10-8", "09:00")),
    "standard, in the evening: next opening": (STANDARD, "9-30", at("10-8", "20:00"), at("10-9", "08:30")),
    "standard, on a Sunday: Monday": (STANDARD, "9-30", at("10-11"), at("10-12", "08:30")),
    "daily, Monday's miss: next Monday": (DAILY, "10-12", at("10-13", "06:30"), at("10-19", "08:30")),
    "daily, Friday's miss: the same Monday": (DAILY, "10-16", at("10-17", "06:30"), at("10-19", "08:30")),
    "daily, Sunday's miss, seen before the opening": (DAILY, "10-18", at("10-19", "06:30"), at("10-19", "08:30")),
    "daily, seen after the opening: a week later": (DAILY, "10-18", at("10-19", "12:00"), at("10-26", "08:30")),
    "daily, the next week begins with a holiday": (DAILY, "9-30", at("10-1", "06:30"), at("10-8", "08:30")),
}


@pytest.mark.parametrize(("policy", "due", "now", "expected"), RELEASES.values(), ids=RELEASES)
def test_when_a_notice_may_leave(policy: Policy, due: str, now: datetime, expected: datetime) -> None:
    one = occurrence(at(due).date(), deadline=Every(unit="day"), opens=at(due).date())
    found = {sent.notice.not_before for sent in ask(policy, Status.OVERDUE, now, one=one) if sent.notice}
    assert found == {expected}


def test_what_awaits_a_person_is_gathered_for_the_next_morning() -> None:
    for now, expected in ((at("10-8", "08:30"), at("10-8", "08:30")), (at("10-9", "11:00"), at("10-10", "08:30"))):
        (made,) = ask(STANDARD, Status.MET_DISPUTED, now)
        assert made.notice is not None
        assert made.notice.not_before == expected


def test_an_emergency_is_told_at_night() -> None:
    happened = at("10-3", "22:15")
    event = Event(1, "emergency", "huanbao", "E1", happened, happened)
    one = occurrence(
        date(2015, 10, 4), deadline=EMERGENCY, opens=date(2015, 10, 3), due_at=at("10-4", "22:15"), event=event
    )
    opened = ask(URGENT, Status.DUE_SOON, happened + timedelta(minutes=1), one=one)
    assert said(opened) == ["send opened lead", "send opened liaison"]
    assert {sent.notice.not_before for sent in opened if sent.notice} == {happened + timedelta(minutes=1)}
    overdue = [sent for sent in ask(URGENT, Status.OVERDUE, at("10-4", "23:00"), one=one) if sent.outcome == "send"]
    assert {(sent.key.step, sent.notice.urgent) for sent in overdue if sent.notice} == {("overdue", True)}
    assert overdue[0].reason == "时限为2015年10月4日22时15分，逾期未公开，按办法于时限一到通知。"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at("10-8", "08:29"), at("10-8", "08:30")),
        (at("10-8", "08:30"), at("10-8", "08:30")),
        (at("10-8", "17:30"), at("10-9", "08:30")),
        (at("10-9", "18:00"), at("10-10", "08:30")),  # Friday to the make-up Saturday
        (at("10-10", "18:00"), at("10-12", "08:30")),
        (at("9-30", "18:00"), at("10-8", "08:30")),
    ],
)
def test_the_next_opening(now: datetime, expected: datetime) -> None:
    assert OFFICE.next_opening(now) == expected


def test_the_first_reminder_is_never_before_the_opening() -> None:
    assert first_reminder_at(occurrence(), STANDARD, OFFICE) == at("9-23", "08:30")
    short = occurrence(date(2015, 9, 30), opens=date(2015, 9, 28))
    assert first_reminder_at(short, STANDARD, OFFICE) == at("9-28", "00:00")
    assert first_reminder_at(occurrence(deadline=By(day=date(2015, 9, 30))), DAILY, OFFICE) is None


# -- however often it is asked -------------------------------------------------------------------


def live(
    policy: Policy, instants: Iterable[datetime], met_at: datetime | None
) -> tuple[set[NoticeKey], set[NoticeKey]]:
    """What was sent and what superseded, where every notice leaves the moment it may."""
    one, known = occurrence(), dict[NoticeKey, DeliveryState]()
    release: dict[NoticeKey, datetime] = {}
    for now in instants:
        assert one.due_at is not None
        for waiting, when in release.items():
            if when <= now and known[waiting].state == "due":
                known[waiting] = DeliveryState("sent", when)
        late = now >= one.due_at
        met = met_at is not None and now >= met_at
        status = (Status.MET_LATE if late else Status.MET) if met else Status.OVERDUE if late else Status.DUE_SOON
        for made in ask(policy, status, now, known, one=one):
            known[made.key] = DeliveryState({"send": "due", "cancel": "cancelled"}.get(made.outcome, "superseded"), now)  # type: ignore[arg-type]
            if made.outcome == "send" and made.notice:
                release[made.key] = made.notice.not_before
    sent = {found for found, what in known.items() if what.state in ("sent", "due") and found.step != "mended"}
    return sent, {found for found, what in known.items() if what.state == "superseded"}


def ticks(every: timedelta, first: datetime) -> list[datetime]:
    return [first + every * n for n in range(int((at("11-1") - first) / every))]


@pytest.mark.nightly
@examples(8)
@given(st.integers(0, 23), st.integers(1, 7))
def test_seldom_ticks_say_the_same_but_for_what_is_superseded(hour: int, days: int) -> None:
    often = live(STANDARD, ticks(timedelta(hours=3), at("9-20", "00:00")), None)
    seldom = live(STANDARD, ticks(timedelta(days=days), at("9-20", f"{hour:02}:40")), None)
    assert seldom[0] <= often[0]
    assert seldom[0] | seldom[1] == often[0] | often[1]


@examples(15)
@given(st.integers(0, 40 * 24))
def test_asking_twice_changes_nothing(hours: int) -> None:
    now = at("9-20", "00:30") + timedelta(hours=hours)
    first = ask(STANDARD, Status.OVERDUE if now >= at("10-1", "00:00") else Status.DUE_SOON, now)
    known = {one.key: DeliveryState("due" if one.outcome == "send" else "superseded", now) for one in first}
    status = Status.OVERDUE if now >= at("10-1", "00:00") else Status.DUE_SOON
    assert ask(STANDARD, status, now, known) == ()


def _next(one: Occurrence, now: datetime) -> datetime | None:
    return next_step_at(case(STANDARD, Status.UNVERIFIABLE, now, one=one))


def test_the_hint_never_misses_a_step() -> None:
    one, instants, now = occurrence(), [], at("9-20", "00:00")
    while (now_ := _next(one, now)) is not None:
        instants.append(now := now_)
    assert instants == [
        at("9-23", "08:30"),
        at("9-29", "08:30"),
        at("10-8", "08:30"),
        at("10-8", "17:30"),
        at("10-10", "08:30"),
        at("10-13", "08:30"),
    ]
