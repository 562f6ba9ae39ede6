"""Explains one occurrence: its due date and law, visits, findings, notices, acknowledgements and rulings.

It is judged again from the stored facts, by the same functions as in the deciding pass.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.core.escalation.notices import Acknowledgement, DeliveryState, NoticeKey
from tracker.core.law.binding import marks_zh
from tracker.core.law.county import Rulebook
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import cells_of, due_zh, duty_zh, period_zh, status_zh
from tracker.core.matching.case_context import CaseContext, build_context
from tracker.core.matching.cell_evidence import CellEvidence
from tracker.core.matching.filings import duty_subject
from tracker.core.matching.near_misses import NearMisses, find_near_misses
from tracker.core.matching.weighing import weigh_evidence
from tracker.core.values.certificate import CertificatePart, find_doubts, find_grounds
from tracker.core.values.facts import Entry, Ruling, Visit
from tracker.core.values.second_looks import SecondLook
from tracker.core.values.verdicts import Status, Verdict
from tracker.core.verdict.flags import Flag, find_flags
from tracker.core.verdict.ruling_states import RulingState, ruling_states
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup, group_by, prefix_of
from tracker.decide.judge import judge_group
from tracker.decide.load import load_county, load_groups
from tracker.decide.next_steps import list_next_steps
from tracker.registers.adoptions import load_rules_in_force
from tracker.registers.checks import match_keys
from tracker.rulebook.loaded import Loaded
from tracker.store.certificates import load_certificates
from tracker.store.engine import Store, Tx
from tracker.store.notices import load_delivery_states

#: Statuses that rest on what visits showed or could not show.
_PAST_DUE = (Status.OVERDUE, Status.INCOMPLETE, Status.UNVERIFIABLE)


@dataclass(frozen=True, slots=True)
class ColumnSighting:
    """What was looked at in one column. `last`: its last visit.

    `lacking`: the last visit that shows that something is missing, None where nothing is called missing for its sake.
    `parts`: of that visit the parts on which its claim rests; else, where something could not be seen, those of the
    last visit that deny a claim.
    """

    column: str
    last: Visit | None
    lacking: Visit | None = None
    parts: tuple[CertificatePart, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation that `duban explain` shows.

    `visits`: what was looked at, by column; `evidences`: of each cell; `seen`: how many rulings there are about the
    occurrence. `entries`: those of the findings and the nearest misses, by address. `next_steps`: see
    `list_next_steps`.
    """

    occurrence: Occurrence
    verdict: Verdict
    title: str
    clause: str
    department: str
    period: str
    due: str
    marks: tuple[str, ...]
    status_zh: str
    near_misses: NearMisses
    flags: tuple[Flag, ...]
    visits: tuple[ColumnSighting, ...]
    evidences: tuple[CellEvidence, ...]
    notices: tuple[tuple[NoticeKey, DeliveryState], ...]
    answers: tuple[Acknowledgement, ...]
    second_looks: tuple[SecondLook, ...]
    decisions: tuple[tuple[Ruling, RulingState], ...]
    seen: int
    entries: Mapping[str, Entry]
    next_steps: tuple[tuple[str, datetime, tuple[str, ...]], ...]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class JudgedOccurrence:
    """One occurrence with its verdict at an instant and the facts of the county."""

    county_facts: CountyFacts
    group: DutyGroup
    occurrence: Occurrence
    verdict: Verdict


def find_judged(store: Store, loaded: Loaded, asked: str, now: datetime) -> JudgedOccurrence | list[str]:
    """Return the occurrence whose key is `asked`, ends in it or alone begins so; else similar keys."""
    with store.read() as tx:
        return _find_judged(tx, loaded, asked, now)


def explain(store: Store, loaded: Loaded, asked: str, now: datetime) -> Explanation | list[str]:
    """Return the explanation of the occurrence that `find_judged` finds; else similar keys."""
    with store.read() as tx:
        judged = _find_judged(tx, loaded, asked, now)
        return judged if isinstance(judged, list) else _build_explanation(tx, loaded, judged, now)


def explain_key(store: Store, loaded: Loaded, rulebook: Rulebook, key: str, now: datetime) -> Explanation | None:
    """Return the explanation of the occurrence with this key, by the facts of its duty alone; None if there is none."""
    with store.read() as tx:
        facts = load_groups(tx, load_rules_in_force(tx, loaded, rulebook), loaded.calendar, [prefix_of(key)], now)
        group = facts.groups.by_prefix.get(prefix_of(key))
        occurrence = next((each for each in facts.occurrences(group) if each.key == key), None) if group else None
        if group is None or occurrence is None:
            return None
        verdict = judge_group(loaded, facts, group, now)[key]
        return _build_explanation(tx, loaded, JudgedOccurrence(facts, group, occurrence, verdict), now)


def _find_judged(tx: Tx, loaded: Loaded, asked: str, now: datetime) -> JudgedOccurrence | list[str]:
    similar: list[str] = []
    for rulebook in loaded.rulebooks:
        facts = load_county(tx, load_rules_in_force(tx, loaded, rulebook), loaded.calendar, now)
        groups = facts.groups.by_prefix.values()
        by_key = {occurrence.key: (group, occurrence) for group in groups for occurrence in facts.occurrences(group)}
        matches = match_keys(asked, by_key, rulebook.county)
        if len(matches) == 1:
            group, occurrence = by_key[matches[0]]
            return JudgedOccurrence(facts, group, occurrence, judge_group(loaded, facts, group, now)[occurrence.key])
        similar += matches or _similar_keys(asked, by_key)
    return similar[:5]


def _similar_keys(asked: str, keys: Iterable[str]) -> list[str]:
    """Return the keys whose tails, of as many segments as `asked` has, are similar to it."""
    length = asked.count("/") + 1
    tails: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        tails["/".join(key.split("/")[-length:])].append(key)
    return [key for tail in difflib.get_close_matches(asked, tails, 3, 0.7) for key in tails[tail]]


def _build_explanation(tx: Tx, loaded: Loaded, judged: JudgedOccurrence, now: datetime) -> Explanation:
    county_facts, group, occurrence, verdict = judged.county_facts, judged.group, judged.occurrence, judged.verdict
    county, zone, duty = county_facts.rulebook.county, county_facts.rulebook.county.zone, group.duty
    states = load_delivery_states(tx, county.id, [occurrence.key]).get(occurrence.key, {})
    occurrences, facts = county_facts.occurrences(group), county_facts.facts_of(group)
    entries = group_by(facts.entries, lambda entry: entry.url)
    context = build_context(duty, group.assignment, facts, county, loaded.calendar, now)
    evidences = weigh_evidence(context, occurrences, {occurrence.key})[occurrence.key]
    near_misses = find_near_misses(duty, group.assignment, occurrences, facts, county, loaded.calendar, occurrence)
    considered = {finding.about for finding in (*verdict.findings, *near_misses.nearest)}
    return Explanation(
        occurrence=occurrence,
        verdict=verdict,
        title=duty_zh(duty, occurrence),
        clause=duty.clause,
        department=county.department_names(occurrence.department),
        period=period_zh(occurrence),
        due=due_zh(occurrence, zone),
        marks=tuple(marks_zh(occurrence, duty, county, now)),
        near_misses=near_misses,
        status_zh=status_zh(verdict.status, cells_of(duty, occurrence.department, occurrence.label), verdict.reason),
        flags=find_flags(duty, occurrence, verdict, entries, county_facts.texts, facts.rulings, county, facts.visits),
        visits=tuple(_sightings(tx, county_facts, group, context, evidences, verdict)),
        evidences=evidences,
        notices=tuple(sorted(states.items(), key=lambda pair: pair[1].at)),
        answers=tuple(county_facts.answers.get(occurrence.key, ())),
        second_looks=tuple(county_facts.second_looks.get(occurrence.key, ())),
        decisions=tuple(_find_decisions(occurrence, facts.rulings, now, zone)),
        seen=max((ruling.number for ruling in facts.rulings if ruling.occurrence == occurrence.key), default=0),
        entries={entry.url: entry for entry in facts.entries if entry.url in considered},
        next_steps=list_next_steps(loaded, county_facts, group, occurrence, verdict, now),
        zone=zone,
    )


def _find_decisions(
    occurrence: Occurrence, rulings: Iterable[Ruling], now: datetime, zone: ZoneInfo
) -> Iterator[tuple[Ruling, RulingState]]:
    """Yield the rulings on the occurrence and on its duty as a whole, each with its state, from first to last."""
    ordered = list(rulings)
    states = ruling_states(ordered, now, zone)
    for ruling in sorted(ordered, key=lambda ruling: (ruling.recorded_at, ruling.id)):
        if ruling.occurrence in (occurrence.key, duty_subject(occurrence.key)):
            yield ruling, states[ruling.id]


def _sightings(
    tx: Tx,
    county_facts: CountyFacts,
    group: DutyGroup,
    context: CaseContext,
    evidences: Iterable[CellEvidence],
    verdict: Verdict,
) -> Iterator[ColumnSighting]:
    """Yield what was looked at in each column of the duty, with the certificate that decided something."""
    states = {(cell.cell, cell.part): cell.state for cell in verdict.cells if verdict.status in _PAST_DUE}
    lacking: dict[str, Visit] = {}
    unseen: set[str] = set()
    for evidence in evidences:
        state = states.get((evidence.cell.name, evidence.cell.part))
        for key in {key for source in evidence.cell.sources for key in source.columns}:
            column = context.county.columns.get(key)
            visit = context.visits.last_complete(column, evidence.counts_from) if column is not None else None
            if state == "missing" and visit is not None:
                lacking[key] = visit
            elif state == "unseen":
                unseen.add(key)
    last = {
        column: max(county_facts.visits.get(column, ()), key=lambda visit: visit.began_at, default=None)
        for column in sorted(group.columns)
    }
    digests = [visit.certificate for visit in (*lacking.values(), *last.values()) if visit is not None]
    certificates = load_certificates(tx, context.county.id, digests)
    for key, visit in last.items():
        deciding = lacking.get(key) or (visit if key in unseen else None)
        certificate = certificates.get(deciding.certificate) if deciding is not None else None
        parts: tuple[CertificatePart, ...] = ()
        if certificate is not None:
            parts = find_grounds(certificate) if key in lacking else find_doubts(certificate)
        yield ColumnSighting(key, visit, lacking.get(key), parts)
