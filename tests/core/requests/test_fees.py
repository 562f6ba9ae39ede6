"""The processing fee (国办函〔2020〕109号, arts. 4 and 5): sums worked out by hand at both sides of every limit."""

from __future__ import annotations

import pytest

from tracker.core.requests.fees import complete_fee, compute_item_fee, compute_page_fee


@pytest.mark.parametrize(
    ("items", "yuan"),
    [
        (1, 0),
        (10, 0),  # ten are free
        (11, 100),
        (30, 2_000),  # 20 × 100
        (31, 2_200),
        (40, 4_000),  # and 10 × 200
        (41, 4_300),
        (50, 7_000),  # and 10 × 300
        (51, 7_400),
        (100, 37_000),  # 2,000 + 10 × (200 + 300 + 400 + 500 + 600 + 700 + 800)
    ],
)
def test_items_of_a_month_cost(items: int, yuan: int) -> None:
    assert compute_item_fee(items).amount == yuan


@pytest.mark.parametrize(
    ("earlier", "items", "yuan"),
    [
        (9, 1, 0),  # the tenth
        (10, 1, 100),  # the eleventh
        (8, 4, 200),  # the ninth to the twelfth
        (29, 2, 300),  # the thirtieth and the thirty-first
        (40, 1, 300),  # the forty-first
    ],
)
def test_items_after_earlier_ones_of_the_month_cost(earlier: int, items: int, yuan: int) -> None:
    assert compute_item_fee(items, earlier).amount == yuan


@pytest.mark.parametrize("items", [1, 10, 11, 30, 31, 40, 41, 95])
def test_a_month_costs_the_same_in_one_request_or_one_by_one(items: int) -> None:
    assert sum(compute_item_fee(1, earlier).amount for earlier in range(items)) == compute_item_fee(items).amount


@pytest.mark.parametrize(
    ("pages", "yuan"),
    [
        (1, 0),
        (30, 0),  # thirty are free
        (31, 10),
        (100, 700),  # 70 × 10
        (101, 720),
        (200, 2_700),  # and 100 × 20
        (201, 2_740),
        (1_000, 34_700),  # and 800 × 40
    ],
)
def test_pages_of_a_request_cost(pages: int, yuan: int) -> None:
    assert compute_page_fee(pages).amount == yuan


def test_the_working_shows_every_step() -> None:
    assert compute_item_fee(35).working == (
        "当月累计35件：第1至10件不收费；第11至30件共20件，每件100元，计2000元；"
        "第31至35件共5件，每件200元，计1000元；合计3000元。"
    )
    assert compute_item_fee(1, 10).working == "当月第11件：第11件100元；合计100元。"
    assert compute_item_fee(2, 9).working == "当月第10至11件：第10件不收费；第11件100元；合计100元。"
    assert compute_page_fee(201).working == (
        "本件共201页：第1至30页不收费；第31至100页共70页，每页10元，计700元；"
        "第101至200页共100页，每页20元，计2000元；第201页40元；合计2740元。"
    )


@pytest.mark.parametrize(("items", "earlier"), [(0, 0), (-1, 0), (1, -1)])
def test_nothing_cannot_be_charged(items: int, earlier: int) -> None:
    with pytest.raises(ValueError, match="no fee"):
        compute_item_fee(items, earlier)


@pytest.mark.parametrize(
    ("fields", "yuan"),
    [
        ({"items": "2", "earlier": "9"}, "100"),
        ({"items": "11", "amount": "100元"}, "100"),
        ({"pages": "31"}, "10"),
        ({"amount": "12"}, "12"),  # no rate is given: costs under the Regulations of 2007
    ],
)
def test_the_sum_of_a_notice_follows_from_what_it_counts(fields: dict[str, str], yuan: str) -> None:
    completed, errors = complete_fee(fields)
    assert (completed["amount"].removesuffix("元"), errors) == (yuan, [])
    assert ("working" in completed) is ("amount" not in fields or "items" in fields)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"items": "11", "pages": "31"}, "by item (items, earlier) or by page (pages)"),
        ({"items": "eleven"}, "in whole numbers"),
        ({"items": "0"}, "in whole numbers"),
        ({"items": "11", "amount": "200"}, "the fee is 100 yuan, not 200: 当月累计11件"),
    ],
)
def test_a_sum_that_does_not_follow_is_refused(fields: dict[str, str], said: str) -> None:
    completed, (error,) = complete_fee(fields)
    assert completed == fields
    assert said in error
