"""The small county without a site: its visits and entries are written into the tables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tests.decide.small_county import COUNTY, SCHEDULE, at, write_rules
from tests.live_county import all_live
from tracker.core.law.county import Rulebook
from tracker.decide.recheck import find_differences
from tracker.decide.run import tick
from tracker.registers.adoptions import load_rules_in_force
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import next_seq
from tracker.store.engine import Store, Tx
from tracker.store.tables import entries, entry_versions, visits

START = at("2015-07-01")


def load_rules(root: Path, pack: str, schedule: str = SCHEDULE) -> Loaded:
    """The rules of the county with this pack, written to a folder and loaded."""
    write_rules(root, pack=pack, county=COUNTY, schedule=schedule)
    return all_live(load(root, {**os.environ, "SMALL_SITE": "http://127.0.0.1:9/"}))


class TableCounty:
    def __init__(self, loaded: Loaded, url: str) -> None:
        self.loaded, self.now = loaded, START
        self.store = Store(url, durable=False)
        self.store.open()
        self.count = 0

    @property
    def rulebook(self) -> Rulebook:
        return self.loaded.rulebooks[0]

    def tick(self) -> None:
        tick(self.store, self.loaded, self.now)

    def differences(self) -> dict[str, str]:
        """What deciding everything anew would change."""
        with self.store.read() as tx:
            return find_differences(tx, self.loaded, load_rules_in_force(tx, self.loaded, self.rulebook), self.now)

    def write_visit(self, tx: Tx, column: str, reached: str = "end", outcome: str = "read") -> None:
        row = {
            "county": "small", "seq": next_seq(tx, "small"), "column": f"county-site/{column}", "began_at": self.now,
            "ended_at": self.now, "outcome": outcome, "reached": reached if outcome == "read" else "", "pages": 1,
            "entries": 1,
        }  # fmt: skip
        tx.execute(visits.insert(), row)

    def write_entry(self, tx: Tx, column: str, **values: Any) -> int:
        """Write a new entry without a version. Return its ID."""
        self.count += 1
        row = {
            "county": "small", "seq": next_seq(tx, "small"), "column": f"county-site/{column}",
            "url": f"http://127.0.0.1:9/{column}/{self.count}.html", "first_seen_at": self.now,
            "last_seen_at": self.now, **values,
        }  # fmt: skip
        return int(tx.execute(entries.insert().values(row).returning(entries.c.id)).scalar_one())

    def write_version(
        self, tx: Tx, entry: int, title: str, text: str | None, claimed: Any, number: int = 1, **values: Any
    ) -> None:
        version = {
            "entry": entry, "number": number, "seen_at": self.now, "title": title, "text": text, "claimed": claimed,
            "state": "unread" if text is None else "read", "attachments": [], **values,
        }  # fmt: skip
        tx.execute(entry_versions.insert(), version)
