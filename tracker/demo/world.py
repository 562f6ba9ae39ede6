"""What the sample county publishes in its year, when, and what its clerks enter into the registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tracker.core.law.county import County
from tracker.core.values.facts import Event, Filing, Ruling

#: What a clerk enters, at its `recorded_at`.
Act = Event | Filing | Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One article or page of the site. It appears at `published_at`; its page prints `claimed`.

    `occurrence` and `part`: what it was written for; `outcome` is an `Outcome`'s value.
    From `revised_at` on the page shows `revised`; from `removed_at` on its address answers 404; between the two
    instants of `emptied` the page opens without its text.
    """

    number: int
    column: str  # a key of County.columns
    title: str
    paragraphs: tuple[str, ...]
    published_at: datetime
    claimed: datetime
    source: str = ""
    occurrence: str = ""  # the key, county/pack/duty/department/label
    part: str = ""
    outcome: str = "on-time"
    attachments: tuple[str, ...] = ()
    revised_at: datetime | None = None
    revised: tuple[str, ...] = ()
    removed_at: datetime | None = None
    emptied: tuple[datetime, datetime] | None = None

    def is_up(self, now: datetime) -> bool:
        """Whether the site shows it at this instant."""
        return self.published_at <= now and (self.removed_at is None or now < self.removed_at)

    def text(self, now: datetime) -> tuple[str, ...]:
        """Its paragraphs at this instant."""
        if self.emptied is not None and self.emptied[0] <= now < self.emptied[1]:
            return ()
        return self.revised if self.revised_at is not None and self.revised_at <= now else self.paragraphs

    def changed_at(self, now: datetime) -> datetime:
        """When it last changed before or at this instant."""
        return max((at for at in self.instants if at <= now), default=self.published_at)

    @property
    def duty(self) -> str:
        """The duty it was written for; "" if for none."""
        return self.occurrence.split("/")[2] if self.occurrence else ""

    @property
    def department(self) -> str:
        return self.occurrence.split("/")[3] if self.occurrence else ""

    @property
    def instants(self) -> tuple[datetime, ...]:
        """The instants at which the site changes because of it."""
        changes = (self.published_at, self.revised_at, self.removed_at, *(self.emptied or ()))
        return tuple(at for at in changes if at is not None)


@dataclass(frozen=True, slots=True)
class World:
    """A year of the sample county.

    `events`, `filings` and `rulings` are numbered from 1; the target `attestation:N` of a ruling is the filing
    with that number here, which the replay translates to the number in the register.
    `outcomes`: by (occurrence, cell). `outages`: from when to when the site does not answer.
    """

    county: County
    publications: tuple[Publication, ...] = ()
    events: tuple[Event, ...] = ()
    filings: tuple[Filing, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    outages: tuple[tuple[datetime, datetime], ...] = ()
    outcomes: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def acts(self) -> tuple[Act, ...]:
        """Everything the clerks enter, in the order in which they enter it."""
        acts: list[Act] = [*self.events, *self.filings, *self.rulings]
        return tuple(sorted(acts, key=lambda act: act.recorded_at))

    def is_down(self, at: datetime) -> bool:
        """Whether the county's site does not answer at this instant."""
        return any(first <= at < last for first, last in self.outages)

    def changed_columns(self, after: datetime, until: datetime) -> frozenset[str]:
        """The columns that changed in (after, until]; all of them if an outage begins or ends there."""
        if any(after < at <= until for outage in self.outages for at in outage):
            return frozenset(self.county.columns)
        return frozenset(
            publication.column
            for publication in self.publications
            if any(after < at <= until for at in publication.instants)
        )


def number_publications(publications: Sequence[Publication]) -> tuple[Publication, ...]:
    """The publications in the order in which they appeared, numbered from 1."""
    ordered = sorted(
        publications,
        key=lambda publication: (
            publication.published_at,
            publication.column,
            publication.title,
            publication.occurrence,
            publication.part,
        ),
    )
    return tuple(replace(publication, number=number) for number, publication in enumerate(ordered, start=1))
