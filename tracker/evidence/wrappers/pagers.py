"""How the next page of a column is asked for, by the kind of its pager."""

from __future__ import annotations

from tracker.evidence.listing.dialects import frames, jcms, ucap
from tracker.evidence.listing.dialects.paging import counted_on, find_paging
from tracker.evidence.listing.values import Ask
from tracker.evidence.page.parsed import Page, resolve
from tracker.evidence.wrappers.data_records import arrays_of, promised
from tracker.evidence.wrappers.wrapper import SourceKind, Wrapper

#: So many files of a site map's index are followed.
_MAX_FILES = 50


def following(page: Page, wrapper: Wrapper, number: int, rows: int) -> Ask | None:
    """Return the page after this one, the `number`-th of its column after `rows` records; None where none is known."""
    if wrapper.kind is SourceKind.JSON:
        total = promised(page, wrapper.record_path)
        url = counted_on(page.url, total is None or total > rows)
        return Ask(url) if url else None
    if wrapper.kind is SourceKind.STORE:
        listing = jcms.read(page)
        return listing.following(number) if listing is not None else None
    if wrapper.kind is SourceKind.XML:
        return None
    paging = find_paging(page)
    url = paging.next_url or paging.numbered.get(number + 1) or paging.otherwise_url
    return Ask(url) if url else None


def elsewhere(page: Page) -> list[Ask]:
    """Return where the list of a page without one stands: in a frame, in the files of an index, behind a script."""
    if page.kind == "xml":
        files = arrays_of(page).get("sitemap", [])
        return [Ask(url) for one in files[:_MAX_FILES] if (url := resolve(page.url, one.get("loc", "")))]
    if page.kind != "html":
        return []
    for read in (frames.only, jcms.read, ucap.read):
        if (found := read(page)) is not None and found.parts:
            return list(found.parts)
    return []
