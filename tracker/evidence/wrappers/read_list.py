"""Reads the list of a column's page by its wrapper; learns one where there is none, or where the layout has changed."""

from __future__ import annotations

from dataclasses import replace

from tracker.evidence.listing.values import Listing, ReadSoFar
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.induce import induce
from tracker.evidence.wrappers.pagers import with_pager
from tracker.evidence.wrappers.relearn import relearn
from tracker.evidence.wrappers.run import WrappedPage, run_wrapper
from tracker.evidence.wrappers.sources import stored_elsewhere
from tracker.evidence.wrappers.verify import WrapperState, verify
from tracker.evidence.wrappers.wrapped_listing import wrapped_listing
from tracker.evidence.wrappers.wrapper import Wrapper, stored_wrapper


def read_list(page: Page, so_far: ReadSoFar) -> Listing | None:
    """Return a page's list. None where there is nothing to learn from: then the page itself may say why.

    Of a first page the listing holds the wrapper that read it: the known one as long as it finds what the last visit
    read, else one that does. A list in which no wrapper finds that is not understood until a person looks.
    """
    wrapper, draft = stored_wrapper(so_far.wrapper), stored_wrapper(so_far.draft)
    if so_far.number > 1 and wrapper is not None:
        return wrapped_listing(page, wrapper, run_wrapper(wrapper, page, so_far.above), so_far.number)
    if wrapper is None:
        if (there := stored_elsewhere(page)) is not None and there.understood:
            return there
        learned = induce(page, draft)
        return _first_page(page, with_pager(learned, page)) if learned is not None else None
    read = run_wrapper(wrapper, page)
    checked = verify(wrapper, read, so_far.last, page.today)
    if checked.state is not WrapperState.CHANGED:
        return _first_page(page, wrapper, read)
    found = relearn(page, so_far.last)
    if found.wrapper is None:
        return None
    if not found.adopted:
        return Listing(understood=False, reason=f"列表的版式已变（{checked.reason}），请人核对")
    return replace(_first_page(page, with_pager(found.wrapper, page)), relearned=checked.reason)


def _first_page(page: Page, wrapper: Wrapper, read: WrappedPage | None = None) -> Listing:
    found = wrapped_listing(page, wrapper, run_wrapper(wrapper, page) if read is None else read)
    return replace(found, wrapper=wrapper.to_json())
