"""Compares verdicts with the rows of the last pass and gathers the changes to write.

A status change, its notices and its journal lines are written in one transaction; a duty that fails half-way adds
nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from tracker.core.escalation.case import Case
from tracker.core.escalation.decision import build_corrections, decide_notices, next_step_at
from tracker.core.escalation.notice_fields import detail, shown_of
from tracker.core.escalation.notices import Decision, DeliveryState, Notice, NoticeKey, NoticeState
from tracker.core.law.duties import Duty
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import cells_of, deed_zh, due_of, due_zh
from tracker.core.values.verdicts import Light, Status, Verdict
from tracker.decide.change_reasons import (
    ADOPTION_REVOKED,
    EXTENDED,
    ORPHANED,
    RECORDED,
    closing_reason,
    due_change_reason,
    start_liability_at_entry,
)
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.decide.hints import needs_visit
from tracker.decide.outcome import GroupOutcome, PassChanges
from tracker.decide.rows import build_row, decided_fields, is_shown_otherwise, standing_fields
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append
from tracker.store.notices import cancel_unsent, insert_notices, last_details, line_of, supersede
from tracker.store.occurrences import OccurrenceRow, upsert_occurrences
from tracker.store.standings import add_standings

RowState = dict[str, str | None]
_States = Mapping[NoticeKey, DeliveryState]

#: Statuses after which time alone changes nothing once they are written and notified.
_SETTLED = {Status.MET, Status.MET_LATE, Status.NOT_APPLICABLE, Status.WAIVED, Status.CLOSED}


class ChangeSet:
    """All changes of one pass in one county."""

    def __init__(self, loaded: Loaded, facts: CountyFacts, now: datetime) -> None:
        self._schedule = loaded.schedule
        self._calendar = loaded.calendar
        self._facts = facts
        self._county = facts.rulebook.county
        self._office = loaded.office_time(self._county.zone)
        self._actor = f"rule:{facts.rulebook.digest[:12]}"
        self._outcomes: list[GroupOutcome] = []
        self.now = now

    def settle(self, group: DutyGroup, occurrences: Iterable[Occurrence], verdicts: Mapping[str, Verdict]) -> None:
        """Compare the group's verdicts with the last decisions, and add the changes and notices that follow."""
        outcome = GroupOutcome()
        current = {occurrence.key: occurrence for occurrence in occurrences}
        scope = self._facts.scope(group)
        for key, occurrence in current.items():
            if key in verdicts:
                self._settle_occurrence(group, occurrence, verdicts[key], outcome)
        for key, row in self._facts.rows_of(group).items():
            if key not in current and not row.closed and scope.includes(key):
                self._close_row(row, closing_reason(row, current.values()), outcome)
        self._outcomes.append(outcome)

    def close_orphans(self) -> None:
        """Close the rows of duties and departments that the rules no longer have."""
        outcome = GroupOutcome()
        for row in self._facts.orphans:
            if not row.closed:
                self._close_row(row, ORPHANED, outcome)
        self._outcomes.append(outcome)

    def add_decisions(self, decisions: Iterable[Decision]) -> None:
        """Add decisions about notices that do not follow from verdicts."""
        outcome = GroupOutcome()
        self._sort_decisions(decisions, outcome)
        self._outcomes.append(outcome)

    def mark_questions(self, asking: Collection[str], judged: Collection[str]) -> None:
        """Mark which of the `judged` occurrences a person has something to decide about: those in `asking`."""
        for outcome in self._outcomes:
            outcome.rows[:] = [replace(row, asks=row.key in asking) for row in outcome.rows]
        written, before = self.rows, self._facts.rows
        others = (before[key] for key in sorted(judged) if key in before and key not in written)
        changed = [replace(row, asks=not row.asks) for row in others if row.asks != (row.key in asking)]
        self._outcomes.append(GroupOutcome(rows=changed))

    @property
    def rows(self) -> dict[str, OccurrenceRow]:
        """The changed rows, by key."""
        return {row.key: row for outcome in self._outcomes for row in outcome.rows}

    @property
    def notices(self) -> list[Notice]:
        """The notices to send."""
        return [notice for outcome in self._outcomes for notice in outcome.notices]

    def changes_any(self, keys: Collection[str]) -> bool:
        """Return whether the last settled group changes one of these occurrences."""
        return bool(self._outcomes) and any(row.key in keys for row in self._outcomes[-1].rows)

    # -- one occurrence --------------------------------------------------------------------------

    def _settle_occurrence(
        self, group: DutyGroup, occurrence: Occurrence, verdict: Verdict, outcome: GroupOutcome
    ) -> None:
        before = self._facts.rows.get(occurrence.key)
        if before is not None and self._is_over(before, occurrence, verdict):
            return
        moved = before is not None and before.due_at != occurrence.due_at
        digests = self._facts.rulebook.digest, self._calendar.digest
        row = build_row(occurrence, verdict, before, is_moved=moved, digests=digests, now=self.now)
        delivery_states = dict(self._facts.delivery_states.get(occurrence.key, {}))
        if before is None or moved or is_shown_otherwise(before, row):
            self._journal_change(before, row, moved, outcome)
            if moved and before is not None:
                self._correct_due_date(group, occurrence, verdict, row, delivery_states, before, outcome)
        if before is not None and row.assumed and not before.assumed:
            outcome.notices += self._withdraw_escalations(group, occurrence, verdict, row, delivery_states)
        liable = start_liability_at_entry(verdict, row, self._facts.began_at, self._county.zone)
        is_changed = before is None or is_shown_otherwise(before, row)
        case = self._build_case(group.duty, occurrence, liable, row, delivery_states, is_changed)
        decisions = decide_notices(case)
        self._sort_decisions(decisions, outcome)
        delivery_states = self._states_after(delivery_states, decisions)  # steps count from it
        awaits_visit = needs_visit(liable, delivery_states)
        case = replace(case, delivery_states=delivery_states)
        next_at = self._next_at(case, liable.stale_at if awaits_visit else None)
        row = replace(row, next_at=next_at, awaits_visit=awaits_visit)
        if before is None or decided_fields(row) != decided_fields(before):
            outcome.rows.append(row)
            if before is None or standing_fields(row) != standing_fields(before):
                outcome.standings.append((row, shown_of(verdict, group.duty, self._county, row.department)))

    def _is_over(self, before: OccurrenceRow, occurrence: Occurrence, verdict: Verdict) -> bool:
        if before.status not in _SETTLED or before.rulebook != self._facts.rulebook.digest:
            return False
        fields_compared = ("status", "light", "reason", "proved_at", "next_at")
        is_same = before.due_at == occurrence.due_at and all(
            getattr(before, name) == getattr(verdict, name) for name in fields_compared
        )
        delivery_states = self._facts.delivery_states.get(occurrence.key, {})
        return is_same and all(state.state != "due" for state in delivery_states.values())

    def _journal_change(
        self, before: OccurrenceRow | None, row: OccurrenceRow, moved: bool, outcome: GroupOutcome
    ) -> None:
        if before is None:
            outcome.created += 1
            outcome.journal.append(
                self._journal_entry("occurrence.opened", row, None, self._state(row), row.derivation)
            )
            return
        if moved:
            old_due, new_due = {"due_at": self._iso(before.due_at)}, {"due_at": self._iso(row.due_at)}
            outcome.journal.append(self._journal_entry("due.moved", row, old_due, new_due, row.derivation))
        if self._state(before) != self._state(row):
            outcome.changed += 1
            outcome.journal.append(
                self._journal_entry("status", row, self._state(before), self._state(row), row.reason)
            )

    def _journal_entry(
        self, action: str, row: OccurrenceRow, before: RowState | None, after: RowState, reason: str
    ) -> JournalEntry:
        return JournalEntry(self._actor, action, row.key, before, after, reason)

    def _state(self, row: OccurrenceRow) -> RowState:
        return {"status": row.status.value, "light": row.light.value, "due_at": self._iso(row.due_at)}

    def _iso(self, at: datetime | None) -> str | None:
        """Return the instant in the county's zone: the database returns UTC, and the journal needs one text."""
        return at.astimezone(self._county.zone).isoformat() if at else None

    # -- notices ---------------------------------------------------------------------------------

    def _build_case(
        self,
        duty: Duty,
        occurrence: Occurrence,
        verdict: Verdict,
        row: OccurrenceRow,
        delivery_states: _States,
        is_changed: bool,
    ) -> Case:
        """Return all that the notices of the occurrence depend on. `is_changed`: unsent notices are decided anew."""
        return Case(
            occurrence, verdict, self._schedule.policies[duty.escalation], duty, self._county, self._office,
            row.due_revision, row.episode, delivery_states, self.now, is_changed,
            self._facts.answers.get(occurrence.key, ()), self._facts.silences,
        )  # fmt: skip

    def _states_after(self, delivery_states: _States, decisions: Iterable[Decision]) -> dict[NoticeKey, DeliveryState]:
        """Return the states of the notices once the decisions are written."""
        after = dict(delivery_states)
        for decision in decisions:
            if decision.outcome in ("send", "superseded") and decision.notice is not None:
                state: NoticeState = "due" if decision.outcome == "send" else "superseded"
                earlier = after.get(decision.key)
                if earlier is None or earlier.state in ("due", "cancelled", "superseded"):
                    after[decision.key] = DeliveryState(state, self.now, decision.notice.kind)
            elif decision.outcome == "cancel" and decision.key in after:
                after[decision.key] = replace(after[decision.key], state="cancelled")
        return after

    def _sort_decisions(self, decisions: Iterable[Decision], outcome: GroupOutcome) -> None:
        for decision in decisions:
            if decision.outcome == "send" and decision.notice is not None:
                outcome.notices.append(decision.notice)
            elif decision.outcome == "superseded" and decision.notice is not None:
                outcome.superseded.append(decision.notice)
            elif decision.outcome == "cancel":
                outcome.cancelled.append((decision.key, decision.reason))

    def _next_at(self, case: Case, stale_at: datetime | None) -> datetime | None:
        if case.verdict.status in _SETTLED:
            return case.verdict.next_at
        instants = (case.verdict.next_at, next_step_at(case), stale_at)
        return min((instant for instant in instants if instant is not None), default=None)

    def _correct_due_date(
        self,
        group: DutyGroup,
        occurrence: Occurrence,
        verdict: Verdict,
        row: OccurrenceRow,
        delivery_states: dict[NoticeKey, DeliveryState],
        before: OccurrenceRow,
        outcome: GroupOutcome,
    ) -> None:
        """Cancel unsent notices of a moved due date, and correct the sent ones."""
        zone = self._county.zone
        old_due = due_of(before.due_on, before.due_at, zone)
        cause, deed = (
            due_change_reason(before, row),
            deed_zh(cells_of(group.duty, occurrence.department, occurrence.label)),
        )
        limit_text, verb = "公开时限" if deed == "公开" else "办理时限", "延至" if cause in EXTENDED else "更正为"
        reason = f"{cause}，{limit_text}由{old_due}{verb}{due_zh(occurrence, zone)}。"
        for key, state in delivery_states.items():
            if state.state == "due" and key.due_revision < row.due_revision:
                outcome.cancelled.append((key, f"时限已更正：{reason}"))
        shown_fields = detail(occurrence, verdict, group.duty, self._county, self._calendar, self.now)
        outcome.notices += self._build_corrections(row, delivery_states, reason, shown_fields)

    def _build_corrections(
        self,
        row: OccurrenceRow,
        delivery_states: _States,
        reason: str,
        shown_fields: Mapping[str, Any],
        kind: Literal["correction", "mended"] = "correction",
    ) -> tuple[Notice, ...]:
        return build_corrections(
            row.key,
            delivery_states,
            county=self._county.id,
            office=self._office,
            due_revision=row.due_revision,
            reason=reason,
            shown=shown_fields,
            now=self.now,
            kind=kind,
            anew=row.closed or reason == ADOPTION_REVOKED,
        )

    def _withdraw_escalations(
        self, group: DutyGroup, occurrence: Occurrence, verdict: Verdict, row: OccurrenceRow, delivery_states: _States
    ) -> tuple[Notice, ...]:
        """Return corrections for roles that got an escalation or a slip, where the reading is assumed again."""
        kinds = {step.name: step.kind for step in self._schedule.policies[group.duty.escalation].steps}
        escalated = {
            key: state for key, state in delivery_states.items() if kinds.get(key.step, key.step) in _ESCALATED_KINDS
        }
        shown_fields = detail(occurrence, verdict, group.duty, self._county, self._calendar, self.now)
        return self._build_corrections(row, escalated, ADOPTION_REVOKED, shown_fields)

    # -- closed occurrences ----------------------------------------------------------------------

    def _close_row(self, row: OccurrenceRow, reason: str, outcome: GroupOutcome) -> None:
        closed = replace(
            row,
            status=Status.CLOSED,
            light=Light.GREY,
            reason=reason,
            closed=True,
            next_at=None,
            awaits_visit=False,
            updated_at=self.now,
            rulebook=self._facts.rulebook.digest,
            calendar=self._calendar.digest,
        )
        outcome.rows.append(closed)
        outcome.standings.append((closed, {}))
        outcome.closed += 1
        outcome.journal.append(
            self._journal_entry("occurrence.closed", closed, self._state(row), self._state(closed), reason)
        )
        delivery_states = self._facts.delivery_states.get(row.key, {})
        outcome.cancelled += [(key, reason) for key, state in delivery_states.items() if state.state == "due"]
        if any(state.reached for state in delivery_states.values()):
            outcome.closed_after_notice.append(closed)

    # -- writing ---------------------------------------------------------------------------------

    def write(self, tx: Tx) -> PassChanges:
        """Write all changes in the caller's transaction."""
        outcomes = self._outcomes
        upsert_occurrences(tx, [row for outcome in outcomes for row in outcome.rows])
        add_standings(tx, [pair for outcome in outcomes for pair in outcome.standings])
        to_cancel = [pair for outcome in outcomes for pair in outcome.cancelled]
        cancelled = cancel_unsent(tx, self._county.id, to_cancel, self.now)
        notices = [notice for outcome in outcomes for notice in outcome.notices]
        closed_rows = [row for outcome in outcomes for row in outcome.closed_after_notice]
        wanted_notices = [*notices, *self._correct_closed(tx, closed_rows)]
        sent = insert_notices(tx, wanted_notices, self.now, renew=True)
        skipped = supersede(tx, [notice for outcome in outcomes for notice in outcome.superseded], self.now)
        lines = [line for outcome in outcomes for line in outcome.journal]
        lines += [self._notice_line("notice.decided", notice.key, notice.reason) for notice in sent]
        lines += [self._notice_line("notice.superseded", notice.key, notice.reason) for notice in skipped]
        reasons = dict(to_cancel)
        lines += [self._notice_line("notice.cancelled", key, reasons[key]) for key in cancelled]
        append(tx, self._county.id, lines, self.now)
        return PassChanges(
            created=sum(outcome.created for outcome in outcomes),
            changed=sum(outcome.changed for outcome in outcomes),
            closed=sum(outcome.closed for outcome in outcomes),
            notices=len(sent),
        )

    def _correct_closed(self, tx: Tx, closed_rows: Sequence[OccurrenceRow]) -> list[Notice]:
        """Return corrections (更正) for occurrences that the rules no longer have, with the fields last shown."""
        last_shown = last_details(tx, self._county.id, [row.key for row in closed_rows])
        corrections: list[Notice] = []
        for row in closed_rows:
            is_recorded = row.reason == RECORDED
            reason = f"{'谢谢，' if is_recorded else '此前的通知不再适用：'}{row.reason}"
            kind: Literal["mended", "correction"] = "mended" if is_recorded else "correction"
            corrections += self._build_corrections(
                row, self._facts.delivery_states[row.key], reason, last_shown.get(row.key, {}), kind
            )
        return corrections

    def _notice_line(self, action: str, key: NoticeKey, reason: str) -> JournalEntry:
        return line_of(self._actor, action, key, reason)


_ESCALATED_KINDS = ("escalation", "slip", "correction")
