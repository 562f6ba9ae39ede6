"""Records the events that another system posts: each has a number of the sender's, under which it counts once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from tracker.core.law.workdays import Calendar
from tracker.core.values.accounts import ApiToken, Receipt
from tracker.core.values.facts import Event
from tracker.core.values.message import Message
from tracker.registers.checks import begin_act, is_future
from tracker.registers.eventimport import PlannedRow, SourceFile, import_events, plan_import
from tracker.registers.eventrows import EventRow, read_records
from tracker.registers.eventrules import EventRules
from tracker.registers.events import describe_contents
from tracker.store.api import add_receipts, load_receipts
from tracker.store.engine import Tx
from tracker.store.events import list_events

KIND = "event"
_OTHER = Message(
    "this number was sent before with other contents: send what is another event under its own number; "
    "what was wrong a person corrects (duban event correct)"
)
_FOREIGN = Message("the token is for the department {department} alone")
_DIFFERS = Message(
    "on record with {contents}: give another event its own reference; what is wrong on record a person corrects "
    "(duban event correct)"
)
_DOUBTED = Message('{doubts}; send it with "sure": true if that is right')


@dataclass(frozen=True, slots=True)
class PostedEvent:
    """What a system says of one event. `record`: name, department, on, reference, duty and the fields, as text;
    `is_sure`: the day is right, although it looks mistyped."""

    number: str
    record: Mapping[str, str]
    is_sure: bool = False
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        text = json.dumps(self.record, ensure_ascii=False, sort_keys=True)
        object.__setattr__(self, "digest", hashlib.sha256(text.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class PostedResult:
    """What became of one. `answer`: what is said to the sender, now and whenever the same is sent again; `errors`: why
    nothing was recorded. `kind`: of the errors."""

    number: str
    answer: Mapping[str, Any]
    is_repeated: bool = False
    errors: tuple[str, ...] = ()
    kind: Literal["", "invalid", "conflict", "forbidden"] = ""


def record_posted_events(
    tx: Tx,
    rules: EventRules,
    calendar: Calendar,
    token: ApiToken,
    posted: Sequence[PostedEvent],
    translate: Callable[[str], str],
    now: datetime,
    *,
    skip: bool,
) -> list[PostedResult]:
    """The result of each, in order. Where one is refused none is recorded, unless `skip`.

    The same under a number that is known is answered as it was the first time, whatever became of the event since.
    """
    county = rules.rulebook.county.id
    begin_act(tx, county, now, by=token.name)
    receipts = load_receipts(tx, county, token.name, KIND, {each.number for each in posted})
    known = {number: receipt.digest for number, receipt in receipts.items()}
    new: dict[str, PostedEvent] = {}
    for each in posted:
        if known.setdefault(each.number, each.digest) == each.digest and each.number not in receipts:
            new.setdefault(each.number, each)
    has_conflict = any(known[each.number] != each.digest for each in posted)
    rows, foreign = _read_rows(rules, calendar, token, list(new.values()), now)
    if has_conflict and not skip:  # nothing is recorded, but all that is wrong is named
        plan = plan_import(rules, rows, list_events(tx, county, withdrawn=True), now)
    else:
        plan = import_events(tx, rules, rows, _source(token, new), by=token.name, now=now, skip=skip)
    results = {
        number: _result(number, planned, translate, is_foreign=planned.row.number in foreign)
        for number, planned in zip(new, plan.rows, strict=True)
    }
    is_written = not plan.is_refused and (skip or not has_conflict)
    if is_written:
        add_receipts(tx, [_receipt(token, new[each.number], each, now) for each in results.values() if not each.kind])
    results |= {number: PostedResult(number, receipt.answer, is_repeated=True) for number, receipt in receipts.items()}
    other = (translate(_OTHER),)
    return [
        results[each.number]
        if known[each.number] == each.digest
        else PostedResult(each.number, {}, errors=other, kind="conflict")
        for each in posted
    ]


def _read_rows(
    rules: EventRules, calendar: Calendar, token: ApiToken, posted: Sequence[PostedEvent], now: datetime
) -> tuple[list[EventRow], set[int]]:
    """The rows of an import, and the numbers of those whose department is out of the token's reach. That is an error,
    and so is a day that looks mistyped."""
    rows, foreign = [], set()
    for each, row in zip(posted, read_records([each.record for each in posted], rules), strict=True):
        event = row.event
        if event is None:
            rows.append(row)
            continue
        doubts = rules.list_doubts(event, is_future=is_future(event.occurred, rules.rulebook, now), calendar=calendar)
        errors = list(row.errors)
        if not token.owns(event.department):
            foreign.add(row.number)
            errors.append(Message(_FOREIGN, department=token.department))
        elif doubts and not each.is_sure:
            errors.append(Message(_DOUBTED, doubts=Message.joined("; ", doubts)))
        rows.append(replace(row, event=None, errors=tuple(errors)) if errors else row)
    return rows, foreign


def _source(token: ApiToken, new: Mapping[str, PostedEvent]) -> SourceFile:
    """What the journal names as the file of the import."""
    digest = hashlib.sha256("\n".join(f"{number} {each.digest}" for number, each in new.items()).encode()).hexdigest()
    return SourceFile(token.name, digest)


def _result(number: str, planned: PlannedRow, translate: Callable[[str], str], *, is_foreign: bool) -> PostedResult:
    row = planned.row
    if planned.outcome == "differs" and planned.before is not None:
        text = Message(_DIFFERS, contents=describe_contents(planned.before.event))
        return PostedResult(number, {}, errors=(translate(text),), kind="conflict")
    if planned.outcome == "bad" or row.event is None:
        texts = tuple(translate(error) for error in row.errors or (planned.note,))
        return PostedResult(number, {}, errors=texts, kind="forbidden" if is_foreign else "invalid")
    outcome = "on-record" if planned.outcome == "same" else "recorded"
    answer = {"number": number, "outcome": outcome, "event": _as_json(row.event), "note": translate(planned.note)}
    return PostedResult(number, answer)


def _as_json(event: Event) -> dict[str, Any]:
    return {
        "name": event.name,
        "department": event.department,
        "reference": event.reference,
        "duty": event.duty,
        "on": event.occurred.isoformat(),
        "fields": dict(event.fields),
    }


def _receipt(token: ApiToken, posted: PostedEvent, result: PostedResult, now: datetime) -> Receipt:
    return Receipt(token.county, token.name, KIND, result.number, posted.digest, result.answer, now)
