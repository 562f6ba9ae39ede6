"""The `examples:` lines of a duty as values, and what is wrong with them as written; `examples.py` runs them."""

from __future__ import annotations

from dataclasses import replace

from tracker.core.law.duties import Example
from tracker.rulebook.document import Sink, Spot
from tracker.rulebook.models import DutyModel
from tracker.rulebook.readings import DeclaredEvents


def build_examples(duty: DutyModel, spot: Spot) -> tuple[Example, ...]:
    """The duty's examples, each with the line to blame when it fails."""
    return tuple(
        replace(example, duty=duty.id, line=str(spot / "examples" / index))
        for index, example in enumerate(duty.examples)
    )


def check_lines(duty: DutyModel, spot: Spot, events: DeclaredEvents, sink: Sink) -> None:
    """Lines that say too little or too much, and names that nothing answers to."""
    for index, example in enumerate(duty.examples):
        here = spot / "examples" / index
        for message in _gaps(example):
            sink.add(here, message)
        event = events.get(example.of or "")
        if event is None and example.of is not None:
            sink.unknown(here / "of", "event", example.of, events, among=events.spot)
        for field in example.fields if event else ():
            if event and field not in event.needs:
                place, among = here / "fields" / field, events.spot / event.name / "needs"
                where = f" of the event {event.name!r}"
                sink.unknown(place, "field", field, event.needs, among=among, where=where, key=True)
        part = (example.proves or "").partition("/")[2]
        if part and part not in duty.parts:
            sink.unknown(here / "proves", "part", part, duty.parts, among=spot / "parts")


def _gaps(example: Example) -> list[str]:
    gaps = []
    if example.due is None and example.proves is None:
        gaps.append("an example says `due` or `proves`")
    if (example.of is None) != (example.event is None):
        gaps.append("`of` names an event and `event` says when it was: both or neither")
    if example.due is not None and (example.of is None) == (example.period is None):
        gaps.append("a due day belongs to a `period`, or to an event (`of` and `event`)")
    given = [example.entry is not None, example.published is not None, example.proves is not None]
    if any(given) and not all(given):
        gaps.append("an entry has a title (`entry`), a day (`published`) and what it `proves`")
    if example.contents is not None and example.entry is None:
        gaps.append("a `text` belongs to an `entry`")
    return gaps
