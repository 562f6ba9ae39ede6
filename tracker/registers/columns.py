"""Records what people confirm of a county's columns: that the titles are the column's, that a list is one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from tracker.core.assessment.enrolment import Enrolment, assess_enrolment
from tracker.core.law.county import County, SiteColumn
from tracker.core.values.certificate import Confirmation, ConfirmationKind, PartName
from tracker.core.values.message import Message
from tracker.registers.checks import begin_act
from tracker.registers.column_proposals import adopt_proposal, load_proposals
from tracker.registers.errors import Registered, RegisterError, suggest_names
from tracker.store.certificates import (
    add_confirmation,
    list_confirmations,
    load_certificates,
    withdraw_confirmations,
)
from tracker.store.engine import Store, StoreError, Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.migrations import HEAD, read_revision
from tracker.store.visits import load_first_reads, load_last_read_visits


def load_enrolments(tx: Tx, county: County) -> list[Enrolment]:
    """Return the county's lists with what is confirmed of each; of columns with one address the first stands for all.

    A standing page is no list and is left out.
    """
    visits, first_reads = load_last_read_visits(tx, county.id), load_first_reads(tx, county.id)
    certificates = load_certificates(tx, county.id, [visit.certificate for visit in visits.values()])
    columns = _group_by_address(county)
    addresses = {column.key: column.url for group in columns for column in group}
    proposals = load_proposals(tx, county.id, [group[0].url for group in columns])
    confirmations = defaultdict(list)
    for confirmation in list_confirmations(tx, county.id):
        confirmations[addresses.get(confirmation.column, confirmation.url)].append(confirmation)
    enrolments = []
    for group in columns:
        column = next((column for column in group if column.key in visits), group[0])
        visit = visits.get(column.key)
        certificate = certificates.get(visit.certificate) if visit is not None else None
        said = confirmations[column.url]
        made_at, proposal = proposals.get(column.url, (None, None))
        if made_at is None or visit is None or made_at < visit.began_at:
            proposal = None  # it was read since
        enrolments.append(assess_enrolment(column, visit, certificate, first_reads.get(column.key), said, proposal))
    return enrolments


def describe_waiting(tx: Tx, county: County) -> Message | None:
    """Return how many columns wait for a confirmation, and since when; None where none does."""
    since = [at for enrolment in load_enrolments(tx, county) if (at := enrolment.waits_since) is not None]
    if not since:
        return None
    return Message(
        "{county}: {count} columns wait for a confirmation, the first since {day}: duban columns enrol",
        county=county.id,
        count=len(since),
        day=min(since).astimezone(county.zone).date(),
    )


def list_waiting(url: str, counties: Collection[County]) -> list[Message]:
    """Return of each county how many columns wait; none where the database cannot be read or is not of this version."""
    store = Store(url)
    if not store.exists:
        return []
    try:
        with store, store.read() as tx:
            if read_revision(tx) != HEAD:
                return []
            return [text for county in counties if (text := describe_waiting(tx, county)) is not None]
    except StoreError:
        return []


def load_confirmed_pages(tx: Tx, county: County) -> dict[str, Confirmation]:
    """Return by column the last confirmation that its list is this one page, where it was said of today's address.

    Its instant is by the county's clock. Whether the list still is one page is for the visit to tell.
    """
    by_address = {
        confirmation.url: replace(confirmation, at=confirmation.at.astimezone(county.zone))
        for confirmation in list_confirmations(tx, county.id)
        if confirmation.kind is ConfirmationKind.ONE_PAGE
    }
    return {
        column.key: by_address[column.url] for column in county.columns.values() if column.url in by_address
    }  # fmt: skip


def find_column(county: County, name: str) -> SiteColumn:
    """Return the list with this key, or whose key ends in it. Raises RegisterError where there is none or several."""
    lists = {column.key: column for column in county.columns.values() if column.kind == "listing"}
    if name in lists:
        return lists[name]
    found = [column for key, column in lists.items() if key.endswith(f"/{name}")]
    if len(found) == 1:
        return found[0]
    known = [column.key for column in found] or [key.rpartition("/")[2] for key in lists]
    hint = suggest_names(name, known)
    raise RegisterError("no column {name!r}: {hint}", name=name, hint=hint)


def confirm_columns(
    tx: Tx, county: County, names: Collection[str], *, one_page: bool, by: str, now: datetime, note: str = ""
) -> Registered[list[Confirmation]]:
    """Record that the titles of some columns are theirs and, if `one_page`, that each list is its one page.

    `names`: keys or ends of keys; none: all columns that wait, of which those that do not need it are not called one
    page. Raises RegisterError for a column that was not read yet, or whose list has several pages.
    """
    begin_act(tx, county.id, now, by=by)
    enrolments = load_enrolments(tx, county)
    if names:
        addresses = {find_column(county, name).url for name in names}
        chosen = [enrolment for enrolment in enrolments if enrolment.column.url in addresses]
        for enrolment in chosen:
            _check_read(enrolment, one_page=one_page)
    else:
        chosen = [enrolment for enrolment in enrolments if enrolment.asked]
    added: list[Confirmation] = []
    for enrolment in chosen:
        kinds = _kinds_to_confirm(enrolment, one_page=one_page, is_named=bool(names))
        said = [add_confirmation(tx, county.id, _build(enrolment, kind, by, now, note)) for kind in kinds]
        if enrolment.proposal is not None:
            adopt_proposal(tx, county.id, enrolment.column.url)
        if said:
            _journal_confirmed(tx, county.id, enrolment, said)
        added += said
    if not added:
        return Registered([], False, Message("no column waits for this confirmation, nothing changed"))
    pages = sum(one.kind is ConfirmationKind.ONE_PAGE for one in added)
    columns = len({one.column for one in added})
    confirmed = Message("confirmed {columns} columns, {pages} of them as one page", columns=columns, pages=pages)
    return Registered(added, True, confirmed)


def confirm_for_golive(tx: Tx, county: County, enrolments: Sequence[Enrolment], *, by: str, now: datetime) -> int:
    """Record that the columns which were read without doubt show their own lists; return how many. Whoever has a county
    go live was shown their first titles."""
    sound = [one for one in enrolments if one.visit is not None and not one.is_doubtful]
    for enrolment in sound:
        said = _build(enrolment, ConfirmationKind.RIGHT_LIST, by, now, GOLIVE_NOTE)
        _journal_confirmed(tx, county.id, enrolment, [add_confirmation(tx, county.id, said)])
    return len(sound)


#: The note of what was confirmed by going live.
GOLIVE_NOTE = "上线时核对"


def withdraw_columns(
    tx: Tx, county: County, names: Collection[str], *, by: str, reason: str, now: datetime
) -> Registered[list[Confirmation]]:
    """Record that all that was confirmed of some columns is taken back. `names`: keys or ends of keys."""
    begin_act(tx, county.id, now, by=by, reason=reason)
    addresses = {find_column(county, name).url for name in names}
    keys = {column.key for column in county.columns.values() if column.url in addresses}
    taken = [one for one in list_confirmations(tx, county.id) if one.column in keys or one.url in addresses]
    if not taken:
        return Registered([], False, Message("nothing is confirmed of it, nothing changed"))
    withdraw_confirmations(tx, county.id, [one.id for one in taken], by, now)
    entries = [
        JournalEntry(by, "column.withdrawn", f"column:{key}", _describe(group), None, reason)
        for key, group in _by_column(taken)
    ]
    append_entries(tx, county.id, entries, now)
    return Registered(taken, True, Message("withdrew {count} confirmations", count=len(taken)))


def _group_by_address(county: County) -> list[list[SiteColumn]]:
    """Return the county's lists by address: columns of one address are read in one visit."""
    groups: dict[str, list[SiteColumn]] = defaultdict(list)
    for column in county.columns.values():
        if column.kind == "listing":
            groups[column.url].append(column)
    return list(groups.values())


def _check_read(enrolment: Enrolment, *, one_page: bool) -> None:
    column, visit = enrolment.column.key, enrolment.visit
    if visit is None:
        raise RegisterError("{column} was not read yet: run duban crawl first, then look at it", column=column)
    if one_page and visit.pages > 1:
        raise RegisterError("{column} has {pages} pages: its end is read, not said", column=column, pages=visit.pages)


def _kinds_to_confirm(enrolment: Enrolment, *, one_page: bool, is_named: bool) -> list[ConfirmationKind]:
    """Return what is recorded of a column: what is asked, and of one that is named also that it is one page."""
    kinds: list[ConfirmationKind] = [kind for kind in enrolment.asked if kind is not ConfirmationKind.ONE_PAGE]
    certificate = enrolment.certificate
    is_end_known = certificate is not None and bool(certificate.holds(PartName.END_KNOWN))
    is_open = ConfirmationKind.ONE_PAGE not in enrolment.in_force and not is_end_known
    if one_page and (ConfirmationKind.ONE_PAGE in enrolment.asked or (is_named and is_open)):
        kinds.append(ConfirmationKind.ONE_PAGE)
    return kinds


def _build(enrolment: Enrolment, kind: ConfirmationKind, by: str, now: datetime, note: str) -> Confirmation:
    assert enrolment.visit is not None  # nothing is asked of a column that was not read
    column, shown = enrolment.column, enrolment.proposal or enrolment.visit
    return Confirmation(column.key, by, now, kind, shown.entries, column.url, note)


def _journal_confirmed(tx: Tx, county: str, enrolment: Enrolment, said: Sequence[Confirmation]) -> None:
    before = {kind.value: one.by for kind, one in enrolment.in_force.items()} or None
    proposal = enrolment.proposal
    after = _describe(said) | ({"learned_anew": proposal.entries} if proposal is not None else {})
    entry = JournalEntry(said[0].by, "column.confirmed", f"column:{said[0].column}", before, after, said[0].note)
    append_entries(tx, county, [entry], said[0].at)


def _describe(confirmations: Sequence[Confirmation]) -> dict[str, object]:
    kinds = [one.kind.value for one in confirmations]
    return {"confirmed": kinds, "entries": confirmations[-1].entries, "url": confirmations[-1].url}


def _by_column(confirmations: Sequence[Confirmation]) -> list[tuple[str, list[Confirmation]]]:
    groups: dict[str, list[Confirmation]] = defaultdict(list)
    for confirmation in confirmations:
        groups[confirmation.column].append(confirmation)
    return list(groups.items())
