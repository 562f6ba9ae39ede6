"""Enters a year of invented requests into the register, each by its moves."""

from __future__ import annotations

from datetime import datetime

from tests.invented_requests import Invented
from tests.registers.request_office import CALENDAR, ZONE
from tracker.core.law.county import Rulebook
from tracker.core.requests.receipt import find_receipt_day
from tracker.core.requests.values import Request
from tracker.registers.requests import enter_move, load_request, receive
from tracker.store.engine import Tx

#: After the last invented step.
NOW = datetime(2026, 12, 1, 9, tzinfo=ZONE)


def enter_year(tx: Tx, rules: Rulebook, invented: list[Invented]) -> list[Request]:
    """The requests as they stand on record afterwards, in the order of the invented ones."""
    return [enter(tx, rules, each) for each in invented]


def enter(tx: Tx, rules: Rulebook, each: Invented) -> Request:
    """Receive one on the very day that counts, and enter its steps."""
    request = Request(
        id=0, county=rules.county.id, kind="request", department=each.department, year=0, number=0, owner="",
        way=each.way, filed_on=each.received, received=each.received, applicant_kind=each.applicant,
        title=each.title, topic=each.topic,
    )  # type: ignore[arg-type]  # fmt: skip
    day = each.received
    assert find_receipt_day(request.way, day, day, day, rules.acts).day == day
    request = receive(
        tx, rules, CALENDAR, request, by="王收", now=NOW, signed_on=day, confirmed_on=day, reason="登记"
    ).value
    for kind, on, fields in each.steps:
        enter_move(tx, rules, CALENDAR, request, kind, on, by="李办", now=NOW, reason="按程序办理", fields=fields)
    return load_request(tx, rules, "request", request.reference)
