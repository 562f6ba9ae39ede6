"""From the words of a pack and a county to the core's values."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rulebook.rule_office import Office
from tracker.core.law.assumed_rules import AssumedRule
from tracker.core.law.duties import By, Cell, Contents, Duty, Every, Item, Source, Span, Within

WATER_DEADLINE = "deadline: {every: month, about: previous}"
WATER_PARTS = """    parts:
      quality: {evidence: {title: 水质}}
      sources: {evidence: {title: 污染源}}
    examples:
      - {department: huanbao, period: 2015-07, due: 2015-07-31}
"""


def with_water(office: Office, **lines: str) -> Duty:
    """The duty `water` with some of its lines replaced by others."""
    office.put("pack", WATER_PARTS, "")
    for old, new in {
        "departments": "departments: [huanbao]",
        "deadline": WATER_DEADLINE,
        "evidence": "evidence: {column: environment}",
    }.items():
        office.put("pack", new, lines.get(old, new))
    return office.duty("water")


DEFAULTS = {
    "{every: month, about: previous}": "standard",
    "{every: day, about: previous}": "daily",
    "{every: workday}": "daily",
    "{within: 24 hours, of: budget-approved}": "daily",
    "{within: same workday, of: budget-approved}": "daily",
    "{within: 20 days, of: budget-approved}": "standard",
    "[{within: 20 days, of: budget-approved}, {every: workday}]": "daily",
}


@pytest.mark.parametrize(("deadline", "policy"), DEFAULTS.items())
def test_what_is_due_every_day_or_within_hours_has_a_policy_of_its_own(
    office: Office, deadline: str, policy: str
) -> None:
    assert with_water(office, deadline=f"deadline: {deadline}").escalation == policy
    loaded = office.load()
    assert loaded.schedule.policies["daily"].batch == "week"  # the schedule here has none: it is made of `standard`
    assert [step.name for step in loaded.schedule.policies["daily"].steps] == ["overdue"]


def test_a_duty_that_names_its_policy_has_that_one(office: Office) -> None:
    named = with_water(office, deadline="deadline: {every: day, about: previous}\n    escalation: standard")
    assert named.escalation == "standard"


class TestDepartments:
    @pytest.mark.parametrize(
        ("form", "override", "expected"),
        [
            ("all", "{}", [("huanbao", None), ("keji", None)]),
            ("keji", "{}", [("keji", None)]),
            ("[keji, huanbao]", "{}", [("keji", None), ("huanbao", None)]),
            ("{jointly: [keji, huanbao]}", "{}", [("keji+huanbao", None)]),
            ("{lead: keji, with: [huanbao]}", "{}", [("keji", None), ("huanbao", "keji")]),
            ("{lead: keji, with: all}", "{}", [("keji", None), ("huanbao", "keji")]),
            ("concerned", "{departments: [keji]}", [("keji", None)]),
            ("{lead: keji, with: concerned}", "{departments: [huanbao]}", [("keji", None), ("huanbao", "keji")]),
            ("all", "{departments: {except: [keji]}}", [("huanbao", None)]),
            ("[huanbao]", "{departments: [keji]}", [("keji", None)]),
        ],
        ids=str,
    )
    def test_who_owes_it(
        self, office: Office, form: str, override: str, expected: list[tuple[str, str | None]]
    ) -> None:
        office.put("county", "overrides: {budget: {weight: 2}}", f"overrides: {{budget: {override}}}")
        office.put("pack", "departments: all", f"departments: {form}")
        assert [
            (assignment.key, assignment.lead_department) for assignment in office.duty("budget").assignments
        ] == expected

    @pytest.mark.parametrize(
        ("form", "override", "expected"),
        [
            ("units", "{}", [("huanbao", None), ("keji", None)]),
            ("[units]", "{}", [("huanbao", None), ("keji", None)]),
            ("[keji, units]", "{}", [("keji", None), ("huanbao", None)]),  # each once
            ("{jointly: [units, keji]}", "{}", [("huanbao+keji", None)]),
            ("{lead: keji, with: units}", "{}", [("keji", None), ("huanbao", "keji")]),
            ("{lead: keji, with: [units]}", "{}", [("keji", None), ("huanbao", "keji")]),
            ("none-here", "{}", []),
            ("all", "{departments: [units]}", [("huanbao", None), ("keji", None)]),
            ("concerned", "{departments: [one]}", [("keji", None)]),
            ("units", "{departments: {except: [one]}}", [("huanbao", None)]),
        ],
        ids=str,
    )
    def test_a_group_of_the_county_stands_for_its_departments(
        self, office: Office, form: str, override: str, expected: list[tuple[str, str | None]]
    ) -> None:
        groups = "groups: {units: [huanbao, keji], one: [keji], none-here: []}"
        office.put("county", "overrides: {budget: {weight: 2}}", f"{groups}\noverrides: {{budget: {override}}}")
        office.put("pack", "departments: all", f"departments: {form}")
        duty = office.duty("budget")
        assert [(assignment.key, assignment.lead_department) for assignment in duty.assignments] == expected

    def test_an_example_about_a_department_outside_the_group_is_of_another_county(self, office: Office) -> None:
        examples = [example.department for example in office.duty("budget").examples]
        assert set(examples) == {"keji"}
        office.put("county", "overrides: {budget: {weight: 2}}", "groups: {units: [huanbao]}")
        office.put("pack", "departments: all", "departments: units")
        assert office.duty("budget").examples == ()

    def test_a_group_that_the_county_lacks_is_asked_for_unless_it_names_the_departments(self, office: Office) -> None:
        office.put("pack", "departments: all", "departments: townships")
        [error] = office.errors()
        assert error.endswith(
            ": neither a department nor a group in county 'small': 'townships' "
            "(allowed: all, concerned, huanbao, keji, departments: {townships: {name: …}}, groups: {townships: […]})"
        )
        office.put("county", "overrides: {budget: {weight: 2}}", "overrides: {budget: {departments: [keji]}}")
        assert office.errors() == []

    @pytest.mark.parametrize(
        ("groups", "form", "message"),
        [
            ("{units: [huanbao, kej]}", "units", "unknown department 'kej' in county 'small', did you mean 'keji'?"),
            ("{units: [keji, keji]}", "units", "the department 'keji' is named twice"),
            ("{keji: [huanbao]}", "all", "'keji' is the name of a department already"),
            ("{all: [huanbao]}", "all", "'all' is a word of the rules, not a group"),
            ("{units: [keji]}", "unit", "unknown department 'unit' in county 'small', did you mean 'units'?"),
            ("{units: [keji]}", "{lead: units, with: all}", "the lead 'units' is a group: one department leads"),
        ],
    )
    def test_what_is_wrong_with_a_group_is_said(self, office: Office, groups: str, form: str, message: str) -> None:
        office.put("county", "overrides: {budget: {weight: 2}}", f"groups: {groups}")
        office.put("pack", "departments: all", f"departments: {form}")
        assert any(message in error for error in office.errors()), office.errors()

    def test_those_who_owe_it_together_are_members_of_one_assignment(self, office: Office) -> None:
        office.put("pack", "departments: all", "departments: {jointly: [keji, huanbao]}")
        assert office.duty("budget").assignments[0].members == ("keji", "huanbao")

    def test_the_county_changes_the_weight(self, office: Office) -> None:
        assert (office.duty("water").weight, office.duty("budget").weight) == (1, 2)

    def test_except_can_only_leave_out_who_is_named(self, office: Office) -> None:
        office.put("county", "overrides: {budget: {weight: 2}}", "overrides: {water: {departments: {except: [keji]}}}")
        [error] = office.errors()
        assert error.endswith("unknown department 'keji' (allowed: huanbao)")


#: Of a named day or a period's end the rule says nothing: that it does not move is ours.
OURS = AssumedRule()


class TestDeadlines:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("{by: 2015-09-30, zero_report: true}", (By(day=date(2015, 9, 30), zero_report=True, rest_days=OURS),)),
            ("{by: 2015-09-30, roll: next}", (By(day=date(2015, 9, 30), roll=True),)),
            ("{by: 2015-09-30, roll: none}", (By(day=date(2015, 9, 30)),)),
            ("{every: half-year}", (Every(unit="half-year", rest_days=OURS),)),
            ("{every: half-year, roll: next}", (Every(unit="half-year", roll=True),)),
            ("{every: half-year, roll: none}", (Every(unit="half-year"),)),
            ("{every: workday}", (Every(unit="workday"),)),  # never due on a day off
            (
                "{every: month, about: this, due: +10 workdays}",
                (Every(unit="month", about="this", due_after_end=Span(10, "workdays"), roll=True),),
            ),
            (
                "{every: month, about: this, due: +10 days}",  # a span, and it moves like one
                (Every(unit="month", about="this", due_after_end=Span(10, "days"), roll=True),),
            ),
            (
                "{every: month, about: this, due: +1 month, roll: none}",
                (Every(unit="month", about="this", due_after_end=Span(1, "months")),),
            ),
            ("{every: quarter, due: day 15}", (Every(unit="quarter", due_day=15, rest_days=OURS),)),
            ("{every: year, due: 03-31}", (Every(unit="year", month_day=(3, 31), rest_days=OURS),)),
            ("{every: year, due: 02-29, roll: next}", (Every(unit="year", month_day=(2, 29), roll=True),)),
            (
                "[{by: 2015-03-31}, {every: quarter, upkeep: true}]",
                (
                    By(day=date(2015, 3, 31), rest_days=OURS),
                    Every(unit="quarter", upkeep=True, upkeep_after=date(2015, 3, 31), rest_days=OURS),
                ),
            ),
        ],
        ids=str,
    )
    def test_the_standing_forms(self, office: Office, line: str, expected: tuple[object, ...]) -> None:
        assert with_water(office, deadline=f"deadline: {line}").parts[0].deadlines == expected

    @pytest.mark.parametrize(
        ("span", "expected"),
        [
            ("20 days", Span(20, "days")),
            ("1 workday", Span(1, "workdays")),
            ("24 hours", Span(24, "hours")),
            ("2 weeks", Span(2, "weeks")),
            ("1 month", Span(1, "months")),
            ("3 months", Span(3, "months")),
            ("1 year", Span(1, "years")),
            ("same workday", Span(0, "same-workday")),
        ],
    )
    def test_spans(self, office: Office, span: str, expected: Span) -> None:
        [deadline] = with_water(office, deadline=f"deadline: {{within: {span}, of: item-changed}}").parts[0].deadlines
        assert isinstance(deadline, Within)
        assert deadline.span == expected

    @pytest.mark.parametrize(("said", "rolls"), [("", True), (", roll: next", True), (", roll: none", False)])
    def test_a_span_moves_unless_the_rule_says_none(self, office: Office, said: str, rolls: bool) -> None:
        line = f"deadline: {{within: 15 days, of: item-changed{said}}}"
        [deadline] = with_water(office, deadline=line).parts[0].deadlines
        assert isinstance(deadline, Within)
        assert deadline.roll is rolls
        assert deadline.rest_days is None

    def test_the_county_adopts_that_named_days_stay(self, office: Office) -> None:
        [water] = office.duty("water").parts[0].deadlines
        assert water.rest_days == AssumedRule()
        office.put("county", "adopted: {works: [listed]}", "adopted: {works: [listed, rest-days]}")
        [water] = office.duty("water").parts[0].deadlines
        assert water.rest_days == AssumedRule(adopted=True)

    def test_a_span_keeps_what_is_said_of_it(self, office: Office) -> None:
        line = "deadline: {within: 15 days, of: item-changed, roll: none, extension: 15 days, shared: true, slack: 5}"
        [deadline] = with_water(office, deadline=line).parts[0].deadlines
        assert isinstance(deadline, Within)
        said = (deadline.roll, deadline.extension, deadline.allows_shared_entries, deadline.slack)
        assert said == (False, Span(15, "days"), True, 5)

    def test_a_reading_lends_its_name_basis_and_standing(self, office: Office) -> None:
        by, upkeep = with_water(office, deadline="deadline: listed").parts[0].deadlines
        assert (by.reading, by.basis, by.assumed, by.adopted, by.weak) == ("listed", "一（十）2", False, True, False)
        assert (upkeep.assumed, upkeep.adopted, upkeep.weak) == (True, True, False)

    def test_a_reading_that_is_not_adopted_is_weak_where_it_is_assumed(self, office: Office) -> None:
        office.put("county", "adopted: {works: [listed]}\n", "")
        by, upkeep = with_water(office, deadline="deadline: listed").parts[0].deadlines
        assert (by.weak, upkeep.weak) == (False, True)

    def test_use_gives_a_reading_its_event(self, office: Office) -> None:
        line = "deadline: {use: first-moment, of: item-changed, shared: true}"
        [deadline] = with_water(office, deadline=line).parts[0].deadlines
        assert isinstance(deadline, Within)
        assert (deadline.event.name, deadline.allows_shared_entries, deadline.weak) == ("item-changed", True, True)

    def test_use_may_change_what_a_reading_leaves_to_the_duty(self, office: Office) -> None:
        line = "deadline: {use: first-moment, of: item-changed, extension: 2 hours, slack: 3}"
        [deadline] = with_water(office, deadline=line).parts[0].deadlines
        assert isinstance(deadline, Within)
        assert (deadline.extension, deadline.slack) == (Span(2, "hours"), 3)

    def test_a_deadline_of_a_reading_may_have_a_basis_of_its_own(self, office: Office) -> None:
        office.put("pack", "[{by: 2015-07-31}", "[{by: 2015-07-31, basis: 一（十）1}")
        assert [deadline.basis for deadline in with_water(office, deadline="deadline: listed").parts[0].deadlines] == [
            "一（十）1",
            "一（十）2",
        ]

    def test_readings_and_forms_stand_in_one_list(self, office: Office) -> None:
        line = "deadline: [{use: first-moment, of: item-changed}, {every: month}]"
        assert [type(deadline) for deadline in with_water(office, deadline=line).parts[0].deadlines] == [Within, Every]

    def test_the_county_s_reading_stands_in_place_of_the_pack_s(self, office: Office) -> None:
        office.put("county", "overrides:", "readings: {works: {listed: {deadline: {by: 2015-10-31}}}}\noverrides:")
        [deadline] = with_water(office, deadline="deadline: listed").parts[0].deadlines
        assert deadline == By(day=date(2015, 10, 31), reading="listed", adopted=True, rest_days=OURS)


class TestParts:
    def test_a_part_is_merged_over_the_duty_key_by_key(self, office: Office) -> None:
        quality, sources = office.duty("water").assignments[0].cells
        assert quality == Cell(
            "quality@site", "quality", (Source("site", "listing", ("site/environment",), "水质", "any"),)
        )
        assert sources.sources[0].title == "污染源"

    def test_parts_share_the_duty_s_deadline(self, office: Office) -> None:
        duty = office.duty("water")
        assert [(part.name, part.own_deadline) for part in duty.parts] == [("quality", False), ("sources", False)]
        assert (
            duty.parts[0].deadlines
            == duty.parts[1].deadlines
            == (Every(unit="month", about="previous", rest_days=OURS),)
        )

    def test_a_part_with_a_deadline_stands_alone(self, office: Office) -> None:
        office.put("pack", "quality: {", "quality: {deadline: {by: 2015-06-30}, title: 水质, ")
        quality, sources = office.duty("water").parts
        own = (By(day=date(2015, 6, 30), rest_days=OURS),)
        assert (quality.title, quality.own_deadline, quality.deadlines) == ("水质", True, own)
        assert not sources.own_deadline

    def test_a_part_s_own_place_replaces_the_duty_s(self, office: Office) -> None:
        office.put("pack", "quality: {evidence: {title: 水质}}", "quality: {evidence: {page: hotline}}")
        assert office.duty("water").assignments[0].cells[0].sources == (
            Source("site", "page", ("site/page:hotline",), None, "any"),
        )

    def test_also_where_the_duty_has_a_page(self, office: Office) -> None:
        office.put("pack", "{column: environment}", "{page: hotline}")
        office.put("pack", "{title: 水质}", "{title: 水质, column: finance}")
        office.put("pack", "{title: 污染源}", "{column: environment}")
        kinds = [(cell.sources[0].kind, cell.sources[0].columns) for cell in office.duty("water").assignments[0].cells]
        assert kinds == [("listing", ("site/finance",)), ("listing", ("site/environment",))]

    def test_a_part_has_channels_and_contents_of_its_own(self, office: Office) -> None:
        office.put("pack", "quality: {", "quality: {channels: news, contents: [达标率], ")
        duty = office.duty("water")
        assert duty.assignments[0].cells[0] == Cell("quality@news", "quality", (Source("news", "filing"),))
        assert [len(part.contents.items) for part in duty.parts] == [1, 0]


class TestChannels:
    @pytest.mark.parametrize(
        ("form", "names"),
        [
            ("site", ["@site"]),
            ("{all_of: [site, news]}", ["@site", "@news"]),
            ("{any_of: [site, news, attested]}", ["@site|news|attested"]),
            ("attested", ["@attested"]),
        ],
    )
    def test_a_cell_is_part_times_channel_and_an_any_of_is_one(
        self, office: Office, form: str, names: list[str]
    ) -> None:
        office.put("pack", "channels: site\n    deadline: {within", f"channels: {form}\n    deadline: {{within")
        assert [cell.name for cell in office.duty("budget").assignments[0].cells] == names

    def test_several_columns_are_one_source(self, office: Office) -> None:
        duty = with_water(office, evidence="evidence: {column: [environment, finance]}")
        [source] = duty.assignments[0].cells[0].sources
        assert source.columns == ("site/environment", "site/finance")

    @pytest.mark.parametrize(
        ("departments", "evidence", "publisher"),
        [
            ("all", "{column: finance}", "department"),
            ("[keji]", "{column: finance}", "any"),
            ("{jointly: [keji, huanbao]}", "{column: finance}", "any"),
            ("[keji]", "{column: finance, publisher: department}", "department"),
            ("all", "{column: finance, publisher: any}", "any"),
        ],
    )
    def test_where_one_department_has_the_duty_any_publisher_will_do(
        self, office: Office, departments: str, evidence: str, publisher: str
    ) -> None:
        office.put("pack", "departments: all", f"departments: {departments}")
        office.put("pack", '{column: finance, title: "{event.year}年.*预算"}', evidence)
        assert office.duty("budget").assignments[0].cells[0].sources[0].publisher == publisher

    def test_a_record_needs_no_channel(self, office: Office) -> None:
        office.put("pack", "    channels: site\n    deadline: {every", "    deadline: {every")
        duty = with_water(office, evidence="evidence: {record: item-changed}")
        assert duty.assignments[0].cells == (
            Cell("@tracker", "", (Source("tracker", "record", record="item-changed"),)),
        )

    def test_the_tracker_s_own_report_is_declared_by_nobody(self, office: Office) -> None:
        office.put("pack", "    channels: site\n    deadline: {every", "    channels: tracker\n    deadline: {every")
        duty = with_water(office, evidence="evidence: {record: overdue-report}")
        assert duty.assignments[0].cells[0].sources[0].record == "overdue-report"


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("[甲, {any: [乙, 丙], advisory: true}]", Contents("all", (Item(("甲",)), Item(("乙", "丙"), advisory=True)))),
        ("{kinds: [甲, 乙]}", Contents("kinds", (Item(("甲",)), Item(("乙",))))),
        ("{each: [甲]}", Contents("each", (Item(("甲",)),))),
        (
            "[{any: [AQI], number: 0-500}, {names: day}]",
            Contents("all", (Item(("AQI",), number=(0, 500)), Item(names="day"))),
        ),
    ],
    ids=str,
)
def test_contents(office: Office, form: str, expected: Contents) -> None:
    office.put("pack", "contents: [三公, {any: [款级科目], advisory: true}]", f"contents: {form}")
    assert office.duty("budget").parts[0].contents == expected


def test_events_keep_what_they_need(office: Office) -> None:
    office.put("pack", "needs: [year]}", "needs: [year], per: duty, expected: 2015-03-31}")
    event = office.load().rulebooks[0].events["budget-approved"]
    assert (event.needs, event.per_duty, event.expected) == (("year",), True, date(2015, 3, 31))
