"""What `duban status` and `duban week` list, and how `duban explain` finds what is asked for."""

from __future__ import annotations

import io
import json
import sys
from datetime import date
from pathlib import Path

import docx
import pytest

from tests.commands.command_line import Duban
from tracker.commands.judged import shorten_day
from tracker.commands.output import emit
from tracker.reports.week import PARTS

BUDGET = "budget/keji/event:budget-approved:2015-03-02"


def test_all_means_the_same_in_every_format(duban: Duban, county: Path) -> None:
    few, every = duban("status", "--format", "csv").rows, duban("status", "--all", "--format", "csv").rows
    assert len(few) < len(every)
    assert not {"met", "upcoming", "paused", "closed"} & {row["status"] for row in few}
    for words, rows in (((), few), (("--all",), every)):
        listed = duban("status", *words, "--format", "json").json
        assert [row["duty"] for row in listed] == [row["duty"] for row in rows]
        assert f"{len(rows)} of {len(every)} occurrences" in duban("status", *words).out


def test_a_light_is_asked_for_whatever_its_status(duban: Duban, county: Path) -> None:
    rows = duban("status", "--light", "none", "--format", "csv").rows
    assert rows
    assert {row["status"] for row in rows} & {"upcoming", "paused"}


def test_totals_count_the_lights_that_are_shown(duban: Duban, county: Path) -> None:
    said = duban("status", "--department", "keji", "--all")
    rows = duban("status", "--department", "keji", "--all", "--format", "csv").rows
    total = said.out.strip().splitlines()[-1]
    for light in {row["light"] for row in rows}:
        assert f"{light} {sum(row['light'] == light for row in rows)}" in total
    assert "occurrences" not in duban("status", "--format", "csv").out


def test_the_command_says_the_sums_and_gives_the_same_rows_in_every_format(duban: Duban, county: Path) -> None:
    shown = duban("week", "--now", "2015-05-05T09:00")
    rows = duban("week", "--now", "2015-05-05T09:00", "--format", "csv").rows
    assert shown.status == 0
    assert shown.out.startswith("样例县一周督办要点（2015年5月5日）：")
    assert rows
    assert {row["part"] for row in rows} <= set(PARTS.values())
    assert len(duban("week", "--now", "2015-05-05T09:00", "--format", "json").json) == len(rows)


def test_the_week_is_a_paper_with_every_row(duban: Duban, county: Path) -> None:
    rows = duban("week", "--now", "2015-05-05T09:00", "--format", "csv").rows
    assert duban("week", "--now", "2015-05-05T09:00", "--to", county / "week.docx").status == 0
    paper = docx.Document(str(county / "week.docx"))
    cells = [[[cell.text for cell in row.cells] for row in table.rows[1:]] for table in paper.tables]
    assert sum(map(len, cells)) == len(rows)
    assert {row["title"] for row in rows} <= {
        cell.partition("（")[0] for table in cells for row in table for cell in row
    }
    assert "样例县政务公开一周督办要点" in "".join(each.text for each in paper.paragraphs)
    wrong = duban("week", "--to", county / "week.xlsx")
    assert (wrong.status, "write .docx or .pdf" in wrong.err) == (2, True)


@pytest.mark.parametrize(
    ("day", "shown"),
    [(date(2026, 3, 9), "03-09"), (date(2025, 12, 31), date(2025, 12, 31)), (None, None)],
)
def test_a_day_of_this_year_is_short(day: date | None, shown: object) -> None:
    assert shorten_day(day, date(2026, 12, 2)) == shown


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        (BUDGET, 0, BUDGET),
        ("budget/keji/event:budget-app", 0, BUDGET),
        ("sample/plan-2015/budget/ke", 0, BUDGET),
        ("budget/", 2, "did you mean"),  # several begin so
        ("", 2, "no occurrence"),
    ],
)
def test_explain_completes_what_only_one_key_begins_with(
    duban: Duban, county: Path, asked: str, status: int, said: str
) -> None:
    answer = duban("explain", asked, "--now", "2015-05-05T09:00")
    assert answer.status == status
    assert said in answer.out + answer.err


class CountingStream(io.StringIO):
    """A stream that counts how often it is written to."""

    writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)


def test_json_is_written_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = CountingStream()
    monkeypatch.setattr(sys, "stdout", stream)
    emit(("a", "b"), [{"a": number, "b": "督办"} for number in range(50)], "json")
    assert len(json.loads(stream.getvalue())) == 50
    assert stream.writes <= 2
