"""Defines the tables. Each has the constraint that keeps its rows unique; migrations/ creates them.

Facts have a `seq`, a number that grows within a county and is taken under the lock of the county's row, so that a
query for all facts after a number misses none, however many processes write.
"""

from __future__ import annotations

import sqlalchemy as sa

from tracker.core.values.facts import VisitOutcome
from tracker.core.values.verdicts import Light, Status
from tracker.store import tables_accounts as tables_accounts  # adds its tables to the metadata
from tracker.store import tables_answers as tables_answers
from tracker.store import tables_certificates as tables_certificates
from tracker.store import tables_cluster as tables_cluster
from tracker.store import tables_reports as tables_reports
from tracker.store import tables_requests as tables_requests
from tracker.store.columns import (
    Addresses,
    Attachments,
    Dates,
    EnumText,
    Instant,
    MomentText,
    OptionalText,
    Questions,
    Reached,
    county_column,
    id_column,
    seq_column,
)
from tracker.store.columns import metadata as metadata

#: One row per county: its lock orders the facts, and it has the head of the journal.
counties = sa.Table(
    "counties",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("journal_height", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("journal_head", sa.String(64), nullable=False, server_default=""),
    sa.Column("rulebook", sa.String(64), nullable=False, server_default=""),
    sa.Column("calendar", sa.String(64), nullable=False, server_default=""),
    sa.Column("ticked_at", Instant),
    sa.Column("decided_by", sa.String(160), nullable=False, server_default=""),  # program version and hashes of rules
    sa.Column("decided_seq", sa.BigInteger, nullable=False, server_default="0"),  # the last fact that was decided on
    sa.Column("next_at", Instant),  # when time alone changes a notice not about an occurrence
    sa.Column("opened_until", sa.Date),  # what opens by that day has its occurrence
)

#: Every rulebook and calendar that was ever in force, by the SHA-256 of its canonical body.
documents = sa.Table(
    "documents",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),  # rulebook | calendar
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("loaded_at", Instant, nullable=False),
)

events = sa.Table(
    "events",
    metadata,
    id_column(),
    county_column(),
    seq_column(),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("department", sa.String(64), nullable=False),
    sa.Column("duty", OptionalText(64), nullable=False, server_default=""),  # None: every duty of the event
    sa.Column("reference", sa.String(128), nullable=False),
    sa.Column("occurred", MomentText, nullable=False),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("by", sa.String(128), nullable=False, server_default=""),
    sa.Column("withdrawn_at", Instant),
    sa.UniqueConstraint("county", "name", "department", "duty", "reference"),
    sa.Index("ix_events_county_seq", "county", "seq"),
)

visits = sa.Table(
    "visits",
    metadata,
    id_column(),
    county_column(),
    seq_column(),
    sa.Column("column", sa.String(192), nullable=False),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("ended_at", Instant, nullable=False),
    sa.Column("outcome", EnumText(VisitOutcome), nullable=False),
    sa.Column("reached", Reached, nullable=False, server_default=""),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("entries", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("certificate", sa.String(16), nullable=False, server_default=""),  # its digest
    sa.UniqueConstraint("county", "column", "began_at"),
    sa.Index("ix_visits_county_seq", "county", "seq"),
    sa.Index("ix_visits_county_outcome", "county", "outcome"),
)

entries = sa.Table(
    "entries",
    metadata,
    id_column(),
    county_column(),
    seq_column(),  # renewed by a new version, disappearance or return; not by a mere sighting
    sa.Column("column", sa.String(192), nullable=False),
    sa.Column("url", sa.String(2048), nullable=False),
    sa.Column("publisher", sa.String(128), nullable=False, server_default=""),
    sa.Column("listed_title", sa.Text, nullable=False, server_default=""),  # as the listing prints it
    sa.Column("listed_claimed", MomentText),
    sa.Column("first_seen_at", Instant, nullable=False),
    sa.Column("last_seen_at", Instant, nullable=False),
    sa.Column("missing_at", Instant),  # since when complete visits do not list it; its address may still answer
    sa.Column("gone_at", Instant),
    sa.Column("gone_status", sa.Integer),
    sa.Column("hollow_at", Instant),  # since when its page is empty; gone only after a second reading
    sa.Column("read_at", Instant),  # when its article was last requested
    sa.Column("etag", sa.Text, nullable=False, server_default=""),
    sa.Column("last_modified", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("county", "column", "url"),
    sa.Index("ix_entries_county_seq", "county", "seq"),
)

entry_versions = sa.Table(
    "entry_versions",
    metadata,
    sa.Column("entry", sa.ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("claimed", MomentText),
    sa.Column("claimed_from", sa.String(32), nullable=False, server_default=""),  # tag | line | url | listing…
    sa.Column("text", sa.Text),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("source", sa.String(256), nullable=False, server_default=""),
    sa.Column("attachments", Attachments, nullable=False),
    sa.Column("dates", Dates),
    sa.Column("fingerprint", sa.String(96), nullable=False, server_default=""),  # of the text, to find it elsewhere
)

#: Where in the WARC files each answer of the site is, also an unreadable one; a readable one is valid until the next.
captures = sa.Table(
    "captures",
    metadata,
    id_column(),
    county_column(),
    sa.Column("column", sa.String(192), nullable=False, server_default=""),
    sa.Column("kind", sa.String(16), nullable=False),  # listing | article | file
    sa.Column("url", sa.String(2048), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),  # as of a visit: read, refused, unreachable…
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # SHA-256 of the body as it was sent, unpacked
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("file", sa.String(256), nullable=False),  # relative to the archive's folder
    sa.Column("offset", sa.BigInteger, nullable=False),
    sa.Column("length", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("county", "kind", "url", "at"),
    sa.Index("ix_captures_county_column_at", "county", "column", "at"),
)

#: The content of each listing page at its last reading, so that an unchanged page is not parsed again.
pages = sa.Table(
    "pages",
    metadata,
    sa.Column("county", sa.ForeignKey("counties.id"), primary_key=True),
    sa.Column("url", sa.String(2048), primary_key=True),
    sa.Column("etag", sa.Text, nullable=False, server_default=""),
    sa.Column("last_modified", sa.Text, nullable=False, server_default=""),
    sa.Column("digest", sa.String(64), nullable=False, server_default=""),
    sa.Column("parsed", sa.JSON, nullable=False),
    sa.Column("read_at", Instant, nullable=False),
)

filings = sa.Table(
    "filings",
    metadata,
    id_column(),
    county_column(),
    seq_column(),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("occurrence", sa.String(512), nullable=False),
    sa.Column("part", OptionalText(64), nullable=False, server_default=""),  # None: all parts
    sa.Column("form", sa.String(16), nullable=False, server_default=""),
    sa.Column("proof", sa.Text, nullable=False, server_default=""),
    sa.Column("digest", sa.String(64), nullable=False),  # SHA-256 of the proof, whose text is too long for an index
    sa.Column("claimed", MomentText),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("by", sa.String(128), nullable=False),
    sa.Column("withdrawn_at", Instant),
    sa.Index("ix_filings_county_seq", "county", "seq"),
    sa.UniqueConstraint("county", "kind", "occurrence", "part", "digest"),
)

#: The files that people filed. Each is kept for good in the folder of filed files, named by its SHA-256.
filed_files = sa.Table(
    "filed_files",
    metadata,
    sa.Column("county", sa.ForeignKey("counties.id"), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),  # by its content: jpeg, pdf…
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("filed_at", Instant, nullable=False),
)

rulings = sa.Table(
    "rulings",
    metadata,
    id_column(),
    county_column(),
    seq_column(),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("occurrence", sa.String(512), nullable=False),
    sa.Column("target", sa.Text, nullable=False, server_default=""),
    sa.Column("part", OptionalText(64), nullable=False, server_default=""),  # None: all parts
    sa.Column("as_seen", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("by", sa.String(128), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False, server_default="0"),  # counts the rulings on its subject
    sa.Column("ground", sa.String(32), nullable=False, server_default=""),
    sa.Column("basis", sa.Text, nullable=False, server_default=""),
    sa.Column("until", sa.Date),
    sa.Column("asked_by", sa.String(128), nullable=False, server_default=""),
    sa.UniqueConstraint("county", "occurrence", "number"),
    sa.Index("ix_rulings_county_seq", "county", "seq"),
)

#: The last decision about each occurrence, for episodes, revisions and lists; `next_at`: when time alone may change it.
occurrences = sa.Table(
    "occurrences",
    metadata,
    sa.Column("key", sa.String(512), primary_key=True),
    county_column(),
    sa.Column("pack", sa.String(64), nullable=False),
    sa.Column("duty", sa.String(64), nullable=False),
    sa.Column("department", sa.String(256), nullable=False),
    sa.Column("label", sa.String(256), nullable=False),
    sa.Column("opens_on", sa.Date),
    sa.Column("due_on", sa.Date),
    sa.Column("due_at", Instant),
    sa.Column("due_revision", sa.Integer, nullable=False, server_default="0"),
    sa.Column("episode", sa.Integer, nullable=False, server_default="0"),
    sa.Column("provisional", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("assumed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("derivation", sa.Text, nullable=False, server_default=""),
    sa.Column("status", EnumText(Status), nullable=False),
    sa.Column("light", EnumText(Light, 8), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("proved_at", Instant),
    sa.Column("closed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("next_at", Instant),
    sa.Column("since", Instant),  # from when the department is liable, where that is later than due
    sa.Column("wanting", Addresses),  # addresses of entries that may still gain a missing part
    sa.Column("rests_on", Addresses),  # addresses of the entries that prove it
    sa.Column("awaits_visit", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("asks", sa.Boolean, nullable=False, server_default=sa.false()),  # a person may have to decide about it
    sa.Column("questions", Questions),  # those that a person has to decide, as the last pass asks them
    sa.Column("look_at", Instant),  # from when on the next second look is wanted
    sa.Column("rulebook", sa.String(64), nullable=False),
    sa.Column("calendar", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Index("ix_occurrences_county_department", "county", "department"),
    # Counted by duty and department from this one alone, in its order.
    sa.Index("ix_occurrences_duties", "county", "duty", "department", "pack", "status", "due_on", "closed", "light"),
    sa.Index("ix_occurrences_county_created_at", "county", "created_at"),
    # With the key: the list of matters is put in order from it alone.
    sa.Index(
        "ix_occurrences_lights", "county", "closed", "status", "due_on", "pack", "duty", "department", "light", "key"
    ),
)
# Of closed years none of these holds a row: what a pass asks for costs what is open.
for _name, _columns, _where in (
    ("ix_occurrences_next", ("county", "next_at"), occurrences.c.next_at.is_not(None)),
    ("ix_occurrences_awaiting", ("county",), occurrences.c.awaits_visit.is_(True)),
    ("ix_occurrences_asking", ("county",), occurrences.c.asks.is_(True)),
):
    sa.Index(_name, *(occurrences.c[_column] for _column in _columns), sqlite_where=_where, postgresql_where=_where)

#: The decisions to notify a role. The unique key makes each notice go out only once.
notices = sa.Table(
    "notices",
    metadata,
    id_column(),
    county_column(),
    sa.Column("subject", sa.String(512), nullable=False),  # occurrence key, column:… or report:KIND:DATE
    sa.Column("due_revision", sa.Integer, nullable=False),
    sa.Column("episode", sa.Integer, nullable=False),
    sa.Column("step", sa.String(64), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("role", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("department", sa.String(256), nullable=False, server_default=""),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),  # the values for the templates, frozen at the decision
    sa.Column("decided_at", Instant, nullable=False),
    sa.Column("not_before", Instant, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # due | claimed | sent | cancelled | superseded | failed
    sa.Column("state_reason", sa.Text, nullable=False, server_default=""),
    sa.Column("message", sa.ForeignKey("messages.id")),
    sa.UniqueConstraint("county", "subject", "due_revision", "episode", "step", "ordinal", "role", "channel"),
    sa.Index("ix_notices_state_not_before", "state", "not_before"),
    sa.Index("ix_notices_county_subject", "county", "subject"),
    sa.Index("ix_notices_county_step", "county", "step"),
    sa.Index("ix_notices_message", "message"),
)

#: Numbered 督办单: numbers are unique within a county and year, and each step of an occurrence has one slip.
slips = sa.Table(
    "slips",
    metadata,
    sa.Column("county", sa.ForeignKey("counties.id"), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("occurrence", sa.String(512), nullable=False),
    sa.Column("due_revision", sa.Integer, nullable=False),
    sa.Column("episode", sa.Integer, nullable=False),
    sa.Column("step", sa.String(64), nullable=False),
    sa.Column("issued_at", Instant, nullable=False),
    sa.UniqueConstraint("county", "occurrence", "due_revision", "episode", "step"),
)

#: The messages to send: notices and bytes are frozen at the claim. The Message-ID is derived from the id.
messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    county_column(),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("role", sa.String(64), nullable=False),
    sa.Column("department", sa.String(256), nullable=False, server_default=""),
    sa.Column("recipient", sa.String(320), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # sending | sent | failed | dropped | bounced
    sa.Column("doubtful", sa.Boolean, nullable=False, server_default=sa.false()),  # an earlier attempt may have arrived
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("claimed_at", Instant, nullable=False),
    sa.Column("holder", sa.String(128), nullable=False, server_default=""),  # the process that sends it
    sa.Column("lease_until", Instant, nullable=False),
    sa.Column("next_attempt_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("answer", sa.Text, nullable=False, server_default=""),
    sa.Index("ix_messages_state_next_attempt_at", "state", "next_attempt_at"),
    sa.Index("ix_messages_sent_at", "sent_at"),
    sa.Index("ix_messages_county_sent_at", "county", "sent_at"),
)

#: Append-only, one chain per county: each row has the hash of the row before.
journal = sa.Table(
    "journal",
    metadata,
    sa.Column("county", sa.ForeignKey("counties.id"), primary_key=True),
    sa.Column("height", sa.BigInteger, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("who", sa.String(128), nullable=False),  # a person, or rule:DIGEST
    sa.Column("action", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(512), nullable=False),
    sa.Column("before", sa.Text, nullable=False, server_default=""),  # canonical JSON or ""
    sa.Column("after", sa.Text, nullable=False, server_default=""),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("origin", sa.Text, nullable=False, server_default=""),  # the process, page or file it came from
    sa.Column("form", sa.Integer, nullable=False),  # of the bytes that were hashed
    sa.Index("ix_journal_county_subject", "county", "subject"),
    sa.Index("ix_journal_county_at", "county", "at"),
)
