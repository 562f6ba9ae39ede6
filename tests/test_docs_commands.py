"""Every command that a page names is one of the parser's, and the command references are up to date."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from docs import command_reference
from tracker.commands.main import COMMANDS, parser, with_attest_file
from tracker.commands.manual import ParsedCommand, walk_commands
from tracker.commands.parsing import command_place

ROOT = Path(__file__).parents[1]
PAGES = [page for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")) if page.name != "CHANGELOG.md"]
#: Pages whose command lines are complete: no `…` and no stand-ins.
COMPLETE = [ROOT / "docs" / "依申请公开.md", *sorted((ROOT / "docs" / "手册").glob("*.md"))]
_FLAG = re.compile(r"--[a-z][a-z-]*")


def test_the_command_references_are_up_to_date() -> None:
    wrong = [page.name for language, page in command_reference.PAGES.items()
             if page.read_text("utf-8") != command_reference.reference(language)]  # fmt: skip
    assert wrong == [], "renew them: PYTHONPATH=. python docs/command_reference.py"


@cache
def known() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """By command (`event add`): its options, and the commands under it."""
    found: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for command in walk_commands():
        options = {flag for action in command.arguments for flag in action.option_strings} | everywhere(command)
        found[" ".join(command.words)] = frozenset(options), frozenset(command.subcommands)
    return found


def everywhere(command: ParsedCommand) -> set[str]:
    return {flag for action in command.parser._actions for flag in action.option_strings}


def named(text: str) -> Iterator[str]:
    """The commands that a page names: lines of blocks that begin with duban, and `duban …` within a line."""
    for block in re.findall(r"^```(?:sh|text)?\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        yield from re.findall(r"^(?:/\S+/)?(duban [^\n#]*)", block, re.MULTILINE)
    yield from re.findall(r"^ {4}(duban [^\n#]*)", text, re.MULTILINE)
    yield from re.findall(r"`(duban [^`\n]*)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def defect(line: str) -> str | None:
    """What the command line names that the parser does not know."""
    words = line.replace("\\|", "|").split()[1:]
    place = command_place(words)
    if place is None or not re.fullmatch(r"[a-z|-]+", words[place]):
        return None
    firsts = words[place].split("|")
    if missing := set(firsts) - COMMANDS.keys():
        return f"{line}: there is no command {missing}"
    commands = firsts
    if under := known()[firsts[0]][1]:
        second = words[place + 1] if len(words) > place + 1 else ""
        if re.fullmatch(r"[a-z-]+(\|[a-z-]+)*", second):
            if missing := set(second.split("|")) - under:
                return f"{line}: {firsts[0]} has no {missing}" if firsts[0] != "attest" else None
            commands = [f"{firsts[0]} {each}" for each in second.split("|")]
        elif firsts[0] == "attest" and second:
            commands = ["attest file"]
    options = frozenset().union(*(known()[each][0] for each in (*commands, "")))
    flags = {flag for flag in _FLAG.findall(line) if not any(option.startswith(flag) for option in options)}
    return f"{line}: {commands[0]} has no {sorted(flags)}" if flags else None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_names_only_commands_and_options_that_exist(page: Path) -> None:
    assert list(filter(None, map(defect, named(page.read_text("utf-8"))))) == []


@pytest.mark.parametrize("page", COMPLETE, ids=lambda page: page.stem)
def test_each_command_line_of_a_guide_is_taken_by_the_parser(page: Path) -> None:
    for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] != ["duban"]:
                continue
            words = with_attest_file(words[1:], 0) if words[1] == "attest" else words[1:]
            parser(words[0]).parse_args(words)


@pytest.mark.parametrize(
    "line",
    ["duban statuus", "duban event ad x", "duban status --departmint x", "duban circular sign 2015-09 --nobody x"],
)
def test_what_the_parser_does_not_know_is_found(line: str) -> None:
    assert defect(line)
