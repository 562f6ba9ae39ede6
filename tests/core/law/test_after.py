"""A series that follows another duty begins once that is met or due, whichever is first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.core.escalation.asking import STANDARD, ask
from tests.core.verdict.judging import (
    CALENDAR,
    COUNTY,
    EVENT,
    FORMED,
    LOOKED,
    at,
    day,
    duty,
    entry,
    event,
    occurrences,
    ruling,
    visit,
)
from tracker.core.law.duties import By, Deadline, Duty, Every, Prior, Span, Within
from tracker.core.law.successions import PriorState, combine_states, prior_state_of, state_without_departments
from tracker.core.values.facts import Event, Facts
from tracker.core.values.verdicts import Light, Status, Verdict
from tracker.core.verdict.status import judge

COLUMN = Prior("column", "专栏建设")
QUARTERS = Every(unit="quarter", after=COLUMN)
DUE = at("2015-08-01T00:00")  # the column is due on 31 July


def judged(
    asked: Duty, now: str, before: PriorState | None = None, *, events: tuple[Event, ...] = ()
) -> Mapping[str, Verdict]:
    facts = Facts(visits=tuple(LOOKED), events=events)
    prior_states = {COLUMN.duty: before} if before is not None else {}
    owed = occurrences(asked, events)
    found = judge(asked, asked.assignments[0], owed, facts, COUNTY, CALENDAR, at(now), prior_states=prior_states)
    return {key.rsplit("/", 1)[1]: verdict for key, verdict in found.items()}


def statuses(found: Mapping[str, Verdict]) -> str:
    return " ".join(found[label].status for label in sorted(found))


@pytest.mark.parametrize(
    ("met", "due", "q1", "q2", "q3", "q4"),
    [
        # never met: what falls due after the column did
        (None, DUE, "closed", "closed", "overdue", "overdue"),
        # met before the year, on the first day, within the first quarter, at the turn of a quarter
        (at("2014-11-03"), DUE, "overdue", "overdue", "overdue", "overdue"),
        (at("2015-01-01"), DUE, "overdue", "overdue", "overdue", "overdue"),
        (at("2015-02-10"), DUE, "closed", "overdue", "overdue", "overdue"),
        (at("2015-03-31"), DUE, "closed", "overdue", "overdue", "overdue"),
        (at("2015-04-01"), DUE, "closed", "overdue", "overdue", "overdue"),
        (at("2015-04-02"), DUE, "closed", "closed", "overdue", "overdue"),
        # met in the quarter in which it is due: that quarter was known beforehand
        (at("2015-07-10"), DUE, "closed", "closed", "overdue", "overdue"),
        # met late: its due day came first
        (at("2015-10-20"), DUE, "closed", "closed", "overdue", "overdue"),
        # due at the end of a quarter: that quarter falls due with it, not after it
        (None, at("2015-07-01T00:00"), "closed", "closed", "overdue", "overdue"),
        # due at no time (its event is not recorded)
        (None, None, "closed", "closed", "closed", "closed"),
        (at("2015-05-20"), None, "closed", "closed", "overdue", "overdue"),
    ],
)  # fmt: skip
def test_which_periods_are_owed(met: object, due: object, q1: str, q2: str, q3: str, q4: str) -> None:
    found = judged(duty(QUARTERS), "2016-03-01", PriorState(met, due))  # type: ignore[arg-type]
    assert statuses(found) == f"{q1} {q2} {q3} {q4}"


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("2015-01-01T09:00", "upcoming upcoming upcoming upcoming"),  # it may yet be met on the first day
        ("2015-01-02T09:00", "closed upcoming upcoming upcoming"),
        ("2015-04-02T09:00", "closed closed upcoming upcoming"),
        ("2015-07-31T23:59", "closed closed upcoming upcoming"),
        ("2015-08-01T00:00", "closed closed open upcoming"),
        ("2015-10-01T09:00", "closed closed unverifiable open"),
    ],
)
def test_until_then_nothing_is_open(now: str, shown: str) -> None:
    asked = duty(QUARTERS)
    facts, owed = Facts(), occurrences(asked)
    before = {"column": PriorState(due_at=DUE)}
    found = judge(asked, asked.assignments[0], owed, facts, COUNTY, CALENDAR, at(now), prior_states=before)
    assert " ".join(found[one.key].status for one in owed) == shown


def test_time_brings_it_nearer() -> None:
    """What waits is looked at again when the duty before it falls due, and when its own first day is over."""
    found = judged(duty(QUARTERS), "2015-03-20", PriorState(due_at=DUE))
    assert found["2015-Q2"].next_at == at("2015-04-01T00:00")
    assert judged(duty(QUARTERS), "2015-04-01", PriorState(due_at=DUE))["2015-Q2"].next_at == at("2015-04-02T00:00")
    assert judged(duty(QUARTERS), "2015-07-20", PriorState(due_at=DUE))["2015-Q3"].next_at == DUE


def test_the_reason_names_the_duty_that_it_follows() -> None:
    found = judged(duty(QUARTERS), "2015-07-20", PriorState(due_at=DUE))
    assert found["2015-Q3"].reason == "待“专栏建设”完成或者时限届满后再作要求"
    assert (
        found["2015-Q2"].reason
        == "本事项开始时（2015年4月1日）“专栏建设”尚未完成，至本事项时限届满时仍在其时限之内，本事项不作要求"
    )
    assert found["2015-Q2"].light is Light.GREY
    [owed] = [one for one in occurrences(duty(QUARTERS)) if one.label == "2015-Q3"]
    assert "；自“专栏建设”完成后开始要求（由本单位承担的，其时限届满后亦同）。" in owed.derivation.text


@pytest.mark.parametrize(
    ("status", "proved", "quarters"),
    [
        (None, None, "closed closed closed closed"),  # due in July and never built: the other department alone is late
        (Status.WAIVED, None, "closed closed closed closed"),
        (Status.MET, "2015-05-10", "closed closed overdue overdue"),
        (Status.MET_LATE, "2015-08-20", "closed closed closed overdue"),  # there since August: the fourth begins after
    ],
)
def test_what_another_department_owes_counts_only_once_it_is_there(
    status: Status | None, proved: str | None, quarters: str
) -> None:
    column = replace(duty(By(day=day("2015-07-31"))), id="column")
    [owed] = occurrences(column)
    found = judge(
        column, column.assignments[0], [owed], Facts(visits=tuple(LOOKED)), COUNTY, CALENDAR, at("2016-03-01")
    )
    verdict = replace(found[owed.key], status=status or Status.OVERDUE, proved_at=at(proved) if proved else None)
    before = prior_state_of([owed], {owed.key: verdict}, of_others=True)
    assert before.due_at is None
    found = judged(duty(QUARTERS), "2016-03-01", before)
    assert statuses(found) == quarters
    assert found["2015-Q1"].reason == "本事项开始时（2015年1月1日）“专栏建设”尚未完成，本事项不作要求"
    assert (
        judged(duty(QUARTERS), "2015-01-01", replace(before, met_at=None))["2015-Q1"].reason
        == "待“专栏建设”完成后再作要求"
    )


def test_what_waits_reminds_nobody() -> None:
    """Due on 5 August, after the column: its reminders would stand on 29 July, and count from the column's day."""
    asked = duty(Within(span=Span(20, "workdays"), event=FORMED, after=COLUMN))
    formed = event("information-formed", "2015-07-08")
    [owed] = [one for one in occurrences(asked, [formed]) if one.event]

    def told(now: str) -> list[str]:
        found = judged(asked, now, PriorState(due_at=DUE), events=(formed,))
        made = ask(STANDARD, found[owed.label], at(now), one=owed, what=asked, where=COUNTY)
        return [f"{one.outcome} {one.key.step}" for one in made]

    assert str(owed.due_on) == "2015-08-05"
    assert told("2015-07-31T09:00") == []
    assert told("2015-08-03T09:00") == ["send reminder"]


@pytest.mark.parametrize(
    ("formed", "met", "status"),
    [
        ("2015-06-01", None, "closed"),  # due on 30 June
        ("2015-07-03", None, "closed"),  # due on 31 July, with the column
        ("2015-07-06", None, "overdue"),  # due on 3 August
        ("2015-06-01", "2015-06-01", "overdue"),
        ("2015-06-01", "2015-06-02", "closed"),
    ],
)
def test_which_events_are_owed(formed: str, met: str | None, status: str) -> None:
    asked = duty(Within(span=Span(20, "workdays"), event=FORMED, after=COLUMN))
    before = PriorState(at(met) if met else None, DUE)
    found = judged(asked, "2016-03-01", before, events=(event("information-formed", formed),))
    assert found[f"event:information-formed:{formed}"].status == status


def test_an_event_that_is_not_owed_leaves_the_period_s_net() -> None:
    """The column is due on 20 August; the information of 6 July on the 3rd, the quarter on 30 September."""
    timely = (Within(span=Span(20, "workdays"), event=FORMED, after=COLUMN), QUARTERS)
    found = judged(
        duty(*timely), "2016-03-01", PriorState(due_at=at("2015-08-21T00:00")),
        events=(event("information-formed", "2015-07-06"),),
    )  # fmt: skip
    assert (found["event:information-formed:2015-07-06"].status, found["2015-Q3"].status) == ("closed", "overdue")


def test_an_event_that_is_not_owed_takes_no_entry_from_one_that_is() -> None:
    asked = duty(Within(span=Span(20, "workdays"), event=FORMED, after=COLUMN))
    events = (event("information-formed", "2015-06-01"), event("information-formed", "2015-07-20"))
    facts = Facts(entries=(entry("信息", "2015-08-03"),), visits=tuple(LOOKED), events=events)
    found = judge(
        asked, asked.assignments[0], occurrences(asked, events), facts, COUNTY, CALENDAR, at("2016-03-01"),
        prior_states={"column": PriorState(due_at=DUE)},
    )  # fmt: skip
    assert [verdict.status for verdict in found.values()] == ["closed", "met"]


def test_a_record_is_not_chased_before_it_is_asked_for() -> None:
    asked = duty(Within(span=Span(20, "days"), event=replace(FORMED, expected=day("2015-03-31")), after=COLUMN))
    waiting = "awaiting:information-formed"
    assert judged(asked, "2015-05-01", PriorState(due_at=DUE))[waiting].status == Status.UPCOMING
    assert judged(asked, "2015-08-01", PriorState(due_at=DUE))[waiting].status == Status.CLOCK_UNKNOWN


def test_a_duty_that_follows_nothing_known_is_owed_as_ever() -> None:
    assert statuses(judged(duty(QUARTERS), "2016-03-01")) == "overdue overdue overdue overdue"


# -- the deadline beside it ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "q2", "q3"),
    [(None, "closed", "overdue"), ("2015-02-10", "met-late", "met-late"), ("2015-05-10", "closed", "met-late")],
)
def test_the_duty_s_own_name_means_the_deadline_beside_it(published: str | None, q2: str, q3: str) -> None:
    """Published once: the day is met, and the first quarter owed after that has nothing of its own until later."""
    own: tuple[Deadline, ...] = (By(day=day("2015-07-31")), Every(unit="quarter", after=Prior("duty", "水环境质量")))
    asked = duty(*own)
    seen = (
        *([entry("水环境", published)] if published else []),
        *([entry("水环境", "2015-11-10")] if published else []),
    )
    facts = Facts(entries=tuple(seen), visits=tuple(LOOKED))
    found = judge(asked, asked.assignments[0], occurrences(asked), facts, COUNTY, CALENDAR, at("2016-03-01"))
    assert (found["sample/plan/duty/huanbao/2015-Q2"].status, found["sample/plan/duty/huanbao/2015-Q3"].status) == (
        q2,
        q3,
    )


# -- upkeep ------------------------------------------------------------------------------------------

KEPT_UP = Every(unit="quarter", upkeep=True, after=COLUMN)


@pytest.mark.parametrize(
    ("proved", "due", "quarters"),
    [
        (None, DUE, "closed closed closed closed"),  # nothing to keep up: the column itself is pressed
        ("2015-01-01", DUE, "overdue overdue overdue overdue"),
        ("2015-05-10", DUE, "closed closed overdue overdue"),  # the second quarter had begun
        ("2015-09-20", DUE, "closed closed overdue overdue"),  # late, within the third quarter
        ("2015-10-20", DUE, "closed closed closed overdue"),  # late: too late for the third
        ("2015-05-10", None, "closed closed overdue overdue"),  # due at no time: an event starts it
        (None, None, "closed closed closed closed"),
    ],
)
def test_upkeep_is_owed_once_there_is_something_to_keep_up(proved: str | None, due: object, quarters: str) -> None:
    proof = at(proved) if proved else None
    met = proof if proof and (due is None or proof < DUE) else None
    before = PriorState(met, due, proved_at=proof)  # type: ignore[arg-type]
    found = judged(duty(KEPT_UP), "2016-03-01", before)
    assert statuses(found) == quarters
    if due and not proved:
        assert found["2015-Q4"].reason == "内容尚未首次公开，公开以后再要求更新"


def test_upkeep_follows_what_an_event_started_in_the_same_duty() -> None:
    """Approved on 6 July and published on the 20th: the fourth quarter is the first that begins after that."""
    started = Within(span=Span(20, "days"), event=EVENT)
    asked = duty(started, Every(unit="quarter", upkeep=True, after=Prior("duty", "水环境质量")))
    approved = event(occurred="2015-07-06")
    facts = Facts(entries=(entry("水环境", "2015-07-20"),), visits=tuple(LOOKED), events=(approved,))
    owed = occurrences(asked, [approved])
    found = judge(asked, asked.assignments[0], owed, facts, COUNTY, CALENDAR, at("2016-03-01"))
    shown = {one.label: found[one.key].status.value for one in owed if one.upkeep}
    assert shown == {"2015-Q1": "closed", "2015-Q2": "closed", "2015-Q3": "met", "2015-Q4": "overdue"}


# -- a duty that nobody owes -------------------------------------------------------------------------


def test_a_duty_that_nobody_owes_takes_what_follows_with_it() -> None:
    found = judged(duty(QUARTERS), "2016-03-01", state_without_departments())
    assert statuses(found) == "closed closed closed closed"
    why = "本县没有承担该事项的单位"
    assert found["2015-Q4"].reason == f"“专栏建设”不适用，本事项随之不作要求：{why}"


# -- when the duty before it is met ----------------------------------------------------------------


def opened(now: str, *, published: str | None = None, seen: str | None = None, **facts: object) -> PriorState:
    asked = replace(duty(By(day=day("2015-07-31"))), id="column")
    shown = (entry("专栏", published, seen=seen),) if published else ()
    owed = occurrences(asked)
    found = judge(
        asked, asked.assignments[0], owed, Facts(shown, (visit("2015-01-05"), *LOOKED), **facts),  # type: ignore[arg-type]
        COUNTY, CALENDAR, at(now),
    )  # fmt: skip
    return prior_state_of(owed, found)


def key(label: str) -> str:
    return f"sample/plan/column/huanbao/{label}"


def test_it_is_met_when_it_is_first_seen_to_be() -> None:
    dated = at("2015-02-10T00:00")
    assert opened("2015-09-01", published="2015-02-10") == PriorState(at("2015-02-10"), DUE, proved_at=dated)
    # An old date on what nobody has seen before opens no period that is over.
    old = opened("2015-09-01", published="2015-02-10", seen="2015-06-20")
    assert old == PriorState(at("2015-06-20"), DUE, proved_at=dated)


def test_met_late_waived_missing_or_disputed_it_counts_from_its_due_day() -> None:
    waived = (ruling("waive", key("once")),)
    rejected = opened("2015-09-01", published="2015-09-01")
    assert opened("2015-09-01") == PriorState(None, DUE)
    assert rejected == PriorState(None, DUE, proved_at=at("2015-09-01T00:00"))  # late: there is something to keep up
    assert opened("2015-09-01", published="2015-02-10", rulings=waived) == PriorState(None, DUE)


@pytest.mark.parametrize(
    ("kind", "quarters"),
    [
        ("waive", "closed closed overdue overdue"),  # only excused: from its due day on
        ("not-applicable", "closed closed closed closed"),
    ],
)
def test_what_follows_a_duty_that_is_not_applicable_is_not_owed(kind: str, quarters: str) -> None:
    before = opened("2015-09-01", rulings=(ruling(kind, key("once")),))
    found = judged(duty(QUARTERS), "2016-03-01", before)
    assert statuses(found) == quarters
    if kind == "not-applicable":
        assert found["2015-Q4"].reason == f"“专栏建设”不适用，本事项随之不作要求：{before.not_applicable}"


def test_of_several_departments_those_to_whom_it_does_not_apply_are_left_out() -> None:
    none = PriorState(not_applicable="不适用")
    assert combine_states([none, PriorState(None, DUE)]) == PriorState(None, DUE)
    assert combine_states([none, none]) == none


def test_of_several_departments_all_must_be_met_or_due() -> None:
    early, late = PriorState(at("2015-02-10"), at("2015-04-01")), PriorState(at("2015-03-10"), DUE)
    assert combine_states([early, late]) == PriorState(at("2015-03-10"), DUE)
    assert combine_states([early, PriorState(None, DUE)]) == PriorState(None, DUE)
    assert combine_states([early, PriorState(at("2015-03-10"), None)]) == PriorState(at("2015-03-10"), None)
    assert combine_states([]) == PriorState()
