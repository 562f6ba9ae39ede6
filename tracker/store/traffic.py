"""What has left and what is under way, for the rates: counted in the database, so that it holds for every process."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from tracker.store.engine import Tx
from tracker.store.tables import messages

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


def count_alone(tx: Tx) -> None:
    """Until the transaction ends nobody else counts, so that no two take the same room."""
    if tx.dialect.name == "postgresql":
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_COUNTING)))


def tried_since(tx: Tx, channel: str, since: datetime) -> int:
    """How many messages the channel was given after `since`, whatever became of them."""
    return int(tx.execute(_TRIED, {"channel": channel, "since": since}).scalar_one())


def sent_to(tx: Tx, channel: str, recipients: Collection[str], since: datetime, now: datetime) -> dict[str, int]:
    """How many messages each of them was sent after `since` or is being sent now."""
    values = {"channel": channel, "recipients": list(recipients), "since": since, "now": now}
    return {one: int(number) for one, number in tx.execute(_READ, values)}
