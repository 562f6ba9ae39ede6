"""The regions of accounts and of tokens that reach beyond their county."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "14"
down_revision = "13"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("accounts", "api_tokens"):
        op.add_column(table, sa.Column("region", sa.String(8), nullable=False, server_default=""))


def downgrade() -> None:
    for table in ("accounts", "api_tokens"):
        op.drop_column(table, "region")
