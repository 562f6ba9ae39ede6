"""From models to the core's values: one pack checked by itself, then laid on one county."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from tracker.core.duties import Assignment, Contents, Duty, EventRule, Item, Part, Rulebook, Within
from tracker.rulebook.assign import groups
from tracker.rulebook.cells import Cells, Proof, merge
from tracker.rulebook.county import Channels, build_county
from tracker.rulebook.county_model import CountyModel
from tracker.rulebook.document import Sink, Spot
from tracker.rulebook.example_lines import build_examples, check_lines
from tracker.rulebook.models import (
    DutyModel,
    EachModel,
    EventModel,
    KindsModel,
    PackModel,
    PartModel,
    ReadingModel,
    UseModel,
    WordsModel,
)
from tracker.rulebook.readings import Deadlines, Reading, check_form, label_of_form
from tracker.rulebook.scalars import placeholders


@dataclass(frozen=True, slots=True)
class PackFile:
    """A pack as it was read."""

    model: PackModel
    spot: Spot


@dataclass(frozen=True, slots=True)
class CountyFile:
    """A county as it was read."""

    model: CountyModel
    spot: Spot


def check_pack(pack: PackFile, policies: Collection[str] | None, sink: Sink) -> None:
    """All that is wrong with a pack whoever uses it. `policies`: None where the schedule cannot be read."""
    model, spot = pack.model, pack.spot
    if model.in_force.until < model.in_force.from_:
        sink.add(spot / "in_force" / "until", "the last day lies before the first")
    events = _events(model)
    for name, reading in model.readings.items():
        _check_reading(reading, spot / "readings" / name, events, sink)
    seen: dict[str, int] = {}
    for index, duty in enumerate(model.duties):
        here = spot / "duties" / index
        if duty.id in seen:
            first, _ = (spot / "duties" / seen[duty.id] / "id").place()
            sink.add(here / "id", f"the duty {duty.id!r} is given twice (first in line {first})")
        seen.setdefault(duty.id, index)
        if policies is not None and duty.escalation not in policies:
            sink.unknown(here / "escalation", "escalation", duty.escalation, policies)
        _check_duty(duty, here, events, sink)
        check_lines(duty, here, events, sink)


def compile_county(
    file: CountyFile, packs: Mapping[str, PackFile], unread: Collection[str], zone: ZoneInfo, sink: Sink
) -> Rulebook:
    """Everything in force in one county. Where the sink holds defects the result must not be used.

    `unread`: packs whose own defects are told already; what the county says of them is let be.
    """
    county, channels = build_county(file.model, file.spot, zone, sink)
    in_force = _packs(file, packs, unread, sink)
    _check_county(file, in_force, unread, sink)
    duties: list[Duty] = []
    events: dict[str, EventRule] = {}
    for pack in in_force:
        compiler = _Compiler(file, pack, channels, sink)
        duties += compiler.duties()
        events |= compiler.events
    _check_ids(file, in_force, sink)
    return Rulebook(county, tuple(duties), events)


class _Compiler:
    """Lays one pack on one county."""

    def __init__(self, county: CountyFile, pack: PackFile, channels: Channels, sink: Sink) -> None:
        self.county = county
        self.pack = pack
        self.sink = sink
        self.events = _events(pack.model)
        self.deadlines = Deadlines(self.events, _readings(county, pack, sink), sink)
        self.cells = Cells(county.model.county, channels, frozenset(self.events), sink)

    def duties(self) -> list[Duty]:
        return [self._duty(one, self.pack.spot / "duties" / index) for index, one in enumerate(self.pack.model.duties)]

    def _duty(self, model: DutyModel, spot: Spot) -> Duty:
        pack = self.pack.model
        override = self.county.model.overrides.get(model.id)
        parts = self._parts(model, spot)
        duty = Duty(
            county=self.county.model.county,
            pack=pack.pack,
            id=model.id,
            title=model.title,
            clause=model.clause,
            in_force_from=pack.in_force.from_,
            in_force_until=pack.in_force.until,
            parts=parts,
            assignments=self._assignments(model, spot),
            weight=model.weight if override is None or override.weight is None else override.weight,
            escalation=model.escalation,
            examples=build_examples(model, spot),
            pack_title=pack.title,
        )
        for part in parts:
            self._check_placeholders(model, part, spot)
        for index, example in enumerate(model.examples):
            if example.department not in self.county.model.departments:
                place = spot / "examples" / index / "department"
                self.sink.unknown(place, "department", example.department, self.county.model.departments)
        return duty

    def _parts(self, model: DutyModel, spot: Spot) -> tuple[Part, ...]:
        own = self.deadlines.resolve(model.deadline, spot / "deadline") if model.deadline is not None else ()
        if not model.parts:
            return (Part("", model.title, own, _contents(model.contents)),)
        return tuple(self._part(model, name, part, spot / "parts" / name, own) for name, part in model.parts.items())

    def _part(self, duty: DutyModel, name: str, part: PartModel, spot: Spot, shared: tuple[object, ...]) -> Part:
        own = part.deadline is not None
        deadlines = self.deadlines.resolve(part.deadline, spot / "deadline") if own else shared
        contents = _contents(part.contents if part.contents is not None else duty.contents)
        return Part(name, part.title or name, tuple(deadlines), contents, own)  # type: ignore[arg-type]

    def _assignments(self, model: DutyModel, spot: Spot) -> tuple[Assignment, ...]:
        laid = groups(model, spot, self.county.model, self.county.spot, self.sink)
        # Defects of the proof itself are the same for every department; `Sink` and RuleErrors keep one.
        proofs = _proofs(model, spot, self.sink)
        alone = len(laid) == 1
        return tuple(
            Assignment(
                key=group.key,
                members=group.members,
                cells=tuple(cell for proof in proofs for cell in self.cells.of(proof, group.members, alone)),
                lead=group.lead,
            )
            for group in laid
        )

    def _check_placeholders(self, model: DutyModel, part: Part, spot: Spot) -> None:
        """A pattern may name only what every event of the part's deadlines must bring."""
        proof = merge(model, part.name, model.parts.get(part.name), spot, Sink())
        title = proof.evidence.get("title")
        for field in placeholders(str(title)) if title else ():
            events = [one.event for one in part.deadlines if isinstance(one, Within)]
            if part.deadlines and not events:
                self.sink.add(proof.spots["title"], f"'{{event.{field}}}' in a duty that no event starts")
            for event in events:
                if field not in event.needs:
                    where = f" of the event {event.name!r}"
                    self.sink.unknown(proof.spots["title"], "field", field, event.needs, where=where)


def _proofs(model: DutyModel, spot: Spot, sink: Sink) -> list[Proof]:
    if not model.parts:
        return [merge(model, "", None, spot, sink)]
    return [merge(model, name, part, spot, sink) for name, part in model.parts.items()]


def _events(pack: PackModel) -> dict[str, EventRule]:
    return {name: _event(name, one) for name, one in pack.events.items()}


def _event(name: str, model: EventModel) -> EventRule:
    return EventRule(name, model.title, model.per == "duty", tuple(model.needs), model.expected)


def _contents(form: object) -> Contents:
    if form is None:
        return Contents()
    if isinstance(form, KindsModel):
        return Contents("kinds", tuple(map(_item, form.kinds)))
    if isinstance(form, EachModel):
        return Contents("each", tuple(map(_item, form.each)))
    assert isinstance(form, list)
    return Contents("all", tuple(map(_item, form)))


def _item(form: object) -> Item:
    if isinstance(form, str):
        return Item((form,))
    if isinstance(form, WordsModel):
        return Item(tuple(form.any), form.advisory, form.number)
    return Item((), form.advisory, None, form.names)  # type: ignore[attr-defined]


def _readings(county: CountyFile, pack: PackFile, sink: Sink) -> dict[str, Reading]:
    """The pack's readings, those that the county puts in their place, and which are adopted."""
    name = pack.model.pack
    adopted = county.model.adopted.get(name, [])
    replaced = county.model.readings.get(name, {})
    readings: dict[str, Reading] = {}
    for reading, model in pack.model.readings.items():
        spot = pack.spot / "readings" / reading
        if reading in replaced:
            model, spot = replaced[reading], county.spot / "readings" / name / reading
            _check_reading(model, spot, _events(pack.model), sink)
        readings[reading] = Reading(reading, model, spot, reading in adopted)
    return readings


def _check_reading(reading: ReadingModel, spot: Spot, events: Mapping[str, EventRule], sink: Sink) -> None:
    labels: set[str] = set()
    for one, place in _each(reading.deadline, spot / "deadline"):
        check_form(one, place, events, sink)
        label = label_of_form(one)
        if label in labels:
            sink.add(place, f"two deadlines give one label: {label}")
        labels.add(label)


def _each(value: object, spot: Spot) -> list[tuple[object, Spot]]:
    if isinstance(value, list):
        return [(one, spot / index) for index, one in enumerate(value)]
    return [(value, spot)]


def _check_duty(duty: DutyModel, spot: Spot, events: Mapping[str, EventRule], sink: Sink) -> None:
    places = [(duty, spot), *((part, spot / "parts" / name) for name, part in duty.parts.items())]
    for model, here in places:
        for one, place in _each(model.deadline, here / "deadline"):
            check_form(one, place, events, sink)
            if isinstance(one, UseModel) and one.of is not None and one.of not in events:
                sink.unknown(place / "of", "event", one.of, events)
    if duty.deadline is None and (not duty.parts or any(part.deadline is None for part in duty.parts.values())):
        sink.add(spot, "missing key 'deadline'")


def _packs(county: CountyFile, packs: Mapping[str, PackFile], unread: Collection[str], sink: Sink) -> list[PackFile]:
    found: list[PackFile] = []
    for index, name in enumerate(county.model.packs):
        spot = county.spot / "packs" / index
        if name not in packs:
            if name not in unread:
                sink.unknown(spot, "pack", name, packs)
        elif packs[name] in found:
            sink.add(spot, f"the pack {name!r} is named twice")
        else:
            found.append(packs[name])
    return found


def _check_county(county: CountyFile, packs: list[PackFile], unread: Collection[str], sink: Sink) -> None:
    """Names in a county's file that point into its packs."""
    by_name = {pack.model.pack: pack.model for pack in packs}
    for key, chosen in (("adopted", county.model.adopted), ("readings", county.model.readings)):
        for pack, names in chosen.items():
            here = county.spot / key / pack
            if pack not in by_name:
                if pack not in unread:
                    sink.unknown(here, "pack", pack, by_name, key=True)
                continue
            for index, name in enumerate(names):
                if name not in by_name[pack].readings:
                    place = here / index if key == "adopted" else here / name
                    sink.unknown(place, "reading", name, by_name[pack].readings, key=key != "adopted")
    duties = {duty.id for pack in packs for duty in pack.model.duties}
    for name in county.model.overrides:
        if name not in duties and not set(unread) & set(county.model.packs):
            sink.unknown(county.spot / "overrides" / name, "duty", name, duties, key=True)


def _check_ids(county: CountyFile, packs: list[PackFile], sink: Sink) -> None:
    """Duty ids are unique across the packs in force at one time."""
    seen: dict[str, list[tuple[date, date, str]]] = {}
    for pack in packs:
        first, last = pack.model.in_force.from_, pack.model.in_force.until
        for index, duty in enumerate(pack.model.duties):
            for begin, end, other in seen.setdefault(duty.id, []):
                if other != pack.model.pack and begin <= last and first <= end:
                    where = f"in force at the same time in county {county.model.county!r}"
                    message = f"the duty {duty.id!r} is in the pack {other!r} too, {where}"
                    sink.add(pack.spot / "duties" / index / "id", message)
            seen[duty.id].append((first, last, pack.model.pack))
