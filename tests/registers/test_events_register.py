"""Events are checked against the rules, written once, and journalled."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.registers.register_office import NOW, RULES, budget, journalled
from tracker.core.values.facts import EventKey
from tracker.registers.errors import RegisterError
from tracker.registers.events import correct_event, record_event, withdraw_event
from tracker.store.engine import Store
from tracker.store.events import list_events
from tracker.store.facts import load_facts


def test_an_event_is_recorded_with_its_day_as_reference_and_journalled(county: Store) -> None:
    with county.begin() as tx:
        done = record_event(tx, RULES, budget())
        assert (done.changed, done.message) == (True, "recorded budget-approved:2015-03-02 of huanbao")
        assert load_facts(tx, "sample").events == (done.value,)
        [line] = journalled(tx)
    assert (line.who, line.action, line.subject) == ("王", "event.recorded", "event:budget-approved:huanbao:2015-03-02")
    assert (line.before, line.after) == ("", '{"fields":{"year":"2015"},"occurred":"2015-03-02"}')


def test_the_same_again_changes_nothing_and_says_so(county: Store) -> None:
    with county.begin() as tx:
        record_event(tx, RULES, budget())
        before = load_facts(tx, "sample")
        again = record_event(tx, RULES, budget(by="李", now=NOW + timedelta(days=1)))
        assert not again.changed
        assert "on record already" in again.message
        assert load_facts(tx, "sample") == before
        assert len(journalled(tx)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"occurred": date(2015, 3, 3)},
        {"occurred": datetime(2015, 3, 2, tzinfo=UTC)},
        {"fields": {"year": "2014"}},
    ],
    ids=["another day", "an hour where only the day was known", "another field"],
)
def test_the_same_key_with_other_contents_is_refused_unless_it_corrects(county: Store, changes: dict[str, Any]) -> None:
    with county.begin() as tx:
        record_event(tx, RULES, budget(reference="12号"))
        with pytest.raises(RegisterError, match=r"is on record with 2015-03-02, year=2015: correct it"):
            record_event(tx, RULES, budget(reference="12号", **changes))
        done = record_event(tx, RULES, budget(reference="12号", **changes), correct=True)
        assert done.message.startswith("corrected budget-approved:12号 of huanbao: 2015-03-02, year=2015 -> 2015-03-0")
        assert [line.action for line in journalled(tx)] == ["event.recorded", "event.corrected"]
        assert load_facts(tx, "sample").events == (done.value,)


def test_a_correction_keeps_what_it_leaves_out_and_names_its_reason(county: Store) -> None:
    with county.begin() as tx:
        record_event(tx, RULES, budget(reference="12号"))
        key = {"name": "budget-approved", "department": "huanbao", "reference": "12号"}
        done = correct_event(
            tx, RULES, EventKey(**key), occurred=date(2015, 3, 5), by="李", reason="文件日期为3月5日", now=NOW
        )
        assert (done.value.occurred, done.value.fields) == (date(2015, 3, 5), {"year": "2015"})
        line = journalled(tx)[-1]
        assert (line.reason, '"occurred":"2015-03-02"' in line.before) == ("文件日期为3月5日", True)


def test_a_withdrawn_event_no_longer_holds_and_may_be_restored(county: Store) -> None:
    key = {"name": "budget-approved", "department": "huanbao", "reference": "2015-03-02"}
    with county.begin() as tx:
        event = record_event(tx, RULES, budget()).value
        gone = withdraw_event(tx, RULES, EventKey(**key), by="王", reason="录入错误", now=NOW)
        assert gone.changed
        assert not withdraw_event(tx, RULES, EventKey(**key), by="王", reason="录入错误", now=NOW).changed
        assert [withdrawn.id for withdrawn in load_facts(tx, "sample").withdrawn_events] == [event.id]
        assert list_events(tx, "sample") == []
        with pytest.raises(RegisterError, match="was withdrawn with 2015-03-02"):
            record_event(tx, RULES, budget())
        record_event(tx, RULES, budget(), correct=True)
        assert [stored.event.id for stored in list_events(tx, "sample")] == [event.id]
        assert [line.action for line in journalled(tx)] == ["event.recorded", "event.withdrawn", "event.restored"]


EVENTS_REFUSED = {
    "an unknown event": ({"name": "budget-aproved"}, r"no event 'budget-aproved': did you mean budget-approved\?"),
    "an unknown department": ({"department": "huanbo"}, r"no department 'huanbo': did you mean huanbao\?"),
    "a needed field left out": ({"fields": {}}, r"needs year \(--field year=…\)"),
    "a needed field left blank": ({"fields": {"year": " "}}, "needs year"),
    "a year with its word": ({"fields": {"year": "2015年"}}, "write the year in four digits, like 2015"),
    "a year cut short": ({"fields": {"year": "15"}}, "write the year in four digits, like 2015"),
    "a reference with a slash": ({"reference": "2015/12"}, "without / . : or spaces"),
    "a reference with a dot": ({"reference": "v1.2"}, "without / . : or spaces"),
    "a reference with a colon": ({"reference": "a:b"}, "without / . : or spaces"),
    "a reference with a wide space": ({"reference": "12\u3000号"}, "without / . : or spaces"),
    "an empty reference": ({"reference": ""}, "1 to 128 characters"),
    "an hour without a zone": ({"occurred": datetime(2015, 3, 2, 9)}, "has no zone"),
    "a naive now": ({"now": datetime(2015, 3, 2, 9)}, "naive instant"),
    "nobody": ({"by": " "}, "by is missing"),
    "a duty where none belongs": ({"duty": "budget"}, "not recorded per duty: leave the duty out"),
    "a department without such a duty": (
        {"department": "bianban"},
        r"no duty of bianban uses budget-approved \(departments: caizheng, huanbao\)",
    ),
    "a duty left out": (
        {"name": "information-formed", "department": "bianban", "fields": {}},
        r"per duty: name it \(approval-reform\)",
    ),
    "a duty that does not use it": (
        {"name": "information-formed", "department": "bianban", "fields": {}, "duty": "budget"},
        "duty 'budget' of bianban does not use information-formed: known: approval-reform",
    ),
}


@pytest.mark.parametrize("case", EVENTS_REFUSED)
def test_an_event_that_does_not_fit_the_rules_is_refused(county: Store, case: str) -> None:
    changes, message = EVENTS_REFUSED[case]
    with county.begin() as tx:
        with pytest.raises(RegisterError, match=message):
            record_event(tx, RULES, budget(**changes))
        assert journalled(tx) == []


def test_a_record_that_proves_a_duty_is_an_event_too(county: Store) -> None:
    given = {"name": "foi-request-answered", "department": "huanbao", "reference": "7号"}
    with county.begin() as tx:
        done = record_event(tx, RULES, budget(**given, fields={}))
    assert done.changed


def test_what_the_recorder_should_know_is_said(county: Store) -> None:
    with county.begin() as tx:
        ahead = record_event(tx, RULES, budget(occurred=date(2015, 3, 11)))
        assert ahead.message.endswith("(it lies in the future)")
        before = record_event(tx, RULES, budget(occurred=date(2014, 12, 31)))
        assert "no rule that uses it was in force on that day" in before.message
        assert before.message.endswith("2015-03-11 with year=2015 too: correct that one if it is the same)")


def test_the_day_of_an_instant_is_the_countys_own(county: Store) -> None:
    with county.begin() as tx:
        done = record_event(tx, RULES, budget(occurred=datetime(2015, 3, 1, 16, 30, tzinfo=UTC)))
    assert done.value.reference == "2015-03-02"


def test_correcting_what_is_not_on_record_names_what_is(county: Store) -> None:
    key = {"name": "budget-approved", "department": "huanbao", "reference": "2015-03-22"}
    with county.begin() as tx:
        record_event(tx, RULES, budget())
        with pytest.raises(RegisterError, match="did you mean 2015-03-02"):
            withdraw_event(tx, RULES, EventKey(**key), by="王", reason="录入错误", now=NOW)
