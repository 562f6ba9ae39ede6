"""Loads and judges the open questions of the county office."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime

from tracker.core.law.county import Rulebook
from tracker.core.verdict.questions import JudgedGroup, Question, list_questions
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import prefix_of
from tracker.decide.judge import judge_group
from tracker.decide.load import load_county, load_groups
from tracker.decide.similar_texts import load_similar_texts
from tracker.registers.adoptions import load_rules_in_force
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Tx
from tracker.store.selection import list_keys_asking

log = logging.getLogger(__name__)


def open_questions(
    tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime, *, settled: bool = False
) -> list[Question]:
    """Return the questions of one county at `now`, judging everything; `settled`: with the settled ones."""
    facts = load_county(tx, load_rules_in_force(tx, loaded, rulebook), loaded.calendar, now)
    return list_questions(
        rulebook.county, _judge_groups(loaded, facts, facts.groups.by_prefix, now), facts.texts, settled=settled
    )


def open_questions_of_last_pass(tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime) -> list[Question]:
    """Return the open questions for the report, judging only the groups in which the last pass found any."""
    prefixes = {prefix_of(key) for key in list_keys_asking(tx, rulebook.county.id)}
    if not prefixes:
        return []
    rulebook = load_rules_in_force(tx, loaded, rulebook)
    facts = load_groups(tx, rulebook, loaded.calendar, prefixes, now)
    judged = list(_judge_groups(loaded, facts, prefixes, now))
    return list_questions(rulebook.county, judged, load_similar_texts(tx, facts, judged))


def _judge_groups(loaded: Loaded, facts: CountyFacts, prefixes: Iterable[str], now: datetime) -> Iterator[JudgedGroup]:
    for group in (group for prefix, group in facts.groups.by_prefix.items() if prefix in prefixes):
        try:
            verdicts = judge_group(loaded, facts, group, now)
        except Exception:  # the tick records it as a fault
            log.exception("%s could not be judged", group.prefix, extra={"action": "undecided"})
            continue
        yield facts.judged_group(group, facts.occurrences(group), verdicts)
