"""YAML to the core's values: strict, all errors at once, nothing half-loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tracker.rulebook.errors import RuleError, RuleErrors
from tracker.rulebook.loaded import Loaded

__all__ = ["Loaded", "RuleError", "RuleErrors", "load"]


def load(root: Path, environ: Mapping[str, str], *, secrets: bool = False) -> Loaded:
    """All rules under `root` (`rules/` and `schedule.yaml`). Raises RuleErrors with every defect of every file.

    `secrets`: those that a delivery and the pages need must be set as well.
    """
    # Here, not above: the models cost a third of a second that `duban --help` does not owe.
    from tracker.rulebook.loader import load_rules

    loaded = load_rules(root, environ)
    if secrets and loaded.schedule.lacking:
        raise RuleErrors(loaded.schedule.lacking)
    return loaded
