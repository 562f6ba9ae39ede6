"""Reports written over one another under one address: each was published in its time."""
# ruff: noqa: E501  (a row of a table is easier to read whole)

from __future__ import annotations

from datetime import date

import pytest

from tests.core.verdict.judging import COLUMN, END, LOOKED, WATER, changed, daily_visits, duty, entry, proved, verdicts
from tracker.core.law.duties import By, Every
from tracker.core.values.facts import Entry

MONTHLY, EACH = Every(unit="month", about="previous"), Every(unit="month")
JUNE, JULY = (
    "东河高锰酸盐指数3.2毫克每升，氨氮0.42毫克每升，总磷0.08毫克每升，饮用水源地达标率100%",
    "东河高锰酸盐指数4.6毫克每升，氨氮0.37毫克每升，总磷0.11毫克每升，饮用水源地达标率98%",
)


def written_over(
    seen: str, claimed: str, *, title: str = "水质月报", text: str = JULY, first: str = "水质月报"
) -> Entry:
    """What stood there since 8 July under one title, and what was seen in its place."""
    return changed(entry(first, "2015-07-08", text=JUNE), seen, title=title, text=text, claimed=date.fromisoformat(claimed))  # fmt: skip


# what is in its place; the months that are proved in time, and late
PLACES = [
    ("the next report", EACH, written_over("2015-08-10", "2015-08-09"), "2015-07 2015-08", "2015-01"),
    ("the next report, named", MONTHLY, written_over("2015-08-10", "2015-08-09", first="6月份水质", title="7月份水质"), "2015-07 2015-08", ""),
    ("the next report, late", MONTHLY, written_over("2015-09-03", "2015-09-02", first="6月份水质", title="7月份水质"), "2015-07", "2015-08"),
    ("the same text under a new day", EACH, written_over("2015-08-10", "2015-08-09", text=JUNE), "2015-07", "2015-01"),
    ("another text under the same day", EACH, written_over("2015-08-10", "2015-07-08"), "2015-07", "2015-01"),
    ("something else", EACH, written_over("2015-08-10", "2015-08-09", title="森林防火要求"), "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "deadline", "one", "on_time", "late"), PLACES, ids=[row[0] for row in PLACES])
def test_what_stood_there_and_what_stands_there(name, deadline, one, on_time, late):
    found = verdicts(duty(deadline, cells=[WATER]), END, entries=[one], visits=LOOKED)
    assert proved(found, late=False) == on_time
    assert proved(found, late=True).startswith(late)


def test_a_list_that_tells_of_it_before_its_text_is_read_changes_nothing():
    told = changed(entry("水质月报", "2015-07-08", text=JUNE), "2015-08-09", claimed=date(2015, 8, 9))
    found = verdicts(duty(EACH, cells=[WATER]), END, entries=[changed(told, "2015-08-11", text=JULY)], visits=LOOKED)
    assert proved(found, late=False) == "2015-07 2015-08"


def test_the_last_of_them_is_disputed_like_any_other():
    back = written_over("2015-09-05", "2015-08-30", first="6月份水质", title="7月份水质")
    visits = daily_visits("2015-06-30", "2015-10-10", column=COLUMN)
    found = verdicts(duty(MONTHLY, cells=[WATER]), "2015-09-20", entries=[back], visits=visits)
    assert (found["2015-07"].status, found["2015-08"].status) == ("met", "met-disputed")


def test_what_is_owed_once_is_what_stands_there():
    asked = duty(By(day=date(2015, 7, 31)), cells=[WATER])
    found = verdicts(asked, END, entries=[written_over("2015-08-10", "2015-08-09")], visits=LOOKED)
    assert found["once"].status == "met"
