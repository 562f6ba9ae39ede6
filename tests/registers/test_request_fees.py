"""A notice of fees is entered with the sum that follows from the rates, and its working."""

from __future__ import annotations

from datetime import date

import pytest

from tests.registers.request_office import moved, received
from tracker.registers.errors import RegisterError
from tracker.store.counties import ensure_county
from tracker.store.engine import Store


def test_the_sum_and_its_working_are_recorded(store: Store) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        request = received(tx)
        moved(tx, request, "register", "2026-03-02")
        asked = moved(tx, request, "ask-fee", "2026-03-16", items="3", earlier="9", amount="200").value
        assert asked.fields["amount"] == "200"
        assert asked.fields["working"].startswith("当月第10至12件：")
        assert asked.remarks == ()


def test_a_sum_that_does_not_follow_is_refused(store: Store) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        request = received(tx)
        moved(tx, request, "register", "2026-03-02")
        with pytest.raises(RegisterError, match="the fee is 200 yuan, not 300"):
            moved(tx, request, "ask-fee", "2026-03-16", items="3", earlier="9", amount="300")


@pytest.mark.parametrize(
    ("year", "remarked"),
    [(2018, False), (2020, True), (2021, False)],  # 2007: costs, art. 27; 2019: no rates before 2021
)
def test_a_fee_before_there_were_rates_is_remarked(store: Store, year: int, remarked: bool) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        day = date(year, 3, 2)
        request = received(tx, filed_on=day, received=day)
        moved(tx, request, "register", f"{year}-03-02")
        asked = moved(tx, request, "ask-fee", f"{year}-03-09", until=f"{year}-04-09").value
        provisions = [remark.provision for remark in asked.remarks]
        assert provisions == (["国办函〔2020〕109号"] if remarked else [])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ""),  # nobody knows yet when it arrives
        (
            {"until": "2026-04-03"},
            "2026-04-03",
        ),  # sent on the 6th: 9-13 March 5, 16-20 10, 23-27 15, 30-31 17, 1-3 April
        ({"reached": "2026-03-10"}, "2026-04-08"),  # 11-13 March 3, 16-20 8, 23-27 13, 30-31 15, 1-3 April 18, 7-8 20
        ({"reached": "2026-03-10", "until": "2026-04-08"}, "2026-04-08"),
        ({"until": "2026-03-10"}, "until 2026-04-03 at the earliest, not 2026-03-10"),
        ({"until": "2026-04-02"}, "until 2026-04-03 at the earliest, not 2026-04-02"),
        ({"reached": "2026-03-10", "until": "2026-04-07"}, "at the earliest, not 2026-04-07"),
        ({"reached": "2026-03-05"}, "reached 2026-03-05: that lies before the notice of 2026-03-06"),
    ],
)
def test_the_last_day_to_pay_follows_from_the_arrival_of_the_notice(
    store: Store, fields: dict[str, str], expected: str
) -> None:
    """109号: 20 working days from the day after receipt; the notice may be on the way for days."""
    with store.begin() as tx:
        ensure_county(tx, "sample")
        request = received(tx)
        moved(tx, request, "register", "2026-03-02")
        if " " in expected:
            with pytest.raises(RegisterError, match=expected):
                moved(tx, request, "ask-fee", "2026-03-06", **fields)
            return
        asked = moved(tx, request, "ask-fee", "2026-03-06", **fields).value
        assert asked.fields.get("until", "") == expected
