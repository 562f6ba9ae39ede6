"""Proves a cell with its entries: the instant of proof, its rank, and whether it is disputed.

A cell is one part of a duty at one place where it must be published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tracker.core.law.counting import earliest_instant, end_of_moment
from tracker.core.law.duties import Cell, Within
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.candidates import Candidate, date_without_claim
from tracker.core.matching.case_context import CaseContext
from tracker.core.matching.contents import HeldItem, holds_item
from tracker.core.matching.criteria import CellCriteria
from tracker.core.matching.title_pattern import uses_event
from tracker.core.values.facts import Moment, Ruling

#: Ranks of proof, best first: on time; on time but disputed; late.
ON_TIME, DISPUTED, LATE = 0, 1, 2

_Grade = tuple[int, datetime, Candidate]


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

    @property
    def gone_candidates(self) -> tuple[Candidate, ...]:
        """Its entries that were taken down, if it holds."""
        return tuple(candidate for candidate in self.candidates if candidate.entry.gone_at) if self.holds else ()


#: No entry proves anything.
UNPROVED = CellProof()


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """One cell of one occurrence: the criteria of the cell with the deadline of the occurrence.

    `counts_from`: the first day from which entries may count; None: any age. A complete visit reads the list back
    beyond that day; with None only a visit to the list's end is complete.
    """

    context: CaseContext
    criteria: CellCriteria
    occurrence: Occurrence
    counts_from: date | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts_from", self._first_countable_day())

    def _first_countable_day(self) -> date | None:
        occurrence = self.occurrence
        if occurrence.window is not None:
            return occurrence.window.first
        if occurrence.event is None or not isinstance(occurrence.deadline, Within):
            return None
        day = self.context.day(occurrence.event.occurred)
        is_named = any(uses_event(source) for source in self.cell.sources)
        return day - timedelta(days=occurrence.deadline.slack) if is_named else day

    @property
    def key(self) -> str:
        """The key of the occurrence."""
        return self.occurrence.key

    @property
    def cell(self) -> Cell:
        return self.criteria.cell

    @property
    def due_at(self) -> datetime | None:
        return self.occurrence.due_at

    @property
    def required_labels(self) -> list[str]:
        """The labels of the required items."""
        return [self.criteria.contents.items[index].label for index in self.criteria.required]

    def find_ruling(self, target: str) -> Ruling | None:
        """Return the acceptance or rejection of a URL or filing that is in force for the cell."""
        return self.context.filings.find_ruling(self.key, target, self.cell.part)

    def ruling_kind_on(self, candidate: Candidate) -> str:
        """Return `accept` or `reject` where a person has decided about the entry, else ""."""
        ruling = self.find_ruling(candidate.entry.url)
        return ruling.kind if ruling is not None else ""

    @property
    def has_acceptance(self) -> bool:
        """Whether a person accepted anything for the cell."""
        return any(self.context.filings.accepted_rulings(self.key, self.cell.part))

    def rank_at(self, at: datetime) -> int:
        """Return the rank of an undisputed proof from that instant."""
        return LATE if self.due_at is not None and at >= self.due_at else ON_TIME

    # -- one entry ---------------------------------------------------------------------------

    def grade_item(self, candidate: Candidate, item: HeldItem) -> tuple[int, datetime]:
        """Return the rank of an item of an entry, and its instant."""
        at = candidate.at
        if candidate.entry.claimed is None and item.held_since is not None:
            at = date_without_claim(self.context, self.criteria.columns.get(candidate.entry.column), item.held_since)
        if self.due_at is None:
            return ON_TIME, at
        if at < self.due_at:
            return self._rank_on_time(candidate, item, candidate.entry.claimed, self.due_at), at
        grades = [(LATE, at)]
        for claimed in candidate.earlier_dates:  # a site may renew dates
            at = earliest_instant(claimed, self.context.zone)
            if at < self.due_at and (self.counts_from is None or self.context.day(claimed) >= self.counts_from):
                grades.append((self._rank_on_time(candidate, item, claimed, self.due_at), at))
        return min(grades)

    def _rank_on_time(self, candidate: Candidate, item: HeldItem, claimed: Moment | None, due_at: datetime) -> int:
        """Return the rank of a claimed date that is on time.

        It is disputed if the item was first seen late, and a complete visit after the claimed date did not list it.
        """
        if claimed is None:
            return ON_TIME
        entry = candidate.entry
        first_seen_at = item.held_since or (
            entry.first_seen_at if candidate.is_edition else self.context.entries.first_seen(entry, claimed)
        )
        if first_seen_at < due_at:
            return ON_TIME
        claimed_end = end_of_moment(claimed, self.context.zone)
        if item.lacked_at is not None and item.lacked_at >= claimed_end:
            return DISPUTED
        column = self.criteria.columns.get(entry.column)
        lacking_visit = self.context.visits.last_lacking(column, self.counts_from, first_seen_at)
        return DISPUTED if lacking_visit is not None and lacking_visit.began_at >= claimed_end else ON_TIME

    def may_hold(self, candidate: Candidate) -> bool:
        """Return whether an entry is unread, or holds or held a required item; true where no item is required."""
        return candidate.assessment.is_unread or not self.criteria.required or self._has_held(candidate)

    def _has_held(self, candidate: Candidate) -> bool:
        items = [self.criteria.contents.items[index] for index in self.criteria.required]
        return any(holds_item(version, item) for version in candidate.entry.versions for item in items)

    # -- several entries ---------------------------------------------------------------------

    def find_itemless(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return the readable entries that match and never held a required item; a person decides about them.

        Empty if any entry that lacks a required item holds, or held, another required item.
        """
        lacking_candidates = [
            candidate
            for candidate in candidates
            if any(candidate.assessment.held_items[index] is None for index in self.criteria.required)
        ]
        if any(self._has_held(candidate) for candidate in lacking_candidates):
            return []
        return [candidate for candidate in lacking_candidates if not candidate.assessment.is_unread]

    def prove(self, candidates: Sequence[Candidate]) -> CellProof:
        """Return the best proof that the candidates give together.

        By `Contents.mode`: "kinds" asks for any one item, "each" for every item in every entry, "all" for every item
        in any of the entries.
        """
        mode = self.criteria.contents.mode
        if not self.criteria.required:
            return _pick_best((*self.grade_item(candidate, HeldItem()), candidate) for candidate in candidates)
        if mode == "kinds":
            grades = [grade for index in self.criteria.required for grade in self._grade_all(candidates, index)]
            return _pick_best(grades, "、".join(self.required_labels) + "之一")
        return self._prove_each(candidates) if mode == "each" else self._prove_together(candidates)

    def _grade_all(self, candidates: Iterable[Candidate], index: int) -> list[_Grade]:
        """Return the grades of an item in all entries that hold it."""
        return [
            (*self.grade_item(candidate, item), candidate)
            for candidate in candidates
            if (item := candidate.assessment.held_items[index]) is not None
        ]

    def _prove_together(self, candidates: Sequence[Candidate]) -> CellProof:
        """Return the proof of all items together: its rank is the worst of theirs, its instant the latest."""
        proofs = [
            _pick_best(self._grade_all(candidates, index), label)
            for index, label in zip(self.criteria.required, self.required_labels, strict=True)
        ]
        missing_items = tuple(label for proof in proofs for label in proof.missing_items)
        by_order = {candidate.order: candidate for proof in proofs for candidate in proof.candidates}
        proving_candidates = tuple(by_order[order] for order in sorted(by_order))
        if missing_items:
            return CellProof(candidates=proving_candidates, missing_items=missing_items)
        instants = [proof.at for proof in proofs if proof.at is not None]
        return CellProof(max(proof.rank for proof in proofs), max(instants), proving_candidates)

    def _prove_each(self, candidates: Sequence[Candidate]) -> CellProof:
        """Return the earliest proof by one entry, if every entry holds all items."""
        proofs = [self._prove_together([candidate]) for candidate in candidates]
        missing_items = {label for proof in proofs for label in proof.missing_items}
        if missing_items or not proofs:
            labels = self.required_labels
            return CellProof(missing_items=tuple(label for label in labels if label in missing_items or not proofs))
        best = min(proofs, key=lambda proof: (proof.rank, proof.at, proof.candidates[0].order))
        return replace(best, candidates=tuple(candidates))


def _pick_best(grades: Iterable[_Grade], missing_item: str = "") -> CellProof:
    """Return the proof by the best grade; without any, the proof that lacks the item."""
    best = min(grades, key=lambda grade: (grade[0], grade[1], grade[2].order), default=None)
    if best is None:
        return CellProof(missing_items=(missing_item,) if missing_item else ())
    rank, at, candidate = best
    return CellProof(rank, at, (candidate,))
