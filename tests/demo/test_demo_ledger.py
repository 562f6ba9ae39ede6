"""The ledger: the columns offices expect, days late, and no formula that anybody could smuggle in."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from notifications.formulas import safe
from tracker.core.values.verdicts import Light, Status
from tracker.demo.ledger import COLUMNS, save_ledger, write_ledger
from tracker.rulebook.loaded import Loaded

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2015, 10, 20, 9, 0, tzinfo=ZONE)


@dataclass(frozen=True)
class Row:
    department: str = "chengjian"
    status: Status = Status.OVERDUE
    light: Light = Light.RED
    proved_at: datetime | None = None
    due_on: date | None = date(2015, 9, 30)
    reason: str = "至今未见公开。"
    closed: bool = False
    pack: str = "plan-2015"
    duty: str = "power-list"
    label: str = "once"

    @property
    def key(self) -> str:
        return f"sample/{self.pack}/{self.duty}/{self.department}/{self.label}"


def lines(loaded: Loaded, *rows: Row, rectify_by: date | None = None) -> list[dict[str, str]]:
    out = io.StringIO()
    write_ledger(out, rows, loaded.rulebooks[0], loaded.calendar, NOW, rectify_by)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


@pytest.mark.parametrize(
    ("row", "proved", "late", "problem"),
    [
        pytest.param(Row(), "", "10", "逾期未公开", id="overdue: until today, the holiday left out"),
        pytest.param(
            Row(status=Status.MET_LATE, light=Light.YELLOW, proved_at=datetime(2015, 10, 9, 10, tzinfo=ZONE)),
            "2015-10-09", "2", "逾期公开", id="met late: until it was published",
        ),
        pytest.param(
            Row(status=Status.MET, light=Light.GREEN, proved_at=datetime(2015, 9, 30, 23, tzinfo=ZONE)),
            "2015-09-30", "", "", id="met on the last day",
        ),
        pytest.param(Row(status=Status.INCOMPLETE), "", "10", "公开不完整", id="incomplete"),
        pytest.param(Row(status=Status.UNVERIFIABLE, light=Light.GREY), "", "", "", id="could not look"),
        pytest.param(Row(status=Status.OPEN, light=Light.NONE, due_on=date(2015, 12, 31)), "", "", "", id="open"),
        pytest.param(Row(status=Status.CLOCK_UNKNOWN, light=Light.GREY, due_on=None), "", "", "", id="no due date"),
    ],
)  # fmt: skip
def test_a_line_says_when_it_was_due_and_how_late_it_is(
    loaded: Loaded, row: Row, proved: str, late: str, problem: str
) -> None:
    (line,) = lines(loaded, row)
    assert line["责任单位"] == "城建局"
    assert line["依据条款"] == "一(一)2"
    assert (line["实际公开日期"], line["逾期天数（工作日）"], line["问题类型"]) == (proved, late, problem)


@pytest.mark.parametrize(
    ("duty", "status", "reason", "words"),
    [
        ("power-list", Status.OVERDUE, "", ("逾期未公开", "逾期未公开")),
        ("focus-column-backend", Status.OVERDUE, "", ("逾期未办理", "逾期未办理")),
        ("focus-column-backend", Status.MET_LATE, "", ("逾期后办理", "逾期办理")),
        ("power-list", Status.MET, "2015年9月29日已报送零报告，未超过截止时间2015年9月30日", ("已报送零报告", "")),
    ],
)
def test_a_line_calls_filed_what_is_filed(loaded: Loaded, duty: str, status: Status, reason: str, words: str) -> None:
    found = next(one for one in loaded.rulebooks[0].duties if one.id == duty)
    row = Row(department=found.assignments[0].key, duty=duty, status=status, reason=reason)
    (line,) = lines(loaded, row)
    assert (line["状态"], line["问题类型"]) == words


@pytest.mark.parametrize(
    ("duty", "label", "words"),
    [
        ("power-list", "once", "，一次性事项"),
        ("environment-monthly", "2015-07", "，2015年7月"),
        ("budget", "event:budget-approved:2015-03-02", "，预算批复（2015年3月2日）"),
        ("environment-emergency", "event:environment-emergency:6号.response", "（应对情况），突发环境事件发生（6号）"),
    ],
)
def test_a_matter_is_named_as_in_the_mails(loaded: Loaded, duty: str, label: str, words: str) -> None:
    assert lines(loaded, Row(duty=duty, label=label))[0]["事项"].endswith(words)


def test_lines_run_by_due_date_and_closed_matters_are_left_out(loaded: Loaded) -> None:
    later = Row(label="b", due_on=date(2015, 12, 31))
    shown = lines(loaded, later, Row(label="a"), Row(label="c", closed=True), Row(label="d", due_on=None))
    assert [(one["序号"], one["事项编号"][-1]) for one in shown] == [("1", "a"), ("2", "b"), ("3", "d")]


def test_a_day_to_rectify_stands_only_by_what_is_still_open(loaded: Loaded) -> None:
    met = Row(status=Status.MET_LATE, label="z", proved_at=NOW)
    shown = lines(loaded, Row(), met, rectify_by=date(2015, 11, 3))
    assert [one["整改时限"] for one in shown] == ["2015-11-03", ""]


def test_joint_departments_are_all_named(loaded: Loaded) -> None:
    (line,) = lines(loaded, replace(Row(), department="chengjian+guotu"))
    assert line["责任单位"] == "城建局、国土局"


def test_the_file_opens_in_excel_as_utf8(loaded: Loaded, tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    assert save_ledger(path, [Row()], loaded.rulebooks[0], loaded.calendar, NOW) == 1
    body = path.read_bytes()
    assert body.startswith(b"\xef\xbb\xbf" + "序号,责任单位,事项".encode())
    assert body.count(b"\r\n") == 2
    assert body.decode("utf-8-sig").split("\r\n")[0].split(",") == list(COLUMNS)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=cmd|'/c calc'!A0", "'=cmd|'/c calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),
        ("部门预算=公开", "部门预算=公开"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_a_title_that_is_a_formula_reaches_the_file_as_text(loaded: Loaded) -> None:
    (line,) = lines(loaded, Row(reason='=HYPERLINK("http://x")'))
    assert line["情况说明"].startswith("'=")
