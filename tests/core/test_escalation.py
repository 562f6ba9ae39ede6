"""Who is told what and when: a row per policy, status, history and instant, with the exact notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.duties import (
    Assignment,
    By,
    Contact,
    County,
    Deadline,
    Department,
    Duty,
    EventRule,
    Every,
    Part,
    Span,
    Within,
)
from tracker.core.escalation import correction, decide, first_reminder_at, next_step_at
from tracker.core.facts import Event
from tracker.core.notices import Decision, Hours, NoticeKey, NoticeState, Offset, Policy, Step, Told
from tracker.core.occurrences import Derivation, Occurrence, Window
from tracker.core.steps import opening
from tracker.core.verdicts import CellVerdict, Finding, Light, Status, Verdict
from tracker.rulebook.calendars import load_calendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = load_calendar(None)
HOURS = Hours()

STANDARD = Policy(
    "standard",
    (
        Step("reminder", "due", Offset(-5, "workdays"), "reminder", ("liaison",)),
        Step("last-reminder", "due", Offset(-1, "workdays"), "reminder", ("liaison",)),
        Step("overdue", "due", Offset(1, "workdays"), "overdue", ("liaison",)),
        Step("to-lead", "due", Offset(3, "workdays"), "escalation", ("liaison", "lead")),
        Step("to-office", "due", Offset(5, "workdays"), "escalation", ("liaison", "lead", "county-office")),
    ),
)
DAILY = Policy(
    "daily",
    (
        Step("overdue", "due", Offset(0, "hours"), "overdue", ("liaison",)),
        Step("to-lead", "due", Offset(7, "workdays"), "escalation", ("liaison", "lead")),
    ),
    batch="week",
)
URGENT = Policy(
    "urgent",
    (
        Step("opened", "open", Offset(0, "hours"), "reminder", ("liaison", "lead")),
        Step("last-hours", "due", Offset(-4, "hours"), "reminder", ("liaison",)),
        Step("overdue", "due", Offset(0, "hours"), "overdue", ("liaison", "lead")),
    ),
    urgent=True,
)
NONE = Policy("none")

SEPTEMBER = Every(unit="month")
ASSUMED = Every(unit="quarter", assumed=True, reading="timely")
EMERGENCY = Within(span=Span(24, "hours"), event=EventRule("emergency", "突发环境事件"))


def at(day: str, hour: str = "10:00") -> datetime:
    """10:00 of a day of 2015, or another hour."""
    month, number = day.split("-")
    return datetime.combine(date(2015, int(month), int(number)), time.fromisoformat(hour), ZONE)


EARLIER = at("9-1")


def county(**changes: object) -> County:
    departments = {
        one: Department(one, name, liaison=Contact("张三", f"{one}@example.gov.cn"))
        for one, name in {"huanbao": "环保局", "fagai": "发改局", "caizheng": "财政局"}.items()
    }
    base = County("sample", "样例县", date(2015, 1, 1), departments, {"county-office": Contact("", "o@x.cn")}, {})
    return replace(base, **changes)  # type: ignore[arg-type]


def occurrence(
    due_on: date | None = date(2015, 9, 30),
    *,
    deadline: Deadline = SEPTEMBER,
    department: str = "huanbao",
    opens: date = date(2015, 9, 1),
    due_at: datetime | None = None,
    event: Event | None = None,
) -> Occurrence:
    midnight = datetime.combine(due_on + timedelta(days=1), time(0), ZONE) if due_on else None
    return Occurrence(
        county="sample",
        pack="plan-2015",
        duty="monthly",
        department=department,
        label="2015-09",
        parts=("",),
        deadline=deadline,
        opens_on=opens,
        due_on=due_on,
        due_at=due_at or midnight,
        derivation=Derivation("每月公开一次。", "2015年9月"),
        window=Window(opens, due_on) if due_on and isinstance(deadline, Every) else None,
        event=event,
    )


def duty(*members: str, lead: str | None = None) -> Duty:
    who = members or ("huanbao",)
    assignment = Assignment("+".join(who), who, (), lead)
    part = Part("", "环境质量月度信息", (SEPTEMBER,))
    day = (date(2015, 1, 1), date(2015, 12, 31))
    return Duty("sample", "plan-2015", "monthly", "环境质量月度信息", "一(七)1", *day, (part,), (assignment,))


def verdict(
    status: Status,
    *,
    fresh: bool = True,
    findings: Iterable[Finding] = (),
    filed_only: bool = False,
    awaits: str = "",
) -> Verdict:
    state = "missing" if status.late else "unseen" if status is Status.UNVERIFIABLE else "open"
    light = Light.RED if status.late else Light.GREY
    cell = CellVerdict("@site", "", state, "未查到", filed_only=filed_only, awaits=awaits)  # type: ignore[arg-type]
    reason = "至今未查到公开内容。" if status.late else "判定理由。"
    return Verdict("key", status, light, reason, (cell,), tuple(findings), fresh=fresh)


def key(step: str, role: str = "liaison", *, episode: int = 0, revision: int = 0) -> NoticeKey:
    return NoticeKey(occurrence().key, revision, episode, step, 0, role, "mail")


def told(*steps: str, state: NoticeState = "sent", when: datetime = EARLIER) -> dict[NoticeKey, Told]:
    """`reminder`, or `to-lead/lead` for another role than the liaison's."""
    return {key(*step.split("/")): Told(state, when) for step in steps}


def ask(
    policy: Policy,
    status: Status | Verdict,
    now: datetime,
    history: Mapping[NoticeKey, Told] | None = None,
    *,
    one: Occurrence | None = None,
    where: County | None = None,
    what: Duty | None = None,
    episode: int = 0,
    revision: int = 0,
) -> tuple[Decision, ...]:
    return decide(
        one or occurrence(),
        status if isinstance(status, Verdict) else verdict(status),
        policy,
        duty=what or duty(),
        county=where or county(),
        calendar=CALENDAR,
        hours=HOURS,
        due_revision=revision,
        episode=episode,
        told=history or {},
        now=now,
    )


def said(decisions: Iterable[Decision]) -> list[str]:
    """`send overdue liaison`, sorted."""
    return sorted(f"{one.outcome} {one.key.step} {one.key.role}" for one in decisions)


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
    "after a long outage only the latest step": (
        STANDARD, Status.OVERDUE, at("10-20"), (),
        ["send to-office county-office", "send to-office lead", "send to-office liaison",
         "superseded last-reminder liaison", "superseded overdue liaison", "superseded reminder liaison",
         "superseded to-lead lead", "superseded to-lead liaison"],
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
    assert "send to-office lead" in said(ask(STANDARD, Status.OVERDUE, at("11-20"), one=adopted))


@pytest.mark.parametrize("status", [Status.OVERDUE, Status.UNVERIFIABLE, Status.MET_DISPUTED, Status.DUE_SOON])
def test_what_was_due_before_the_start_is_not_pressed(status: Status) -> None:
    assert ask(STANDARD, status, at("10-8"), where=county(start=date(2015, 10, 1))) == ()


def test_shadow_mode_tells_the_county_office_alone_and_says_whom_it_would_be() -> None:
    decisions = ask(STANDARD, Status.OVERDUE, at("10-10"), where=county(mode="shadow"))
    assert {one.key.role for one in decisions} == {"county-office"}
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
    return Finding("key", "@site", about, "某通报", False, reason, unattributed=True)


def test_each_match_that_awaits_a_person_is_told_once() -> None:
    first, second = finding("https://x/1"), finding("attestation:7", "已报送证明，待审核。")
    decisions = ask(STANDARD, verdict(Status.OPEN, findings=[first]), at("9-2"))
    assert said(decisions) == ["send decide county-office"]
    history = {decisions[0].key: Told("sent", at("9-2"))}
    both = ask(STANDARD, verdict(Status.OPEN, findings=[second, first]), at("9-3"), history)
    assert [one.reason for one in both] == ["已报送证明，待审核。"]


def test_what_only_awaits_a_person_is_no_site_fault() -> None:
    waits = verdict(Status.UNVERIFIABLE, findings=[finding("attestation:7")], awaits="待审核")
    assert said(ask(STANDARD, waits, at("10-9"))) == ["send decide county-office"]


# -- episodes ------------------------------------------------------------------------------------


def test_what_was_met_and_is_gone_begins_anew() -> None:
    first = ask(STANDARD, Status.INCOMPLETE, at("11-2"), told("overdue", "mended"), episode=1)
    assert said(first) == ["send reopened county-office", "send reopened liaison"]
    known = {one.key: Told("sent", at("11-2")) for one in first}
    assert ask(STANDARD, Status.INCOMPLETE, at("11-2", "16:00"), known, episode=1) == ()
    (pressed,) = ask(STANDARD, Status.INCOMPLETE, at("11-3"), known, episode=1)
    assert said((pressed,)) == ["send overdue liaison"]
    # Nothing was late before it went: the reason counts from the day it was found gone.
    assert pressed.reason == "原已公开，2015年11月2日发现不再成立，公开不完整，按办法于其后1个工作日通知。"


def test_the_reopened_notice_stays_wanted_until_it_left() -> None:
    first = ask(STANDARD, Status.INCOMPLETE, at("11-2"), episode=1)
    unsent = {one.key: Told("due", at("11-2")) for one in first}
    assert ask(STANDARD, Status.INCOMPLETE, at("11-2", "16:00"), unsent, episode=1) == ()


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

    def correct(known: Mapping[NoticeKey, Told]) -> list[tuple[str, str]]:
        made = correction(
            occurrence().key, known, county=county(), calendar=CALENDAR, hours=HOURS,
            due_revision=1, reason="公开时限已更正。", shown={"duty": "环境质量月度信息"}, now=at("10-8"),
        )  # fmt: skip
        return [(one.key.role, one.department) for one in made]

    assert correct(history) == [("liaison", "huanbao"), ("lead", "huanbao")]
    again = {**history, key("correction", revision=1): Told("due", at("10-8"))}
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
    assert opening(now, CALENDAR, HOURS, ZONE) == expected


def test_the_first_reminder_is_never_before_the_opening() -> None:
    assert first_reminder_at(occurrence(), STANDARD, CALENDAR, ZONE) == at("9-23", "08:30")
    short = occurrence(date(2015, 9, 30), opens=date(2015, 9, 28))
    assert first_reminder_at(short, STANDARD, CALENDAR, ZONE) == at("9-28", "00:00")
    assert first_reminder_at(occurrence(deadline=By(day=date(2015, 9, 30))), DAILY, CALENDAR, ZONE) is None


# -- however often it is asked -------------------------------------------------------------------


def live(
    policy: Policy, instants: Iterable[datetime], met_at: datetime | None
) -> tuple[set[NoticeKey], set[NoticeKey]]:
    """What was sent and what superseded, where every notice leaves the moment it may."""
    one, known = occurrence(), dict[NoticeKey, Told]()
    release: dict[NoticeKey, datetime] = {}
    for now in instants:
        assert one.due_at is not None
        for waiting, when in release.items():
            if when <= now and known[waiting].state == "due":
                known[waiting] = Told("sent", when)
        late = now >= one.due_at
        met = met_at is not None and now >= met_at
        status = (Status.MET_LATE if late else Status.MET) if met else Status.OVERDUE if late else Status.DUE_SOON
        for made in ask(policy, status, now, known, one=one):
            known[made.key] = Told({"send": "due", "cancel": "cancelled"}.get(made.outcome, "superseded"), now)  # type: ignore[arg-type]
            if made.outcome == "send" and made.notice:
                release[made.key] = made.notice.not_before
    sent = {found for found, what in known.items() if what.state in ("sent", "due") and found.step != "mended"}
    return sent, {found for found, what in known.items() if what.state == "superseded"}


def ticks(every: timedelta, first: datetime) -> list[datetime]:
    return [first + every * n for n in range(int((at("11-1") - first) / every))]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 23), st.integers(1, 7))
def test_seldom_ticks_say_the_same_but_for_what_is_superseded(hour: int, days: int) -> None:
    often = live(STANDARD, ticks(timedelta(hours=3), at("9-20", "00:00")), None)
    seldom = live(STANDARD, ticks(timedelta(days=days), at("9-20", f"{hour:02}:40")), None)
    assert seldom[0] <= often[0]
    assert seldom[0] | seldom[1] == often[0] | often[1]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 40 * 24))
def test_asking_twice_changes_nothing(hours: int) -> None:
    now = at("9-20", "00:30") + timedelta(hours=hours)
    first = ask(STANDARD, Status.OVERDUE if now >= at("10-1", "00:00") else Status.DUE_SOON, now)
    known = {one.key: Told("due" if one.outcome == "send" else "superseded", now) for one in first}
    status = Status.OVERDUE if now >= at("10-1", "00:00") else Status.DUE_SOON
    assert ask(STANDARD, status, now, known) == ()


def test_the_hint_never_misses_a_step() -> None:
    one, instants, now = occurrence(), [], at("9-20", "00:00")
    while (now_ := next_step_at(one, STANDARD, county=county(), calendar=CALENDAR, hours=HOURS, now=now)) is not None:
        instants.append(now := now_)
    assert instants == [
        at("9-23", "08:30"),
        at("9-29", "08:30"),
        at("10-8", "08:30"),
        at("10-8", "17:30"),
        at("10-10", "08:30"),
        at("10-13", "08:30"),
    ]
