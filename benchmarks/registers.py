"""What people hand in: a table of 10,000 events read, checked and recorded, beside its library reading the same file.

    python benchmarks/registers.py [RUNS]

Every run is a command of its own, as a clerk gives it; the library's turn is a process of its own too.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).resolve().parents[1]
ROWS, BAD = 10_000, 200
ALONE = """
import sys, python_calamine
book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
print(sum(1 for _ in book.get_sheet_by_index(0).iter_rows()))
"""


def fill(path: Path, bad: int) -> Path:
    """Requests received, `bad` of them from a department that there is not."""
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet("事项"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ("事项", "部门", "日期", "文号"))
        for number in range(ROWS):
            wrong = bad and number % (ROWS // bad) == 0
            sheet.write_row(number + 1, 0, ("收到公开申请", "科计局" if wrong else "科技局"))
            sheet.write_datetime(number + 1, 2, date(2015, 1, 5) + timedelta(days=number % 300), day)
            sheet.write(number + 1, 3, f"2015-{number}号")
    return path


def ran(*argv: object, status: int = 0) -> tuple[float, subprocess.CompletedProcess[str]]:
    """Seconds of one process, and what it said."""
    env = {**os.environ, "PYTHONPATH": str(HERE)}
    began = time.perf_counter()
    done = subprocess.run([sys.executable, *map(str, argv)], env=env, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if done.returncode != status:
        sys.exit(f"{argv}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return seconds, done


def told(what: str, once: Callable[[], float], runs: int) -> float:
    seconds = [once() for _ in range(runs)]
    middle = statistics.median(seconds)
    print(f"{what}: median {middle:.2f} s ({min(seconds):.2f} to {max(seconds):.2f})")
    return middle


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {ROWS} rows")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ran("-m", "tracker", "init", "--sample", folder / "county")
        good, bad = fill(folder / "good.xlsx", 0), fill(folder / "bad.xlsx", BAD)
        duban = ("-m", "tracker", "--root", folder / "county", "--database")
        fresh = iter(range(1_000_000))

        def recorded() -> float:
            database = f"sqlite:///{folder / f'{next(fresh)}.db'}"
            return ran(*duban, database, "event", "import", good, "--by", "bench")[0]

        def refused() -> float:
            database = f"sqlite:///{folder / 'bad.db'}"
            seconds, done = ran(*duban, database, "event", "import", bad, "--by", "bench", status=2)
            named = sum(line.startswith(f"{bad}:") for line in done.stderr.splitlines())
            if named != BAD:
                sys.exit(f"{named} rows named, not {BAD}")
            return seconds

        alone = told("python-calamine alone reads the rows", lambda: ran("-c", ALONE, good)[0], runs)
        ours = told("duban event import, all recorded", recorded, runs)
        print(f"  of the library alone: {ours / alone:.1f} times")
        named = told(f"duban event import, {BAD} bad rows named, nothing written", refused, runs)
        print(f"  of the library alone: {named / alone:.1f} times")


if __name__ == "__main__":
    main()
