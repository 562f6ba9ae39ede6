"""The tables of what people file: the filings, and the files among them."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.store.metadata import in_order, metadata, numbered, of_county
from tracker.store.types import Instant, MomentText

filings = sa.Table(
    "filings",
    metadata,
    numbered(),
    of_county(),
    in_order(),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("occurrence", sa.String(512), nullable=False),
    sa.Column("part", sa.String(64), nullable=False, server_default=""),  # "" = all parts
    sa.Column("form", sa.String(16), nullable=False, server_default=""),
    sa.Column("proof", sa.Text, nullable=False, server_default=""),
    sa.Column("digest", sa.String(64), nullable=False),  # SHA-256 of the proof: a text is too long for an index
    sa.Column("claimed", MomentText),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("by", sa.String(128), nullable=False),
    sa.Column("withdrawn_at", Instant),
    sa.Index("ix_filings_county_seq", "county", "seq"),
    sa.UniqueConstraint("county", "kind", "occurrence", "part", "digest"),
)

#: The files that people filed: each lies in the folder of filed files under its SHA-256, for good.
filed_files = sa.Table(
    "filed_files",
    metadata,
    sa.Column("county", sa.ForeignKey("counties.id"), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),  # what it is by its content: jpeg, pdf…
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("filed_at", Instant, nullable=False),
)
