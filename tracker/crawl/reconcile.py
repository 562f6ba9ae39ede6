"""Compares a visit with the known entries of its column: new, changed and missing entries. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.core.matching.naming import flat
from tracker.core.values.facts import Moment, Sighting, Visit, VisitOutcome
from tracker.evidence.page.dates import day_of
from tracker.store.site import KnownEntry

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
#: So many entries that are older than all that the list shows were cleared away together.
_CLEARED = 3
#: Outcomes of a column that cannot be read on a site that answers: its articles can be asked for.
_ANSWERED = (VisitOutcome.MOVED, VisitOutcome.NOT_FOUND, VisitOutcome.NOT_UNDERSTOOD)
#: One row in so many may be an old one that is pinned above the others.
_PINNED = 5


@dataclass(frozen=True, slots=True)
class VisitChanges:
    """What a visit changes: rows to write, and entries whose articles to read (newest first).

    `listed`: by address, what the column's list counts as showing. `off_list`: known entries within the visit's reach
    that it does not show. `differing`: of a partial visit, how many known rows are missing or show other texts.
    """

    new: tuple[Sighting, ...]
    seen: tuple[KnownEntry, ...]
    relisted: tuple[tuple[KnownEntry, Sighting], ...]
    missing: tuple[KnownEntry, ...]
    to_read: tuple[KnownEntry, ...]
    listed: Mapping[str, Sighting]
    off_list: tuple[KnownEntry, ...] = ()
    differing: int = 0


def compare_visit(
    visit: Visit,
    sightings: Sequence[Sighting],
    known: Mapping[str, KnownEntry],
    reread: Collection[str],
    now: datetime,
    *,
    partial: bool = False,
) -> VisitChanges:
    """Return what a visit changes. One that could not read its column changes nothing, but the articles in `reread` are
    read if its site answers.

    `visit.reached`: how far back all rows were read that the list shows (`Certificate.shown_to`).

    `partial`: a page is truncated or an old copy. Its rows add entries; known entries stay as they were listed.
    `reread`: addresses of articles to read again at once.
    """
    shown = {sighting.url: sighting for sighting in sightings}
    seen = [known[url] for url in shown if url in known]
    new = tuple(sighting for url, sighting in shown.items() if url not in known)
    reworded = [entry for entry in seen if _is_relisted(entry, shown[entry.url])]
    absent = [entry for url, entry in known.items() if url not in shown] if visit.outcome is VisitOutcome.READ else []
    off_list = [entry for entry in absent if _is_within(entry, visit)]
    relisted, missing = ([], []) if partial else (reworded, off_list)
    relisted_ids, missing_ids = {entry.id for entry in relisted}, {entry.id for entry in missing}
    to_read = [entry for entry in seen if entry.id in relisted_ids or _is_due_seen(entry, reread, now)]
    to_read += [entry for entry in absent if _is_due_absent(entry, entry.id in missing_ids, reread, now)]
    if visit.outcome in _ANSWERED:
        to_read += [entry for url, entry in known.items() if url in reread]
    listed = shown
    if partial:
        remaining = (entry for url, entry in known.items() if entry.missing_at is None or url in shown)
        listed = shown | {entry.url: as_listed(entry) for entry in remaining}
    return VisitChanges(
        new=new,
        seen=tuple(seen),
        relisted=tuple((entry, shown[entry.url]) for entry in relisted),
        missing=tuple(entry for entry in missing if entry.missing_at is None),
        to_read=tuple(to_read),
        listed=listed,
        off_list=tuple(off_list),
        differing=len(reworded) + sum(entry.missing_at is None for entry in off_list) if partial else 0,
    )


def _is_relisted(known: KnownEntry, seen: Sighting) -> bool:
    return differs(seen, known) or known.publisher != seen.publisher


def claimed_of(known: KnownEntry) -> Moment | None:
    """Return the claimed date in the list, else in the article."""
    return known.listed_claimed or known.claimed


def _is_within(known: KnownEntry, visit: Visit) -> bool:
    """Return whether the visit reached the entry's place; on the last page's newest day it may be beyond."""
    if visit.reached == "end":
        return True
    moment = claimed_of(known)
    return isinstance(visit.reached, date) and moment is not None and day_of(moment) > visit.reached


def find_cleared(known: Collection[KnownEntry]) -> frozenset[int]:
    """Return the entries that disappeared from a column's list with all others as old, if the site was cleared.

    That is so for three or more that are older than all the list shows. A single takedown leaves others as old.
    """
    listed = [entry for entry in known if entry.missing_at is None and entry.gone_at is None]
    days = sorted(day_of(moment) for entry in listed if (moment := claimed_of(entry)) is not None)
    if not days:
        return frozenset()
    oldest, titles = days[len(days) // _PINNED], {flat(entry.listed_title) for entry in listed}
    cleared = [
        entry.id
        for entry in known
        if entry.missing_at is not None
        and entry.gone_at is None
        and (moment := claimed_of(entry)) is not None
        and day_of(moment) < oldest
        and flat(entry.listed_title) not in titles
    ]
    return frozenset(cleared) if len(cleared) >= _CLEARED else frozenset()


def is_off_list(known: KnownEntry, visit: Visit, listed: Collection[str]) -> bool:
    """Return whether the list, read far enough, no longer shows the entry."""
    if known.url in listed:
        return False
    return known.missing_at is not None or (visit.outcome is VisitOutcome.READ and _is_within(known, visit))


# -- which articles are due ----------------------------------------------------------------------


def _is_due_seen(known: KnownEntry, reread: Collection[str], now: datetime) -> bool:
    if known.read_at is None or known.url in reread:
        return True
    if known.hollow_at is not None:
        return _is_due_again(known.hollow_at, known.read_at, now, _HOUR)
    if known.gone_at is not None:
        is_back = known.missing_at is not None or known.last_seen_at < known.gone_at
        return is_back or _is_due_again(known.gone_at, known.read_at, now, _HOUR)
    return _is_due_again(known.first_seen_at, known.read_at, now, _DAY if known.state == "read" else _HOUR)


def _is_due_absent(known: KnownEntry, is_missing: bool, reread: Collection[str], now: datetime) -> bool:
    if known.read_at is None or known.url in reread or (is_missing and known.missing_at is None):
        return True
    since = known.hollow_at or known.gone_at or known.missing_at
    if since is not None:
        return _is_due_again(since, known.read_at, now, _HOUR)
    return _is_due_again(known.first_seen_at, known.read_at, now, _DAY)


def _is_due_again(origin: datetime, last: datetime, now: datetime, unit: timedelta) -> bool:
    """Return whether something last read at `last` is due: it is read 1, 2, 4, 8 … units after the origin."""
    span = unit
    while origin + span <= last:
        span *= 2
    return now >= origin + span


def are_files_due(known: KnownEntry, now: datetime, since: datetime | None = None) -> bool:
    """Return whether an article's unreadable files are fetched again with it.

    `since`: when the article was first seen with these files.
    """
    return known.read_at is None or _is_due_again(since or known.first_seen_at, known.read_at, now, _HOUR)


# -- rows ----------------------------------------------------------------------------------------


def as_listed(known: KnownEntry) -> Sighting:
    """Return the entry as its list last showed it."""
    inferred = known.claimed_from == "inferred"
    return Sighting(known.url, known.listed_title, known.listed_claimed, known.publisher, inferred)


def differs(sighting: Sighting, known: KnownEntry) -> bool:
    """Return whether the list shows another title or date than before."""
    return (sighting.title, sighting.claimed) != (known.listed_title, known.listed_claimed)
