"""`python -m tests.sites` measures how well the readers see what sites hold and prints the tables (docs/accuracy.md).

`--to FILE` writes them to a file, `--misses` names every miss, `--failures FOLDER` writes them into two files.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.sites import report
from tests.sites.build import CORPORA, build
from tests.sites.case import StoredCase, load
from tests.sites.compare import TOOLS, compare
from tests.sites.measure import Result, measure


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sites", description=__doc__)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--corpus", choices=list(CORPORA), action="append", help="default: all")
    parser.add_argument("--draw", type=int, default=0, help="draw other words, days and frames than the measured ones")
    parser.add_argument("--keep", type=Path, help="a folder that the sites are written to and left in")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--failures", type=Path)
    parser.add_argument("--to", type=Path, metavar="FILE", help="a file that the tables are written to")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = arguments.keep or Path(scratch)
        parts, results_of = [], {}
        for name in arguments.corpus or CORPORA:
            folder = root / name.replace(" ", "-")
            build(folder, name, draw=arguments.draw)
            cases = [case for case in load(folder) if arguments.only in case.name]
            results_of[name] = asyncio.run(measure(cases))
            parts.append(_section(name, cases, results_of[name], detail=not arguments.misses))
    text = "\n\n".join(parts)
    print(text)
    if arguments.misses:
        for name, results in results_of.items():
            print(f"\n=== misses: {name}\n{report.misses(results)}")
    if arguments.failures:
        report.write_failures(arguments.failures, results_of)
    if arguments.to:
        arguments.to.parent.mkdir(parents=True, exist_ok=True)
        arguments.to.write_text(f"{text}\n", encoding="utf-8")


def _section(name: str, cases: Sequence[StoredCase], results: Sequence[Result], *, detail: bool) -> str:
    others = {tool: compare(cases, tool) for tool in TOOLS}
    columns = sum(1 for result in results if result.part == "columns")
    head = f"### {name.capitalize()}: {len(cases)} sites, {columns} columns, {len(results) - columns} articles"
    parts = [head, report.overview(results, others)]
    if detail:
        parts += [
            "Columns by system", report.columns_by("system", results, lambda result: [result.dialect]),
            "Columns by trap", report.columns_by("trap", results, lambda result: result.traps),
            "Dates of articles by trap: right in every respect, and by the tools alone",
            report.dates_by_trap(results, others), "Contents", report.contents(results),
            "Barriers, and what resembles them", report.barriers(results),
        ]  # fmt: skip
    return "\n\n".join(parts)


if __name__ == "__main__":
    main()
