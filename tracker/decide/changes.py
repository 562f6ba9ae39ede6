"""Compares verdicts with the rows of the last pass, and collects the changes to write. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from tracker.core.escalation.case import Case
from tracker.core.escalation.decision import build_corrections, decide_notices, next_step_at
from tracker.core.escalation.notice_fields import detail, shown_of
from tracker.core.escalation.notice_kinds import LIABLE_KINDS
from tracker.core.escalation.notices import Decision, DeliveryState, Notice, NoticeKey, NoticeState
from tracker.core.escalation.second_look import next_look_at
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import cells_of, deed_zh, due_of, due_zh
from tracker.core.values.verdicts import Light, Status, Verdict
from tracker.core.verdict.questions import Question
from tracker.decide.change_reasons import (
    CLOCK_MOVED,
    EXTENDED,
    NOW_ASSUMED,
    ORPHANED,
    RECORDED,
    closing_reason,
    due_change_reason,
    start_liability_at_entry,
    start_liability_at_upgrade,
)
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.decide.rows import (
    build_row,
    decided_fields,
    is_shown_otherwise,
    needs_visit,
    proving_urls,
    standing_fields,
)
from tracker.rulebook.loaded import Loaded
from tracker.store.journal import JournalEntry
from tracker.store.occurrences import OccurrenceRow

_States = Mapping[NoticeKey, DeliveryState]

#: Statuses after which time alone changes nothing once they are written and notified.
_SETTLED = {Status.MET, Status.MET_LATE, Status.NOT_APPLICABLE, Status.WAIVED, Status.CLOSED}
_ESCALATED_KINDS = ("escalation", "slip", "correction")


@dataclass(slots=True)
class Changes:
    """Changes to write.

    `rows`: by occurrence key. `reworded`: notices that wait, with their new texts.
    `standings`: rows that need a new standing, with its shown fields. `cancelled`: notices
    with the reason. `notified_closed`: closed rows with sent notices.
    """

    rows: dict[str, OccurrenceRow] = field(default_factory=dict)
    standings: list[tuple[OccurrenceRow, Mapping[str, Any]]] = field(default_factory=list)
    journal: list[JournalEntry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    reworded: list[Notice] = field(default_factory=list)
    superseded: list[Notice] = field(default_factory=list)
    cancelled: list[tuple[NoticeKey, str]] = field(default_factory=list)
    notified_closed: list[OccurrenceRow] = field(default_factory=list)

    def add(self, other: Changes) -> None:
        self.rows |= other.rows
        self.standings += other.standings
        self.journal += other.journal
        self.notices += other.notices
        self.reworded += other.reworded
        self.superseded += other.superseded
        self.cancelled += other.cancelled
        self.notified_closed += other.notified_closed

    def add_decisions(self, decisions: Iterable[Decision]) -> None:
        """Add decisions about notices."""
        for decision in decisions:
            if decision.outcome == "send" and decision.notice is not None:
                self.notices.append(decision.notice)
            elif decision.outcome == "reword" and decision.notice is not None:
                self.reworded.append(decision.notice)
            elif decision.outcome == "superseded" and decision.notice is not None:
                self.superseded.append(decision.notice)
            elif decision.outcome == "cancel":
                self.cancelled.append((decision.key, decision.reason))


class ChangeSet:
    """Collects all changes of one pass in one county. `rules_changed`: since the last pass."""

    def __init__(self, loaded: Loaded, facts: CountyFacts, now: datetime, *, rules_changed: bool = False) -> None:
        self._schedule = loaded.schedule
        self._calendar = loaded.calendar
        self._facts = facts
        self._digests = facts.rulebook.digest, loaded.calendar.digest
        self.county = facts.rulebook.county
        self._office = loaded.office_time(self.county.zone)
        self.actor = f"rule:{facts.rulebook.digest[:12]}"
        self.now = now
        self._rules_changed = rules_changed
        self.changes = Changes()

    def settle(self, group: DutyGroup, occurrences: Iterable[Occurrence], verdicts: Mapping[str, Verdict]) -> bool:
        """Add the changes that the group's verdicts make. Return whether one of their occurrences changes.

        On an error nothing is added.
        """
        new = Changes()
        current = {occurrence.key: occurrence for occurrence in occurrences}
        scope = self._facts.scope(group)
        for key, occurrence in current.items():
            if key in verdicts:
                self._settle_occurrence(group, occurrence, verdicts[key], new)
        for key, row in self._facts.rows_of(group).items():
            if key not in current and not row.closed and scope.includes(key):
                met = {name for name, verdict in verdicts.items() if verdict.status.met}
                self._close_row(row, closing_reason(row, current.values(), met, self.county.zone), new)
        self.changes.add(new)
        return any(key in verdicts for key in new.rows)

    def close_orphans(self) -> None:
        """Close the rows of duties and departments that the rules no longer have."""
        for row in self._facts.orphans:
            if not row.closed:
                self._close_row(row, ORPHANED, self.changes)

    def mark_questions(self, asking: Mapping[str, tuple[Question, ...]], judged: Collection[str]) -> None:
        """Mark which of the `judged` occurrences a person has something to decide about: those in `asking`, with what
        is asked."""
        before, rows = self._facts.rows, self.changes.rows
        for key in (*rows, *sorted(key for key in judged if key in before and key not in rows)):
            row = rows.get(key) or before[key]
            marked = replace(row, asks=key in asking, questions=asking.get(key, ()))
            if key in rows or marked != row:
                rows[key] = marked

    # -- one occurrence --------------------------------------------------------------------------

    def _settle_occurrence(self, group: DutyGroup, occurrence: Occurrence, verdict: Verdict, new: Changes) -> None:
        before = self._facts.rows.get(occurrence.key)
        if before is not None and self._is_over(before, occurrence, verdict):
            return
        verdict = start_liability_at_upgrade(verdict, occurrence, before, self.now, self.county.zone)
        is_moved = before is not None and before.due_at != occurrence.due_at
        row = build_row(occurrence, verdict, before, is_moved=is_moved, digests=self._digests, now=self.now)
        states = dict(self._facts.delivery_states.get(occurrence.key, {}))
        if before is None:
            new.journal.append(self._line("occurrence.opened", row, None, self._state(row), row.derivation))
        else:
            if is_moved:
                old_due, new_due = {"due_at": self._iso(before.due_at)}, {"due_at": self._iso(row.due_at)}
                new.journal.append(self._line("due.moved", row, old_due, new_due, row.derivation))
            if self._state(before) != self._state(row):
                new.journal.append(self._line("status", row, self._state(before), self._state(row), row.reason))
            if is_moved:
                self._correct_due_date(group, occurrence, verdict, row, states, before, new)
            if row.assumed and not before.assumed:
                new.notices += self._withdraw_escalations(group, occurrence, verdict, row, states)
        liable = start_liability_at_entry(verdict, row, self._facts.began_at, self.county.zone)
        case = Case(
            occurrence,
            liable,
            self._schedule.policies[group.duty.escalation],
            group.duty,
            self.county,
            self._office,
            row.due_revision,
            row.episode,
            states,
            self.now,
            before is None or is_shown_otherwise(before, row),
            self._facts.answers.get(occurrence.key, ()),
            self._facts.silences,
            self._facts.unread_columns,
            self._facts.second_looks.get(occurrence.key, ()),
            self._rules_changed,
        )
        decisions = decide_notices(case)
        new.add_decisions(decisions)
        states = self._states_after(states, decisions)  # the next step counts from them
        look_at = next_look_at(replace(case, delivery_states=states)) if liable.status.late else None
        awaits_visit = needs_visit(liable, states) or (look_at is not None and look_at <= self.now)
        next_at = liable.next_at
        if liable.status not in _SETTLED:
            stale_at = liable.stale_at if awaits_visit else None
            instants = (next_at, next_step_at(replace(case, delivery_states=states)), stale_at)
            next_at = min((instant for instant in instants if instant is not None), default=None)
        row = replace(row, next_at=next_at, awaits_visit=awaits_visit, look_at=look_at)
        if before is None or decided_fields(row) != decided_fields(before):
            new.rows[row.key] = row
            if before is None or standing_fields(row) != standing_fields(before):
                new.standings.append((row, shown_of(occurrence, verdict, group.duty, self.county)))

    def _is_over(self, before: OccurrenceRow, occurrence: Occurrence, verdict: Verdict) -> bool:
        """Return whether the occurrence is settled, unchanged and has no unsent notice."""
        if before.status not in _SETTLED or before.rulebook != self._facts.rulebook.digest:
            return False
        compared = ("status", "light", "reason", "proved_at", "next_at")
        is_same = (before.due_at, before.rests_on) == (occurrence.due_at, proving_urls(verdict)) and all(
            getattr(before, name) == getattr(verdict, name) for name in compared
        )
        states = self._facts.delivery_states.get(occurrence.key, {})
        return is_same and all(state.state != "due" for state in states.values())

    def _line(
        self, action: str, row: OccurrenceRow, before: Mapping[str, Any] | None, after: Mapping[str, Any], reason: str
    ) -> JournalEntry:
        return JournalEntry(self.actor, action, row.key, before, after, reason)

    def _state(self, row: OccurrenceRow) -> dict[str, str | None]:
        return {"status": row.status.value, "light": row.light.value, "due_at": self._iso(row.due_at)}

    def _iso(self, at: datetime | None) -> str | None:
        """Return the instant in the county's zone: the database returns UTC, and the journal needs one text."""
        return at.astimezone(self.county.zone).isoformat() if at else None

    # -- notices ---------------------------------------------------------------------------------

    def _states_after(self, states: _States, decisions: Iterable[Decision]) -> dict[NoticeKey, DeliveryState]:
        """Return the states of the notices once the decisions are written."""
        after = dict(states)
        for decision in decisions:
            if decision.outcome in ("send", "superseded") and decision.notice is not None:
                state: NoticeState = "due" if decision.outcome == "send" else "superseded"
                earlier = after.get(decision.key)
                if earlier is None or earlier.state in ("due", "cancelled", "superseded"):
                    after[decision.key] = DeliveryState(state, self.now, decision.notice.kind)
            elif decision.outcome == "cancel" and decision.key in after:
                after[decision.key] = replace(after[decision.key], state="cancelled")
        return after

    def _correct_due_date(
        self, group: DutyGroup, occurrence: Occurrence, verdict: Verdict, row: OccurrenceRow, states: _States,
        before: OccurrenceRow, new: Changes,
    ) -> None:  # fmt: skip
        """Cancel unsent notices of a moved due date, and correct the sent ones."""
        zone = self.county.zone
        old_due, cause = due_of(before.due_on, before.due_at, zone), due_change_reason(before, row)
        is_publication = deed_zh(cells_of(group.duty, occurrence.department, occurrence.label)) == "公开"
        limit_text = "公开时限" if is_publication else "办理时限"
        verb = "延至" if cause in EXTENDED else "变更为" if cause in CLOCK_MOVED else "更正为"
        reason = f"{cause}，{limit_text}由{old_due}{verb}{due_zh(occurrence, zone)}。"
        for key, state in states.items():
            if state.state == "due" and key.due_revision < row.due_revision:
                new.cancelled.append((key, f"时限已更正：{reason}"))
        if cause in CLOCK_MOVED:
            states = self._escalated(group, states)
        shown = detail(occurrence, verdict, group.duty, self.county, self._calendar, self.now)
        new.notices += self._build_corrections(row, states, reason, shown)

    def _withdraw_escalations(
        self, group: DutyGroup, occurrence: Occurrence, verdict: Verdict, row: OccurrenceRow, states: _States
    ) -> tuple[Notice, ...]:
        """Return corrections for roles that got an escalation or a slip, when the reading is assumed again."""
        escalated = self._escalated(group, states, _ESCALATED_KINDS)
        shown = detail(occurrence, verdict, group.duty, self.county, self._calendar, self.now)
        return self._build_corrections(row, escalated, NOW_ASSUMED, shown)

    def _escalated(self, group: DutyGroup, states: _States, among: Collection[str] = LIABLE_KINDS) -> _States:
        """Return the states of notices of these kinds."""
        kinds: Mapping[str, str] = {
            step.name: step.kind for step in self._schedule.policies[group.duty.escalation].steps
        }
        return {key: state for key, state in states.items() if (state.kind or kinds.get(key.step, key.step)) in among}

    def _build_corrections(
        self,
        row: OccurrenceRow,
        states: _States,
        reason: str,
        shown: Mapping[str, Any],
        kind: Literal["correction", "recorded"] = "correction",
    ) -> tuple[Notice, ...]:
        return build_corrections(
            row.key,
            states,
            county=self.county.id,
            office=self._office,
            due_revision=row.due_revision,
            reason=reason,
            shown=shown,
            now=self.now,
            kind=kind,
            anew=row.closed or reason == NOW_ASSUMED,
        )

    # -- closed occurrences ----------------------------------------------------------------------

    def _close_row(self, row: OccurrenceRow, reason: str, new: Changes) -> None:
        closed = replace(
            row,
            status=Status.CLOSED,
            light=Light.GREY,
            reason=reason,
            closed=True,
            next_at=None,
            awaits_visit=False,
            look_at=None,
            updated_at=self.now,
            rulebook=self._digests[0],
            calendar=self._digests[1],
        )
        new.rows[closed.key] = closed
        new.standings.append((closed, {}))
        new.journal.append(self._line("occurrence.closed", closed, self._state(row), self._state(closed), reason))
        states = self._facts.delivery_states.get(row.key, {})
        new.cancelled += [(key, reason) for key, state in states.items() if state.state == "due"]
        if any(state.reached for state in states.values()):
            new.notified_closed.append(closed)

    def correct_closed(self, last_shown: Mapping[str, dict[str, Any]]) -> list[Notice]:
        """Return corrections (更正) for closed occurrences. `last_shown`: by key, the fields in their last notices."""
        corrections: list[Notice] = []
        for row in self.changes.notified_closed:
            is_recorded = RECORDED in row.reason
            reason = row.reason if is_recorded else f"此前的通知不再适用：{row.reason}"
            kind: Literal["recorded", "correction"] = "recorded" if is_recorded else "correction"
            states, shown = self._facts.delivery_states[row.key], last_shown.get(row.key, {})
            corrections += self._build_corrections(row, states, reason, shown, kind)
        return corrections
