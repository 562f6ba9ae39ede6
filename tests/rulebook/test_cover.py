"""Kinds under `cover`: parts of their own with a deadline that a county adopts, replaces, or leaves weak."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rulebook.rule_office import Office
from tracker.core.law.duties import Contents, Duty, Every, Item
from tracker.core.law.instances import instances_of
from tracker.core.verdict.adoption import assumed_readings
from tracker.rulebook.examples import check_examples

PARTS = """    parts:
      quality: {evidence: {title: 水质}}
      sources: {evidence: {title: 污染源}}
    examples:
      - {department: huanbao, period: 2015-07, due: 2015-07-31}
"""
KINDS = """    contents:
      kinds: {good: 达标, bad: {any: [超标, 劣五类]}, plan: {any: [计划], advisory: true}}
      cover: year
"""
GOOD, BAD, PLAN = Item(("达标",)), Item(("超标", "劣五类")), Item(("计划",), advisory=True)


def covered(office: Office, more: str = "", cover: str = "year") -> Duty:
    office.put("pack", PARTS, KINDS.replace("cover: year", f"cover: {cover}") + more)
    return office.duty("water")


def test_each_kind_is_a_part_with_a_year_of_its_own_beside_the_months_of_any_kind(office: Office) -> None:
    duty = covered(office)
    any_kind, good, bad = duty.parts
    assert (any_kind.name, any_kind.own_deadline, any_kind.contents) == (
        "",
        False,
        Contents("kinds", (GOOD, BAD, PLAN)),
    )
    assert (good.name, good.title, good.contents) == ("good", "达标", Contents("all", (GOOD,), (BAD, PLAN)))
    assert (bad.name, bad.title, bad.contents) == ("bad", "超标", Contents("all", (BAD,), (GOOD, PLAN)))
    assert all(part.own_deadline for part in (good, bad))
    sources = {cell.part: cell.sources for cell in duty.assignments[0].cells}
    assert list(sources) == ["", "good", "bad"]
    assert sources["good"] == sources["bad"] == sources[""]


@pytest.mark.parametrize(
    ("cover", "due"),
    [
        ("year", {"2015.good": "12-31", "2015.bad": "12-31"}),
        (
            "half-year",
            {"2015-H1.good": "06-30", "2015-H2.good": "12-31", "2015-H1.bad": "06-30", "2015-H2.bad": "12-31"},
        ),
    ],
)
def test_labels_and_due_days(office: Office, cover: str, due: dict[str, str]) -> None:
    duty, loaded = covered(office, cover=cover), office.load()
    found = instances_of(duty, loaded.calendar, loaded.rulebooks[0].county, date(2015, 12, 31))
    days = {one.label: f"{one.due_on:%m-%d}" for one in found}
    assert {label: day for label, day in days.items() if "." in label} == due
    assert [label for label in days if "." not in label] == [f"2015-{month:02}" for month in range(1, 13)]


class TestTheReading:
    def test_it_is_ours_and_weak_until_a_county_adopts_it_by_its_name(self, office: Office) -> None:
        (deadline,) = covered(office).part("good").deadlines
        assert isinstance(deadline, Every)
        assert (deadline.unit, deadline.zero_report, deadline.reading) == ("year", True, "cover-year")
        assert (deadline.assumed, deadline.weak, deadline.law) == (True, True, ())
        assert deadline.basis == "所列各类未定公开次数，按每年每类至少公开一次或零报告把握"
        office.put("county", "adopted: {works: [listed]}", "adopted: {works: [listed, cover-year]}")
        (deadline,) = office.duty("water").part("good").deadlines
        assert (deadline.adopted, deadline.weak) == (True, False)

    def test_it_may_be_adopted_by_a_recorded_decision_too(self, office: Office) -> None:
        covered(office)
        assert assumed_readings(office.load().rulebooks[0])["works", "cover-year"] is False

    def test_a_county_may_put_its_own_in_its_place(self, office: Office) -> None:
        covered(office)
        own = "{deadline: {every: half-year, zero_report: true}, basis: 县政府办公室规定}"
        office.put("county", "overrides:", f"readings: {{works: {{cover-year: {own}}}}}\noverrides:")
        (deadline,) = office.duty("water").part("good").deadlines
        assert isinstance(deadline, Every)
        assert (deadline.unit, deadline.basis, deadline.assumed) == ("half-year", "县政府办公室规定", False)

    def test_a_pack_may_say_what_it_rests_on(self, office: Office) -> None:
        own = "  cover-year: {deadline: {every: year, zero_report: true}, assumed: true, basis: 一（八）}\n  listed:\n"
        office.put("pack", "  listed:\n", own)
        (deadline,) = covered(office).part("good").deadlines
        assert deadline.basis == "一（八）"

    def test_where_no_duty_has_a_cover_there_is_no_such_reading(self, office: Office) -> None:
        office.put("county", "adopted: {works: [listed]}", "adopted: {works: [listed, cover-year]}")
        assert any("unknown reading 'cover-year'" in error for error in office.errors())


def test_a_part_s_kinds_stand_beside_the_part(office: Office) -> None:
    kinds = "contents: {kinds: {good: 达标, bad: 超标}, cover: year}"
    office.put("pack", "quality: {evidence: {title: 水质}}", f"quality: {{evidence: {{title: 水质}}, {kinds}}}")
    duty = office.duty("water")
    assert [part.name for part in duty.parts] == ["quality", "sources", "good", "bad"]
    titles = {cell.part: cell.sources[0].title for cell in duty.assignments[0].cells}
    assert titles == {"quality": "水质", "sources": "污染源", "good": "水质", "bad": "水质"}


EXAMPLES = {
    "{department: huanbao, period: 2015, due: 2015-12-31}": "",
    "{department: huanbao, period: 2015.bad, due: 2015-12-31}": "",
    "{department: huanbao, period: 2015, due: 2015-12-30}": "2015.good is due on 2015-12-31, not on 2015-12-30",
    "{department: huanbao, entry: 水质超标情况公告, published: 2015-05-04, proves: 2015.bad}": "",
    "{department: huanbao, entry: 水质超标情况公告, published: 2015-05-04, proves: 2015.good}": (
        "the entry proves 2015-05, 2015.bad, not 2015.good"
    ),
    "{department: huanbao, entry: 水质月报, published: 2015-05-04, text: 达标八个，超标一个, proves: 2015.good}": "",
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_of_kinds(office: Office, example: str) -> None:
    covered(office, f"    examples:\n      - {example}\n")
    loaded = office.load()
    errors = [error.message for error in check_examples(loaded.rulebooks[0], loaded.calendar)]
    assert [message.split(":")[1].strip() for message in errors[:1]] == list(filter(None, [EXAMPLES[example]]))
