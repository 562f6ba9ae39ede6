"""The completion script, driven by a real bash (and zsh where there is one), and the manual page."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tracker.commands.language import choose
from tracker.commands.main import COMMANDS
from tracker.commands.manual import completion_of, manual, walk_commands

#: By the line that is typed: words that are offered, and words that are not.
COMPLETED = {
    "duban st": ({"status"}, {"site"}),
    "duban event ": ({"add", "list"}, {"status", "--help"}),
    "duban event -": ({"--help"}, {"add"}),
    "duban status ": ({"--all", "--department"}, set()),
    "duban event add --dep": ({"--department"}, {"--dry-run"}),
    "duban status --format ": ({"table", "csv", "json"}, {"--all"}),
    "duban status --format = c": ({"csv"}, {"json"}),
    "duban --lang ": ({"en", "zh"}, {"event"}),
    "duban --county event sta": ({"status"}, set()),  # `event` is the county's id here
    "duban report picture li": ({"lights"}, set()),
    "duban explain --now ": (set(), {"--now"}),
    "duban --root ./rul": ({"./rules"}, set()),
}


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    choose("en")
    path = tmp_path_factory.mktemp("completion") / "duban.bash"
    path.write_text(completion_of("bash"), "utf-8")
    return path


@pytest.mark.parametrize("typed", COMPLETED)
def test_bash_completes_commands_options_and_words(script: Path, typed: str, made: Path) -> None:
    offered, missing = COMPLETED[typed]
    words = " ".join(f"'{word}'" for word in typed.split(" "))
    run = f"source {script}; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); _duban; "
    done = subprocess.run(
        ["bash", "-euc", f"{run} printf '%s\\n' \"${{COMPREPLY[@]}}\""], cwd=made, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert offered <= set(done.stdout.split())
    assert not missing & set(done.stdout.split())


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh here")
def test_zsh_takes_the_script(tmp_path: Path) -> None:
    path = tmp_path / "duban.zsh"
    path.write_text(completion_of("zsh"), "utf-8")
    done = subprocess.run(["zsh", "-fc", f"source {path}; whence -w _duban"], capture_output=True, text=True)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "_duban: function\n")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_manual_page_has_every_command_and_option(duban: Duban, language: str) -> None:
    page = duban("--lang", language, "man").out.replace("\\-", "-")
    headings = set(re.findall(r'^\.SS "duban (.*)"$', page, re.MULTILINE))
    assert headings == {" ".join(command.words) for command in walk_commands() if command.words}
    assert COMMANDS.keys() <= headings
    for command in walk_commands():
        for action in command.arguments:
            flags = set(action.option_strings) - {"-h", "--help"}
            assert all(f"\\fB{flag}\\fR" in page for flag in flags)
    assert "\0" not in page


@pytest.mark.skipif(not shutil.which("groff"), reason="no groff here")
def test_groff_sets_the_manual_page() -> None:
    choose("en")
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-Wbreak", "-k"], input=manual(), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "journal verify" in done.stdout
