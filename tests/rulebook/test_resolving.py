"""From the words of a pack and a county to the core's values."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rulebook.rule_office import Office
from tracker.core.law.county import Interface
from tracker.core.law.duties import By, Cell, Contents, Duty, Every, Item, Source, Span, Within
from tracker.core.law.statutes import cite

WATER_DEADLINE = "deadline: {every: month, about: previous}"
WATER_PARTS = """    parts:
      quality: {evidence: {title: 水质}}
      sources: {evidence: {title: 污染源}}
    examples:
      - {department: huanbao, period: 2015-07, due: 2015-07-31}
"""


def water(office: Office) -> Duty:
    duty = office.load().rulebooks[0].duty("works", "water")
    assert duty is not None
    return duty


def budget(office: Office) -> Duty:
    duty = office.load().rulebooks[0].duty("works", "budget")
    assert duty is not None
    return duty


def with_water(office: Office, **lines: str) -> Duty:
    """The duty `water` with some of its lines replaced by others."""
    office.put("pack", WATER_PARTS, "")
    for old, new in {
        "departments": "departments: [huanbao]",
        "deadline": WATER_DEADLINE,
        "evidence": "evidence: {column: environment}",
    }.items():
        office.put("pack", new, lines.get(old, new))
    return water(office)


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
    assert [one.name for one in loaded.schedule.policies["daily"].steps] == ["overdue"]


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
        assert [(one.key, one.lead_department) for one in budget(office).assignments] == expected

    def test_those_who_owe_it_together_are_members_of_one_assignment(self, office: Office) -> None:
        office.put("pack", "departments: all", "departments: {jointly: [keji, huanbao]}")
        assert budget(office).assignments[0].members == ("keji", "huanbao")

    def test_the_county_changes_the_weight(self, office: Office) -> None:
        assert (water(office).weight, budget(office).weight) == (1, 2)

    def test_except_can_only_leave_out_who_is_named(self, office: Office) -> None:
        office.put("county", "overrides: {budget: {weight: 2}}", "overrides: {water: {departments: {except: [keji]}}}")
        [error] = office.errors()
        assert error.endswith("unknown department 'keji' (allowed: huanbao)")


class TestDeadlines:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("{by: 2015-09-30, zero_report: true}", (By(day=date(2015, 9, 30), zero_report=True),)),
            ("{every: half-year}", (Every(unit="half-year"),)),
            (
                "{every: month, about: this, due: +10 workdays}",
                (Every(unit="month", about="this", due_past=Span(10, "workdays")),),
            ),
            ("{every: quarter, due: day 15}", (Every(unit="quarter", due_day=15),)),
            (
                "[{by: 2015-03-31}, {every: quarter, upkeep: true}]",
                (By(day=date(2015, 3, 31)), Every(unit="quarter", upkeep=True, upkeep_after=date(2015, 3, 31))),
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
            ("same workday", Span(0, "same-workday")),
        ],
    )
    def test_spans(self, office: Office, span: str, expected: Span) -> None:
        [deadline] = with_water(office, deadline=f"deadline: {{within: {span}, of: item-changed}}").parts[0].deadlines
        assert isinstance(deadline, Within)
        assert deadline.span == expected

    def test_a_span_keeps_what_is_said_of_it(self, office: Office) -> None:
        line = "deadline: {within: 15 days, of: item-changed, roll: none, extension: 15 days, shared: true, slack: 5}"
        [deadline] = with_water(office, deadline=line).parts[0].deadlines
        assert isinstance(deadline, Within)
        said = (deadline.roll, deadline.extension, deadline.shared, deadline.slack)
        assert said == (False, Span(15, "days"), True, 5)

    def test_a_reading_lends_its_name_basis_and_standing(self, office: Office) -> None:
        by, upkeep = with_water(office, deadline="deadline: listed").parts[0].deadlines
        assert (by.reading, by.basis, by.assumed, by.adopted, by.weak) == ("listed", "一(十)2", False, True, False)
        assert (upkeep.assumed, upkeep.adopted, upkeep.weak) == (True, True, False)

    def test_a_reading_that_is_not_adopted_is_weak_where_it_is_assumed(self, office: Office) -> None:
        office.put("county", "adopted: {works: [listed]}\n", "")
        by, upkeep = with_water(office, deadline="deadline: listed").parts[0].deadlines
        assert (by.weak, upkeep.weak) == (False, True)

    def test_use_gives_a_reading_its_event(self, office: Office) -> None:
        line = "deadline: {use: first-moment, of: item-changed, shared: true}"
        [deadline] = with_water(office, deadline=line).parts[0].deadlines
        assert isinstance(deadline, Within)
        assert (deadline.event.name, deadline.shared, deadline.weak) == ("item-changed", True, True)

    def test_use_may_change_what_a_reading_leaves_to_the_duty(self, office: Office) -> None:
        line = "deadline: {use: first-moment, of: item-changed, extension: 2 hours, slack: 3}"
        [deadline] = with_water(office, deadline=line).parts[0].deadlines
        assert isinstance(deadline, Within)
        assert (deadline.extension, deadline.slack) == (Span(2, "hours"), 3)

    def test_a_deadline_of_a_reading_may_have_a_basis_of_its_own(self, office: Office) -> None:
        office.put("pack", "[{by: 2015-07-31}", "[{by: 2015-07-31, basis: 一(十)1}")
        assert [one.basis for one in with_water(office, deadline="deadline: listed").parts[0].deadlines] == [
            "一(十)1",
            "一(十)2",
        ]

    def test_readings_and_forms_stand_in_one_list(self, office: Office) -> None:
        line = "deadline: [{use: first-moment, of: item-changed}, {every: month}]"
        assert [type(one) for one in with_water(office, deadline=line).parts[0].deadlines] == [Within, Every]

    def test_the_county_s_reading_stands_in_place_of_the_pack_s(self, office: Office) -> None:
        office.put("county", "overrides:", "readings: {works: {listed: {deadline: {by: 2015-10-31}}}}\noverrides:")
        [deadline] = with_water(office, deadline="deadline: listed").parts[0].deadlines
        assert deadline == By(day=date(2015, 10, 31), reading="listed", adopted=True)


class TestParts:
    def test_a_part_is_merged_over_the_duty_key_by_key(self, office: Office) -> None:
        quality, sources = water(office).assignments[0].cells
        assert quality == Cell(
            "quality@site", "quality", (Source("site", "listing", ("site/environment",), "水质", "any"),)
        )
        assert sources.sources[0].title == "污染源"

    def test_parts_share_the_duty_s_deadline(self, office: Office) -> None:
        duty = water(office)
        assert [(part.name, part.own_deadline) for part in duty.parts] == [("quality", False), ("sources", False)]
        assert duty.parts[0].deadlines == duty.parts[1].deadlines == (Every(unit="month", about="previous"),)

    def test_a_part_with_a_deadline_stands_alone(self, office: Office) -> None:
        office.put("pack", "quality: {", "quality: {deadline: {by: 2015-06-30}, title: 水质, ")
        quality, sources = water(office).parts
        assert (quality.title, quality.own_deadline, quality.deadlines) == ("水质", True, (By(day=date(2015, 6, 30)),))
        assert not sources.own_deadline

    def test_a_part_s_own_place_replaces_the_duty_s(self, office: Office) -> None:
        office.put("pack", "quality: {evidence: {title: 水质}}", "quality: {evidence: {page: hotline}}")
        assert water(office).assignments[0].cells[0].sources == (
            Source("site", "page", ("site/page:hotline",), None, "any"),
        )

    def test_also_where_the_duty_has_a_page(self, office: Office) -> None:
        office.put("pack", "{column: environment}", "{page: hotline}")
        office.put("pack", "{title: 水质}", "{title: 水质, column: finance}")
        office.put("pack", "{title: 污染源}", "{column: environment}")
        kinds = [(cell.sources[0].kind, cell.sources[0].columns) for cell in water(office).assignments[0].cells]
        assert kinds == [("listing", ("site/finance",)), ("listing", ("site/environment",))]

    def test_a_part_has_channels_and_contents_of_its_own(self, office: Office) -> None:
        office.put("pack", "quality: {", "quality: {channels: news, contents: [达标率], ")
        duty = water(office)
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
        assert [cell.name for cell in budget(office).assignments[0].cells] == names

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
        assert budget(office).assignments[0].cells[0].sources[0].publisher == publisher

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


class TestSites:
    def test_addresses_are_joined_to_the_base(self, office: Office) -> None:
        columns = office.load().rulebooks[0].county.columns
        assert {key: (one.url, one.title, one.kind) for key, one in columns.items()} == {
            "site/environment": ("https://www.example.gov.cn/hjbh/", "环境保护", "listing"),
            "site/finance": ("https://www.example.gov.cn/cz/", "finance", "listing"),
            "site/page:hotline": ("https://www.example.gov.cn/jubao/", "hotline", "page"),
        }

    def test_the_crawl_may_read_the_hosts_of_the_columns_and_those_named(self, office: Office) -> None:
        office.put("county", "finance: {url: /cz/}", "finance: {url: https://CZ.example.gov.cn:8080/}")
        office.put("county", "overrides:", "hosts: [files.example.gov.cn]\noverrides:")
        hosts = office.load().rulebooks[0].county.hosts
        assert hosts == {"www.example.gov.cn", "cz.example.gov.cn", "files.example.gov.cn"}

    def test_no_site_is_the_county_s_own_unless_it_says_so(self, office: Office) -> None:
        assert office.load().rulebooks[0].county.own_hosts == frozenset()

    def test_of_its_own_site_the_county_owns_every_host_and_port(self, office: Office) -> None:
        office.put(
            "county", "base: https://www.example.gov.cn/", "base: https://www.example.gov.cn:443/\n    own: true"
        )
        office.put("county", "finance: {url: /cz/}", "finance: {url: 'http://CZ.example.gov.cn:8080/'}")
        office.put("county", "hotline: {url: /jubao/}", "hotline: {url: 'http://[2001:db8::1]/jb/'}")
        own = office.load().rulebooks[0].county.own_hosts
        assert own == {"www.example.gov.cn", "cz.example.gov.cn:8080", "[2001:db8::1]"}

    def test_a_column_may_be_read_in_a_forced_dialect(self, office: Office) -> None:
        office.put("county", "finance: {url: /cz/}", "finance: {url: /cz/, dialect: jcms}")
        columns = office.load().rulebooks[0].county.columns
        assert (columns["site/finance"].dialect, columns["site/finance"].interface) == ("jcms", None)
        assert columns["site/environment"].dialect == ""

    def test_an_interface_brings_its_dialect(self, office: Office) -> None:
        form = "{items: data.list, title: name, url: link, date: day, pages: data.pages, page: p, first: 0}"
        office.put("county", "finance: {url: /cz/}", f"finance: {{url: /cz/, interface: {form}}}")
        column = office.load().rulebooks[0].county.columns["site/finance"]
        assert column.dialect == "interface"
        assert column.interface == Interface("data.list", "name", "link", "day", "", "data.pages", "p", 0)

    def test_a_column_with_owners_gives_each_department_its_own(self, office: Office) -> None:
        office.put("county", "finance: {url: /cz/}", "finance: {url: {huanbao: /cz/hb/, keji: /cz/kj/}}")
        assignments = {one.key: one.cells[0].sources[0].columns for one in budget(office).assignments}
        assert assignments == {"huanbao": ("site/finance@huanbao",), "keji": ("site/finance@keji",)}
        assert office.load().rulebooks[0].county.columns["site/finance@keji"].owner == "keji"

    def test_each_department_s_own_site_is_a_channel(self, office: Office) -> None:
        site = "site: {base: https://hb.example.gov.cn/, columns: {environment: {url: /shui/}}}"
        office.put("county", "huanbao: {name: 环保局,", f"huanbao: {{name: 环保局, {site},")
        office.put("pack", "channels: site\n    deadline: {every", "channels: own-site\n    deadline: {every")
        [source] = water(office).assignments[0].cells[0].sources
        assert source.columns == ("own-site/environment@huanbao",)

    def test_a_department_without_a_site_is_a_defect_where_it_must_publish_there(self, office: Office) -> None:
        office.put("pack", "channels: site\n    deadline: {every", "channels: own-site\n    deadline: {every")
        assert office.errors() == [
            "rules/packs/works.yaml:17:15: department 'huanbao' of county 'small' has no site of its own (own-site)"
        ]

    def test_and_none_where_another_channel_will_do(self, office: Office) -> None:
        form = "channels: {any_of: [own-site, site]}"
        office.put("pack", "channels: site\n    deadline: {every", f"{form}\n    deadline: {{every")
        cell = water(office).assignments[0].cells[0]
        assert (cell.name, [one.channel for one in cell.sources]) == ("quality@own-site|site", ["site"])


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
    assert budget(office).parts[0].contents == expected


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
        assert [(one.pack, one.id) for one in office.load().rulebooks[0].duties] == [
            ("works", "water"),
            ("works", "budget"),
            ("more", "water"),
            ("more", "budget"),
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
            ("{title: 预算批复}", "2016-01-01", False),  # never in force together
        ],
    )
    def test_declare_an_event_alike(self, office: Office, declared: str, first: str, refused: bool) -> None:
        (office.root / "rules/packs/more.yaml").write_text(self.TWIN.format(declared=declared, first=first), "utf-8")
        office.put("county", "packs: [works]", "packs: [works, more]")
        told = (
            f"rules/packs/more.yaml:5:3: the event 'budget-approved' is declared otherwise at {office.root}/"
            "rules/packs/works.yaml:5:20, in force at the same time in county 'small': declare it alike"
        )
        assert office.errors() == ([told] if refused else [])

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


class TestLaw:
    """`law` at the duty goes before that of its reading, and at the deadline before both; assumed ones have none."""

    BUDGET = "deadline: {within: 20 days, of: budget-approved}"
    LISTED = "deadline: [{by: 2015-07-31}, {every: quarter, upkeep: true, assumed: true}]"

    def cited(self, office: Office) -> list[str]:
        return [cite(one.law) for one in budget(office).parts[0].deadlines]

    @pytest.mark.parametrize(
        ("deadline", "cited"),
        [
            ("deadline: {within: 20 days, of: budget-approved}", [""]),
            ("deadline: {within: 20 days, of: budget-approved}\n    law: [budget-law 14]", ["《预算法》第十四条"]),
            ("deadline: {within: 20 days, of: budget-approved, law: [budget-law 14]}", ["《预算法》第十四条"]),
            (
                "deadline: {within: 20 days, of: budget-approved, law: [budget-law 14]}\n    law: [foi-2007 18]",
                ["《预算法》第十四条"],
            ),
            ("deadline: {within: 20 days, of: budget-approved, law: []}\n    law: [budget-law 14]", [""]),
            ("deadline: listed", ["《政府信息公开条例》第十八条", ""]),  # the quarter is ours
            ("deadline: listed\n    law: [budget-law 14]", ["《预算法》第十四条", ""]),
            ("deadline: listed\n    law: []", ["", ""]),
            ("deadline: {use: listed, law: [budget-law 14]}", ["《预算法》第十四条", ""]),
            ("deadline: {use: listed, law: []}\n    law: [budget-law 14]", ["", ""]),
        ],
    )
    def test_what_stands_nearest_to_the_duty_counts(self, office: Office, deadline: str, cited: list[str]) -> None:
        office.put("pack", self.LISTED, f"law: [foi-2007 18]\n    {self.LISTED}")
        office.put(
            "pack",
            '    evidence: {column: finance, title: "{event.year}年.*预算"}\n',
            "    evidence: {column: finance}\n",
        )
        examples = office.path("pack").read_text("utf-8").partition("    contents: [三公")[2]
        office.put("pack", f"    contents: [三公{examples}", "")
        office.put("pack", self.BUDGET, deadline)
        assert self.cited(office) == cited

    def test_a_county_s_own_reading_may_cite_another(self, office: Office) -> None:
        office.put("pack", self.BUDGET, "deadline: {use: first-moment, of: budget-approved}")
        own = "readings: {works: {first-moment: {law: [budget-law 14], deadline: {within: 24 hours}}}}"
        office.put("county", "overrides: ", f"{own}\noverrides: ")
        assert self.cited(office) == ["《预算法》第十四条"]
        office.put("county", "budget-law 14", "budget-code 14")
        assert office.errors()[0].startswith("rules/counties/small/county.yaml:18:41: unknown act 'budget-code'")

    def test_the_acts_file_is_needed_only_where_one_is_cited(self, office: Office) -> None:
        (office.root / "rules/acts.yaml").unlink()
        assert office.errors() == []
        office.put("pack", self.BUDGET, f"{self.BUDGET}\n    law: [budget-law 14]")
        assert office.errors() == [
            "rules/packs/works.yaml:31:11: unknown act 'budget-law' (there is no rules/acts.yaml)"
        ]

    def test_what_the_acts_file_says_stands_in_the_digest(self, office: Office) -> None:
        office.put("pack", self.BUDGET, f"{self.BUDGET}\n    law: [budget-law 14]")
        before = office.load().rulebooks[0].digest
        office.put("acts", "from: 2015-01-01", "from: 2014-01-01")
        assert office.load().rulebooks[0].digest != before


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
        assert {one.issued for one in office.load().rulebooks[0].duties} == {expected}


def test_events_keep_what_they_need(office: Office) -> None:
    office.put("pack", "needs: [year]}", "needs: [year], per: duty, expected: 2015-03-31}")
    event = office.load().rulebooks[0].events["budget-approved"]
    assert (event.needs, event.per_duty, event.expected) == (("year",), True, date(2015, 3, 31))
