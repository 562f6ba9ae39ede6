"""Counts rulings on entries with doubtful titles by the title's head word."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tracker.core.law.county import County
from tracker.core.law.duties import Assignment, Duty
from tracker.core.matching.criteria import classify_entry_title
from tracker.core.matching.title_case import TitleKind
from tracker.core.matching.title_pattern import may_match
from tracker.core.values.facts import Entry, Facts, Ruling
from tracker.core.values.rulings import not_revoked

#: How many titles are shown as examples.
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class WordRulings:
    """A head word of titles that were classified as `kind` (about or undecided), with the rulings on them."""

    head: str
    kind: str
    accepted: int
    rejected: int
    examples: tuple[str, ...]


def heads(county: County, groups: Iterable[tuple[Duty, Assignment, Facts]]) -> list[WordRulings]:
    """The head words of entries with rulings, the most accepted first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    titles: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for duty, assignment, facts in groups:
        for ruling, entry, kind in _decided(county, duty, assignment, facts):
            counts[kind.head, kind.answer, ruling.kind] += 1
            titles[kind.head, kind.answer][entry.title] = None
    rows = [
        WordRulings(
            head, kind, counts[head, kind, "accept"], counts[head, kind, "reject"], tuple(list(seen)[:_EXAMPLES])
        )
        for (head, kind), seen in titles.items()
    ]
    return sorted(rows, key=lambda row: (-row.accepted, -row.rejected, row.head, row.kind))


def _decided(
    county: County, duty: Duty, assignment: Assignment, facts: Facts
) -> Iterator[tuple[Ruling, Entry, TitleKind]]:
    """The rulings in force on entries whose title is not classified as the thing."""
    latest = {
        (ruling.occurrence, ruling.part, ruling.target): ruling
        for ruling in not_revoked(facts.rulings)
        if ruling.kind in ("accept", "reject")
    }
    for ruling in latest.values():
        for entry in sorted(facts.entries, key=lambda entry: entry.id):
            if entry.url == ruling.target and (kind := _kind(county, duty, assignment, entry, ruling.part)):
                yield ruling, entry, kind
                break


def _kind(county: County, duty: Duty, assignment: Assignment, entry: Entry, part: str | None) -> TitleKind | None:
    """The kind of the entry's title by the first source that it matches; None where it is the thing."""
    for cell in assignment.cells:
        for source in cell.sources if part in (None, "", cell.part) else ():
            if entry.column in source.columns and may_match(source.title, entry.title):
                kind = classify_entry_title(duty, cell, source, entry, county)
                return kind if kind.answer != "thing" else None
    return None
