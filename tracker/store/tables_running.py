"""The tables of the daemon itself: who runs, when it ran, and what went wrong."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.store.metadata import metadata, numbered
from tracker.store.types import Instant

#: One scheduler per database; the lease is renewed by its heartbeat.
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("holder", sa.String(128), nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("until", Instant, nullable=False),
)

#: Every run of a job, once per slot: what tells the hours in which nothing was observed.
runs = sa.Table(
    "runs",
    metadata,
    numbered(),
    sa.Column("job", sa.String(32), nullable=False),
    sa.Column("slot_at", Instant, nullable=False),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("outcome", sa.String(16), nullable=False, server_default="running"),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("job", "slot_at"),
)

#: An occurrence, page or mailbox that failed in a pass: recorded and shown, never fatal.
faults = sa.Table(
    "faults",
    metadata,
    numbered(),
    sa.Column("county", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(512), nullable=False),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("first_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("count", sa.Integer, nullable=False, server_default="1"),
    sa.Column("cleared_at", Instant),
    sa.UniqueConstraint("county", "subject", "action"),
)
