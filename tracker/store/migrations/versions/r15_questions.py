"""The questions about an occurrence as they are asked; the next pass, which decides everything anew, writes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "15"
down_revision = "14"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("occurrences", sa.Column("questions", sa.JSON))
    op.drop_column("occurrences", "question")


def downgrade() -> None:
    op.drop_column("occurrences", "questions")
    op.add_column("occurrences", sa.Column("question", sa.String(16), nullable=False, server_default=""))
