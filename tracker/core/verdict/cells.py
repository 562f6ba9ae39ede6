"""State of one cell at `now`: proved, open, missing or unseen.

Missing is only what a complete visit, begun when it was already late, did lack, or what nobody
filed; all else that is not proved is unseen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.cell_evidence import CaseContext, CellEvidence
from tracker.core.matching.proof import DISPUTED
from tracker.core.values.facts import Visit
from tracker.core.values.verdicts import CellState, CellVerdict
from tracker.core.verdict import status_text as text

_FILED = ("filing", "record")


@dataclass(frozen=True, slots=True)
class Sighted:
    """How far the cell's columns were looked at. `visit`: the one that looked longest ago, None where
    a column has no complete visit; `blind`: the titles of the columns without one since `due_at`."""

    visit: Visit | None
    blind: tuple[str, ...] = ()


def sighted(context: CaseContext, occurrence: Occurrence, weight: CellEvidence) -> Sighted:
    """The last complete visits to every column the proof may lie in."""
    visits: list[Visit | None] = []
    blind: list[str] = []
    for source in weight.cell.sources:
        if source.kind in _FILED:
            continue
        if not source.columns:
            visits.append(None)
            blind.append(source.channel)
        for key in source.columns:
            column = context.county.columns.get(key)
            visit = context.dating.sight.last(column, weight.since) if column else None
            visits.append(visit)
            if visit is None or (occurrence.due_at is not None and visit.began_at < occurrence.due_at):
                blind.append(column.title or column.name if column else key)
    known = [visit for visit in visits if visit is not None]
    oldest = min(known, key=lambda one: (one.began_at, one.ended_at, one.column), default=None)
    return Sighted(oldest if len(known) == len(visits) else None, tuple(dict.fromkeys(blind)))


def _seen_in_time(context: CaseContext, occurrence: Occurrence, weight: CellEvidence) -> bool:
    """Whether all that proves it was there before it was due: only what it says came later."""
    due_at, entries = occurrence.due_at, [carrier.entry for carrier in weight.proof.carriers]
    return due_at is not None and all(context.dating.first_seen(entry) < due_at for entry in entries)


def cell_verdict(
    context: CaseContext, occurrence: Occurrence, weight: CellEvidence, now: datetime
) -> tuple[CellVerdict, Visit | None]:
    """The cell's state and why, and the visit that bears on it where something is missing."""
    proof, name, part = weight.proof, weight.cell.name, weight.cell.part
    filed_only = all(source.kind in _FILED for source in weight.cell.sources)
    if proof.holds:
        reason, disputed = text.cell_proved(context, weight), proof.rank == DISPUTED
        verdict = CellVerdict(
            name, part, "proved", reason, proof.at, disputed=disputed, filed_only=filed_only, by=weight.by
        )
        return replace(verdict, added=disputed and _seen_in_time(context, occurrence, weight)), None
    past_due = occurrence.due_at is not None and now >= occurrence.due_at
    sight = sighted(context, occurrence, weight) if past_due else Sighted(None)  # before, nothing rests on it
    verdict = CellVerdict(
        cell=name,
        part=part,
        state="open",
        reason="",
        published=weight.published or bool(weight.gone),
        missing_items=proof.lacking,
        sighted_at=sight.visit.ended_at if sight.visit else None,
        filed_only=filed_only,
        gone=bool(weight.gone),
        awaits="；".join(dict.fromkeys(weight.waits[:1])),
    )
    if weight.gone and not (past_due and weight.waits):
        # Its own address was asked and said no: that is a look, whatever became of the list. Not while what may stand
        # in its place awaits a person.
        state: CellState = "missing" if past_due else "open"
        return replace(verdict, state=state, reason=text.cell_gone(context, weight)), sight.visit
    if not past_due:
        return replace(verdict, reason=text.cell_open(context, weight)), None
    if weight.waits or weight.unread or sight.blind:
        return replace(verdict, state="unseen", reason=text.cell_unseen(context, weight, sight.blind)), None
    return replace(verdict, state="missing", reason=text.cell_missing(context, weight)), sight.visit
