"""A county without a site on which people and visits move: every move through the real registers, judged at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.decide.deciding import WHO
from tests.decide.small_county import COUNTY, SCHEDULE, at, write_rules
from tests.live_county import all_live
from tracker.core.law.county import Rulebook
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.facts import Filing, Ruling
from tracker.core.values.rulings import not_revoked
from tracker.core.values.verdicts import Verdict
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.decide.judge import judge_group
from tracker.decide.load import load_county
from tracker.decide.recheck import find_differences
from tracker.decide.run import judge_new_facts, tick
from tracker.registers.adoptions import in_force
from tracker.registers.errors import RegisterError
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import ensure_county, lock_county, next_seq
from tracker.store.engine import Store, Tx
from tracker.store.facts import load_facts
from tracker.store.occurrences import OccurrenceRow, load_occurrences
from tracker.store.papers import all_rulings
from tracker.store.tables import entries, entry_versions, visits

PACK = """\
pack: small
title: 小方案
in_force: {from: 2015-01-01, until: 2015-12-31}
events:
  budget-approved: {title: 预算批复, needs: [year], expected: 2015-07-31}
readings:
  monthly: {deadline: {every: month, about: previous}, assumed: true}
duties:
  - id: water
    title: 水环境质量月报
    clause: 一1
    departments: [huanbao]
    channels: county-site
    deadline: monthly
    evidence: {column: environment, title: 水环境}
  - id: review
    title: 工作评议
    clause: 一2
    departments: [shebao]
    channels: attested
    deadline: {every: month, zero_report: true}
  - id: budget
    title: 部门预算
    clause: 一3
    departments: [keji]
    channels: county-site
    deadline: {within: 20 days, of: budget-approved, extension: 10 workdays}
    evidence: {column: finance, title: "{event.year}年.*预算"}
"""
START = at("2015-07-01")
COLUMNS = {"environment": "水环境质量公告", "finance": "2015年部门预算"}


def rules(root: Path) -> Loaded:
    """The rules of the county of moves, written to a folder and loaded."""
    write_rules(root, pack=PACK, county=COUNTY, schedule=SCHEDULE)
    return all_live(load(root, {**os.environ, "SMALL_SITE": "http://127.0.0.1:9/"}))


@dataclass
class Moves:
    """One life of the county. `run` waits for what is asynchronous."""

    loaded: Loaded
    store: Store
    now: datetime = START
    _made: int = 0
    refused: list[str] = field(default_factory=list)

    @classmethod
    def on(cls, loaded: Loaded, template: Path, path: Path) -> Moves:
        shutil.copy(template, path)
        moves = cls(loaded, Store(f"sqlite:///{path}", durable=False))
        moves.store.open()
        moves.tick()
        return moves

    def close(self) -> None:
        self.store.close()

    @property
    def rulebook(self) -> Rulebook:
        return self.loaded.rulebooks[0]

    def tick(self) -> None:
        tick(self.store, self.loaded, self.now)

    def said(self, deed: Callable[..., Any], **given: Any) -> Any:
        """What the register answered, or None where it refused and nothing was written."""

        self.now += timedelta(minutes=1)  # no two at one instant

        with self.store.begin() as tx:
            ensure_county(tx, "small")
            since = lock_county(tx, "small").seq
            try:
                done = deed(tx, self.rulebook, now=self.now, **{**WHO, **given})
            except RegisterError as error:
                self.refused.append(str(error))
                return None
            judge_new_facts(tx, self.loaded, self.rulebook, since, self.now)
            return done.value

    def look(self, column: str, publish: bool) -> None:
        """A complete visit, which may see something new."""

        self._made += 1
        self.now += timedelta(minutes=1)
        with self.store.begin() as tx:
            if publish:
                self._publish(tx, column)
            seq = next_seq(tx, "small")
            tx.execute(
                visits.insert(),
                {"county": "small", "seq": seq, "column": f"county-site/{column}", "began_at": self.now,
                 "ended_at": self.now, "outcome": "read", "reached": "end", "pages": 1, "entries": 1},
            )  # fmt: skip

    def _publish(self, tx: Tx, column: str) -> None:
        url = f"http://127.0.0.1:9/{column}/{self._made}.html"
        row = {"county": "small", "seq": next_seq(tx, "small"), "column": f"county-site/{column}", "url": url,
               "first_seen_at": self.now, "last_seen_at": self.now}  # fmt: skip
        number = tx.execute(entries.insert().values(row).returning(entries.c.id)).scalar_one()
        version = {"entry": number, "number": 1, "seen_at": self.now, "title": COLUMNS[column], "text": "正文",
                   "claimed": self.now.date(), "state": "read", "attachments": []}  # fmt: skip
        tx.execute(entry_versions.insert(), version)

    # -- what there is to decide about -----------------------------------------------------------

    def rows(self) -> dict[str, OccurrenceRow]:
        with self.store.read() as tx:
            return {key: row for key, row in load_occurrences(tx, "small").items() if not row.closed}

    def rulings(self, *kinds: str) -> list[Ruling]:
        with self.store.read() as tx:
            return [one for one in not_revoked(all_rulings(tx, "small")) if not kinds or one.kind in kinds]

    def filings(self) -> list[Filing]:
        with self.store.read() as tx:
            return list(load_facts(tx, "small").filings)

    # -- what stands -----------------------------------------------------------------------------

    def facts(self) -> CountyFacts:
        """All that is known of the county."""
        with self.store.read() as tx:
            return load_county(tx, in_force(tx, self.loaded, self.rulebook), self.loaded.calendar, self.now)

    def differences(self) -> dict[str, str]:
        """What deciding everything anew would change."""
        with self.store.read() as tx:
            return find_differences(tx, self.loaded, in_force(tx, self.loaded, self.rulebook), self.now)

    def judged(self, facts: CountyFacts) -> Iterator[tuple[DutyGroup, Occurrence, Verdict, OccurrenceRow | None]]:
        """Everything that is owed, judged anew at this instant, beside what was decided last."""
        for group in facts.groups.by_prefix.values():
            verdicts = judge_group(self.loaded, facts, group, self.now)
            for one in facts.occurrences(group):
                yield group, one, verdicts[one.key], facts.rows.get(one.key)
