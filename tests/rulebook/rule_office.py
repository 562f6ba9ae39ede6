"""A small good folder of rules, in which a test replaces or changes a file."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from tracker.core.law.duties import Duty
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded

BROKEN = Path(__file__).parents[1] / "broken_rules"
#: Where each kind of file stands under a root.
PLACES = {
    "pack": "rules/packs/works.yaml",
    "county": "rules/counties/small/county.yaml",
    "schedule": "schedule.yaml",
    "calendar": "rules/calendar/2015.yaml",
    "acts": "rules/acts.yaml",
}


class Office:
    """A folder of rules that a test may change and load."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(BROKEN / "good", root, dirs_exist_ok=True)

    def path(self, kind: str) -> Path:
        return self.root / PLACES[kind]

    def put(self, kind: str, old: str, new: str) -> None:
        """Replace a text that stands in the file exactly once."""
        text = self.path(kind).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {kind}"
        self.path(kind).write_text(text.replace(old, new), encoding="utf-8")

    def load(self, environ: Mapping[str, str] | None = None) -> Loaded:
        return load(self.root, environ or {})

    def duty(self, name: str) -> Duty:
        """A duty of the pack, as it is in the county."""
        duty = self.load().rulebooks[0].duty("works", name)
        assert duty is not None
        return duty

    def errors(self, environ: Mapping[str, str] | None = None) -> list[str]:
        """The defects, one line each, with paths as seen from the root; none where it loads."""
        try:
            self.load(environ)
        except RuleErrors as failure:
            return [line.removeprefix(f"{self.root}/") for line in str(failure).splitlines()]
        return []
