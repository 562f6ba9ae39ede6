"""The documents name files that exist, and the picture of the house shows the layers that the contracts hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import house
from notifications.kind_words import KIND_WORDS
from tracker.console.answering import ANSWER_NAMES
from tracker.core.assessment.circular import PROBLEMS
from tracker.core.assessment.lights import MARKS
from tracker.core.assessment.scoring import FAULTS_ZH
from tracker.core.law.binding import BEFORE_ISSUE, BEFORE_START
from tracker.core.values.verdicts import Light, Status
from tracker.core.verdict.questions import KINDS

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


def test_the_glossary_has_every_word_that_a_reader_meets() -> None:
    words = {
        *(status.zh for status in Status),
        *(light.zh for light in Light if light is not Light.NONE),
        *(named.name for named in KIND_WORDS.values()),
        *(mark.zh for mark in MARKS.values()),
        *(mark.letter for mark in MARKS.values()),
        *(*PROBLEMS.values(), *FAULTS_ZH.values(), *KINDS.values(), *ANSWER_NAMES.values()),
        *("参照时限", "暂定", BEFORE_ISSUE, BEFORE_START),
    }
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    assert sorted(word for word in words if word not in glossary) == []
