"""The sentences of reasons, read as a bureau's office reads them: what was looked at, when, and what was not found."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.core.matching.june import (
    ATTESTED,
    BOTH,
    GONE,
    HALF,
    NOTHING,
    ONE,
    OWN_TOO,
    PAPER,
    RECORDED,
    SHALLOW,
    SINCE,
    seen,
)
from tests.core.verdict.judging import (
    OWN,
    PAGE,
    cell,
    changed,
    daily_visits,
    day,
    duty,
    entry,
    filing,
    items,
    listing,
    verdicts,
    visit,
)
from tests.core.verdict.test_status_table import ROWS
from tracker.core.law.duties import By, Contents, Every, Part
from tracker.core.values.verdicts import only_taken_down

_MONTH = (Every(unit="month"),)
_PARTS = [
    (Part(name, title, _MONTH, Contents()), cell(listing(title=pattern), part=name))
    for name, title, pattern in (
        ("water", "水环境质量", "水质"),
        ("air", "空气质量", "空气"),
        ("noise", "噪声", "噪声"),
    )
]
PARTS, THREE = (
    duty(parts=[part for part, _ in _PARTS[:many]], cells=[made for _, made in _PARTS[:many]]) for many in (2, 3)
)
TWO_COLUMNS = duty(*_MONTH, cells=[cell(listing("county-site/environment", OWN, title="水质"))])
ON_A_PAGE = duty(*_MONTH, cells=[cell(listing(PAGE, kind="page"))], contents=items("电话"))
EARLY, LATER = visit("2015-07-01T06:07"), visit("2015-07-01T10:00", column=OWN)
ON_PAGE = visit("2015-07-01", column=PAGE)
PAPER_AND_PAGE = duty(
    parts=[Part("findings", "调查结果", _MONTH, Contents()), _PARTS[0][0]],
    cells=[replace(ATTESTED.assignments[0].cells[0], part="findings"), _PARTS[0][1]],
)
FILED_PART = duty(
    parts=[Part("findings", "调查结果", _MONTH, Contents())],
    cells=[replace(ATTESTED.assignments[0].cells[0], part="findings")],
)

DUE = "应不晚于2015年6月30日"
HERE, NOT_FOUND = "2015年7月1日0时5分已完整检查“环境保护”栏目", "，未查到所要求的内容"
BOTH_READ = "2015年7月1日10时5分已完整检查“环境保护”“本局动态”栏目"
TAKEN = "《水质公告》曾公开，其网页（http://127.0.0.1/gone.html）自2015年6月20日起无法打开（404）"
SENTENCES = [
    # duty, facts, the whole reason on 3 July
    (ONE, seen([], SINCE), f"{DUE}公开；{HERE}{NOT_FOUND}"),
    (PARTS, seen([], SINCE), f"{DUE}公开；{HERE}，未查到水环境质量、空气质量"),
    (
        TWO_COLUMNS,
        seen([], [EARLY, LATER]),
        f"{DUE}公开；2015年7月1日10时5分已完整检查“环境保护”“本局动态”栏目{NOT_FOUND}",
    ),
    (ON_A_PAGE, seen([], [ON_PAGE]), f"{DUE}公开；2015年7月1日9时5分已完整检查“在线举报”页面{NOT_FOUND}"),
    (ONE, seen(HALF, SINCE), f"{DUE}公开齐全；已完整检查“环境保护”栏目，部分内容已公开，未见“乙”"),
    (BOTH, seen([], SINCE), f"{DUE}公开齐全；{HERE}{NOT_FOUND}；无法核验：时限届满后未能完整检查“本局动态”"),
    (ONE, seen(GONE, SINCE), f"{DUE}公开齐全；“环境保护”栏目：{TAKEN}"),
    (ONE, seen([], SHALLOW), "时限2015年6月30日已届满，无法核验是否公开：时限届满后未能完整检查“环境保护”"),
    (
        ONE,
        seen([], [replace(SHALLOW[0], pages=1)]),
        "时限2015年6月30日已届满，无法核验是否公开：时限届满后未能完整检查“环境保护”"
        "（“环境保护”的列表是否无误、是否即为全部，尚待人工核对）",
    ),
    (ATTESTED, NOTHING, f"{DUE}办理；时限届满后仍未报送佐证材料"),
    (FILED_PART, NOTHING, f"{DUE}办理；调查结果时限届满后仍未报送佐证材料"),
    (RECORDED, NOTHING, f"{DUE}登记；时限届满后仍未登记"),
]


_LISTED = (By(day=day("2015-07-31")), Every(unit="quarter", upkeep=True, upkeep_after=day("2015-07-31")))
KEPT = duty(
    parts=[Part(name, title, _LISTED, Contents()) for name, title in (("guide", "公开指南"), ("list", "公开目录"))],
    cells=[cell(listing(title=title), part=name) for name, title in (("guide", "指南"), ("list", "目录"))],
)
OR_FILED = duty(*_MONTH, cells=[cell(listing(title="水质"), filing())])
BEFORE_DUE = [
    # duty, facts, the whole reason on 12 June
    (PARTS, seen(entry("水质公告", "2015-06-10")), f"{DUE}公开，已公开一部分；空气质量尚待公开"),
    (THREE, seen(entry("水质公告", "2015-06-10")), f"{DUE}公开，已公开一部分；空气质量、噪声尚待公开"),
    (ONE, seen(HALF), f"{DUE}公开，已公开一部分；“环境保护”栏目：部分内容已公开，未见“乙”"),
    (
        PAPER_AND_PAGE,
        seen(filed=[replace(PAPER, part="findings")]),
        f"{DUE}公开，有待认定：调查结果：张某于2015年6月20日报送的佐证，待人工认定；水环境质量尚待公开",
    ),
    (ATTESTED, seen(filed=[PAPER]), f"{DUE}办理，有待认定：张某于2015年6月20日报送的佐证，待人工认定"),
]


@pytest.mark.parametrize(("asked", "facts", "sentence"), BEFORE_DUE)
def test_before_the_deadline_it_says_what_is_still_to_be_done(asked, facts, sentence):
    assert verdicts(asked, "2015-06-22", **facts)["2015-06"].reason == sentence


def test_what_is_published_and_was_not_kept_current_is_not_called_unpublished():
    guide, catalogue = entry("信息公开指南", "2015-07-20"), entry("信息公开目录", "2015-07-20", text="目录")
    renewed = changed(catalogue, "2015-11-02", text="目录，已修订")
    open_now, missing = (
        verdicts(KEPT, now, entries=[guide, renewed], visits=daily_visits("2015-07-20", "2016-01-02"))["2015-Q4"].reason
        for now in ("2015-12-01", "2016-01-02")
    )
    assert open_now == "应不晚于2015年12月31日更新，已更新一部分；公开指南尚待更新"
    looked = "2016年1月1日9时5分已完整检查“环境保护”栏目"
    assert missing == f"应不晚于2015年12月31日更新齐全；{looked}，未查到公开指南的更新"


def test_where_a_filing_would_do_too_it_says_that_nothing_was_filed_either():
    reason = verdicts(OR_FILED, "2015-07-03", **seen([], SINCE))["2015-06"].reason
    assert reason == f"{DUE}公开；{HERE}{NOT_FOUND}，也未报送佐证"


@pytest.mark.parametrize(("asked", "facts", "sentence"), SENTENCES)
def test_it_says_what_was_looked_at_when_and_what_was_not_found(asked, facts, sentence):
    assert verdicts(asked, "2015-07-03", **facts)["2015-06"].reason == sentence


def test_the_first_look_since_the_deadline_is_named_whatever_is_looked_at_later():
    """The reason of an unchanged verdict is unchanged: nothing is stored or sent for a further look."""
    later = [*SINCE, *daily_visits("2015-07-02", "2015-07-20")]
    first, last = (verdicts(ONE, "2015-07-20T18:00", visits=made)["2015-06"].reason for made in (SINCE, later))
    assert first == last
    assert "2015年7月1日0时5分" in first


#: What no sentence may hold: brackets in brackets, a comma between two quotations or two titles, hours as digits of a
#: clock, and words that only the system knows.
_UNWRITTEN = re.compile(r"（[^（）]*（|”、“|》、《|\d:\d\d|状态码|截止|看到|县政府办公室|\bNone\b|[a-z]+-[a-z]+")


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_no_sentence_holds_what_an_office_would_not_write(row):
    _, asked, now, facts, *_ = row
    verdict = verdicts(asked, f"2015-{now}", **facts)["2015-06"]
    sentences = [verdict.reason, *(finding.reason for finding in verdict.findings)]
    assert [sentence for sentence in sentences if _UNWRITTEN.search(sentence)] == []


OLD = "“环境保护”：《水质》曾公开，其地址http://127.0.0.1/1自2015年6月20日起无法打开（404）"


@pytest.mark.parametrize(
    ("reason", "taken_down"),
    [
        (verdicts(ONE, "2015-07-03", **seen(GONE, SINCE))["2015-06"].reason, True),
        (verdicts(BOTH, "2015-07-03", **seen(GONE, OWN_TOO))["2015-06"].reason, False),
        (verdicts(ONE, "2015-07-03", **seen(HALF, SINCE))["2015-06"].reason, False),
        # as earlier versions wrote them
        (OLD, True),
        (f"{OLD}；“财政”截止后已完整检查，未查到所要求的内容", False),
        (f"{OLD}；截止后仍未报送佐证材料", False),
        (f"{OLD}；无法核验：截止后未能完整检查“财政”", True),
    ],
)
def test_what_was_only_taken_down_is_told_from_what_is_lacking(reason, taken_down):
    assert only_taken_down(reason) is taken_down
