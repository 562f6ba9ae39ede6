"""What a person lets a department off: a waiver, a duty that does not apply, a later day; and how it is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker.core.law.counting import day_end
from tracker.core.law.duties import Rulebook
from tracker.core.law.grounds import GROUNDS
from tracker.core.matching.filings import RELEASES
from tracker.core.values.facts import Ruling, RulingKind
from tracker.core.values.rulings import not_revoked
from tracker.core.values.verdicts import Status
from tracker.registers.checks import Owed, check_now, check_part, check_words, find_owed
from tracker.registers.decided import REVOKE, check_people, check_seen, said_of, standing_rulings, write_ruling
from tracker.registers.errors import Registered, RegisterError, close_ones
from tracker.store.counties import lock_county
from tracker.store.engine import Tx
from tracker.store.papers import find_ruling, list_rulings


@dataclass(frozen=True, slots=True)
class _Asked:
    """A release as it is asked for."""

    kind: RulingKind
    subject: str
    by: str
    asked_by: str
    reason: str
    now: datetime
    until: date | None
    part: str | None
    seen: int | None
    ground: str
    basis: str

    def says(self, one: Ruling) -> bool:
        """Whether the decision says just that."""
        mine = (self.kind, self.by, self.reason, self.ground, self.basis, self.until)
        return mine == (one.kind, one.by, one.reason, one.ground, one.basis, one.until)


def whole_duty(rulebook: Rulebook, duty: str, department: str) -> str:
    """The subject of a decision about a duty of a department as a whole, what will be owed later with it."""
    found = [one for one in rulebook.duties if one.id == duty]
    if not found:
        raise RegisterError(f"no duty {duty!r}: {close_ones(duty, {one.id for one in rulebook.duties})}")
    for one in found:
        if one.assignment(department) is not None:
            return f"{one.county}/{one.pack}/{one.id}/{department}/*"
    keys = {made.key for one in found for made in one.assignments}
    raise RegisterError(f"{duty} is not laid on {department!r}: {close_ones(department, keys)}")


def waive(
    tx: Tx,
    rulebook: Rulebook,
    *,
    occurrence: str,
    ground: str,
    basis: str,
    by: str,
    asked_by: str,
    reason: str,
    now: datetime,
    until: date | None = None,
    part: str | None = None,
    seen: int | None = None,
) -> Registered[Ruling]:
    """Exempt one occurrence on one of the `GROUNDS`, with the article as `basis`; after `until` it is owed again."""
    check_people(now, by=by, asked_by=asked_by, reason=reason, basis=basis, asked=asked_by)
    if ground not in GROUNDS:
        known = ", ".join(f"{name} {title}" for name, title in GROUNDS.items())
        raise RegisterError(f"no ground {ground!r} for a waiver (one of: {known})")
    lock_county(tx, rulebook.county.id)
    owed = find_owed(tx, rulebook, occurrence)
    check_part(owed, part)
    asked = _Asked("waive", occurrence, by, asked_by, reason, now, until, part, seen, ground, basis)
    return _release(tx, rulebook, asked, _before(owed))


def not_applicable(
    tx: Tx,
    rulebook: Rulebook,
    *,
    occurrence: str,
    basis: str,
    by: str,
    reason: str,
    now: datetime,
    asked_by: str = "",
    until: date | None = None,
    part: str | None = None,
    seen: int | None = None,
) -> Registered[Ruling]:
    """One occurrence does not apply to its department, or (`…/*`, see `whole_duty`) the duty altogether.

    What was proved before a duty was found not to apply stays proved.
    """
    check_people(now, by=by, asked_by=asked_by, reason=reason, basis=basis)
    lock_county(tx, rulebook.county.id)
    owed = None
    if not occurrence.endswith("/*"):
        owed = find_owed(tx, rulebook, occurrence)
        check_part(owed, part)
    elif part is not None:
        _check_part_of_duty(rulebook, occurrence, part)
    asked = _Asked("not-applicable", occurrence, by, asked_by, reason, now, until, part, seen, "", basis)
    return _release(tx, rulebook, asked, _before(owed))


def _check_part_of_duty(rulebook: Rulebook, subject: str, part: str) -> None:
    _, pack, name, _, _ = subject.split("/")
    duty = rulebook.duty(pack, name)
    parts = {one.name for one in duty.parts if one.name} if duty else set()
    if part not in parts:
        raise RegisterError(f"{pack}/{name} has no part {part!r}: {close_ones(part, parts)}")


def _release(tx: Tx, rulebook: Rulebook, asked: _Asked, before: Mapping[str, str] | None) -> Registered[Ruling]:
    zone, now, until = rulebook.county.zone, asked.now, asked.until
    if until is not None and now >= day_end(until, zone):
        raise RegisterError(f"an exemption until {until.isoformat()} would be over already")
    known = standing_rulings(tx, rulebook, asked.subject)
    held = [one for one in known if one.kind in RELEASES and one.part == asked.part]
    last = held[-1] if held and (held[-1].until is None or now < day_end(held[-1].until, zone)) else None
    if last is not None and asked.says(last):
        return Registered(last, False, f"{said_of(last)}, nothing changed")
    check_seen(tx, rulebook, asked.subject, asked.seen)
    if last is not None:
        raise RegisterError(f"{said_of(last)}: to decide otherwise, take that back ({REVOKE} {last.id})")
    ruling = write_ruling(
        tx, rulebook, kind=asked.kind, subject=asked.subject, by=asked.by, reason=asked.reason, now=now,
        seen=asked.seen, before=before, part=asked.part, ground=asked.ground, basis=asked.basis, until=until,
        asked_by=asked.asked_by,
    )  # fmt: skip
    end = f" until {until.isoformat()}" if until else ""
    return Registered(ruling, True, f"{asked.kind} {asked.subject}{end} (ruling:{ruling.id})")


def postpone(
    tx: Tx,
    rulebook: Rulebook,
    *,
    occurrence: str,
    to: date,
    by: str,
    asked_by: str,
    reason: str,
    now: datetime,
    seen: int | None = None,
) -> Registered[Ruling]:
    """Move the last day on time to a later one. Asked for before it is due, or after an objection was upheld.

    A further postponement goes before the last one; none is earlier than the date it started from.
    """
    check_people(now, by=by, asked_by=asked_by, reason=reason, asked=asked_by)
    zone = rulebook.county.zone
    lock_county(tx, rulebook.county.id)
    owed = find_owed(tx, rulebook, occurrence)
    due_at, due_on = owed.row.due_at, owed.row.due_on
    if due_at is None or due_on is None:
        raise RegisterError(f"{occurrence} has no clock yet: record its event first")
    if owed.row.status is Status.MET:
        raise RegisterError(f"{occurrence} is met, there is nothing to postpone: {owed.row.reason}")
    known = standing_rulings(tx, rulebook, occurrence)
    before = next((one for one in reversed(known) if one.kind == "postpone"), None)
    if before is not None and (before.until, before.by, before.reason) == (to, by, reason):
        return Registered(before, False, f"{said_of(before)}, nothing changed")
    check_seen(tx, rulebook, occurrence, seen)
    first = date.fromisoformat(before.target) if before is not None else due_on
    if to <= first:
        raise RegisterError(f"{to.isoformat()} is not later than the due day {first.isoformat()}: nothing to postpone")
    if now >= day_end(to, zone):
        raise RegisterError(f"{to.isoformat()} has passed: a postponement leads to a day to come")
    if now >= due_at and not _upheld(known):
        raise RegisterError(
            f"{occurrence} was due before {due_at.astimezone(zone).isoformat(timespec='minutes')}: it is postponed "
            "before that, or after an objection was upheld (duban object)"
        )
    ruling = write_ruling(
        tx, rulebook, kind="postpone", subject=occurrence, by=by, reason=reason, now=now, seen=seen,
        before={"due_on": due_on.isoformat()}, target=first.isoformat(), until=to, asked_by=asked_by,
    )  # fmt: skip
    return Registered(ruling, True, f"postponed {occurrence} from {first.isoformat()} to {to.isoformat()}")


def _upheld(known: list[Ruling]) -> bool:
    filed = [one for one in known if one.kind == "object"]
    about = f"ruling:{filed[-1].id}" if filed else ""
    decided = [one for one in known if one.kind in ("uphold", "dismiss") and one.target == about]
    return bool(decided) and decided[-1].kind == "uphold"


def revoke(tx: Tx, rulebook: Rulebook, *, number: int, by: str, reason: str, now: datetime) -> Registered[Ruling]:
    """Take a decision back: it stays on record and no longer holds. What stood before it holds again."""
    check_now(now)
    check_words(by=by, reason=reason)
    county = rulebook.county.id
    lock_county(tx, county)
    one = find_ruling(tx, county, number)
    if one is None:
        raise RegisterError(f"no ruling:{number} in {county} (duban decision list)")
    if one.kind in ("adopt", "unadopt"):
        raise RegisterError("an adoption is taken back by `duban reading unadopt`")
    if one.kind in ("golive", "ungolive"):
        raise RegisterError("going live is taken back by `duban golive --revoke`")
    if one.kind == "revoke":
        raise RegisterError(f"ruling:{number} takes another decision back: decide that anew instead")
    known = list_rulings(tx, county, one.occurrence)
    back = next((each for each in known if each.kind == "revoke" and each.target == f"ruling:{number}"), None)
    if back is not None:
        same = (back.by, back.reason) == (by, reason)
        if same:
            return Registered(back, False, f"{said_of(back)}, nothing changed")
        raise RegisterError(f"ruling:{number} is taken back already: {said_of(back)}")
    decided = [each for each in not_revoked(known) if each.target == f"ruling:{number}"]
    if decided:
        raise RegisterError(f"ruling:{number} was answered: {said_of(decided[-1])}; revoke that first")
    before = {"id": one.id, "kind": one.kind, "by": one.by, "reason": one.reason}
    ruling = write_ruling(
        tx, rulebook, kind="revoke", subject=one.occurrence, by=by, reason=reason, now=now, seen=None, before=before,
        target=f"ruling:{number}", part=one.part,
    )  # fmt: skip
    return Registered(ruling, True, f"revoked ruling:{number} ({one.kind} of {one.occurrence})")


def _before(owed: Owed | None) -> dict[str, str] | None:
    return None if owed is None else {"status": owed.row.status.value, "reason": owed.row.reason}
