"""Runs the deciding pass: selects, loads, judges, writes; one transaction for each county.

`tick(now)` selects what a new fact, the time or other rules may have changed, loads the facts that bear on it, judges
it, and writes status, notices and journal of a county in one transaction. Twice, late, or on two machines at once: the
same result, because everything follows from the stored facts and `now`, and nothing is remembered beside them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from tracker.core.assessment.golive import UNREADY, unready
from tracker.core.escalation.notices import DeliveryState, NoticeKey
from tracker.core.escalation.outages import RESTORED, STEP, decide_outages
from tracker.core.escalation.outages import next_outage_at as outages_next_at
from tracker.core.law.duties import Rulebook
from tracker.core.values.facts import Visit
from tracker.core.values.verdicts import Verdict
from tracker.decide.changes import ChangeSet
from tracker.decide.facts import CountyFacts, failing
from tracker.decide.flagged import doubts_of
from tracker.decide.groups import DutyGroup
from tracker.decide.judge import verdicts_of
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
from tracker.store.selection import CountyState, county_states, failing_visits, next_after, visits_of

log = logging.getLogger(__name__)

#: Raised when the same facts give other decisions than the version before: then all of them are made anew.
VERSION = 1

#: What the clocks of the machines that share a database may differ by, and an adjustment may set one back.
SKEW = timedelta(hours=1)


@dataclass(slots=True)
class TickReport:
    """What a pass did, for the log and the command line. `next_outage_at`: when time alone changes something."""

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
    """One pass over every county. Where nothing can have changed nothing is loaded, and nothing is written."""
    report, hints = TickReport(), list[datetime]()
    with store.read() as tx:
        states = county_states(tx)
    for rulebook in loaded.rulebooks:
        state = states.get(rulebook.county.id)
        next_at = state.due_at if state is not None else None
        if state is None or _is_touched(state, loaded, rulebook, now):
            with store.begin() as tx:
                next_at = _pass(tx, loaded, rulebook, now, report)
        if next_at is not None:
            hints.append(next_at.astimezone(rulebook.county.zone))
    report.next_at = min(hints, default=None)
    log.info("%s", report, extra={"action": "tick"})
    return report


def seen_at(ticked_at: datetime | None, now: datetime) -> datetime:
    """The instant to judge by: what a pass has seen is not unseen because another machine's clock is a little slow.

    A clock that is far behind is another matter: then the one before was wrong, and is set right.
    """
    return ticked_at if ticked_at is not None and now < ticked_at <= now + SKEW else now


def _decided_by(loaded: Loaded, rulebook: Rulebook) -> str:
    """What decides beside the facts: the version of the program, the files' rules, calendar and schedule, by hash."""
    return f"{VERSION}:{rulebook.digest}:{loaded.beside_rules}"


def _is_touched(state: CountyState, loaded: Loaded, rulebook: Rulebook, now: datetime) -> bool:
    """Whether a pass at `now` may change something in the county."""
    now = seen_at(state.ticked_at, now)
    return (
        state.ticked_at is None
        or state.ticked_at > now
        or state.decided_by != _decided_by(loaded, rulebook)
        or state.seq > state.decided_seq
        or (state.due_at is not None and state.due_at <= now)
        or state.opened_until is None
        or state.opened_until < horizon(rulebook, now)
        or state.reported
        or state.faulty
    )


def _pass(tx: Tx, loaded: Loaded, of_files: Rulebook, now: datetime, report: TickReport) -> datetime | None:
    """Decide one county; when time alone may next change something there."""
    county = of_files.county.id
    ensure_county(tx, county)
    row = lock_county(tx, county)
    now = seen_at(row.ticked_at, now)
    rulebook = keep_in_force(tx, loaded, of_files, now)
    note_rules(tx, rulebook, loaded.calendar.digest, now)
    record_reports(tx, rulebook, now)
    seq, selection = _select(tx, loaded, of_files, rulebook, row, now)
    facts = load_selected(tx, rulebook, loaded.calendar, selection, now)
    settlement = ChangeSet(loaded, facts, now)
    judged = _judge(tx, loaded, facts, _chosen(facts, selection), settlement, report)
    if selection.scopes is None:
        settlement.close_orphans()
    beside_at = _tell_beside(tx, loaded, facts, judged, settlement)
    report.add(settlement.write(tx))
    under = {"rulebook": rulebook.digest, "calendar": loaded.calendar.digest, "by": _decided_by(loaded, of_files)}
    mark_ticked(tx, county, **under, seq=seq, until=horizon(rulebook, now), next_at=beside_at, at=now)
    if record_rectified(tx, rulebook, now):  # events, of which the next pass judges the duty to put right
        return now
    return min((at for at in (next_after(tx, county, now), beside_at) if at is not None), default=None)


def _select(
    tx: Tx, loaded: Loaded, of_files: Rulebook, rulebook: Rulebook, row: CountyRow, now: datetime
) -> tuple[int, Selection]:
    """The number of the last fact, and what has to be judged."""
    decided = row.decided_by == _decided_by(loaded, of_files) and row.rulebook == rulebook.digest
    if not decided or row.ticked_at is None or row.ticked_at > now:
        return load_facts(tx, row.id, row.seq).seq, EVERYTHING
    delta = load_facts(tx, row.id, row.decided_seq)
    until = horizon(rulebook, now)
    return delta.seq, select(tx, rulebook, loaded.calendar, delta, row.opened_until, until, now)


def _chosen(facts: CountyFacts, selection: Selection) -> set[str]:
    return set(facts.groups.by_prefix if selection.scopes is None else selection.scopes)


def _judge(
    tx: Tx, loaded: Loaded, facts: CountyFacts, chosen: set[str], settlement: ChangeSet, report: TickReport
) -> list[tuple[DutyGroup, Mapping[str, Verdict]]]:
    """The groups that were judged with their verdicts; a group whose prior changed is judged after it."""
    judged = []
    for prefix, group in facts.groups.by_prefix.items():
        if prefix not in chosen:
            continue
        verdicts = _judge_group(tx, loaded, facts, group, settlement, report)
        if verdicts is None:
            continue
        judged.append((group, verdicts))
        if settlement.changed(verdicts):
            chosen |= {follower.prefix for follower in facts.groups.followers.get(prefix, ())}
    return judged


def _judge_group(
    tx: Tx, loaded: Loaded, facts: CountyFacts, group: DutyGroup, settlement: ChangeSet, report: TickReport
) -> Mapping[str, Verdict] | None:
    """One bad duty never stops the pass: it is recorded, shown, and tried again at the next one."""
    county = facts.rulebook.county.id
    try:
        verdicts = verdicts_of(loaded, facts, group, settlement.now)
        settlement.settle(group, facts.occurrences(group), verdicts)
    except Exception as error:
        log.exception("%s could not be judged", group.prefix, extra={"action": "tick"})
        record_fault(tx, county, group.prefix, "judge", repr(error), settlement.now)
        report.faults += 1
        return None
    if group.prefix in facts.faulty:
        clear_fault(tx, county, group.prefix, "judge", settlement.now)
    report.judged += len(verdicts)
    return verdicts


def _tell_beside(
    tx: Tx,
    loaded: Loaded,
    facts: CountyFacts,
    judged: Sequence[tuple[DutyGroup, Mapping[str, Verdict]]],
    settlement: ChangeSet,
) -> datetime | None:
    """What the county office is told beside the verdicts: columns that cannot be read, flags, what hinders going live.
    When time alone changes that."""
    rulebook, calendar, hours, now = facts.rulebook, loaded.calendar, loaded.schedule.hours, settlement.now
    county = rulebook.county.id
    delivery_states = told_at(tx, county, STEP, RESTORED, UNREADY)
    hindered = {
        subject: delivery_states.pop(subject) for subject in list(delivery_states) if not subject.startswith("column:")
    }
    watched = facts.groups.watchers
    failed = [visit for visit in failing_visits(tx, county) if visit.column in watched]
    visits = _by_column([*failed, *visits_of(tx, county, _unrestored(delivery_states))])
    found = failing(_by_column(failed))
    settlement.tell(decide_outages(rulebook.county, found, visits, delivery_states, calendar, hours, now))
    doubts = doubts_of(tx, facts, judged, calendar, hours, now)
    settlement.ask(doubts.asking, {key for _, verdicts in judged for key in verdicts})
    settlement.tell(doubts.decisions)
    settlement.tell(unready(rulebook, senders_of(loaded.schedule.delivery), hindered, calendar, hours, now))
    return outages_next_at(found, calendar, hours, rulebook.county.zone, now)


def _by_column(visits: Iterable[Visit]) -> dict[str, list[Visit]]:
    found: dict[str, list[Visit]] = {}
    for visit in visits:
        found.setdefault(visit.column, []).append(visit)
    return found


def _unrestored(delivery_states: Mapping[str, Mapping[NoticeKey, DeliveryState]]) -> list[str]:
    """The columns of which an outage was told, and of the last one not yet that it is over."""
    found = []
    for subject, known in delivery_states.items():
        last = max((key.ordinal for key in known if key.step == STEP), default=None)
        if last is not None and not any(key.step == RESTORED and key.ordinal == last for key in known):
            found.append(subject.partition(":")[2])
    return found


def judge_said(
    tx: Tx, loaded: Loaded, rulebook: Rulebook, since: int, now: datetime, about: str = ""
) -> dict[str, OccurrenceRow]:
    """Judge again what was said after the number `since` bears on, in the transaction in which it was said.

    The same decision as the tick's, on the same facts, only of fewer duties; the next pass judges the others. The
    rows by key that became other ones, and that of the occurrence `about`. Nothing before the county's first pass:
    that one decides everything.
    """
    county = rulebook.county
    row = lock_county(tx, county.id)
    if row.ticked_at is None or row.opened_until is None:
        return {}
    rulebook = in_force(tx, loaded, rulebook)
    now = max(now, row.ticked_at)  # what a pass has seen is not unseen
    delta = load_facts(tx, county.id, since)
    selection = select(tx, rulebook, loaded.calendar, delta, row.opened_until, row.opened_until, None)
    facts = load_selected(tx, rulebook, loaded.calendar, selection, now)
    settlement = ChangeSet(loaded, facts, now)
    judged = _judge(tx, loaded, facts, _chosen(facts, selection), settlement, TickReport())
    doubts = doubts_of(tx, facts, judged, loaded.calendar, loaded.schedule.hours, now)
    settlement.ask(doubts.asking, {key for _, verdicts in judged for key in verdicts})
    settlement.write(tx)
    after = {key: row for group, _ in judged for key, row in facts.rows_of(group).items()} | settlement.rows
    before = facts.rows
    return {
        key: row for key, row in after.items() if key == about or key not in before or _said(before[key]) != _said(row)
    }


_said = attrgetter("status", "light", "reason", "due_at", "closed")
