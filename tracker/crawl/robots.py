"""Stores each origin's robots.txt for a day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from tracker.evidence.fetch.robots import Said
from tracker.store import site
from tracker.store.engine import Store
from tracker.store.threads import run_read, run_write


@dataclass(frozen=True, slots=True)
class RobotsStore:
    """See `tracker.evidence.fetch.robots.Shelf`; one for each pass."""

    store: Store
    county: str

    async def kept(self, origin: str) -> Said | None:
        """Return an origin's last answer; None if it was never asked or the answer is no longer stored."""
        url = _url_of(origin)
        row = await run_read(self.store, lambda tx: site.load_listing_pages(tx, self.county, [url]).get(url))
        if row is None or "robots" not in row.parsed:
            return None
        return Said(row.parsed["robots"], row.read_at)

    async def keep(self, origin: str, said: Said) -> None:
        """Store an origin's answer."""
        digest = hashlib.sha256((said.text or "").encode()).hexdigest()
        row = site.PageRow(_url_of(origin), "", "", digest, {"robots": said.text}, said.at)
        await run_write(self.store, lambda tx: site.store_listing_pages(tx, self.county, [row]))


def _url_of(origin: str) -> str:
    return f"{origin}/robots.txt"
