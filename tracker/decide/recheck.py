"""Compares what the passes decided with a decision of everything from all facts.

Asked once a day: a difference is a fault, and the next pass decides everything.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime

from tracker.core.law.duties import Rulebook
from tracker.decide.changes import ChangeSet
from tracker.decide.judge import verdicts_of
from tracker.decide.load import load_county
from tracker.registers.adoptions import in_force
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import decide_anew
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, list_faults, record_fault
from tracker.store.occurrences import OccurrenceRow

log = logging.getLogger(__name__)

#: Under what the faults of a recheck are noted.
ACTION = "recheck"
#: What says when a row was written, not what was decided; and hints that a pass only widens.
_ASIDE = ("updated_at", "asks", "awaits_visit", "next_at")
_FIELDS = [field.name for field in fields(OccurrenceRow) if field.name not in _ASIDE]


def recheck(store: Store, loaded: Loaded, now: datetime) -> int:
    """How many occurrences would be decided otherwise at `now`, the instant of the last pass; each is noted."""
    count = 0
    for rulebook in loaded.rulebooks:
        county = rulebook.county.id
        with store.read() as tx:
            found = differences(tx, loaded, in_force(tx, loaded, rulebook), now)
            known = {fault.subject for fault in list_faults(tx, county) if fault.action == ACTION}
        if found or known:
            with store.begin() as tx:
                _note(tx, county, found, known - set(found), now)
        count += len(found)
    return count


def _note(tx: Tx, county: str, found: Mapping[str, str], over: Iterable[str], now: datetime) -> None:
    for key, change in found.items():
        log.error("%s was decided otherwise than from all facts: %s", key, change, extra={"action": ACTION})
        record_fault(tx, county, key, ACTION, change, now)
    for key in over:
        clear_fault(tx, county, key, ACTION, now)
    if found:
        decide_anew(tx, county)


def _earlier(one: datetime | None, other: datetime | None) -> bool:
    """Whether the first instant comes before the other one; to look too early is no fault."""
    return one is not None and (other is None or one < other)


def differences(tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime) -> dict[str, str]:
    """By occurrence: what a decision of everything at `now`, the instant of the last pass, would change. Nothing is
    written. `rulebook`: as it is in force."""
    facts = load_county(tx, rulebook, loaded.calendar, now)
    settlement = ChangeSet(loaded, facts, now)
    found: dict[str, str] = {}
    for group in facts.groups.by_prefix.values():
        if group.prefix not in facts.faulty:
            settlement.settle(group, facts.occurrences(group), verdicts_of(loaded, facts, group, now))
    settlement.close_orphans()
    for key, row in settlement.rows.items():
        before = facts.rows.get(key)
        changed = [name for name in _FIELDS if before is None or getattr(before, name) != getattr(row, name)]
        if before is not None and _earlier(row.next_at, before.next_at):
            changed.append("next_at")
        if changed:
            told = (f"{name}: {getattr(before, name, None)} -> {getattr(row, name)}" for name in changed)
            found[key] = "; ".join(told)
    for notice in settlement.notices:
        found.setdefault(notice.key.subject, f"{notice.key.step} to {notice.key.role} was not decided")
    return found
