"""The whole decision, in one pass without network: occurrences → status → notices.

`tick(now)` materialises what is owed up to the horizon, judges what may have changed, and writes
status, notices and journal of a county in one transaction. Twice, late, or on two machines at once:
the same result, because everything follows from the stored facts and `now`.
"""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from tracker.core.after import Opening, opening, together
from tracker.core.duties import Rulebook
from tracker.core.escalation import first_reminder_at
from tracker.core.golive import unready
from tracker.core.materialise import first_due
from tracker.core.status import judge
from tracker.core.verdicts import Verdict
from tracker.deciding.flagged import flagged
from tracker.deciding.groups import Group
from tracker.deciding.memory import Memory
from tracker.deciding.outcome import Changes
from tracker.deciding.settle import Settlement
from tracker.registers.adoptions import in_force, keep_in_force
from tracker.registers.golive import senders_of
from tracker.registers.rectification import record_rectified
from tracker.registers.reports import note_rules, record_reports
from tracker.rulebook import Loaded
from tracker.store.counties import ensure_county, lock_county, mark_decided, mark_ticked
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, record_fault
from tracker.store.occurrences import OccurrenceRow

log = logging.getLogger(__name__)

#: Periods and days that open this far ahead already have their occurrence.
HORIZON = timedelta(days=14)

#: What the clocks of the machines that share a database may differ by, and an adjustment may set one back.
SKEW = timedelta(hours=1)


@dataclass(slots=True)
class TickReport:
    """What a pass did, for the log and the command line. `next_at`: when time alone changes something."""

    judged: int = 0
    created: int = 0
    changed: int = 0
    closed: int = 0
    notices: int = 0
    faults: int = 0
    next_at: datetime | None = None

    def add(self, changes: Changes) -> None:
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


def tick(
    store: Store, loaded: Loaded, now: datetime, memories: MutableMapping[str, Memory] | None = None
) -> TickReport:
    """One pass over every county. `memories`: warm copies kept by a long-running caller, or None."""
    report = TickReport()
    kept: MutableMapping[str, Memory] = memories if memories is not None else {}
    for of_files in loaded.rulebooks:
        county = of_files.county.id
        with store.begin() as tx:
            if county not in kept:
                ensure_county(tx, county)
            row = lock_county(tx, county)
            as_of = seen_at(row.ticked_at, now)
            rulebook = keep_in_force(tx, loaded, of_files, as_of)
            memory = kept.pop(county, None)  # a pass that fails half-way must not leave a wrong copy behind
            ahead = row.ticked_at is not None and row.ticked_at > as_of  # and so is what a copy has started
            if memory is None or ahead or not memory.fits(rulebook, loaded.calendar, row.tick_number):
                memory = Memory(rulebook, loaded.calendar)
            _pass(tx, loaded, memory, as_of, report)
        kept[county] = memory
        hint = memory.next_at(as_of)
        coming = (report.next_at, hint.astimezone(rulebook.county.zone) if hint else None)
        report.next_at = min((one for one in coming if one is not None), default=None)
    log.info("%s", report, extra={"action": "tick"})
    return report


def seen_at(ticked_at: datetime | None, now: datetime) -> datetime:
    """The instant to judge by: what a pass has seen is not unseen because another machine's clock is a little slow.

    A clock that is far behind is another matter: then the one before was wrong, and is set right.
    """
    return ticked_at if ticked_at is not None and now < ticked_at <= now + SKEW else now


def _pass(tx: Tx, loaded: Loaded, memory: Memory, now: datetime, report: TickReport) -> None:
    rulebook, county = memory.rulebook, memory.rulebook.county
    note_rules(tx, rulebook, loaded.calendar.digest, now)
    record_reports(tx, rulebook, now)
    record_rectified(tx, rulebook, now)
    until = (now + HORIZON).astimezone(county.zone).date()
    memory.refresh(tx, until, now)
    settlement = Settlement(loaded, memory, now)
    touched = []
    for group in memory.groups.values():
        if group.due:  # a duty judged before may have made it so
            touched.append(group)
            _judge_group(tx, loaded, memory, group, settlement, report)
    settlement.close_strays()
    settlement.tell_outages()
    judged = [group for group in touched if not group.due]
    hours, senders = loaded.schedule.hours, senders_of(loaded.schedule.delivery)
    settlement.tell(flagged(memory, judged, loaded.calendar, hours, now))
    settlement.tell(unready(rulebook, senders, memory.told, loaded.calendar, hours, now))
    report.add(settlement.write(tx))
    memory.tick_number = mark_ticked(tx, county.id, rulebook=rulebook.digest, calendar=loaded.calendar.digest, at=now)


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
    if row.ticked_at is None:
        return {}
    rulebook = in_force(tx, loaded, rulebook)
    now = max(now, row.ticked_at)  # what a pass has seen is not unseen
    memory, report = Memory(rulebook, loaded.calendar), TickReport()
    memory.refresh(tx, (now + HORIZON).astimezone(county.zone).date(), now)
    memory.only_since(tx, since)
    settlement = Settlement(loaded, memory, now)
    touched, before = [], dict[str, OccurrenceRow]()
    for group in memory.groups.values():
        if group.due:
            touched.append(group)
            before |= group.rows
            _judge_group(tx, loaded, memory, group, settlement, report)
    settlement.write(tx)
    mark_decided(tx, county.id)
    after = {key: one for group in touched for key, one in group.rows.items()}
    return {
        key: one for key, one in after.items() if key == about or key not in before or _said(before[key]) != _said(one)
    }


_said = attrgetter("status", "light", "reason", "due_at", "closed")


def _judge_group(
    tx: Tx, loaded: Loaded, memory: Memory, group: Group, settlement: Settlement, report: TickReport
) -> None:
    """One bad duty never stops the pass: it is recorded, shown, and tried again at the next one."""
    county = memory.rulebook.county.id
    try:
        occurrences = memory.occurrences(group)
        verdicts = verdicts_of(loaded, memory, group, settlement.now)
        settlement.settle(group, occurrences, verdicts)
        group.judged(occurrences, verdicts)
    except Exception as error:
        log.exception("%s could not be judged", group.prefix, extra={"action": "tick"})
        record_fault(tx, county, group.prefix, "judge", repr(error), settlement.now)
        memory.faulty.add(group.prefix)
        report.faults += 1
        return
    if group.prefix in memory.faulty:
        clear_fault(tx, county, group.prefix, "judge", settlement.now)
        memory.faulty.discard(group.prefix)
    report.judged += len(occurrences)
    group.due = False


def verdicts_of(loaded: Loaded, memory: Memory, group: Group, now: datetime) -> dict[str, Verdict]:
    """The judgement of all occurrences of the group at `now`."""
    rulebook: Rulebook = memory.rulebook
    occurrences = memory.occurrences(group)
    policy = loaded.schedule.policies[group.duty.escalation]
    hours, zone = loaded.schedule.hours, rulebook.county.zone
    for one in occurrences:
        if group.soon_of.get(one.key) is not one:
            group.soon_of[one.key] = one
            group.soon_at[one.key] = first_reminder_at(one, policy, loaded.calendar, zone, hours)
    return judge(
        group.duty,
        group.assignment,
        occurrences,
        memory.facts(group),
        rulebook.county,
        loaded.calendar,
        now,
        due_soon_at=group.soon_at,
        shelf=group.shelf,
        openings=openings_of(loaded, memory, group, now),
    )


def openings_of(loaded: Loaded, memory: Memory, group: Group, now: datetime) -> dict[str, Opening]:
    """Of the duties that deadlines of the group follow, by id."""
    rulebook, found = memory.rulebook, {}
    for name, priors in group.priors.items():
        found[name] = together([_opening_of(loaded, memory, prior, now) for prior in priors])
        if not priors and (duty := rulebook.duty(group.duty.pack, name)) is not None:  # laid on nobody here
            found[name] = Opening(due_at=first_due(duty, loaded.calendar, rulebook.county))
    return found


def _opening_of(loaded: Loaded, memory: Memory, prior: Group, now: datetime) -> Opening:
    """From the last judgement where that holds; a duty that cannot be judged counts as due on its day."""
    if prior.opening is not None and not prior.due:
        return prior.opening
    verdicts = {} if prior.prefix in memory.faulty else verdicts_of(loaded, memory, prior, now)
    return opening(memory.occurrences(prior), verdicts)
