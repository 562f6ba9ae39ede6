"""Dates that a page gives to machines: JSON-LD, microdata, `<time>`, a variable of a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from tracker.core.facts import Moment
from tracker.evidence.dates import day_of, find_moment, strict_moment
from tracker.evidence.page import Node, Page, short_text

#: The values of page tags by lower-case name.
Tags = Mapping[str, Sequence[str]]

_DATA_TAGS = ("itemprop:datepublished", "datepublished")
_SCRIPT = re.compile(
    r"""\b(?:pub(?:lish)?_?(?:date|time)|release_?(?:date|time))["']?\s*[:=]\s*["']([^"']{8,40})["']""", re.IGNORECASE
)


def first_moment(page: Page, values: Iterable[str]) -> Moment | None:
    """The first value that is a date; what a template left unfilled is none."""
    for value in values:
        if (moment := find_moment(value[:60], page.zone) or strict_moment(value[:60], page.zone)) is not None:
            return moment
    return None


def structured(page: Page, tags: Tags) -> Moment | None:
    """JSON-LD, microdata, <time datetime>."""
    if "ld+json" in page.text:
        for node in page.tree.css("script[type='application/ld+json' i]")[:10]:
            if (moment := first_moment(page, _published(_json(node.text())))) is not None:
                return moment
    if (moment := first_moment(page, chain.from_iterable(tags.get(name, ()) for name in _DATA_TAGS))) is not None:
        return moment
    for node in page.tree.css("[itemprop=datePublished i], time[pubdate], time[itemprop], article time, h1 ~ time")[:5]:
        if (moment := _of_element(page, node)) is not None:
            return moment
    times = page.tree.css("time")
    moment = _of_element(page, times[0]) if len(times) == 1 else None
    return None if moment is not None and day_of(moment) == page.today else moment  # one that is now is a clock


def variable(page: Page) -> Moment | None:
    """What a script calls the date of publication: var pubDate = "2015-09-25"."""
    match = _SCRIPT.search(page.text)
    return first_moment(page, [match[1]]) if match else None


def _of_element(page: Page, node: Node) -> Moment | None:
    value = node.attributes.get("datetime") or node.attributes.get("content") or short_text(node, 60) or ""
    return None if _in_comment(node) else first_moment(page, [value])


def _in_comment(node: Node) -> bool:
    above: Node | None = node
    for _ in range(20):
        if above is None:
            break
        named = f"{above.attributes.get('class') or ''} {above.attributes.get('id') or ''}".lower()
        if re.search(r"comment|pinglun|reply|relate|recommend|hot|clock|foot|side", named):
            return True
        above = above.parent
    return False


def _json(text: str | None) -> object:
    try:
        return json.loads(text or "", strict=False) if len(text or "") < 100_000 else None
    except (ValueError, RecursionError):
        return None


def _published(data: object) -> Iterator[str]:
    """Every datePublished outside comments, the outermost first."""
    level = [data]
    for _ in range(6):
        below: list[object] = []
        for one in level[:500]:
            if isinstance(one, list):
                below += one
            elif isinstance(one, dict) and "omment" not in str(one.get("@type", "")):
                yield from (value for value in (one.get("datePublished"),) if isinstance(value, str))
                below += [value for key, value in one.items() if "omment" not in str(key)]
        level = below
