"""Indexes from which the console's first pages are read: counts by duty and department, the list's order, the start."""

from __future__ import annotations

from alembic import op

revision = "11"
down_revision = "10"
branch_labels = None
depends_on = None

_LIGHTS, _LIGHT_COLUMNS = (
    "ix_occurrences_lights",
    ["county", "closed", "status", "due_on", "pack", "duty", "department", "light"],
)
_BEFORE = "ix_occurrences_county_duty_department"
_DUTIES, _START = "ix_occurrences_duties", "ix_occurrences_county_created_at"


def upgrade() -> None:
    op.drop_index(_LIGHTS, "occurrences")
    op.create_index(_LIGHTS, "occurrences", [*_LIGHT_COLUMNS, "key"])
    op.drop_index(_BEFORE, "occurrences")
    columns = ["county", "duty", "department", "pack", "status", "due_on", "closed", "light"]
    op.create_index(_DUTIES, "occurrences", columns)
    op.create_index(_START, "occurrences", ["county", "created_at"])


def downgrade() -> None:
    op.drop_index(_START, "occurrences")
    op.drop_index(_DUTIES, "occurrences")
    op.create_index(_BEFORE, "occurrences", ["county", "duty", "department"])
    op.drop_index(_LIGHTS, "occurrences")
    op.create_index(_LIGHTS, "occurrences", _LIGHT_COLUMNS)
