"""Compiles a county's file and the packs in force there into its rulebook."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from tracker.core.law.assumed_rules import ASSUMED_RULES, AssumedRule
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Assignment, Duty, EventRule, Part, Within
from tracker.core.law.worked_examples import Example
from tracker.core.values.formulas import RequestRules
from tracker.core.values.message import Message
from tracker.rulebook.acts import Acts
from tracker.rulebook.assign import draft_assignments, find_override, is_left_to_county
from tracker.rulebook.cells import CellBuilder, MergedPiece, merge_piece
from tracker.rulebook.contents import build_contents, find_contents, unroll_kinds
from tracker.rulebook.county import build_county
from tracker.rulebook.county_checks import (
    check_circles,
    check_names,
    check_secrecy_review,
    check_shared_names,
    find_packs_in_force,
    find_scoring,
)
from tracker.rulebook.county_model import CountyModel
from tracker.rulebook.deadline_model import UseModel
from tracker.rulebook.document import items_of
from tracker.rulebook.pack_model import DutyModel, PackModel, PartModel
from tracker.rulebook.patterns import find_placeholders
from tracker.rulebook.readings import DeadlineResolver, ReadingInForce


def compile_county(
    model: CountyModel, packs: Mapping[str, PackModel], unread: Collection[str], zone: ZoneInfo, acts: Acts
) -> Rulebook:
    """The rulebook of a county. Where errors were reported it must not be used.

    `unread`: packs whose files cannot be read; what the county says of them is not checked.
    """
    county, channels = build_county(model, zone)
    in_force = find_packs_in_force(model, packs, unread)
    others = [pack for pack in packs.values() if pack not in in_force]
    check_names(model, in_force, unread, acts, others=others)
    duties: list[Duty] = []
    events: dict[str, EventRule] = {}
    for pack in in_force:
        rules = {name: AssumedRule(name in model.adopted.get(pack.pack, [])) for name in ASSUMED_RULES}
        deadlines = DeadlineResolver(pack, _find_readings(model, pack), acts, rules)
        cells = CellBuilder(model, channels, pack.known_events)
        compiler = _Compiler(model, pack, deadlines, cells)
        compiled = [compiler.duty(duty) for duty in pack.duties]
        check_circles(compiled, pack)
        duties += compiled
        events |= pack.events
    check_shared_names(model, in_force)
    check_secrecy_review(model, events, unread)
    circular = model.circular
    if circular is not None and not circular.printed_by:
        circular = replace(circular, printed_by=circular.issuer)
    scoring = find_scoring(model, in_force, unread)
    return Rulebook(
        county,
        tuple(duties),
        events,
        scoring=scoring,
        circular=circular,
        report=model.report,
        requests=model.requests or RequestRules(),
        acts=tuple(acts.values()),
    )


@dataclass(frozen=True, slots=True)
class _Compiler:
    """Compiles the duties of one pack for one county."""

    county: CountyModel
    pack: PackModel
    deadlines: DeadlineResolver
    cells: CellBuilder

    def duty(self, model: DutyModel) -> Duty:
        pack, weight = self.pack, find_override(model, self.county).weight
        pieces = list(self._pieces(model))
        proofs, parts = [proof for proof, _ in pieces], tuple(part for _, part in pieces)
        for proof, part in pieces:
            self._check_placeholders(part, proof)
        assignments = self._assignments(model, proofs)
        return Duty(
            county=self.county.county,
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
            examples=self._examples(model, assignments),
            pack_title=pack.title,
            issued=self.county.issued.get(pack.pack, pack.issued),
            issued_assumed=pack.issued_assumed and pack.pack not in self.county.issued,
        )

    def _pieces(self, duty: DutyModel) -> Iterator[tuple[MergedPiece, Part]]:
        """The parts of a duty with what proves them, the kinds that are owed by themselves behind the others."""
        shared = () if duty.deadline is None else self.deadlines.resolve(duty, duty)
        pieces: Mapping[str, DutyModel | PartModel] = duty.parts or {"": duty}
        kinds: list[tuple[MergedPiece, Part]] = []
        for name, piece in pieces.items():
            has_own = piece is not duty and piece.deadline is not None
            deadlines = self.deadlines.resolve(piece, duty) if has_own else shared
            form, proof = find_contents(duty, piece), merge_piece(duty, name, piece)
            part = Part(name, piece.title or name, deadlines, build_contents(form), has_own)
            yield proof, part
            kinds += unroll_kinds(duty, proof, part, form, self.deadlines)
        yield from kinds

    def _assignments(self, model: DutyModel, proofs: list[MergedPiece]) -> tuple[Assignment, ...]:
        drafts = draft_assignments(model, self.county)
        alone = len(drafts) == 1
        for proof in proofs if not drafts else ():
            list(self.cells.build(proof, (), alone))
        return tuple(
            Assignment(
                key=draft.key,
                members=draft.members,
                cells=tuple(cell for proof in proofs for cell in self.cells.build(proof, draft.members, alone)),
                lead_department=draft.lead,
            )
            for draft in drafts
        )

    def _examples(self, model: DutyModel, assignments: tuple[Assignment, ...]) -> tuple[Example, ...]:
        """The examples that can be run in this county.

        Where the county decides who owes the duty, an example about a department that does not owe it here is about
        another county. Where the pack names the departments, it is a mistake. Where the county replaces a reading of
        the duty, what was worked out by the pack's own holds for other counties.
        """
        if self._readings_of(model) & self.county.readings.get(self.pack.pack, {}).keys():
            return ()
        owing = [member for assignment in assignments for member in assignment.members]
        of_county = is_left_to_county(model, self.county)
        examples = []
        for example, spot in items_of(model.examples, model.spot / "examples"):
            department = example.department or next(iter(owing), "")
            if department in owing or not of_county:
                line = str(spot)
                examples.append(replace(example, duty=model.id, department=department, line=line))
            if department not in self.county.departments and not of_county:
                defined = self.county.known_departments
                (spot / "department").report_unknown(Message("department"), department, defined, among=defined.spot)
        return tuple(examples)

    def _readings_of(self, model: DutyModel) -> set[str]:
        """The names of the readings that the duty and its parts use."""
        pieces = (model, *model.parts.values())
        forms = [form for piece in pieces for form, _ in items_of(piece.deadline, piece.spot)]
        return {form if isinstance(form, str) else form.use for form in forms if isinstance(form, str | UseModel)}

    def _check_placeholders(self, part: Part, proof: MergedPiece) -> None:
        """A pattern may name only what every event of the part's deadlines must bring."""
        if "title" not in proof.evidence:
            return
        title, spot = proof.evidence["title"]
        events = [deadline.event.name for deadline in part.deadlines if isinstance(deadline, Within)]
        for field in find_placeholders(title):
            if part.deadlines and not events:
                spot.report(Message("{field!r} in a duty that no event starts", field=f"{{event.{field}}}"))
            for event in events:
                self.pack.fields_of(event).check(field, spot)


def _find_readings(county: CountyModel, pack: PackModel) -> dict[str, ReadingInForce]:
    """The pack's readings, those that the county puts in their place, and which are adopted."""
    adopted, replaced = county.adopted.get(pack.pack, []), county.readings.get(pack.pack, {})
    readings = pack.known_readings.items()
    return {name: ReadingInForce(name, replaced.get(name, own), name in adopted) for name, own in readings}
