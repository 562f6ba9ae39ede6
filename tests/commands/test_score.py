"""`duban score` on the command line."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.commands.command_line import Duban


def test_every_department_has_its_marks_and_its_rank(duban: Duban, county: Path) -> None:
    said = duban("score", "2015-04", "--format", "csv")
    assert said.status == 0
    assert said.columns == "rank,department,name,total,grade,due,on_time,rate,lost,won,veto"
    assert len(said.rows) == 19
    # The site was never looked at: nobody is called excellent for that.
    assert {(row["rank"], row["total"], row["grade"], row["due"]) for row in said.rows} == {("", "", "", "0")}


def test_a_leak_is_recorded_and_costs_everything(duban: Duban, county: Path) -> None:
    recorded = duban("event", "add", "leak-confirmed", "--department", "keji", "--on", "2015-04-20", "--by", "王敏")
    assert (recorded.status, recorded.err) == (0, "")
    last = duban("score", "2015-04", "--format", "json").json[-1]
    assert (last["rank"], last["department"], last["total"], last["veto"]) == (19, "keji", 0.0, "公开内容泄密被查实")


def test_a_day_before_anything_was_decided_has_no_matters(duban: Duban, county: Path) -> None:
    said = duban("score", "2015-04", "--as-of", "2015-04-01")
    assert said.status == 0
    assert "nothing was decided by then" in said.err


def test_a_day_to_come_and_a_period_that_is_none_are_refused(duban: Duban, county: Path) -> None:
    assert "that day is still to come" in duban("score", "2015-04", "--as-of", "2099-01-01").err
    wrong = duban("score", "April")
    assert (wrong.status, wrong.err) == (2, "duban: 'April' is no period: write 2015-09, 2015-Q3, 2015-H2 or 2015\n")


def test_ranks_and_losses_are_written_as_a_workbook_that_is_the_same_again(
    duban: Duban, county: Path, tmp_path: Path
) -> None:
    made = [tmp_path / f"{number}.xlsx" for number in range(2)]
    for one in made:
        assert duban("score", "2015-04", "--to", one).status == 0
    assert made[0].read_bytes() == made[1].read_bytes()
    with zipfile.ZipFile(made[0]) as book:
        sheets = book.read("xl/workbook.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
        cells = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'name="排名"' in sheets
    assert 'name="扣分明细"' in sheets
    assert "<t>科技局</t>" in words
    assert "<f>" not in cells
    assert cells.count("<row ") == 2 + 19


def test_ranks_are_written_as_a_workbook_or_refused(duban: Duban, county: Path) -> None:
    wrong = duban("score", "2015-04", "--to", "ranks.csv")
    assert (wrong.status, wrong.err) == (2, "duban: --to ranks.csv: write .xlsx or .pdf\n")
