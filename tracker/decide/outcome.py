"""Counts of a pass, and what one group adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.core.escalation.notices import Notice, NoticeKey
from tracker.store.journal import JournalEntry
from tracker.store.occurrences import OccurrenceRow


@dataclass(slots=True)
class GroupOutcome:
    """The changes that one group, or one orphaned row, adds to the pass."""

    rows: list[OccurrenceRow] = field(default_factory=list)
    standings: list[tuple[OccurrenceRow, Mapping[str, Any]]] = field(
        default_factory=list
    )  # rows that need a new standing, with its shown fields
    journal: list[JournalEntry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    superseded: list[Notice] = field(default_factory=list)
    cancelled: list[tuple[NoticeKey, str]] = field(default_factory=list)
    closed_after_notice: list[OccurrenceRow] = field(default_factory=list)  # closed rows with sent notices
    created: int = 0
    changed: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class PassChanges:
    """How many occurrences a pass created, changed and closed, and how many notices it decided."""

    created: int = 0
    changed: int = 0
    closed: int = 0
    notices: int = 0
