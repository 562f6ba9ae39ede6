"""Whom a duty is laid on in one county: the pack's words, the county's overrides, the resolved departments."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from tracker.rulebook.county import RESERVED
from tracker.rulebook.county_model import CountyModel, ExceptModel, OverrideModel
from tracker.rulebook.document import Sink, Spot
from tracker.rulebook.models import DutyModel, JointlyModel, LeadModel


@dataclass(frozen=True, slots=True)
class DraftAssignment:
    """One assignment before its cells: the members, and the lead that is copied."""

    members: tuple[str, ...]
    lead: str | None = None

    @property
    def key(self) -> str:
        return "+".join(self.members)


def groups(duty: DutyModel, spot: Spot, county: CountyModel, change: Change, sink: Sink) -> list[DraftAssignment]:
    """The assignments of a duty, in the county's order of departments for `all`."""
    form = duty.departments
    names = _DutyDepartments(spot / "departments", county, change, sink)
    if isinstance(form, JointlyModel):
        members = names.changed(names.named(form.jointly, names.spot / "jointly"), duty.id)
        return [DraftAssignment(tuple(members))] if members else []
    if isinstance(form, LeadModel):
        lead = names.known([form.lead], names.spot / "lead", single=True)
        named = [form.with_] if isinstance(form.with_, str) else form.with_
        if form.lead in named:
            here = names.spot / "with"
            place = here if isinstance(form.with_, str) else here / named.index(form.lead)
            sink.add(place, f"the lead {form.lead!r} stands among the others: it would be copied on its own notices")
        others = names.changed(names.named(form.with_, names.spot / "with"), duty.id)
        return [
            *(DraftAssignment((one,)) for one in lead),
            *(DraftAssignment((one,), form.lead) for one in others if one != form.lead),
        ]
    return [DraftAssignment((one,)) for one in names.changed(names.named(form, names.spot), duty.id)]


def left_to_county(duty: DutyModel) -> bool:
    """Whether the pack leaves it to the county which departments owe the duty."""
    form = duty.departments
    return (form.with_ if isinstance(form, LeadModel) else form) in RESERVED


@dataclass(frozen=True, slots=True)
class Change:
    """What the county's file says of one duty; `spot`: where it says so, or would."""

    override: OverrideModel
    spot: Spot


@dataclass(frozen=True, slots=True)
class _DutyDepartments:
    """The departments that one duty names at `spot`. `strangers`: those of them that the county does not have."""

    spot: Spot
    county: CountyModel
    change: Change
    sink: Sink
    strangers: list[str] = field(default_factory=list)

    def named(self, value: str | list[str], spot: Spot) -> list[str] | None:
        """The pack's departments; None where it leaves them to the county, or the county names others instead."""
        return None if isinstance(self.change.override.departments, list) else self.words(value, spot)

    def words(self, value: str | list[str], spot: Spot) -> list[str] | None:
        if value == "concerned":
            return None
        if value == "all":
            return list(self.county.departments)
        return self.known([value], spot, single=True) if isinstance(value, str) else self.known(value, spot)

    def known(self, names: list[str], spot: Spot, *, single: bool = False) -> list[str]:
        """Those that the county has, each once."""
        seen: list[str] = []
        for index, name in enumerate(names):
            place = spot if single else spot / index
            if name not in self.county.departments:
                words = ("all", "concerned") if single else ()
                where = f" in county {self.county.county!r}"
                self.strangers.append(name)
                self._unknown(place, name, (*self.county.departments, *words), where)
            elif name in seen:
                self.sink.add(place, f"the department {name!r} is named twice")
            else:
                seen.append(name)
        return seen

    def changed(self, named: list[str] | None, duty: str) -> list[str]:
        """The pack's departments (None: it leaves them to the county) after the county's changes."""
        change, spot = self.change.override.departments, self.change.spot / "departments"
        if isinstance(change, list):
            return self._chosen(change, spot, list(self.county.departments))
        if named is None:
            if not self.change.spot.parent.may_hold(duty):
                hint = f"overrides: {{{duty}: {{departments: […]}}}}"
                message = f"the duty {duty!r} needs the county to name its departments"
                self.sink.add(self.change.spot.parent, message, (hint,), key=True)
            return []
        if isinstance(change, ExceptModel):
            left_out = self._chosen(change.except_, spot / "except", named)
            return [one for one in named if one not in left_out]
        return named

    def _chosen(self, names: list[str], spot: Spot, known: list[str]) -> list[str]:
        for index, name in enumerate(names):
            # What the pack names wrongly may be what the county leaves out.
            if name not in known and not (self.strangers and name in self.county.departments):
                self._unknown(spot / index, name, known)
        return [name for name in names if name in known]

    def _unknown(self, spot: Spot, name: str, known: Collection[str], where: str = "") -> None:
        among = Spot(self.change.spot.document, ("departments",))
        self.sink.unknown(spot, "department", name, known, among=among, where=where)
