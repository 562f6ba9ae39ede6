"""An edited sheet of the county changes these values of the county's file and no other byte."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.workbooks import Rows, add, drop, put
from tracker.core.values.message import Message
from tracker.evidence.attachments.readers.sheet_rows import SheetRow, Table
from tracker.registers.county_tables import make_county_tables
from tracker.registers.rule_table import RuleTable, apply_changes, compare_table
from tracker.rulebook.yaml_edit import YamlText

TEXT = (Path(__file__).parents[2] / "rules/counties/sample/county.yaml").read_text("utf-8")


def exported(table: RuleTable) -> Rows:
    """The rows of the table's sheet: title, hint, heads, and a row an entry."""
    heads = [column.heads[0] for column in table.columns.values()]
    return [["title"], ["hint"], heads, *([cells[key] for key in table.columns] for cells in table.rows.values())]


def imported(
    name: str, change: Callable[[Rows], None], *, remove: bool = False, text: str = TEXT
) -> tuple[str, list[str], list[str]]:
    """The text of the file with the edited sheet `name` brought in, the kinds of changes, and the errors."""
    file, errors, changes = YamlText(text), list[Message](), []
    for table in make_county_tables(file.data):
        rows = exported(table)
        if table.sheet == name:
            change(rows)
        given = Table(tuple(SheetRow(line, tuple(row)) for line, row in enumerate(rows, 1)))
        changes += compare_table(table, given, remove=remove, errors=errors)
    if not errors:
        apply_changes(file, changes, errors)
    return file.text, [change.change for change in changes], [str(error) for error in errors]


def lines_changed(after: str) -> list[str]:
    return [line for line in difflib.unified_diff(TEXT.splitlines(), after.splitlines(), n=0, lineterm="")
            if line[0] in "+-" and line[:3] not in ("+++", "---")]  # fmt: skip


def test_sheets_that_nobody_edited_change_not_a_byte() -> None:
    assert imported("单位", lambda rows: None, remove=True) == (TEXT, [], [])


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
        (
            "栏目",
            add("公开指南", "/gkzn/", "guide", "", "", "单页"),
            [],
            ["      guide: {title: 公开指南, url: /gkzn/}"],
        ),
    ],
)
def test_an_edit_changes_the_lines_it_is_about(
    name: str, change: Callable[[Rows], None], removed: list[str], added: list[str] | None
) -> None:
    after, kinds, errors = imported(name, change)
    assert (errors, len(kinds)) == ([], 1)
    lines = lines_changed(after)
    assert [line[1:][: len(removed[0])] if removed else "" for line in lines if line[0] == "-"] == removed
    if added is not None:
        assert [line[1:] for line in lines if line[0] == "+"] == added


def test_a_single_page_has_a_row_that_is_edited_as_a_column_is() -> None:
    text = TEXT.replace("    columns:\n", "    pages: {hotline: {url: /jb/}}\n    columns:\n", 1)
    after, kinds, errors = imported("栏目", put("hotline", "网址", "/jubao/"), text=text)
    assert (after, kinds, errors) == (text.replace("/jb/", "/jubao/"), ["changed"], [])


@pytest.mark.parametrize(
    ("name", "change", "removed"),
    [
        ("栏目", drop("通知公告"), "-      notices: {title: 通知公告, url: /tzgg/}"),
        ("栏目", drop("/zdly/keji/", by=1), "-          keji: /zdly/keji/"),
        ("单位", put("编办", "别名", ""), "-    aliases: [县编办, 编委办, 机构编制委员会办公室]"),
    ],
)
def test_what_the_sheet_lacks_stays_unless_it_is_to_be_removed(
    name: str, change: Callable[[Rows], None], removed: str
) -> None:
    assert imported(name, change) == (TEXT, ["missing"], [])
    after, kinds, errors = imported(name, change, remove=True)
    assert (lines_changed(after), kinds, errors) == ([removed], ["removed"], [])


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (
            "单位",
            put("科技局", "联络员邮箱", "keji"),
            "单位 E19 (联络员邮箱): 'keji' is no mail address; write name@host",
        ),
        (
            "单位",
            put("科技局", "代号", "kejiju"),
            "科技局 has the ID keji, which facts are recorded under: put it back",
        ),
        ("单位", add("教育局", "Jiao Yu"), "'Jiao Yu' is no ID"),
        ("单位", add("科技局"), "the same entry stands in line 19"),
        ("单位", lambda rows: rows[2].append("微信"), "单位 J3 (微信): no column is called so"),
        ("栏目", put("通知公告", "网址", "tzgg"), "'tzgg' is no address"),
        ("栏目", add("某栏", "/x/", "x", "county-sit"), "no site 'county-sit': did you mean county-site?"),
        ("栏目", add("某栏", "/x/", "x", "", "科技"), "no department '科技': did you mean 科技局"),
        ("栏目", add("重点领域", "/x/", "focus"), "has either one address or one for each department"),
        ("栏目", add("公开指南", "/gkzn/", "", "", "", "网页"), "'网页' is no form of a column: write 列表、单页"),
        ("本县", put("联系人", "项目", "联系的人"), "'联系的人' is no line of this sheet: did you mean 联系人"),
    ],
)
def test_what_is_wrong_is_refused_with_its_cell(name: str, change: Callable[[Rows], None], said: str) -> None:
    after, _, errors = imported(name, change)
    assert said in "\n".join(errors)
    assert after == TEXT
