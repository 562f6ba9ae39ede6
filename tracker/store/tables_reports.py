"""The tables that reports read beside the facts: what was decided, as it stood on any day."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.store.metadata import metadata, of_county
from tracker.store.types import Instant

#: Every decision about every occurrence, from when it held: `occurrences` has the last of each. Rows are added
#: in the transaction of the decision and never changed, so a report for a past day reads what was decided then.
standings = sa.Table(
    "standings",
    metadata,
    sa.Column("key", sa.String(512), primary_key=True),
    sa.Column("at", Instant, primary_key=True),
    of_county(),
    sa.Column("opens_on", sa.Date),
    sa.Column("due_on", sa.Date),
    sa.Column("due_at", Instant),
    sa.Column("due_revision", sa.Integer, nullable=False),
    sa.Column("episode", sa.Integer, nullable=False),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("assumed", sa.Boolean, nullable=False),
    sa.Column("derivation", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("light", sa.String(8), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("proved_at", Instant),
    sa.Column("closed", sa.Boolean, nullable=False),
    sa.Column("shown", sa.JSON, nullable=False),  # what it rested on: proofs, and in words what was missing or unseen
    sa.Column("rulebook", sa.String(64), nullable=False),
    sa.Column("calendar", sa.String(64), nullable=False),
    sa.Index("ix_standings_county_at", "county", "at"),
)
