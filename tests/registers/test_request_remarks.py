"""What was unlawful but happened is recorded with its article and moves no clock; each change works it out anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.registers.request_office import CALENDAR, NOW, RULES, moved, received, reread
from tracker.core.law.duties import EventRule
from tracker.core.requests.moves import name_register_moves
from tracker.core.requests.values import MoveKind
from tracker.registers.errors import RegisterError
from tracker.registers.request_settling import work_out
from tracker.registers.request_view import load_request_view
from tracker.registers.requests import correct_receipt, withdraw_move
from tracker.store.engine import Store
from tracker.store.events import list_events
from tracker.store.journal import list_rows
from tracker.store.requests import list_moves

REVISED = "《政府信息公开条例》"
#: Extended, answered in time; a decision of 10 June orders a new answer, without a term or by 25 June.
_ORDERED = ["extend 2026-03-30", "review 2026-04-09", "answer 2026-04-09", "appeal 2026-04-20",
            "appeal-result 2026-06-10 result=corrected again=yes"]  # fmt: skip
_ORDERED_BY_A_DAY = [*_ORDERED[:-1], _ORDERED[-1] + " until=2026-06-25"]
#: A third party refuses; the answer is reviewed.
_REFUSED = ["consult 2026-03-04 party=甲", "opinion 2026-03-10 result=refuse", "review 2026-03-19"]
#: Steps after registration, the last with its remarks: received on 2 March 2026, due on 30 March.
UNDER_2019 = {
    "a correction on the seventh working day": (["ask-correction 2026-03-11"], []),
    "a correction on the eighth": (["ask-correction 2026-03-12"], ["late 第三十条 7个工作日（2026年3月11日）"]),
    "a second correction": (
        ["ask-correction 2026-03-04", "corrected 2026-03-05", "ask-correction 2026-03-06"],
        [],
    ),
    "a second correction on the seventh working day of the corrected request": (
        ["ask-correction 2026-03-04", "corrected 2026-03-11", "ask-correction 2026-03-20"],
        [],
    ),
    "a second correction on the eighth": (
        ["ask-correction 2026-03-04", "corrected 2026-03-11", "ask-correction 2026-03-23"],
        ["late 第三十条 超过收到补正之日起7个工作日（2026年3月20日）"],
    ),
    "a new answer that was ordered without a term": ([*_ORDERED, "review 2026-08-31", "answer 2026-08-31"], []),
    "a new answer on the last day of its term": (
        [*_ORDERED_BY_A_DAY, "review 2026-06-25", "answer 2026-06-25"],
        [],
    ),
    "a new answer a day later": (
        [*_ORDERED_BY_A_DAY, "review 2026-06-25", "answer 2026-06-26"],
        ["late 责令重新答复的决定 重新答复的期限已于2026年6月25日届满"],
    ),
    "a third party asked for the new answer": ([*_ORDERED, "consult 2026-06-11"], []),
    "an extension of the new answer's time": ([*_ORDERED_BY_A_DAY, "extend 2026-06-11"], []),
    "an extension after the new answer's term": (
        [*_ORDERED_BY_A_DAY, "extend 2026-06-26"],
        ["late 责令重新答复的决定 2026年6月26日延期"],
    ),
    "an extension on the last day": (["extend 2026-03-30 told=2026-03-30"], []),
    "an extension a day late": (["extend 2026-03-31 told=2026-03-31"], ["late 第三十三条 已于2026年3月30日届满"]),
    "an extension told a day late": (["extend 2026-03-30 told=2026-03-31"], ["late 第三十三条 2026年3月31日延期"]),
    "an extension of which nobody was told": (["extend 2026-03-30 told="], ["contrary 第三十三条 未登记告知申请人"]),
    "an extension to the last day that it may reach": (["extend 2026-03-10 until=2026-04-28"], []),
    "an extension beyond it": (
        ["extend 2026-03-10 until=2026-04-29"],
        ["contrary 第三十三条 延长至2026年4月29日，超过20个工作日（2026年4月28日）"],
    ),
    "a second extension": (
        ["extend 2026-03-10", "extend 2026-03-20"],
        ["contrary 第三十三条 2026年3月10日已延长答复期限，2026年3月20日再次延长"],
    ),
    "an extension of the time that started anew": (
        ["extend 2026-03-04", "ask-correction 2026-03-05", "corrected 2026-03-06", "extend 2026-03-09"],
        [],
    ),
    "a second extension, after a correction that started nothing anew": (
        ["extend 2026-03-10", "ask-correction 2026-03-12", "corrected 2026-03-16", "extend 2026-03-17"],
        ["contrary 第三十三条 2026年3月10日已延长答复期限，2026年3月17日再次延长"],
    ),
    "an extension after one that never held": (["extend 2026-03-09 told=", "extend 2026-03-10"], []),
    "a third party asked after the limit": (["consult 2026-03-31"], ["late 第三十三条 答复期限已于"]),
    "a third party silent on the last day of theirs": (
        ["consult 2026-03-02 reached=2026-03-04", "opinion 2026-03-25 result=silent"],
        ["contrary 第三十二条 第三方提出意见的期限至2026年3月25日"],
    ),
    "a third party silent a day later": (
        ["consult 2026-03-02 reached=2026-03-04", "opinion 2026-03-26 result=silent"],
        [],
    ),
    "a co-maker silent too early": (
        ["consult 2026-03-02 whom=co-maker", "opinion 2026-03-23 whom=co-maker result=silent"],
        ["contrary 第三十四条 共同制作的机关提出意见的期限至2026年3月23日"],
    ),
    "another agency has no limit": (
        ["consult 2026-03-02 whom=agency", "opinion 2026-03-03 whom=agency result=silent"],
        [],
    ),
    "an answer on the last day": (["review 2026-03-30", "answer 2026-03-30"], []),
    "an answer a day late": (["review 2026-03-30", "answer 2026-03-31"], ["late 第三十三条 答复期限已于2026年3月30日"]),
    "an answer nobody reviewed": (["answer 2026-03-30"], ["procedure 本县办理程序 答复前未登记审核"]),
    "an answer sent back": (["review 2026-03-20 result=returned", "answer 2026-03-30"], ["procedure 本县办理程序 "]),
    "disclosed against the will of a third party who is not told why": (
        [*_REFUSED, "answer 2026-03-20"], ["procedure 本县办理程序 第三方（甲）不同意而决定公开，未登记"],
    ),
    "withheld as a third party wishes": ([*_REFUSED, "answer 2026-03-20 answer=withheld ground=privacy reason=x"], []),
    "disclosed against the will of one who was told before": (
        [*_REFUSED, "tell-party 2026-03-19 party=甲 what=x", "answer 2026-03-20"], [],
    ),
    "one of two third parties is told": (
        [*_REFUSED[:2], "consult 2026-03-11 party=乙", "opinion 2026-03-12 result=refuse", _REFUSED[2],
         "tell-party 2026-03-19 party=甲", "answer 2026-03-20"],
        ["procedure 本县办理程序 第三方（乙）不同意而决定公开"],
    ),
    "an answer reviewed while a correction is awaited": (
        ["ask-correction 2026-03-04", "review 2026-03-05", "answer 2026-03-06"], [],
    ),
    "an answer on the spot": (["answer 2026-03-02"], []),
    "given up on the last day for the correction": (
        ["ask-correction 2026-03-04 until=2026-03-20", "abandon 2026-03-20"],
        ["contrary 第三十条 期限至2026年3月20日"],
    ),
    "given up a day later": (["ask-correction 2026-03-04 until=2026-03-20", "abandon 2026-03-23"], []),
    "unpaid on the last day": (
        ["ask-fee 2026-03-04 until=2026-04-01", "abandon 2026-04-01 why=unpaid"],
        ["contrary 国办函〔2020〕109号 期限至2026年4月1日"],
    ),
    "unpaid before anybody said a day": (
        ["ask-fee 2026-03-06", "abandon 2026-03-11 why=unpaid"],
        ["contrary 国办函〔2020〕109号 期限至2026年4月3日"],
    ),
    "unpaid on the last day from the arrival of the notice": (
        ["ask-fee 2026-03-06 reached=2026-03-10", "abandon 2026-04-08 why=unpaid"],
        ["contrary 国办函〔2020〕109号 期限至2026年4月8日"],
    ),
    "unpaid a day later": (["ask-fee 2026-03-06 reached=2026-03-10", "abandon 2026-04-09 why=unpaid"], []),
}  # fmt: skip
#: The same for a request of 2 March 2015, due on 23 March.
UNDER_2007 = {
    "a correction, whenever": (["ask-correction 2015-03-20"], []),
    "a third party about their secrets": (["consult 2015-03-04 interest=privacy"], []),
    "disclosed against their will, without a word to them": (
        ["consult 2015-03-04 interest=privacy", "opinion 2015-03-10 result=refuse", "answer 2015-03-20"],
        ["contrary 第二十三条 第三方不同意而决定公开，未登记"],
    ),
    "a third party about something else": (
        ["consult 2015-03-04 interest=other"],
        ["contrary 第二十三条 未登记所涉商业秘密或者个人隐私"],
    ),
    "an extension on the last day": (["extend 2015-03-23 told=2015-03-23"], []),
    "an extension a day late": (["extend 2015-03-24 told=2015-03-24"], ["late 第二十四条 "]),
    "a second extension": (["extend 2015-03-10", "extend 2015-03-11"], ["contrary 第二十四条 "]),
    "a delayed answer": (["announce-delay 2015-03-10"], ["contrary 第二十四条 延迟答复，条例未作规定"]),
    "an answer a day late": (["answer 2015-03-24"], ["late 第二十四条 "]),
    "an answer nobody reviewed": (["answer 2015-03-20"], []),
    "a fee": (["ask-fee 2015-03-10"], []),
}
CASES = [
    pytest.param(day, steps, remarks, id=f"{day.year}: {name}")
    for day, table in ((date(2026, 3, 2), UNDER_2019), (date(2015, 3, 2), UNDER_2007))
    for name, (steps, remarks) in table.items()
]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("filed_on", "steps", "remarks"), CASES)
def test_what_was_unlawful(county: Store, filed_on: date, steps: list[str], remarks: list[str]) -> None:
    with county.begin() as tx:
        request = received(tx, filed_on=filed_on)
        moved(tx, request, "register", filed_on.isoformat())
        for step in steps:
            kind, day, *fields = step.split()
            done = moved(tx, request, kind, day, **dict(field.split("=") for field in fields))
        assert len(done.value.remarks) == len(remarks)
        for remark, expected in zip(done.value.remarks, remarks, strict=True):
            code, place, text = expected.split(" ", 2)
            assert (remark.code, remark.provision.removeprefix(REVISED), text in remark.text) == (code, place, True)
        assert list_moves(tx, request.id)[-1].remarks == done.value.remarks


@pytest.mark.parametrize(
    ("filed_on", "article"), [(date(2019, 5, 14), "第二十四条"), (date(2019, 5, 15), "第三十三条")], ids=str
)
def test_the_regulations_of_the_day_of_receipt_govern(county: Store, filed_on: date, article: str) -> None:
    with county.begin() as tx:
        request = received(tx, filed_on=filed_on)
        moved(tx, request, "register", filed_on.isoformat())
        remark = moved(tx, request, "answer", "2019-08-01").value.remarks[0]
        assert (remark.code, remark.provision) == ("late", REVISED + article)


def test_what_was_unlawful_moves_no_clock(county: Store) -> None:
    """A correction asked too late, and the applicant's answer to it, start nothing anew: their events are idle, and the
    derivation names them."""
    with county.begin() as tx:
        request = received(tx)
        for step in ("register 2026-03-02", "ask-correction 2026-03-12", "corrected 2026-03-16", "extend 2026-03-31"):
            moved(tx, request, *step.split())
        events = {stored.event.name: stored.event.fields.get("idle") for stored in list_events(tx, "sample")}
        assert events == {"foi-received": None, "correction-asked": "《政府信息公开条例》第三十条", "corrected": "idle"}
        view = load_request_view(tx, RULES, CALENDAR, reread(tx, request), NOW)
        assert view.computed is not None
        assert (view.computed.due_on, view.computed.extended) == (date(2026, 3, 30), False)
        assert view.computed.rests_on == ("unlawful-steps",)
        assert "与《政府信息公开条例》第三十条不符，不影响计时" in view.computed.derivation.text


@pytest.mark.parametrize(
    ("steps", "remark"),
    {
        "before the term was over": (
            ["ask-correction 2026-03-04 until=2026-03-20", "abandon 2026-03-13"],
            "期限至2026年3月20日，2026年3月13日即视为放弃",
        ),
        "after a correction asked too late": (
            ["ask-correction 2026-03-12 until=2026-03-20", "abandon 2026-03-23"],
            "2026年3月12日要求补正不合规定，据此视为放弃，仍应答复",
        ),
    }.values(),
)  # fmt: skip
def test_a_request_given_up_against_the_law_is_still_to_be_answered(
    county: Store, steps: list[str], remark: str
) -> None:
    rules = replace(
        RULES, events={**RULES.events, "foi-abandoned": EventRule("foi-abandoned", "", move="request.abandon")}
    )
    with county.begin() as tx:
        request = received(tx)
        moved(tx, request, "register", "2026-03-02")
        for step in steps:
            kind, day, *fields = step.split()
            done = moved(tx, request, kind, day, **dict(field.split("=") for field in fields))
        assert [found.text for found in done.value.remarks] == [remark]
        view = load_request_view(tx, rules, CALENDAR, reread(tx, request), NOW)
        assert (view.request.state, view.request.answer, view.request.answered_on) == ("handling", "", None)
        assert {"answer", "corrected"} <= {*view.allowed}
        assert done.value.id in work_out(rules, CALENDAR, request, view.moves, NOW).idle
        moved(tx, request, "review", "2026-03-24")
        moved(tx, request, "answer", "2026-03-24")
        assert reread(tx, request).state == "answered"


def test_a_remark_goes_into_the_journal_and_away_with_its_cause(county: Store) -> None:
    with county.begin() as tx:
        request = received(tx)
        for step in ("register 2026-03-02", "extend 2026-03-10", "extend 2026-03-20"):
            moved(tx, request, *step.split())
        [line] = list_rows(tx, "sample", action="request.remarked")
        assert (line.who, line.subject) == ("李办", "request:2026-guotu-1")
        assert "再次延长" in line.after
        withdraw_move(tx, RULES, CALENDAR, request, 3, by="王", reason="误录", now=NOW)
        assert [move.remarks for move in list_moves(tx, request.id)] == [(), (), ()]
        line = list_rows(tx, "sample", action="request.remarked")[-1]
        assert (line.who, line.reason, "再次延长" in line.before, "再次延长" in line.after) == (
            "王",
            "误录",
            True,
            False,
        )


def test_a_complaint_has_no_remarks(county: Store) -> None:
    with county.begin() as tx:
        complaint = received(tx, kind="complaint")
        moved(tx, complaint, "register", "2026-03-02")
        assert (
            moved(tx, complaint, "answer", "2026-05-20", answer="unfounded", finding="已按期公开").value.remarks == ()
        )


def test_a_new_answer_has_the_day_of_the_decision_and_extends_nothing_of_the_first_time(county: Store) -> None:
    """The first answer was late, and stays so whatever is extended for the new one."""
    steps = ("register 2026-03-02", "review 2026-03-30", "answer 2026-03-31", "appeal 2026-04-20",
             "appeal-result 2026-05-11 result=corrected again=yes until=2026-05-29", "extend 2026-05-12")  # fmt: skip
    with county.begin() as tx:
        request = received(tx)
        for step in steps:
            kind, day, *fields = step.split()
            moved(tx, request, kind, day, **dict(field.split("=") for field in fields))
        view = load_request_view(tx, RULES, CALENDAR, reread(tx, request), NOW)
        assert view.computed is not None
        assert (view.computed.due_on, view.computed.extended) == (date(2026, 3, 30), False)
        assert (view.is_again, view.again_until) == (True, date(2026, 5, 29))


def test_an_extension_beyond_its_limit_holds_to_the_limit(county: Store) -> None:
    with county.begin() as tx:
        request = received(tx)
        moved(tx, request, "register", "2026-03-02")
        moved(tx, request, "extend", "2026-03-10", until="2026-06-30")
        view = load_request_view(tx, RULES, CALENDAR, reread(tx, request), NOW)
        assert view.computed is not None
        assert (view.computed.due_on, view.computed.extended) == (date(2026, 4, 28), True)


def test_a_late_change_that_would_leave_an_answer_no_place_is_refused(county: Store) -> None:
    """Handed in two days later, the correction was asked in time, so that giving it up was lawful: no answer after."""
    steps = ("ask-correction 2026-03-12 until=2026-03-20", "abandon 2026-03-23", "review 2026-03-24",
             "answer 2026-03-24")  # fmt: skip
    with county.begin() as tx:
        request = received(tx, way="registered-post", signed_on=date(2026, 3, 2))
        moved(tx, request, "register", "2026-03-04")
        for step in steps:
            kind, day, *fields = step.split()
            moved(tx, request, kind, day, **dict(field.split("=") for field in fields))
        with pytest.raises(RegisterError, match="would then not be possible: withdraw that one first"):
            correct_receipt(
                tx, RULES, CALENDAR, reread(tx, request), by="王", now=NOW, reason="误录", signed_on=date(2026, 3, 4)
            )


def test_an_unlawful_end_may_be_entered_after_the_answer(county: Store) -> None:
    """It is judged where it belongs, before the answer, which it does not forbid."""
    with county.begin() as tx:
        request = received(tx)
        for step in ("register 2026-03-02", "ask-correction 2026-03-04 until=2026-03-20", "answer 2026-03-24"):
            kind, day, *fields = step.split()
            moved(tx, request, kind, day, **dict(field.split("=") for field in fields))
        late = moved(tx, request, "abandon", "2026-03-13").value
        assert [remark.text for remark in late.remarks] == ["期限至2026年3月20日，2026年3月13日即视为放弃"]
        assert reread(tx, request).state == "answered"


def test_a_third_party_may_be_told_after_the_answer(county: Store) -> None:
    """What was missing is there then, and the remark goes."""
    with county.begin() as tx:
        request = received(tx)
        for step in ("register 2026-03-02", *_REFUSED, "answer 2026-03-20"):
            kind, day, *fields = step.split()
            moved(tx, request, kind, day, **dict(field.split("=") for field in fields))
        moved(tx, request, "tell-party", "2026-03-23", party="甲", what="补偿标准")
        assert [move.remarks for move in list_moves(tx, request.id)] == [()] * 7
        with pytest.raises(RegisterError, match="tell third parties apart by 甲, 乙"):
            moved(tx, request, "tell-party", "2026-03-24", party="张建国")


def test_a_complaint_is_answered_in_its_own_kinds(county: Store) -> None:
    with county.begin() as tx:
        complaint = received(tx, kind="complaint")
        moved(tx, complaint, "register", "2026-03-02")
        with pytest.raises(RegisterError, match="answer 'disclosed' to a complaint: there is none such"):
            moved(tx, complaint, "answer", "2026-03-05", answer="disclosed", where="随函")
        with pytest.raises(RegisterError, match="an answer founded says 处理结果"):
            moved(tx, complaint, "answer", "2026-03-05", answer="founded", finding="公告迟了九日")


def test_several_applicants_for_one_thing_make_a_matter_of_publishing_it(county: Store) -> None:
    """2019, art. 44: the third request within a year is named; one to another department counts for nothing."""
    with county.begin() as tx:
        received(tx, department="huanbao")
        requests = [received(tx) for _ in range(4)]
        fields = [list_moves(tx, request.id)[0].fields.get("alike") for request in requests]
        assert fields == [None, None, "3", None]
        names = name_register_moves("request", MoveKind.RECEIVE, list_moves(tx, requests[2].id)[0].fields)
        assert names == ("request.receive", "request.receive.many")
