"""What schedule.yaml says: the jobs, how departments are pressed, how mail leaves, how the site is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from tracker.core.escalation.notices import Hours, Policy
from tracker.core.law.duties import Span
from tracker.core.law.objections import WINDOW
from tracker.rulebook.errors import RuleError
from tracker.rulebook.secrets import NO_SECRET, Secret, unset

Via = Literal["smtp", "folder", "stdout"]
Tls = Literal["starttls", "implicit", "none"]

#: The jobs that a schedule may time, by the name of what they run.
JOBS = ("crawl", "tick", "deliver", "overdue-report", "circular", "tidy")
LIGHTS = ("green", "blue", "yellow", "red", "grey")


@dataclass(frozen=True, slots=True)
class Smtp:
    """The office's mail server."""

    host: str = "127.0.0.1"
    port: int = 587
    tls: Tls = "starttls"
    user: Secret = NO_SECRET
    password: Secret = NO_SECRET
    timeout: timedelta = timedelta(seconds=60)
    connections: int = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """How much may leave: in a minute by one channel, in an hour to one recipient; 0: as much as there is."""

    per_minute: int = 0
    per_recipient_per_hour: int = 0


@dataclass(frozen=True, slots=True)
class Bounces:
    """The mailbox that mails come back to, read over IMAP."""

    host: str
    user: Secret
    password: Secret
    port: int = 993
    tls: Tls = "implicit"
    folder: str = "INBOX"
    timeout: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How messages leave. `folder`: where `.eml` files go, relative to the folder of the rules."""

    via: Via = "folder"
    folder: Path = Path("mails")
    sender: str = "duban@localhost"
    reply_to: str = ""
    smtp: Smtp = Smtp()
    retry_for: timedelta = timedelta(hours=72)
    rate: Rate = Rate()
    bounces: Bounces | None = None


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
    """How the site is read. `slack`: how far before the oldest open window a visit reads on.

    `max_file_bytes`, `file_timeout`: of one attachment, for fetching and for reading it.
    `archive`: the folder of what the site said, relative to the folder of the rules; "": none is kept.
    """

    delay: timedelta = timedelta(seconds=1)
    timeout: timedelta = timedelta(seconds=30)
    max_bytes: int = 5_000_000
    max_pages: int = 50
    slack: timedelta = timedelta(days=30)
    contact: str = ""
    max_file_bytes: int = 20_000_000
    file_timeout: timedelta = timedelta(seconds=60)
    archive: str = "archive"


@dataclass(frozen=True, slots=True)
class Filings:
    """The files that people file. `folder`: where they lie for good, relative to the folder of the rules;
    `max_bytes`: of one file."""

    folder: str = "filed"
    max_bytes: int = 20_000_000


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept. `archive`: what proved or disproved a duty, as it came off the wire (WARC)."""

    pages: timedelta = timedelta(days=400)
    messages: timedelta = timedelta(days=1100)
    archive: timedelta = timedelta(days=1100)


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
