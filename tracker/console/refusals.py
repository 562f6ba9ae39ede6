"""Notes in the journal who tried what is not theirs to do."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from tracker.store.engine import Store
from tracker.store.journal import JournalEntry, append_entries, list_rows

#: The same attempt of the same person is noted once in this time, so that nobody fills the journal.
_ONCE = timedelta(hours=1)


def note_refusal(
    store: Store, county: str, who: str, subject: str, attempt: dict[str, str], *, via: str, now: datetime
) -> None:
    """Note the attempt at `subject` (`page:NAME`, `token:ID`)."""
    with store.begin(via=via) as tx:
        noted = list_rows(tx, county, subject=subject, action="access.refused", who=who, since=now - _ONCE)
        if not any(json.loads(row.after) == attempt for row in noted):
            append_entries(tx, county, [JournalEntry(who, "access.refused", subject, None, attempt)], now)
