"""Runs the deciding pass: selects, loads, judges, writes; one transaction for each county.

`tick(now)` selects the occurrences that a new fact, the time or other rules may have changed, loads their facts, judges
them, and writes status, notices and journal of a county in one transaction. Run twice, late, or on two machines at once
it gives the same result: everything follows from the stored facts and `now`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from tracker.clock import SKEW
from tracker.core.assessment.golive import UNREADY, decide_unready_notices
from tracker.core.escalation.notices import DeliveryState, NoticeKey
from tracker.core.escalation.outages import RESTORED, STEP, Outage, columns_of_subject, decide_outages, next_outage_at
from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Visit
from tracker.core.values.verdicts import Verdict
from tracker.decide.changes import ChangeSet
from tracker.decide.facts import CountyFacts
from tracker.decide.flag_notices import find_flag_notices
from tracker.decide.groups import DutyGroup, group_by
from tracker.decide.judge import judge_group
from tracker.decide.load import horizon, load_selected
from tracker.decide.near_titles import add_near_titles
from tracker.decide.replan import MovedNotice, PlannedMove, Replan, journal_moves, plan_moves, write_moves
from tracker.decide.report import TickReport
from tracker.decide.select import EVERYTHING, Selection, select
from tracker.decide.size import MOST, LargePassError, check_everything, check_size
from tracker.decide.write import write_changes
from tracker.registers.adoptions import load_rules_in_force, store_rules_in_force
from tracker.registers.golive import list_senders
from tracker.registers.own_events import journal_rules, record_rectified, record_reports
from tracker.registers.review_findings import record_review_findings
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import ensure_county, lock_county, mark_ticked
from tracker.store.county_passes import CountyPasses
from tracker.store.engine import Store, Tx
from tracker.store.facts import load_facts
from tracker.store.faults import clear_fault, record_fault
from tracker.store.notices import WaitingNotice, list_waiting_notices, load_states_of_steps
from tracker.store.occurrences import OccurrenceRow
from tracker.store.selection import CountyState, find_next_change, load_county_states
from tracker.store.visits import load_failing_visits, load_visits

if TYPE_CHECKING:
    from tracker.decide.work_process import WorkProcess

log = logging.getLogger(__name__)

#: To be raised when the same facts give other decisions than before; then everything is decided anew.
VERSION = 4


def tick(store: Store, loaded: Loaded, now: datetime, apart: WorkProcess | None = None) -> TickReport:
    """Run one pass over every county. A county in which nothing can have changed is neither loaded nor written.

    One that cannot be decided is recorded as a fault; the next pass tries it again. `apart`: where a county is decided
    of which more than `MOST` facts or occurrences are to be looked at, if not in this process.
    """
    report, hints, passes = TickReport(), list[datetime](), CountyPasses(store, "tick")
    with store.read() as tx:
        states = load_county_states(tx)
        passes.look(tx)
    for rulebook in loaded.rulebooks:
        with passes.of(rulebook.county.id):
            state = states.get(rulebook.county.id)
            next_at = state.due_at if state is not None else None
            if state is None or _is_touched(state, loaded, rulebook, now):
                next_at = _decide_somewhere(store, loaded, rulebook, now, report, apart)
            if next_at is not None:
                hints.append(next_at.astimezone(rulebook.county.zone))
    passes.finish(now)
    report.faults += len(passes.failed)
    report.next_at = min(hints, default=None)
    for replan in report.replanned:
        log.info("%s", replan, extra={"action": "tick"})
    log.info("%s", report, extra={"action": "tick"})
    return report


def _decide_somewhere(
    store: Store, loaded: Loaded, rulebook: Rulebook, now: datetime, report: TickReport, apart: WorkProcess | None
) -> datetime | None:
    """Decide the county here, or where it is a large one `apart`."""
    if apart is not None:
        try:
            return decide_county(store, loaded, rulebook, now, report, MOST)
        except LargePassError:
            found, next_at = apart.run(_decide, loaded, rulebook, now)
            report.add(found)
            return next_at
    return decide_county(store, loaded, rulebook, now, report)


def _decide(store: Store, loaded: Loaded, rulebook: Rulebook, now: datetime) -> tuple[TickReport, datetime | None]:
    report = TickReport()
    return report, decide_county(store, loaded, rulebook, now, report)


def decide_county(
    store: Store, loaded: Loaded, rulebook: Rulebook, now: datetime, report: TickReport, most: int | None = None
) -> datetime | None:
    """Decide one county in a transaction. Return when time alone may next change something there.

    Raises LargePassError, having written nothing, where more than `most` facts or occurrences are to be looked at.
    """
    with store.begin() as tx:
        return _run_pass(tx, loaded, rulebook, now, report, most)


def effective_now(ticked_at: datetime | None, now: datetime) -> datetime:
    """Return the instant to judge by: the last pass's, if this machine's clock is behind it by up to `SKEW`.

    If it is further behind, the last pass was wrong and is corrected.
    """
    return ticked_at if ticked_at is not None and now < ticked_at <= now + SKEW else now


def decision_basis(loaded: Loaded, rulebook: Rulebook) -> str:
    """Return the hash of everything decisions depend on beside facts: program version, rules, calendar, schedule."""
    return f"{VERSION}:{rulebook.digest}:{loaded.settings_digest}"


def list_touched(tx: Tx, loaded: Loaded, now: datetime) -> list[str]:
    """The counties in which a pass at `now` may change something."""
    states = load_county_states(tx)
    return [
        rulebook.county.id
        for rulebook in loaded.rulebooks
        if (state := states.get(rulebook.county.id)) is None or _is_touched(state, loaded, rulebook, now)
    ]


def _is_touched(state: CountyState, loaded: Loaded, rulebook: Rulebook, now: datetime) -> bool:
    """Return whether a pass at `now` may change something in the county."""
    now = effective_now(state.ticked_at, now)
    return (
        state.ticked_at is None
        or state.ticked_at > now
        or state.decided_by != decision_basis(loaded, rulebook)
        or state.seq > state.decided_seq
        or (state.due_at is not None and state.due_at <= now)
        or state.opened_until is None
        or state.opened_until < horizon(rulebook, now)
        or state.has_sent_report
        or state.is_faulty
    )


def _run_pass(
    tx: Tx, loaded: Loaded, of_files: Rulebook, now: datetime, report: TickReport, most: int | None
) -> datetime | None:
    county = of_files.county.id
    ensure_county(tx, county)
    row = lock_county(tx, county)
    now = effective_now(row.ticked_at, now)
    rulebook = store_rules_in_force(tx, loaded, of_files, now)
    journal_rules(tx, rulebook, loaded.calendar.digest, now)
    record_reports(tx, rulebook, now)
    basis = decision_basis(loaded, of_files)
    is_anew = row.decided_by != basis or row.rulebook != rulebook.digest or row.ticked_at is None or row.ticked_at > now
    if is_anew or row.seq > row.decided_seq:
        record_review_findings(tx, rulebook, now)
    until = horizon(rulebook, now)
    if is_anew:
        seq, selection = load_facts(tx, county, row.seq).seq, EVERYTHING
    else:
        check_size(row.seq - row.decided_seq, most)
        delta = load_facts(tx, county, row.decided_seq)
        seq, selection = (
            delta.seq,
            select(tx, rulebook, loaded.calendar, delta, row.opened_until, until, now, most=most),
        )
    if selection is EVERYTHING:
        check_everything(tx, rulebook, loaded.calendar, until, most)
    facts = load_selected(tx, rulebook, loaded.calendar, selection, now)
    rules_changed = bool(row.decided_by) and row.decided_by != basis
    run = DecidingPass(tx, loaded, facts, now, report, rules_changed=rules_changed)
    office_at = run.decide(selection)
    run.write_faults()
    withdrawn = write_changes(tx, run.change_set, report)
    if rules_changed:
        report.replanned.append(Replan(county, run.replan_notices(row.calendar), withdrawn, rulebook.county.zone))
    decided_under = {"rulebook": rulebook.digest, "calendar": loaded.calendar.digest, "by": basis}
    mark_ticked(tx, county, **decided_under, seq=seq, until=until, next_at=office_at, at=now)
    if record_rectified(tx, rulebook, now):  # recorded events start duties for the next pass
        return now
    return min((at for at in (find_next_change(tx, county, now), office_at) if at is not None), default=None)


def judge_new_facts(
    tx: Tx, loaded: Loaded, rulebook: Rulebook, since: int, now: datetime, about: str = "", *, own_only: bool = False
) -> dict[str, OccurrenceRow]:
    """Judge the occurrences that facts after the number `since` may change, in the transaction that recorded them.

    The same decision as the tick's on the same facts, for fewer duties; the next pass judges the others. Return the
    changed rows by key, and that of the occurrence `about`. Empty before the county's first pass, which decides
    everything. `own_only`: of an event that is one of many, only what it starts is judged; entries that it takes from
    others are the next pass's.
    """
    county = rulebook.county
    row = lock_county(tx, county.id)
    if row.ticked_at is None or row.opened_until is None:
        return {}
    rulebook = load_rules_in_force(tx, loaded, rulebook)
    now = max(now, row.ticked_at)  # never earlier than the last pass
    delta = load_facts(tx, county.id, since)
    selection = select(
        tx, rulebook, loaded.calendar, delta, row.opened_until, row.opened_until, None, own_only=own_only
    )
    facts = load_selected(tx, rulebook, loaded.calendar, selection, now)
    run = DecidingPass(tx, loaded, facts, now, TickReport())
    run.judge_groups(selection)
    run.decide_flags()
    run.name_near_titles()
    run.write_faults()
    write_changes(tx, run.change_set, run.report)
    before, after = facts.rows, run.change_set.changes.rows
    judged = {key: row for group, _ in run.judged for key, row in facts.rows_of(group).items()} | after
    return {
        key: row
        for key, row in judged.items()
        if key == about or key not in before or _reported_fields(before[key]) != _reported_fields(row)
    }


_reported_fields = attrgetter("status", "light", "reason", "due_at", "closed")


class DecidingPass:
    """Judges the groups of one county and collects the changes; writes nothing until it is told to.

    `judged`: the groups with their verdicts; `errors`: by the prefix of a group that could not be judged; "" where
    it can be again.
    """

    def __init__(
        self,
        tx: Tx,
        loaded: Loaded,
        facts: CountyFacts,
        now: datetime,
        report: TickReport,
        *,
        rules_changed: bool = False,
    ) -> None:
        self._tx = tx
        self._loaded = loaded
        self._facts = facts
        self._county = facts.rulebook.county
        self._office = loaded.office_time(self._county.zone)
        self._now = now
        self.report = report
        self.change_set = ChangeSet(loaded, facts, now, rules_changed=rules_changed)
        self.judged: list[tuple[DutyGroup, Mapping[str, Verdict]]] = []
        self.errors: dict[str, str] = {}

    def decide(self, selection: Selection) -> datetime | None:
        """Decide all that a pass decides. Return when time alone may next change a notice about no occurrence."""
        self.judge_groups(selection)
        if selection.scopes is None:
            self.change_set.close_orphans()
        office_at = self.decide_outages()
        self.decide_flags()
        self.decide_unready()
        self.name_near_titles()
        return office_at

    def judge_groups(self, selection: Selection) -> None:
        """Judge the selected groups, and those that follow a changed one."""
        groups = self._facts.groups
        chosen = set(groups.by_prefix if selection.scopes is None else selection.scopes)
        for prefix, group in groups.by_prefix.items():
            if prefix in chosen and self._judge(group):
                chosen |= {follower.prefix for follower in groups.followers.get(prefix, ())}

    def _judge(self, group: DutyGroup) -> bool:
        """Judge one group. Return whether one of its occurrences changes.

        An error never stops the pass: it is noted as a fault, and the next pass tries again.
        """
        try:
            verdicts = judge_group(self._loaded, self._facts, group, self._now)
            is_changed = self.change_set.settle(group, self._facts.occurrences(group), verdicts)
        except Exception as error:
            log.exception("%s could not be judged", group.prefix, extra={"action": "tick"})
            self.errors[group.prefix] = repr(error)
            self.report.faults += 1
            return False
        if group.prefix in self._facts.faulty:
            self.errors[group.prefix] = ""
        self.report.judged += len(verdicts)
        self.judged.append((group, verdicts))
        return is_changed

    def write_faults(self) -> None:
        """Record which groups could not be judged, and which can be again."""
        for prefix, error in self.errors.items():
            if error:
                record_fault(self._tx, self._county.id, prefix, "judge", error, self._now)
            else:
                clear_fault(self._tx, self._county.id, prefix, "judge", self._now)

    # -- notices to the county office beside those of verdicts -----------------------------------

    def decide_flags(self) -> None:
        """Decide notices about flags, and mark the occurrences with open questions."""
        flags = find_flag_notices(self._tx, self._facts, self.judged, self._office, self._now)
        self.change_set.mark_questions(flags.asking, {key for _, verdicts in self.judged for key in verdicts})
        self.change_set.changes.add_decisions(flags.decisions)

    def name_near_titles(self) -> None:
        """Put into the questions to departments the titles that came near."""
        changes, rulebook, calendar = self.change_set.changes, self._facts.rulebook, self._loaded.calendar
        changes.notices = add_near_titles(self._tx, rulebook, calendar, changes.notices, self._now)
        changes.reworded = add_near_titles(self._tx, rulebook, calendar, changes.reworded, self._now)

    def decide_outages(self) -> datetime | None:
        """Decide notices about outages of sites and columns. Return when time alone may next change them."""
        states = load_states_of_steps(self._tx, self._county.id, STEP, RESTORED)
        failed = load_failing_visits(self._tx, self._county.id, self._facts.groups.watchers)
        unrestored = {
            column for subject in _find_unrestored(states) for column in columns_of_subject(self._county, subject)
        }
        restored = load_visits(self._tx, self._county.id, unrestored)
        outages = _find_outages(failed)
        visits = group_by([*failed, *restored], lambda visit: visit.column)
        decisions = decide_outages(self._county, outages, visits, states, self._office, self._now)
        self.change_set.changes.add_decisions(decisions)
        return next_outage_at(outages, self._office, self._now)

    def decide_unready(self) -> None:
        """Decide notices about obstacles to going live."""
        states, senders = (
            load_states_of_steps(self._tx, self._county.id, UNREADY),
            list_senders(self._loaded.schedule.delivery),
        )
        decisions = decide_unready_notices(self._facts.rulebook, senders, states, self._office, self._now)
        self.change_set.changes.add_decisions(decisions)

    # -- notices that wait, under other rules ------------------------------------------------------

    def replan_notices(self, calendar: str) -> list[MovedNotice]:
        """Plan the waiting notices anew; returns those that moved. `calendar`: the hash of the last pass's."""
        is_other = calendar != self._loaded.calendar.digest
        cause = "工作日历已改" if is_other else "工作时间或督办办法已改"
        waiting = list_waiting_notices(self._tx, self._county.id)
        moved = write_moves(self._tx, self.plan_moves(waiting))
        journal_moves(self._tx, self._county.id, moved, self._office.zone, self._now, self.change_set.actor, cause)
        return moved

    def plan_moves(self, waiting: Iterable[WaitingNotice]) -> Iterator[PlannedMove]:
        """The waiting notices that are to leave at another instant."""
        groups, policies = self._facts.groups.by_prefix, self._loaded.schedule.policies
        return plan_moves(waiting, groups, policies, self._office, self._now)


def _find_outages(failed: Iterable[Visit]) -> dict[str, Outage]:
    """Return the outages by column. `failed`: the visits since the last that could read the column."""
    outages = {}
    for column, visits in group_by(failed, lambda visit: visit.column).items():
        ordered = sorted(visits, key=lambda visit: visit.began_at)
        outages[column] = Outage(ordered[0], ordered[-1])
    return outages


def _find_unrestored(delivery_states: Mapping[str, Mapping[NoticeKey, DeliveryState]]) -> list[str]:
    """Return the subjects (sites, columns) with a notified outage whose end was not notified yet."""
    subjects = []
    for subject, states in delivery_states.items():
        last = max((key.ordinal for key in states if key.step == STEP), default=None)
        if last is not None and not any(key.step == RESTORED and key.ordinal == last for key in states):
            subjects.append(subject)
    return subjects
