"""TRS WCM: plain lists with `./201509/t20150925_123.html` addresses and a pager drawn by createPageHTML."""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.core.values.facts import Sighting
from tracker.evidence.listing.dialects import list as plain_list
from tracker.evidence.listing.dialects import table
from tracker.evidence.listing.dialects.rows import newest_first
from tracker.evidence.listing.values import Listing
from tracker.evidence.page.dates import moment_in_url
from tracker.evidence.page.parsed import Page

_ADDRESS = re.compile(r"/t20\d{6}_\d+\.s?html?$")
_ANY_ADDRESS = re.compile(r"/t20\d{6}_\d+\.s?htm")
_NONE = re.compile(r"createPageHTML\s*\(\s*0\s*,\s*0\s*,", re.IGNORECASE)


def read(page: Page) -> Listing | None:
    """None where neither the pager nor most addresses are those of this system."""
    if page.kind != "html":
        return None
    paged = page.says("createPageHTML") and "createPageHTML" in page.scripts
    if not paged and not (page.says("/t20") and _ANY_ADDRESS.search(page.text)):
        return None
    found = table.read(page) or plain_list.read(page)
    if found is None:
        return Listing(dialect="trs") if paged and _NONE.search(page.scripts) else None
    if not found.understood:
        return replace(found, dialect="trs") if paged else None
    own = sum(_ADDRESS.search(one.url) is not None for one in found.sightings)
    if not paged and own * 2 <= len(found.sightings):
        return None
    sightings = tuple(_dated(one) for one in found.sightings)
    return replace(
        found,
        sightings=sightings,
        dialect="trs",
        ordered=any(one.claimed for one in sightings) and newest_first(sightings),
    )


def _dated(one: Sighting) -> Sighting:
    """A list without dates has them in its addresses: the day a text was made, until its page says more."""
    if one.claimed is not None or not _ADDRESS.search(one.url):
        return one
    day = moment_in_url(one.url)
    return one if day is None else replace(one, claimed=day, inferred=True)
