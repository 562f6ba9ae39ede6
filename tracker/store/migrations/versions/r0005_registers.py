"""What was decided about each occurrence on any day; on which ground, until when and at whose wish people decide;
where a line of the journal came from, and what guards it."""

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
_APPEND_ONLY = "the journal is append-only"
_FORWARD_ONLY = "the head of the journal only moves forward"
_BACKWARD = (
    "NEW.journal_height < OLD.journal_height "
    "OR (NEW.journal_height = OLD.journal_height AND NEW.journal_head <> OLD.journal_head)"
)
_SAME = "EXISTS (SELECT 1 FROM journal WHERE county = NEW.county AND height = NEW.height)"


def upgrade() -> None:
    _filings()
    _standings()
    _rulings()
    _journal_origin()
    # Last, for altering a table on SQLite drops what guards it.
    _guard_sqlite() if op.get_bind().dialect.name == "sqlite" else _guard_postgresql()


def downgrade() -> None:
    _journal_back()
    op.execute("DELETE FROM filings WHERE withdrawn_at IS NOT NULL")  # an older version would count them again
    with op.batch_alter_table("filings", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_at")
    op.drop_table("filed_files")
    op.drop_column("occurrences", "since")
    with op.batch_alter_table("rulings", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_rulings_county_occurrence_number"), type_="unique")
        for name in ("asked_by", "until", "basis", "ground", "number"):
            batch_op.drop_column(name)
    op.drop_table("standings")


def _rulings() -> None:
    op.add_column("occurrences", sa.Column("since", tracker.store.types.Instant(timezone=True), nullable=True))
    op.add_column("rulings", sa.Column("number", sa.Integer(), server_default="0", nullable=False))
    op.add_column("rulings", sa.Column("ground", sa.String(length=32), server_default="", nullable=False))
    op.add_column("rulings", sa.Column("basis", sa.Text(), server_default="", nullable=False))
    op.add_column("rulings", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("rulings", sa.Column("asked_by", sa.String(length=128), server_default="", nullable=False))
    op.execute(_NUMBERED)
    unique = op.f("uq_rulings_county_occurrence_number")
    with op.batch_alter_table("rulings", schema=None) as batch_op:
        batch_op.create_unique_constraint(unique, ["county", "occurrence", "number"])


def _filings() -> None:
    """Filings may be withdrawn, and the files among them are kept."""
    op.add_column("filings", sa.Column("withdrawn_at", tracker.store.types.Instant(timezone=True), nullable=True))
    op.create_table(
        "filed_files",
        sa.Column("county", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("filed_at", tracker.store.types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["county"], ["counties.id"], name=op.f("fk_filed_files_county")),
        sa.PrimaryKeyConstraint("county", "digest", name=op.f("pk_filed_files")),
    )


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


def _journal_origin() -> None:
    """Lines written before keep the form they were hashed in: 1, which knows no origin."""
    op.add_column("journal", sa.Column("origin", sa.Text(), server_default="", nullable=False))
    op.add_column("journal", sa.Column("form", sa.Integer(), server_default="1", nullable=False))


def _guard_sqlite() -> None:
    """Altering one of these tables by copying it (batch mode) drops its triggers: they are to be made anew."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
    op.execute(f"CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal {refuse}")
    op.execute(f"CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal {refuse}")
    # INSERT OR REPLACE deletes without telling the trigger above.
    op.execute(f"CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal WHEN {_SAME} {refuse}")
    op.execute(
        "CREATE TRIGGER journal_head_forward BEFORE UPDATE OF journal_height, journal_head ON counties "
        f"WHEN {_BACKWARD} BEGIN SELECT RAISE(ABORT, '{_FORWARD_ONLY}'); END"
    )


def _guard_postgresql() -> None:
    for name, why in (("journal_append_only", _APPEND_ONLY), ("journal_head_forward", _FORWARD_ONLY)):
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{why}'; END $$"
        )
    op.execute(
        "CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only()"
    )
    op.execute(
        "CREATE TRIGGER journal_head_forward BEFORE UPDATE OF journal_height, journal_head ON counties "
        f"FOR EACH ROW WHEN ({_BACKWARD}) EXECUTE FUNCTION journal_head_forward()"
    )


def _journal_back() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM journal WHERE form > 1")).scalar_one():
        raise RuntimeError(
            "the journal holds lines that revision 0004 cannot verify: go back by restoring a copy of the database"
        )
    if op.get_bind().dialect.name == "sqlite":
        for name in ("journal_no_update", "journal_no_delete", "journal_no_replace", "journal_head_forward"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP TRIGGER journal_append_only ON journal")
        op.execute("DROP TRIGGER journal_head_forward ON counties")
        op.execute("DROP FUNCTION journal_append_only()")
        op.execute("DROP FUNCTION journal_head_forward()")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_column("form")
        batch_op.drop_column("origin")
