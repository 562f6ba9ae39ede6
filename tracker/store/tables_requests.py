"""Defines the tables of requests, their moves and persons, and of secrecy reviews."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.core.requests.values import MoveKind, RequestState
from tracker.store.columns import EnumText, Instant, MomentText, county_column, id_column, metadata

requests = sa.Table(
    "requests",
    metadata,
    id_column(),
    county_column(),
    sa.Column("kind", sa.String(16), nullable=False),  # request | complaint | question
    sa.Column("department", sa.String(64), nullable=False),  # registered it
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("owner", sa.String(64), nullable=False),  # has to answer it
    sa.Column("way", sa.String(24), nullable=False),
    sa.Column("filed_on", sa.Date, nullable=False),
    sa.Column("received", MomentText, nullable=False),
    sa.Column("applicant_kind", sa.String(16), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("topic", sa.String(64), nullable=False, server_default=""),
    sa.Column("state", EnumText(RequestState), nullable=False),  # of its last move, as are the four below
    sa.Column("answer", sa.String(32), nullable=False, server_default=""),
    sa.Column("ground", sa.String(32), nullable=False, server_default=""),
    sa.Column("answered_on", sa.Date),
    sa.Column("repeats", sa.ForeignKey("requests.id")),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.String(128), nullable=False),
    sa.Column("withdrawn_at", Instant),
    sa.UniqueConstraint("county", "kind", "department", "year", "number"),
    sa.Index("ix_requests_county_state", "county", "state"),
    sa.Index("ix_requests_county_filed_on", "county", "filed_on"),
)

request_moves = sa.Table(
    "request_moves",
    metadata,
    id_column(),
    sa.Column("request", sa.ForeignKey("requests.id", ondelete="CASCADE"), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("kind", EnumText(MoveKind), nullable=False),
    sa.Column("on", MomentText, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("by", sa.String(128), nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("remarks", sa.JSON, nullable=False),  # [[code, provision, text]…]
    sa.Column("withdrawn_at", Instant),
    sa.UniqueConstraint("request", "ordinal"),
)

#: Personal data, encrypted; the key is outside the database. Deleted by retention, while the request stays.
persons = sa.Table(
    "persons",
    metadata,
    id_column(),
    sa.Column("request", sa.ForeignKey("requests.id", ondelete="CASCADE"), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),  # applicant | agent | third-party
    sa.Column("key", sa.String(16), nullable=False),  # the name of the key
    sa.Column("box", sa.LargeBinary, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, server_default=""),  # keyed hash: the same person again
    sa.UniqueConstraint("request", "role", "digest"),
    sa.Index("ix_persons_digest", "digest"),
)

#: Who looked at the personal data of a request, and for what.
person_looks = sa.Table(
    "person_looks",
    metadata,
    id_column(),
    sa.Column("request", sa.ForeignKey("requests.id", ondelete="CASCADE"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.String(128), nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Index("ix_person_looks_request", "request"),
)

reviews = sa.Table(
    "reviews",
    metadata,
    id_column(),
    county_column(),
    sa.Column("department", sa.String(64), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("symbol", sa.String(128), nullable=False, server_default=""),
    sa.Column("address", sa.String(2048), nullable=False, server_default=""),
    sa.Column("column", sa.String(192), nullable=False, server_default=""),
    sa.Column("author", sa.String(128), nullable=False),
    sa.Column("asked_on", sa.Date, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("reviewer", sa.String(128), nullable=False, server_default=""),
    sa.Column("decision", sa.String(16), nullable=False, server_default=""),
    sa.Column("decided_on", sa.Date),
    sa.Column("ground", sa.String(32), nullable=False, server_default=""),
    sa.Column("basis", sa.Text, nullable=False, server_default=""),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("occurrence", sa.Text, nullable=False, server_default=""),
    sa.Column("referred_on", sa.Date),
    sa.Column("decided_at", Instant),
    sa.Column("withdrawn_at", Instant),
    sa.UniqueConstraint("county", "department", "year", "number"),
)
