"""In any order of moves, lawful or not, the register of requests holds what its moves made of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from tests.examples import examples
from tests.registers.any_request_moves import Requests
from tests.registers.request_office import FIELDS, NOW, new_request
from tests.two_regulations import load_two_regulations
from tracker.core.requests.values import MoveKind
from tracker.registers.request_view import RequestView, load_request_view
from tracker.registers.requests import enter_move, load_request, receive
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, Tx
from tracker.store.events import list_events


@pytest.mark.nightly
@pytest.mark.hypothesis
def test_no_order_of_moves_leads_the_register_of_requests_astray(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    Requests.template = sqlite_template
    Requests.loaded = load_two_regulations(tmp_path_factory.mktemp("rules"))
    run_state_machine_as_test(Requests, settings=examples(5, stateful_step_count=20))


def lived(tx: Tx, loaded: Loaded, *steps: str) -> RequestView:
    """A request of 2 March 2026 with these steps (`KIND DAY FIELD=VALUE …`) under the shipped rules, as it is shown."""
    rules, calendar = loaded.rulebooks[0], loaded.calendar
    ensure_county(tx, "river")
    request = receive(tx, rules, calendar, new_request(county="river"), by="王收", now=NOW).value
    for step in steps:
        kind, day, *fields = step.split()
        given = dict(field.split("=") for field in fields)
        enter_move(tx, rules, calendar, request, MoveKind(kind), date.fromisoformat(day), by="李办", now=NOW,
                   reason="按程序办理", fields={**FIELDS.get(MoveKind(kind), {}), **given})  # fmt: skip
    request = load_request(tx, rules, "request", request.reference)
    return load_request_view(tx, rules, calendar, request, NOW)


def test_a_delayed_answer_is_due_on_the_day_that_was_announced(store: Store, tmp_path: Path) -> None:
    """2019, art. 35: the agency itself sets the time, and the clock is that of its letter."""
    loaded = load_two_regulations(tmp_path)
    steps = ["register 2026-03-09", "announce-delay 2026-03-09 until=2026-05-20"]
    with store.begin() as tx:
        view = lived(tx, loaded, *steps, "review 2026-05-20", "answer 2026-05-20")
        assert view.computed is not None
        assert (view.computed.duty, view.computed.opens_on, view.computed.due_on) == (
            "foi-delayed-answer", date(2026, 3, 9), date(2026, 5, 20),
        )  # fmt: skip
        assert (
            "以所定日期为限，至5月20日届满；时限依据：《政府信息公开条例》第三十五条" in view.computed.derivation.text
        )
        assert [move.remarks for move in view.moves] == [()] * 5
        late = lived(tx, loaded, *steps, "review 2026-05-20", "answer 2026-05-21")
        [remark] = late.moves[-1].remarks
        assert (remark.code, remark.provision) == ("late", "《政府信息公开条例》第三十五条")


def test_a_new_answer_is_owed_by_the_term_of_the_order_and_proved_by_itself_alone(store: Store, tmp_path: Path) -> None:
    """The day zero is the receipt of the decision; the first answer proves nothing of the new one."""
    loaded = load_two_regulations(tmp_path)
    first = ["register 2026-03-02", "review 2026-03-30", "answer 2026-03-30", "appeal 2026-04-10"]
    order = "appeal-result 2026-05-11 result=corrected again=yes until=2026-05-29"
    with store.begin() as tx:
        view = lived(tx, loaded, *first, order, "review 2026-05-26", "answer 2026-05-27")
        assert view.computed is not None
        assert (view.computed.duty, view.computed.opens_on, view.computed.due_on, view.is_again) == (
            "foi-new-answer", date(2026, 5, 11), date(2026, 5, 29), False,
        )  # fmt: skip
        assert "时限依据：责令重新答复的决定" in view.computed.derivation.text
        found = sorted(
            f"{event.name} {event.reference} {event.occurred}"
            for event in (stored.event for stored in list_events(tx, "river"))
            if event.name != "foi-request-received"
        )
        assert found == [
            "foi-again-ordered 2026-guotu-1 2026-05-11",
            "foi-answer 2026-guotu-1 2026-03-30",
            "foi-answer 2026-guotu-1~2 2026-05-27",
            "foi-answered-again 2026-guotu-1 2026-05-27",
        ]


#: A request that was answered, and its order to answer anew without a term.
FIRST = ["register 2026-03-02", "review 2026-03-30", "answer 2026-03-30", "appeal 2026-04-10"]
UNDATED = "appeal-result 2026-05-11 result=corrected again=yes"


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("before", "after", "due"),
    [
        ("", [], "2026-06-08"),
        # 12 May 1, the pause up to the 15th does not count, 18-22 6, 25-29 11, 1-5 June 16, 8-11 20
        ("", ["consult 2026-05-12 whom=third-party party=甲",
              "opinion 2026-05-15 whom=third-party result=agree"], "2026-06-11"),
        ("", ["ask-fee 2026-05-13", "fee-paid 2026-05-20"], "2026-06-17"),
        ("", ["extend 2026-05-14 told=2026-05-14"], "2026-07-07"),
        ("", ["consult 2026-05-13 whom=agency"], "None"),  # the clock stands
        ("", ["ask-correction 2026-05-13 until=2026-05-22"], "2026-06-08"),  # art. 30: seven days from receipt are over
        # What came before the order belongs to the first answer: an extension, a correction that never came.
        ("extend 2026-03-20 told=2026-03-20", [], "2026-06-08"),
        ("ask-correction 2026-03-05 until=2026-03-20", [], "2026-06-08"),
    ],
)  # fmt: skip
def test_an_order_without_a_term_starts_the_time_of_the_regulations_anew(
    before: str, after: list[str], due: str, store: Store, tmp_path: Path
) -> None:
    """Implementation Regulation of the Law of Reconsideration, art. 49; of a judgment no text says it (assumed)."""
    steps = [FIRST[0], *filter(None, [before]), *FIRST[1:], UNDATED, *after]
    with store.begin() as tx:
        view = lived(tx, load_two_regulations(tmp_path), *steps)
        assert view.computed is not None
        found = view.computed.duty, view.computed.opens_on, view.is_again
        assert found == ("foi-new-answer", date(2026, 5, 11), False)
        assert str(view.computed.due_on) == due
        text = view.computed.derivation.text
        assert "《行政复议法实施条例》（国务院令第499号）第四十九条" in text
        assert "参照时限" in text


def test_a_second_order_is_a_matter_of_its_own_and_its_clock_stands_too(store: Store, tmp_path: Path) -> None:
    steps = [
        *FIRST, UNDATED, "review 2026-05-18", "answer 2026-05-18", "appeal 2026-05-19",
        "appeal-result 2026-05-20 result=corrected again=yes",
        "consult 2026-05-21 whom=third-party party=甲", "opinion 2026-05-26 whom=third-party result=agree",
    ]  # fmt: skip
    with store.begin() as tx:
        view = lived(tx, load_two_regulations(tmp_path), *steps)
        assert view.computed is not None
        assert view.computed.event is not None
        assert (view.computed.event.reference, str(view.computed.due_on)) == ("2026-guotu-1~2", "2026-06-23")


def test_where_no_pack_knows_of_orders_nothing_is_computed(store: Store, tmp_path: Path) -> None:
    loaded = load_two_regulations(tmp_path)
    rules = loaded.rulebooks[0]
    duties = tuple(duty for duty in rules.duties if duty.id != "foi-new-answer")
    loaded = replace(loaded, rulebooks=(replace(rules, duties=duties), *loaded.rulebooks[1:]))
    with store.begin() as tx:
        view = lived(tx, loaded, *FIRST, UNDATED)
        assert (view.is_again, view.again_until) == (True, None)
