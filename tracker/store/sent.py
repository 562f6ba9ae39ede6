"""Reads which notices were sent or wait to be sent, and counts messages for the rate limits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from tracker.store.engine import Tx
from tracker.store.instants import is_ahead, lies_since
from tracker.store.messages import LEASE
from tracker.store.tables import events, messages, notices

_FIRST_DUE = sa.select(sa.func.min(notices.c.not_before)).where(notices.c.state == "due").scalar_subquery()
_NEXT_RETRY = sa.select(sa.func.min(messages.c.next_attempt_at)).where(messages.c.state == "sending").scalar_subquery()
_NEXT_DELIVERY = sa.select(_FIRST_DUE, _NEXT_RETRY)


def find_next_delivery(tx: Tx) -> datetime | None:
    """The earliest instant at which a notice may be sent or a message tried again."""
    instants = tx.execute(_NEXT_DELIVERY).one()
    return min((instant for instant in instants if instant is not None), default=None)


def list_sent_notices(tx: Tx, after: int = 0) -> list[sa.RowMapping]:
    """Every notice that was sent, with its message, in the order of sending; `after`: a notice's id."""
    query = (
        sa.select(
            notices,
            messages.c.recipient,
            messages.c.sent_at,
            messages.c.subject.label("mail_subject"),
        )
        .join(messages, messages.c.id == notices.c.message)
        .where(notices.c.state == "sent", notices.c.id > after)
        .order_by(messages.c.sent_at, messages.c.id, notices.c.id)
    )
    return list(tx.execute(query).mappings())


_DAY = sa.func.substr(notices.c.subject, sa.func.length(notices.c.subject) - 9)
_RECORDED = sa.select(events.c.reference).where(events.c.county == sa.bindparam("county"), events.c.by == "duban")
_UNRECORDED = (
    sa.select(notices.c.subject, sa.func.min(messages.c.sent_at))
    .join(messages, messages.c.id == notices.c.message)
    # The index of the county's notices holds the subject, so that only the reports are read.
    .where(notices.c.county == sa.bindparam("county"), notices.c.subject.startswith("report:"))
    .where(notices.c.kind == "report", notices.c.state == "sent", _DAY.not_in(_RECORDED))
    .group_by(notices.c.subject)
    .order_by(notices.c.subject)
)


def list_unrecorded_reports(tx: Tx, county: str) -> list[tuple[str, datetime]]:
    """The sent reports that are not recorded as an event yet: (`report:KIND:DATE`, when sent)."""
    return [(subject, sent_at) for subject, sent_at in tx.execute(_UNRECORDED, {"county": county})]


def list_notices_about(tx: Tx, county: str, subject: str) -> list[sa.RowMapping]:
    """The notices about a subject with their recipients and times of sending, in the order of decision."""
    columns = (
        "step", "kind", "role", "department", "channel", "due_revision", "episode", "reason", "decided_at", "state",
        "state_reason",
    )  # fmt: skip
    query = (
        sa.select(*(notices.c[name] for name in columns), messages.c.recipient, messages.c.sent_at)
        .outerjoin(messages, messages.c.id == notices.c.message)
        .where(notices.c.county == county, notices.c.subject == subject)
        .order_by(notices.c.id)
    )
    return list(tx.execute(query).mappings())


#: The advisory lock on PostgreSQL that a process holds from counting to the commit of its claim ("rates"); SQLite
#: has only one writer.
_COUNTING = 0x7261746573


def lock_counting(tx: Tx) -> None:
    """Lock counting until the transaction ends, so that no two processes use the same quota."""
    if tx.dialect.name == "postgresql":
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_COUNTING)))


def count_tried(tx: Tx, channel: str, since: datetime, now: datetime) -> int:
    """The number of messages tried on the channel after `since`, sent or not."""
    is_tried = sa.or_(
        lies_since(messages.c.sent_at, since, now),
        sa.and_(messages.c.state == "sending", is_ahead(messages.c.lease_until, since, now - since + LEASE)),
        sa.and_(messages.c.state == "failed", lies_since(messages.c.next_attempt_at, since, now)),
    )
    query = sa.select(sa.func.count()).select_from(messages).where(messages.c.channel == channel, is_tried)
    return int(tx.execute(query).scalar_one())


def count_sent(tx: Tx, channel: str, recipients: Collection[str], since: datetime, now: datetime) -> dict[str, int]:
    """The number of messages sent to each recipient after `since` or being sent now."""
    is_sent = lies_since(messages.c.sent_at, since, now)
    is_sending = sa.and_(messages.c.state == "sending", is_ahead(messages.c.lease_until, now, LEASE))
    query = (
        sa.select(messages.c.recipient, sa.func.count())
        .where(messages.c.channel == channel, messages.c.recipient.in_(recipients), sa.or_(is_sent, is_sending))
        .group_by(messages.c.recipient)
    )
    return {recipient: int(count) for recipient, count in tx.execute(query)}
