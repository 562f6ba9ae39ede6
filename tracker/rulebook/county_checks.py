"""Finds the packs in force in a county, and checks its file against them and them against each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from tracker.core.law.assumed_rules import ASSUMED_RULES
from tracker.core.law.duties import Duty, EventRule
from tracker.core.requests.answer_kinds import ANSWER_KINDS
from tracker.core.values.formulas import Scoring
from tracker.core.values.message import Message
from tracker.rulebook.acts import Acts
from tracker.rulebook.county_model import CountyModel
from tracker.rulebook.document import Defined, Spot
from tracker.rulebook.pack_checks import PackCheck
from tracker.rulebook.pack_model import PackModel
from tracker.rulebook.scoring_model import build_scoring
from tracker.rulebook.suggest import find_intended


def find_packs_in_force(
    county: CountyModel, packs: Mapping[str, PackModel], unread: Collection[str]
) -> list[PackModel]:
    """The packs that the county names. `unread`: those whose files cannot be read, which is reported there."""
    in_force: list[PackModel] = []
    for index, name in enumerate(county.packs):
        spot = county.spot / "packs" / index
        meant = find_intended(name, packs)
        if name not in packs:
            if name not in unread:
                spot.report_unknown(Message("pack"), name, {*packs, *unread}, among=spot)
            if meant and packs[meant] not in in_force and meant not in county.packs:
                in_force.append(packs[meant])
        elif packs[name] in in_force:
            spot.report(Message("the pack {name!r} is named twice", name=name))
        else:
            in_force.append(packs[name])
    return in_force


def check_names(
    county: CountyModel,
    packs: Sequence[PackModel],
    unread: Collection[str],
    acts: Acts,
    *,
    others: Collection[PackModel] = (),
) -> None:
    """Check names in a county's file that point into its packs, and the readings that it puts in place of theirs.

    `others`: packs that are there and not in force in the county.
    """
    by_name = {pack.pack: pack for pack in packs}
    left = _report_left(county, packs, others)

    def find_pack(pack: str, spot: Spot) -> PackModel | None:
        # A pack that the county names is reported there, or where its file cannot be read.
        if pack not in by_name and pack not in unread and pack not in county.packs and pack not in left:
            spot.report_unknown(Message("pack"), pack, by_name, among=county.spot / "packs", key=True)
        return by_name.get(pack)

    for name, adopted in county.adopted.items():
        if (pack := find_pack(name, here := county.spot / "adopted" / name)) is not None:
            for index, reading in enumerate(adopted):
                pack.known_readings.check(reading, here / index, also=ASSUMED_RULES)
    for name, issued in county.issued.items():
        if (pack := find_pack(name, here := county.spot / "issued" / name)) is not None:
            PackCheck(pack, acts).issued(issued, here)
    for name, readings in county.readings.items():
        if (pack := find_pack(name, here := county.spot / "readings" / name)) is not None:
            for reading, replacement in readings.items():
                if pack.known_readings.check(reading, here / reading, key=True):
                    PackCheck(pack, acts).reading(replacement)
    _check_overrides(county, packs, unread, left)
    _check_recorders(county, packs)
    _check_requests(county)


def _report_left(county: CountyModel, packs: Sequence[PackModel], others: Collection[PackModel]) -> set[str]:
    """Report what the county still says of packs that are not in force in it, one error a pack; returns those names of
    packs and duties."""
    spot, left = county.spot / "packs", set[str]()
    in_force = {duty.id for pack in packs for duty in pack.duties}
    for pack in others:
        keys = [key for key in ("adopted", "issued", "readings") if pack.pack in getattr(county, key)]
        duties = [name for name in county.overrides if name in {duty.id for duty in pack.duties} - in_force]
        if not (keys or duties) or spot.may_hold(pack.pack):
            continue
        left |= {pack.pack, *duties}
        places = [f"overrides: {', '.join(duties)}"] * bool(duties) + [f"{key}: {pack.pack}" for key in keys]
        text = Message(
            "the pack {pack!r} is not in this list, but the file still says something of it ({places}): put the pack "
            "back, or take all of that out",
            pack=pack.pack,
            places="; ".join(places),
        )
        spot.report(text)
    return left


def _check_requests(county: CountyModel) -> None:
    """Check the departments and kinds of answer that the county's rules of requests name."""
    rules, spot = county.requests, county.spot / "requests"
    if rules is None:
        return
    for key in ("names", "contacts", "superiors"):
        for name in getattr(rules, key):
            county.known_departments.check(name, spot / key / name, key=True)
    for index, name in enumerate(rules.superior_alone):
        county.known_departments.check(name, spot / "superior_alone" / index)
    for index, name in enumerate(rules.reconsider_first):
        if name not in ANSWER_KINDS:
            place = spot / "reconsider_first"
            (place / index).report_unknown(Message("kind of answer"), name, ANSWER_KINDS, among=place)


def _check_overrides(
    county: CountyModel, packs: Sequence[PackModel], unread: Collection[str], reported: Collection[str]
) -> None:
    """Check which duties the county changes, unless a pack cannot be read or is not the one that was named. `reported`:
    those that need no further error."""
    by_name = {pack.pack for pack in packs}
    spots = [pack.known_duties.spot for pack in packs]
    duties = {duty.id for pack in packs for duty in pack.duties}
    duties |= {name for spot in spots for name in spot.names_left_out if isinstance(name, str)}
    if any(name in unread or not (name in by_name or find_intended(name, by_name)) for name in county.packs):
        return
    for name in county.overrides:
        if name not in duties and name not in reported and not any(spot.may_hold(name) for spot in spots):
            among = county.spot / "packs"
            (county.spot / "overrides" / name).report_unknown(Message("duty"), name, duties, among=among, key=True)


def _check_recorders(county: CountyModel, packs: Sequence[PackModel]) -> None:
    """Report misspelt departments that are asked for missing records. A county may lack the one that a pack names: then
    the department that the record is about is asked."""
    for pack in packs:
        for name, event in pack.events.items():
            if event.recorder and find_intended(event.recorder, county.known_departments):
                county.known_departments.check(event.recorder, pack.known_events.spot / name / "recorder")


def find_scoring(county: CountyModel, packs: Sequence[PackModel], unread: Collection[str]) -> Scoring | None:
    """The county's own formula, else that of the first pack that has one. All of them are checked."""
    of_packs = [build_scoring(pack.scoring, pack.known_events) for pack in packs if pack.scoring is not None]
    model = county.scoring
    if model is None:
        return of_packs[0] if of_packs else None
    events = {name: event for pack in packs for name, event in pack.events.items()}
    if unread:
        # An event may be declared in a pack that cannot be read.
        names = (*(bonus.event for bonus in model.bonuses), *model.veto)
        events |= {name: EventRule(name, name) for name in names if name not in events}
    spots = [pack.known_events.spot for pack in packs]
    among = next((spot for spot in spots if spot.names_left_out), county.spot / "packs")
    return build_scoring(model, Defined(events, among, Message("event")))


def check_secrecy_review(county: CountyModel, events: Mapping[str, EventRule], unread: Collection[str]) -> None:
    """Report a county that looks for secrecy reviews while no pack of it makes a matter of what is found."""
    moves = {event.move for event in events.values()}
    if county.secrecy_review is not None and not unread and not {"review.missing", "review.early"} <= moves:
        place = county.spot / "secrecy_review"
        place.report(
            Message("no pack makes a matter of entries without review: add `secrecy-review` to the packs"), key=True
        )


def check_circles(duties: Sequence[Duty], pack: PackModel) -> None:
    """Report duties that follow each other in a circle: none of them would ever begin."""
    edges = {
        duty.id: sorted(
            {deadline.after.duty for part in duty.parts for deadline in part.deadlines if deadline.after} - {duty.id}
        )
        for duty in duties
    }
    for duty in pack.duties:
        path = _circle(duty.id, edges)
        if path and duty.id == min(path):
            pairs = pairwise(path)
            steps = Message.joined(
                ", ", (Message("{later} after {earlier}", later=later, earlier=earlier) for later, earlier in pairs)
            )
            (duty.spot / "deadline").report(Message("duties follow each other in a circle: {steps}", steps=steps))


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


def check_shared_names(county: CountyModel, packs: Sequence[PackModel]) -> None:
    """Check that packs declare an event alike, so that people record it once, and share no id at one time.

    Packs that are never in force together may call it otherwise, expect it on another day or of another department.
    """
    where = Message("in force at the same time in county {county!r}", county=county.county)
    for first, second in combinations(packs, 2):
        for name in first.events.keys() & second.events.keys():
            twin, event = first.events[name], second.events[name]
            other_fields = twin.per_duty != event.per_duty or set(twin.needs) != set(event.needs)
            place, message = first.known_events.spot / name, None
            if _overlap(first, second) and (other_fields or twin != replace(event, needs=twin.needs)):
                message = Message(
                    "the event {name!r} is declared otherwise at {place}, {where}", name=name, place=place, where=where
                )
            elif other_fields:
                message = Message(
                    "the event {name!r} has other fields at {place}, though one record serves both packs",
                    name=name,
                    place=place,
                )
            if message:
                (second.known_events.spot / name).report(
                    Message("{message}: declare it alike", message=message), key=True
                )
    seen: dict[str, list[PackModel]] = {}
    for pack in packs:
        for duty in pack.duties:
            for earlier in seen.setdefault(duty.id, []):
                if earlier is not pack and _overlap(earlier, pack):
                    message = Message(
                        "the duty {id!r} is in the pack {pack!r} too, {where}",
                        id=duty.id,
                        pack=earlier.pack,
                        where=where,
                    )
                    (duty.spot / "id").report(message)
            seen[duty.id].append(pack)


def _overlap(first: PackModel, second: PackModel) -> bool:
    """Whether both packs are in force on some day."""
    days, others = first.in_force, second.in_force
    return days.from_ <= others.until and others.from_ <= days.until
