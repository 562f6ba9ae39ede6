"""The register of requests: what it records, what it refuses, and which events follow from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.registers.request_office import (
    CALENDAR,
    KEY,
    NOW,
    REFERENCE,
    RULES,
    ZONE,
    due,
    entered,
    moved,
    new_request,
    received,
    reread,
    standing_events,
)
from tracker.core.requests.values import MoveKind, RequestState
from tracker.core.values.rulings import not_revoked
from tracker.registers.errors import RegisterError
from tracker.registers.events import correct_event, record_event, withdraw_event
from tracker.registers.request_view import load_request_view
from tracker.registers.requests import correct_receipt, enter_move, load_request, receive, withdraw_move
from tracker.store.chain import verify_chain
from tracker.store.engine import Store, Tx
from tracker.store.events import find_event
from tracker.store.journal import list_rows
from tracker.store.requests import list_moves, list_requests
from tracker.store.rulings import list_rulings

# -- receiving -------------------------------------------------------------------------------------


def test_a_request_gets_the_next_number_of_its_department_and_year(county: Store) -> None:
    with county.begin() as tx:
        references = [
            received(tx).reference,
            received(tx).reference,
            received(tx, department="huanbao").reference,
            received(tx, filed_on=date(2025, 12, 31)).reference,
            received(tx, kind="complaint").reference,
        ]
        assert references == ["2026-guotu-1", "2026-guotu-2", "2026-huanbao-1", "2025-guotu-1", "2026-guotu-1"]
        assert len(list_requests(tx, "sample")) == 5


def test_it_is_numbered_in_the_year_of_receipt(county: Store) -> None:
    with county.begin() as tx:
        request = received(tx, way="registered-post", filed_on=date(2025, 12, 30), signed_on=date(2026, 1, 4))
        assert (request.reference, request.received) == (REFERENCE, date(2026, 1, 4))


def test_the_receipt_is_journalled_and_starts_the_clock(county: Store) -> None:
    with county.begin() as tx:
        done = receive(tx, RULES, CALENDAR, new_request(), by="王收", now=NOW)
        assert done.message == (
            "received 2026-guotu-1: counted from 2026-03-02 (当面提交的，以提交之日2026年3月2日为收到申请之日"
            "（《政府信息公开条例》第三十一条第一项）)"
        )
        assert standing_events(tx) == [f"foi-received guotu {REFERENCE} 2026-03-02"]
        assert due(tx, done.value) == date(2026, 3, 30)
        rows = list_rows(tx, "sample")
        assert [(row.who, row.action) for row in rows] == [("王收", "request.receive"), ("王收", "event.recorded")]
        assert rows[0].subject == f"request:{REFERENCE}"
        assert "征地" not in rows[0].after
        assert verify_chain(tx, "sample") == []


def test_what_another_department_has_to_answer_is_passed_on_at_once(county: Store) -> None:
    with county.begin() as tx:
        request = received(tx, owner="huanbao")
        assert (request.department, request.owner) == ("guotu", "huanbao")
        assert standing_events(tx) == [f"foi-received huanbao {REFERENCE} 2026-03-02"]


def test_a_number_that_is_taken_is_refused_and_the_next_one_named(county: Store) -> None:
    with county.begin() as tx:
        received(tx, year=2026, number=7)
        with pytest.raises(RegisterError, match="number 2026-guotu-7 is taken: the next one is 8"):
            received(tx, year=2026, number=7)
        assert received(tx).number == 8


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"filed_on": date(2026, 6, 2)}, "filed on 2026-06-02: that lies in the future"),
        ({"department": "gutou"}, "no department 'gutou': did you mean guotu?"),
        ({"owner": "nobody"}, "no department 'nobody'"),
        ({"title": " "}, "title is missing"),
        ({"title": "张三11010519491231002X的档案"}, "an identity number stands at"),
        ({"way": "registered-post"}, "registered-post: the day counts on which it was signed: give it (--signed)"),
        ({"way": "ordinary-post"}, "the day counts on which it was confirmed"),
        ({"way": "fax", "confirmed_on": date(2026, 3, 1)}, "confirmed on 2026-03-01, before it was filed"),
        ({"way": "fax", "confirmed_on": date(2026, 6, 2)}, "confirmed on 2026-06-02: that lies in the future"),
    ],
)
def test_a_receipt_that_cannot_be_is_refused(county: Store, changes: dict[str, object], message: str) -> None:
    with county.begin() as tx:
        with pytest.raises(RegisterError) as caught:
            received(tx, **changes)
        assert message in str(caught.value)
        assert list_requests(tx, "sample") == []


def test_many_requests_for_one_thing_are_pointed_out(county: Store) -> None:
    with county.begin() as tx:
        received(tx)
        received(tx, filed_on=date(2024, 3, 2))  # too long ago
        received(tx, title="另一事项")
        assert "consider publishing" not in receive(tx, RULES, CALENDAR, new_request(), by="王", now=NOW).message
        said = receive(tx, RULES, CALENDAR, new_request(), by="王", now=NOW).message
        assert "3 requests ask for this: consider publishing it (2026-guotu-1, 2026-guotu-3)" in said


def test_a_later_confirmation_moves_the_day_of_receipt(county: Store) -> None:
    with county.begin() as tx:
        request = entered(tx, ("register", "2026-03-02"), way="online")
        done = correct_receipt(
            tx, RULES, CALENDAR, request, by="王", now=NOW, reason="电话确认", confirmed_on=date(2026, 3, 4)
        )
        assert done.value.received == date(2026, 3, 4)
        assert standing_events(tx) == [f"foi-received guotu {REFERENCE} 2026-03-04"]
        assert due(tx, done.value) == date(2026, 4, 1)
        assert done.value.state is RequestState.HANDLING
        again = correct_receipt(
            tx, RULES, CALENDAR, done.value, by="王", now=NOW, reason="电话确认", confirmed_on=date(2026, 3, 4)
        )
        assert not again.changed


def test_an_answer_on_the_spot_needs_no_review(county: Store) -> None:
    with county.begin() as tx:
        request = received(tx)
        moved(tx, request, "register", "2026-03-02")
        assert moved(tx, request, "answer", "2026-03-02").value.remarks == ()


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "day", "fields", "message"),
    [
        ("answer", "2026-03-01", {}, "answer on 2026-03-01, before 2026-guotu-1 was received on 2026-03-02"),
        ("register", "2026-03-01", {}, "register on 2026-03-01, before"),
        ("corrected", "2026-03-09", {}, "2026-guotu-1 is handling on 2026-03-09: corrected is not possible; possible "
         "are ask-correction, assign, consult, ask-fee, extend, announce-delay, review, answer, tell-party, withdraw, "
         "appeal"),
        ("register", "2026-03-09", {}, "2026-guotu-1 is handling on 2026-03-09: register is not possible"),
        ("receive", "2026-03-09", {}, "receive is not possible"),
        ("archive", "2026-03-09", {}, "archive is not possible"),
        ("ask-correction", "2026-03-09", {"until": ""}, "until is missing"),
        ("ask-correction", "2026-03-09", {"until": "下周"}, "until=下周: write a day as 2026-03-02"),
        ("ask-correction", "2026-03-09", {"until": "2026-03-09"}, "the term must end after 2026-03-09"),
        ("ask-fee", "2026-03-09", {"until": "2026-03-08"}, "the fee can be paid until 2026-04-07 at the earliest"),
        ("announce-delay", "2026-03-09", {"until": "2026-03-09"}, "the term must end after 2026-03-09"),
        ("consult", "2026-03-09", {"until": "2026-03-09"}, "the term must end after 2026-03-09"),
        ("extend", "2026-03-09", {"until": "2026-03-09"}, "the term must end after 2026-03-09"),
        ("consult", "2026-03-09", {"whom": "somebody"}, "whom=somebody: known: agency, co-maker, third-party"),
        ("assign", "2026-03-09", {"owner": "hunabao"}, "no department 'hunabao': did you mean huanbao?"),
        ("assign", "2026-03-09", {"co": "huanbao,x"}, "no department 'x'"),
        ("extend", "2026-03-09", {"tlod": "2026-03-09"}, "no field 'tlod' of this step: did you mean told?"),
        ("extend", "2026-03-09", {"told": "2026-06-02"}, "told on 2026-06-02: that lies in the future"),
        ("review", "2026-03-09", {"author": "李 办"}, "李办 wrote the answer: somebody else must review it"),
        ("answer", "2026-03-09", {"answer": "granted"}, "kind of answer 'granted'"),
        ("answer", "2026-03-09", {"where": ""}, "an answer disclosed says 获取方式、途径 (--field where=…)"),
        ("consult", "2026-03-09", {"party": "张建国"}, "tell third parties apart by 甲, 乙, 丙 …, never by name"),
        ("consult", "2026-03-09", {"party": "13800138000"}, "a mobile number stands at"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(county: Store, move: str, day: str, fields: dict[str, str], message: str) -> None:
    with county.begin() as tx:
        request = entered(tx, ("register", "2026-03-02"))
        before = (list_moves(tx, request.id), standing_events(tx), len(list_rows(tx, "sample")))
        with pytest.raises(RegisterError) as caught:
            moved(tx, request, move, day, **fields)
        assert message in str(caught.value)
        assert before == (list_moves(tx, request.id), standing_events(tx), len(list_rows(tx, "sample")))


def test_nothing_happens_in_the_future(county: Store) -> None:
    with county.begin() as tx:
        request = received(tx, now=datetime(2026, 3, 2, 9, tzinfo=ZONE))
        with pytest.raises(RegisterError, match="2026-03-03 lies in the future"):
            enter_move(tx, RULES, CALENDAR, request, MoveKind.REGISTER, date(2026, 3, 3), by="王",
                       now=datetime(2026, 3, 2, 18, tzinfo=ZONE))  # fmt: skip


def test_the_same_step_twice_is_refused(county: Store) -> None:
    with county.begin() as tx:
        request = entered(tx, ("register", "2026-03-02"), ("consult", "2026-03-05"))
        with pytest.raises(RegisterError, match=r"consult of 2026-03-05 is on record already \(step 3\)"):
            moved(tx, request, "consult", "2026-03-05")
        assert moved(tx, request, "consult", "2026-03-05", party="乙").changed


def test_more_time_is_given_for_a_reason(county: Store) -> None:
    with county.begin() as tx:
        request = entered(tx, ("register", "2026-03-02"))
        with pytest.raises(RegisterError, match="reason is missing"):
            enter_move(tx, RULES, CALENDAR, request, MoveKind.EXTEND, date(2026, 3, 9), by="王", now=NOW)


def test_a_step_entered_late_must_fit_between_the_others(county: Store) -> None:
    with county.begin() as tx:
        request = entered(tx, ("register", "2026-03-02"), ("review", "2026-03-10"), ("answer", "2026-03-12"))
        with pytest.raises(RegisterError, match=r"step 4 of 2026-guotu-1 \(answer, 2026-03-12\) would then not be"):
            moved(tx, request, "withdraw", "2026-03-11")
        assert moved(tx, request, "extend", "2026-03-05").changed
        assert reread(tx, request).state is RequestState.ANSWERED


def test_events_of_the_register_are_touched_only_there(county: Store) -> None:
    with county.begin() as tx:
        request = received(tx)
        stored = find_event(tx, "sample", KEY)
        assert stored is not None
        for act in (
            lambda: record_event(tx, RULES, replace(stored.event, occurred=date(2026, 3, 3)), correct=True),
            lambda: record_event(tx, RULES, replace(stored.event, reference="2026-huanbao-9")),
            lambda: correct_event(tx, RULES, KEY, by="王", reason="改", now=NOW, occurred=date(2026, 3, 3)),
            lambda: withdraw_event(tx, RULES, KEY, by="王", reason="误录", now=NOW),
        ):
            with pytest.raises(RegisterError, match="follows from the register of requests and reviews"):
                act()
        by_hand = record_event(tx, RULES, replace(stored.event, reference="7号"))
        assert by_hand.changed  # a paper of before the register
        assert request.reference == REFERENCE


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("2026-guotu-9", r"no request 2026-guotu-9 \(the last number of that year: 1\)"),
        ("2026-gutou-1", "did you mean guotu?"),
        ("guotu/1", "write year, department and number, like 2026-guotu-12"),
    ],
)
def test_a_request_that_is_not_there(county: Store, reference: str, message: str) -> None:
    with county.begin() as tx:
        received(tx)
        with pytest.raises(RegisterError, match=message):
            load_request(tx, RULES, "request", reference)


# -- what follows ----------------------------------------------------------------------------------


def test_a_transfer_takes_the_clock_to_the_new_owner_with_the_same_day(county: Store) -> None:
    with county.begin() as tx:
        steps = ("register", "2026-03-02"), ("consult", "2026-03-05"), ("assign", "2026-03-09", {"co": "guotu,bianban"})
        request = entered(tx, *steps)
        assert (request.owner, request.department) == ("huanbao", "guotu")
        assert standing_events(tx) == [
            f"foi-received huanbao {REFERENCE} 2026-03-02",
            f"third-party-asked huanbao {REFERENCE} 2026-03-05",
        ]
        moved(tx, request, "opinion", "2026-03-12")
        moved(tx, request, "assign", "2026-03-13", owner="guotu")
        assert standing_events(tx) == [
            f"foi-received guotu {REFERENCE} 2026-03-02",
            f"third-party-answered guotu {REFERENCE} 2026-03-12",
            f"third-party-asked guotu {REFERENCE} 2026-03-05",
        ]
        assert load_request_view(tx, RULES, CALENDAR, reread(tx, request), NOW).co == ()


def test_what_no_rule_of_the_owner_counts_makes_no_event(county: Store) -> None:
    with county.begin() as tx:
        entered(tx, ("register", "2026-03-02"), ("assign", "2026-03-09", {"owner": "bianban"}))
        assert standing_events(tx) == []


def test_a_second_consultation_has_a_reference_of_its_own(county: Store) -> None:
    with county.begin() as tx:
        entered(
            tx,
            ("register", "2026-03-02"),
            ("consult", "2026-03-05"),
            ("consult", "2026-03-06", {"party": "乙"}),
            ("opinion", "2026-03-10", {"consult": "4"}),
        )
        assert standing_events(tx)[1:] == [
            f"third-party-answered guotu {REFERENCE}~2 2026-03-10",
            f"third-party-asked guotu {REFERENCE} 2026-03-05",
            f"third-party-asked guotu {REFERENCE}~2 2026-03-06",
        ]


def test_the_due_day_follows_the_steps(county: Store) -> None:
    with county.begin() as tx:
        request = entered(tx, ("register", "2026-03-02"))
        dues = [due(tx, request)]
        for kind, day, fields in (
            ("ask-correction", "2026-03-04", {}),
            ("corrected", "2026-03-09", {}),
            ("consult", "2026-03-11", {"whom": "agency"}),
            ("opinion", "2026-03-18", {"whom": "agency"}),
            ("extend", "2026-03-19", {}),
        ):
            moved(tx, request, kind, day, **fields)
            dues.append(due(tx, request))
    # 20 working days from 2 March; none while it is corrected; from 9 March; none while the agency is asked; five
    # working days of that do not count, 6 April is a day off; 20 working days more, over the days off of May.
    assert dues == [
        date(2026, 3, 30), None, date(2026, 4, 7), None, date(2026, 4, 14), date(2026, 5, 14),
    ]  # fmt: skip


def test_an_extension_is_granted_to_the_occurrence_and_goes_with_the_request(county: Store) -> None:
    def granted(tx: Tx, department: str) -> list[str]:
        key = f"sample/foi/answer-2019/{department}/event:foi-received:{REFERENCE}"
        return [
            f"{ruling.kind} {ruling.recorded_at.astimezone(ZONE):%m-%d}"
            for ruling in not_revoked(list_rulings(tx, "sample", key))
            if ruling.kind == "extend"
        ]

    with county.begin() as tx:
        request = entered(tx, ("register", "2026-03-02"), ("extend", "2026-03-20"))
        assert granted(tx, "guotu") == ["extend 03-20"]
        moved(tx, request, "assign", "2026-03-23")
        assert (granted(tx, "guotu"), granted(tx, "huanbao")) == ([], ["extend 03-20"])
        withdraw_move(tx, RULES, CALENDAR, reread(tx, request), 3, by="王", reason="误录", now=NOW)
        assert (granted(tx, "guotu"), granted(tx, "huanbao")) == ([], [])


def test_a_complaint_has_its_own_clock(county: Store) -> None:
    with county.begin() as tx:
        complaint = entered(tx, ("register", "2026-03-02"), kind="complaint")
        assert due(tx, complaint) == date(2026, 3, 16)
        moved(tx, complaint, "answer", "2026-03-10", answer="founded", finding="迟了九日", measures="已整改")
        assert standing_events(tx) == [
            f"complaint-answered guotu {REFERENCE} 2026-03-10",
            f"complaint-received guotu {REFERENCE} 2026-03-02",
        ]
        with pytest.raises(RegisterError, match="consult is not possible; possible are archive"):
            moved(tx, complaint, "consult", "2026-03-11")
