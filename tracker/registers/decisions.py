"""Records decisions of persons about occurrences. Each comes as a `Ruling` without an id and is returned with one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tracker.core.law.binding import binds_by_law, provisions_of
from tracker.core.law.counting import day_end, moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Within
from tracker.core.law.statutes import cite, grounds_in_force
from tracker.core.matching.filings import RELEASE_KINDS
from tracker.core.values.facts import Filing, Ruling, RulingKind
from tracker.core.values.message import ListedWord, Message
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
from tracker.registers.filed_events import record_filed_event
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
from tracker.store.occurrences import OccurrenceRow
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
        raise RegisterError("{by} asked for it: somebody else must approve", by=ruling.by)
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
    filing = _find_filing(tx, county.id, ruling) if ruling.kind == "accept" else None
    if filing is not None and is_same_person(filing.by, ruling.by):  # in the county office neither
        raise RegisterError(
            "{target} was filed by {by}: somebody else must accept it", target=ruling.target, by=filing.by
        )
    if ruling.as_seen and ruling.kind != "accept":
        raise RegisterError("as-seen belongs to accept: it says from when what is accepted counts")
    standing = list_standing_rulings(tx, county.id, key)
    earlier = [past for past in standing if (past.target, past.part) == (ruling.target, ruling.part)]
    if earlier and says_same(ruling, earlier[-1]):
        day = earlier[-1].recorded_at.date().isoformat()
        return Registered(
            earlier[-1], False, Message("{by} decided so on {day}, nothing changed", by=ruling.by, day=day)
        )
    if ruling.kind == "extend":
        _check_extension(obligation, ruling, standing, county.zone)
    ruling = write_ruling(tx, county.id, ruling, obligation.verdict, seen=seen)
    if filing is not None and filing.form == "event":
        return Registered(ruling, True, record_filed_event(tx, rulebook, filing, ruling))
    said = Message(
        "{kind} {key}: {target}" if ruling.target else "{kind} {key}",
        kind=ListedWord("kind", ruling.kind),
        key=key,
        target=ruling.target,
    )
    return Registered(ruling, True, said)


def _find_target(tx: Tx, rulebook: Rulebook, ruling: Ruling) -> str:
    """The target of the ruling, spelled as matching looks it up: the URL of an entry or `attestation:ID`."""
    key, target, county = ruling.occurrence, ruling.target, rulebook.county
    if ruling.kind == "extend":
        if target:
            raise RegisterError("extend is about the occurrence as a whole: leave {target!r} out", target=target)
        return ""
    check_texts(target=target)
    attestations = [filing for filing in list_filings(tx, county.id, key) if filing.kind == "attestation"]
    if target.startswith(_ATTESTATION):
        names = [f"{_ATTESTATION}{filing.id}" for filing in attestations]
        if target not in names:
            raise RegisterError(
                "no {target} was filed for {key} (filed: {names})",
                target=target,
                key=key,
                names=", ".join(names) or Message("none"),
            )
        return target
    for filing in attestations:
        if target == filing.proof or (filing.form == "file" and filing.proof.startswith(f"{target} sha256:")):
            return f"{_ATTESTATION}{filing.id}"
    # No crawl reads pages outside the county's sites; an unseen address on its own sites is a typing error.
    is_elsewhere = "://" in target and _parse_host(target) not in county.hosts
    if not is_elsewhere and not was_entry_seen(tx, county.id, target):
        raise RegisterError(
            "{target!r} was neither seen on the site nor filed for {key}: give the entry's whole "
            "address, or file it first (duban attest)",
            target=target,
            key=key,
        )
    return target


def _parse_host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError as error:
        raise RegisterError("{address!r} is no address: {error}", address=address, error=error) from None


def _find_filing(tx: Tx, county: str, ruling: Ruling) -> Filing | None:
    """The filing that the ruling is about; None where it is about an address."""
    filings = list_filings(tx, county, ruling.occurrence)
    return next((filing for filing in filings if f"{_ATTESTATION}{filing.id}" == ruling.target), None)


def _check_extension(obligation: Obligation, ruling: Ruling, standing: list[Ruling], zone: ZoneInfo) -> None:
    key, due_at = obligation.row.key, obligation.row.due_at
    if not isinstance(obligation.deadline, Within) or obligation.deadline.extension is None:
        raise RegisterError("{key} cannot be extended: its rule has no extension", key=key)
    _check_no_standstill(obligation.row)
    if due_at is None:
        raise RegisterError("{key} has no clock yet: record {name} first", key=key, name=obligation.deadline.event.name)
    if before := next((before for before in standing if before.kind == "extend"), None):
        raise RegisterError(
            "{key} was extended by {by} on {recorded_at}: only once",
            key=key,
            by=before.by,
            recorded_at=before.recorded_at.date().isoformat(),
        )
    if ruling.recorded_at >= due_at:
        last = due_at.astimezone(zone).isoformat(timespec="minutes")
        raise RegisterError("{key} was due before {last}: too late to extend it", key=key, last=last)


def _check_no_standstill(row: OccurrenceRow) -> None:
    """Refuse to move a due day that is not known because its clock stands."""
    if row.due_at is None and row.status is Status.PAUSED:
        raise RegisterError("the clock of {key} stands, nothing is due: {reason}", key=row.key, reason=row.reason)


def build_duty_subject(rulebook: Rulebook, duty_id: str, department: str) -> str:
    """The subject of a ruling on all occurrences of a department's duty, future ones included."""
    duties = [duty for duty in rulebook.duties if duty.id == duty_id]
    if not duties:
        raise RegisterError(
            "no duty {duty_id!r}: {hint}",
            duty_id=duty_id,
            hint=suggest_names(duty_id, {duty.id for duty in rulebook.duties}),
        )
    for duty in duties:
        if duty.assignment(department) is not None:
            return f"{duty.county}/{duty.pack}/{duty.id}/{department}/*"
    keys = {assignment.key for duty in duties for assignment in duty.assignments}
    raise RegisterError(
        "{duty_id} is not laid on {department!r}: {hint}",
        duty_id=duty_id,
        department=department,
        hint=suggest_names(department, keys),
    )


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
        raise RegisterError("an exemption until {until} would be over already", until=until.isoformat())
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
    said = Message(
        "{kind} {key} until {until} (ruling:{id})" if until else "{kind} {key} (ruling:{id})",
        kind=ListedWord("kind", ruling.kind),
        key=ruling.occurrence,
        until=until,
        id=ruling.id,
    )
    return Registered(ruling, True, said)


def _name_ground(rulebook: Rulebook, ruling: Ruling) -> Ruling:
    """The ruling with what its ground is called, and with the article of the act in force on the day it is made."""
    day = moment_day(ruling.recorded_at, rulebook.county.zone)
    known = {name: (title, cite([article])) for name, (title, article) in grounds_in_force(rulebook.acts, day).items()}
    known |= {name: (title, "") for name, title in OFFICE_GROUNDS.items()}
    for name, (title, article) in known.items():
        if ruling.ground in (name, title):
            return replace(ruling, ground=title, basis=ruling.basis or article)
    listed = "; ".join(f"{name} {title}{article}" for name, (title, article) in known.items())
    raise RegisterError(
        "no ground {ground!r} for a waiver on {day} (one of: {listed})", ground=ruling.ground, day=day, listed=listed
    )


def _check_part_of_duty(rulebook: Rulebook, subject: str, part: str) -> None:
    _, pack, duty_id, _, _ = subject.split("/")
    duty = rulebook.duty(pack, duty_id)
    parts = {known.name for known in duty.parts if known.name} if duty else set()
    if part not in parts:
        raise RegisterError(
            "{pack}/{duty_id} has no part {part!r}: {hint}",
            pack=pack,
            duty_id=duty_id,
            part=part,
            hint=suggest_names(part, parts),
        )


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
    obligation = find_obligation(tx, rulebook, key)
    row = obligation.row
    _check_no_standstill(row)
    if row.due_at is None or row.due_on is None:
        raise RegisterError("{key} has no clock yet: record its event first", key=key)
    if row.status is Status.MET:
        raise RegisterError("{key} is met, there is nothing to postpone: {reason}", key=key, reason=row.reason)
    standing = list_standing_rulings(tx, county, key)
    last = next((earlier for earlier in reversed(standing) if earlier.kind == "postpone"), None)
    first = date.fromisoformat(last.target) if last is not None else row.due_on
    ruling = replace(ruling, target=first.isoformat())
    if (repeat := answer_repeat(ruling, last)) is not None:
        return repeat
    _check_not_set_by_law(obligation)
    check_seen(tx, county, key, seen)
    if until <= first:
        raise RegisterError(
            "{until} is not later than the due day {first}: nothing to postpone",
            until=until.isoformat(),
            first=first.isoformat(),
        )
    if now >= day_end(until, zone):
        raise RegisterError("{until} has passed: a postponement leads to a day to come", until=until.isoformat())
    if now >= row.due_at and not _is_objection_upheld(standing):
        raise RegisterError(
            "{key} was due before {due_at}: it is postponed before that, or after an objection was "
            "upheld (duban object)",
            key=key,
            due_at=row.due_at.astimezone(zone).isoformat(timespec="minutes"),
        )
    ruling = write_ruling(tx, county, ruling, {"due_on": row.due_on.isoformat()}, seen=seen)
    return Registered(
        ruling,
        True,
        Message("postponed {key} from {first} to {until}", key=key, first=first.isoformat(), until=until.isoformat()),
    )


def _check_not_set_by_law(obligation: Obligation) -> None:
    """Refuse to postpone what a statute sets: nobody in the county can grant more time than the act itself allows."""
    row, deadline = obligation.row, obligation.deadline
    if not binds_by_law(row, obligation.duty):
        return
    articles = cite(provisions_of(row, obligation.duty))
    if isinstance(deadline, Within) and deadline.extension is not None:
        raise RegisterError(
            "{key} is due by {articles}, which nobody here can postpone: extend it as the act allows (duban extend), "
            "waive it (duban waive), or correct its event (duban event correct)",
            key=row.key,
            articles=articles,
        )
    raise RegisterError(
        "{key} is due by {articles}, which nobody here can postpone: waive it (duban waive), or correct its event "
        "(duban event correct)",
        key=row.key,
        articles=articles,
    )


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
        raise RegisterError("no {target} in {county} (duban decision list)", target=target, county=county)
    if revoked.kind in ("adopt", "unadopt"):
        raise RegisterError("an adoption is taken back by `duban reading unadopt`")
    if revoked.kind in ("golive", "ungolive"):
        raise RegisterError("going live is taken back by `duban golive --revoke`")
    filing = _find_filing(tx, county, revoked) if revoked.kind == "accept" else None
    if filing is not None and filing.form == "event":
        raise RegisterError("{target} recorded an event: withdraw or correct that (duban event)", target=target)
    if revoked.kind == "revoke":
        raise RegisterError("{target} takes another decision back: decide that anew instead", target=target)
    ruling = replace(ruling, occurrence=revoked.occurrence, part=revoked.part)
    rulings = list_rulings(tx, county, revoked.occurrence)
    last = next((earlier for earlier in rulings if earlier.kind == "revoke" and earlier.target == target), None)
    if (repeat := answer_repeat(ruling, last)) is not None:
        return repeat
    if last is not None:
        raise RegisterError("{target} is taken back already: {ruling}", target=target, ruling=describe_ruling(last))
    answers = [answer for answer in not_revoked(rulings) if answer.target == target]
    if answers:
        raise RegisterError(
            "{target} was answered: {ruling}; revoke that first", target=target, ruling=describe_ruling(answers[-1])
        )
    before = {"id": revoked.id, "kind": revoked.kind, "by": revoked.by, "reason": revoked.reason}
    ruling = write_ruling(tx, county, ruling, before, seen=seen)
    kind = ListedWord("kind", revoked.kind)
    said = Message("revoked {target} ({kind} of {key})", target=target, kind=kind, key=revoked.occurrence)
    return Registered(ruling, True, said)


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
