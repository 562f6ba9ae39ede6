"""The changes that can be drawn from a module, and how a drawn mutant is told again after its line moved."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutants.drawn import EXPLAINED, draw, explained, key_of, list_mutants
from tests.mutants.operators import list_changes
from tests.mutants.run import CHECKOUT
from tests.mutants.swapped import CannotSwapError, LiveFunctions

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


MODULE = """
from functools import cache
LIMIT = 1
def plain(): return LIMIT + 1
@cache
def kept(): return LIMIT + 2
class Held:
    size: int = 3
    @property
    def value(self): return [one + 4 for one in (LIMIT,)][0]
def outer():
    def inner(): return LIMIT + 5
    return inner
held = outer()
ALL = (plain, kept, lambda: Held().value, held)
"""
#: A change of the module, and what its functions return after it; none where the module must be loaded anew.
SWAPPED = {
    ("+ 1", "+ 10"): [11, 3, 5, 6],
    ("+ 2", "+ 20"): [2, 21, 5, 6],
    ("+ 4", "+ 40"): [2, 3, 41, 6],
    ("+ 5", "+ 50"): [2, 3, 5, 51],
    ("LIMIT = 1", "LIMIT = 7"): None,
    ("size: int = 3", "size: int = 7"): None,
    ("(plain, kept,", "(kept, plain,"): None,
    ("def plain(): return", "def plain(a=0): return"): None,
}


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("module_of_a_mutant", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("change", SWAPPED, ids=" to ".join)
def test_what_functions_do_is_changed_where_they_are_held(tmp_path: Path, change: tuple[str, str]) -> None:
    path = tmp_path / "module.py"
    path.write_text(MODULE)
    module = load(path)
    assert [function() for function in module.ALL] == [2, 3, 5, 6]
    functions = LiveFunctions(tmp_path)
    if (expected := SWAPPED[change]) is None:
        with pytest.raises(CannotSwapError):
            functions.swaps(path, MODULE.encode(), MODULE.replace(*change).encode())
        return
    functions.swap(functions.swaps(path, MODULE.encode(), MODULE.replace(*change).encode()))
    assert [function() for function in module.ALL] == expected


CODE = """LIMIT = 2
def is_large(number):
    return number > LIMIT
def is_even(number):
    return number % 2 == 0
"""
TESTS = """import sys
from tracker.core.numbers import is_even, is_large
def test_of_its_own_process():
    assert sys.argv[0] != "-c"
def test_large():
    assert is_large(4)
    assert not is_large(1)
def test_even():
    assert is_even(2)
    assert not is_even(3)
"""
TRIALS = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.mutants import drawn
from tests.mutants.covered import TestMap
copy = Path.cwd()
names = [f"tests/core/test_numbers.py::{name}" for name in ("test_even", "test_large", "test_of_its_own_process")]
lines = {"tracker/core/numbers.py": {line: set(names) for line in (3, 5)}}
tests = TestMap(lines, {name: 0.1 for name in names})
outcomes = drawn.Outcomes(copy / "outcomes.jsonl")
mutants = outcomes.pending(drawn.list_mutants(copy, "core"), False, 1e99)
drawn.run_trials(drawn.Trials(copy, tests, mutants, outcomes, False))
"""
#: What becomes of each mutant of the code, by the line and what stands there instead.
FATES = {
    "1: 2 → 3": "", "3: > → >=": "", "5: % → //": "test_even", "5: 2 → 3": "test_even", "5: 0 → 1": "test_even",
    "5: == → !=": "test_even",
}  # fmt: skip


@pytest.mark.nightly
def test_each_mutant_is_tried_with_its_tests_and_none_is_noticed_by_one_that_fails_anyway(tmp_path: Path) -> None:
    for name, text in {"tracker/core/numbers.py": CODE, "tests/core/test_numbers.py": TESTS}.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\naddopts = --import-mode=importlib\n")
    command = [sys.executable, "-c", TRIALS, CHECKOUT]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in (tmp_path / "outcomes.jsonl").read_text("utf-8").splitlines()]
    found = {row["mutant"].split(":", 1)[1].partition(" in ")[0]: row["by"].rpartition("::")[2] for row in rows}
    assert found == FATES, ran.stdout + ran.stderr
    assert (tmp_path / "tracker/core/numbers.py").read_text() == CODE
