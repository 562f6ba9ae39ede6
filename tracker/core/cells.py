"""The state of one cell at `now`: proved, still open, missing or unseen.

Missing is only what a complete visit, begun when it was already late, did lack, or what nobody
filed; all else that is not proved is unseen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tracker.core import status_text as text
from tracker.core.facts import Visit
from tracker.core.occurrences import Occurrence
from tracker.core.proof import DISPUTED
from tracker.core.verdicts import CellVerdict
from tracker.core.weights import Desk, Weight

_FILED = ("filing", "record")


@dataclass(frozen=True, slots=True)
class Sighted:
    """How far the cell's columns were looked at. `visit`: the one that looked longest ago, None where
    a column has no complete visit; `blind`: the titles of the columns without one since `due_at`."""

    visit: Visit | None
    blind: tuple[str, ...] = ()


def sighted(desk: Desk, occurrence: Occurrence, weight: Weight) -> Sighted:
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
            column = desk.county.columns.get(key)
            visit = desk.bench.sight.last(column, weight.since) if column else None
            visits.append(visit)
            if visit is None or (occurrence.due_at is not None and visit.began_at < occurrence.due_at):
                blind.append(column.title or column.name if column else key)
    known = [visit for visit in visits if visit is not None]
    oldest = min(known, key=lambda one: (one.began_at, one.ended_at, one.column), default=None)
    return Sighted(oldest if len(known) == len(visits) else None, tuple(dict.fromkeys(blind)))


def cell_verdict(desk: Desk, occurrence: Occurrence, weight: Weight, now: datetime) -> tuple[CellVerdict, Visit | None]:
    """The cell's state and why, and the visit that bears on it where something is missing."""
    proof, sources = weight.proof, weight.cell.sources
    filed_only = all(source.kind in _FILED for source in sources)
    verdict = CellVerdict(
        cell=weight.cell.name,
        part=weight.cell.part,
        state="open",
        reason="",
        published=weight.published,
        missing_items=proof.lacking,
        filed_only=filed_only,
    )
    if proof.holds:
        reason = text.cell_proved(desk, weight)
        disputed = proof.rank == DISPUTED
        return replace(verdict, state="proved", reason=reason, at=proof.at, disputed=disputed, missing_items=()), None
    sight = sighted(desk, occurrence, weight)
    seen = replace(verdict, sighted_at=sight.visit.ended_at if sight.visit else None)
    if weight.gone:
        # Its own address was asked and said no: that is a look, whatever became of the list.
        past = occurrence.due_at is not None and now >= occurrence.due_at
        gone = replace(seen, reason=text.cell_gone(desk, weight), gone=True, published=True)
        return replace(gone, state="missing" if past else "open"), sight.visit
    if occurrence.due_at is None or now < occurrence.due_at:
        return replace(seen, reason=text.cell_open(desk, weight)), None
    if weight.waits or weight.unread or sight.blind:
        return replace(seen, state="unseen", reason=text.cell_unseen(desk, weight, sight.blind)), None
    return replace(seen, state="missing", reason=text.cell_missing(desk, weight)), sight.visit
