"""`duban rules diff`: which occurrences and waiting notices a change of rules would create, move, close."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.commands.command_line import Duban


def test_a_diff_says_what_a_change_of_rules_would_do(duban: Duban, made: Path, tmp_path: Path) -> None:
    assert duban("rules", "diff", made, made).status == 0
    changed = tmp_path / "changed"
    shutil.copytree(made, changed)
    pack = changed / "rules" / "packs" / "plan-2015.yaml"
    pack.write_text(pack.read_text("utf-8").replace("until: 2015-12-31}", "until: 2015-11-30}", 1), "utf-8")
    answer = duban("rules", "diff", made, changed, "--format", "csv")
    assert answer.status == 1
    columns = "county,change,occurrence,due_on_before,due_on_after,step,role,leaves_before,leaves_after"
    assert answer.columns == columns
    closed = [row["occurrence"] for row in answer.rows if row["change"] == "closed"]
    assert len(closed) > 50
    assert all(re.search(r"2015-(12|Q4|H2)|/2015$|\.|once", one) for one in closed)
    backwards = duban("rules", "diff", changed, made, "--format", "csv").rows
    assert {row["change"] for row in backwards} >= {"created"}


def test_a_diff_reaches_to_the_last_day_of_what_it_closes(duban: Duban, made: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(made, changed)
    for pack in (changed / "rules" / "packs").glob("*.yaml"):
        in_2015 = r"(from: 201[0-5]-\d\d-\d\d, )until: 20\d\d-12-31}"
        text = re.sub(in_2015, r"\1until: 2015-06-30}", pack.read_text("utf-8"))
        pack.write_text(text, "utf-8")
    rows = duban("rules", "diff", made, changed, "--format", "csv").rows
    assert any(row["occurrence"].endswith("/2015-12") and row["change"] == "closed" for row in rows)


def test_a_diff_names_what_comes_and_goes_with_a_county(duban: Duban, made: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "renamed"
    shutil.copytree(made, renamed)
    counties = renamed / "rules" / "counties"
    (counties / "sample").rename(counties / "other")
    file = counties / "other" / "county.yaml"
    file.write_text(file.read_text("utf-8").replace("county: sample", "county: other", 1), "utf-8")
    answer = duban("rules", "diff", made, renamed, "--format", "csv")
    assert {(row["county"], row["change"]) for row in answer.rows} == {("sample", "closed"), ("other", "created")}
    assert "sample: a county that is gone" in answer.err
    assert answer.status == 1


def test_a_diff_tells_the_defects_of_both_folders(duban: Duban, made: Path, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        shutil.copytree(made, folder)
        (folder / "rules" / "packs" / "plan-2015.yaml").write_bytes(b"")
    answer = duban("rules", "diff", *folders)
    assert answer.status == 2
    assert answer.err.splitlines() == [f"{one}/rules/packs/plan-2015.yaml:1:1: the file is empty" for one in folders]


def test_a_diff_names_what_waits_and_would_move_or_be_withdrawn(duban: Duban, county: Path, tmp_path: Path) -> None:
    """The pass that shows it is undone: the database stays as it was."""
    assert duban("tick", "--now", "2015-05-08T18:00").status == 0
    now = ("--now", "2015-05-09T10:00")
    waiting = states(county)
    changed = tmp_path / "changed"
    shutil.copytree(county, changed)
    schedule = changed / "schedule.yaml"
    text = schedule.read_text("utf-8").replace('begin: "08:30"', 'begin: "10:00"', 1)
    schedule.write_text(re.sub(r"\n      question: .*", "", text, count=1), "utf-8")
    rows = duban("rules", "diff", county, changed, *now, "--format", "csv").rows
    moves = {(row["leaves_before"], row["leaves_after"]) for row in rows if row["change"] == "notice-moved"}
    assert moves == {("2015-05-11T08:30:00+08:00", "2015-05-11T10:00:00+08:00")}
    gone = {(row["step"], row["role"]) for row in rows if row["change"] == "notice-withdrawn"}
    assert gone == {("question", "county-office@shadow")}
    assert states(county) == waiting
    assert duban("rules", "diff", county, county, *now).status == 0


def states(county: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(county / "duban.db")) as database:
        return database.execute("SELECT subject, step, role, state, not_before FROM notices ORDER BY id").fetchall()
