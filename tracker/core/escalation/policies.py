"""Policies of escalation and their steps, as a county's schedule sets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from tracker.core.escalation.notice_kinds import StepKind
from tracker.core.escalation.office_time import Offset
from tracker.core.law.duties import Span
from tracker.core.values.keys import Key

#: The time for doing what a slip asks for where the schedule sets none.
SETTLE_WITHIN = Span(5, "workdays")


@dataclass(frozen=True, slots=True)
class Repeat:
    """Repeats of a step until the occurrence is mended."""

    EXAMPLE: ClassVar[str] = "{every: 2 workdays, slower: 2, until: +30 workdays}"
    every: Annotated[Offset, Key("The first gap: `2 workdays`.", "distance")]
    slower: Annotated[int, Key("Each gap is so many times the one before.")] = 1
    until: Annotated[Offset | None, Key("How far past the step's anchor; left out: till mended.", "later")] = None


@dataclass(frozen=True, slots=True)
class When:
    """Conditions of a step: all that are given must hold."""

    EXAMPLE: ClassVar[str] = "{light: [red], weight: 2}"
    lights: Annotated[
        tuple[str, ...],
        Key("One of these lights.", tuple[Literal["green", "blue", "yellow", "red", "grey"], ...], "light"),
    ] = ()
    weight: Annotated[float | None, Key("A weight of at least so much.")] = None
    incomplete: Annotated[bool | None, Key("`true`: something was published, something is missing.")] = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a policy. `to`: roles, `liaison` and `lead` of the department or the county's own.

    `anchor` and `offset`: when it stands, counted from the day it opens or from the due instant. `template`: the one to
    use instead of the kind's own. Of a slip (督办单): its `colour`; `within`: in what time after its receipt
    it is to be done; `signed_by`: the role of the county that signs it, "" for none.
    """

    name: str
    anchor: Literal["open", "due"]
    offset: Offset
    kind: StepKind
    to: tuple[str, ...]
    channels: tuple[str, ...] = ("mail",)
    repeat: Repeat | None = None
    when: When | None = None
    template: str = ""
    colour: Literal["", "blue", "orange", "red"] = ""
    within: Span = SETTLE_WITHIN
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """How a duty is escalated."""

    name: str
    steps: Annotated[
        tuple[Step, ...], Key("The steps by name; notices remember them by it.", "steps", required=True)
    ] = ()
    batch: Annotated[Literal["week"] | None, Key("`week`: held for the next week's first working hour.")] = None
    urgent: Annotated[bool, Key("Notices go out at any hour.")] = False
    second_look: Annotated[
        bool, Key("Before a step tells more than the liaison, the site is looked at again and searched.")
    ] = False
