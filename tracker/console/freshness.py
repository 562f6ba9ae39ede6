"""Says as of when the pages speak, and when the site was last read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker.store.engine import Store
from tracker.store.jobs import MISSED, find_last_runs


@dataclass(frozen=True, slots=True)
class Freshness:
    """When was decided and when the site was read last; None: never. `late`: what did not happen in time."""

    decided_at: datetime | None
    read_at: datetime | None
    late: tuple[str, ...]


def read_freshness(store: Store, now: datetime) -> Freshness:
    with store.read() as tx:
        ends = {job: run.ended_at for job, run in find_last_runs(tx, ("tick", "crawl"), now).items()}
    late = tuple(job for job in ("tick", "crawl") if job not in ends or now - ends[job] > MISSED)
    return Freshness(ends.get("tick"), ends.get("crawl"), late)
