"""The one list of what the county office is to decide: what is asked, of what, and what to type."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.verdict.judging import (
    COUNTY,
    at,
    attestation,
    cell,
    changed,
    day,
    duty,
    entry,
    filing,
    items,
    key,
    listing,
    occurrences,
    ruling,
    verdicts,
    visit,
)
from tracker.core.law.duties import Every, Part
from tracker.core.matching.texts import TextIndex
from tracker.core.values.facts import Attachment
from tracker.core.verdict.questions import KINDS, JudgedGroup, list_questions

JUNE = key("2015-06")
MONTHLY = duty(Every(unit="month"), cells=[cell(listing(title="水质"))])
OWNED = duty(Every(unit="month"), cells=[cell(listing(title="水质", publisher="department"))])
FILED = duty(Every(unit="month"), cells=[cell(filing())])
PARTED = duty(
    parts=[Part("water", "水", (Every(unit="month"),)), Part("air", "气", (Every(unit="month"),))],
    cells=[cell(listing(title="水质"), part="water"), cell(listing(title="空气"), part="air")],
)
BACK = entry("水质公告", "2015-06-30", seen="2015-07-06", url="http://127.0.0.1/a.html?id=1&x=2")
SINCE = [visit("2015-06-29"), visit("2015-07-01T00:00")]


def listed(asked, *, settled=False, now="2015-07-08", **facts):
    group = JudgedGroup(
        asked,
        asked.assignments[0],
        occurrences(asked),
        {key(label): one for label, one in verdicts(asked, now, **facts).items()},
        facts.get("entries", ()),
        facts.get("rulings", ()),
    )
    return list_questions(COUNTY, [group], TextIndex(facts.get("entries", ())), settled=settled)


def test_what_is_dated_back():
    (one,) = listed(MONTHLY, entries=[BACK], visits=SINCE)
    assert (one.kind, one.kind_zh, one.status) == ("disputed", "公开日期存疑", "公开日期存疑")
    assert (one.occurrence, one.department, one.duty, one.period, one.due) == (
        JUNE, "环保局", "水环境质量", "2015年6月", "2015年6月30日",
    )  # fmt: skip
    assert (one.target, one.title, one.since) == (BACK.url, "水质公告", at("2015-07-06"))
    assert "标注2015年6月30日公开，2015年7月6日首次查到" in one.question
    assert one.accept == f"duban evidence accept {JUNE} '{BACK.url}' --by … --reason …"
    assert one.reject == f"duban evidence reject {JUNE} '{BACK.url}' --by … --reason …"


def test_an_item_put_into_an_old_article_or_its_files():
    asked = duty(Every(unit="month"), cells=[cell(listing(title="水质"))], contents=items("甲", "乙"))
    first = entry("水质公告", "2015-06-10", text="甲", files=[("附件.xls", "无")])
    put_in = changed(first, "2015-07-06", attachments=(Attachment("附件.xls", "http://127.0.0.1/附件.xls", "乙"),))
    (one, *_) = listed(asked, entries=[put_in], visits=SINCE)
    assert one.kind == "disputed"
    assert "部分内容此后检查未查到，时限届满后首次查到" in one.question


def test_a_match_that_nobody_can_attribute():
    (one,) = listed(OWNED, entries=[entry("水质公告", "2015-06-10", url="http://127.0.0.1/u.html")], visits=SINCE)
    assert (one.kind, one.target) == ("unattributed", "http://127.0.0.1/u.html")
    assert "待人工认定是否属于环保局" in one.question
    assert one.occurrence == JUNE  # the earlier periods it would close come up once that is decided


def test_a_proof_that_was_filed():
    paper = attestation(JUNE, "2015-06-20")
    (one,) = listed(FILED, filings=[paper])
    assert (one.kind, one.target, one.title) == ("attestation", f"attestation:{paper.id}", "汇报材料.pdf")
    assert one.accept == f"duban evidence accept {JUNE} attestation:{paper.id} --by … --reason …"


def test_part_is_named_where_there_are_several():
    (one,) = listed(PARTED, entries=[BACK, entry("空气", "2015-06-10")], visits=SINCE)
    assert (one.part, one.accept.endswith(" --part water --by … --reason …")) == ("water", True)


@pytest.mark.parametrize(("kind", "status"), [("accept", "met"), ("reject", "overdue")])
def test_either_answer_takes_it_off_the_list(kind, status):
    said = [ruling(kind, JUNE, BACK.url, recorded="2015-07-07")]
    facts = {"entries": [BACK], "visits": SINCE, "rulings": said}
    assert listed(MONTHLY, **facts) == []
    assert verdicts(MONTHLY, "2015-07-08", **facts)["2015-06"].status == status


def test_what_was_settled_is_shown_on_demand():
    moved = changed(entry("水质公告", "2015-06-10"), "2015-06-20", claimed=day("2015-06-12"))
    said = [ruling("accept", JUNE, moved.url, recorded="2015-06-22")]
    assert listed(MONTHLY, entries=[moved], rulings=said) == []
    (one,) = listed(MONTHLY, entries=[moved], rulings=said, settled=True)
    assert (one.kind, one.settled) == ("redated", "县府办李某于2015年6月22日认定采信")


def test_what_was_settled_and_taken_back_is_asked_again():
    said = [ruling("accept", JUNE, BACK.url, recorded="2015-07-07")]
    back = ruling("revoke", JUNE, f"ruling:{said[0].id}", recorded="2015-07-08")
    facts = {"entries": [BACK], "visits": SINCE}
    assert listed(MONTHLY, rulings=said, **facts) == []
    (one,) = listed(MONTHLY, rulings=[*said, back], **facts)
    assert (one.kind, one.settled) == ("disputed", "")


def test_nothing_is_asked_of_what_fell_due_before_the_county_began():
    county = replace(COUNTY, start=day("2015-07-01"))
    found = verdicts(MONTHLY, "2015-07-08", entries=[BACK], visits=SINCE, county=county)
    judged = {key(label): one for label, one in found.items()}
    group = JudgedGroup(MONTHLY, MONTHLY.assignments[0], occurrences(MONTHLY), judged, [BACK], ())
    assert list_questions(county, [group], TextIndex([BACK])) == []


def test_the_list_goes_from_what_changes_a_status_to_what_is_only_doubtful():
    moved = changed(entry("水质公告", "2015-05-10"), "2015-05-20", claimed=day("2015-05-12"))
    found = [one.kind for one in listed(MONTHLY, entries=[moved, BACK], visits=SINCE)]
    assert found == ["disputed", "redated"]  # asked once, though it closes the months before as well
    assert set(found) <= set(KINDS)
