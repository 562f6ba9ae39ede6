"""From models to the core's values: the packs in force laid on one county."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from tracker.core.law.duties import (
    Assignment,
    Contents,
    Deadline,
    Duty,
    EventRule,
    Item,
    Part,
    Rulebook,
    Within,
)
from tracker.core.law.examples import Example
from tracker.rulebook.acts import Acts
from tracker.rulebook.assign import groups, left_to_county, override_of
from tracker.rulebook.cells import Cells, CellSources, merge
from tracker.rulebook.county import build_county
from tracker.rulebook.county_checks import check_circles, check_names, check_twins, packs_in_force, scoring_in_force
from tracker.rulebook.document import Spot
from tracker.rulebook.files import CountyFile, PackFile
from tracker.rulebook.models import DutyModel, EachModel, KindsModel, PartModel, WordsModel
from tracker.rulebook.readings import Deadlines, ReadingInForce
from tracker.rulebook.scalars import placeholders


def compile_county(
    file: CountyFile, packs: Mapping[str, PackFile], unread: Collection[str], zone: ZoneInfo, acts: Acts
) -> Rulebook:
    """Everything in force in one county. Where there are errors the result must not be used.

    `unread`: packs whose files cannot be read; what the county says of them is not checked.
    """
    county, channels = build_county(file.model, file.spot, zone)
    in_force = packs_in_force(file, packs, unread)
    check_names(file, in_force, unread, acts)
    duties: list[Duty] = []
    events: dict[str, EventRule] = {}
    for pack in in_force:
        deadlines = Deadlines(pack, _readings(file, pack), acts)
        cells = Cells(file.model.county, file.spot, channels, pack.events)
        compiler = _Compiler(file, pack, deadlines, cells)
        own = [compiler.duty(duty, pack.spot / "duties" / index) for index, duty in enumerate(pack.model.duties)]
        check_circles(own, pack)
        duties += own
        events |= pack.events
    check_twins(file, in_force)
    circular = file.model.circular
    if circular is not None and not circular.printed_by:
        circular = replace(circular, printed_by=circular.issuer)
    scoring = scoring_in_force(file, in_force, unread)
    return Rulebook(county, tuple(duties), events, scoring=scoring, circular=circular)


@dataclass(frozen=True, slots=True)
class _Compiler:
    """Lays the duties of one pack on one county."""

    county: CountyFile
    pack: PackFile
    deadlines: Deadlines
    cells: Cells

    def duty(self, model: DutyModel, spot: Spot) -> Duty:
        pack, weight = self.pack.model, override_of(model, self.county).weight
        pieces: Mapping[str, PartModel | None] = model.parts or {"": None}
        proofs = [merge(model, name, part, spot) for name, part in pieces.items()]
        parts = self._parts(model, spot)
        for part, proof in zip(parts, proofs, strict=True):
            self._check_placeholders(part, proof)
        assignments = self._assignments(model, proofs, spot)
        return Duty(
            county=self.county.model.county,
            pack=pack.pack,
            id=model.id,
            title=model.title,
            clause=model.clause,
            in_force_from=pack.in_force.from_,
            in_force_until=pack.in_force.until,
            parts=parts,
            assignments=assignments,
            weight=model.weight if weight is None else weight,
            escalation=model.escalation or ("daily" if any(part.daily for part in parts) else "standard"),
            examples=self._examples(model, assignments, spot / "examples"),
            pack_title=pack.title,
            issued=self.county.model.issued.get(pack.pack, pack.issued),
        )

    def _parts(self, model: DutyModel, spot: Spot) -> tuple[Part, ...]:
        deadlines: tuple[Deadline, ...] = ()
        if model.deadline is not None:
            deadlines = self.deadlines.resolve(model.deadline, spot / "deadline", model)
        if not model.parts:
            return (Part("", model.title, deadlines, _contents(model.contents)),)
        return tuple(
            self._part(model, name, part, spot / "parts" / name, deadlines) for name, part in model.parts.items()
        )

    def _part(self, duty: DutyModel, name: str, part: PartModel, spot: Spot, shared: tuple[Deadline, ...]) -> Part:
        own = part.deadline is not None
        deadlines = self.deadlines.resolve(part.deadline, spot / "deadline", duty) if own else shared
        contents = _contents(part.contents if part.contents is not None else duty.contents)
        return Part(name, part.title or name, deadlines, contents, own)

    def _assignments(self, model: DutyModel, proofs: list[CellSources], spot: Spot) -> tuple[Assignment, ...]:
        drafts = groups(model, spot, self.county)
        alone = len(drafts) == 1
        for proof in proofs if not drafts else ():
            list(self.cells.of(proof, (), alone))
        return tuple(
            Assignment(
                key=draft.key,
                members=draft.members,
                cells=tuple(cell for proof in proofs for cell in self.cells.of(proof, draft.members, alone)),
                lead=draft.lead,
            )
            for draft in drafts
        )

    def _examples(self, model: DutyModel, assignments: tuple[Assignment, ...], spot: Spot) -> tuple[Example, ...]:
        """The examples that can be run in this county.

        Where the county decides who owes the duty, an example about a department that does not owe it here is about
        another county. Where the pack names the departments, it is a mistake.
        """
        owing = [member for assignment in assignments for member in assignment.members]
        of_county = left_to_county(model, self.county)
        examples = []
        for index, example in enumerate(model.examples):
            department = example.department or next(iter(owing), "")
            if department in owing or not of_county:
                line = str(spot / index)
                examples.append(replace(example, duty=model.id, department=department, line=line))
            if department not in self.county.departments and not of_county:
                defined, among = self.county.departments, self.county.departments.spot
                (spot / index / "department").report_unknown("department", department, defined, among=among)
        return tuple(examples)

    def _check_placeholders(self, part: Part, proof: CellSources) -> None:
        """A pattern may name only what every event of the part's deadlines must bring."""
        if "title" not in proof.evidence:
            return
        title, spot = proof.evidence["title"]
        events = [deadline.event.name for deadline in part.deadlines if isinstance(deadline, Within)]
        for field in placeholders(title):
            if part.deadlines and not events:
                spot.report(f"'{{event.{field}}}' in a duty that no event starts")
            for event in events:
                self.pack.fields(event).check(field, spot)


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


def _readings(county: CountyFile, pack: PackFile) -> dict[str, ReadingInForce]:
    """The pack's readings, those that the county puts in their place, and which are adopted."""
    name = pack.model.pack
    adopted, replaced = county.model.adopted.get(name, []), county.model.readings.get(name, {})
    readings = {}
    for reading, model in pack.readings.items():
        spot = pack.readings.spot
        if reading in replaced:
            model, spot = replaced[reading], county.spot / "readings" / name
        readings[reading] = ReadingInForce(reading, model, spot / reading, reading in adopted)
    return readings
