"""The shipped rules and the year that the sample county lives under them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.demo.scenario import build_world
from tracker.demo.world import World
from tracker.rulebook.load import load_rules
from tracker.rulebook.loaded import Loaded

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    return load_rules(ROOT, {})


@pytest.fixture(scope="session")
def world(loaded: Loaded) -> World:
    return build_world(loaded.rulebooks[0], loaded.calendar)
