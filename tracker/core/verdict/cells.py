"""State of one cell at `now`: proved, open, missing or unseen.

Past its deadline an unproved cell is missing only if a complete visit that began after the deadline did not find its
publication, or if no filing was made. Otherwise it is unseen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tracker.core.law.county import SiteColumn
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.case_context import CaseContext
from tracker.core.matching.cell_evidence import CellEvidence
from tracker.core.matching.proof import DISPUTED
from tracker.core.values.certificate import FIRST_SIGHT
from tracker.core.values.facts import Visit
from tracker.core.values.verdicts import CellState, CellVerdict
from tracker.core.verdict import status_text as text

_FILED = ("filing", "record")


@dataclass(frozen=True, slots=True)
class CellSight:
    """The complete visits of the cell's columns.

    `oldest_visit`: the oldest of the last visits of each column, None where a column has none. `unseen_columns`: titles
    of the columns without a complete visit since `due_at`; `to_confirm`: of these, the ones whose list was read since
    and waits for a person to say that it is the column's, or that its one page is all. `seen_at`: when each of the
    others had been visited since.
    """

    oldest_visit: Visit | None
    unseen_columns: tuple[str, ...] = ()
    to_confirm: tuple[str, ...] = ()
    seen_at: datetime | None = None


def find_sight(context: CaseContext, occurrence: Occurrence, evidence: CellEvidence) -> CellSight:
    """Return the last complete visits to the columns in which the proof may be found."""
    visits: list[Visit | None] = []
    unseen_columns: list[str] = []
    to_confirm: list[str] = []
    first_ends: list[datetime] = []
    for source in evidence.cell.sources:
        if source.kind in _FILED:
            continue
        if not source.columns:
            visits.append(None)
            unseen_columns.append(context.county.channels.get(source.channel, source.channel))
        for key in source.columns:
            column = context.county.columns.get(key)
            visit = context.visits.last_complete(column, evidence.counts_from) if column else None
            visits.append(visit)
            if column and occurrence.due_at is not None:
                first = context.visits.first_complete(column, evidence.counts_from, occurrence.due_at)
                first_ends += [first.ended_at] if first else []
            if visit is None or (occurrence.due_at is not None and visit.began_at < occurrence.due_at):
                unseen_columns.append(column.title or column.name if column else key)
                if column and _waits_for_person(context, column, occurrence):
                    to_confirm.append(unseen_columns[-1])
    found_visits = [visit for visit in visits if visit is not None]
    oldest = min(found_visits, key=lambda visit: (visit.began_at, visit.ended_at, visit.column), default=None)
    return CellSight(
        oldest if len(found_visits) == len(visits) else None,
        tuple(dict.fromkeys(unseen_columns)),
        tuple(dict.fromkeys(to_confirm)),
        max(first_ends, default=None),
    )


def _waits_for_person(context: CaseContext, column: SiteColumn, occurrence: Occurrence) -> bool:
    """Return whether a list read since the deadline waits for a person: who says that it is the column's, or that its
    one page is all."""
    if column.kind == "page" or occurrence.due_at is None:
        return False
    visit = context.visits.first_read_since(column, occurrence.due_at)
    if visit is None or visit.reached == "end":
        return False
    return visit.pages == 1 or FIRST_SIGHT in visit.note


def _was_seen_in_time(context: CaseContext, occurrence: Occurrence, evidence: CellEvidence) -> bool:
    """Return whether all entries that prove the cell were seen before it was due, so that only items came later."""
    due_at, entries = occurrence.due_at, [candidate.entry for candidate in evidence.proof.candidates]
    return due_at is not None and all(context.entries.first_seen(entry) < due_at for entry in entries)


def cell_verdict(
    context: CaseContext, occurrence: Occurrence, evidence: CellEvidence, now: datetime
) -> tuple[CellVerdict, Visit | None]:
    """Return the state of the cell with its reason, and for a missing one the oldest visit that shows it."""
    proof, name, part = evidence.proof, evidence.cell.name, evidence.cell.part
    filed_only = all(source.kind in _FILED for source in evidence.cell.sources)
    if proof.holds:
        reason, disputed = text.proved_cell(context, evidence), proof.rank == DISPUTED
        verdict = CellVerdict(
            name, part, "proved", reason, proof.at, disputed=disputed, filed_only=filed_only, by=evidence.proof_text
        )
        return replace(verdict, late_item=disputed and _was_seen_in_time(context, occurrence, evidence)), None
    past_due = occurrence.due_at is not None and now >= occurrence.due_at
    sight = find_sight(context, occurrence, evidence) if past_due else CellSight(None)  # no visit matters before that
    verdict = CellVerdict(
        cell=name,
        part=part,
        state="open",
        reason="",
        published=evidence.published or bool(evidence.taken_down),
        missing_items=proof.missing_items,
        sighted_at=sight.oldest_visit.ended_at if sight.oldest_visit else None,
        filed_only=filed_only,
        gone=bool(evidence.taken_down),
        awaits="；".join(dict.fromkeys(evidence.open_questions[:1])),
    )
    if evidence.taken_down and not (past_due and (evidence.open_questions or evidence.unread)):
        # Its own address was requested and denied it, so it is missing whatever the list shows; but not while an entry
        # that may replace it awaits a person or could not be read.
        state: CellState = "missing" if past_due else "open"
        return replace(verdict, state=state, reason=text.taken_down_cell(context, evidence)), sight.oldest_visit
    if not past_due:
        return replace(verdict, reason=text.open_cell(context, evidence)), None
    if evidence.open_questions or evidence.unread or sight.unseen_columns:
        reason = text.unseen_cell(context, evidence, sight.unseen_columns, sight.to_confirm)
        return replace(verdict, state="unseen", reason=reason), None
    reason = text.missing_cell(context, evidence, sight.seen_at)
    return replace(verdict, state="missing", reason=reason), sight.oldest_visit
