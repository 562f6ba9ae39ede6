"""The packs of statutes in force: their examples hold in a county of 2026, and what no source gives is assumed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

from tracker.core.law.county import Rulebook
from tracker.core.law.instances import from_event, instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.facts import Event
from tracker.rulebook.examples import check_examples
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded

ROOT = Path(__file__).parents[2]
PACKS = ("foi-2019", "foi-2019-items", "budget")
HEAD = """\
county: xin
name: 新县
start: 2026-01-01
packs: [foi-2019, foi-2019-items, budget]
groups: {budget-units: [zhongxue]}
departments:
  xianfuban: {name: 县政府办公室}
  caizheng: {name: 财政局}
  shenji: {name: 审计局}
  keji: {name: 科技局}
  minzheng: {name: 民政局}
  guotu: {name: 国土局}
  zhongxue: {name: 第一中学}
roles: {county-office: {mail: office@example.org}, supervisor: {mail: leader@example.org}}
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """A county that lists the packs, with the columns that they look at, each concerned duty laid on one department."""
    root = tmp_path_factory.mktemp("xin")
    shutil.copytree(ROOT / "rules", root / "rules", ignore=shutil.ignore_patterns("sample", "plan-2015.yaml"))
    shutil.copy(ROOT / "schedule.yaml", root)
    duties = [
        duty
        for name in PACKS
        for duty in yaml.safe_load((ROOT / f"rules/packs/{name}.yaml").read_text("utf-8"))["duties"]
    ]
    sources = [
        part["evidence"] for duty in duties for part in (duty, *duty.get("parts", {}).values()) if "evidence" in part
    ]
    columns = sorted({source["column"] for source in sources if "column" in source})
    site = {"base": "https://www.example.org/", "columns": {name: {"url": f"/{name}/"} for name in columns}}
    laid = {duty["id"]: {"departments": ["minzheng"]} for duty in duties if duty["departments"] == "concerned"}
    own = root / "rules/counties/xin/county.yaml"
    own.parent.mkdir(parents=True)
    rest = {"channels": {"county-site": site}, "overrides": laid}
    own.write_text(HEAD + yaml.safe_dump(rest, allow_unicode=True), "utf-8")
    return load(root, {})


@pytest.fixture(scope="module")
def book(loaded: Loaded) -> Rulebook:
    return loaded.rulebooks[0]


@pytest.mark.parametrize("pack", ["foi-2019", pytest.param("foi-2019-items", marks=pytest.mark.nightly), "budget"])
def test_every_example_holds(loaded: Loaded, book: Rulebook, pack: str) -> None:
    duties = tuple(duty for duty in book.duties if duty.pack == pack)
    assert [str(error) for error in check_examples(replace(book, duties=duties), loaded.calendar)] == []
    assert all(duty.examples for duty in duties)


def started(loaded: Loaded, book: Rulebook, duty: str, event: str, on: date) -> Occurrence:
    rule = book.events[event]
    [of] = [one for one in book.duties if one.id == duty]
    owner = of.assignments[0].members[0]
    at = datetime(2026, 1, 1, tzinfo=book.county.zone)
    happened = Event(1, event, owner, "1", on, at, duty if rule.per_duty else None, {"year": "2027"})
    [occurrence] = from_event(of, happened, loaded.calendar, book.county)
    return occurrence


def test_what_falls_due_in_a_year_without_a_notice_is_provisional(loaded: Loaded, book: Rulebook) -> None:
    known = started(loaded, book, "foi-rules", "information-formed", date(2026, 11, 20))
    assert (known.due_on, known.provisional) == (date(2026, 12, 18), False)
    # 2-4 December... from Monday the 7th: 7-11 5, 14-18 10, 21-25 15, 28-31 19, 4 January 20 (the 1st is off).
    unknown = started(loaded, book, "foi-rules", "information-formed", date(2026, 12, 4))
    assert (unknown.due_on, unknown.provisional) == (date(2027, 1, 4), True)
    assert "2027年放假安排尚未公布，本日期为暂定" in unknown.derivation.text
    budget = started(loaded, book, "county-budget", "county-budget-approved", date(2027, 1, 20))
    assert (budget.due_on, budget.provisional) == (date(2027, 2, 9), True)


#: The deadline that the source gives, and that which is ours.
WEAK = {
    "foi-rules": ("information-formed", False),
    "county-budget": ("county-budget-approved", False),
    "department-budget": ("budget-approved", False),
    "unit-budget": ("unit-budget-approved", True),
    "county-debt": ("county-budget-approved", True),
}


@pytest.mark.parametrize(("duty", "event", "weak"), [(duty, *rest) for duty, rest in WEAK.items()], ids=WEAK)
def test_a_number_that_was_read_in_no_source_is_assumed(
    loaded: Loaded, book: Rulebook, duty: str, event: str, weak: bool
) -> None:
    assert started(loaded, book, duty, event, date(2026, 3, 2)).weak is weak


def test_a_year_without_a_recorded_approval_is_still_asked_for(loaded: Loaded, book: Rulebook) -> None:
    [duty] = [one for one in book.duties if one.id == "department-budget"]
    nets = [
        (one.department, one.due_on, one.weak)
        for one in instances_of(duty, loaded.calendar, book.county, date(2026, 12, 31))
        if one.label == "2026"
    ]
    assert nets == [(name, date(2026, 6, 30), True) for name in book.county.departments]


def test_the_county_s_report_is_due_on_the_same_day_of_every_year(loaded: Loaded, book: Rulebook) -> None:
    [duty] = [one for one in book.duties if one.id == "county-annual-report"]
    due = [one.due_on for one in instances_of(duty, loaded.calendar, book.county, date(2028, 12, 31)) if one.due_on]
    assert [day for day in due if day.year >= 2026] == [date(year, 3, 31) for year in (2026, 2027, 2028)]
