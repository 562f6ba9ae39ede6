"""The shape of schedule.yaml, key by key, and its values."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, WithJsonSchema

from tracker.core.escalation.notices import Hours
from tracker.core.law.duties import Span
from tracker.core.law.objections import WINDOW
from tracker.rulebook.channel_model import MAIL, ChannelModel, build_channel, check_channels
from tracker.rulebook.console_model import ConsoleModel, build_console, check_console
from tracker.rulebook.document import Sink, Spot
from tracker.rulebook.models import Model
from tracker.rulebook.policy_model import PolicyModel, build_policies, check_policy
from tracker.rulebook.scalars import (
    Clock,
    Count,
    Maybe,
    SecretText,
    Sender,
    Slug,
    Text,
    Zone,
    parse_span,
    refuse,
    scalar,
)
from tracker.rulebook.schedule import (
    JOBS,
    Bounces,
    Crawl,
    Delivery,
    Filings,
    Rate,
    Retention,
    Schedule,
    Smtp,
    Tls,
    Via,
)
from tracker.rulebook.secrets import Secret

CHANNELS = ("mail",)
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) (second|minute|hour|day)s?")
LENGTHS = ("N seconds", "N minutes", "N hours", "N days")
_FIELDS = ("minute", "hour", "day", "month", "weekday")
_CRON = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/[1-9]\d?)?")
_WEEKDAYS = "mon|tue|wed|thu|fri|sat|sun"
_CRON_WEEKDAY = re.compile(rf"\*|({_WEEKDAYS})([,-]({_WEEKDAYS}))*")
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12))


def _length(value: str) -> timedelta:
    match = _LENGTH.fullmatch(value)
    if not match:
        what = "a length of time without unit" if re.fullmatch(r"[\d.]+", value) else "not a length of time"
        raise refuse(f"{what}: {value!r}", *LENGTHS)
    return timedelta(**{f"{match[2]}s": float(match[1])})


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


Length = Annotated[
    timedelta,
    scalar(_length, "a length of time"),
    WithJsonSchema({"type": "string", "pattern": f"^{_LENGTH.pattern}$", "examples": list(LENGTHS)}),
]
Cron = Annotated[str, scalar(_cron, "a cron line"), WithJsonSchema({"type": "string"})]


def _workdays(value: str) -> Span:
    span = parse_span(value)
    if span.unit != "workdays" or span.amount < 1:
        raise refuse(f"not a number of working days: {value!r}", "N workdays")
    return span


Workdays = Annotated[
    Span,
    scalar(_workdays, "a number of working days"),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]* workdays?$"}),
]


class HoursModel(Model):
    """Working hours on working days."""

    begin: Clock = Field(description="When the office opens.")
    end: Clock = Field(description="When it closes.")


class SmtpModel(Model):
    """The mail server."""

    host: Text = Field(default="127.0.0.1", description="Its name or address.")
    port: Count = Field(default=587, description="Its port.")
    tls: Tls = Field(default="starttls", description="`starttls`, `implicit`, or `none` (loopback only).")
    user: SecretText = Field(default_factory=Secret, description="The account; empty: no login.")
    password: SecretText = Field(default_factory=Secret, description="Write `${NAME}`: it comes from the environment.")
    timeout: Length = Field(default=timedelta(seconds=60), description="For one conversation.")
    connections: Count = Field(default=4, description="How many at once.")


class RateModel(Model):
    """How much may leave; what is over waits for the next pass, urgent ones go first."""

    example = "{per_minute: 100, per_recipient_per_hour: 10}"
    per_minute: Count = Field(default=0, description="By one channel; 0: no limit.")
    per_recipient_per_hour: Count = Field(default=0, description="To one recipient; 0: no limit.")


class BouncesModel(Model):
    """The mailbox that mails come back to, read over IMAP: what could not be delivered is told to the next role."""

    example = '{host: imap.example.gov.cn, user: duban, password: "${DUBAN_IMAP}"}'
    host: Text = Field(description="The server's name or address.")
    port: Count = Field(default=993, description="Its port.")
    tls: Tls = Field(default="implicit", description="`implicit`, `starttls`, or `none` (loopback only).")
    user: SecretText = Field(description="The account.")
    password: SecretText = Field(default_factory=Secret, description="Write `${NAME}`: it comes from the environment.")
    folder: Text = Field(default="INBOX", description="Where the returned mails lie.")
    timeout: Length = Field(default=timedelta(seconds=60), description="For one conversation.")


class DeliveryModel(Model):
    """How messages leave."""

    via: Via = Field(default="folder", description="The channel that mail goes by.")
    folder: Text = Field(default="mails", description="Where `.eml` files go.")
    sender: Sender = Field(default="duban@localhost", description="From.", min_length=1)
    reply_to: Sender = Field(default="", description="Where answers go.")
    smtp: SmtpModel = Field(default_factory=SmtpModel, description="The mail server.")
    retry_for: Length = Field(
        default=timedelta(hours=72),
        description="How long a mail is tried again; what waited while the office was closed, at least until two hours "
        "after it opened.",
    )
    rate: RateModel = Field(default_factory=RateModel, description="How much may leave.")
    bounces: BouncesModel | None = Field(
        default=None, description="The mailbox that mails come back to; without it none is read."
    )


class CrawlModel(Model):
    """How the site is read."""

    delay: Length = Field(default=timedelta(seconds=1), description="Between two requests to one host.")
    timeout: Length = Field(default=timedelta(seconds=30), description="For one request.")
    max_bytes: Count = Field(default=5_000_000, description="Of one answer.")
    max_pages: Count = Field(default=50, description="Of one column in one visit.")
    slack: Length = Field(
        default=timedelta(days=30), description="How far before the oldest open window a visit reads on."
    )
    contact: Maybe = Field(default="", description="Stands in the User-Agent, so that a webmaster can write.")
    max_file_bytes: Count = Field(default=20_000_000, description="Of one attachment.")
    file_timeout: Length = Field(default=timedelta(seconds=60), description="For reading one attachment.")
    archive: Maybe = Field(
        default="archive", description="Where what the site said is kept as WARC files; empty: nowhere."
    )


class FilingsModel(Model):
    """The files that people file as a proof."""

    folder: Text = Field(default="filed", description="Where they lie, each under its hash; nothing is ever deleted.")
    max_bytes: Count = Field(default=20_000_000, description="Of one file.")


class RetentionModel(Model):
    """How long things are kept."""

    pages: Length = Field(default=timedelta(days=400), description="What was kept of listing pages not read since.")
    messages: Length = Field(default=timedelta(days=1100), description="The bytes of mails that were sent.")
    archive: Length = Field(
        default=timedelta(days=1100), description="What proved or disproved a duty, as the site sent it (WARC)."
    )


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
    hours: HoursModel | None = Field(
        default=None, description="Outside them, and on days off, only urgent policies send."
    )
    lights: dict[Literal["green", "blue", "yellow", "red", "grey"], Text] = Field(
        default_factory=dict, description="The words for the lights."
    )
    delivery: DeliveryModel = Field(default_factory=DeliveryModel, description="How messages leave.")
    channels: dict[Slug, ChannelModel] = Field(default_factory=dict, description="Further channels, by name.")
    crawl: CrawlModel = Field(default_factory=CrawlModel, description="How the site is read.")
    filings: FilingsModel = Field(default_factory=FilingsModel, description="The files that people file.")
    retention: RetentionModel = Field(default_factory=RetentionModel, description="How long things are kept.")
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


def _check_servers(model: DeliveryModel, spot: Spot, sink: Sink) -> None:
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
    hours, delivery = model.hours, model.delivery
    return Schedule(
        zone=model.zone,
        jobs={str(name): line for name, line in model.jobs.items()},
        policies=build_policies(model.policies),
        hours=Hours(hours.begin, hours.end) if hours else Hours(),
        lights={str(name): word for name, word in model.lights.items()},
        channels={name: build_channel(one) for name, one in model.channels.items()},
        delivery=Delivery(
            via=delivery.via,
            folder=Path(delivery.folder),
            sender=delivery.sender,
            reply_to=delivery.reply_to,
            smtp=Smtp(**dict(delivery.smtp)),
            retry_for=delivery.retry_for,
            rate=Rate(**dict(delivery.rate)),
            bounces=Bounces(**dict(delivery.bounces)) if delivery.bounces else None,
        ),
        crawl=Crawl(**dict(model.crawl)),
        filings=Filings(**dict(model.filings)),
        retention=Retention(**dict(model.retention)),
        objections=model.objections.window,
        console=build_console(model.console) if model.console is not None else None,
    )
