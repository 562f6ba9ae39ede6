"""What holds of every judgement, whatever was seen, filed and said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.verdict.judging import (
    CALENDAR,
    COUNTY,
    EVENT,
    OWN,
    PAGE,
    TIMELY,
    at,
    attestation,
    cell,
    changed,
    day,
    duty,
    entry,
    event,
    filing,
    items,
    key,
    listing,
    occurrences,
    ruling,
    visit,
)
from tests.examples import examples
from tracker.core.law.duties import By, Every, Span, Within
from tracker.core.matching.near_misses import find_near_misses
from tracker.core.matching.texts import TextIndex
from tracker.core.values.facts import Facts, VisitOutcome
from tracker.core.values.verdicts import Light, Status
from tracker.core.verdict.questions import JudgedGroup, list_questions
from tracker.core.verdict.status import judge

WITHIN = Within(span=Span(20, "workdays"), event=EVENT)
LISTED = (By(day=day("2015-04-30")), Every(unit="quarter", upkeep=True, upkeep_after=day("2015-04-30")))
DUTIES = {
    "monthly, previous": duty(cells=[cell(listing(title="水质"))], contents=items("甲", "乙")),
    "monthly, this": duty(Every(unit="month", about="this"), cells=[cell(listing(), listing(OWN, channel="own-site"))]),
    "timely": duty(*TIMELY, contents=items("甲", "乙", mode="kinds")),
    "nobody's": duty(Every(unit="quarter"), cells=[cell(listing(publisher="department"), filing())]),
    "each": duty(Every(unit="quarter"), contents=items("甲", mode="each")),
    "named event": duty(WITHIN, cells=[cell(listing(title="{event.year}年"))]),
    "event": duty(WITHIN, cells=[cell(listing(publisher="department")), cell(filing())], contents=items("甲")),
    "shared event": duty(replace(WITHIN, allows_shared_entries=True)),
    "listed": duty(*LISTED, cells=[cell(listing(PAGE, kind="page", channel="pages")), cell(listing())]),
}
EVENTS = (
    event("approved", "2015-02-03", year="2015"),
    event("approved", "2015-04-01", year="2014"),
    event("information-formed", "2015-05-04"),
)
OWED = {name: occurrences(one, EVENTS) for name, one in DUTIES.items()}
FIRST, SPAN = day("2015-01-01"), 240


days = st.integers(0, SPAN).map(lambda n: (FIRST + timedelta(days=n)).isoformat())
columns = st.sampled_from(["county-site/environment", "county-site/environment", OWN, PAGE])


@st.composite
def entries(draw):
    claimed = draw(st.none() | days)
    start = day(claimed) if claimed else FIRST
    seen = (start + timedelta(days=draw(st.integers(0, 60)))).isoformat()
    title = draw(st.sampled_from(["水质公告", "3月份水质", "2015年水质", "环保局1-6月水质", "民政局水质", "通知"]))
    text = draw(st.sampled_from(["甲乙", "甲", "乙", "", None, REPORT, REPORT]))
    dates = [("tag", claimed), ("line", draw(days))] if claimed and draw(st.booleans()) else []
    hollow = (day(seen) + timedelta(days=40)).isoformat() if draw(st.integers(0, 5)) == 0 else None
    gone = (day(seen) + timedelta(days=draw(st.integers(1, 30)))).isoformat() if draw(st.integers(0, 5)) == 0 else None
    one = entry(
        title, claimed, seen=seen, text=text, column=draw(columns), gone=gone,
        gone_status=draw(st.sampled_from([404, 200])), hollow=hollow, dates=dates,
    )  # fmt: skip
    if draw(st.integers(0, 3)) == 0:
        later = (day(seen) + timedelta(days=draw(st.integers(1, 60)))).isoformat()
        one = changed(one, later, text=draw(st.sampled_from(["甲乙", "丙", REPORT])), state="read")
        if claimed and draw(st.booleans()):
            one = changed(one, later, claimed=day(draw(days)))
    return one


reach = st.sampled_from(["end", "end", None, "2014-12-01", "2015-03-15"])
visits = st.builds(
    lambda began, reached, column, outcome: visit(began, reached, column=column, outcome=outcome),
    days, reach, columns,
    st.sampled_from([VisitOutcome.READ, VisitOutcome.READ, VisitOutcome.UNREACHABLE, VisitOutcome.NOT_FOUND]),
)  # fmt: skip
labels = st.sampled_from(["2015-03", "2015-Q1", "2015-Q2", "2015-Q3", "once", "event:approved:2015-02-03"])
filings = st.builds(
    lambda label, on, kind: attestation(key(label), on, kind=kind),
    labels, days, st.sampled_from(["attestation", "zero-report", "upkeep"]),
)  # fmt: skip


@st.composite
def facts(draw, *, people=True, gone=True):
    held = draw(st.lists(entries(), max_size=8))
    if not gone:
        held = [replace(one, gone_at=None, gone_status=None) for one in held]
    papers = draw(st.lists(filings, max_size=3)) if people else []
    targets = [one.url for one in held] + [f"attestation:{one.id}" for one in papers] + ["elsewhere"]
    said = [
        ruling(
            draw(st.sampled_from(["accept", "reject", "waive"])),
            key(draw(labels)),
            draw(st.sampled_from(targets)),
            recorded=draw(days),
            as_seen=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(0, 3)) if people else 0)
    ]
    seen = draw(st.lists(visits, max_size=10))
    return Facts(tuple(held), tuple(seen), EVENTS, tuple(papers), tuple(said))


REPORT = (
    "甲乙断面高锰酸盐指数3.2毫克每升，氨氮0.42毫克每升，总磷0.08毫克每升，溶解氧7.6毫克每升，达标率100%，同比持平。"
)


names = st.sampled_from(sorted(DUTIES))
nows = days.map(at)


def verdicts(name, held, now, owed=None):
    one = DUTIES[name]
    return judge(one, one.assignments[0], owed or OWED[name], held, COUNTY, CALENDAR, now)


@examples(40)
@given(names, facts(), nows, st.randoms(use_true_random=False))
def test_order_of_facts_and_occurrences_does_not_matter(name, held, now, random):
    def mixed(values):
        return tuple(random.sample(values, len(values)))

    other = Facts(*(mixed(one) for one in (held.entries, held.visits, held.events, held.filings, held.rulings)))
    assert verdicts(name, other, now, mixed(OWED[name])) == verdicts(name, held, now)


def asked(name, held, now, owed=None):
    """The list of what is to be decided, with what was settled."""
    one = DUTIES[name]
    group = JudgedGroup(
        one, one.assignments[0], owed or OWED[name], verdicts(name, held, now), held.entries, held.rulings
    )
    return list_questions(COUNTY, [group], TextIndex(held.entries), settled=True)


@examples(40)
@given(names, facts(), nows, st.randoms(use_true_random=False))
def test_order_does_not_matter_for_what_is_to_be_decided(name, held, now, random):
    def mixed(values):
        return tuple(random.sample(values, len(values)))

    other = Facts(*(mixed(one) for one in (held.entries, held.visits, held.events, held.filings, held.rulings)))
    assert asked(name, other, now, mixed(OWED[name])) == asked(name, held, now)


@examples(25)
@given(names, facts(), nows, st.data())
def test_every_entry_that_was_considered_is_listed_with_a_reason(name, held, now, data):
    """Counting or not: dated back, gone, rejected, of another department, period or event, unread."""
    one = DUTIES[name]
    wanted = data.draw(st.sampled_from(OWED[name]))
    found = verdicts(name, held, now)[wanted.key]
    beside = find_near_misses(one, one.assignments[0], OWED[name], held, COUNTY, CALENDAR, wanted)
    looked = {
        key for cell in one.assignments[0].cells if cell.part in wanted.parts for s in cell.sources for key in s.columns
    }
    listed = {finding.about: finding.reason for finding in (*found.findings, *beside.nearest)}
    assert {entry.url for entry in held.entries if entry.column in looked} <= listed.keys()
    assert all(listed.values())


@examples(25)
@given(names, facts(), nows)
def test_flags_change_no_status(name, held, now):
    """Neither the doubt whether a page is empty, nor a likeness, nor dates that disagree. The words may say more."""
    plain = tuple(
        replace(
            one,
            hollow_at=None,
            versions=tuple(replace(version, dates=(), fingerprint="") for version in one.versions),
        )
        for one in held.entries
    )
    assert wordless(verdicts(name, replace(held, entries=plain), now)) == wordless(verdicts(name, held, now))


def wordless(found):
    return {
        key: replace(
            one,
            reason="",
            cells=tuple(replace(cell, reason="") for cell in one.cells),
            findings=tuple(replace(finding, reason="") for finding in one.findings),
        )
        for key, one in found.items()
    }


@examples(40)
@given(names, facts(gone=False), nows)
def test_unreachable_site_never_yields_overdue_or_missing(name, held, now):
    """Every visit failed: what is looked for on the site is never held against the department."""
    blind = replace(held, visits=tuple(replace(one, outcome=VisitOutcome.UNREACHABLE) for one in held.visits))
    for found in verdicts(name, blind, now).values():
        assert all(cell.state != "missing" for cell in found.cells if not cell.filed_only)
        if not any(cell.filed_only for cell in found.cells):
            assert found.light is not Light.RED


@examples(35)
@given(names, facts(gone=False), nows)
def test_without_a_look_nothing_is_red(name, held, now):
    for found in verdicts(name, replace(held, visits=()), now).values():
        if not any(cell.filed_only for cell in found.cells):
            assert found.light is not Light.RED


@examples(35)
@given(names, facts(), nows)
def test_red_names_what_is_missing_and_is_past_due(name, held, now):
    due = {one.key: one.due_at for one in OWED[name]}
    for one, found in verdicts(name, held, now).items():
        assert found.reason
        if found.light is Light.RED:
            assert now >= due[one]
            assert any(cell.state == "missing" for cell in found.cells)
        assert found.next_at is None or found.next_at > now


#: An entry that is in time for its period whatever else there is, and the period.
IN_TIME = [
    ("monthly, previous", "3月份水质", "2015-04-10", "2015-04"),
    ("monthly, this", "水质公告", "2015-03-10", "2015-03"),
    ("timely", "水质公告", "2015-03-10", "2015-Q1"),
    ("named event", "2015年水质", "2015-02-10", "event:approved:2015-02-03"),
    ("shared event", "水质公告", "2015-02-10", "event:approved:2015-02-03"),
    ("shared event", "水质公告", "2015-04-10", "event:approved:2015-04-01"),
]


@pytest.mark.parametrize(("name", "title", "published", "label"), IN_TIME, ids=[f"{r[0]}-{r[3]}" for r in IN_TIME])
@examples(8)
@given(facts(people=False), nows)
def test_on_time_matching_entry_never_makes_its_period_worse(name, title, published, label, held, now):
    more = replace(held, entries=(*held.entries, entry(title, published, text="甲乙", url="http://127.0.0.1/new")))
    found = verdicts(name, more, now)[key(label)]
    assert found.status is Status.MET


@examples(35)
@given(names, facts(), nows)
def test_whatever_awaits_a_person_is_put_before_one(name, held, now):
    for found in verdicts(name, held, now).values():
        asked = {one.cell for one in found.findings if one.awaits_person}
        assert asked == {cell.cell for cell in found.cells if cell.awaits} or found.status in _RELEASED


_RELEASED = (Status.WAIVED, Status.NOT_APPLICABLE, Status.CLOSED)

_WORSE = {Status.MET: 0, Status.MET_DISPUTED: 1, Status.MET_LATE: 1, Status.UNVERIFIABLE: 2}


@examples(35)
@given(st.sampled_from(["monthly, previous", "monthly, this", "timely", "event", "shared event"]), facts(people=False))
def test_further_entry_never_makes_any_period_worse(name, held):
    now = at("2016-02-01")
    more = replace(held, entries=(*held.entries, entry("环保局3月份水质", "2015-04-10", text="甲乙")))
    before, after = verdicts(name, held, now), verdicts(name, more, now)
    for one, found in after.items():
        assert _WORSE.get(found.status, 3) <= _WORSE.get(before[one].status, 3)


def test_an_entry_whose_date_was_renewed_is_in_time_beside_one_that_is_late():
    renewed = entry("环保局水质公告", "2015-04-11", text="甲乙", url="http://127.0.0.1/renewed")
    [now_dated] = renewed.versions
    earlier = replace(now_dated, claimed=day("2015-02-09"), seen_at=at("2015-04-10"))
    renewed = replace(renewed, versions=(earlier, now_dated), first_seen_at=at("2015-04-10"))
    late = entry("环保局3月份水质", "2015-04-10", text="甲乙")
    for entries in ((renewed,), (renewed, late)):
        found = verdicts("shared event", Facts(entries=entries), at("2016-02-01"))
        assert found[key("event:approved:2015-02-03")].status is Status.MET


@examples(20)
@given(names, facts(), nows)
def test_judging_twice_gives_the_same(name, held, now):
    assert verdicts(name, held, now) == verdicts(name, held, now)


@examples(20)
@given(names, facts(), nows)
def test_nothing_changes_before_next_at(name, held, now):
    found = verdicts(name, held, now)
    upcoming = [at for one in found.values() for at in (one.next_at, one.stale_at) if at]
    then = min(upcoming, default=now + timedelta(days=90)) - timedelta(seconds=1)
    again = verdicts(name, held, max(now, then))
    kept = [(one.status, one.light, one.reason, one.fresh) for one in found.values()]
    assert [(one.status, one.light, one.reason, one.fresh) for one in again.values()] == kept
