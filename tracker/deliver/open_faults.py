"""The open faults that a pass knows, and what one transaction changes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tracker.deliver.mailboxes import BOUNCED
from tracker.store.engine import Tx
from tracker.store.faults import clear_fault, record_fault
from tracker.store.journal import JournalEntry, append_entries

#: County, subject and action of a fault.
FaultKey = tuple[str, str, str]


@dataclass(slots=True)
class FaultChanges:
    """Records and clears faults in one transaction. `known`: the open faults of the pass, which change with `keep`."""

    tx: Tx
    known: set[FaultKey]
    now: datetime
    _opened: set[FaultKey] = field(default_factory=set)
    _cleared: set[FaultKey] = field(default_factory=set)

    def add(self, county: str, subject: str, action: str, text: str) -> bool:
        """Record a fault. Return whether it is new."""
        record_fault(self.tx, county, subject, action, text, self.now)
        return self.note((county, subject, action))

    def note(self, key: FaultKey) -> bool:
        """Note that a fault is open, which the caller recorded. Return whether it is new."""
        is_new = not self._is_open(key)
        self._opened.add(key)
        self._cleared.discard(key)
        return is_new

    def clear(self, county: str, subject: str, action: str) -> None:
        """Clear a fault if it is open."""
        key = (county, subject, action)
        if self._is_open(key):
            self._opened.discard(key)
            self._cleared.add(key)
            if clear_fault(self.tx, county, subject, action, self.now) and action == BOUNCED:
                append_entries(self.tx, county, [JournalEntry("outbox", "mailbox.mended", subject)], self.now)

    def keep(self) -> None:
        """Change what the pass knows. Called once the transaction is committed: if it fails, nothing has changed."""
        self.known.difference_update(self._cleared)
        self.known.update(self._opened)

    def _is_open(self, key: FaultKey) -> bool:
        return key in self._opened or (key in self.known and key not in self._cleared)
