"""Rules that were compiled before in this process, by the bytes of their files, and what their examples came to."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tracker.core.law.county import Rulebook
from tracker.core.law.workdays import Calendar
from tracker.rulebook import examples
from tracker.rulebook import load as loading
from tracker.rulebook.errors import RuleError
from tracker.rulebook.loaded import Loaded

#: Rules that are kept; the oldest go first.
_KEPT = 50

Load = Callable[..., Loaded]
Check = Callable[[Rulebook, Calendar], list[RuleError]]


@contextmanager
def compiled_once() -> Iterator[None]:
    """Within it, equal files are compiled once, in whichever folder they lie. Rules with a defect are read anew.

    The examples of rules with the same hash are run once.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "load_rules", remembering(loading.load_rules))
        patch.setattr(examples, "check_examples", checking_once(examples.check_examples))
        yield


def remembering(load: Load) -> Load:
    """A loader that gives the same values for the same files and environment; only the templates' folder differs."""
    known: dict[Hashable, Loaded] = {}

    def load_once(root: Path, environ: Mapping[str, str], only: str = "") -> Loaded:
        key = (only, files_of(root), frozenset(item for item in environ.items() if item[0] != "PYTEST_CURRENT_TEST"))
        if key in known:
            folders = {county: root / "rules" / "counties" / county / "templates" for county in known[key].templates}
            return replace(known[key], templates=folders)
        loaded = load(root, environ, only)
        if len(known) == _KEPT:
            known.pop(next(iter(known)))
        known[key] = loaded
        return loaded

    return load_once


def checking_once(check: Check) -> Check:
    """The same errors for the same rulebook and calendar, whose hashes cover the examples too."""
    known: dict[tuple[str, str], list[RuleError]] = {}

    def check_once(rulebook: Rulebook, calendar: Calendar) -> list[RuleError]:
        key = (rulebook.digest, calendar.digest)
        if key not in known:
            known[key] = check(rulebook, calendar)
        return known[key]

    return check_once


def files_of(root: Path) -> frozenset[tuple[str, bytes]]:
    """Every file and folder of the rules, with what it holds."""
    paths = [root / "schedule.yaml", *(root / "rules").rglob("*")]
    return frozenset((str(path.relative_to(root)), path.read_bytes() if path.is_file() else b"") for path in paths)
