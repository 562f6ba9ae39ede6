"""What the notices of one occurrence depend on: its verdict, policy and earlier notices, and when its steps stand.

Steps count from the due instant, or from a later start: liability that began later, going live, an episode that
reopened. The first notice of an occurrence is never an escalation. If the first step could only be notified when a
later one already stood (the site could not be read, a silence was in force, a person decided late, the daemon was
down), the others follow at their distances from that notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.core.escalation import steps
from tracker.core.escalation.notice_kinds import LIABLE_KINDS, StepKind
from tracker.core.escalation.notices import OFFICE, SHADOW, Acknowledgement, DeliveryState, NoticeKey, Silence
from tracker.core.escalation.office_time import OfficeTime
from tracker.core.escalation.policies import Policy, Step
from tracker.core.law.counting import day_start
from tracker.core.law.county import County
from tracker.core.law.duties import Duty
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.second_looks import SecondLook
from tracker.core.values.verdicts import CellState, Status, Verdict

#: The kinds of step that are taken under a deadline of ours, too.
_MILD_KINDS = ("reminder", "question", "overdue")


@dataclass(frozen=True, slots=True)
class Case:
    """One occurrence with all that its notices depend on.

    `delivery_states`: its earlier notices with their states. `changed`: the verdict differs from the last one, so
    unsent notices are decided anew and show the new state. `reworded`: rules, calendar or schedule differ from the last
    pass's, so unsent notices take the text that these give, and keep their decision. `acknowledgements` of this
    occurrence quiet the repeats of the step they answer; `silences` hold back all steps while they are in
    force. `unread_columns`: those whose last visit failed; the county office is told of each outage as such, and not
    again for each occurrence.
    """

    occurrence: Occurrence
    verdict: Verdict
    policy: Policy
    duty: Duty
    county: County
    office: OfficeTime
    due_revision: int
    episode: int
    delivery_states: Mapping[NoticeKey, DeliveryState]
    now: datetime
    changed: bool = False
    acknowledgements: Sequence[Acknowledgement] = ()
    silences: Sequence[Silence] = ()
    unread_columns: frozenset[str] = frozenset()
    second_looks: Sequence[SecondLook] = ()
    reworded: bool = False

    @property
    def shadow(self) -> bool:
        """Whether the county is in shadow mode: the county office alone is notified."""
        return self.county.shadow(self.now)

    # -- earlier notices -------------------------------------------------------------------------

    def may_send(self, key: NoticeKey) -> bool:
        """Return whether the notice is to be decided now: it was not sent, or was cancelled, or waits with an old text.

        That holds for a superseded one too, if it was superseded before the current start of liability (a reading was
        adopted once more). A notice that the office had as its own is not sent to it again in shadow mode.
        """
        state, liable_from = self.delivery_states.get(key), self.verdict.liable_from
        if state is None and key.role == SHADOW:
            state = self.delivery_states.get(replace(key, role=OFFICE))
        if state is not None and state.state == "superseded":
            return liable_from is not None and state.at < liable_from
        return state is None or state.state == "cancelled" or (self.changed and state.state == "due")

    def takes_new_text(self, key: NoticeKey) -> bool:
        """Return whether the notice waits with a text that other rules gave."""
        state = self.delivery_states.get(key)
        return self.reworded and not self.changed and state is not None and state.state == "due"

    def episode_states(self) -> Iterator[tuple[NoticeKey, DeliveryState]]:
        """Return the notices of this episode with their states."""
        return ((key, state) for key, state in self.delivery_states.items() if key.episode == self.episode)

    def _counting_states(self) -> Iterator[tuple[NoticeKey, DeliveryState]]:
        """Yield the notices of this episode and due day with their states.

        Cancelled and superseded notices do not count; notices on trial count in shadow mode only.
        """
        return (
            (key, state)
            for key, state in self.episode_states()
            if key.due_revision == self.due_revision
            and (self.shadow or key.role != SHADOW)
            and state.state not in ("cancelled", "superseded")
        )

    @property
    def reopened_at(self) -> datetime | None:
        """When the notice that opens this episode was decided."""
        instants = (
            state.at for key, state in self.episode_states() if key.step == "reopened" and state.state != "cancelled"
        )
        return min(instants, default=None)

    @property
    def first_notified(self) -> tuple[datetime, Step] | None:
        """When the first step after the deadline was notified in this episode and under this due day, and that step.

        A notice that waits does not count once the policy has its step stand later than now.
        """
        late_steps = {step.name: step for step in self.policy.steps if step.kind != "reminder"}
        notified = [
            (state.at, late_steps[key.step])
            for key, state in self._counting_states()
            if key.step in late_steps and not (state.state == "due" and self._is_ahead(late_steps[key.step]))
        ]
        return min(notified, key=lambda pair: pair[0], default=None)

    def _is_ahead(self, step: Step) -> bool:
        """Return whether the step, counted from the due instant, still lies ahead."""
        at = steps.step_at(step, self.occurrence, self.office)
        return at is not None and at > self.now

    def is_quiet(self, step: str, role: str, at: datetime) -> bool:
        """Return whether the role acknowledged the step, so that a repeat at `at`, in the quiet time, is left out.

        The acknowledgement must follow the step's notice of this episode and due date.
        """
        instants = [
            state.at
            for key, state in self.episode_states()
            if (key.step, key.role, key.due_revision, key.ordinal) == (step, role, self.due_revision, 0)
        ]
        return bool(instants) and any(
            acknowledgement.step == step
            and acknowledgement.role == role
            and min(instants) <= acknowledgement.recorded_at <= at < acknowledgement.quiet_until
            for acknowledgement in self.acknowledgements
        )

    @property
    def silence(self) -> Silence | None:
        """The silence in force now that lasts longest."""
        holding = (silence for silence in self.silences if silence.holds(self.occurrence, self.now))
        return max(holding, key=lambda silence: (silence.until, silence.id), default=None)

    def is_in_outage(self, state: CellState) -> bool:
        """Return whether each cell of that state, but for those that await a person, has a column that fails now."""
        assignment = self.duty.assignment(self.occurrence.department)
        columns = {
            cell.name: {column for source in cell.sources for column in source.columns}
            for cell in (assignment.cells if assignment else ())
        }
        cells = [cell for cell in self.verdict.cells if cell.state == state and not cell.awaits and not cell.filed_only]
        return bool(cells) and all(columns.get(cell.cell, set()) & self.unread_columns for cell in cells)

    # -- from where steps count ------------------------------------------------------------------

    @property
    def count_start(self) -> steps.CountStart | None:
        """The start from which the steps count: the episode's own, or the first notice where that came too late.

        None: they count from the due instant.
        """
        start, first = self._episode_start, self.first_notified
        if first is None:
            return start
        notified_at, step = first
        placed = steps.place_steps(self.policy, self.occurrence, self.office, start)
        late_steps = [(at, late_step) for at, late_step in placed if late_step.kind != "reminder"]
        step_at = next((at for at, late_step in late_steps if late_step.name == step.name), None)
        later_at = next((at for at, _ in late_steps if step_at is not None and at > step_at), None)
        sent_at = self.earliest_send_at(notified_at, notified_at)
        return start if later_at is None or sent_at < later_at else self._start_of_step_at(step, sent_at)

    @property
    def _episode_start(self) -> steps.CountStart | None:
        """The instant of the episode's first possible notice; None for the first episode, and before that notice."""
        live, liable_from, reopened_at = self.county.golive, self.verdict.liable_from, self.reopened_at
        is_before_golive = reopened_at < live.at if live is not None and reopened_at is not None else not self.episode
        if live is not None and is_before_golive and liable_from in (live.at, live.begins_at):
            return self._golive_start
        if reopened_at is not None:
            notified_at = self.earliest_send_at(reopened_at, reopened_at)
            liable_from = notified_at if liable_from is None else max(notified_at, liable_from)
        return None if liable_from is None else steps.CountStart(liable_from, self.office.day_of(liable_from))

    @property
    def _golive_start(self) -> steps.CountStart | None:
        """The start for occurrences that were late before the county went live: the day before going live.

        The first step after the deadline then stands on the day of going live.
        """
        live = self.county.golive
        return steps.CountStart(live.begins_at, live.on - timedelta(days=1)) if live is not None else None

    @property
    def counts_from_golive(self) -> bool:
        """Whether its steps count from the day of going live."""
        start = self._golive_start
        return start is not None and self.count_start == start

    def _start_of_step_at(self, step: Step, stands_at: datetime) -> steps.CountStart:
        """Return the start from which the step stands at that instant, or on that day."""
        office, amount = self.office, step.offset.amount
        if step.offset.unit == "hours":
            at = stands_at - timedelta(hours=amount)
            return steps.CountStart(at, office.day_of(at))
        day = office.day_of(stands_at)
        day = day - timedelta(days=amount) if step.offset.unit == "days" else office.calendar.add_workdays(day, -amount)
        return steps.CountStart(day_start(day + timedelta(days=1), office.zone), day)

    # -- steps -----------------------------------------------------------------------------------

    def kind_of(self, step: Step) -> StepKind:
        """Return the kind of notice that the step sends.

        A question asks about what was not found on a site. Where everything missing is proved by filings or records,
        the register knows and the step sends an overdue notice.
        """
        missing = [cell for cell in self.verdict.cells if cell.state == "missing"]
        is_filed = bool(missing) and all(cell.filed_only for cell in missing)
        return "overdue" if step.kind == "question" and is_filed else step.kind

    def _is_pressed_beside(self, name: str) -> bool:
        """Return whether a notice of this episode and due day, of another step than this one, says that the department
        is liable; notices on trial count in shadow mode only."""
        return any(state.kind in LIABLE_KINDS and key.step != name for key, state in self._counting_states())

    def earliest_send_at(self, stands_at: datetime, decided_at: datetime) -> datetime:
        """Return the first instant at which a notice of a step that was decided at `decided_at` may be sent."""
        return steps.earliest_send_at(self.policy, stands_at, decided_at, self.office)

    def placed_steps(self) -> list[tuple[datetime, Step]]:
        """Return the steps that apply, with their instants: before any notice, of several late steps that stand only
        the first.

        Steps beyond reminder, question and overdue are left out for a deadline that is our interpretation and not
        adopted, for a provisional date, and while an objection is pending or upheld.
        """
        mild = self.occurrence.is_mild_at(self.now) or self.verdict.objection in ("pending", "upheld")
        placed = [
            (at, step)
            for at, step in steps.place_steps(self.policy, self.occurrence, self.office, self.count_start)
            if (step.kind in _MILD_KINDS or not mild) and self._applies(step)
        ]
        if (first := self.first_notified) is None:
            standing = [pair for pair in placed if pair[1].kind != "reminder" and pair[0] <= self.now]
            return [pair for pair in placed if pair not in standing[1:]]
        notified_at, notified_step = first
        return [(min(at, notified_at) if step == notified_step else at, step) for at, step in placed]

    def _applies(self, step: Step) -> bool:
        """Return whether all conditions of the step hold for the verdict.

        Nobody is asked after a notice of this episode said that the department is liable.
        """
        if step.kind == "question" and self._is_pressed_beside(step.name):
            return False
        when = step.when
        if when is None:
            return True
        incomplete = self.verdict.status is Status.INCOMPLETE
        return (
            (not when.lights or self.verdict.light.value in when.lights)
            and (when.weight is None or self.duty.weight >= when.weight)
            and (when.incomplete is None or when.incomplete == incomplete)
        )
