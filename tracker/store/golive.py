"""Whether a county is live, as its acts on record leave it."""

from __future__ import annotations

from tracker.core.assessment.golive import GOLIVE, UNGOLIVE, apply_live_spans, build_live_spans, live_since_start
from tracker.core.law.county import County, GoLive
from tracker.store.engine import Tx
from tracker.store.notices import has_told_departments
from tracker.store.papers import rulings_of

_TOLD_BEFORE = "此前已向部门发出通知"


def golive_of(tx: Tx, county: County) -> GoLive | None:
    """The act by which the county is live; None while everything goes to its office alone."""
    spans = _spans(tx, county)
    return spans[-1] if spans and spans[-1].until is None else None


def with_golive(tx: Tx, county: County) -> County:
    """The county, live where and when its acts make it so; as it is given where there is none."""
    spans = _spans(tx, county)
    return apply_live_spans(county, spans) if spans is not None else county


def _spans(tx: Tx, county: County) -> tuple[GoLive, ...] | None:
    """The times for which the county was live; None where nothing is on record.

    A county that wrote to its departments before there was such an act counts as live from its start.
    """
    rulings = rulings_of(tx, county.id, (GOLIVE, UNGOLIVE))
    if rulings:
        return build_live_spans(rulings, county.zone)
    return (live_since_start(county, _TOLD_BEFORE),) if has_told_departments(tx, county.id) else None
