"""A plan year for 19 departments: seconds of `duban replay`, beside its limit of one minute.

    python benchmarks/replay.py [RUNS]

Each run is a process of its own, as a user would start it; the sample site is served in that process.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
LIMIT = 60.0


def once() -> tuple[float, int]:
    """Seconds of one replay, and how many notices it listed."""
    began = time.perf_counter()
    shown = subprocess.run(
        [sys.executable, "-m", "tracker", "replay", "--format", "csv"],
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - began, shown.stdout.count("\n") - 1


def main() -> None:
    runs = [once() for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 3)]
    seconds = [one for one, _ in runs]
    middle = statistics.median(seconds)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    spread = f"{min(seconds):.1f} to {max(seconds):.1f}"
    print(f"replay of a plan year: median {middle:.1f} s ({spread}), {runs[0][1]} notices")
    print(f"of the limit of {LIMIT:.0f} s: {middle / LIMIT:.2f}")


if __name__ == "__main__":
    main()
