"""The shipped rules/acts.yaml, for counties that tests make up."""

from __future__ import annotations

from pathlib import Path

from tracker.core.law.statutes import Act
from tracker.rulebook.acts import read_acts

PATH = Path(__file__).resolve().parents[1] / "rules/acts.yaml"
ACTS: tuple[Act, ...] = tuple(read_acts(PATH, []).values())
