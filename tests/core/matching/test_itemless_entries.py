"""An entry that matches and holds none of what is required proves nothing and accuses nobody: a person decides."""

from __future__ import annotations

import pytest

from tests.core.verdict.judging import (
    EVENT,
    OWN,
    attestation,
    cell,
    changed,
    daily_visits,
    duty,
    entry,
    event,
    items,
    key,
    listing,
    ruling,
    verdicts,
)
from tracker.core.law.duties import Contents, Every, Span, Within

JUNE, NOW = key("2015-06"), "2015-07-03"
LOOKED = daily_visits("2015-06-01", "2015-07-02") + daily_visits("2015-06-01", "2015-07-02", column=OWN)
LIST, KINDS, EACH = items("甲", "乙"), items("甲", "乙", mode="kinds"), items("甲", "乙", mode="each")
ADVISED = items("甲", advisory=["乙"])
TITLED = cell(listing(title="水质"))


def report(text: str | None, **how):
    return entry("水质公告", "2015-06-10", text=text, **how)


BARE, HALF, FULL = report("丙"), report("甲"), report("甲乙")
WITHDRAWN, CUT_DOWN = changed(FULL, "2015-06-20", text="丙"), changed(FULL, "2015-06-20", text="甲丙")
FILED = report("丙", files=[("附件.doc", None)])
READ = report("丙", files=[("附件.doc", "丁")])

# what must be held, the entries, status and light in the end
JUNES = [
    ("none", LIST, [BARE], "unverifiable grey"),
    ("none, and nor does its file", LIST, [READ], "unverifiable grey"),
    ("none, and its file was not read", LIST, [FILED], "unverifiable grey"),
    ("none, as yet unread", LIST, [report(None)], "unverifiable grey"),
    ("one of two", LIST, [HALF], "incomplete red"),
    ("one of two, beside one that holds none", LIST, [HALF, BARE], "incomplete red"),
    ("both, beside one that holds none", LIST, [FULL, BARE], "met green"),
    ("none any more", LIST, [WITHDRAWN], "incomplete red"),
    ("one any more", LIST, [CUT_DOWN], "incomplete red"),
    ("one since it was changed", LIST, [changed(BARE, "2015-06-20", text="甲")], "incomplete red"),
    ("none, and gone", LIST, [report("丙", gone="2015-06-20")], "overdue red"),
    ("both, and gone", LIST, [report("甲乙", gone="2015-06-20")], "incomplete red"),
    ("only what may be lacking", ADVISED, [report("乙")], "unverifiable grey"),
    ("all but what may be lacking", ADVISED, [HALF], "met green"),
    ("none of the kinds", KINDS, [BARE], "unverifiable grey"),
    ("one of the kinds, beside one that holds none", KINDS, [HALF, BARE], "met green"),
    ("each all, one of them none", EACH, [FULL, BARE], "unverifiable grey"),
    ("each all, one of them one", EACH, [FULL, HALF], "incomplete red"),
    ("each all, one of them one and one none", EACH, [HALF, BARE], "incomplete red"),
    ("nothing is required", Contents(), [BARE], "met green"),
    ("nothing matches", LIST, [entry("通知", "2015-06-10", text="丙")], "overdue red"),
]  # fmt: skip


@pytest.mark.parametrize(("contents", "entries", "status"), [row[1:] for row in JUNES], ids=[row[0] for row in JUNES])
def test_what_matching_entries_hold(contents, entries, status):
    found = verdicts(duty(Every(unit="month"), cells=[TITLED], contents=contents), NOW, entries=entries, visits=LOOKED)
    assert f"{found['2015-06'].status} {found['2015-06'].light}" == status


def test_the_person_is_told_what_is_to_be_decided():
    found = verdicts(duty(Every(unit="month"), cells=[TITLED], contents=LIST), NOW, entries=[BARE], visits=LOOKED)[
        "2015-06"
    ]
    assert found.reason == (
        "时限2015年6月30日已届满，有待认定：“环境保护”栏目：《水质公告》未见所要求的任何一项内容（甲、乙），"
        "待人工认定是否即为应公开的内容"
    )
    assert [(one.counts, one.awaits_person, one.lacks) for one in found.findings] == [(False, True, ("甲", "乙"))]


DECIDED = [
    ([BARE], [("accept", BARE)], "met"),
    ([BARE], [("reject", BARE)], "overdue"),
    ([BARE, HALF], [("reject", BARE)], "incomplete"),
    ([BARE, HALF], [("reject", HALF)], "unverifiable"),
    ([BARE, READ], [("reject", BARE)], "unverifiable"),  # the next of them is asked about
]


@pytest.mark.parametrize(("entries", "decisions", "status"), DECIDED)
def test_what_a_person_decides(entries, decisions, status):
    said = [ruling(kind, JUNE, one.url) for kind, one in decisions]
    asked = duty(Every(unit="month"), cells=[TITLED], contents=LIST)
    found = verdicts(asked, NOW, entries=entries, visits=LOOKED, rulings=said)
    assert found["2015-06"].status == status


@pytest.mark.parametrize(("one", "light"), [(BARE, "none"), (HALF, "yellow")])
def test_before_it_is_due_it_does_not_show_as_published_in_part(one, light):
    found = verdicts(duty(Every(unit="month"), cells=[TITLED], contents=LIST), "2015-06-12", entries=[one])["2015-06"]
    assert (found.status, found.light, found.incomplete) == ("open", light, light == "yellow")


def test_it_is_named_as_undecided_beside_what_is_missing_elsewhere():
    both = duty(Every(unit="month"), cells=[TITLED, cell(listing(OWN, channel="own-site"))], contents=LIST)
    found = verdicts(both, NOW, entries=[BARE], visits=LOOKED)["2015-06"]
    assert [one.state for one in found.cells] == ["unseen", "missing"]
    assert (
        found.reason.partition("；有待认定：")[0]
        == "应不晚于2015年6月30日公开齐全；2015年7月1日9时5分已完整检查“本局动态”栏目，未查到所要求的内容"
    )


def test_a_zero_report_stands_beside_it():
    asked = duty(Every(unit="month", zero_report=True), cells=[TITLED], contents=LIST)
    filed = [attestation(JUNE, "2015-06-20", kind="zero-report")]
    for one, status in ((BARE, "met"), (HALF, "incomplete")):
        assert verdicts(asked, NOW, entries=[one], visits=LOOKED, filings=filed)["2015-06"].status == status


def test_an_event_is_proved_by_what_holds_the_items_and_not_by_what_came_before():
    asked = duty(Within(span=Span(20, "days"), event=EVENT), cells=[TITLED], contents=LIST)
    happened = [event("approved", "2015-06-08", year="2015")]
    for entries, status in (([BARE], "unverifiable"), ([BARE, entry("水质公告", "2015-06-15", text="甲乙")], "met")):
        found = verdicts(asked, NOW, entries=entries, visits=LOOKED, events=happened)
        assert found["event:approved:2015-06-08"].status == status
