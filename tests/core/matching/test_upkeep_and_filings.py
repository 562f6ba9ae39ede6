"""Standing things and their upkeep, nets and zero reports, records, and what people decide."""

from __future__ import annotations

import pytest

from tests.core.verdict.judging import (
    END,
    EVENT,
    FORMED,
    LOOKED,
    PAGE,
    TIMELY,
    WATER,
    at,
    attestation,
    cell,
    changed,
    daily_visits,
    day,
    duty,
    entry,
    event,
    filing,
    items,
    key,
    listing,
    proved,
    reasons,
    record,
    ruling,
    verdicts,
    visit,
)
from tracker.core.law.duties import By, Every, Part, Span, Within

BUDGET = Within(span=Span(20, "days"), event=EVENT)
PLAIN = cell(listing(title="预算"))


# -- standing things and upkeep ------------------------------------------------------------------

LISTED = (By(day=day("2015-07-31")), Every(unit="quarter", upkeep=True, upkeep_after=day("2015-07-31")))


def test_standing_thing_may_have_any_age():
    found = verdicts(duty(*LISTED), "2015-08-03", entries=[entry("权力清单", "2012-03-01")], visits=LOOKED)
    assert found["once"].status == "met"


def test_only_the_end_of_the_list_is_far_enough_for_a_standing_thing():
    for reached, status in (("end", "overdue"), ("2011-01-01", "unverifiable")):
        found = verdicts(duty(*LISTED), "2015-08-03", visits=[visit("2015-08-01", reached)])
        assert found["once"].status == status


def test_upkeep_begins_after_the_thing_is_due():
    assert set(verdicts(duty(*LISTED), END)) == {"once", "2015-Q4"}


LIST = entry("权力清单", "2015-07-20", text="清单")
REDESIGNED = changed(LIST, "2015-11-02", claimed=at("2015-07-20T09:30"), text="清单，已修订")
GONE = entry("权力清单", "2015-07-20", text="清单", gone="2016-01-20")
NEXT = entry("权力清单（2016年版）", "2016-01-20", text="新的清单")
UPKEEP = [
    # what happened, status of the upkeep period
    ("untouched", [LIST], [], "overdue"),
    ("changed in it", [changed(LIST, "2015-11-02", text="清单，已修订")], [], "met"),
    ("changed before it", [changed(LIST, "2015-09-02", text="清单，已修订")], [], "overdue"),
    ("changed after it", [changed(LIST, "2016-01-12", text="清单，已修订")], [], "met-late"),
    ("new date in it", [changed(LIST, "2016-01-05", claimed=day("2015-12-30"))], [], "met"),
    ("only read more often", [changed(LIST, "2015-11-02", text=f"浏览次数：35\n{LIST.current.text}")], [], "overdue"),
    ("changed in it, the hour printed too", [REDESIGNED], [], "met"),
    ("read again, the same", [changed(LIST, "2015-11-02", state="unreadable", text=None)], [], "overdue"),
    ("changed in it, another edition since", [changed(GONE, "2015-11-02", text="清单，已修订"), NEXT], [], "met"),
    ("untouched, another edition since", [GONE, NEXT], [], "met-late"),
    ("new entry in it", [LIST, entry("权力清单（修订）", "2015-11-02")], [], "met"),
    ("said to be right", [LIST], [attestation(key("2015-Q4"), "2015-12-20", kind="upkeep")], "met"),
    ("said so late", [LIST], [attestation(key("2015-Q4"), "2016-01-20", kind="upkeep")], "met-late"),
    ("thing never there", [], [], "closed"),
    ("thing taken down", [entry("权力清单", "2015-07-20", gone="2015-11-01")], [], "closed"),
    ("thing there after it", [entry("权力清单", "2016-01-20")], [], "closed"),
]


@pytest.mark.parametrize(("entries", "filings", "status"), [r[1:] for r in UPKEEP], ids=[r[0] for r in UPKEEP])
def test_upkeep(entries, filings, status):
    found = verdicts(duty(*LISTED), END, entries=entries, filings=filings, visits=LOOKED)
    assert found["2015-Q4"].status == status


def test_people_decide_about_upkeep_too():
    fourth = key("2015-Q4")
    paper = attestation(fourth, "2015-12-20")
    revised = changed(LIST, "2015-11-02", text="清单，已修订")
    said = {
        "accepted": ([LIST], [], [ruling("accept", fourth, LIST.url)], "met"),
        "filed": ([LIST], [paper], [], "unverifiable"),
        "filed and accepted": ([LIST], [paper], [ruling("accept", fourth, f"attestation:{paper.id}")], "met"),
        "rejected": ([revised], [], [ruling("reject", fourth, LIST.url)], "overdue"),
    }
    for entries, filings, rulings, status in said.values():
        found = verdicts(duty(*LISTED), END, entries=entries, filings=filings, rulings=rulings, visits=LOOKED)
        assert found["2015-Q4"].status == status
        assert found["once"].status == "met"


def test_change_seen_late_counts_from_the_last_visit_that_lacked_it():
    """The site could not be reached over the turn of the year: the change may have been in time."""
    one = changed(LIST, "2016-01-06", text="清单，已修订")
    looked = [*daily_visits("2015-08-01", "2015-12-28"), visit("2016-01-06")]
    assert verdicts(duty(*LISTED), END, entries=[one], visits=looked)["2015-Q4"].status == "met"


def test_page_proves_itself_while_it_answers():
    asked = duty(*LISTED, cells=[cell(listing(PAGE, kind="page"))], contents=items("在线举报"))
    page = entry("在线举报", None, seen="2015-07-20", text="在线举报入口", column=PAGE, url="http://127.0.0.1/page")
    looked = daily_visits("2015-07-01", "2015-10-02", column=PAGE, reached=None)
    found = verdicts(asked, END, entries=[page], visits=looked)
    assert (found["once"].status, found["2015-Q4"].status) == ("met", "met")
    bare = entry("在线举报", None, seen="2015-07-20", text="建设中", column=PAGE, url="http://127.0.0.1/page")
    bare = changed(bare, "2015-07-21", title="网站")
    found = verdicts(asked, END, entries=[bare], visits=[visit("2015-08-03", None, column=PAGE)])
    assert found["once"].status == "overdue"


def test_page_looked_at_only_after_the_quarter_was_up_in_it():
    asked = duty(*LISTED, cells=[cell(listing(PAGE, kind="page"))])
    page = entry("在线举报", None, seen="2015-07-20", column=PAGE)
    looked = [visit("2015-07-20", None, column=PAGE), visit("2016-01-05", None, column=PAGE)]
    assert verdicts(asked, END, entries=[page], visits=looked)["2015-Q4"].status == "met"


# -- nets, events, zero reports ------------------------------------------------------------------


def test_period_with_an_event_is_judged_by_the_event_alone():
    happened = event(FORMED.name, "2015-05-11")
    found = verdicts(duty(*TIMELY), END, events=[happened], visits=LOOKED)
    assert found["2015-Q2"].status == "closed"
    assert "信息形成或变更" in found["2015-Q2"].reason
    assert found["event:information-formed:2015-05-11"].status == "overdue"
    assert found["2015-Q3"].status == "overdue"


def test_net_of_another_part_stays():
    parts = [Part(name, name, TIMELY if name == "a" else TIMELY[1:], own_deadline=True) for name in ("a", "b")]
    found = verdicts(duty(parts=parts), END, events=[event(FORMED.name, "2015-05-11")], visits=LOOKED)
    assert (found["2015-Q2.a"].status, found["2015-Q2.b"].status) == ("closed", "overdue")


def zero(label="2015-Q2", filed="2015-06-29"):
    return attestation(key(label), filed, kind="zero-report")


def test_zero_report_proves_at_once():
    found = verdicts(duty(*TIMELY), END, filings=[zero()], visits=LOOKED)
    assert found["2015-Q2"].status == "met"
    assert verdicts(duty(*TIMELY), END, filings=[zero(filed="2015-07-03")])["2015-Q2"].status == "met-late"


def test_zero_report_falls_when_an_entry_appears():
    asked = duty(*TIMELY, cells=[WATER], contents=items("甲", "乙"))
    one = entry("水质公告", "2015-05-05", text="甲")
    found = verdicts(asked, END, entries=[one], filings=[zero()], visits=LOOKED)["2015-Q2"]
    assert found.status == "incomplete"
    assert found.reason.endswith("未见“乙”；此前报送的零报告因本期已有公开内容而失效")
    assert "零报告失效" in " ".join(finding.reason for finding in found.findings)


def test_fallen_zero_report_is_named_beside_what_proves_the_period():
    asked = duty(*TIMELY, cells=[WATER])
    held = [entry("水质公告", "2015-05-05")]
    found = verdicts(asked, END, entries=held, filings=[zero()], visits=LOOKED)["2015-Q2"]
    assert found.status == "met"
    assert found.reason == "2015年5月5日已公开，未超过时限2015年6月30日；此前报送的零报告因本期已有公开内容而失效"
    before = verdicts(asked, END, filings=[zero()], visits=LOOKED)["2015-Q2"]
    assert "失效" not in before.reason


def test_zero_report_only_where_it_is_allowed():
    found = verdicts(duty(Every(unit="quarter")), END, filings=[zero()], visits=LOOKED)["2015-Q2"]
    assert found.status == "overdue"
    assert "不接受零报告" in found.findings[0].reason


# -- records -------------------------------------------------------------------------------------


def test_answer_is_recorded_under_the_same_reference():
    asked = duty(Within(span=Span(15, "workdays"), event=EVENT), cells=[cell(record("record-answer"))])
    happened = [event("approved", "2015-03-02", reference=name) for name in ("A1", "A2")]
    answer = event("record-answer", "2015-03-10", reference="A2")
    found = verdicts(asked, END, events=[*happened, answer])
    assert found["event:approved:A1"].status == "overdue"
    assert found["event:approved:A2"].status == "met"


def test_own_report_is_recorded_in_the_period():
    asked = duty(Every(unit="month", zero_report=True), cells=[cell(record("record-circular"))])
    found = verdicts(asked, END, events=[event("record-circular", "2015-05-20")], filings=[zero("2015-06")])
    assert proved(found) == "2015-05 2015-06"
    assert found["2015-04"].status == "overdue"


# -- people last ---------------------------------------------------------------------------------

OFF = entry("无关标题", "2015-06-10")
ON = entry("水质公告", "2015-06-10", seen="2015-07-05")


def test_accepted_entry_beats_every_pattern():
    accepted = ruling("accept", key("2015-06"), OFF.url)
    asked = duty(Every(unit="month", about="previous"), cells=[WATER], contents=items("甲"))
    found = verdicts(asked, END, entries=[OFF], rulings=[accepted], visits=LOOKED)["2015-06"]
    assert found.status == "met"
    assert "经县府办李某认定采信" in found.findings[0].reason


def test_accepted_as_seen_counts_from_the_first_sighting():
    asked = duty(Every(unit="month"), cells=[WATER])
    plain = ruling("accept", key("2015-06"), ON.url)
    seen = ruling("accept", key("2015-06"), ON.url, as_seen=True)
    assert verdicts(asked, END, entries=[ON], visits=LOOKED)["2015-06"].status == "met-disputed"
    assert verdicts(asked, END, entries=[ON], rulings=[plain], visits=LOOKED)["2015-06"].status == "met"
    found = verdicts(asked, END, entries=[ON], rulings=[seen], visits=LOOKED)["2015-06"]
    assert (found.status, found.proved_at) == ("met-late", at("2015-07-05"))


def test_rejected_entry_does_not_count_there():
    one = entry("水质公告", "2015-06-10")
    rejected = ruling("reject", key("2015-06"), one.url)
    found = verdicts(duty(Every(unit="month"), cells=[WATER]), END, entries=[one], rulings=[rejected], visits=LOOKED)
    assert found["2015-06"].status == "overdue"
    assert "不予采信" in reasons(found, "2015-06")


def test_rejected_entry_closes_nothing_either():
    one = entry("水质公告", "2015-07-10")
    rejected = ruling("reject", key("2015-06"), one.url)
    found = verdicts(duty(Every(unit="month"), cells=[WATER]), END, entries=[one], rulings=[rejected], visits=LOOKED)
    assert found["2015-06"].status == "overdue"
    assert found["2015-07"].status == "met"


def test_latest_decision_stands():
    one = entry("水质公告", "2015-06-10")
    said = [
        ruling("reject", key("2015-06"), one.url, recorded="2015-07-02"),
        ruling("accept", key("2015-06"), one.url, recorded="2015-07-03"),
    ]
    asked = duty(Every(unit="month"), cells=[WATER])
    for order in (said, said[::-1]):
        assert verdicts(asked, END, entries=[one], rulings=order, visits=LOOKED)["2015-06"].status == "met"


def test_decision_about_one_part_leaves_the_others():
    parts = [Part(name, name, (Every(unit="month"),)) for name in ("a", "b")]
    asked = duty(parts=parts, cells=[cell(listing(title="甲"), part="a"), cell(listing(title="乙"), part="b")])
    accepted = ruling("accept", key("2015-06"), OFF.url, part="a")
    found = verdicts(asked, END, entries=[OFF], rulings=[accepted], visits=LOOKED)["2015-06"]
    assert [one.state for one in found.cells] == ["proved", "missing"]


def test_entry_given_to_one_event_is_not_there_for_another():
    happened = [event("approved", "2015-03-02"), event("approved", "2015-03-04")]
    one = entry("预算", "2015-03-10")
    accepted = ruling("accept", key("event:approved:2015-03-04"), one.url)
    found = verdicts(
        duty(BUDGET, cells=[PLAIN]), END, entries=[one], events=happened, rulings=[accepted], visits=LOOKED
    )
    assert proved(found) == "event:approved:2015-03-04"


def test_attestation_counts_once_accepted():
    asked = duty(Every(unit="month"), cells=[cell(filing())])
    paper = attestation(key("2015-06"), "2015-07-02", claimed="2015-06-20")
    found = verdicts(asked, END, filings=[paper])["2015-06"]
    assert found.status == "unverifiable"
    assert found.findings[0].awaits_person
    said = {kind: ruling(kind, key("2015-06"), f"attestation:{paper.id}") for kind in ("accept", "reject")}
    assert verdicts(asked, END, filings=[paper], rulings=[said["accept"]])["2015-06"].status == "met"
    assert verdicts(asked, END, filings=[paper], rulings=[said["reject"]])["2015-06"].status == "overdue"


def test_paper_beside_what_is_proved_already_asks_nobody():
    asked = duty(Every(unit="month"), cells=[WATER])
    paper = attestation(key("2015-06"), "2015-06-20")
    found = verdicts(asked, END, entries=[entry("水质公告", "2015-06-10")], filings=[paper], visits=LOOKED)["2015-06"]
    assert (found.status, [one.awaits_person for one in found.findings]) == ("met", [False, False])


def test_attestation_of_an_attested_channel_says_nothing_about_the_site():
    asked = duty(Every(unit="month"), cells=[WATER, cell(filing())])
    paper = attestation(key("2015-06"), "2015-06-20")
    accepted = ruling("accept", key("2015-06"), f"attestation:{paper.id}")
    found = verdicts(asked, END, filings=[paper], rulings=[accepted], visits=LOOKED)["2015-06"]
    assert [one.state for one in found.cells] == ["missing", "proved"]


def test_accepted_address_that_the_crawl_never_saw_counts_from_the_decision():
    accepted = ruling("accept", key("2015-06"), "http://elsewhere.example/1.html", recorded="2015-07-02")
    found = verdicts(duty(Every(unit="month"), cells=[WATER]), END, rulings=[accepted], visits=LOOKED)["2015-06"]
    assert (found.status, found.proved_at) == ("met-late", at("2015-07-02"))
