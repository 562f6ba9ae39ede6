"""An index by which the journal's page finds the rows of a day."""

from __future__ import annotations

from alembic import op

revision = "9"
down_revision = "8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_journal_county_at", "journal", ["county", "at"])


def downgrade() -> None:
    op.drop_index("ix_journal_county_at", "journal")
