"""The county makes an assumed reading its own, by an act on record; and takes that back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Adoption
from tracker.core.values.facts import Ruling
from tracker.core.verdict.adoption import adoptions_in_force, assumed_readings, parse_reading_subject
from tracker.core.verdict.adoption import apply_adoptions as with_adoptions
from tracker.registers.checks import begin_act
from tracker.registers.errors import Registered, RegisterError, close_ones
from tracker.registers.golive import with_golive
from tracker.registers.rulings import write_ruling
from tracker.rulebook.canonical import build_adopted_body, digest_of
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import keep_document
from tracker.store.engine import Tx
from tracker.store.papers import rulings_of

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
    adopted, body = _in_force(tx, loaded, rulebook)
    if body:
        keep_document(tx, adopted.digest, "rulebook", body, now)
    return adopted


def _in_force(tx: Tx, loaded: Loaded, rulebook: Rulebook) -> tuple[Rulebook, str]:
    acts = adoptions(tx, rulebook)
    rulebook = replace(rulebook, county=with_golive(tx, rulebook.county))
    adopted = with_adoptions(rulebook, acts) if acts else rulebook
    if adopted.duties == rulebook.duties:
        return rulebook, ""
    body = build_adopted_body(adopted, loaded.bodies[rulebook.digest])
    return replace(adopted, digest=digest_of(body)), body


def adopt(tx: Tx, loaded: Loaded, rulebook: Rulebook, ruling: Ruling) -> Registered[Ruling | None]:
    """Adopt a reading (`reading:PACK/NAME`), or say that it is not adopted any longer, as the ruling's kind says.

    Adopted, its numbers are the county's own from now on: what fell due before is pressed from now, not from then.
    An adoption by the county's file is taken back there.
    """
    county, is_adoption = rulebook.county.id, ruling.kind == "adopt"
    begin_act(tx, county, ruling.recorded_at, by=ruling.by, reason=ruling.reason)
    pack, name = parse_reading_subject(ruling.occurrence)
    _check_reading(rulebook, pack, name, "adopted" if is_adoption else "no longer adopted")
    act = adoptions(tx, rulebook).get((pack, name))
    if is_adoption and act is not None:
        on = act.at.date().isoformat()
        return Registered(None, False, f"{act.by} adopted {pack}/{name} on {on}, nothing changed")
    if not is_adoption and act is None:
        return Registered(None, False, f"{pack}/{name} is not adopted, nothing changed")
    before, after = {"adopted": not is_adoption}, {"adopted": is_adoption}
    added = write_ruling(tx, county, ruling, before, after, action=f"reading.{ruling.kind}ed")
    keep_in_force(tx, loaded, rulebook, ruling.recorded_at)
    if is_adoption:
        return Registered(added, True, f"adopted {pack}/{name}: its numbers are the county's own from now on")
    return Registered(added, True, f"{pack}/{name} is not adopted any longer: its numbers are assumed again")


def _check_reading(rulebook: Rulebook, pack: str, reading: str, what: str) -> None:
    known = assumed_readings(rulebook)
    if (pack, reading) not in known:
        names = {f"{pack} {name}" for pack, name in known}
        hint = close_ones(f"{pack} {reading}", names)
        raise RegisterError(f"no reading {reading!r} with an assumed number in the pack {pack!r}: {hint}")
    if known[pack, reading]:
        file = f"rules/counties/{rulebook.county.id}/county.yaml"
        raise RegisterError(f"{file} lists {pack}/{reading} under `adopted`: it can be {what} only there")
