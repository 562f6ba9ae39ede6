"""How people decided about entries whose title did not say that they are the thing, by the word that decided."""

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

#: As many titles as say what is meant.
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class WordRulings:
    """A word at which titles were called `kind` (about or undecided), and what people made of them."""

    head: str
    kind: str
    accepted: int
    rejected: int
    examples: tuple[str, ...]


def heads(county: County, groups: Iterable[tuple[Duty, Assignment, Facts]]) -> list[WordRulings]:
    """The heads about whose entries people decided, those they accepted most first."""
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
    """The decisions that hold about entries whose title is not called the thing."""
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
    """What the entry's title is called by the first source that it fits; None where it is called the thing."""
    for cell in assignment.cells:
        for source in cell.sources if part in (None, "", cell.part) else ():
            if entry.column in source.columns and may_match(source.title, entry.title):
                kind = classify_entry_title(duty, cell, source, entry, county)
                return kind if kind.answer != "thing" else None
    return None
