"""What no decision rests on is not kept for ever: the bytes of old mails, pages that no column leads to any more."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.store.engine import Tx
from tracker.store.tables import messages, pages


async def empty_messages(tx: Tx, before: datetime) -> int:
    """Take the bytes out of what left before then; that it was sent, to whom and when stays."""
    left = messages.c.state.in_(("sent", "bounced"))
    old = (left, messages.c.sent_at < before, sa.func.length(messages.c.body) > 0)
    return int((await tx.execute(messages.update().where(*old).values(body=b""))).rowcount)


async def forget_pages(tx: Tx, before: datetime) -> int:
    """Drop what was kept of listing pages not read since then: they would only be parsed anew."""
    return int((await tx.execute(pages.delete().where(pages.c.read_at < before))).rowcount)
