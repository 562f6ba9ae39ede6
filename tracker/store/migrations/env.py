"""Alembic runs this module on a connection that the caller gives, inside the caller's transaction."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from tracker.store.tables import metadata

connection: sa.Connection = context.config.attributes["connection"]


def render_item(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Render plain types: our own types may change after a revision was written."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, sa.TypeDecorator) else False


context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    render_item=render_item,
    compare_type=True,
    compare_server_default=connection.dialect.name == "postgresql",
)
with context.begin_transaction():
    context.run_migrations()
