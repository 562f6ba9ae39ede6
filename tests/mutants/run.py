#!/usr/bin/env python3
"""Applies each boundary mutant of `boundaries.txt` to a copy of the checkout and lists those that no test notices.

    .venv/bin/python -m tests.mutants.run                    all of them
    .venv/bin/python -m tests.mutants.run escalation/steps.py  those of the files whose path contains one of the words

A block of the table names a file (`@`) and the tests that should notice its mutants (`:`). Each mutant is a text that
stands in the file exactly once (`-`, several lines where one is not unique) and what replaces it (`+`). Exit status:
0 where every mutant is noticed, 1 where one survives, 2 where the table does not fit the code or a mutant does not run.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("boundaries.txt")
IGNORED = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "build", "dist")
TIMEOUT = 600  # seconds; a mutant that never ends is noticed


@dataclass(frozen=True)
class Mutant:
    """One changed text of one file, and the tests that should fail with it."""

    file: str
    tests: tuple[str, ...]
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.file}: {' '.join(self.before.split())}  →  {' '.join(self.after.split()) or '(nothing)'}"


def read_table(text: str) -> Iterator[Mutant]:
    """The mutants of a table, in its order."""
    file, tests = "", tuple[str, ...]()
    before: list[str] = []
    after: list[str] = []
    for line in [*text.splitlines(), ""]:
        mark, rest = line[:1], line[2:]
        if after and mark != "+":
            yield Mutant(file, tests, "\n".join(before), "\n".join(after))
            before, after = [], []
        if mark == "@":
            file = rest.strip()
        elif mark == ":":
            tests = tuple(rest.split())
        elif mark == "-":
            before.append(rest)
        elif mark == "+":
            after.append(rest)


def write_source(path: Path, source: str) -> None:
    """Write a module without its compiled form, which would count as fresh where size and second are the same."""
    path.write_text(source, "utf-8")
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


def run_tests(copy: Path, tests: Sequence[str]) -> tuple[int, str]:
    """The exit status of pytest in the copy, 0 where all pass, 1 where one fails or does not end, and what it says."""
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *tests]
    unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")  # what is tested is the copy
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return 1, ""
    return done.returncode, done.stdout.decode(errors="replace")


def try_mutant(copy: Path, mutant: Mutant) -> str:
    """`killed`, `SURVIVED`, or what is wrong with the mutant."""
    path = copy / mutant.file
    source = path.read_text("utf-8")
    if source.count(mutant.before) != 1:
        return f"does not fit: its text stands {source.count(mutant.before)} times in the file"
    changed = source.replace(mutant.before, mutant.after)
    try:
        compile(changed, mutant.file, "exec")
        write_source(path, changed)
        status, _ = run_tests(copy, mutant.tests)
    except SyntaxError as error:
        return f"does not compile: {error}"
    finally:
        write_source(path, source)
    return {0: "SURVIVED", 1: "killed"}.get(status, f"does not run: pytest ended with {status}")


def main(words: Sequence[str]) -> int:
    mutants = [one for one in read_table(TABLE.read_text("utf-8")) if not words or any(w in one.file for w in words)]
    outcomes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="duban-mutants-") as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(CHECKOUT, copy, ignore=IGNORED)
        tests = sorted({test for mutant in mutants for test in mutant.tests})
        if run_tests(copy, tests)[0] != 0:
            print("the tests fail without any mutant")
            return 2
        for mutant in mutants:
            outcomes.append(try_mutant(copy, mutant))
            print(f"{outcomes[-1]:9} {mutant}", flush=True)
    killed, survived = outcomes.count("killed"), outcomes.count("SURVIVED")
    print(f"{len(outcomes)} mutants, {killed} killed, {survived} survived, {len(outcomes) - killed - survived} broken")
    return 2 if killed + survived < len(outcomes) else 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
