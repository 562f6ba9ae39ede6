"""What a change of the rules would create, move and close."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.rulebook.rule_office import Office
from tracker.core.values.facts import Event
from tracker.rulebook.diff import Diff, diff

UNTIL = date(2015, 3, 31)
APPROVED = Event(
    id=1,
    name="budget-approved",
    department="keji",
    reference="2015",
    occurred=date(2015, 3, 2),
    recorded_at=datetime.fromisoformat("2015-03-02T09:00+08:00"),
)


def changed(office: Office, kind: str, old: str, new: str, *events: Event) -> Diff:
    before = office.load()
    office.put(kind, old, new)
    after = office.load()
    return diff(before.rulebooks[0], after.rulebooks[0], before.calendar, UNTIL, events=events)


def short(result: Diff) -> dict[str, list[str]]:
    """Keys without the county and pack that they all begin with."""
    lists = {
        "created": [occurrence.key for occurrence in result.created],
        "moved": [f"{change.new.key} ({', '.join(change.what)})" for change in result.moved],
        "closed": [occurrence.key for occurrence in result.closed],
    }
    return {name: [key.removeprefix("small/works/") for key in keys] for name, keys in lists.items() if keys}


@pytest.mark.parametrize(
    ("kind", "old", "new", "expected"),
    [
        ("pack", "title: 部门预算", "title: 预算", {}),
        (
            "pack",
            "{every: month, about: previous}",
            "{every: month, about: previous, due: day 10}",
            {"moved": [f"water/huanbao/2015-0{month} (due)" for month in (1, 2, 3)]},
        ),
        (
            "pack",
            "departments: [huanbao]",
            "departments: [keji]",
            {
                "created": [f"water/keji/2015-0{month}" for month in (1, 2, 3)],
                "closed": [f"water/huanbao/2015-0{month}" for month in (1, 2, 3)],
            },
        ),
        (
            "pack",
            "within: 20 days",
            "within: 20 workdays",
            {
                "moved": [
                    f"budget/{department}/awaiting:budget-approved (deadline)" for department in ("huanbao", "keji")
                ]
            },
        ),
        (
            "county",
            "keji: {name: 科技局}\n",
            "keji: {name: 科技局}\n  wujia: {name: 物价局}\n",
            {"created": ["budget/wujia/awaiting:budget-approved"]},
        ),
        (
            "county",
            "overrides: {budget: {weight: 2}}",
            "overrides: {budget: {departments: {except: [huanbao]}}}",
            {"closed": ["budget/huanbao/awaiting:budget-approved"]},
        ),
    ],
    ids=["a title", "a due day", "another department", "another span", "a new department", "an exception"],
)
def test_what_a_change_does(office: Office, kind: str, old: str, new: str, expected: dict[str, list[str]]) -> None:
    result = changed(office, kind, old, new)
    assert short(result) == expected
    assert bool(result) == bool(expected)


def test_recorded_events_are_reckoned_anew(office: Office) -> None:
    result = changed(office, "pack", "within: 20 days", "within: 20 workdays", APPROVED)
    [move] = [change for change in result.moved if change.new.event]
    assert (move.old.due_on, move.new.due_on) == (date(2015, 3, 23), date(2015, 3, 30))


def test_a_new_year_file_moves_what_rests_on_it(office: Office) -> None:
    before = office.load()
    office.put("calendar", "2015-10-10]", "2015-03-22, 2015-10-10]")
    after = office.load()
    [rulebook] = before.rulebooks
    result = diff(rulebook, rulebook, before.calendar, UNTIL, new_calendar=after.calendar, events=[APPROVED])
    assert [(change.old.due_on, change.new.due_on) for change in result.moved] == [
        (date(2015, 3, 23), date(2015, 3, 22))
    ]
