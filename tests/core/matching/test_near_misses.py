"""Why an entry was not taken, for whoever asks why nothing was found."""

from __future__ import annotations

import pytest

from tests.core.verdict.judging import (
    CALENDAR,
    COUNTY,
    EVENT,
    attestation,
    cell,
    changed,
    day,
    duty,
    entry,
    event,
    items,
    key,
    listing,
    occurrences,
    ruling,
)
from tracker.core.law.duties import By, Every, Span, Within
from tracker.core.matching.near_misses import MAX_SHOWN, find_near_misses
from tracker.core.values.facts import Facts

WATER = cell(listing(title="水质"))
MONTH = duty(Every(unit="month"), cells=[WATER])
NAMED = duty(Within(span=Span(20, "days"), event=EVENT), cells=[cell(listing(title="{event.year}年.*预算"))])
PLAIN = duty(Within(span=Span(20, "days"), event=EVENT), cells=[cell(listing(title="预算"))])
LISTED = duty(By(day=day("2015-07-31")), Every(unit="quarter", upkeep=True, upkeep_after=day("2015-07-31")))
HAPPENED = (event("approved", "2015-03-02", year="2015"), event("approved", "2015-03-04", year="2014"))
SECOND = "event:approved:2015-03-04"


def asked(one, label, entries, events=(), **people):
    owed = occurrences(one, events)
    facts = Facts(tuple(entries), (), tuple(events), **people)
    (wanted,) = [this for this in owed if this.label == label]
    return find_near_misses(one, one.assignments[0], owed, facts, COUNTY, CALENDAR, wanted)


# duty, label, events, title, published, words
MISSES = [
    (MONTH, "2015-06", (), "空气质量", "2015-06-10", "标题中没有“水质”"),
    (MONTH, "2015-07", (), "水质公告", "2015-06-30", "已计入2015年6月"),
    (MONTH, "2015-06", (), "水质公告", "2014-12-30", "2014年12月30日公开，公开日期和标题所写时期均不属于2015年6月"),
    (MONTH, "2015-07", (), "民政局水质公告", "2015-06-30", "标题写明单位为“民政局”，不属于环保局"),
    (NAMED, SECOND, HAPPENED, "2015年预算", "2015-03-10", "标题中没有该事项应有的字样"),
    (PLAIN, SECOND, HAPPENED, "预算", "2015-03-10", "已计入预算批复（2015年3月2日）"),
    (PLAIN, SECOND, HAPPENED, "预算", "2015-03-01", "2015年3月1日公开，早于起算日（2015年3月4日）"),
    (NAMED, "awaiting:approved", (), "2015年预算", "2015-03-01", "时限起算依据尚未登记，不能判断"),
    (PLAIN, "awaiting:approved", (), "预算", "2015-03-01", "时限起算依据尚未登记，不能判断"),
    (LISTED, "2015-Q4", (), "权力清单", "2015-07-20", "已计入限2015年7月31日的事项"),
]


@pytest.mark.parametrize(
    ("one", "label", "events", "title", "published", "words"), MISSES, ids=[f"{r[1]}-{r[3]}-{r[4]}" for r in MISSES]
)
def test_why_an_entry_was_passed_over(one, label, events, title, published, words):
    found = asked(one, label, [entry(title, published)], events)
    assert ([miss.reason for miss in found.nearest], found.more) == ([words], 0)
    assert not found.nearest[0].counts


def test_what_is_among_the_findings_is_not_told_twice():
    held = [entry("水质公告", "2015-06-10"), entry("民政局水质公告", "2015-06-11")]
    assert asked(MONTH, "2015-06", held).nearest == ()


def test_the_nearest_come_first_and_the_rest_is_counted():
    held = [entry("空气质量", f"2015-{month:02}-{n:02}") for month in (4, 5, 7, 8) for n in range(1, 21)]
    found = asked(MONTH, "2015-06", held)
    assert (len(found.nearest), found.more) == (MAX_SHOWN, len(held) - MAX_SHOWN)
    months = {miss.at.month for miss in found.nearest}
    assert months == {5, 7}
    assert found.nearest[0].at.date() == day("2015-07-01")


def test_event_that_people_settled_says_so():
    first = key("event:approved:2015-03-02")
    paper = attestation(first, "2015-03-06")
    said = {"filings": (paper,), "rulings": (ruling("accept", first, f"attestation:{paper.id}"),)}
    found = asked(PLAIN, "event:approved:2015-03-02", [entry("预算", "2015-03-10")], HAPPENED[:1], **said)
    assert [miss.reason for miss in found.nearest] == ["2015年3月10日公开，此前已有公开或经认定的内容"]


def test_changed_thing_is_a_finding_of_its_own():
    one = changed(entry("清单", "2015-07-20", text="甲"), "2015-11-02", text="甲乙")
    assert asked(LISTED, "2015-Q4", [one]).nearest == ()
    assert asked(duty(contents=items("甲")), "2015-12", []).nearest == ()
