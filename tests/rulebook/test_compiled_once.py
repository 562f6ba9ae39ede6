"""The tests' loader that compiles equal rules once: never older than the files it is asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.compiled_once import remembering
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.load import load_rules

ROOT = Path(__file__).parents[2]
COUNTY = Path("rules/counties/sample/county.yaml")


def laid_out(folder: Path) -> Path:
    shutil.copytree(ROOT / "rules", folder / "rules")
    shutil.copy(ROOT / "schedule.yaml", folder)
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_equal_files_are_compiled_once_and_a_changed_byte_anew(tmp_path: Path) -> None:
    load = remembering(load_rules)
    here, there = laid_out(tmp_path / "here"), laid_out(tmp_path / "there")
    first = load(here, {})
    assert load(there, {}).rulebooks is first.rulebooks
    change(there / COUNTY, "name: 样例县", "name: 又一县")
    assert load(there, {}).rulebooks[0].county.name != first.rulebooks[0].county.name == "样例县"


def test_another_environment_is_read_anew(tmp_path: Path) -> None:
    load, folder = remembering(load_rules), laid_out(tmp_path / "here")
    sites = [
        load(folder, {"DUBAN_SITE": site}).rulebooks[0].county for site in ("http://a.example/", "http://b.example/")
    ]
    assert sites[0] != sites[1]


def test_templates_are_those_of_the_folder_asked_for(tmp_path: Path) -> None:
    load = remembering(load_rules)
    for name in ("here", "there"):
        templates = laid_out(tmp_path / name) / "rules" / "counties" / "sample" / "templates"
        templates.mkdir(exist_ok=True)
        assert load(tmp_path / name, {}).templates == {"sample": templates}


def test_defects_are_named_as_often_as_they_are_asked_for(tmp_path: Path) -> None:
    load, folder = remembering(load_rules), laid_out(tmp_path / "here")
    change(folder / "schedule.yaml", "jobs:", "jbos:")
    for _ in range(2):
        with pytest.raises(RuleErrors, match="jbos"):
            load(folder, {})
