"""What the sample county published through the year and when, and what its clerks put on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tracker.core.law.duties import County, Rulebook
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event, Filing, Ruling
from tracker.demo.draw import SHIPPED, seeded

#: What a clerk enters: each has the `recorded_at` at which it is entered.
WorldAct = Event | Filing | Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One article or page of the site. `published_at` is the truth, `claimed` what its page prints.

    `occurrence` and `part`: what it was written for; `fate` says how that fares.
    From `revised_at` on the page shows `revised`; from `removed_at` on its address answers 404; between the two
    instants of `emptied` it opens without its text.
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
    fate: str = "on-time"
    attachments: tuple[str, ...] = ()
    revised_at: datetime | None = None
    revised: tuple[str, ...] = ()
    removed_at: datetime | None = None
    emptied: tuple[datetime, datetime] | None = None

    def is_up(self, now: datetime) -> bool:
        """Whether the site shows it at this instant."""
        return self.published_at <= now and (self.removed_at is None or now < self.removed_at)

    def text(self, now: datetime) -> tuple[str, ...]:
        """Its paragraphs as they stand at this instant."""
        if self.emptied is not None and self.emptied[0] <= now < self.emptied[1]:
            return ()
        return self.revised if self.revised_at is not None and self.revised_at <= now else self.paragraphs

    def changed_at(self, now: datetime) -> datetime:
        """Since when it stands as it does at this instant."""
        return max((at for at in self.instants if at <= now), default=self.published_at)

    @property
    def duty(self) -> str:
        """The duty it was written for; "" for what answers to none."""
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
    """A year of a county that never was: the same for the same rules and seed, every time.

    `events`, `filings` and `rulings` are numbered from 1; a ruling about `attestation:N` means
    the filing with that number here, which the driver translates to the number it was given.
    `fates`: how each occurrence fares in each of its cells, by (occurrence, cell).
    """

    county: County
    publications: tuple[Publication, ...] = ()
    events: tuple[Event, ...] = ()
    filings: tuple[Filing, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    outages: tuple[tuple[datetime, datetime], ...] = ()
    fates: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def for_county(cls, rulebook: Rulebook, calendar: Calendar, seed: int = SHIPPED) -> World:
        """The sample year under these rules; with another seed another year."""
        from tracker.demo.scenario import live_through  # the scenario builds worlds: it knows this module

        with seeded(seed):
            return live_through(rulebook, calendar)

    @property
    def acts(self) -> tuple[WorldAct, ...]:
        """Everything the clerks enter, in the order in which they enter it."""
        order = {Event: 0, Filing: 1, Ruling: 2}
        acts: list[WorldAct] = [*self.events, *self.filings, *self.rulings]
        return tuple(sorted(acts, key=lambda act: (act.recorded_at, order[type(act)], act.id)))

    def is_down(self, at: datetime) -> bool:
        """Whether the county's site does not answer at this instant."""
        return any(first <= at < last for first, last in self.outages)

    def change_instants(self, first: datetime, last: datetime) -> tuple[datetime, ...]:
        """The instants in [first, last] at which the site changes, in order."""
        changes = {at for publication in self.publications for at in publication.instants}
        changes.update(at for outage in self.outages for at in outage)
        return tuple(sorted(at for at in changes if first <= at <= last))

    def changed_columns(self, after: datetime, until: datetime) -> frozenset[str]:
        """The columns on which something changed in (after, until]; all of them if an outage touches it."""
        if any(after < at <= until for outage in self.outages for at in outage):
            return frozenset(self.county.columns)
        changed = (
            publication for publication in self.publications if any(after < at <= until for at in publication.instants)
        )
        return frozenset(publication.column for publication in changed)


def numbered(publications: Sequence[Publication]) -> tuple[Publication, ...]:
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
