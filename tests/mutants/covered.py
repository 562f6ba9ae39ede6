"""Which tests run a line: a map that is made once of a copy of the checkout, by coverage with a context a test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

from coverage import CoverageData

#: The folders of tests, one run of coverage each: what is made is kept where a later one is ended.
PARTS = ("core", "store", "deliver", "decide", "registers", "notifications", "console", "crawl", "reports", "commands")
ROOMS = ("core", "deliver", "store")
#: Lines alone: branches, which the checkout's own coverage counts, cost as much time again.
SETTINGS = "[run]\nsource =\n" + "".join(f"    tracker/{room}\n" for room in ROOMS)


def make_map(copy: Path, folder: Path) -> None:
    """Run the tests of the copy on SQLite under coverage, as far as that is not done yet."""
    settings = folder / "coverage.ini"
    settings.write_text(SETTINGS, "utf-8")
    for part in PARTS:
        data, times = folder / f"{part}.coverage", folder / f"{part}.xml"
        if times.exists():
            continue
        options = ["--cov", f"--cov-config={settings}", "--cov-context=test", "--cov-report=", "-k", "not postgres"]
        options += [f"--junitxml={times}.part", "--timeout=0", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", *options, f"tests/{part}"]
        print(f"coverage of tests/{part}", flush=True)
        subprocess.run(command, cwd=copy, env={**os.environ, "COVERAGE_FILE": str(data)}, stdout=subprocess.DEVNULL)
        Path(f"{times}.part").rename(times)


@dataclass
class TestMap:
    """The tests that run each line of each file, by their node ids, and how many seconds each takes."""

    __test__ = False
    lines: dict[str, dict[int, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    seconds: dict[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> TestMap:
        """What was made so far. Tests that failed or were left out are in no selection."""
        found = cls()
        for times in sorted(folder.glob("*.xml")):
            found._read_times(times)
        for path in sorted(folder.glob("*.coverage")):
            data = CoverageData(basename=str(path))
            data.read()
            for file in data.measured_files():
                lines = found.lines["tracker/" + file.rpartition("/tracker/")[2]]
                for line, contexts in data.contexts_by_lineno(file).items():
                    lines[line] |= {name.rpartition("|")[0] for name in contexts if "|" in name}
        return found

    def _read_times(self, path: Path) -> None:
        for case in ElementTree.parse(path).iter("testcase"):
            if len(case) == 0 or {child.tag for child in case} <= {"properties", "system-out", "system-err"}:
                folders, _, rest = case.attrib["classname"].rpartition(".test_")
                module, *classes = rest.split(".")
                file = f"{folders.replace('.', '/')}/test_{module}.py"
                self.seconds["::".join([file, *classes, case.attrib["name"]])] = float(case.attrib["time"])

    def tests_of(self, file: str, lines: Iterable[int]) -> list[str]:
        """Those that run one of the lines; where no line is named, those that run anything in the file."""
        known = self.lines.get(file, {})
        return self._in_order({name for line in lines or known for name in known.get(line, ())})

    def tests_in(self, folder: str) -> list[str]:
        """All of a folder."""
        return self._in_order(name for name in self.seconds if name.startswith(folder))

    def _in_order(self, names: Iterable[str]) -> list[str]:
        """The tests that are known to pass, file by file, the quickest first."""
        found = [name for name in names if name in self.seconds]
        return sorted(found, key=lambda name: (self.dearest[file_of(name)], file_of(name), self.seconds[name], name))

    @cached_property
    def dearest(self) -> dict[str, float]:
        """The seconds of each file's longest test: about what its fixtures take, whichever test makes them."""
        longest: dict[str, float] = defaultdict(float)
        for name, seconds in self.seconds.items():
            longest[file_of(name)] = max(longest[file_of(name)], seconds)
        return longest

    def within(self, names: Iterable[str], seconds: float) -> list[str]:
        """The first of them that take no longer together, the fixtures of their files included."""
        kept: list[str] = []
        files: set[str] = set()
        for name in names:
            seconds -= self.seconds[name] + (self.dearest[file_of(name)] if file_of(name) not in files else 0.0)
            if kept and seconds < 0:
                break
            kept.append(name)
            files.add(file_of(name))
        return kept


def file_of(name: str) -> str:
    """The file of a test."""
    return name.partition("::")[0]
