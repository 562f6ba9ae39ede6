"""Events in: a finance or approval system posts what happened, thousands at once, each under a number of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tracker.console.api.call import Call, Line, allowed
from tracker.console.api.problems import Fault, Kind, write_pointer
from tracker.console.context import ConsoleContext
from tracker.core.values.accounts import Scope
from tracker.core.values.message import Message
from tracker.registers.eventrows import HEADS
from tracker.registers.eventrules import EventRules
from tracker.registers.posted_events import PostedEvent, PostedResult, record_posted_events

#: Events of one post, and so many new ones that are judged within it: a second or two, in which nobody else writes.
MOST, JUDGED = 5_000, 500
#: Why nothing was recorded, by what weighs most.
_REFUSED: dict[str, tuple[Kind, Message]] = {
    "forbidden": ("forbidden", Message("nothing was recorded: events of departments that the token does not reach")),
    "conflict": ("conflict", Message("nothing was recorded: events that are on record with other contents")),
    "invalid": ("invalid", Message("nothing was recorded: events that cannot be recorded")),
}
Short = Annotated[Line, StringConstraints(min_length=1, max_length=128, strip_whitespace=True)]


class EventIn(BaseModel):
    """Something that happened, as the sender's system has it."""

    model_config = ConfigDict(extra="forbid")

    number: Short = Field(description="the sender's own number: the same again is answered as the first time")
    name: Short = Field(description="the event's id or title: budget-approved, 预算批复")
    department: Short = Field(description="whose it is: id, name or alias")
    on: Short = Field(description="2026-03-02, or with the hour 2026-03-02T09:30", examples=["2026-03-02"])
    reference: Short | None = Field(default=None, description="the number on the paper (文号); left out: `number`")
    duty: Short | None = Field(default=None, description="where events are recorded per duty")
    fields: dict[Line, Line] = Field(default={}, description="what the event needs: year, item …", max_length=20)
    sure: bool = Field(default=False, description="the day is right, although it is to come or a day off")

    def posted(self) -> PostedEvent:
        known = {"name": self.name, "department": self.department, "on": self.on, "duty": self.duty or ""}
        known["reference"] = self.reference or self.number
        return PostedEvent(self.number, {**self.fields, **known}, self.sure)


class EventsIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    events: list[EventIn] = Field(min_length=1, max_length=MOST)
    skip_bad: bool = Field(
        default=False, description="record the others where some cannot be; else nothing is recorded"
    )


class EventOnRecord(BaseModel):
    name: str
    department: str
    reference: str
    duty: str | None
    on: str
    fields: dict[str, str]


class EventResult(BaseModel):
    """What became of an event. `on-record`: it was there already; `refused`: see `errors`."""

    number: str
    outcome: Literal["recorded", "on-record", "refused"]
    repeated: bool = Field(description="the same was sent before; this is what was answered then")
    event: EventOnRecord | None = None
    note: str = ""
    errors: list[str] = []


class EventResults(BaseModel):
    results: list[EventResult]
    judged: bool = Field(description="false: the next pass does, within minutes, for there were more than 500 new ones")
    changed_matters: list[str] = Field(description="the keys of the first 200 matters that are other ones now")


def routes(office: ConsoleContext) -> APIRouter:
    router = APIRouter(tags=["events"])
    permitted = allowed(office, Scope.EVENTS_WRITE)

    @router.post("/events", summary="Record events", response_model=EventResults)
    def post_events(body: EventsIn, call: Call = permitted) -> EventResults:
        """All of them in one transaction, in which what they change is judged; or none, unless `skip_bad`."""
        posted = [event.posted() for event in body.events]
        _check_fields(call, body)
        rules, calendar = EventRules(call.rulebook), office.loaded.calendar

        def act(tx: Any) -> Sequence[PostedResult]:
            results = record_posted_events(
                tx, rules, calendar, call.token, posted, call.translate, call.now, skip=body.skip_bad
            )
            if not body.skip_bad and any(result.kind for result in results):
                raise _RefusedError(results)
            return results

        try:
            results, changed = call.record(act, _is_judged)
        except _RefusedError as error:
            raise _refusal(call, error.results) from None
        return EventResults(
            results=[_result(each) for each in results],
            judged=_is_judged(results),
            changed_matters=sorted(changed)[:200],
        )

    return router


def _is_judged(results: Sequence[PostedResult]) -> bool:
    """Whether so few are new that what they change is judged at once."""
    return sum(not (result.is_repeated or result.kind) for result in results) <= JUDGED


class _RefusedError(Exception):
    """Some cannot be recorded: the transaction ends without any."""

    def __init__(self, results: Sequence[PostedResult]) -> None:
        super().__init__()
        self.results = results


def _check_fields(call: Call, body: EventsIn) -> None:
    """Refuse fields that bear the name of another part of an event."""
    taken = [
        Fault(
            pointer=write_pointer(("events", place, "fields", name)),
            number=event.number,
            detail=call.translate(Message("give {field} beside the fields, or not at all", field=name)),
        )
        for place, event in enumerate(body.events)
        for name in event.fields
        if name in HEADS
    ]
    if taken:
        raise call.refuse("invalid", _REFUSED["invalid"][1], *taken)


def _refusal(call: Call, results: Sequence[PostedResult]) -> Exception:
    faults = [
        Fault(pointer=write_pointer(("events", place)), number=result.number, detail=error)
        for place, result in enumerate(results)
        for error in result.errors
    ]
    found = {result.kind for result in results}
    kind, detail = next(refused for name, refused in _REFUSED.items() if name in found)
    return call.refuse(kind, detail, *faults)


def _result(result: PostedResult) -> EventResult:
    if result.kind:
        return EventResult(number=result.number, outcome="refused", repeated=False, errors=list(result.errors))
    return EventResult(**result.answer, repeated=result.is_repeated)
