"""What a pass costs against the number of stored matters, beside bare SQL in the same database.

    python benchmarks/store.py [--rounds N] [--sizes N …] [SQLite|PostgreSQL]

A county of 1,000 monthly duties; the matters beside those of this year are closed ones of earlier years. At 10,000 and
1,000,000 matters: a pass in which nothing is due beside one indexed SELECT of the next
instant; a pass in which 1,000 matters fall due beside reading these rows and inserting what the pass wrote into copies
of its tables; and matters written in bulk beside the driver's quickest way into the same table.
Seconds are of the processor on SQLite, by the clock on PostgreSQL, whose server is another process.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.databases import Bare, database
from benchmarks.rows import HEAD, Row, Scale, spent, timed
from tests.decide.small_county import ZONE
from tests.decide.table_county import TableCounty, load_rules
from tracker.store.engine import Store
from tracker.store.occurrences import OccurrenceRow, load_occurrences, upsert_occurrences
from tracker.store.tables import occurrences

KINDS = ("SQLite", "PostgreSQL")
DUE = 1000
A_LOAD = 5000
PACK = """\
pack: small
title: 小方案
in_force: {from: 2015-07-01, until: 2035-12-31}
duties:
""" + "".join(
    f"  - id: duty-{n}\n    title: 第{n}项\n    clause: 一{n}\n    departments: [huanbao]\n    channels: county-site\n"
    f"    deadline: {{every: month}}\n    evidence: {{column: environment, title: 第{n}项}}\n"
    for n in range(DUE)
)
#: The tables that a pass writes, and which of their rows it wrote at an instant.
WRITTEN = {"occurrences": "updated_at", "standings": "at", "journal": "at", "notices": "decided_at"}
NEXT = "SELECT min(next_at) FROM occurrences WHERE county = 'small' AND next_at IS NOT NULL"


def old_row(row: OccurrenceRow, number: int) -> OccurrenceRow:
    """A closed matter of earlier years, one of 60 departments and ten duties."""
    duty, department = f"m{number % 10}", f"d{number % 60}"
    return replace(
        row, key=f"small/old/{duty}/{department}/{number}", pack="old", duty=duty, department=department,
        label=str(number), closed=True, next_at=None,
    )  # fmt: skip


class Measured:
    """One database, which grows from size to size."""

    def __init__(self, folder: Path, url: str) -> None:
        with Store(url, durable=False) as store:
            store.migrate()
        self.county = TableCounty(load_rules(folder, PACK), url)
        self.county.tick()
        self.bare = Bare(url)
        self.clock = spent if self.bare.is_sqlite else timed
        with self.county.store.read() as tx:
            self.model = next(iter(load_occurrences(tx, "small").values()))
        self.filled = 0

    def close(self) -> None:
        self.bare.close()
        self.county.store.close()

    def fill(self, number: int) -> None:
        """Add closed matters up to the number by bare SQL: through the store a million takes minutes."""
        no, other = ("0", "1") if self.bare.is_sqlite else ("false", "true")
        values = {
            '"key"': "'small/old/m' || (n % 10) || '/d' || (n % 60) || '/' || n", '"pack"': "'old'",
            '"duty"': "'m' || (n % 10)", '"department"': "'d' || (n % 60)", '"label"': "CAST(n AS varchar(20))",
            '"closed"': other, '"awaits_visit"': no, '"asks"': no, '"next_at"': "NULL",
        }  # fmt: skip
        names = [f'"{column.name}"' for column in occurrences.c]
        last = number - 1
        numbers = (
            f"WITH RECURSIVE numbers (n) AS (SELECT {self.filled} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})"
            if self.bare.is_sqlite
            else f"WITH numbers (n) AS (SELECT generate_series({self.filled}, {last}))"
        )
        chosen = ", ".join(values.get(name, f"o.{name}") for name in names)
        model = f"SELECT * FROM occurrences WHERE key = '{self.model.key}'"
        self.bare.run(
            f"{numbers} INSERT INTO occurrences ({', '.join(names)}) SELECT {chosen} FROM numbers, ({model}) AS o"
        )
        if not self.bare.is_sqlite:
            self.bare.run("ANALYZE occurrences")
        self.filled = number

    def idle(self) -> tuple[float, float, float]:
        """Seconds of a pass in which nothing is due, of the bare SELECT, and of the same one through the store."""
        self.county.now += timedelta(seconds=1)
        ours = self.clock(self.county.tick)
        self.bare.run(NEXT).fetchall()
        took = self.clock(lambda: self.bare.run(NEXT).fetchall())

        def through_the_store() -> None:
            with self.county.store.read() as tx:
                tx.exec_driver_sql(NEXT).fetchall()

        return ours, took, self.clock(through_the_store)

    def due(self) -> tuple[float, float]:
        """Seconds of a pass in which 1,000 matters fall due, and of reading and writing its rows bare."""
        county = self.county
        month = datetime(county.now.year + county.now.month // 12, county.now.month % 12 + 1, 1, tzinfo=ZONE)
        for at in (county.now + timedelta(hours=1), month - timedelta(days=13), month - timedelta(minutes=10)):
            county.now = at  # rows of the next month, reminders: told before the month is over
            county.tick()
        county.now = month
        due = "SELECT * FROM occurrences WHERE county = 'small' AND next_at <= ?"
        now = f"{month.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" if self.bare.is_sqlite else month  # as the column has it
        rows = len(self.bare.all(due, [now]))
        assert rows >= DUE, rows
        read = self.clock(lambda: self.bare.run(due, [now]).fetchall())
        ours = self.clock(county.tick)
        return ours, read + self._write_copies(now)

    def _write_copies(self, now: object) -> float:
        """Seconds to insert into empty copies, with their keys, the rows that the pass wrote."""
        written = {}
        for table, at in WRITTEN.items():
            written[table] = self.bare.all(f"SELECT * FROM {table} WHERE county = 'small' AND {at} = ?", [now])
            self.bare.run(f"CREATE TEMP TABLE copied_{table} AS SELECT * FROM {table} WHERE false")
            keys = {"standings": "key, at", "journal": "county, height", "notices": "id"}.get(table, "key")
            self.bare.run(f"CREATE UNIQUE INDEX key_of_copied_{table} ON copied_{table} ({keys})")
        assert len(written["occurrences"]) >= DUE, {table: len(rows) for table, rows in written.items()}

        def insert() -> None:
            with self.bare.transaction():
                for table, rows in written.items():
                    self.bare.insert(f"copied_{table}", rows)

        took = self.clock(insert)
        for table in WRITTEN:
            self.bare.run(f"DROP TABLE copied_{table}")
        return took

    def load(self) -> tuple[float, float]:
        """Seconds to write matters in bulk, and of the driver's quickest way with the same values."""
        loaded = [old_row(self.model, number) for number in range(self.filled, self.filled + A_LOAD)]

        def write() -> None:
            with self.county.store.begin() as tx:
                upsert_occurrences(tx, loaded)

        ours = self.clock(write)
        rows = self._take_out(loaded)

        def insert() -> None:
            with self.bare.transaction():
                self.bare.insert("occurrences", rows, copy=not self.bare.is_sqlite)

        took = self.clock(insert)
        self._take_out(loaded)
        return ours, took

    def _take_out(self, loaded: list[OccurrenceRow]) -> list[tuple[Any, ...]]:
        rows = []
        with self.bare.transaction():
            for row in loaded:
                rows += self.bare.all("SELECT * FROM occurrences WHERE key = ?", [row.key])
                self.bare.run("DELETE FROM occurrences WHERE key = ?", [row.key])
        assert len(rows) == A_LOAD
        return rows


def rows_of(kind: str, scale: Scale, folder: Path) -> Iterator[Row]:
    with database(kind, folder) as url:
        measured = Measured(folder, url)
        idle: dict[int, list[float]] = {}
        for size in scale.matters:
            measured.fill(size)
            where = f"{kind}, {size:,} matters"
            passes = [measured.idle() for _ in range(scale.rounds * 10)]
            idle[size], bare, stored = ([one[place] for one in passes] for place in range(3))
            yield Row(f"idle pass, {where}", idle[size], "the SELECT by the driver alone", bare, most=5)
            yield Row(
                f"idle pass, {where}", idle[size], "the SELECT through the store", stored, most=5,
                series=f"idle pass, {kind}", size=size,
            )  # fmt: skip
            found = [measured.due() for _ in range(scale.rounds)]
            yield Row(
                f"pass with {DUE:,} newly due, {where}", [one for one, _ in found], "the bare SELECT and INSERT",
                [one for _, one in found], most=5, series=f"pass with {DUE} newly due, {kind}", size=size,
            )  # fmt: skip
            found = [measured.load() for _ in range(scale.rounds)]
            yield Row(
                f"{A_LOAD:,} matters written in bulk, {where}", [one for one, _ in found],
                "executemany" if kind == "SQLite" else "COPY", [one for _, one in found], least=0.7,
                series=f"matters written in bulk, {kind}", size=size,
            )  # fmt: skip
        small, large = min(idle), max(idle)
        pairs = min(len(idle[small]), len(idle[large]))
        yield Row(
            f"idle pass, {kind}, {large:,} matters", idle[large][:pairs], f"at {small:,}", idle[small][:pairs], most=2
        )
        measured.close()


def rows(scale: Scale) -> Iterator[Row]:
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as scratch:
            yield from rows_of(kind, scale, Path(scratch))


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("kind", nargs="?", choices=KINDS)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    asked = options.parse_args()
    print(HEAD)
    for kind in [asked.kind] if asked.kind else KINDS:
        with tempfile.TemporaryDirectory() as scratch:
            for one in rows_of(kind, Scale(tuple(asked.sizes), (), 0, asked.rounds), Path(scratch)):
                print(one, flush=True)


if __name__ == "__main__":
    main()
