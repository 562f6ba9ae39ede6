"""`duban golive`: who would be told what, the act, and what cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tracker.core.escalation.notices import SHADOW
from tracker.evidence.attachments.readers.sheet_rows import read_table
from tracker.store.engine import Store
from tracker.store.notices import list_notices

WHO = ("--by", "陈县长", "--reason", "第7次常务会议纪要")


def test_who_would_get_what_is_listed_and_nothing_is_written(duban: Duban, county: Path) -> None:
    before = (county / "duban.db").read_bytes()
    answer = duban("golive", "sample", "--dry-run", "--now", "2015-07-24T10:00", "--format", "csv")
    assert answer.status == 0
    assert answer.columns == "department,role,name,mail,occurrence,due,step,when,next"
    row = next(row for row in answer.rows if row["occurrence"].endswith("/environment-monthly/huanbao/2015-07"))
    assert row == {
        "department": "huanbao", "role": "liaison", "name": "梁雨", "mail": "huanbao@sample.example",
        "occurrence": "sample/plan-2015/environment-monthly/huanbao/2015-07", "due": "2015-07-31", "step": "reminder",
        "when": "2015-07-24T10:00:00+08:00",
        "next": "last-reminder 2015-07-30 08:30; question 2015-08-03 08:30; to-lead 2015-08-05 08:30; "
        "to-county-office 2015-08-07 08:30; to-supervisor 2015-08-14 08:30",
    }  # fmt: skip
    assert {row["role"] for row in answer.rows} == {"liaison"}
    assert (county / "duban.db").read_bytes() == before


def test_the_plan_is_a_table_and_a_sheet(duban: Duban, county: Path, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    answer = duban("golive", "--dry-run", "--now", "2015-07-24T10:00", "--out", path)
    assert answer.status == 0
    assert "environment-monthly/huanbao/2015-07" in answer.out
    rows = [[cell for cell in row.cells if cell != ""] for row in read_table(path.read_bytes()).rows]
    assert rows[0] == ["样例县转入正式督办时拟发通知清单（2015年7月24日）"]
    assert len(rows) == 2 + len(duban("golive", "--dry-run", "--now", "2015-07-24T10:00", "--format", "csv").rows)
    assert any("环保局" in row and "huanbao@sample.example" in row for row in rows)
    assert duban("golive", *WHO, "--out", path).status == 2


@pytest.mark.nightly
def test_status_says_every_day_what_would_have_gone_out(duban: Duban, county: Path) -> None:
    duban("tick", "--now", "2015-07-24T10:00")
    with Store(f"sqlite:///{county / 'duban.db'}") as store, store.read() as tx:
        written = [row for row in list_notices(tx, "sample") if row["role"] == SHADOW and row["state"] == "due"]
    rows = [row for row in written if f"{row['not_before']:%m%d}" == "0724"]
    assert rows
    assert f"on trial: {len(rows)} notices of today" in duban("status", "--now", "2015-07-24T18:00").err
    assert "on trial: 0 notices" in duban("status", "--now", "2015-07-25T18:00").err
    duban("golive", *WHO, "--now", "2015-07-25T18:00")
    assert "on trial" not in duban("status", "--now", "2015-07-26T18:00").err


def test_it_is_recorded_once_and_taken_back_by_itself(duban: Duban, county: Path) -> None:
    done = duban("golive", *WHO, "--now", "2015-05-04T10:00")
    assert (done.status, done.out) == (0, "sample goes live: its departments are pressed from 2015-05-04 on\n")
    again = duban("golive", *WHO, "--now", "2015-05-05T10:00")
    assert again.out == "sample is live from 2015-05-04 on, by 陈县长; nothing changed\n"
    (row,) = duban("decision", "list", "--format", "csv").rows
    assert (row["kind"], row["subject"], row["target"], row["state"]) == (
        "golive", "county:sample/golive", "2015-05-04", "holds",
    )  # fmt: skip
    assert "taken back by `duban golive --revoke`" in duban("decision", "revoke", row["id"], *WHO).err
    back = duban("golive", "--revoke", *WHO, "--now", "2015-05-06T10:00")
    assert back.out == "sample is not live any longer: everything goes to its office alone\n"
    assert duban("golive", "--revoke", *WHO, "--now", "2015-05-06T10:00").out == "sample is not live, nothing changed\n"


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        ((), "golive needs --by and --reason"),
        (("--by", "王敏"), "golive needs --reason"),
        (("--revoke", "--on", "2015-05-04", *WHO), "--revoke holds at once"),
        (("simple", *WHO), "no such county (did you mean sample?)"),
        (("sample", "--county", "other", *WHO), "two counties are named"),
        (("--on", "2015-05-03", "--now", "2015-05-04T10:00", *WHO), "--on 2015-05-03 has passed"),
    ],
)
def test_what_cannot_be_meant_is_refused(duban: Duban, county: Path, argv: tuple[str, ...], why: str) -> None:
    answer = duban("golive", *argv)
    assert answer.status == 2
    assert why in answer.err
