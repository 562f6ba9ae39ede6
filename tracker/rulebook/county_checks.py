"""Which packs a county has in force, and what must agree between them and its file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from tracker.core.law.duties import Duty, EventRule
from tracker.core.values.formulas import Scoring
from tracker.rulebook.acts import Acts
from tracker.rulebook.document import Defined, Spot
from tracker.rulebook.files import CountyFile, PackFile
from tracker.rulebook.pack_checks import PackCheck
from tracker.rulebook.scoring_model import build_scoring
from tracker.rulebook.suggest import nearest


def packs_in_force(county: CountyFile, packs: Mapping[str, PackFile], unread: Collection[str]) -> list[PackFile]:
    """The packs that the county names. `unread`: those whose files cannot be read, which is reported there."""
    in_force: list[PackFile] = []
    for index, name in enumerate(county.model.packs):
        spot = county.spot / "packs" / index
        meant = nearest(name, packs)
        if name not in packs:
            if name not in unread:
                spot.report_unknown("pack", name, {*packs, *unread}, among=spot)
            if meant and packs[meant] not in in_force and meant not in county.model.packs:
                in_force.append(packs[meant])
        elif packs[name] in in_force:
            spot.report(f"the pack {name!r} is named twice")
        else:
            in_force.append(packs[name])
    return in_force


def check_names(county: CountyFile, packs: Sequence[PackFile], unread: Collection[str], acts: Acts) -> None:
    """Names in a county's file that point into its packs, and the readings that it puts in place of theirs."""
    model, by_name = county.model, {pack.model.pack: pack for pack in packs}

    def named(pack: str, spot: Spot) -> PackFile | None:
        # A pack that the county names is reported there, or where its file cannot be read.
        if pack not in by_name and pack not in unread and pack not in model.packs:
            spot.report_unknown("pack", pack, by_name, among=county.spot / "packs", key=True)
        return by_name.get(pack)

    for name, adopted in model.adopted.items():
        if (pack := named(name, here := county.spot / "adopted" / name)) is not None:
            for index, reading in enumerate(adopted):
                pack.readings.check(reading, here / index)
    for name, issued in model.issued.items():
        if (pack := named(name, here := county.spot / "issued" / name)) is not None:
            PackCheck(pack, acts).issued(issued, here)
    for name, readings in model.readings.items():
        if (pack := named(name, here := county.spot / "readings" / name)) is not None:
            for reading, replacement in readings.items():
                if pack.readings.check(reading, here / reading, key=True):
                    PackCheck(pack, acts).reading(replacement, here / reading)
    _check_overrides(county, packs, unread)
    _check_recorders(county, packs)


def _check_overrides(county: CountyFile, packs: Sequence[PackFile], unread: Collection[str]) -> None:
    """Duties that the county changes; nothing is said where a pack cannot be read, or is not the one that was named."""
    by_name = {pack.model.pack for pack in packs}
    spots = [pack.duties.spot for pack in packs]
    duties = {duty for pack in packs for duty in pack.duties}
    duties |= {name for spot in spots for name in spot.names_left_out if isinstance(name, str)}
    if any(name in unread or not (name in by_name or nearest(name, by_name)) for name in county.model.packs):
        return
    for name in county.model.overrides:
        if name not in duties and not any(spot.may_hold(name) for spot in spots):
            among = county.spot / "packs"
            (county.spot / "overrides" / name).report_unknown("duty", name, duties, among=among, key=True)


def _check_recorders(county: CountyFile, packs: Sequence[PackFile]) -> None:
    """Whoever is asked for a missing record is one of the county's departments."""
    for pack in packs:
        for name, event in pack.events.items():
            if event.recorder:
                county.departments.check(event.recorder, pack.events.spot / name / "recorder")


def scoring_in_force(county: CountyFile, packs: Sequence[PackFile], unread: Collection[str]) -> Scoring | None:
    """The county's own formula, else that of the first pack that has one. All of them are checked."""
    of_packs = [
        build_scoring(pack.model.scoring, pack.spot / "scoring", pack.events)
        for pack in packs
        if pack.model.scoring is not None
    ]
    model = county.model.scoring
    if model is None:
        return of_packs[0] if of_packs else None
    events = {name: event for pack in packs for name, event in pack.events.items()}
    if unread:
        # An event may be declared in a pack that cannot be read.
        names = (*(bonus.event for bonus in model.bonuses), *model.veto)
        events |= {name: EventRule(name, name) for name in names if name not in events}
    spots = [pack.events.spot for pack in packs]
    among = next((spot for spot in spots if spot.names_left_out), county.spot / "packs")
    return build_scoring(model, county.spot / "scoring", Defined(events, among, "event"))


def check_circles(duties: Sequence[Duty], pack: PackFile) -> None:
    """Duties that follow each other in a circle would none of them ever begin."""
    edges = {
        duty.id: sorted(
            {deadline.after.duty for part in duty.parts for deadline in part.deadlines if deadline.after} - {duty.id}
        )
        for duty in duties
    }
    for index, duty in enumerate(pack.model.duties):
        path = _circle(duty.id, edges)
        if path and duty.id == min(path):
            steps = ", ".join(f"{later} after {earlier}" for later, earlier in pairwise(path))
            (pack.spot / "duties" / index / "deadline").report(f"duties follow each other in a circle: {steps}")


def _circle(start: str, edges: Mapping[str, Sequence[str]]) -> list[str]:
    """The shortest way from a duty back to itself, both ends included; empty where there is none."""
    paths, seen = [[start]], set[str]()
    while paths:
        path = paths.pop(0)
        for name in edges.get(path[-1], ()):
            if name == start:
                return [*path, start]
            if name not in seen:
                seen.add(name)
                paths.append([*path, name])
    return []


def check_twins(county: CountyFile, packs: Sequence[PackFile]) -> None:
    """Packs in force at one time declare an event alike, so that people record it once, and share no duty's id."""
    where = f"in force at the same time in county {county.model.county!r}"
    for first, second in combinations(packs, 2):
        for name in first.events.keys() & second.events.keys() if _overlap(first, second) else ():
            twin, event = first.events[name], second.events[name]
            if twin != replace(event, needs=twin.needs) or set(twin.needs) != set(event.needs):
                message = f"the event {name!r} is declared otherwise at {first.events.spot / name}, {where}"
                (second.events.spot / name).report(f"{message}: declare it alike", key=True)
    seen: dict[str, list[PackFile]] = {}
    for pack in packs:
        for index, duty in enumerate(pack.model.duties):
            for earlier in seen.setdefault(duty.id, []):
                if earlier is not pack and _overlap(earlier, pack):
                    message = f"the duty {duty.id!r} is in the pack {earlier.model.pack!r} too, {where}"
                    (pack.spot / "duties" / index / "id").report(message)
            seen[duty.id].append(pack)


def _overlap(first: PackFile, second: PackFile) -> bool:
    """Whether the two packs are in force on some day together."""
    days, others = first.model.in_force, second.model.in_force
    return days.from_ <= others.until and others.from_ <= days.until
