"""Tokens of other systems, and what was answered to what they sent."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "8"
down_revision = "7"
branch_labels = None
depends_on = None


def _text(name: str, length: int, default: str | None = None, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default, **options)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("county", sa.String(64), sa.ForeignKey("counties.id"), nullable=False),
        _text("name", 128),
        _text("department", 64, ""),
        _text("digest", 64),
        _text("scopes", 128),
        _text("created_by", 128),
        _instant("created_at"),
        _instant("expires_at"),
        _instant("revoked_at", nullable=True),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "api_receipts",
        sa.Column("county", sa.String(64), sa.ForeignKey("counties.id"), primary_key=True),
        _text("system", 128, primary_key=True),
        _text("kind", 16, primary_key=True),
        _text("number", 128, primary_key=True),
        _text("digest", 64),
        sa.Column("answer", sa.JSON, nullable=False),
        _instant("recorded_at"),
    )


def downgrade() -> None:
    for name in ("api_receipts", "api_tokens"):
        op.drop_table(name)
