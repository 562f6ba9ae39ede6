"""What a pass needs to know of the one before: the facts it saw, the day it opened up to, what decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tracker.store.types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("counties", "tick_number")
    op.add_column("counties", sa.Column("decided_by", sa.String(length=160), server_default="", nullable=False))
    op.add_column("counties", sa.Column("decided_seq", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("counties", sa.Column("opened_until", sa.Date(), nullable=True))
    instant = tracker.store.types.Instant(timezone=True)
    op.add_column("counties", sa.Column("next_at", instant, nullable=True))
    op.add_column("occurrences", sa.Column("wanting", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("occurrences", sa.Column("taken", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("occurrences", sa.Column("awaits_visit", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("occurrences", sa.Column("asks", sa.Boolean(), server_default=sa.false(), nullable=False))
    duty = ["county", "duty", "department"]
    op.create_index("ix_occurrences_county_duty_department", "occurrences", duty, unique=False)
    op.create_index("ix_occurrences_county_awaits_visit", "occurrences", ["county", "awaits_visit"], unique=False)
    op.create_index("ix_occurrences_county_asks", "occurrences", ["county", "asks"], unique=False)
    op.create_index("ix_messages_county_sent_at", "messages", ["county", "sent_at"], unique=False)
    op.create_index("ix_notices_county_step", "notices", ["county", "step"], unique=False)
    op.create_index("ix_visits_county_outcome", "visits", ["county", "outcome"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_visits_county_outcome", table_name="visits")
    op.drop_index("ix_notices_county_step", table_name="notices")
    op.drop_index("ix_messages_county_sent_at", table_name="messages")
    op.drop_index("ix_occurrences_county_asks", table_name="occurrences")
    op.drop_index("ix_occurrences_county_awaits_visit", table_name="occurrences")
    op.drop_index("ix_occurrences_county_duty_department", table_name="occurrences")
    op.drop_column("occurrences", "asks")
    op.drop_column("occurrences", "awaits_visit")
    op.drop_column("occurrences", "taken")
    op.drop_column("occurrences", "wanting")
    op.drop_column("counties", "next_at")
    op.drop_column("counties", "opened_until")
    op.drop_column("counties", "decided_seq")
    op.drop_column("counties", "decided_by")
    op.add_column("counties", sa.Column("tick_number", sa.BigInteger(), server_default="0", nullable=False))
