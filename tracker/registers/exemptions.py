"""Rulings that let a department off: a waiver, a duty that does not apply, a later day; and how one is revoked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tracker.core.law.counting import day_end
from tracker.core.law.county import Rulebook
from tracker.core.matching.filings import RELEASES
from tracker.core.values.facts import Ruling
from tracker.core.values.rulings import GROUNDS, not_revoked
from tracker.core.values.verdicts import Status
from tracker.registers.checks import check_part, check_words, find_obligation
from tracker.registers.errors import Registered, RegisterError, close_ones
from tracker.registers.rulings import (
    REVOKE,
    check_seen,
    describe,
    find_subject,
    is_same,
    standing_rulings,
    unchanged,
    write_ruling,
)
from tracker.store.engine import Tx
from tracker.store.papers import list_rulings


def whole_duty(rulebook: Rulebook, duty: str, department: str) -> str:
    """The subject of a ruling about a duty of a department as a whole, what will be owed later with it."""
    duties = [each for each in rulebook.duties if each.id == duty]
    if not duties:
        raise RegisterError(f"no duty {duty!r}: {close_ones(duty, {each.id for each in rulebook.duties})}")
    for each in duties:
        if each.assignment(department) is not None:
            return f"{each.county}/{each.pack}/{each.id}/{department}/*"
    keys = {assignment.key for each in duties for assignment in each.assignments}
    raise RegisterError(f"{duty} is not laid on {department!r}: {close_ones(department, keys)}")


def exempt(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
    """Waive one occurrence on one of the `GROUNDS`, or say that it, or (`…/*`) a duty altogether, does not apply.

    `basis` is the article; after `until` it is owed again. What was proved before stays proved.
    """
    check_words(basis=ruling.basis)
    if ruling.kind == "waive":
        check_words(asked=ruling.asked_by)
        if ruling.ground not in GROUNDS:
            known = ", ".join(f"{name} {title}" for name, title in GROUNDS.items())
            raise RegisterError(f"no ground {ruling.ground!r} for a waiver (one of: {known})")
    before = None
    if ruling.kind == "waive" or not ruling.occurrence.endswith("/*"):
        obligation = find_obligation(tx, rulebook, ruling.occurrence)
        check_part(obligation, ruling.part)
        before = obligation.verdict
    elif ruling.part is not None:
        _check_part_of_duty(rulebook, ruling.occurrence, ruling.part)
    county, zone, now, until = rulebook.county.id, rulebook.county.zone, ruling.recorded_at, ruling.until
    if until is not None and now >= day_end(until, zone):
        raise RegisterError(f"an exemption until {until.isoformat()} would be over already")
    standing = standing_rulings(tx, county, ruling.occurrence)
    releases = [each for each in standing if each.kind in RELEASES and each.part == ruling.part]
    last = releases[-1] if releases else None
    if last is not None and last.until is not None and now >= day_end(last.until, zone):
        last = None
    if last is not None and is_same(ruling, last):
        return unchanged(last)
    check_seen(tx, county, ruling.occurrence, seen)
    if last is not None:
        raise RegisterError(f"{describe(last)}: to decide otherwise, take that back ({REVOKE} {last.id})")
    ruling = write_ruling(tx, county, ruling, before, seen)
    end = f" until {until.isoformat()}" if until else ""
    return Registered(ruling, True, f"{ruling.kind} {ruling.occurrence}{end} (ruling:{ruling.id})")


def _check_part_of_duty(rulebook: Rulebook, subject: str, part: str) -> None:
    _, pack, name, _, _ = subject.split("/")
    duty = rulebook.duty(pack, name)
    parts = {each.name for each in duty.parts if each.name} if duty else set()
    if part not in parts:
        raise RegisterError(f"{pack}/{name} has no part {part!r}: {close_ones(part, parts)}")


def postpone(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
    """Move the last day on time to `until`. Asked for before it is due, or after an objection was upheld.

    A further postponement goes before the last one; none is earlier than the date it started from, its `target`.
    """
    check_words(asked=ruling.asked_by)
    county, zone, key, now, until = (
        rulebook.county.id,
        rulebook.county.zone,
        ruling.occurrence,
        ruling.recorded_at,
        ruling.until,
    )
    assert until is not None
    row = find_obligation(tx, rulebook, key).row
    if row.due_at is None or row.due_on is None:
        raise RegisterError(f"{key} has no clock yet: record its event first")
    if row.status is Status.MET:
        raise RegisterError(f"{key} is met, there is nothing to postpone: {row.reason}")
    standing = standing_rulings(tx, county, key)
    before = next((each for each in reversed(standing) if each.kind == "postpone"), None)
    first = date.fromisoformat(before.target) if before is not None else row.due_on
    ruling = replace(ruling, target=first.isoformat())
    if before is not None and is_same(ruling, before):
        return unchanged(before)
    check_seen(tx, county, key, seen)
    if until <= first:
        raise RegisterError(
            f"{until.isoformat()} is not later than the due day {first.isoformat()}: nothing to postpone"
        )
    if now >= day_end(until, zone):
        raise RegisterError(f"{until.isoformat()} has passed: a postponement leads to a day to come")
    if now >= row.due_at and not _is_upheld(standing):
        raise RegisterError(
            f"{key} was due before {row.due_at.astimezone(zone).isoformat(timespec='minutes')}: it is postponed "
            "before that, or after an objection was upheld (duban object)"
        )
    ruling = write_ruling(tx, county, ruling, {"due_on": row.due_on.isoformat()}, seen)
    return Registered(ruling, True, f"postponed {key} from {first.isoformat()} to {until.isoformat()}")


def _is_upheld(standing: list[Ruling]) -> bool:
    objections = [ruling for ruling in standing if ruling.kind == "object"]
    about = f"ruling:{objections[-1].id}" if objections else ""
    answers = [ruling for ruling in standing if ruling.kind in ("uphold", "dismiss") and ruling.target == about]
    return bool(answers) and answers[-1].kind == "uphold"


def revoke(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
    """Take a ruling back: it stays on record and no longer holds. What stood before it holds again."""
    county, target = rulebook.county.id, ruling.target
    revoked = find_subject(tx, county, ruling)
    if revoked is None:
        raise RegisterError(f"no {target} in {county} (duban decision list)")
    if revoked.kind in ("adopt", "unadopt"):
        raise RegisterError("an adoption is taken back by `duban reading unadopt`")
    if revoked.kind in ("golive", "ungolive"):
        raise RegisterError("going live is taken back by `duban golive --revoke`")
    if revoked.kind == "revoke":
        raise RegisterError(f"{target} takes another decision back: decide that anew instead")
    ruling = replace(ruling, occurrence=revoked.occurrence, part=revoked.part)
    rulings = list_rulings(tx, county, revoked.occurrence)
    before = next((each for each in rulings if each.kind == "revoke" and each.target == target), None)
    if before is not None:
        if is_same(ruling, before):
            return unchanged(before)
        raise RegisterError(f"{target} is taken back already: {describe(before)}")
    answers = [each for each in not_revoked(rulings) if each.target == target]
    if answers:
        raise RegisterError(f"{target} was answered: {describe(answers[-1])}; revoke that first")
    kept = {"id": revoked.id, "kind": revoked.kind, "by": revoked.by, "reason": revoked.reason}
    ruling = write_ruling(tx, county, ruling, kept, seen)
    return Registered(ruling, True, f"revoked {target} ({revoked.kind} of {revoked.occurrence})")
