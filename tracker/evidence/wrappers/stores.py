"""Records that a page keeps in a script, or an interface in XML: their markup made into a page of its own."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.profile import Profile, load_profiles
from tracker.evidence.wrappers.wrapper import SourceKind

#: More records than this in one answer are no page of a list.
MAX_RECORDS = 5000
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


def store_profile(page: Page) -> Profile | None:
    """Return the profile of a page whose records lie in a store; None for another page."""
    for profile in load_profiles():
        if profile.kind is SourceKind.STORE and page.says(*profile.marks):
            return profile
    return None


def stored_markup(page: Page, element: str) -> list[str]:
    """Return the markup of each record that is kept in elements of a name."""
    records = []
    for text in elements_of(page.text, element):
        records.append(unwrapped(text))
        if len(records) >= MAX_RECORDS:
            break
    return records


def elements_of(text: str, name: str) -> Iterator[str]:
    """Return what stands in each element of a name."""
    opening, closing, at = re.compile(rf"<{name}\b[^<>]*>", re.IGNORECASE), f"</{name}>", 0
    while match := opening.search(text, at):
        end = text.find(closing, match.end())
        if end < 0:
            return
        yield text[match.end() : end]
        at = end + len(closing)


def unwrapped(text: str) -> str:
    """Return markup that was kept in CDATA, or with its signs escaped."""
    inner = "".join(_CDATA.findall(text)) if "<![CDATA[" in text else text
    return html.unescape(inner) if "&lt;" in inner and "<a" not in inner else inner


def store_page(page: Page, profile: Profile) -> Page | None:
    """Return a page of the records alone, each in a box of its own; None where the store holds none."""
    records = stored_markup(page, profile.record)
    if not records:
        return None
    parts = []
    for one in records:
        is_row = one.lstrip()[:3].lower() == "<tr"
        parts.append(f"<section>{f'<table>{one}</table>' if is_row else one}</section>")
    return page.holding(f'<html><body><div class="store">{"".join(parts)}</div></body></html>')
