"""The shipped packs hold for any county: their examples are run where they can be, and accuse no other county."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tracker.rulebook.examples import check_examples
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded

ROOT = Path(__file__).parents[2]
SMALL = """\
county: other
name: 另一县
start: 2026-12-01
packs: [rectification]
departments: {shengtai: {name: 生态环境局}}
roles: {county-office: {mail: office@example.org}, supervisor: {mail: leader@example.org}}
channels: {}
"""
#: The sample's departments, as another county calls them.
RENAMED = {"huanbao": "shengtai", "keji": "kexue", "anjian": "yingji", "shenji": "audit"}


def laid_on(root: Path, county: str) -> Loaded:
    """The shipped packs, laid on this county alone."""
    shutil.copytree(ROOT / "rules", root / "rules", ignore=shutil.ignore_patterns("sample"))
    shutil.copy(ROOT / "schedule.yaml", root)
    (root / "rules/counties/other").mkdir(parents=True)
    (root / "rules/counties/other/county.yaml").write_text(county, "utf-8")
    return load(root, {})


def renamed() -> str:
    """The sample county under another name, with other departments, which it lays the plan's duties on."""
    text = (ROOT / "rules/counties/sample/county.yaml").read_text("utf-8").replace("county: sample", "county: other")
    for old, new in RENAMED.items():
        text = re.sub(rf"\b{old}\b", new, text)
    plan = yaml.safe_load((ROOT / "rules/packs/plan-2015.yaml").read_text("utf-8"))
    laid = {duty["id"]: duty["departments"] for duty in plan["duties"] if isinstance(duty["departments"], list)}
    lines = [
        f"  {duty}: {{departments: [{', '.join(RENAMED.get(name, name) for name in names)}]}}\n"
        for duty, names in laid.items()
        if set(names) & RENAMED.keys()
    ]
    return text.replace("overrides:\n", "overrides:\n" + "".join(lines))


def failing(loaded: Loaded) -> list[str]:
    return [str(error) for error in check_examples(loaded.rulebooks[0], loaded.calendar)]


def test_what_follows_on_a_circular_is_checked_in_a_county_with_other_departments(tmp_path: Path) -> None:
    loaded = laid_on(tmp_path, SMALL)
    [rectification] = loaded.rulebooks[0].duties
    assert failing(loaded) == []
    assert [example.department for example in rectification.examples] == ["shengtai", "shengtai"]


def test_the_plan_holds_where_a_county_lays_its_duties_on_other_departments(tmp_path: Path) -> None:
    loaded = laid_on(tmp_path, renamed())
    duties = {duty.id: duty for duty in loaded.rulebooks[0].duties}
    assert failing(loaded) == []
    assert {assignment.key for assignment in duties["environment-monthly"].assignments} == {"shengtai"}
    assert duties["budget"].examples == ()  # all of them are about a department of another county
    assert len(duties["social-insurance"].examples) == 5


@pytest.mark.parametrize("departments", ["all", "concerned", "[shengtai]"])
def test_an_example_without_a_department_is_about_the_first_that_owes_the_duty(
    tmp_path: Path, departments: str
) -> None:
    pack = (ROOT / "rules/packs/rectification.yaml").read_text("utf-8")
    laid_on(tmp_path, SMALL)
    (tmp_path / "rules/packs/rectification.yaml").write_text(
        pack.replace("departments: all", f"departments: {departments}").replace("2015-11-02}", "2015-11-03}"), "utf-8"
    )
    county = tmp_path / "rules/counties/other/county.yaml"
    county.write_text(SMALL + "overrides: {rectification: {departments: [shengtai]}}\n", "utf-8")
    [failure] = failing(load(tmp_path, {}))
    assert "2015-11-02, not on 2015-11-03" in failure
