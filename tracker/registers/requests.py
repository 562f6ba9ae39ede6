"""Enters requests on application, complaints and questions, and their moves; withdraws moves entered by mistake."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.workdays import Calendar
from tracker.core.requests.moves import MOVES
from tracker.core.requests.receipt import ReceiptDay
from tracker.core.requests.values import Move, MoveKind, Person, Request, RequestKind
from tracker.core.values.facts import Moment
from tracker.core.values.message import ListedWord, Message
from tracker.registers.checks import begin_act
from tracker.registers.errors import Registered, RegisterError, suggest_departments
from tracker.registers.eventrules import tidy_text
from tracker.registers.persons import check_no_personal_data, list_requests_of_applicant, record_person
from tracker.registers.request_checks import (
    check_abandonment,
    check_fee,
    check_in_force,
    check_move,
    check_path,
    check_request,
    find_receipt,
    parse_day,
)
from tracker.registers.request_settling import RequestAct, Settled, find_answer_due, list_answer_duties, settle
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.person_keys import Keys
from tracker.store.requests import (
    add_move,
    add_request,
    change_request,
    find_request,
    list_moves,
    list_requests,
    list_same_titles,
    next_number,
)
from tracker.store.requests import withdraw_move as mark_withdrawn

#: Moves for which somebody must say why: they give the department more time, end the request, or pass it on.
REASONED = {kind for kind, rule in MOVES.items() if rule.relies} | {MoveKind.ASSIGN, MoveKind.TELL_PARTY}
#: The reference of a request: year, department, number.
_REFERENCE = re.compile(r"([0-9]{4})-([a-z0-9-]+)-([1-9][0-9]*)")
#: So many days back, other requests for the same thing are pointed out; so many of them make it a matter of art. 44.
_ALIKE_DAYS, _MANY = 365, 3


def receive(
    tx: Tx,
    rulebook: Rulebook,
    calendar: Calendar,
    request: Request,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    signed_on: date | None = None,
    confirmed_on: date | None = None,
    person: Person | None = None,
    keys: Keys | None = None,
) -> Registered[Request]:
    """Receive a request and give it the next number of its department and year, unless it comes with one.

    `request`: with the id 0 and, where the register is to count, the year and number 0; `received` is worked out from
    `filed_on`, the way of filing, and the days on which it was signed for and confirmed. An `owner` that is another
    department gets it passed on at once. `person`: the applicant, stored under the `keys`.
    """
    county = rulebook.county
    begin_act(tx, county.id, now, by=by)
    check_request(rulebook, request, now)
    check_no_personal_data((person,) if person else (), reason=reason)
    receipt = find_receipt(rulebook, request, signed_on, confirmed_on, now)
    owner, year = request.owner or request.department, request.year or receipt.day.year
    number = request.number or next_number(tx, county.id, request.kind, request.department, year)
    if find_request(tx, county.id, request.kind, request.department, year, number) is not None:
        taken = replace(request, year=year, number=number).name
        following = next_number(tx, county.id, request.kind, request.department, year)
        raise RegisterError(
            "number {reference} is taken: the next one is {following}", reference=taken, following=following
        )
    request = replace(
        request, title=tidy_text(request.title), owner=request.department, year=year, number=number,
        received=receipt.day, created_at=now, created_by=by,
    )  # fmt: skip
    request = add_request(tx, request)
    act = RequestAct(by, now, reason)
    same_applicant: list[int] = []
    if person is not None:
        assert keys is not None, "a person is stored under a key"
        record_person(tx, rulebook, keys, request, "applicant", person, by, now)
        same_applicant = list_requests_of_applicant(tx, rulebook, keys, request)
    alike = _find_alike(tx, request, same_applicant)
    _add(tx, rulebook, request, _receipt_move(request, receipt, signed_on, confirmed_on, act, _count_alike(alike)))
    if owner != request.department:
        passed_on = Move(0, request.id, 0, MoveKind.ASSIGN, request.filed_on, now, by, reason, {"owner": owner})
        _add(tx, rulebook, request, passed_on)
    request, settled = settle(tx, rulebook, calendar, request, act)
    notes = [receipt.text]
    notes += [*_note_same_applicant(tx, request, same_applicant), *_note_alike(alike, request)]
    duties = list_answer_duties(rulebook, request.kind)
    if find_answer_due(rulebook, calendar, duties, settled.events, {}) is None:
        notes.append(Message("no rule starts a clock for it"))
    said = Message(
        "received {reference}: counted from {day} ({notes})",
        reference=request.name,
        day=receipt.day,
        notes=Message.joined("; ", notes),
    )
    return Registered(request, True, said)


def correct_receipt(
    tx: Tx,
    rulebook: Rulebook,
    calendar: Calendar,
    request: Request,
    *,
    by: str,
    now: datetime,
    reason: str,
    filed_on: date | None = None,
    signed_on: date | None = None,
    confirmed_on: date | None = None,
) -> Registered[Request]:
    """Put another receipt in the place of the one on record: the confirmation came later, or a day was wrong."""
    begin_act(tx, rulebook.county.id, now, by=by, reason=reason)
    check_no_personal_data(reason=reason)
    check_in_force(request)
    [before] = [move for move in list_moves(tx, request.id) if move.kind is MoveKind.RECEIVE]
    signed_on = signed_on or _field_day(before, "signed")
    confirmed_on = confirmed_on or _field_day(before, "confirmed")
    changed = replace(request, filed_on=filed_on or request.filed_on)
    receipt = find_receipt(rulebook, changed, signed_on, confirmed_on, now)
    days = {name: text for name, text in before.fields.items() if name != "alike"}
    if (receipt.day, changed.filed_on, _receipt_fields(receipt, signed_on, confirmed_on)) == (
        moment_day(request.received, rulebook.county.zone), request.filed_on, days,
    ):  # fmt: skip
        return Registered(request, False, Message("{reference}: on record already", reference=request.name))
    act = RequestAct(by, now, reason)
    _mark(tx, rulebook, request, before, act)
    request = change_request(tx, request, filed_on=changed.filed_on, received=receipt.day)
    alike = {name: text for name, text in before.fields.items() if name == "alike"}
    move = _receipt_move(request, receipt, signed_on, confirmed_on, act, alike)
    others = [other for other in list_moves(tx, request.id) if other.id != before.id]
    check_path(rulebook, calendar, request, others, now, move)
    _add(tx, rulebook, request, move)
    request, _ = settle(tx, rulebook, calendar, request, act)
    said = Message(
        "{reference}: counted from {day} ({text})", reference=request.name, day=receipt.day, text=receipt.text
    )
    return Registered(request, True, said)


def enter_move(
    tx: Tx,
    rulebook: Rulebook,
    calendar: Calendar,
    request: Request,
    kind: MoveKind,
    on: Moment,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    fields: Mapping[str, str] | None = None,
) -> Registered[Move]:
    """Enter a move that happened `on` that day. RegisterError where it cannot be, with the moves that can."""
    begin_act(tx, rulebook.county.id, now, by=by, **({"reason": reason} if kind in REASONED else {}))
    given = {name: text for name, value in (fields or {}).items() if (text := tidy_text(value))}
    if kind is MoveKind.ASK_FEE:
        given = check_fee(given, moment_day(on, rulebook.county.zone), calendar)
    move = Move(0, request.id, 0, kind, on, now, by, reason, given)
    check_in_force(request)
    check_move(rulebook, request, move)
    before = list_moves(tx, request.id)
    check_path(rulebook, calendar, request, before, now, move)
    check_abandonment(rulebook, request, before, move)
    for other in before:
        if (other.kind, other.on, other.fields) == (kind, on, given):
            raise RegisterError(
                "{move} of {day} is on record already (step {ordinal})",
                move=ListedWord("move", kind), day=on.isoformat(), ordinal=other.ordinal,
            )  # fmt: skip
    move = _add(tx, rulebook, request, move)
    request, settled = settle(tx, rulebook, calendar, request, RequestAct(by, now, reason))
    move = replace(move, remarks=settled.remarks.get(move.id, ()))
    return Registered(move, True, _describe_entered(rulebook, request, move, settled))


def withdraw_move(
    tx: Tx,
    rulebook: Rulebook,
    calendar: Calendar,
    request: Request,
    ordinal: int,
    *,
    by: str,
    reason: str,
    now: datetime,
) -> Registered[Move]:
    """Withdraw a move that was entered by mistake, with its event; of the receipt, the whole request."""
    begin_act(tx, rulebook.county.id, now, by=by, reason=reason)
    check_no_personal_data(reason=reason)
    moves = list_moves(tx, request.id, withdrawn=True)
    move = next((move for move in moves if move.ordinal == ordinal), None)
    if move is None:
        known = ", ".join(str(other.ordinal) for other in moves)
        raise RegisterError(
            "{reference} has no step {ordinal} (steps: {known})",
            reference=request.name, ordinal=ordinal, known=known,
        )  # fmt: skip
    if move.withdrawn_at is not None:
        said = Message("step {ordinal} was withdrawn before, nothing changed", ordinal=ordinal)
        return Registered(move, False, said)
    act = RequestAct(by, now, reason)
    if move.kind is MoveKind.RECEIVE:
        for other in moves:
            if other.withdrawn_at is None:
                _mark(tx, rulebook, request, other, act)
        request = change_request(tx, request, withdrawn_at=now)
        said = Message("withdrew {reference} as a whole; its number is not given again", reference=request.name)
    else:
        check_path(rulebook, calendar, request, [other for other in moves if other is not move], now)
        _mark(tx, rulebook, request, move, act)
        said = Message("withdrew step {ordinal} of {reference}", ordinal=ordinal, reference=request.name)
    settle(tx, rulebook, calendar, request, act)
    return Registered(replace(move, withdrawn_at=now), True, said)


def load_request(tx: Tx, rulebook: Rulebook, kind: RequestKind, reference: str) -> Request:
    """The request with the reference 2026-guotu-12. Raises RegisterError where there is none."""
    match = _REFERENCE.fullmatch(tidy_text(reference))
    if match is None:
        raise RegisterError("{reference!r}: write year, department and number, like 2026-guotu-12", reference=reference)
    year, department, number = int(match[1]), match[2], int(match[3])
    if department not in rulebook.county.departments:
        hint = suggest_departments(department, rulebook.county)
        raise RegisterError("no department {department!r}: {hint}", department=department, hint=hint)
    request = find_request(tx, rulebook.county.id, kind, department, year, number)
    if request is None:
        last = next_number(tx, rulebook.county.id, kind, department, year) - 1
        raise RegisterError("no {kind} {reference} (the last number of that year: {last})",
                            kind=ListedWord("kind", kind), reference=reference, last=last)  # fmt: skip
    return request


# -- writing ---------------------------------------------------------------------------------------


def _receipt_fields(receipt: ReceiptDay, signed_on: date | None, confirmed_on: date | None) -> dict[str, str]:
    days = {"signed": signed_on, "confirmed": confirmed_on}
    fields = {name: day.isoformat() for name, day in days.items() if day is not None}
    if receipt.is_assumed:
        fields["assumed"] = "yes"
    if receipt.awaits is not None:
        fields["awaits"] = receipt.awaits
    return fields | {"basis": receipt.text}


def _receipt_move(
    request: Request,
    receipt: ReceiptDay,
    signed_on: date | None,
    confirmed_on: date | None,
    act: RequestAct,
    alike: Mapping[str, str],
) -> Move:
    fields = {**_receipt_fields(receipt, signed_on, confirmed_on), **alike}
    return Move(0, request.id, 0, MoveKind.RECEIVE, request.filed_on, act.now, act.by, act.reason, fields)


def _add(tx: Tx, rulebook: Rulebook, request: Request, move: Move) -> Move:
    """Write a move with its journal line, which names nobody who asks."""
    move = add_move(tx, move)
    after = {"step": move.ordinal, "on": move.on.isoformat(), "fields": dict(move.fields)}
    if move.kind is MoveKind.RECEIVE:
        after |= {"way": request.way, "received": request.received.isoformat(), "applicant": request.applicant_kind}
    _journal(
        tx,
        rulebook,
        request,
        f"{request.kind}.{move.kind}",
        None,
        after,
        RequestAct(move.by, move.recorded_at, move.reason),
    )
    return move


def _mark(tx: Tx, rulebook: Rulebook, request: Request, move: Move, act: RequestAct) -> None:
    """Mark a move as entered by mistake, with its journal line."""
    mark_withdrawn(tx, move, act.now)
    before = {"step": move.ordinal, "move": move.kind, "on": move.on.isoformat(), "fields": dict(move.fields)}
    _journal(tx, rulebook, request, f"{request.kind}.step-withdrawn", before, None, act)


def _journal(
    tx: Tx, rulebook: Rulebook, request: Request, action: str, before: object, after: object, act: RequestAct
) -> None:
    entry = JournalEntry(act.by, action, f"{request.kind}:{request.reference}", before, after, act.reason)
    append_entries(tx, rulebook.county.id, [entry], act.now)


# -- answers ---------------------------------------------------------------------------------------


def _describe_entered(rulebook: Rulebook, request: Request, move: Move, settled: Settled) -> Message:
    said = Message(
        "{reference}: {move} entered as step {ordinal}; it is {state} now",
        reference=request.name,
        move=ListedWord("move", move.kind),
        ordinal=move.ordinal,
        state=ListedWord("state", request.state),
    )
    remarks = [
        Message("{code}: {text} ({provision})", code=ListedWord("remark", remark.code), text=remark.text,
                provision=remark.provision)
        for remark in move.remarks
    ]  # fmt: skip
    return Message.lines([said, *remarks]) if remarks else said


def _note_same_applicant(tx: Tx, request: Request, ids: Sequence[int]) -> list[Message]:
    """A hint where the same applicant asked for the same thing before (2019, art. 36, no. 6). `ids`: of the applicant's
    other requests."""
    if not ids:
        return []
    earlier = list_requests(tx, request.county, kind=request.kind, ids=ids)
    same = [other.name for other in earlier if other.title == request.title]
    if same:
        return [
            Message("the same applicant asked for this before: {references}", references=Message.joined(", ", same))
        ]
    return [Message("the same applicant has {count} other requests", count=len(earlier))] if earlier else []


def _find_alike(tx: Tx, request: Request, same_applicant: Collection[int]) -> list[Request]:
    """The requests by which others asked the department for the same within a year, and the request itself (2019, art.
    44: it may be published)."""
    since = request.filed_on - timedelta(days=_ALIKE_DAYS)
    return [
        other
        for other in list_same_titles(tx, request.county, request.title, since)
        if (other.kind, other.department) == (request.kind, request.department) and other.id not in same_applicant
    ]


def _count_alike(alike: Sequence[Request]) -> dict[str, str]:
    """The field that makes a matter of it: of the request by which they became many."""
    return {"alike": str(len(alike))} if len(alike) == _MANY and alike[0].kind == "request" else {}


def _note_alike(alike: Sequence[Request], request: Request) -> list[Message]:
    if len(alike) < _MANY:
        return []
    others = [other for other in alike if other.id != request.id]
    references = ", ".join(other.name for other in others[-_MANY:])
    return [Message("{count} requests ask for this: consider publishing it ({references})",
                    count=len(alike), references=references)]  # fmt: skip


def _field_day(move: Move, name: str) -> date | None:
    return parse_day(move.fields.get(name, ""))
