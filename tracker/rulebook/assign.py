"""Resolves which departments owe a duty in one county, from the pack's words and the county's overrides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from tracker.core.values.message import Message
from tracker.rulebook.county import RESERVED
from tracker.rulebook.county_model import CountyModel, ExceptModel, OverrideModel
from tracker.rulebook.document import Spot
from tracker.rulebook.pack_model import DutyModel, JointlyModel, LeadModel
from tracker.rulebook.suggest import find_similar


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
    named = form.with_ if isinstance(form, LeadModel) else form.jointly if isinstance(form, JointlyModel) else form
    names = {named} if isinstance(named, str) else {*named}
    return not names.isdisjoint((*RESERVED, *county.groups)) or find_override(duty, county).departments is not None


def draft_assignments(duty: DutyModel, county: CountyModel) -> list[DraftAssignment]:
    """The assignments of a duty, in the county's order of departments for `all`."""
    form, spot = duty.departments, duty.spot / "departments"
    resolver = _DepartmentResolver(duty, county)
    if isinstance(form, JointlyModel):
        members = resolver.resolve(form.jointly, spot / "jointly")
        return [DraftAssignment(tuple(members))] if members else []
    if isinstance(form, LeadModel):
        lead, here = resolver.find_lead(form.lead, spot / "lead"), spot / "with"
        named = [form.with_] if isinstance(form.with_, str) else form.with_
        if form.lead in named:
            place = here if isinstance(form.with_, str) else here / named.index(form.lead)
            place.report(
                Message(
                    "the lead {lead!r} stands among the others: it would be copied on its own notices", lead=form.lead
                )
            )
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
                message = Message("the duty {id!r} needs the county to name its departments", id=self.duty.id)
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

    def find_lead(self, name: str, spot: Spot) -> list[str]:
        """The lead department, which no group can be."""
        if name in self.county.groups:
            spot.report(
                Message("the lead {name!r} is a group: one department leads", name=name),
                tuple(self.county.groups[name]),
            )
            return []
        return self.find_known([name], spot, single=True)

    def find_known(self, names: list[str], spot: Spot, *, single: bool = False) -> list[str]:
        """The departments that the names and groups stand for in the county, each once; the others are reported."""
        known: dict[str, None] = {}
        departments, groups = self.county.known_departments, self.county.groups
        for index, name in enumerate(names):
            place = spot if single else spot / index
            if name in names[:index]:
                place.report(Message("the department {name!r} is named twice", name=name))
            elif name in departments:
                known[name] = None
            elif name in groups:
                known |= dict.fromkeys(member for member in groups[name] if member in departments)
            else:
                self.unknown.append(name)
                words = ("all", "concerned") if single else ()
                self._report_unnamed(place, name, (*departments, *groups, *words))
        return list(known)

    def _find_chosen(self, names: list[str], spot: Spot, known: list[str]) -> list[str]:
        chosen: dict[str, None] = {}
        for index, name in enumerate(names):
            members = self.county.groups.get(name, [name])
            # What the pack names wrongly may be what the county leaves out.
            if not (name in known or name in self.county.groups or (self.unknown and name in self.county.departments)):
                self._report_unknown(spot / index, name, (*known, *self.county.groups))
            chosen |= dict.fromkeys(member for member in members if member in known)
        return list(chosen)

    def _report_unnamed(self, spot: Spot, name: str, known: Collection[str]) -> None:
        """Report a name in a pack: a misspelt one, or a group that the county has not named."""
        defined, group = self.county.known_departments, self.county.spot / "groups"
        similar = find_similar(name, {*known, *map(str, defined.spot.names_left_out)})
        if similar or group.may_hold(name) or defined.spot.may_hold(name):
            self._report_unknown(spot, name, known, defined.where)
        else:
            message = Message("neither a department nor a group{where}: {name!r}", where=defined.where, name=name)
            forms = (f"departments: {{{name}: {{name: …}}}}", f"groups: {{{name}: […]}}")
            spot.report(message, (*sorted(known), *forms))

    def _report_unknown(self, spot: Spot, name: str, known: Collection[str], where: str = "") -> None:
        if not (self.county.spot / "groups").may_hold(name):
            spot.report_unknown(
                Message("department"), name, known, among=self.county.known_departments.spot, where=where
            )
