"""Defines the tables of who logs in at the pages and of other systems: accounts, sessions, feeds, tokens, receipts."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.core.values.accounts import Role
from tracker.store.columns import EnumText, Instant, county_column, id_column, metadata

accounts = sa.Table(
    "accounts",
    metadata,
    id_column(),
    county_column(),
    sa.Column("login", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("role", EnumText(Role), nullable=False),
    sa.Column("department", sa.String(64), nullable=False, server_default=""),
    sa.Column("password", sa.String(255), nullable=False),  # Argon2id with its parameters (RFC 9106)
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("totp", sa.String(64), nullable=False, server_default=""),
    sa.Column("totp_step", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("disabled_at", Instant),
    sa.Column("region", sa.String(8), nullable=False, server_default=""),  # country, or digits of GB/T 2260
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("account", sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Index("ix_sessions_account", "account"),
)

#: The secret address at which an account's calendar is read without a log-in: one an account.
feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("account", sa.ForeignKey("accounts.id"), nullable=False, unique=True),
    sa.Column("made_at", Instant, nullable=False),
)

#: By `account:LOGIN` and `address:IP`: log-ins in a row that failed.
login_failures = sa.Table(
    "login_failures",
    metadata,
    sa.Column("key", sa.String(128), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
)

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    id_column(),
    county_column(),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("department", sa.String(64), nullable=False, server_default=""),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("scopes", sa.String(128), nullable=False),  # apart by blanks
    sa.Column("created_by", sa.String(128), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
    sa.Column("region", sa.String(8), nullable=False, server_default=""),
)

#: What a system was answered, by the number that it gave to what it sent.
api_receipts = sa.Table(
    "api_receipts",
    metadata,
    sa.Column("county", sa.ForeignKey("counties.id"), primary_key=True),
    sa.Column("system", sa.String(128), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("number", sa.String(128), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("answer", sa.JSON, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
)
