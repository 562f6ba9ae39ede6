"""The shape of a pack: a file of duties from one instrument. Descriptions become docs/rules.md and the JSON Schemas.

Unions choose their form by its shape (`Tag("<form>")`), so that a defect is reported for the form that
was meant, not for every form there is. Names are resolved later, in `compile.py`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from tracker.core.law.duties import EventRule, PeriodUnit
from tracker.core.law.worked_examples import Example
from tracker.core.values.lexicon import Accepted
from tracker.core.values.message import Message
from tracker.rulebook.deadline_model import AnyDeadlines, EveryModel, OwnDeadlines
from tracker.rulebook.document import Defined, Spot
from tracker.rulebook.scalars import (
    Amount,
    Day,
    Flag,
    LawItem,
    Pattern,
    Range,
    Slug,
    Text,
)
from tracker.rulebook.scoring_model import ScoringModel
from tracker.rulebook.shape import (
    Model,
    Named,
    Names,
    Read,
    by_key,
    list_or_names,
    optional,
    required,
)


class ReadingModel(Model):
    """What a loose word means: named, so that a county can see it, replace it and adopt it."""

    basis: Text | None = optional("The clause it rests on, in words.")
    law: list[LawItem] | None = optional(
        "The articles of acts that set the numbers. What is `assumed` is set by none.", min_length=1
    )
    deadline: OwnDeadlines = required("One deadline or a list.")
    assumed: Flag = optional("Every deadline of the reading is an assumption (参照时限).", False)


# --- departments, channels, evidence, contents ---------------------------------------------------


class JointlyModel(Model):
    """Several departments owe it together, once."""

    EXAMPLE = "{jointly: [a, b]}"
    jointly: list[Slug] = required("The departments.", min_length=2)


class LeadModel(Model):
    """The lead and each of the others owe it; the lead is copied on the others' notices."""

    EXAMPLE = "{lead: a, with: concerned}"
    lead: Slug = required("The lead department.")
    with_: Annotated[
        Annotated[Slug, Tag("<text>")] | Annotated[list[Slug], Tag("<list>")],
        by_key("text", "list"),
    ] = required("`concerned` (the county names them), `all`, a group, or a list.", alias="with")


Departments = Annotated[
    Annotated[Slug, Tag("<text>")]
    | Annotated[list[Slug], Field(min_length=1), Tag("<list>")]
    | Annotated[JointlyModel, Tag("<jointly>")]
    | Annotated[LeadModel, Tag("<lead>")],
    by_key("text", "list", "jointly", "lead"),
]


class AllOfModel(Model):
    """Every one of the channels."""

    EXAMPLE = "{all_of: [county-site, approval-site]}"
    all_of: list[Slug] = required("The channels; each must be proved.", min_length=1)


class AnyOfModel(Model):
    """Any one of the channels."""

    EXAMPLE = "{any_of: [county-site, news-media]}"
    any_of: list[Slug] = required("The channels; one proof is enough.", min_length=2)


Channels = Annotated[
    Annotated[Slug, Tag("<text>")] | Annotated[AllOfModel, Tag("<all_of>")] | Annotated[AnyOfModel, Tag("<any_of>")],
    by_key("text", "all_of", "any_of"),
]


class EvidenceModel(Model):
    """Where the proof is looked for: one of `column`, `page`, `record`. A part adds to or replaces its keys."""

    column: Names | None = optional(
        "A column of the channel's site, or several. Where the county has no such column but a page of that name, that "
        "page proves it, whatever its title; without owners, for all departments that owe it."
    )
    page: Slug | None = optional("A single page of the channel's site.")
    record: Slug | None = optional("An event that proves it by its record.")
    title: Pattern | None = optional(
        "An RE2 pattern searched in the title; `{event.FIELD}` stands for the field's own text."
    )
    publisher: Literal["any", "department"] | None = optional(
        "Whose entry counts. `any` is the default where one department has the duty."
    )


class WordsModel(Model):
    """One thing that the text must hold."""

    EXAMPLE = "{any: [AQI], number: 0-500}"
    any: list[Text] = required("Any of these words.", min_length=1)
    advisory: Flag = optional("Shown when it lacks, never held against anyone.", False)
    number: Range | None = optional("A number in this range stands beside the word.")


class NamesModel(Model):
    """The title or text names the period it is about."""

    EXAMPLE = "{names: day}"
    names: PeriodUnit = required("The kind of period.")
    advisory: Flag = optional("Shown when it lacks, never held against anyone.", False)


ItemForm = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[WordsModel, Tag("<any>")] | Annotated[NamesModel, Tag("<names>")],
    by_key("text", "any", "names"),
]
Items = Annotated[list[ItemForm], Field(min_length=1)]


class KindsModel(Model):
    """Any one item proves it: timely news comes in pieces. With `cover`, each kind is a matter of its own as well."""

    EXAMPLE = "{kinds: {accepted: 受理, results: 结果}, cover: year}"
    kinds: Annotated[
        Annotated[Items, Tag("<list>")] | Annotated[dict[Slug, ItemForm], Field(min_length=2), Tag("<names>")],
        Discriminator(list_or_names),
    ] = required("The kinds; with `cover`, each under a name, which stands at the end of its label: `2015.results`.")
    cover: Literal["year", "half-year"] | None = optional(
        "Every kind is owed at least once in each of these periods, or a 零报告 for it. An assumption that a county "
        "adopts or replaces as the reading `cover-year` or `cover-half-year`."
    )

    @property
    def items(self) -> list[Any]:
        """The kinds, with or without names."""
        return list(self.kinds.values()) if isinstance(self.kinds, dict) else self.kinds

    @property
    def named(self) -> dict[str, Any]:
        """The kinds that are owed by themselves, by name."""
        return self.kinds if isinstance(self.kinds, dict) and self.cover else {}


class EachModel(Model):
    """Every matching entry holds all items."""

    EXAMPLE = "{each: [依据, 结果]}"
    each: Items = required("The items.")


ContentsForm = Annotated[
    Annotated[Items, Tag("<list>")] | Annotated[KindsModel, Tag("<kinds>")] | Annotated[EachModel, Tag("<each>")],
    by_key("list", "kinds", "each"),
]


# --- duties --------------------------------------------------------------------------------------


class _Duty(Model):
    deadline: AnyDeadlines | None = optional("One deadline, a list, or a reading's name.")
    channels: Channels | None = optional(
        "Where it must appear: a site of the county, `attested` (filed), or `tracker` (our own records)."
    )
    evidence: EvidenceModel | None = optional("How it is found there.")
    contents: ContentsForm | None = optional("What it must hold.")
    accepts: list[Accepted] | None = optional(
        "Kinds of paper that count although they are only about the thing: `news` of doing it, a `plan`, a "
        "`guide`, a `draft`, a paper of others (`forward`), a `call` to do it, a `correction`.",
        min_length=1,
    )


class PartModel(_Duty):
    """A piece of a duty, merged over the duty's own fields. With a `deadline` its occurrences stand alone."""

    title: Text | None = optional("What it is called; the part's name if left out.")


class DutyModel(_Duty):
    """What the instrument requires of whom."""

    id: Slug = required("Unique among the packs of a county in force at one time.")
    title: Text = required("What it is called, in our own words.")
    clause: Text = required("Where the instrument says it: chapter (section) item.")
    law: list[LawItem] | None = optional(
        "The articles of acts that set its deadlines, in place of its readings': `[budget-law 14]`. Where none does, "
        "the duty uses a reading that rests on none.",
        min_length=1,
    )
    departments: Departments = required(
        "`all`, `concerned` (the county must name them), one name, a list (each), `{jointly: [a, b]}` or "
        "`{lead: a, with: …}`. A name may be one of the county's `groups`."
    )
    parts: dict[Slug, PartModel] = optional("Pieces with evidence or deadlines of their own.", factory=dict)
    weight: Amount = optional("Its weight in scores.", 1.0)
    escalation: Slug | Literal[""] = optional(
        "A policy of schedule.yaml; left out: `daily` for what is due every day or within hours, else `standard`.", ""
    )
    examples: list[Read[Example]] = optional("Lines that `duban check` and the tests run.", factory=list)


#: The periods of `cover`, in Chinese.
COVERS: dict[PeriodUnit, str] = {"year": "年", "half-year": "半年"}

# --- the pack ------------------------------------------------------------------------------------


class InForceModel(Model):
    """A period counts by its last day, an event by its day; due may fall later."""

    from_: Day = required("The first day.", alias="from")
    until: Day = required("The last day.")


def _build_cover(unit: PeriodUnit, spot: Spot) -> ReadingModel:
    """The reading by which every kind is owed once in each period, for packs that have none of that name."""
    deadline = EveryModel.model_construct(every=unit, zero_report=True)
    basis = f"所列各类未定公开次数，按每{COVERS[unit]}每类至少公开一次或零报告把握"
    reading = ReadingModel.model_construct(basis=basis, deadline=deadline, assumed=True)
    deadline._spot = reading._spot = spot
    return reading


class PackModel(Model):
    """A file of duties from one instrument: rules/packs/NAME.yaml."""

    pack: Slug = required("The pack's name.")
    title: Text = required("The instrument's title.")
    in_force: InForceModel = required("The days it is in force.")
    issued: Day | None = optional(
        "The day the instrument was issued. What was due by then binds only by a `law` of its own."
    )
    issued_assumed: Flag = optional(
        "`issued` is ours: a county gives its own day (`issued: {PACK: DAY}`) before it goes live.", False
    )
    events: Named[EventRule] = optional("The facts that start clocks.", factory=dict)
    readings: dict[Slug, ReadingModel] = optional("What loose words mean.", factory=dict)
    duties: list[DutyModel] = required("The duties.", min_length=1)
    scoring: ScoringModel | None = optional("The formula of assessment, where a county has none of its own.")

    @cached_property
    def known_events(self) -> Defined[EventRule]:
        """The events that the pack declares."""
        return Defined(self.events, self.spot / "events", Message("event"))

    @cached_property
    def known_readings(self) -> Defined[ReadingModel]:
        """The readings that the pack declares, and those that its `cover` gives rise to."""
        covers = {
            contents.cover
            for duty in self.duties
            for contents in (duty.contents, *(part.contents for part in duty.parts.values()))
            if isinstance(contents, KindsModel) and contents.cover
        }
        spot = self.spot / "readings"
        readings = {f"cover-{unit}": _build_cover(unit, spot) for unit in sorted(covers)} | self.readings
        return Defined(readings, spot, Message("reading"))

    @cached_property
    def known_duties(self) -> Defined[DutyModel]:
        """The duties by id."""
        return Defined({duty.id: duty for duty in self.duties}, self.spot / "duties", Message("duty"))

    def fields_of(self, event: str) -> Defined[None]:
        """The fields that every record of an event of the pack must give."""
        needs, where = dict.fromkeys(self.events[event].needs), Message(" of the event {event!r}", event=event)
        return Defined(needs, self.spot / "events" / event / "needs", Message("field"), where)
