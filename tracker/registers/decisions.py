"""Records decisions of persons about occurrences. Each comes as a `Ruling` without an id and is returned with one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tracker.core.law.counting import day_end, moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Within
from tracker.core.law.statutes import cite, grounds_in_force
from tracker.core.matching.filings import RELEASE_KINDS
from tracker.core.values.facts import Ruling, RulingKind
from tracker.core.values.rulings import OFFICE_GROUNDS, not_revoked
from tracker.core.values.verdicts import Status
from tracker.registers.checks import (
    Obligation,
    begin_act,
    check_name,
    check_part,
    check_texts,
    find_obligation,
    is_same_person,
)
from tracker.registers.errors import Registered, RegisterError, suggest_names
from tracker.registers.objections import answer_objection
from tracker.registers.rulings import (
    answer_repeat,
    build_revocation_error,
    check_seen,
    describe_ruling,
    find_target_ruling,
    list_standing_rulings,
    says_same,
    write_ruling,
)
from tracker.store.engine import Tx
from tracker.store.filings import list_filings
from tracker.store.rulings import list_rulings
from tracker.store.site import was_entry_seen

_ATTESTATION = "attestation:"


def record_ruling(tx: Tx, rulebook: Rulebook, ruling: Ruling, *, seen: int | None = None) -> Registered[Ruling]:
    """Record a ruling after the checks of its kind. `by` approves it for `reason`; `asked_by` must be another person.

    The `target` of uphold, dismiss and revoke names the ruling that they are about; the occurrence follows from it.
    `seen`: how many rulings on the occurrence the person knew. Raises OvertakenError where another was made since.
    """
    begin_act(tx, rulebook.county.id, ruling.recorded_at, by=ruling.by, reason=ruling.reason)
    check_name("asked-by", ruling.asked_by)
    if is_same_person(ruling.asked_by, ruling.by):
        raise RegisterError(f"{ruling.by} asked for it: somebody else must approve")
    return _RECORDERS[ruling.kind](tx, rulebook, ruling, seen)


def _rule_on_proof(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
    """Accept or reject a proof, or grant the extension that the rule allows, once and before the due instant.

    The target of accept and reject is the URL of an entry or of a page outside the county's sites, `attestation:ID`,
    or the link or file name of a filed proof.
    """
    county, key = rulebook.county, ruling.occurrence
    obligation = find_obligation(tx, rulebook, key)
    check_part(obligation, ruling.part)
    ruling = replace(ruling, target=_find_target(tx, rulebook, ruling))
    if ruling.kind == "accept" and ruling.target.startswith(_ATTESTATION):
        _check_not_filer(tx, county.id, ruling)
    if ruling.as_seen and ruling.kind != "accept":
        raise RegisterError("as-seen belongs to accept: it says from when what is accepted counts")
    standing = list_standing_rulings(tx, county.id, key)
    earlier = [past for past in standing if (past.target, past.part) == (ruling.target, ruling.part)]
    if earlier and says_same(ruling, earlier[-1]):
        day = earlier[-1].recorded_at.date().isoformat()
        return Registered(earlier[-1], False, f"{ruling.by} decided so on {day}, nothing changed")
    if ruling.kind == "extend":
        _check_extension(obligation, ruling, standing, county.zone)
    ruling = write_ruling(tx, county.id, ruling, obligation.verdict, seen=seen)
    return Registered(ruling, True, f"{ruling.kind} {key}" + (f": {ruling.target}" if ruling.target else ""))


def _find_target(tx: Tx, rulebook: Rulebook, ruling: Ruling) -> str:
    """The target of the ruling, spelled as matching looks it up: the URL of an entry or `attestation:ID`."""
    key, target, county = ruling.occurrence, ruling.target, rulebook.county
    if ruling.kind == "extend":
        if target:
            raise RegisterError(f"extend is about the occurrence as a whole: leave {target!r} out")
        return ""
    check_texts(target=target)
    attestations = [filing for filing in list_filings(tx, county.id, key) if filing.kind == "attestation"]
    if target.startswith(_ATTESTATION):
        names = [f"{_ATTESTATION}{filing.id}" for filing in attestations]
        if target not in names:
            raise RegisterError(f"no {target} was filed for {key} (filed: {', '.join(names) or 'none'})")
        return target
    for filing in attestations:
        if target == filing.proof or (filing.form == "file" and filing.proof.startswith(f"{target} sha256:")):
            return f"{_ATTESTATION}{filing.id}"
    # No crawl reads pages outside the county's sites; an unseen address on its own sites is a typing error.
    is_elsewhere = "://" in target and _parse_host(target) not in county.hosts
    if not is_elsewhere and not was_entry_seen(tx, county.id, target):
        raise RegisterError(
            f"{target!r} was neither seen on the site nor filed for {key}: give the entry's whole address, "
            "or file it first (duban attest)"
        )
    return target


def _parse_host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError as error:
        raise RegisterError(f"{address!r} is no address: {error}") from None


def _check_not_filer(tx: Tx, county: str, ruling: Ruling) -> None:
    """Refuse that persons accept their own filing, those of the county office included."""
    for filing in list_filings(tx, county, ruling.occurrence):
        if f"{_ATTESTATION}{filing.id}" == ruling.target and is_same_person(filing.by, ruling.by):
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


def build_duty_subject(rulebook: Rulebook, duty_id: str, department: str) -> str:
    """The subject of a ruling on all occurrences of a department's duty, future ones included."""
    duties = [duty for duty in rulebook.duties if duty.id == duty_id]
    if not duties:
        raise RegisterError(f"no duty {duty_id!r}: {suggest_names(duty_id, {duty.id for duty in rulebook.duties})}")
    for duty in duties:
        if duty.assignment(department) is not None:
            return f"{duty.county}/{duty.pack}/{duty.id}/{department}/*"
    keys = {assignment.key for duty in duties for assignment in duty.assignments}
    raise RegisterError(f"{duty_id} is not laid on {department!r}: {suggest_names(department, keys)}")


def _exempt(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
    """Waive one occurrence on a ground, or rule that it or a whole duty (`…/*`) does not apply.

    `basis` is the article of law, left out where an act names the ground; after the day `until` the duty applies
    again. Proofs found before stay valid.
    """
    if ruling.kind == "waive":
        check_texts(asked=ruling.asked_by)
        ruling = _name_ground(rulebook, ruling)
    check_texts(basis=ruling.basis)
    verdict = None
    if ruling.kind == "waive" or not ruling.occurrence.endswith("/*"):
        obligation = find_obligation(tx, rulebook, ruling.occurrence)
        check_part(obligation, ruling.part)
        verdict = obligation.verdict
    elif ruling.part is not None:
        _check_part_of_duty(rulebook, ruling.occurrence, ruling.part)
    county, zone, now, until = rulebook.county.id, rulebook.county.zone, ruling.recorded_at, ruling.until
    if until is not None and now >= day_end(until, zone):
        raise RegisterError(f"an exemption until {until.isoformat()} would be over already")
    standing = list_standing_rulings(tx, county, ruling.occurrence)
    releases = [earlier for earlier in standing if earlier.kind in RELEASE_KINDS and earlier.part == ruling.part]
    last = releases[-1] if releases else None
    if last is not None and last.until is not None and now >= day_end(last.until, zone):
        last = None
    if (repeat := answer_repeat(ruling, last)) is not None:
        return repeat
    check_seen(tx, county, ruling.occurrence, seen)
    if last is not None:
        raise build_revocation_error(last)
    ruling = write_ruling(tx, county, ruling, verdict, seen=seen)
    end = f" until {until.isoformat()}" if until else ""
    return Registered(ruling, True, f"{ruling.kind} {ruling.occurrence}{end} (ruling:{ruling.id})")


def _name_ground(rulebook: Rulebook, ruling: Ruling) -> Ruling:
    """The ruling with what its ground is called, and with the article of the act in force on the day it is made."""
    day = moment_day(ruling.recorded_at, rulebook.county.zone)
    known = {name: (title, cite([article])) for name, (title, article) in grounds_in_force(rulebook.acts, day).items()}
    known |= {name: (title, "") for name, title in OFFICE_GROUNDS.items()}
    for name, (title, article) in known.items():
        if ruling.ground in (name, title):
            return replace(ruling, ground=title, basis=ruling.basis or article)
    listed = "; ".join(f"{name} {title}{article}" for name, (title, article) in known.items())
    raise RegisterError(f"no ground {ruling.ground!r} for a waiver on {day} (one of: {listed})")


def _check_part_of_duty(rulebook: Rulebook, subject: str, part: str) -> None:
    _, pack, duty_id, _, _ = subject.split("/")
    duty = rulebook.duty(pack, duty_id)
    parts = {known.name for known in duty.parts if known.name} if duty else set()
    if part not in parts:
        raise RegisterError(f"{pack}/{duty_id} has no part {part!r}: {suggest_names(part, parts)}")


def _postpone(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
    """Postpone the due day to `until`. It must be recorded before the due instant or after an objection was upheld.

    A further postponement replaces the last one and keeps its `target`, the original due day; `until` is later.
    """
    check_texts(asked=ruling.asked_by)
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
    standing = list_standing_rulings(tx, county, key)
    last = next((earlier for earlier in reversed(standing) if earlier.kind == "postpone"), None)
    first = date.fromisoformat(last.target) if last is not None else row.due_on
    ruling = replace(ruling, target=first.isoformat())
    if (repeat := answer_repeat(ruling, last)) is not None:
        return repeat
    check_seen(tx, county, key, seen)
    if until <= first:
        raise RegisterError(
            f"{until.isoformat()} is not later than the due day {first.isoformat()}: nothing to postpone"
        )
    if now >= day_end(until, zone):
        raise RegisterError(f"{until.isoformat()} has passed: a postponement leads to a day to come")
    if now >= row.due_at and not _is_objection_upheld(standing):
        raise RegisterError(
            f"{key} was due before {row.due_at.astimezone(zone).isoformat(timespec='minutes')}: it is postponed "
            "before that, or after an objection was upheld (duban object)"
        )
    ruling = write_ruling(tx, county, ruling, {"due_on": row.due_on.isoformat()}, seen=seen)
    return Registered(ruling, True, f"postponed {key} from {first.isoformat()} to {until.isoformat()}")


def _is_objection_upheld(standing: list[Ruling]) -> bool:
    """Whether the last answer to the last objection upholds it."""
    objections = [ruling for ruling in standing if ruling.kind == "object"]
    target = f"ruling:{objections[-1].id}" if objections else ""
    answers = [ruling for ruling in standing if ruling.kind in ("uphold", "dismiss") and ruling.target == target]
    return bool(answers) and answers[-1].kind == "uphold"


def _revoke(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
    """Revoke a ruling: it stays on record without effect, and an earlier ruling takes effect again."""
    county, target = rulebook.county.id, ruling.target
    revoked = find_target_ruling(tx, county, ruling)
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
    last = next((earlier for earlier in rulings if earlier.kind == "revoke" and earlier.target == target), None)
    if (repeat := answer_repeat(ruling, last)) is not None:
        return repeat
    if last is not None:
        raise RegisterError(f"{target} is taken back already: {describe_ruling(last)}")
    answers = [answer for answer in not_revoked(rulings) if answer.target == target]
    if answers:
        raise RegisterError(f"{target} was answered: {describe_ruling(answers[-1])}; revoke that first")
    before = {"id": revoked.id, "kind": revoked.kind, "by": revoked.by, "reason": revoked.reason}
    ruling = write_ruling(tx, county, ruling, before, seen=seen)
    return Registered(ruling, True, f"revoked {target} ({revoked.kind} of {revoked.occurrence})")


_RECORDERS: Mapping[RulingKind, Callable[[Tx, Rulebook, Ruling, int | None], Registered[Ruling]]] = {
    "accept": _rule_on_proof,
    "reject": _rule_on_proof,
    "extend": _rule_on_proof,
    "waive": _exempt,
    "not-applicable": _exempt,
    "postpone": _postpone,
    "uphold": answer_objection,
    "dismiss": answer_objection,
    "revoke": _revoke,
}
