"""Loads a county's facts as one value: all of them, or those of the selected groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.workdays import Calendar
from tracker.core.matching.criteria import may_be_evidence
from tracker.core.matching.naming import flat
from tracker.core.matching.title_pattern import may_match_flat
from tracker.core.values.facts import Entry
from tracker.core.values.rulings import occurrence_of
from tracker.decide.facts import WHOLE, CountyFacts, Scope
from tracker.decide.groups import DutyGroup, duty_prefix_of, group_by, groups_of, prefix_of
from tracker.decide.select import NEAR_PERIODS, Selection, all_rows_of, with_priors
from tracker.store.engine import Tx
from tracker.store.facts import EntrySelection, FactDelta, FactSelection, load_facts, load_selected_facts
from tracker.store.faults import list_faulty_groups
from tracker.store.notices import load_delivery_states
from tracker.store.occurrences import load_occurrences
from tracker.store.selection import find_start, list_titles, load_rows

#: Periods and days that open within this time already have an occurrence.
HORIZON = timedelta(days=14)
#: A claimed date further before the first sighting may be doubted, which needs copies of any age.
_DOUBTFUL_AGE = timedelta(days=290)


def horizon(rulebook: Rulebook, now: datetime) -> date:
    """Return the last day whose opening periods have an occurrence."""
    return (now + HORIZON).astimezone(rulebook.county.zone).date()


def load_county(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, now: datetime, *, until: date | None = None
) -> CountyFacts:
    """Return all facts of the county with its earlier decisions and notices. `until`: by default the horizon."""
    county = rulebook.county.id
    rows = load_occurrences(tx, county)
    return CountyFacts(
        rulebook=rulebook,
        calendar=calendar,
        until=until or horizon(rulebook, now),
        facts=load_facts(tx, county),
        rows=rows,
        delivery_states=load_delivery_states(tx, county),
        began_at=min((row.created_at for row in rows.values()), default=now),
        faulty=list_faulty_groups(tx, county),
    )


def load_selected(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, selection: Selection, now: datetime, *, every_entry: bool = False
) -> CountyFacts:
    """Return the facts of the groups of a selection. `every_entry`: with all entries of their columns."""
    if selection.scopes is None:
        return load_county(tx, rulebook, calendar, now)
    groups, county = groups_of(rulebook).by_prefix, rulebook.county
    scopes = {**selection.scopes, **dict.fromkeys(selection.context, Scope())}
    chosen = {prefix: groups[prefix] for prefix in scopes}
    facts = load_selected_facts(tx, county.id, _build_wanted(chosen, scopes, every_entry=every_entry), county.zone)
    reaching_back = _find_reaching_back(tx, rulebook, calendar, chosen, scopes, facts)
    rows = dict(selection.rows)
    if reaching_back:
        scopes |= {prefix: replace(scopes[prefix], since=None) for prefix in reaching_back}
        facts = load_selected_facts(tx, county.id, _build_wanted(chosen, scopes, every_entry=every_entry), county.zone)
        rows |= load_rows(tx, county.id, [all_rows_of(chosen[prefix]) for prefix in sorted(reaching_back)])
    return CountyFacts(
        rulebook=rulebook,
        calendar=calendar,
        until=horizon(rulebook, now),
        facts=facts,
        rows=rows,
        delivery_states=load_delivery_states(tx, county.id, rows),
        began_at=find_start(tx, county.id) or now,
        scopes=scopes,
        faulty=selection.faulty,
    )


def load_groups(tx: Tx, rulebook: Rulebook, calendar: Calendar, prefixes: Iterable[str], now: datetime) -> CountyFacts:
    """Return the facts of some groups, by prefix, and of their prior groups. Unknown prefixes are ignored."""
    groups = groups_of(rulebook)
    scopes = dict.fromkeys(with_priors(groups, prefixes), WHOLE)
    return load_selected(
        tx,
        rulebook,
        calendar,
        Selection(scopes, faulty=list_faulty_groups(tx, rulebook.county.id)),
        now,
        every_entry=True,
    )


def _build_wanted(groups: Mapping[str, DutyGroup], scopes: Mapping[str, Scope], *, every_entry: bool) -> FactSelection:
    """Return the query for the groups. `every_entry`: with entries whose titles fit no pattern of the groups."""
    columns = [
        EntrySelection(column, scopes[prefix].since, None if every_entry else _title_filter(group))
        for prefix, group in groups.items()
        for column in group.columns
    ]
    event_names = {name for group in groups.values() for name in group.event_names}
    return FactSelection(columns, {duty_prefix_of(prefix) for prefix in groups}, event_names)


def _title_filter(group: DutyGroup) -> Callable[[str], bool] | None:
    """Return a filter for titles of entries that the group may need; None: all entries."""
    patterns = {source.title for cell in group.assignment.cells for source in cell.sources}
    if None in patterns:
        return None
    return lambda title: any(may_match_flat(pattern, title) for pattern in patterns)


def _find_reaching_back(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, groups: Mapping[str, DutyGroup], scopes: Mapping[str, Scope],
    facts: FactDelta,
) -> set[str]:  # fmt: skip
    """Return the partly loaded groups with an entry that needs facts from before their loaded days."""
    by_column = group_by(facts.entries, lambda entry: entry.column)
    prefixes = _find_long_undated(rulebook, scopes, facts)
    evidence: dict[str, list[Entry]] = {}  # by prefix, of the other groups
    for prefix, group in groups.items():
        if (since := scopes[prefix].since) is None:
            continue
        entries = [
            entry
            for column in group.columns
            for entry in by_column.get(column, ())
            if may_be_evidence(entry, group.assignment, rulebook.county)
        ]
        if any(_needs_earlier_days(entry, group, since, rulebook, calendar) for entry in entries):
            prefixes.add(prefix)
        elif entries:
            evidence[prefix] = entries
    return prefixes | _find_title_twins(tx, rulebook.county.id, groups, evidence)


def _find_long_undated(rulebook: Rulebook, scopes: Mapping[str, Scope], facts: FactDelta) -> set[str]:
    """Return the partly loaded groups in which people named, for an occurrence to be judged, an undated entry seen
    before their loaded days: it counts from the visit before that."""
    seen_on = {
        entry.url: moment_day(entry.first_seen_at, rulebook.county.zone)
        for entry in facts.entries
        if any(version.claimed is None for version in entry.versions)
    }
    named = [(occurrence_of(ruling.occurrence), ruling.target) for ruling in facts.rulings]
    named += [(filing.occurrence, filing.proof) for filing in facts.filings]
    prefixes: set[str] = set()
    for key, address in named:
        scope = scopes.get(prefix_of(key), WHOLE)
        if scope.since is not None and scope.includes(key) and seen_on.get(address, date.max) < scope.since:
            prefixes.add(prefix_of(key))
    return prefixes


def _find_title_twins(
    tx: Tx, county: str, groups: Mapping[str, DutyGroup], evidence: Mapping[str, list[Entry]]
) -> set[str]:
    """Return the groups in which another entry has the title of one of these.

    Only those where titles name periods, so the title may hold a typo, or where one of the two entries is gone, so the
    other may republish it.
    """
    entries = [entry for group_entries in evidence.values() for entry in group_entries]
    gone_ids = {entry.id for entry in entries if entry.gone_at is not None}
    ids_by_title: dict[tuple[str, str], set[int]] = defaultdict(set)
    for entry in entries:
        for version in entry.versions:
            ids_by_title[entry.column, flat(version.title)].add(entry.id)
    columns = {column for prefix in evidence for column in groups[prefix].columns}
    whole_columns = {column for prefix in evidence if groups[prefix].named_units for column in groups[prefix].columns}
    whole_columns |= {entry.column for entry in entries if entry.gone_at is not None}
    for entry_id, column, title, is_gone in list_titles(tx, county, columns, whole=whole_columns):
        ids_by_title[column, flat(title)].add(entry_id)
        if is_gone:
            gone_ids.add(entry_id)
    prefixes = set()
    for prefix, group_entries in evidence.items():
        group = groups[prefix]
        for title in {flat(version.title) for entry in group_entries for version in entry.versions}:
            ids = {entry_id for column in group.columns for entry_id in ids_by_title.get((column, title), ())}
            if len(ids) > 1 and (group.named_units or ids & gone_ids):
                prefixes.add(prefix)
    return prefixes


def _needs_earlier_days(entry: Entry, group: DutyGroup, since: date, rulebook: Rulebook, calendar: Calendar) -> bool:
    """Return whether the entry's claimed date is long before its first sighting, or its title names an earlier period
    than those judged."""
    zone = rulebook.county.zone
    first_seen_on = moment_day(entry.first_seen_at, zone)
    if entry.claimed is not None and first_seen_on - moment_day(entry.claimed, zone) >= _DOUBTFUL_AGE:
        return True
    if not group.named_units:
        return False
    last_seen_on = max(first_seen_on, *(moment_day(version.seen_at, zone) for version in entry.versions))
    if last_seen_on < since + (NEAR_PERIODS - 1) * group.length:
        return False
    return any(group.names_period_before(version.title, last_seen_on, since, calendar) for version in entry.versions)
