"""`duban county export` and `import`: an edited sheet changes these values of the county's file and no other byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tests.commands.workbooks import add, drop, edit, put, rename_sheet

SHEETS = ("本县", "单位", "栏目")
COUNTY = "rules/counties/sample/county.yaml"


@pytest.fixture
def sheet(duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workbook of the sample county, whose folder is the current one."""
    assert duban("init", tmp_path, "--sample").status == 0
    monkeypatch.chdir(tmp_path)
    assert duban("county", "export", "c.xlsx").status == 0
    return tmp_path / "c.xlsx"


@pytest.mark.nightly
def test_an_export_that_nobody_edited_changes_not_a_byte(duban: Duban, sheet: Path) -> None:
    before = Path(COUNTY).read_bytes()
    said = duban("county", "import", sheet, "--remove")
    assert (said.status, said.out) == (0, ""), said.err
    assert "nothing to change" in said.err
    assert Path(COUNTY).read_bytes() == before


def test_an_edit_is_shown_then_written(duban: Duban, sheet: Path) -> None:
    before = Path(COUNTY).read_text("utf-8")
    edit(sheet, "单位", put("科技局", "联络员", "沈乐"), SHEETS)
    tried = duban("county", "import", sheet, "--dry-run")
    assert "1 changes; nothing was written" in tried.err
    assert Path(COUNTY).read_text("utf-8") == before
    said = duban("county", "import", sheet)
    assert (said.status, said.out) == (0, tried.out), said.err
    assert Path(COUNTY).read_text("utf-8") == before.replace("沈悦", "沈乐")


@pytest.mark.nightly
def test_a_sheet_under_another_name_is_refused_and_a_new_department_is_named(duban: Duban, sheet: Path) -> None:
    edit(sheet, "单位", add("科技部门"), SHEETS)
    said = duban("county", "import", sheet, "--dry-run")
    assert "a new department: 科技部门, ID " in said.err
    assert "did you mean 科技局? Then write that one's ID into the row of 科技部门" in said.err
    rename_sheet(sheet, "单位", "单位和联系人", SHEETS)
    refused = duban("county", "import", sheet)
    assert refused.status == 2
    assert (
        "not read: the sheet 单位和联系人. Sheets are known by their names: 本县、单位、栏目; not there: 单位."
        in refused.err
    )


@pytest.mark.nightly
def test_what_only_the_loader_knows_is_said_of_its_cell(duban: Duban, sheet: Path) -> None:
    before = Path(COUNTY).read_bytes()
    edit(sheet, "单位", put("科技局", "联络员手机", "一三九"), SHEETS)
    refused = duban("county", "import", sheet)
    assert refused.status == 2
    assert "单位 F19 (联络员手机): " in refused.err
    assert Path(COUNTY).read_bytes() == before


@pytest.mark.nightly
def test_a_department_that_duties_name_cannot_be_removed(duban: Duban, sheet: Path) -> None:
    before = Path(COUNTY).read_bytes()
    edit(sheet, "单位", drop("环保局"), SHEETS)
    refused = duban("county", "import", sheet, "--remove")
    assert refused.status == 2
    assert "huanbao" in refused.err
    assert Path(COUNTY).read_bytes() == before
