"""The day of receipt by regime and way of filing, and the sentence that says why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.shipped_acts import ACTS
from tracker.core.requests.receipt import MissingDayError, find_receipt_day
from tracker.core.requests.values import Way

#: The first days on which each text is applied.
REVISED, LETTER = date(2019, 5, 15), date(2016, 1, 1)
#: For each way: the day that counts, and the place that says so ("" where it is assumed).
UNDER_2019 = {
    "in-person": ("filed", "第三十一条第一项"),
    "oral": ("filed", ""),
    "registered-post": ("signed", "第三十一条第二项"),
    "ordinary-post": ("confirmed", "第三十一条第二项"),
    "online": ("confirmed", "第三十一条第三项"),
    "fax": ("confirmed", "第三十一条第三项"),
    "mail": ("confirmed", "第三十一条第三项"),
}
UNDER_THE_LETTER = {
    "in-person": ("filed", "第一条第1项"),
    "oral": ("filed", ""),
    "registered-post": ("signed", "第一条第2项"),
    "ordinary-post": ("confirmed", "第一条第2项"),
    "mail": ("filed", "第一条第3项"),
    "fax": ("confirmed", "第一条第4项"),
    "online": ("confirmed", "第一条第5项"),
}
BEFORE = {
    "in-person": ("filed", "第二十四条第二款"),
    "oral": ("filed", ""),
    "registered-post": ("signed", ""),
    "ordinary-post": ("signed", ""),
    "mail": ("filed", ""),
    "fax": ("filed", ""),
    "online": ("filed", ""),
}
CELLS = [
    (filed_on, way, which, place)
    for filed_on, table in (
        (REVISED, UNDER_2019),
        (REVISED - timedelta(days=1), UNDER_THE_LETTER),
        (LETTER, UNDER_THE_LETTER),
        (LETTER - timedelta(days=1), BEFORE),
        (date(2008, 5, 1), BEFORE),
    )
    for way, (which, place) in table.items()
]


@pytest.mark.parametrize(("filed_on", "way", "which", "place"), CELLS)
def test_the_day_of_receipt(filed_on: date, way: Way, which: str, place: str) -> None:
    days = {"filed": filed_on, "signed": filed_on + timedelta(days=3), "confirmed": filed_on + timedelta(days=5)}
    found = find_receipt_day(way, filed_on, days["signed"], days["confirmed"], ACTS)
    assert (found.day, found.is_assumed) == (days[which], not place)
    assert found.provision.endswith(place)
    assert ("参照口径" in found.text) == found.is_assumed


def test_which_text_is_cited() -> None:
    cited = {
        filed_on: find_receipt_day("in-person", filed_on, None, None, ACTS).provision for filed_on in (REVISED, LETTER)
    }
    assert cited == {
        REVISED: "《政府信息公开条例》第三十一条第一项",
        LETTER: "国办公开办函〔2015〕207号第一条第1项",
    }


@pytest.mark.parametrize("way", ["online", "fax", "mail"])
def test_without_a_confirmation_the_day_of_filing_stands_in_and_is_said_to_be_assumed(way: Way) -> None:
    found = find_receipt_day(way, date(2026, 3, 2), None, None, ACTS)
    assert (found.day, found.is_assumed) == (date(2026, 3, 2), True)
    assert found.text == (
        "未登记双方确认之日，以提交之日2026年3月2日为收到申请之日"
        "（参照口径，《政府信息公开条例》第三十一条第三项以双方确认之日为准）"
    )


def test_an_ordinary_letter_counts_by_its_arrival_until_it_is_confirmed() -> None:
    found = find_receipt_day("ordinary-post", date(2026, 3, 2), date(2026, 3, 5), None, ACTS)
    assert (found.day, found.is_assumed) == (date(2026, 3, 5), True)


@pytest.mark.parametrize(("way", "missing"), [("registered-post", "signed"), ("ordinary-post", "confirmed")])
def test_a_letter_has_no_day_of_receipt_by_the_day_of_posting(way: Way, missing: str) -> None:
    with pytest.raises(MissingDayError) as caught:
        find_receipt_day(way, date(2026, 3, 2), None, None, ACTS)
    assert caught.value.day == missing


def test_a_complaint_has_no_text_of_its_own() -> None:
    found = find_receipt_day("online", date(2026, 3, 2), None, date(2026, 3, 4), ())
    assert (found.day, found.provision, found.is_assumed) == (date(2026, 3, 2), "", True)
