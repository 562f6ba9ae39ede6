"""What is stored of the rules gives them back."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tracker.core.law.county import Rulebook
from tracker.rulebook.canonical import restore_rulebook
from tracker.rulebook.load import load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def shipped() -> tuple[Rulebook, str]:
    loaded = load(ROOT, os.environ)
    rulebook = loaded.rulebooks[0]
    return rulebook, loaded.bodies[rulebook.digest]


def test_the_shipped_rules_come_back_as_they_were_but_for_their_examples(shipped: tuple[Rulebook, str]) -> None:
    rulebook, body = shipped
    without = replace(rulebook, duties=tuple(replace(duty, examples=()) for duty in rulebook.duties))
    assert restore_rulebook(body, rulebook.digest) == without


def test_a_body_of_another_shape_is_refused(shipped: tuple[Rulebook, str]) -> None:
    rulebook, body = shipped
    with pytest.raises(ValueError, match="stored in format 99, this version reads"):
        restore_rulebook(json.dumps({**json.loads(body), "format": 99}), rulebook.digest)
