"""Compares verdicts with the rows of the last pass and gathers what is to be written.

A status change, the notices that follow from it and the journal lines that say why belong to one
transaction; a duty that fails half-way adds nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, Literal

from tracker.core.escalation.case import find_anchor
from tracker.core.escalation.notices import Decision, DeliveryState, Notice, NoticeKey, NoticeState
from tracker.core.escalation.policy import build_corrections, decide, next_step_at
from tracker.core.law.duties import Duty
from tracker.core.law.notice_fields import cells_of, deed_zh, detail, due_of, due_zh, shown_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.verdicts import Light, Status, Verdict
from tracker.decide.change_reasons import LONGER, MADE_MILD, RECORDED, STRAY, entered_late, why_gone, why_moved
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.decide.hints import HINTS, awaits_visit, wanting
from tracker.decide.outcome import GroupOutcome, PassChanges
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append
from tracker.store.notices import cancel_unsent, insert_notices, line_of, shown, supersede
from tracker.store.occurrences import OccurrenceRow, upsert_occurrences
from tracker.store.standings import add_standings

RowState = dict[str, str | None]
_Told = Mapping[NoticeKey, DeliveryState]

#: Nothing follows from these by itself any more once they are written and told.
_SETTLED = {Status.MET, Status.MET_LATE, Status.NOT_APPLICABLE, Status.WAIVED, Status.CLOSED}


class ChangeSet:
    """Everything one pass changes in one county."""

    def __init__(self, loaded: Loaded, facts: CountyFacts, now: datetime) -> None:
        self._schedule = loaded.schedule
        self._calendar = loaded.calendar
        self._facts = facts
        self._county = facts.rulebook.county
        self._who = f"rule:{facts.rulebook.digest[:12]}"
        self._all: list[GroupOutcome] = []
        self.now = now

    def settle(self, group: DutyGroup, occurrences: Iterable[Occurrence], verdicts: Mapping[str, Verdict]) -> None:
        """Compare the group's verdicts with what was decided last, and decide what follows."""
        outcome = GroupOutcome()
        wanted = {one.key: one for one in occurrences}
        scope = self._facts.scope(group)
        for key, occurrence in wanted.items():
            if key in verdicts:
                self._settle_one(group, occurrence, verdicts[key], outcome)
        for key, row in self._facts.rows_of(group).items():
            if key not in wanted and not row.closed and scope.judges(key):
                self._close(row, why_gone(row, wanted.values()), outcome)
        self._all.append(outcome)

    def close_orphans(self) -> None:
        """Rows of duties and departments that the rules no longer have."""
        outcome = GroupOutcome()
        for row in self._facts.orphans:
            if not row.closed:
                self._close(row, STRAY, outcome)
        self._all.append(outcome)

    def tell(self, decisions: Iterable[Decision]) -> None:
        """What is told beside what the verdicts ask for."""
        outcome = GroupOutcome()
        self._sort(decisions, outcome)
        self._all.append(outcome)

    def ask(self, asking: Collection[str], judged: Collection[str]) -> None:
        """Note of which of the judged occurrences a person has something to decide."""
        for outcome in self._all:
            outcome.rows[:] = [replace(row, asks=row.key in asking) for row in outcome.rows]
        written, before = self.rows, self._facts.rows
        beside = (before[key] for key in sorted(judged) if key in before and key not in written)
        changed = [replace(row, asks=not row.asks) for row in beside if row.asks != (row.key in asking)]
        self._all.append(GroupOutcome(rows=changed))

    @property
    def rows(self) -> dict[str, OccurrenceRow]:
        """The rows that become other ones, by key."""
        return {row.key: row for outcome in self._all for row in outcome.rows}

    @property
    def notices(self) -> list[Notice]:
        """What is to be told."""
        return [notice for outcome in self._all for notice in outcome.notices]

    def changed(self, keys: Collection[str]) -> bool:
        """Whether one of these occurrences becomes another one."""
        return bool(self._all) and any(row.key in keys for row in self._all[-1].rows)

    # -- one occurrence --------------------------------------------------------------------------

    def _settle_one(self, group: DutyGroup, occurrence: Occurrence, verdict: Verdict, outcome: GroupOutcome) -> None:
        before = self._facts.rows.get(occurrence.key)
        if before is not None and self._is_over(before, occurrence, verdict):
            return
        moved = before is not None and before.due_at != occurrence.due_at
        row = self._row(occurrence, verdict, before, moved)
        delivery_states = dict(self._facts.delivery_states.get(occurrence.key, {}))
        if before is None or moved or _differs(before, row):
            self._write_down(before, row, moved, outcome)
            if moved and before is not None:
                self._correct_due(group, occurrence, verdict, row, delivery_states, before, outcome)
        if before is not None and row.assumed and not before.assumed:
            outcome.notices += self._made_mild(group, occurrence, verdict, row, delivery_states)
        pressed = entered_late(verdict, row, self._facts.began_at, self._county.zone)
        decisions = self._decide(
            group, occurrence, pressed, row, delivery_states, changed=before is None or _differs(before, row)
        )
        self._sort(decisions, outcome)
        delivery_states = self._told_after(delivery_states, decisions)  # steps count from it
        awaits = awaits_visit(pressed, delivery_states)
        next_at = self._next_at(
            group.duty, row, occurrence, pressed, delivery_states, pressed.stale_at if awaits else None
        )
        row = replace(row, next_at=next_at, awaits_visit=awaits)
        if before is None or _decided(row) != _decided(before):
            outcome.rows.append(row)
            if before is None or _stands(row) != _stands(before):
                outcome.stands.append((row, shown_of(verdict, group.duty, self._county, row.department)))

    def _is_over(self, before: OccurrenceRow, occurrence: Occurrence, verdict: Verdict) -> bool:
        if before.status not in _SETTLED or before.rulebook != self._facts.rulebook.digest:
            return False
        names = ("status", "light", "reason", "proved_at", "next_at")
        same = before.due_at == occurrence.due_at and all(
            getattr(before, name) == getattr(verdict, name) for name in names
        )
        delivery_states = self._facts.delivery_states.get(occurrence.key, {})
        return same and all(state.state != "due" for state in delivery_states.values())

    def _row(
        self, occurrence: Occurrence, verdict: Verdict, before: OccurrenceRow | None, moved: bool
    ) -> OccurrenceRow:
        # Met or released before, and owed again: whoever was told that it is over hears of it anew.
        over = before is not None and (before.status.met or before.status.released) and not before.closed
        reopened = over and not verdict.status.met
        ended = verdict.status is Status.CLOSED or verdict.status.released
        # Whoever was told that it is no longer owed must be told once more what was said before.
        again = before is not None and before.closed and verdict.status is not Status.CLOSED
        return OccurrenceRow(
            key=occurrence.key,
            county=occurrence.county,
            pack=occurrence.pack,
            duty=occurrence.duty,
            department=occurrence.department,
            label=occurrence.label,
            opens_on=occurrence.opens_on,
            due_on=occurrence.due_on,
            due_at=occurrence.due_at,
            due_revision=(before.due_revision if before else 0) + (moved or again),
            episode=(before.episode if before else 0) + (reopened and not ended),
            provisional=occurrence.provisional,
            assumed=occurrence.weak,
            derivation=occurrence.derivation.text,
            status=verdict.status,
            light=verdict.light,
            reason=verdict.reason,
            proved_at=verdict.proved_at,
            closed=verdict.status is Status.CLOSED,
            next_at=verdict.next_at,
            since=verdict.held_from,
            wanting=wanting(verdict),
            asks=before.asks if before else False,
            rulebook=self._facts.rulebook.digest,
            calendar=self._calendar.digest,
            created_at=before.created_at if before else self.now,
            updated_at=self.now,
        )

    def _write_down(self, before: OccurrenceRow | None, row: OccurrenceRow, moved: bool, outcome: GroupOutcome) -> None:
        if before is None:
            outcome.created += 1
            outcome.journal.append(self._entry("occurrence.opened", row, None, self._state(row), row.derivation))
            return
        if moved:
            was, now = {"due_at": self._iso(before.due_at)}, {"due_at": self._iso(row.due_at)}
            outcome.journal.append(self._entry("due.moved", row, was, now, row.derivation))
        if self._state(before) != self._state(row):
            outcome.changed += 1
            outcome.journal.append(self._entry("status", row, self._state(before), self._state(row), row.reason))

    def _entry(
        self, action: str, row: OccurrenceRow, before: RowState | None, after: RowState, reason: str
    ) -> JournalEntry:
        return JournalEntry(self._who, action, row.key, before, after, reason)

    def _state(self, row: OccurrenceRow) -> RowState:
        return {"status": row.status.value, "light": row.light.value, "due_at": self._iso(row.due_at)}

    def _iso(self, at: datetime | None) -> str | None:
        """By the county's clock: the database gives instants back in UTC, and one fact has one text."""
        return at.astimezone(self._county.zone).isoformat() if at else None

    # -- notices ---------------------------------------------------------------------------------

    def _decide(
        self,
        group: DutyGroup,
        occurrence: Occurrence,
        verdict: Verdict,
        row: OccurrenceRow,
        delivery_states: Mapping[NoticeKey, DeliveryState],
        *,
        changed: bool,
    ) -> tuple[Decision, ...]:
        return decide(
            occurrence,
            verdict,
            self._schedule.policies[group.duty.escalation],
            duty=group.duty,
            county=self._county,
            calendar=self._calendar,
            hours=self._schedule.hours,
            due_revision=row.due_revision,
            episode=row.episode,
            delivery_states=delivery_states,
            now=self.now,
            changed=changed,
            acknowledgements=self._facts.answers.get(occurrence.key, ()),
            silences=self._facts.silences,
        )

    def _told_after(self, delivery_states: _Told, decisions: Iterable[Decision]) -> dict[NoticeKey, DeliveryState]:
        """What will have become of the notices once the decisions are written."""
        after = dict(delivery_states)
        for decision in decisions:
            if decision.outcome in ("send", "superseded") and decision.notice is not None:
                state: NoticeState = "due" if decision.outcome == "send" else "superseded"
                known = after.get(decision.key)
                if known is None or known.state in ("due", "cancelled", "superseded"):
                    after[decision.key] = DeliveryState(state, self.now, decision.notice.kind)
            elif decision.outcome == "cancel" and decision.key in after:
                after[decision.key] = replace(after[decision.key], state="cancelled")
        return after

    def _sort(self, decisions: Iterable[Decision], outcome: GroupOutcome) -> None:
        for decision in decisions:
            if decision.outcome == "send" and decision.notice is not None:
                outcome.notices.append(decision.notice)
            elif decision.outcome == "superseded" and decision.notice is not None:
                outcome.superseded.append(decision.notice)
            elif decision.outcome == "cancel":
                outcome.cancelled.append((decision.key, decision.reason))

    def _next_at(
        self, duty: Duty, row: OccurrenceRow, occurrence: Occurrence, verdict: Verdict, delivery_states: _Told,
        stale_at: datetime | None,
    ) -> datetime | None:  # fmt: skip
        if verdict.status in _SETTLED:
            return verdict.next_at
        hours, policy = self._schedule.hours, self._schedule.policies[duty.escalation]
        again = find_anchor(
            occurrence, delivery_states, row.due_revision, row.episode, policy, self._calendar, hours, self._county,
            verdict.since, shadow=self._county.shadow(self.now),
        )  # fmt: skip
        step = next_step_at(
            occurrence, policy, duty=duty, county=self._county, calendar=self._calendar, hours=hours, now=self.now,
            since=again, is_unseen=verdict.status is Status.UNVERIFIABLE,
            silences=self._facts.silences,
        )  # fmt: skip
        return min((one for one in (verdict.next_at, step, stale_at) if one is not None), default=None)

    def _correct_due(
        self,
        group: DutyGroup,
        occurrence: Occurrence,
        verdict: Verdict,
        row: OccurrenceRow,
        delivery_states: dict[NoticeKey, DeliveryState],
        before: OccurrenceRow,
        outcome: GroupOutcome,
    ) -> None:
        """The due date moved: what is unsent falls away, whoever was told is told the new date."""
        zone = self._county.zone
        was = due_of(before.due_on, before.due_at, zone)
        why, deed = why_moved(before, row), deed_zh(cells_of(group.duty, occurrence.department, occurrence.label))
        limit, moved = "公开时限" if deed == "公开" else "办理时限", "延至" if why in LONGER else "更正为"
        reason = f"{why}，{limit}由{was}{moved}{due_zh(occurrence, zone)}。"
        for key, what in delivery_states.items():
            if what.state == "due" and key.due_revision < row.due_revision:
                outcome.cancelled.append((key, f"时限已更正：{reason}"))
        particulars = detail(occurrence, verdict, group.duty, self._county, self._calendar, self.now)
        outcome.notices += self._corrections(row, delivery_states, reason, particulars)

    def _corrections(
        self,
        row: OccurrenceRow,
        delivery_states: _Told,
        reason: str,
        particulars: Mapping[str, Any],
        kind: Literal["correction", "mended"] = "correction",
    ) -> tuple[Notice, ...]:
        return build_corrections(
            row.key,
            delivery_states,
            county=self._county,
            calendar=self._calendar,
            hours=self._schedule.hours,
            due_revision=row.due_revision,
            reason=reason,
            shown=particulars,
            now=self.now,
            kind=kind,
            anew=row.closed or reason == MADE_MILD,
        )

    def _made_mild(
        self, group: DutyGroup, occurrence: Occurrence, verdict: Verdict, row: OccurrenceRow, delivery_states: _Told
    ) -> tuple[Notice, ...]:
        """The reading is assumed again: whoever an escalation or a slip reached is told that it no longer stands."""
        kinds = {step.name: step.kind for step in self._schedule.policies[group.duty.escalation].steps}
        harsh = {key: what for key, what in delivery_states.items() if kinds.get(key.step, key.step) in _HARSH}
        shown = detail(occurrence, verdict, group.duty, self._county, self._calendar, self.now)
        return self._corrections(row, harsh, MADE_MILD, shown)

    # -- what is no longer owed ------------------------------------------------------------------

    def _close(self, row: OccurrenceRow, reason: str, outcome: GroupOutcome) -> None:
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
        outcome.stands.append((closed, {}))
        outcome.closed += 1
        outcome.journal.append(self._entry("occurrence.closed", closed, self._state(row), self._state(closed), reason))
        delivery_states = self._facts.delivery_states.get(row.key, {})
        outcome.cancelled += [(key, reason) for key, what in delivery_states.items() if what.state == "due"]
        if any(what.reached for what in delivery_states.values()):
            outcome.gone.append(closed)

    # -- writing ---------------------------------------------------------------------------------

    def write(self, tx: Tx) -> PassChanges:
        """All of it, in the caller's transaction."""
        outcomes = self._all
        upsert_occurrences(tx, [row for outcome in outcomes for row in outcome.rows])
        add_standings(tx, [pair for outcome in outcomes for pair in outcome.stands])
        wanted = [pair for outcome in outcomes for pair in outcome.cancelled]
        cancelled = cancel_unsent(tx, self._county.id, wanted, self.now)
        notices = [notice for outcome in outcomes for notice in outcome.notices]
        gone = [row for outcome in outcomes for row in outcome.gone]
        wanted_notices = [*notices, *self._corrections_of(tx, gone)]
        sent = insert_notices(tx, wanted_notices, self.now, renew=True)
        skipped = supersede(tx, [notice for outcome in outcomes for notice in outcome.superseded], self.now)
        lines = [line for outcome in outcomes for line in outcome.journal]
        lines += [self._line("notice.decided", notice.key, notice.reason) for notice in sent]
        lines += [self._line("notice.superseded", notice.key, notice.reason) for notice in skipped]
        why = dict(wanted)
        lines += [self._line("notice.cancelled", key, why[key]) for key in cancelled]
        append(tx, self._county.id, lines, self.now)
        return PassChanges(
            created=sum(outcome.created for outcome in outcomes),
            changed=sum(outcome.changed for outcome in outcomes),
            closed=sum(outcome.closed for outcome in outcomes),
            notices=len(sent),
        )

    def _corrections_of(self, tx: Tx, gone: Sequence[OccurrenceRow]) -> list[Notice]:
        """更正 for what the rules have lost: shown as it was last shown."""
        last = shown(tx, self._county.id, [row.key for row in gone])
        made: list[Notice] = []
        for row in gone:
            done = row.reason == RECORDED
            reason = f"{'谢谢，' if done else '此前的通知不再适用：'}{row.reason}"
            kind: Literal["mended", "correction"] = "mended" if done else "correction"
            made += self._corrections(row, self._facts.delivery_states[row.key], reason, last.get(row.key, {}), kind)
        return made

    def _line(self, action: str, key: NoticeKey, reason: str) -> JournalEntry:
        return line_of(self._who, action, key, reason)


_HARSH = ("escalation", "slip", "correction")
#: All of a row but when it was written.
_decided = attrgetter(*(field.name for field in fields(OccurrenceRow) if field.name not in ("updated_at", "asks")))
_stands = attrgetter(*(field.name for field in fields(OccurrenceRow) if field.name not in HINTS))
_shown = attrgetter("status", "light", "reason", "closed")


def _differs(before: OccurrenceRow, row: OccurrenceRow) -> bool:
    """Whether what people are told of it changed."""
    return _shown(before) != _shown(row)
