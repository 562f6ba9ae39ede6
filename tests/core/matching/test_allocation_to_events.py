"""Which event an entry proves, what it must hold, part by part and channel by channel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.verdict.judging import (
    END,
    EVENT,
    LOOKED,
    OWN,
    WATER,
    at,
    attestation,
    cell,
    daily_visits,
    duty,
    entry,
    event,
    filing,
    items,
    key,
    listing,
    proved,
    record,
    ruling,
    verdicts,
)
from tracker.core.law.duties import Contents, EventRule, Every, Item, Part, Span, Within

# -- which event ---------------------------------------------------------------------------------

BUDGET = Within(span=Span(20, "days"), event=EVENT)
NAMED = cell(listing(title="{event.year}年.*预算"))
PLAIN = cell(listing(title="预算"))
STEP = EventRule("approval-step", "审批环节")

# title, published, label proved
BUDGETS = [
    ("2015年环保局部门预算", "2015-03-20", "met"),
    ("２０１５年环保局部门预算", "2015-03-20", "met"),
    ("二〇一五年环保局部门预算", "2015-03-20", "met"),
    ("2015年环保局部门预算", "2015-03-23", "met"),
    ("2015年环保局部门预算", "2015-03-24", "met-late"),
    ("2015年环保局部门预算", "2015-03-02", "met"),
    ("2015年环保局部门预算", "2015-01-31", "met"),
    ("2015年环保局部门预算", "2015-01-30", "overdue"),
    ("2014年环保局部门预算", "2015-03-20", "overdue"),
    ("环保局部门预算", "2015-03-20", "overdue"),
]


@pytest.mark.parametrize(("title", "published", "status"), BUDGETS, ids=[f"{r[0]}-{r[1]}" for r in BUDGETS])
def test_event_named_by_its_fields(title, published, status):
    happened = event("approved", "2015-03-02", year="2015")
    found = verdicts(
        duty(BUDGET, cells=[NAMED]), END, entries=[entry(title, published)], events=[happened], visits=LOOKED
    )
    assert found["event:approved:2015-03-02"].status == status


def test_fields_are_plain_text_in_the_pattern():
    happened = event("approved", "2015-03-02", year="20.5")
    one = entry("2015年部门预算", "2015-03-20")
    found = verdicts(duty(BUDGET, cells=[NAMED]), END, entries=[one], events=[happened], visits=LOOKED)
    assert found["event:approved:2015-03-02"].status == "overdue"


def test_fields_may_be_typed_in_any_width():
    happened = event("approved", "2015-03-02", year="２０１５")
    one = entry("2015年部门预算", "2015-03-20")
    found = verdicts(duty(BUDGET, cells=[NAMED]), END, entries=[one], events=[happened], visits=LOOKED)
    assert found["event:approved:2015-03-02"].status == "met"


def test_unnamed_event_takes_nothing_from_before_its_day():
    happened = event("approved", "2015-03-02", year="2015")
    found = verdicts(
        duty(BUDGET, cells=[PLAIN]), END, entries=[entry("预算", "2015-03-01")], events=[happened], visits=LOOKED
    )
    assert found["event:approved:2015-03-02"].status == "overdue"


def test_oldest_event_first_and_one_entry_for_each():
    happened = [event("approved", "2015-03-02", year="2015"), event("approved", "2015-03-04", year="2015")]
    asked = duty(BUDGET, cells=[PLAIN])
    one, two = entry("预算甲", "2015-03-10"), entry("预算乙", "2015-03-12")
    found = verdicts(asked, END, entries=[two, one], events=happened, visits=LOOKED)
    assert proved(found) == "event:approved:2015-03-02 event:approved:2015-03-04"
    assert found["event:approved:2015-03-02"].proved_at == at("2015-03-10T00:00")
    found = verdicts(asked, END, entries=[one], events=happened, visits=LOOKED)
    assert proved(found) == "event:approved:2015-03-02"
    assert found["event:approved:2015-03-04"].status == "overdue"


def _by_people(how):
    """What people filed and decided about the first of two events, as facts."""
    first = key("event:approved:2015-03-02")
    paper = attestation(first, "2015-03-12")
    if how == "attested":
        return {"filings": [paper], "rulings": [ruling("accept", first, f"attestation:{paper.id}")]}
    if how == "recorded":
        return {"events": [event("record-answer", "2015-03-12", reference="2015-03-02")]}
    targets = {"entry accepted": "http://127.0.0.1/of-the-first.html", "elsewhere accepted": "http://elsewhere/"}
    kinds = {"waived": "waive", "not applicable": "not-applicable"}
    return {"rulings": [ruling(kinds.get(how, "accept"), first, targets.get(how, ""), recorded="2015-03-12")]}


@pytest.mark.parametrize(
    "how", ["attested", "entry accepted", "elsewhere accepted", "recorded", "waived", "not applicable"]
)
def test_event_that_people_settled_leaves_the_next_entry_to_the_next_event(how):
    happened = [event("approved", "2015-03-02"), event("approved", "2015-03-04")]
    said = _by_people(how)
    entries = [
        entry("公示", "2015-03-08", url="http://127.0.0.1/of-the-first.html"),
        entry("预算", "2015-03-20"),
        entry("预算", "2015-08-24"),
    ]
    asked = duty(BUDGET, cells=[cell(listing(title="预算"), record("record-answer"))])
    said["events"] = [*happened, *said.get("events", [])]
    second = verdicts(asked, END, entries=entries, visits=LOOKED, **said)["event:approved:2015-03-04"]
    assert (second.status, second.proved_at) == ("met", at("2015-03-20T00:00"))


def test_entry_that_an_accepted_paper_links_is_not_there_for_the_next_event():
    first, one = key("event:approved:2015-03-02"), entry("预算", "2015-03-10")
    paper = replace(attestation(first, "2015-03-12"), proof=one.url, form="link")
    happened = [event("approved", "2015-03-02"), event("approved", "2015-03-04")]
    said = [ruling("accept", first, f"attestation:{paper.id}")]
    asked = duty(BUDGET, cells=[PLAIN])
    found = verdicts(asked, END, entries=[one], events=happened, filings=[paper], rulings=said, visits=LOOKED)
    assert proved(found) == "event:approved:2015-03-02"


def test_shared_entry_proves_every_event_up_to_it():
    shared = Within(span=Span(0, "same-workday"), event=STEP, allows_shared_entries=True)
    happened = [event("approval-step", f"2015-03-0{n}") for n in (2, 3, 5)]
    one = entry("审批进展", "2015-03-03")
    found = verdicts(duty(shared), END, entries=[one], events=happened, visits=LOOKED)
    assert found["event:approval-step:2015-03-02"].status == "met-late"
    assert found["event:approval-step:2015-03-03"].status == "met"
    assert found["event:approval-step:2015-03-05"].status == "overdue"


def test_list_of_an_event_may_be_spread_over_several_entries():
    happened = event("approved", "2015-03-02", year="2015")
    asked = duty(BUDGET, cells=[PLAIN], contents=items("项级科目", "三公"))
    one, two = entry("预算", "2015-03-10", text="项级科目"), entry("预算补充", "2015-03-12", text="三公")
    found = verdicts(asked, END, entries=[two, one], events=[happened], visits=LOOKED)["event:approved:2015-03-02"]
    assert (found.status, found.proved_at) == ("met", at("2015-03-12T00:00"))


# -- contents ------------------------------------------------------------------------------------

# contents, texts of the entries of June, state of the cell
CONTENTS = [
    (items("甲", "乙"), ["甲乙"], "proved"),
    (items("甲", "乙"), ["甲", "乙"], "proved"),
    (items("甲", "乙"), ["甲", "甲"], "missing"),
    (items("甲", advisory=["乙"]), ["甲"], "proved"),
    (items("甲", "乙", mode="kinds"), ["乙"], "proved"),
    (items("甲", "乙", mode="kinds"), ["丙"], "unseen"),  # it matches and holds none: a person decides
    (items("甲", "乙", mode="each"), ["甲乙", "乙甲"], "proved"),
    (items("甲", "乙", mode="each"), ["甲乙", "甲"], "missing"),
    (Contents("all", (Item(("AQI",), number=(0, 500)), Item(names="day"))), ["6月5日AQI：65"], "proved"),
    (Contents("all", (Item(("AQI",), number=(0, 500)), Item(names="day"))), ["AQI：65"], "missing"),
    (Contents(), [""], "proved"),
    (items("甲"), [None], "unseen"),
]


@pytest.mark.parametrize(("contents", "texts", "state"), CONTENTS, ids=[f"{r[0].mode}-{r[1]}" for r in CONTENTS])
def test_contents_of_a_cell(contents, texts, state):
    asked = duty(Every(unit="month"), cells=[WATER], contents=contents)
    held = [entry("水质公告", "2015-06-10", text=text) for text in texts]
    (found,) = verdicts(asked, "2015-07-03", entries=held, visits=LOOKED)["2015-06"].cells
    assert found.state == state


def test_what_is_lacking_is_named():
    asked = duty(Every(unit="month"), cells=[WATER], contents=items("甲", "乙"))
    found = verdicts(asked, "2015-07-03", entries=[entry("水质公告", "2015-06-10", text="甲")], visits=LOOKED)[
        "2015-06"
    ]
    assert found.cells[0].missing_items == ("乙",)
    assert "未见“乙”" in found.reason
    assert found.findings[0].lacks == ("乙",)


def test_item_that_came_late_makes_the_cell_late_only_by_its_own_entry():
    asked = duty(Every(unit="month"), cells=[WATER], contents=items("甲", "乙"))
    held = [entry("水质公告", "2015-06-10", text="甲"), entry("水质补充公告", "2015-07-05", text="乙")]
    found = verdicts(asked, "2015-07-10", entries=held, visits=LOOKED)["2015-06"]
    assert (found.status, found.proved_at) == ("met-late", at("2015-07-05T00:00"))


def test_file_that_could_not_be_read_is_unseen_not_missing():
    asked = duty(Every(unit="month"), cells=[WATER], contents=items("甲"))
    one = entry("水质公告", "2015-06-10", text="见附件", files=[("附件.doc", None)])
    found = verdicts(asked, "2015-07-03", entries=[one], visits=LOOKED)["2015-06"]
    assert found.status == "unverifiable"
    assert found.findings[0].unread


# -- parts and channels --------------------------------------------------------------------------


def test_parts_are_proved_one_by_one():
    parts = [Part("water", "水环境质量", (Every(unit="month"),)), Part("sources", "污染源", (Every(unit="month"),))]
    cells = [cell(listing(title="水质"), part="water"), cell(listing(title="污染源"), part="sources")]
    asked = duty(parts=parts, cells=cells)
    found = verdicts(asked, "2015-07-03", entries=[entry("水质公告", "2015-06-10")], visits=LOOKED)["2015-06"]
    assert {one.part: one.state for one in found.cells} == {"water": "proved", "sources": "missing"}
    assert found.status == "incomplete"
    assert "污染源" in found.reason


def test_any_of_is_one_cell():
    asked = duty(Every(unit="month"), cells=[cell(listing(title="水质"), filing())])
    assert verdicts(asked, "2015-06-20", entries=[entry("水质", "2015-06-10")])["2015-06"].status == "met"
    paper = attestation(key("2015-06"), "2015-06-12")
    accepted = ruling("accept", key("2015-06"), f"attestation:{paper.id}")
    assert verdicts(asked, "2015-07-20", filings=[paper], rulings=[accepted])["2015-06"].status == "met"


def test_all_of_needs_each_channel():
    asked = duty(Every(unit="month"), cells=[cell(listing(title="水质")), cell(listing(OWN, channel="own-site"))])
    looked = [*LOOKED, *daily_visits("2015-06-01", "2015-07-03", column=OWN)]
    found = verdicts(asked, "2015-07-03", entries=[entry("水质", "2015-06-10")], visits=looked)["2015-06"]
    assert [one.state for one in found.cells] == ["proved", "missing"]
    assert "本局动态" in found.reason
