"""Accounts of the people who log in at the pages, their sessions, failed log-ins."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision = "5"
branch_labels = None
depends_on = None


def _text(name: str, length: int, default: str | None = None, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default, **options)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _county() -> sa.Column[Any]:
    return sa.Column("county", sa.String(64), sa.ForeignKey("counties.id"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "accounts",
        _id(),
        _county(),
        _text("login", 64),
        _text("name", 128),
        _text("role", 16),
        _text("department", 64, ""),
        _text("password", 255),
        sa.Column("must_change", sa.Boolean, nullable=False),
        _text("totp", 64, ""),
        sa.Column("totp_step", sa.BigInteger, nullable=False, server_default="0"),
        _instant("created_at"),
        _instant("disabled_at", nullable=True),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "sessions",
        _text("digest", 64, primary_key=True),
        sa.Column("account", sa.Integer, sa.ForeignKey("accounts.id"), nullable=False),
        _instant("began_at"),
        _instant("seen_at"),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
    op.create_table(
        "login_failures",
        _text("key", 128, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        _instant("last_at"),
    )


def downgrade() -> None:
    for name in ("login_failures", "sessions", "accounts"):
        op.drop_table(name)
