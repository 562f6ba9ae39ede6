"""Packs that are in force in one county: their duties, their events, and the day they were issued."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rulebook.rule_office import Office


class TestPacksInForceTogether:
    def second(self, office: Office, first: str, last: str) -> None:
        text = office.path("pack").read_text(encoding="utf-8")
        text = text.replace("pack: works", "pack: more").replace(
            "{from: 2015-01-01, until: 2015-12-31}", f"{{from: {first}, until: {last}}}"
        )
        (office.root / "rules/packs/more.yaml").write_text(text, encoding="utf-8")
        office.put("county", "packs: [works]", "packs: [works, more]")

    def test_a_duty_s_id_is_unique_among_packs_in_force_at_one_time(self, office: Office) -> None:
        self.second(office, "2015-12-31", "2016-12-30")
        assert office.errors() == [
            f"rules/packs/more.yaml:{line}:9: the duty {duty!r} is in the pack 'works' too, "
            "in force at the same time in county 'small'"
            for line, duty in ((13, "water"), (25, "budget"))
        ]

    def test_the_next_year_s_pack_may_use_it_again(self, office: Office) -> None:
        self.second(office, "2016-01-01", "2016-12-31")
        assert [(duty.pack, duty.id) for duty in office.load().rulebooks[0].duties] == [
            ("works", "water"),
            ("works", "budget"),
            ("more", "water"),
            ("more", "budget"),
        ]

    def test_what_the_county_still_says_of_a_pack_that_it_dropped_is_one_error(self, office: Office) -> None:
        self.second(office, "2016-01-01", "2016-12-31")
        path = office.root / "rules/packs/works.yaml"
        path.write_text(
            path.read_text("utf-8").replace("- id: water", "- id: river").replace("- id: budget", "- id: b")
        )
        office.put("county", "packs: [works, more]", "packs: [more]")
        office.put("county", "overrides: {budget: {weight: 2}}", "overrides: {river: {weight: 2}, b: {weight: 3}}")
        assert office.errors() == [
            "rules/counties/small/county.yaml:4:8: the pack 'works' is not in this list, but the file still says "
            "something of it (overrides: river, b; adopted: works): put the pack back, or take all of that out"
        ]

    TWIN = """\
pack: more
title: 另一方案
in_force: {{from: {first}, until: 2016-12-31}}
events:
  budget-approved: {declared}
duties:
  - id: budget-too
    title: 部门预算
    clause: 二
    departments: all
    channels: site
    deadline: {{within: 20 days, of: budget-approved}}
    evidence: {{column: finance}}
"""

    @pytest.mark.parametrize(
        ("declared", "first", "refused"),
        [
            ("{title: 预算批复, needs: [year]}", "2015-12-31", False),  # alike
            ("{title: 预算批复, needs: [year], expected: 2015-03-31}", "2015-12-31", True),
            ("{title: 预算批复}", "2015-12-31", True),
            ("{title: 预算批复, needs: [year, number]}", "2015-12-31", True),
            ("{title: 预算批复, per: duty, needs: [year]}", "2015-12-31", True),
            ("{title: 预算批复, needs: [year], recorder: keji}", "2015-12-31", True),
            # never in force together: one record serves both, so it has the same fields
            ("{title: 预算批复意见, needs: [year], expected: 2016-03-31, recorder: keji}", "2016-01-01", False),
        ],
    )
    def test_declare_an_event_alike(self, office: Office, declared: str, first: str, refused: bool) -> None:
        (office.root / "rules/packs/more.yaml").write_text(self.TWIN.format(declared=declared, first=first), "utf-8")
        office.put("county", "packs: [works]", "packs: [works, more]")
        reported = (
            f"rules/packs/more.yaml:5:3: the event 'budget-approved' is declared otherwise at {office.root}/"
            "rules/packs/works.yaml:5:20, in force at the same time in county 'small': declare it alike"
        )
        assert office.errors() == ([reported] if refused else [])

    @pytest.mark.parametrize("declared", ["{title: 预算批复}", "{title: 预算批复, needs: [year], per: duty}"])
    def test_an_event_has_the_same_fields_in_packs_of_other_years(self, office: Office, declared: str) -> None:
        twin = self.TWIN.format(declared=declared, first="2016-01-01")
        (office.root / "rules/packs/more.yaml").write_text(twin, "utf-8")
        office.put("county", "packs: [works]", "packs: [works, more]")
        assert office.errors() == [
            f"rules/packs/more.yaml:5:3: the event 'budget-approved' has other fields at {office.root}/"
            "rules/packs/works.yaml:5:20, though one record serves both packs: declare it alike"
        ]

    def test_name_the_fields_of_an_event_in_any_order(self, office: Office) -> None:
        office.put("pack", "needs: [year]}", "needs: [year, number]}")
        twin = self.TWIN.format(declared="{title: 预算批复, needs: [number, year]}", first="2015-01-01")
        (office.root / "rules/packs/more.yaml").write_text(twin, "utf-8")
        office.put("county", "packs: [works]", "packs: [works, more]")
        assert office.errors() == []

    def test_an_override_changes_no_duty_with_a_similar_id(self, office: Office) -> None:
        twin = self.TWIN.format(declared="{title: 预算批复, needs: [year]}", first="2015-01-01")
        (office.root / "rules/packs/more.yaml").write_text(twin, "utf-8")
        office.put("county", "packs: [works]", "packs: [works, more]")
        duties = office.load().rulebooks[0].duties
        assert {duty.id: duty.weight for duty in duties} == {"water": 1, "budget": 2, "budget-too": 1}


class TestIssued:
    @pytest.mark.parametrize(
        ("pack", "county", "expected"),
        [
            ("", "", None),
            ("issued: 2015-04-21", "", date(2015, 4, 21)),
            ("issued: 2015-04-21", "issued: {works: 2015-05-20}", date(2015, 5, 20)),
            ("", "issued: {works: 2015-05-20}", date(2015, 5, 20)),
        ],
    )
    def test_the_county_s_day_goes_before_the_pack_s(
        self, office: Office, pack: str, county: str, expected: date | None
    ) -> None:
        office.put("pack", "events:\n", f"{pack}\nevents:\n")
        office.put("county", "overrides: ", f"{county}\noverrides: ")
        assert {duty.issued for duty in office.load().rulebooks[0].duties} == {expected}
