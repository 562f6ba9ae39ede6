"""Facts that are stored: visits, entries with their versions, events, filings, rulings. Status is derived from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from tracker.core.values.message import Message

#: A date a person or a page gave: a bare day, or an aware instant where the hour is known.
Moment = date | datetime


@lru_cache(maxsize=4096)
def parse_moment(text: str) -> Moment:
    """Return the day or aware instant that `isoformat` wrote. Raises ValueError for anything else."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def written_day(moment: Moment) -> date:
    """Return the day of a moment in the zone in which it was written."""
    return moment.date() if isinstance(moment, datetime) else moment


def are_of_one_day(first: Moment | None, second: Moment | None) -> bool:
    """Return whether two claimed dates are of one day, or both absent: a site may begin to print the hour as well."""
    if first is None or second is None:
        return first is second
    return written_day(first) == written_day(second)


class VisitOutcome(StrEnum):
    """How a visit ended. A department is only ever liable after a visit that is `read`."""

    READ = "read"
    UNREACHABLE = "unreachable"  # no connection, time-out, 5xx
    REFUSED = "refused"  # 401, 403, 412, 429, 521: the server denies access
    NOT_FOUND = "missing"  # 404 or 410 at the column's own address; stored under its former name
    MOVED = "moved"  # a readable list, but new entries are published elsewhere
    NOT_UNDERSTOOD = "not-understood"  # an answer in which no list could be recognised
    FORBIDDEN = "forbidden"  # outside the county's hosts, or an address the guard refuses


@dataclass(frozen=True, slots=True)
class Visit:
    """One reading of a column.

    `reached`: how far back it went: `end`, or the newest day on the last page read, or None. If an ordered list shows
    all its rows but may continue elsewhere, the last row's day. `certificate`: the digest of the certificate on which
    `reached` rests, "" where there is none.
    """

    column: str
    began_at: datetime
    ended_at: datetime
    outcome: VisitOutcome
    reached: Literal["end"] | date | None = None
    pages: int = 0
    entries: int = 0
    note: str = ""
    certificate: str = ""


#: Beginnings of the note of an attachment that the site does not have: a dead link, a path on an editor's disk.
NO_FILE, ON_A_DISK = "附件不存在", "链接指向编辑人员本机"
NOWHERE = (NO_FILE, ON_A_DISK)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an article links. `text` is None if it was not or could not be read: `note` (Chinese) says why.

    With a text, `note` names the parts that could not be read, where missing items may be.
    `digest`: SHA-256 of the file, "" if it was not read; `etag`: the site's own version of it.
    """

    name: str
    url: str
    text: str | None = None
    note: str = ""
    digest: str = ""
    etag: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class EntryVersion:
    """An entry as it was from `seen_at` on; a change adds a version.

    If `text` is None, `state` says why: the article was not opened yet ("unread"), or could not be read ("unreadable").
    `dates`: every place of the page that gives a date, surest first, as (place, date): ("line",
    2015-06-10). `claimed_from`: the place of the claimed date.
    """

    seen_at: datetime
    title: str
    claimed: Moment | None
    text: str | None = None
    state: Literal["unread", "read", "unreadable"] = "unread"
    attachments: tuple[Attachment, ...] = ()
    source: str = ""  # ContentSource / 发布机构 as the article prints it
    claimed_from: str = ""  # tag, line, catalogue, data, url, signature, …
    dates: tuple[tuple[str, Moment], ...] = ()
    fingerprint: str = ""  # of the text, for finding it again under another date; "" where there is none


@dataclass(frozen=True, slots=True)
class Entry:
    """One item seen on the site. `versions` run from oldest to newest and are never empty.

    `gone_at`: since when its address answers 404 or 410 (`gone_status`), or shows an emptied page (`gone_status`
    200); an entry that only leaves its list is not gone. `hollow_at`: since when its page shows nothing of its former
    content, while a single visit alone says so. `moved_to`: the address at which the same text stands now, so that
    it counts as still published; never stored.
    """

    id: int
    column: str
    url: str
    versions: tuple[EntryVersion, ...]
    first_seen_at: datetime
    last_seen_at: datetime
    publisher: str = ""  # as the listing prints it
    gone_at: datetime | None = None
    gone_status: int | None = None
    hollow_at: datetime | None = None
    moved_to: str = ""

    @property
    def current(self) -> EntryVersion:
        """The latest version."""
        return self.versions[-1]

    @property
    def title(self) -> str:
        return self.versions[-1].title

    @property
    def claimed(self) -> Moment | None:
        return self.versions[-1].claimed


def write_event_proof(occurred: Moment, reference: str, fields: Mapping[str, str]) -> str:
    """The proof of a filing of the form "event": the day, the reference, then a line for each field."""
    return "\n".join([occurred.isoformat(), reference, *(f"{name}={text}" for name, text in fields.items())])


def read_event_proof(proof: str) -> tuple[Moment, str, dict[str, str]]:
    """The day, the reference and the fields that `write_event_proof` wrote. Raises ValueError."""
    day, reference, *lines = proof.split("\n")
    return parse_moment(day), reference, {name: text for name, _, text in (line.partition("=") for line in lines)}


def base_reference(reference: str) -> str:
    """The reference of what an event is about: 2026-guotu-12 for 2026-guotu-12~2, its second event of the name."""
    return reference.partition("~")[0]


@dataclass(frozen=True, slots=True)
class EventKey:
    """The identity of an event. `duty`: of an event that is recorded per duty."""

    name: str
    department: str
    reference: str
    duty: str | None = None

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> Message:
        """How a sentence names the event: budget-approved:2015-03-02 of keji."""
        return Message(
            "{event} of {department} for {duty}" if self.duty else "{event} of {department}",
            event=f"{self.name}:{self.reference}",
            department=self.department,
            duty=self.duty,
        )

    @property
    def subject(self) -> str:
        """The event's name in the journal; no part of it has a colon."""
        return f"event:{self.name}:{self.department}:{self.reference}" + (f":{self.duty}" if self.duty else "")


@dataclass(frozen=True, slots=True)
class Event:
    """A dated fact that starts a time limit. `occurred`: when it happened; `recorded_at`: when it was entered.

    With the field `assumed` its day is ours: `basis` says why, `awaits` names the day that is still to be recorded.
    With the field `idle` it was unlawful and moves no clock: the field says by which provision.

    `id`, here and of every fact that people enter: 0 until it is stored.
    """

    id: int
    name: str
    department: str
    reference: str
    occurred: Moment
    recorded_at: datetime
    duty: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    by: str = ""

    @property
    def key(self) -> EventKey:
        return EventKey(self.name, self.department, self.reference, self.duty)

    @property
    def is_assumed(self) -> bool:
        """Whether its day is assumed, so that nobody is liable by what is counted from it."""
        return bool(self.fields.get("assumed"))

    @property
    def is_idle(self) -> bool:
        """Whether it moves no clock, being unlawful."""
        return bool(self.fields.get("idle"))


@dataclass(frozen=True, slots=True)
class Filing:
    """Proof, a zero report or a confirmation that the content is still right, filed by a person for one occurrence.

    `kind`: "attestation" says where or how it was published, "zero-report" that the period had nothing to publish,
    "upkeep" that a page is still right. An attestation counts once accepted (`Ruling`), from `claimed`, else from
    `recorded_at`.
    `proof`: a link, a file's name with its hash, or the statement itself. `part` None: all parts.
    `form` "event": the record of an awaited event: its day, reference and fields (`write_event_proof`), `claimed` the
    day again. Accepted, it is recorded as that event.
    """

    id: int
    kind: Literal["attestation", "zero-report", "upkeep"]
    occurrence: str
    recorded_at: datetime
    by: str
    proof: str = ""
    form: Literal["link", "file", "statement", "event", ""] = ""
    part: str | None = None
    claimed: Moment | None = None

    @property
    def title(self) -> str:
        """The name of the filed proof as people use it: a file by its name alone."""
        name = self.proof.rpartition(" sha256:")[0] if self.form == "file" else ""
        if self.form == "event":
            return self.proof.replace("\n", "，")
        return name or self.proof or "备案材料"

    @property
    def digest(self) -> str:
        """The SHA-256 of a filed file, else ""."""
        return self.proof.rpartition(" sha256:")[2] if self.form == "file" else ""


RulingKind = Literal[
    "accept",
    "reject",
    "waive",
    "not-applicable",
    "extend",  # once, by as much as the rule allows
    "postpone",  # to a day
    "object",  # a department's objection (异议)
    "uphold",  # the objection holds: the department is not liable
    "dismiss",  # the objection does not hold
    "adopt",  # the county adopts our interpretation of a deadline (`Terms.reading`)
    "unadopt",
    "golive",  # the county's departments get notices from a day on: the `target`
    "ungolive",
    "revoke",  # an earlier one no longer holds
]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's decision. It beats every pattern; of several on the same question the latest is in force.

    `occurrence`: its subject: an occurrence's key, `…/*` for a duty of a department as a whole,
    `circular:NAME/KEY`, `reading:PACK/NAME`, or `county:NAME/golive`. `number` counts the decisions about it.
    `target` of accept and reject: an entry's URL, a file's name, or `attestation:ID`; of uphold, dismiss and
    revoke: `ruling:ID`; of an objection: its proof.
    `as_seen`: the accepted entry counts from the day on which it was first seen, not from the date that it claims: a
    page dated 5月1日 and first seen on 9月1日 counts from 9月1日.
    `until`: the last day of a waiver, or the new due day of a postponement. `basis`: the article it rests on.
    `by` decided it, `asked_by` asked for it.
    """

    id: int
    kind: RulingKind
    occurrence: str
    recorded_at: datetime
    by: str
    reason: str
    target: str = ""
    part: str | None = None
    as_seen: bool = False
    number: int = 0
    ground: str = ""
    basis: str = ""
    until: date | None = None
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts that bear on a duty of one department, in any order."""

    entries: tuple[Entry, ...] = ()
    visits: tuple[Visit, ...] = ()
    events: tuple[Event, ...] = ()
    filings: tuple[Filing, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    #: Addresses that people accepted for this duty of other departments, with these departments.
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One row of a listing, as a visit saw it. `inferred`: the year was completed from its neighbours."""

    url: str
    title: str
    claimed: Moment | None = None
    publisher: str = ""
    inferred: bool = False
