"""Resolves the deadlines that a duty names: looks up their readings and events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, get_args

from tracker.core.law.assumed_rules import CLOCK_RULES, REST_DAYS, AssumedRule
from tracker.core.law.counting_law import find_workday_rule
from tracker.core.law.duties import By, Deadline, EventRule, Every, PeriodUnit, Prior, Span, Stop, Within
from tracker.core.law.statutes import Provision
from tracker.core.values.message import Message
from tracker.rulebook.acts import Acts, find_provisions
from tracker.rulebook.clock_checks import ClockCheck, find_clash
from tracker.rulebook.deadline_model import ByModel, EveryModel, UseModel, WithinModel
from tracker.rulebook.document import Spot, items_of
from tracker.rulebook.pack_checks import label_of_periods
from tracker.rulebook.pack_model import COVERS, DutyModel, KindsModel, PackModel, PartModel, ReadingModel
from tracker.rulebook.scalars import DueMonthDay, LawText
from tracker.rulebook.suggest import find_intended

#: Periods by their length.
_LENGTHS = {unit: length for length, unit in enumerate(get_args(PeriodUnit), start=1)}
Form = WithinModel | ByModel | EveryModel
_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ReadingInForce:
    """A reading in force in a county: the pack's own, or the county's in its place."""

    name: str
    model: ReadingModel
    adopted: bool = False

    def assumed(self, form: Form) -> bool:
        """Whether the number of the deadline is an assumption."""
        return self.model.assumed or form.assumed


@dataclass(frozen=True, slots=True)
class DeadlineContext:
    """The place where a duty names a deadline, and what the duty and a reading add to it."""

    spot: Spot
    duty: DutyModel
    reading: ReadingInForce | None = None
    use: UseModel | None = None


@dataclass(frozen=True, slots=True)
class DeadlineResolver:
    """Resolves the deadlines of one pack under the readings in force in one county."""

    pack: PackModel
    readings: Mapping[str, ReadingInForce]
    acts: Acts
    rules: Mapping[str, AssumedRule]  # ours, by name (`ASSUMED_RULES`)

    def resolve(self, piece: DutyModel | PartModel, duty: DutyModel) -> tuple[Deadline, ...]:
        """All deadlines of the duty or of a part of it; none where one of them has an error."""
        spot = piece.spot / "deadline"
        forms = items_of(piece.deadline, spot)
        built = [deadline for form, place in forms for deadline in self._deadlines(form, place, duty)]
        deadlines = [deadline for deadline in built if deadline is not None]
        self._check_labels(deadlines, spot)
        if None in built:
            return ()
        priors = [deadline.after.duty if deadline.after else "" for deadline in deadlines]
        if duty.id in priors and "" not in priors:
            spot.report(Message("`after` with the duty's own name, and no deadline beside it"))
        return self._set_upkeep(deadlines, duty.id, spot)

    def cover(self, kinds: KindsModel, duty: DutyModel, beside: Iterable[Deadline]) -> tuple[Deadline, ...]:
        """The deadline of every kind by itself. `beside`: those that any one kind meets; their periods are shorter."""
        name, spot = f"cover-{kinds.cover}", kinds.spot / "cover"
        found = [each for each in self._reading(name, DeadlineContext(spot, duty), spot) if each is not None]
        periods = [each for each in beside if isinstance(each, Every) and not each.upkeep]
        longest = max((_LENGTHS[each.unit] for each in periods), default=0)
        for deadline in found:
            if not isinstance(deadline, Every) or deadline.upkeep or deadline.about != "publication" or len(found) > 1:
                spot.report(
                    Message("the reading {name!r} is not one period of publication", name=name), ("{every: year}",)
                )
            elif _LENGTHS[deadline.unit] <= longest:
                message = Message("the cover is no longer than the periods in which any one kind is owed")
                spot.report(message, tuple(unit for unit in COVERS if _LENGTHS[unit] > longest))
        return tuple(found)

    def _deadlines(self, form: Any, spot: Spot, duty: DutyModel) -> list[Deadline | None]:
        if isinstance(form, str):
            return self._reading(form, DeadlineContext(spot, duty), spot)
        if isinstance(form, UseModel):
            return self._reading(form.use, DeadlineContext(spot, duty, use=form), spot / "use")
        if form.assumed:
            message = Message("assumed outside a named reading: a county adopts a reading by its name")
            (spot / "assumed").report(message, key=True)
        return [self._build(form, DeadlineContext(spot, duty))]

    def _reading(self, name: str, context: DeadlineContext, spot: Spot) -> list[Deadline | None]:
        if name not in self.readings:
            spot.report_unknown(Message("reading"), name, self.readings, among=self.pack.spot / "readings")
        reading = self.readings.get(name) or self.readings.get(find_intended(name, self.readings) or "")
        if reading is None:
            return [None]
        forms, context = items_of(reading.model.deadline, reading.model.spot), replace(context, reading=reading)
        return [self._build(form, context) for form, _ in forms]

    def _build(self, form: Form, context: DeadlineContext) -> Deadline | None:
        if isinstance(form, WithinModel):
            return self._within(form, context)
        if isinstance(form, ByModel):
            rest_days = self.rules[REST_DAYS] if form.roll is None else None
            terms = self._terms(form, context)
            return By(day=form.by, roll=form.roll == "next", rest_days=rest_days, zero_report=form.zero_report, **terms)
        return self._every(form, context)

    def _every(self, form: EveryModel, context: DeadlineContext) -> Every:
        due = form.due
        is_open = form.roll is None and not isinstance(due, Span) and form.every not in ("day", "workday")
        return Every(
            unit=form.every,
            about=form.about,
            due_after_end=due if isinstance(due, Span) else None,
            due_day=due if isinstance(due, int) else None,
            month_day=(due.month, due.day) if isinstance(due, DueMonthDay) else None,
            roll=form.roll == "next" or (form.roll is None and isinstance(due, Span)),
            rest_days=self.rules[REST_DAYS] if is_open else None,
            upkeep=form.upkeep,
            zero_report=form.zero_report,
            **self._terms(form, context, {"due": due}),
        )

    def _terms(self, form: Form, context: DeadlineContext, spans: Mapping[str, object] = _NONE) -> dict[str, Any]:
        """The fields of every form: the reading it comes from, and on what the number rests. `spans`: by key, for the
        law that sets them."""
        reading, law = context.reading, self._law(form, context)
        for key, span in spans.items():
            rule = find_workday_rule(law, span) if isinstance(span, Span) and span.unit == "days" else None
            if rule is not None and isinstance(span, Span):
                message = Message(
                    "article {article} of {id!r} makes {amount} days working days",
                    article=rule.article,
                    id=rule.act.id,
                    amount=span.amount,
                )
                (form.spot / key).report(message, (f"{span.amount} workdays",))
        return {
            "reading": reading.name if reading else "",
            "basis": form.basis or (reading.model.basis if reading else None) or "",
            "assumed": reading is not None and reading.assumed(form),
            "adopted": reading is not None and reading.adopted,
            "law": law,
            "after": self._after(form, context),
        }

    def _after(self, form: Form, context: DeadlineContext) -> Prior | None:
        name, duties = (context.use.after if context.use else None) or form.after, self.pack.known_duties
        return None if name is None or name not in duties else Prior(name, duties[name].title)

    def _within(self, form: WithinModel, context: DeadlineContext) -> Within | None:
        use, event = context.use or UseModel(use="none"), self._event(form, context)
        if event is None:
            return None
        if form.of is None:
            ClockCheck(self.pack).start(form, event.name, form.spot)
        extended_by = next(iter(self._facts([*form.extension])), None) if isinstance(form.extension, dict) else None
        own = next(iter(form.extension.values())) if isinstance(form.extension, dict) else form.extension
        extension = use.extension or own
        stops, until = tuple(self._stops(form)), self._facts(form.until)
        return Within(
            span=form.within,
            event=event,
            roll=form.roll != "none",
            extension=extension,
            extended_by=extended_by,
            allows_shared_entries=form.shared if use.shared is None else use.shared,
            slack=form.slack if use.slack is None else use.slack,
            where=form.where,
            stops=stops,
            until=until,
            clock_rules={name: self.rules[name] for name in CLOCK_RULES} if stops else {},
            **self._terms(form, context, {"within": form.within, "extension": extension}),
        )

    def _event(self, form: WithinModel, context: DeadlineContext) -> EventRule | None:
        reading, events = context.reading, self.pack.events
        name = form.of or (context.use.of if context.use else None)
        if name is None:
            hint = f"{{use: {reading.name}, of: EVENT}}" if reading else "{within: …, of: EVENT}"
            context.spot.report(Message("the span runs from no event"), (hint,))
            return None
        # That an event is unknown is reported where it is written (`pack_checks`).
        return events.get(name) or events.get(find_intended(name, events) or "")

    def _stops(self, form: WithinModel) -> Iterator[Stop]:
        """The pauses and restarts of a clock. That a fact is unknown is reported where it is written."""
        for restarts, pairs in ((False, form.pause), (True, form.restart)):
            for first, then in pairs.items():
                firsts, seconds = self._facts(first), self._facts(then)
                if firsts and seconds:
                    yield Stop(firsts[0], seconds, restarts)

    def _facts(self, names: str | Sequence[str] | None) -> tuple[EventRule, ...]:
        listed = [names] if isinstance(names, str) else names or ()
        return tuple(self.pack.events[name] for name in listed if name in self.pack.events)

    def _law(self, form: Form, context: DeadlineContext) -> tuple[Provision, ...]:
        """The articles that set the number: those named nearest to the duty. An assumed number has none."""
        reading, use = context.reading, context.use
        given: tuple[Sequence[LawText] | None, ...] = (form.law, context.duty.law)
        if reading is not None:
            given = (use.law if use else None, context.duty.law, form.law, reading.model.law)
        law = next((law for law in given if law is not None), ())
        return () if reading is not None and reading.assumed(form) else find_provisions(law, self.acts)

    def _check_labels(self, deadlines: Iterable[Deadline], spot: Spot) -> None:
        earlier: list[tuple[str, str, Mapping[str, str]]] = []  # with the reading
        for deadline in deadlines:
            label, where = _label(deadline), deadline.where if isinstance(deadline, Within) else _NONE
            # Two of one reading are reported where the reading stands.
            others = [(other, form) for reading, other, form in earlier if not reading or reading != deadline.reading]
            if clash := find_clash(label, where, others):
                spot.report(clash)
            earlier.append((deadline.reading, label, where))

    def _set_upkeep(self, deadlines: list[Deadline], duty: str, spot: Spot) -> tuple[Deadline, ...]:
        """The deadlines, with the `by` day after which the `upkeep` periods beside it begin."""
        day = next((deadline.day for deadline in deadlines if isinstance(deadline, By)), None)
        built: list[Deadline] = []
        for deadline in deadlines:
            if isinstance(deadline, Every) and deadline.upkeep:
                if day is None and deadline.after is None:
                    message = Message(
                        "upkeep of nothing: it needs a `by` beside it, or the duty whose publication is kept up"
                    )
                    spot.report(message, ("{every: quarter, upkeep: true, after: DUTY}",))
                # The duty's own name adds nothing to the `by` beside it.
                is_own = deadline.after is not None and deadline.after.duty == duty
                after = None if is_own and day is not None else deadline.after
                deadline = replace(deadline, upkeep_after=day, after=after)
            built.append(deadline)
        return tuple(built)


def _label(deadline: Deadline) -> str:
    """What all labels of a deadline look like."""
    if isinstance(deadline, Within):
        return f"event:{deadline.event.name}:REFERENCE"
    return "once" if isinstance(deadline, By) else label_of_periods(deadline.unit)
