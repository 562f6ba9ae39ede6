"""A file of events is imported in one transaction, once, with journal entries; a plan says what each row does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from tests.entered import new_event
from tests.registers.import_office import BOOK, OFFICE, rows
from tests.registers.register_office import NOW, journalled
from tracker.core.values.facts import EventKey
from tracker.registers.errors import RegisterError
from tracker.registers.eventimport import ImportPlan, SourceFile, import_events, plan_import
from tracker.registers.eventrows import EventRow
from tracker.registers.events import record_event, withdraw_event
from tracker.store.engine import Store, Tx
from tracker.store.events import list_events
from tracker.store.facts import load_facts

HEADS = ("事项", "部门", "日期", "文号", "年度")
FILE = SourceFile("预算.xlsx", "a" * 64, "事项")
NEW = ("预算批复", "caizheng", date(2015, 3, 2), "1号", "2015")
SAME = ("预算批复", "环保局", "2015-3-2", "12号", "2015")
DIFFERS = ("预算批复", "环保局", "2015-3-3", "12号", "2015")
GONE = ("预算批复", "环保局", "2015-3-2", "13号", "2014")
BAD = ("预算批复", "环宝局", "2015-3-2", "14号", "2015")


def lines(*said: tuple[Any, ...]) -> Sequence[EventRow]:
    return rows(HEADS, *said)


def on_record(tx: Tx) -> None:
    """12号 holds, 13号 was withdrawn."""
    for reference, year in (("12号", "2015"), ("13号", "2014")):
        record_event(
            tx,
            BOOK,
            new_event(
                name="budget-approved",
                department="huanbao",
                occurred=date(2015, 3, 2),
                by="王",
                now=NOW,
                reference=reference,
                fields={"year": year},
            ),
        )
    withdraw_event(
        tx,
        BOOK,
        EventKey(name="budget-approved", department="huanbao", reference="13号"),
        by="王",
        reason="误录",
        now=NOW,
    )


def bring(tx: Tx, *said: tuple[Any, ...], **how: Any) -> ImportPlan:
    return import_events(tx, OFFICE, lines(*said), FILE, **{"by": "李", "now": NOW, **how})


# (rows, how) → outcome by row, whether nothing is written, what the register holds afterwards
HELD = ["12号 2015-03-02"]
CASES: dict[str, tuple[Sequence[Any], dict[str, Any], list[str], bool, list[str]]] = {
    "what is new": ([NEW], {}, ["new"], False, ["1号 2015-03-02", *HELD]),
    "what is on record": ([SAME], {}, ["same"], False, HELD),
    "what differs stops all": ([NEW, DIFFERS], {}, ["new", "differs"], True, HELD),
    "what is bad stops all": ([NEW, BAD], {}, ["new", "bad"], True, HELD),
    "what was withdrawn stops all": ([NEW, GONE], {}, ["new", "differs"], True, HELD),
    "what differs, left out": ([NEW, DIFFERS], {"skip": True}, ["new", "differs"], False, ["1号 2015-03-02", *HELD]),
    "what is bad, left out": ([BAD, NEW], {"skip": True}, ["bad", "new"], False, ["1号 2015-03-02", *HELD]),
    "what differs, corrected": (
        [DIFFERS],
        {"correct": True, "reason": "核对"},
        ["corrected"],
        False,
        ["12号 2015-03-03"],
    ),
    "what was withdrawn, restored": (
        [GONE],
        {"correct": True, "reason": "核对"},
        ["corrected"],
        False,
        [*HELD, "13号 2015-03-02"],
    ),
    "bad beside corrected": ([DIFFERS, BAD], {"correct": True, "reason": "核对"}, ["corrected", "bad"], True, HELD),
    "nothing": ([], {}, [], False, HELD),
}


@pytest.mark.parametrize("case", CASES)
def test_what_becomes_of_each_row(county: Store, case: str) -> None:
    said, how, outcomes, refused, held = CASES[case]
    with county.begin() as tx:
        on_record(tx)
        before = (load_facts(tx, "sample"), journalled(tx))
        there = list_events(tx, "sample", withdrawn=True)
        planned = {key: value for key, value in how.items() if key != "reason"}
        plan = plan_import(OFFICE, lines(*said), there, NOW, **planned)
        assert (load_facts(tx, "sample"), journalled(tx)) == before  # a plan writes nothing
        done = bring(tx, *said, **how)
        assert done == plan
        assert ([planned.outcome for planned in done.rows], done.is_refused) == (outcomes, refused)
        if refused or not {"new", "corrected"} & set(outcomes):
            assert (load_facts(tx, "sample"), journalled(tx)) == before
        now = list_events(tx, "sample")
    assert sorted(f"{stored.event.reference} {stored.event.occurred}" for stored in now) == sorted(held)


def test_the_same_file_twice_changes_nothing(county: Store) -> None:
    with county.begin() as tx:
        bring(tx, NEW, SAME)
        before = (load_facts(tx, "sample"), journalled(tx))
    with county.begin() as tx:
        again = bring(tx, NEW, SAME, now=datetime.fromisoformat("2015-04-01T09:00+08:00"), by="王")
        assert again.counts == {"same": 2}
        assert (load_facts(tx, "sample"), journalled(tx)) == before


def test_each_event_and_the_file_itself_are_journalled(county: Store) -> None:
    with county.begin() as tx:
        on_record(tx)
        before = len(journalled(tx))
        bring(tx, NEW, SAME, GONE, BAD, skip=True)
        added = journalled(tx)[before:]
    assert [(row.who, row.action, row.subject) for row in added] == [
        ("李", "event.recorded", "event:budget-approved:caizheng:1号"),
        ("李", "events.imported", f"file:{'a' * 64}"),
    ]
    assert added[0].reason == "自预算.xlsx第2行导入"
    told = json.loads(added[1].after)
    assert (told["file"], told["sha256"], told["sheet"]) == ("预算.xlsx", "a" * 64, "事项")
    assert told["rows"] == {"new": 1, "same": 1, "differs": 1, "bad": 1}
    assert told["left_out"] == [4, 5]


def test_a_correction_by_a_file_keeps_the_old_value_and_the_reason(county: Store) -> None:
    with county.begin() as tx:
        on_record(tx)
        bring(tx, DIFFERS, correct=True, reason="按批复原件核对")
        corrected = journalled(tx)[-2]
    assert (corrected.action, corrected.who) == ("event.corrected", "李")
    assert corrected.reason == "按批复原件核对；自预算.xlsx第2行导入"
    assert ('"2015-03-02"' in corrected.before, '"2015-03-03"' in corrected.after) == (True, True)


@pytest.mark.parametrize(
    ("how", "why"), [({"by": " "}, "by is missing"), ({"correct": True}, "reason is missing")], ids=["who", "why"]
)
def test_nobody_imports_without_saying_who_and_why(county: Store, how: dict[str, Any], why: str) -> None:
    with county.begin() as tx, pytest.raises(RegisterError, match=why):
        bring(tx, NEW, **how)


def test_what_the_recorder_should_know_is_said_of_its_row(county: Store) -> None:
    with county.begin() as tx:
        on_record(tx)
        done = bring(
            tx,
            ("预算批复", "环保局", "2015-03-20", "15号", "2015"),
            ("预算批复", "环保局", "2014-03-20", "16号", "2013"),
        )
    assert done.rows[0].note == "it lies in the future; 12号 with year=2015 too: correct that one if it is the same"
    assert done.rows[1].note == "no rule that uses it was in force on that day"
