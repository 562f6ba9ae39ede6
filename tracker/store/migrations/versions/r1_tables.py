"""The tables of the first version, and what guards the journal in them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None
branch_labels = None
depends_on = None

INSTANT, JSON = sa.DateTime(timezone=True), sa.JSON(none_as_null=True)
#: Each index by its table and columns.
INDEXES = (
    ("acknowledgements", "county", "seq"),
    ("captures", "county", "column", "at"),
    ("entries", "county", "seq"),
    ("events", "county", "seq"),
    ("filings", "county", "seq"),
    ("journal", "county", "subject"),
    ("messages", "county", "sent_at"),
    ("messages", "sent_at"),
    ("messages", "state", "next_attempt_at"),
    ("occurrences", "county", "asks"),
    ("occurrences", "county", "awaits_visit"),
    ("occurrences", "county", "department"),
    ("occurrences", "county", "duty", "department"),
    ("occurrences", "county", "next_at"),
    ("rulings", "county", "seq"),
    ("silences", "county", "seq"),
    ("standings", "county", "at"),
    ("visits", "county", "outcome"),
    ("visits", "county", "seq"),
    ("circular_lines", "occurrence"),
    ("notices", "county", "step"),
    ("notices", "county", "subject"),
    ("notices", "message"),
    ("notices", "state", "not_before"),
)
_APPEND_ONLY = "the journal is append-only"
_FORWARD_ONLY = "the head of the journal only moves forward"
_BACKWARD = (
    "NEW.journal_height < OLD.journal_height "
    "OR (NEW.journal_height = OLD.journal_height AND NEW.journal_head <> OLD.journal_head)"
)
_SAME = "EXISTS (SELECT 1 FROM journal WHERE county = NEW.county AND height = NEW.height)"


def upgrade() -> None:
    _what_was_seen_and_said()
    _what_was_decided_and_told()
    for table, *columns in INDEXES:
        op.create_index("_".join(("ix", table, *columns)), table, columns)
    _guard_sqlite() if op.get_bind().dialect.name == "sqlite" else _guard_postgresql()


def downgrade() -> None:
    raise NotImplementedError("this is the first version: there is nothing to go back to")


def _column(name: str, kind: Any, default: Any = None, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, server_default=default, nullable=null)


def _table(
    name: str, key: tuple[str, ...], *columns: sa.Column[Any],
    unique: tuple[tuple[str, ...], ...] = (), parents: tuple[tuple[str, str], ...] = (("county", "counties.id"),),
) -> None:  # fmt: skip
    """`parents`: columns that name a row of another table; what belongs to a circular or an entry goes with it."""
    op.create_table(
        name,
        *columns,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        *(sa.UniqueConstraint(*one, name=op.f("_".join(("uq", name, *one)))) for one in unique),
        *(
            sa.ForeignKeyConstraint([own], [parent], name=f"fk_{name}_{own}", ondelete=_ondelete(key, own))
            for own, parent in parents
        ),
    )


def _ondelete(key: tuple[str, ...], own: str) -> str | None:
    return "CASCADE" if own in key and own != "county" else None


def _what_was_seen_and_said() -> None:
    _table(
        "counties", ("id",),
        _column("id", sa.String(64)), _column("seq", sa.BigInteger, "0"),
        _column("journal_height", sa.BigInteger, "0"), _column("journal_head", sa.String(64), ""),
        _column("rulebook", sa.String(64), ""), _column("calendar", sa.String(64), ""),
        _column("ticked_at", INSTANT, null=True), _column("decided_by", sa.String(160), ""),
        _column("decided_seq", sa.BigInteger, "0"), _column("next_at", INSTANT, null=True),
        _column("opened_until", sa.Date, null=True),
        parents=(),
    )  # fmt: skip
    _table(
        "documents", ("digest",),
        _column("digest", sa.String(64)), _column("kind", sa.String(16)), _column("body", sa.Text),
        _column("loaded_at", INSTANT),
        parents=(),
    )  # fmt: skip
    _table(
        "faults", ("id",),
        _column("id", sa.Integer), _column("county", sa.String(64)), _column("subject", sa.String(512)),
        _column("action", sa.String(32)), _column("error", sa.Text), _column("first_at", INSTANT),
        _column("last_at", INSTANT), _column("count", sa.Integer, "1"), _column("cleared_at", INSTANT, null=True),
        unique=(("county", "subject", "action"),), parents=(),
    )  # fmt: skip
    _table(
        "leases", ("name",),
        _column("name", sa.String(32)), _column("holder", sa.String(128)), _column("since", INSTANT),
        _column("until", INSTANT),
        parents=(),
    )  # fmt: skip
    _table(
        "runs", ("id",),
        _column("id", sa.Integer), _column("job", sa.String(32)), _column("slot_at", INSTANT),
        _column("began_at", INSTANT), _column("ended_at", INSTANT, null=True),
        _column("outcome", sa.String(16), "running"), _column("note", sa.Text, ""),
        unique=(("job", "slot_at"),), parents=(),
    )  # fmt: skip
    _table(
        "acknowledgements", ("id",),
        _column("id", sa.Integer), _column("county", sa.String(64)), _column("seq", sa.BigInteger),
        _column("occurrence", sa.String(512)), _column("step", sa.String(64)), _column("role", sa.String(64)),
        _column("kind", sa.String(16)), _column("text", sa.Text, ""), _column("by", sa.String(320)),
        _column("recorded_at", INSTANT), _column("quiet_until", INSTANT), _column("token", sa.String(64)),
        unique=(("county", "token"),),
    )  # fmt: skip
    _table(
        "captures", ("id",),
        _column("id", sa.Integer), _column("county", sa.String(64)), _column("column", sa.String(192), ""),
        _column("kind", sa.String(16)), _column("url", sa.String(2048)), _column("at", INSTANT),
        _column("outcome", sa.String(16)), _column("status", sa.Integer), _column("digest", sa.String(64)),
        _column("size", sa.BigInteger), _column("file", sa.String(256)), _column("offset", sa.BigInteger),
        _column("length", sa.BigInteger),
        unique=(("county", "kind", "url", "at"),),
    )  # fmt: skip
    _table(
        "entries", ("id",),
        _column("id", sa.Integer), _column("county", sa.String(64)), _column("seq", sa.BigInteger),
        _column("column", sa.String(192)), _column("url", sa.String(2048)), _column("publisher", sa.String(128), ""),
        _column("listed_title", sa.Text, ""), _column("listed_claimed", sa.String(40), null=True),
        _column("first_seen_at", INSTANT), _column("last_seen_at", INSTANT),
        _column("missing_at", INSTANT, null=True), _column("gone_at", INSTANT, null=True),
        _column("gone_status", sa.Integer, null=True), _column("hollow_at", INSTANT, null=True),
        _column("read_at", INSTANT, null=True), _column("etag", sa.Text, ""), _column("last_modified", sa.Text, ""),
        unique=(("county", "column", "url"),),
    )  # fmt: skip
    _table(
        "events", ("id",),
        _column("id", sa.Integer), _column("county", sa.String(64)), _column("seq", sa.BigInteger),
        _column("name", sa.String(64)), _column("department", sa.String(64)), _column("duty", sa.String(64), ""),
        _column("reference", sa.String(128)), _column("occurred", sa.String(40)), _column("fields", JSON),
        _column("recorded_at", INSTANT), _column("by", sa.String(128), ""),
        _column("withdrawn_at", INSTANT, null=True),
        unique=(("county", "name", "department", "duty", "reference"),),
    )  # fmt: skip
    _table(
        "filed_files", ("county", "digest",),
        _column("county", sa.String(64)), _column("digest", sa.String(64)), _column("kind", sa.String(16)),
        _column("size", sa.BigInteger), _column("filed_at", INSTANT),
    )  # fmt: skip
    _table(
        "filings", ("id",),
        _column("id", sa.Integer), _column("county", sa.String(64)), _column("seq", sa.BigInteger),
        _column("kind", sa.String(16)), _column("occurrence", sa.String(512)), _column("part", sa.String(64), ""),
        _column("form", sa.String(16), ""), _column("proof", sa.Text, ""), _column("digest", sa.String(64)),
        _column("claimed", sa.String(40), null=True), _column("recorded_at", INSTANT), _column("by", sa.String(128)),
        _column("withdrawn_at", INSTANT, null=True),
        unique=(("county", "kind", "occurrence", "part", "digest"),),
    )  # fmt: skip
    _table(
        "journal", ("county", "height",),
        _column("county", sa.String(64)), _column("height", sa.BigInteger), _column("at", INSTANT),
        _column("who", sa.String(128)), _column("action", sa.String(64)), _column("subject", sa.String(512)),
        _column("before", sa.Text, ""), _column("after", sa.Text, ""), _column("reason", sa.Text, ""),
        _column("previous", sa.String(64)), _column("hash", sa.String(64)), _column("origin", sa.Text, ""),
        _column("form", sa.Integer),
    )  # fmt: skip
    _table(
        "pages", ("county", "url",),
        _column("county", sa.String(64)), _column("url", sa.String(2048)), _column("etag", sa.Text, ""),
        _column("last_modified", sa.Text, ""), _column("digest", sa.String(64), ""), _column("parsed", JSON),
        _column("read_at", INSTANT),
    )  # fmt: skip
    _table(
        "rulings", ("id",),
        _column("id", sa.Integer), _column("county", sa.String(64)), _column("seq", sa.BigInteger),
        _column("kind", sa.String(16)), _column("occurrence", sa.String(512)), _column("target", sa.Text, ""),
        _column("part", sa.String(64), ""), _column("as_seen", sa.Boolean, sa.false()),
        _column("recorded_at", INSTANT), _column("by", sa.String(128)), _column("reason", sa.Text),
        _column("number", sa.Integer, "0"), _column("ground", sa.String(32), ""), _column("basis", sa.Text, ""),
        _column("until", sa.Date, null=True), _column("asked_by", sa.String(128), ""),
        unique=(("county", "occurrence", "number"),),
    )  # fmt: skip
    _table(
        "silences", ("id",),
        _column("id", sa.Integer), _column("county", sa.String(64)), _column("seq", sa.BigInteger),
        _column("duty", sa.String(64), ""), _column("department", sa.String(256), ""),
        _column("occurrence", sa.String(512), ""), _column("begins_at", INSTANT), _column("until", INSTANT),
        _column("reason", sa.Text), _column("by", sa.String(128)), _column("recorded_at", INSTANT),
        _column("lifted_at", INSTANT, null=True), _column("lifted_by", sa.String(128), ""),
    )  # fmt: skip
    _table(
        "visits", ("id",),
        _column("id", sa.Integer), _column("county", sa.String(64)), _column("seq", sa.BigInteger),
        _column("column", sa.String(192)), _column("began_at", INSTANT), _column("ended_at", INSTANT),
        _column("outcome", sa.String(16)), _column("reached", sa.String(10), ""), _column("pages", sa.Integer),
        _column("entries", sa.Integer), _column("note", sa.Text, ""),
        unique=(("county", "column", "began_at"),),
    )  # fmt: skip
    _table(
        "entry_versions", ("entry", "number",),
        _column("entry", sa.Integer), _column("number", sa.Integer), _column("seen_at", INSTANT),
        _column("title", sa.Text), _column("claimed", sa.String(40), null=True),
        _column("claimed_from", sa.String(32), ""), _column("text", sa.Text, null=True),
        _column("state", sa.String(16)), _column("source", sa.String(256), ""), _column("attachments", JSON),
        _column("dates", JSON, null=True), _column("fingerprint", sa.String(96), ""),
        parents=(("entry", "entries.id"),),
    )  # fmt: skip


def _what_was_decided_and_told() -> None:
    _table(
        "circulars", ("id",),
        _column("id", sa.Integer), _column("county", sa.String(64)), _column("month", sa.String(7)),
        _column("edition", sa.Integer), _column("state", sa.String(16)), _column("as_of", INSTANT),
        _column("values", JSON), _column("text", JSON), _column("digest", sa.String(64), ""),
        _column("rulebook", sa.String(64)), _column("drafted_by", sa.String(128)), _column("drafted_at", INSTANT),
        _column("consulted_at", INSTANT, null=True), _column("window_until", sa.Date, null=True),
        _column("signed_by", sa.String(128), ""), _column("signed_at", INSTANT, null=True),
        _column("year", sa.Integer, null=True), _column("number", sa.Integer, null=True),
        _column("issued_by", sa.String(128), ""), _column("issued_at", INSTANT, null=True),
        unique=(("county", "month", "edition"), ("county", "year", "number"),),
    )  # fmt: skip
    _table(
        "messages", ("id",),
        _column("id", sa.String(36)), _column("county", sa.String(64)), _column("channel", sa.String(32)),
        _column("role", sa.String(64)), _column("department", sa.String(256), ""),
        _column("recipient", sa.String(320)), _column("subject", sa.Text), _column("body", sa.LargeBinary),
        _column("state", sa.String(16)), _column("doubtful", sa.Boolean, sa.false()),
        _column("attempts", sa.Integer, "0"), _column("claimed_at", INSTANT), _column("holder", sa.String(128), ""),
        _column("lease_until", INSTANT), _column("next_attempt_at", INSTANT), _column("sent_at", INSTANT, null=True),
        _column("answer", sa.Text, ""),
    )  # fmt: skip
    _table(
        "occurrences", ("key",),
        _column("key", sa.String(512)), _column("county", sa.String(64)), _column("pack", sa.String(64)),
        _column("duty", sa.String(64)), _column("department", sa.String(256)), _column("label", sa.String(256)),
        _column("opens_on", sa.Date, null=True), _column("due_on", sa.Date, null=True),
        _column("due_at", INSTANT, null=True), _column("due_revision", sa.Integer, "0"),
        _column("episode", sa.Integer, "0"), _column("provisional", sa.Boolean, sa.false()),
        _column("assumed", sa.Boolean, sa.false()), _column("derivation", sa.Text, ""),
        _column("status", sa.String(16)), _column("light", sa.String(8)), _column("reason", sa.Text),
        _column("proved_at", INSTANT, null=True), _column("closed", sa.Boolean, sa.false()),
        _column("next_at", INSTANT, null=True), _column("since", INSTANT, null=True),
        _column("wanting", JSON, null=True), _column("awaits_visit", sa.Boolean, sa.false()),
        _column("asks", sa.Boolean, sa.false()), _column("rulebook", sa.String(64)),
        _column("calendar", sa.String(64)), _column("created_at", INSTANT), _column("updated_at", INSTANT),
    )  # fmt: skip
    _table(
        "slips", ("county", "year", "number",),
        _column("county", sa.String(64)), _column("year", sa.Integer), _column("number", sa.Integer),
        _column("occurrence", sa.String(512)), _column("due_revision", sa.Integer), _column("episode", sa.Integer),
        _column("step", sa.String(64)), _column("issued_at", INSTANT),
        unique=(("county", "occurrence", "due_revision", "episode", "step"),),
    )  # fmt: skip
    _table(
        "standings", ("key", "at",),
        _column("key", sa.String(512)), _column("at", INSTANT), _column("county", sa.String(64)),
        _column("opens_on", sa.Date, null=True), _column("due_on", sa.Date, null=True),
        _column("due_at", INSTANT, null=True), _column("due_revision", sa.Integer), _column("episode", sa.Integer),
        _column("provisional", sa.Boolean), _column("assumed", sa.Boolean), _column("derivation", sa.Text),
        _column("status", sa.String(16)), _column("light", sa.String(8)), _column("reason", sa.Text),
        _column("proved_at", INSTANT, null=True), _column("closed", sa.Boolean), _column("shown", JSON),
        _column("rulebook", sa.String(64)), _column("calendar", sa.String(64)),
    )  # fmt: skip
    _table(
        "circular_lines", ("circular", "line",),
        _column("circular", sa.Integer), _column("line", sa.Integer), _column("occurrence", sa.String(512)),
        _column("department", sa.String(256)), _column("problem", sa.String(16)), _column("shown", JSON),
        _column("dropped", sa.Text, ""), _column("mended_on", sa.Date, null=True),
        parents=(("circular", "circulars.id"),),
    )  # fmt: skip
    _table(
        "circular_papers", ("id",),
        _column("id", sa.Integer), _column("county", sa.String(64)), _column("circular", sa.Integer),
        _column("line", sa.Integer), _column("year", sa.Integer), _column("number", sa.Integer),
        _column("title", sa.Text), _column("values", JSON), _column("text", JSON), _column("issued_at", INSTANT),
        _column("docx", sa.LargeBinary), _column("digest", sa.String(64)), _column("pdf", sa.LargeBinary, null=True),
        unique=(("circular", "line"), ("county", "year", "number"),),
        parents=(("circular", "circulars.id"), ("county", "counties.id"),),
    )  # fmt: skip
    _table(
        "errata", ("id",),
        _column("id", sa.Integer), _column("circular", sa.Integer), _column("line", sa.Integer),
        _column("truth", sa.Text), _column("reason", sa.Text), _column("by", sa.String(128)),
        _column("recorded_at", INSTANT),
        unique=(("circular", "line"),), parents=(("circular", "circulars.id"),),
    )  # fmt: skip
    _table(
        "notices", ("id",),
        _column("id", sa.Integer), _column("county", sa.String(64)), _column("subject", sa.String(512)),
        _column("due_revision", sa.Integer), _column("episode", sa.Integer), _column("step", sa.String(64)),
        _column("ordinal", sa.Integer), _column("role", sa.String(64)), _column("channel", sa.String(32)),
        _column("department", sa.String(256), ""), _column("kind", sa.String(16)),
        _column("urgent", sa.Boolean, sa.false()), _column("reason", sa.Text), _column("detail", JSON),
        _column("decided_at", INSTANT), _column("not_before", INSTANT), _column("state", sa.String(16)),
        _column("state_reason", sa.Text, ""), _column("message", sa.String(36), null=True),
        unique=(("county", "subject", "due_revision", "episode", "step", "ordinal", "role", "channel"),),
        parents=(("county", "counties.id"), ("message", "messages.id"),),
    )  # fmt: skip


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
