"""Every rule of matching: which period, which department, which event, contents, standing things, nets, people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging import (
    COLUMN,
    COUNTY,
    EVENT,
    FORMED,
    OWN,
    PAGE,
    TIMELY,
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
    record,
    ruling,
    verdicts,
    visit,
)

from tracker.core.duties import By, Contents, EventRule, Every, Item, Part, Span, Within

WATER = cell(listing(title="水环境|水质"))
LOOKED = daily_visits("2014-12-01", "2016-03-10")
END = "2016-03-10"
PROVED = ("met", "met-late", "met-disputed")


def proved(found, *, late: bool | None = None):
    """Labels that are proved, sorted; `late` picks those proved late, or on time."""
    kept = {None: PROVED, True: ("met-late",), False: ("met", "met-disputed")}[late]
    return " ".join(sorted(label for label, verdict in found.items() if verdict.status in kept))


def reasons(found, label):
    return " | ".join(finding.reason for finding in found[label].findings)


# -- which period --------------------------------------------------------------------------------

# about, unit, due, title, published, on time, late
PERIODS = [
    ("publication", "month", {}, "水质公告", "2015-06-30", "2015-06", ""),
    ("publication", "month", {}, "5月份水质公告", "2015-06-10", "2015-06", ""),
    ("previous", "month", {}, "6月份水环境质量状况", "2015-07-05", "2015-07", ""),
    ("previous", "month", {}, "6月份水环境质量状况", "2015-08-05", "", "2015-07"),
    ("previous", "month", {}, "6月份水环境质量状况", "2015-06-29", "2015-06", ""),
    ("previous", "month", {}, "6月、7月份水环境质量状况", "2015-08-05", "2015-08", "2015-07"),
    ("previous", "month", {}, "12月份水环境质量状况", "2015-01-08", "2015-01", ""),
    ("previous", "month", {}, "1-6月水环境质量状况", "2015-07-05", "2015-07", ""),
    ("previous", "month", {}, "水环境质量状况", "2015-07-05", "2015-07", ""),
    ("previous", "month", {}, "水环境质量状况", "2015-08-05", "2015-08", ""),
    ("previous", "month", {}, "2015年12月水环境质量状况", "2015-07-05", "2015-07", ""),
    ("previous", "month", {"due_day": 15}, "6月份水环境质量状况", "2015-07-15", "2015-07", ""),
    ("previous", "month", {"due_day": 15}, "6月份水环境质量状况", "2015-07-16", "", "2015-07"),
    ("previous", "quarter", {}, "二季度水质", "2015-07-20", "2015-Q3", ""),
    ("previous", "quarter", {}, "二季度水质", "2015-10-20", "", "2015-Q3"),
    ("previous", "quarter", {}, "1-9月水质", "2015-10-20", "2015-Q4", ""),
    ("previous", "half-year", {}, "2014年下半年水质", "2015-02-20", "2015-H1", ""),
    ("previous", "year", {}, "2014年度水质", "2015-05-20", "2015", ""),
    ("previous", "year", {}, "2014年度水质", "2016-01-20", "", "2015"),
    ("previous", "day", {}, "6月5日水质", "2015-06-06", "2015-06-06", ""),
    ("previous", "day", {}, "6月5日水质", "2015-06-05", "2015-06-05", ""),
    ("previous", "day", {}, "6月5日水质", "2015-06-07", "", "2015-06-06"),
    ("previous", "day", {}, "6月5日至7日水质", "2015-06-08", "2015-06-08", "2015-06-06 2015-06-07"),
    ("this", "month", {"due_past": Span(10, "days")}, "6月份水质", "2015-07-10", "2015-06", ""),
    ("this", "month", {"due_past": Span(10, "days")}, "6月份水质", "2015-07-11", "", "2015-06"),
    ("this", "month", {"due_past": Span(10, "days")}, "水质月报", "2015-07-08", "2015-06", ""),
    ("this", "month", {"due_past": Span(10, "days")}, "水质月报", "2015-07-25", "", "2015-06"),
    ("this", "month", {}, "6月份水质", "2015-06-29", "2015-06", ""),
    ("this", "month", {}, "6月份水质", "2015-07-05", "", "2015-06"),
]


@pytest.mark.parametrize(
    ("about", "unit", "due", "title", "published", "on_time", "late"),
    PERIODS,
    ids=[f"{r[0]}-{r[1]}-{r[3]}-{r[4]}" for r in PERIODS],
)
def test_period_an_entry_proves(about, unit, due, title, published, on_time, late):
    asked = duty(Every(unit=unit, about=about, **due), cells=[WATER])
    found = verdicts(asked, END, entries=[entry(title, published)], visits=LOOKED)
    if about == "publication":
        found = {label: verdict for label, verdict in found.items() if label >= published[:7]}
    assert (proved(found, late=False), proved(found, late=True)) == (on_time, late)


def test_earlier_period_is_closed_late_by_the_first_later_entry_and_both_stand():
    asked = duty(Every(unit="quarter"), cells=[WATER])
    found = verdicts(
        asked, END, entries=[entry("水质公告", "2015-08-20"), entry("水质公告", "2015-09-01")], visits=LOOKED
    )
    assert {label: verdict.status.value for label, verdict in found.items()} == {
        "2015-Q1": "met-late",
        "2015-Q2": "met-late",
        "2015-Q3": "met",
        "2015-Q4": "overdue",
    }
    assert found["2015-Q1"].proved_at == at("2015-08-20T00:00")
    assert "补公开" in reasons(found, "2015-Q1")


def test_what_closed_an_earlier_period_and_is_gone_reopens_it():
    asked = duty(Every(unit="quarter"), cells=[WATER])
    one = entry("水质公告", "2015-04-20", gone="2015-05-02", url="http://127.0.0.1/taken-down")
    found = verdicts(asked, "2015-05-05", entries=[one], visits=LOOKED)["2015-Q1"]
    assert found.status == "incomplete"
    assert "http://127.0.0.1/taken-down" in found.reason
    again = entry("水质通报", "2015-05-04")
    assert verdicts(asked, "2015-05-05", entries=[one, again], visits=LOOKED)["2015-Q1"].status == "met-late"


def test_named_figures_close_no_other_period():
    found = verdicts(duty(cells=[WATER]), END, entries=[entry("8月份水质", "2015-09-05")], visits=LOOKED)
    assert proved(found) == "2015-09"


def test_name_in_the_text_is_not_read():
    one = entry("水质月报", "2015-08-05", text="与6月份相比有所好转")
    assert proved(verdicts(duty(cells=[WATER]), END, entries=[one], visits=LOOKED)) == "2015-08"


def test_entry_about_another_period_is_named_where_it_came_out():
    found = verdicts(duty(cells=[WATER]), END, entries=[entry("6月份水质", "2015-08-05")], visits=LOOKED)
    assert "标题提到“6月份”，为2015年7月应公开的内容，不计入2015年8月" in reasons(found, "2015-08")


def test_claimed_date_after_the_first_sighting_does_not_count():
    one = entry("水质公告", "2015-09-30", seen="2015-06-10")
    found = verdicts(duty(Every(unit="month"), cells=[WATER]), END, entries=[one], visits=LOOKED)
    assert found["2015-06"].status == "met"
    assert found["2015-09"].status == "overdue"


def test_undated_entry_has_the_last_complete_visit_that_lacked_it():
    one = entry("水质公告", None, seen="2015-07-02")
    asked = duty(Every(unit="month"), cells=[WATER])
    seen = [visit("2015-06-30T18:00"), visit("2015-07-02"), visit("2015-08-02")]
    assert verdicts(asked, END, entries=[one], visits=seen)["2015-06"].status == "met"
    assert verdicts(asked, END, entries=[one], visits=seen[1:])["2015-06"].status == "met-late"


def test_day_off_belongs_to_no_working_day():
    one = entry("水质公告", "2015-06-06")  # a Saturday
    found = verdicts(duty(Every(unit="workday"), cells=[WATER]), "2015-06-20", entries=[one], visits=LOOKED)
    assert found["2015-06-05"].status == "met-late"
    assert found["2015-06-08"].status == "overdue"


# -- which department ----------------------------------------------------------------------------

# publisher, column, title, listed, source, counts, awaits a person, words of the reason
DEPARTMENTS = [
    ("any", COLUMN, "水质公告", "", "", True, False, "未超过截止时间"),
    ("any", COLUMN, "环保局水质公告", "", "", True, False, "未超过截止时间"),
    ("any", COLUMN, "民政局水质公告", "", "", False, False, "标题点名“民政局”，不属于环保局"),
    ("any", COLUMN, "民政局、环保局水质公告", "", "", True, False, "未超过截止时间"),
    ("any", COLUMN, "水质公告", "民政局", "", True, False, "未超过截止时间"),
    ("department", OWN, "民政局水质公告", "", "", True, False, "未超过截止时间"),
    (
        "department",
        "county-site/focus@minzheng",
        "环保局水质公告",
        "",
        "",
        False,
        False,
        "栏目属于民政局，不属于环保局",
    ),
    ("department", COLUMN, "县环境保护局水质公告", "民政局", "民政局", True, False, "未超过截止时间"),
    ("department", COLUMN, "水质公告", "", "样例县环保局", True, False, "未超过截止时间"),
    ("department", COLUMN, "水质公告", "环保局", "", True, False, "未超过截止时间"),
    ("department", COLUMN, "水质公告", "", "民政局", False, False, "发布机构为“民政局”，不属于环保局"),
    ("department", COLUMN, "水质公告", "", "", False, True, "标题和发布机构均未指明部门，待县政府办公室认定"),
    ("department", COLUMN, "水质公告", "", "信息中心", False, True, "均未指明部门"),
    ("department", COLUMN, "卫生局、民政局水质公告", "", "", False, False, "均不属于环保局"),
    ("department", COLUMN, "环保局、民政局水质公告", "", "", False, True, "标题同时提到环保局、民政局，发布机构不明"),
    ("department", COLUMN, "环保局、民政局水质公告", "", "环保局", True, False, "未超过截止时间"),
]


@pytest.mark.parametrize(
    ("publisher", "column", "title", "listed", "source", "counts", "awaits", "words"),
    DEPARTMENTS,
    ids=["-".join(r[:5]) for r in DEPARTMENTS],
)
def test_publisher_of_an_entry(publisher, column, title, listed, source, counts, awaits, words):
    asked = duty(Every(unit="month"), cells=[cell(listing(column, title="水质", publisher=publisher))])
    one = entry(title, "2015-06-10", column=column, publisher=listed, source=source)
    looked = daily_visits("2015-06-01", "2015-07-03", column=column)
    found = verdicts(asked, "2015-07-03", entries=[one], visits=looked)["2015-06"]
    (finding,) = found.findings
    assert (finding.counts, finding.unattributed) == (counts, awaits)
    assert words in finding.reason
    assert found.status == ("met" if counts else "unverifiable" if awaits else "overdue")


def test_longer_name_hides_the_shorter_one_inside_it():
    """计生卫生局 is the 人计局; the 卫生局 must not be read into its name."""
    merged = replace(COUNTY.departments["renji"], aliases=("计生卫生局",))
    county = replace(COUNTY, departments={**COUNTY.departments, "renji": merged})
    one = entry("计生卫生局关于医疗机构目录的公告", "2015-06-10")
    for department, status in (("renji", "met"), ("weisheng", "overdue")):
        asked = duty(Every(unit="month"), cells=[cell(listing(publisher="department"))], department=department)
        assert verdicts(asked, "2015-07-03", entries=[one], visits=LOOKED, county=county)["2015-06"].status == status


def test_joint_duty_is_proved_by_either_of_them():
    asked = duty(Every(unit="month"), cells=[cell(listing(publisher="department"))], department="huanbao+minzheng")
    found = verdicts(asked, "2015-06-20", entries=[entry("民政局通报", "2015-06-10")])
    assert found["2015-06"].status == "met"


def test_joint_duty_may_be_named_by_all_of_them():
    asked = duty(Every(unit="month"), cells=[cell(listing(publisher="department"))], department="huanbao+minzheng")
    found = verdicts(asked, "2015-06-20", entries=[entry("民政局、环保局联合通报", "2015-06-10")])
    assert found["2015-06"].status == "met"


NOBODYS = duty(Every(unit="quarter"), cells=[cell(listing(title="水质", publisher="department"))])


def test_later_entry_of_nobody_asks_a_person_once_for_the_period_it_may_close():
    held = [entry("水质公告", "2015-04-20"), entry("水质公告", "2015-05-20")]
    found = verdicts(NOBODYS, "2015-06-01", entries=held, visits=LOOKED)["2015-Q1"]
    assert found.status == "unverifiable"
    assert "有待认定：“环境保护”：《水质公告》标题和发布机构均未指明部门" in found.reason
    assert [(one.about, one.unattributed) for one in found.findings] == [(held[0].url, True)]
    assert all(one.awaits for one in found.cells)


def test_next_later_entry_comes_up_when_the_first_is_rejected():
    held = [entry("水质公告", "2015-04-20"), entry("水质公告", "2015-05-20")]
    said = [ruling("reject", key("2015-Q1"), held[0].url)]
    found = verdicts(NOBODYS, "2015-06-01", entries=held, rulings=said, visits=LOOKED)["2015-Q1"]
    assert [one.about for one in found.findings if one.unattributed] == [held[1].url]


def test_nobody_is_asked_about_what_is_gone():
    one = entry("水质公告", "2015-02-20", gone="2015-03-01")
    found = verdicts(NOBODYS, "2015-04-10", entries=[one], visits=LOOKED)["2015-Q1"]
    assert (found.status, [one.unattributed for one in found.findings]) == ("overdue", [False])


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
    shared = Within(span=Span(0, "same-workday"), event=STEP, shared=True)
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
    (items("甲", "乙", mode="kinds"), ["丙"], "missing"),
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
    assert "未见乙" in found.reason
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
UPKEEP = [
    # what happened, status of the upkeep period
    ("untouched", [LIST], [], "overdue"),
    ("changed in it", [changed(LIST, "2015-11-02", text="清单，已修订")], [], "met"),
    ("changed before it", [changed(LIST, "2015-09-02", text="清单，已修订")], [], "overdue"),
    ("changed after it", [changed(LIST, "2016-01-12", text="清单，已修订")], [], "met-late"),
    ("new date in it", [changed(LIST, "2016-01-05", claimed=day("2015-12-30"))], [], "met"),
    ("read again, the same", [changed(LIST, "2015-11-02", state="unreadable", text=None)], [], "overdue"),
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
    assert found.reason.endswith("未见乙；此前报送的零报告因本期已有公开内容而失效")
    assert "零报告失效" in " ".join(finding.reason for finding in found.findings)


def test_fallen_zero_report_is_named_beside_what_proves_the_period():
    asked = duty(*TIMELY, cells=[WATER])
    held = [entry("水质公告", "2015-05-05")]
    found = verdicts(asked, END, entries=held, filings=[zero()], visits=LOOKED)["2015-Q2"]
    assert found.status == "met"
    assert found.reason == "2015年5月5日已公开，未超过截止时间2015年6月30日；此前报送的零报告因本期已有公开内容而失效"
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
    assert found.findings[0].unattributed
    said = {kind: ruling(kind, key("2015-06"), f"attestation:{paper.id}") for kind in ("accept", "reject")}
    assert verdicts(asked, END, filings=[paper], rulings=[said["accept"]])["2015-06"].status == "met"
    assert verdicts(asked, END, filings=[paper], rulings=[said["reject"]])["2015-06"].status == "overdue"


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
