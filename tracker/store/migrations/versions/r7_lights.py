"""What the overview counts: an index of lights, and the kind of question that is open about a matter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7"
down_revision = "6"
branch_labels = None
depends_on = None

_NAME = "ix_occurrences_lights"


def upgrade() -> None:
    columns = ["county", "closed", "status", "due_on", "pack", "duty", "department", "light"]
    op.add_column("occurrences", sa.Column("question", sa.String(16), nullable=False, server_default=""))
    op.create_index(_NAME, "occurrences", columns)


def downgrade() -> None:
    op.drop_index(_NAME, "occurrences")
    op.drop_column("occurrences", "question")
