"""Reads a column by a wrapper, page after page: the first page's wrapper reads the further ones too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo

from tracker.core.values.facts import Sighting, VisitOutcome
from tracker.evidence.fetch.fetcher import Fetcher
from tracker.evidence.listing.columns import page_of
from tracker.evidence.listing.dialects.paging import find_paging
from tracker.evidence.listing.values import Ask
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.induce import induce
from tracker.evidence.wrappers.run import WrappedPage, run_wrapper
from tracker.evidence.wrappers.wrapper import Wrapper

#: As many pages are read at most.
MAX_PAGES = 60


@dataclass(frozen=True, slots=True)
class WrappedVisit:
    """What a wrapper saw of a column. `wrapper` None: no list was found to learn from, and `reason` says why."""

    wrapper: Wrapper | None
    sightings: tuple[Sighting, ...] = ()
    pages: int = 0
    reason: str = ""


async def read_wrapped(fetcher: Fetcher, url: str, zone: tzinfo, wrapper: Wrapper | None = None) -> WrappedVisit:
    """Read a column to its end. Without a wrapper one is learned from the first page."""
    seen: dict[str, Sighting] = {}
    asked: set[str] = set()
    ask: Ask | None = Ask(url)
    pages, above, reason = 0, None, ""
    while ask is not None and pages < MAX_PAGES:
        asked.add(ask.key)
        answer = await fetcher.get(ask.url, form=dict(ask.form) if ask.form is not None else None)
        if answer.outcome is not VisitOutcome.READ:
            reason = answer.note
            break
        page = page_of(answer, zone, ask.form)
        if page.kind != "html" or page.too_heavy:
            reason = "not a web page"
            break
        if wrapper is None and (wrapper := induce(page)) is None:
            reason = "no list was found"
            break
        read = run_wrapper(wrapper, page, above)
        if pages and all(one.url in seen for one in read.sightings):
            break
        for one in read.sightings:
            seen.setdefault(one.url, one)
        pages += 1
        above = _last_day(read, above)
        ask = following(page, pages)
        if ask is not None and ask.key in asked:
            break
    return WrappedVisit(wrapper, tuple(seen.values()), pages, reason)


def _last_day(read: WrappedPage, above: date | None) -> date | None:
    days = [day_of(one.claimed) for one in read.sightings if one.claimed is not None]
    return days[-1] if days else above


def following(page: Page, number: int) -> Ask | None:
    """Return the page after this one, the `number`-th of its column."""
    paging = find_paging(page)
    url = paging.next_url or paging.numbered.get(number + 1) or paging.otherwise_url
    return Ask(url) if url else None
