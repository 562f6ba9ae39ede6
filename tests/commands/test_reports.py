"""The overdue report and the ledger on the command line: every form, every day, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import python_calamine

from tests.commands.command_line import Duban

#: The end of 4 May 2015 in Beijing, as SQLite keeps instants.
DAY, END = "2015-05-04", "2015-05-04 15:59:59.999999"
LATE = "('overdue', 'incomplete')"
BLIND = "('unverifiable', 'clock-unknown', 'met-disputed')"


def count(folder: Path, statuses: str, only: str = "") -> int:
    """By SQL alone: the last decision of each matter by then, open, due since the plan was issued or set by an act."""
    query = f"""
        SELECT count(*) FROM standings s
        WHERE s.status IN {statuses} AND NOT s.closed {only} AND (
              s.due_on IS NULL OR s.due_on > '2015-04-21'
              OR s.key LIKE '%/budget/%' OR s.key LIKE '%/foi-request/%' OR s.key LIKE '%/foi-2007/%'
          )
          AND s.at = (SELECT max(n.at) FROM standings n WHERE n.key = s.key AND n.at <= '{END}')
    """
    with closing(sqlite3.connect(folder / "duban.db")) as connection:
        found: int = connection.execute(query).fetchone()[0]
    return found


def test_every_form_tells_the_same(duban: Duban, county: Path) -> None:
    firm = "AND NOT EXISTS (SELECT 1 FROM occurrences o WHERE o.key = s.key AND o.assumed)"
    late, blind = count(county, LATE, firm), count(county, BLIND)
    assert late + blind > 10
    for form in ("html", "xlsx", "docx", "csv", "json"):
        said = duban("report", "overdue", "--as-of", DAY, "--to", county / f"o.{form}")
        assert (said.status, said.out) == (0, "")
        assert f"o.{form}: " in said.err
    totals = json.loads((county / "o.json").read_text("utf-8"))["totals"]
    assert (totals["late"], totals["reminded"], totals["unjudged"]) == (late, count(county, LATE) - late, blind)
    rows = list(csv.DictReader(io.StringIO((county / "o.csv").read_text("utf-8-sig"))))
    assert sum(int(row["count"]) for row in rows if row["part"] == "未能判定") == blind
    assert f"未能判定{blind}件，不计入逾期" in (county / "o.html").read_text("utf-8")
    shown = duban("report", "overdue", "--as-of", DAY).out
    assert (f"逾期{late}件（" if late else "无逾期事项") in shown
    assert f"另有参照时限事项逾期{totals['reminded']}件，仅作提醒" in shown


def test_what_goes_to_a_pipe_is_the_file(duban: Duban, county: Path) -> None:
    for form in ("html", "csv", "json"):
        duban("report", "overdue", "--as-of", DAY, "--to", f"o.{form}")
        piped = duban("report", "overdue", "--as-of", DAY, "--format", form)
        assert piped.out.encode() == (county / f"o.{form}").read_bytes()


def test_the_same_day_gives_the_same_bytes(duban: Duban, county: Path) -> None:
    for name in ("a", "b"):
        assert duban("report", "ledger", "--as-of", DAY, "--to", f"{name}.xlsx").status == 0
        assert duban("report", "overdue", "--as-of", DAY, "--to", f"{name}.html").status == 0
    assert (county / "a.xlsx").read_bytes() == (county / "b.xlsx").read_bytes()
    assert (county / "a.html").read_bytes() == (county / "b.html").read_bytes()


def test_the_ledger_has_a_sheet_for_each_department_where_asked(duban: Duban, county: Path) -> None:
    said = duban("report", "ledger", "--as-of", DAY, "--sheets", "department", "--to", "l.xlsx")
    assert said.status == 0
    book = python_calamine.CalamineWorkbook.from_path(county / "l.xlsx")
    assert book.sheet_names[:3] == ["汇总", "台账", "编办"]
    made = len(book.get_sheet_by_name("台账").to_python()) - 2
    assert f"l.xlsx: {made:,} matters" in said.err


def test_a_ledger_of_days_before_anything_says_so(duban: Duban, county: Path) -> None:
    said = duban("report", "ledger", "--until", "2014-12-31", "--to", "l.xlsx")
    assert (said.status, said.err) == (0, "l.xlsx: no matter was decided by then, or none falls due then\n")
    assert python_calamine.CalamineWorkbook.from_path(county / "l.xlsx").sheet_names == ["汇总", "台账"]


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["overdue", "--format", "xlsx"], "--format xlsx needs --to FILE.xlsx"),
        (["overdue", "--format", "docx"], "--format docx needs --to FILE.docx"),
        (["overdue", "--format", "csv", "--to", "o.json"], "--format csv and --to o.json do not agree"),
        (["overdue", "--format", "table", "--to", "o.csv"], "--format table and --to o.csv do not agree"),
        (["overdue", "--to", "o.odt"], "--to o.odt: end it in one of .html, .xlsx, .docx, .pdf, .csv, .json"),
        (["overdue", "--to", "o"], "--to o: end it in one of"),
        (["overdue", "--to", "no/such/o.csv"], "there is no folder no/such"),
        (["overdue", "--as-of", "2999-01-01"], "that year|the year lies outside|still to come"),
        (["overdue", "--as-of", "yesterday"], "write a day as 2015-03-02"),
        (["ledger"], "the following arguments are required: --to"),
        (["ledger", "--to", "l.csv"], "--to l.csv: write .xlsx or .pdf"),
        (["ledger", "--to", "l.pdf"], "--to l.pdf: only LibreOffice prints a sheet, and it is not installed here"),
        (["ledger", "--to", "l.xlsx", "--from", "2015-05-02", "--until", "2015-05-01"], "--from 2015-05-02 lies after"),
        (["ledger", "--to", "l.xlsx", "--from", "May"], "is no day; write 2015-03-02"),
        (["ledger", "--to", "l.xlsx", "--sheets", "duty"], "invalid choice: 'duty'"),
        (["ledger", "--to", "no/l.xlsx"], "there is no folder no"),
    ],
)
def test_what_does_not_fit_is_refused(duban: Duban, county: Path, argv: list[str], says: str) -> None:
    before = written(county)
    said = duban("report", *argv)
    assert said.status == 2
    assert any(one in said.err for one in says.split("|")), said.err
    assert written(county) == before


def written(folder: Path) -> list[Path]:
    """What is in the folder, without what the database keeps beside its file."""
    return sorted(path for path in folder.rglob("*") if not path.name.startswith("duban.db-"))


def test_a_file_that_stands_there_stays_until_the_new_one_is_whole(
    duban: Duban, county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (county / "l.xlsx").write_bytes(b"before")
    monkeypatch.setattr("notifications.ledger._MAX_ROWS", 5)
    said = duban("report", "ledger", "--as-of", DAY, "--to", "l.xlsx")
    assert (said.status, said.err) == (2, "duban: a sheet holds 3 rows at most: ask for fewer days\n")
    assert (county / "l.xlsx").read_bytes() == b"before"
    assert not list(county.glob(".l.xlsx*"))


def test_a_table_of_values_calculates_nothing() -> None:
    from tracker.reports.list_csv import csv_file

    formulas = (
        "=1+1", "=cmd|'/c calc'!A0", "+1", "-x", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x", "  =1", "\t=1", "\n=1",
    )  # fmt: skip
    texts = ("部门预算=公开", "")
    table = csv_file(("title", "days_late"), [{"title": text, "days_late": -3} for text in (*formulas, *texts)])
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    assert rows[1:] == [*([f"'{text}", "-3"] for text in formulas), *([text, "-3"] for text in texts)]


def test_without_a_database_there_is_no_report(duban: Duban, made: Path) -> None:
    said = duban("--root", made, "report", "overdue")
    assert said.status == 2
    assert "no database there yet" in said.err
