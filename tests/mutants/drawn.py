#!/usr/bin/env python3
"""Draws mutants by seed over core, delivery and store, runs the tests that cover each, and lists what none notices.

    python -m tests.mutants.drawn [--number 500] [--seed 1] [--minutes N]     goes on where it stood
    python -m tests.mutants.drawn --again                                     survivors, with every test that runs them
    python -m tests.mutants.drawn --by FILE …                                 survivors, with these files of tests

The copy of the checkout, the map of tests and the outcomes stay in `build/mutants/`; a new draw begins where that
folder is removed. Exit status: 0 where each mutant is noticed or explained in `survivors.txt`, else 1.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import itertools
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.covered import ROOMS, TestMap, file_of, make_map
from tests.mutants.operators import Change, list_changes
from tests.mutants.run import CHECKOUT, run_tests, write_source
from tests.mutants.swapped import CannotSwapError, LiveFunctions, Swap

FOLDER = CHECKOUT / "build" / "mutants"
EXPLAINED = Path(__file__).with_name("survivors.txt")
#: Of how many mutants each room gets its part: delivery and store are a sixth of the lines, and send the mails.
SHARES = {"core": 0.5, "deliver": 0.25, "store": 0.25}
#: Seconds of the tests of one mutant, as the map measured them: of its own room, then of the others.
OWN, OTHERS = 12.0, 6.0
#: What a fork says in which the mutant cannot be put in place.
CANNOT = "cannot be exchanged"
#: Seconds of processor time of all tests of a mutant: one that takes longer never ends and is noticed.
LONGEST = 180
#: Seconds of a test, and how many times what the map measured: it may wait for what never comes.
PATIENCE, TIMES = 60.0, 10.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A change of one file."""

    file: str
    change: Change

    def lines(self, source: bytes) -> range:
        """Those of what it changes."""
        first = self.change.line
        return range(first, first + source[self.change.start : self.change.end].count(b"\n") + 1)

    def describe(self, source: bytes) -> str:
        before, after = source[self.change.start : self.change.end].decode(), self.change.after
        line = source.splitlines()[self.change.line - 1].decode()
        words = " ".join(f"{before}  →  {after}".split())
        return f"{self.file}:{self.change.line}: {words} in {line.strip()}"


def lines_around(module: ast.Module, line: int) -> range:
    """The lines of the body of the function a line is in; none where it is run as the module is loaded."""
    bodies = [
        range(node.body[0].lineno, (node.body[-1].end_lineno or 0) + 1)
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return min((body for body in bodies if line in body), key=len, default=range(0))


@cache
def list_mutants(copy: Path, room: str) -> list[Drawn]:
    """Every mutant of a room, in the order of its files; what is frozen, the migrations, has none."""
    files = [path for path in sorted((copy / "tracker" / room).rglob("*.py")) if "versions" not in path.parts]
    return [
        Drawn(path.relative_to(copy).as_posix(), change) for path in files for change in list_changes(path.read_bytes())
    ]


def draw(copy: Path, number: int, seed: int) -> list[Drawn]:
    """So many mutants, in an order in which each beginning has every room in its share."""
    chance, found = random.Random(seed), list[tuple[float, Drawn]]()
    for room in ROOMS:
        every = list_mutants(copy, room)
        chosen = chance.sample(every, min(len(every), round(number * SHARES[room])))
        found += [((place + 0.5) / len(chosen), mutant) for place, mutant in enumerate(chosen)]
    return [mutant for _, mutant in sorted(found, key=lambda one: one[0])]


class Trials:
    """A plugin of pytest that, in place of the tests, tries mutants: a fork for each, with its tests.

    A mutant within functions is put into the fork's own; what is run when a module is loaded is written into the copy
    and tried by a process of its own. A test that fails without the mutant too notices none and is left out.
    """

    def __init__(
        self,
        copy: Path,
        tests: TestMap,
        mutants: Iterable[tuple[int, Drawn]],
        outcomes: Outcomes,
        again: bool,
        files: Sequence[str] = (),
    ) -> None:
        self.copy, self.tests, self.mutants, self.outcomes, self.again = copy, tests, mutants, outcomes, again
        self.files = files
        self.sound, self.unsound = set[str](), set[str]()
        self.failed = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_runtestloop(self, session: Any) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        for name, item in self.items.items():
            item.add_marker(pytest.mark.timeout(PATIENCE + TIMES * self.tests.dearest.get(file_of(name), 0.0)))
        self.prepare()
        self.functions = LiveFunctions(self.copy)
        gc.freeze()
        for number, mutant in self.mutants:
            began, source = time.monotonic(), (self.copy / mutant.file).read_bytes()
            names = list(self.items) if self.files else self.choose(mutant, source)
            if not self.again and not self.files and self.outcomes.has_survived(number, len(names)):
                continue
            by = self.try_mutant(mutant, source, names) if names else ""
            self.outcomes.add(number, mutant, source, by, self.again, len(names))
            print(
                f"{number:4} {time.monotonic() - began:4.0f} s {mutant.describe(source)}  {by or 'SURVIVED'}",
                flush=True,
            )
        return True

    def prepare(self) -> None:
        """Run two tests, so that the database and the rules that a session makes once are there in each fork."""
        for folder in ("tests/store/", "tests/deliver/"):
            if name := next((name for name in self.items if name.startswith(folder) and "[sqlite" in name), ""):
                elsewhere = next((item for other, item in self.items.items() if not other.startswith(folder)), None)
                item = self.items[name]  # what follows in another folder needs nothing of its module
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=elsewhere)

    def try_mutant(self, mutant: Drawn, source: bytes, names: Sequence[str]) -> str:
        """The test that notices it, "" where none does."""
        path, changed = self.copy / mutant.file, mutant.change.apply(source)
        try:
            if self.again:  # in a process that loads it: what is made of it as it is loaded is another too
                raise CannotSwapError
            swaps = self.functions.swaps(path, source, changed)
        except CannotSwapError:
            return self.run_apart(path, source, changed, names)
        by = self.first_to_fail(names, swaps)
        return by if by != CANNOT else self.run_apart(path, source, changed, names)

    def choose(self, mutant: Drawn, source: bytes) -> list[str]:
        """The tests that run its lines, or its function; of what is run at import, those of its file or its room.

        Where not again: the quickest of them, as many as are given time.
        """
        room = f"tests/{mutant.file.split('/')[1]}/"
        names = self.tests.tests_of(mutant.file, mutant.lines(source))
        if not names:
            around = lines_around(ast.parse(source), mutant.change.line)
            names = self.tests.tests_of(mutant.file, around)
            names = names if around else names or self.tests.tests_in(room)
        if self.again:
            return names
        killers = self.outcomes.killers(mutant.file)
        names.sort(key=lambda name: name not in killers)
        own = [name for name in names if name.startswith(room)]
        others = [name for name in names if not name.startswith(room)]
        return [*self.tests.within(own, OWN), *self.tests.within(others, OTHERS)]

    def run_apart(self, path: Path, source: bytes, changed: bytes, names: Sequence[str]) -> str:
        try:
            write_source(path, changed.decode())
            status, said = run_tests(self.copy, [name for name in names if name not in self.unsound])
        finally:
            write_source(path, source.decode())
        failed = re.search(r"^(?:FAILED|ERROR) (\S+)", said, re.MULTILINE)
        by = (failed[1] if failed else f"pytest ended with {status}") if status else ""
        return by if not by or self.is_sound(by) else self.run_apart(path, source, changed, names)

    def first_to_fail(self, names: Sequence[str], swaps: list[Swap]) -> str:
        while (failed := self.fork(names, swaps)) and not self.is_sound(failed):
            pass
        return failed

    def is_sound(self, failed: str) -> bool:
        """Whether a test passes without any mutant; one that does not is left out from now on."""
        if failed not in self.items or failed in self.sound:
            return True
        (self.unsound if self.fork([failed], []) else self.sound).add(failed)
        return failed in self.sound

    def fork(self, names: Sequence[str], swaps: list[Swap]) -> str:
        """What the tests say in a process of their own: the one that fails, how it ended, "" where all pass."""
        reading, writing = os.pipe()
        if (child := os.fork()) == 0:
            os.close(reading)
            try:
                sound = [name for name in names if name in self.items and name not in self.unsound]
                said = self.run_items([self.items[name] for name in sound], swaps)
            except BaseException as error:  # nothing of the parent may go on here
                said = f"ended by {type(error).__name__}: {error}"
            os.write(writing, said.encode())
            os._exit(0)
        os.close(writing)
        _, status = os.waitpid(child, 0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what its tests started, which may hold the pipe
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read().decode()
        return f"ended by {signal.Signals(os.WTERMSIG(status)).name}" if os.WIFSIGNALED(status) else said

    def run_items(self, items: list[Any], swaps: list[Swap]) -> str:
        """The test that failed, if any. Runs in the forked process, which ends with it."""
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))
        quiet = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(quiet, descriptor)
        try:
            self.functions.swap(swaps)
        except Exception:  # a second table of one name
            return CANNOT
        for item, following in zip(items, [*items[1:], *items[:1]], strict=True):  # the session does not end
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                break
        return self.failed


def explained(text: str) -> dict[str, str]:
    """Why a mutant changes nothing that matters, by what `describe` prints of it without its line."""
    rows = [line.split(" # ", 1) for line in text.splitlines() if line and not line.startswith("#")]
    return {mutant.strip(): why.strip() for mutant, why in rows}


def print_summary(outcomes: dict[int, dict[str, Any]], reasons: dict[str, str]) -> int:
    """The figures by room, and the mutants that nobody notices or explains; how many these are."""
    by_room: dict[str, Counter[str]] = {room: Counter() for room in ROOMS}
    unexplained = []
    for one in outcomes.values():
        state = "killed" if one["by"] else "explained" if key_of(one["mutant"]) in reasons else "survived"
        by_room[one["mutant"].split("/")[1]][state] += 1
        if state == "survived":
            unexplained.append(f"survived: {one['mutant']}")
    print("\n".join(sorted(unexplained)))
    for room, counts in by_room.items():
        states = ", ".join(f"{counts[state]:4} {state}" for state in ("killed", "explained", "survived"))
        print(f"{room:8} {counts.total():4} tried: {states}")
    return len(unexplained)


def key_of(described: str) -> str:
    """The words of a mutant without its line, which moves."""
    file, line, rest = described.split(":", 2)
    return f"{file}:{rest}" if line.isdigit() else described


class Outcomes:
    """What became of each mutant that was tried, by its number; a later line of the file replaces an earlier one."""

    def __init__(self, path: Path) -> None:
        self.path, self.rows = path, dict[int, dict[str, Any]]()
        for line in path.read_text("utf-8").splitlines() if path.exists() else ():
            row = json.loads(line)
            self.rows[row["number"]] = row

    def killers(self, file: str) -> set[str]:
        """The tests that noticed mutants of a file."""
        return {row["by"] for row in self.rows.values() if row["mutant"].startswith(f"{file}:")}

    def has_survived(self, number: int, tests: int) -> bool:
        """Whether it did so many tests or more."""
        return number in self.rows and self.rows[number]["tests"] >= tests

    def add(self, number: int, mutant: Drawn, source: bytes, by: str, again: bool, tests: int) -> None:
        row = {
            "number": number, "mutant": mutant.describe(source), "by": by, "kind": mutant.change.kind,
            "again": again, "tests": tests,
        }  # fmt: skip
        self.rows[number] = row
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")

    def pending(self, mutants: list[Drawn], again: bool, until: float) -> Iterator[tuple[int, Drawn]]:
        """Those that were not tried yet, then the survivors that were not tried again, until the time is over."""
        new, survivors = [], []
        for numbered in enumerate(mutants):
            if (done := self.rows.get(numbered[0])) is None:
                new.append(numbered)
            elif done["by"] == "" and not done["again"]:
                survivors.append(numbered)
        yield from itertools.takewhile(lambda _: time.monotonic() < until, survivors if again else new + survivors)


def copied(folder: Path, part: int = 0) -> Path:
    """The copy of the committed checkout in which the mutants of this part are made."""
    copy = folder / ("checkout" if part == 0 else f"checkout-{part}")
    if not copy.exists():
        subprocess.run(["git", "worktree", "prune"], cwd=CHECKOUT, check=True)
        copy.mkdir(parents=True)
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=CHECKOUT, check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "x"], cwd=copy, input=archive, check=True)
    return copy.resolve()


def run_trials(trials: Trials) -> None:
    """Collect the tests of the map from the copy, and try the mutants in place of running them."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "tracker", "notifications")]:
        del sys.modules[name]
    sys.path[:] = [str(trials.copy), *(path for path in sys.path if path not in ("", str(CHECKOUT)))]
    os.chdir(trials.copy)
    options = ("-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", f"--timeout={LONGEST}")
    options += ("-k", "not postgres")
    pytest.main(
        [*options, *(trials.files or sorted({file_of(name) for name in trials.tests.seconds}))], plugins=[trials]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", type=int, nargs=2, default=(0, 1), help="N OF: every OF-th of them, from the N-th on")
    parser.add_argument("--minutes", type=float, default=1e6)
    parser.add_argument("--as-is", action="store_true", help="with the map of tests as far as it was made")
    parser.add_argument("--again", action="store_true", help="the survivors, with every test that covers them")
    parser.add_argument("--of", default="", metavar="FILE", help="only mutants of files whose path holds this")
    parser.add_argument("--by", nargs="+", default=(), metavar="FILE", help="files of tests, taken from the checkout")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the mutant is taken out of the copy again
    copy, until = copied(FOLDER, args.part[0]), time.monotonic() + 60 * args.minutes
    (FOLDER / "map").mkdir(exist_ok=True)
    if not args.as_is:
        make_map(copy, FOLDER / "map")
    tests, outcomes = TestMap.read(FOLDER / "map"), Outcomes(FOLDER / f"drawn-{args.seed}.jsonl")
    pending = outcomes.pending(draw(copy, args.number, args.seed), args.again or bool(args.by), until)
    mutants = (
        (number, mutant)
        for number, mutant in pending
        if number % args.part[1] == args.part[0] and args.of in mutant.file
    )
    if args.by:
        shutil.copytree(CHECKOUT / "tests", copy / "tests", dirs_exist_ok=True)
    run_trials(Trials(copy, tests, mutants, outcomes, args.again, args.by))
    return int(print_summary(outcomes.rows, explained(EXPLAINED.read_text("utf-8"))) > 0)


if __name__ == "__main__":
    sys.exit(main())
