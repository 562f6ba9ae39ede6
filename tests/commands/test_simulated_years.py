"""`duban replay` and `duban demo`: a year on a simulated clock, and what is left of it."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.commands.command_line import Duban
from tracker.commands.context import shipped


@pytest.mark.nightly
def test_replay_lists_every_notice_that_would_have_been_sent(duban: Duban, county: Path) -> None:
    (county / "events.csv").write_text("name,department,on,year\nbudget-approved,keji,2015-01-04,2015\n", "utf-8")
    before = (county / "duban.db").read_bytes()
    answer = duban("replay", "--to", "2015-01-22", "--format", "csv", "--events", "events.csv")
    assert answer.status == 0, answer.err
    assert answer.columns == "at,county,occurrence,step,kind,recipient,channel,urgent,reason,subject"
    rows = answer.rows
    assert len(rows) >= 5
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert {row["channel"] for row in rows} == {"mail"}
    assert "sample/plan-2015/budget/keji/event:budget-approved:2015-01-04" in {row["occurrence"] for row in rows}
    assert all("2015-01-01" <= row["at"] < "2015-01-23" for row in rows)
    assert (county / "duban.db").read_bytes() == before
    assert not (county / "mails").exists()


@pytest.mark.nightly
def test_the_demo_ends_by_itself_and_says_where_things_lie(duban: Duban, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    answer = duban("demo", "--until", "2015-01-12", "--speed", "0", "--dir", folder)
    assert answer.status == 0
    places = re.search(
        r"database  (.*)\nmails     (.*) \((\d+) \.eml files\)\nledger    (.*) \((\d+) matters\)\narchive   (.*)",
        answer.out,
    )
    assert places
    database, mails, count, ledger, lines, archive = places.groups()
    assert Path(database).stat().st_size > 0
    kept = list(Path(mails).glob("*.eml"))
    assert len(kept) == int(count) > 0
    for path in kept:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert mail["Subject"]
        assert mail["To"]
        assert mail["Message-ID"]
        assert {part.get_content_type() for part in mail.walk()} >= {"text/plain", "text/html"}
    rows = CalamineWorkbook.from_path(ledger).get_sheet_by_name("台账").to_python()
    assert len(rows) == int(lines) + 2 > 100  # under the title and the heads
    on = ("--root", shipped(), "--database", f"sqlite:///{database}", "evidence", "export")
    export = duban(*on, "air-quality/huanbao/2015-01-03", "--archive", archive, "--to", tmp_path / "evidence.zip")
    assert (export.status, export.out) == (0, f"{tmp_path / 'evidence.zip'}\n")
    again = duban("demo", "--until", "2015-01-12", "--dir", folder)
    assert (again.status, again.out) == (2, "")
    assert "holds a database already" in again.err
