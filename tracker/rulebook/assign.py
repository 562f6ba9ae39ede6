"""Resolves which departments owe a duty in one county, from the pack's words and the county's overrides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from tracker.rulebook.county import RESERVED
from tracker.rulebook.county_model import CountyModel, ExceptModel, OverrideModel
from tracker.rulebook.document import Spot
from tracker.rulebook.pack_model import DutyModel, JointlyModel, LeadModel


@dataclass(frozen=True, slots=True)
class DraftAssignment:
    """An assignment without its cells: the members, and the lead that is copied on their notices."""

    members: tuple[str, ...]
    lead: str | None = None

    @property
    def key(self) -> str:
        return "+".join(self.members)


def find_override(duty: DutyModel, county: CountyModel) -> OverrideModel:
    """The county's changes of the duty; without any, an empty override."""
    return county.overrides.get(duty.id, OverrideModel())


def is_left_to_county(duty: DutyModel, county: CountyModel) -> bool:
    """Whether the county decides which departments owe the duty."""
    form = duty.departments
    named = form.with_ if isinstance(form, LeadModel) else form
    return named in RESERVED or find_override(duty, county).departments is not None


def draft_assignments(duty: DutyModel, county: CountyModel) -> list[DraftAssignment]:
    """The assignments of a duty, in the county's order of departments for `all`."""
    form, spot = duty.departments, duty.spot / "departments"
    resolver = _DepartmentResolver(duty, county)
    if isinstance(form, JointlyModel):
        members = resolver.resolve(form.jointly, spot / "jointly")
        return [DraftAssignment(tuple(members))] if members else []
    if isinstance(form, LeadModel):
        lead, here = resolver.find_known([form.lead], spot / "lead", single=True), spot / "with"
        named = [form.with_] if isinstance(form.with_, str) else form.with_
        if form.lead in named:
            place = here if isinstance(form.with_, str) else here / named.index(form.lead)
            place.report(f"the lead {form.lead!r} stands among the others: it would be copied on its own notices")
        others = [department for department in resolver.resolve(form.with_, here) if department != form.lead]
        return [
            *(DraftAssignment((department,)) for department in lead),
            *(DraftAssignment((department,), form.lead) for department in others),
        ]
    return [DraftAssignment((department,)) for department in resolver.resolve(form, spot)]


@dataclass(frozen=True, slots=True)
class _DepartmentResolver:
    """Resolves the departments that a duty names. `unknown`: those of them that the county does not have."""

    duty: DutyModel
    county: CountyModel
    unknown: list[str] = field(default_factory=list)

    def resolve(self, value: str | list[str], spot: Spot) -> list[str]:
        """The pack's departments after the county's changes."""
        overrides = self.county.spot / "overrides"
        change, place = find_override(self.duty, self.county).departments, overrides / self.duty.id / "departments"
        if isinstance(change, list):
            return self._find_chosen(change, place, list(self.county.departments))
        if value == "concerned":
            if not overrides.may_hold(self.duty.id):
                message = f"the duty {self.duty.id!r} needs the county to name its departments"
                hint = f"overrides: {{{self.duty.id}: {{departments: […]}}}}"
                overrides.report(message, (hint,), key=True)
            return []
        if value == "all":
            named = list(self.county.departments)
        else:
            single = isinstance(value, str)
            named = self.find_known([value] if isinstance(value, str) else value, spot, single=single)
        if isinstance(change, ExceptModel):
            left_out = self._find_chosen(change.except_, place / "except", named)
            return [department for department in named if department not in left_out]
        return named

    def find_known(self, names: list[str], spot: Spot, *, single: bool = False) -> list[str]:
        """The named departments that the county has, each once; the others are reported."""
        known: list[str] = []
        departments = self.county.known_departments
        for index, name in enumerate(names):
            place = spot if single else spot / index
            if name not in departments:
                self.unknown.append(name)
                words = ("all", "concerned") if single else ()
                self._report_unknown(place, name, (*departments, *words), departments.where)
            elif name in known:
                place.report(f"the department {name!r} is named twice")
            else:
                known.append(name)
        return known

    def _find_chosen(self, names: list[str], spot: Spot, known: list[str]) -> list[str]:
        for index, name in enumerate(names):
            # What the pack names wrongly may be what the county leaves out.
            if name not in known and not (self.unknown and name in self.county.departments):
                self._report_unknown(spot / index, name, known)
        return [name for name in names if name in known]

    def _report_unknown(self, spot: Spot, name: str, known: Collection[str], where: str = "") -> None:
        spot.report_unknown("department", name, known, among=self.county.known_departments.spot, where=where)
