"""Whether a mail may have arrived; the mails of the last hour and the members of a mail found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("doubtful", sa.Boolean(), server_default=sa.false(), nullable=False))
    # What was under way under the older version may have arrived.
    op.execute("UPDATE messages SET doubtful = TRUE WHERE state = 'sending'")
    op.create_index("ix_messages_sent_at", "messages", ["sent_at"], unique=False)
    op.create_index("ix_notices_message", "notices", ["message"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_notices_message", table_name="notices")
    op.drop_index("ix_messages_sent_at", table_name="messages")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("doubtful")
