"""Checks the record of an awaited event that a department files, and records the event once a person accepts it.

The filing is an attestation of the form "event" about the occurrence that awaits the event (`awaiting:NAME`).
"""

from __future__ import annotations

from dataclasses import replace

from tracker.core.law.county import Rulebook
from tracker.core.law.duties import EventRule
from tracker.core.law.periods import split_label
from tracker.core.values.facts import Event, Filing, Ruling, read_event_proof
from tracker.core.values.message import Message
from tracker.registers.checks import Obligation
from tracker.registers.errors import RegisterError
from tracker.registers.eventrules import EventRules
from tracker.registers.events import record_event
from tracker.store.engine import Tx

_AWAITING = "awaiting:"


def find_awaited_event(rulebook: Rulebook, occurrence: str) -> EventRule | None:
    """The event that the occurrence awaits; None where it awaits none, or one that nobody enters by hand."""
    label, _ = split_label(occurrence.rpartition("/")[2])
    rule = rulebook.events.get(label.removeprefix(_AWAITING)) if label.startswith(_AWAITING) else None
    return rule if rule is not None and rule.lapse is None else None


def check_filed_event(rulebook: Rulebook, obligation: Obligation, filing: Filing) -> None:
    """Raises RegisterError where the filing names no event that the rules would take."""
    rule = find_awaited_event(rulebook, obligation.row.key)
    if rule is None:
        raise RegisterError("{key} awaits no event: its clock runs from another day", key=obligation.row.key)
    EventRules(rulebook).check(_build_event(rule, filing))


def record_filed_event(tx: Tx, rulebook: Rulebook, filing: Filing, ruling: Ruling) -> Message:
    """Record the event of an accepted filing, in the name of whoever accepted it; the answer of the register."""
    rule = find_awaited_event(rulebook, filing.occurrence)
    if rule is None:
        raise RegisterError("{key} awaits no event: its clock runs from another day", key=filing.occurrence)
    event = replace(_build_event(rule, filing), recorded_at=ruling.recorded_at, by=ruling.by)
    reason = f"据{filing.by}报送（编号{filing.id}）：{ruling.reason}"
    return record_event(tx, rulebook, event, reason=reason).message


def _build_event(rule: EventRule, filing: Filing) -> Event:
    """The event that the filing names; of several departments that share the occurrence, the first one's."""
    occurred, reference, fields = read_event_proof(filing.proof)
    _, _, duty, departments, _ = filing.occurrence.split("/")
    department = departments.split("+")[0]
    of_duty = duty if rule.per_duty else None
    return Event(0, rule.name, department, reference, occurred, filing.recorded_at, of_duty, fields, filing.by)
