"""Runs one action county by county: what fails in one is recorded as that county's fault, and the others go on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from tracker.store.counties import ensure_county
from tracker.store.engine import Store, Tx, is_unavailable
from tracker.store.faults import clear_fault, list_faulty_counties, record_fault

log = logging.getLogger(__name__)

#: The subject of a fault that is about a county as a whole.
COUNTY = "county"


class CountyPasses:
    """The passes of one action. A database that fails ends them all."""

    def __init__(self, store: Store, action: str) -> None:
        self._store = store
        self._action = action
        self._done: list[str] = []
        self._faulty: frozenset[str] | None = None
        self.failed: dict[str, Exception] = {}

    def look(self, tx: Tx) -> None:
        """See which counties failed the last time, where a transaction reads in any case."""
        self._faulty = list_faulty_counties(tx, COUNTY, self._action)

    @contextmanager
    def of(self, county: str) -> Iterator[None]:
        """The pass of one county; an exception in it is logged and ends it alone."""
        try:
            yield
        except Exception as error:
            if is_unavailable(error):
                raise
            log.exception("%s: the pass failed", county, extra={"action": self._action})
            self.failed[county] = error
        else:
            self._done.append(county)

    def finish(self, now: datetime) -> None:
        """Record the faults, and clear those of counties that work again. Where every county failed, raises the first
        error: then it is no county's."""
        if self._faulty is None:
            with self._store.read() as tx:
                self.look(tx)
        mended = set(self._faulty or ()).intersection(self._done)
        if self.failed or mended:
            with self._store.begin() as tx:
                for county, error in self.failed.items():
                    ensure_county(tx, county)
                    record_fault(tx, county, COUNTY, self._action, repr(error)[:500], now)
                for county in mended:
                    clear_fault(tx, county, COUNTY, self._action, now)
        if self.failed and not self._done:
            raise next(iter(self.failed.values()))
