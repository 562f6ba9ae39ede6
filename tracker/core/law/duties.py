"""Duties: what a department must publish, by when, and what proves it; frozen values that `rulebook/` builds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Literal, Self

from tracker.core.law.assumed_rules import ASSUMED_DAY, AWAITED_DAY, REST_DAYS, Adoption, AssumedRule
from tracker.core.law.statutes import Provision
from tracker.core.law.worked_examples import Example
from tracker.core.values.keys import Key
from tracker.core.values.lexicon import Accepted

#: "days", "weeks": calendar days. "months", "years": to the corresponding day, or the month's last day where there is
#: none (Civil Code 202). "workdays": days without weekends and holidays, and with make-up days. "hours": from the
#: moment of the event. "same-workday": the end of the event's day, or of the next working day. "stated-day": the
#: day that the event itself names, in its field `until`.
SpanUnit = Literal["days", "weeks", "months", "years", "workdays", "hours", "same-workday", "stated-day"]
PeriodUnit = Literal["day", "workday", "week", "month", "quarter", "half-year", "year"]
#: Which entries meet a deadline for June of `every: month`. "publication": those published in June. "this": those about
#: June, whenever published (6月份水质). "previous": those about the month before (5月份水质, published in June).
About = Literal["publication", "previous", "this"]
#: "listing": entries of a list on the site. "page": a single page of the site. "filing": what the department hands in.
#: "record": an event that the office recorded.
SourceKind = Literal["listing", "page", "filing", "record"]


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as an instrument states it; `same-workday` and `stated-day` have amount 0."""

    amount: int
    unit: SpanUnit

    @property
    def short(self) -> bool:
        """Whether it is counted in hours or ends on its first working day."""
        return self.unit in ("hours", "same-workday")


@dataclass(frozen=True, slots=True)
class EventRule:
    """A kind of dated fact that starts, stops or ends a time limit, or whose record proves a duty.

    With `lapse` it is nobody's record: it follows from the silence of whoever was asked (`clock.py`).
    """

    name: str
    title: Annotated[str, Key("What it is called.")]
    per_duty: Annotated[bool, Key("`duty`: each record names the duty it belongs to.", "per duty", "per")] = False
    needs: Annotated[
        tuple[str, ...],
        Key("Fields that every record must give: a list, or `{FIELD: [VALUE, …]}` with the values allowed.", "needs"),
    ] = ()
    expected: Annotated[date | None, Key("An assumption: by this day the record should exist. Only it is chased.")] = (
        None
    )
    recorder: Annotated[
        str,
        Key(
            "The department that is asked for a missing record; left out, or not the county's: the one it is about.",
            "name",
        ),
    ] = ""
    move: Annotated[
        str,
        Key(
            "The move of the register of requests or reviews that records it: `request.receive`, or with what it is "
            "about `request.consult.third-party` (docs/requests.md).",
            "register",
            name="register",
        ),
    ] = ""
    deed: Annotated[str, Key("The act of a record: `答复` makes it 已答复 or 逾期未答复; left out: 登记.")] = ""
    lapse: Annotated[
        Span | None,
        Key(
            "The fact is a silence, derived and never recorded: so long after `of`, counted from the day in its field "
            "`reached` (the letter reached its addressee), and without `unless` by then."
        ),
    ] = None
    of: Annotated[str, Key("The fact whose silence it is.", "name")] = ""
    next_day: Annotated[
        bool,
        Key(
            "The instrument lets a clock start anew from the day after it (次日起). That day is the first to count, "
            "as the county's assumption, adopted as `next-day`; by the other reading it is day zero."
        ),
    ] = False
    basis: Annotated[str, Key("The instrument by which it stops a clock, where the duty cites another one.")] = ""
    unless: Annotated[tuple[str, ...], Key("What answers it, by the same reference: a name or several.", "facts")] = ()
    where: Annotated[Mapping[str, str], Key("Only where `of` has these fields.", "labels")] = field(
        default_factory=dict, hash=False
    )
    #: The values allowed, by field of `needs`, where they are limited.
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if isinstance(self.needs, Mapping):  # as a rule file writes it
            choices = {name: tuple(values) for name, values in self.needs.items() if values != "any"}
            object.__setattr__(self, "choices", choices)
        object.__setattr__(self, "needs", tuple(self.needs))

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the recorded facts from which it is known: its own, or those of a silence."""
        return (self.of, *self.unless) if self.lapse else (self.name,)


@dataclass(frozen=True, slots=True)
class Prior:
    """The duty that a series follows: one of the same pack; the duty's own id means the deadlines beside it."""

    duty: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the three kinds of deadline share: the reading that they came from, and its basis.

    `reading`: the name of the rule pack's interpretation of an unclear instrument: 及时公开 read as "within 20 working
    days". `assumed`: that number is ours, neither law nor instrument sets it. `adopted`: the county adopted it, by its
    file or, where `adoption` says so, by a recorded decision. `law`: the articles that set the time limit.
    `after`: the duty that must be met or due before this one is owed (`successions.py`).
    `rest_days`: where it would be due on a day off and the rule says neither `next` nor `none`.
    """

    reading: str = ""
    basis: str = ""
    assumed: bool = False
    adopted: bool = False
    adoption: Adoption | None = None
    zero_report: bool = False
    law: tuple[Provision, ...] = ()
    after: Prior | None = None
    rest_days: AssumedRule | None = None

    @property
    def weak(self) -> bool:
        """Whether the deadline shows 参照时限: yellow at worst, no escalation, no circular."""
        return self.assumed and not self.adopted

    @property
    def assumed_rules(self) -> Mapping[str, AssumedRule]:
        """The rules of ours that may bear on a due day, by name."""
        return {REST_DAYS: self.rest_days} if self.rest_days else {}

    def with_rules(self, rules: Mapping[str, AssumedRule]) -> Self:
        """Return it with these in place of its `assumed_rules`."""
        return replace(self, rest_days=rules[REST_DAYS]) if REST_DAYS in rules else self

    def is_weak(self, rests_on: Iterable[str]) -> bool:
        """Whether a due day that rests on these rules of ours, too, shows 参照时限."""
        known = self.assumed_rules
        ours = {name for name, rule in known.items() if not rule.adopted} | ({ASSUMED_DAY, AWAITED_DAY} - known.keys())
        return self.weak or not ours.isdisjoint(rests_on)

    @property
    def assumptions(self) -> Mapping[str, tuple[bool, Adoption | None]]:
        """What is ours in it, by name: its reading, where its number is assumed, and the `assumed_rules`. Each with
        whether it is adopted, and by which decision."""
        reading = {self.reading: (self.adopted, self.adoption)} if self.assumed else {}
        return reading | {name: (rule.adopted, rule.adoption) for name, rule in self.assumed_rules.items()}


@dataclass(frozen=True, slots=True)
class Stop:
    """A pair of facts of one reference: the clock stops at `first`, and goes on, or with `restarts` starts anew, at the
    first of `then` to come."""

    first: EventRule
    then: tuple[EventRule, ...]
    restarts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Within(Terms):
    """A span that runs from an event.

    `roll`: a last day that is off moves to the next working day. `extension`: the span that a ruling can
    add, or the fact `extended_by`.
    `allows_shared_entries`: one entry proves every unproved event before it, such as a list of all decisions of a week.
    `slack`: an entry whose title names the event may be published so many days before it.
    `where`: only events with these fields start it. `stops`: the pauses and restarts of its clock. `until`: the facts
    after which nothing is owed any longer. `clock_rules`: the rules of ours on these, by name (`CLOCK_RULES`).
    """

    span: Span
    event: EventRule
    roll: bool = True
    extension: Span | None = None
    extended_by: EventRule | None = None
    allows_shared_entries: bool = False
    slack: int = 30
    where: Mapping[str, str] = field(default_factory=dict, hash=False)
    stops: tuple[Stop, ...] = ()
    until: tuple[EventRule, ...] = ()
    clock_rules: Mapping[str, AssumedRule] = field(default_factory=dict, hash=False)

    @property
    def assumed_rules(self) -> Mapping[str, AssumedRule]:
        return self.clock_rules

    def with_rules(self, rules: Mapping[str, AssumedRule]) -> Self:
        return replace(self, clock_rules={**self.clock_rules, **rules})

    @property
    def related_events(self) -> frozenset[str]:
        """The names of the recorded facts that move or end its clock, beside the event that starts it."""
        rules = [rule for stop in self.stops for rule in (stop.first, *stop.then)]
        rules += [*self.until, *([self.extended_by] if self.extended_by else [])]
        return frozenset(name for rule in rules for name in rule.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class By(Terms):
    """A calendar day, itself still on time. `roll`: a day off moves to the next working day."""

    day: date
    roll: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Every(Terms):
    """One occurrence a period. Due on the period's last day unless one of the three shifts is given.

    `due_after_end`: a span that runs from the period's end (次月10日前 = 10 days). `due_day`: the n-th day inside it.
    `month_day`: month and day of a year. `roll`: a due day that is off moves to the next working day.
    `upkeep`: in each period the department has to keep a published page current, not to publish something new; only
    in periods that begin after `upkeep_after`.
    """

    unit: PeriodUnit
    about: About = "publication"
    due_after_end: Span | None = None
    due_day: int | None = None
    month_day: tuple[int, int] | None = None
    roll: bool = False
    upkeep: bool = False
    upkeep_after: date | None = None


Deadline = Within | By | Every


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the published text must contain: any of `words`; with `number`, a number in that range
    beside the word; with `names`, the entry's title or text names the period of that unit."""

    words: tuple[str, ...] = ()
    advisory: bool = False
    number: tuple[float, float] | None = None
    names: PeriodUnit | None = None

    @property
    def label(self) -> str:
        """Its name where it is missing: the first spelling, which is the instrument's own."""
        if self.names:
            return {"day": "所属日期", "month": "所属月份"}.get(self.names, "所属时期")
        return self.words[0]


@dataclass(frozen=True, slots=True)
class Contents:
    """What entries must contain, for items such as 支出 and 人数.

    `mode`: "all": the entries of a period together hold every item. "kinds": any one of the items is enough. "each":
    every entry of the period holds all items.
    `other_kinds`: set for the part of a duty that is one of its kinds (`cover`): the items of the others. An entry that
    holds only one of these is not of this kind, and only where entries of other kinds were published is one missing.
    """

    mode: Literal["all", "kinds", "each"] = "all"
    items: tuple[Item, ...] = ()
    other_kinds: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One place where a proof may lie. `columns`: keys of `County.columns` (listing and page).

    `title`: an RE2 pattern searched in the entry's title; `{event.FIELD}` stands for escaped text.
    `publisher`: `any` = whoever published it, unless its title names another department;
    `department` = the entry must be attributed to the assignment's department.
    `accepts`: kinds of document that count although they are only about the owed publication.
    `record`: the event whose record proves it, and `deed` what that event does: 答复; "" for 登记.
    """

    channel: str
    kind: SourceKind
    columns: tuple[str, ...] = ()
    title: str | None = None
    publisher: Literal["any", "department"] = "department"
    record: str = ""
    deed: str = ""
    accepts: tuple[Accepted, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One part of a duty at one channel on which it must be published; proved separately from the other cells.

    Several sources are an `any_of`: one of them is enough.
    `name` is `part@channel`, or `part@a|b` for an `any_of`; a duty without parts has the part "".
    """

    name: str
    part: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a duty. `own_deadline`: it has occurrences of its own, and their label ends in `.name`."""

    name: str
    title: str
    deadlines: tuple[Deadline, ...]
    contents: Contents = Contents()
    own_deadline: bool = False

    @property
    def daily(self) -> bool:
        """Whether it is due every day or within hours: escalated weekly unless a rule says otherwise."""
        return any(
            deadline.unit in ("day", "workday")
            if isinstance(deadline, Every)
            else isinstance(deadline, Within) and deadline.span.short
            for deadline in self.deadlines
        )


@dataclass(frozen=True, slots=True)
class Assignment:
    """A duty laid on one department, or on several together (`key` = `a+b`). `lead_department` gets copies."""

    key: str
    members: tuple[str, ...]
    cells: tuple[Cell, ...]
    lead_department: str | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """What one instrument requires of the departments of one county.

    `issued`: the day the instrument was issued; what was due by then, or began with an event before,
    binds only if a law of its own sets it. `issued_assumed`: that day is ours, the county's file does not give its own.
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
    issued_assumed: bool = False

    def is_in_force(self, day: date) -> bool:
        return self.in_force_from <= day <= self.in_force_until

    def part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    def assignment(self, key: str) -> Assignment | None:
        return next((assignment for assignment in self.assignments if assignment.key == key), None)
