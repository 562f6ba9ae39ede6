"""Gathers what a paper of a request says: the fields of its move with those that are given, all checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.workdays import Calendar
from tracker.core.requests.answers import check_answer, check_complaint_answer
from tracker.core.requests.moves import IMPORTED, MOVES
from tracker.core.requests.papers import PaperKind, check_paper
from tracker.core.requests.state import is_unlawful_end
from tracker.core.requests.values import Move, MoveKind, Person, Request
from tracker.core.values.message import ListedWord, Message
from tracker.registers.errors import RegisterError
from tracker.registers.persons import check_no_personal_data, look_at_persons
from tracker.registers.request_checks import check_fee
from tracker.store.engine import Tx
from tracker.store.person_keys import Keys
from tracker.store.persons import Role
from tracker.store.requests import list_moves

_NUMBER = re.compile(r"\S+〔\d{4}〕[1-9]\d*号")
_ALMOST = re.compile(r"(\S+?)\s*[〔\[［(（【]\s*(\d{4})\s*[〕\]］)）】]\s*(?:第\s*)?0*([1-9]\d*)\s*号?")


@dataclass(frozen=True, slots=True)
class PaperOrder:
    """What a paper is to say. `is_recorded`: whether its move is on record; else all its fields were given."""

    fields: Mapping[str, str]
    dated: date
    is_recorded: bool


def prepare_paper(
    tx: Tx,
    rulebook: Rulebook,
    calendar: Calendar,
    kind: PaperKind,
    request: Request,
    given: Mapping[str, str],
    *,
    now: datetime,
    dated: date | None = None,
    ordinal: int | None = None,
) -> PaperOrder:
    """The fields and the day of a paper. `given` go before what is on record; `ordinal`: the move's, else the last.

    `dated` None: the day of the move, else today. Raises RegisterError with everything that is missing or wrong.
    """
    if request.kind != kind.register or request.withdrawn_at is not None:
        raise RegisterError(
            "the {paper} is written about a {register} that was not withdrawn as wrong",
            paper=kind.title, register=ListedWord("kind", kind.register),
        )  # fmt: skip
    for name, text in given.items():
        check_no_personal_data((), **{f"--field {name}": text})
    move = _find_move(list_moves(tx, request.id), kind, ordinal)
    fields = {**_fields_of(kind, move), **given}
    zone = rulebook.county.zone
    day = dated or moment_day(move.on if move else now, zone)
    errors: list[Message] = []
    if kind.code == "fee":
        fields = check_fee(fields, day if move is None else moment_day(move.on, zone), calendar)
    errors += check_paper(kind, fields, day)
    if kind.code == "complaint" and fields.get("answer"):
        errors += check_complaint_answer(fields)
    if kind.code == "answer" and fields.get("answer"):
        received = moment_day(request.received, zone)
        errors += check_answer(fields["answer"], fields.get("ground", ""), fields, day, received, rulebook.acts)
    if errors:
        raise RegisterError(Message.joined("; ", errors))
    if move is not None and move.remarks and MOVES[move.kind].relies:
        fields["idle"] = "yes"  # it moves no clock: the paper must not promise that
    return PaperOrder(fields, day, move is not None)


def _find_move(moves: Sequence[Move], kind: PaperKind, ordinal: int | None) -> Move | None:
    kinds = (kind.move, MoveKind.ABANDON) if kind.move is MoveKind.ANSWER else (kind.move,)
    found = [
        move
        for move in moves
        if move.kind in kinds and not is_unlawful_end(move) and (ordinal is None or move.ordinal == ordinal)
    ]
    if ordinal is not None and not found:
        raise RegisterError("step {ordinal} is none that this paper tells of", ordinal=ordinal)
    return found[-1] if found else None


def _fields_of(kind: PaperKind, move: Move | None) -> dict[str, str]:
    """The fields of a move; for a paper that needs a reason, and no other, the one with which it was entered. A request
    that was given up is answered with why."""
    if move is None:
        return {}
    entered = {"reason": move.reason} if move.kind is kind.move and "reason" in kind.needs and move.reason else {}
    given_up = {"answer": move.fields["why"]} if move.kind is MoveKind.ABANDON and "why" in move.fields else {}
    # A sheet may leave out what an answer says: its paper may not.
    return {**entered, **given_up, **{name: text for name, text in move.fields.items() if name != IMPORTED}}


def check_document_number(number: str) -> None:
    """Refuse a document number (文号) that GB/T 9704 does not know (7.2.5), with what would be right."""
    if _NUMBER.fullmatch(number):
        return
    almost = _ALMOST.fullmatch(number.strip())
    right = f"{almost[1]}〔{almost[2]}〕{almost[3]}号" if almost else "样国土依复〔2026〕3号"
    raise RegisterError("document number {number!r}: write it as {right}", number=number, right=right)


def find_addressee(
    tx: Tx, rulebook: Rulebook, keys: Keys, request: Request, *, party: int | None, by: str, purpose: str, now: datetime
) -> str:
    """The name of the applicant, or of the third party of that number (from 1), for the paper alone; the look is
    recorded. "" where nobody is on record. Raises RegisterError where `by` does not handle the request."""
    shown = look_at_persons(tx, rulebook, keys, request, by=by, purpose=purpose, now=now)
    if party is None:
        return next((person.name for role, person in shown if role == "applicant"), "")
    parties = _list_parties(shown)
    if party > len(parties):
        raise RegisterError("{count} third parties are on record: there is no number {party}", count=len(parties),
                            party=party)  # fmt: skip
    return parties[party - 1].name


def _list_parties(shown: Sequence[tuple[Role, Person]]) -> list[Person]:
    return [person for role, person in shown if role == "third-party"]
