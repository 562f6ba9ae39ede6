"""The notices that were sent or wait to be sent, and how many messages count towards the rates."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from tracker.store.engine import Tx
from tracker.store.tables import events, messages, notices

_FIRST = sa.select(sa.func.min(notices.c.not_before)).where(notices.c.state == "due").scalar_subquery()
_AGAIN = sa.select(sa.func.min(messages.c.next_attempt_at)).where(messages.c.state == "sending").scalar_subquery()
_NEXT_DELIVERY = sa.select(_FIRST, _AGAIN)


def find_next_delivery(tx: Tx) -> datetime | None:
    """The earliest instant at which something may be sent or tried again."""
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
    # The subject stands in the index of the county's notices: no other row is looked at.
    .where(notices.c.county == sa.bindparam("county"), notices.c.subject.startswith("report:"))
    .where(notices.c.kind == "report", notices.c.state == "sent", _DAY.not_in(_RECORDED))
    .group_by(notices.c.subject)
    .order_by(notices.c.subject)
)


def list_unrecorded_reports(tx: Tx, county: str) -> list[tuple[str, datetime]]:
    """The reports that were sent and are not on record as an event yet: (`report:KIND:DATE`, when)."""
    return [(subject, sent_at) for subject, sent_at in tx.execute(_UNRECORDED, {"county": county})]


def list_notices_about(tx: Tx, county: str, subject: str) -> list[sa.RowMapping]:
    """What was decided to be told about one subject, to whom it went and when, in the order of decision."""
    shown = (
        "step", "kind", "role", "department", "channel", "due_revision", "episode", "reason", "decided_at", "state",
        "state_reason",
    )  # fmt: skip
    query = (
        sa.select(*(notices.c[name] for name in shown), messages.c.recipient, messages.c.sent_at)
        .outerjoin(messages, messages.c.id == notices.c.message)
        .where(notices.c.county == county, notices.c.subject == subject)
        .order_by(notices.c.id)
    )
    return list(tx.execute(query).mappings())


#: On PostgreSQL whoever counts holds this until its claim is committed ("rates"). SQLite has one writer anyway.
_COUNTING = 0x7261746573
_sent = messages.c.sent_at > sa.bindparam("since")
_under_way = sa.and_(messages.c.state == "sending", messages.c.lease_until > sa.bindparam("since"))
_refused = sa.and_(messages.c.state == "failed", messages.c.next_attempt_at > sa.bindparam("since"))
_TRIED = (
    sa.select(sa.func.count())
    .select_from(messages)
    .where(messages.c.channel == sa.bindparam("channel"), sa.or_(_sent, _under_way, _refused))
)
_ON_ITS_WAY = sa.and_(messages.c.state == "sending", messages.c.lease_until > sa.bindparam("now"))
_READ = (
    sa.select(messages.c.recipient, sa.func.count())
    .where(messages.c.channel == sa.bindparam("channel"))
    .where(messages.c.recipient.in_(sa.bindparam("recipients", expanding=True)), sa.or_(_sent, _ON_ITS_WAY))
    .group_by(messages.c.recipient)
)


def lock_counting(tx: Tx) -> None:
    """Until the transaction ends nobody else counts, so that no two take the same room."""
    if tx.dialect.name == "postgresql":
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_COUNTING)))


def count_tried(tx: Tx, channel: str, since: datetime) -> int:
    """How many messages the channel was given after `since`, whatever became of them."""
    return int(tx.execute(_TRIED, {"channel": channel, "since": since}).scalar_one())


def count_sent(tx: Tx, channel: str, recipients: Collection[str], since: datetime, now: datetime) -> dict[str, int]:
    """How many messages each of them was sent after `since` or is being sent now."""
    values = {"channel": channel, "recipients": list(recipients), "since": since, "now": now}
    return {one: int(number) for one, number in tx.execute(_READ, values)}
