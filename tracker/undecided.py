"""What the county office is to decide, from a warm or a fresh copy of a county's facts."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from tracker.deciding.memory import Memory
from tracker.reports.decisions import Decision, Judged, decisions
from tracker.rulebook import Loaded
from tracker.store.engine import Tx
from tracker.tick import HORIZON, verdicts_of

log = logging.getLogger(__name__)


def undecided(tx: Tx, loaded: Loaded, memory: Memory, now: datetime, *, settled: bool = False) -> list[Decision]:
    """The list of one county at `now`, judged from its facts as they stand."""
    memory.refresh(tx, (now + HORIZON).astimezone(memory.rulebook.county.zone).date(), now)
    return listed(loaded, memory, now, settled=settled)


def listed(loaded: Loaded, memory: Memory, now: datetime, *, settled: bool = False) -> list[Decision]:
    """The same from what the memory holds. What the last tick judged is not judged again."""
    return decisions(memory.rulebook.county, _judged(loaded, memory, now), memory.texts, settled=settled)


def _judged(loaded: Loaded, memory: Memory, now: datetime) -> Iterator[Judged]:
    for group in memory.groups.values():
        owed = memory.occurrences(group)
        verdicts = group.verdicts
        if verdicts is None or group.due:
            try:
                verdicts = verdicts_of(loaded, memory, group, now)
            except Exception:  # the tick records it as a fault
                log.exception("%s could not be judged", group.prefix, extra={"action": "undecided"})
                continue
        facts = memory.facts(group)
        yield Judged(group.duty, group.assignment, owed, verdicts, facts.entries, facts.rulings, facts.visits)
