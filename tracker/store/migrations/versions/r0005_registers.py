"""What was decided about each occurrence on any day; on which ground, until when and at whose wish people decide."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tracker.store.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STANDING = (
    "key, at, county, opens_on, due_on, due_at, due_revision, episode, provisional, assumed, derivation, status, "
    "light, reason, proved_at, closed, rulebook, calendar"
)
#: Which decision about its subject each one was.
_NUMBERED = (
    "UPDATE rulings SET number = (SELECT COUNT(*) FROM rulings AS earlier "
    "WHERE earlier.county = rulings.county AND earlier.occurrence = rulings.occurrence AND earlier.id <= rulings.id)"
)


def upgrade() -> None:
    _standings()
    _rulings()


def downgrade() -> None:
    with op.batch_alter_table("rulings", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_rulings_county_occurrence_number"), type_="unique")
        for name in ("asked_by", "until", "basis", "ground", "number"):
            batch_op.drop_column(name)
    op.drop_table("standings")


def _rulings() -> None:
    op.add_column("rulings", sa.Column("number", sa.Integer(), server_default="0", nullable=False))
    op.add_column("rulings", sa.Column("ground", sa.String(length=32), server_default="", nullable=False))
    op.add_column("rulings", sa.Column("basis", sa.Text(), server_default="", nullable=False))
    op.add_column("rulings", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("rulings", sa.Column("asked_by", sa.String(length=128), server_default="", nullable=False))
    op.execute(_NUMBERED)
    unique = op.f("uq_rulings_county_occurrence_number")
    with op.batch_alter_table("rulings", schema=None) as batch_op:
        batch_op.create_unique_constraint(unique, ["county", "occurrence", "number"])


def _standings() -> None:
    op.create_table(
        "standings",
        sa.Column("key", sa.String(length=512), nullable=False),
        sa.Column("at", tracker.store.types.Instant(timezone=True), nullable=False),
        sa.Column("county", sa.String(length=64), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", tracker.store.types.Instant(timezone=True), nullable=True),
        sa.Column("due_revision", sa.Integer(), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.Column("derivation", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("light", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proved_at", tracker.store.types.Instant(timezone=True), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("rulebook", sa.String(length=64), nullable=False),
        sa.Column("calendar", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["county"], ["counties.id"], name=op.f("fk_standings_county")),
        sa.PrimaryKeyConstraint("key", "at", name=op.f("pk_standings")),
    )
    op.create_index("ix_standings_county_at", "standings", ["county", "at"], unique=False)
    # What an older version decided is known only as it stands; from when, as far as its row tells.
    op.execute(
        f"INSERT INTO standings ({_STANDING}, shown) "  # noqa: S608
        f"SELECT {_STANDING.replace('key, at,', 'key, updated_at,')}, '{{}}' FROM occurrences"
    )
