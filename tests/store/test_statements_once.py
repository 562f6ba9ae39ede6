"""The tests' engines that compile a statement once among them: each still asks its own database, in its own words."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from tests.statements_once import sharing_statements
from tracker.store.engine import insert, make_engine
from tracker.store.tables import counties

QUERY = sa.select(counties.c.id).where(counties.c.id != "x")


def url_of(path: Path) -> sa.URL:
    return sa.make_url(f"sqlite+pysqlite:///{path}")


def test_what_one_engine_compiled_serves_the_next_on_its_own_database(tmp_path: Path) -> None:
    make = sharing_statements(make_engine)
    for name in ("first", "second"):
        with make(url_of(tmp_path / name)).begin() as tx:
            counties.create(tx)
            tx.execute(insert(tx, counties).values(id=name))
            assert list(tx.execute(QUERY).scalars()) == [name]
            known = len(tx.engine._compiled_cache or ())
            if name == "first":
                compiled = known
    assert known == compiled > 0


def test_databases_of_two_kinds_share_nothing(tmp_path: Path) -> None:
    make = sharing_statements(make_engine)
    one, other = make(url_of(tmp_path / "one")), make(sa.make_url("postgresql+psycopg://nobody@127.0.0.1:9/x"))
    assert one._compiled_cache is make(url_of(tmp_path / "two"))._compiled_cache
    assert one._compiled_cache is not other._compiled_cache
