"""The values of schedule.yaml: jobs, policies, delivery, crawl, console, retention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tracker.core.escalation.office_time import Hours
from tracker.core.escalation.policies import Policy
from tracker.core.law.duties import Span
from tracker.core.values.keys import Key
from tracker.rulebook.errors import RuleError
from tracker.rulebook.secrets import NO_SECRET, SHORTEST_SECRET, Secret, find_unset_secrets

Via = Literal["smtp", "folder", "stdout"]
Tls = Literal["starttls", "implicit", "none"]

_QUIET, _VALID = Span(3, "workdays"), Span(90, "days")
#: The channel that every schedule has.
MAIL = "mail"
#: The jobs that a schedule may time, by the name of what they run.
#: Departments may object within so many working days of the notice, or of the draft of a circular. No law gives the
#: number.
OBJECTION_WINDOW = Span(5, "workdays")
JOBS = ("crawl", "tick", "deliver", "overdue-report", "week", "circular", "tidy")


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
class FurtherChannel:
    """One way out of the house beside mail. Addresses with keys in them are written `${NAME}`."""

    EXAMPLE: ClassVar[str] = '{kind: dingtalk, url: "${DUBAN_DINGTALK}", secret: "${DUBAN_DINGTALK_SECRET}"}'
    kind: Annotated[
        Literal["wecom", "dingtalk", "feishu", "sms", "webhook"],
        Key("A group's robot, a gateway for short messages, or a signed JSON call."),
    ]
    url: Annotated[Secret, Key("Where to call. For `sms` it may hold `{phone}`, `{text}` and `{id}`.", "secret url")]
    secret: Annotated[Secret, Key("What `dingtalk`, `feishu` and `webhook` sign with.")] = NO_SECRET
    method: Annotated[Literal["POST", "GET"], Key("Of an `sms` gateway.")] = "POST"
    body: Annotated[Secret, Key("Of an `sms` gateway: a form or JSON with `{phone}`, `{text}`, `{id}`.")] = NO_SECRET
    headers: Annotated[Mapping[str, Secret], Key("Of an `sms` gateway.")] = field(default_factory=dict)
    code: Annotated[
        str,
        Key(
            "Of an `sms` gateway: where its answer says what became of it. A dotted path into JSON, members of a list "
            "by their number (`0.result.code`), or a pattern (RE2) whose first group is the code in any answer, XML or "
            "plain text (`<code>(.*?)</code>`, `^(-?\\d+)`): what holds a parenthesis is a pattern.",
            "code",
        ),
    ] = "code"
    sent: Annotated[tuple[str, ...], Key("Values of `code` that mean sent.", "texts")] = ("0",)
    later: Annotated[tuple[str, ...], Key("Values of `code` after which it is tried again.")] = ()


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
class PersonSettings:
    """The personal data of requests on application."""

    key_file: Annotated[
        Path,
        Key(
            "The file of the keys with which it is encrypted, relative to the folder of the rules; "
            "`duban request key create` makes it. Keep its copy apart from the copies of the database."
        ),
    ] = Path("keys/persons.key")


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept."""

    pages: Annotated[timedelta, Key("What was kept of listing pages not read since.")] = timedelta(days=400)
    messages: Annotated[timedelta, Key("The bytes of mails that were sent.")] = timedelta(days=1100)
    archive: Annotated[timedelta, Key("What proved or disproved a duty, as the site sent it (WARC).")] = timedelta(
        days=1100
    )
    persons: Annotated[
        timedelta,
        Key(
            "The personal data of requests, from the last step of those that are archived, withdrawn or abandoned. "
            "Assumed: five years, as long as a suit may be brought (行政诉讼法 46)."
        ),
    ] = timedelta(days=1830)


#: What the name of a Unix socket begins with.
UNIX = "unix:"


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """Where people log in to the pages with the office's own account, beside the password (OpenID Connect)."""

    EXAMPLE: ClassVar[str] = '{issuer: https://id.example.gov.cn/realms/county, client: duban, secret: "${DUBAN_OIDC}"}'
    issuer: Annotated[
        str,
        Key(
            "The provider's address, letter by letter as it writes it into `issuer`; nothing else is asked.", "address"
        ),
    ]
    client: Annotated[str, Key("How the provider calls Duban (`client_id`).")]
    secret: Annotated[Secret, Key("Write `${NAME}`: what it gave Duban to prove itself with (`client_secret`).")]
    claim: Annotated[
        str,
        Key(
            "Which claim is the log-in name of an account here, letter by letter; it must be one that people cannot "
            "change themselves at the provider."
        ),
    ] = "preferred_username"
    title: Annotated[str, Key("How people call it: stands on the log-in page.")] = "统一身份认证"


@dataclass(frozen=True, slots=True)
class Console:
    """The pages on which mails are answered, served by `duban run`."""

    base: Annotated[str, Key("How people reach them: links in mails begin with it.", "base")]  # ends in a slash
    listen: Annotated[
        tuple[str, int],
        Key(
            "Where they are served: `unix:FILE`, relative to the folder of the rules, or an address and a port.",
            "listen",
        ),
    ] = ("unix:pages.sock", 0)
    secret: Annotated[
        Secret,
        Key(f"Write `${{NAME}}`: signs the links, at least {SHORTEST_SECRET} characters; empty: no links."),
    ] = NO_SECRET
    quiet: Annotated[Span, Key("How long an answer holds back the repeats of what it answers.")] = _QUIET
    valid: Annotated[Span, Key("How long a link opens its page.")] = _VALID
    proxies: Annotated[
        tuple[str, ...],
        Key(
            "The machines whose `X-Forwarded-For` is believed; at a Unix socket, whoever may open it is too.",
            "machines",
        ),
    ] = ()

    monitors: Annotated[
        tuple[str, ...],
        Key("The machines that may read `/metrics`, beside this one itself: docs/monitoring.md.", "machines"),
    ] = ()
    oidc: Annotated[
        IdentityProvider | None, Key("The identity provider at which people may log in; left out, by password alone.")
    ] = None
    public: Annotated[
        bool,
        Key("Whether a live county's board, what is published and what circulars name, is open to all at `/public`."),
    ] = False
    public_scores: Annotated[bool, Key("Whether the board has the marks and ranks of the last month, too.")] = False

    @property
    def host(self) -> str:
        """The address at which they are served."""
        return self.listen[0]

    @property
    def port(self) -> int:
        """The port at which they are served."""
        return self.listen[1]

    @property
    def socket_file(self) -> str:
        """The Unix socket at which they are served; "" for an address."""
        return self.host.removeprefix(UNIX) if self.host.startswith(UNIX) else ""

    @property
    def hides_callers(self) -> bool:
        """Whether a web server stands before them that is not believed: then all callers look like one."""
        return not self.socket_file and not self.proxies and urlsplit(self.base).netloc != self.place

    @property
    def place(self) -> str:
        """Where they are served, in words."""
        return self.host if self.socket_file else f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the jobs run, how departments are pressed, and how mail leaves: schedule.yaml."""

    zone: Annotated[ZoneInfo, Key("The time zone of every day and hour.")] = field(
        default_factory=lambda: ZoneInfo("Asia/Shanghai")
    )
    jobs: Annotated[
        Mapping[str, str],
        Key("Cron lines by job: minute, hour, day, month, weekday by name.", "jobs", required=True),
    ] = field(default_factory=dict)
    policies: Annotated[Mapping[str, Policy], Key("The escalation policies, by name.", "policies", required=True)] = (
        field(default_factory=dict)
    )
    hours: Annotated[Hours, Key("Outside them, and on days off, only urgent policies send.")] = field(
        default_factory=Hours
    )
    lights: Annotated[Mapping[str, str], Key("The words for the lights.", "lights")] = field(default_factory=dict)
    delivery: Annotated[Delivery, Key("How messages leave.")] = Delivery()
    channels: Annotated[Mapping[str, FurtherChannel], Key("Further channels, by name.")] = field(default_factory=dict)
    crawl: Annotated[Crawl, Key("How the site is read.")] = Crawl()
    filings: Annotated[Filings, Key("The files that people file.")] = Filings()
    persons: Annotated[PersonSettings, Key("The personal data of requests.")] = PersonSettings()
    retention: Annotated[Retention, Key("How long things are kept.")] = Retention()
    objections: Annotated[Span, Key("How long departments may object (异议).", "objections")] = OBJECTION_WINDOW
    console: Annotated[Console | None, Key("The pages on which mails are answered; without it none are served.")] = None

    @property
    def unset_secrets(self) -> tuple[RuleError, ...]:
        """The secrets that a delivery or the pages need and whose environment variables are not set."""
        server = self.delivery.smtp if self.delivery.via == "smtp" else None
        used = (server, self.delivery.bounces, self.channels, self.console)
        return tuple(error for part in used for error in find_unset_secrets(part))
