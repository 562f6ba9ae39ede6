"""Loads the rules: all of them, or every error in every file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.loaded import Loaded


def load(
    root: Path, environ: Mapping[str, str], *, secrets: bool = False, kept: Path | None = None, apart: bool = False
) -> Loaded:
    """All rules under `root` (`rules/` and `schedule.yaml`). Raises RuleErrors with every defect of every file.

    `secrets`: those that a delivery and the pages need must be set as well.
    `kept`: the folder in which rules that were compiled before are looked for, and kept. `apart`: they are compiled,
    where they have to be, in a process of their own.
    """
    from tracker.rulebook.cache import load_kept  # what `duban --help` does not need is not imported for it

    loaded = load_kept(root, environ, kept, apart=apart)
    if secrets and loaded.schedule.lacking:
        raise RuleErrors(loaded.schedule.lacking)
    return loaded
