"""Records secrecy reviews: that one is asked for, what it decides, and that an entry was wrong."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.statutes import cite, grounds_in_force
from tracker.core.requests.values import Review, ReviewDecision
from tracker.core.values.facts import Ruling
from tracker.core.values.message import ListedWord, Message
from tracker.registers.checks import begin_act, check_name, check_texts, find_obligation, is_same_person
from tracker.registers.decisions import record_ruling
from tracker.registers.errors import Registered, RegisterError, suggest_departments, suggest_names
from tracker.registers.register_events import record_move_events, withdraw_move_events
from tracker.registers.review_findings import record_review_findings
from tracker.registers.rulings import list_standing_rulings
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.reviews import add_review, change_review, find_review, list_reviews

#: The events of a review, by what a pack's `register` names.
_MOVES = ("review.ask", "review.refer", "review.decide")
_REFERENCE = re.compile(r"(\d{4})-(.+)-(\d{1,9})")
#: What the journal does not repeat: the subject and the row say it.
_UNSAID = ("id", "county", "department", "year", "number", "recorded_at", "decided_at", "withdrawn_at")
#: The longest text of each column that has a length.
_LONGEST = {"symbol": 128, "address": 2048, "column": 192}


def ask_review(tx: Tx, rulebook: Rulebook, review: Review, *, by: str) -> Registered[Review]:
    """Record that a review is asked for; `id`, `year` and `number` are given here, the year by the day it was asked.

    The same item of the same author, asked on the same day and not decided, changes nothing. `by` enters it.
    """
    county, now = rulebook.county, review.recorded_at
    begin_act(tx, county.id, now, by=by)
    check_texts(title=review.title, author=review.author)
    check_name("author", review.author)
    texts: dict[str, Any] = {name: " ".join(getattr(review, name).split()) for name in ("title", *_LONGEST)}
    review = replace(review, **texts)
    if review.department not in county.departments:
        hint = suggest_departments(review.department, county)
        raise RegisterError("no department {department!r}: {hint}", department=review.department, hint=hint)
    _check_place(rulebook, review)
    _check_not_future(rulebook, review.asked_on, now)
    if review.occurrence:
        obligation = find_obligation(tx, rulebook, review.occurrence)
        if review.department not in obligation.assignment.members:
            raise RegisterError(
                "{key} is not a matter of {department}", key=review.occurrence, department=review.department
            )
    review = replace(review, id=0, county=county.id, year=review.asked_on.year, number=0)
    content = ("title", "symbol", "address", "column", "author", "asked_on", "occurrence")
    for earlier in list_reviews(tx, county.id, department=review.department, year=review.year):
        if not earlier.decision and all(getattr(earlier, name) == getattr(review, name) for name in content):
            return Registered(
                earlier,
                False,
                Message("review {reference} is on record already, nothing changed", reference=earlier.reference),
            )
    added = add_review(tx, review)
    _write_entry(tx, "review.asked", by, None, added, "", now)
    _record_moves(tx, rulebook, added, "review.ask", added.asked_on, by, now)
    return Registered(added, True, Message("asked for review {reference}", reference=added.reference))


def decide_review(
    tx: Tx,
    rulebook: Rulebook,
    reference: str,
    decision: ReviewDecision,
    *,
    reviewer: str,
    on: date,
    by: str,
    now: datetime,
    ground: str = "",
    basis: str = "",
    reason: str = "",
    approver: str = "",
    part: str | None = None,
) -> Registered[Review]:
    """Record the decision of the reviewer, who is never the author. After "refer" a second decision follows.

    `ground`: of what is withheld, by its name or title in `acts.yaml`, in force on the day; `basis`: the article, left
    out where an act names the ground. `approver` waives the occurrence, or its `part`, that the review was for, on that
    ground: a third person. Raises RegisterError where it is decided already.
    """
    begin_act(tx, rulebook.county.id, now, by=by, reviewer=reviewer)
    check_name("reviewer", reviewer)
    before = load_review(tx, rulebook, reference)
    if is_same_person(before.author, reviewer):
        raise RegisterError("{author} wrote it: somebody else must review it", author=before.author)
    _check_not_future(rulebook, on, now)
    first = before.referred_on or before.asked_on
    if on < first:
        raise RegisterError(
            "{on} lies before {first}, the day on which the review was asked for or referred",
            on=on.isoformat(),
            first=first.isoformat(),
        )
    ground, basis = _name_ground(rulebook, decision, ground, basis, on)
    values: dict[str, Any] = {
        "reviewer": reviewer, "decision": decision, "decided_on": on,
        "ground": ground, "basis": basis, "reason": reason,
    }  # fmt: skip
    if all(getattr(before, name) == value for name, value in values.items()):
        return Registered(
            before,
            False,
            Message(
                "review {reference} was decided so on {on}, nothing changed",
                reference=before.reference,
                on=on.isoformat(),
            ),
        )
    if before.is_decided or before.decision == decision:
        raise RegisterError(
            "{reviewer} decided review {reference} on {on} ({decision}): if that is wrong, withdraw it "
            "(duban review withdraw) and ask anew",
            reviewer=before.reviewer,
            reference=before.reference,
            on=before.decided_on,
            decision=ListedWord("state", before.decision),
        )
    if decision == "refer":
        values["referred_on"] = on
    after = change_review(tx, before, **values, decided_at=now)
    _write_entry(tx, "review.decided", by, before, after, reason, now)
    _record_moves(tx, rulebook, after, "review.refer" if decision == "refer" else "review.decide", on, by, now)
    said = Message(
        "decided review {reference}: {decision}",
        reference=after.reference,
        decision=ListedWord("state", decision),
    )
    if approver or (decision == "withhold" and after.occurrence):
        said = Message.joined("; ", [said, _release(tx, rulebook, after, approver, part, now)])
    return Registered(after, True, said)


def _release(tx: Tx, rulebook: Rulebook, review: Review, approver: str, part: str | None, now: datetime) -> Message:
    """Waive the occurrence of an item that is withheld, by the register of decisions, which wants an approver.

    The reviewer asks for it; who approves it is neither reviewer nor author. Without one it stays as it is.
    """
    key = review.occurrence
    if not approver:
        return Message(
            "{key} stays owed until somebody waives it (duban waive {key} --ground {ground} --asked-by {reviewer})",
            key=key,
            ground=review.ground,
            reviewer=review.reviewer,
        )
    if review.decision != "withhold" or not key:
        raise RegisterError("only an item that is withheld and was asked for an occurrence (--for) releases it")
    if is_same_person(approver, review.author):
        raise RegisterError("{author} wrote it: somebody else must approve", author=review.author)
    reason = f"{_release_mark(review)}{review.reason or '决定不予公开'}"
    ruling = Ruling(0, "waive", key, now, approver, reason, part=part, ground=review.ground, basis=review.basis,
                    asked_by=review.reviewer)  # fmt: skip
    return record_ruling(tx, rulebook, ruling).message


def _release_mark(review: Review) -> str:
    """What the reason of a waiver begins with that rests on the review."""
    return f"保密审查{review.reference}："


def place_review(
    tx: Tx, rulebook: Rulebook, reference: str, address: str, *, by: str, reason: str, now: datetime
) -> Registered[Review]:
    """Record at which address the item was published, so that the entry there is linked to its review."""
    begin_act(tx, rulebook.county.id, now, by=by, reason=reason, address=address)
    before = load_review(tx, rulebook, reference)
    _check_place(rulebook, replace(before, address=address.strip()))
    address = address.strip()
    if before.address == address:
        return Registered(
            before,
            False,
            Message("review {reference} has this address already, nothing changed", reference=before.reference),
        )
    after = change_review(tx, before, address=address)
    _write_entry(tx, "review.placed", by, before, after, reason, now)
    record_review_findings(tx, rulebook, now)
    return Registered(
        after, True, Message("review {reference} is of {address}", reference=before.reference, address=address)
    )


def withdraw_review(
    tx: Tx, rulebook: Rulebook, reference: str, *, by: str, reason: str, now: datetime
) -> Registered[Review]:
    """Withdraw a wrong entry: it stays on record, keeps its number and counts for nothing."""
    begin_act(tx, rulebook.county.id, now, by=by, reason=reason)
    before = load_review(tx, rulebook, reference, withdrawn=True)
    if before.withdrawn_at is not None:
        return Registered(
            before,
            False,
            Message("review {reference} was withdrawn before, nothing changed", reference=before.reference),
        )
    for ruling in list_standing_rulings(tx, before.county, before.occurrence) if before.occurrence else ():
        if ruling.kind == "waive" and ruling.reason.startswith(_release_mark(before)):
            raise RegisterError(
                "{key} was waived on this review: take that back first (duban decision revoke {id})",
                key=before.occurrence,
                id=ruling.id,
            )
    after = change_review(tx, before, withdrawn_at=now)
    _write_entry(tx, "review.withdrawn", by, before, None, reason, now)
    withdraw_move_events(tx, rulebook, _MOVES, before.department, before.reference, by=by, reason=reason, now=now)
    record_review_findings(tx, rulebook, now)
    return Registered(after, True, Message("withdrew review {reference}", reference=before.reference))


def load_review(tx: Tx, rulebook: Rulebook, reference: str, *, withdrawn: bool = False) -> Review:
    """The review of that reference, 2026-guotu-12. Raises RegisterError where there is none, or it was withdrawn."""
    county = rulebook.county.id
    parts = _REFERENCE.fullmatch(reference.strip())
    if parts is None:
        raise RegisterError("{reference!r} names no review; write 2026-guotu-12", reference=reference)
    review = find_review(tx, county, parts[2], int(parts[1]), int(parts[3]))
    if review is None:
        known = [each.reference for each in list_reviews(tx, county)]
        raise RegisterError(
            "no review {reference!r}: {hint}", reference=reference, hint=suggest_names(reference, known)
        )
    if review.withdrawn_at is not None and not withdrawn:
        raise RegisterError(
            "review {reference} was withdrawn on {day}: ask anew",
            reference=reference,
            day=moment_day(review.withdrawn_at, rulebook.county.zone).isoformat(),
        )
    return review


def _record_moves(tx: Tx, rulebook: Rulebook, review: Review, move: str, on: date, by: str, now: datetime) -> None:
    """Record the events that packs name for the move, and look again at the entries that the review may be about."""
    fields = {"about": f"《{review.title}》", "decision": review.decision}
    record_move_events(tx, rulebook, (move,), review.department, review.reference, on, fields=fields, by=by, now=now)
    record_review_findings(tx, rulebook, now)


def _check_place(rulebook: Rulebook, review: Review) -> None:
    for name, longest in _LONGEST.items():
        if (count := len(getattr(review, name))) > longest:
            raise RegisterError(
                "{name}: at most {longest} characters, not {count}", name=name, longest=longest, count=count
            )
    if review.address and not re.fullmatch(r"https?://\S+", review.address):
        raise RegisterError("address {address!r}: give the whole address, https://…", address=review.address)
    columns = rulebook.county.columns
    if review.column and review.column not in columns:
        raise RegisterError(
            "no column {column!r}: {hint}", column=review.column, hint=suggest_names(review.column, columns)
        )


def _check_not_future(rulebook: Rulebook, day: date, now: datetime) -> None:
    if day > moment_day(now, rulebook.county.zone):
        raise RegisterError("{day} lies in the future", day=day.isoformat())


def _name_ground(rulebook: Rulebook, decision: ReviewDecision, ground: str, basis: str, on: date) -> tuple[str, str]:
    """The name of the ground and its article. Raises RegisterError where what is withheld has none in force."""
    if decision not in ("withhold", "partly"):
        if ground:
            raise RegisterError("only what is withheld has a ground: leave {ground!r} out", ground=ground)
        return "", basis
    known = grounds_in_force(rulebook.acts, on)
    for name, (title, article) in known.items():
        if ground in (name, title):
            return name, basis or cite([article])
    listed = "; ".join(f"{name} {title}{cite([article])}" for name, (title, article) in known.items())
    if not ground:
        raise RegisterError("what is withheld rests on a ground (--ground), one of: {listed}", listed=listed)
    raise RegisterError(
        "no ground {ground!r} for a review on {day} (one of: {listed})", ground=ground, day=on, listed=listed
    )


def _write_entry(
    tx: Tx, action: str, by: str, before: Review | None, after: Review | None, reason: str, now: datetime
) -> None:
    review = after or before
    assert review is not None
    subject = f"review:{review.reference}"
    entry = JournalEntry(by, action, subject, _serialize(before), _serialize(after), reason)
    append_entries(tx, review.county, [entry], now)


def _serialize(review: Review | None) -> dict[str, Any] | None:
    """What the journal holds of a review: the fields that say something."""
    if review is None:
        return None
    named = (field.name for field in fields(review) if field.name not in _UNSAID)
    return {name: value for name in named if (value := getattr(review, name))}
