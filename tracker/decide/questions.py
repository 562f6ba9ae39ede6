"""Loads and judges the open questions of the county office."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime

from tracker.core.law.county import Rulebook
from tracker.core.verdict.questions import JudgedGroup, Question, list_questions
from tracker.decide.facts import CountyFacts
from tracker.decide.judge import judge_group
from tracker.decide.load import load_county
from tracker.registers.adoptions import load_rules_in_force
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Tx

log = logging.getLogger(__name__)


def open_questions(
    tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime, *, settled: bool = False
) -> list[Question]:
    """Return the questions of one county at `now`, judging everything; `settled`: with the settled ones."""
    facts = load_county(tx, load_rules_in_force(tx, loaded, rulebook), loaded.calendar, now)
    return list_questions(
        rulebook.county, _judge_groups(loaded, facts, facts.groups.by_prefix, now), facts.texts, settled=settled
    )


def _judge_groups(loaded: Loaded, facts: CountyFacts, prefixes: Iterable[str], now: datetime) -> Iterator[JudgedGroup]:
    for group in (group for prefix, group in facts.groups.by_prefix.items() if prefix in prefixes):
        try:
            verdicts = judge_group(loaded, facts, group, now)
        except Exception:  # the tick records it as a fault
            log.exception("%s could not be judged", group.prefix, extra={"action": "undecided"})
            continue
        yield facts.judged_group(group, facts.occurrences(group), verdicts)
