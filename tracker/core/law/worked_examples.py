"""Examples of duties: due days worked by hand, and what entries prove. `rulebook/examples.py` runs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from tracker.core.values.keys import Key


@dataclass(frozen=True, slots=True)
class PausedDue:
    """What an example expects of a clock that stands: until when at most, where anything limits it."""

    until: date | None = None


@dataclass(frozen=True, slots=True)
class ExampleFact:
    """A fact of an example that moves the clock of its event: when it happened, and its fields."""

    on: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A line that is run: a due day worked by hand (`due`), or what an entry proves (`entry`, `proves`)."""

    duty: str = ""
    department: Annotated[
        str,
        Key("The department; of a joint duty, any of them. Left out: the first that owes it.", "name"),
    ] = ""
    line: str = ""  # "path:line:column", for the message when it fails
    of: Annotated[str | None, Key("The event's name.", "name")] = None
    event: Annotated[str | None, Key("When it happened: a day, or a day and an hour.", "moment")] = None
    part: Annotated[str | None, Key("Where an event starts several parts: the one that is meant.", "name")] = None
    fields: Annotated[Mapping[str, str], Key("The event's fields.", "labels")] = field(default_factory=dict)
    facts: Annotated[
        Mapping[str, ExampleFact],
        Key(
            "Facts beside the event that move its clock: `{NAME: DAY}`, or `{NAME: {on: DAY, FIELD: VALUE}}`.",
            "facts on",
        ),
    ] = field(default_factory=dict)
    extended: Annotated[bool, Key("Its extension was granted.")] = False
    period: Annotated[
        str | None, Key("The occurrence's label: `2015-Q4`, `once`, with `.part` if it has one.", "label")
    ] = None
    due: Annotated[
        date | PausedDue | None,
        Key("The last day that is on time; `paused` where the clock stands, `paused until DAY` at most.", "due"),
    ] = None
    entry: Annotated[str | None, Key("The title of an entry.")] = None
    published: Annotated[str | None, Key("The day, or moment, it claims.", "moment")] = None
    contents: Annotated[str | None, Key("Its text. Left out: what it must contain is not judged.", name="text")] = None
    proves: Annotated[str | None, Key("`LABEL`, `LABEL/part`, or `nothing`.", "label")] = None
