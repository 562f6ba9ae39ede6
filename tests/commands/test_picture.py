"""`duban report picture` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.command_line import Duban


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", ["lights", "rate", "days"])
@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_a_picture_is_written_and_is_the_same_again(
    duban: Duban, county: Path, tmp_path: Path, kind: str, suffix: str
) -> None:
    made = [tmp_path / f"{number}{suffix}" for number in range(2)]
    for one in made:
        said = duban("report", "picture", kind, "--year", "2015", "--department", "keji", "--to", one)
        assert (said.status, said.out) == (0, "")
        assert said.err == f"{one}: {one.stat().st_size:,} bytes\n"
    assert made[0].read_bytes() == made[1].read_bytes()
    assert made[0].read_bytes()[:4] == {".svg": b"<svg", ".png": b"\x89PNG"}[suffix]


def test_parts_for_paper_are_files_of_their_own(duban: Duban, county: Path, tmp_path: Path) -> None:
    assert duban("report", "picture", "lights", "--year", "2015", "--paged", "--to", tmp_path / "a.svg").status == 0
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix == ".svg") == ["a-1.svg", "a-2.svg"]


def test_a_year_without_matters_is_an_empty_picture_and_says_so(duban: Duban, county: Path, tmp_path: Path) -> None:
    said = duban("report", "picture", "lights", "--as-of", "2015-04-01", "--to", tmp_path / "a.svg")
    assert said.status == 0
    assert "nothing was decided by then" in said.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--to", "a.jpg"), "duban: --to a.jpg: write .svg or .png\n"),
        (("--to", "no/such/a.svg"), "there is no folder"),
        (("--to", "a.svg", "--department", "nobody"), "--department nobody: unknown (one of: bianban, "),
        (("--to", "a.svg", "--year", "15"), "'15' is no year; write 2015"),
        (("--to", "a.svg", "--as-of", "2099-01-01"), "that day is still to come"),
    ],
)
def test_what_cannot_be_drawn_is_refused(duban: Duban, county: Path, options: tuple[str, ...], said: str) -> None:
    wrong = duban("report", "picture", "lights", *options)
    assert wrong.status == 2
    assert said in wrong.err
    assert not Path("a.svg").exists()
