"""Which articles of acts a deadline rests on."""

from __future__ import annotations

import pytest

from tests.rulebook.rule_office import Office
from tracker.core.law.statutes import cite


class TestLaw:
    """`law` at the duty goes before that of its reading, and at the deadline before both; assumed ones have none."""

    BUDGET = "deadline: {within: 20 days, of: budget-approved}"
    LISTED = "deadline: [{by: 2015-07-31}, {every: quarter, upkeep: true, assumed: true}]"

    def cited(self, office: Office) -> list[str]:
        return [cite(deadline.law) for deadline in office.duty("budget").parts[0].deadlines]

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
            ("deadline: listed", ["《政府信息公开条例》第十八条", ""]),  # the quarter is ours
            ("deadline: listed\n    law: [budget-law 14]", ["《预算法》第十四条", ""]),
            ("deadline: {use: listed, law: [budget-law 14]}", ["《预算法》第十四条", ""]),
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

    @pytest.mark.parametrize(
        "deadline",
        [
            "deadline: {within: 20 days, of: budget-approved, law: []}",
            "deadline: listed\n    law: []",
            "deadline: {use: listed, law: []}",
        ],
    )
    def test_an_act_is_not_taken_away_from_a_reading_whose_basis_would_go_on_naming_it(
        self, office: Office, deadline: str
    ) -> None:
        office.put("pack", self.BUDGET, deadline)
        assert [error.partition(": ")[2] for error in office.errors()] == ["too few: at least 1"]

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


class TestCountedInWorkdays:
    """Where the act that sets a limit says that its days are working days, a rule writes working days."""

    ACTS = """\
  licensing-law: {title: 行政许可法, number: 主席令第七号, from: 2004-07-01, counting: {article: 82}}
  compulsion-law: {title: 行政强制法, number: 主席令第四十九号, from: 2012-01-01, counting: {article: 69, up_to: 10}}
  penalty-law: {title: 行政处罚法, number: 第七十号, from: 2015-01-01, counting: {article: 85, days: [2, 3, 5, 7]}}
"""

    @pytest.mark.parametrize(
        ("law", "span", "instead"),
        [
            ("licensing-law 44", "10 days", "article 82 of 'licensing-law' makes 10 days working days"),
            ("licensing-law 44", "60 days", "article 82 of 'licensing-law' makes 60 days working days"),
            ("licensing-law 44", "10 workdays", ""),
            ("licensing-law 44", "2 months", ""),
            ("compulsion-law 42", "10 days", "article 69 of 'compulsion-law' makes 10 days working days"),
            ("compulsion-law 42", "11 days", ""),
            ("penalty-law 48", "7 days", "article 85 of 'penalty-law' makes 7 days working days"),
            ("penalty-law 48", "6 days", ""),
            ("penalty-law 48", "7 workdays", ""),
            ("budget-law 14", "7 days", ""),
        ],
    )
    def test_days_are_refused_where_the_act_means_working_days(
        self, office: Office, law: str, span: str, instead: str
    ) -> None:
        office.put("acts", "  foi-2019:", f"{self.ACTS}  foi-2019:")
        office.put(
            "pack", "{within: 20 days, of: budget-approved}", f"{{within: {span}, of: budget-approved, law: [{law}]}}"
        )
        place = "rules/packs/works.yaml:30:24: "
        amount = span.split()[0]
        assert office.errors() == ([f"{place}{instead} (allowed: {amount} workdays)"] if instead else [])

    def test_so_are_the_days_of_an_extension_and_of_a_shift(self, office: Office) -> None:
        office.put("acts", "  foi-2019:", f"{self.ACTS}  foi-2019:")
        own = "{within: 7 workdays, of: budget-approved, extension: 5 days, law: [penalty-law 48]}"
        office.put("pack", "{within: 20 days, of: budget-approved}", own)
        shifted = "{every: month, about: this, due: +3 days, law: [penalty-law 48]}"
        office.put("pack", "{every: month, about: previous}", shifted)
        assert [error.partition(": ")[2] for error in office.errors()] == [
            "article 85 of 'penalty-law' makes 3 days working days (allowed: 3 workdays)",
            "article 85 of 'penalty-law' makes 5 days working days (allowed: 5 workdays)",
        ]
