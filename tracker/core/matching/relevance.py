"""Says whether an entry can be evidence for a department's duty, by its titles and its department.

It spares loading and judging the entries of a column that no duty of the department asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tracker.core.law.county import County
from tracker.core.law.duties import Assignment, Source
from tracker.core.matching.attribution import directory_of
from tracker.core.matching.candidates import check_ownership, may_match
from tracker.core.matching.naming import flat
from tracker.core.values.facts import Entry


def may_be_evidence(entry: Entry, assignment: Assignment, county: County, listed: str = "") -> bool:
    """Return whether the entry, now or in an earlier version, fits a pattern of the duty and may be the department's.

    `listed`: its title in the list, which the first reading of its article replaces. Filings and rulings about its
    address are not considered.
    """
    sources = [source for cell in assignment.cells for source in cell.sources]  # a copy may stand in another column
    return any(_may_prove(state, sources, assignment, county) for state in _earlier_states(entry, listed))


def _earlier_states(entry: Entry, listed: str) -> Iterator[Entry]:
    yield entry
    for index in range(len(entry.versions) - 1, 0, -1):
        yield replace(entry, versions=entry.versions[:index])
    if listed and all(version.title != listed for version in entry.versions):
        yield replace(entry, versions=(replace(entry.versions[0], title=listed),))


def _may_prove(entry: Entry, sources: Iterable[Source], assignment: Assignment, county: County) -> bool:
    column, directory = county.columns.get(entry.column), directory_of(county)
    return any(
        title_fits(source.title, entry.title)
        and not check_ownership(entry, source, column, assignment.members, directory)[0]
        for source in sources
    )


def title_fits(pattern: str | None, title: str) -> bool:
    """Return whether a title fits the pattern, as it stands or in comparable form.

    The comparable form finds copies of an entry too: they show since when it was published.
    """
    if may_match(pattern, title):
        return True
    return pattern is not None and (plain := flat(pattern)) != pattern and may_match(plain, title)
