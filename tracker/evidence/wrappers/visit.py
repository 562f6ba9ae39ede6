"""Reads a column by a wrapper, page after page: the first page's wrapper reads the further ones too."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, tzinfo

from tracker.core.values.certificate import Certificate, CertificatePart, PartName
from tracker.core.values.facts import Sighting, VisitOutcome
from tracker.evidence.fetch.fetcher import Fetcher
from tracker.evidence.fetch.redirects import astray
from tracker.evidence.listing.certificate import certificate_of
from tracker.evidence.listing.columns import page_of
from tracker.evidence.listing.dialects import frames
from tracker.evidence.listing.values import Ask, Listing
from tracker.evidence.listing.walk import Walk, advance, enter, stumble
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.induce import induce
from tracker.evidence.wrappers.pagers import with_pager
from tracker.evidence.wrappers.run import run_wrapper
from tracker.evidence.wrappers.sources import elsewhere, stored_elsewhere
from tracker.evidence.wrappers.wrapped_listing import wrapped_listing
from tracker.evidence.wrappers.wrapper import Wrapper, stored_wrapper

#: As many pages are read at most.
MAX_PAGES = 60


@dataclass(slots=True)
class WrappedVisit:
    """What a wrapper saw of a column. `wrapper` None: no list was found to learn from, and `reason` says why; `draft`:
    what the page that led to the list tells of it."""

    wrapper: Wrapper | None = None
    walk: Walk = field(default_factory=Walk)
    draft: str = ""
    reason: str = ""
    adopted_by: str = ""

    @property
    def sightings(self) -> tuple[Sighting, ...]:
        return tuple(self.walk.seen.values())

    @property
    def certificate(self) -> Certificate:
        """What the pages alone say for and against absence; by a wrapper that nobody adopted they speak for none."""
        found = certificate_of(self.walk)
        if self.wrapper is not None and self.wrapper.adopted_by:
            return found
        return found.with_part(CertificatePart(PartName.RIGHT_LIST, False, "列表的读法尚未经人确认，只能证明所见"))


async def read_wrapped(
    fetcher: Fetcher, url: str, zone: tzinfo, wrapper: Wrapper | None = None, title: str = "", adopted_by: str = ""
) -> WrappedVisit:
    """Read a column to its end. Without a wrapper one is learned from the first page that holds a list.

    `title`: what the column is called, by which an address is told that now shows another page. `adopted_by`: who says
    yes to what is learned; by a wrapper that nobody adopted, nothing is claimed to be absent.
    """
    visit = WrappedVisit(wrapper, adopted_by=adopted_by)
    walk = visit.walk
    ask: Ask | None = Ask(url)
    while ask is not None and len(walk.asked) < MAX_PAGES:
        walk.asked.add(ask.key)
        answer = await fetcher.get(ask.url, form=dict(ask.form) if ask.form is not None else None)
        if answer.outcome is VisitOutcome.NOT_FOUND and walk.otherwise is not None:
            ask, walk.otherwise = walk.otherwise, None
            continue
        if answer.outcome is not VisitOutcome.READ:
            stumble(walk, answer.outcome, answer.note)
            ask = walk.begin() if walk.pages else None
            continue
        page = page_of(answer, zone, ask.form)
        if why := astray(page, answer.asked, title):
            stumble(walk, VisitOutcome.REFUSED, why)
            ask = walk.begin() if walk.pages else None
            continue
        ask = _take(visit, _listing_of(visit, page), page.today)
    visit.reason = walk.note
    return visit


def _listing_of(visit: WrappedVisit, page: Page) -> Listing:
    """Return a page's list; of a first page from which nothing can be learned, where the list stands."""
    if page.kind == "html" and page.too_heavy:
        return Listing(understood=False, reason="页面过于复杂")
    if visit.wrapper is None:
        if (there := stored_elsewhere(page)) is not None and there.understood:
            return there
        learned = induce(page, stored_wrapper(visit.draft))
        if learned is None:
            return _without_list(page)
        visit.wrapper = replace(with_pager(learned, page), adopted_by=visit.adopted_by)
    walk = visit.walk
    read = run_wrapper(visit.wrapper, page, walk.last if walk.turned else None)
    return wrapped_listing(page, visit.wrapper, read, walk.turned + 1)


def _without_list(page: Page) -> Listing:
    found = elsewhere(page) or (frames.only(page) if page.kind == "html" else None)
    return found or Listing(understood=False, reason="页面中没有可以学习的列表")


def _take(visit: WrappedVisit, listing: Listing, today: date) -> Ask | None:
    """Take a page in and return the one that comes next."""
    walk = visit.walk
    if not listing.understood:
        stumble(walk, VisitOutcome.NOT_UNDERSTOOD, listing.reason)
        return walk.begin() if walk.pages else None
    if listing.parts:
        visit.draft = listing.wrapper
        return enter(walk, listing)
    return advance(walk, listing, None, MAX_PAGES, today) or walk.begin()
