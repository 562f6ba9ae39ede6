"""The shape of a county file, key by key. Descriptions become docs/rules.md and the JSON Schemas."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from tracker.core.law.duties import DIALECTS, Contact, Interface
from tracker.core.values.formulas import CircularRules
from tracker.rulebook.models import ReadingModel
from tracker.rulebook.scalars import Amount, Day, Dialect, Flag, Slug, Text, Url
from tracker.rulebook.scoring_model import ScoringModel
from tracker.rulebook.shape import Model, Read, by_key


class PlaceModel(Model):
    """A single page of a site."""

    title: Text | None = Field(default=None, description="What it is called; its name if left out.")
    url: Annotated[
        Annotated[Text, Tag("<one>")] | Annotated[dict[Slug, Text], Field(min_length=1), Tag("<map>")],
        Discriminator(lambda value: "<map>" if isinstance(value, dict) else "<one>"),
    ] = Field(description="Its address, joined to the base; or a map of departments to addresses: the owners.")


class ColumnModel(PlaceModel):
    """A column of a site: a list of entries."""

    dialect: Dialect | None = Field(
        default=None,
        description="How the column lists, where what the page is does not tell: "
        f"{', '.join(f'`{one}`' for one in DIALECTS)}.",
    )
    interface: Read[Interface] | None = Field(
        default=None, description="The JSON interface behind the column; the dialect is then `interface`."
    )


class SiteModel(Model):
    """A web site that is read."""

    EXAMPLE = "{base: https://…, columns: {…}}"
    base: Url = Field(description="The address that the others are joined to.")
    title: Text | None = Field(default=None, description="What it is called.")
    columns: dict[Slug, ColumnModel] = Field(default_factory=dict, description="Lists of entries.")
    pages: dict[Slug, PlaceModel] = Field(default_factory=dict, description="Single pages.")
    own: Flag = Field(default=False, description="The county owns the site: its robots.txt is not asked.")


class PerDepartmentModel(Model):
    """Each department's own site."""

    EXAMPLE = "{per: department}"
    per: Literal["department"] = Field(description="The site stands in each department under `site`.")
    title: Text | None = Field(default=None, description="What it is called.")


class AttestedModel(Model):
    """A channel that no machine can read: proof is filed by a person."""

    EXAMPLE = "{attested: true}"
    attested: Flag = Field(description="`true`.")
    title: Text | None = Field(default=None, description="What it is called.")


ChannelForm = Annotated[
    Annotated[SiteModel, Tag("<site>")]
    | Annotated[PerDepartmentModel, Tag("<per>")]
    | Annotated[AttestedModel, Tag("<attested>")],
    by_key(base="<site>", per="<per>", attested="<attested>"),
]


class DepartmentModel(Model):
    """A department of the county."""

    name: Text = Field(description="Its name.")
    aliases: list[Text] = Field(default_factory=list, description="The names people use for it in titles.")
    liaison: Read[Contact] = Field(default_factory=Contact, description="Who does the work.")
    lead: Read[Contact] = Field(default_factory=Contact, description="The leader in charge.")
    site: SiteModel | None = Field(default=None, description="Its own site, for channels `{per: department}`.")


class ExceptModel(Model):
    """All that the pack names but these."""

    EXAMPLE = "{except: [shenji]}"
    except_: list[Slug] = Field(alias="except", min_length=1, description="The departments left out.")


class OverrideModel(Model):
    """What the county changes in a duty."""

    departments: (
        Annotated[
            Annotated[list[Slug], Tag("<list>")] | Annotated[ExceptModel, Tag("<except>")],
            by_key(list="<list>", except_="<except>"),
        ]
        | None
    ) = Field(default=None, description="The departments concerned, in place of the pack's; or `{except: [a]}`.")
    weight: Amount | None = Field(default=None, description="Its weight here.")


class CountyModel(Model):
    """An administrative unit: rules/counties/NAME/county.yaml."""

    county: Slug = Field(description="Its name; the folder's name too.")
    name: Text = Field(description="What it is called.")
    start: Day = Field(description="What was due before is shown, neither pressed nor scored.")
    mode: Literal["live", "shadow"] = Field(
        default="live",
        description="`shadow`: everything goes to the county office alone; `live` too, until `duban golive`.",
    )
    packs: list[Slug] = Field(min_length=1, description="The packs in force here.")
    departments: dict[Slug, DepartmentModel] = Field(min_length=1, description="The departments.")
    roles: dict[Slug, Read[Contact]] = Field(description="`county-office`, `supervisor` and others to write to.")
    channels: dict[Slug, ChannelForm] = Field(description="Where publications appear.")
    adopted: dict[Slug, list[Slug]] = Field(
        default_factory=dict, description="By pack: the assumed readings that the county has made its own."
    )
    issued: dict[Slug, Day] = Field(
        default_factory=dict, description="By pack: the day its instrument was issued here, in place of the pack's."
    )
    readings: dict[Slug, dict[Slug, ReadingModel]] = Field(
        default_factory=dict, description="By pack: readings put in place of the pack's."
    )
    overrides: dict[Slug, OverrideModel] = Field(default_factory=dict, description="By duty: what differs here.")
    scoring: ScoringModel | None = Field(
        default=None, description="The formula of assessment; the first pack's that has one if left out."
    )
    circular: Read[CircularRules] | None = Field(
        default=None, description="The monthly circular; without it none can be drafted."
    )
    hosts: list[Text] = Field(
        default_factory=list, description="Further hosts that the crawl may read, e.g. for attachments."
    )
    allow_private: Flag = Field(
        default=False, description="The sites stand on private or loopback addresses (a test, an intranet)."
    )
