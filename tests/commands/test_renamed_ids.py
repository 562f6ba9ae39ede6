"""A department or a duty that came under another id: its records would count for nothing, so nothing goes on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.command_line import Duban

NOW = ("--now", "2015-05-09T10:00")
LOST = "科技局 is called kejiju now, was keji; these records would be lost: 2 events. Write keji for kejiju wherever"


def rename(folder: Path, old: str, new: str) -> None:
    for file in folder.glob("rules/**/*.yaml"):
        file.write_text(re.sub(rf"\b{old}\b(?!\.)", new, file.read_text("utf-8")), "utf-8")


@pytest.mark.nightly
def test_a_department_under_another_id_is_refused_until_its_old_id_is_back(duban: Duban, county: Path) -> None:
    rename(county, "minzheng", "minzhengju")
    assert duban("check").status == 0, "nothing is recorded about it: its id may still be changed"
    rename(county, "keji", "kejiju")
    check = duban("check", "--lang", "zh")
    assert check.status == 2
    assert "科技局的代号现为 kejiju，原为 keji；按原代号登记的内容将全部失去关联：事件 2 件。" in check.out

    assert LOST in duban("tick", *NOW).err
    act = ("event", "add", "circular", "--department", "minzhengju", "--on", "2015-05-08", "--by", "王某", *NOW)
    assert (duban(*act).status, LOST in duban(*act).err) == (2, True)
    assert LOST in duban("rules", "diff", county, county, *NOW).err
    rename(county, "kejiju", "keji")
    assert duban("tick", *NOW).status == 0


@pytest.mark.nightly
def test_a_duty_under_another_id_is_refused_and_one_that_goes_is_named(duban: Duban, county: Path) -> None:
    pack = county / "rules" / "packs" / "plan-2015.yaml"
    key = "sample/plan-2015/budget/keji/event:budget-approved:2015-03-02"
    why = ("--ground", "no-such-business", "--basis", "三定规定", "--asked-by", "科技局", "--reason", "无预算")
    assert duban("waive", key, *why, "--by", "王某", *NOW).status == 0
    text = pack.read_text("utf-8")
    pack.write_text(text.replace("- id: budget\n", "- id: budgets\n"), "utf-8")
    refused = duban("tick", *NOW)
    assert refused.status == 2
    assert (
        "is called plan-2015/budgets now, was plan-2015/budget; these records would be lost: 1 decisions" in refused.err
    )
    begin = text.index("  - id: budget\n")
    pack.write_text(text[:begin] + text[text.index("  - id: final-accounts\n") :], "utf-8")
    check = duban("check")
    assert "(plan-2015/budget) is not there any more; these records count for nothing then: 1 decisions." in check.out
    assert check.status == 0
