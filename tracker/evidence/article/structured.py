"""Dates that a page gives to machines: JSON-LD, microdata, `<time>`, a variable of a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import chain

from tracker.core.values.facts import Moment
from tracker.evidence.page.dates import day_of, find_moment, strict_moment
from tracker.evidence.page.nodes import names_of, up_from
from tracker.evidence.page.parsed import Node, Page, short_text

#: The values of page tags by lower-case name.
Tags = Mapping[str, Sequence[str]]

_DATA_TAGS = ("itemprop:datepublished", "datepublished")
_SCRIPT = re.compile(
    r"""\b(?:pub(?:lish)?_?(?:date|time)|release_?(?:date|time))["']?\s*[:=]\s*["']?([^"',;}]{8,40})""", re.IGNORECASE
)
#: A record's birth is its article's where nothing says more.
_CREATED = re.compile(r"""\b(?:create_?(?:date|time)|var\s+ct)["']?\s*[:=]\s*["']?([^"',;}]{8,40})""", re.IGNORECASE)
_RUN_ON = re.compile(r"20\d{10}(?:\d\d)?(?:\d{3})?")
_MAILED = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d (?:GMT|UTC|[+-]\d{4})$")
#: Seconds or milliseconds since 1970.
_EPOCH = re.compile(r"(?P<seconds>1\d{9})(?:\d{3})?\s*")
#: Attributes in which the instant stands whose distance is shown (3周前), or that a script has yet to print.
_KEPT = "[data-time], [data-date], [data-pubtime], [data-pubdate], [data-publish-time], [data-timestamp]"
_AGO = re.compile(
    r"(?:刚刚|[昨前]天|(?:\d{1,3}|[一二三几])\s*(?:秒钟?|分钟?|个?小时|天|日|个?星期|周|个?月|年)(?:之?前|以前))"
)


def first_moment(page: Page, values: Iterable[str]) -> Moment | None:
    """The first value that is a date; what a template left unfilled is none."""
    for value in values:
        if (moment := find_moment(value[:60], page.zone) or strict_moment(value[:60], page.zone)) is not None:
            return moment
        if (moment := _of_machine(page, value.strip())) is not None:
            return moment
    return None


def _of_machine(page: Page, value: str) -> Moment | None:
    """A moment as programs write it: 20150925093000; Fri, 25 Sep 2015 01:30:00 GMT."""
    try:
        if _RUN_ON.fullmatch(value):
            return datetime.strptime(value[:12], "%Y%m%d%H%M").replace(tzinfo=page.zone)
        return parsedate_to_datetime(value).astimezone(page.zone) if _MAILED.match(value) else None
    except (ValueError, OverflowError):
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
    if (moment := _kept_beside(page)) is not None:
        return moment
    times = page.tree.css("time")
    moment = _of_element(page, times[0]) if len(times) == 1 else None
    return None if moment is not None and day_of(moment) == page.today else moment  # one that is now is a clock


def variable(page: Page) -> Moment | None:
    """What a script calls the date of publication: var pubDate = "2015-09-25"."""
    return _assigned(page, _SCRIPT)


def created(page: Page) -> Moment | None:
    """What it calls the birth of a record, which may be another's: only where nothing else is known."""
    return _assigned(page, _CREATED) if "reate" in page.text or "var ct" in page.text else None


def _assigned(page: Page, pattern: re.Pattern[str]) -> Moment | None:
    match = pattern.search(page.text)
    if match is None:
        return None
    if epoch := _EPOCH.fullmatch(match[1]):
        return datetime.fromtimestamp(int(epoch["seconds"]), page.zone)
    return first_moment(page, [match[1]])


def _kept_beside(page: Page) -> Moment | None:
    """The instant in an attribute of what stands under the title and shows how long ago that was, or nothing."""
    nodes = page.tree.css(_KEPT)[:3] if page.says("data-") else []
    if page.says(*_AGO_ENDS):
        nodes += [one for one in page.tree.css("span[title], em[title], i[title]")[:20] if _is_ago(one)][:3]
    for node in nodes:
        values = [value or "" for name, value in node.attributes.items() if name == "title" or name.startswith("data-")]
        shown = short_text(node, 40)
        if shown is None or (shown and not _is_ago(node)) or _in_comment(node) or _in_list(node):
            continue
        if (moment := first_moment(page, values)) is not None:
            return moment
    return None


#: How an element ends that says so: a cheap look before the dear one.
_AGO_ENDS = ("前</", "刚刚</", "昨天</", "前天</")


def _is_ago(node: Node) -> bool:
    return _AGO.fullmatch(short_text(node, 20) or "") is not None


_ELSEWHERE = re.compile(r"comment|pinglun|reply|relate|recommend|hot|clock|calendar|rili|picker|countdown|foot|side")


def _in_list(node: Node) -> bool:
    return any(one.tag in ("li", "a", "dd") for one in up_from(node.parent, 4))


def _of_element(page: Page, node: Node) -> Moment | None:
    value = node.attributes.get("datetime") or node.attributes.get("content") or short_text(node, 60) or ""
    return None if _in_comment(node) else first_moment(page, [value])


def _in_comment(node: Node) -> bool:
    return any(_ELSEWHERE.search(names_of(one)) for one in up_from(node, 20))


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
