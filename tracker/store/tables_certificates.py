"""Defines the tables of the certificates of visits, of what people have confirmed of columns, and of second looks."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.core.values.certificate import ConfirmationKind
from tracker.store.columns import EnumText, Instant, Searches, county_column, id_column, metadata, seq_column

#: Each certificate once, by its digest; `visits.certificate` names it.
certificates = sa.Table(
    "certificates",
    metadata,
    sa.Column("county", sa.ForeignKey("counties.id"), primary_key=True),
    sa.Column("digest", sa.String(16), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)

column_confirmations = sa.Table(
    "column_confirmations",
    metadata,
    id_column(),
    county_column(),
    sa.Column("column", sa.String(192), nullable=False),
    sa.Column("kind", EnumText(ConfirmationKind), nullable=False),
    sa.Column("url", sa.String(2048), nullable=False),  # the column's address then
    sa.Column("by", sa.String(128), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("entries", sa.Integer, nullable=False),  # the rows that the column showed then
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("withdrawn_at", Instant),
    sa.Column("withdrawn_by", sa.String(128), nullable=False, server_default=""),
    sa.Index("ix_column_confirmations_county_column", "county", "column"),
)

#: What was searched for before anybody beyond the liaison was told of a matter.
second_looks = sa.Table(
    "second_looks",
    metadata,
    id_column(),
    county_column(),
    seq_column(),
    sa.Column("occurrence", sa.String(512), nullable=False),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("ended_at", Instant, nullable=False),
    sa.Column("searches", Searches, nullable=False),
    sa.Index("ix_second_looks_county_seq", "county", "seq"),
    sa.Index("ix_second_looks_county_occurrence", "county", "occurrence"),
)
