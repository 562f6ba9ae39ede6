"""Counts the SQL statements that a page needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from tests.console.served_pages import House
from tracker.store.data_version import SNAPSHOT

#: Statements of every page behind the log-in: whose session it is, and how fresh the page is.
ALWAYS = 2


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """The statements that are executed within, in their order."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement != str(SNAPSHOT):  # it reads no table
            statements.append(statement)

    engine = house.small.office.store.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


def multiply(house: House, times: int = 40) -> None:
    """Add copies of every matter and of every decision about it, under labels of their own."""
    from tracker.store.tables import occurrences
    from tracker.store.tables_reports import standings

    with house.small.office.store.begin() as tx:
        for table in (occurrences, standings):
            rows = [dict(row) for row in tx.execute(sa.select(table)).mappings()]
            for number in range(times):
                copies = [{**row, "key": f"{row['key']}+{number}"} for row in rows]
                if table is occurrences:
                    copies = [{**row, "label": f"{row['label']}+{number}"} for row in copies]
                tx.execute(table.insert(), copies)
