"""Reads a column by a wrapper, page after page: the first page's wrapper reads the further ones too."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import date, tzinfo

from tracker.core.values.facts import Sighting, VisitOutcome
from tracker.evidence.fetch.fetcher import Fetcher
from tracker.evidence.listing.columns import page_of
from tracker.evidence.listing.values import Ask
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.induce import induce
from tracker.evidence.wrappers.pagers import elsewhere, following, with_pager
from tracker.evidence.wrappers.run import WrappedPage, run_wrapper
from tracker.evidence.wrappers.wrapper import Wrapper

#: As many pages are read at most, and so often may a page send on to where its list stands.
MAX_PAGES = 60
_MAX_HOPS = 2


@dataclass(slots=True)
class WrappedVisit:
    """What a wrapper saw of a column. `wrapper` None: no list was found to learn from, and `reason` says why."""

    wrapper: Wrapper | None = None
    seen: dict[str, Sighting] = field(default_factory=dict)
    pages: int = 0
    rows: int = 0
    reason: str = ""
    above: date | None = None

    @property
    def sightings(self) -> tuple[Sighting, ...]:
        return tuple(self.seen.values())

    def take(self, read: WrappedPage) -> bool:
        """Take the rows of a page in; False where none of them is new."""
        new = [one for one in read.sightings if one.url not in self.seen]
        if self.pages and not new:
            return False
        self.seen.update((one.url, one) for one in new)
        self.pages += 1
        self.rows += read.records
        days = [day_of(one.claimed) for one in read.sightings if one.claimed is not None]
        self.above = days[-1] if days else self.above
        return True


async def read_wrapped(fetcher: Fetcher, url: str, zone: tzinfo, wrapper: Wrapper | None = None) -> WrappedVisit:
    """Read a column to its end. Without a wrapper one is learned from the first page."""
    visit = WrappedVisit(wrapper)
    asked: set[str] = set()
    waiting, hops = deque([Ask(url)]), 0
    otherwise: Ask | None = None
    while waiting and len(asked) < MAX_PAGES:
        ask = waiting.popleft()
        asked.add(ask.key)
        answer = await fetcher.get(ask.url, form=dict(ask.form) if ask.form is not None else None)
        if answer.outcome is not VisitOutcome.READ:
            visit.reason = answer.note
            if otherwise is not None and otherwise.key not in asked:
                waiting.appendleft(otherwise)
            otherwise = None
            continue
        page = page_of(answer, zone, ask.form)
        if not visit.pages and hops < _MAX_HOPS and (parts := _sent_on(visit, page)):
            hops += 1
            waiting.extend(one for one in parts if one.key not in asked)
            continue
        if visit.wrapper is None or not visit.take(run_wrapper(visit.wrapper, page, visit.above)):
            continue
        onward = following(page, visit.wrapper, visit.pages, visit.rows)
        otherwise = onward.otherwise
        if onward.ask is not None and onward.ask.key not in asked:
            waiting.appendleft(onward.ask)
    return visit


def _sent_on(visit: WrappedVisit, page: Page) -> list[Ask]:
    """Learn from the first page where nothing is known; return where its list stands if not here."""
    if visit.wrapper is not None or page.too_heavy:
        return []
    learned = induce(page)
    visit.wrapper = with_pager(learned, page) if learned is not None else None
    parts = elsewhere(page) if visit.wrapper is None else []
    visit.reason = "" if visit.wrapper is not None or parts else "no list was found"
    return parts
