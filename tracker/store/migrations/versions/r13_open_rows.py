"""What a pass asks for is found in indexes that hold no row of closed years."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "13"
down_revision = "12"
branch_labels = None
depends_on = None

_TABLE = "occurrences"
_BEFORE = ("next_at", "awaits_visit", "asks")


def upgrade() -> None:
    is_set = sa.column("next_at").is_not(None)
    op.create_index("ix_occurrences_next", _TABLE, ["county", "next_at"], sqlite_where=is_set, postgresql_where=is_set)
    for name, column in (("ix_occurrences_awaiting", "awaits_visit"), ("ix_occurrences_asking", "asks")):
        is_true = sa.column(column).is_(True)
        op.create_index(name, _TABLE, ["county"], sqlite_where=is_true, postgresql_where=is_true)
    for column in _BEFORE:
        op.drop_index(f"ix_occurrences_county_{column}", _TABLE)


def downgrade() -> None:
    for column in _BEFORE:
        op.create_index(f"ix_occurrences_county_{column}", _TABLE, ["county", column])
    for name in ("next", "awaiting", "asking"):
        op.drop_index(f"ix_occurrences_{name}", _TABLE)
