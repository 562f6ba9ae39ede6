"""One table of what Duban costs, each row beside a peer or a limit in the same run, and charts of cost against size.

    python benchmarks/table.py [--full] [--rounds N] [--charts FOLDER] [PART …]

To 10^6 matters and 300 counties it takes a quarter of an hour; `--full` adds 10^7 and 3,000. The parts: workdays,
due_dates, store, counties, county_rules, mails (which needs Postfix's smtp-sink), cluster. Run it on a quiet machine
from the checkout's venv.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.rows import HEAD, Row, Scale, draw_charts, machine

#: Modules with `rows(scale)`, in the order of the table. Another part is one more name.
PARTS = ("workdays", "due_dates", "store", "counties", "county_rules", "mails", "cluster")
SHORT = Scale((10_000, 1_000_000), (1, 100, 300), 100, 5)
FULL = Scale((10_000, 1_000_000, 10_000_000), (1, 100, 300, 3000), 300, 5)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    options.add_argument("--full", action="store_true")
    options.add_argument("--rounds", type=int, default=SHORT.rounds)
    options.add_argument("--charts", type=Path, default=Path("build/benchmarks"))
    asked = options.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        options.error(f"no such part: {', '.join(sorted(unknown))} ({', '.join(PARTS)})")
    chosen = FULL if asked.full else SHORT
    scale = Scale(chosen.matters, chosen.counties, chosen.crawled, asked.rounds)
    began = time.monotonic()
    print(f"{machine()}\n\nMedian (least to most) of {scale.rounds} rounds or more.\n\n{HEAD}", flush=True)
    shown = list[Row]()
    for part in asked.parts or PARTS:
        for row in importlib.import_module(f"benchmarks.{part}").rows(scale):
            print(row, flush=True)
            shown.append(row)
    met = sum(row.is_met for row in shown if (row.least, row.most) != (None, None))
    print(f"\n{met} of {len(shown)} aims met; {(time.monotonic() - began) / 60:.1f} minutes; {machine().split(';')[0]}")
    for path in draw_charts(shown, asked.charts):
        print(path)


if __name__ == "__main__":
    main()
