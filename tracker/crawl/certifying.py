"""Adds to a visit's certificate what its column's history and a person can tell. Pure.

FRESH rests on what the server says of its answer's age (`fetch/redirects.stale`), on the site's front page, which may
bear a later row (`evidence/listing/successor.py`), and on the list itself: one that lost its two newest rows went back
in time and is taken for an old copy until it shows newer ones or their articles are gone.
A list that shows the same as at the last visit is not suspected without such a sign: most columns are quiet for weeks,
and an old copy whose server hides its age would look the same at every later visit.

Any other doubt lasts for `DOUBT_PERIOD` from the visit that first missed the rows; `missing_at` of the entries keeps
that time, so a doubtful visit marks them although it claims nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, timedelta
from operator import attrgetter

from tracker.core.matching.naming import flat
from tracker.core.values.certificate import Certificate, CertificatePart, Confirmation, ConfirmationKind, PartName
from tracker.core.values.facts import Moment, Sighting, Visit, VisitOutcome
from tracker.crawl.reconcile import VisitChanges, claimed_of
from tracker.evidence.page.dates import day_of
from tracker.store.site import KnownEntry

#: A list that loses so many rows at once, and more than twice those it keeps, is doubted for this time; one that loses
#: `_LOST_NEWEST` rows newer than all it keeps until it shows newer ones.
_LOST, _LOST_NEWEST, DOUBT_PERIOD = 3, 2, timedelta(days=4)
#: Characters of a title by which a row is found again under another address.
_FIRST_WORDS = 20


def add_end(
    certificate: Certificate,
    sightings: Sequence[Sighting],
    known: Mapping[str, KnownEntry],
    confirmed: Iterable[Confirmation] = (),
) -> Certificate:
    """Return the certificate with the end of a list without a pager, where growth or a person tells it.

    Neither does once the list has dropped an old row without its article being gone: then it shows the newest alone.
    Growth shows that a page was not full: it may still be that of one year or month, and of no other.
    """
    if certificate.holds(PartName.END_KNOWN) is not None or not certificate.parts:
        return certificate
    one_page = [one for one in confirmed if one.kind is ConfirmationKind.ONE_PAGE]
    last = max(one_page, key=attrgetter("at"), default=None)
    dropped = _dropped(sightings, known)
    if last is not None and not any(entry.last_seen_at >= last.at for entry in dropped):
        reason = f"{last.by} 于 {last.at.date()} 确认列表只有一页，全部在此"
    elif not dropped and has_grown(sightings, known):
        reason = "列表曾在一页之内增多，没有条目被挤出，可见全部在此"
        if (begun := _period_begun({day_of(one.claimed) for one in sightings if one.claimed is not None})) is not None:
            return _bounded(certificate, begun - timedelta(days=1), f"{reason}；但都是 {begun} 以后的，以前的或在别处")
    else:
        return certificate
    return certificate.with_part(CertificatePart(PartName.END_KNOWN, True, reason))


def _period_begun(days: Set[date]) -> date | None:
    """Return the first day of the month or year that all days are of; None where they are of several years."""
    if len({(day.year, day.month) for day in days}) == 1:
        return min(days).replace(day=1)
    return min(days).replace(month=1, day=1) if len({day.year for day in days}) == 1 else None


def _bounded(certificate: Certificate, back_to: date, reason: str) -> Certificate:
    """Return the certificate of a list that holds all that is newer than a day."""
    in_order = CertificatePart(PartName.DAYS_IN_ORDER, True, f"{back_to} 以后的条目都已看到")
    parts = [one for one in certificate.parts if one.name is not PartName.DAYS_IN_ORDER]
    return Certificate((*parts, in_order), back_to).with_part(CertificatePart(PartName.END_KNOWN, None, reason))


def has_grown(sightings: Sequence[Sighting], known: Mapping[str, KnownEntry]) -> bool:
    """Return whether the list shows more rows than were known at some earlier visit, none of them older than those.

    Then it was not full at that visit, so all of it was shown, and what is newer has been seen since.
    """
    shown = {sighting.url: sighting for sighting in sightings}
    entries = sorted(known.values(), key=attrgetter("first_seen_at"))
    later = [_day(one.claimed) for url, one in shown.items() if url not in known]
    for index in range(len(entries) - 1, -1, -1):  # the later rows are those behind this entry, and the new ones
        entry = entries[index]
        is_batch_end = index + 1 == len(entries) or entries[index + 1].first_seen_at > entry.first_seen_at
        if is_batch_end and later and len(shown) > index + 1:
            oldest = min((_day(claimed_of(one)) for one in entries[: index + 1]), default=date.min)
            if oldest > date.min and min(later) >= oldest:
                return True
        if entry.url in shown:
            later.append(_day(claimed_of(entry)))
    return False


def _dropped(sightings: Sequence[Sighting], known: Mapping[str, KnownEntry]) -> list[KnownEntry]:
    """Return the entries that are no longer listed, not gone, and no newer than the oldest row."""
    shown = {sighting.url for sighting in sightings}
    oldest = min((day_of(one.claimed) for one in sightings if one.claimed is not None), default=date.max)
    absent = (entry for url, entry in known.items() if url not in shown and entry.gone_at is None)
    return [entry for entry in absent if _day(claimed_of(entry)) <= oldest]


def verify(certificate: Certificate, visit: Visit, changes: VisitChanges) -> Certificate:
    """Return the certificate with what the last visits tell of a read list: it is the right one, fresh, lacks nothing.

    RIGHT_LIST: more than half of the known rows that it should still show are there, under their address or under the
    first words of their title and their day. Rows older than all that it shows may have been cleared away.
    """
    if visit.outcome is not VisitOutcome.READ or visit.reached is None:
        return certificate
    again = {_name(sighting.title, sighting.claimed) for sighting in changes.new}
    absent = [entry for entry in changes.off_list if entry.gone_at is None]
    vanished = [entry for entry in absent if _name(entry.listed_title, entry.listed_claimed) not in again]
    recent, lost = (
        [one for one in of if one.missing_at is None or visit.began_at - one.missing_at < DOUBT_PERIOD]
        for of in (absent, vanished)
    )
    days = [_day(moment) for moment in _moments(changes) if moment is not None]
    kept = len(changes.seen) + len(recent) - len(lost)
    parts = [
        _right_list(lost, kept, min(days, default=date.min)),
        _fresh(vanished, max(days, default=date.max)),
        _nothing_lost(lost, kept, changes.differing),
    ]
    for part in parts:
        certificate = certificate.with_part(part) if part is not None else certificate
    return certificate


def _right_list(lost: Sequence[KnownEntry], kept: int, oldest: date) -> CertificatePart | None:
    missed = sum(not date.min < _day(claimed_of(entry)) < oldest for entry in lost)
    if missed + kept < _LOST:
        return None
    if missed >= kept:
        reason = f"列表比以前少了 {missed} 条，只见到 {kept} 条，疑非原来的列表{_UNTIL}"
        return CertificatePart(PartName.RIGHT_LIST, False, reason)
    return CertificatePart(PartName.RIGHT_LIST, True, "上次所见的条目过半仍在")


def _fresh(vanished: Sequence[KnownEntry], newest: date) -> CertificatePart | None:
    newer = sum(_day(claimed_of(entry)) > newest for entry in vanished)
    if newer < _LOST_NEWEST:
        return None
    reason = f"列表比以前少了最新的 {newer} 条，其文章仍在，疑为旧的副本，列表更新之前不据此断定未公开"
    return CertificatePart(PartName.FRESH, False, reason)


def _nothing_lost(lost: Sequence[KnownEntry], kept: int, differing: int) -> CertificatePart:
    if differing:
        reason = f"页面没有传完，有 {differing} 条与以前所见不同，不予更新，也不据此断定未公开"
    elif len(lost) >= _LOST and len(lost) > 2 * kept:
        reason = f"列表比以前少了 {len(lost)} 条，疑为网站故障{_UNTIL}"
    else:
        return CertificatePart(PartName.NOTHING_LOST, True, "上次所见的条目没有成片缺失")
    return CertificatePart(PartName.NOTHING_LOST, False, reason)


_UNTIL = f"，{DOUBT_PERIOD.days} 天内不据此断定未公开"


def apply(certificate: Certificate, visit: Visit, before: Certificate) -> Visit:
    """Return the visit to record: it claims what its certificate grants, and says what was doubted since `before`."""
    doubts = [part.reason for part in certificate.denied if before.holds(part.name) is not False]
    note = "；".join(text for text in (visit.note, *doubts[:1]) if text)
    digest = certificate.digest if certificate.parts else ""
    return replace(visit, reached=certificate.reached, note=note, certificate=digest)


def _moments(changes: VisitChanges) -> Iterable[Moment | None]:
    return [*(one.claimed for one in changes.new), *(entry.listed_claimed for entry in changes.seen)]


def _day(moment: Moment | None) -> date:
    """Return the day of a moment; the first of all where there is none."""
    return date.min if moment is None else day_of(moment)


def _name(title: str, claimed: Moment | None) -> tuple[str, date]:
    return flat(title)[:_FIRST_WORDS], _day(claimed)
