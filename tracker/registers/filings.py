"""Records and withdraws filings, which prove what no crawl can see: attestations, zero reports and upkeep."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import datetime, time
from typing import Any

from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Every, Within
from tracker.core.law.occurrences import Window
from tracker.core.law.periods import split_label, window_of
from tracker.core.matching.filings import FilingIndex
from tracker.core.values.facts import Filing
from tracker.core.values.message import ListedWord, Message
from tracker.core.values.rulings import not_revoked
from tracker.core.values.verdicts import Light, Status
from tracker.registers.checks import (
    Obligation,
    begin_act,
    check_moment,
    check_part,
    check_texts,
    find_obligation,
    is_future,
    is_same_person,
)
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.filed_events import check_filed_event
from tracker.store.engine import Tx
from tracker.store.events import list_events
from tracker.store.filings import (
    FiledFile,
    StoredFiling,
    add_filed_file,
    add_filing,
    find_filing,
    find_filing_by_number,
    list_filings,
    withdraw_filing,
)
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.rulings import list_rulings

#: Statuses in which something was published, so that a zero report would be untrue.
_PUBLISHED = {Status.MET, Status.MET_LATE, Status.MET_DISPUTED, Status.INCOMPLETE}
#: An address with a host and without characters that would end a link in a page or a mail.
_ADDRESS = re.compile(r"https?://[^\s/?#<>\"][^\s<>\"]*", re.IGNORECASE)
#: Unicode categories of characters that nobody sees.
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
_LONGEST_LINK, _LONGEST_STATEMENT, _LONGEST_FILE_NAME = 2048, 4000, 200


def check_file_name(name: str) -> str:
    """The file's name in Unicode NFC. Raises RegisterError where it is too long or has invisible characters."""
    normalized = unicodedata.normalize("NFC", name)
    invisible = dict.fromkeys(
        letter for letter in normalized if unicodedata.category(letter) in _INVISIBLE or letter in "/\\"
    )
    if invisible:
        codes = ", ".join(f"U+{ord(letter):04X}" for letter in invisible)
        raise RegisterError(
            "the file's name {normalized!a} holds what nobody sees ({codes}): name it anew",
            normalized=normalized,
            codes=codes,
        )
    if not normalized.strip() or len(normalized) > _LONGEST_FILE_NAME:
        raise RegisterError(
            "the file's name: 1 to {longest} characters, not {count}",
            longest=_LONGEST_FILE_NAME,
            count=len(normalized),
        )
    return normalized


def build_file_proof(name: str, content: bytes) -> str:
    """The proof of a filed file: its name and the hash of its content."""
    return f"{name} sha256:{hashlib.sha256(content).hexdigest()}"


def record_filing(
    tx: Tx, rulebook: Rulebook, filing: Filing, *, statement: str = "", file: FiledFile | None = None
) -> Registered[Filing]:
    """Record an attestation, which counts once another person accepts it, a zero report or a statement of upkeep.

    `statement`: the text of a zero report or upkeep, for the journal; `file`: the file filed as proof, whose content
    the caller stores.
    """
    county = rulebook.county.id
    begin_act(tx, county, filing.recorded_at, by=filing.by)
    if filing.kind == "attestation":
        check_texts(proof=filing.proof)
        _check_claim(rulebook, filing)
        _check_proof(filing)
    obligation = find_obligation(tx, rulebook, filing.occurrence)
    check_part(obligation, filing.part)
    deadline = obligation.deadline
    if filing.kind == "upkeep" and not (isinstance(deadline, Every) and deadline.upkeep):
        raise RegisterError(
            "{occurrence} is not a period of upkeep; prove it instead (duban attest)", occurrence=filing.occurrence
        )
    if (before := find_filing(tx, county, filing)) is not None:
        return Registered(before, False, _describe_on_record(tx, county, before))
    if filing.kind == "zero-report":
        _check_nothing_arose(tx, rulebook, obligation, filing.recorded_at)
    elif filing.form == "event":
        check_filed_event(rulebook, obligation, filing)
    else:
        _check_provable(obligation, rulebook, filing.recorded_at)
    added = add_filing(tx, county, filing)
    assert added is not None  # the county is locked and `find_filing` found none
    after = _serialize(added) | ({"claimed": added.claimed} if added.claimed is not None else {})
    entry = JournalEntry(added.by, f"{added.kind}.filed", added.occurrence, None, after, statement)
    append_entries(tx, county, [entry], added.recorded_at)
    if file is not None:
        add_filed_file(tx, county, file)
    if added.kind != "attestation":
        return Registered(
            added,
            True,
            Message("filed {name} for {key}", name=f"{added.kind}:{added.id}", key=added.occurrence),
        )
    filed = Message("filed attestation:{id}; it counts once accepted (duban attest accept {id})", id=added.id)
    return Registered(added, True, filed)


def withdraw(tx: Tx, rulebook: Rulebook, *, number: int, by: str, reason: str, now: datetime) -> Registered[Filing]:
    """Withdraw a filing. Only the person who filed it may, and only while nobody has ruled on it."""
    county = rulebook.county.id
    begin_act(tx, county, now, by=by, reason=reason)
    stored = load_filing(tx, rulebook, number)
    filing, name = stored.filing, f"{stored.filing.kind}:{number}"
    if stored.withdrawn_at is not None:
        return Registered(filing, False, Message("{name} was withdrawn already, nothing changed", name=name))
    if not is_same_person(filing.by, by):
        raise RegisterError("{name} was filed by {by}: nobody else may withdraw it", name=name, by=filing.by)
    for ruling in list_rulings(tx, county, filing.occurrence):
        if ruling.target == name:
            day = ruling.recorded_at.astimezone(rulebook.county.zone).date()
            raise RegisterError(
                "{by} decided about {name} on {day} ({kind}): it stays on record",
                by=ruling.by,
                name=name,
                day=day,
                kind=ListedWord("kind", ruling.kind),
            )
    if not withdraw_filing(tx, county, number, now):
        raise RegisterError("{name} was withdrawn by another process at this very moment", name=name)
    before, after = _serialize(filing), {"id": number}
    entry = JournalEntry(by, f"{filing.kind}.withdrawn", filing.occurrence, before, after, reason)
    append_entries(tx, county, [entry], now)
    return Registered(filing, True, Message("withdrew {name} of {occurrence}", name=name, occurrence=filing.occurrence))


def load_filing(tx: Tx, rulebook: Rulebook, number: int) -> StoredFiling:
    """The filing with this number. Raises RegisterError where there is none."""
    stored = find_filing_by_number(tx, rulebook.county.id, number)
    if stored is None:
        raise RegisterError("nothing was filed under number {number} (duban attest list)", number=number)
    return stored


def load_undecided(tx: Tx, rulebook: Rulebook, number: int) -> Filing:
    """The attestation with this number. Raises RegisterError where it is withdrawn or another kind of filing."""
    stored = load_filing(tx, rulebook, number)
    name = f"{stored.filing.kind}:{number}"
    if stored.withdrawn_at is not None:
        raise RegisterError("{name} was withdrawn by {by}: there is nothing to decide", name=name, by=stored.filing.by)
    if stored.filing.kind != "attestation":
        raise RegisterError("{name} counts by itself: only an attestation is accepted or refused", name=name)
    return stored.filing


def _serialize(filing: Filing) -> dict[str, Any]:
    return {"id": filing.id, "form": filing.form, "proof": filing.proof, "part": filing.part}


def _describe_on_record(tx: Tx, county: str, filing: Filing) -> Message:
    """The message where the same filing is on record: that it is, and how it was decided."""
    name = f"{filing.kind}:{filing.id}"
    if filing.kind == "zero-report":
        return Message("a zero report by {by} is on record already, nothing changed", by=filing.by)
    if filing.kind == "upkeep":
        return Message("{by} said so already ({name}), nothing changed", by=filing.by, name=name)
    rulings = [ruling for ruling in not_revoked(list_rulings(tx, county, filing.occurrence)) if ruling.target == name]
    if not rulings:
        return Message("{name} of {key} is on record already, nothing changed", name=name, key=filing.occurrence)
    last = rulings[-1]
    return Message(
        "{name} of {key} is on record already and was {outcome} by {by}: {reason}",
        name=name,
        key=filing.occurrence,
        outcome=ListedWord("state", "accepted" if last.kind == "accept" else "refused"),
        by=last.by,
        reason=last.reason,
    )


def _check_claim(rulebook: Rulebook, filing: Filing) -> None:
    if filing.claimed is None:
        return
    check_moment(filing.claimed, Message("the claimed date"))
    if is_future(filing.claimed, rulebook, filing.recorded_at):
        raise RegisterError("the claimed date {claimed} lies in the future", claimed=filing.claimed.isoformat())


def _check_proof(filing: Filing) -> None:
    form, proof = filing.form, filing.proof
    if form == "link" and not _ADDRESS.fullmatch(proof):
        raise RegisterError("link {proof!r}: give the whole address, https://…, without blanks", proof=proof)
    longest = _LONGEST_LINK if form == "link" else _LONGEST_STATEMENT
    if len(proof) > longest:
        raise RegisterError(
            "the {form} has {count} characters: {longest} at most; file a document instead",
            form=ListedWord("form", form),
            count=len(proof),
            longest=longest,
        )


def _check_provable(obligation: Obligation, rulebook: Rulebook, now: datetime) -> None:
    """Check that the occurrence has begun and is neither met nor exempted."""
    row = obligation.row
    if row.due_at is None and isinstance(obligation.deadline, Within):
        name = obligation.deadline.event.name
        raise RegisterError("{key} waits for {name}: record it first (duban event add {name})", key=row.key, name=name)
    _check_open(obligation, rulebook, now)
    if row.status is Status.MET:
        raise RegisterError("{key} is met, there is nothing to prove: {reason}", key=row.key, reason=row.reason)
    if row.status in (Status.WAIVED, Status.NOT_APPLICABLE):
        raise RegisterError("{key} is not owed: {reason}", key=row.key, reason=row.reason)


def _check_open(obligation: Obligation, rulebook: Rulebook, now: datetime) -> None:
    opens_on = obligation.row.opens_on
    if opens_on is not None and now < datetime.combine(opens_on, time(), rulebook.county.zone):
        raise RegisterError(
            "{key} opens on {opens_on}, nothing can be filed before",
            key=obligation.row.key,
            opens_on=opens_on.isoformat(),
        )


def _check_nothing_arose(tx: Tx, rulebook: Rulebook, obligation: Obligation, now: datetime) -> None:
    """Check that a zero report is allowed, on time, and contradicted by no publication, filing or event."""
    row, deadline, zone = obligation.row, obligation.deadline, rulebook.county.zone
    if not deadline.zero_report:
        raise RegisterError("{key} takes no zero report: its rule requires the publication itself", key=row.key)
    _check_open(obligation, rulebook, now)
    if row.due_at is not None and now >= row.due_at:
        last = row.due_at.astimezone(zone).isoformat(timespec="minutes")
        raise RegisterError(
            "{key} was due before {last}: a zero report is taken only by the deadline", key=row.key, last=last
        )
    incomplete = row.light is Light.YELLOW and row.status in (Status.OPEN, Status.DUE_SOON)
    if row.status in _PUBLISHED or incomplete:
        raise RegisterError(
            "{key} takes no zero report, something was published: {reason}", key=row.key, reason=row.reason
        )
    _check_nothing_filed(tx, rulebook.county.id, row.key)
    window, names = _build_window(obligation), _list_starting_events(obligation)
    for stored in list_events(tx, rulebook.county.id):
        event, day = stored.event, moment_day(stored.event.occurred, zone)
        is_own = event.department in obligation.assignment.members and event.duty in (None, obligation.duty.id)
        if event.name in names and is_own and day in window:
            description = f"{event.name}:{event.reference} of {day.isoformat()}"
            raise RegisterError(
                "{key} takes no zero report: {description} lies in its period", key=row.key, description=description
            )


def may_report_nothing(tx: Tx, rulebook: Rulebook, key: str, now: datetime) -> bool:
    """Whether `record_filing` takes a zero report for the occurrence at `now`."""
    try:
        _check_nothing_arose(tx, rulebook, find_obligation(tx, rulebook, key), now)
    except RegisterError:
        return False
    return True


def _check_nothing_filed(tx: Tx, county: str, key: str) -> None:
    """Check that no attestation for the occurrence is accepted or undecided: it reports that something arose."""
    filings, rulings = list_filings(tx, county, key), list_rulings(tx, county, key)
    index = FilingIndex(filings, rulings)
    for filing in filings:
        name = f"attestation:{filing.id}"
        ruling = index.find_ruling(key, name, filing.part or "")
        if filing.kind == "attestation" and (ruling is None or ruling.kind == "accept"):
            raise RegisterError("{key} takes no zero report: {name} says that something arose", key=key, name=name)


def _build_window(obligation: Obligation) -> Window:
    """The days that a zero report covers: those of the period, or from the opening day to the due day."""
    if isinstance(obligation.deadline, Every):
        return window_of(split_label(obligation.row.label)[0])
    opens_on, due_on = obligation.row.opens_on, obligation.row.due_on
    assert opens_on is not None
    assert due_on is not None
    return Window(opens_on, due_on)


def _list_starting_events(obligation: Obligation) -> set[str]:
    """The names of the events that start a clock of the same parts."""
    deadlines = [deadline for name in obligation.parts for deadline in obligation.duty.part(name).deadlines]
    return {deadline.event.name for deadline in deadlines if isinstance(deadline, Within)}
