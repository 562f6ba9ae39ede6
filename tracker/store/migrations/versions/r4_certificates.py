"""The certificates of visits, what people have confirmed of columns, second looks, and on what an occurrence rests."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _text(name: str, length: int | None = None, default: str | None = "") -> sa.Column[Any]:
    return sa.Column(name, sa.String(length) if length else sa.Text, nullable=False, server_default=default)


def _county(**options: Any) -> sa.Column[Any]:
    return sa.Column("county", sa.String(64), sa.ForeignKey("counties.id"), nullable=False, **options)


def upgrade() -> None:
    op.create_table(
        "certificates",
        _county(primary_key=True),
        sa.Column("digest", sa.String(16), primary_key=True),
        _text("text", None, None),
    )
    op.add_column("visits", _text("certificate", 16))
    op.create_table(
        "column_confirmations",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _county(),
        _text("column", 192, None),
        _text("kind", 16, None),
        _text("url", 2048, None),
        _text("by", 128, None),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        _text("note"),
        sa.Column("withdrawn_at", INSTANT),
        _text("withdrawn_by", 128),
    )
    op.add_column("occurrences", sa.Column("rests_on", sa.JSON(none_as_null=True)))
    op.create_index("ix_column_confirmations_county_column", "column_confirmations", ["county", "column"])
    op.create_table(
        "second_looks",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _county(),
        sa.Column("seq", sa.BigInteger, nullable=False),
        _text("occurrence", 512, None),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=False),
        sa.Column("searches", sa.JSON, nullable=False),
    )
    op.create_index("ix_second_looks_county_seq", "second_looks", ["county", "seq"])
    op.create_index("ix_second_looks_county_occurrence", "second_looks", ["county", "occurrence"])
    op.add_column("occurrences", sa.Column("look_at", INSTANT))


def downgrade() -> None:
    op.drop_column("occurrences", "look_at")
    op.drop_table("second_looks")
    op.drop_column("occurrences", "rests_on")
    op.drop_table("column_confirmations")
    op.drop_column("visits", "certificate")
    op.drop_table("certificates")
