"""The rules in force, as loading a folder returns them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracker.core.escalation.office_time import OfficeTime
from tracker.core.law.county import Rulebook
from tracker.core.law.statutes import Act
from tracker.core.law.workdays import Calendar
from tracker.core.values.lexicon import Lexicon
from tracker.rulebook.errors import RuleError, RuleErrors
from tracker.rulebook.packed import Papers, unpack
from tracker.rulebook.schedule import Schedule

#: By county, what is wrong with it.
Broken = Mapping[str, tuple[RuleError, ...]]


@dataclass(frozen=True, slots=True)
class LoadedCounty:
    """A county as it was loaded. `source`: the hash of all that its rules were made of; `packs`: those its file names;
    `papers`: its Papers, packed."""

    rulebook: Rulebook
    source: str
    packs: tuple[str, ...]
    papers: bytes


@dataclass(frozen=True, slots=True)
class RulePlaces:
    """Where rules stand, as `rules/packs/NAME.yaml:12`: `duties` by pack and ID."""

    duties: Mapping[tuple[str, str], str] = field(default_factory=dict)
    counties: Mapping[str, LoadedCounty] = field(default_factory=dict)

    def overrides_of(self, county: str) -> Mapping[str, str]:
        """What the county's file changes of duties, by the duty's ID."""
        return _papers_of(self.counties[county]).overrides if county in self.counties else {}

    def contacts_of(self, county: str) -> Mapping[tuple[str, str], str]:
        """The contacts in the county's file, by `departments` or `roles` and the name there."""
        return _papers_of(self.counties[county]).contacts if county in self.counties else {}


class Bodies(Mapping[str, str]):
    """By digest, the canonical body of each county's rulebook and of the calendar."""

    def __init__(self, counties: Iterable[LoadedCounty], calendar: Calendar) -> None:
        self._counties = {county.rulebook.digest: county for county in counties}
        self._calendar = calendar

    def __getitem__(self, digest: str) -> str:
        return self._calendar.body if digest == self._calendar.digest else _papers_of(self._counties[digest]).body

    def __iter__(self) -> Iterator[str]:
        yield self._calendar.digest
        yield from self._counties

    def __len__(self) -> int:
        return 1 + len(self._counties)


def _papers_of(county: LoadedCounty) -> Papers:
    papers = unpack(county.papers)
    assert isinstance(papers, Papers)
    return papers


@dataclass(frozen=True)
class Loaded:
    """The rules in force. `bodies`: by digest, the canonical body of each rulebook and of the calendar.

    `templates`: by county, the folder of mail templates that stand in place of the shipped ones. `places`: where
    the rules stand in the files. `counties`: each as it was loaded, for the next time. `broken`: those whose files
    cannot be used; one that could be before is as it was, the others are not among the rulebooks.
    """

    rulebooks: tuple[Rulebook, ...]
    schedule: Schedule
    calendar: Calendar
    bodies: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, Path] = field(default_factory=dict)
    places: RulePlaces = field(default_factory=RulePlaces)
    counties: Mapping[str, LoadedCounty] = field(default_factory=dict)
    broken: Broken = field(default_factory=dict)

    def only(self, county: str) -> Loaded:
        """The rules of that county alone, as they are handed to another process."""
        rulebooks = tuple(book for book in self.rulebooks if book.county.id == county)
        if not self.counties:
            return replace(self, rulebooks=rulebooks)
        counties = {name: each for name, each in self.counties.items() if name == county}
        places, bodies = RulePlaces(self.places.duties, counties), Bodies(counties.values(), self.calendar)
        return replace(self, rulebooks=rulebooks, bodies=bodies, places=places, counties=counties)

    def keeping(self, before: Loaded, names: Collection[str]) -> Loaded:
        """These rules, but those of the named counties as they were before."""
        kept = {name: before.counties[name] for name in names if name in before.counties}
        others = {name: each for name, each in self.counties.items() if name not in names}
        return self.with_counties(others | kept)

    def with_counties(self, counties: Mapping[str, LoadedCounty]) -> Loaded:
        """The same with these counties, in the order of their names."""
        counties = dict(sorted(counties.items()))
        return replace(
            self,
            rulebooks=tuple(county.rulebook for county in counties.values()),
            bodies=Bodies(counties.values(), self.calendar),
            places=RulePlaces(self.places.duties, counties),
            counties=counties,
        )

    def office_time(self, zone: ZoneInfo) -> OfficeTime:
        """When the office of a county in that zone works."""
        return OfficeTime(self.calendar, self.schedule.hours, zone)

    @cached_property
    def settings_digest(self) -> str:
        """The hash of what decides beside a county's rules: the calendar, and the schedule's policies and hours."""
        parts = (
            self.calendar.digest,
            self.schedule.zone.key,
            self.schedule.hours,
            sorted(self.schedule.policies.items()),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SharedRules:
    """What the counties share. `good`: those whose files can be used; `duties`: where those of packs stand.

    `lexicon` and `acts` are the same object in every rulebook, and are put there by `join`.
    """

    schedule: Schedule
    calendar: Calendar
    lexicon: Lexicon
    acts: tuple[Act, ...]
    good: tuple[str, ...]
    broken: Broken
    templates: Mapping[str, Path]
    duties: Mapping[tuple[str, str], str]


def join(parts: Iterable[LoadedCounty | SharedRules], before: Loaded | None = None) -> Loaded:
    """The rules of what was read: counties that are not as they were `before`, and at the end what all share."""
    known = before.counties if before is not None else {}
    read = dict[str, LoadedCounty]()
    for part in parts:
        if isinstance(part, LoadedCounty):
            read[part.rulebook.county.id] = part
            continue
        counties = {name: _complete(read[name], part) if name in read else known[name] for name in part.good}
        counties |= {name: known[name] for name in part.broken if name in known}
        templates = {name: folder for name, folder in part.templates.items() if name in counties}
        loaded = Loaded((), part.schedule, part.calendar, {}, templates, RulePlaces(part.duties), {}, part.broken)
        return loaded.with_counties(counties)
    raise EOFError("the counties without what they share")


def _complete(county: LoadedCounty, shared: SharedRules) -> LoadedCounty:
    book = county.rulebook
    book = replace(book, county=replace(book.county, lexicon=shared.lexicon), acts=shared.acts)
    return replace(county, rulebook=book)


class Known(NamedTuple):
    """A county that was loaded before: the hash of its sources, the packs that its file names, the roles it has."""

    source: str
    packs: Sequence[str]
    roles: Sequence[str]


def known_of(before: Loaded | None) -> dict[str, Known]:
    """What is asked of the counties that were loaded before, to tell whether they are still the same."""
    counties = before.counties if before is not None else {}
    return {name: Known(each.source, each.packs, list(each.rulebook.county.roles)) for name, each in counties.items()}


def errors_of(loaded: Loaded) -> RuleErrors:
    """What is wrong with counties."""
    return RuleErrors(error for errors in loaded.broken.values() for error in errors)
