"""Defines the tables of past decisions, of circulars, and of the daemon."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.core.values.verdicts import Light, Status
from tracker.store.columns import EnumText, Instant, county_column, id_column, metadata

#: Every decision about every occurrence; `occurrences` has only the last of each. Rows are added in the transaction of
#: the decision and never changed, so a report for a past day reads what was decided then.
standings = sa.Table(
    "standings",
    metadata,
    sa.Column("key", sa.String(512), primary_key=True),
    sa.Column("at", Instant, primary_key=True),
    county_column(),
    sa.Column("opens_on", sa.Date),
    sa.Column("due_on", sa.Date),
    sa.Column("due_at", Instant),
    sa.Column("due_revision", sa.Integer, nullable=False),
    sa.Column("episode", sa.Integer, nullable=False),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("assumed", sa.Boolean, nullable=False),
    sa.Column("derivation", sa.Text, nullable=False),
    sa.Column("status", EnumText(Status), nullable=False),
    sa.Column("light", EnumText(Light, 8), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("proved_at", Instant),
    sa.Column("closed", sa.Boolean, nullable=False),
    sa.Column("shown", sa.JSON, nullable=False),  # its grounds: proofs, and texts about missing or unseen items
    sa.Column("rulebook", sa.String(64), nullable=False),
    sa.Column("calendar", sa.String(64), nullable=False),
    sa.Index("ix_standings_county_at", "county", "at"),
)

#: A month's circular (通报): drafts follow each other until one is signed; a signed one never changes.
circulars = sa.Table(
    "circulars",
    metadata,
    id_column(),
    county_column(),
    sa.Column("month", sa.String(7), nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),  # counts the drafts of the month, from 1
    sa.Column("state", sa.String(16), nullable=False),  # draft | consulting | signed | issued | replaced
    sa.Column("as_of", Instant, nullable=False),  # the instant whose decisions it counts
    sa.Column("values", sa.JSON, nullable=False),  # the values that fill in its text
    sa.Column("text", sa.JSON, nullable=False),  # the paragraphs, frozen at the signature
    sa.Column("digest", sa.String(64), nullable=False, server_default=""),  # SHA-256 of the signed content
    sa.Column("rulebook", sa.String(64), nullable=False),
    sa.Column("drafted_by", sa.String(128), nullable=False),
    sa.Column("drafted_at", Instant, nullable=False),
    sa.Column("consulted_at", Instant),
    sa.Column("window_until", sa.Date),  # the last day for objections
    sa.Column("signed_by", sa.String(128), nullable=False, server_default=""),
    sa.Column("signed_at", Instant),
    sa.Column("year", sa.Integer),
    sa.Column("number", sa.Integer),  # 〔year〕number号, given when it is issued
    sa.Column("issued_by", sa.String(128), nullable=False, server_default=""),
    sa.Column("issued_at", Instant),
    sa.UniqueConstraint("county", "month", "edition"),
    sa.UniqueConstraint("county", "year", "number"),
)

#: The lines of a circular, each about one occurrence; frozen with it.
circular_lines = sa.Table(
    "circular_lines",
    metadata,
    sa.Column("circular", sa.ForeignKey("circulars.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True),  # 序号, from 1; kept from the draft on
    sa.Column("occurrence", sa.String(512), nullable=False),
    sa.Column("department", sa.String(256), nullable=False),
    sa.Column("problem", sa.String(16), nullable=False),
    sa.Column("shown", sa.JSON, nullable=False),
    sa.Column("dropped", sa.Text, nullable=False, server_default=""),  # why it was removed before the signature
    sa.Column("mended_on", sa.Date),  # 销号
    sa.Index("ix_circular_lines_occurrence", "occurrence"),
)

#: Corrections (更正) of lines of issued circulars; the circular itself is never changed.
errata = sa.Table(
    "errata",
    metadata,
    id_column(),
    sa.Column("circular", sa.ForeignKey("circulars.id"), nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("truth", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.String(128), nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.UniqueConstraint("circular", "line"),
)

#: A circular (line 0) or the erratum of a line as issued, numbered in one series, with the bytes that were mailed.
#: Only `pdf` is added later, once, where the machine can print PDF.
circular_papers = sa.Table(
    "circular_papers",
    metadata,
    id_column(),
    county_column(),
    sa.Column("circular", sa.ForeignKey("circulars.id"), nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("values", sa.JSON, nullable=False),
    sa.Column("text", sa.JSON, nullable=False),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("docx", sa.LargeBinary, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # SHA-256 of the .docx
    sa.Column("pdf", sa.LargeBinary),
    sa.UniqueConstraint("circular", "line"),
    sa.UniqueConstraint("county", "year", "number"),
)

#: The numbered overdue reports (专报) as sent: one for a report, numbered within a county and year.
bulletins = sa.Table(
    "bulletins",
    metadata,
    sa.Column("county", sa.ForeignKey("counties.id"), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("subject", sa.String(512), nullable=False),  # report:overdue:DATE
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("docx", sa.LargeBinary, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # SHA-256 of the .docx
    sa.UniqueConstraint("county", "subject"),
)

#: One scheduler per database; the lease is renewed by its heartbeat.
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("holder", sa.String(128), nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("until", Instant, nullable=False),
)

#: Every run of a job, one per slot; they show in which hours nothing was observed.
runs = sa.Table(
    "runs",
    metadata,
    id_column(),
    sa.Column("job", sa.String(32), nullable=False),
    sa.Column("slot_at", Instant, nullable=False),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("outcome", sa.String(16), nullable=False, server_default="running"),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("job", "slot_at"),
)

#: Failures of an occurrence, page or mailbox in a pass, which did not stop the pass.
faults = sa.Table(
    "faults",
    metadata,
    id_column(),
    sa.Column("county", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(512), nullable=False),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("first_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("count", sa.Integer, nullable=False, server_default="1"),
    sa.Column("cleared_at", Instant),
    sa.UniqueConstraint("county", "subject", "action"),
)
