"""Every file under tests/broken_rules/ has the defects that its name says; its first lines say what is reported."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.rulebook.rule_office import BROKEN, PLACES, Office

CASES = sorted(path for kind in PLACES for path in (BROKEN / kind).glob("*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_defect_is_reported_with_its_place_and_what_would_do(path: Path, office: Office) -> None:
    shutil.copy(path, office.path(path.parent.name))
    head = path.read_bytes().split(b"\n\n")[0].decode()
    expected = [line.removeprefix("# ") for line in head.splitlines()]
    assert office.errors() == expected
