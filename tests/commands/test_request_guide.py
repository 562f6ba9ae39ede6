"""The clerk's guide works as it stands: its command lines, in their order, take a request from receipt to archive."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest

from docs import request_tables
from tests.commands.command_line import Duban
from tests.registers.request_sheet import row_of, workbook
from tracker.commands.main import COMMANDS
from tracker.commands.parsing import DeclaredCommand

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "依申请公开.md").read_text("utf-8")
#: When the guide's commands are given; the days of its steps lie before.
NOW = "2026-06-01T09:00"


def command_lines() -> list[list[str]]:
    """The command lines of the guide in their order."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


@pytest.fixture
def walked(county: Path, duban: Duban) -> dict[str, str]:
    """What each command of the guide printed, by its first words."""
    [applicant] = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    (county / "申请人.yaml").write_text(applicant, "utf-8")
    (county / "登记表.xlsx").write_bytes(workbook(row_of()))
    printed = {}
    for words in command_lines():
        assert words[0] == "duban"
        said = duban(*words[1:], *(["--now", NOW] if takes_now(words) else []))
        assert said.status == 0, (words, said.err)
        printed[" ".join(words[1:4])] = said.out
    return printed


def takes_now(words: list[str]) -> bool:
    return words[2] not in ("list", "show")


@pytest.mark.nightly
def test_the_walk_ends_in_the_archive(walked: dict[str, str], duban: Duban, county: Path) -> None:
    shown = duban("request", "show", "2026-guotu-1", "--format", "json").json
    assert [step["move"] for step in shown["steps"]] == [
        "receive", "register", "ask-correction", "corrected", "consult", "opinion", "extend", "review", "answer",
        "archive",
    ]  # fmt: skip
    assert (shown["state"], shown["remarks"]) == ("archived", [])
    written = {"登记回执.docx", "补正告知书.docx", "答复书.docx", "投诉答复书.docx"}
    assert {path.name for path in county.glob("*.docx")} == written
    assert (county / "申请清单.xlsx").is_file()


@pytest.mark.nightly
def test_the_complaint_is_answered_and_the_sheet_imported(walked: dict[str, str], duban: Duban) -> None:
    rows = duban("request", "list", "--format", "json").json
    assert [(row["kind"], row["request"], row["state"]) for row in rows] == [
        ("complaint", "complaint:2026-xianfuban-1", "answered"), ("request", "2026-guotu-1", "archived"),
        ("request", "2025-huanbao-7", "answered"),
    ]  # fmt: skip


@pytest.mark.parametrize("page", [GUIDE, request_tables.PAGE.read_text("utf-8")], ids=["依申请公开", "requests"])
def test_every_command_that_a_page_names_is_there(page: str) -> None:
    files = COMMANDS["request"][0].split()
    known = {
        value.name.split()[1]
        for file in files
        for value in vars(import_module(f"tracker.commands.{file}")).values()
        if isinstance(value, DeclaredCommand) and value.name.startswith("request ")
    }
    named = {word for words in re.findall(r"(?:duban |`)request ([a-z|]+)", page) for word in words.split("|")}
    assert sorted(named - known) == []


def test_the_tables_of_the_page_for_developers_are_those_of_the_code() -> None:
    page = request_tables.PAGE.read_text("utf-8")
    assert request_tables.fill_in(page) == page
