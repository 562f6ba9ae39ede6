"""What people type: days and departments as they write them, names that are nearly right, days that look mistyped."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.commands.command_line import Duban
from tracker.registers.eventdates import parse_typed

CN = ZoneInfo("Asia/Shanghai")
ADD = ("event", "add", "budget-approved", "--department", "keji", "--field", "year=2015", "--by", "王敏")
NOW = ("--now", "2015-05-05T09:00")

TYPED = {
    "2026-02-10": date(2026, 2, 10),
    "2026/2/10": date(2026, 2, 10),
    "2026年2月10日": date(2026, 2, 10),
    "2026.2.10": date(2026, 2, 10),
    "20260210": date(2026, 2, 10),
    "２０２６－２－１０": date(2026, 2, 10),
    "2.10": date(2026, 2, 10),
    "2/10": date(2026, 2, 10),
    "2月10日": date(2026, 2, 10),
    "2026/2/10 9:30": datetime(2026, 2, 10, 9, 30, tzinfo=CN),
    "2月10日 9时30分": datetime(2026, 2, 10, 9, 30, tzinfo=CN),
}


@pytest.mark.parametrize(("text", "expected"), TYPED.items(), ids=TYPED)
def test_a_day_is_taken_as_people_write_it(text: str, expected: date) -> None:
    assert parse_typed(text, CN, 2026) == expected


@pytest.mark.parametrize("text", ["42045", "15-2-10", "10/2/2026", "2.30", "13.1", "昨天", ""])
def test_what_may_mean_another_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"write a day as|there is no such day"):
        parse_typed(text, CN, 2026)


def test_days_and_names_are_taken_everywhere(duban: Duban, county: Path) -> None:
    def keys(*argv: str) -> list[str]:
        return [row["due_on"] for row in duban("deadlines", *argv, "--format", "csv").rows]

    assert "" in {row["due_on"] for row in duban("deadlines", "--format", "csv").rows}  # what waits for an event
    assert "" not in {row["due_on"] for row in duban("deadlines", "--from", "2015-03-01", "--format", "csv").rows}
    plain = keys("--from", "2015-03-01", "--to", "2015-03-31", "--department", "huanbao")
    assert plain
    assert keys("--from", "2015/3/1", "--to", "2015年3月31日", "--department", "环保局") == plain
    assert keys("--from", "2015/3/1", "--to", "2015.3.31", "--department", "环境保护局") == plain
    status = duban("status", "--department", "民政局", "--format", "csv").rows
    assert status == duban("status", "--department", "minzheng", "--format", "csv").rows
    assert status
    said = duban("event", "add", "budget-approved", "--department", "科学技术局", "--on", "4.8", "--reference", "9号",
                 "--field", "year=2015", "--by", "王敏", *NOW)  # fmt: skip
    assert said.status == 0, said.err
    shown = duban("event", "show", "budget-approved", "--department", "科技局", "--reference", "9号")
    assert "2015-04-08" in shown.out
    assert duban("explain", "budget/科技局/event:budget-approved:9号", *NOW).status == 0


def test_a_field_that_holds_a_day_is_one_too(duban: Duban, county: Path) -> None:
    asked = ("foi-third-party-asked", "--department", "科技局", "--reference", "7号")
    said = duban("event", "add", *asked, "--on", "2015/4/22", "--field", "reached=2015年4月24日", "--by", "王敏", *NOW)
    assert said.status == 0, said.err
    assert "reached=2015-04-24" in duban("event", "show", *asked).out


NEAR = {
    "command": (("stauts",), "invalid choice: 'stauts', did you mean status?"),
    "command below": (("event", "ad"), "did you mean add?"),
    "option": (("status", "--departement", "keji"), "unknown --departement: did you mean --department?"),
    "choice": (("status", "--light", "yelow"), "did you mean yellow?"),
    "duty": (("deadlines", "--duty", "budgets"), "--duty budgets: unknown (did you mean budget?)"),
    "department by a part of its name": (("status", "--department", "民政"), "did you mean 民政局 (minzheng)?"),
    "department by its id": (("score", "2015-Q1", "--department", "hunbao"), "did you mean 环保局 (huanbao)?"),
    "department of a silence": (
        ("silence", "add", "--until", "2015/6/1", "--department", "环卫局", "--by", "王敏", "--reason", "汛期", *NOW),
        "--department 环卫局: unknown (",
    ),
    "county": (("--county", "sampel", "status"), "--county sampel: no such county (did you mean sample?)"),
}


@pytest.mark.parametrize(("argv", "why"), NEAR.values(), ids=NEAR)
def test_a_name_that_is_nearly_right_is_named(duban: Duban, county: Path, argv: tuple[str, ...], why: str) -> None:
    said = duban(*argv)
    assert said.status == 2
    assert why in said.err, said.err


def test_chinese_asks_in_chinese(duban: Duban, county: Path) -> None:
    assert "没有 'stauts' 这一项，是不是 status？" in duban("--lang", "zh", "stauts").err
    assert "是不是 民政局 (minzheng)？" in duban("--lang", "zh", "status", "--department", "民政").err


MISTYPED = {
    "in the future": ("2015-06-02", "it lies in the future"),
    "before the plan": ("2013-03-02", "no rule that uses it was in force on that day"),
    "on a Sunday": ("2015-03-08", "2015-03-08 is a day off (周日), on which offices seldom decide"),
    "on a holiday": ("2015-05-01", "2015-05-01 is a day off (劳动节)"),
}


@pytest.mark.parametrize(("on", "why"), MISTYPED.values(), ids=MISTYPED)
def test_a_day_that_looks_mistyped_needs_a_yes(duban: Duban, county: Path, tmp_path: Path, on: str, why: str) -> None:
    before = (county / "duban.db").read_bytes()
    said = duban(*ADD, "--on", on, "--reference", "9号", *NOW)
    assert said.status == 2
    assert why in said.err
    assert "give --yes if that is right" in said.err
    sheet = tmp_path / "events.csv"
    sheet.write_text(f"事项,部门,日期,文号,年度\n预算批复,科技局,{on},9号,2015\n", "utf-8")
    said = duban("event", "import", sheet, "--by", "王敏", *NOW)
    assert said.status == 2
    assert f"{sheet}:2: " in said.err
    assert why in said.err
    assert (county / "duban.db").read_bytes() == before
    assert duban("event", "import", sheet, "--by", "王敏", "--yes", *NOW).status == 0
    assert duban("event", "import", sheet, "--by", "王敏", *NOW).status == 0  # the same again is not asked about


def test_a_sunday_that_is_worked_and_what_happens_on_any_day_need_none(duban: Duban, county: Path) -> None:
    assert duban(*ADD, "--on", "2015-02-15", "--reference", "9号", *NOW).status == 0
    received = ("foi-request-received", "--department", "keji", "--on", "2015-04-19", "--reference", "8号")
    assert duban("event", "add", *received, "--by", "王敏", *NOW).status == 0


def test_a_correction_to_a_mistyped_day_needs_a_yes(duban: Duban, county: Path) -> None:
    key = ("budget-approved", "--department", "科技局", "--reference", "2015-03-02")
    who = ("--by", "王敏", "--reason", "核对", *NOW)
    assert duban("event", "correct", *key, "--on", "2015-03-08", *who).status == 2
    assert duban("event", "correct", *key, "--on", "2015-03-08", "--yes", *who).status == 0


def test_an_empty_label_completes(duban: Duban, county: Path) -> None:
    """One occurrence of the duty is open: the label need not be typed."""
    who = ("--by", "王敏", "--reason", "核对", *NOW)
    for key in ("budget/keji/", "budget/科技局"):
        said = duban("extend", key, *who)
        assert "budget/keji/event:budget-approved:2015-03-02 cannot be extended" in said.err
    said = duban("extend", "environment-monthly/huanbao/", *who)
    assert "a key is county/pack/duty/department/label" in said.err
