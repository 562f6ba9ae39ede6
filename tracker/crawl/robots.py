"""Stores each origin's robots.txt for a day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from tracker.evidence.fetch.robots import Said
from tracker.store import site
from tracker.store.engine import Store
from tracker.store.threads import run_read, run_write


@dataclass(frozen=True, slots=True)
class RobotsShelf:
    """See `tracker.evidence.fetch.robots.Shelf`; one a pass."""

    store: Store
    county: str

    async def kept(self, origin: str) -> Said | None:
        """What an origin said last; None where it was never asked, or that is no longer held."""
        url = _url(origin)
        row = await run_read(self.store, lambda tx: site.kept_pages(tx, self.county, [url]).get(url))
        if row is None or "robots" not in row.parsed:
            return None
        return Said(row.parsed["robots"], row.read_at)

    async def keep(self, origin: str, said: Said) -> None:
        """Hold what an origin says now."""
        digest = hashlib.sha256((said.text or "").encode()).hexdigest()
        row = site.PageRow(_url(origin), "", "", digest, {"robots": said.text}, said.at)
        await run_write(self.store, lambda tx: site.keep_pages(tx, self.county, [row]))


def _url(origin: str) -> str:
    return f"{origin}/robots.txt"
