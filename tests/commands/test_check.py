"""What `duban check` says of rules that load: what they leave open, and policies that accuse before they ask."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.command_line import Duban

ACCUSING = "      overdue: {at: due +1 workdays, kind: overdue, to: [liaison, lead]}\n"


def test_the_sample_is_rules_that_hold(duban: Duban, tmp_path: Path) -> None:
    assert duban("init", "--sample", tmp_path / "new").status == 0
    answer = duban("--root", tmp_path / "new", "check")
    assert answer.status == 0
    assert re.search(r"60 duties, 19 departments, \d+ examples\nall files and examples hold", answer.err)


def test_check_names_the_templates_that_a_step_asks_for_and_a_county_has_not(duban: Duban, tmp_path: Path) -> None:
    duban("init", "--sample", tmp_path / "new")
    schedule = tmp_path / "new" / "schedule.yaml"
    plain, polite = "kind: slip, colour: blue,", "kind: slip, colour: blue, template: polite,"
    schedule.write_text(schedule.read_text("utf-8").replace(plain, polite), "utf-8")
    own = tmp_path / "new" / "rules" / "counties" / "sample" / "templates"
    own.mkdir()
    for part in ("subject", "txt"):
        (own / f"polite.{part}.j2").write_text("某事", "utf-8")
    answer = duban("--root", tmp_path / "new", "check")
    assert answer.status == 2
    assert (
        "schedule.yaml: policies.slips.steps.blue: no polite.html.j2 in rules/counties/sample/templates" in answer.out
    )
    (own / "polite.html.j2").write_text("某事", "utf-8")
    assert duban("--root", tmp_path / "new", "check").status == 0


@pytest.mark.nightly
def test_check_names_the_years_whose_holiday_notice_has_no_number(duban: Duban, tmp_path: Path) -> None:
    duban("init", "--sample", tmp_path / "new")
    assert "holiday notice" not in duban("--root", tmp_path / "new", "check").out
    notices = tmp_path / "new" / "rules" / "calendar" / "notices.yaml"
    notices.unlink()  # 2015 has its number in its own file
    answer = duban("--root", tmp_path / "new", "check")
    assert "warning: rules/calendar: no number of the holiday notice of 2016, 2017, 2018, " in answer.out
    shown = duban("--root", tmp_path / "new", "check", "--lang", "zh")
    assert "rules/calendar：没有 2016, 2017, 2018, " in shown.out


def test_check_says_where_it_read_the_shipped_rules_for_want_of_others(
    duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = duban("check")
    assert answer.status == 0
    assert "no schedule.yaml and rules/ here: these are the shipped rules (" in answer.err


def test_check_names_a_policy_that_accuses_before_it_asks(duban: Duban, tmp_path: Path) -> None:
    """By the place in the file, with the line that is missing; what a register proves needs no question."""
    duban("init", "--sample", tmp_path / "new")
    schedule = tmp_path / "new" / "schedule.yaml"
    text = schedule.read_text("utf-8")
    assert "misread" not in duban("--root", tmp_path / "new", "check").out
    asking = "      question: {at: due +1 workdays, kind: question, to: [liaison]}\n"
    assert asking in text
    schedule.write_text(text.replace(asking, ACCUSING, 1), "utf-8")
    (line,) = [one for one in duban("--root", tmp_path / "new", "check").out.splitlines() if "misread" in one]
    number = text[: text.index(asking)].count("\n") + 1
    assert line.startswith(f"warning: schedule.yaml:{number}:7: policies.standard: the first step after the due date, ")
    assert line.endswith("write before it: question: {at: due +1 workdays, kind: question, to: [liaison, lead]}")
    shown = duban("--root", tmp_path / "new", "check", "--lang", "zh").out
    assert f"提示：schedule.yaml:{number}:7：policies.standard：" in shown


def test_check_names_a_policy_that_escalates_without_looking_again(duban: Duban, tmp_path: Path) -> None:
    duban("init", "--sample", tmp_path / "new")
    schedule = tmp_path / "new" / "schedule.yaml"
    text = schedule.read_text("utf-8")
    assert "looked at again" not in duban("--root", tmp_path / "new", "check").out
    schedule.write_text(text.replace("    second_look: true\n", "", 1), "utf-8")
    (line,) = [one for one in duban("--root", tmp_path / "new", "check").out.splitlines() if "looked at again" in one]
    number = text[: text.index("  standard:\n")].count("\n") + 1
    assert line.startswith(f"warning: schedule.yaml:{number}:3: policies.standard: the step 'to-lead' tells more than")
    assert line.endswith("write in it: second_look: true")
    shown = duban("--root", tmp_path / "new", "check", "--lang", "zh").out
    assert f"提示：schedule.yaml:{number}:3：policies.standard：" in shown
    assert "没有再次查看网站" in shown


def test_check_names_a_circular_that_names_without_looking_again(duban: Duban, tmp_path: Path) -> None:
    duban("init", "--sample", tmp_path / "new")
    (path,) = (one for one in (tmp_path / "new").rglob("*.yaml") if "\ncircular:" in one.read_text("utf-8"))
    text = path.read_text("utf-8")
    head, _, rest = text.partition("\ncircular:\n")
    assert rest
    path.write_text(f"{head}\ncircular:\n  look_again: 0\n{rest}", "utf-8")
    assert "circular: look_again: 0 lets a circular name" in duban("--root", tmp_path / "new", "check").out
    assert "使通报可以不经再次查看就列入" in duban("--root", tmp_path / "new", "check", "--lang", "zh").out
