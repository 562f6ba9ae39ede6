"""Runs the deciding pass: selects, loads, judges, writes; one transaction for each county.

`tick(now)` selects the occurrences that a new fact, the time or other rules may have changed, loads their facts, judges
them, and writes status, notices and journal of a county in one transaction. Run twice, late, or on two machines at once
it gives the same result: everything follows from the stored facts and `now`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from tracker.core.assessment.golive import UNREADY, decide_unready_notices
from tracker.core.escalation.notices import DeliveryState, NoticeKey
from tracker.core.escalation.outages import RESTORED, STEP, decide_outages, next_outage_at
from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Visit
from tracker.core.values.verdicts import Verdict
from tracker.decide.changes import ChangeSet
from tracker.decide.facts import CountyFacts, find_outages
from tracker.decide.flagged import find_flag_notices
from tracker.decide.groups import DutyGroup
from tracker.decide.judge import judge_group
from tracker.decide.load import horizon, load_selected
from tracker.decide.outcome import PassChanges
from tracker.decide.select import EVERYTHING, Selection, select
from tracker.registers.adoptions import in_force, keep_in_force
from tracker.registers.golive import senders_of
from tracker.registers.rectification import record_rectified
from tracker.registers.reports import note_rules, record_reports
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import CountyRow, ensure_county, lock_county, mark_ticked
from tracker.store.engine import Store, Tx
from tracker.store.facts import load_facts
from tracker.store.faults import clear_fault, record_fault
from tracker.store.notices import told_at
from tracker.store.occurrences import OccurrenceRow
from tracker.store.selection import CountyState, county_states, next_after
from tracker.store.visits import failing_visits, visits_of

log = logging.getLogger(__name__)

#: To be raised when the same facts give other decisions than before; then everything is decided anew.
VERSION = 1

#: How far the clocks of machines that share a database may differ, and how far an adjustment may set one back.
SKEW = timedelta(hours=1)


@dataclass(slots=True)
class TickReport:
    """The counts of a pass, for the log and the command line. `next_at`: when time alone next changes something."""

    judged: int = 0
    created: int = 0
    changed: int = 0
    closed: int = 0
    notices: int = 0
    faults: int = 0
    next_at: datetime | None = None

    def add(self, changes: PassChanges) -> None:
        self.created += changes.created
        self.changed += changes.changed
        self.closed += changes.closed
        self.notices += changes.notices

    def __str__(self) -> str:
        text = (
            f"{self.judged} judged, {self.created} new, {self.changed} changed, {self.closed} closed, "
            f"{self.notices} notices, {self.faults} faults"
        )
        return text + (f"; next change by {self.next_at:%Y-%m-%d %H:%M}" if self.next_at else "")


def tick(store: Store, loaded: Loaded, now: datetime) -> TickReport:
    """Run one pass over every county. A county in which nothing can have changed is neither loaded nor written."""
    report, hints = TickReport(), list[datetime]()
    with store.read() as tx:
        states = county_states(tx)
    for rulebook in loaded.rulebooks:
        state = states.get(rulebook.county.id)
        next_at = state.due_at if state is not None else None
        if state is None or _is_touched(state, loaded, rulebook, now):
            with store.begin() as tx:
                next_at = _run_pass(tx, loaded, rulebook, now, report)
        if next_at is not None:
            hints.append(next_at.astimezone(rulebook.county.zone))
    report.next_at = min(hints, default=None)
    log.info("%s", report, extra={"action": "tick"})
    return report


def effective_now(ticked_at: datetime | None, now: datetime) -> datetime:
    """Return the instant to judge by: the last pass's, if this machine's clock is behind it by up to `SKEW`.

    If it is further behind, the last pass was wrong and is corrected.
    """
    return ticked_at if ticked_at is not None and now < ticked_at <= now + SKEW else now


def _decision_basis(loaded: Loaded, rulebook: Rulebook) -> str:
    """Return the hash of everything decisions depend on beside facts: program version, rules, calendar, schedule."""
    return f"{VERSION}:{rulebook.digest}:{loaded.beside_rules}"


def _is_touched(state: CountyState, loaded: Loaded, rulebook: Rulebook, now: datetime) -> bool:
    """Return whether a pass at `now` may change something in the county."""
    now = effective_now(state.ticked_at, now)
    return (
        state.ticked_at is None
        or state.ticked_at > now
        or state.decided_by != _decision_basis(loaded, rulebook)
        or state.seq > state.decided_seq
        or (state.due_at is not None and state.due_at <= now)
        or state.opened_until is None
        or state.opened_until < horizon(rulebook, now)
        or state.reported
        or state.faulty
    )


def _run_pass(tx: Tx, loaded: Loaded, of_files: Rulebook, now: datetime, report: TickReport) -> datetime | None:
    """Decide one county. Return when time alone may next change something there."""
    county = of_files.county.id
    ensure_county(tx, county)
    row = lock_county(tx, county)
    now = effective_now(row.ticked_at, now)
    rulebook = keep_in_force(tx, loaded, of_files, now)
    note_rules(tx, rulebook, loaded.calendar.digest, now)
    record_reports(tx, rulebook, now)
    seq, selection = _select_touched(tx, loaded, of_files, rulebook, row, now)
    facts = load_selected(tx, rulebook, loaded.calendar, selection, now)
    changes = ChangeSet(loaded, facts, now)
    judged = _judge_groups(tx, loaded, facts, _chosen_prefixes(facts, selection), changes, report)
    if selection.scopes is None:
        changes.close_orphans()
    office_at = _decide_office_notices(tx, loaded, facts, judged, changes)
    report.add(changes.write(tx))
    decided_under = {
        "rulebook": rulebook.digest,
        "calendar": loaded.calendar.digest,
        "by": _decision_basis(loaded, of_files),
    }
    mark_ticked(tx, county, **decided_under, seq=seq, until=horizon(rulebook, now), next_at=office_at, at=now)
    if record_rectified(tx, rulebook, now):  # recorded events start duties for the next pass
        return now
    return min((at for at in (next_after(tx, county, now), office_at) if at is not None), default=None)


def _select_touched(
    tx: Tx, loaded: Loaded, of_files: Rulebook, rulebook: Rulebook, row: CountyRow, now: datetime
) -> tuple[int, Selection]:
    """Return the number of the last fact, and the selection to judge."""
    decided = row.decided_by == _decision_basis(loaded, of_files) and row.rulebook == rulebook.digest
    if not decided or row.ticked_at is None or row.ticked_at > now:
        return load_facts(tx, row.id, row.seq).seq, EVERYTHING
    delta = load_facts(tx, row.id, row.decided_seq)
    until = horizon(rulebook, now)
    return delta.seq, select(tx, rulebook, loaded.calendar, delta, row.opened_until, until, now)


def _chosen_prefixes(facts: CountyFacts, selection: Selection) -> set[str]:
    return set(facts.groups.by_prefix if selection.scopes is None else selection.scopes)


def _judge_groups(
    tx: Tx, loaded: Loaded, facts: CountyFacts, chosen: set[str], changes: ChangeSet, report: TickReport
) -> list[tuple[DutyGroup, Mapping[str, Verdict]]]:
    """Judge the chosen groups and return them with their verdicts. Groups that follow a changed one are judged too."""
    judged = []
    for prefix, group in facts.groups.by_prefix.items():
        if prefix not in chosen:
            continue
        verdicts = _judge_group(tx, loaded, facts, group, changes, report)
        if verdicts is None:
            continue
        judged.append((group, verdicts))
        if changes.changes_any(verdicts):
            chosen |= {follower.prefix for follower in facts.groups.followers.get(prefix, ())}
    return judged


def _judge_group(
    tx: Tx, loaded: Loaded, facts: CountyFacts, group: DutyGroup, changes: ChangeSet, report: TickReport
) -> Mapping[str, Verdict] | None:
    """Judge one group. An error never stops the pass: it is recorded as a fault, and the next pass tries again."""
    county = facts.rulebook.county.id
    try:
        verdicts = judge_group(loaded, facts, group, changes.now)
        changes.settle(group, facts.occurrences(group), verdicts)
    except Exception as error:
        log.exception("%s could not be judged", group.prefix, extra={"action": "tick"})
        record_fault(tx, county, group.prefix, "judge", repr(error), changes.now)
        report.faults += 1
        return None
    if group.prefix in facts.faulty:
        clear_fault(tx, county, group.prefix, "judge", changes.now)
    report.judged += len(verdicts)
    return verdicts


def _decide_office_notices(
    tx: Tx,
    loaded: Loaded,
    facts: CountyFacts,
    judged: Sequence[tuple[DutyGroup, Mapping[str, Verdict]]],
    changes: ChangeSet,
) -> datetime | None:
    """Decide notices to the county office beside those of verdicts: outages, flags, obstacles to going live.

    Return when time alone may next change them.
    """
    rulebook, now = facts.rulebook, changes.now
    office = loaded.office_time(rulebook.county.zone)
    county = rulebook.county.id
    delivery_states = told_at(tx, county, STEP, RESTORED, UNREADY)
    obstacle_states = {
        subject: delivery_states.pop(subject) for subject in list(delivery_states) if not subject.startswith("column:")
    }
    watchers = facts.groups.watchers
    failed = [visit for visit in failing_visits(tx, county) if visit.column in watchers]
    visits = _group_by_column([*failed, *visits_of(tx, county, _find_unrestored(delivery_states))])
    outages = find_outages(_group_by_column(failed))
    changes.add_decisions(decide_outages(rulebook.county, outages, visits, delivery_states, office, now))
    flags = find_flag_notices(tx, facts, judged, office, now)
    changes.mark_questions(flags.asking, {key for _, verdicts in judged for key in verdicts})
    changes.add_decisions(flags.decisions)
    changes.add_decisions(
        decide_unready_notices(rulebook, senders_of(loaded.schedule.delivery), obstacle_states, office, now)
    )
    return next_outage_at(outages, office, now)


def _group_by_column(visits: Iterable[Visit]) -> dict[str, list[Visit]]:
    by_column: dict[str, list[Visit]] = {}
    for visit in visits:
        by_column.setdefault(visit.column, []).append(visit)
    return by_column


def _find_unrestored(delivery_states: Mapping[str, Mapping[NoticeKey, DeliveryState]]) -> list[str]:
    """Return the columns with a notified outage whose end was not notified yet."""
    columns = []
    for subject, states in delivery_states.items():
        last = max((key.ordinal for key in states if key.step == STEP), default=None)
        if last is not None and not any(key.step == RESTORED and key.ordinal == last for key in states):
            columns.append(subject.partition(":")[2])
    return columns


def judge_new_facts(
    tx: Tx, loaded: Loaded, rulebook: Rulebook, since: int, now: datetime, about: str = ""
) -> dict[str, OccurrenceRow]:
    """Judge the occurrences that facts after the number `since` may change, in the transaction that recorded them.

    The same decision as the tick's on the same facts, for fewer duties; the next pass judges the others. Return the
    changed rows by key, and that of the occurrence `about`. Empty before the county's first pass, which decides
    everything.
    """
    county = rulebook.county
    row = lock_county(tx, county.id)
    if row.ticked_at is None or row.opened_until is None:
        return {}
    rulebook = in_force(tx, loaded, rulebook)
    now = max(now, row.ticked_at)  # never earlier than the last pass
    delta = load_facts(tx, county.id, since)
    selection = select(tx, rulebook, loaded.calendar, delta, row.opened_until, row.opened_until, None)
    facts = load_selected(tx, rulebook, loaded.calendar, selection, now)
    changes = ChangeSet(loaded, facts, now)
    judged = _judge_groups(tx, loaded, facts, _chosen_prefixes(facts, selection), changes, TickReport())
    flags = find_flag_notices(tx, facts, judged, loaded.office_time(county.zone), now)
    changes.mark_questions(flags.asking, {key for _, verdicts in judged for key in verdicts})
    changes.write(tx)
    after = {key: row for group, _ in judged for key, row in facts.rows_of(group).items()} | changes.rows
    before = facts.rows
    return {
        key: row
        for key, row in after.items()
        if key == about or key not in before or _decided_fields(before[key]) != _decided_fields(row)
    }


_decided_fields = attrgetter("status", "light", "reason", "due_at", "closed")
