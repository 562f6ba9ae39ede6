"""Proves a cell with its entries: the instant of proof, its rank, and whether it is disputed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.core.law.counting import moment_day
from tracker.core.law.county import SiteColumn
from tracker.core.law.duties import Contents
from tracker.core.law.wording import day_zh
from tracker.core.matching.candidates import Assessment, CellCriteria, earliest_instant, end_of_moment
from tracker.core.matching.contents import HeldItem, holds_item
from tracker.core.matching.entry_index import EntryIndex
from tracker.core.matching.republished import earlier_claimed_dates
from tracker.core.matching.visit_index import VisitIndex
from tracker.core.values.facts import Entry, Moment

#: Ranks of proof, best first: on time; on time but disputed; late.
ON_TIME, DISPUTED, LATE = 0, 1, 2
_WHOLE_ENTRY = HeldItem()
_MOST_OF_A_YEAR = timedelta(days=300)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """An entry that may prove a cell.

    `at`: the instant of proof, on `day`. `claimed`: its current claimed date; `earlier_dates`: dates that the site gave
    for it before. `date_doubt`: the day of its first sighting, and why its much earlier claimed date may hold a typo
    (Chinese). `is_edition`: it is one of several reports that stood at its address, see `editions.py`.
    """

    entry: Entry
    assessment: Assessment
    at: datetime
    day: date
    claimed: Moment | None
    date_doubt: tuple[date, str] | None = None
    is_edition: bool = False
    earlier_dates: tuple[Moment, ...] = ()
    order: tuple[datetime, str, str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", (self.at, self.entry.url, self.entry.column, self.entry.id))

    @property
    def counts(self) -> bool:
        """Whether the entry is neither refused nor awaits a person."""
        return not self.assessment.refusal and not self.assessment.open_question


@dataclass(frozen=True, slots=True)
class CellProof:
    """The best proof of a cell. `candidates`: the entries it rests on; `missing_items`: labels, if it does not hold."""

    rank: int = ON_TIME
    at: datetime | None = None
    candidates: tuple[Candidate, ...] = ()
    missing_items: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the cell is proved."""
        return self.at is not None


class PublicationDating:
    """Dates publications by claimed dates, first sightings, copies and complete visits."""

    def __init__(self, visits: VisitIndex, zone: ZoneInfo, entries: EntryIndex) -> None:
        self.visits = visits
        self.zone = zone
        self.first_seen = entries.first_seen

    def build_candidate(self, criteria: CellCriteria, entry: Entry, assessment: Assessment) -> Candidate:
        """Return the entry with its instant of proof: the claimed date, at latest the first sighting."""
        claimed = entry.claimed
        if claimed is None:
            at = self._instant_without_date(criteria.columns.get(entry.column), entry.first_seen_at)
        else:
            at = min(earliest_instant(claimed, self.zone), entry.first_seen_at)
        date_doubt, earlier_dates = (
            self._find_date_doubt(criteria, entry),
            self._earlier_dates(entry) if len(entry.versions) > 1 else (),
        )
        return Candidate(
            entry, assessment, at, moment_day(at, self.zone), claimed, date_doubt, earlier_dates=earlier_dates
        )

    def _earlier_dates(self, entry: Entry) -> tuple[Moment, ...]:
        """Return the dates earlier than the current one that the site gave for the entry's text."""
        now = None if entry.claimed is None else earliest_instant(entry.claimed, self.zone)
        return tuple(
            date for date in earlier_claimed_dates(entry) if now is None or earliest_instant(date, self.zone) < now
        )

    def _find_date_doubt(self, criteria: CellCriteria, entry: Entry) -> tuple[date, str] | None:
        """Return the day of the first sighting and a question, if the claimed date may have a wrong year; else None.

        That is so where the claimed date is most of a year before the first sighting and a complete visit back beyond
        that date lacked the entry. It may as well be an old document published late.
        """
        if entry.claimed is None:
            return None
        first_seen_at, claimed = self.first_seen(entry), moment_day(entry.claimed, self.zone)
        column = criteria.columns.get(entry.column)
        if column is None or column.kind == "page" or moment_day(first_seen_at, self.zone) - claimed < _MOST_OF_A_YEAR:
            return None
        lacking_visit = self.visits.last_lacking(column, claimed, first_seen_at)
        if lacking_visit is None:
            return None
        claimed_day, visit_day = day_zh(claimed), day_zh(moment_day(lacking_visit.began_at, self.zone))
        first_seen_day = day_zh(moment_day(first_seen_at, self.zone))
        return moment_day(first_seen_at, self.zone), (
            f"标注{claimed_day}，但{visit_day}的完整检查中没有，{first_seen_day}首次看到，年份可能有误，待县政府办公室认定公开日期"
        )

    def _instant_without_date(self, column: SiteColumn | None, first_seen_at: datetime) -> datetime:
        """Return the instant of proof without a claimed date: the last complete visit that lacked it, else the first
        sighting."""
        lacking_visit = (
            self.visits.last_lacking(column, moment_day(first_seen_at, self.zone), first_seen_at) if column else None
        )
        return lacking_visit.began_at if lacking_visit else first_seen_at

    def item_instant(self, criteria: CellCriteria, candidate: Candidate, item: HeldItem) -> datetime:
        """Return the instant of an item: the entry's, unless the entry is undated and held the item only later."""
        if candidate.claimed is None and item.since is not None:
            return self._instant_without_date(criteria.columns.get(candidate.entry.column), item.since)
        return candidate.at

    def is_disputed(
        self,
        criteria: CellCriteria,
        candidate: Candidate,
        item: HeldItem,
        due_at: datetime,
        since: date | None,
        claimed: Moment | None,
    ) -> bool:
        """Return whether a claimed date that is on time is contradicted: the item was first seen late, and a complete
        visit after the claimed date lacked it."""
        if claimed is None:
            return False
        first_seen_at = item.since or (
            candidate.entry.first_seen_at if candidate.is_edition else self.first_seen(candidate.entry, claimed)
        )
        if first_seen_at < due_at:
            return False
        claimed_end = end_of_moment(claimed, self.zone)
        if item.lacked_at is not None and item.lacked_at >= claimed_end:
            return True
        column = criteria.columns.get(candidate.entry.column)
        lacking_visit = self.visits.last_lacking(column, since, first_seen_at) if column else None
        return lacking_visit is not None and lacking_visit.began_at >= claimed_end


@dataclass(frozen=True, slots=True)
class Requirement:
    """The criteria of a cell with the deadline of one occurrence."""

    dating: PublicationDating
    criteria: CellCriteria
    due_at: datetime | None
    since: date | None  # the earliest day from which an entry may count, None: any age

    def grade_item(self, candidate: Candidate, item: HeldItem) -> tuple[int, datetime]:
        """Return the rank of an item of an entry, and its instant."""
        at = self.dating.item_instant(self.criteria, candidate, item)
        if self.due_at is None:
            return ON_TIME, at
        if at < self.due_at:
            return self._rank_on_time(candidate, item, candidate.claimed, self.due_at), at
        return min([(LATE, at), *self._grade_by_earlier_dates(candidate, item, self.due_at)])

    def _grade_by_earlier_dates(
        self, candidate: Candidate, item: HeldItem, due_at: datetime
    ) -> Iterator[tuple[int, datetime]]:
        """Yield the ranks and instants of a late item by the earlier claimed dates of its entry: a site may renew
        dates."""
        for claimed in candidate.earlier_dates:
            at = earliest_instant(claimed, self.dating.zone)
            if at < due_at and (self.since is None or moment_day(claimed, self.dating.zone) >= self.since):
                yield self._rank_on_time(candidate, item, claimed, due_at), at

    def _rank_on_time(self, candidate: Candidate, item: HeldItem, claimed: Moment | None, due_at: datetime) -> int:
        disputed = self.dating.is_disputed(self.criteria, candidate, item, due_at, self.since, claimed)
        return DISPUTED if disputed else ON_TIME

    def prove(self, candidates: Sequence[Candidate]) -> CellProof:
        """Return the best proof that the candidates give together."""
        contents, required = self.criteria.contents, self._required
        if not required:
            return self._pick_best(self._grade_all(candidates, None))
        if contents.mode == "kinds":
            grades = [grade for index in required for grade in self._grade_all(candidates, index)]
            return self._pick_best(grades, _alternatives_label(contents))
        if contents.mode == "each":
            return self._prove_each(candidates, required)
        return self._prove_together(candidates, required)

    def find_itemless(self, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """Return the readable entries that match and never held a required item; a person decides about them.

        Empty if an entry that lacks one item holds or held another.
        """
        required = self._required
        lacking_candidates = [
            candidate
            for candidate in candidates
            if any(candidate.assessment.held_items[index] is None for index in required)
        ]
        if any(self._has_held(candidate) for candidate in lacking_candidates):
            return ()
        return tuple(candidate for candidate in lacking_candidates if not candidate.assessment.is_unread)

    def may_hold(self, candidate: Candidate) -> bool:
        """Return whether an entry is unread, or holds or held a required item; true where no item is required."""
        return candidate.assessment.is_unread or not self._required or self._has_held(candidate)

    def _has_held(self, candidate: Candidate) -> bool:
        items = [self.criteria.contents.items[index] for index in self._required]
        return any(holds_item(version, item) for version in candidate.entry.versions for item in items)

    @property
    def _required(self) -> list[int]:
        return [index for index, item in enumerate(self.criteria.contents.items) if not item.advisory]

    def _grade_all(self, candidates: Sequence[Candidate], index: int | None) -> list[tuple[int, datetime, Candidate]]:
        if index is None:
            return [(*self.grade_item(candidate, _WHOLE_ENTRY), candidate) for candidate in candidates]
        return [
            (*self.grade_item(candidate, item), candidate)
            for candidate in candidates
            if (item := candidate.assessment.held_items[index]) is not None
        ]

    def _pick_best(
        self, grades: list[tuple[int, datetime, Candidate]], missing_items: tuple[str, ...] = ()
    ) -> CellProof:
        if not grades:
            return CellProof(missing_items=missing_items)
        rank, at, candidate = min(grades, key=lambda grade: (grade[0], grade[1], grade[2].order))
        return CellProof(rank, at, (candidate,))

    def _prove_together(self, candidates: Sequence[Candidate], required: list[int]) -> CellProof:
        labels = [self.criteria.contents.items[index].label for index in required]
        proofs = [
            self._pick_best(self._grade_all(candidates, index), (label,))
            for index, label in zip(required, labels, strict=True)
        ]
        return _join_proofs(proofs)

    def _prove_each(self, candidates: Sequence[Candidate], required: list[int]) -> CellProof:
        proofs = [self._prove_together([candidate], required) for candidate in candidates]
        lacking = [proof for proof in proofs if not proof.holds]
        if lacking or not proofs:
            labels = [self.criteria.contents.items[index].label for index in required]
            missing_items = {label for proof in lacking for label in proof.missing_items} if lacking else set(labels)
            return CellProof(missing_items=tuple(label for label in labels if label in missing_items))
        best = min(proofs, key=lambda proof: (proof.rank, proof.at, proof.candidates[0].order))
        return replace(best, candidates=tuple(candidates))


def _join_proofs(proofs: Sequence[CellProof]) -> CellProof:
    """Return the proof of all items together: its rank is the worst of theirs, its instant the latest."""
    missing_items = tuple(label for proof in proofs for label in proof.missing_items)
    instants = [proof.at for proof in proofs if proof.at is not None]
    by_order = {candidate.order: candidate for proof in proofs for candidate in proof.candidates}
    candidates = tuple(by_order[order] for order in sorted(by_order))
    if missing_items or not instants:
        return CellProof(candidates=candidates, missing_items=missing_items)
    return CellProof(max(proof.rank for proof in proofs), max(instants), candidates)


def _alternatives_label(contents: Contents) -> tuple[str, ...]:
    return ("、".join(item.label for item in contents.items if not item.advisory) + "之一",)


#: No entry proves anything.
UNPROVED = CellProof()
