"""Filing what proves a duty where no crawl can: attestations, zero reports, "still right"; and taking it back."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import datetime, time
from typing import Any, Literal

from tracker.core.law.counting import moment_day
from tracker.core.law.duties import Deadline, Every, Rulebook, Within
from tracker.core.law.occurrences import Window
from tracker.core.law.periods import split_label, window_of
from tracker.core.matching.filings import FilingIndex
from tracker.core.values.facts import Filing, Moment
from tracker.core.values.rulings import not_revoked
from tracker.core.values.verdicts import Light, Status
from tracker.registers.checks import (
    Owed,
    check_moment,
    check_now,
    check_part,
    check_words,
    find_owed,
    is_future,
    same_person,
)
from tracker.registers.errors import Registered, RegisterError
from tracker.store.counties import lock_county
from tracker.store.engine import Tx
from tracker.store.events import list_events
from tracker.store.journal import JournalEntry, append
from tracker.store.papers import (
    StoredFiling,
    add_filed_file,
    add_filing,
    filing_by_number,
    find_filing,
    list_filings,
    list_rulings,
    withdraw_filing,
)

FilingForm = Literal["link", "file", "statement"]

#: Something is published, as far as was last decided: nothing is left for a zero report to say.
_PUBLISHED = {Status.MET, Status.MET_LATE, Status.MET_DISPUTED, Status.INCOMPLETE}
#: A host, and nothing that would end an address in a page or a mail.
_ADDRESS = re.compile(r"https?://[^\s/?#<>\"][^\s<>\"]*", re.IGNORECASE)
_LONGEST_LINK, _LONGEST_STATEMENT, _LONGEST_FILE_NAME = 2048, 4000, 200


def check_file_name(name: str) -> str:
    """The name under which a file may be filed: what people read is what it is called."""
    shown = unicodedata.normalize("NFC", name)
    hidden = [one for one in shown if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") or one in "/\\"]
    if hidden:
        codes = ", ".join(f"U+{ord(one):04X}" for one in dict.fromkeys(hidden))
        raise RegisterError(f"the file's name {shown!a} holds what nobody sees ({codes}): name it anew")
    if not shown.strip() or len(shown) > _LONGEST_FILE_NAME:
        raise RegisterError(f"the file's name: 1 to {_LONGEST_FILE_NAME} characters, not {len(shown)}")
    return shown


def file_proof(name: str, content: bytes) -> str:
    """How a file stands as proof: by its name and the hash of what it held."""
    return f"{name} sha256:{hashlib.sha256(content).hexdigest()}"


def file_attestation(
    tx: Tx,
    rulebook: Rulebook,
    *,
    occurrence: str,
    form: FilingForm,
    proof: str,
    by: str,
    now: datetime,
    part: str | None = None,
    claimed: Moment | None = None,
    kind: str = "",
    size: int = 0,
) -> Registered[Filing]:
    """File a proof; it counts once another person accepts `attestation:ID`.

    `kind`, `size`: of a file that the caller keeps, what it is by its content and its bytes.
    """
    check_now(now)
    check_words(by=by, proof=proof)
    _check_claim(rulebook, claimed, now)
    _check_proof(form, proof)
    county = rulebook.county.id
    lock_county(tx, county)
    owed = find_owed(tx, rulebook, occurrence)
    check_part(owed, part)
    what: dict[str, Any] = {"form": form, "proof": proof, "part": part}
    if (before := find_filing(tx, county, "attestation", occurrence, **what)) is not None:
        return Registered(before, False, _stands(tx, county, before))
    _check_started(owed)
    _check_open(owed, rulebook, now)
    _check_unsettled(owed)
    filed = _file(tx, rulebook, owed, "attestation", by, now, claimed=claimed, **what)
    if kind:
        add_filed_file(tx, county, filed.value.digest, kind, size, now)
    message = f"filed attestation:{filed.value.id}; it counts once accepted (duban attest accept {filed.value.id})"
    return Registered(filed.value, True, message)


def file_zero_report(
    tx: Tx, rulebook: Rulebook, *, occurrence: str, by: str, now: datetime, statement: str = ""
) -> Registered[Filing]:
    """Report that nothing arose in the period: by its deadline, and only where nothing did."""
    check_now(now)
    check_words(by=by)
    lock_county(tx, rulebook.county.id)
    owed = find_owed(tx, rulebook, occurrence)
    if (before := find_filing(tx, rulebook.county.id, "zero-report", occurrence)) is not None:
        return Registered(before, False, f"a zero report by {before.by} is on record already, nothing changed")
    _check_nothing_arose(tx, rulebook, owed, now)
    return _file(tx, rulebook, owed, "zero-report", by, now, reason=statement)


def file_upkeep(
    tx: Tx, rulebook: Rulebook, *, occurrence: str, by: str, now: datetime, statement: str = ""
) -> Registered[Filing]:
    """Report that what is kept current is still right; after the period's end it counts late."""
    check_now(now)
    check_words(by=by)
    lock_county(tx, rulebook.county.id)
    owed = find_owed(tx, rulebook, occurrence)
    if not (isinstance(owed.deadline, Every) and owed.deadline.upkeep):
        raise RegisterError(f"{occurrence} is not a period of upkeep; to prove it: duban attest")
    if (before := find_filing(tx, rulebook.county.id, "upkeep", occurrence)) is not None:
        return Registered(before, False, f"{before.by} said so already (upkeep:{before.id}), nothing changed")
    _check_open(owed, rulebook, now)
    _check_unsettled(owed)
    return _file(tx, rulebook, owed, "upkeep", by, now, reason=statement)


def withdraw(tx: Tx, rulebook: Rulebook, *, number: int, by: str, reason: str, now: datetime) -> Registered[Filing]:
    """Take a filing back: whoever filed it, an attestation only while nobody has decided about it."""
    check_now(now)
    check_words(by=by, reason=reason)
    county = rulebook.county.id
    lock_county(tx, county)
    stored = find_filed(tx, rulebook, number)
    filing, name = stored.filing, f"{stored.filing.kind}:{number}"
    if stored.withdrawn_at is not None:
        return Registered(filing, False, f"{name} was withdrawn already, nothing changed")
    if not same_person(filing.by, by):
        raise RegisterError(f"{name} was filed by {filing.by}: nobody else may withdraw it")
    for ruling in list_rulings(tx, county, filing.occurrence):
        if ruling.target == name:
            on = ruling.recorded_at.astimezone(rulebook.county.zone).date()
            raise RegisterError(f"{ruling.by} decided about {name} on {on} ({ruling.kind}): it stays on record")
    if not withdraw_filing(tx, county, number, now):
        raise RegisterError(f"{name} was withdrawn by another process at this very moment")
    before = {"id": number, "form": filing.form, "proof": filing.proof, "part": filing.part}
    entry = JournalEntry(by, f"{filing.kind}.withdrawn", filing.occurrence, before, {"id": number}, reason)
    append(tx, county, [entry], now)
    return Registered(filing, True, f"withdrew {name} of {filing.occurrence}")


def find_filed(tx: Tx, rulebook: Rulebook, number: int) -> StoredFiling:
    """What was filed under a number. Raises `RegisterError` where nothing was."""
    stored = filing_by_number(tx, rulebook.county.id, number)
    if stored is None:
        raise RegisterError(f"nothing was filed under number {number}: see duban attest list")
    return stored


def find_waiting(tx: Tx, rulebook: Rulebook, number: int) -> Filing:
    """An attestation that may be decided about. Raises `RegisterError` for anything else."""
    stored = find_filed(tx, rulebook, number)
    name = f"{stored.filing.kind}:{number}"
    if stored.withdrawn_at is not None:
        raise RegisterError(f"{name} was withdrawn by {stored.filing.by}: there is nothing to decide")
    if stored.filing.kind != "attestation":
        raise RegisterError(f"{name} counts by itself: only an attestation is accepted or refused")
    return stored.filing


def _stands(tx: Tx, county: str, filing: Filing) -> str:
    """What became of a proof that was filed before."""
    name = f"attestation:{filing.id}"
    about = [one for one in not_revoked(list_rulings(tx, county, filing.occurrence)) if one.target == name]
    if not about:
        return f"{name} of {filing.occurrence} is on record already, nothing changed"
    last = about[-1]
    done = "accepted" if last.kind == "accept" else "refused"
    return f"{name} of {filing.occurrence} is on record already and was {done} by {last.by}: {last.reason}"


def _file(
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
    filing = add_filing(tx, county, kind=kind, occurrence=key, by=by, now=now, **what)
    assert filing is not None  # the county is locked, and it was looked for before
    after = {"id": filing.id, "form": filing.form, "proof": filing.proof, "part": filing.part}
    if filing.claimed is not None:
        after["claimed"] = filing.claimed.isoformat()
    append(tx, county, [JournalEntry(by, f"{kind}.filed", key, None, after, reason)], now)
    return Registered(filing, True, f"filed {kind}:{filing.id} for {key}")


def _check_claim(rulebook: Rulebook, claimed: Moment | None, now: datetime) -> None:
    if claimed is None:
        return
    check_moment(claimed, "the claimed date")
    if is_future(claimed, rulebook, now):
        raise RegisterError(f"the claimed date {claimed.isoformat()} lies in the future")


def _check_proof(form: FilingForm, proof: str) -> None:
    if form == "link" and not _ADDRESS.fullmatch(proof):
        raise RegisterError(f"link {proof!r}: give the whole address, https://…, without blanks")
    longest = _LONGEST_LINK if form == "link" else _LONGEST_STATEMENT
    if len(proof) > longest:
        raise RegisterError(f"the {form} has {len(proof)} characters: {longest} at most; file a document instead")


def _check_unsettled(owed: Owed) -> None:
    row = owed.row
    if row.status is Status.MET:
        raise RegisterError(f"{row.key} is met, there is nothing to prove: {row.reason}")
    if row.status in (Status.WAIVED, Status.NOT_APPLICABLE):
        raise RegisterError(f"{row.key} is not owed: {row.reason}")


def _check_started(owed: Owed) -> None:
    deadline = owed.deadline
    if owed.row.due_at is None and isinstance(deadline, Within):
        raise RegisterError(
            f"{owed.row.key} waits for {deadline.event.name}: record it first (duban event add {deadline.event.name})"
        )


def _check_open(owed: Owed, rulebook: Rulebook, now: datetime) -> None:
    opens_on = owed.row.opens_on
    if opens_on is not None and now < datetime.combine(opens_on, time(), rulebook.county.zone):
        raise RegisterError(f"{owed.row.key} opens on {opens_on.isoformat()}, nothing can be filed before")


def _check_nothing_arose(tx: Tx, rulebook: Rulebook, owed: Owed, now: datetime) -> None:
    row, deadline, zone = owed.row, owed.deadline, rulebook.county.zone
    if not deadline.zero_report:
        raise RegisterError(f"{row.key} takes no zero report: its rule requires the publication itself")
    _check_open(owed, rulebook, now)
    if row.due_at is not None and now >= row.due_at:
        last = row.due_at.astimezone(zone).isoformat(timespec="minutes")
        raise RegisterError(f"{row.key} was due before {last}: a zero report is taken only by the deadline")
    incomplete = row.light is Light.YELLOW and row.status in (Status.OPEN, Status.DUE_SOON)
    if row.status in _PUBLISHED or incomplete:
        raise RegisterError(f"{row.key} takes no zero report, something was published: {row.reason}")
    _check_nothing_filed(tx, rulebook.county.id, row.key)
    window = _window(owed)
    names = _clocks(owed)
    for stored in list_events(tx, rulebook.county.id):
        event = stored.event
        mine = event.name in names and event.department in owed.assignment.members
        day = moment_day(event.occurred, zone)
        if mine and event.duty in (None, owed.duty.id) and day in window:
            what = f"{event.name}:{event.reference} of {day.isoformat()}"
            raise RegisterError(f"{row.key} takes no zero report: {what} lies in its period")


def _check_nothing_filed(tx: Tx, county: str, key: str) -> None:
    """Whoever filed a proof said that something arose."""
    filed, rulings = list_filings(tx, county, key), list_rulings(tx, county, key)
    papers = FilingIndex(filed, rulings)
    for one in filed:
        if one.kind == "attestation":
            ruling = papers.find_ruling(key, f"attestation:{one.id}", one.part or "")
            if ruling is None or ruling.kind == "accept":
                raise RegisterError(f"{key} takes no zero report: attestation:{one.id} says that something arose")


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
