"""Says whether an entry can be evidence for a department's duty, by its titles and its department.

A column shows a hundred things, a duty asks for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tracker.core.law.duties import Assignment, County, Source
from tracker.core.matching.attribution import directory
from tracker.core.matching.candidates import may_match, whose
from tracker.core.matching.naming import flat
from tracker.core.values.facts import Entry


def bears(entry: Entry, assignment: Assignment, county: County, listed: str = "") -> bool:
    """Whether the entry, as it is or as it ever stood, fits a pattern of the duty and is not another department's.

    `listed`: its title in the list, which the first reading of its article replaces. What people filed or decided about
    its address is not looked at here.
    """
    sources = [source for cell in assignment.cells for source in cell.sources]  # a copy may stand in another column
    return any(_may_count(version, sources, assignment, county) for version in _as_it_stood(entry, listed))


def _as_it_stood(entry: Entry, listed: str) -> Iterator[Entry]:
    yield entry
    for place in range(len(entry.versions) - 1, 0, -1):
        yield replace(entry, versions=entry.versions[:place])
    if listed and all(version.title != listed for version in entry.versions):
        yield replace(entry, versions=(replace(entry.versions[0], title=listed),))


def _may_count(entry: Entry, sources: Iterable[Source], assignment: Assignment, county: County) -> bool:
    column, known = county.columns.get(entry.column), directory(county)
    return any(
        fits(source.title, entry.title) and not whose(entry, source, column, assignment.members, known)[0]
        for source in sources
    )


def fits(pattern: str | None, title: str) -> bool:
    """Whether a title fits, also in the form in which titles are compared: a copy says since when a thing was there."""
    if may_match(pattern, title):
        return True
    return pattern is not None and (plain := flat(pattern)) != pattern and may_match(plain, title)
