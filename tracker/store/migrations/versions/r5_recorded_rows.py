"""What is written to watched rows is recorded in the journal: a database from before is recorded as it stands.

The triggers that note what is written are made at the end of each upgrade (`upgrade` in the package), not here: they
follow the tables.
"""

from __future__ import annotations

revision = "5"
down_revision = "4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No table changes."""


def downgrade() -> None:
    """No table changes."""
