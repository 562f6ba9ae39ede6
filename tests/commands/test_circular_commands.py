"""`duban circular` on the command line: a draft as a file, and what cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.command_line import Duban

MONTH = "2015-05"


@pytest.fixture
def drafted(duban: Duban, county: Path) -> Duban:
    assert duban("golive", "--by", "陈县长", "--reason", "纪要", "--now", "2015-05-04T10:00").status == 0
    said = duban("circular", "draft", MONTH, "--by", "王敏")
    assert (said.status, said.err) == (0, "")
    return duban


def test_a_draft_is_written_as_page_and_document(drafted: Duban, tmp_path: Path) -> None:
    for ending, begins in (("html", b"<!DOCTYPE html>"), ("docx", b"PK")):
        target = tmp_path / f"circular.{ending}"
        assert drafted("circular", "show", MONTH, "--to", str(target)).status == 0
        assert target.read_bytes().lstrip().startswith(begins)
    assert "（征求意见稿）" in (tmp_path / "circular.html").read_text("utf-8")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (("--to", "circular.odt"), "--to circular.odt: write .docx, .pdf or .html"),
        (("--erratum",), f"no erratum of {MONTH} corrects anything"),
        (("--erratum", "3"), f"no erratum of {MONTH} corrects anything"),
    ],
)
def test_what_is_not_there_is_refused(drafted: Duban, asked: tuple[str, ...], why: str) -> None:
    said = drafted("circular", "show", MONTH, *asked)
    assert (said.status, said.err) == (2, f"duban: {why}\n")
