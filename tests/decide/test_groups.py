"""What is judged together follows from the duties alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tracker.decide.groups import groups_of
from tracker.rulebook.load import load

ROOT = Path(__file__).parents[2]


def test_duties_under_one_digest_are_not_taken_for_each_other() -> None:
    whole = load(ROOT, {}).rulebooks[0]
    fewer = replace(whole, duties=whole.duties[:1])
    assert fewer.digest == whole.digest
    assert len(groups_of(whole).by_prefix) > len(groups_of(fewer).by_prefix) == len(whole.duties[0].assignments)


def test_the_groups_of_one_rulebook_are_laid_once() -> None:
    rulebook = load(ROOT, {}).rulebooks[0]
    assert groups_of(rulebook) is groups_of(replace(rulebook, digest=""))
