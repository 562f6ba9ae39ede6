"""Both READMEs give the same commands for installing, and `dev.py check` installs by them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import dev  # noqa: E402


def blocks(name: str, heading: str) -> list[list[str]]:
    """The commands of a section, block by block, without comments."""
    section = (ROOT / name).read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return [[line.partition("  #")[0].strip() for line in block.splitlines()] for block in found]


def test_both_give_the_same_commands() -> None:
    english, chinese = blocks("README.md", "Installing it for a county"), blocks("README.zh-CN.md", "为一个县安装")
    assert len(english) == 3
    assert english == chinese


def test_the_check_installs_by_the_first_block() -> None:
    first = blocks("README.md", "Installing it for a county")[0]
    assert first[0] == "git clone ADDRESS duban && cd duban"
    assert dev.installing() == first[1:]
    assert first[-1] == "/opt/duban/bin/pip install --no-deps ."


@pytest.mark.parametrize("place", ["requirements/run.txt", "pyproject.toml"])
def test_what_the_commands_name_is_in_the_clone(place: str) -> None:
    assert (ROOT / place).is_file()
