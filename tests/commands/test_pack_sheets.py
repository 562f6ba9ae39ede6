"""`duban pack export` and `import`: an edited sheet changes these values of the packs' files and no other byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tests.commands.workbooks import add, edit, put

SHEETS = ("plan-2015", "foi-2007", "rectification")
PLAN = Path("rules/packs/plan-2015.yaml")
NEW = ("新任务", "new-duty", "五", "科技局", "每季度后15日内", "", "县政府信息网", "部门动态", "新事", "甲/乙；丙")


@pytest.fixture
def sheet(duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workbook of the sample county's packs, whose folder is the current one."""
    assert duban("init", tmp_path, "--sample").status == 0
    monkeypatch.chdir(tmp_path)
    assert duban("pack", "export", "p.xlsx").status == 0
    return tmp_path / "p.xlsx"


@pytest.mark.nightly
def test_an_edit_is_shown_with_the_days_it_moves_then_written(duban: Duban, sheet: Path) -> None:
    before = PLAN.read_text("utf-8")
    edit(sheet, "plan-2015", put("power-list", "时限", "10月底前", by=1), SHEETS)
    tried = duban("pack", "import", sheet, "--dry-run")
    assert "power-list/anjian/once: 2015-09-30 -> 2015-10-31" in tried.err
    assert "plan-2015.yaml:" in tried.err.partition("an example that no longer holds")[2]
    assert "1 changes; nothing was written" in tried.err
    assert PLAN.read_text("utf-8") == before
    said = duban("pack", "import", sheet)
    assert (said.status, said.out) == (0, tried.out), said.err
    assert PLAN.read_text("utf-8") == before.replace("{by: 2015-09-30}", "{by: 2015-10-31}", 1)


@pytest.mark.nightly
def test_packs_that_nobody_edited_change_not_a_byte(duban: Duban, sheet: Path) -> None:
    before = {path: path.read_bytes() for path in PLAN.parent.iterdir()}
    said = duban("pack", "import", sheet, "--remove")
    assert (said.status, said.out) == (0, ""), said.err
    assert "nothing to change" in said.err
    assert {path: path.read_bytes() for path in PLAN.parent.iterdir()} == before


@pytest.mark.nightly
def test_a_new_row_is_a_duty_with_the_days_of_one_written_by_hand(duban: Duban, sheet: Path) -> None:
    before = PLAN.read_text("utf-8")
    edit(sheet, "plan-2015", add(*NEW), SHEETS)
    assert duban("pack", "import", sheet).status == 0
    assert duban("check").status == 0
    asked = ("deadlines", "--duty", "new-duty", "--from", "2015-01-01", "--to", "2016-12-31", "--format", "csv")
    by_sheet = duban(*asked)
    assert "2015-07-15" in by_sheet.out
    PLAN.write_text(
        before.rstrip()
        + """
  - id: new-duty
    title: 新任务
    clause: 五
    departments: keji
    channels: county-site
    deadline: {every: quarter, about: this, due: +15 days}
    evidence: {column: news, title: 新事}
    contents: [{any: [甲, 乙]}, 丙]
""",
        "utf-8",
    )
    assert duban(*asked).out == by_sheet.out


@pytest.mark.nightly
def test_what_only_the_loader_knows_is_said_of_its_cell_and_no_file_changes(duban: Duban, sheet: Path) -> None:
    before = {path: path.read_bytes() for path in PLAN.parent.iterdir()}
    edit(sheet, "foi-2007", put("annual-report", "时限", "每月（上期情况）", by=1), SHEETS)
    edit(sheet, "plan-2015", put("power-list", "标题用词", "(权力", by=1), SHEETS)
    edit(sheet, "plan-2015", add(*NEW[:7], "nowhere", *NEW[8:]), SHEETS)
    refused = duban("pack", "import", sheet)
    assert refused.status == 2
    assert "plan-2015 I8 (标题用词): " in refused.err
    assert "plan-2015 H72 (栏目): " in refused.err
    assert {path: path.read_bytes() for path in PLAN.parent.iterdir()} == before


def test_a_pack_that_is_not_there_is_not_exported(
    duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert duban("init", tmp_path, "--sample").status == 0
    monkeypatch.chdir(tmp_path)
    refused = duban("pack", "export", "q.xlsx", "budgets")
    assert refused.status == 2
    assert "budget?" in refused.err
    assert not Path("q.xlsx").exists()
