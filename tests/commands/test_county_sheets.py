"""`duban county export` and `import`: an edited sheet changes these values of the county's file and no other byte."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tests.commands.workbooks import Rows, add, drop, edit, put, rows_of
from tracker.rulebook.load import load

SHEETS = ("本县", "单位", "栏目")
COUNTY = "rules/counties/sample/county.yaml"


@pytest.fixture
def sheet(duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workbook of the sample county, whose folder is the current one."""
    assert duban("init", tmp_path, "--sample").status == 0
    monkeypatch.chdir(tmp_path)
    assert duban("county", "export", "c.xlsx").status == 0
    return tmp_path / "c.xlsx"


def lines_changed(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def test_an_export_that_nobody_edited_changes_not_a_byte(duban: Duban, sheet: Path) -> None:
    before = Path(COUNTY).read_bytes()
    said = duban("county", "import", sheet, "--remove")
    assert (said.status, said.out) == (0, ""), said.err
    assert "nothing to change" in said.err
    assert Path(COUNTY).read_bytes() == before


@pytest.mark.parametrize(
    ("name", "change", "removed", "added"),
    [
        (
            "单位",
            put("科技局", "联络员", "沈乐"),
            ["    liaison: {name: 沈悦, mail: keji@sample.example}"],
            ["    liaison: {name: 沈乐, mail: keji@sample.example}"],
        ),
        (
            "单位",
            put("编办", "联络员手机", "13900000000"),
            ["    liaison: {name: 孙敏, mail: bianban@sample.example}"],
            ["    liaison: {name: 孙敏, mail: bianban@sample.example, phone: 13900000000}"],
        ),
        (
            "单位",
            put("编办", "别名", "县编办，编委办；机构编制委员会办公室、编制办"),
            ["    aliases: [县编办, 编委办, 机构编制委员会办公室]"],
            ["    aliases: [县编办, 编委办, 机构编制委员会办公室, 编制办]"],
        ),
        (
            "单位",
            add("教育局", "", "县教育局", "何老师", "jy@sample.example"),
            [],
            [
                "  jiaoyu:",
                "    name: 教育局",
                "    aliases: [县教育局]",
                "    liaison: {name: 何老师, mail: jy@sample.example}",
            ],
        ),
        ("本县", put("联系人", "内容", "王方"), ["  county-office: {name: 县政府办公室政务公开科, person: 王芳"], None),
        (
            "栏目",
            put("通知公告", "网址", "/gsgg/"),
            ["      notices: {title: 通知公告, url: /tzgg/}"],
            ["      notices: {title: 通知公告, url: /gsgg/}"],
        ),
        (
            "栏目",
            put("/zdly/keji/", "网址", "/zdly/kj/", by=1),
            ["          keji: /zdly/keji/"],
            ["          keji: /zdly/kj/"],
        ),
        (
            "栏目",
            add("政府采购", "/zfcg/"),
            [],
            ["      procurement: {title: 政府采购, url: /zfcg/}"],
        ),
        (
            "栏目",
            add("重点领域信息公开专栏", "/zdly/fuwu/", "focus", "county-site", "行政服务中心"),
            [],
            ["          fuwu: /zdly/fuwu/"],
        ),
    ],
)
def test_an_edit_changes_the_lines_it_is_about(
    duban: Duban, sheet: Path, name: str, change: Callable[[Rows], None], removed: list[str], added: list[str] | None
) -> None:
    before = Path(COUNTY).read_text("utf-8")
    edit(sheet, name, change, SHEETS)
    tried = duban("county", "import", sheet, "--dry-run")
    assert tried.status == 0, tried.err
    assert "nothing was written" in tried.err
    assert Path(COUNTY).read_text("utf-8") == before
    said = duban("county", "import", sheet)
    assert (said.status, said.out) == (0, tried.out), said.err
    lines = lines_changed(before, Path(COUNTY).read_text("utf-8"))
    assert [line[2:][: len(removed[0])] if removed else "" for line in lines if line[0] == "-"] == removed
    if added is not None:
        assert [line[2:] for line in lines if line[0] == "+"] == added
    assert "nothing to change" in duban("county", "import", sheet).err


def test_what_the_sheet_lacks_stays_unless_it_is_to_be_removed(duban: Duban, sheet: Path) -> None:
    before = Path(COUNTY).read_text("utf-8")
    edit(sheet, "栏目", drop("通知公告"), SHEETS)
    edit(sheet, "单位", put("编办", "别名", ""), SHEETS)
    said = duban("county", "import", sheet)
    assert "2 are not in the sheet and stay; --remove takes them out" in said.err
    assert "通知公告" in said.out
    assert Path(COUNTY).read_text("utf-8") == before
    assert duban("county", "import", sheet, "--remove").status == 0
    assert lines_changed(before, Path(COUNTY).read_text("utf-8")) == [
        "-     aliases: [县编办, 编委办, 机构编制委员会办公室]",
        "-       notices: {title: 通知公告, url: /tzgg/}",
    ]
    [book] = load(Path(), {}).rulebooks
    assert book.county.departments["bianban"].aliases == ()


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (
            "单位",
            put("科技局", "联络员邮箱", "keji"),
            "单位 E18 (联络员邮箱): 'keji' is no mail address; write name@host",
        ),
        (
            "单位",
            put("科技局", "代号", "kejiju"),
            "科技局 has the ID keji, which facts are recorded under: put it back",
        ),
        ("单位", add("教育局", "Jiao Yu"), "'Jiao Yu' is no ID"),
        ("单位", add("科技局"), "the same entry stands in line 18"),
        ("单位", lambda rows: rows[2].append("微信"), "单位 J3 (微信): no column is called so"),
        ("栏目", put("通知公告", "网址", "tzgg"), "'tzgg' is no address"),
        ("栏目", add("某栏", "/x/", "x", "county-sit"), "no site 'county-sit': did you mean county-site?"),
        ("栏目", add("某栏", "/x/", "x", "", "科枝局"), "no department '科枝局': did you mean 科技局"),
        ("栏目", add("重点领域", "/x/", "focus"), "has either one address or one for each department"),
        ("本县", put("联系人", "项目", "联系的人"), "'联系的人' is no line of this sheet: did you mean 联系人"),
        # what only the loader knows is said of the cell that it is about
        ("单位", put("科技局", "联络员手机", "一三九"), "单位 F18 (联络员手机): "),
    ],
)
def test_what_is_wrong_is_refused_with_its_cell_and_nothing_is_written(
    duban: Duban, sheet: Path, name: str, change: Callable[[Rows], None], said: str
) -> None:
    before = Path(COUNTY).read_bytes()
    edit(sheet, name, change, SHEETS)
    edit(sheet, "单位", put("编办", "联络员", "孙闽"), SHEETS)
    refused = duban("county", "import", sheet)
    assert refused.status == 2
    assert said in refused.err, refused.err
    assert Path(COUNTY).read_bytes() == before


def test_a_department_that_duties_name_cannot_be_removed(duban: Duban, sheet: Path) -> None:
    before = Path(COUNTY).read_bytes()
    edit(sheet, "单位", drop("环保局"), SHEETS)
    refused = duban("county", "import", sheet, "--remove")
    assert refused.status == 2
    assert "huanbao" in refused.err
    assert Path(COUNTY).read_bytes() == before


def test_the_form_of_a_new_county_is_read_too(duban: Duban, sheet: Path, tmp_path: Path) -> None:
    """An office keeps the sheet that its county was made from."""
    form = tmp_path / "form.xlsx"
    assert duban("init", "--form", form).status == 0
    edit(form, "单位", add("教育局", "", "", "何老师", "jy@sample.example"), SHEETS)
    assert duban("county", "import", form).status == 0
    [book] = load(Path(), {}).rulebooks
    assert book.county.departments["jiaoyu"].liaison.name == "何老师"
    assert len(book.county.departments) == len(rows_of(sheet, "单位")) - 3 + 1
