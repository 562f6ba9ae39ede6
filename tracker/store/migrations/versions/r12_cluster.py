"""What the workers of a cluster share, and on PostgreSQL the queue that carries the numbers of their passes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tracker.store.queue_tables import make_queue

revision = "12"
down_revision = "11"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passes",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("job", sa.String(32), nullable=False),
        sa.Column("county", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, server_default="open"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("holder", sa.String(128), nullable=False, server_default=""),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("run", "county"),
    )
    op.create_index("ix_passes_state_job", "passes", ["state", "job"])
    op.create_table(
        "host_turns",
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("host"),
    )
    make_queue(op.get_bind())


def downgrade() -> None:
    op.drop_table("host_turns")
    op.drop_table("passes")
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for kind in ("jobs", "periodic_defers", "events", "workers"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS procrastinate_{kind} CASCADE")
        found = connection.exec_driver_sql(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'procrastinate%%'"
        )
        for (name,) in found.all():
            connection.exec_driver_sql(f"DROP FUNCTION {name} CASCADE")
        for kind in ("job_status", "job_event_type", "job_to_defer_v1"):
            connection.exec_driver_sql(f"DROP TYPE IF EXISTS procrastinate_{kind} CASCADE")
