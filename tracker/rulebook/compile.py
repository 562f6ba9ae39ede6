"""From models to the core's values: one pack checked by itself, then laid on one county."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from tracker.core.law.duties import Assignment, Contents, Duty, EventRule, Example, Item, Part, Rulebook, Within
from tracker.core.values.formulas import Scoring
from tracker.rulebook.acts import Acts, check_law_of_reading, check_laws
from tracker.rulebook.assign import Change, groups, left_to_county
from tracker.rulebook.cells import Cells, CellSources, merge
from tracker.rulebook.county import CountyChannels, build_county
from tracker.rulebook.county_model import OverrideModel
from tracker.rulebook.document import Sink, Spot, each
from tracker.rulebook.example_lines import build_examples, check_lines
from tracker.rulebook.files import CountyFile, PackFile, ScheduleFile
from tracker.rulebook.models import (
    DutyModel,
    EachModel,
    KindsModel,
    PartModel,
    ReadingModel,
    UseModel,
    WordsModel,
)
from tracker.rulebook.packs_together import check_circles, check_duty_ids, check_issued, check_twin_events
from tracker.rulebook.readings import Deadlines, DeclaredEvents, Duties, ReadingInForce, check_form, label_of_form
from tracker.rulebook.scalars import placeholders
from tracker.rulebook.scoring_model import ScoringModel, build_scoring
from tracker.rulebook.suggest import nearest


def check_pack(pack: PackFile, schedule: ScheduleFile | None, acts: Acts, sink: Sink) -> None:
    """All that is wrong with a pack whoever uses it. `schedule`: None where it cannot be read."""
    model, spot = pack.model, pack.spot
    if model.in_force.until < model.in_force.from_:
        sink.add(spot / "in_force" / "until", "the last day lies before the first")
    check_issued(model.issued, spot / "issued", pack, sink)
    check_laws(pack, acts, sink)
    events = _events(pack)
    for name, reading in model.readings.items():
        _check_reading(reading, spot / "readings" / name, pack, sink)
    seen: dict[str, int] = {}
    for index, duty in enumerate(model.duties):
        here = spot / "duties" / index
        if duty.id in seen:
            first, _ = (spot / "duties" / seen[duty.id] / "id").place()
            sink.add(here / "id", f"the duty {duty.id!r} is given twice (first in line {first})")
        seen.setdefault(duty.id, index)
        # `standard` is a default, and told in the schedule where that lacks it.
        if schedule is not None and duty.escalation not in (*schedule.model.policies, "standard", ""):
            known, among = schedule.model.policies, schedule.spot / "policies"
            sink.unknown(here / "escalation", "escalation", duty.escalation, known, among=among)
        _check_duty(duty, here, events, _duties(pack), sink)
        check_lines(duty, here, events, sink)


def compile_county(
    file: CountyFile, packs: Mapping[str, PackFile], unread: Collection[str], zone: ZoneInfo, acts: Acts, sink: Sink
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
        compiler = _Compiler(file, pack, channels, acts, sink)
        own = compiler.duties()
        check_circles(own, pack, sink)
        duties += own
        events |= compiler.events
        _check_recorders(pack, file, sink)
    check_duty_ids(file, in_force, sink)
    check_twin_events(file, in_force, sink)
    scoring = _scoring(file, in_force, events, unread, sink)
    circular = file.model.circular
    if circular is not None and not circular.printed_by:
        circular = replace(circular, printed_by=circular.issuer)
    return Rulebook(county, tuple(duties), events, scoring=scoring, circular=circular)


def _check_recorders(pack: PackFile, file: CountyFile, sink: Sink) -> None:
    """Whoever is asked for a missing record is one of the county's departments."""
    known, among = file.model.departments, file.spot / "departments"
    for name, event in pack.model.events.items():
        if event.recorder and event.recorder not in known:
            here, where = pack.spot / "events" / name / "recorder", f" in county {file.model.county!r}"
            sink.unknown(here, "department", event.recorder, known, among=among, where=where)


def _scoring(
    file: CountyFile, packs: Sequence[PackFile], events: Mapping[str, EventRule], unread: Collection[str], sink: Sink
) -> Scoring | None:
    """The county's own formula, else that of the first pack that has one. All of them are checked."""
    found = [
        build_scoring(pack.model.scoring, pack.spot / "scoring", _events(pack), pack.spot / "events", sink)
        for pack in packs
        if pack.model.scoring is not None
    ]
    if file.model.scoring is None:
        return found[0] if found else None
    # An event may be one of a pack that cannot be read: then nothing is said of it.
    spots = [pack.spot / "events" for pack in packs]
    among = next((spot for spot in spots if spot.names_left_out), file.spot / "packs")
    known = events if not unread else {**events, **{name: EventRule(name, name) for name in _named(file.model.scoring)}}
    return build_scoring(file.model.scoring, file.spot / "scoring", known, among, sink)


def _named(model: ScoringModel) -> list[str]:
    return [*(one.event for one in model.bonuses), *model.veto]


class _Compiler:
    """Lays one pack on one county."""

    def __init__(self, county: CountyFile, pack: PackFile, channels: CountyChannels, acts: Acts, sink: Sink) -> None:
        self.county = county
        self.pack = pack
        self.sink = sink
        self.events = _events(pack)
        readings = _readings(county, pack, acts, sink)
        self.deadlines = Deadlines(self.events, readings, pack.spot / "readings", acts, _duties(pack), sink)
        self.cells = Cells(county.model.county, county.spot, channels, self.events, sink)

    def duties(self) -> list[Duty]:
        return [self._duty(one, self.pack.spot / "duties" / index) for index, one in enumerate(self.pack.model.duties)]

    def _duty(self, model: DutyModel, spot: Spot) -> Duty:
        pack = self.pack.model
        override = self._change(model.id).override
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
            weight=model.weight if override.weight is None else override.weight,
            escalation=model.escalation or ("daily" if any(one.daily for one in parts) else "standard"),
            pack_title=pack.title,
            issued=self.county.model.issued.get(pack.pack, pack.issued),
        )
        for part in parts:
            self._check_placeholders(model, part, spot)
        return replace(duty, examples=self._examples(model, duty, spot))

    def _examples(self, model: DutyModel, duty: Duty, spot: Spot) -> tuple[Example, ...]:
        """The examples that can be run in this county.

        Where the county decides who owes the duty, an example about a department that does not owe it here is about
        another county. Where the pack names the departments, it is a mistake.
        """
        owing = [member for one in duty.assignments for member in one.members]
        of_county = left_to_county(model) or self._change(model.id).override.departments is not None
        known, among = self.county.model.departments, self.county.spot / "departments"
        chosen = []
        for index, example in enumerate(build_examples(model, spot)):
            department = example.department or next(iter(owing), "")
            if department in owing or not of_county:
                chosen.append(replace(example, department=department))
            if department not in known and not of_county:
                self.sink.unknown(
                    spot / "examples" / index / "department", "department", department, known, among=among
                )
        return tuple(chosen)

    def _change(self, duty: str) -> Change:
        """What the county says of the duty."""
        return Change(self.county.model.overrides.get(duty, OverrideModel()), self.county.spot / "overrides" / duty)

    def _parts(self, model: DutyModel, spot: Spot) -> tuple[Part, ...]:
        given = model.deadline is not None
        own = self.deadlines.resolve(model.deadline, spot / "deadline", model) if given else ()
        if not model.parts:
            return (Part("", model.title, own, _contents(model.contents)),)
        return tuple(self._part(model, name, part, spot / "parts" / name, own) for name, part in model.parts.items())

    def _part(self, duty: DutyModel, name: str, part: PartModel, spot: Spot, shared: tuple[object, ...]) -> Part:
        own = part.deadline is not None
        deadlines = self.deadlines.resolve(part.deadline, spot / "deadline", duty) if own else shared
        contents = _contents(part.contents if part.contents is not None else duty.contents)
        return Part(name, part.title or name, tuple(deadlines), contents, own)  # type: ignore[arg-type]

    def _assignments(self, model: DutyModel, spot: Spot) -> tuple[Assignment, ...]:
        laid = groups(model, spot, self.county.model, self._change(model.id), self.sink)
        # Defects of the proof itself are the same for every department; `Sink` and RuleErrors keep one.
        proofs = _proofs(model, spot, self.sink)
        alone = len(laid) == 1
        if not laid:
            for proof in proofs:
                list(self.cells.of(proof, (), alone))
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
                    among = self.events.spot / event.name / "needs"
                    self.sink.unknown(proof.spots["title"], "field", field, event.needs, among=among, where=where)


def _proofs(model: DutyModel, spot: Spot, sink: Sink) -> list[CellSources]:
    if not model.parts:
        return [merge(model, "", None, spot, sink)]
    return [merge(model, name, part, spot, sink) for name, part in model.parts.items()]


def _events(pack: PackFile) -> DeclaredEvents:
    return DeclaredEvents(pack.model.events, pack.spot / "events")


def _duties(pack: PackFile) -> Duties:
    return Duties(pack.model.duties, pack.spot / "duties")


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


def _readings(county: CountyFile, pack: PackFile, acts: Acts, sink: Sink) -> dict[str, ReadingInForce]:
    """The pack's readings, those that the county puts in their place, and which are adopted."""
    name = pack.model.pack
    adopted = county.model.adopted.get(name, [])
    replaced = county.model.readings.get(name, {})
    readings: dict[str, ReadingInForce] = {}
    for reading, model in pack.model.readings.items():
        spot = pack.spot / "readings" / reading
        if reading in replaced:
            model, spot = replaced[reading], county.spot / "readings" / name / reading
            _check_reading(model, spot, pack, sink)
            check_law_of_reading(model, spot, acts, pack, sink)
        readings[reading] = ReadingInForce(reading, model, spot, reading in adopted)
    return readings


def _check_reading(reading: ReadingModel, spot: Spot, pack: PackFile, sink: Sink) -> None:
    labels: set[str] = set()
    events, duties = _events(pack), _duties(pack)
    for one, place in each(reading.deadline, spot / "deadline"):
        check_form(one, place, events, duties, sink)
        label = label_of_form(one)
        if label in labels:
            sink.add(place, f"two deadlines give one label: {label}")
        labels.add(label)


def _check_duty(duty: DutyModel, spot: Spot, events: DeclaredEvents, duties: Duties, sink: Sink) -> None:
    places = [(duty, spot), *((part, spot / "parts" / name) for name, part in duty.parts.items())]
    for model, here in places:
        for one, place in each(model.deadline, here / "deadline"):
            check_form(one, place, events, duties, sink)
            if isinstance(one, UseModel) and one.of is not None and one.of not in events:
                sink.unknown(place / "of", "event", one.of, events, among=events.spot)
    if duty.deadline is None and (not duty.parts or any(part.deadline is None for part in duty.parts.values())):
        sink.add(spot, "missing key 'deadline'")


def _packs(county: CountyFile, packs: Mapping[str, PackFile], unread: Collection[str], sink: Sink) -> list[PackFile]:
    found: list[PackFile] = []
    for index, name in enumerate(county.model.packs):
        spot = county.spot / "packs" / index
        meant = nearest(name, packs)
        if name not in packs:
            if name not in unread:
                sink.unknown(spot, "pack", name, {*packs, *unread}, among=spot)
            if meant and packs[meant] not in found and meant not in county.model.packs:
                found.append(packs[meant])
        elif packs[name] in found:
            sink.add(spot, f"the pack {name!r} is named twice")
        else:
            found.append(packs[name])
    return found


def _check_county(county: CountyFile, packs: list[PackFile], unread: Collection[str], sink: Sink) -> None:
    """Names in a county's file that point into its packs."""
    by_name = {pack.model.pack: pack for pack in packs}
    named = county.spot / "packs"
    all_named = all(name in by_name or nearest(name, by_name) for name in county.model.packs if name not in unread)
    issued: dict[str, tuple[str, ...]] = dict.fromkeys(county.model.issued, ())
    for key, chosen in (("adopted", county.model.adopted), ("readings", county.model.readings), ("issued", issued)):
        for pack, names in chosen.items():
            here = county.spot / key / pack
            if pack not in by_name:
                # One that the county names is told there, or where its file cannot be read.
                if pack not in unread and pack not in county.model.packs:
                    sink.unknown(here, "pack", pack, by_name, among=named, key=True)
                continue
            if key == "issued":
                check_issued(county.model.issued[pack], here, by_name[pack], sink)
            known, among = by_name[pack].model.readings, by_name[pack].spot / "readings"
            for index, name in enumerate(names):
                if name not in known:
                    place = here / index if key == "adopted" else here / name
                    sink.unknown(place, "reading", name, known, among=among, key=key != "adopted")
    spots = [pack.spot / "duties" for pack in packs]
    duties = {duty.id for pack in packs for duty in pack.model.duties} | {
        name for spot in spots for name in spot.names_left_out if isinstance(name, str)
    }
    readable = all_named and not set(unread) & set(county.model.packs)
    for name in county.model.overrides:
        left_out = any(spot.may_hold(name) for spot in spots)
        if name not in duties and readable and not left_out:
            sink.unknown(county.spot / "overrides" / name, "duty", name, duties, among=named, key=True)
