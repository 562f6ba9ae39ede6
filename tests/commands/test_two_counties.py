"""Two counties in one folder: a command is about the one it names."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands.command_line import Duban

GOOD = Path(__file__).parents[1] / "broken_rules" / "good"


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "two"
    shutil.copytree(GOOD, folder)
    counties = folder / "rules" / "counties"
    (counties / "tiny").mkdir()
    text = (counties / "small" / "county.yaml").read_text(encoding="utf-8")
    (counties / "tiny" / "county.yaml").write_text(text.replace("county: small", "county: tiny"), encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def test_a_pass_judges_the_county_it_names_and_otherwise_both(duban: Duban, two: Path) -> None:
    assert duban("--county", "tiny", "tick", "--now", "2015-04-02T09:00").status == 0
    assert len(duban("--county", "tiny", "status", "--all", "--format", "csv").rows) > 0
    assert duban("--county", "small", "status", "--all", "--format", "csv").rows == []
    duban("tick", "--now", "2015-04-02T09:00")
    assert len(duban("--county", "small", "status", "--all", "--format", "csv").rows) > 0


def test_a_replay_is_about_one_county(duban: Duban, two: Path) -> None:
    year = ("replay", "--from", "2015-01-01", "--to", "2015-02-05", "--format", "csv")
    assert "several counties are loaded; give --county (one of: small, tiny)" in duban(*year).err
    assert {row["county"] for row in duban("--county", "tiny", *year).rows} == {"tiny"}


def test_a_replay_has_the_mails_of_the_week(duban: Duban, two: Path) -> None:
    """As the daemon sends them, where the schedule has a line for them."""
    file = two / "schedule.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("{crawl:", "{week: '10 9 * * mon', crawl:", 1), "utf-8")
    year = ("--county", "tiny", "replay", "--from", "2015-01-01", "--to", "2015-01-13", "--format", "csv")
    weeks = [row["at"][:16] for row in duban(*year).rows if row["step"] == "week"]
    assert weeks == ["2015-01-05T09:10", "2015-01-12T09:10"]


def test_a_defect_of_the_other_county_is_said_where_both_are_needed(duban: Duban, two: Path) -> None:
    (two / "rules/counties/small/county.yaml").write_text("county: [", "utf-8")
    assert duban("--county", "tiny", "deadlines", "--from", "2015-07-01", "--to", "2015-07-31").status == 0
    for words in (("check",), ("tick",), ("deadlines",), ("--county", "small", "deadlines")):
        answer = duban(*words)
        assert answer.status == 2
        assert "rules/counties/small/county.yaml:2:1: not YAML" in answer.out + answer.err
