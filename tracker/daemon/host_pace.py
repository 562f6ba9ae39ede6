"""Keeps one pace at a host for the workers of all machines, by turns that the database keeps."""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import dataclass

from tracker.rulebook.schedule import Crawl
from tracker.store.engine import Store, is_unavailable
from tracker.store.host_turns import leave_turn, take_turn
from tracker.store.threads import run_write

log = logging.getLogger(__name__)

#: Seconds, at most, between two looks at a host that is taken, and until a database that is away is asked again.
_LOOK, _AGAIN = 0.2, 2.0
#: So often in a row the database may be away while a crawl waits; then the crawl fails.
_PATIENCE = 30


@dataclass(frozen=True, slots=True)
class SharedPace:
    """`longest`: seconds that a request may take; a turn whose worker died ends after them."""

    store: Store
    longest: float

    async def take(self, host: str) -> str:
        """Wait for the turn at the host; its name."""
        name, failures = uuid.uuid4().hex, 0
        while True:
            try:
                wait = await run_write(self.store, lambda tx: take_turn(tx, host, name, self.longest))
            except Exception as error:
                failures += 1
                if failures > _PATIENCE or not is_unavailable(error):
                    raise
                wait = _AGAIN
            if not wait:
                return name
            await asyncio.sleep(min(wait, _LOOK))

    async def leave(self, host: str, turn: str, pause: float) -> None:
        """End the turn, unless it has passed to somebody else by now."""
        try:
            await run_write(self.store, lambda tx: leave_turn(tx, host, turn, max(0.0, pause)))
        except Exception as error:  # the turn ends by itself
            if not is_unavailable(error):
                raise
            log.warning("the turn at %s ends by itself: %s", host, error, extra={"action": "crawl"})


def longest_request(settings: Crawl) -> float:
    """Seconds that one request may take, with its pause: twice what the schedule allows the slowest."""
    return 2 * max(settings.timeout, settings.file_timeout, settings.delay).total_seconds()
