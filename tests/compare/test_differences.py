"""What the comparison of two sides sees, and what it does not hold to be a difference."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.compare.differences import Difference, Explanation, differences, read_explained, split, told
from tests.compare.living import LivedYear
from tests.compare.snapshot import Names, Query, Rows, snapshot, table
from tracker.commands.main import main

NOTICES = Query(
    "notices", ("subject", "step"), "SELECT subject, step, role, detail FROM notices ORDER BY id", ("detail",)
)
RULES = "3e226e6e4172" + "0" * 52


def notices(path: Path, *rows: tuple[str, str, str, str]) -> dict[str, Rows]:
    """A database with these notices, as a snapshot of one table."""
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("CREATE TABLE documents (digest, kind, loaded_at)")
        connection.execute("INSERT INTO documents VALUES (?, 'rulebook', '2015-01-01 00:00:00')", (RULES,))
        connection.execute("CREATE TABLE notices (id INTEGER PRIMARY KEY, subject, step, role, detail)")
        connection.executemany("INSERT INTO notices (subject, step, role, detail) VALUES (?, ?, ?, ?)", rows)
        return {"notices": table(connection, NOTICES, Names.of(connection))}


BUDGET = ("budget", "overdue", "liaison", '{"due": "2015-03-23", "places": ["czyjs/"]}')
AUDIT = ("audit", "overdue", "liaison", '{"due": "2015-09-30"}')


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        ([BUDGET, AUDIT], []),
        ([AUDIT, BUDGET], []),
        ([BUDGET], ["  - audit · overdue: role=liaison, detail.due=2015-09-30"]),
        ([BUDGET, AUDIT, AUDIT], ["  + audit · overdue (2): role=liaison, detail.due=2015-09-30"]),
        (
            [BUDGET, (*AUDIT[:3], '{"due": "2015-10-08"}')],
            ["  ~ audit · overdue: detail.due", "      before: 2015-09-30", "      after:  2015-10-08"],
        ),
        (
            [BUDGET, (*AUDIT[:2], "lead", AUDIT[3])],
            ["  ~ audit · overdue: role", "      before: liaison", "      after:  lead"],
        ),
    ],
    ids=["the same", "in another order", "one is lacking", "one is new", "another day", "another role"],
)
def test_what_differs_between_two_databases_is_told(
    tmp_path: Path, after: list[tuple[str, str, str, str]], lines: list[str]
) -> None:
    old, new = notices(tmp_path / "old", BUDGET, AUDIT), notices(tmp_path / "new", *after)
    found = list(differences("sample", old, new))
    assert list(told(found, 12))[1:] == lines


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("简码445-220dbbbf2312b484。", "简码HEAD。"),
        ("/office/.compare/after/east/printed/ledger.xlsx: 3 matters", "FOLDER/ledger.xlsx: 3 matters"),
        ("rule:3e226e6e4172", "rule:rulebook of 2015-01-01 00:00"),
        (RULES, "rulebook of 2015-01-01 00:00"),
        ("cli clerk@house", "cli USER@MACHINE"),
        ("2026-11-30 20:16:22 warning replay: refused", "warning replay: refused"),
        ("1204 judged, 3 new", "3 new"),
        ("2015-11-30 20:16:22", "2015-11-30 20:16:22"),
    ],
)
def test_what_differs_in_every_run_gets_a_name(tmp_path: Path, text: str, plain: str) -> None:
    notices(tmp_path / "any")
    with sqlite3.connect(tmp_path / "any") as connection:
        assert Names.of(connection).plain(text) == plain


def test_lines_are_compared_by_their_order_alone() -> None:
    old: dict[str, Rows] = {"order": {"noon": {"order": ("a", "b", "c")}}}
    assert not list(differences("sample", old, {"order": {"noon": {"order": ("a", "new", "c")}}}))
    assert not list(differences("sample", old, {"order": {"noon": {"order": ("a", "b", "a", "c")}}}))
    assert list(differences("sample", old, {"order": {"noon": {"order": ("b", "a", "c")}}}))


def test_long_texts_are_shown_where_they_part() -> None:
    found = Difference(
        "sample", "mails", "key", "words", "甲" * 500 + "旧" + "乙" * 500, "甲" * 500 + "新" + "乙" * 500
    )
    _, before, after = found.lines()
    assert before.replace("旧", "新")[14:] == after[14:]
    assert "旧" in before
    assert len(before) < 250


def test_an_explained_difference_is_counted_and_no_other(tmp_path: Path) -> None:
    listed = tmp_path / "explained.txt"
    listed.write_text("# why\nsample | notices | budget* | role | told to the lead as well\n", "utf-8")
    (explanation,) = read_explained(listed)
    role = Difference("sample", "notices", "budget · overdue", "role", "liaison", "lead")
    step = Difference("sample", "notices", "budget · overdue", "step", "overdue", "reminder")
    assert split([role, step], [explanation]) == ([step], {explanation: 1})
    assert explanation == Explanation("sample", "notices", "budget*", "role", "told to the lead as well")


def test_a_column_with_an_equals_sign_explains_only_what_is_empty_now() -> None:
    explanation = Explanation("*", "occurrences", "*", "proved_at=", "it is closed")
    emptied = Difference("sample", "occurrences", "budget", "proved_at", "2015-01-02", "")
    moved = Difference("sample", "occurrences", "budget", "proved_at", "2015-01-02", "2015-01-03")
    assert split([emptied, moved], [explanation]) == ([moved], {explanation: 1})


@pytest.mark.parametrize("line", ["sample | notices | * | role", "sample | notices | * | role |"])
def test_an_explanation_without_a_reason_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "explained.txt").write_text(line, "utf-8")
    with pytest.raises(ValueError, match=r"explained\.txt:1: write county"):
        read_explained(tmp_path / "explained.txt")


@pytest.mark.nightly
def test_every_table_is_read_of_a_database_of_this_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What the program renames must be renamed in the comparison too, with what it is called at the earlier commit."""
    year = LivedYear(tmp_path)
    for folder in ("year", "printed"):
        (tmp_path / folder).mkdir()
    monkeypatch.delenv("DUBAN_DATABASE", raising=False)
    rules = str(tmp_path / "rules-of-sample")
    assert main(["init", "--sample", rules]) == 0
    kept = ["--root", rules, "--database", f"sqlite:///{year.database}"]
    assert main([*kept, "tick", "--now", "2015-08-12T09:00"]) == 0
    assert main([*kept, "report", "ledger", "--to", str(tmp_path / "printed" / "ledger.xlsx")]) == 0
    capfd.readouterr()
    tables = snapshot(year)
    assert all(tables[name] for name in ("notices", "journal", "occurrences", "order in the journal"))
    assert len(tables["ledger"]) > 400
    assert len(tables["ledger, summary"]) > 15
    assert {key[:10] for key in tables["statuses"]} == {
        f"2015-{month:02}-{day}" for month in range(8, 13) for day in (10, 25)
    } - {"2015-08-10"}
