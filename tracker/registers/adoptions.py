"""Records that the county adopts an assumed reading or takes that back, and applies adoptions to the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tracker.core.law.assumed_rules import Adoption
from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Ruling
from tracker.core.values.message import Message
from tracker.core.verdict.adoption import adoptions_in_force, assumed_readings, parse_reading_subject
from tracker.core.verdict.adoption import apply_adoptions as with_adoptions
from tracker.registers.checks import begin_act
from tracker.registers.errors import Registered, RegisterError, suggest_names
from tracker.registers.golive import apply_golive
from tracker.registers.rulings import write_ruling
from tracker.rulebook.canonical import build_adopted_body, digest_of
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import store_document
from tracker.store.engine import Tx
from tracker.store.rulings import list_rulings_of_kinds

_KINDS = ("adopt", "unadopt")


def load_adoptions(tx: Tx, rulebook: Rulebook) -> dict[tuple[str, str], Adoption]:
    """The adoptions in force that were recorded as rulings, by pack and name of the reading."""
    return adoptions_in_force(list_rulings_of_kinds(tx, rulebook.county.id, _KINDS), rulebook.county.zone)


def load_rules_in_force(tx: Tx, loaded: Loaded, rulebook: Rulebook) -> Rulebook:
    """The county's rules with its recorded adoptions and its recorded live spans.

    Adoptions give the rulebook a digest of its own, which decisions name; live spans do not change the digest.
    """
    return _apply_rulings(tx, loaded, rulebook)[0]


def store_rules_in_force(tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime) -> Rulebook:
    """Load the rules in force and store their document, so that earlier decisions can be explained by it."""
    adopted, body = _apply_rulings(tx, loaded, rulebook)
    if body:
        store_document(tx, adopted.digest, "rulebook", body, now)
    return adopted


def _apply_rulings(tx: Tx, loaded: Loaded, rulebook: Rulebook) -> tuple[Rulebook, str]:
    """The rules in force and, where an adoption changes them, their document."""
    adoptions = load_adoptions(tx, rulebook)
    rulebook = replace(rulebook, county=apply_golive(tx, rulebook.county))
    adopted = with_adoptions(rulebook, adoptions) if adoptions else rulebook
    if adopted.duties == rulebook.duties:
        return rulebook, ""
    body = build_adopted_body(adopted, loaded.bodies[rulebook.digest])
    return replace(adopted, digest=digest_of(body)), body


def record_adoption(tx: Tx, loaded: Loaded, rulebook: Rulebook, ruling: Ruling) -> Registered[Ruling | None]:
    """Record that a reading (`reading:PACK/NAME`) is adopted (kind `adopt`) or no longer adopted (`unadopt`).

    From then on its numbers are the county's own; escalation of what fell due before starts now, not at its due date.
    A reading that the county's file lists as adopted is refused here.
    """
    county, is_adoption = rulebook.county.id, ruling.kind == "adopt"
    begin_act(tx, county, ruling.recorded_at, by=ruling.by, reason=ruling.reason)
    pack, name = parse_reading_subject(ruling.occurrence)
    _check_reading(rulebook, pack, name, Message("adopted" if is_adoption else "no longer adopted"))
    adoption = load_adoptions(tx, rulebook).get((pack, name))
    if is_adoption and adoption is not None:
        day = adoption.at.date().isoformat()
        return Registered(
            None,
            False,
            Message(
                "{by} adopted {pack}/{name} on {day}, nothing changed", by=adoption.by, pack=pack, name=name, day=day
            ),
        )
    if not is_adoption and adoption is None:
        return Registered(None, False, Message("{pack}/{name} is not adopted, nothing changed", pack=pack, name=name))
    before, after = {"adopted": not is_adoption}, {"adopted": is_adoption}
    added = write_ruling(tx, county, ruling, before, after, action=f"reading.{ruling.kind}ed")
    store_rules_in_force(tx, loaded, rulebook, ruling.recorded_at)
    if is_adoption:
        return Registered(
            added,
            True,
            Message("adopted {pack}/{name}: its numbers are the county's own from now on", pack=pack, name=name),
        )
    return Registered(
        added,
        True,
        Message("{pack}/{name} is not adopted any longer: its numbers are assumed again", pack=pack, name=name),
    )


def _check_reading(rulebook: Rulebook, pack: str, reading: str, change: Message) -> None:
    """Check that the reading has an assumed number and is not adopted by the county's file. `change`: for the error."""
    known = assumed_readings(rulebook)
    if (pack, reading) not in known:
        names = {f"{pack} {name}" for pack, name in known}
        hint = suggest_names(f"{pack} {reading}", names)
        raise RegisterError(
            "no reading {reading!r} with an assumed number in the pack {pack!r}: {hint}",
            reading=reading,
            pack=pack,
            hint=hint,
        )
    if known[pack, reading]:
        file = f"rules/counties/{rulebook.county.id}/county.yaml"
        raise RegisterError(
            "{file} lists {pack}/{reading} under `adopted`: it can be {change} only there",
            file=file,
            pack=pack,
            reading=reading,
            change=change,
        )
