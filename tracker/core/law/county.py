"""A county: its departments, the columns of its site, since when it is live, and all rules in force in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tracker.core.law.duties import Duty, EventRule
from tracker.core.law.statutes import Act
from tracker.core.values.divisions import Division
from tracker.core.values.formulas import CircularRules, ReportRules, RequestRules, Scoring
from tracker.core.values.keys import Key
from tracker.core.values.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or office that gets messages."""

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
    person: Annotated[str, Key("Of an office: whom to ask for; mails name it.")] = ""
    tel: Annotated[str, Key("The number that mails name for questions.")] = ""


#: What a role is called whose name the county file leaves out.
_ROLES = {
    "liaison": "联络员",
    "lead": "负责人",
    "county-office": "政务公开主管部门",
    "supervisor": "分管领导",
    "administrator": "系统管理员",
}


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


#: What stands in the outline of a new county where a name belongs, and the domain of the addresses there.
FILL_IN, NOWHERE = "待填写", ".invalid"
#: What a column's rule may call the manner of its list: profiles of content systems, and kinds of lists.
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
class ListRule:
    """How a column's list is read, as a person writes it. Selectors are CSS; what is left out is learned from the rows.

    A part of a record is named by a selector inside it, with `@ATTRIBUTE` behind where an attribute holds it."""

    EXAMPLE: ClassVar[str] = "{rows: ul.news > li, title: a, day: span.date}"
    rows: Annotated[str, Key("Finds the records, each with one link; what they stand in is the list's room.", "css")]
    link: Annotated[str, Key("In a record: the link to the entry. Its first one if left out.", "css")] = ""
    title: Annotated[str, Key("In a record: the title, also `a@title`.", "css part")] = ""
    day: Annotated[str, Key("In a record: the day of publication, also `time@datetime`.", "css part")] = ""
    pager: Annotated[str, Key("Where the page leads to further ones; `none`: there are none.", "css or none")] = ""


@dataclass(frozen=True, slots=True)
class SiteColumn:
    """A list or a single page on a site that the crawl reads.

    `key` = `channel/column`, with `@department` where the column has an owner; a page's is
    `channel/page:NAME`. `dialect`: the one of `DIALECTS` that the rule forces, "" = by what the page is;
    `interface` belongs to the dialect of that name. `list_rule`: None where how it is read is learned.
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
    list_rule: ListRule | None = None

    @property
    def is_unfilled(self) -> bool:
        """Whether the outline's placeholder still stands for it: nobody has said where the column is."""
        return FILL_IN in self.title or (urlsplit(self.url).hostname or "").endswith(NOWHERE)


@dataclass(frozen=True, slots=True)
class SecrecyReview:
    """From when on the entries of which columns need a secrecy review (保密审查) before they are published."""

    EXAMPLE: ClassVar[str] = "{columns: {notices: 2026-01-01}, unattributed: xianfuban}"
    columns: Annotated[
        Mapping[str, date],
        Key("By column, as its name or whole key (`county-site/notices`): the first day. What is older counts not."),
    ]
    unattributed: Annotated[
        str, Key("The department that is asked about an entry where nothing says whose it is.", "name")
    ]


@dataclass(frozen=True, slots=True)
class GoLive:
    """The recorded decision that the county's departments get notices from the day `on`, which begins at `at`."""

    on: date
    at: datetime
    recorded_at: datetime
    by: str
    reason: str
    until: datetime | None = None  # when it was revoked

    @property
    def begins_at(self) -> datetime:
        """The first instant at which a department can be notified."""
        return max(self.at, self.recorded_at)


@dataclass(frozen=True, slots=True)
class County:
    """An administrative unit: its departments, contacts, columns and hosts."""

    id: str
    name: str
    start: date  # what was due before it is only shown
    departments: Mapping[str, Department]
    roles: Mapping[str, Contact]
    columns: Mapping[str, SiteColumn]
    channels: Mapping[str, str] = field(default_factory=dict)  # titles of channels that have one
    hosts: frozenset[str] = frozenset()
    allow_private: bool = False
    own_hosts: frozenset[str] = frozenset()  # declared as the county's own: their robots.txt is not requested
    mode: Literal["live", "shadow"] = "live"  # "shadow": all notices go to the county office alone, as a trial
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    secrecy_review: SecrecyReview | None = None  # None: not switched on
    lexicon: Lexicon | None = None  # None: a title that fits its pattern proves
    golive: GoLive | None = None  # by a recorded decision, in no file
    was_live: tuple[GoLive, ...] = ()  # earlier spans, each until it was revoked
    searches: Mapping[str, str] = field(default_factory=dict)  # by channel, the address of its site's own search
    division: Division | None = None  # not stored with the rules: nothing is decided by it

    @property
    def live_spans(self) -> tuple[GoLive, ...]:
        """The spans for which it was or is live, in order."""
        return (*self.was_live, self.golive) if self.golive is not None else self.was_live

    def shadow(self, now: datetime) -> bool:
        """Return whether all notices go to the county office: by the county's file, or because it is not live yet."""
        return self.mode == "shadow" or self.golive is None or now < self.golive.at

    def role_name(self, role: str, department: str = "") -> str:
        """Return 环保局联络员, or a county role's name by the county file. `department`: the key of a department."""
        role = role.partition("@")[0]
        if role in ("liaison", "lead"):
            unit = self.departments.get(department)
            return (unit.name if unit else department) + _ROLES[role]
        named = self.roles[role].name if role in self.roles else ""
        return named or _ROLES.get(role, role)

    def is_contact(self, address: str, department: str) -> bool:
        """Return whether a mail address or a telephone number is the department's liaison's or lead's; without a
        department, that of a role of the county."""
        unit = self.departments.get(department)
        contacts = (unit.liaison, unit.lead) if unit else () if department else self.roles.values()
        return address.casefold() in {each.casefold() for one in contacts for each in (one.mail, one.phone) if each}

    def department_names(self, key: str) -> str:
        """Return the Chinese name of a department or of a joint assignment `a+b`."""
        return "、".join(self.departments[department].name for department in key.split("+"))

    def find_department(self, text: str) -> str | None:
        """The id of the department with that id, name or alias; None where there is none, or several."""
        name = text.strip()
        if name in self.departments:
            return name
        ids = [department.id for department in self.departments.values() if name in department.names]
        return ids[0] if len(ids) == 1 else None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything in force in one county, and the hash under which it is stored."""

    county: County
    duties: Sequence[Duty]
    events: Mapping[str, EventRule]
    digest: str = ""
    scoring: Scoring | None = None
    circular: CircularRules | None = None
    report: ReportRules | None = None  # None: as `ReportRules` has it
    requests: RequestRules = field(default_factory=RequestRules)  # for papers; not stored with the rules
    acts: tuple[Act, ...] = ()  # for decisions that name a ground; not stored with the rules

    def duty(self, pack: str, duty: str) -> Duty | None:
        return next((candidate for candidate in self.duties if (candidate.pack, candidate.id) == (pack, duty)), None)

    @property
    def scored_events(self) -> frozenset[str]:
        """The events that win or forfeit points, whether or not a duty waits for them."""
        if self.scoring is None:
            return frozenset()
        return frozenset({*(bonus.event for bonus in self.scoring.bonuses), *self.scoring.vetoes})
