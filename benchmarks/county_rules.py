"""Rules of many counties: what a county costs in memory, the first load, and a reload after one has changed.

    python benchmarks/county_rules.py [--counties 300] [--before CHECKOUT] [--runs 3]

Made counties are the sample county under other names, with all its packs. `--before`: a checkout of an earlier commit,
measured in turns with this one.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row, Scale, megabytes, within

ROOT = Path(__file__).resolve().parents[1]
SITE = "http://127.0.0.1:9/"
#: MB that a county may take.
AIM = 0.3


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--counties", type=int, default=300)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    sides = {"ours": ROOT} | ({"before": args.before.resolve()} if args.before else {})
    found: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
    with tempfile.TemporaryDirectory() as scratch:
        many, one = Path(scratch) / "many", Path(scratch) / "one"
        make_counties(many, args.counties)
        make_counties(one, 1)
        for _ in range(args.runs):
            for side, checkout in sides.items():
                alone, all_of_them = measure(checkout, one), measure(checkout, many)
                each = (all_of_them["memory"] - alone["memory"]) / (args.counties - 1)
                found[side].append({**all_of_them, "each": each})
    for side, runs in found.items():
        print(f"{side}: {args.counties} counties")
        for name, what in (
            ("each", f"memory a county, MB (aim: {AIM})"),
            ("memory", "memory of all rules, MB"),
            ("during", "the same after a reload, MB"),
            ("child", "the most that the loading process takes, MB"),
            ("first", "first load, seconds"),
            ("reload", "reload after one change, seconds"),
            ("read", "counties read by it"),
        ):
            values = [run[name] for run in runs]
            print(f"  {what}: {statistics.median(values):.3g} ({min(values):.3g} to {max(values):.3g})")


def rows(scale: Scale) -> Iterator[Row]:
    """What one more county costs in memory, and a reload after one of them changed beside reading all."""
    count, found = max(scale.counties), list[dict[str, float]]()
    with tempfile.TemporaryDirectory() as scratch:
        many, one = Path(scratch) / "many", Path(scratch) / "one"
        make_counties(many, count)
        make_counties(one, 1)
        for _ in range(2):
            alone, all_of_them = measure(ROOT, one), measure(ROOT, many)
            found.append({**all_of_them, "each": (all_of_them["memory"] - alone["memory"]) / (count - 1)})
    yield within(f"memory of the rules of a county, {count:,} counties", [run["each"] for run in found], AIM,
                 tell=megabytes)  # fmt: skip
    first, again = ([run[name] for run in found] for name in ("first", "reload"))
    yield Row(f"a reload after one of {count:,} counties changed", again, "the first load of all", first)


def make_counties(root: Path, count: int) -> None:
    """The sample county so many times."""
    shutil.copytree(ROOT / "rules", root / "rules")
    shutil.copy(ROOT / "schedule.yaml", root)
    sample = root / "rules/counties/sample"
    text = (sample / "county.yaml").read_text("utf-8")
    for number in range(count):
        folder = sample.with_name(f"c{number:04}")
        folder.mkdir()
        (folder / "county.yaml").write_text(text.replace("county: sample", f"county: {folder.name}"), "utf-8")
    shutil.rmtree(sample)


def measure(checkout: Path, root: Path) -> dict[str, float]:
    """What `measured/reloading.py` finds with that program."""
    command = [sys.executable, "-P", str(ROOT / "benchmarks/measured/reloading.py"), str(root), "c0000"]
    environment = {**os.environ, "PYTHONPATH": str(checkout), "DUBAN_SITE": SITE}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=checkout)
    result: dict[str, float] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    main()
