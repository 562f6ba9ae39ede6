"""Watches what is really written: a transaction that changes a register adds to the journal, or the test fails."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from tracker.store.chain import verify_chain
from tracker.store.journal import ROWS_WRITTEN
from tracker.store.row_check import verify_rows

#: What is journalled in the very transaction that changes it, whatever changes it: by which actions.
AT_ONCE = {
    "events": "event.recorded, event.corrected, event.restored, event.withdrawn",
    "filings": "attestation.filed, zero-report.filed, upkeep.filed and their withdrawal",
    "filed_files": "with its filing",
    "rulings": "ruling.KIND: evidence, exemptions, adoptions, objections",
    "acknowledgements": "notice.answered",
    "silences": "silence.ordered, silence.lifted",
    "slips": "slip.numbered",
    "circulars": "circular.…",
    "circular_lines": "circular.…",
    "errata": "circular.…",
    "requests": "request.MOVE, complaint.MOVE, question.MOVE, and .step-withdrawn",
    "request_moves": "the same, and .remarked",
    "persons": "person.recorded, person.replaced, persons.deleted; a rotation as persons.reencrypted",
    "person_looks": "person.looked",
    "column_confirmations": "column.confirmed, column.withdrawn",
    "api_tokens": "token.added, token.revoked",
    "reviews": "review.asked, review.decided, review.placed, review.withdrawn",
}
#: What is journalled where it means something, and what is not, with the reason.
OTHERWISE = {
    "counties": "the head of the journal itself; rulebook.in-force and calendar.in-force at the first pass under them",
    "documents": "bodies under their own hash; which is in force is journalled by the first pass under it",
    "occurrences": "occurrence.opened, due.moved, status, occurrence.closed; next_at is a hint",
    "standings": "the same decisions, as they stood",
    "notices": "notice.decided, .superseded, .cancelled, .sent, .dropped, .failed, .bounced; claims are under way",
    "messages": "notice.sent and the like name the message; messages.emptied",
    "circular_papers": "circular.issued, circular.corrected with number and hash; the .pdf is made of the .docx later",
    "bulletins": "report.decided with the number; the paper is made of that report",
    "captures": "archive.deleted; what the site said lies in the archive",
    "faults": "mailbox.failed and mailbox.mended; others come and go without a decision",
    "visits": "what was seen on the site is nobody's decision; the archive holds it",
    "certificates": "the same",
    "second_looks": "the same: what the crawl looked at, and when",
    "entries": "the same",
    "entry_versions": "the same",
    "pages": "a cache of listing pages",
    "leases": "who keeps time",
    "accounts": "account.added, .disabled, .reset, .sessions-ended, .password, .second-factor; not the last code",
    "feeds": "account.feed-made, .feed-ended, and what ends all sessions; who has the secret reads and changes nothing",
    "api_receipts": "events.imported, evidence.named: what was answered is kept to be answered again",
    "sessions": "who is logged in; what they do names them",
    "login_failures": "account.waits where an account begins to wait",
    "runs": "when jobs ran",
    "passes": "what of a run is to be done",
    "host_turns": "whose turn it is to ask a host",
    "journal": "itself",
}
_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)


@contextmanager
def every_change_journalled() -> Iterator[list[str]]:
    """Collects, of every database of this process, the registers that a commit changed without a journal line."""
    written: dict[Any, list[tuple[str, Callable[[], int]]]] = defaultdict(list)
    unsaid: list[str] = []

    def executed(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        # What is recorded of every row by itself says nothing of the act.
        if (found := _WRITES.match(statement)) and not (found[1] == "journal" and ROWS_WRITTEN in str(parameters)):
            # SQLite knows how many a statement has changed once the rows that it returns are fetched.
            changed = cursor.rowcount
            written[connection].append((found[1], lambda: changed if changed > 0 else cursor.rowcount))

    def committed(connection: Any) -> None:
        tables = {table for table, changed in written.pop(connection, []) if changed() > 0}
        if "journal" not in tables:
            unsaid.extend(sorted(tables & AT_ONCE.keys()))

    def rolled_back(connection: Any) -> None:
        written.pop(connection, None)

    listeners = (("after_cursor_execute", executed), ("commit", committed), ("rollback", rolled_back))
    for name, listener in listeners:
        sa.event.listen(sa.Engine, name, listener)
    try:
        yield unsaid
    finally:
        for name, listener in listeners:
            sa.event.remove(sa.Engine, name, listener)


def assert_journal_holds(tx: sa.Connection, county: str) -> None:
    """The chain is whole, and every row on which something depends is as the journal says."""
    assert verify_chain(tx, county) == []
    assert verify_rows(tx, county)[1] == []
