"""What counts as proof, by a person's decision, which beats every pattern; and the extension of a rule."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Within
from tracker.core.values.facts import Ruling
from tracker.registers.checks import Obligation, check_part, check_words, find_obligation, same_person
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.rulings import is_same, standing_rulings, write_ruling
from tracker.store.engine import Tx
from tracker.store.papers import entry_was_seen, list_filings

_ATTESTATION = "attestation:"


def weigh_proof(tx: Tx, rulebook: Rulebook, ruling: Ruling, seen: int | None) -> Registered[Ruling]:
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
    ruling = write_ruling(tx, county.id, ruling, obligation.verdict, seen)
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
