"""Explains one occurrence: its due date and law, what was looked at, what counted, what was sent.

Judged anew from the stored facts, by the same functions as the tick.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.core.escalation.notices import Acknowledgement, DeliveryState, NoticeKey
from tracker.core.law.grounds import GROUNDS
from tracker.core.law.notice_fields import cells_of, due_zh, duty_zh, marks_zh, period_zh, status_zh
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.filings import duty_subject
from tracker.core.matching.near_misses import NearMisses, find_near_misses
from tracker.core.values.facts import Entry, Ruling
from tracker.core.values.verdicts import Verdict
from tracker.core.verdict.flags import Flag, find_flags
from tracker.core.verdict.ruling_states import ruling_states
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.decide.judge import verdicts_of
from tracker.decide.load import load_county
from tracker.registers.adoptions import in_force
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store, Tx
from tracker.store.notices import told


@dataclass(frozen=True, slots=True)
class Explanation:
    """What `duban explain` shows."""

    occurrence: Occurrence
    verdict: Verdict
    title: str
    clause: str
    department: str
    period: str
    due: str
    marks: tuple[str, ...]
    status_zh: str
    passed_over: NearMisses
    flags: tuple[Flag, ...]
    visits: tuple[str, ...]
    notices: tuple[str, ...]
    answers: tuple[str, ...]
    decisions: tuple[str, ...]
    seen: int  # how many decisions there are about it


@dataclass(frozen=True, slots=True)
class JudgedOccurrence:
    """One occurrence as it is judged at an instant, with what it was judged from."""

    county_facts: CountyFacts
    group: DutyGroup
    occurrence: Occurrence
    verdict: Verdict


def judged(store: Store, loaded: Loaded, asked: str, now: datetime) -> JudgedOccurrence | list[str]:
    """The occurrence whose key is `asked` or ends in it; else keys that look alike."""
    with store.read() as tx:
        found = _find(tx, loaded, asked, now)
    if isinstance(found, list):
        return found
    county_facts, group, occurrence = found
    return JudgedOccurrence(
        county_facts, group, occurrence, verdicts_of(loaded, county_facts, group, now)[occurrence.key]
    )


def explain(store: Store, loaded: Loaded, asked: str, now: datetime) -> Explanation | list[str]:
    """The explanation of the occurrence whose key is `asked` or ends in it; else keys that look alike."""
    with store.read() as tx:
        found = _find(tx, loaded, asked, now)
        return found if isinstance(found, list) else _explain(tx, loaded, *found, now)


def _find(tx: Tx, loaded: Loaded, asked: str, now: datetime) -> tuple[CountyFacts, DutyGroup, Occurrence] | list[str]:
    alike: list[str] = []
    for rulebook in loaded.rulebooks:
        county_facts = load_county(tx, in_force(tx, loaded, rulebook), loaded.calendar, now)
        groups = county_facts.groups.by_prefix.values()
        known = {
            occurrence.key: (group, occurrence) for group in groups for occurrence in county_facts.occurrences(group)
        }
        found = [key for key in known if key == asked or key.endswith(f"/{asked}")]
        if len(found) == 1:
            return county_facts, *known[found[0]]
        alike += found or _alike(asked, known)
    return alike[:5]


def _alike(asked: str, known: Iterable[str]) -> list[str]:
    """The keys whose tails, of as many segments as were asked for, look like it."""
    length = asked.count("/") + 1
    tails: dict[str, list[str]] = defaultdict(list)
    for key in known:
        tails["/".join(key.split("/")[-length:])].append(key)
    return [key for tail in difflib.get_close_matches(asked, tails, 3, 0.7) for key in tails[tail]]


def _explain(
    tx: Tx, loaded: Loaded, county_facts: CountyFacts, group: DutyGroup, occurrence: Occurrence, now: datetime
) -> Explanation:
    county = county_facts.rulebook.county
    sent = told(tx, county.id, [occurrence.key]).get(occurrence.key, {})
    verdict = verdicts_of(loaded, county_facts, group, now)[occurrence.key]
    owed, facts = county_facts.occurrences(group), county_facts.of(group)
    cells = cells_of(group.duty, occurrence.department, occurrence.label)
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in facts.entries:
        entries[entry.url].append(entry)
    return Explanation(
        occurrence=occurrence,
        verdict=verdict,
        title=duty_zh(group.duty, occurrence),
        clause=group.duty.clause,
        department=county.department_names(occurrence.department),
        period=period_zh(occurrence),
        due=due_zh(occurrence, county.zone),
        marks=tuple(marks_zh(occurrence)),
        passed_over=find_near_misses(group.duty, group.assignment, owed, facts, county, loaded.calendar, occurrence),
        status_zh=status_zh(verdict.status, cells, verdict.reason),
        flags=find_flags(
            group.duty, occurrence, verdict, entries, county_facts.texts, facts.rulings, county, facts.visits
        ),
        visits=tuple(_visits(county_facts, group)),
        notices=tuple(_notices(sent, county.zone)),
        answers=tuple(_answers(county_facts.answers.get(occurrence.key, ()), county.zone)),
        decisions=tuple(_decisions(occurrence, facts.rulings, now, county.zone)),
        seen=max((ruling.number for ruling in facts.rulings if ruling.occurrence == occurrence.key), default=0),
    )


def _notices(sent: Mapping[NoticeKey, DeliveryState], zone: ZoneInfo) -> list[str]:
    lines = []
    for key, what in sorted(sent.items(), key=lambda pair: pair[1].at):
        at = what.at.astimezone(zone)
        lines.append(f"{at:%Y-%m-%d %H:%M}  {key.step:20} {key.role:16} {key.channel:8} {what.state}")
    return lines


def _decisions(occurrence: Occurrence, rulings: Iterable[Ruling], now: datetime, zone: ZoneInfo) -> Iterator[str]:
    """What people decided about it, about its duty as a whole, and about the reading its deadline rests on."""
    if (act := occurrence.deadline.adoption) is not None:
        name = occurrence.deadline.reading
        yield f"{act.at.astimezone(zone):%Y-%m-%d %H:%M}  adopted the reading {name}, by {act.by}"
        yield f"      {act.reason}"
    known = list(rulings)
    found = ruling_states(known, now, zone)
    for one in sorted(known, key=lambda ruling: (ruling.recorded_at, ruling.id)):
        if one.occurrence not in (occurrence.key, duty_subject(occurrence.key)):
            continue
        end = f" until {one.until}" if one.until else ""
        asked = f", asked by {one.asked_by}" if one.asked_by else ""
        at = one.recorded_at.astimezone(zone)
        yield f"{at:%Y-%m-%d %H:%M}  ruling:{one.id} {one.kind}{end}, by {one.by}{asked}: {found[one.id].words}"
        about = f"原截止时间{one.target}" if one.kind == "postpone" else one.target
        said = (GROUNDS.get(one.ground, one.ground), one.basis, about, one.reason)
        yield f"      {'；'.join(word for word in said if word)}"


def _answers(answers: Iterable[Acknowledgement], zone: ZoneInfo) -> Iterator[str]:
    for answer in answers:
        at, said = answer.recorded_at.astimezone(zone), answer.text.replace("\n", "\n      ")
        yield f"{at:%Y-%m-%d %H:%M}  {answer.kind:10} {answer.step:20} {answer.role:16} {answer.by}" + (
            said and f"\n      {said}"
        )


def _visits(county_facts: CountyFacts, group: DutyGroup) -> list[str]:
    zone = county_facts.rulebook.county.zone
    lines = []
    for column in sorted(group.columns):
        visit = max(county_facts.visits.get(column, ()), key=lambda one: one.began_at, default=None)
        if visit is None:
            lines.append(f"{column}: never visited")
            continue
        began, ended = visit.began_at.astimezone(zone), visit.ended_at.astimezone(zone)
        reached = f"reached {visit.reached}" if visit.reached else "not complete"
        note = f" ({visit.note})" if visit.note else ""
        lines.append(
            f"{column}: {began:%Y-%m-%d %H:%M}-{ended:%H:%M} {visit.outcome}, {visit.pages} pages, {reached}{note}"
        )
    return lines
