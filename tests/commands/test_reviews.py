"""`duban review` on the command line: asked for, decided, listed, shown; the texts in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tracker.evidence.attachments.readers.sheet_rows import read_table

NOW = ("--now", "2015-05-05T09:00")
ASK = ("review", "ask", "--department", "keji", "--title", "科技计划项目公示", "--author", "张三", "--by", "张三", *NOW)
DECIDE = ("review", "decide", "2015-keji-1")


def test_a_review_from_asking_to_the_list(duban: Duban, county: Path) -> None:
    asked = duban("--root", county, *ASK, "--on", "2015-05-04")
    assert (asked.status, asked.out.splitlines()[0]) == (0, "asked for review 2015-keji-1")
    own = duban("--root", county, *DECIDE, "publish", "--reviewer", "张三", *NOW)
    assert (own.status, own.err) == (2, "duban: 张三 wrote it: somebody else must review it\n")
    decided = duban("--root", county, *DECIDE, "publish", "--reviewer", "李四", *NOW)
    assert decided.out.splitlines()[0] == "decided review 2015-keji-1: publish"
    [row] = json.loads(duban("--root", county, "review", "list", "--format", "json").out)
    assert (row["reference"], row["state"], row["decided_on"], row["asked_on"]) == (
        "2015-keji-1", "publish", "2015-05-05", "2015-05-04"
    )  # fmt: skip
    assert json.loads(duban("--root", county, "review", "list", "--open", "--format", "json").out) == []
    history = json.loads(duban("--root", county, "review", "show", "2015-keji-1", "--format", "json").out)
    assert [(line["action"], line["by"]) for line in history] == [("review.asked", "张三"), ("review.decided", "李四")]


def test_it_is_said_in_chinese(duban: Duban, county: Path) -> None:
    duban("--root", county, *ASK)
    said = duban(
        "--root", county, "--lang", "zh", *DECIDE, "withhold", "--ground", "secret", "--reviewer", "李四", *NOW
    )
    assert said.out.splitlines()[0] == "保密审查 2015-keji-1 已决定：不予公开"
    shown = duban("--root", county, "--lang", "zh", "review", "show", "2015-keji-1").out
    assert "不予公开" in shown
    assert "《政府信息公开条例》第十四条" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("review", "decide", "keji-1", "publish", "--reviewer", "李四"), "'keji-1' names no review"),
        (("review", "decide", "2015-keji-9", "publish", "--reviewer", "李四"), "no review '2015-keji-9'"),
        (("review", "decide", "2015-keji-9", "secret", "--reviewer", "李四"), "invalid choice"),
    ],
)
def test_wrong_input_is_named(duban: Duban, county: Path, words: tuple[str, ...], said: str) -> None:
    answer = duban("--root", county, *words)
    assert answer.status == 2
    assert said in answer.err


def test_the_sample_county_has_it_switched_off(duban: Duban, county: Path) -> None:
    answer = duban("--root", county, "review", "findings", "--format", "csv")
    assert (answer.status, len(answer.out.splitlines())) == (0, 1)


def test_the_list_as_a_sheet(duban: Duban, county: Path) -> None:
    duban("--root", county, *ASK)
    assert duban("--root", county, "review", "list", "--out", county / "list.xlsx").status == 0
    table = read_table((county / "list.xlsx").read_bytes())
    texts = [str(cell) for line in table.rows for cell in line.cells if cell]
    assert texts[0].startswith("样例县保密审查清单（")
    assert {"2015-keji-1", "科技局", "科技计划项目公示", "待审查", "拟稿人"} <= set(texts)
