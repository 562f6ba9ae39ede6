"""Builds the indexes of an upgrade before it, on PostgreSQL, so that nobody who reads has to wait for them.

A revision that alters a table keeps everybody out of it until the whole upgrade is committed. Building an index in a
transaction of its own holds up only those who write to that table. What a revision does to an index that stands as this
version wants it is then left out.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations, ops, toimpl

from tracker.store.tables import metadata

#: The indexes of this version by name.
WANTED = {str(index.name): index for table in metadata.tables.values() for index in table.indexes}


def build_next(connection: sa.Connection) -> bool:
    """Build one index that is missing in a table that has its columns. False where there is none."""
    seen = sa.inspect(connection)
    columns = {table: {one["name"] for one in found} for (_, table), found in seen.get_multi_columns().items()}
    there = {one["name"] for found in seen.get_multi_indexes().values() for one in found}
    for name in sorted(WANTED.keys() - there):
        index = WANTED[name]
        if index.table is not None and set(index.columns.keys()) <= columns.get(index.table.name, set()):
            index.create(connection)
            return True
    return False


@Operations.implementation_for(ops.CreateIndexOp, replace=True)
def _create_index(operations: Operations, operation: ops.CreateIndexOp) -> None:
    if not _is_done(operations, operation.index_name):
        toimpl.create_index(operations, operation)


@Operations.implementation_for(ops.DropIndexOp, replace=True)
def _drop_index(operations: Operations, operation: ops.DropIndexOp) -> None:
    if not _is_done(operations, operation.index_name):
        toimpl.drop_index(operations, operation)


def _is_done(operations: Operations, name: Any) -> bool:
    """Whether the index of that name stands already over the very columns that this version wants."""
    index, connection = WANTED.get(str(name)), operations.get_bind()
    if index is None or index.table is None or connection.dialect.name != "postgresql":
        return False
    seen = sa.inspect(connection)
    found = seen.get_indexes(index.table.name) if seen.has_table(index.table.name) else []
    return {one["name"]: one["column_names"] for one in found}.get(index.name) == list(index.columns.keys())
