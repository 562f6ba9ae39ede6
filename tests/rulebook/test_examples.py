"""The `examples:` lines are run through the core, and blame their own line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rulebook.rule_office import Office
from tracker.rulebook.examples import check_examples
from tracker.rulebook.load import load

WATER = "{department: huanbao, period: 2015-07, due: 2015-07-31}"
BUDGET = "{department: keji, of: budget-approved, event: 2015-03-02, due: 2015-03-23}"
OF = "of: budget-approved, event: 2015-03-02"


def failures(office: Office, old: str, new: str) -> list[str]:
    office.put("pack", old, new)
    loaded = office.load()
    found = check_examples(loaded.rulebooks[0], loaded.calendar)
    return [str(error).removeprefix(f"{office.root}/rules/packs/works.yaml:") for error in found]


def test_all_examples_of_the_shipped_rules_hold() -> None:
    loaded = load(Path(__file__).parents[2], {})
    for rulebook in loaded.rulebooks:
        assert [str(error) for error in check_examples(rulebook, loaded.calendar)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (WATER, WATER),
        (WATER, "{department: huanbao, entry: 6月份水质状况, published: 2015-07-05, proves: 2015-07/quality}"),
        (WATER, "{department: huanbao, entry: 6月份水质状况, published: 2015-08-05, proves: 2015-07/quality}"),
        (WATER, "{department: huanbao, entry: 6月份空气状况, published: 2015-07-05, proves: nothing}"),
        (BUDGET, BUDGET),
        (BUDGET, "{department: keji, of: budget-approved, event: 2015-03-02T18:00, due: 2015-03-23}"),
        (
            BUDGET,
            f"{{department: keji, {OF}, fields: {{year: 2015}}, "
            "entry: 科技局2015年部门预算, published: 2015-03-10, proves: event}",
        ),
        (
            BUDGET,
            f"{{department: keji, {OF}, fields: {{year: 2015}}, "
            "entry: 科技局2015年部门预算, published: 2015-03-10, text: 含三公经费, "
            "proves: 'event:budget-approved:2015-03-02'}",
        ),
        (
            BUDGET,
            f"{{department: keji, {OF}, fields: {{year: 2015}}, "
            "entry: 科技局2014年部门预算, published: 2015-03-10, proves: nothing}",
        ),
        (
            BUDGET,
            f"{{department: keji, {OF}, fields: {{year: 2015}}, "
            "entry: 科技局2015年部门预算, published: 2015-03-10, text: 收支总表, proves: nothing}",
        ),
    ],
)
def test_a_line_that_holds(office: Office, old: str, new: str) -> None:
    assert failures(office, old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            WATER,
            "{department: huanbao, period: 2015-07, due: 2015-08-01}",
            "24:9: water: 2015-07 is due on 2015-07-31, not on 2015-08-01: ",
        ),
        (
            WATER,
            "{department: huanbao, period: 2016-07, due: 2016-07-31}",
            "24:9: water: no occurrence '2016-07', did you mean '2015-07'?",
        ),
        (
            WATER,
            "{department: keji, period: 2015-07, due: 2015-07-31}",
            "24:9: water: the department 'keji' does not have this duty",
        ),
        (
            WATER,
            "{department: huanbao, entry: 6月份水质状况, published: 2015-07-05, proves: 2015-06/quality}",
            "24:9: water: the entry proves 2015-07/quality, not 2015-06/quality",
        ),
        (
            WATER,
            "{department: huanbao, entry: 6月份水质状况, published: 2015-07-05, proves: nothing}",
            "24:9: water: the entry proves ",
        ),
        (
            WATER,
            "{department: huanbao, entry: 6月份空气, published: 2015-07-05, proves: 2015-07}",
            "24:9: water: the entry proves nothing, not 2015-07",
        ),
        (
            WATER,
            "{department: huanbao, entry: 水质提升工作方案, published: 2015-07-05, proves: 2015-07/quality}",
            "24:9: water: the title only speaks about what is owed (标题为工作方案，不作为公开内容): "
            "write `accepts: [plan]`",
        ),
        (
            WATER,
            "{department: huanbao, entry: 水质工作, published: 2015-07-05, proves: 2015-07/quality}",
            "24:9: water: the title does not say that it is what is owed (",
        ),
        (
            BUDGET,
            "{department: keji, of: budget-approved, event: 2015-03-02, due: 2015-03-22}",
            "34:9: budget: event:budget-approved:2015-03-02 is due on 2015-03-23, not on 2015-03-22: ",
        ),
        (
            BUDGET,
            "{department: keji, of: item-changed, event: 2015-03-02, due: 2015-03-22}",
            "34:9: budget: the event 'item-changed' of 2015-03-02 starts nothing here",
        ),
    ],
)
def test_a_line_that_does_not_hold_says_what_came_out(office: Office, old: str, new: str, message: str) -> None:
    [failure] = failures(office, old, new)
    assert failure.startswith(message)


PLAN = "{department: huanbao, entry: 水质提升工作方案, published: 2015-07-05, proves: 2015-07/quality}"


@pytest.mark.parametrize("place", ["    parts:", "      quality: {"])
def test_a_kind_of_paper_that_the_rule_accepts_proves(office: Office, place: str) -> None:
    """Said of the duty, or of its part."""
    accepts = "accepts: [plan]"
    office.put("pack", place, f"    {accepts}\n{place}" if place.endswith(":") else f"{place}{accepts}, ")
    assert failures(office, WATER, PLAN) == []


def test_the_derivation_stands_behind_a_wrong_due_day(office: Office) -> None:
    [failure] = failures(office, "due: 2015-03-23", "due: 2015-03-22")
    assert "预算批复" in failure
