"""Judging at the very instant or day that a rule names: when a visit began, when it was due, how far slack reaches."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.matching.june import JUNE, ONE, SEEN_AS_DUE, SEEN_IN_TIME, SINCE, SOON
from tests.core.verdict.judging import (
    COLUMN,
    COUNTY,
    EVENT,
    OWN,
    at,
    cell,
    changed,
    daily_visits,
    day,
    duty,
    entry,
    event,
    items,
    key,
    listing,
    ruling,
    verdicts,
    visit,
)
from tracker.core.law.duties import By, EventRule, Every, Part, Span, Within
from tracker.core.matching.visit_index import VisitIndex
from tracker.core.values.facts import VisitOutcome
from tracker.core.values.verdicts import Light, Status

MOMENT = timedelta(microseconds=1)
DUE = at("2015-07-01T00:00")
HERE = COUNTY.columns[COLUMN]


def looked(began, ended=None, reached="end", **values):
    """A visit that began at that instant; it ends five minutes later or at `ended`."""
    made = visit("2015-07-01", reached, **values)
    return replace(made, began_at=began, ended_at=ended or began + timedelta(minutes=5))


def judged(now, **facts):
    return verdicts(ONE, now, soon=SOON, **facts)["2015-06"]


# -- the county's first day ----------------------------------------------------------------------


@pytest.mark.parametrize(("start", "binds"), [("2015-06-30", True), ("2015-07-01", False)])
def test_what_is_due_on_the_countys_first_day_binds_and_what_was_due_the_day_before_does_not(start, binds):
    county = replace(COUNTY, start=day(start))
    found = verdicts(ONE, "2015-07-03", visits=SINCE, county=county)["2015-06"]
    assert (found.status, not found.not_binding_reason) == (Status.OVERDUE, binds)


# -- sight ---------------------------------------------------------------------------------------


def test_visits_since_an_instant_are_those_begun_at_it_or_later():
    before, exactly, after = (looked(DUE + n * MOMENT) for n in (-1, 0, 1))
    sight = VisitIndex((after, before, exactly))
    for first in (sight.first_read_since, lambda column, instant: sight.first_complete(column, None, instant)):
        assert first(HERE, DUE) == exactly
        assert first(HERE, DUE + MOMENT) == after
        assert first(HERE, DUE + 2 * MOMENT) is None


@pytest.mark.parametrize(("ended", "lacked"), [(-MOMENT, True), (timedelta(), False)])
def test_a_visit_lacked_what_was_first_seen_after_it_had_ended(ended, lacked):
    """One that ended at that very instant is the one that saw it."""
    seen = at("2015-06-20")
    made = looked(seen - timedelta(minutes=5), seen + ended)
    assert (VisitIndex((made,)).last_lacking(HERE, None, seen) == made) is lacked


def test_the_last_complete_visit_counts():
    first, second = looked(DUE), looked(DUE + timedelta(days=1))
    shallow = looked(DUE + timedelta(days=2), reached="2015-06-01")
    down = looked(DUE + timedelta(days=3), outcome=VisitOutcome.UNREACHABLE)
    sight = VisitIndex((second, down, shallow, first))
    assert sight.last_complete(HERE, day("2015-06-01")) == second
    assert sight.last_complete(HERE, day("2015-06-02")) == shallow
    assert sight.first_complete(HERE, day("2015-06-01"), DUE) == first
    assert sight.first_complete(HERE, day("2015-06-01"), second.began_at + MOMENT) is None
    assert sight.first_complete(HERE, day("2015-06-02"), second.began_at + MOMENT) == shallow


@pytest.mark.parametrize(
    ("began", "fresh", "stale_at"),
    [
        # Judged on Monday 6 July at six: Friday the 3rd is the working day before.
        (at("2015-07-03T00:00"), True, "2015-07-07T00:00"),
        (at("2015-07-03T00:00") - MOMENT, False, None),
    ],
)
def test_sight_is_fresh_from_the_first_instant_of_the_previous_working_day(began, fresh, stale_at):
    found = judged("2015-07-06T18:00", visits=[looked(began)])
    assert (found.status, found.fresh) == (Status.OVERDUE, fresh)
    assert found.stale_at == (at(stale_at) if stale_at else None)


def test_of_two_columns_in_which_it_may_lie_the_one_looked_at_longest_ago_counts():
    either = duty(Every(unit="month"), cells=[cell(listing(COLUMN, OWN, title="水质"))])
    visits = [looked(at("2015-07-02T06:00")), looked(at("2015-07-06T06:00"), column=OWN)]
    found = verdicts(either, "2015-07-06T18:00", visits=visits)["2015-06"]
    assert (found.status, found.fresh) == (Status.OVERDUE, False)
    assert found.cells[0].sighted_at == at("2015-07-02T06:05")


# -- on time by its own date, first seen late ----------------------------------------------------

LACKING = entry("水质公告", "2015-06-30", seen="2015-06-30T20:00", text="甲")


@pytest.mark.parametrize(
    ("lacked_at", "status"),
    [("2015-07-01T00:00", Status.MET_DISPUTED), ("2015-06-30T23:59:59.999999", Status.MET)],
)
def test_an_item_that_a_reading_after_the_claimed_day_lacked_is_disputed(lacked_at, status):
    again = changed(LACKING, lacked_at, title="水质公告。")
    one = changed(again, "2015-07-06", text="甲乙")
    assert judged("2015-07-08", entries=[one]).status == status


@pytest.mark.parametrize(
    ("began", "status"), [(timedelta(), Status.MET_DISPUTED), (-MOMENT, Status.MET)], ids=["as it ends", "before"]
)
def test_a_look_begun_as_the_claimed_day_ends_disputes_it(began, status):
    """Claimed for the 28th, first seen as it fell due."""
    found = judged("2015-07-08", entries=[SEEN_AS_DUE], visits=[looked(at("2015-06-29T00:00") + began)])
    assert found.status == status


def test_what_was_there_as_it_fell_due_was_not_there_before_it():
    """Its disputed items are said to be added only where the entry itself was seen in time."""
    looks = daily_visits("2015-06-01", "2015-06-30")
    late = judged("2015-07-08", entries=[SEEN_AS_DUE], visits=looks)
    assert (late.status, [one.late_item for one in late.cells]) == (Status.MET_DISPUTED, [False])
    put_in = changed(
        replace(SEEN_IN_TIME, versions=(replace(SEEN_IN_TIME.current, text="甲"),)), "2015-07-06", text="甲乙"
    )
    added = judged("2015-07-08", entries=[put_in], visits=looks)
    assert (added.status, [one.late_item for one in added.cells]) == (Status.MET_DISPUTED, [True])


@pytest.mark.parametrize(("seen", "awaits"), [("2015-06-30", True), ("2015-06-29", False)])
def test_a_date_that_lies_three_hundred_days_before_the_first_sighting_is_doubted(seen, awaits):
    """3 September 2014 lies 300 days before 30 June 2015."""
    one = entry("水质公告", "2014-09-03", seen=seen, text="甲乙")
    looks = daily_visits("2014-09-01", "2015-06-28")
    waits = [found for found in judged("2015-07-08", entries=[one], visits=looks).findings if found.awaits_person]
    assert bool(waits) is awaits


def test_what_bears_no_date_counts_from_the_beginning_of_the_last_visit_that_lacked_it():
    one = entry("水质公告", None, seen="2015-07-01T06:00", text="甲乙")
    looks = [looked(DUE - timedelta(minutes=2)), looked(at("2015-07-01T05:55"), at("2015-07-01T06:00"))]
    found = judged("2015-07-08", entries=[one], visits=looks)
    assert (found.status, found.proved_at) == (Status.MET, DUE - timedelta(minutes=2))


def test_a_claimed_instant_after_the_first_sighting_counts_from_the_sighting():
    one = entry("水质公告", "2015-07-02", seen="2015-06-30T20:00", text="甲乙")
    found = judged("2015-07-08", entries=[one])
    assert (found.status, found.proved_at) == (Status.MET, at("2015-06-30T20:00"))


# -- time alone ----------------------------------------------------------------------------------

APPROVED = EventRule("approved", "预算批复", needs=("year",), expected=day("2015-03-31"))
AWAITED = duty(Within(span=Span(20, "days"), event=APPROVED))


@pytest.mark.parametrize(
    ("now", "status", "next_at"),
    [
        ("2015-03-30T12:00", "upcoming", "2015-04-01T00:00"),
        ("2015-03-31T23:59", "upcoming", "2015-04-01T00:00"),
        ("2015-04-01T00:00", "clock-unknown", None),
    ],
)
def test_a_record_that_is_expected_wakes_as_its_day_ends(now, status, next_at):
    found = verdicts(AWAITED, now)["awaiting:approved"]
    assert (found.status, found.next_at) == (status, at(next_at) if next_at else None)


def test_something_of_what_does_not_open_yet_shows_yellow():
    """A report about June opens in July; one of its two items is out already."""
    past = duty(
        Every(unit="month", about="this", due_after_end=Span(10, "days")),
        cells=[cell(listing(title="水质"))], contents=items("甲", "乙"),
    )  # fmt: skip
    half = entry("6月份水质公告", "2015-06-20", text="甲")
    found = verdicts(past, "2015-06-25", entries=[half], visits=daily_visits("2015-06-01", "2015-06-25"))["2015-06"]
    assert (found.status, found.incomplete, found.light) == (Status.UPCOMING, True, Light.YELLOW)


def test_what_is_proved_stays_proved_where_the_duty_no_longer_applies():
    general = ruling("not-applicable", key("*"), recorded="2015-06-20")
    full = entry("水质公告", "2015-06-10", text="甲乙")
    found = verdicts(ONE, "2015-08-03", entries=[full], rulings=[general], visits=SINCE)
    assert (found["2015-06"].status, found["2015-07"].status) == (Status.MET, Status.NOT_APPLICABLE)
    assert verdicts(ONE, "2015-08-03", entries=[full], rulings=[ruling("waive", JUNE)])["2015-06"].status == "waived"


LISTED = (By(day=day("2015-07-31")), Every(unit="quarter", upkeep=True, upkeep_after=day("2015-07-31")))


@pytest.mark.parametrize(
    ("published", "status"), [("2015-12-31T23:59", Status.MET), ("2016-01-01T00:00", Status.CLOSED)]
)
def test_upkeep_is_not_owed_where_the_thing_itself_came_out_as_the_upkeep_fell_due(published, status):
    found = verdicts(
        duty(*LISTED), "2016-01-08", entries=[entry("权力清单", published, text="清单")],
        visits=daily_visits("2015-07-01", "2016-01-08"),
    )  # fmt: skip
    assert found["2015-Q4"].status == status


def test_the_event_of_one_part_leaves_the_net_of_another_part_of_the_same_label():
    formed = Within(span=Span(20, "workdays"), event=EventRule("formed", "信息形成"))
    parts = [
        Part("a", "甲", (formed,), own_deadline=True),
        Part("b", "乙", (Every(unit="quarter"),), own_deadline=True),
    ]
    asked = duty(parts=parts)
    found = verdicts(asked, "2015-07-10", events=[event("formed", "2015-05-11")],
                     visits=daily_visits("2015-01-01", "2015-07-10"))  # fmt: skip
    assert found["2015-Q2.b"].status == Status.OVERDUE


# -- slack ---------------------------------------------------------------------------------------

BUDGET = Within(span=Span(20, "days"), event=EVENT)
NAMED, PLAIN = cell(listing(title="{event.year}年.*预算")), cell(listing(title="预算"))
HAPPENED = event("approved", "2015-03-02", year="2015")


def budget(rule, source, *, published=None, reached="end", now="2015-04-10"):
    """The status of the budget of 2 March 2015, due on 23 March."""
    found = verdicts(
        duty(rule, cells=[source]), now, events=[HAPPENED],
        entries=[entry("2015年部门预算", published)] if published else [],
        visits=[visit("2015-04-09", reached)],
    )  # fmt: skip
    return found["event:approved:2015-03-02"].status.value


@pytest.mark.parametrize(
    ("slack", "published", "status"),
    [
        (30, "2015-01-31", "met"),  # 30 days before the event
        (30, "2015-01-30", "overdue"),
        (5, "2015-02-25", "met"),
        (5, "2015-02-24", "overdue"),
        (0, "2015-03-02", "met"),
        (0, "2015-03-01", "overdue"),
    ],
)
def test_an_entry_that_names_the_event_may_lie_so_many_days_before_it(slack, published, status):
    assert BUDGET.slack == 30  # where the rule says nothing
    assert budget(replace(BUDGET, slack=slack), NAMED, published=published) == status


@pytest.mark.parametrize(("published", "status"), [("2015-03-02", "met"), ("2015-03-01", "overdue")])
def test_an_entry_that_does_not_name_the_event_lies_on_its_day_or_later(published, status):
    assert budget(BUDGET, PLAIN, published=published) == status


@pytest.mark.parametrize(
    ("source", "slack", "reached", "status"),
    [
        (NAMED, 30, "2015-01-30", "overdue"),
        (NAMED, 30, "2015-01-31", "unverifiable"),  # of that day there may be more on the next page
        (NAMED, 5, "2015-02-24", "overdue"),
        (NAMED, 5, "2015-02-25", "unverifiable"),
        (PLAIN, 30, "2015-03-01", "overdue"),
        (PLAIN, 30, "2015-03-02", "unverifiable"),
    ],
)
def test_a_visit_must_reach_back_beyond_the_slack(source, slack, reached, status):
    assert budget(replace(BUDGET, slack=slack), source, reached=reached) == status


# -- which period, which event -------------------------------------------------------------------

WATER = cell(listing(title="水质"))
LOOKED = daily_visits("2014-12-01", "2015-08-31")


@pytest.mark.parametrize(
    ("published", "label"),
    [("2015-05-31", "2015-05"), ("2015-06-01", "2015-06"), ("2015-06-30", "2015-06"), ("2015-07-01", "2015-07")],
)
def test_an_entry_of_a_periods_first_or_last_day_is_that_periods(published, label):
    found = verdicts(
        duty(Every(unit="month"), cells=[WATER]), "2015-08-10", entries=[entry("水质公告", published)], visits=LOOKED
    )
    assert [name for name, verdict in found.items() if verdict.status is Status.MET] == [label]


def test_a_period_named_on_its_first_day_is_named_by_the_title():
    asked = duty(Every(unit="month", about="previous"), cells=[WATER])
    found = verdicts(asked, "2015-08-10", entries=[entry("7月份水质", "2015-07-01")], visits=LOOKED)["2015-07"]
    assert found.status == Status.MET
    assert "标题提到“7月份”" in found.findings[0].reason


def test_an_entry_of_the_last_day_does_not_close_its_own_period_late():
    """Each entry must hold all: the whole one of the last day does not stand for the half one before it."""
    asked = duty(Every(unit="month"), cells=[WATER], contents=items("甲", "乙", mode="each"))
    entries = [entry("水质公告", "2015-06-10", text="甲"), entry("水质公告", "2015-06-30", text="甲乙")]
    assert verdicts(asked, "2015-07-03", entries=entries, visits=LOOKED)["2015-06"].status == Status.INCOMPLETE


def nameless(published):
    """The budget's status where the record lacks the year that the title would name."""
    happened = event("approved", "2015-03-02")
    found = verdicts(
        duty(BUDGET, cells=[cell(listing(title="{event.year}.*预算"))]), "2015-04-10", events=[happened],
        entries=[entry("部门预算", published)], visits=LOOKED,
    )  # fmt: skip
    return found["event:approved:2015-03-02"].status


def test_where_the_record_lacks_the_field_an_entry_counts_from_the_events_day_on():
    assert (nameless("2015-03-02"), nameless("2015-03-01")) == (Status.MET, Status.OVERDUE)


@pytest.mark.parametrize(
    ("published", "words"), [("2015-03-02", "标题写明了该事项，"), ("2015-03-01", "标题写明了该事项，略早于起算日公开")]
)
def test_what_came_out_on_the_events_day_did_not_come_early(published, words):
    found = verdicts(
        duty(BUDGET, cells=[NAMED]), "2015-04-10", events=[HAPPENED], entries=[entry("2015年部门预算", published)]
    )
    (finding,) = found["event:approved:2015-03-02"].findings
    assert ("略早于" in finding.reason) is ("略早于" in words)
    assert "标题写明了该事项" in finding.reason


@pytest.mark.parametrize(("published", "is_named"), [("2015-04-23", True), ("2015-04-24", False)])
def test_an_entry_of_another_department_is_named_to_thirty_one_days_after_the_due_day(published, is_named):
    found = verdicts(
        duty(BUDGET, cells=[PLAIN]), "2015-05-10", events=[HAPPENED], entries=[entry("民政局预算", published)],
        visits=LOOKED,
    )  # fmt: skip
    assert bool(found["event:approved:2015-03-02"].findings) is is_named


@pytest.mark.parametrize(("seen", "status"), [(timedelta(), Status.MET_LATE), (-MOMENT, Status.INCOMPLETE)])
def test_what_was_put_up_again_as_the_first_one_went_proves_the_event_and_the_period(seen, status):
    gone_at = at("2015-04-05")
    first = replace(entry("2015年部门预算", "2015-04-01"), gone_at=gone_at, gone_status=404)
    again = replace(entry("2015年部门预算", "2015-04-05T09:00", seen="2015-04-05"), first_seen_at=gone_at + seen)
    of_event = verdicts(
        duty(BUDGET, cells=[PLAIN]), "2015-04-10", events=[HAPPENED], entries=[first, again], visits=LOOKED
    )
    assert of_event["event:approved:2015-03-02"].status == status
    in_period = replace(first, versions=(replace(first.current, claimed=day("2015-03-20")),))
    of_period = verdicts(
        duty(Every(unit="quarter"), cells=[PLAIN]), "2015-04-10", entries=[in_period, again], visits=LOOKED
    )
    assert of_period["2015-Q1"].status == status


@pytest.mark.parametrize(("seen", "status"), [("2015-07-10", Status.MET_LATE), ("2015-07-05", Status.INCOMPLETE)])
def test_what_closes_late_what_was_taken_down_was_put_up_since_all_of_it_went(seen, status):
    halves = [
        entry("水质公告", "2015-06-10", text="甲", gone="2015-07-02"),
        entry("水质补充公告", "2015-06-12", text="乙", gone="2015-07-10"),
    ]
    asked = duty(Every(unit="month"), cells=[WATER], contents=items("甲", "乙"))
    whole = entry("水质通报", seen, text="甲乙")
    assert verdicts(asked, "2015-07-15", entries=[*halves, whole], visits=LOOKED)["2015-06"].status == status
