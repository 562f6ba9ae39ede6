"""Loads a county's facts as one value: all of them, or those that bear on what was selected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from tracker.core.law.counting import moment_day
from tracker.core.law.duties import Rulebook
from tracker.core.law.workdays import Calendar
from tracker.core.matching.naming import flat
from tracker.core.matching.relevance import may_be_evidence, title_fits
from tracker.core.values.facts import Entry
from tracker.decide.facts import WHOLE, CountyFacts, Scope
from tracker.decide.groups import DutyGroup, beside, groups_of
from tracker.decide.select import NEAR, Selection, all_of, with_priors
from tracker.store.engine import Tx
from tracker.store.facts import FactDelta, Wanted, WantedEntries, load_facts, load_wanted
from tracker.store.faults import faulty_groups
from tracker.store.notices import told
from tracker.store.occurrences import load_occurrences
from tracker.store.selection import began_at, load_rows, titles_in

#: Periods and days that open this far ahead already have their occurrence.
HORIZON = timedelta(days=14)
#: A date that lies further before the first sighting may be doubted, which asks for copies of any age.
_OLD = timedelta(days=290)


def horizon(rulebook: Rulebook, now: datetime) -> date:
    """The day up to which what opens has its occurrence."""
    return (now + HORIZON).astimezone(rulebook.county.zone).date()


def load_county(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, now: datetime, *, until: date | None = None
) -> CountyFacts:
    """All facts of the county, with what was decided and told before. `until`: by default the horizon of a pass."""
    county = rulebook.county.id
    rows = load_occurrences(tx, county)
    return CountyFacts(
        rulebook=rulebook,
        calendar=calendar,
        until=until or horizon(rulebook, now),
        facts=load_facts(tx, county),
        rows=rows,
        delivery_states=told(tx, county),
        began_at=min((row.created_at for row in rows.values()), default=now),
        faulty=faulty_groups(tx, county),
    )


def load_selected(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, selection: Selection, now: datetime, *, every_entry: bool = False
) -> CountyFacts:
    """What bears on the groups of a selection. `every_entry`: and what else stands in their columns."""
    if selection.scopes is None:
        return load_county(tx, rulebook, calendar, now)
    groups, county = groups_of(rulebook).by_prefix, rulebook.county
    scopes = {**selection.scopes, **dict.fromkeys(selection.context, Scope())}
    chosen = {prefix: groups[prefix] for prefix in scopes}
    facts = load_wanted(tx, county.id, _wanted(chosen, scopes, every_entry=every_entry), county.zone)
    further = _reaching_back(tx, rulebook, calendar, chosen, scopes, facts)
    rows = dict(selection.rows)
    if further:
        scopes |= {prefix: replace(scopes[prefix], since=None) for prefix in further}
        facts = load_wanted(tx, county.id, _wanted(chosen, scopes, every_entry=every_entry), county.zone)
        rows |= load_rows(tx, county.id, [all_of(chosen[prefix]) for prefix in sorted(further)])
    return CountyFacts(
        rulebook=rulebook,
        calendar=calendar,
        until=horizon(rulebook, now),
        facts=facts,
        rows=rows,
        delivery_states=told(tx, county.id, rows),
        began_at=began_at(tx, county.id) or now,
        scopes=scopes,
        faulty=selection.faulty,
    )


def load_groups(tx: Tx, rulebook: Rulebook, calendar: Calendar, prefixes: Iterable[str], now: datetime) -> CountyFacts:
    """What bears on some groups, by prefix, and those that they follow; nothing where the rules have it no more."""
    groups = groups_of(rulebook)
    scopes = dict.fromkeys(with_priors(groups, prefixes), WHOLE)
    return load_selected(
        tx, rulebook, calendar, Selection(scopes, faulty=faulty_groups(tx, rulebook.county.id)), now, every_entry=True
    )


def _wanted(groups: Mapping[str, DutyGroup], scopes: Mapping[str, Scope], *, every_entry: bool) -> Wanted:
    """`every_entry`: also those whose titles fit no pattern of their column's groups."""
    looked = [
        WantedEntries(column, scopes[prefix].since, None if every_entry else _fitting(group))
        for prefix, group in groups.items()
        for column in group.columns
    ]
    names = {name for group in groups.values() for name in group.event_names}
    return Wanted(looked, {beside(prefix) for prefix in groups}, names)


def _fitting(group: DutyGroup) -> Callable[[str], bool] | None:
    """Whether an entry of that title may bear on the group; None: every one may."""
    patterns = {source.title for cell in group.assignment.cells for source in cell.sources}
    return None if None in patterns else partial(_fits_one, patterns)


def _fits_one(patterns: Collection[str | None], title: str) -> bool:
    return any(title_fits(pattern, title) for pattern in patterns)


def _reaching_back(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, groups: Mapping[str, DutyGroup], scopes: Mapping[str, Scope],
    facts: FactDelta,
) -> set[str]:  # fmt: skip
    """The groups of which the days from one on were loaded, and one of whose entries asks for what lies before."""
    by_column: dict[str, list[Entry]] = defaultdict(list)
    for entry in facts.entries:
        by_column[entry.column].append(entry)
    found: set[str] = set()
    titled: dict[str, list[Entry]] = {}  # by group: the entries that bear on it, where their titles may stand twice
    for prefix, group in groups.items():
        if (since := scopes[prefix].since) is None:
            continue
        entries = [entry for column in group.columns for entry in by_column.get(column, ())]
        mine = [entry for entry in entries if may_be_evidence(entry, group.assignment, rulebook.county)]
        if any(_reaches_back(entry, group, since, rulebook, calendar) for entry in mine):
            found.add(prefix)
        elif mine:
            titled[prefix] = mine
    return found | _with_twins(tx, rulebook.county.id, groups, titled)


def _with_twins(tx: Tx, county: str, groups: Mapping[str, DutyGroup], titled: Mapping[str, list[Entry]]) -> set[str]:
    """The groups where the title of such an entry stood over another one too, if titles name periods there, so that
    neither is believed; or one of the two is gone, for which the other may stand."""
    asking = {
        prefix: {flat(version.title) for entry in entries for version in entry.versions}
        for prefix, entries in titled.items()
    }
    columns = {column for prefix in titled for column in groups[prefix].columns}
    whole = {column for prefix in titled if groups[prefix].naming for column in groups[prefix].columns}
    whole |= {entry.column for entries in titled.values() for entry in entries if entry.gone_at is not None}
    stood: dict[tuple[str, str], set[int]] = defaultdict(set)
    gone: set[int] = {entry.id for entries in titled.values() for entry in entries if entry.gone_at is not None}
    for mine in titled.values():
        for entry in mine:
            for version in entry.versions:
                stood[entry.column, flat(version.title)].add(entry.id)
    for number, column, title, is_gone in titles_in(tx, county, columns, whole=whole):
        stood[column, flat(title)].add(number)
        if is_gone:
            gone.add(number)
    found = set()
    for prefix, titles in asking.items():
        group = groups[prefix]
        alike = ({number for column in group.columns for number in stood.get((column, title), ())} for title in titles)
        if any(len(entries) > 1 and (group.naming or entries & gone) for entries in alike):
            found.add(prefix)
    return found


def _reaches_back(entry: Entry, group: DutyGroup, since: date, rulebook: Rulebook, calendar: Calendar) -> bool:
    """Whether it bears a date long before it was first seen, or came out in one of the periods that are judged, and its
    title names one before the first of them."""
    zone = rulebook.county.zone
    seen = moment_day(entry.first_seen_at, zone)
    if entry.claimed is not None and seen - moment_day(entry.claimed, zone) >= _OLD:
        return True
    if not group.naming:
        return False
    last = max(seen, *(moment_day(version.seen_at, zone) for version in entry.versions))
    if last < since + (NEAR - 1) * group.length:
        return False
    return any(group.names_before(version.title, last, since, calendar) for version in entry.versions)
