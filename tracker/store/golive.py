"""Whether a county is live, as its acts on record leave it."""

from __future__ import annotations

from dataclasses import replace

from tracker.core.duties import County, GoLive
from tracker.core.golive import GOLIVE, UNGOLIVE, live_since_start, standing_golive
from tracker.store.engine import Tx
from tracker.store.notices import has_told_departments
from tracker.store.papers import rulings_of

_TOLD_BEFORE = "此前已向部门发出通知"


async def golive_of(tx: Tx, county: County) -> GoLive | None:
    """The act by which the county is live; None while everything goes to its office alone.

    A county that wrote to its departments before there was such an act counts as live from its start.
    """
    rulings = await rulings_of(tx, county.id, (GOLIVE, UNGOLIVE))
    if rulings:
        return standing_golive(rulings, county.zone)
    return live_since_start(county, _TOLD_BEFORE) if await has_told_departments(tx, county.id) else None


async def with_golive(tx: Tx, county: County) -> County:
    """The county, live where its acts make it so."""
    live = await golive_of(tx, county)
    return replace(county, golive=live) if live is not None else county
