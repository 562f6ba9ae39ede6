"""A pass costs what is due, not what exists: the databases' own plans of every statement that a pass makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.decide.small_county import PACK, ZONE, at
from tests.decide.table_county import TableCounty, load_rules
from tracker.store.engine import Store
from tracker.store.facts import FactSelection, load_selected_facts
from tracker.store.occurrences import OccurrenceRow, load_occurrences, request_decision, upsert_occurrences

#: The tables that grow with the years. Reading one from end to end in each pass would make every year dearer.
LARGE = ("occurrences", "entries", "entry_versions", "visits", "notices", "messages", "journal", "events", "standings")
#: A scan of a whole table, in the words of SQLite and of PostgreSQL.
SCANS = {"sqlite": re.compile(r"SCAN (\w+)"), "postgresql": re.compile(r"Seq Scan on (\w+)")}
SCALE = Path(__file__).parents[2] / "docs" / "scale.md"
WATER = "small/small/water/huanbao/2015-07"


@contextmanager
def listening(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """The statements that the store sends, with their values."""
    sent: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, many: bool) -> None:
        if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)", sql):
            sent.append((sql, values[0] if many else values))

    sa.event.listen(store.engine, "before_cursor_execute", hear)
    try:
        yield sent
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", hear)


def scans_of(store: Store, statements: list[tuple[str, Any]]) -> list[str]:
    """The scans of large tables in the plans of these statements, each with its statement.

    PostgreSQL scans a table of a few rows in any case; here it does only where no index serves.
    """
    found = []
    with store.begin(undone=True) as tx:
        if not store.sqlite:
            tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for sql, values in dict(statements).items():
            explain = "EXPLAIN QUERY PLAN " if store.sqlite else "EXPLAIN "
            plan = "\n".join(str(row[-1]) for row in tx.exec_driver_sql(explain + sql, values))
            found += [f"{name}: {sql}\n{plan}" for name in SCANS[tx.dialect.name].findall(plan) if name in LARGE]
    return found


def indexes_used(store: Store, statements: list[tuple[str, Any]]) -> set[str]:
    """The names of the indexes beside keys in the plans of these statements on SQLite."""
    with store.read() as tx:
        plans = [tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values) for sql, values in dict(statements).items()]
        return {name for plan in plans for row in plan for name in re.findall(r"INDEX (ix_\w+)", row[-1])}


def closed_years(row: OccurrenceRow, number: int) -> Iterator[OccurrenceRow]:
    """So many closed rows of a plan that is no longer in force."""
    for n in range(number):
        yield replace(row, key=f"small/old/water/huanbao/{n}", pack="old", label=str(n), closed=True, next_at=None)


@pytest.mark.both_databases
def test_no_statement_of_a_pass_reads_a_large_table_from_end_to_end(store_url: str, tmp_path: Path) -> None:
    county = TableCounty(load_rules(tmp_path, PACK), store_url)
    with closing(county.store):
        county.tick()
        with county.store.begin() as tx:
            upsert_occurrences(tx, closed_years(load_occurrences(tx, "small")[WATER], 2000))
        county.now += timedelta(minutes=10)
        with listening(county.store) as idle:
            county.tick()
        with county.store.begin() as tx:
            county.write_visit(tx, "environment")
            entry = county.write_entry(tx, "environment", listed_title="7月份水环境质量状况")
            county.write_version(tx, entry, "7月份水环境质量状况", "正文", county.now)
            request_decision(tx, "small", [WATER], county.now)
        county.now += timedelta(minutes=10)
        with listening(county.store) as busy:
            county.tick()
        assert len(idle) == 2  # the states of all counties, and the faults
        assert len(busy) > 10
        assert scans_of(county.store, idle + busy) == []
        if county.store.sqlite:
            page = SCALE.read_text("utf-8").partition("## Which index serves a pass")[2].partition("\n## ")[0]
            found = indexes_used(county.store, [one for one in busy if one[0].startswith("SELECT")])
            of_occurrences = {name for name in found if name.startswith("ix_occurrences")}
            assert set(re.findall(r"`(ix_\w+)`", page)) == indexes_used(county.store, idle) | of_occurrences


DAILY = """\
pack: small
title: 小方案
in_force: {from: 2015-07-01, until: 2015-12-31}
duties:
  - id: bulletin
    title: 工作动态
    clause: 一1
    departments: [huanbao]
    channels: county-site
    deadline: {every: workday}
    evidence: {column: environment, title: 动态}
"""


def test_a_working_day_has_its_row_two_weeks_before_and_no_earlier(sqlite_url: str, tmp_path: Path) -> None:
    county = TableCounty(load_rules(tmp_path, DAILY), sqlite_url)
    with closing(county.store):
        for today, rows, last in (
            ("2015-07-01", 11, "2015-07-15"),
            ("2015-07-02", 12, "2015-07-16"),
            ("2015-07-03", 13, "2015-07-17"),
            ("2015-07-04", 13, "2015-07-17"),  # the day two weeks on is a Saturday
            ("2015-09-01", 54, "2015-09-15"),
        ):
            county.now = at(today)
            county.tick()
            with county.store.read() as tx:
                days = [row.opens_on for row in load_occurrences(tx, "small").values() if row.opens_on]
            assert (len(days), max(days).isoformat()) == (rows, last), today


def test_what_people_said_is_read_for_a_thousand_duties_that_fall_due_together(sqlite_url: str, tmp_path: Path) -> None:
    """SQLite refuses an expression that is deeper than 1,000: it is read in parts."""
    county = TableCounty(load_rules(tmp_path, DAILY), sqlite_url)
    wanted = FactSelection([], {f"small/small/d{n}/" for n in range(1000)}, ())
    with closing(county.store), county.store.read() as tx:
        assert load_selected_facts(tx, "small", wanted, ZONE).rulings == ()
