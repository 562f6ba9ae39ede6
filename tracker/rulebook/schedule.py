"""What schedule.yaml says: the jobs, how departments are pressed, how mail leaves, how the site is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from tracker.core.escalation.notices import Hours, Policy
from tracker.core.law.duties import Span
from tracker.core.law.objections import WINDOW
from tracker.core.values.keys import Key
from tracker.rulebook.errors import RuleError
from tracker.rulebook.secrets import NO_SECRET, Secret, unset

Via = Literal["smtp", "folder", "stdout"]
Tls = Literal["starttls", "implicit", "none"]

#: The jobs that a schedule may time, by the name of what they run.
JOBS = ("crawl", "tick", "deliver", "overdue-report", "circular", "tidy")
LIGHTS = ("green", "blue", "yellow", "red", "grey")


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server."""

    host: Annotated[str, Key("Its name or address.")] = "127.0.0.1"
    port: Annotated[int, Key("Its port.")] = 587
    tls: Annotated[Tls, Key("`starttls`, `implicit`, or `none` (loopback only).")] = "starttls"
    user: Annotated[Secret, Key("The account; empty: no login.")] = NO_SECRET
    password: Annotated[Secret, Key("Write `${NAME}`: it comes from the environment.")] = NO_SECRET
    timeout: Annotated[timedelta, Key("For one conversation.")] = timedelta(seconds=60)
    connections: Annotated[int, Key("How many at once.")] = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """How much may leave; what is over waits for the next pass, urgent ones go first."""

    EXAMPLE: ClassVar[str] = "{per_minute: 100, per_recipient_per_hour: 10}"
    per_minute: Annotated[int, Key("By one channel; 0: no limit.")] = 0
    per_recipient_per_hour: Annotated[int, Key("To one recipient; 0: no limit.")] = 0


@dataclass(frozen=True, slots=True)
class Bounces:
    """The mailbox that mails come back to, read over IMAP: what could not be delivered is told to the next role."""

    EXAMPLE: ClassVar[str] = '{host: imap.example.gov.cn, user: duban, password: "${DUBAN_IMAP}"}'
    host: Annotated[str, Key("The server's name or address.")]
    user: Annotated[Secret, Key("The account.")]
    password: Annotated[Secret, Key("Write `${NAME}`: it comes from the environment.")] = NO_SECRET
    port: Annotated[int, Key("Its port.")] = 993
    tls: Annotated[Tls, Key("`implicit`, `starttls`, or `none` (loopback only).")] = "implicit"
    folder: Annotated[str, Key("Where the returned mails lie.")] = "INBOX"
    timeout: Annotated[timedelta, Key("For one conversation.")] = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How messages leave."""

    via: Annotated[Via, Key("The channel that mail goes by.")] = "folder"
    folder: Annotated[Path, Key("Where `.eml` files go, relative to the folder of the rules.")] = Path("mails")
    sender: Annotated[str, Key("From.", "sender")] = "duban@localhost"
    reply_to: Annotated[str, Key("Where answers go.", "reply")] = ""
    smtp: Annotated[Smtp, Key("The mail server.")] = Smtp()
    retry_for: Annotated[
        timedelta,
        Key(
            "How long a mail is tried again; what waited while the office was closed, at least until two hours after "
            "it opened."
        ),
    ] = timedelta(hours=72)
    rate: Annotated[Rate, Key("How much may leave.")] = Rate()
    bounces: Annotated[Bounces | None, Key("The mailbox that mails come back to; without it none is read.")] = None


@dataclass(frozen=True, slots=True)
class GroupRobot:
    """A robot of a group, or a signed call to another system."""

    kind: Literal["wecom", "dingtalk", "feishu", "webhook"]
    url: Secret
    secret: Secret = NO_SECRET


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """Short messages by an HTTP call: see `notifications.channels.sms.Gateway`."""

    url: Secret
    method: str = "POST"
    body: Secret = NO_SECRET
    headers: Mapping[str, Secret] = field(default_factory=dict)
    code: str = "code"
    sent: tuple[str, ...] = ("0",)
    later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Crawl:
    """How the site is read."""

    delay: Annotated[timedelta, Key("Between two requests to one host.")] = timedelta(seconds=1)
    timeout: Annotated[timedelta, Key("For one request.")] = timedelta(seconds=30)
    max_bytes: Annotated[int, Key("Of one answer.")] = 5_000_000
    max_pages: Annotated[int, Key("Of one column in one visit.")] = 50
    slack: Annotated[timedelta, Key("How far before the oldest open window a visit reads on.")] = timedelta(days=30)
    contact: Annotated[str, Key("Stands in the User-Agent, so that a webmaster can write.", "maybe")] = ""
    max_file_bytes: Annotated[int, Key("Of one attachment.")] = 20_000_000
    file_timeout: Annotated[timedelta, Key("For reading one attachment.")] = timedelta(seconds=60)
    archive: Annotated[
        str,
        Key(
            "Where what the site said is kept as WARC files, relative to the folder of the rules; empty: nowhere.",
            "maybe",
        ),
    ] = "archive"


@dataclass(frozen=True, slots=True)
class Filings:
    """The files that people file as a proof."""

    folder: Annotated[str, Key("Where they lie, each under its hash; nothing is ever deleted.")] = "filed"
    max_bytes: Annotated[int, Key("Of one file.")] = 20_000_000


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept."""

    pages: Annotated[timedelta, Key("What was kept of listing pages not read since.")] = timedelta(days=400)
    messages: Annotated[timedelta, Key("The bytes of mails that were sent.")] = timedelta(days=1100)
    archive: Annotated[timedelta, Key("What proved or disproved a duty, as the site sent it (WARC).")] = timedelta(
        days=1100
    )


@dataclass(frozen=True, slots=True)
class Console:
    """The pages on which mails are answered. `base` ends in a slash; `secret` signs the links, "" makes none.

    `quiet`: how long an answer holds back repeats; `valid`: how long a link opens its page.
    """

    host: str
    port: int
    base: str
    secret: Secret
    quiet: Span
    valid: Span
    proxies: tuple[str, ...]  # whose X-Forwarded-For is believed


@dataclass(frozen=True, slots=True)
class Schedule:
    """schedule.yaml as values. `jobs`: cron lines (five fields, days of the week by name) by job."""

    zone: ZoneInfo
    jobs: Mapping[str, str]
    policies: Mapping[str, Policy]
    hours: Hours = field(default_factory=Hours)
    lights: Mapping[str, str] = field(default_factory=dict)
    delivery: Delivery = Delivery()
    channels: Mapping[str, GroupRobot | SmsGateway] = field(default_factory=dict)  # beside mail, by name
    crawl: Crawl = Crawl()
    filings: Filings = Filings()
    retention: Retention = Retention()
    console: Console | None = None
    objections: Span = WINDOW  # within how many working days of the notice or draft they are heard

    @property
    def lacking(self) -> tuple[RuleError, ...]:
        """The secrets that a delivery or the pages need and whose environment variables are not set."""
        server = self.delivery.smtp if self.delivery.via == "smtp" else None
        used = (server, self.delivery.bounces, self.channels, self.console)
        return tuple(error for part in used for error in unset(part))
