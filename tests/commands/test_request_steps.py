"""`duban request`: steps on the command line, what is shown of a request, and the list of what was unlawful."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.command_line import Duban

GIVEN = ("--department", "keji", "--way", "in-person", "--filed", "2015-05-04", "--title", "科技项目评审意见")
BY = ("--by", "李办", "--reason", "按程序办理")


def enter(duban: Duban, verb: str, *words: str, on: str) -> str:
    said = duban("request", verb, *words, *BY, "--now", f"{on}T10:00")
    assert said.status == 0, said.err
    return said.out


def test_a_request_from_receipt_to_a_late_answer(duban: Duban, county: Path) -> None:
    enter(duban, "receive", *GIVEN, on="2015-05-04")
    enter(duban, "register", "2015-keji-1", on="2015-05-04")
    consulted = ("2015-keji-1", "--whom", "third-party", "--interest", "privacy")
    enter(duban, "consult", *consulted, on="2015-05-06")
    enter(duban, "opinion", "2015-keji-1", "--whom", "third-party", "--result", "agree", on="2015-05-13")
    shown = duban("request", "show", "2015-keji-1", "--format", "json").json
    assert (shown["state"], shown["due_on"]) == ("handling", "2015-06-01")  # 25 May, and five working days
    assert "2015-05-25" in [due["due_on"] for due in shown["former"]]
    assert [step["move"] for step in shown["steps"]] == ["receive", "register", "consult", "opinion"]
    assert "corrected" not in shown["allowed"]
    assert duban("request", "list", "--remarks", "--format", "csv").rows == []
    answered = ("2015-keji-1", "--kind", "disclosed", "--field", "where=随函附送")
    said = enter(duban, "answer", *answered, on="2015-06-02")
    assert "late: 2015年6月2日答复，答复期限已于2015年6月1日届满" in said
    [row] = duban("request", "list", "--remarks", "--format", "csv").rows
    assert (row["request"], row["state"], row["remarks"]) == ("2015-keji-1", "answered", "1")
    assert "逾期" in duban("--lang", "zh", "request", "show", "2015-keji-1").out
    enter(duban, "undo", "2015-keji-1", "5", on="2015-06-03")
    shown = duban("request", "show", "2015-keji-1", "--format", "json").json
    assert shown["state"] == "handling"
    assert shown["steps"][4]["undone"] == "2015-06-03 10:00 李办 按程序办理"


def test_what_was_entered_by_mistake_says_when_by_whom_and_why(duban: Duban, county: Path) -> None:
    enter(duban, "receive", *GIVEN, on="2015-05-04")
    undo = (
        "request",
        "undo",
        "2015-keji-1",
        "1",
        "--by",
        "王主任",
        "--reason",
        "与1号重复",
        "--now",
        "2015-05-05T10:00",
    )
    assert duban(*undo).status == 0
    said = duban("--lang", "zh", "request", "show", "2015-keji-1").out
    assert "状态：已撤销（误录）\n" in said
    assert "撤销：2015-05-05 10:00 王主任 与1号重复\n" in said
    assert "撤回" not in said
    shown = duban("request", "show", "2015-keji-1", "--format", "json").json
    assert (shown["state"], shown["withdrawn_at"]) == ("undone", "2015-05-05T10:00:00+08:00")


def test_nothing_is_due_of_what_was_given_up_and_put_away(duban: Duban, county: Path) -> None:
    enter(duban, "receive", *GIVEN, on="2015-05-04")
    enter(duban, "withdraw", "2015-keji-1", on="2015-05-05")
    enter(duban, "archive", "2015-keji-1", on="2015-05-06")
    [row] = duban("request", "list", "--format", "csv").rows
    assert (row["state"], row["due_on"]) == ("archived", "")


def test_what_cannot_be_is_said_in_chinese_with_what_can(duban: Duban, county: Path) -> None:
    enter(duban, "receive", *GIVEN, on="2015-05-04")
    said = duban("--lang", "zh", "request", "archive", "2015-keji-1", *BY, "--now", "2015-05-05T10:00")
    assert said.status == 2
    assert (
        "2015-keji-1 在 2015-05-05 为“待登记”，不能登记“归档”；可以登记：登记，转办，申请人撤回，申请救济" in said.err
    )


def test_a_clock_that_stands_is_said_to_stand_and_an_order_is_read_in_chinese(duban: Duban, county: Path) -> None:
    enter(duban, "receive", *GIVEN, on="2015-05-04")
    enter(duban, "register", "2015-keji-1", on="2015-05-04")
    enter(duban, "consult", "2015-keji-1", "--whom", "third-party", "--interest", "privacy", on="2015-05-06")
    assert "时限：中止计时  " in duban("--lang", "zh", "request", "show", "2015-keji-1").out
    enter(duban, "opinion", "2015-keji-1", "--whom", "third-party", "--result", "agree", on="2015-05-13")
    enter(duban, "answer", "2015-keji-1", "--kind", "disclosed", "--field", "where=随函附送", on="2015-05-15")
    enter(duban, "appeal", "2015-keji-1", "--remedy", "suit", on="2015-06-01")
    enter(duban, "appeal", "2015-keji-1", "--result", "corrected", "--again", on="2015-08-03")
    shown = duban("--lang", "zh", "request", "show", "2015-keji-1").out
    assert "时限：2015-08-24  " in shown
    assert "第四十九条" in shown
    assert "责令重新答复：是" in shown
    assert "科技局" in duban("--lang", "zh", "request", "list").out


ONLINE = ("--department", "keji", "--way", "online", "--title", "科技项目评审意见")


@pytest.mark.nightly
def test_what_is_counted_from_an_assumed_day_of_receipt_is_yellow_at_worst(duban: Duban, county: Path) -> None:
    enter(duban, "receive", *ONLINE, "--filed", "2015-11-09", on="2015-11-09")
    assert duban("tick", "--now", "2015-12-28T10:00").status == 0
    [row] = duban("request", "list", "--format", "csv").rows
    assert (row["awaits"], row["light"]) == ("", "yellow")  # no text of that year says which day would count
    assert "起算之日系推定：网络的，以提交之日" in duban("--lang", "zh", "request", "show", "2015-keji-1").out


@pytest.mark.nightly
def test_what_was_handed_in_before_2016_is_law_and_the_rest_is_adopted(duban: Duban, county: Path) -> None:
    """2007, art. 24: from receipt, which is plain in person alone."""
    enter(duban, "receive", *GIVEN, on="2015-11-09")
    enter(duban, "receive", *ONLINE, "--filed", "2015-11-09", on="2015-11-09")
    assert duban("tick", "--now", "2015-12-28T10:00").status == 0
    assert [row["light"] for row in duban("request", "list", "--format", "csv").rows] == ["red", "yellow"]
    adopted = ("reading", "adopt", "plan-2015", "assumed-day", *BY, "--now", "2015-12-28T11:00")
    assert duban(*adopted).status == 0
    assert duban("tick", "--now", "2015-12-28T12:00").status == 0
    assert [row["light"] for row in duban("request", "list", "--format", "csv").rows] == ["red", "red"]


def test_a_step_that_moves_no_clock_says_so(duban: Duban, county: Path) -> None:
    enter(duban, "receive", *GIVEN, on="2015-05-04")
    enter(duban, "register", "2015-keji-1", on="2015-05-04")
    for day in ("2015-05-05", "2015-05-06"):
        enter(duban, "extend", "2015-keji-1", "--told", day, on=day)
    [remark] = duban("request", "show", "2015-keji-1", "--format", "json").json["remarks"]
    assert remark["note"] == "2015年5月5日已延长答复期限，2015年5月6日再次延长；不影响答复期限的计算（参照口径）"


def test_the_day_that_makes_it_law_is_asked_for_until_it_is_confirmed(duban: Duban, county: Path) -> None:
    enter(duban, "receive", *ONLINE, "--filed", "2016-01-11", on="2016-01-11")
    [row] = duban("request", "list", "--format", "csv").rows
    assert row["awaits"] == "confirmed"
    shown = duban("--lang", "zh", "request", "show", "2016-keji-1").out
    assert "请用 duban request confirm 补登（确认日期）" in shown
    enter(duban, "confirm", "2016-keji-1", "--confirmed", "2016-01-11", on="2016-01-12")
    [row] = duban("request", "list", "--format", "csv").rows
    assert row["awaits"] == ""
    assert "补登（" not in duban("--lang", "zh", "request", "show", "2016-keji-1").out


def test_one_text_says_what_is_to_be_corrected(duban: Duban, county: Path) -> None:
    enter(duban, "receive", *GIVEN, on="2015-05-04")
    enter(duban, "register", "2015-keji-1", on="2015-05-04")
    asked = ("request", "correct", "2015-keji-1", "--until", "2015-05-20", "--by", "李办", "--now", "2015-05-05T10:00")
    assert "缺少 --what" in duban("--lang", "zh", *asked).err
    assert duban(*asked, "--what", "请写明年份").status == 0
    [step] = duban("request", "show", "2015-keji-1", "--format", "json").json["steps"][2:]
    assert (step["reason"], step["fields"]) == ("请写明年份", "until=2015-05-20 what=请写明年份")
