"""The register of secrecy reviews: numbered per department and year, reviewed by another person, decided once (after a
referral twice), withdrawn and not erased; and what it starts and releases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.registers.register_office import MONTH, NOW, RULES, duty
from tracker.core.law.duties import EventRule, Span, Within
from tracker.core.requests.values import Review
from tracker.registers.errors import RegisterError
from tracker.registers.reviews import ask_review, decide_review, load_review, place_review, withdraw_review
from tracker.store.engine import Store, Tx
from tracker.store.events import list_events
from tracker.store.journal import list_rows
from tracker.store.reviews import list_reviews
from tracker.store.rulings import list_all_rulings

TODAY = NOW.date()
ASKED = EventRule("review-asked", "提请保密审查", move="review.ask")
REFERRED = EventRule("review-referred", "送保密部门确定", move="review.refer")
DECIDED = EventRule("review-decided", "作出保密审查决定", move="review.decide")
BOOK = replace(
    RULES,
    duties=(
        *RULES.duties,
        duty("review", "huanbao", Within(span=Span(5, "workdays"), event=ASKED), record="review-decided"),
        duty("referral", "huanbao", Within(span=Span(20, "workdays"), event=REFERRED), record="review-decided"),
    ),
    events={**RULES.events, **{rule.name: rule for rule in (ASKED, REFERRED, DECIDED)}},
)


def ask(tx: Tx, title: str = "环评抽查通知", author: str = "张三", on: date = TODAY, **more: Any) -> str:
    review = Review(0, "sample", "huanbao", 0, 0, title, "", "", "", author, on, NOW)
    return ask_review(tx, BOOK, replace(review, **more), by="张三").value.reference


def decide(tx: Tx, reference: str, decision: Any = "publish", on: date = TODAY, **more: Any) -> Review:
    values = {"reviewer": "李四", "by": "李四", "now": NOW, **more}
    return decide_review(tx, BOOK, reference, decision, on=on, **values).value


def events(tx: Tx) -> list[str]:
    return [f"{each.event.name} {each.event.reference} {each.event.occurred}" for each in list_events(tx, "sample")]


def test_reviews_are_numbered_per_department_and_year(county: Store) -> None:
    with county.begin() as tx:
        last_year = ask(tx, on=date(2014, 12, 31))
        first, second = ask(tx, "甲"), ask(tx, "乙")
        assert (last_year, first, second) == ("2014-huanbao-1", "2015-huanbao-1", "2015-huanbao-2")
        assert ask(tx, "甲") == first, "the same again is on record"
        withdraw_review(tx, BOOK, second, by="张三", reason="误登", now=NOW)
        assert ask(tx, "丙") == "2015-huanbao-3", "a withdrawn number is not given again"
        assert ask(tx, "乙") == "2015-huanbao-4"


@pytest.mark.parametrize("reviewer", ["张三", " 张 三 ", "张三\u3000"])
def test_nobody_reviews_what_they_wrote(county: Store, reviewer: str) -> None:
    with county.begin() as tx, pytest.raises(RegisterError, match="张三 wrote it: somebody else must review it"):
        decide(tx, ask(tx), reviewer=reviewer)


def test_case_and_width_do_not_make_two_persons(county: Store) -> None:
    with county.begin() as tx, pytest.raises(RegisterError, match="somebody else must review it"):
        decide(tx, ask(tx, author="Ｗang Min"), reviewer="wangmin")


def test_a_referral_stays_open_until_it_is_decided(county: Store) -> None:
    with county.begin() as tx:
        reference = ask(tx, on=date(2015, 3, 2))
        referred = decide(tx, reference, "refer", date(2015, 3, 3))
        assert (referred.is_decided, referred.referred_on) == (False, date(2015, 3, 3))
        with pytest.raises(RegisterError, match="2015-03-02 lies before 2015-03-03"):
            decide(tx, reference, "publish", date(2015, 3, 2))
        final = decide(tx, reference, "publish", date(2015, 3, 9))
        assert (final.is_decided, final.referred_on, final.decided_on) == (True, date(2015, 3, 3), date(2015, 3, 9))
        with pytest.raises(RegisterError, match="李四 decided review 2015-huanbao-1 on 2015-03-09"):
            decide(tx, reference, "refer")
        assert events(tx) == [
            "review-asked 2015-huanbao-1 2015-03-02",
            "review-decided 2015-huanbao-1 2015-03-09",
            "review-referred 2015-huanbao-1 2015-03-03",
        ]


@pytest.mark.parametrize(
    ("decision", "more", "said"),
    [
        ("withhold", {}, "rests on a ground .--ground., one of: .*secret 国家秘密《政府信息公开条例》第十四条"),
        ("withhold", {"ground": "internal"}, "no ground 'internal'"),  # of the Regulations of 2019
        ("partly", {}, "rests on a ground"),
        ("publish", {"ground": "secret"}, "only what is withheld has a ground"),
        ("publish", {"on": TODAY + timedelta(days=1)}, "2015-03-11 lies in the future"),
        ("publish", {"on": TODAY - timedelta(days=1)}, "2015-03-09 lies before 2015-03-10"),
        ("publish", {"approver": "王主任"}, "only an item that is withheld"),
        ("publish", {"reviewer": " "}, "reviewer is missing"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    county: Store, decision: str, more: dict[str, Any], said: str
) -> None:
    with county.begin() as tx:
        reference = ask(tx)
    with pytest.raises(RegisterError, match=said), county.begin() as tx:
        decide(tx, reference, decision, **more)
    with county.read() as tx:
        assert load_review(tx, BOOK, reference).decision == ""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"department": "huanba"}, "no department 'huanba': did you mean huanbao"),
        ({"on": date(2015, 3, 11)}, "2015-03-11 lies in the future"),
        ({"address": "x/1.html"}, "give the whole address"),
        ({"column": "no-such"}, "no column 'no-such'"),
        ({"title": "  "}, "title is missing"),
        ({"author": "张\u200b三"}, "holds what nobody sees"),
        ({"symbol": "文" * 129}, "symbol: at most 128 characters, not 129"),
        ({"occurrence": "sample/plan-2015/budget/keji/2015"}, "no occurrence"),
    ],
)
def test_what_cannot_be_asked(county: Store, more: dict[str, Any], said: str) -> None:
    with pytest.raises(RegisterError, match=said), county.begin() as tx:
        ask(tx, **more)


def test_a_withheld_item_cites_the_article_of_its_day(county: Store) -> None:
    with county.begin() as tx:
        review = decide(tx, ask(tx), "withhold", ground="国家秘密")
        assert (review.ground, review.basis) == ("secret", "《政府信息公开条例》第十四条")


def test_all_of_it_is_in_the_journal(county: Store) -> None:
    with county.begin() as tx:
        reference = ask(tx)
        decide(tx, reference, "refer", reason="涉及未公开数据")
        place_review(tx, BOOK, reference, "http://x/1", by="张三", reason="已核对", now=NOW)
        withdraw_review(tx, BOOK, reference, by="王敏", reason="误登", now=NOW)
        assert [(line.who, line.action, line.reason) for line in list_rows(tx, "sample", action="review")] == [
            ("张三", "review.asked", ""),
            ("李四", "review.decided", "涉及未公开数据"),
            ("张三", "review.placed", "已核对"),
            ("王敏", "review.withdrawn", "误登"),
        ]
        assert events(tx) == [], "its events are withdrawn with it"
        assert list_reviews(tx, "sample") == []
        assert [each.reference for each in list_reviews(tx, "sample", withdrawn=True)] == [reference]
        with pytest.raises(RegisterError, match="was withdrawn on 2015-03-10: ask anew"):
            decide(tx, reference)


# -- a matter that the review releases -------------------------------------------------------------


def test_the_approver_releases_the_matter_and_nobody_else(county: Store) -> None:
    with county.begin() as tx:
        reference = ask(tx, occurrence=MONTH)
    for approver in ("张三", "李四"):
        with pytest.raises(RegisterError, match="somebody else must approve"), county.begin() as tx:
            decide(tx, reference, "withhold", ground="secret", approver=approver)
    with county.begin() as tx:
        assert load_review(tx, BOOK, reference).decision == "", "the whole act or nothing"
        decide(tx, reference, "withhold", ground="secret", reason="涉密", approver="王主任")
        [waiver] = list_all_rulings(tx, "sample")
        assert (waiver.kind, waiver.by, waiver.asked_by) == ("waive", "王主任", "李四")
        assert (waiver.ground, waiver.basis) == ("国家秘密", "《政府信息公开条例》第十四条")
        assert waiver.reason == "保密审查2015-huanbao-1：涉密"
        with pytest.raises(RegisterError, match=f"was waived on this review.*revoke {waiver.id}"):
            withdraw_review(tx, BOOK, reference, by="王敏", reason="误登", now=NOW)


def test_without_an_approver_the_matter_stays_owed_and_it_is_said_how(county: Store) -> None:
    with county.begin() as tx:
        reference = ask(tx, occurrence=MONTH)
        values: dict[str, Any] = {"reviewer": "李四", "on": TODAY, "by": "李四", "now": NOW, "ground": "secret"}
        said = decide_review(tx, BOOK, reference, "withhold", **values).message
        assert f"{MONTH} stays owed until somebody waives it (duban waive {MONTH} --ground secret" in said
        assert list_all_rulings(tx, "sample") == []
