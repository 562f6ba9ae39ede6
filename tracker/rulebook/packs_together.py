"""What must agree within a pack and across the packs of one county: days, events, ids, and what follows what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise

from tracker.core.law.duties import Duty, EventRule
from tracker.rulebook.document import Sink, Spot
from tracker.rulebook.files import CountyFile, PackFile


def check_issued(issued: date | None, spot: Spot, pack: PackFile, sink: Sink) -> None:
    """An instrument that is issued after its last day would never bind anybody."""
    last = pack.model.in_force.until
    if issued is not None and issued > last:
        sink.add(spot, f"issued after the pack's last day in force, {last}")


def check_circles(duties: Sequence[Duty], pack: PackFile, sink: Sink) -> None:
    """Duties that follow each other in a circle would none of them ever begin."""
    edges = {
        duty.id: sorted({one.after.duty for part in duty.parts for one in part.deadlines if one.after} - {duty.id})
        for duty in duties
    }
    for index, duty in enumerate(pack.model.duties):
        path = _circle(duty.id, edges)
        if path and duty.id == min(path):
            told = ", ".join(f"{one} after {other}" for one, other in pairwise(path))
            sink.add(pack.spot / "duties" / index / "deadline", f"duties follow each other in a circle: {told}")


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


def check_twin_events(county: CountyFile, packs: Sequence[PackFile], sink: Sink) -> None:
    """Packs in force at one time declare an event alike: people record it once, with one set of fields."""
    where = f"in force at the same time in county {county.model.county!r}"
    for first, second in combinations(packs, 2):
        if not _overlap(first, second):
            continue
        for name in first.model.events.keys() & second.model.events.keys():
            place, twin = second.spot / "events" / name, first.spot / "events" / name
            if not _alike(first.model.events[name], second.model.events[name]):
                message = f"the event {name!r} is declared otherwise at {twin}, {where}: declare it alike"
                sink.add(place, message, key=True)


def _alike(first: EventRule, second: EventRule) -> bool:
    """Whether the two declare the same, in whatever order they name the fields."""
    return first == replace(second, needs=first.needs) and set(first.needs) == set(second.needs)


def _overlap(first: PackFile, second: PackFile) -> bool:
    """Whether the two packs are in force on some day together."""
    one, two = first.model.in_force, second.model.in_force
    return one.from_ <= two.until and two.from_ <= one.until


def check_duty_ids(county: CountyFile, packs: Sequence[PackFile], sink: Sink) -> None:
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
