"""The policies of schedule.yaml: how a duty is pressed, step by step."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from tracker.core.escalation.notices import (
    DEPARTMENT_ROLES,
    OWN_STEPS,
    Offset,
    Policy,
    Repeat,
    Step,
    StepKind,
    When,
)
from tracker.rulebook.county import OFFICE
from tracker.rulebook.document import Sink, Spot
from tracker.rulebook.scalars import Flag, Slug, refuse, scalar
from tracker.rulebook.shape import Model, Read

_AT = re.compile(r"(open|due) ([+-]\d{1,4}) (day|workday|hour)s?")
OFFSETS = ("open +N days", "due -N workdays", "due +N hours")


def _at(value: str) -> tuple[str, Offset]:
    match = _AT.fullmatch(value)
    if not match:
        raise refuse(f"not an offset: {value!r}", *OFFSETS)
    return match[1], Offset(int(match[2]), f"{match[3]}s")  # type: ignore[arg-type]


At = Annotated[
    tuple[str, Offset],
    scalar(_at, "an offset"),
    WithJsonSchema({"type": "string", "pattern": f"^{_AT.pattern}$", "examples": list(OFFSETS)}),
]


class StepModel(Model):
    """One step of a policy, by its name."""

    at: At = Field(description="When: `due -5 workdays`, `open +0 hours`. Days mean the opening hour of that day.")
    kind: StepKind = Field(description="Reminders go before due, the other kinds after it.")
    to: list[Slug] = Field(min_length=1, description="`liaison` and `lead` of the department, or roles of the county.")
    repeat: Read[Repeat] | None = Field(default=None, description="Again until it is mended.")
    when: Read[When] | None = Field(default=None, description="Only on these conditions.")
    template: Slug | Literal[""] = Field(default="", description="A template of this name instead of the kind's own.")
    colour: Literal["", "blue", "orange", "red"] = Field(default="", description="Of a slip (督办单).")
    channels: list[Slug] = Field(
        default=["mail"], min_length=1, description="`mail`, or names of the schedule's `channels`."
    )


class PolicyModel(Model):
    """How a duty is pressed."""

    steps: dict[Slug, StepModel] = Field(description="The steps by name; notices remember them by it.")
    batch: Literal["week"] | None = Field(
        default=None, description="`week`: held for the next week's first working hour."
    )
    urgent: Flag = Field(default=False, description="Notices go out at any hour.")


def check_policy(
    policy: PolicyModel,
    spot: Spot,
    roles: Collection[str] | None,
    channels: Collection[str],
    named: Spot,
    sink: Sink,
) -> None:
    """What the shape alone does not say of a policy and its steps; see `check_step`."""
    for name, step in policy.steps.items():
        here = spot / "steps" / name
        if name in OWN_STEPS:
            sink.add(here, f"the name {name!r} is taken by a notice that belongs to no policy", key=True)
        check_step(step, here, roles, channels, named, sink)
    latest: dict[tuple[str, Offset], str] = {}
    for name, step in reversed(policy.steps.items()):
        if (later := latest.get(step.at)) is not None:
            sink.add(
                spot / "steps" / name / "at",
                f"never sent: {later!r} stands at the same instant, and the last one goes; one step may tell them all",
            )
        if step.when is None:
            latest[step.at] = name


def check_step(
    step: StepModel, spot: Spot, roles: Collection[str] | None, channels: Collection[str], named: Spot, sink: Sink
) -> None:
    """What the shape alone does not say. `roles`: those of every county, None where that cannot be read;
    `channels`: the schedule's, defined at `named`."""
    for index, channel in enumerate(step.channels):
        if channel not in channels:
            sink.unknown(spot / "channels" / index, "channel", channel, channels, among=named)
    known = {*DEPARTMENT_ROLES, OFFICE, *(roles or ())}
    for index, role in enumerate(step.to):
        if role not in known and roles is not None:
            sink.unknown(spot / "to" / index, "role", role, known, among=spot / "to" / index)
    if step.colour and step.kind != "slip":
        sink.add(spot / "colour", f"a colour belongs to a slip, not to the kind {step.kind!r}", ("kind: slip",))
    if step.kind == "reminder" and step.at[0] == "due" and step.at[1].amount >= 0:
        sink.add(spot / "at", "a reminder stands before due", ("due -N workdays", "open +N days"))
    if step.kind != "reminder" and step.at[0] == "due" and step.at[1].amount < 0:
        sink.add(spot / "at", f"the kind {step.kind!r} stands at or after due", ("due +N workdays",))
    if step.repeat is not None:
        _check_repeat(step.repeat, step.at[1], spot / "repeat", sink)


def _check_repeat(repeat: Repeat, at: Offset, spot: Spot, sink: Sink) -> None:
    if repeat.slower < 1:
        sink.add(spot / "slower", "no gap can be smaller than the one before", ("1 or more",))
    until, first = repeat.until, at.amount + repeat.every.amount
    if until is not None and {at.unit, repeat.every.unit} == {until.unit} and first > until.amount:
        sink.add(spot / "until", "ends before the first repeat", (f"+{first} {until.unit} or more",))


def build_policy(name: str, model: PolicyModel) -> Policy:
    """The policy's values."""
    steps = tuple(
        Step(
            name=step,
            anchor=one.at[0],  # type: ignore[arg-type]
            offset=one.at[1],
            kind=one.kind,
            to=tuple(one.to),
            channels=tuple(one.channels),
            repeat=one.repeat,
            when=one.when,
            template=one.template,
            colour=one.colour,
        )
        for step, one in model.steps.items()
    )
    return Policy(name, steps, model.batch, model.urgent)


def build_policies(models: Mapping[str, PolicyModel]) -> dict[str, Policy]:
    """All of them. Where there is no `daily`, what is due every day is pressed as `standard` says, without its
    reminders and by the week: nobody gets a mail a day."""
    found = {name: build_policy(name, one) for name, one in models.items()}
    if "daily" not in found and "standard" in found:
        steps = tuple(one for one in found["standard"].steps if one.kind != "reminder")
        found["daily"] = replace(found["standard"], name="daily", steps=steps, batch="week")
    return found
