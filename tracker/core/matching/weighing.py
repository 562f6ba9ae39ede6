"""Weighs the entries, filings and records of a duty: evidence and findings for each cell.

One call weighs all occurrences of a duty for one department, because an entry proves one period,
an event takes its own entry, and upkeep is about what stands already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from operator import attrgetter

from tracker.core.law.duties import Assignment, By, Cell, County, Deadline, Duty, Every, Source, Within
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.core.matching import finding_text as text
from tracker.core.matching.allocation import EventEntries, PeriodEntries, by_period
from tracker.core.matching.attribution import directory, named_in
from tracker.core.matching.candidates import Assessment, CellCriteria, assess, criteria_of, may_match, uses_event
from tracker.core.matching.cell_evidence import CaseContext, CellEvidence, better, ruled
from tracker.core.matching.editions import editions_of
from tracker.core.matching.entry_index import EntryIndex
from tracker.core.matching.filings import FilingIndex
from tracker.core.matching.proof import Candidate, CellProof, PublicationDating, Requirement
from tracker.core.matching.proved_by import accepted, accepted_addresses, attested, recorded, zero_reported
from tracker.core.matching.republished import still_up, titled_before, written_over
from tracker.core.matching.title_words import words_of
from tracker.core.matching.upkeep import kept_current
from tracker.core.matching.visit_index import VisitIndex
from tracker.core.values.facts import Entry, Facts
from tracker.core.values.verdicts import Finding


def weigh(
    context: CaseContext, occurrences: Sequence[Occurrence], only: Collection[str] | None = None
) -> dict[str, tuple[CellEvidence, ...]]:
    """Every cell of every occurrence, or of `only` some, as far as it can be weighed without looking at the clock."""
    judged = [occurrence for occurrence in occurrences if only is None or occurrence.key in only]
    weights: dict[str, list[CellEvidence]] = {occurrence.key: [] for occurrence in judged}
    for cell in context.assignment.cells:
        owed = [occurrence for occurrence in occurrences if cell.part in occurrence.parts and not occurrence.awaiting]
        if any(occurrence.key in weights for occurrence in owed):
            for key, weight in _weigh_cell(context, cell, owed, only).items():
                weights[key].append(weight)
    for one in judged:
        weights[one.key] = zero_reported(context, one, weights[one.key])
    return {key: tuple(_asking_nobody(weight) for weight in cell_evidence) for key, cell_evidence in weights.items()}


def _asking_nobody(weight: CellEvidence) -> CellEvidence:
    """Of what is proved nothing need be decided any more, whatever else was filed."""
    if not weight.proof.holds or not any(finding.unattributed for finding in weight.findings):
        return weight
    return replace(weight, findings=tuple(replace(finding, unattributed=False) for finding in weight.findings))


def context_of(
    duty: Duty,
    assignment: Assignment,
    facts: Facts,
    county: County,
    calendar: Calendar,
    now: datetime | None = None,
) -> CaseContext:
    """What bears on one duty of one department, made ready to be asked. `now`: after an exemption's end it is none."""
    entries = facts.entries if isinstance(facts.entries, EntryIndex) else EntryIndex(facts.entries)
    sight = facts.visits if isinstance(facts.visits, VisitIndex) else VisitIndex(facts.visits)
    return CaseContext(
        duty=duty,
        assignment=assignment,
        county=county,
        calendar=calendar,
        known=directory(county),
        dating=PublicationDating(sight, county.zone, entries),
        papers=FilingIndex(facts.filings, facts.rulings, now, county.zone),
        events=facts.events,
        shown=entries,
        taken=facts.taken,
    )


def criteria_for(context: CaseContext, cell: Cell) -> CellCriteria:
    """The cell as this department's entries are held against it."""
    known = context.county.columns
    columns = tuple(known[key] for source in cell.sources for key in source.columns if key in known)
    contents, lexicon = context.duty.part(cell.part).contents, context.county.lexicon
    words = tuple(words_of(context.duty, cell.part, source, lexicon) for source in cell.sources) if lexicon else ()
    return criteria_of(cell, contents, context.assignment.members, context.known, columns, lexicon, words)


def candidates_for(context: CaseContext, criteria: CellCriteria) -> list[Candidate]:
    """The entries of the cell's columns whose title may fit, from the earliest on."""
    candidates = (
        _candidate(context, criteria, sources, entry)
        for column, sources in criteria.by_column.items()
        for entry in context.shown.by_column.get(column, ())
    )
    ordered = sorted((candidate for candidate in candidates if candidate is not None), key=attrgetter("order"))
    return [_standing(context, each) for each in ordered]


def _standing(context: CaseContext, candidate: Candidate) -> Candidate:
    entry = still_up(candidate.entry, context.shown) if candidate.entry.gone_at is not None else None
    return candidate if entry is None else replace(candidate, entry=entry)


def _candidate(
    context: CaseContext, criteria: CellCriteria, sources: Sequence[Source], entry: Entry
) -> Candidate | None:
    fits = [(source, partial(may_match, source.title)) for source in sources]
    named = ((source, entry) for source, fit in fits if fit(entry.title))
    once = ((source, before) for source, fit in fits if (before := titled_before(entry, fit)) is not None)
    lost = ((source, before) for source, fit in fits if (before := written_over(entry, fit)) is not None)
    found = next(named, None) or next(once, None) or next(lost, None)
    if found is None:
        return None
    source, entry = found
    return context.dating.candidate(criteria, entry, _known(context, criteria, entry, assess(criteria, source, entry)))


def _known(context: CaseContext, criteria: CellCriteria, entry: Entry, assessment: Assessment) -> Assessment:
    """What names nobody and was accepted for another department is that one's; nobody is asked about it again."""
    owners = context.taken.get(entry.url, frozenset())
    if (
        not assessment.unattributed
        or not owners
        or owners & set(criteria.members)
        or named_in(entry.title, criteria.known)
    ):
        return assessment
    titles = "、".join(sorted(criteria.known.title(owner) for owner in owners))
    return replace(assessment, unattributed="", refusal=f"标题和发布机构均未指明部门，经认定属于{titles}")


def likely(context: CaseContext, cell: Cell) -> list[Entry]:
    """Entries that would fit an event nobody recorded: any text may stand for the event's fields."""
    return [
        candidate.entry
        for candidate in candidates_for(context, criteria_for(context, cell))
        if candidate.assessment.source.title is not None
        and candidate.counts
        and candidate.entry.gone_at is None
        and may_match(candidate.assessment.source.title, candidate.entry.title)
    ]


def _weigh_cell(
    context: CaseContext, cell: Cell, owed: Sequence[Occurrence], only: Collection[str] | None
) -> dict[str, CellEvidence]:
    criteria = criteria_for(context, cell)
    candidates = candidates_for(context, criteria)
    by_deadline: dict[Deadline, list[Occurrence]] = defaultdict(list)
    for one in owed:
        by_deadline[one.deadline].append(one)
    weights: dict[str, CellEvidence] = {}
    for deadline, group in by_deadline.items():
        judged = [occurrence for occurrence in group if only is None or occurrence.key in only]
        if isinstance(deadline, Every) and deadline.upkeep:
            first = next((occurrence for occurrence in owed if isinstance(occurrence.deadline, By)), None)
            weights |= {
                occurrence.key: kept_current(context, criteria, occurrence, candidates, first) for occurrence in judged
            }
        elif judged:
            # Which entries one of them has follows from those that the others have.
            pools = _pools(context, criteria, deadline, group, candidates)
            weights |= {
                occurrence.key: _weigh(context, criteria, occurrence, pools[occurrence.key]) for occurrence in judged
            }
    return weights


def _pools(
    context: CaseContext,
    criteria: CellCriteria,
    deadline: Deadline,
    group: Sequence[Occurrence],
    candidates: Sequence[Candidate],
) -> dict[str, PeriodEntries]:
    if isinstance(deadline, By):
        return {one.key: PeriodEntries(own=list(candidates)) for one in group}
    if isinstance(deadline, Every):
        return by_period(
            deadline, group, _by_issue(context, criteria, candidates), context.calendar, context.county.zone
        )

    def usable(occurrence: Occurrence, candidate: Candidate) -> bool:
        return (
            candidate.counts
            and candidate.assessment.relevant
            and ruled(context, criteria, occurrence, candidate) != "reject"
        )

    given = {
        entry.id: one.key
        for one in sorted(group, key=lambda one: one.key)
        for address in accepted_addresses(context, criteria, one)
        for entry in context.at(address)
    }
    settled = frozenset(one.key for one in group if _settled(context, criteria, one))
    events = EventEntries(
        candidates,
        lambda one, held: requirement_for(context, criteria, one).prove(held),
        usable,
        given,
        settled,
        context.county.zone,
    )
    return events.pools(deadline, group)


def _by_issue(context: CaseContext, criteria: CellCriteria, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """The candidates, each report that stood at an address before the next one by itself."""
    found: list[Candidate] = []
    for candidate in candidates:
        parts = (
            editions_of(candidate.entry, candidate.assessment.source.title, context.county.zone)
            if len(candidate.entry.versions) > 1
            else ()
        )
        if len(parts) < 2:
            found.append(candidate)
        for part in parts if len(parts) > 1 else ():
            seen = context.dating.candidate(
                criteria, part, _known(context, criteria, part, assess(criteria, candidate.assessment.source, part))
            )
            found.append(replace(seen, issue=True))
    if len(found) > len(candidates):
        found.sort(key=attrgetter("order"))
    return found


def _settled(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> bool:
    """Whether people proved the cell or released it, so that no pattern need look for an entry."""
    papers, part = context.papers, criteria.cell.part
    if papers.release(occurrence.key) or papers.release(occurrence.key, part):
        return True
    return any(told(context, criteria, occurrence).proof.holds for told in (accepted, attested, recorded))


def requirement_for(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> Requirement:
    """What has to be proved for an occurrence, and from which day on an entry may count."""
    return Requirement(context.dating, criteria, occurrence.due_at, since_day(context, criteria, occurrence))


def since_day(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> date | None:
    """The first day of the window a visit must reach back beyond; None: the list's end alone will do."""
    if occurrence.window is not None:
        return occurrence.window.first
    if occurrence.event is None or not isinstance(occurrence.deadline, Within):
        return None
    day = context.day(occurrence.event.occurred)
    named = any(uses_event(source) for source in criteria.cell.sources)
    return day - timedelta(days=occurrence.deadline.slack) if named else day


def _weigh(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence, pool: PeriodEntries) -> CellEvidence:
    """One cell of one occurrence: its entries, then what came later, then what people say."""
    requirement = requirement_for(context, criteria, occurrence)
    counting = [
        candidate
        for candidate in pool.own
        if candidate.counts and candidate.assessment.relevant and not ruled(context, criteria, occurrence, candidate)
    ]
    up = [candidate for candidate in counting if candidate.entry.gone_at is None]
    proof, gone = requirement.prove(up), _gone(requirement, up, counting)
    later: list[Candidate] = []
    if not proof.holds:
        later = [
            candidate
            for candidate in islice(pool.later, pool.later_from, None)
            if _may_close(candidate, gone) and not ruled(context, criteria, occurrence, candidate)
        ]
        proof, gone = _closed_by(requirement, up, later, proof, gone)
    if not proof.holds and (bare := requirement.without_items(up)):
        pool = _awaiting(pool, bare, text.holds_none(criteria))
    counting = [candidate for candidate in counting if requirement.may_hold(candidate)]
    open_ones = () if proof.holds else (*pool.own, *later)
    waiting = [
        candidate
        for candidate in open_ones
        if _may_prove(candidate) and not ruled(context, criteria, occurrence, candidate)
    ]
    weight = CellEvidence(
        cell=criteria.cell,
        criteria=criteria,
        proof=proof,
        since=requirement.since,
        lively=bool(counting) or any(context.papers.accepted(occurrence.key, criteria.cell.part)),
        published=bool(counting)
        or any(
            candidate.assessment.unattributed and candidate.assessment.relevant and requirement.may_hold(candidate)
            for candidate in waiting
        ),
        gone=() if proof.holds else gone,
        unread=tuple(candidate for candidate in waiting if candidate.counts and candidate.assessment.unread),
        waits=tuple(
            f"《{one.entry.title}》{one.assessment.unattributed}" for one in waiting if one.assessment.unattributed
        ),
    )
    for told in (accepted, attested, recorded):
        weight = better(weight, told(context, criteria, occurrence))
    # One decision at a time: when it is made, the next later entry comes up, if it still matters.
    asked = next((candidate for candidate in waiting if candidate.assessment.unattributed), None)
    own = tuple(_findings(context, occurrence, pool, requirement, weight, asked))
    return replace(weight, findings=(*own, *weight.findings)) if own else weight


def _awaiting(pool: PeriodEntries, bare: Sequence[Candidate], why: str) -> PeriodEntries:
    """The pool with some of its entries as ones that await a person."""
    asked = {
        candidate.order: replace(candidate, assessment=replace(candidate.assessment, unattributed=why))
        for candidate in bare
    }
    return replace(pool, own=[asked.get(candidate.order, candidate) for candidate in pool.own])


def _gone(requirement: Requirement, up: Sequence[Candidate], counting: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """What was taken down, where the cell was proved with it and is not without it."""
    if len(up) == len(counting) or requirement.prove(up).holds:
        return ()
    before = requirement.prove(counting)
    return tuple(carrier for carrier in before.carriers if carrier.entry.gone_at is not None) if before.holds else ()


def _may_close(candidate: Candidate, gone: Sequence[Candidate]) -> bool:
    """What came out after the period. After something was taken down, only what was put up since."""
    after = max((held.entry.gone_at for held in gone if held.entry.gone_at), default=None)
    since = after is None or candidate.entry.first_seen_at >= after
    return since and not candidate.assessment.refusal and (candidate.assessment.relevant or candidate.assessment.unread)


def _closed_by(
    requirement: Requirement,
    up: Sequence[Candidate],
    later: Sequence[Candidate],
    proof: CellProof,
    gone: tuple[Candidate, ...],
) -> tuple[CellProof, tuple[Candidate, ...]]:
    """The proof that the first later entries complete, late; else what had completed it and is gone."""
    closing = _completed(requirement, up, (candidate for candidate in later if candidate.entry.gone_at is None))
    if closing is not None:
        return closing, ()
    before = _completed(requirement, up, later) if any(candidate.entry.gone_at for candidate in later) else None
    taken = tuple(carrier for carrier in before.carriers if carrier.entry.gone_at is not None) if before else ()
    return proof, gone or taken


def _completed(requirement: Requirement, up: Sequence[Candidate], later: Iterable[Candidate]) -> CellProof | None:
    each = requirement.criteria.contents.mode == "each"
    candidates = [] if each else list(up)
    for candidate in later:
        if candidate.counts and candidate.assessment.relevant:
            candidates = [candidate] if each else [*candidates, candidate]
            proof = requirement.prove(candidates)
            if proof.holds:
                return proof
    return None


def _may_prove(candidate: Candidate) -> bool:
    """Not refused, still up, and what keeps it from counting is that it was not read or not attributed."""
    assessment = candidate.assessment
    if assessment.refusal or candidate.entry.gone_at is not None:
        return False
    return assessment.unread or bool(assessment.unattributed and assessment.relevant)


def _findings(
    context: CaseContext,
    occurrence: Occurrence,
    pool: PeriodEntries,
    requirement: Requirement,
    weight: CellEvidence,
    asked: Candidate | None,
) -> Iterator[Finding]:
    """One for each entry of the period, for what closes it later or may, and for what is about another period."""
    own = {candidate.order for candidate in pool.own}
    beside = (*weight.proof.carriers, asked) if asked is not None else weight.proof.carriers
    for one in (*pool.own, *(candidate for candidate in beside if candidate.order not in own)):
        if ruled(context, requirement.criteria, occurrence, one) != "accept":
            why = pool.why.get(one.entry.id, "") if one.order in own else "属于以后时期，视为补公开"
            rejection = context.papers.ruled(occurrence.key, one.entry.url, weight.cell.part)
            yield text.of_entry(occurrence, requirement, one, why, rejection, open_cell=not weight.proof.holds)
    for one, why in pool.elsewhere:
        yield text.not_counted(occurrence, requirement, one, one.assessment.refusal or why)
