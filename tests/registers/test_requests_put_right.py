"""The register of requests: what is withdrawn, put right afterwards, or entered by two at once."""

from __future__ import annotations

from datetime import date

import pytest

from tests.at_once import at_once
from tests.registers.request_office import (
    CALENDAR,
    NOW,
    REFERENCE,
    RULES,
    ZONE,
    entered,
    moved,
    new_request,
    received,
    reread,
    standing_events,
)
from tracker.core.requests.values import RequestState
from tracker.core.values.rulings import not_revoked
from tracker.registers.errors import RegisterError
from tracker.registers.requests import correct_receipt, receive, withdraw_move
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, Tx
from tracker.store.events import list_events
from tracker.store.journal import list_rows
from tracker.store.requests import list_moves, list_requests
from tracker.store.rulings import list_rulings

# -- withdrawing -----------------------------------------------------------------------------------


def test_a_wrong_step_is_withdrawn_with_its_event_and_stays_on_record(county: Store) -> None:
    with county.begin() as tx:
        request = entered(tx, ("register", "2026-03-02"), ("review", "2026-03-09"), ("answer", "2026-03-10"))
        assert (request.state, request.answer, request.answered_on) == ("answered", "disclosed", date(2026, 3, 10))
        done = withdraw_move(tx, RULES, CALENDAR, request, 4, by="王", reason="误录", now=NOW)
        assert done.message == "withdrew step 4 of 2026-guotu-1"
        request = reread(tx, request)
        assert (request.state, request.answer, request.answered_on) == ("reviewed", "", None)
        assert standing_events(tx) == [f"foi-received guotu {REFERENCE} 2026-03-02"]
        assert [move.withdrawn_at is None for move in list_moves(tx, request.id, withdrawn=True)] == [True] * 3 + [
            False
        ]
        assert not withdraw_move(tx, RULES, CALENDAR, request, 4, by="王", reason="误录", now=NOW).changed
        [line] = list_rows(tx, "sample", action="request.step-withdrawn")
        assert (line.who, line.reason, line.subject) == ("王", "误录", f"request:{REFERENCE}")
        moved(tx, request, "answer", "2026-03-11")  # its event comes back under the same reference
        assert standing_events(tx)[0] == f"foi-answered guotu {REFERENCE} 2026-03-11"


def test_a_step_on_which_others_rest_is_withdrawn_after_them(county: Store) -> None:
    with county.begin() as tx:
        request = entered(tx, ("register", "2026-03-02"), ("ask-correction", "2026-03-04"), ("corrected", "2026-03-09"))
        with pytest.raises(RegisterError, match=r"step 4 of 2026-guotu-1 \(corrected, 2026-03-09\) would then not be"):
            withdraw_move(tx, RULES, CALENDAR, request, 3, by="王", reason="误录", now=NOW)
        with pytest.raises(RegisterError, match=r"has no step 9 \(steps: 1, 2, 3, 4\)"):
            withdraw_move(tx, RULES, CALENDAR, request, 9, by="王", reason="误录", now=NOW)


def test_withdrawing_the_receipt_withdraws_the_request_and_keeps_its_number(county: Store) -> None:
    with county.begin() as tx:
        request = entered(tx, ("register", "2026-03-02"), ("consult", "2026-03-05"))
        withdraw_move(tx, RULES, CALENDAR, request, 1, by="王", reason="重复录入", now=NOW)
        assert standing_events(tx) == []
        assert list_requests(tx, "sample") == []
        with pytest.raises(RegisterError, match="2026-guotu-1 was withdrawn: it was entered by mistake"):
            moved(tx, reread(tx, request), "withdraw", "2026-03-09")
        assert received(tx).reference == "2026-guotu-2"


def test_an_order_to_answer_anew_opens_it_again(county: Store) -> None:
    with county.begin() as tx:
        request = entered(
            tx,
            ("register", "2026-03-02"),
            ("review", "2026-03-09"),
            ("answer", "2026-03-10"),
            ("appeal", "2026-03-20"),
            ("appeal-result", "2026-05-08", {"result": "corrected", "again": "yes"}),
        )
        assert (request.state, request.answer) == ("handling", "")
        moved(tx, request, "answer", "2026-05-12")
        assert [line for line in standing_events(tx) if "answered" in line] == [
            f"foi-answered guotu {REFERENCE} 2026-03-10",
            f"foi-answered guotu {REFERENCE}~2 2026-05-12",
        ]


def test_the_state_in_the_row_is_that_of_the_steps(county: Store) -> None:
    steps = (
        ("register", "2026-03-02"),
        ("ask-correction", "2026-03-04"),
        ("abandon", "2026-04-01"),
        ("archive", "2026-04-02"),
    )
    with county.begin() as tx:
        request = received(tx)
        seen = []
        for kind, day in steps:
            moved(tx, request, kind, day)
            seen.append((reread(tx, request).state.value, reread(tx, request).answer))
    assert seen == [
        ("handling", ""), ("correcting", ""), ("abandoned", "uncorrected"), ("archived", "uncorrected"),
    ]  # fmt: skip


# -- two at once -----------------------------------------------------------------------------------


def test_who_receives_at_the_same_time_gets_different_numbers(store_url: str) -> None:
    with Store(store_url) as store, store.begin() as tx:
        ensure_county(tx, "sample")

    def one_more() -> str:
        with Store(store_url) as own, own.begin() as tx:
            return received(tx).reference

    references = at_once([one_more] * 6)
    assert sorted(map(str, references)) == [f"2026-guotu-{number}" for number in range(1, 7)]


def test_of_two_who_answer_at_the_same_time_one_is_refused(store_url: str) -> None:
    with Store(store_url) as store, store.begin() as tx:
        ensure_county(tx, "sample")
        request = entered(tx, ("register", "2026-03-02"), ("review", "2026-03-09"))

    def answer_on(day: str) -> str:
        with Store(store_url) as own, own.begin() as tx:
            moved(tx, request, "answer", day)
        return day

    done = at_once([lambda: answer_on("2026-03-10"), lambda: answer_on("2026-03-11")])
    assert sum(isinstance(outcome, RegisterError) for outcome in done) == 1
    with Store(store_url) as store, store.read() as tx:
        assert len([line for line in standing_events(tx) if line.startswith("foi-answered")]) == 1


def test_once_the_day_of_receipt_is_confirmed_it_is_law_again(county: Store) -> None:
    with county.begin() as tx:
        request = received(tx, way="online")
        [stored] = list_events(tx, "sample")
        assert stored.event.is_assumed
        correct_receipt(
            tx, RULES, CALENDAR, request, by="王收", now=NOW, reason="电话确认", confirmed_on=date(2026, 3, 2)
        )
        [stored] = list_events(tx, "sample")
        assert not stored.event.is_assumed


def test_the_time_that_started_anew_is_extended_by_its_own_extension(county: Store) -> None:
    """The correction voids the first extension; the second one, of the corrected request, counts and not the first."""
    key = f"sample/foi/answer-2019/guotu/event:foi-received:{REFERENCE}"

    def granted(tx: Tx) -> list[str]:
        rulings = not_revoked(list_rulings(tx, "sample", key))
        return [f"{ruling.recorded_at.astimezone(ZONE):%m-%d}" for ruling in rulings if ruling.kind == "extend"]

    with county.begin() as tx:
        request = entered(tx, ("register", "2026-03-02"), ("extend", "2026-03-03"), ("ask-correction", "2026-03-11"),
                          ("corrected", "2026-03-16"), ("extend", "2026-04-10"))  # fmt: skip
        assert granted(tx) == ["04-10"]
        withdraw_move(tx, RULES, CALENDAR, request, 6, by="王", reason="误录", now=NOW)
        assert granted(tx) == ["03-03"]


def test_2007_knows_no_lapse_of_an_uncorrected_request_but_it_can_be_answered(county: Store) -> None:
    with county.begin() as tx:
        request = received(tx, filed_on=date(2015, 9, 21))
        moved(tx, request, "register", "2015-09-21")
        moved(tx, request, "ask-correction", "2015-09-25", until="2015-10-12")
        with pytest.raises(RegisterError, match="no request lapse that is not corrected; possible are corrected"):
            moved(tx, request, "abandon", "2015-10-13")
        moved(tx, request, "answer", "2015-10-14", answer="unclear", reason="未补充")
        assert reread(tx, request).state is RequestState.ANSWERED


def test_receipt_says_that_no_duty_in_force_starts(county: Store) -> None:
    with county.begin() as tx:
        early = new_request(filed_on=date(2008, 4, 1))
        assert "no rule starts a clock" in str(receive(tx, RULES, CALENDAR, early, by="王收", now=NOW).message)
        assert "no rule" not in str(receive(tx, RULES, CALENDAR, new_request(), by="王收", now=NOW).message)
