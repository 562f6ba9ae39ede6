"""Whom a duty is laid on in one county: the pack's words, the county's overrides, the resolved departments."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tracker.rulebook.county_model import CountyModel, ExceptModel, OverrideModel
from tracker.rulebook.document import Sink, Spot
from tracker.rulebook.models import DutyModel, JointlyModel, LeadModel


@dataclass(frozen=True, slots=True)
class Group:
    """One assignment before its cells: the members, and the lead that is copied."""

    members: tuple[str, ...]
    lead: str | None = None

    @property
    def key(self) -> str:
        return "+".join(self.members)


def groups(duty: DutyModel, spot: Spot, county: CountyModel, county_spot: Spot, sink: Sink) -> list[Group]:
    """The assignments of a duty, in the county's order of departments for `all`."""
    form = duty.departments
    here = spot / "departments"
    override = county.overrides.get(duty.id, OverrideModel())
    changes = Changes(duty.id, override, county_spot, tuple(county.departments), sink)
    if isinstance(form, JointlyModel):
        members = changes.apply(_known(form.jointly, here / "jointly", county, sink))
        return [Group(tuple(members))] if members else []
    if isinstance(form, LeadModel):
        _known([form.lead], here / "lead", county, sink, single=True)
        others = changes.apply(_words(form.with_, here / "with", county, sink))
        return [Group((form.lead,)), *(Group((one,), form.lead) for one in others if one != form.lead)]
    return [Group((one,)) for one in changes.apply(_words(form, here, county, sink))]


@dataclass(frozen=True, slots=True)
class Changes:
    """What the county's file says of one duty's departments."""

    duty: str
    override: OverrideModel
    county: Spot
    departments: tuple[str, ...]
    sink: Sink

    def apply(self, named: list[str] | None) -> list[str]:
        """The pack's departments (None: it leaves them to the county) after the county's changes."""
        spot = self.county / "overrides" / self.duty / "departments"
        change = self.override.departments
        if isinstance(change, list):
            return [one for index, one in enumerate(change) if self._known(one, spot / index, self.departments)]
        if named is None:
            hint = f"overrides: {{{self.duty}: {{departments: […]}}}}"
            self.sink.add(
                self.county / "overrides",
                f"the duty {self.duty!r} needs the county to name its departments",
                (hint,),
                key=True,
            )
            return []
        if isinstance(change, ExceptModel):
            left_out = {
                one for index, one in enumerate(change.except_) if self._known(one, spot / "except" / index, named)
            }
            return [one for one in named if one not in left_out]
        return named

    def _known(self, name: str, spot: Spot, known: Collection[str]) -> bool:
        if name not in known:
            self.sink.unknown(spot, "department", name, known)
        return name in known


def _words(value: str | list[str], spot: Spot, county: CountyModel, sink: Sink) -> list[str] | None:
    if value == "concerned":
        return None
    if value == "all":
        return list(county.departments)
    if isinstance(value, str):
        return _known([value], spot, county, sink, single=True)
    return _known(value, spot, county, sink)


def _known(names: list[str], spot: Spot, county: CountyModel, sink: Sink, *, single: bool = False) -> list[str]:
    seen: list[str] = []
    for index, name in enumerate(names):
        place = spot if single else spot / index
        if name not in county.departments:
            words = ("all", "concerned") if single else ()
            sink.unknown(
                place, "department", name, (*county.departments, *words), where=f" in county {county.county!r}"
            )
        elif name in seen:
            sink.add(place, f"the department {name!r} is named twice")
        else:
            seen.append(name)
    return seen
