"""Rows that a page's own scripts hold as data or write into it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.core.values.facts import Sighting
from tracker.evidence.page.dates import day_of, find_moment
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.data_pagers import pairs
from tracker.evidence.wrappers.residue import Leftover

#: An array of objects, and one of these; a link with its words; a record of an array, with a title and a day.
_ARRAY, _OBJECT = re.compile(r"[=:(]\s*(?=\[\s*\{)"), re.compile(r"\{([^{}]{1,3000})\}")
_LINK = re.compile(r"""<a\b[^<>]{0,300}>\s*([^<>"'`+${}]{8,150}?)\s*<\\?/a>""", re.IGNORECASE)
_RECORD = re.compile(r"\{[^{}]{10,1500}\}|\[[^\[\]{}]{10,600}\]")
_TITLE = re.compile(r"""["'`]\s*([^"'`<>]{0,100}[\u4e00-\u9fff]{5}[^"'`<>]{0,100}?)\s*["'`]""")
_DAY = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|\b1[0-9]{12}\b")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_HAN = re.compile(r"[\u4e00-\u9fff]{4}")
#: Titles are the same by so many characters at their head; so many arrays are looked at.
_HEAD, _MOST = 12, 20


def data_in_scripts(page: Page) -> Page | None:
    """Return the arrays of objects that a page's scripts hold as an answer of data; None where they hold none."""
    arrays = {str(number): found for number, found in enumerate(_arrays(page.scripts)) if found}
    if not arrays:
        return None
    return replace(page, body=json.dumps(arrays).encode(), content_type="application/json")


def _arrays(scripts: str) -> Iterator[list[dict[str, object]]]:
    at = 0
    for _ in range(_MOST):
        if (match := _ARRAY.search(scripts, at)) is None:
            return
        at = match.end()
        try:
            value, at = json.JSONDecoder().raw_decode(scripts, at)
            yield [one for one in value if isinstance(one, dict)]
        except (ValueError, RecursionError):  # as scripts write it, names without quotes
            end = scripts.find("]", at)
            yield [dict(pairs(one)) for one in _OBJECT.findall(scripts[at : end if end >= 0 else at])]
            at = max(at + 1, end)


def rows_in_scripts(page: Page, sightings: Sequence[Sighting]) -> Iterator[Leftover]:
    """Yield what a page's scripts hold that may be a row and is none of the rows that were read."""
    scripts = _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), page.scripts)
    if _HAN.search(scripts) is None:
        return
    known = {_head(one.title) for one in sightings}
    for link in _LINK.finditer(scripts):
        if _HAN.search(link[1]) and _head(link[1]) not in known:
            yield Leftover(link[1])
    for record in _RECORD.finditer(scripts):
        title = _TITLE.search(record[0]) if _DAY.search(record[0]) else None
        if title is not None and _head(title[1]) not in known:
            day = find_moment(record[0], page.zone)
            yield Leftover(title[1], day_of(day) if day is not None else None)


def _head(title: str) -> str:
    return "".join(title.split())[:_HEAD]
