"""Duties, deadlines, evidence, departments and counties as frozen values, built by `rulebook/` from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from tracker.core.law.examples import Example
from tracker.core.law.statutes import Provision
from tracker.core.values.formulas import CircularRules, Scoring
from tracker.core.values.keys import Key
from tracker.core.values.lexicon import Accepted, Lexicon

SpanUnit = Literal["days", "workdays", "hours", "same-workday"]
PeriodUnit = Literal["day", "workday", "week", "month", "quarter", "half-year", "year"]
About = Literal["publication", "previous", "this"]
SourceKind = Literal["listing", "page", "filing", "record"]


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as an instrument says it; `same-workday` has amount 0."""

    amount: int
    unit: SpanUnit

    @property
    def short(self) -> bool:
        """Whether it is counted in hours or ends on its first working day."""
        return self.unit in ("hours", "same-workday")


@dataclass(frozen=True, slots=True)
class EventRule:
    """A dated fact that starts a clock, or that proves by being recorded."""

    name: str
    title: Annotated[str, Key("What it is called.")]
    per_duty: Annotated[bool, Key("`duty`: each record names the duty it belongs to.", "per duty", "per")] = False
    needs: Annotated[tuple[str, ...], Key("Fields that every record must give.", "names")] = ()
    expected: Annotated[date | None, Key("An assumption: by this day the record should exist. Only it is chased.")] = (
        None
    )
    recorder: Annotated[
        str, Key("The department that is asked for a missing record; left out: the one that it is about.", "name")
    ] = ""


@dataclass(frozen=True, slots=True)
class Adoption:
    """The act by which a county made an assumed number its own: when, who decided it, on what basis."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Prior:
    """The duty that a series follows: one of the same pack; the duty's own id means the deadlines beside it."""

    duty: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the three deadline forms share: the reading they came from and its standing.

    `assumed`: the number is ours, not the law's. `adopted`: the county has made it its own, by its file or, where
    `adoption` says so, by an act on record. `law`: the articles that set the number.
    `after`: the duty that must be met or due before anything is asked (`core.after`).
    """

    reading: str = ""
    basis: str = ""
    assumed: bool = False
    adopted: bool = False
    adoption: Adoption | None = None
    zero_report: bool = False
    law: tuple[Provision, ...] = ()
    after: Prior | None = None

    @property
    def weak(self) -> bool:
        """Whether the deadline shows 推定: yellow at worst, no escalation, no circular."""
        return self.assumed and not self.adopted


@dataclass(frozen=True, slots=True, kw_only=True)
class Within(Terms):
    """A span that runs from an event. `slack`: days an entry naming the event may lie before it."""

    span: Span
    event: EventRule
    roll: bool = True
    extension: Span | None = None
    shared: bool = False
    slack: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class By(Terms):
    """A calendar day, itself still on time. Never rolls."""

    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Every(Terms):
    """One occurrence a period. Due on the period's last day unless one of the two shifts is given.

    `due_past`: a span past the period's end (次月10日前 = 10 days). `due_day`: the n-th day inside it.
    `upkeep`: a period of "still right", only for periods that begin after `upkeep_after`.
    """

    unit: PeriodUnit
    about: About = "publication"
    due_past: Span | None = None
    due_day: int | None = None
    upkeep: bool = False
    upkeep_after: date | None = None


Deadline = Within | By | Every


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the published text must hold: any of `words`; with `number`, a number in that range
    beside the word; with `names`, the entry's title or text names the period of that unit."""

    words: tuple[str, ...] = ()
    advisory: bool = False
    number: tuple[float, float] | None = None
    names: PeriodUnit | None = None

    @property
    def label(self) -> str:
        """What it is called where it is lacking: the first spelling, which is the instrument's own."""
        if self.names:
            return {"day": "所属日期", "month": "所属月份"}.get(self.names, "所属时期")
        return self.words[0]


@dataclass(frozen=True, slots=True)
class Contents:
    """What an entry must hold. `all`: together every item; `kinds`: any one; `each`: every entry all."""

    mode: Literal["all", "kinds", "each"] = "all"
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One place where a proof may lie. `columns`: keys of `County.columns` (listing and page).

    `title`: an RE2 pattern searched in the entry's title; `{event.FIELD}` stands for escaped text.
    `publisher`: `any` = whoever published it, unless its title names another department;
    `department` = the entry must be attributed to the assignment's department.
    `accepts`: kinds of paper that count although they are only about the thing.
    """

    channel: str
    kind: SourceKind
    columns: tuple[str, ...] = ()
    title: str | None = None
    publisher: Literal["any", "department"] = "department"
    record: str = ""
    accepts: tuple[Accepted, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """Part × channel: what has to be proved on its own. Several sources are an `any_of`.

    `name` is `part@channel`, or `part@a|b` for an `any_of`; a duty without parts has the part "".
    """

    name: str
    part: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a duty. `own_deadline`: its occurrences stand alone and their label ends in `.name`."""

    name: str
    title: str
    deadlines: tuple[Deadline, ...]
    contents: Contents = Contents()
    own_deadline: bool = False

    @property
    def daily(self) -> bool:
        """Whether something of it is due every day or within hours: pressed by the week unless said otherwise."""
        return any(
            deadline.unit in ("day", "workday")
            if isinstance(deadline, Every)
            else isinstance(deadline, Within) and deadline.span.short
            for deadline in self.deadlines
        )


@dataclass(frozen=True, slots=True)
class Assignment:
    """A duty laid on one department, or on several together (`key` = `a+b`). `lead` is copied."""

    key: str
    members: tuple[str, ...]
    cells: tuple[Cell, ...]
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """What one instrument requires, resolved for one county.

    `issued`: the day the instrument was issued; what was due before binds only by a law of its own.
    """

    county: str
    pack: str
    id: str
    title: str
    clause: str
    in_force_from: date
    in_force_until: date
    parts: tuple[Part, ...]
    assignments: tuple[Assignment, ...]
    weight: float = 1
    escalation: str = "standard"
    examples: tuple[Example, ...] = ()
    pack_title: str = ""
    issued: date | None = None

    def part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    def assignment(self, key: str) -> Assignment | None:
        return next((assignment for assignment in self.assignments if assignment.key == key), None)


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is written to."""

    name: Annotated[str, Key("A person's or an office's name.")] = ""
    mail: Annotated[str, Key("The address; empty is shown as a fault by `duban doctor`.", "mail")] = ""
    summary: Annotated[
        Literal["", "daily"],
        Key(
            "`daily`: one mail at the next morning's opening; urgent ones and first escalations go at once.",
            Literal["daily"],
        ),
    ] = ""
    phone: Annotated[str, Key("The number for short messages, where there is a channel for them.", "phone")] = ""


@dataclass(frozen=True, slots=True)
class Department:
    """A department of the county; `aliases` are the names people use for it in titles."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    liaison: Contact = Contact()
    lead: Contact = Contact()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


#: The manners in which systems list what they publish, by the name of their file under evidence/dialects/
#: and in the order in which they are tried.
DIALECTS = ("feed", "sitemap", "jcms", "ucap", "trs", "boda", "table", "list", "interface")


@dataclass(frozen=True, slots=True)
class Interface:
    """A JSON interface that lists what a column holds. Paths are dotted: `data.list`; a number is a place in a list."""

    EXAMPLE: ClassVar[str] = "{items: data.list, title: title, url: href, date: time}"
    items: Annotated[str, Key('Path to the list of items; `""` where the answer is the list itself.', "maybe")]
    title: Annotated[str, Key("Path to the title in an item.")]
    url: Annotated[str, Key("Path to the address in an item.")]
    date: Annotated[str, Key("Path to the day of publication in an item.")]
    publisher: Annotated[str, Key("Path to the publisher in an item.")] = ""
    pages: Annotated[str, Key("Path to the number of pages.")] = ""
    page: Annotated[str, Key("The query parameter that counts the pages.")] = ""
    first: Annotated[int, Key("What it says for the first page.")] = 1


@dataclass(frozen=True, slots=True)
class SiteColumn:
    """A list or a single page on a site that the crawl reads.

    `key` = `channel/column`, with `@department` where the column has an owner; a page's is
    `channel/page:NAME`. `dialect`: the one of `DIALECTS` that the rule forces, "" = by what the page is;
    `interface` belongs to the dialect of that name.
    """

    key: str
    channel: str
    name: str
    kind: Literal["listing", "page"]
    title: str
    url: str
    owner: str | None = None
    dialect: str = ""
    interface: Interface | None = None


@dataclass(frozen=True, slots=True)
class GoLive:
    """The act on record by which the county presses its departments from the day `on`, which begins at `at`."""

    on: date
    at: datetime
    recorded_at: datetime
    by: str
    reason: str
    until: datetime | None = None  # when it was taken back

    @property
    def begins_at(self) -> datetime:
        """The first instant at which anybody can be told."""
        return max(self.at, self.recorded_at)


@dataclass(frozen=True, slots=True)
class County:
    """An administrative unit: its departments, contacts and what of the web it owns."""

    id: str
    name: str
    start: date
    departments: Mapping[str, Department]
    roles: Mapping[str, Contact]
    columns: Mapping[str, SiteColumn]
    channels: Mapping[str, str] = field(default_factory=dict)  # what a channel is called, where it has a title
    hosts: frozenset[str] = frozenset()
    allow_private: bool = False
    own_hosts: frozenset[str] = frozenset()  # the county's own by its own word: their robots.txt is not asked
    mode: Literal["live", "shadow"] = "live"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    lexicon: Lexicon | None = None  # by which titles are read; None: a title that fits its pattern proves
    golive: GoLive | None = None  # an act on record, in no file
    was_live: tuple[GoLive, ...] = ()  # earlier times, each until it was taken back

    def shadow(self, now: datetime) -> bool:
        """Whether everything goes to the county office alone: by the county's file, or because it has not gone live."""
        return self.mode == "shadow" or self.golive is None or now < self.golive.at

    def department_names(self, key: str) -> str:
        """The Chinese name of a department or of a joint assignment `a+b`."""
        return "、".join(self.departments[one].name for one in key.split("+"))


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything in force in one county, and the hash under which it is stored."""

    county: County
    duties: tuple[Duty, ...]
    events: Mapping[str, EventRule]
    digest: str = ""
    scoring: Scoring | None = None
    circular: CircularRules | None = None

    def duty(self, pack: str, duty: str) -> Duty | None:
        return next((one for one in self.duties if one.pack == pack and one.id == duty), None)

    @property
    def scored_events(self) -> frozenset[str]:
        """The events that win or forfeit points, whether or not a duty waits for them."""
        if self.scoring is None:
            return frozenset()
        return frozenset({*(bonuse.event for bonuse in self.scoring.bonuses), *self.scoring.vetoes})
