"""Circular papers: circulars and errata as they were issued, byte for byte."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tracker.store.types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circular_papers",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("county", sa.String(length=64), nullable=False),
        sa.Column("circular", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("issued_at", tracker.store.types.Instant(timezone=True), nullable=False),
        sa.Column("docx", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["county"], ["counties.id"], name=op.f("fk_circular_papers_county")),
        sa.ForeignKeyConstraint(["circular"], ["circulars.id"], name=op.f("fk_circular_papers_circular")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular_papers")),
        sa.UniqueConstraint("circular", "line", name=op.f("uq_circular_papers_circular_line")),
        sa.UniqueConstraint("county", "year", "number", name=op.f("uq_circular_papers_county_year_number")),
    )


def downgrade() -> None:
    op.drop_table("circular_papers")
