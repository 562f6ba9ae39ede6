"""Counts of a crawl, by column (栏目) of the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.core.values.facts import VisitOutcome
from tracker.core.values.message import ListedWord, Message
from tracker.store.site import NewVersion


@dataclass(slots=True)
class ColumnResult:
    """What a visit to one column gave. `note` (Chinese): why it could not be read, or how far it was read."""

    column: str
    outcome: VisitOutcome
    note: str = ""
    pages: int = 0
    entries: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    returned: int = 0

    @property
    def looked(self) -> bool:
        """Whether the column could be read."""
        return self.outcome is VisitOutcome.READ

    def count(self, changed_fields: Mapping[str, object], version: NewVersion | None) -> None:
        """Count the change of one entry: its changed fields, and its new version if it has one."""
        # A version that replaces the stored one fills in what no earlier reading gave: the site changed nothing.
        self.changed += version is not None and not version.replaces
        if "gone_at" in changed_fields:
            self.gone += changed_fields["gone_at"] is not None
            self.returned += changed_fields["gone_at"] is None


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """A pass over one county's columns."""

    county: str
    began_at: datetime
    ended_at: datetime
    columns: tuple[ColumnResult, ...] = ()
    requests: int = 0

    @property
    def could_not_look(self) -> tuple[ColumnResult, ...]:
        """The columns that could not be read."""
        return tuple(column for column in self.columns if not column.looked)

    @property
    def message(self) -> Message:
        counts = {name: sum(getattr(column, name) for column in self.columns) for name in ("new", "changed", "gone")}
        total = Message(
            "{county}: {columns} columns, {requests} requests, {new} new, {changed} changed, {gone} gone",
            county=self.county,
            columns=len(self.columns),
            requests=self.requests,
            **counts,
        )
        unread = (
            Message(
                "  could not look at {column}: {outcome} {note}",
                column=result.column,
                outcome=ListedWord("outcome", result.outcome),
                note=result.note,
            )
            for result in self.could_not_look
        )
        return Message.lines([total, *unread])

    def __str__(self) -> str:
        return self.message
