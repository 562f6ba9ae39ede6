"""The changes that can be drawn from a module, and how a drawn mutant is told again after its line moved."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest

from tests.mutants.drawn import EXPLAINED, draw, explained, key_of, list_mutants
from tests.mutants.operators import list_changes
from tests.mutants.run import CHECKOUT

CHANGES = {
    "a < b": ["a <= b"],
    "a is not None and b": ["a is None and b", "a is not None or b"],
    "a not in b": ["a in b"],
    "甲 + 1": ["甲 - 1", "甲 + 2"],
    "'甲' + b": [],
    "return f(a)": ["return None"],
    "return a == b": ["return a != b"],
    "return": [],
    "if a: b()": ["if not (a): b()", "if a: pass"],
    "[a for a in b if a]": ["[a for a in b if True]"],
    "min(a)": ["max(a)", "pass"],
    "not a": ["bool(a)"],
    "f(a, key=b)": ["f(a, key=None)", "pass"],
    "raise E": ["pass"],
    "a: Final[1] = f()": [],
    "log.info('%s', 1)": [],
    "'says what it does'": [],
    "import a": [],
    "if TYPE_CHECKING: a = 1": [],
}


@pytest.mark.parametrize("source", CHANGES)
def test_what_can_be_changed_in_a_line(source: str) -> None:
    found = [change.apply(source.encode()).decode() for change in list_changes(source.encode())]
    assert sorted(found) == sorted(CHANGES[source])


FILES = ("core/verdict/status.py", "deliver/send.py", "store/messages.py")


def test_a_seed_draws_the_same_mutants_which_can_all_be_compiled(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / "tracker" / name).parent.mkdir(parents=True)
        shutil.copy(CHECKOUT / "tracker" / name, tmp_path / "tracker" / name)
    mutants = draw(tmp_path, 40, 1)
    assert mutants == draw(tmp_path, 40, 1) != draw(tmp_path, 40, 2)
    rooms = [mutant.file.split("/")[1] for mutant in mutants]
    assert [rooms.count(room) for room in ("core", "deliver", "store")] == [20, 10, 10]
    assert set(rooms[:8]) == {"core", "deliver", "store"}
    for mutant in mutants:
        ast.parse(mutant.change.apply((tmp_path / mutant.file).read_bytes()))


def test_a_survivor_is_explained_whatever_its_line() -> None:
    mutant = next(one for one in list_mutants(CHECKOUT, "deliver") if one.change.after == "and")
    described = mutant.describe((CHECKOUT / mutant.file).read_bytes())
    assert re.fullmatch(r"tracker/deliver/\w+\.py:\d+: or → and in .* or .*", described)
    reasons = explained(f"# a comment\n\n{key_of(described)} # never both\n")
    assert list(reasons.values()) == ["never both"]
    assert key_of(described.replace(f":{mutant.change.line}:", ":7:")) in reasons
    assert all(explained(EXPLAINED.read_text("utf-8")).values())
