"""`duban score` on the command line."""

from __future__ import annotations

from pathlib import Path

from command_line import Duban


def test_every_department_has_its_marks_and_its_rank(duban: Duban, county: Path) -> None:
    said = duban("score", "2015-04", "--format", "csv")
    assert said.status == 0
    assert said.columns == "rank,department,name,total,grade,due,on_time,rate,lost,won,veto"
    assert len(said.rows) == 19
    assert {row["grade"] for row in said.rows} == {"优秀"}


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
