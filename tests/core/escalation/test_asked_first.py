"""What the crawl proves is asked about before anybody is told that it is late."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.core.escalation.asking import (
    CALENDAR,
    ZONE,
    ask,
    at,
    county,
    duty,
    key,
    occurrence,
    said,
    verdict,
)
from tracker.core.escalation.notice_fields import aged
from tracker.core.escalation.notices import DeliveryState, Notice
from tracker.core.escalation.office_time import Offset
from tracker.core.escalation.policies import Policy, Step
from tracker.core.law.county import SiteColumn
from tracker.core.law.duties import Assignment, Cell, Duty, Source
from tracker.core.matching.title_pattern import pattern_zh
from tracker.core.values.verdicts import CellVerdict, Light, Status, Verdict

ASKING = Policy(
    "asking",
    (
        Step("question", "due", Offset(1, "workdays"), "question", ("liaison",)),
        Step("to-lead", "due", Offset(3, "workdays"), "escalation", ("liaison", "lead")),
        Step("to-office", "due", Offset(5, "workdays"), "escalation", ("liaison", "lead", "county-office")),
    ),
)
FIRST_DAY = at("10-8", "08:30")
SITE = CellVerdict("@site", "", "missing", "未查到")
FILED = CellVerdict("@clinics", "", "missing", "未报送", filed_only=True)


def late(*cells: CellVerdict, **changes: Any) -> Verdict:
    return Verdict("key", Status.OVERDUE, Light.RED, "至今未查到公开内容。", cells, fresh=True, **changes)


#: The missing cells, and the kind of notice that the step sends.
KINDS = {
    "a page was not found: asked": ((SITE,), "question"),
    "nothing was filed: told": ((FILED,), "overdue"),
    "both: asked, for a page may have been misread": ((SITE, FILED), "question"),
    "the page is there, the filing is not: told": ((replace(SITE, state="proved"), FILED), "overdue"),
}


@pytest.mark.parametrize(("cells", "kind"), KINDS.values(), ids=KINDS)
def test_what_the_register_knows_is_not_asked(cells: tuple[CellVerdict, ...], kind: str) -> None:
    (sent,) = ask(ASKING, late(*cells), FIRST_DAY)
    assert sent.notice is not None
    assert (sent.key.step, sent.notice.kind) == ("question", kind)


def pressed(step: str, kind: str, role: str = "liaison") -> dict[Any, DeliveryState]:
    return {key(step, role): DeliveryState("sent", at("10-8", "08:30"), kind)}  # type: ignore[arg-type]


#: What was told before, the instant, and what is decided.
HISTORIES: dict[str, tuple[dict[Any, DeliveryState], datetime, list[str]]] = {
    "asked: nobody is asked twice": (pressed("question", "question"), at("10-9"), []),
    "asked, and not answered: the lead hears at the next step": (
        pressed("question", "question"), at("10-10", "08:30"), ["send to-lead lead", "send to-lead liaison"],
    ),
    "told under an earlier policy: not asked any more": (pressed("overdue", "overdue"), at("10-9"), []),
    "told under an earlier policy: the lead hears at its step": (
        pressed("overdue", "overdue"), at("10-10", "08:30"), ["send to-lead lead", "send to-lead liaison"],
    ),
    "the filing was missed, and the notice still stands": (pressed("question", "overdue"), at("10-9"), []),
    "asked on trial: asked once more when it counts": (
        pressed("question", "question", "county-office@shadow"), at("10-9"), ["send question liaison"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("history", "now", "expected"), HISTORIES.values(), ids=HISTORIES)
def test_who_was_told_is_not_asked(history: dict[Any, DeliveryState], now: datetime, expected: list[str]) -> None:
    assert said(ask(ASKING, late(SITE), now, history)) == expected


ENDS: dict[str, tuple[Status, list[str]]] = {
    "found in time after all: nothing to correct, for nothing was held against anybody": (
        Status.MET, ["send confirmed liaison"],
    ),
    "found late: the same": (Status.MET_LATE, ["send confirmed liaison"]),
    "waived: whoever was asked hears of it": (Status.WAIVED, ["send closed liaison"]),
    "what was filed in answer waits for a person: nobody is told more": (Status.UNVERIFIABLE, []),
}  # fmt: skip


@pytest.mark.parametrize(("status", "expected"), ENDS.values(), ids=ENDS)
def test_how_a_question_ends(status: Status, expected: list[str]) -> None:
    asked = pressed("question", "question")
    assert said(ask(ASKING, verdict(status, awaits="报送材料待认定"), at("10-10", "08:30"), asked)) == expected


def test_what_is_only_assumed_is_asked_about_and_no_more() -> None:
    mild = replace(occurrence(), provisional=True)
    assert said(ask(ASKING, late(SITE), FIRST_DAY, one=mild)) == ["send question liaison"]
    assert said(ask(ASKING, late(SITE), at("11-20"), pressed("question", "question"), one=mild)) == []


def test_an_episode_that_was_reopened_asks_nothing() -> None:
    """The department reads that its page is gone; the lead hears three working days after that."""
    told_at = DeliveryState("sent", at("10-12", "08:30"), "reopened")
    opened = {key("reopened", role, episode=1): told_at for role in ("liaison", "county-office")}
    for day, expected in (("10-13", []), ("10-15", ["send to-lead lead", "send to-lead liaison"])):
        assert said(ask(ASKING, late(SITE), at(day), opened, episode=1)) == expected


def test_urgent_matters_ask_liaison_and_lead_together() -> None:
    urgent = Policy(
        "urgent", (Step("question", "due", Offset(0, "hours"), "question", ("liaison", "lead")),), None, True
    )
    assert said(ask(urgent, late(SITE), at("10-1", "03:00"))) == ["send question lead", "send question liaison"]


# -- what it shows -------------------------------------------------------------------------------

URL = "https://www.example.gov.cn/hjbh/"


def watched() -> tuple[Any, Duty]:
    """The county and the duty of `asking`, with a column and a title pattern."""
    column = SiteColumn("site/environment", "site", "environment", "listing", "环境保护", URL)
    source = Source("site", "listing", (column.key,), "水环境|水质")
    plain = duty()
    cell = Cell("@site", "", (source,))
    return county(columns={column.key: column}), replace(
        plain, assignments=(Assignment("huanbao", ("huanbao",), (cell,)),)
    )


def question(**more: Any) -> Notice:
    where, what = watched()
    seen = replace(SITE, sighted_at=at("10-8", "06:10"), reason="未查到，逾期")
    (sent,) = ask(ASKING, late(seen), FIRST_DAY, where=where, what=what, **more)
    assert sent.notice is not None
    return sent.notice


def test_it_shows_where_was_looked_and_when_and_what_would_be_right() -> None:
    detail = question().detail
    assert detail["looked"] == [{"title": "环境保护", "url": URL, "at": "2015年10月8日6时10分", "kind": "listing"}]
    assert detail["expected"] == ["环境质量月度信息：标题含“水环境”或“水质”，在2015年9月内公开"]
    assert detail["missing"] == ["“环境保护”栏目未查到2015年9月的环境质量月度信息"]
    assert (detail["mend_by"], detail["next_to"]) == ("2015-10-09", "本单位负责人")


def test_it_calls_nobody_late_in_any_field() -> None:
    notice = question()
    shown = aged(notice.detail, at("10-9"), CALENDAR, ZONE)  # as it leaves, a day later
    for words in ("逾期", "红", "red", "未公开"):
        assert words not in json.dumps([notice.reason, {**shown, "status": ""}], ensure_ascii=False), words
    assert not {"object_until", "first_notice"} & shown.keys()


def test_in_shadow_mode_the_office_reads_whom_it_is_meant_for() -> None:
    where, what = watched()
    (sent,) = ask(ASKING, late(SITE), FIRST_DAY, where=replace(where, mode="shadow"), what=what)
    assert sent.notice is not None
    assert (sent.key.role, sent.notice.detail["meant_for"]) == ("county-office@shadow", "联络员")


PATTERNS = {
    "水环境|水质": "“水环境”或“水质”",
    "(突发|事件).*(应对|处置)": "“突发/事件…应对/处置”",
    "事项(清单|目录|$)|(审批|许可)(项目|事项)?(清单|目录)": "“事项清单/目录”或“审批/许可清单/目录”",
    "2026(年|部门).*预算|预算.*2026年": "“2026年…预算”或“2026部门…预算”或“预算…2026年”",
    "区域环境|(^|[^水气])环境质量": "“区域环境”",
    "[0-9]+号": "",
}


@pytest.mark.parametrize(("pattern", "words"), PATTERNS.items())
def test_a_pattern_in_words(pattern: str, words: str) -> None:
    assert pattern_zh(pattern) == words
