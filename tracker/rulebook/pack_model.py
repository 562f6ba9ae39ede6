"""The shape of a pack: a file of duties from one instrument. Descriptions become docs/rules.md and the JSON Schemas."""

from __future__ import annotations

from pydantic import Field

from tracker.core.law.duties import EventRule
from tracker.rulebook.models import DutyModel, ReadingModel
from tracker.rulebook.scalars import Day, Slug, Text
from tracker.rulebook.scoring_model import ScoringModel
from tracker.rulebook.shape import Model, Named


class InForceModel(Model):
    """A period counts by its last day, an event by its day; due may fall later."""

    from_: Day = Field(alias="from", description="The first day.")
    until: Day = Field(description="The last day.")


class PackModel(Model):
    """A file of duties from one instrument: rules/packs/NAME.yaml."""

    pack: Slug = Field(description="The pack's name.")
    title: Text = Field(description="The instrument's title.")
    in_force: InForceModel = Field(description="The days it is in force.")
    issued: Day | None = Field(
        default=None,
        description="The day the instrument was issued. What was due before binds only by a `law` of its own.",
    )
    events: Named[EventRule] = Field(default_factory=dict, description="The facts that start clocks.")
    readings: dict[Slug, ReadingModel] = Field(default_factory=dict, description="What loose words mean.")
    duties: list[DutyModel] = Field(min_length=1, description="The duties.")
    scoring: ScoringModel | None = Field(
        default=None, description="The formula of assessment, where a county has none of its own."
    )
