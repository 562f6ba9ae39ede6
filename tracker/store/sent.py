"""What left the house and what waits to leave: for the replay, the demo and the reports."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.store.engine import Tx
from tracker.store.tables import events, messages, notices


async def next_delivery(tx: Tx) -> datetime | None:
    """The earliest instant at which something may be sent or tried again."""
    first = sa.select(sa.func.min(notices.c.not_before)).where(notices.c.state == "due")
    again = sa.select(sa.func.min(messages.c.next_attempt_at)).where(messages.c.state == "sending")
    instants = (await tx.execute(sa.select(first.scalar_subquery(), again.scalar_subquery()))).one()
    return min((one for one in instants if one is not None), default=None)


async def sent_notices(tx: Tx, after: int = 0) -> list[sa.RowMapping]:
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
    return list((await tx.execute(query)).mappings())


async def sent_reports(tx: Tx, county: str) -> list[tuple[str, datetime]]:
    """The reports that were sent and are not on record as an event yet: (`report:KIND:DATE`, when)."""
    day = sa.func.substr(notices.c.subject, sa.func.length(notices.c.subject) - 9)
    recorded = sa.select(events.c.reference).where(events.c.county == county, events.c.by == "duban")
    query = (
        sa.select(notices.c.subject, sa.func.min(messages.c.sent_at))
        .join(messages, messages.c.id == notices.c.message)
        .where(notices.c.county == county, notices.c.kind == "report", notices.c.state == "sent")
        .where(day.not_in(recorded))
        .group_by(notices.c.subject)
        .order_by(notices.c.subject)
    )
    return [(subject, sent_at) for subject, sent_at in await tx.execute(query)]
