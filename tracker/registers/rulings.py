"""A person decides what counts, or grants the extension of a rule. It beats every pattern and is journalled."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tracker.core.law.duties import Rulebook, Within
from tracker.core.values.facts import Ruling
from tracker.core.values.rulings import not_revoked
from tracker.registers.checks import Owed, check_now, check_part, check_words, find_owed, same_person
from tracker.registers.decided import check_seen
from tracker.registers.errors import Registered, RegisterError
from tracker.store.counties import lock_county
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append
from tracker.store.papers import add_ruling, entry_was_seen, list_filings, list_rulings

RulingKind = Literal["accept", "reject", "extend"]
_ATTESTATION = "attestation:"


def rule(
    tx: Tx,
    rulebook: Rulebook,
    *,
    kind: RulingKind,
    occurrence: str,
    by: str,
    reason: str,
    now: datetime,
    target: str = "",
    part: str | None = None,
    as_seen: bool = False,
    asked_by: str | None = None,
    seen: int | None = None,
) -> Registered[Ruling]:
    """Decide. `by` approves, `reason` is the basis, `asked_by` asked for it and must be another person.

    `target` (accept, reject): an entry's URL, one outside the county's sites, `attestation:ID`, or the
    link or file name of a filed proof. `seen`: how many decisions about it the person knew; where another was made
    since, nothing is written.
    """
    check_now(now)
    check_words(by=by, reason=reason)
    if asked_by is not None and same_person(asked_by, by):
        raise RegisterError(f"{by} asked for it: somebody else must approve")
    county = rulebook.county.id
    lock_county(tx, county)
    owed = find_owed(tx, rulebook, occurrence)
    check_part(owed, part)
    target = _target(tx, rulebook, owed, kind, target)
    if kind == "accept" and target.startswith(_ATTESTATION):
        _check_other_person(tx, county, occurrence, target, by)
    if as_seen and kind != "accept":
        raise RegisterError("as-seen belongs to accept: it says from when what is accepted counts")
    rulings = not_revoked(list_rulings(tx, county, occurrence))
    if (same := _standing(rulings, kind, by, reason, target, part, as_seen)) is not None:
        return Registered(same, False, f"{by} decided so on {same.recorded_at.date().isoformat()}, nothing changed")
    if kind == "extend":
        _check_extension(owed, rulings, rulebook.county.zone, now)
    check_seen(tx, rulebook, occurrence, seen)
    ruling = add_ruling(
        tx, county, kind=kind, occurrence=occurrence, by=by, reason=reason, now=now, target=target, part=part,
        as_seen=as_seen, seen=seen,
    )  # fmt: skip
    assert ruling is not None  # under the county's lock nobody comes in between
    after = {"id": ruling.id, "target": target, "part": part, "as_seen": as_seen, "asked_by": asked_by}
    shown = {name: value for name, value in after.items() if value}
    before = {"status": owed.row.status.value, "reason": owed.row.reason}
    append(tx, county, [JournalEntry(by, f"ruling.{kind}", occurrence, before, shown, reason)], now)
    return Registered(ruling, True, f"{kind} {occurrence}" + (f": {target}" if target else ""))


def _target(tx: Tx, rulebook: Rulebook, owed: Owed, kind: RulingKind, target: str) -> str:
    """What is accepted or rejected, by the name under which it is matched."""
    key, county = owed.row.key, rulebook.county
    if kind not in ("accept", "reject"):
        if target:
            raise RegisterError(f"{kind} is about the occurrence as a whole: leave {target!r} out")
        return ""
    check_words(target=target)
    filed = [one for one in list_filings(tx, county.id, key) if one.kind == "attestation"]
    if target.startswith("attestation:"):
        if target not in {f"attestation:{one.id}" for one in filed}:
            known = ", ".join(f"attestation:{one.id}" for one in filed) or "none"
            raise RegisterError(f"no {target} was filed for {key} (filed: {known})")
        return target
    for one in filed:
        if target == one.proof or (one.form == "file" and one.proof.startswith(f"{target} sha256:")):
            return f"attestation:{one.id}"
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


def _check_other_person(tx: Tx, county: str, occurrence: str, target: str, by: str) -> None:
    """Nobody lets count what they filed themselves, in the county office neither."""
    for one in list_filings(tx, county, occurrence):
        if f"{_ATTESTATION}{one.id}" == target and same_person(one.by, by):
            raise RegisterError(f"{target} was filed by {one.by}: somebody else must accept it")


def _standing(
    rulings: list[Ruling], kind: RulingKind, by: str, reason: str, target: str, part: str | None, as_seen: bool
) -> Ruling | None:
    """The latest decision about the same thing, if it says the same."""
    about = [one for one in rulings if one.target == target and one.part == part]
    said = (kind, by, reason, as_seen)
    last = about[-1] if about else None
    return last if last and (last.kind, last.by, last.reason, last.as_seen) == said else None


def _check_extension(owed: Owed, rulings: list[Ruling], zone: ZoneInfo, now: datetime) -> None:
    key, due_at = owed.row.key, owed.row.due_at
    if not isinstance(owed.deadline, Within) or owed.deadline.extension is None:
        raise RegisterError(f"{key} cannot be extended: its rule has no extension")
    if due_at is None:
        raise RegisterError(f"{key} has no clock yet: record {owed.deadline.event.name} first")
    if before := next((one for one in rulings if one.kind == "extend"), None):
        raise RegisterError(f"{key} was extended by {before.by} on {before.recorded_at.date().isoformat()}: only once")
    if now >= due_at:
        last = due_at.astimezone(zone).isoformat(timespec="minutes")
        raise RegisterError(f"{key} was due before {last}: too late to extend it")
