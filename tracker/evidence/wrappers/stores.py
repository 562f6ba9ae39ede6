"""Records that a page keeps in a script, or an interface in XML: their markup made into a page of its own."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice

from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.json_answers import answered, at
from tracker.evidence.wrappers.profile import Profile, load_profiles, profiles_of
from tracker.evidence.wrappers.wrapper import SourceKind, Wrapper

#: More records than this in one answer are no page of a list.
MAX_RECORDS = 5000
#: The element that holds the records of a store.
STORE = "datastore"
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


def store_of(page: Page) -> tuple[Profile, Page] | None:
    """Return the profile of a page whose records lie in a store, and a page of these; None for another page."""
    for profile in profiles_of(page, SourceKind.STORE):
        if (held := store_page(page, profile)) is not None:
            return profile, held
    return None


def stored_markup(text: str, element: str) -> list[str]:
    """Return the markup of each record that is kept in elements of a name."""
    return [unwrapped(one) for one in islice(elements_of(text, element), MAX_RECORDS + 1)]


def elements_of(text: str, name: str) -> Iterator[str]:
    """Return what stands in each element of a name; a store may lack its end."""
    opening, closing, at = re.compile(rf"<{name}\b[^<>]*>", re.IGNORECASE), f"</{name}>", 0
    while match := opening.search(text, at):
        end = text.find(closing, match.end())
        if end < 0:
            if name == STORE:
                yield text[match.end() :]
            return
        yield text[match.end() : end]
        at = end + len(closing)


def unwrapped(text: str) -> str:
    """Return markup that was kept in CDATA, or with its signs escaped."""
    inner = "".join(_CDATA.findall(text)) if "<![CDATA[" in text else text
    return html.unescape(inner) if "&lt;" in inner and "<a" not in inner else inner


def store_page(page: Page, profile: Profile) -> Page | None:
    """Return a page of the records alone; None where there are none.

    Of markup in JSON it is the markup itself; of a store each record has a box of its own, in a box of its store.
    """
    if profile.markup:
        markup = at(answered(page), profile.markup) if page.kind == "json" else None
        return page.holding(markup) if isinstance(markup, str) and "<" in markup else None
    if page.kind not in ("html", "xml"):
        return None
    stores, count = [], 0
    for text in elements_of(page.text, STORE):
        records = [_boxed(one) for one in stored_markup(text, profile.record)]
        count += len(records)
        stores += [f'<div class="store">{"".join(records)}</div>'] if records else []
    if not stores or count > MAX_RECORDS:
        return None
    return page.holding(f"<html><body>{''.join(stores)}</body></html>")


def shown_page(page: Page, wrapper: Wrapper) -> Page | None:
    """Return the page on which a store's answer or page has its pager: the markup that it brings, else itself."""
    profile = load_profiles().get(wrapper.profile)
    if profile is not None and profile.markup:
        return store_page(page, profile)
    return page if page.kind == "html" else None


def _boxed(record: str) -> str:
    is_row = record.lstrip()[:3].lower() == "<tr"
    return f"<section>{f'<table>{record}</table>' if is_row else record}</section>"
