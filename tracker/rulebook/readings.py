"""From what a duty says of its deadline to the deadlines themselves: readings looked up, events found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tracker.core.law.duties import By, Deadline, EventRule, Every, Prior, Span, Within
from tracker.core.law.statutes import Act, Provision
from tracker.rulebook.acts import provisions
from tracker.rulebook.document import Sink, Spot, each
from tracker.rulebook.models import ByModel, DutyModel, EveryModel, ReadingModel, UseModel, WithinModel
from tracker.rulebook.scalars import LawText
from tracker.rulebook.suggest import nearest

#: How many days a period of the kind has at most: `due: day N` may not point past it.
_LONGEST = {"day": 1, "workday": 1, "week": 7, "month": 31, "quarter": 92, "half-year": 184, "year": 366}


class DeclaredEvents(dict[str, EventRule]):
    """The events of a pack, and where it declares them."""

    def __init__(self, rules: Mapping[str, EventRule], spot: Spot) -> None:
        super().__init__(rules)
        self.spot = spot


class Duties(dict[str, str]):
    """The titles of a pack's duties by id, and where they stand."""

    def __init__(self, models: Sequence[DutyModel], spot: Spot) -> None:
        super().__init__({one.id: one.title for one in models})
        self.spot = spot


@dataclass(frozen=True, slots=True)
class ReadingInForce:
    """A reading in force in a county: the pack's own, or the county's in its place."""

    name: str
    model: ReadingModel
    spot: Spot
    adopted: bool = False


@dataclass(frozen=True, slots=True)
class DeadlinePlace:
    """Where a deadline is said, and what its duty and its reading add."""

    spot: Spot
    duty: DutyModel
    reading: ReadingInForce | None = None
    use: UseModel | None = None


class Deadlines:
    """Resolves the deadlines of one pack, whose readings are declared at `among`.

    `titles`: of the pack's duties, by id.
    """

    def __init__(
        self,
        events: DeclaredEvents,
        readings: Mapping[str, ReadingInForce],
        among: Spot,
        acts: Mapping[str, Act],
        titles: Mapping[str, str],
        sink: Sink,
    ) -> None:
        self.events = events
        self.titles = titles
        self.acts = acts
        self.readings = readings
        self.among = among
        self.sink = sink

    def resolve(self, value: object, spot: Spot, duty: DutyModel) -> tuple[Deadline, ...]:
        """All deadlines of the duty or of a part of it; none where one of them has an error."""
        built = [deadline for form, place in each(value, spot) for deadline in self._one(form, place, duty)]
        deadlines = [deadline for deadline in built if deadline is not None]
        self._check_labels(deadlines, spot)
        if None in built:
            return ()
        self._check_own(deadlines, spot, duty)
        return self._upkeep(deadlines, spot)

    def _one(self, value: object, spot: Spot, duty: DutyModel) -> list[Deadline | None]:
        if isinstance(value, str):
            return self._reading(value, DeadlinePlace(spot, duty), spot)
        if isinstance(value, UseModel):
            return self._reading(value.use, DeadlinePlace(spot, duty, use=value), spot / "use")
        if getattr(value, "assumed", False):
            self.sink.add(
                spot / "assumed", "assumed outside a named reading: a county adopts a reading by its name", key=True
            )
        return [self._build(value, DeadlinePlace(spot, duty))]

    def _reading(self, name: str, terms: DeadlinePlace, spot: Spot) -> list[Deadline | None]:
        reading = self.readings.get(name)
        if reading is None:
            self.sink.unknown(spot, "reading", name, self.readings, among=self.among)
            reading = self.readings.get(nearest(name, self.readings) or "")
        if reading is None:
            return [None]
        terms = replace(terms, reading=reading)
        forms = each(reading.model.deadline, reading.spot / "deadline")
        return [self._build(form, terms) for form, place in forms]

    def _build(self, value: object, terms: DeadlinePlace) -> Deadline | None:
        if isinstance(value, WithinModel):
            return self._within(value, terms)
        if isinstance(value, ByModel):
            return By(day=value.by, zero_report=value.zero_report, **self._shared(value, terms))
        if isinstance(value, EveryModel):
            return Every(
                unit=value.every,
                about=value.about,
                due_past=value.due if isinstance(value.due, Span) else None,
                due_day=value.due if isinstance(value.due, int) else None,
                upkeep=value.upkeep,
                zero_report=value.zero_report,
                **self._shared(value, terms),
            )
        raise TypeError(f"not a deadline: {value!r}")

    def _shared(self, value: WithinModel | ByModel | EveryModel, terms: DeadlinePlace) -> dict[str, Any]:
        """What every form has: the reading it comes from, and on what the number rests."""
        reading = terms.reading
        return {
            "reading": reading.name if reading else "",
            "basis": value.basis or (reading.model.basis if reading else None) or "",
            "assumed": _assumed(value, reading),
            "adopted": bool(reading and reading.adopted),
            "law": self._law(value, terms),
            "after": self._after(value, terms),
        }

    def _after(self, value: WithinModel | ByModel | EveryModel, terms: DeadlinePlace) -> Prior | None:
        name = (terms.use.after if terms.use else None) or value.after
        # `upkeep` says by itself that it follows the `by` beside it.
        implied = name == terms.duty.id and isinstance(value, EveryModel) and value.upkeep
        return None if name is None or implied or name not in self.titles else Prior(name, self.titles[name])

    def _within(self, value: WithinModel, terms: DeadlinePlace) -> Within | None:
        reading, use = terms.reading, terms.use
        name = value.of or (use.of if use else None)
        if name is None:
            hint = f"{{use: {reading.name}, of: EVENT}}" if reading else "{within: …, of: EVENT}"
            self.sink.add(terms.spot, "the span runs from no event", (hint,))
            return None
        event = self.events.get(name)
        if event is None:
            # A reading's own event is checked where the reading stands.
            if not (reading and value.of):
                self.sink.unknown(terms.spot / "of", "event", name, self.events, among=self.events.spot)
            event = self.events.get(nearest(name, self.events) or "")
        if event is None:
            return None
        return Within(
            span=value.within,
            event=event,
            roll=value.roll is None,
            extension=use.extension if use and use.extension else value.extension,
            shared=value.shared if use is None or use.shared is None else use.shared,
            slack=value.slack if use is None or use.slack is None else use.slack,
            **self._shared(value, terms),
        )

    def _law(self, value: WithinModel | ByModel | EveryModel, terms: DeadlinePlace) -> tuple[Provision, ...]:
        """The articles that set the number: what stands nearest to the duty goes before. None sets an assumed one."""
        if _assumed(value, terms.reading):
            return ()
        given: tuple[Sequence[LawText] | None, ...] = (value.law, terms.duty.law)
        if terms.reading is not None:
            given = (terms.use.law if terms.use else None, terms.duty.law, value.law, terms.reading.model.law)
        return provisions(next((one for one in given if one is not None), ()), self.acts)

    def _check_labels(self, deadlines: Iterable[Deadline], spot: Spot) -> None:
        seen: dict[str, str] = {}
        for deadline in deadlines:
            label = _label(deadline)
            # Two of one reading are told where the reading stands.
            if label in seen and (not deadline.reading or seen[label] != deadline.reading):
                self.sink.add(spot, f"two deadlines give one label: {label}")
            seen[label] = deadline.reading

    def _check_own(self, deadlines: Iterable[Deadline], spot: Spot, duty: DutyModel) -> None:
        priors = [one.after.duty if one.after else "" for one in deadlines]
        if duty.id in priors and "" not in priors:
            self.sink.add(spot, "`after` with the duty's own name, and no deadline beside it")

    def _upkeep(self, deadlines: list[Deadline], spot: Spot) -> tuple[Deadline, ...]:
        """`upkeep` periods are those that begin after the `by` day beside them."""
        after = next((one.day for one in deadlines if isinstance(one, By)), None)
        upkeep = any(isinstance(one, Every) and one.upkeep for one in deadlines)
        if after is None and upkeep:
            self.sink.add(spot, "upkeep without a `by` beside it: what is to be kept up must first be due")
        return tuple(
            replace(one, upkeep_after=after) if isinstance(one, Every) and one.upkeep else one for one in deadlines
        )


def check_form(value: object, spot: Spot, events: DeclaredEvents, duties: Duties, sink: Sink) -> None:
    """What is wrong with one deadline where it is written, whoever uses it."""
    after = getattr(value, "after", None)
    if after is not None and after not in duties:
        sink.unknown(spot / "after", "duty", after, duties, among=duties.spot)
    if isinstance(value, WithinModel):
        if value.of is not None and value.of not in events:
            sink.unknown(spot / "of", "event", value.of, events, among=events.spot)
        if value.within.unit == "same-workday" and value.extension:
            sink.add(spot / "extension", "`same workday` cannot be extended")
    if isinstance(value, EveryModel):
        _check_due(value, spot, sink)


def _check_due(value: EveryModel, spot: Spot, sink: Sink) -> None:
    if isinstance(value.due, Span) and value.about != "this" and value.due.amount:
        message = "`due` lies past the period's end: an entry then proves the period it names"
        sink.add(spot / "due", message, ("about: this",))
    longest = _LONGEST[value.every]
    if isinstance(value.due, int) and not 1 <= value.due <= longest:
        sink.add(spot / "due", f"a {value.every} has no day {value.due}", (f"day 1 to day {longest}",))


def _assumed(value: object, reading: ReadingInForce | None) -> bool:
    return bool(reading and (reading.model.assumed or getattr(value, "assumed", False)))


def _label(deadline: Deadline) -> str:
    """What all labels of a deadline look like; a day and a workday are both named by their date."""
    if isinstance(deadline, Within):
        return f"event:{deadline.event.name}:REFERENCE"
    return "once" if isinstance(deadline, By) else _every(deadline.unit)


def label_of_form(value: object) -> str:
    """The same for a deadline as it is written."""
    if isinstance(value, WithinModel):
        return f"event:{value.of or 'EVENT'}:REFERENCE"
    return _every(value.every) if isinstance(value, EveryModel) else "once"


def _every(unit: str) -> str:
    return f"every {'day' if unit == 'workday' else unit}"
