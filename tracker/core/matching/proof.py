"""Says whether entries together prove a cell, from when on, and whether that instant is disputed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.core.law.counting import moment_day
from tracker.core.law.duties import Contents, SiteColumn
from tracker.core.law.notice_fields import day_zh
from tracker.core.matching.candidates import Assessment, CellCriteria, begins, is_over
from tracker.core.matching.contents import HeldItem, holds
from tracker.core.matching.entry_index import EntryIndex
from tracker.core.matching.republished import claimed_before
from tracker.core.matching.visit_index import VisitIndex
from tracker.core.values.facts import Entry, Moment

#: How good a proof is: on time; on time but disputed; late. The first is taken.
ON_TIME, DISPUTED, LATE = 0, 1, 2
_WHOLE = HeldItem()
_MOST_OF_A_YEAR = timedelta(days=300)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """An entry that may prove a cell. `at`: the instant of proof, on `day`; `claimed`: its own date; `before`: the
    earlier dates that the site gave for it.

    `doubt`: the day by which it was seen, and why its own date, long before, cannot be right (Chinese).
    `issue`: it is one of several that stood at its address, see `issues`.
    """

    entry: Entry
    assessment: Assessment
    at: datetime
    day: date
    claimed: Moment | None
    doubt: tuple[date, str] | None = None
    issue: bool = False
    before: tuple[Moment, ...] = ()
    order: tuple[datetime, str, str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", (self.at, self.entry.url, self.entry.column, self.entry.id))

    @property
    def counts(self) -> bool:
        return not self.assessment.refusal and not self.assessment.unattributed


@dataclass(frozen=True, slots=True)
class CellProof:
    """The best proof there is, or what is lacking. `carriers`: the entries it rests on."""

    rank: int = ON_TIME
    at: datetime | None = None
    carriers: tuple[Candidate, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.at is not None


class PublicationDating:
    """When things came out, as the site bears it out: the county's zone, the visits, the copies of an entry."""

    def __init__(self, sight: VisitIndex, zone: ZoneInfo, entries: EntryIndex) -> None:
        self.sight = sight
        self.zone = zone
        self.first_seen = entries.first_seen

    def candidate(self, criteria: CellCriteria, entry: Entry, assessment: Assessment) -> Candidate:
        """The instant of proof is the claimed one, at latest the first sighting."""
        claimed = entry.claimed
        if claimed is None:
            at = self._before(criteria.columns.get(entry.column), entry.first_seen_at)
        else:
            at = min(begins(claimed, self.zone), entry.first_seen_at)
        doubt, before = self._doubt(criteria, entry), self._before_now(entry) if len(entry.versions) > 1 else ()
        return Candidate(entry, assessment, at, moment_day(at, self.zone), claimed, doubt, before=before)

    def _before_now(self, entry: Entry) -> tuple[Moment, ...]:
        """The dates before the present one that the site gave for what the entry says."""
        now = None if entry.claimed is None else begins(entry.claimed, self.zone)
        return tuple(date for date in claimed_before(entry) if now is None or begins(date, self.zone) < now)

    def _doubt(self, criteria: CellCriteria, entry: Entry) -> tuple[date, str] | None:
        """A date most of a year before the first sighting, that a look at all since then did not bear out: a slip of
        the year, as often as an old paper put up late."""
        if entry.claimed is None:
            return None
        seen, claimed = self.first_seen(entry), moment_day(entry.claimed, self.zone)
        column = criteria.columns.get(entry.column)
        if column is None or column.kind == "page" or moment_day(seen, self.zone) - claimed < _MOST_OF_A_YEAR:
            return None
        lacked = self.sight.lacking(column, claimed, seen)
        if lacked is None:
            return None
        said, looked = day_zh(claimed), day_zh(moment_day(lacked.began_at, self.zone))
        first = day_zh(moment_day(seen, self.zone))
        return moment_day(seen, self.zone), (
            f"标注{said}，但{looked}的完整检查中没有，{first}首次看到，年份可能有误，待县政府办公室认定公开日期"
        )

    def _before(self, column: SiteColumn | None, seen: datetime) -> datetime:
        """What bears no date has the last complete visit that lacked it, else its first sighting."""
        lacked = self.sight.lacking(column, moment_day(seen, self.zone), seen) if column else None
        return lacked.began_at if lacked else seen

    def instant(self, criteria: CellCriteria, candidate: Candidate, item: HeldItem) -> datetime:
        """The instant of an item: the entry's, unless the entry is undated and held it only later."""
        if candidate.claimed is None and item.since is not None:
            return self._before(criteria.columns.get(candidate.entry.column), item.since)
        return candidate.at

    def disputed(
        self,
        criteria: CellCriteria,
        candidate: Candidate,
        item: HeldItem,
        due_at: datetime,
        since: date | None,
        claimed: Moment | None,
    ) -> bool:
        """On time by a date that it bears or bore, first seen when it was late, and a look in between lacked it."""
        if claimed is None:
            return False
        seen = item.since or (
            candidate.entry.first_seen_at if candidate.issue else self.first_seen(candidate.entry, claimed)
        )
        if seen < due_at:
            return False
        over = is_over(claimed, self.zone)
        if item.lacked_at is not None and item.lacked_at >= over:
            return True
        column = criteria.columns.get(candidate.entry.column)
        lacked = self.sight.lacking(column, since, seen) if column else None
        return lacked is not None and lacked.began_at >= over


@dataclass(frozen=True, slots=True)
class Requirement:
    """What has to be proved, and against which instant."""

    dating: PublicationDating
    criteria: CellCriteria
    due_at: datetime | None
    since: date | None  # the earliest day from which an entry may count, None: any age

    def grade(self, candidate: Candidate, item: HeldItem) -> tuple[int, datetime]:
        """How good an item of an entry is, and its instant."""
        at = self.dating.instant(self.criteria, candidate, item)
        if self.due_at is None:
            return ON_TIME, at
        if at < self.due_at:
            return self._rank(candidate, item, candidate.claimed, self.due_at), at
        return min([(LATE, at), *self._by_earlier_dates(candidate, item, self.due_at)])

    def _by_earlier_dates(
        self, candidate: Candidate, item: HeldItem, due_at: datetime
    ) -> Iterator[tuple[int, datetime]]:
        """The grades of what is late by its date, by the dates before that: a site may renew them."""
        for claimed in candidate.before:
            at = begins(claimed, self.dating.zone)
            if at < due_at and (self.since is None or moment_day(claimed, self.dating.zone) >= self.since):
                yield self._rank(candidate, item, claimed, due_at), at

    def _rank(self, candidate: Candidate, item: HeldItem, claimed: Moment | None, due_at: datetime) -> int:
        disputed = self.dating.disputed(self.criteria, candidate, item, due_at, self.since, claimed)
        return DISPUTED if disputed else ON_TIME

    def prove(self, pool: Sequence[Candidate]) -> CellProof:
        """The best proof that the entries of a pool give together."""
        contents, required = self.criteria.contents, self._required
        if not required:
            return self._best(self._graded(pool, None))
        if contents.mode == "kinds":
            found = [grade for index in required for grade in self._graded(pool, index)]
            return self._best(found, _either(contents))
        if contents.mode == "each":
            return self._each(pool, required)
        return self._together(pool, required)

    def without_items(self, pool: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """The entries that match, were read and never held a required item; none where an entry that lacks one item
        holds or held another. Whether they are what was asked for, a person decides."""
        required = self._required
        short = [candidate for candidate in pool if any(candidate.assessment.held[index] is None for index in required)]
        if any(self._has_held(candidate) for candidate in short):
            return ()
        return tuple(candidate for candidate in short if not candidate.assessment.unread)

    def may_hold(self, candidate: Candidate) -> bool:
        """Whether an entry holds, or held before, one of the required items, or was not read; true where none is."""
        return candidate.assessment.unread or not self._required or self._has_held(candidate)

    def _has_held(self, candidate: Candidate) -> bool:
        items = [self.criteria.contents.items[index] for index in self._required]
        return any(holds(version, item) for version in candidate.entry.versions for item in items)

    @property
    def _required(self) -> list[int]:
        return [index for index, item in enumerate(self.criteria.contents.items) if not item.advisory]

    def _graded(self, pool: Sequence[Candidate], index: int | None) -> list[tuple[int, datetime, Candidate]]:
        if index is None:
            return [(*self.grade(candidate, _WHOLE), candidate) for candidate in pool]
        return [
            (*self.grade(candidate, item), candidate)
            for candidate in pool
            if (item := candidate.assessment.held[index]) is not None
        ]

    def _best(self, found: list[tuple[int, datetime, Candidate]], lacking: tuple[str, ...] = ()) -> CellProof:
        if not found:
            return CellProof(lacking=lacking)
        rank, at, candidate = min(found, key=lambda grade: (grade[0], grade[1], grade[2].order))
        return CellProof(rank, at, (candidate,))

    def _together(self, pool: Sequence[Candidate], required: list[int]) -> CellProof:
        labels = [self.criteria.contents.items[index].label for index in required]
        proofs = [
            self._best(self._graded(pool, index), (label,)) for index, label in zip(required, labels, strict=True)
        ]
        return _joined(proofs)

    def _each(self, pool: Sequence[Candidate], required: list[int]) -> CellProof:
        proofs = [self._together([candidate], required) for candidate in pool]
        short = [proof for proof in proofs if not proof.holds]
        if short or not proofs:
            labels = [self.criteria.contents.items[index].label for index in required]
            lacking = {label for proof in short for label in proof.lacking} if short else set(labels)
            return CellProof(lacking=tuple(label for label in labels if label in lacking))
        best = min(proofs, key=lambda proof: (proof.rank, proof.at, proof.carriers[0].order))
        return replace(best, carriers=tuple(pool))


def _joined(proofs: Sequence[CellProof]) -> CellProof:
    """All of several proofs: as good as the worst of them, from the latest instant on."""
    lacking = tuple(label for proof in proofs for label in proof.lacking)
    instants = [proof.at for proof in proofs if proof.at is not None]
    carriers = {carrier.order: carrier for proof in proofs for carrier in proof.carriers}
    candidates = tuple(carriers[order] for order in sorted(carriers))
    if lacking or not instants:
        return CellProof(carriers=candidates, lacking=lacking)
    return CellProof(max(proof.rank for proof in proofs), max(instants), candidates)


def _either(contents: Contents) -> tuple[str, ...]:
    return ("、".join(item.label for item in contents.items if not item.advisory) + "之一",)


#: No entry proves anything.
UNPROVED = CellProof()
