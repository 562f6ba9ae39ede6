"""Checks the meaning of schedule.yaml, and adds the policy that it has by default."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import time
from urllib.parse import urlsplit

from tracker.core.escalation.notices import DEPARTMENT_ROLES, OFFICE, OWN_STEPS
from tracker.core.escalation.office_time import Offset
from tracker.core.escalation.policies import Policy, Step
from tracker.core.values.message import Message
from tracker.rulebook.document import Spot
from tracker.rulebook.schedule import JOBS, MAIL, IdentityProvider, Schedule
from tracker.rulebook.secrets import find_weakness

#: By kind of channel: the keys that it takes beside `kind` and `url`.
_KEYS = {
    "wecom": (),
    "dingtalk": ("secret",),
    "feishu": ("secret",),
    "webhook": ("secret",),
    "sms": ("method", "body", "headers", "code", "sent", "later"),
}


def add_daily_policy(schedule: Schedule) -> Schedule:
    """The schedule with a `daily` policy for what is due every day.

    Where it has none, that is `standard` without reminders and batched by the week, so that nobody gets a mail a day.
    """
    standard = schedule.policies.get("standard")
    if "daily" in schedule.policies or standard is None:
        return schedule
    steps = tuple(step for step in standard.steps if step.kind != "reminder")
    daily = replace(standard, name="daily", steps=steps, batch="week")
    return replace(schedule, policies={**schedule.policies, "daily": daily})


def check_schedule(schedule: Schedule, spot: Spot, roles: Collection[str] | None) -> None:
    """Report all errors of meaning. `roles`: those that every county has, None where no county can be read."""
    check = _ScheduleCheck(schedule, spot, roles)
    check.jobs()
    check.servers()
    check.channels()
    check.console()
    if "standard" not in schedule.policies and not (spot / "policies").may_hold("standard"):
        (spot / "policies").report(Message("missing policy 'standard': it is the default"), key=True)
    for name, policy in schedule.policies.items():
        check.policy(policy, spot / "policies" / name / "steps")


@dataclass(frozen=True, slots=True)
class _ScheduleCheck:
    schedule: Schedule
    spot: Spot
    roles: Collection[str] | None

    def jobs(self) -> None:
        jobs, hours, spot = self.schedule.jobs, self.schedule.hours, self.spot / "jobs"
        for name in ("crawl", "tick", "deliver"):
            if name not in jobs and not spot.may_hold(name):
                spot.report(Message("missing key {name!r}", name=name), JOBS, key=True)
        if hours.end <= hours.begin:
            (self.spot / "hours" / "end").report(Message("the office closes before it opens"))
        elif "deliver" in jobs and not (self.spot / "hours").names_left_out:
            # A line that never falls into working hours would send emergencies and nothing else.
            minute, hour, _, _, weekday = jobs["deliver"].split()
            times = (time(at, past) for at in _numbers(hour, 0, 23) for past in _numbers(minute, 0, 59))
            weekend = set(re.split("[,-]", weekday)) <= {"sat", "sun"}
            if weekend or not any(hours.begin <= at < hours.end for at in times):
                message = Message("nothing would leave: {line!r} never falls into working hours", line=jobs["deliver"])
                (spot / "deliver").report(message, (f"{hours.begin:%H:%M}-{hours.end:%H:%M}",))

    def servers(self) -> None:
        delivery, spot = self.schedule.delivery, self.spot / "delivery"
        for name, server in (("smtp", delivery.smtp), ("bounces", delivery.bounces)):
            if server and server.tls == "none" and not _is_this_machine(server.host):
                message = Message("tls: none is for this machine only, not for {host!r}", host=server.host)
                (spot / name / "tls").report(message, ("starttls", "implicit"))
        if delivery.smtp.connections < 1:
            (spot / "smtp" / "connections").report(Message("at least one connection"))

    def channels(self) -> None:
        for name, channel in self.schedule.channels.items():
            spot = self.spot / "channels" / name
            if name == MAIL:
                spot.report(Message("{mail!r} is set under delivery and needs no entry", mail=MAIL), key=True)
            allowed = sorted({"kind", "url", *_KEYS[channel.kind]})
            for key in sorted(self.spot.document.data["channels"][name].keys() - allowed):
                message = Message("{key!r} is no key of the kind {kind!r}", key=key, kind=channel.kind)
                (spot / key).report(message, tuple(allowed), key=True)
            if channel.kind == "webhook" and not channel.secret:
                message = Message("missing key 'secret': the receiver could not tell who calls")
                spot.report(message, ("secret",), key=True)

    def console(self) -> None:
        console, spot = self.schedule.console, self.spot / "console"
        if console is None:
            return
        secret = "" if console.secret.unset else console.secret.reveal()
        if secret and (weakness := find_weakness(secret)) is not None:
            message = Message("this secret can be guessed: {weakness}", weakness=weakness)
            (spot / "secret").report(message, ("head -c 32 /dev/urandom | base64",))
        parts = urlsplit(console.base)
        if parts.query or parts.fragment or parts.username is not None:
            message = Message("a base has neither a user nor a question mark nor a #")
            (spot / "base").report(message, ("https://duban.example.gov.cn/",))
        if console.public_scores and not console.public:
            (spot / "public_scores").report(Message("the board with the marks is not public"), ("public: true",))
        for name, span in (("quiet", console.quiet), ("valid", console.valid)):
            if span.unit in ("same-workday", "stated-day") or span.amount < 1:
                (spot / name).report(
                    Message("{name} lasts at least a while", name=name), ("N days", "N workdays", "N hours")
                )
        if console.oidc is not None:
            self._oidc(console.oidc, spot / "oidc")

    def _oidc(self, provider: IdentityProvider, spot: Spot) -> None:
        parts = urlsplit(provider.issuer)
        if parts.scheme != "https" and not _is_this_machine(parts.hostname or ""):
            message = Message("by https alone: on the way to an identity provider anybody could answer in its name")
            (spot / "issuer").report(message, (f"https://{parts.netloc}{parts.path}",))
        if parts.query or parts.fragment or parts.username is not None:
            message = Message("an issuer has neither a user nor a question mark nor a #")
            (spot / "issuer").report(message, ("https://id.example.gov.cn/realms/county",))
        if not provider.secret:
            (spot / "secret").report(Message("empty: the provider could not tell who asks"), ("${DUBAN_OIDC}",))
        if provider.claim == "email":
            message = Message("a mail address is no log-in name: log-in names are of a-z, 0-9, '.', '_' and '-'")
            (spot / "claim").report(message, ("preferred_username", "sub"))

    def policy(self, policy: Policy, spot: Spot) -> None:
        for step in policy.steps:
            self._step(step, spot / step.name)
        later: dict[tuple[str, Offset], str] = {}
        for step in reversed(policy.steps):
            at = (step.anchor, step.offset)
            if at in later:
                message = Message(
                    "never sent: {later!r} stands at the same instant, and the last one goes", later=later[at]
                )
                (spot / step.name / "at").report(Message("{message}; one step may tell them all", message=message))
            if step.when is None:
                later[at] = step.name

    def _step(self, step: Step, spot: Spot) -> None:
        if step.name in OWN_STEPS:
            message = Message("the name {name!r} is taken by a notice that belongs to no policy", name=step.name)
            spot.report(message, key=True)
        channels = {MAIL, *self.schedule.channels}
        for index, channel in enumerate(step.channels):
            if channel not in channels:
                here, among = spot / "channels" / index, self.spot / "channels"
                here.report_unknown(Message("channel"), channel, channels, among=among)
        roles = {*DEPARTMENT_ROLES, OFFICE, *(self.roles or ())}
        for index, role in enumerate(step.to):
            if role not in roles and self.roles is not None:
                (spot / "to" / index).report_unknown(Message("role"), role, roles, among=spot / "to" / index)
            elif step.kind == "question" and role not in DEPARTMENT_ROLES:
                message = Message("a question asks the department, not {role!r}", role=role)
                (spot / "to" / index).report(message, tuple(sorted(DEPARTMENT_ROLES)))
        if step.colour and step.kind != "slip":
            message = Message("a colour belongs to a slip, not to the kind {kind!r}", kind=step.kind)
            (spot / "colour").report(message, ("kind: slip",))
        if step.signed_by and self.roles is not None and step.signed_by not in self.roles:
            (spot / "signed_by").report_unknown(Message("role"), step.signed_by, self.roles, among=spot / "signed_by")
        if step.anchor == "due" and step.kind == "reminder" and step.offset.amount >= 0:
            (spot / "at").report(Message("a reminder stands before due"), ("due -N workdays", "open +N days"))
        if step.anchor == "due" and step.kind != "reminder" and step.offset.amount < 0:
            (spot / "at").report(
                Message("the kind {kind!r} stands at or after due", kind=step.kind), ("due +N workdays",)
            )
        self._repeat(step, spot / "repeat")

    def _repeat(self, step: Step, spot: Spot) -> None:
        repeat, offset = step.repeat, step.offset
        if repeat is None:
            return
        if repeat.slower < 1:
            (spot / "slower").report(Message("no gap can be smaller than the one before"), (Message("1 or more"),))
        until, first = repeat.until, offset.amount + repeat.every.amount
        if until is not None and {offset.unit, repeat.every.unit} == {until.unit} and first > until.amount:
            (spot / "until").report(
                Message("ends before the first repeat"),
                (Message("+{first} {unit} or more", first=first, unit=until.unit),),
            )


def _numbers(field: str, low: int, high: int) -> set[int]:
    """The numbers that a valid cron field stands for."""
    numbers: set[int] = set()
    for term in field.split(","):
        span, _, step = term.partition("/")
        first, _, last = span.partition("-")
        begin = low if span == "*" else int(first)
        end = int(last) if last else high if span == "*" or step else begin
        numbers |= set(range(begin, end + 1, int(step or 1)))
    return numbers


def _is_this_machine(host: str) -> bool:
    """Whether the host is a loopback address or `localhost`; names are not looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
