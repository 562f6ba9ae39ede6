"""The tables of requests on application and of secrecy reviews."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _text(name: str, length: int | None = None, default: str | None = "") -> sa.Column[Any]:
    return sa.Column(name, sa.String(length) if length else sa.Text, nullable=False, server_default=default)


def _county() -> sa.Column[Any]:
    return sa.Column("county", sa.String(64), sa.ForeignKey("counties.id"), nullable=False)


def _of_request() -> sa.Column[Any]:
    return sa.Column("request", sa.Integer, sa.ForeignKey("requests.id", ondelete="CASCADE"), nullable=False)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def upgrade() -> None:
    op.create_table(
        "requests",
        _id(),
        _county(),
        _text("kind", 16, None),
        _text("department", 64, None),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        _text("owner", 64, None),
        _text("way", 24, None),
        sa.Column("filed_on", sa.Date, nullable=False),
        _text("received", 40, None),
        _text("applicant_kind", 16, None),
        _text("title", None, None),
        _text("topic", 64),
        _text("state", 16, None),
        _text("answer", 32),
        _text("ground", 32),
        sa.Column("answered_on", sa.Date),
        sa.Column("repeats", sa.Integer, sa.ForeignKey("requests.id")),
        sa.Column("created_at", INSTANT, nullable=False),
        _text("created_by", 128, None),
        sa.Column("withdrawn_at", INSTANT),
        sa.UniqueConstraint("county", "kind", "department", "year", "number"),
    )
    op.create_index("ix_requests_county_state", "requests", ["county", "state"])
    op.create_index("ix_requests_county_filed_on", "requests", ["county", "filed_on"])
    op.create_table(
        "request_moves",
        _id(),
        _of_request(),
        sa.Column("ordinal", sa.Integer, nullable=False),
        _text("kind", 16, None),
        _text("on", 40, None),
        sa.Column("recorded_at", INSTANT, nullable=False),
        _text("by", 128, None),
        _text("reason"),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("remarks", sa.JSON, nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.UniqueConstraint("request", "ordinal"),
    )
    op.create_table(
        "persons",
        _id(),
        _of_request(),
        _text("role", 16, None),
        _text("key", 16, None),
        sa.Column("box", sa.LargeBinary, nullable=False),
        _text("digest", 64),
        sa.UniqueConstraint("request", "role", "digest"),
    )
    op.create_index("ix_persons_digest", "persons", ["digest"])
    op.create_table(
        "person_looks",
        _id(),
        _of_request(),
        sa.Column("at", INSTANT, nullable=False),
        _text("by", 128, None),
        _text("purpose", None, None),
    )
    op.create_index("ix_person_looks_request", "person_looks", ["request"])
    op.create_table(
        "reviews",
        _id(),
        _county(),
        _text("department", 64, None),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        _text("title", None, None),
        _text("symbol", 128),
        _text("address", 2048),
        _text("column", 192),
        _text("author", 128, None),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        _text("reviewer", 128),
        _text("decision", 16),
        sa.Column("decided_on", sa.Date),
        _text("ground", 32),
        _text("basis"),
        _text("reason"),
        _text("occurrence"),
        sa.Column("referred_on", sa.Date),
        sa.Column("decided_at", INSTANT),
        sa.Column("withdrawn_at", INSTANT),
        sa.UniqueConstraint("county", "department", "year", "number"),
    )


def downgrade() -> None:
    for table in ("reviews", "person_looks", "persons", "request_moves", "requests"):
        op.drop_table(table)
