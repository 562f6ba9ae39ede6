"""The county makes an assumed reading its own, by an act on record; and takes that back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tracker.core.law.duties import Adoption, Rulebook
from tracker.core.values.facts import Ruling
from tracker.core.verdict.adoption import adoptions_in_force, assumed_readings, reading_subject
from tracker.core.verdict.adoption import apply_adoptions as with_adoptions
from tracker.registers.checks import check_now, check_words
from tracker.registers.errors import Registered, RegisterError, close_ones
from tracker.rulebook.canonical import adopted_body, digest_of
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import lock_county
from tracker.store.documents import keep
from tracker.store.engine import Tx
from tracker.store.golive import with_golive
from tracker.store.journal import JournalEntry, append
from tracker.store.papers import add_ruling, rulings_of

_KINDS = ("adopt", "unadopt")


def adoptions(tx: Tx, rulebook: Rulebook) -> dict[tuple[str, str], Adoption]:
    """The readings that stand adopted by an act, by pack and name."""
    return adoptions_in_force(rulings_of(tx, rulebook.county.id, _KINDS), rulebook.county.zone)


def in_force(tx: Tx, loaded: Loaded, rulebook: Rulebook) -> Rulebook:
    """The county's rules with what its acts adopted, under a hash of their own: that is what decisions name; and the
    county live where an act made it so, which is no rule and has no part in the hash."""
    return _in_force(tx, loaded, rulebook)[0]


def keep_in_force(tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime) -> Rulebook:
    """The same; its body is kept, so that a day on which it held can be read as it stood."""
    found, body = _in_force(tx, loaded, rulebook)
    if body:
        keep(tx, found.digest, "rulebook", body, now)
    return found


def _in_force(tx: Tx, loaded: Loaded, rulebook: Rulebook) -> tuple[Rulebook, str]:
    acts = adoptions(tx, rulebook)
    rulebook = replace(rulebook, county=with_golive(tx, rulebook.county))
    found = with_adoptions(rulebook, acts) if acts else rulebook
    if found.duties == rulebook.duties:
        return rulebook, ""
    body = adopted_body(found, loaded.bodies[rulebook.digest])
    return replace(found, digest=digest_of(body)), body


def adopt(
    tx: Tx, loaded: Loaded, rulebook: Rulebook, *, pack: str, reading: str, by: str, reason: str, now: datetime
) -> Registered[Ruling | None]:
    """From now on the reading's numbers are the county's own. What fell due before is pressed from now, not from then.

    `by` decided it, `reason` is the basis: the document or meeting.
    """
    check_now(now)
    check_words(by=by, reason=reason)
    lock_county(tx, rulebook.county.id)
    _check_reading(rulebook, pack, reading, "adopted")
    if (act := adoptions(tx, rulebook).get((pack, reading))) is not None:
        said = f"{act.by} adopted {pack}/{reading} on {act.at.date().isoformat()}"
        return Registered(None, False, f"{said}, nothing changed")
    ruling = _write(tx, rulebook, "adopt", pack, reading, by, reason, now)
    keep_in_force(tx, loaded, rulebook, now)
    return Registered(ruling, True, f"adopted {pack}/{reading}: its numbers are the county's own from now on")


def unadopt(
    tx: Tx, loaded: Loaded, rulebook: Rulebook, *, pack: str, reading: str, by: str, reason: str, now: datetime
) -> Registered[Ruling | None]:
    """Its numbers are assumed again. An adoption by the county's file is taken back there."""
    check_now(now)
    check_words(by=by, reason=reason)
    lock_county(tx, rulebook.county.id)
    _check_reading(rulebook, pack, reading, "no longer adopted")
    if (pack, reading) not in adoptions(tx, rulebook):
        return Registered(None, False, f"{pack}/{reading} is not adopted, nothing changed")
    ruling = _write(tx, rulebook, "unadopt", pack, reading, by, reason, now)
    keep_in_force(tx, loaded, rulebook, now)
    return Registered(ruling, True, f"{pack}/{reading} is not adopted any longer: its numbers are assumed again")


def _check_reading(rulebook: Rulebook, pack: str, reading: str, what: str) -> None:
    known = assumed_readings(rulebook)
    if (pack, reading) not in known:
        names = {f"{pack} {name}" for pack, name in known}
        hint = close_ones(f"{pack} {reading}", names)
        raise RegisterError(f"no reading {reading!r} with an assumed number in the pack {pack!r}: {hint}")
    if known[pack, reading]:
        file = f"rules/counties/{rulebook.county.id}/county.yaml"
        raise RegisterError(f"{file} lists {pack}/{reading} under `adopted`: it can be {what} only there")


def _write(
    tx: Tx, rulebook: Rulebook, kind: str, pack: str, reading: str, by: str, reason: str, now: datetime
) -> Ruling:
    county, subject = rulebook.county.id, reading_subject(pack, reading)
    ruling = add_ruling(tx, county, kind=kind, occurrence=subject, by=by, reason=reason, now=now)
    assert ruling is not None  # under the county's lock nobody comes in between
    before, after = {"adopted": kind != "adopt"}, {"adopted": kind == "adopt"}
    append(tx, county, [JournalEntry(by, f"reading.{kind}ed", subject, before, after, reason)], now)
    return ruling
