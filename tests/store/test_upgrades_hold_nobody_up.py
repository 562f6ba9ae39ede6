"""An upgrade on PostgreSQL leaves the tables readable: its statements by squawk, its locks by the database itself."""

from __future__ import annotations

import json
import lzma
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from tracker.store import migrations
from tracker.store.engine import Store, make_engine
from tracker.store.migrations.differences import describe_differences

SQUAWK = Path(sys.executable).with_name("squawk")
RELEASED = max((Path(__file__).parent / "released").glob("*.sql.xz"))
#: What squawk would have otherwise, and why it stays.
PASSED_OVER = {
    "require-concurrent-index-creation": "an index over rows is built ahead, holding up writers alone (ahead.py)",
    "require-concurrent-index-deletion": "dropping one takes an instant, and nothing slow follows it: the test below",
    "require-lock-timeout": "an upgrade that gave up would leave a county without its daemon; readers are short",
    "require-statement-timeout": "the same: nothing of it is slow, by the test below",
    "ban-drop-column": "an older program writes nothing to a later database: it ends at its next pass",
    "prefer-text-field": "lengths are the widest that a column ever needs; SQLite does not know them",
    "prefer-bigint-over-int": "the ids of accounts, tokens, runs: thousands, not thousands of millions",
    "prefer-identity": "SQLAlchemy writes SERIAL, and one set of revisions serves both databases",
}  # fmt: skip


@contextmanager
def heard(moment: str, hear: Any) -> Iterator[None]:
    """`hear(cursor, statement)` at each statement of any connection."""

    def call(_connection: Any, cursor: Any, sql: str, *_: Any) -> None:
        hear(cursor, sql)

    sa.event.listen(sa.Engine, moment, call)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, moment, call)


def released_revision() -> str:
    text = lzma.decompress(RELEASED.read_bytes()).decode()
    found = re.search(r"""INSERT INTO "alembic_version" VALUES\('(\w+)'\)""", text)
    assert found is not None
    return found[1]


def lint(sql: str) -> list[tuple[str, str]]:
    """What squawk finds: the rule, and the statement's first line."""
    run = [str(SQUAWK), "--assume-in-transaction", "--reporter", "json", "--stdin-filepath", "upgrade.sql"]
    answer = subprocess.run(run, input=sql, capture_output=True, text=True, check=False)
    assert answer.returncode in (0, 1), answer.stderr
    return [(one["rule_name"], sql.splitlines()[one["line"]]) for one in json.loads(answer.stdout)]


@pytest.mark.both_databases
@pytest.mark.parametrize("empty_url", ["postgres"], indirect=True)
def test_squawk_finds_nothing_in_the_upgrade_from_the_last_release(empty_url: str) -> None:
    sent: list[str] = []
    with heard("before_cursor_execute", lambda _, sql: sent.append(sql)), Store(empty_url) as store:
        store.migrate()
    steps = [n for n, sql in enumerate(sent) if sql.startswith("UPDATE alembic_version")]
    released = next(n for n in steps if f"version_num='{released_revision()}'" in sent[n])
    # What another library's files say of its own tables is that library's.
    altering = [
        sql
        for sql in sent[released + 1 : steps[-1]]
        if re.match(r"\s*(CREATE|ALTER|DROP|UPDATE|INSERT|DELETE)", sql) and "procrastinate" not in sql
    ]
    found = lint(";\n".join([*altering, ""]))
    assert [one for one in found if one[0] not in PASSED_OVER] == []
    assert PASSED_OVER.keys() == {rule for rule, _ in found}
    assert len(altering) > 10


def test_squawk_would_find_what_rewrites_or_locks_a_table() -> None:
    sql = (
        "ALTER TABLE occurrences ALTER COLUMN label TYPE text;\n"
        "ALTER TABLE occurrences ADD COLUMN more text NOT NULL;\n"
        "ALTER TABLE occurrences ADD CONSTRAINT c CHECK (label <> '');\n"
    )
    assert {rule for rule, _ in lint(sql)} - PASSED_OVER.keys() == {
        "adding-required-field", "changing-column-type", "constraint-missing-not-valid",
    }  # fmt: skip


#: Rows of the tables that grow, as revision 5 has them.
ROWS = (
    "INSERT INTO counties (id) VALUES ('big')",
    "INSERT INTO occurrences (key, county, pack, duty, department, label, due_on, status, light, reason, closed,"
    " rulebook, calendar, created_at, updated_at) SELECT 'big/old/d' || n, 'big', 'old', 'd' || n / 1000,"
    " 'x' || n / 10000, n, date '2015-01-01' + n / 400, 'met', 'green', '', true, '', '', now(), now()"
    " FROM generate_series(1, {rows}) AS n",
    "INSERT INTO journal (county, height, at, who, action, subject, previous, hash, form) SELECT 'big', n, now(), '',"
    " '', n, '', '', 1 FROM generate_series(1, {rows}) AS n",
)
LARGE = ("occurrences", "journal")
#: Of each table its rows that this transaction has read one after the other, and whether it keeps others from reading.
READ = (
    "SELECT relname, seq_tup_read, EXISTS (SELECT 1 FROM pg_locks WHERE relation = relid AND granted AND"
    " mode = 'AccessExclusiveLock' AND pid = pg_backend_pid()) FROM pg_stat_xact_user_tables"
    f" WHERE relname IN {LARGE} AND current_setting('application_name') = 'duban'"
)


@pytest.mark.both_databases
@pytest.mark.parametrize("empty_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("rows", [1000, pytest.param(1_000_000, marks=pytest.mark.nightly)])
def test_nobody_is_kept_from_a_table_while_its_rows_are_read_or_written_anew(empty_url: str, rows: int) -> None:
    with Store(empty_url) as store:
        _fill(store, rows)
        before: dict[str, int] = {}
        read_in_the_way: list[tuple[str, str, int]] = []
        read_at_all = 0

        def look(cursor: Any, sql: str) -> None:
            nonlocal read_at_all
            if "pg_advisory_xact_lock" in sql:  # the first statement of a transaction that changes anything
                before.clear()
            for table, read, is_kept in cursor.connection.execute(READ).fetchall():
                more = read - before.get(table, 0)
                before[table] = read
                read_at_all += more
                if is_kept and more:
                    read_in_the_way.append((sql, table, more))

        files = _files(store)
        with heard("after_cursor_execute", look):
            store.migrate()
        assert read_in_the_way == []
        assert read_at_all >= rows  # indexes were built
        assert _files(store) == files  # and no table written anew
        with store.read() as tx:
            assert describe_differences(tx) == []


def _fill(store: Store, rows: int) -> None:
    engine = make_engine(store.url)
    with engine.begin() as tx:
        command.upgrade(migrations.build_config(tx), released_revision())
        for statement in ROWS:
            tx.exec_driver_sql(statement.format(rows=rows))
    engine.dispose()


def _files(store: Store) -> dict[str, int]:
    """The file in which each large table lies: a rewrite gives it another."""
    with store.read() as tx:
        found = tx.exec_driver_sql(f"SELECT relname, relfilenode FROM pg_class WHERE relname IN {LARGE}").all()
        return {str(row[0]): row[1] for row in found}
