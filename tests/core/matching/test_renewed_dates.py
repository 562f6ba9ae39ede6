"""A site that writes a new date over a report: it goes by the earliest date that no complete visit contradicts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.matching.june import DOWN, JUNE, ONE, SHALLOW
from tests.core.verdict.judging import (
    EVENT,
    WATER,
    cell,
    changed,
    day,
    duty,
    entry,
    event,
    listing,
    reasons,
    ruling,
    verdicts,
    visit,
)
from tracker.core.law.duties import By, Every, Span, Within
from tracker.core.values.facts import Entry

LACKED = [visit("2015-06-10"), visit("2015-06-25")]
BEFORE = [visit("2015-06-10"), visit("2015-06-20T12:00")]  # the day that it claims is not over
SEEN = "2015-07-03"


def report(*dates: str | None, text: str = "甲乙", seen: str = SEEN) -> Entry:
    """A report under one date after another: first seen on 3 July, changed on the 10th, 11th …"""
    made = entry("水质公告", dates[0], seen=seen, text=text)
    for number, claimed in enumerate(dates[1:]):
        made = changed(made, f"2015-07-{10 + number}", claimed=None if claimed is None else day(claimed))
    return made


def concluded(where: str) -> Entry:
    made = report("2015-06-20", "2015-07-10")
    return replace(made, versions=(replace(made.versions[0], claimed_from=where), made.current))


OVER = changed(
    report("2015-06-20"), "2015-07-10", claimed=day("2015-07-10"), text="甲乙丙丁：与前文完全不同的另一篇公告"
)

# the report, the visits before it was first seen; June, due on the 30th
JUNES = [
    ("renewed once", report("2015-06-20", "2015-07-10"), [], "met"),
    ("renewed once, looked for before its day was over", report("2015-06-20", "2015-07-10"), BEFORE, "met"),
    ("renewed once, no look was complete", report("2015-06-20", "2015-07-10"), SHALLOW, "met"),
    ("renewed once, nobody could look", report("2015-06-20", "2015-07-10"), DOWN, "met"),
    ("renewed once, and a complete visit lacked it", report("2015-06-20", "2015-07-10"), LACKED, "met-disputed"),
    ("renewed twice", report("2015-06-20", "2015-07-05", "2015-07-11"), [], "met"),
    ("renewed within the time, then after it", report("2015-06-20", "2015-06-28", "2015-07-11"), LACKED, "met"),
    ("renewed, and set back", report("2015-06-20", "2015-07-10", "2015-06-20"), [], "met"),
    ("renewed, and its date taken away", report("2015-06-20", "2015-07-10", None), [], "met"),
    ("its date taken away", report("2015-06-20", None), [], "met"),
    ("late before it was renewed", report("2015-07-02", "2015-07-10"), [], "met-late"),
    ("dated back", report("2015-07-02", "2015-06-20"), [], "met"),
    ("dated back, and a complete visit lacked it", report("2015-07-02", "2015-06-20"), LACKED, "met-disputed"),
    ("first seen in time", report("2015-06-20", "2015-07-10", seen="2015-06-22"), LACKED, "met"),
    ("its first date was concluded from its address", concluded("url"), [], "met-late"),
    ("its first date was concluded from the rows beside it", concluded("inferred"), [], "met-late"),
    ("its first date stood in the list", concluded("listing"), [], "met"),
    ("another text under the later date", OVER, [], "met-late"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "visits", "status"), [row[1:] for row in JUNES], ids=[row[0] for row in JUNES])
@pytest.mark.parametrize("asked", ["by a day", "by its publication"])
def test_a_report_whose_date_was_renewed(asked, one, visits, status):
    by_day = duty(By(day=date(2015, 6, 30)), cells=[cell(listing(title="水质"))])
    found = verdicts(
        *((by_day, "2015-07-20") if asked == "by a day" else (ONE, "2015-07-20")), entries=[one], visits=visits
    )
    expected = "met" if one is OVER and asked == "by its publication" else status  # there, each text by itself
    assert found["once" if asked == "by a day" else "2015-06"].status == expected


def test_it_says_both_dates():
    found = verdicts(ONE, "2015-07-20", entries=[report("2015-06-20", "2015-07-10")])["2015-06"]
    assert reasons({"": found}, "") == ("先后标注2015年6月20日、2015年7月10日公开，2015年7月3日首次查到，未超过时限")


# what the title names, when it was dated, the month for which it is proved in time
NAMED = [
    ("6月份水质", ("2015-07-20", "2015-08-12"), "2015-07"),
    ("水质（6月）", ("2015-07-31", "2015-08-12"), "2015-07"),
    ("水质", ("2015-07-20", "2015-08-12"), "2015-07"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "dates", "month"), NAMED, ids=[row[0] for row in NAMED])
def test_where_periods_are_named(title, dates, month):
    one = changed(entry(title, dates[0], seen="2015-08-03"), "2015-08-12", claimed=day(dates[1]))
    found = verdicts(duty(Every(unit="month", about="previous"), cells=[WATER]), "2015-08-20", entries=[one])
    assert found[month].status == "met"
    assert ("标题未提到时期，按公开日期计" in reasons(found, month)) == ("月" not in title)


def test_a_date_before_the_period_proves_nothing_of_it():
    old = report("2015-05-20", "2015-07-10")
    found = verdicts(duty(Every(unit="month"), cells=[WATER]), "2015-07-20", entries=[old])
    assert [found[f"2015-0{month}"].status for month in (5, 6, 7)] == ["met", "met-late", "met"]


def test_of_an_event_it_goes_by_the_first_date_after_it():
    budget = duty(Within(span=Span(20, "days"), event=EVENT), cells=[cell(listing(title="预算"))])
    one = changed(entry("部门预算", "2015-03-20", seen="2015-03-25"), "2015-04-02", claimed=day("2015-04-02"))
    found = verdicts(budget, "2015-04-10", entries=[one], events=[event("approved", "2015-03-02", year="2015")])
    assert found["event:approved:2015-03-02"].status == "met"


# what a person decides of a report that a complete visit lacked
DECIDED = [(("accept", {}), "met"), (("accept", {"as_seen": True}), "met-late"), (("reject", {}), "unverifiable")]


@pytest.mark.parametrize(("decision", "status"), DECIDED, ids=["accepted", "accepted-as-seen", "rejected"])
def test_what_a_person_decides_stands(decision, status):
    one, (kind, how) = report("2015-06-20", "2015-07-10"), decision
    said = [ruling(kind, JUNE, one.url, **how)]
    assert verdicts(ONE, "2015-07-20", entries=[one], visits=LACKED, rulings=said)["2015-06"].status == status
