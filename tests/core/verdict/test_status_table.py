"""The design's status table: a row for every line, and for every clause in a line.

The duty is a monthly one of the 环保局 on the column 环境保护, judged for June 2015 (due on the 30th).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.matching.june import (
    ACROSS,
    AGAIN,
    ANSWERED,
    ATTESTED,
    BEFORE,
    BOTH,
    COPY,
    DATED_BACK,
    DEEP,
    DOUBTED,
    DOWN,
    EACH_DAY,
    EMPTIED,
    FILED_IN,
    FIRST_LATE,
    FULL,
    GONE,
    HALF,
    HOUR_BACK,
    LAST_DAY,
    LATE,
    NONE_AROSE,
    NONE_AROSE_LATE,
    NOT_OURS,
    NOTHING,
    ONE,
    OWN_TOO,
    PAPER,
    PAPER_LATE,
    PUT_IN,
    RECORDED,
    SECOND_CELL,
    SEEN_AS_DUE,
    SEEN_IN_TIME,
    SHALLOW,
    SINCE,
    SOON,
    TAKEN,
    TAKEN_LATE,
    UNREAD,
    WAIVED,
    WEAK,
    ZERO,
    seen,
)
from tests.core.verdict.judging import (
    cell,
    day,
    duty,
    entry,
    event,
    listing,
    occurrences,
    verdicts,
)
from tracker.core.law.duties import EventRule, Span, Within
from tracker.core.law.wording import cells_of, status_zh
from tracker.core.values.verdicts import Status

# name, duty, now (2015-), facts, status and light, words of the reason
ROWS = [
    # not-applicable · waived: by a person
    ("not applicable", ONE, "07-03", seen(said=NOT_OURS), "not-applicable grey", "认定不适用：已核实"),
    ("waived", ONE, "07-03", seen(visits=SINCE, said=WAIVED), "waived grey", "豁免：已核实"),
    ("waived goes first", ONE, "07-03", seen(FULL, said=WAIVED), "waived grey", "豁免"),
    # met-disputed: on time by its own date, first seen late, lacked by a look in between
    (
        "dated back",
        ONE,
        "07-08",
        seen(DATED_BACK, SINCE),
        "met-disputed yellow",
        "但此后完整检查未查到，时限届满后首次查到",
    ),
    ("dated back, no look after that day", ONE, "07-08", seen(DATED_BACK, BEFORE), "met green", ""),
    ("dated back, no look at all", ONE, "07-08", seen(DATED_BACK), "met green", ""),
    ("dated back, look not complete", ONE, "07-08", seen(DATED_BACK, SHALLOW), "met green", ""),
    ("dated back, could not look", ONE, "07-08", seen(DATED_BACK, DOWN), "met green", ""),
    ("dated back to an hour", ONE, "07-08", seen(HOUR_BACK, BEFORE), "met-disputed yellow", "待认定"),
    ("first seen as it fell due", ONE, "07-08", seen(SEEN_AS_DUE, EACH_DAY), "met-disputed yellow", "待认定"),
    ("seen before it was due", ONE, "07-08", seen(SEEN_IN_TIME, EACH_DAY), "met green", ""),
    (
        "item put in afterwards",
        ONE,
        "07-08",
        seen(PUT_IN, SINCE),
        "met-disputed yellow",
        "前已公开，但部分内容此后检查未查到",
    ),
    (
        "item put into a file of it",
        ONE,
        "07-08",
        seen(FILED_IN, SINCE),
        "met-disputed yellow",
        "部分内容此后检查未查到",
    ),
    ("a copy was seen before", ONE, "07-08", seen(COPY, SINCE), "met green", ""),
    # met · met-late: the latest instant before / at or after due_at
    ("on time", ONE, "06-15", seen(FULL), "met green", "2015年6月10日已公开"),
    ("on the last day", ONE, "07-02", seen(LAST_DAY), "met green", "未超过时限2015年6月30日"),
    (
        "at the first late instant",
        ONE,
        "07-02",
        seen(FIRST_LATE),
        "met-late yellow",
        "晚于时限2015年6月30日，逾期1个工作日",
    ),
    ("late, a weekend left out", ONE, "07-08", seen(LATE, SINCE), "met-late yellow", "逾期4个工作日"),
    ("the latest cell decides", BOTH, "07-08", seen([FULL, SECOND_CELL]), "met-late yellow", "公开齐全"),
    ("met needs no visit", ONE, "07-08", seen(FULL, DOWN), "met green", ""),
    # what is filed or recorded is not called published
    ("filed", ATTESTED, "07-03", seen(filed=[PAPER], said=[TAKEN]), "met green", "2015年6月20日已办理，"),
    ("filed late", ATTESTED, "07-08", seen(filed=[PAPER_LATE], said=[TAKEN_LATE]), "met-late yellow", "办理，"),
    ("zero report", ZERO, "06-29", seen(filed=[NONE_AROSE]), "met green", "2015年6月20日已报送零报告，"),
    ("zero report, late", ZERO, "07-08", seen(filed=[NONE_AROSE_LATE]), "met-late yellow", "7月6日已报送零报告，"),
    ("filing open", ATTESTED, "06-12", NOTHING, "open none", "2015年6月30日办理，尚未报送佐证材料"),
    ("record open", RECORDED, "06-12", NOTHING, "open none", "2015年6月30日登记，尚未登记"),
    ("answer open", ANSWERED, "06-12", NOTHING, "open none", "应不晚于2015年6月30日答复，尚未答复"),
    ("filing not begun", ATTESTED, "05-12", NOTHING, "upcoming none", "2015年6月1日起可以办理"),
    ("filed, open, awaits a person", ATTESTED, "06-22", seen(filed=[PAPER]), "open none", "办理，有待认定：张某于"),
    # upcoming · open · due-soon; incomplete shows
    ("before it opens", ONE, "05-31", NOTHING, "upcoming none", "2015年6月1日起"),
    ("open", ONE, "06-02", NOTHING, "open none", "2015年6月30日"),
    ("due soon", ONE, "06-25T00:00", NOTHING, "due-soon blue", "2015年6月30日"),
    ("the last minute", ONE, "06-30T23:59", seen([], EACH_DAY), "due-soon blue", ""),
    ("open, something published", ONE, "06-12", seen(HALF), "open yellow", "未见“乙”"),
    ("due soon, one of two channels", BOTH, "06-26", seen(FULL), "due-soon yellow", "尚待公开"),
    # unverifiable: past due, unproved, nothing of it missing
    ("no visit since due", ONE, "07-03", seen([], BEFORE), "unverifiable grey", "未能完整检查"),
    ("never visited", ONE, "07-03", NOTHING, "unverifiable grey", "环境保护"),
    ("visit begun before it was due, ended after", ONE, "07-03", seen([], ACROSS), "unverifiable grey", "未能完整检查"),
    ("visit not complete", ONE, "07-03", seen([], SHALLOW), "unverifiable grey", ""),
    ("could not look", ONE, "07-03", seen([], DOWN), "unverifiable grey", ""),
    ("article not readable", ONE, "07-03", seen(UNREAD, SINCE), "unverifiable grey", "未能读取"),
    ("filed, awaits a person", ATTESTED, "07-03", seen(filed=[PAPER]), "unverifiable grey", "已届满，有待认定"),
    ("one proved, one unseen", BOTH, "07-03", seen(FULL, SINCE), "unverifiable grey", "本局动态"),
    # overdue: every cell missing, nothing published
    ("a complete visit lacks it", ONE, "07-01", seen([], SINCE), "overdue red", "未查到所要求的内容"),
    ("reached back before the window", ONE, "07-03", seen([], DEEP), "overdue red", ""),
    ("nothing filed", ATTESTED, "07-01T00:00", NOTHING, "overdue red", "未报送佐证材料"),
    ("nothing recorded", RECORDED, "07-01T00:00", NOTHING, "overdue red", "未登记"),
    ("every cell missing", BOTH, "07-03", seen([], OWN_TOO), "overdue red", "本局动态"),
    ("nothing answered", ANSWERED, "07-01T00:00", NOTHING, "overdue red", "时限届满后仍未答复"),
    # incomplete: anything between
    ("an item missing", ONE, "07-03", seen(HALF, SINCE), "incomplete red", "未见“乙”"),
    ("one channel missing", BOTH, "07-03", seen(FULL, OWN_TOO), "incomplete red", "本局动态"),
    ("one missing, one unseen", BOTH, "07-03", seen([], SINCE), "incomplete red", "无法核验"),
    (
        "gone since",
        ONE,
        "07-03",
        seen(GONE, SINCE),
        "incomplete red",
        "http://127.0.0.1/gone.html）自2015年6月20日起无法打开（404）",
    ),
    ("gone, the list not looked at", ONE, "07-03", seen(GONE), "incomplete red", "（404）"),
    ("gone before it was due", ONE, "06-21", seen(GONE), "open yellow", "（404）"),
    ("emptied since", ONE, "07-03", seen(EMPTIED, SINCE), "incomplete red", "看不到原来的内容"),
    ("found empty by one look", ONE, "07-03", seen(DOUBTED, SINCE), "met green", ""),
    ("gone, and put up again", ONE, "07-03", seen([GONE, AGAIN]), "met green", ""),
    # 参照时限
    ("weak: yellow at worst", WEAK, "07-03", seen([], SINCE), "overdue yellow", "参照时限"),
    ("weak: incomplete too", WEAK, "07-03", seen(GONE, SINCE), "incomplete yellow", "参照时限"),
    ("weak: met is green", WEAK, "06-20", seen(FULL), "met green", "参照时限"),
]


@pytest.mark.parametrize(
    ("asked", "now", "facts", "expected", "words"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_status(asked, now, facts, expected, words):
    found = verdicts(asked, f"2015-{now}", soon=SOON, **facts)["2015-06"]
    assert f"{found.status} {found.light}" == expected
    assert words in found.reason


def test_record_is_called_recorded():
    made = event("record-report", "2015-06-20")
    found = verdicts(RECORDED, "2015-07-03", events=[made], owed=occurrences(RECORDED))["2015-06"]
    assert found.reason == "2015年6月20日已登记，未超过时限2015年6月30日"


def test_record_says_what_its_event_does():
    made = event("foi-answer", "2015-06-20")
    found = verdicts(ANSWERED, "2015-07-08", events=[made], owed=occurrences(ANSWERED))["2015-06"]
    assert found.reason == "2015年6月20日已答复，未超过时限2015年6月30日"
    assert found.findings[0].reason.startswith("2015年6月20日已答复")
    cells = cells_of(ANSWERED, "huanbao", "2015-06")
    assert [status_zh(status, cells, "") for status in (Status.MET, Status.MET_LATE, Status.OVERDUE)] == [
        "已答复", "逾期后答复", "逾期未答复",
    ]  # fmt: skip


STATUSES = [
    # duty, facts, what the status is called
    (ONE, seen(FULL), "已公开"),
    (ONE, seen(LATE, SINCE), "逾期后公开"),
    (ATTESTED, seen(filed=[PAPER], said=[TAKEN]), "已办理"),
    (ATTESTED, NOTHING, "逾期未办理"),
    (RECORDED, NOTHING, "逾期未登记"),
    (ANSWERED, NOTHING, "逾期未答复"),
    (ZERO, seen(filed=[NONE_AROSE]), "已报送零报告"),
    (ZERO, seen(filed=[NONE_AROSE_LATE]), "逾期后报送零报告"),
    (ONE, NOTHING, "无法核验"),
]


@pytest.mark.parametrize(("asked", "facts", "words"), STATUSES, ids=[row[2] for row in STATUSES])
def test_status_is_called_by_what_was_asked(asked, facts, words):
    found = verdicts(asked, "2015-07-08", **facts)["2015-06"]
    cells = cells_of(asked, "huanbao", "2015-06")
    assert status_zh(found.status, cells, found.reason) == words


def test_finding_says_on_which_side_of_the_deadline_it_lies():
    found = [verdicts(ONE, "2015-07-02", entries=[one])["2015-06"].findings[0].reason for one in (LAST_DAY, FIRST_LATE)]
    assert "未超过时限" in found[0]
    assert "晚于时限2015年6月30日" in found[1]


@pytest.mark.parametrize("row", [row for row in ROWS if "incomplete" in row[4]], ids=lambda row: row[0])
def test_incomplete_is_never_called_unpublished(row):
    reason = verdicts(row[1], f"2015-{row[2]}", soon=SOON, **row[3])["2015-06"].reason
    assert "未公开" not in reason
    assert "未见公开" not in reason


# -- clock-unknown -------------------------------------------------------------------------------

APPROVED = EventRule("approved", "预算批复", needs=("year",), expected=day("2015-03-31"))
BUDGET = duty(
    Within(span=Span(20, "days"), event=APPROVED), cells=[cell(listing(title="{event.year}年.*预算", publisher="any"))]
)


@pytest.mark.parametrize(
    ("now", "status", "light"),
    [("2015-03-31T23:59", "upcoming", "none"), ("2015-04-01T00:00", "clock-unknown", "grey")],
)
def test_clock_unknown_once_the_expected_day_has_passed(now, status, light):
    found = verdicts(BUDGET, now)["awaiting:approved"]
    assert (found.status, found.light) == (status, light)
    assert "预算批复" in found.reason


def test_clock_unknown_names_a_matching_entry():
    seen = [
        entry("2015年部门预算", "2015-03-20"),
        entry("民政局2015年部门预算", "2015-03-20"),
        entry("通知", "2015-03-20"),
    ]
    reason = verdicts(BUDGET, "2015-04-02", entries=seen)["awaiting:approved"].reason
    assert "《2015年部门预算》" in reason
    assert "民政局" not in reason


def test_clock_without_an_expected_day_is_not_chased():
    asked = duty(Within(span=Span(20, "days"), event=replace(APPROVED, expected=None)))
    assert verdicts(asked, "2015-12-01")["awaiting:approved"].status == "upcoming"


def test_clock_that_became_known_is_no_longer_awaited():
    happened = event("approved", "2015-03-02", year="2015")
    assert set(verdicts(BUDGET, "2015-04-02", events=[happened])) == {"event:approved:2015-03-02"}


# -- hours ---------------------------------------------------------------------------------------

EMERGENCY = duty(Within(span=Span(24, "hours"), event=EventRule("emergency", "突发环境事件")))


@pytest.mark.parametrize(
    ("published", "status"),
    [
        ("2015-08-13T09:59", "met"),
        ("2015-08-13T10:00", "met-late"),
        ("2015-08-13", "met"),  # known only by its day: on time on the due day
        ("2015-08-14", "met-late"),
    ],
)
def test_due_by_the_hour(published, status):
    happened = event("emergency", "2015-08-12T10:00", reference="e")
    one = entry("应对情况", published, seen="2015-08-14T12:00")
    assert verdicts(EMERGENCY, "2015-08-15", entries=[one], events=[happened])["event:emergency:e"].status == status
