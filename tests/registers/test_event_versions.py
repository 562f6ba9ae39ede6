"""Where two people change an event, one succeeds and the other gets an error; the history lists all versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from tests.at_once import at_once
from tests.registers.import_office import BOOK, OFFICE, rows
from tests.registers.register_office import NOW, REQUEST, ROWS, budget, journalled
from tracker.core.values.facts import EventKey
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.eventimport import SourceFile, import_events
from tracker.registers.events import correct_event, load_history, record_event, withdraw_event
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.events import list_events
from tracker.store.occurrences import upsert_occurrences

KEY = EventKey("budget-approved", "huanbao", "12号")


@pytest.fixture
def desks(store_url: str) -> Iterator[tuple[Store, Store]]:
    """Two processes' ways into one database."""
    with Store(store_url, durable=False) as one, Store(store_url, durable=False) as other:
        with one.begin() as tx:
            ensure_county(tx, "sample")
            upsert_occurrences(tx, ROWS)
        yield one, other


def record(store: Store, **changes: Any) -> Registered[Any]:
    with store.begin() as tx:
        return record_event(tx, BOOK, budget(**{"reference": "12号", **changes}))


def correct(store: Store, day: int, seen: int, by: str) -> Registered[Any]:
    with store.begin() as tx:
        return correct_event(tx, BOOK, KEY, occurred=date(2015, 3, day), by=by, reason="核对", now=NOW, seen=seen)


def withdraw(store: Store, seen: int, by: str) -> Registered[Any]:
    with store.begin() as tx:
        return withdraw_event(tx, BOOK, KEY, by=by, reason="误录", now=NOW, seen=seen)


def both(*deeds: Callable[[], Registered[Any]]) -> tuple[list[Registered[Any]], list[RegisterError]]:
    done = at_once(deeds)
    unexpected = [
        result for result in done if isinstance(result, BaseException) and not isinstance(result, RegisterError)
    ]
    assert unexpected == []
    return [result for result in done if isinstance(result, Registered)], [
        result for result in done if isinstance(result, RegisterError)
    ]


def version(store: Store) -> int:
    with store.read() as tx:
        return list_events(tx, "sample", withdrawn=True)[0].version


def test_two_who_record_the_same_at_once_record_it_once(desks: tuple[Store, Store]) -> None:
    won, told = both(*(partial(record, desk) for desk in desks))
    assert (sorted(registered.changed for registered in won), told) == ([False, True], [])


def test_of_two_who_record_it_differently_at_once_the_second_is_told(desks: tuple[Store, Store]) -> None:
    won, told = both(
        *(partial(record, desk, occurred=date(2015, 3, day)) for desk, day in zip(desks, (2, 3), strict=True))
    )
    assert len(won) == len(told) == 1
    assert f"is on record with {won[0].value.occurred}" in str(told[0])
    with desks[0].read() as tx:
        assert len(journalled(tx)) == 1


@pytest.mark.parametrize("second", ["correct", "withdraw"])
def test_of_two_who_change_it_at_once_the_second_is_told(desks: tuple[Store, Store], second: str) -> None:
    record(desks[0])
    seen = version(desks[0])
    other = partial(correct, desks[1], 6) if second == "correct" else partial(withdraw, desks[1])
    won, told = both(partial(correct, desks[0], 5, seen, "王"), partial(other, seen, "李"))
    assert len(won) == len(told) == 1
    assert "is another since" in str(told[0])
    assert "nothing was changed" in str(told[0])
    with desks[0].read() as tx:
        lines = journalled(tx)
        assert len(lines) == 2
        assert lines[-1].who in str(told[0])
    assert version(desks[0]) != seen
    correct(desks[1], 7, version(desks[1]), "李")  # whoever has looked again may go on


def test_an_import_and_a_person_at_once_record_it_once(desks: tuple[Store, Store]) -> None:
    said = rows(("事项", "部门", "日期", "文号", "年度"), ("预算批复", "环保局", date(2015, 3, 2), "12号", "2015"))

    def bring() -> None:
        with desks[1].begin() as tx:
            import_events(tx, OFFICE, said, SourceFile("a.csv", "0" * 64), by="李", now=NOW)

    done = at_once([partial(record, desks[0]), bring])
    assert [result for result in done if isinstance(result, BaseException)] == []
    with desks[0].read() as tx:
        assert len(list_events(tx, "sample")) == 1
        assert len([row for row in journalled(tx) if row.action == "event.recorded"]) == 1


def test_a_version_that_stands_no_more_names_who_changed_it_and_to_what(county: Store) -> None:
    record(county)
    seen = version(county)
    correct(county, 5, seen, "王敏")
    with pytest.raises(
        RegisterError, match=r"王敏 changed it at 2015-03-10 09:00 \(now 2015-03-05, year=2015, version"
    ):
        withdraw(county, seen, "李娜")


def test_an_event_tells_every_version_with_who_when_and_why(county: Store) -> None:
    record(county)
    with county.begin() as tx:
        later = NOW + timedelta(hours=1)
        correct_event(tx, BOOK, KEY, occurred=date(2015, 3, 5), by="李", reason="文件日期", now=later)
        correct_event(tx, BOOK, KEY, fields={"note": "", "year": "2016"}, by="李", reason="年度", now=later)
        withdraw_event(tx, BOOK, KEY, by="王", reason="误录", now=later)
        correct_event(tx, BOOK, KEY, by="王", reason="核实无误", now=later)
        found = load_history(tx, BOOK, KEY)
    told = [
        (version.number, version.who, version.action, version.occurred, dict(version.fields), version.reason)
        for version in found.versions
    ]
    assert told == [
        (1, "王", "recorded", "2015-03-02", {"year": "2015"}, ""),
        (2, "李", "corrected", "2015-03-05", {"year": "2015"}, "文件日期"),
        (3, "李", "corrected", "2015-03-05", {"year": "2016"}, "年度"),
        (4, "王", "withdrawn", "", {}, "误录"),
        (5, "王", "restored", "2015-03-05", {"year": "2016"}, "核实无误"),
    ]
    assert [version.at for version in found.versions] == [NOW, *[later] * 4]


@pytest.mark.parametrize(
    ("given", "hangs"),
    [
        (budget(), ["sample/plan-2015/budget/huanbao/event:budget-approved:2015-03-02"]),
        (budget(department="caizheng"), []),
        (budget(name="foi-request-received", reference="7号", fields={}), [REQUEST]),
        (budget(name="foi-request-answered", reference="7号", fields={}), [REQUEST]),
        (budget(name="foi-request-answered", reference="8号", fields={}), []),
    ],
    ids=["what it starts", "another department's", "a request", "its answer, which proves it", "another answer"],
)
def test_an_event_tells_what_hangs_on_it(county: Store, given: dict[str, Any], hangs: list[str]) -> None:
    with county.begin() as tx:
        event = record_event(tx, BOOK, given).value
        found = load_history(
            tx, BOOK, EventKey(name=event.name, department=event.department, reference=event.reference)
        )
    assert [occurrence.key for occurrence in found.occurrences] == hangs


def test_an_event_per_duty_is_asked_for_with_its_duty(county: Store) -> None:
    given = budget(name="information-formed", department="bianban", duty="approval-reform", reference="5号", fields={})
    with county.begin() as tx:
        record_event(tx, BOOK, given)
        key = {"name": "information-formed", "department": "bianban", "reference": "5号"}
        with pytest.raises(RegisterError, match=r"is recorded per duty: name it \(approval-reform\)"):
            load_history(tx, BOOK, EventKey(**key))
        assert load_history(tx, BOOK, EventKey(**key, duty="approval-reform")).stored.event.duty == "approval-reform"


def test_a_field_that_is_needed_cannot_be_taken_away(county: Store) -> None:
    record(county)
    with county.begin() as tx, pytest.raises(RegisterError, match="needs year"):
        correct_event(tx, BOOK, KEY, fields={"year": ""}, by="李", reason="误填", now=NOW)
