"""Records and withdraws the events that stand for moves of the registers of requests and of secrecy reviews.

A pack's event says `register: request.receive`; the rules make clocks of it as of any other event.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Event, EventKey, Moment
from tracker.registers.eventrules import EventRules
from tracker.registers.events import record_event, withdraw_event
from tracker.store.engine import Tx
from tracker.store.events import find_event


def record_move_events(
    tx: Tx,
    rulebook: Rulebook,
    moves: Collection[str],
    department: str,
    reference: str,
    occurred: Moment,
    *,
    fields: Mapping[str, str],
    by: str,
    now: datetime,
    reason: str = "",
) -> list[Event]:
    """Record the events of a move for the department that owes something by them; the events recorded.

    `moves`: the names under which events may stand for it (`name_register_moves`). An event that no duty of the
    department uses is left out. One that stands under the reference, withdrawn or not, is replaced.
    """
    rules, recorded = EventRules(rulebook), []
    for name in list_move_events(rulebook, moves):
        if rules.duties_of(name, department) or name in rulebook.scored_events:
            event = Event(0, name, department, reference, occurred, now, fields=dict(fields), by=by)
            recorded.append(record_event(tx, rulebook, event, correct=True, reason=reason, by_register=True).value)
    return recorded


def withdraw_move_events(
    tx: Tx,
    rulebook: Rulebook,
    moves: Collection[str],
    department: str,
    reference: str,
    *,
    by: str,
    reason: str,
    now: datetime,
) -> None:
    """Withdraw the events of a move, as far as they are on record."""
    for name in list_move_events(rulebook, moves):
        key = EventKey(name, department, reference)
        stored = find_event(tx, rulebook.county.id, key)
        if stored is not None and stored.withdrawn_at is None:
            withdraw_event(tx, rulebook, key, by=by, reason=reason, now=now, by_register=True)


def list_move_events(rulebook: Rulebook, moves: Collection[str]) -> list[str]:
    """The names of the events that stand for a move."""
    return sorted(name for name, rule in rulebook.events.items() if rule.move in moves)
