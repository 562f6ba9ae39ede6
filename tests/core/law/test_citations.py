"""What a notice and a paper give as the legal basis of an occurrence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.verdict.judging import CALENDAR, COUNTY, EVENT, at, day, duty, event, occurrences, verdicts
from tracker.core.escalation.notice_fields import detail
from tracker.core.law.citations import cite_basis, cite_basis_in_full, clause_in_full
from tracker.core.law.duties import By, Deadline, Duty, Every, Span, Within
from tracker.core.law.statutes import Act, Provision
from tracker.core.values.facts import Event

BUDGET = Provision(Act("budget-law", "中华人民共和国预算法", "主席令第十二号", date(2015, 1, 1)), "14")
OLD = Act("foi-2007", "中华人民共和国政府信息公开条例", "国务院令第492号", date(2008, 5, 1), date(2019, 5, 14))
NEW = Act("foi-2019", "中华人民共和国政府信息公开条例", "国务院令第711号", date(2019, 5, 15))
TIMELY = (Provision(OLD, "18"), Provision(NEW, "26"))
PLAN = "2015年政府信息公开工作方案"


def plan(*deadlines: Deadline, clause: str = "一（二）1", title: str = PLAN) -> Duty:
    return replace(duty(*deadlines), clause=clause, pack_title=title, in_force_until=date(2030, 12, 31))


def cited(asked: Duty, label: str, *events: Event) -> tuple[str, str]:
    [owed] = [one for one in occurrences(asked, events) if one.label == label]
    return cite_basis(owed, asked), cite_basis_in_full(owed, asked)


def test_the_clause_stands_before_the_article_that_sets_the_time() -> None:
    within = Within(span=Span(20, "days"), event=EVENT, law=(BUDGET,))
    assert cited(plan(within), "event:approved:2015-03-02", event(occurred="2015-03-02")) == (
        "《2015年政府信息公开工作方案》一（二）1；《预算法》第十四条",
        "《2015年政府信息公开工作方案》第一部分第（二）条第1项；《中华人民共和国预算法》第十四条",
    )


def test_a_notice_carries_it() -> None:
    asked = plan(Within(span=Span(20, "days"), event=EVENT, law=(BUDGET,)))
    approved = event(occurred="2015-03-02")
    [owed] = [one for one in occurrences(asked, [approved]) if one.label == "event:approved:2015-03-02"]
    verdict = verdicts(asked, "2015-03-10", events=[approved])[owed.label]
    shown = detail(owed, verdict, asked, COUNTY, CALENDAR, at("2015-03-10"))
    assert (shown["clause"], shown["basis"]) == ("一（二）1", cite_basis(owed, asked))


def test_before_its_issue_day_a_notice_does_not_cite_the_instrument() -> None:
    within = Within(span=Span(20, "days"), event=EVENT, law=(BUDGET,))
    asked = replace(plan(within), issued=date(2015, 3, 20))
    approved = event(occurred="2015-03-02")
    [owed] = [one for one in occurrences(asked, [approved]) if one.event]
    verdict = verdicts(asked, "2015-03-10", events=[approved])[owed.label]
    shown = [detail(owed, verdict, asked, COUNTY, CALENDAR, at(when))["basis"] for when in ("2015-03-19", "2015-03-20")]
    assert shown == ["《预算法》第十四条", f"《{PLAN}》一（二）1；《预算法》第十四条"]


def test_an_assumed_quarter_is_not_given_an_article() -> None:
    assert cited(plan(Every(unit="quarter", assumed=True)), "2015-Q1")[0] == f"《{PLAN}》一（二）1"


@pytest.mark.parametrize(
    ("occurred", "article"), [("2019-05-14", "第十八条"), ("2019-05-15", "第二十六条"), ("2015-03-02", "第十八条")]
)
def test_the_article_is_that_of_the_event_s_day(occurred: str, article: str) -> None:
    within = Within(span=Span(20, "workdays"), event=EVENT, law=TIMELY)
    basis, _ = cited(plan(within, clause="一（八）"), f"event:approved:{occurred}", event(occurred=occurred))
    assert basis == f"《{PLAN}》一（八）；《政府信息公开条例》{article}"


def test_an_awaited_event_without_a_day_is_given_the_text_of_the_pack_s_end() -> None:
    asked = plan(Within(span=Span(20, "workdays"), event=EVENT, law=TIMELY))
    assert cited(asked, "awaiting:approved")[0] == f"《{PLAN}》一（二）1；《政府信息公开条例》第二十六条"


def test_an_act_that_is_the_pack_itself_is_cited_once() -> None:
    report = By(day=day("2015-03-31"), law=(Provision(OLD, "31"),))
    asked = plan(report, clause="第三十一条", title="中华人民共和国政府信息公开条例")
    assert cited(asked, "once") == ("《政府信息公开条例》第三十一条", "《中华人民共和国政府信息公开条例》第三十一条")
    other = plan(replace(report, law=(Provision(OLD, "18"),)), clause="第十九条", title=OLD.title)
    assert cited(other, "once")[0] == "《政府信息公开条例》第十九条；《政府信息公开条例》第十八条"


def test_a_title_within_a_title_has_single_brackets() -> None:
    asked = plan(By(day=day("2015-03-31")), clause="二", title="关于印发《公开要点》的通知")
    assert cited(asked, "once") == ("《关于印发〈公开要点〉的通知》二", "《关于印发〈公开要点〉的通知》第二部分")


@pytest.mark.parametrize(
    ("clause", "text"),
    [
        ("一（七）1", "第一部分第（七）条第1项"),
        ("一(七)1", "第一部分第（七）条第1项"),
        ("一（四）", "第一部分第（四）条"),
        ("二（一）", "第二部分第（一）条"),
        ("十二（十一）10", "第十二部分第（十一）条第10项"),
        ("三", "第三部分"),
        ("一（一）1、一（五）2", "第一部分第（一）条第1项、第一部分第（五）条第2项"),
        ("第三十一条", "第三十一条"),
        ("一1", "一1"),
        ("", ""),
    ],
)
def test_a_paper_spells_the_clause_out(clause: str, text: str) -> None:
    assert clause_in_full(clause) == text
