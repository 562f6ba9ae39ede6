"""What no decision rests on is not kept for ever: the bytes of old mails, pages that no column leads to any more."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import sqlalchemy as sa

from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append
from tracker.store.tables import messages, pages


def empty_messages(tx: Tx, before: datetime, now: datetime) -> int:
    """Take the bytes out of what left before then; that it was sent, to whom and when stays."""
    left = messages.c.state.in_(("sent", "bounced"))
    old = (left, messages.c.sent_at < before, sa.func.length(messages.c.body) > 0)
    emptied = messages.update().where(*old).values(body=b"").returning(messages.c.county)
    counts = Counter(tx.execute(emptied).scalars())
    for county, count in sorted(counts.items()):
        after = {"count": count, "sent_before": before.astimezone(UTC).isoformat()}
        append(tx, county, [JournalEntry("duban", "messages.emptied", "retention:messages", None, after)], now)
    return counts.total()


def forget_pages(tx: Tx, before: datetime) -> int:
    """Drop what was kept of listing pages not read since then: they would only be parsed anew."""
    return int(tx.execute(pages.delete().where(pages.c.read_at < before)).rowcount)
