"""The shape of a pack: a file of duties from one instrument. Descriptions become docs/rules.md and the JSON Schemas."""

from __future__ import annotations

from tracker.core.law.duties import EventRule
from tracker.rulebook.models import DutyModel, ReadingModel
from tracker.rulebook.scalars import Day, Slug, Text
from tracker.rulebook.scoring_model import ScoringModel
from tracker.rulebook.shape import Model, Named, optional, required


class InForceModel(Model):
    """A period counts by its last day, an event by its day; due may fall later."""

    from_: Day = required("The first day.", alias="from")
    until: Day = required("The last day.")


class PackModel(Model):
    """A file of duties from one instrument: rules/packs/NAME.yaml."""

    pack: Slug = required("The pack's name.")
    title: Text = required("The instrument's title.")
    in_force: InForceModel = required("The days it is in force.")
    issued: Day | None = optional(
        "The day the instrument was issued. What was due before binds only by a `law` of its own."
    )
    events: Named[EventRule] = optional("The facts that start clocks.", factory=dict)
    readings: dict[Slug, ReadingModel] = optional("What loose words mean.", factory=dict)
    duties: list[DutyModel] = required("The duties.", min_length=1)
    scoring: ScoringModel | None = optional("The formula of assessment, where a county has none of its own.")
