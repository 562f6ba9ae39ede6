"""The shape of a county file, key by key. Descriptions become docs/rules.md and the JSON Schemas."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from tracker.core.law.county import DIALECTS, Contact, Interface, ListRule, SecrecyReview
from tracker.core.values.divisions import Division
from tracker.core.values.formulas import CircularRules, ReportRules, RequestRules
from tracker.core.values.message import Message
from tracker.rulebook.document import Defined, in_county
from tracker.rulebook.pack_model import ReadingModel
from tracker.rulebook.scalars import Amount, Day, Dialect, Flag, SearchUrl, Slug, Text, Url
from tracker.rulebook.scoring_model import ScoringModel
from tracker.rulebook.shape import Model, Read, by_key, optional, required


class PlaceModel(Model):
    """A single page of a site."""

    title: Text | None = optional("What it is called; its name if left out.")
    url: Annotated[
        Annotated[Text, Tag("<one>")] | Annotated[dict[Slug, Text], Field(min_length=1), Tag("<map>")],
        Discriminator(lambda value: "<map>" if isinstance(value, dict) else "<one>"),
    ] = required("Its address, joined to the base; or a map of departments to addresses: the owners.")


class ColumnModel(PlaceModel):
    """A column of a site: a list of entries."""

    dialect: Dialect | None = optional(
        f"How the column lists, where what the page is does not tell: {', '.join(f'`{name}`' for name in DIALECTS)}."
    )
    interface: Read[Interface] | None = optional(
        "The JSON interface behind the column; the dialect is then `interface`."
    )
    list_rule: Read[ListRule] | None = optional(
        "How the list of its web page is read, in place of what would be learned (docs/adding-a-profile.md).",
        alias="list",
    )
    also: list[Slug] = optional(
        "Further columns of the same site that are looked at wherever a rule names this one, as where a site has a "
        "column each for budgets and for accounts: `[finance-2]`.",
        factory=list,
    )


class SiteModel(Model):
    """A web site that is read."""

    EXAMPLE = "{base: https://…, columns: {…}}"
    base: Url = required("The address that the others are joined to.")
    title: Text | None = optional("What it is called.")
    columns: dict[Slug, ColumnModel] = optional("Lists of entries.", factory=dict)
    pages: dict[Slug, PlaceModel] = optional("Single pages.", factory=dict)
    own: Flag = optional("The county owns the site: its robots.txt is not asked.", False)
    search: SearchUrl | None = optional(
        "The address of its own search, `{words}` in place of what is asked for: a second look asks it."
    )


class PerDepartmentModel(Model):
    """Each department's own site."""

    EXAMPLE = "{per: department}"
    per: Literal["department"] = required("The site stands in each department under `site`.")
    title: Text | None = optional("What it is called.")


class AttestedModel(Model):
    """A channel that no machine can read: proof is filed by a person."""

    EXAMPLE = "{attested: true}"
    attested: Flag = required("`true`.")
    title: Text | None = optional("What it is called.")


ChannelForm = Annotated[
    Annotated[SiteModel, Tag("<base>")]
    | Annotated[PerDepartmentModel, Tag("<per>")]
    | Annotated[AttestedModel, Tag("<attested>")],
    by_key("base", "per", "attested"),
]


class DepartmentModel(Model):
    """A department of the county."""

    name: Text = required("Its name.")
    aliases: list[Text] = optional("The names people use for it in titles.", factory=list)
    liaison: Read[Contact] = optional("Who does the work.", factory=Contact)
    lead: Read[Contact] = optional("The leader in charge.", factory=Contact)
    site: SiteModel | None = optional("Its own site, for channels `{per: department}`.")


class ExceptModel(Model):
    """All that the pack names but these."""

    EXAMPLE = "{except: [shenji]}"
    except_: list[Slug] = required("The departments left out.", alias="except", min_length=1)


class OverrideModel(Model):
    """What the county changes in a duty."""

    departments: (
        Annotated[
            Annotated[list[Slug], Tag("<list>")] | Annotated[ExceptModel, Tag("<except>")],
            by_key("list", "except"),
        ]
        | None
    ) = optional("The departments and groups concerned, in place of the pack's; or `{except: [a]}`.")
    weight: Amount | None = optional("Its weight here.")


class CountyModel(Model):
    """An administrative unit: rules/counties/NAME/county.yaml."""

    county: Slug = required("Its name; the folder's name too.")
    name: Text = required("What it is called.")
    division: Read[Division] | None = optional(
        "Its city and its province, for those who oversee several counties (docs/scale.md#above-a-county)."
    )
    start: Day = required("What was due before is shown, neither pressed nor scored.")
    mode: Literal["live", "shadow"] = optional(
        "`shadow`: everything goes to the county office alone; `live` too, until `duban golive`.", "live"
    )
    packs: list[Slug] = required("The packs in force here.", min_length=1)
    departments: dict[Slug, DepartmentModel] = required("The departments.", min_length=1)
    groups: dict[Slug, list[Slug]] = optional(
        "Names for several departments, which packs and overrides may use as one: `{townships: [a, b]}`.", factory=dict
    )
    roles: dict[Slug, Read[Contact]] = required(
        "`county-office`, `supervisor` and others to write to; `administrator`: whom pages name when they are late."
    )
    channels: dict[Slug, ChannelForm] = required("Where publications appear.")
    adopted: dict[Slug, list[Slug]] = optional(
        "By pack: the assumed readings that the county has made its own, and the rules of ours that no law settles: "
        "`rest-days`, `pause-days`, `restart-law`, `lapse-sent`, `unlawful-steps`, `next-day`, `assumed-day` "
        "(docs/time.md).",
        factory=dict,
    )
    issued: dict[Slug, Day] = optional(
        "By pack: the day its instrument was issued here, in place of the pack's.", factory=dict
    )
    readings: dict[Slug, dict[Slug, ReadingModel]] = optional(
        "By pack: readings put in place of the pack's.", factory=dict
    )
    overrides: dict[Slug, OverrideModel] = optional("By duty: what differs here.", factory=dict)
    scoring: ScoringModel | None = optional("The formula of assessment; the first pack's that has one if left out.")
    circular: Read[CircularRules] | None = optional("The monthly circular; without it none can be drafted.")
    report: Read[ReportRules] | None = optional("The overdue report; a numbered 专报 if left out.")
    secrecy_review: Read[SecrecyReview] | None = optional(
        "Which columns' entries need a secrecy review; without it none is looked for (docs/secrecy-review.md)."
    )
    requests: Read[RequestRules] | None = optional(
        "What the papers about requests say (requests on application); the county's own names if left out."
    )
    hosts: list[Text] = optional("Further hosts that the crawl may read, e.g. for attachments.", factory=list)
    allow_private: Flag = optional("The sites stand on private or loopback addresses (a test, an intranet).", False)

    @cached_property
    def known_departments(self) -> Defined[DepartmentModel]:
        """The departments by id."""
        return Defined(self.departments, self.spot / "departments", Message("department"), in_county(self.county))
