"""Compares the decisions of the passes with a decision of everything from all facts.

Run once a day: a difference is recorded as a fault, and the next pass decides everything.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING

from tracker.core.law.county import Rulebook
from tracker.decide.changes import ChangeSet
from tracker.decide.judge import judge_group
from tracker.decide.load import load_county
from tracker.registers.adoptions import load_rules_in_force
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import request_full_decision
from tracker.store.county_passes import CountyPasses
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, list_faults, record_fault
from tracker.store.occurrences import OccurrenceRow

if TYPE_CHECKING:
    from tracker.decide.work_process import WorkProcess

log = logging.getLogger(__name__)

#: The action under which faults of a recheck are recorded.
ACTION = "recheck"
#: Fields that are not compared: when a row was written, and hints that a pass may only widen.
_NOT_COMPARED = ("updated_at", "asks", "questions", "awaits_visit", "next_at")
_FIELDS = [field.name for field in fields(OccurrenceRow) if field.name not in _NOT_COMPARED]


def recheck(store: Store, loaded: Loaded, now: datetime, apart: WorkProcess | None = None) -> int:
    """Return how many occurrences would be decided otherwise at `now`, the instant of the last pass; record each.

    `apart`: where that is found out, if not in this process.
    """
    passes = CountyPasses(store, "tidy")
    count = 0
    for rulebook in loaded.rulebooks:
        county = rulebook.county.id
        with passes.of(county):
            given = loaded, rulebook, now
            differences = apart.run(_recheck, *given) if apart is not None else _recheck(store, *given)
            with store.read() as tx:
                recorded = {fault.subject for fault in list_faults(tx, county) if fault.action == ACTION}
            if differences or recorded:
                with store.begin() as tx:
                    _record_differences(tx, county, differences, recorded - set(differences), now)
            count += len(differences)
    passes.finish(now)
    return count


def _recheck(store: Store, loaded: Loaded, rulebook: Rulebook, now: datetime) -> Mapping[str, str]:
    """Return what `find_differences` finds under the rules in force."""
    with store.read() as tx:
        return find_differences(tx, loaded, load_rules_in_force(tx, loaded, rulebook), now)


def _record_differences(
    tx: Tx, county: str, differences: Mapping[str, str], resolved: Iterable[str], now: datetime
) -> None:
    for key, change in differences.items():
        log.error("%s was decided otherwise than from all facts: %s", key, change, extra={"action": ACTION})
        record_fault(tx, county, key, ACTION, change, now)
    for key in resolved:
        clear_fault(tx, county, key, ACTION, now)
    if differences:
        request_full_decision(tx, county)


def _is_earlier(first: datetime | None, second: datetime | None) -> bool:
    """Return whether the first instant comes before the second; judging too early is no fault."""
    return first is not None and (second is None or first < second)


def find_differences(tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime) -> dict[str, str]:
    """Return by occurrence what a decision of everything at `now`, the instant of the last pass, would change.

    Writes nothing. `rulebook`: the one in force.
    """
    facts = load_county(tx, rulebook, loaded.calendar, now)
    change_set = ChangeSet(loaded, facts, now)
    differences: dict[str, str] = {}
    for group in facts.groups.by_prefix.values():
        if group.prefix not in facts.faulty:
            change_set.settle(group, facts.occurrences(group), judge_group(loaded, facts, group, now))
    change_set.close_orphans()
    for key, row in change_set.changes.rows.items():
        before = facts.rows.get(key)
        changed = [name for name in _FIELDS if before is None or getattr(before, name) != getattr(row, name)]
        if before is not None and _is_earlier(row.next_at, before.next_at):
            changed.append("next_at")
        if changed:
            field_changes = (f"{name}: {getattr(before, name, None)} -> {getattr(row, name)}" for name in changed)
            differences[key] = "; ".join(field_changes)
    for notice in change_set.changes.notices:
        differences.setdefault(notice.key.subject, f"{notice.key.step} to {notice.key.role} was not decided")
    return differences
