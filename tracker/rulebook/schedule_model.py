"""The shape of schedule.yaml, key by key, and its values."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, WithJsonSchema

from tracker.core.escalation.notices import Hours
from tracker.core.law.objections import WINDOW
from tracker.rulebook.channel_model import MAIL, ChannelModel, build_channel, check_channels
from tracker.rulebook.console_model import ConsoleModel, build_console, check_console
from tracker.rulebook.document import Sink, Spot
from tracker.rulebook.policy_model import PolicyModel, build_policies, check_policy
from tracker.rulebook.scalars import (
    Slug,
    Text,
    Workdays,
    Zone,
    refuse,
    scalar,
)
from tracker.rulebook.schedule import (
    JOBS,
    Crawl,
    Delivery,
    Filings,
    Retention,
    Schedule,
)
from tracker.rulebook.shape import Model, Read

_FIELDS = ("minute", "hour", "day", "month", "weekday")
_CRON = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/[1-9]\d?)?")
_WEEKDAYS = "mon|tue|wed|thu|fri|sat|sun"
_CRON_WEEKDAY = re.compile(rf"\*|({_WEEKDAYS})([,-]({_WEEKDAYS}))*")
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12))


def _cron(value: str) -> str:
    fields = value.split()
    if len(fields) != len(_FIELDS):
        raise refuse(f"a cron line has five fields, this has {len(fields)}: {value!r}", *_FIELDS)
    for text, (low, high), name in zip(fields, _RANGES, _FIELDS, strict=False):
        if not all(_in_range(one, low, high) for one in text.split(",")):
            raise refuse(f"not the {name} of a cron line: {text!r}", f"* or numbers {low}-{high}")
    # Numbers would be a trap: cron counts from Sunday, the metronome from Monday.
    if not _CRON_WEEKDAY.fullmatch(fields[4]):
        raise refuse(f"a cron line names its weekdays: {fields[4]!r}", "*", *_WEEKDAYS.split("|"))
    return value


def _in_range(text: str, low: int, high: int) -> bool:
    """Whether one of a cron field's terms is `*` or numbers that run upwards inside the range."""
    match = _CRON.fullmatch(text)
    numbers = [int(one) for one in match.groups() if one] if match else []
    return match is not None and numbers == sorted(numbers) and all(low <= one <= high for one in numbers)


Cron = Annotated[str, scalar(_cron, "a cron line"), WithJsonSchema({"type": "string"})]


class ObjectionsModel(Model):
    """How long departments may object."""

    window: Workdays = Field(
        default=WINDOW, description="From the notice, or the circular's draft, whose day is not counted."
    )


class ScheduleModel(Model):
    """When the jobs run, how departments are pressed, and how mail leaves: schedule.yaml."""

    zone: Zone = Field(default=ZoneInfo("Asia/Shanghai"), description="The time zone of every day and hour.")
    jobs: dict[Literal["crawl", "tick", "deliver", "overdue-report", "circular", "tidy"], Cron] = Field(
        description="Cron lines by job: minute, hour, day, month, weekday by name."
    )
    policies: dict[Slug, PolicyModel] = Field(min_length=1, description="The escalation policies, by name.")
    hours: Read[Hours] | None = Field(
        default=None, description="Outside them, and on days off, only urgent policies send."
    )
    lights: dict[Literal["green", "blue", "yellow", "red", "grey"], Text] = Field(
        default_factory=dict, description="The words for the lights."
    )
    delivery: Read[Delivery] = Field(default_factory=Delivery, description="How messages leave.")
    channels: dict[Slug, ChannelModel] = Field(default_factory=dict, description="Further channels, by name.")
    crawl: Read[Crawl] = Field(default_factory=Crawl, description="How the site is read.")
    filings: Read[Filings] = Field(default_factory=Filings, description="The files that people file.")
    retention: Read[Retention] = Field(default_factory=Retention, description="How long things are kept.")
    objections: ObjectionsModel = Field(
        default_factory=ObjectionsModel, description="How long departments may object (申诉)."
    )
    console: ConsoleModel | None = Field(
        default=None, description="The pages on which mails are answered; without it none are served."
    )


def check_schedule(model: ScheduleModel, spot: Spot, roles: Collection[str] | None, sink: Sink) -> None:
    """What the shape alone does not say; `roles`: those that every county has, None where that cannot be read."""
    for name in ("crawl", "tick", "deliver"):
        if name not in model.jobs and not (spot / "jobs").may_hold(name):
            sink.add(spot / "jobs", f"missing key {name!r}", JOBS, key=True)
    if "standard" not in model.policies and not (spot / "policies").may_hold("standard"):
        sink.add(spot / "policies", "missing policy 'standard': it is the default", key=True)
    _check_servers(model.delivery, spot / "delivery", sink)
    if model.hours and model.hours.end <= model.hours.begin:
        sink.add(spot / "hours" / "end", "the office closes before it opens")
    elif not (spot / "hours").names_left_out:
        _check_deliver(model, spot / "jobs" / "deliver", sink)
    if model.console is not None:
        check_console(model.console, spot / "console", sink)
    for name, policy in model.policies.items():
        here = spot / "policies" / name
        check_policy(policy, here, roles, {MAIL, *model.channels}, spot / "channels", sink)
    check_channels(model.channels, spot / "channels", sink)


def _check_deliver(model: ScheduleModel, spot: Spot, sink: Sink) -> None:
    """Mail leaves in working hours: a line that never falls into them would send emergencies and nothing else."""
    line, hours = model.jobs.get("deliver"), model.hours or Hours()
    if line is None:
        return
    minute, hour, _, _, weekday = line.split()
    times = (time(one, other) for one in _meant(hour, 0, 23) for other in _meant(minute, 0, 59))
    if not any(hours.begin <= at < hours.end for at in times) or set(re.split("[,-]", weekday)) <= {"sat", "sun"}:
        sink.add(
            spot,
            f"nothing would leave: {line!r} never falls into working hours",
            (f"{hours.begin:%H:%M}-{hours.end:%H:%M}",),
        )


def _meant(field: str, low: int, high: int) -> set[int]:
    """The numbers that a cron field, which is a good one, stands for."""
    found: set[int] = set()
    for term in field.split(","):
        span, _, step = term.partition("/")
        first, _, last = span.partition("-")
        begin = low if span == "*" else int(first)
        end = int(last) if last else high if span == "*" or step else begin
        found |= set(range(begin, end + 1, int(step or 1)))
    return found


def _check_servers(model: Delivery, spot: Spot, sink: Sink) -> None:
    for name, server in (("smtp", model.smtp), ("bounces", model.bounces)):
        here = spot / name
        if server and server.tls == "none" and not _is_this_machine(server.host):
            text = f"tls: none is for this machine only, not for {server.host!r}"
            sink.add(here / "tls", text, ("starttls", "implicit"))
    if model.smtp.connections < 1:
        sink.add(spot / "smtp" / "connections", "at least one connection")


def _is_this_machine(host: str) -> bool:
    """By its very name or address; names are not looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def build_schedule(model: ScheduleModel) -> Schedule:
    """The schedule's values."""
    return Schedule(
        zone=model.zone,
        jobs={str(name): line for name, line in model.jobs.items()},
        policies=build_policies(model.policies),
        hours=model.hours or Hours(),
        lights={str(name): word for name, word in model.lights.items()},
        channels={name: build_channel(channel) for name, channel in model.channels.items()},
        delivery=model.delivery,
        crawl=model.crawl,
        filings=model.filings,
        retention=model.retention,
        objections=model.objections.window,
        console=build_console(model.console) if model.console is not None else None,
    )
