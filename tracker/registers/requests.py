"""Enters requests on application, complaints and questions, and their moves; withdraws moves entered by mistake."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from tracker.core.law.county import Rulebook
from tracker.core.requests.values import Move, MoveKind, Person, Request, RequestKind
from tracker.core.values.facts import Moment
from tracker.registers.errors import Registered
from tracker.store.engine import Tx


def receive(
    tx: Tx,
    rulebook: Rulebook,
    request: Request,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    signed_on: date | None = None,
    confirmed_on: date | None = None,
    person: Person | None = None,
) -> Registered[Request]:
    """Receive a request and give it the next number of its department and year, unless it comes with one.

    `request`: with the id 0 and, where the register is to count, the number 0; `received` is worked out from
    `filed_on`, the way of filing, and the days on which it was signed for and confirmed.
    """
    raise NotImplementedError


def enter_move(
    tx: Tx,
    rulebook: Rulebook,
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
    raise NotImplementedError


def withdraw_move(
    tx: Tx, rulebook: Rulebook, request: Request, ordinal: int, *, by: str, reason: str, now: datetime
) -> Registered[Move]:
    """Withdraw a move that was entered by mistake, with its event; of the receipt, the whole request."""
    raise NotImplementedError


def load_request(tx: Tx, rulebook: Rulebook, kind: RequestKind, reference: str) -> Request:
    """The request with the reference 2026-guotu-12. Raises RegisterError where there is none."""
    raise NotImplementedError
