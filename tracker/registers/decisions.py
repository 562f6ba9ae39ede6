"""Decisions of a person about occurrences. Each comes as a `Ruling` that has no id yet and is returned with one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tracker.core.law.counting import day_end
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Within
from tracker.core.matching.filings import RELEASES
from tracker.core.values.facts import Ruling, RulingKind
from tracker.core.values.rulings import GROUNDS, not_revoked
from tracker.core.values.verdicts import Status
from tracker.registers.checks import (
    Obligation,
    begin_act,
    check_name,
    check_part,
    check_words,
    find_obligation,
    same_person,
)
from tracker.registers.errors import Registered, RegisterError, close_ones
from tracker.registers.objections import answer_objection
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
from tracker.store.papers import entry_was_seen, list_filings, list_rulings

_ATTESTATION = "attestation:"


def decide(tx: Tx, rulebook: Rulebook, ruling: Ruling, *, seen: int | None = None) -> Registered[Ruling]:
    """Record a ruling after the checks of its kind. `by` approves, `reason` is the basis, `asked_by` is another person.

    Of uphold, dismiss and revoke the `target` says which ruling they are about, and so which occurrence.
    `seen`: how many rulings about the occurrence the person knew; where another was made since, nothing is written.
    """
    begin_act(tx, rulebook.county.id, ruling.recorded_at, by=ruling.by, reason=ruling.reason)
    check_name("asked-by", ruling.asked_by)
    if same_person(ruling.asked_by, ruling.by):
        raise RegisterError(f"{ruling.by} asked for it: somebody else must approve")
    return _RECORDED[ruling.kind](tx, rulebook, ruling, seen)


def _weigh_proof(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
    """Accept or reject a proof, or grant the extension of a rule, once and before it is due.

    The target of accept and reject is an entry's URL, one outside the county's sites, `attestation:ID`, or the link or
    file name of a filed proof.
    """
    county, key = rulebook.county, ruling.occurrence
    obligation = find_obligation(tx, rulebook, key)
    check_part(obligation, ruling.part)
    ruling = replace(ruling, target=_find_target(tx, rulebook, ruling))
    if ruling.kind == "accept" and ruling.target.startswith(_ATTESTATION):
        _check_other_person(tx, county.id, ruling)
    if ruling.as_seen and ruling.kind != "accept":
        raise RegisterError("as-seen belongs to accept: it says from when what is accepted counts")
    standing = standing_rulings(tx, county.id, key)
    about = [before for before in standing if (before.target, before.part) == (ruling.target, ruling.part)]
    if about and is_same(ruling, about[-1]):
        on = about[-1].recorded_at.date().isoformat()
        return Registered(about[-1], False, f"{ruling.by} decided so on {on}, nothing changed")
    if ruling.kind == "extend":
        _check_extension(obligation, ruling, standing, county.zone)
    ruling = write_ruling(tx, county.id, ruling, obligation.verdict, seen=seen)
    return Registered(ruling, True, f"{ruling.kind} {key}" + (f": {ruling.target}" if ruling.target else ""))


def _find_target(tx: Tx, rulebook: Rulebook, ruling: Ruling) -> str:
    """What is accepted or rejected, by the name under which it is matched."""
    key, target, county = ruling.occurrence, ruling.target, rulebook.county
    if ruling.kind == "extend":
        if target:
            raise RegisterError(f"extend is about the occurrence as a whole: leave {target!r} out")
        return ""
    check_words(target=target)
    filed = [filing for filing in list_filings(tx, county.id, key) if filing.kind == "attestation"]
    if target.startswith(_ATTESTATION):
        names = [f"{_ATTESTATION}{filing.id}" for filing in filed]
        if target not in names:
            raise RegisterError(f"no {target} was filed for {key} (filed: {', '.join(names) or 'none'})")
        return target
    for filing in filed:
        if target == filing.proof or (filing.form == "file" and filing.proof.startswith(f"{target} sha256:")):
            return f"{_ATTESTATION}{filing.id}"
    # What is published elsewhere no crawl sees; an address of our own sites that was not seen is a slip.
    elsewhere = "://" in target and _host(target) not in county.hosts
    if not elsewhere and not entry_was_seen(tx, county.id, target):
        raise RegisterError(
            f"{target!r} was neither seen on the site nor filed for {key}: give the entry's whole address, "
            "or file it first (duban attest)"
        )
    return target


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError as error:
        raise RegisterError(f"{address!r} is no address: {error}") from None


def _check_other_person(tx: Tx, county: str, ruling: Ruling) -> None:
    """Nobody lets count what they filed themselves, in the county office neither."""
    for filing in list_filings(tx, county, ruling.occurrence):
        if f"{_ATTESTATION}{filing.id}" == ruling.target and same_person(filing.by, ruling.by):
            raise RegisterError(f"{ruling.target} was filed by {filing.by}: somebody else must accept it")


def _check_extension(obligation: Obligation, ruling: Ruling, standing: list[Ruling], zone: ZoneInfo) -> None:
    key, due_at = obligation.row.key, obligation.row.due_at
    if not isinstance(obligation.deadline, Within) or obligation.deadline.extension is None:
        raise RegisterError(f"{key} cannot be extended: its rule has no extension")
    if due_at is None:
        raise RegisterError(f"{key} has no clock yet: record {obligation.deadline.event.name} first")
    if before := next((before for before in standing if before.kind == "extend"), None):
        raise RegisterError(f"{key} was extended by {before.by} on {before.recorded_at.date().isoformat()}: only once")
    if ruling.recorded_at >= due_at:
        last = due_at.astimezone(zone).isoformat(timespec="minutes")
        raise RegisterError(f"{key} was due before {last}: too late to extend it")


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


def _exempt(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
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
    ruling = write_ruling(tx, county, ruling, before, seen=seen)
    end = f" until {until.isoformat()}" if until else ""
    return Registered(ruling, True, f"{ruling.kind} {ruling.occurrence}{end} (ruling:{ruling.id})")


def _check_part_of_duty(rulebook: Rulebook, subject: str, part: str) -> None:
    _, pack, name, _, _ = subject.split("/")
    duty = rulebook.duty(pack, name)
    parts = {each.name for each in duty.parts if each.name} if duty else set()
    if part not in parts:
        raise RegisterError(f"{pack}/{name} has no part {part!r}: {close_ones(part, parts)}")


def _postpone(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
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
    ruling = write_ruling(tx, county, ruling, {"due_on": row.due_on.isoformat()}, seen=seen)
    return Registered(ruling, True, f"postponed {key} from {first.isoformat()} to {until.isoformat()}")


def _is_upheld(standing: list[Ruling]) -> bool:
    objections = [ruling for ruling in standing if ruling.kind == "object"]
    about = f"ruling:{objections[-1].id}" if objections else ""
    answers = [ruling for ruling in standing if ruling.kind in ("uphold", "dismiss") and ruling.target == about]
    return bool(answers) and answers[-1].kind == "uphold"


def _revoke(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
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
    ruling = write_ruling(tx, county, ruling, kept, seen=seen)
    return Registered(ruling, True, f"revoked {target} ({revoked.kind} of {revoked.occurrence})")


_RECORDED: Mapping[RulingKind, Callable[[Tx, Rulebook, Ruling, int | None], Registered[Ruling]]] = {
    "accept": _weigh_proof,
    "reject": _weigh_proof,
    "extend": _weigh_proof,
    "waive": _exempt,
    "not-applicable": _exempt,
    "postpone": _postpone,
    "uphold": answer_objection,
    "dismiss": answer_objection,
    "revoke": _revoke,
}
