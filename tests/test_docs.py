"""The documents name files that exist, and the picture of the house shows the layers that the contracts hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import house

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_link_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [target for target in targets if not target.startswith("http") and not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_path_with_a_folder_leads_to_a_file(page: Path) -> None:
    named = re.findall(r"`((?:[a-z_0-9]+/)+[a-z_0-9]+\.(?:py|yaml))`", page.read_text("utf-8"))
    places = [ROOT, ROOT / "tracker", ROOT / "tracker" / "evidence", ROOT / "tests", ROOT / "notifications"]
    assert [path for path in named if not any((place / path).exists() for place in places)] == []


def test_the_picture_of_the_house_is_drawn_from_the_contracts() -> None:
    assert (ROOT / "docs" / "house.svg").read_text("utf-8") == house.svg()
