"""What memory `duban run` takes beside the pages of a large county, with passes back to back and reports asked for.

    python benchmarks/daemon_memory.py [--minutes N] [--keep FOLDER]

The county of `console.py`, 246,000 matters on SQLite, its clock set into the year. Each minute a pass is due that takes
about as long; the overdue report and the week are decided once; four people open pages, and now and then a report.
`--keep`: where the county lies, so that the next run need not make it anew; it is worked on in a copy.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.console import log_in  # noqa: E402
from benchmarks.large_county import MATTER, NOW, make_county  # noqa: E402
from tracker.clock import system_clock  # noqa: E402
from tracker.store.engine import Store  # noqa: E402
from tracker.store.tables import occurrences  # noqa: E402

#: Sets the clock of the real command (Debian: apt install faketime).
LIBFAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
PAGES = ("overview", "matters", f"matter/{MATTER}", "queue", "site", "journal", "reports", "people")
REPORTS = ("overdue.xlsx", "week.docx", "lights.svg", "rate.svg", "overdue.docx")
#: Matters that each pass decides; a request of one person every so many seconds, below what the pages refuse.
A_PASS, PAUSE, READERS = 8_000, 1.0, 4
JOBS = {
    "crawl": "0 6 * * *", "tick": "* * * * *", "deliver": "*/10 * * * *",
    "overdue-report": "4 10 * * *", "week": "5 10 * * *",
}  # fmt: skip


def ask_for_passes(database: Path, stop: threading.Event) -> None:
    some = sa.select(occurrences.c.key).order_by(occurrences.c.key).limit(A_PASS)
    with Store(f"sqlite:///{database}") as store:
        while not stop.wait(5):
            with contextlib.suppress(sqlite3.OperationalError), store.begin() as tx:  # a pass writes
                tx.execute(occurrences.update().where(occurrences.c.key.in_(some)).values(next_at=NOW))


def read_pages(
    base: str, cookie: str, number: int, stop: threading.Event, answers: list[tuple[str, str, float]]
) -> None:
    """One person; the first also takes reports."""
    paths = [*PAGES, *(f"reports/{name}" for name in REPORTS if number == 0)]
    for path in itertools.islice(itertools.cycle(paths), number * 2, None):
        if stop.wait(PAUSE):
            return
        asked = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{time_total}", "-H", f"Cookie: {cookie}"]
        code, seconds = subprocess.run([*asked, f"{base}/d/{path}"], capture_output=True, text=True).stdout.split()
        answers.append((path, code, float(seconds)))


def memory_of(pid: int | str, line: str = "VmRSS") -> float:
    """In MB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return next(int(each.split()[1]) for each in text.splitlines() if each.startswith(line)) / 1000


def children_of(pid: int) -> list[float]:
    found = []
    for child in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError, StopIteration):  # it ended meanwhile
            found += [memory_of(each) for each in child.read_text().split()]
    return found


@contextlib.contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`duban run` of the county, when it has caught up."""
    schedule = folder / "schedule.yaml"
    text = schedule.read_text("utf-8").replace("127.0.0.1:0", f"127.0.0.1:{port}")
    jobs = f"jobs: {{{', '.join(f'{job}: {cron!r}' for job, cron in JOBS.items())}}}"
    schedule.write_text("\n".join(jobs if line.startswith("jobs:") else line for line in text.splitlines()), "utf-8")
    duban = [sys.executable, "-m", "tracker", "--root", str(folder), "--database", f"sqlite:///{folder}/duban.db"]
    # A daemon trusts no clock that is days after the last pass.
    subprocess.run([*duban, "tick", "--now", f"{NOW:%Y-%m-%dT%H:%M}"], check=True, cwd=HERE.parent)
    ahead = round((system_clock() - NOW).total_seconds())
    faked = {"LD_PRELOAD": LIBFAKETIME, "FAKETIME": f"-{ahead}s", "DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([*duban, "run"], stderr=log, cwd=HERE.parent, env={**os.environ, **faked})
    try:
        while "caught up" not in (folder / "log").read_text():
            if process.poll() is not None:
                sys.exit((folder / "log").read_text())
            time.sleep(0.5)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def measure(folder: Path, minutes: float) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    stop, answers = threading.Event(), list[tuple[str, str, float]]()
    held, apart = list[float](), list[float]()
    with running(folder, port) as daemon:
        print(
            f"caught up: {memory_of(daemon.pid):.0f} MB, {memory_of(daemon.pid, 'VmHWM'):.0f} at its highest",
            flush=True,
        )
        base = f"http://127.0.0.1:{port}"
        cookie = log_in(f"{base}/d")
        people = [
            threading.Thread(target=read_pages, args=(base, cookie, number, stop, answers)) for number in range(READERS)
        ]
        threads = [*people, threading.Thread(target=ask_for_passes, args=(folder / "duban.db", stop))]
        for thread in threads:
            thread.start()
        until = time.monotonic() + minutes * 60
        while time.monotonic() < until and daemon.poll() is None:
            held.append(memory_of(daemon.pid))
            apart.append(max(children_of(daemon.pid), default=0))
            time.sleep(0.2)
        highest = memory_of(daemon.pid, "VmHWM")
        stop.set()
        for thread in threads:
            thread.join()
    print(f"duban run: {statistics.median(held):.0f} MB, {max(held):.0f} at most, {highest:.0f} for a moment")
    print(f"a child: {max(apart):.0f} MB at most; there is one {sum(map(bool, apart)) / len(apart):.0%} of the time")
    for path in sorted({path for path, *_ in answers}):
        times = [seconds for asked, _, seconds in answers if asked == path]
        codes = sorted({code for asked, code, _ in answers if asked == path})
        middle, most = statistics.median(times), max(times)
        print(f"  {path}: {len(times)} times, {middle:.2f} s, {most:.2f} at most, {' '.join(codes)}")
    print(*(line for line in (folder / "log").read_text().splitlines() if "decided" in line), sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=7)
    parser.add_argument("--keep", type=Path, help="the folder of the county (default: made anew)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="duban-memory-") as scratch:
        made = arguments.keep or Path(scratch) / "made"
        make_county(made)
        shutil.copytree(made, Path(scratch) / "county")
        measure(Path(scratch) / "county", arguments.minutes)


if __name__ == "__main__":
    main()
