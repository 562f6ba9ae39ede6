"""What was due before the county's start, or before the instrument was issued, is shown and presses nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.core.escalation.asking import STANDARD, ask, case
from tests.core.verdict.judging import (
    CALENDAR,
    COUNTY,
    EVENT,
    FORMED,
    at,
    daily_visits,
    day,
    duty,
    entry,
    event,
    occurrences,
    verdicts,
)
from tests.live_county import live
from tracker.core.escalation.decision import next_step_at
from tracker.core.escalation.notices import Decision, DeliveryState, NoticeKey
from tracker.core.law.binding import explain_not_binding, marks_zh
from tracker.core.law.citations import cite_basis
from tracker.core.law.duties import By, Deadline, Duty, Every, Part, Span, Within
from tracker.core.law.instances import instances_of
from tracker.core.law.statutes import Act, Provision
from tracker.core.values.facts import Event
from tracker.core.values.verdicts import Light, Status

ISSUED = "发文前：应于文件印发之日（2015年4月21日）以前完成，规则所列法律法规也未规定该时限，仅列示，不督办、不计分"
STARTED = "督办前：应于本县开始督办之日（2015年4月10日）以前完成，仅列示，不督办、不计分"
APRIL = replace(COUNTY, start=date(2015, 4, 10))


def act(since: str, until: str | None = None) -> tuple[Provision, ...]:
    return (Provision(Act("law", "法", "令", day(since), day(until) if until else None), "14"),)


LAW = act("2015-01-01")
TWENTY = Within(span=Span(20, "days"), event=EVENT)


def issued(*deadlines: Deadline, on: str | None = "2015-04-21") -> Duty:
    return replace(duty(*deadlines), issued=day(on) if on else None)


def why(asked: Duty, label: str, *events: Event) -> str:
    [owed] = [one for one in occurrences(asked, events) if one.label == label]
    return explain_not_binding(owed, asked, COUNTY)


MONTHS = Every(unit="month")
IN_APRIL = Every(unit="quarter", about="this", due_after_end=Span(30, "days"))
CHASED = Within(span=Span(20, "days"), event=replace(EVENT, expected=day("2015-03-31")))
LATER = Within(span=Span(20, "days"), event=replace(EVENT, expected=day("2015-05-31")))
MARCH, APRIL_7 = "event:approved:2015-03-02", "event:approved:2015-04-07"


def by(on: str, law: tuple[Provision, ...] = ()) -> By:
    return By(day=day(on), law=law)


@pytest.mark.parametrize(
    ("deadline", "label", "binds"),
    [
        (MONTHS, "2015-03", False),
        (MONTHS, "2015-04", True),  # running that day: the due day decides
        (by("2015-04-20"), "once", False),
        (by("2015-04-21"), "once", False),  # the very day: nobody has read it yet
        (by("2015-04-22"), "once", True),
        (IN_APRIL, "2015-Q1", True),  # over by then, and due later
        (TWENTY, MARCH, False),
        (TWENTY, "event:approved:2015-04-21", True),
        (replace(TWENTY, law=LAW), APRIL_7, True),
        (CHASED, "awaiting:approved", False),
        (LATER, "awaiting:approved", True),
        (TWENTY, "awaiting:approved", True),  # expected on no day
        # with a law of its own
        (replace(MONTHS, law=LAW), "2015-03", True),
        (replace(TWENTY, law=LAW), MARCH, True),
        (by("2015-03-20", LAW), "once", True),
        (replace(CHASED, law=LAW), "awaiting:approved", True),
        # in force on the event's day, on the period's last day, on the day named
        (replace(TWENTY, law=act("2015-03-02")), MARCH, True),
        (replace(TWENTY, law=act("2015-03-03")), MARCH, False),
        (replace(TWENTY, law=act("2008-05-01", "2015-03-01")), MARCH, False),
        (replace(MONTHS, law=act("2015-03-31")), "2015-03", True),
        (replace(MONTHS, law=act("2008-05-01", "2015-03-30")), "2015-03", False),
        (by("2015-03-20", act("2015-03-21")), "once", False),
    ],
)
def test_before_it_was_issued_an_instrument_binds_only_by_a_law_of_its_own(
    deadline: Deadline, label: str, binds: bool
) -> None:
    events = [event(occurred=label.rpartition(":")[2])] if label.startswith("event:") else []
    assert why(issued(deadline), label, *events) == ("" if binds else ISSUED)
    before_the_act = deadline.law and deadline.law[0].act.since > day("2015-03-20") and label == "once"
    assert bool(why(issued(deadline, on=None), label, *events)) == bool(before_the_act)


def test_what_an_event_started_before_the_day_of_issue_does_not_bind_though_it_falls_due_later() -> None:
    reason = (
        "发文前：“预算批复”（2015年4月7日）在文件印发之日（2015年4月21日）以前，规则所列法律法规也未规定该时限，"
        "仅列示，不督办、不计分"
    )
    assert why(issued(TWENTY), APRIL_7, event(occurred="2015-04-07")) == reason
    assert why(issued(TWENTY, on=None), APRIL_7, event(occurred="2015-04-07")) == ""


def test_a_day_of_issue_that_is_assumed_is_not_stated_as_a_fact() -> None:
    asked = replace(issued(MONTHS), issued_assumed=True)
    assert why(asked, "2015-03") == ISSUED.replace(
        "（2015年4月21日）", "（本县未登记印发日期，按不早于2015年4月21日掌握）"
    )


YEARLY = Every(unit="year", about="previous", month_day=(3, 31))
FOI = (
    Provision(Act("a", "条例", "令", day("2008-05-01"), day("2019-05-14")), "31"),
    Provision(Act("b", "条例", "令", day("2019-05-15")), "50"),
)
OLD, NEW = "2008-05-01 2019-05-14", "2019-05-15 2030-12-31"


@pytest.mark.parametrize(
    ("deadline", "in_force", "labels", "cited"),
    [
        (YEARLY, "2008-01-01 2008-12-31", "2008", None),  # the rules reach back behind the act
        (YEARLY, OLD, "2009 2010 2011 2012 2013 2014 2015 2016 2017 2018 2019", "第三十一条"),
        (replace(YEARLY, month_day=(1, 31)), "2019-05-15 2020-12-31", "2020", "第五十条"),
        (YEARLY, "2015-01-01 2019-12-31", "2015 2016 2017 2018 2019", "第三十一条"),
        (Every(unit="month", due_day=15), "2019-05-16 2019-07-20", "2019-06 2019-07", "第五十条"),
        (Every(unit="month", due_day=15), "2019-05-10 2019-05-31", "2019-05", "第五十条"),  # the day it is in force
    ],
)
def test_nothing_is_due_before_act_and_instrument_are_in_force(
    deadline: Every, in_force: str, labels: str, cited: str | None
) -> None:
    first, last = in_force.split()
    asked = replace(duty(replace(deadline, law=FOI)), in_force_from=day(first), in_force_until=day(last), issued=None)
    early = replace(COUNTY, start=date(2008, 1, 1))
    owed = instances_of(asked, CALENDAR, early, asked.in_force_until)
    assert [one.label for one in owed] == labels.split()
    reasons = {explain_not_binding(one, asked, early) for one in owed}
    if cited is None:
        [reason] = reasons
        assert reason == (
            "发文前：时限（2008年3月31日）在所依据的文件施行之日（2008年5月1日）以前，仅列示，不督办、不计分"
        )
        assert "时限依据" not in owed[0].derivation.text
    else:
        assert reasons == {""}
        assert f"时限依据：《条例》{cited}" in owed[-1].derivation.text
        assert cite_basis(owed[-1], asked).endswith(f"《条例》{cited}")


def test_of_two_deadlines_the_one_with_the_law_binds() -> None:
    timely = (Within(span=Span(20, "workdays"), event=FORMED, law=LAW), Every(unit="quarter", zero_report=True))
    formed = event("information-formed", "2015-01-05")
    assert why(issued(*timely), "event:information-formed:2015-01-05", formed) == ""
    assert why(issued(*timely), "2015-Q1", formed) == ISSUED


def test_of_two_parts_the_one_with_the_law_binds() -> None:
    parts = [
        Part("a", "甲", (replace(MONTHS, law=LAW),), own_deadline=True),
        Part("b", "乙", (MONTHS,), own_deadline=True),
    ]
    asked = replace(duty(parts=parts), issued=day("2015-04-21"))
    assert (why(asked, "2015-02.a"), why(asked, "2015-02.b")) == ("", ISSUED)


def test_no_law_binds_before_the_county_s_start() -> None:
    asked = issued(replace(MONTHS, law=LAW))
    march, april = occurrences(asked)[2:4]
    assert (explain_not_binding(march, asked, APRIL), explain_not_binding(april, asked, APRIL)) == (STARTED, "")


def test_what_is_due_on_the_county_s_first_day_binds() -> None:
    asked = duty(by("2015-04-10"))
    [owed] = occurrences(asked)
    assert explain_not_binding(owed, asked, APRIL) == ""
    assert explain_not_binding(owed, asked, replace(COUNTY, start=date(2015, 4, 11))) != ""


def test_a_record_expected_before_the_start_is_not_chased() -> None:
    asked = duty(Within(span=Span(20, "days"), event=replace(EVENT, expected=day("2015-03-31"))))
    [waiting] = occurrences(asked)
    assert explain_not_binding(waiting, asked, APRIL) == STARTED


def test_the_verdict_says_why_it_is_only_shown() -> None:
    found = verdicts(issued(MONTHS), "2015-06-03", visits=daily_visits("2015-01-01", "2015-06-03"))
    assert (found["2015-03"].status, found["2015-03"].not_binding_reason) == (Status.OVERDUE, ISSUED)
    assert found["2015-03"].reason.endswith(f"；{ISSUED}")
    assert (found["2015-03"].light, found["2015-04"].light) == (Light.GREY, Light.RED)
    assert (found["2015-04"].status, found["2015-04"].not_binding_reason) == (Status.OVERDUE, "")
    assert "印发" not in found["2015-04"].reason


def test_what_was_published_before_the_instrument_was_issued_says_so_too() -> None:
    entries = [entry("水环境质量", "2015-03-10")]
    found = verdicts(issued(MONTHS), "2015-06-03", entries=entries, visits=daily_visits("2015-01-01", "2015-06-03"))
    assert (found["2015-03"].status, found["2015-03"].light) == (Status.MET, Light.GREEN)
    assert found["2015-03"].reason.endswith(f"；{ISSUED}")


@pytest.mark.parametrize(("month", "marks"), [("2015-03", ["发文前"]), ("2015-04", []), ("2014-12", ["督办前"])])
def test_lists_mark_what_is_only_shown(month: str, marks: list[str]) -> None:
    asked = replace(issued(MONTHS), in_force_from=date(2014, 12, 1))
    [owed] = [one for one in occurrences(asked) if one.label == month]
    assert marks_zh(owed, asked, COUNTY, at("2015-06-03")) == marks
    weak = replace(owed, deadline=replace(MONTHS, assumed=True))
    assert marks_zh(weak, asked, COUNTY, at("2015-06-03")) == ["参照时限", *marks]


def test_a_record_that_is_not_chased_says_why() -> None:
    found = verdicts(issued(CHASED), "2015-06-03")["awaiting:approved"]
    assert (found.status, found.not_binding_reason) == (Status.CLOCK_UNKNOWN, ISSUED)
    assert found.reason.endswith(f"；{ISSUED}")


# -- what is told --------------------------------------------------------------------------------


def told(asked: Duty, label: str, now: str, known: dict[NoticeKey, DeliveryState] | None = None) -> Sequence[Decision]:
    owed = {one.label: one for one in occurrences(asked)}
    found = verdicts(asked, now, visits=daily_visits("2015-01-01", now[:10]))
    return ask(STANDARD, found[label], at(now), known, one=owed[label], what=asked, where=live(COUNTY))


def named(made: Sequence[Decision]) -> list[str]:
    return [f"{one.outcome} {one.key.step} {one.key.role}" for one in made]


def test_nobody_is_told_before_the_instrument_is_issued() -> None:
    """The first reminder of what is due on the 27th stands on the 20th."""
    late = issued(By(day=day("2015-04-27")))
    assert named(told(late, "once", "2015-04-20T09:00")) == []
    assert named(told(late, "once", "2015-04-21T09:00")) == ["send reminder liaison"]
    assert named(told(issued(By(day=day("2015-04-27")), on=None), "once", "2015-04-20T09:00")) == [
        "send reminder liaison"
    ]
    assert named(told(issued(By(day=day("2015-04-27"), law=LAW)), "once", "2015-04-20T09:00")) == [
        "send reminder liaison"
    ]


def test_the_day_of_issue_is_a_day_to_decide_again() -> None:
    late = issued(By(day=day("2015-04-27")))
    [owed] = occurrences(late)

    def wakes(now: str) -> datetime | None:
        return next_step_at(case(STANDARD, Status.OPEN, at(now), one=owed, what=late, where=COUNTY))

    assert wakes("2015-03-02") == at("2015-04-21T00:00")
    assert wakes("2015-04-21T00:00") == at("2015-04-24T08:30")  # the last reminder


def test_what_was_said_before_the_day_of_issue_was_known_is_taken_back_once() -> None:
    key = NoticeKey("sample/plan/duty/huanbao/2015-03", 0, 0, "overdue", 0, "liaison", "mail")
    known = {key: DeliveryState("sent", at("2015-04-02"), kind="overdue")}
    made = told(issued(MONTHS), "2015-03", "2015-06-03", known)
    assert named(made) == ["send closed liaison"]
    assert ISSUED in made[0].reason
    known[made[0].key] = DeliveryState("sent", at("2015-06-03"), kind="correction")
    assert named(told(issued(MONTHS), "2015-03", "2015-06-04", known)) == []
