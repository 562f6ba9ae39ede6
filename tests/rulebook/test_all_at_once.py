"""Every defect of every file in one go: those of shape, and those of names that another place defines.

A named entry with a defect of shape (a duty, a department, a step …) is left out whole: its names are not looked up,
and it is not reported as missing.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.rulebook.rule_office import PLACES, Office
from tracker.rulebook.document import Document
from tracker.rulebook.schema import MODELS
from tracker.rulebook.validate import validate
from tracker.rulebook.yaml_files import parse

Defect = tuple[str, str, str]
COUNTY = "rules/counties/other/county.yaml"
PACK = "rules/packs/more.yaml"
#: A second pack and a second county beside the small office's: what one lacks must not be hidden by another.
MORE_PACK = """\
pack: more
title: 另一方案
in_force: {from: 2015-01-01, until: 2015-12-31}
events:
  plan-signed: {title: 规划签署, needs: [number]}
readings:
  at-once: {deadline: {within: same workday}, assumed: true}
  kept: {deadline: [{by: 2015-06-30}, {every: half-year, upkeep: true}]}
duties:
  - id: plans
    title: 规划
    clause: 二（一）
    departments: concerned
    channels: {any_of: [own-site, site]}
    deadline: {use: at-once, of: plan-signed}
    evidence: {column: [plans, finance], title: "第{event.number}号"}
    contents: {kinds: [批前, {any: [批后], number: 0-9}]}
  - id: lists
    title: 清单
    clause: 二（二）
    departments: {lead: keji, with: [huanbao]}
    channels: {all_of: [site, attested]}
    deadline: kept
    escalation: standard
    evidence: {page: hotline}
    parts:
      first: {title: 第一}
      second: {title: 第二, evidence: {title: 第二批}}
  - id: report
    title: 报告
    clause: 二（三）
    departments: {jointly: [huanbao, keji]}
    deadline: {every: quarter, due: +10 days, about: this}
    evidence: {record: plan-signed}
"""
MORE_COUNTY = """\
county: other
name: 另县
start: 2015-02-01
packs: [works, more]
adopted: {more: [at-once]}
departments:
  huanbao: {name: 环保局, lead: {name: 王五, mail: wang@example.com}}
  keji: {name: 科技局, site: {base: "https://kj.example.com/", columns: {plans: {url: /gh/}, finance: {url: /cw/}}}}
roles:
  county-office: {mail: office@example.com}
channels:
  site:
    base: https://www.example.com/
    own: true
    columns:
      environment: {url: /hj/}
      finance: {url: {huanbao: /cz/hb/, keji: /cz/kj/}, dialect: trs}
      plans: {url: /gh/, interface: {items: data, title: name, url: link, date: day}}
    pages: {hotline: {url: /jb/}}
  own-site: {per: department}
readings:
  more:
    at-once: {deadline: {within: 3 days}}
overrides:
  plans: {departments: [keji]}
  budget: {departments: {except: [huanbao]}}
"""

#: file, text, what stands in its place: one defect each, none inside another.
SHAPE = [
    ("pack", "title: 样例方案", "titel: 样例方案"),
    ("pack", "until: 2015-12-31", "until: 2015-12-32"),
    ("pack", "first-moment: {deadline: {within: 24 hours}", "first-moment: {deadline: {within: 24}"),
    ("pack", "every: quarter, upkeep: true", "every: quartal, upkeep: true"),
    ("pack", "clause: 一（七）1", "clauses: 一（七）1"),
    ("pack", "    evidence: {column: environment}", "    evidence: {columns: environment}"),
    ("pack", "about: previous", "about: last"),
    ("pack", "sources: {evidence: {title: 污染源}}", "sources: {evidence: {title: '污染(源'}}"),
    ("pack", "due: 2015-07-31}", "due: 2015-7-31}"),
    ("pack", "within: 20 days", "within: 20"),
    ("pack", "advisory: true", "advisory: yes"),
    ("county", "start: 2015-01-01", "start: 2015"),
    ("county", "name: 张三, mail: zhang@example.org", "name: 张三, mail: zhang"),
    ("county", "keji: {name: 科技局}", "keji: {name: [科技局]}"),
    ("county", "{weight: 2}", "{weigth: 2}"),
    ("county", "title: 环境保护,", "titles: 环境保护,"),
    ("county", "https://www.example.gov.cn/", "www.example.gov.cn"),
    ("county", "county-office: {mail: office@example.org}", "county-office: {mail: '${NOT_SET}'}"),
    ("schedule", "due -5 workdays, kind: reminder", "due -5, kind: reminder"),
    ("schedule", "kind: overdue", "kind: late"),
    ("schedule", 'begin: "08:30"', 'begin: "8:30"'),
    ("schedule", 'tick: "*/10 * * * *"', 'tick: "*/10 * * *"'),
    ("schedule", "Asia/Shanghai", "Asia/Shenyang"),
    ("more", "title: 另一方案", "title: []"),
    ("more", "number: 0-9", "number: 9-0"),
    ("more", "by: 2015-06-30", "by: 2015-06-31"),
    ("more", "title: 第二,", "name: 第二,"),
    ("more", "due: +10 days", "due: 10 days"),
    ("more", "{any_of: [own-site, site]}", "{any_of: [Own_Site, site]}"),
    ("other", "dialect: trs", "dialect: trc"),
    ("other", "date: day}", "day: day}"),
    ("other", "own: true", "own: certainly"),
    ("other", "within: 3 days", "within: three days"),
    ("calendar", "year: 2015", "year: MMXV"),
    # What YAML itself would let pass, or guess about.
    ("more", "{title: 第一}", "{title: 第一, title: 第二}"),
    ("other", "{url: /jb/}", "{url: /jb/, title: }"),
    ("calendar", "name: 劳动节", "name: !!str 劳动节"),
    ("schedule", "policies:\n", "policies: \t# how\n"),
    ("more", "{kinds: [批前,", "{[kinds]: 1, kinds: [批前,"),
]
NAMES = [
    ("pack", "departments: [huanbao]", "departments: [huanbo]"),
    ("pack", "due: 2015-03-23}\n", "due: 2015-03-23}\n    escalation: dayly\n"),
    ("pack", "of: budget-approved}\n", "of: budget-aproved}\n"),
    ("pack", "{column: finance,", "{column: finances,"),
    ("pack", "{event.year}年", "{event.yaer}年"),
    ("pack", "department: huanbao, period", "department: huanbo, period"),
    ("county", "adopted: {works: [listed]}", "adopted: {works: [listet]}"),
    ("county", "overrides: {budget", "overrides: {wter: {weight: 3}, budget"),
    ("schedule", "[liaison, county-office]", "[liaison, county-ofice]"),
    ("more", "escalation: standard", "escalation: urgently"),
    ("more", "deadline: kept", "deadline: held"),
    ("more", "{page: hotline}", "{page: hotlines}"),
    ("more", "{all_of: [site, attested]}", "{all_of: [site, attest]}"),
    ("more", "with: [huanbao]", "with: [huanbaoju]"),
    ("more", "{jointly: [huanbao, keji]}", "{jointly: [huanbao, kejiju]}"),
    ("more", "{record: plan-signed}", "{record: plan-sined}"),
    ("more", "[plans, finance]", "[plan, finance]"),
    ("more", "of: plan-signed", "of: plan-singed"),
    ("other", "packs: [works, more]", "packs: [works, more, moore]"),
    ("other", "adopted: {more: [at-once]}", "adopted: {more: [at-onse]}"),
    ("other", "  plans: {departments: [keji]}", "  plan: {departments: [keji]}"),
    ("other", "except: [huanbao]", "except: [huanbo]"),
    ("other", "/cz/kj/}", "/cz/kj/, kejju: /x/}"),
    ("other", "finance: {url: /cw/}", "finances: {url: /cw/}"),
]
DEFECTS = SHAPE + NAMES
#: Without these keys of its own nothing of the file is looked up; without its base or `own`, no column of the site.
WHOLE = [
    "title: 样例方案",
    "until: 2015-12-31",
    "start: 2015-01-01",
    "title: 另一方案",
    "https://www.example.gov.cn/",
    "own: true",
]


class County(Office):
    """The small office with a second pack and a second county."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.more = {"more": root / PACK, "other": root / COUNTY}
        for path, text in ((self.more["more"], MORE_PACK), (self.more["other"], MORE_COUNTY)):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def path(self, kind: str) -> Path:
        return self.more.get(kind) or super().path(kind)

    def entry(self, defect: Defect) -> tuple[str, str]:
        """The piece of the file in which the defect stands: a duty, or a line."""
        kind, old, _ = defect
        before = self.path(kind).read_text(encoding="utf-8").partition(old)[0]
        if "\n  - id: " in before or old.startswith("  - id: "):
            return kind, f"duty {(before + old).count('  - id: ')}"
        return kind, f"line {before.count(chr(10)) + old.lstrip(' ').startswith(chr(10))}"

    def entry_of(self, error: str) -> tuple[str, str]:
        """The duty at whose line an error is reported, as `entry` names it; of another line, the line."""
        path, line = error.split(" ")[0].rsplit(":", 1)
        kind = next(kind for kind in (*PLACES, "more", "other") if self.path(kind) == self.root / path)
        lines = self.path(kind).read_text(encoding="utf-8").splitlines()[: int(line)]
        duties = sum(text.startswith("  - id: ") for text in lines)
        return kind, f"duty {duties}" if duties else f"line {int(line) - 1}"

    def errors_with(self, *defects: Defect) -> list[str]:
        """The errors of the defects, without columns (a defect may move what stands behind it in the line)
        and without what would do (which holds other misspelt names)."""
        before = {kind: self.path(kind).read_text(encoding="utf-8") for kind in (*PLACES, "more", "other")}
        try:
            for defect in defects:
                self.put(*defect)
            return sorted(re.sub(r"^(\S+?:\d+):\d+:|( \(allowed: .*)$", r"\1", line) for line in self.errors())
        finally:
            for kind, text in before.items():
                self.path(kind).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return County(tmp_path_factory.mktemp("counties"))


@pytest.fixture(scope="module")
def alone(county: County) -> dict[Defect, list[str]]:
    return {defect: county.errors_with(defect) for defect in DEFECTS}


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: " ".join(defect[::2]))
def test_each_defect_alone_is_reported_where_it_stands(
    defect: tuple[str, str, str], alone: dict[Defect, list[str]]
) -> None:
    # A pack's defect is reported for every county that it concerns, a lost key for what was lost too.
    assert 1 <= len(alone[defect]) <= 2
    assert len({re.match(r"(\S+?:\d+):", line) for line in alone[defect]}) <= 2


def some(defects: list[Defect]) -> st.SearchStrategy[list[Defect]]:
    return st.lists(st.sampled_from(defects), min_size=1, max_size=6, unique=True)


@pytest.mark.parametrize("defects", [SHAPE, NAMES], ids=["shape", "names"])
def test_all_of_one_kind_together_are_reported_as_each_alone(
    county: County, alone: dict[Defect, list[str]], defects: list[Defect]
) -> None:
    assert county.errors_with(*defects) == sorted(line for defect in defects for line in alone[defect])


@given(some(NAMES), some(NAMES))
@examples(10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_wrong_names_together_are_reported_as_each_alone(
    county: County, alone: dict[Defect, list[str]], some_names: list[Defect], more: list[Defect]
) -> None:
    defects = {*some_names, *more}
    assert county.errors_with(*defects) == sorted(line for defect in defects for line in alone[defect])


@given(some(SHAPE), some(NAMES))
@examples(15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_beside_defects_of_shape_nothing_is_reported_that_is_not_there(
    county: County, alone: dict[Defect, list[str]], shape: list[Defect], names: list[Defect]
) -> None:
    reported = county.errors_with(*shape, *names)
    assert {line for defect in shape for line in alone[defect]} <= set(reported)
    assert set(reported) <= {line for defect in (*shape, *names) for line in alone[defect]}


@given(
    # One for each file: of a file whose duties or departments are all left out, nothing is looked up.
    st.lists(
        st.sampled_from([defect for defect in SHAPE if defect[1] not in WHOLE]),
        min_size=1,
        unique_by=lambda defect: defect[0],
    ),
    # What an override says, and that a duty lacks one, is looked up with its duty.
    some([defect for defect in NAMES if "except" not in defect[1] and "plans: {" not in defect[1]]),
)
@examples(25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_defect_of_shape_hides_no_wrong_name_of_another_entry(
    county: County, alone: dict[Defect, list[str]], shape: list[Defect], names: list[Defect]
) -> None:
    left_out = {county.entry(defect) for defect in shape}
    defects = [defect for defect in names if county.entry(defect) not in left_out]
    # A wrong name can make another entry wrong, which is not read where it is left out.
    lines = {line for defect in defects for line in alone[defect] if county.entry_of(line) not in left_out}
    assert lines | {line for one in shape for line in alone[one]} <= set(county.errors_with(*shape, *defects))


def test_all_of_them_together(county: County, alone: dict[Defect, list[str]]) -> None:
    reported = county.errors_with(*DEFECTS)
    assert {line for defect in SHAPE for line in alone[defect]} <= set(reported)
    assert set(reported) <= {line for defect in DEFECTS for line in alone[defect]}


@pytest.mark.parametrize(
    ("kind", "old", "new", "count"),
    [
        (
            "pack",
            "budget-approved: {title: 预算批复, needs: [year]}",
            "Budget_Approved: {title: 预算批复, needs: [year]}",
            1,
        ),
        ("pack", "budget-approved: {title: 预算批复, needs: [year]}", "budget-approved: 预算批复", 1),
        ("pack", "events:\n", "evnts:\n", 1),
        ("pack", "    departments: all\n", "    departments: [All]\n", 1),
        ("pack", "    departments: all\n", "    department: all\n", 1),
        ("pack", "id: water", "id: Water", 1),
        ("pack", "    deadline: {within: 20 days, of: budget-approved}", "    deadline: {after: 20 days}", 1),
        ("pack", "    deadline: {within: 20 days, of: budget-approved}", "    dedline: {within: 20 days}", 1),
        ("pack", "column: finance, title", "colum: finance, title", 1),
        ("pack", "{column: environment}", "environment", 1),
        ("pack", "    channels: site\n    deadline: {within", "    wo: site\n    deadline: {within", 1),
        ("county", "overrides: {budget:", "overrides: {Budgetx:", 1),
        ("county", "  keji: {name: 科技局}", "  Kejiju: {name: 科技局}", 1),
        ("county", "site:\n", "Site:\n", 1),
        ("county", "environment: {title: 环境保护, url: /hjbh/}", "environment: /hjbh/", 1),
        ("county", "columns: {environment", "colums: {environment", 1),
        ("county", "  keji: {name: 科技局}", "  keji: 科技局", 1),
        ("county", "roles:\n", "rolls:\n", 1),
        ("county", "packs: [works]", "packs: works", 1),
        ("county", "packs: [works]", "packs: [work]", 1),
        ("other", "  plans: {departments: [keji]}", "  plans: [keji]", 1),
        ("other", "  plans: {departments: [keji]}", "  plans: {departmnts: [keji]}", 1),
        (
            "other",
            "finance: {url: {huanbao: /cz/hb/, keji: /cz/kj/}",
            "finance: {url: {huanbao: /cz/hb/, kjei: /cz/kj/}",
            1,
        ),
        ("schedule", "  standard:\n", "  Standard:\n", 1),
        ("schedule", "jobs: {crawl:", "jobs: {crawll:", 1),
        ("schedule", "policies:\n", "policys:\n", 1),
        ("calendar", "year: 2015", "yaer: 2015", 1),
    ],
)
def test_what_only_follows_from_a_defect_is_not_reported_beside_it(
    county: County, kind: str, old: str, new: str, count: int
) -> None:
    assert len(county.errors_with((kind, old, new))) == count, county.errors_with((kind, old, new))


@pytest.mark.parametrize("kind", ["pack", "county", "schedule", "calendar", "acts"])
def test_a_value_of_no_form_is_reported_where_it_stands_whatever_it_is(county: County, kind: str) -> None:
    text = county.path(kind).read_text(encoding="utf-8")
    document = parse(text, Document("x.yaml", []))
    assert document.is_read
    for loc in [loc for loc in document.values if loc]:
        wrong = parse(text, Document("x.yaml", []))
        wrong.errors.clear()
        container = wrong.data
        for step in loc[:-1]:
            container = container[step]
        container[loc[-1]] = {"No": ["form"]}
        validate(wrong, MODELS[kind])
        lines = {document.values[loc][0], document.keys.get(loc, document.values[loc])[0]}
        assert {error.line for error in wrong.errors} <= lines, (loc, wrong.errors)
        assert wrong.errors, loc
