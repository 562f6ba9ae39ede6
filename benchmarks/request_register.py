"""A register of 100,000 requests: the list and a year's statistics, beside the bare SQL that reads the same.

    python benchmarks/request_register.py [REQUESTS] [RUNS]

The requests are invented, in ten years of equal size; CPU seconds of this process, on SQLite.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.invented_requests import as_values, invent
from tracker.core.requests.national_table import table_of
from tracker.core.requests.state import derive_standing
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.request_years import load_counted
from tracker.store.requests import count_remarks, list_requests
from tracker.store.rows import values_of
from tracker.store.tables_requests import request_moves, requests

ZONE, NOW = ZoneInfo("Asia/Shanghai"), datetime(2027, 1, 1, tzinfo=UTC)
YEARS, YEAR = range(2016, 2026), 2025
DEPARTMENTS = tuple(f"unit{number}" for number in range(40))
LIST = (
    "SELECT * FROM requests WHERE county = 'sample' AND withdrawn_at IS NULL ORDER BY kind, department, year, number",
    "SELECT request, remarks FROM request_moves WHERE withdrawn_at IS NULL AND remarks != '[]'",
)
#: What stands behind the numbers of a year: its requests, and their moves that the statistics ask for.
OF_YEAR = f"""
r.county = 'sample' AND r.kind = 'request' AND r.withdrawn_at IS NULL AND r.received < '{YEAR + 1}-01-02'
AND (r.answered_on IS NULL OR r.answered_on >= '{YEAR}-01-01'
     OR r.id IN (SELECT request FROM request_moves WHERE kind = 'appeal'))
"""
BEHIND = (
    f"SELECT r.* FROM requests r WHERE {OF_YEAR} ORDER BY r.department, r.year, r.number",
    f"SELECT m.* FROM request_moves m JOIN requests r ON r.id = m.request WHERE {OF_YEAR} AND m.withdrawn_at IS NULL "
    "AND m.kind IN ('answer', 'abandon', 'withdraw', 'ask-correction', 'extend', 'appeal', 'appeal-result')",
)
#: The numbers alone.
COUNTS = (
    f"SELECT r.applicant_kind, substr(r.received, 1, 4), substr(r.answered_on, 1, 4), r.answer, r.ground, count(*) "
    f"FROM requests r WHERE {OF_YEAR} GROUP BY 1, 2, 3, 4, 5",
    f"SELECT m.kind, json_extract(m.fields, '$.remedy'), json_extract(m.fields, '$.result'), count(*) "
    f"FROM request_moves m JOIN requests r ON r.id = m.request WHERE {OF_YEAR} "
    "AND m.kind IN ('appeal', 'appeal-result', 'withdraw') GROUP BY 1, 2, 3",
)


def fill(store: Store, count: int) -> None:
    """Write the rows as the register would leave them."""
    identity = 0
    with store.begin() as tx:
        ensure_county(tx, "sample")
    for year in YEARS:
        invented = invent(year, count // len(YEARS), DEPARTMENTS, year)
        rows: list[dict[str, Any]] = []
        steps: list[dict[str, Any]] = []
        for request, moves in as_values(invented, "sample", NOW):
            identity += 1
            standing = derive_standing("request", moves, ZONE)
            rows.append(values_of(request) | {
                "id": identity, "number": identity, "state": standing.state, "answer": standing.answer,
                "ground": standing.ground, "answered_on": standing.answered_on,
            })  # fmt: skip
            steps += [
                values_of(move) | {"request": identity, "remarks": [], "fields": dict(move.fields)} for move in moves
            ]
        with store.begin() as tx:
            tx.execute(requests.insert(), rows)
            tx.execute(request_moves.insert(), steps)


def measure(what: str, once: Callable[[], object], runs: int) -> float:
    seconds = []
    for _ in range(runs):
        began = time.process_time()
        once()
        seconds.append(time.process_time() - began)
    middle = statistics.median(seconds)
    print(f"{what}: median {middle:.3f} s ({min(seconds):.3f} to {max(seconds):.3f})")
    return middle


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {count:,} requests")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "duban.db"
        with Store(f"sqlite:///{path}", durable=False) as store, sqlite3.connect(path) as bare:
            store.migrate()
            fill(store, count)

            def listed() -> None:
                with store.read() as tx:
                    list_requests(tx, "sample")
                    count_remarks(tx, "sample")

            def counted() -> None:
                with store.read() as tx:
                    found = load_counted(tx, "sample", ZONE, YEAR)
                if table_of(YEAR, found).faults:
                    sys.exit("the table does not add up")

            def run_sql(*queries: str) -> None:
                for query in queries:
                    bare.execute(query).fetchall()

            beside = measure("bare SQL, the list", lambda: run_sql(*LIST), runs)
            ours = measure("list of all requests with what was unlawful in them", listed, runs)
            print(f"  of the bare SQL: {ours / beside:.1f} times")
            beside = measure("bare SQL, requests and moves behind a year's table", lambda: run_sql(*BEHIND), runs)
            numbers = measure("bare SQL, the year's numbers alone", lambda: run_sql(*COUNTS), runs)
            ours = measure("statistics of the year, each number with its requests", counted, runs)
            print(f"  of the bare SQL: {ours / beside:.1f} times; of the numbers alone: {ours / numbers:.1f} times")


if __name__ == "__main__":
    main()
