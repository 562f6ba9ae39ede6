"""Defines the tables that the workers of a cluster share. One daemon alone leaves them empty."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.store.columns import Instant, id_column, metadata

#: A slot's work for one county, or for all (county ''), until its run has ended. What is open here is offered again
#: until it is done, whatever became of the queue. `holder` and `attempts` name the last attempt: it may end the pass.
passes = sa.Table(
    "passes",
    metadata,
    id_column(),
    sa.Column("run", sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    sa.Column("job", sa.String(32), nullable=False),
    sa.Column("county", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False, server_default="open"),  # open | ok | failed
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),  # begun, and not given back in order
    sa.Column("holder", sa.String(128), nullable=False, server_default=""),  # the worker of the last attempt
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("run", "county"),
    sa.Index("ix_passes_state_job", "state", "job"),
)

#: Until when a host is not to be asked by anybody else, by the database's clock.
host_turns = sa.Table(
    "host_turns",
    metadata,
    sa.Column("host", sa.String(255), primary_key=True),
    sa.Column("holder", sa.String(64), nullable=False),
    sa.Column("free_at", Instant, nullable=False),
)
