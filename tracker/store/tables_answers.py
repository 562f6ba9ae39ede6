"""Defines the tables of how people answer notices: acknowledgements, and silences."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.store.columns import Instant, county_column, id_column, metadata, seq_column

#: The answers of persons to notices: seen, published there, or why not. They stop a step's repeats for a while.
acknowledgements = sa.Table(
    "acknowledgements",
    metadata,
    id_column(),
    county_column(),
    seq_column(),
    sa.Column("occurrence", sa.String(512), nullable=False),
    sa.Column("step", sa.String(64), nullable=False),
    sa.Column("role", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # seen | published | explained
    sa.Column("text", sa.Text, nullable=False, server_default=""),  # the explanation, or the address
    sa.Column("by", sa.String(320), nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("quiet_until", Instant, nullable=False),
    sa.Column("token", sa.String(64), nullable=False),  # the link that was used: one purpose, one use
    sa.UniqueConstraint("county", "token"),
    sa.Index("ix_acknowledgements_county_seq", "county", "seq"),
)

#: Nothing about a silence's subjects is sent until it ends. "" stands for all duties, departments, occurrences.
silences = sa.Table(
    "silences",
    metadata,
    id_column(),
    county_column(),
    seq_column(),
    sa.Column("duty", sa.String(64), nullable=False, server_default=""),
    sa.Column("department", sa.String(256), nullable=False, server_default=""),
    sa.Column("occurrence", sa.String(512), nullable=False, server_default=""),
    sa.Column("begins_at", Instant, nullable=False),
    sa.Column("until", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.String(128), nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("lifted_at", Instant),
    sa.Column("lifted_by", sa.String(128), nullable=False, server_default=""),
    sa.Index("ix_silences_county_seq", "county", "seq"),
)
