"""Filing what proves a duty where no crawl can: attestations, zero reports, "still right"."""

from __future__ import annotations

import hashlib
from datetime import datetime, time
from typing import Any, Literal

from tracker.core.counting import moment_day
from tracker.core.duties import Deadline, Every, Rulebook, Within
from tracker.core.facts import Filing, Moment
from tracker.core.occurrences import Window
from tracker.core.periods import split_label, window_of
from tracker.core.verdicts import Status
from tracker.registers.checks import Owed, check_moment, check_now, check_part, check_words, find_owed, is_future
from tracker.registers.errors import Registered, RegisterError
from tracker.store.counties import lock_county
from tracker.store.engine import Tx
from tracker.store.events import list_events
from tracker.store.journal import JournalEntry, append
from tracker.store.papers import add_filing, find_filing

Form = Literal["link", "file", "statement"]

#: Something is published, as far as was last decided: nothing is left for a zero report to say.
_PUBLISHED = {Status.MET, Status.MET_LATE, Status.MET_DISPUTED, Status.INCOMPLETE}


def file_proof(name: str, content: bytes) -> str:
    """How a file stands as proof: by its name and the hash of what it held."""
    return f"{name} sha256:{hashlib.sha256(content).hexdigest()}"


async def file_attestation(
    tx: Tx,
    rulebook: Rulebook,
    *,
    occurrence: str,
    form: Form,
    proof: str,
    by: str,
    now: datetime,
    part: str | None = None,
    claimed: Moment | None = None,
) -> Registered[Filing]:
    """File a proof; it counts once a person accepts `attestation:ID`."""
    check_now(now)
    check_words(by=by, proof=proof)
    _check_claim(rulebook, claimed, now)
    if form == "link" and not proof.startswith(("http://", "https://")):
        raise RegisterError(f"link {proof!r}: give the whole address, https://…")
    await lock_county(tx, rulebook.county.id)
    owed = await find_owed(tx, rulebook, occurrence)
    _check_started(owed)
    check_part(owed, part)
    filed = await _file(tx, rulebook, owed, "attestation", by, now, form=form, proof=proof, part=part, claimed=claimed)
    if filed.changed:
        message = f"filed attestation:{filed.value.id}; it counts once accepted (duban evidence accept)"
        return Registered(filed.value, True, message)
    return filed


async def file_zero_report(
    tx: Tx, rulebook: Rulebook, *, occurrence: str, by: str, now: datetime, statement: str = ""
) -> Registered[Filing]:
    """Report that nothing arose in the period: by its deadline, and only where nothing did."""
    check_now(now)
    check_words(by=by)
    await lock_county(tx, rulebook.county.id)
    owed = await find_owed(tx, rulebook, occurrence)
    if (before := await find_filing(tx, rulebook.county.id, "zero-report", occurrence)) is not None:
        return Registered(before, False, f"a zero report by {before.by} is on record already, nothing changed")
    await _check_nothing_arose(tx, rulebook, owed, now)
    return await _file(tx, rulebook, owed, "zero-report", by, now, reason=statement)


async def file_upkeep(
    tx: Tx, rulebook: Rulebook, *, occurrence: str, by: str, now: datetime, statement: str = ""
) -> Registered[Filing]:
    """Report that what is kept current is still right."""
    check_now(now)
    check_words(by=by)
    await lock_county(tx, rulebook.county.id)
    owed = await find_owed(tx, rulebook, occurrence)
    if not (isinstance(owed.deadline, Every) and owed.deadline.upkeep):
        raise RegisterError(f"{occurrence} is not a period of upkeep; to prove it: duban attest")
    _check_open(owed, rulebook, now)
    return await _file(tx, rulebook, owed, "upkeep", by, now, reason=statement)


async def _file(
    tx: Tx,
    rulebook: Rulebook,
    owed: Owed,
    kind: Literal["attestation", "zero-report", "upkeep"],
    by: str,
    now: datetime,
    reason: str = "",
    **what: Any,
) -> Registered[Filing]:
    county, key = rulebook.county.id, owed.row.key
    filing = await add_filing(tx, county, kind=kind, occurrence=key, by=by, now=now, **what)
    if filing is None:
        where = {name: what[name] for name in ("form", "proof", "part") if name in what}
        before = await find_filing(tx, county, kind, key, **where)
        assert before is not None
        return Registered(before, False, f"{kind}:{before.id} of {key} is on record already, nothing changed")
    after = {"id": filing.id, "form": filing.form, "proof": filing.proof, "part": filing.part}
    if filing.claimed is not None:
        after["claimed"] = filing.claimed.isoformat()
    await append(tx, county, [JournalEntry(by, f"{kind}.filed", key, None, after, reason)], now)
    return Registered(filing, True, f"filed {kind}:{filing.id} for {key}")


def _check_claim(rulebook: Rulebook, claimed: Moment | None, now: datetime) -> None:
    if claimed is None:
        return
    check_moment(claimed, "the claimed date")
    if is_future(claimed, rulebook, now):
        raise RegisterError(f"the claimed date {claimed.isoformat()} lies in the future")


def _check_started(owed: Owed) -> None:
    deadline = owed.deadline
    if owed.row.due_at is None and isinstance(deadline, Within):
        raise RegisterError(
            f"{owed.row.key} waits for {deadline.event.name}: record it first (duban event add {deadline.event.name})"
        )


def _check_open(owed: Owed, rulebook: Rulebook, now: datetime) -> None:
    opens_on = owed.row.opens_on
    if opens_on is not None and now < datetime.combine(opens_on, time(), rulebook.county.zone):
        raise RegisterError(f"{owed.row.key} opens on {opens_on.isoformat()}, nothing can be reported before")


async def _check_nothing_arose(tx: Tx, rulebook: Rulebook, owed: Owed, now: datetime) -> None:
    row, deadline, zone = owed.row, owed.deadline, rulebook.county.zone
    if not deadline.zero_report:
        raise RegisterError(f"{row.key} takes no zero report: its rule requires the publication itself")
    _check_open(owed, rulebook, now)
    if row.due_at is not None and now >= row.due_at:
        last = row.due_at.astimezone(zone).isoformat(timespec="minutes")
        raise RegisterError(f"{row.key} was due before {last}: a zero report is taken only by the deadline")
    if row.status in _PUBLISHED:
        raise RegisterError(f"{row.key} takes no zero report, something was published: {row.reason}")
    window = _window(owed)
    names = _clocks(owed)
    for stored in await list_events(tx, rulebook.county.id):
        event = stored.event
        mine = event.name in names and event.department in owed.assignment.members
        day = moment_day(event.occurred, zone)
        if mine and event.duty in (None, owed.duty.id) and day in window:
            what = f"{event.name}:{event.reference} of {day.isoformat()}"
            raise RegisterError(f"{row.key} takes no zero report: {what} lies in its period")


def _window(owed: Owed) -> Window:
    """The days a zero report speaks of: the period's, or up to the day itself."""
    base, _ = split_label(owed.row.label)
    if isinstance(owed.deadline, Every):
        return window_of(base)
    opens_on, due_on = owed.row.opens_on, owed.row.due_on
    assert opens_on is not None
    assert due_on is not None
    return Window(opens_on, due_on)


def _clocks(owed: Owed) -> set[str]:
    """The events that start something in the same parts."""
    deadlines: list[Deadline] = [one for name in owed.parts for one in owed.duty.part(name).deadlines]
    return {one.event.name for one in deadlines if isinstance(one, Within)}
