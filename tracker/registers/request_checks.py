"""Checks a request and its moves as they are entered: names, days, fields, and whether a move can be there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.workdays import Calendar
from tracker.core.requests.answers import check_answer, check_complaint_answer, regulations_on
from tracker.core.requests.fees import complete_fee, complete_payment_term
from tracker.core.requests.moves import IMPORTED, MOVES
from tracker.core.requests.papers import list_term_errors
from tracker.core.requests.receipt import MissingDayError, ReceiptDay, find_receipt_day
from tracker.core.requests.state import MoveError, derive_standing, list_possible_moves
from tracker.core.requests.values import Move, MoveKind, Request
from tracker.core.values.message import ListedWord, Message
from tracker.registers.checks import check_moment, check_texts, is_future, is_same_person
from tracker.registers.errors import RegisterError, suggest_departments, suggest_names
from tracker.registers.persons import check_no_personal_data
from tracker.registers.request_settling import work_out

#: Moves that may come before the day of receipt, which may be that of a confirmation.
_EARLY = {MoveKind.REGISTER, MoveKind.ASSIGN, MoveKind.WITHDRAW}
#: Fields that hold a day.
_DAYS = {"until", "told", "reached", "signed", "confirmed"}
#: Of these, the days on which something happened.
_PAST_DAYS = _DAYS - {"until"}
#: What tells third parties apart: their names stand encrypted.
_PARTY = re.compile("(第三方)?[甲乙丙丁戊己庚辛壬癸]")


def check_request(rulebook: Rulebook, request: Request, now: datetime) -> None:
    check_texts(title=request.title)
    check_no_personal_data(title=request.title, topic=request.topic)
    for department in {request.department, request.owner} - {""}:
        if department not in rulebook.county.departments:
            hint = suggest_departments(department, rulebook.county)
            raise RegisterError("no department {department!r}: {hint}", department=department, hint=hint)
    if is_future(request.filed_on, rulebook, now):
        raise RegisterError("filed on {day}: that lies in the future", day=request.filed_on)


def find_receipt(
    rulebook: Rulebook, request: Request, signed_on: date | None, confirmed_on: date | None, now: datetime
) -> ReceiptDay:
    days = {"signed": signed_on, "confirmed": confirmed_on}
    for name, day in days.items():
        if day is not None and day < request.filed_on:
            raise RegisterError("{name} on {day}, before it was filed on {filed}",
                                name=ListedWord("day", name), day=day, filed=request.filed_on)  # fmt: skip
        if day is not None and is_future(day, rulebook, now):
            raise RegisterError("{name} on {day}: that lies in the future", name=ListedWord("day", name), day=day)
    acts = rulebook.acts if request.kind == "request" else ()
    try:
        found = find_receipt_day(request.way, request.filed_on, signed_on, confirmed_on, acts)
        # No text says which day counts for complaints and questions; their limits are ours as a whole.
        return found if request.kind == "request" else replace(found, is_assumed=False, awaits=None)
    except MissingDayError as error:
        raise RegisterError(
            "{way}: the day counts on which it was {name}: give it (--{option})",
            way=ListedWord("way", request.way), name=ListedWord("day", error.day), option=error.day,
        ) from None  # fmt: skip


def check_in_force(request: Request) -> None:
    if request.withdrawn_at is not None:
        raise RegisterError("{reference} was withdrawn: it was entered by mistake", reference=request.name)


def check_move(rulebook: Rulebook, request: Request, move: Move) -> None:
    """Check the day and the fields of a move by themselves."""
    check_moment(move.on, Message("the day of the step"))
    if is_future(move.on, rulebook, move.recorded_at):
        raise RegisterError("{day} lies in the future: a step is entered once it happened", day=move.on.isoformat())
    zone = rulebook.county.zone
    earliest = request.filed_on if move.kind in _EARLY else moment_day(request.received, zone)
    if moment_day(move.on, zone) < earliest:
        raise RegisterError(
            "{move} on {day}, before {reference} was received on {received}",
            move=ListedWord("move", move.kind), day=move.on.isoformat(), reference=request.name,
            received=earliest,
        )  # fmt: skip
    check_no_personal_data(reason=move.reason)
    check_no_personal_data(**move.fields)  # a field may be called reason, too
    errors = [*_list_field_errors(rulebook, move), *list_term_errors(move.fields, moment_day(move.on, zone))]
    if move.kind is MoveKind.ANSWER and request.kind == "request" and "answer" in move.fields:
        kind, ground = move.fields["answer"], move.fields.get("ground", "")
        answered_on, received_on = moment_day(move.on, zone), moment_day(request.received, zone)
        errors += check_answer(kind, ground, move.fields, answered_on, received_on, rulebook.acts)
    if move.kind is MoveKind.ANSWER and request.kind == "complaint" and IMPORTED not in move.fields:
        errors += check_complaint_answer(move.fields)
    if errors:
        raise RegisterError(Message.joined("; ", errors))
    if move.kind is MoveKind.REVIEW and is_same_person(move.fields["author"], move.by):
        raise RegisterError("{by} wrote the answer: somebody else must review it", by=move.by)


def check_fee(fields: Mapping[str, str], sent_on: date, calendar: Calendar) -> dict[str, str]:
    """The fields of a notice of fees with the sum, its working and the last day. Raises RegisterError for others."""
    completed, errors = complete_fee(fields)
    if all(parse_day(fields.get(name) or "2026-01-01") for name in ("reached", "until")):  # else `check_move` says so
        completed, wrong = complete_payment_term(completed, sent_on, calendar)
        errors += wrong
    if errors:
        raise RegisterError(Message.joined("; ", errors))
    return completed


def _list_field_errors(rulebook: Rulebook, move: Move) -> list[Message]:
    rule, errors = MOVES[move.kind], []
    for name in rule.needs:
        if name not in move.fields:
            choices = "、".join(f"{title}（{code}）" for code, title in rule.choices.get(name, {}).items())
            missing = Message("{field} is missing", field=ListedWord("field", name))
            errors.append(
                Message("{missing} (one of: {choices})", missing=missing, choices=choices) if choices else missing
            )
    known = {*rule.needs, *rule.may}
    for name, value in move.fields.items():
        if name not in known and "*" not in known:
            hint = suggest_names(name, known)
            errors.append(Message("no field {field!r} of this step: {hint}", field=name, hint=hint))
        if (values := rule.choices.get(name)) and value not in values:
            errors.append(
                Message(
                    "{field}={value}: {hint}",
                    field=ListedWord("field", name),
                    value=value,
                    hint=suggest_names(value, values),
                )
            )
        day = parse_day(value) if name in _DAYS else None
        if name in _DAYS and day is None:
            errors.append(
                Message("{field}={value}: write a day as 2026-03-02", field=ListedWord("field", name), value=value)
            )
        if name in _PAST_DAYS and day is not None and is_future(day, rulebook, move.recorded_at):
            errors.append(Message("{name} on {day}: that lies in the future", name=ListedWord("day", name), day=day))
    is_party = move.kind is MoveKind.TELL_PARTY or move.fields.get("whom") == "third-party"
    if is_party and not _PARTY.fullmatch(move.fields.get("party", "甲")):
        errors.append(Message("--party: tell third parties apart by 甲, 乙, 丙 …, never by name"))
    if move.kind is MoveKind.ASSIGN:
        names = [move.fields.get("owner", ""), *move.fields.get("co", "").split(",")]
        for department in filter(None, names):
            if department not in rulebook.county.departments:
                hint = suggest_departments(department, rulebook.county)
                errors.append(Message("no department {department!r}: {hint}", department=department, hint=hint))
    return errors


def check_abandonment(rulebook: Rulebook, request: Request, before: list[Move], move: Move) -> None:
    """Refuse to give up an uncorrected request under the Regulations of 2007, which know no such end."""
    zone = rulebook.county.zone
    act = regulations_on(moment_day(request.received, zone), rulebook.acts)
    if move.kind is not MoveKind.ABANDON or move.fields["why"] != "uncorrected" or act is None or act.id != "foi-2007":
        return
    possible = list_possible_moves(request.kind, derive_standing(request.kind, before, zone))
    allowed = [ListedWord("move", kind) for kind in possible if kind is not MoveKind.ABANDON]
    raise RegisterError(
        "the Regulations of 2007 let no request lapse that is not corrected; possible are {allowed}",
        allowed=Message.joined(", ", allowed),
    )


def check_path(
    rulebook: Rulebook,
    calendar: Calendar,
    request: Request,
    moves: list[Move],
    now: datetime,
    added: Move | None = None,
) -> None:
    """Check that the moves, with one that is added, follow one another as the table allows, now that each is judged
    anew: a change may make lawful, or unlawful, what comes after it."""
    last = max((move.ordinal for move in moves), default=0)
    tried = [*moves, replace(added, ordinal=last + 1)] if added is not None else moves
    try:
        work_out(rulebook, calendar, request, tried, now)
    except MoveError as error:
        allowed = Message.joined(", ", [ListedWord("move", kind) for kind in error.allowed])
        values = {
            "reference": request.name,
            "state": ListedWord("state", error.state or ""),
            "move": ListedWord("move", error.move.kind),
            "day": moment_day(error.move.on, rulebook.county.zone),
            "allowed": allowed or Message("nothing"),
        }
        if added is not None and error.move.ordinal == last + 1:
            raise RegisterError(
                "{reference} is {state} on {day}: {move} is not possible; possible are {allowed}", **values
            ) from None
        raise RegisterError(
            "step {ordinal} of {reference} ({move}, {day}) would then not be possible: withdraw that one first",
            ordinal=error.move.ordinal, **values,
        ) from None  # fmt: skip


def parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
