"""The small county without a site: people enter things through the real registers, each judged at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.decide.deciding import WHO
from tests.decide.table_county import TableCounty, load_rules
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.facts import Filing, Ruling
from tracker.core.values.rulings import not_revoked
from tracker.core.values.verdicts import Verdict
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.decide.judge import judge_group
from tracker.decide.load import load_county
from tracker.decide.run import judge_new_facts
from tracker.registers.adoptions import load_rules_in_force
from tracker.registers.errors import RegisterError
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import ensure_county, lock_county
from tracker.store.facts import load_facts
from tracker.store.occurrences import OccurrenceRow, load_occurrences
from tracker.store.rulings import list_all_rulings

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
COLUMNS = {"environment": "水环境质量公告", "finance": "2015年部门预算"}


def rules(root: Path) -> Loaded:
    return load_rules(root, PACK)


class Moves(TableCounty):
    """One life of the county. `refused`: the errors of the registers."""

    def __init__(self, loaded: Loaded, template: Path, path: Path) -> None:
        shutil.copy(template, path)
        super().__init__(loaded, f"sqlite:///{path}")
        self.refused: list[str] = []
        self.tick()

    def close(self) -> None:
        self.store.close()

    def enter(self, deed: Callable[..., Any], **given: Any) -> Any:
        """Return the register's answer, or None if it refused and nothing was written."""
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

    def visit(self, column: str, publish: bool) -> None:
        """Record a complete visit, which may see a new entry."""
        self.now += timedelta(minutes=1)
        with self.store.begin() as tx:
            if publish:
                entry = self.write_entry(tx, column)
                self.write_version(tx, entry, COLUMNS[column], "正文", self.now.date())
            self.write_visit(tx, column)

    # -- what there is to decide about -----------------------------------------------------------

    def rows(self) -> dict[str, OccurrenceRow]:
        with self.store.read() as tx:
            return {key: row for key, row in load_occurrences(tx, "small").items() if not row.closed}

    def rulings(self, *kinds: str) -> list[Ruling]:
        with self.store.read() as tx:
            return [
                ruling for ruling in not_revoked(list_all_rulings(tx, "small")) if not kinds or ruling.kind in kinds
            ]

    def filings(self) -> list[Filing]:
        with self.store.read() as tx:
            return list(load_facts(tx, "small").filings)

    def facts(self) -> CountyFacts:
        """Return all facts of the county."""
        with self.store.read() as tx:
            return load_county(tx, load_rules_in_force(tx, self.loaded, self.rulebook), self.loaded.calendar, self.now)

    def judged(self, facts: CountyFacts) -> Iterator[tuple[DutyGroup, Occurrence, Verdict, OccurrenceRow | None]]:
        """Yield every occurrence with its verdict now and its last decision."""
        for group in facts.groups.by_prefix.values():
            verdicts = judge_group(self.loaded, facts, group, self.now)
            for occurrence in facts.occurrences(group):
                yield group, occurrence, verdicts[occurrence.key], facts.rows.get(occurrence.key)
