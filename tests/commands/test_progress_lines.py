"""What takes long says that it is still at work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tracker.commands.progress import Underway


def test_it_speaks_while_the_process_computes_and_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    with Underway("large report ledger", patience=0.001) as under_way:
        under_way.report_progress(400, 43_200)
        while not any("matters" in one for one in said):  # no pause in which another task could speak
            said += capsys.readouterr().err.splitlines()
    assert "large report ledger: 400 of 43,200 matters (0 s)" in said


def test_what_is_quick_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Underway("large report ledger"):
        pass
    assert capsys.readouterr().err == ""


def test_it_is_silent_after_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="broken"), Underway("x", patience=60) as under_way:
        raise ValueError("broken")
    assert not under_way._speaker.is_alive()
    assert capsys.readouterr().err == ""


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("report", "overdue"), "sample report overdue"),
        (("report", "ledger", "--to", "a.xlsx"), "sample report ledger"),
        (("report", "picture", "lights", "--to", "a.svg"), "sample report picture lights"),
        (("score", "2015-03"), "sample score 2015-03"),
        (("circular", "draft", "2015-05", "--by", "王敏"), "circular 2015-05"),
        (("circular", "show", "2015-05", "--to", "a.docx"), "circular 2015-05: a.docx"),
    ],
)
def test_every_report_that_takes_long_says_so(
    duban: Duban, county: Path, patience: Callable[[float], None], command: tuple[str, ...], said: str
) -> None:
    if command[0] == "circular":  # of a county that is live alone
        assert duban("golive", "--by", "陈县长", "--reason", "纪要", "--now", "2015-05-04T10:00").status == 0
    if command[1] == "show":
        assert duban("circular", "draft", "2015-05", "--by", "王敏").status == 0
    patience(0.001)
    done = duban(*command)
    assert done.status in (0, 1)
    assert [one for one in done.err.splitlines() if one.startswith(said) and one.endswith(" s)")]
