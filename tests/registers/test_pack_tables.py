"""An edited sheet of a pack changes these values of the pack's file and no other byte."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.commands.workbooks import Rows, add, drop, put
from tests.registers.test_county_tables import exported
from tracker.core.law.county import County
from tracker.core.values.message import Message
from tracker.evidence.attachments.readers.sheet_rows import SheetRow, Table
from tracker.registers.pack_tables import DutyTable
from tracker.registers.rule_table import apply_changes, compare_table
from tracker.rulebook.load import load_rules
from tracker.rulebook.yaml_edit import YamlText

ROOT = Path(__file__).parents[2]
#: Those that are shipped; of the longest, the duties up to one.
PACKS = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "rules/packs").glob("*.yaml"))}
PACKS["plan-2015"], LATER = PACKS["plan-2015"].split("\n\n  - id: project-execution", 1)


@cache
def sample() -> County:
    return load_rules(ROOT, os.environ).rulebooks[0].county


def imported(pack: str, *changes: Callable[[Rows], None], remove: bool = False) -> tuple[str, list[str]]:
    """The text of the pack with its edited sheet brought in, and the errors."""
    file, errors = YamlText(PACKS[pack]), list[Message]()
    table = DutyTable(file.data, sample())
    rows = exported(table)
    for change in changes:
        change(rows)
    given = Table(tuple(SheetRow(line, tuple(row)) for line, row in enumerate(rows, 1)))
    made = compare_table(table, given, remove=remove, errors=errors)
    if not errors:
        apply_changes(file, made, errors)
    return file.text, [str(error) for error in errors]


def edited(pack: str, *changes: Callable[[Rows], None], remove: bool = False) -> tuple[list[str], list[str]]:
    """The lines of the file that go, and those that come."""
    text, errors = imported(pack, *changes, remove=remove)
    assert errors == []
    lines = [*difflib.unified_diff(PACKS[pack].splitlines(), text.splitlines(), n=0, lineterm="")][2:]
    return [line[1:] for line in lines if line[0] == "-"], [line[1:] for line in lines if line[0] == "+"]


@pytest.mark.parametrize("pack", PACKS)
def test_a_sheet_that_nobody_edited_changes_not_a_byte(pack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if pack == "plan-2015":
        monkeypatch.setitem(PACKS, pack, f"{PACKS[pack]}\n\n  - id: project-execution{LATER}")
    assert imported(pack, remove=True) == (PACKS[pack], [])


@pytest.mark.parametrize(
    ("pack", "duty", "head", "text", "before", "after"),
    [
        (
            "budget", "county-budget", "时限", "政府预算批准后15个工作日内（budget-law 14）；budgets-by-june",
            "20 days", "15 workdays",
        ),
        ("foi-2019", "annual-report", "时限", "每年2月28日前（上期情况）", "due: 01-31", "due: 02-28"),
        (
            "foi-2019-items", "foi-rules", "时限", "每季度后15日内",
            "deadline: formed", 'deadline: {every: quarter, about: this, due: "+15 days"}',
        ),
        (
            "foi-2019", "foi-delayed-answer", "时限",
            "{within: stated day, of: foi-delay-announced, until: [foi-withdrawn]}", ", foi-abandoned]}", "]}",
        ),
        ("plan-2015", "power-list", "责任单位", "科技局、县审计局", "all  ", "[keji, shenji]  "),
        ("plan-2015", "project-approval", "责任单位", "牵头：发改局；配合：科技局", "concerned", "keji"),
        ("plan-2015", "approval-items", "公开位置", "县政府信息网、县行政审批网站（任一）", "all_of", "any_of"),
        ("plan-2015", "power-list", "栏目", "财政预决算、权力清单", "column: powers", "column: [finance, powers]"),
        ("plan-2015", "power-list", "标题用词", "行政职权｜权力", "|行政权力|权力清单|权责清单|职权目录", "|权力"),
        ("plan-2015", "land-supply.plan", "任务", "供应计划", "title: 年度供应计划", "title: 供应计划"),
        ("plan-2015", "project-approval", "内容要素", "任一：审批/批复；备案；立项", "核准, 备案]", "备案, 立项]"),
        ("foi-2019-items", "foi-procurement", "内容要素", "任一：采购；招标", "[采购]", "[采购, 招标]"),
    ],
)  # fmt: skip
def test_a_cell_changes_what_it_says_and_no_more(
    pack: str, duty: str, head: str, text: str, before: str, after: str
) -> None:
    gone, come = edited(pack, put(duty, head, text, by=1))
    assert before in gone[0]
    assert come == [gone[0].replace(before, after)]


def test_items_of_a_list_come_and_go_and_the_comments_between_them_stay() -> None:
    kept = "基本支出经济分类款级科目/经济分类/款级科目/基本工资（鼓励）"
    text = f"功能分类/行政运行；三公经费；{kept}；绩效；机关运行经费（鼓励）"
    gone, come = edited("plan-2015", put("budget", "内容要素", text, by=1))
    assert [line.strip()[:12] for line in gone] == ["- {any: [支出功", "- {any: [“三公", "- {any: [增减变"]
    assert come == ["      - {any: [功能分类, 行政运行]}", "      - 三公经费", "      - 绩效"]


def test_the_items_that_stay_keep_their_form() -> None:
    text = "限额（鼓励）；新项；余额（鼓励）"
    assert edited("budget", put("county-debt", "内容要素", text, by=1)) == ([], ["      - 新项"])
    text = "一般公共预算；政府性基金（鼓励）；转移支付（鼓励）；债券（鼓励）"
    gone, come = edited("budget", put("county-final-accounts", "内容要素", text, by=1))
    assert (len(gone), come) == (1, ["      - {any: [债券], advisory: true}"])


def test_what_words_would_not_give_back_is_shown_as_the_file_writes_it() -> None:
    text = PACKS["foi-2019-items"].replace("[规划, 计划, 纲要]", "[规划/计划, 纲要]")
    table = DutyTable(YamlText(text).data, sample())
    assert table.rows[("foi-planning",)]["contents"] == "{kinds: [规划/计划, 纲要]}"


def test_a_new_row_is_a_duty_and_one_below_it_a_part() -> None:
    gone, come = edited(
        "plan-2015",
        add("新事", "new-duty", "五", "科技局", "每月后10日内", "抄来", "县政府信息网", "部门动态", "新", "甲/乙；丙"),
        add("新分项", "new-duty.piece", "", "", "", "", "", "", "分项", ""),
    )  # fmt: skip
    assert gone == []
    assert come == [
        "",
        "  - id: new-duty",
        "    title: 新事",
        "    clause: 五",
        "    departments: [keji]",
        '    deadline: {every: month, about: this, due: "+10 days"}',
        "    channels: county-site",
        "    evidence: {column: news, title: 新}",
        "    contents: [{any: [甲, 乙]}, 丙]",
        "    parts: {piece: {title: 新分项, evidence: {title: 分项}}}",
    ]


def test_a_duty_goes_with_its_parts_only_if_that_is_asked_for() -> None:
    rows = [drop(f"land-supply{part}", by=1) for part in ("", ".transactions", ".plan")]
    assert imported("plan-2015", *rows) == (PACKS["plan-2015"], [])
    gone, come = edited("plan-2015", *rows, remove=True)
    assert (gone[0], come) == ("  - id: land-supply", [])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (put("power-list", "时限", "尽快", by=1), "plan-2015 E8 (时限): '尽快' is no limit: write 每月"),
        (put("power-list", "时限", "2015年9月31日前", by=1), "(时限): no such day"),
        (put("power-list", "时限", "每月（遇雨顺延）", by=1), "(时限): '遇雨顺延' says nothing about a limit"),
        (put("power-list", "时限", "预算批付后20日内", by=1), "(时限): no event '预算批付': did you mean 预算批复"),
        (put("power-list", "时限", "{by: ", by=1), "(时限): what begins with a brace"),
        (put("power-list", "时限", "；", by=1), "(时限): '；' says nothing"),
        (put("power-list", "时限含义", "另一天", by=1), "(时限含义): this column only explains"),
        (put("power-list", "责任单位", "科枝局", by=1), "plan-2015 D8 (责任单位): no department '科枝局'"),
        (put("power-list", "公开位置", "县政府信息网、医疗机构", by=1), "(公开位置): several channels"),
        (put("power-list", "栏目", "网页：guide", by=1), "(栏目): '网页：guide': whether"),
        (put("power-list", "栏目", "、", by=1), "(栏目): '、' says nothing"),
        (put("power-list", "内容要素", "依据、主体", by=1), "(内容要素): '依据、主体': write ；"),
        (put("land-supply.plan", "责任单位", "科技局", by=1), "this belongs into the row of the duty 'land-supply'"),
        (add("新分项", "nothing.piece"), "no duty 'nothing' above"),
        (add("新事", "New"), "'New' is no ID"),
    ],
)
def test_a_wrong_cell_is_said_and_nothing_changes(change: Callable[[Rows], None], error: str) -> None:
    text, errors = imported("plan-2015", change)
    assert text == PACKS["plan-2015"]
    assert len(errors) == 1
    assert error in errors[0]


def test_a_list_that_another_duty_shares_is_refused() -> None:
    text, errors = imported("budget", put("department-final-accounts", "内容要素", "三公经费", by=1))
    assert text == PACKS["budget"]
    assert "only an editor" in errors[0]
