"""Each duty of the shipped plan has examples that hold, and its titles do not fit its neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.core.matching.title_pattern import title_matches, uses_event
from tracker.rulebook.examples import check_examples
from tracker.rulebook.load import load

ROOT = Path(__file__).parents[2]
LOADED = load(ROOT, {})
RULEBOOK = next(rulebook for rulebook in LOADED.rulebooks if rulebook.county.id == "sample")
COUNTY, CALENDAR = RULEBOOK.county, LOADED.calendar
DUTIES = {duty.id: duty for duty in RULEBOOK.duties if duty.pack == "plan-2015"}
REGULATED = {duty.id: duty for duty in RULEBOOK.duties if duty.pack == "foi-2007"}


@pytest.mark.parametrize("duty", DUTIES | REGULATED)
def test_a_duty_has_two_examples_or_more_and_one_of_them_is_a_due_day(duty: str) -> None:
    examples = (DUTIES | REGULATED)[duty].examples
    assert len(examples) >= 2
    assert any(example.due for example in examples)


#: A guide that was renewed is still the guide.
BOTH = {("approval-items-change", "approval-items")}


def _fitting(title: str, department: str) -> Iterator[tuple[str, str]]:
    """(duty, part) of every duty of a department whose patterns the title fits."""
    for duty in DUTIES.values():
        for assignment in duty.assignments:
            for cell in assignment.cells if department in assignment.members else ():
                for source in cell.sources:
                    if source.title and not uses_event(source) and title_matches(source, title):
                        yield duty.id, source.columns[0]


@pytest.mark.parametrize("duty", DUTIES)
def test_a_title_that_proves_one_duty_does_not_fit_its_neighbour_in_the_column(duty: str) -> None:
    for example in DUTIES[duty].examples:
        if example.entry and example.proves != "nothing":
            fits = list(_fitting(example.entry, example.department))
            columns = {column for other, column in fits if other == duty}
            assert {other for other, column in fits if column in columns} <= {duty, *(b for a, b in BOTH if a == duty)}


def test_every_example_holds() -> None:
    assert [str(error) for error in check_examples(RULEBOOK, CALENDAR)] == []
