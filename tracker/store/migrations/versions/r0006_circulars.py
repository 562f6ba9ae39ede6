"""Circulars: their drafts, their lines, and what was corrected in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tracker.store.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _instant() -> tracker.store.types.Instant:
    return tracker.store.types.Instant(timezone=True)


def upgrade() -> None:
    op.create_table(
        "circulars",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("county", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("as_of", _instant(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), server_default="", nullable=False),
        sa.Column("rulebook", sa.String(length=64), nullable=False),
        sa.Column("drafted_by", sa.String(length=128), nullable=False),
        sa.Column("drafted_at", _instant(), nullable=False),
        sa.Column("consulted_at", _instant(), nullable=True),
        sa.Column("window_until", sa.Date(), nullable=True),
        sa.Column("signed_by", sa.String(length=128), server_default="", nullable=False),
        sa.Column("signed_at", _instant(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("issued_by", sa.String(length=128), server_default="", nullable=False),
        sa.Column("issued_at", _instant(), nullable=True),
        sa.ForeignKeyConstraint(["county"], ["counties.id"], name=op.f("fk_circulars_county")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulars")),
        sa.UniqueConstraint("county", "month", "edition", name=op.f("uq_circulars_county_month_edition")),
        sa.UniqueConstraint("county", "year", "number", name=op.f("uq_circulars_county_year_number")),
    )
    op.create_table(
        "circular_lines",
        sa.Column("circular", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("occurrence", sa.String(length=512), nullable=False),
        sa.Column("department", sa.String(length=256), nullable=False),
        sa.Column("problem", sa.String(length=16), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("dropped", sa.Text(), server_default="", nullable=False),
        sa.Column("mended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["circular"], ["circulars.id"], name=op.f("fk_circular_lines_circular"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circular", "line", name=op.f("pk_circular_lines")),
    )
    op.create_index("ix_circular_lines_occurrence", "circular_lines", ["occurrence"], unique=False)
    op.create_table(
        "errata",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("circular", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("truth", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("recorded_at", _instant(), nullable=False),
        sa.ForeignKeyConstraint(["circular"], ["circulars.id"], name=op.f("fk_errata_circular")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errata")),
        sa.UniqueConstraint("circular", "line", name=op.f("uq_errata_circular_line")),
    )


def downgrade() -> None:
    op.drop_table("errata")
    op.drop_index("ix_circular_lines_occurrence", table_name="circular_lines")
    op.drop_table("circular_lines")
    op.drop_table("circulars")
