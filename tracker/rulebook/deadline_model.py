"""The shapes of deadlines in a pack: spans from events, named days, periods, and the readings that a duty uses."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from tracker.core.law.duties import About, PeriodUnit
from tracker.rulebook.scalars import Count, Day, DueText, Flag, Label, LawItem, Slug, SpanText, Text
from tracker.rulebook.shape import Extension, Model, Names, by_key, one_or_list, optional, required


class _Deadline(Model):
    basis: Text | None = optional("Where an instrument sets this deadline, in words.")
    law: list[LawItem] | None = optional(
        "The articles of acts that set the number; it then binds before `issued`.", min_length=1
    )
    after: Slug | None = optional(
        "A duty of the pack: nothing is asked until it is met or due, whichever is first. The duty's own "
        "name means the deadline beside this one."
    )
    assumed: Flag = optional("The number is ours, not the law's (参照时限). Only inside a named reading.", False)


_ROLL = (
    "Where it would be due on a day off: `next` moves to the next working day, `none` does not. Left out, it does "
    "not, as the county's assumption, adopted as `rest-days`"
)


class WithinModel(_Deadline):
    """A span that runs from an event; the event's day is not counted."""

    EXAMPLE = "{within: 20 days, of: budget-approved}"
    within: SpanText = required("The span.")
    of: Slug | None = optional("The event. A reading may leave it to `{use: …, of: …}`.")
    roll: Literal["next", "none"] | None = optional(
        "`none`: a span of days to years that ends on a day off does not move to the next working day; else it does."
    )
    extension: Extension | None = optional(
        "What a person may grant once, added to the span; `{FACT: SPAN}` where a recorded fact grants it too."
    )
    where: dict[Text, Label] = optional("Only events with these fields start it.", factory=dict)
    pause: dict[Slug, Names] = optional(
        "The clock stops at the first fact and goes on at the second, or the first of several; the days after the "
        "first up to and with the second do not count. One fact answers another by its reference.",
        factory=dict,
    )
    restart: dict[Slug, Names] = optional(
        "The clock stops at the first fact and starts anew at the second, whose day is not counted; pauses and "
        "extensions of before are void.",
        factory=dict,
    )
    until: Names | None = optional("Facts after which nothing is owed any longer.")
    shared: Flag = optional("One entry proves every unproved event up to it.", False)
    slack: Count = optional("How many days before the event an entry that names it may lie.", 30)


class ByModel(_Deadline):
    """A calendar day, itself still on time."""

    EXAMPLE = "{by: 2015-09-30}"
    by: Day = required("The last day that is on time.")
    roll: Literal["next", "none"] | None = optional(f"{_ROLL}.")
    zero_report: Flag = optional("A filed 零报告 (nothing arose) proves it.", False)


class EveryModel(_Deadline):
    """One occurrence a period, due on the period's last day."""

    EXAMPLE = "{every: month, about: previous}"
    every: PeriodUnit = required("The period.")
    about: About = optional(
        "Which period an entry proves. Example: a report titled June's, published on 5 July. `publication`: July, in "
        "which it is published. `previous`: July, for each period publishes the figures of the one before. `this`: "
        "June, which it names; required where `due` lies past the period's end.",
        "publication",
    )
    due: DueText | None = optional(
        "`+10 days` past the period's end, `day 15` inside it, or `03-31` of each year (`every: year`)."
    )
    roll: Literal["next", "none"] | None = optional(f"{_ROLL}; `+10 days` is a span and moves.")
    upkeep: Flag = optional(
        'Periods of "still right", beginning after the `by` day beside it or the duty named in `after`.', False
    )
    zero_report: Flag = optional("A filed 零报告 (nothing arose) proves a period.", False)


class UseModel(Model):
    """A reading of the pack, with what it leaves open."""

    EXAMPLE = "{use: first-moment, of: approval-item-changed}"
    use: Slug = required("The reading's name.")
    of: Slug | None = optional("The event, where the reading names none.")
    shared: Flag | None = optional("As in `within`.")
    slack: Count | None = optional("As in `within`.")
    extension: SpanText | None = optional("As in `within`.")
    law: list[LawItem] | None = optional("In place of the duty's and the reading's.", min_length=1)
    after: Slug | None = optional("As at a deadline; for all of the reading's.")


OwnDeadline = Annotated[
    Annotated[WithinModel, Tag("<within>")] | Annotated[ByModel, Tag("<by>")] | Annotated[EveryModel, Tag("<every>")],
    by_key("within", "by", "every"),
]
AnyDeadline = Annotated[
    Annotated[Slug, Tag("<text>")]
    | Annotated[WithinModel, Tag("<within>")]
    | Annotated[ByModel, Tag("<by>")]
    | Annotated[EveryModel, Tag("<every>")]
    | Annotated[UseModel, Tag("<use>")],
    by_key("text", "within", "by", "every", "use"),
]


OwnDeadlines = Annotated[
    Annotated[OwnDeadline, Tag("<one>")] | Annotated[list[OwnDeadline], Field(min_length=1), Tag("<list>")],
    Discriminator(one_or_list),
]
AnyDeadlines = Annotated[
    Annotated[AnyDeadline, Tag("<one>")] | Annotated[list[AnyDeadline], Field(min_length=1), Tag("<list>")],
    Discriminator(one_or_list),
]
