"""A JSON interface as the column's rule describes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tracker.core.law.county import Interface
from tracker.core.values.facts import Moment, Sighting
from tracker.evidence.listing.dialects.moments import moment_of
from tracker.evidence.listing.dialects.rows import MAX_TITLE, is_readable, newest_first
from tracker.evidence.listing.values import Ask, Listing, lost_at_latest, unread_rows
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.parsed import Page, legible, resolve, squeeze

_MAX_ITEMS = 5000
#: What an interface says about itself, and what it says there when all is well.
_STATES = ("code", "status", "errcode", "resultCode", "retCode", "errorCode")
_WELL = {"0", "1", "200", "000000", "success", "ok", "true", "none", ""}


def described(page: Page, interface: Interface) -> Listing | None:
    """None where the answer is not what the rule describes: its layout has changed, or it is an error."""
    answer = answered(page)
    items = at(answer, interface.items)
    if not isinstance(items, list) or len(items) > _MAX_ITEMS:
        return None
    number = _number(page, interface)
    if not items:
        return Listing(dialect="interface") if well(answer) or (number > interface.first and _ends(answer)) else None
    sightings = sightings_of(
        page,
        items,
        interface.title,
        interface.url,
        (interface.date,),
        (interface.publisher,) if interface.publisher else (),
    )
    if not sightings or (len(items) - len(sightings)) * 4 > len(items):
        return None
    if interface.date and not any(one.claimed for one in sightings):
        return None
    pages = at(answer, interface.pages) if interface.pages else None
    total = int(pages) if isinstance(pages, int | float | str) and str(pages).partition(".")[0].isdigit() else None
    done = number - interface.first + 1
    following = None
    if interface.page and (total is None or done < total):
        following = Ask(with_field(page.url, interface.page, str(number + 1)))
    return Listing(
        sightings=sightings,
        dialect="interface",
        next=following,
        total=total,
        more=total is not None and total > done and following is None,
        ordered=any(one.claimed for one in sightings) and newest_first(sightings),
        **lost_of(page, items, interface.title, interface.url, (interface.date,), sightings),
    )


def answered(page: Page) -> Any:
    """The JSON of an answer, a callback around it taken off; None where it is none."""
    text = page.text.strip().lstrip("\ufeff")
    if text[:1] not in ("{", "["):
        start, end = text.find("("), text.rfind(")")
        text = text[start + 1 : end] if 0 <= start < end else ""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def at(value: Any, path: str) -> Any:
    """What stands at a dotted path (`data.results`, `list.0.rows`); None where nothing does. "" is the whole."""
    for name in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and len(name) < 6 and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def sightings_of(
    page: Page, items: Iterable[Any], title: str, url: str, dates: Iterable[str], publishers: Iterable[str]
) -> tuple[Sighting, ...]:
    """One for each item that has a title and an address; of several paths the first that holds something."""
    found: dict[str, Sighting] = {}
    for item in items:
        words, address = plain(page, at(item, title)), at(item, url)
        target = resolve(page.url, address) if isinstance(address, str) else None
        if not words or target is None or target in found:
            continue
        moments = (moment_of(at(item, path), page.zone) for path in dates)
        when: Moment | None = next((one for one in moments if one is not None), None)
        source = next((one for one in (plain(page, at(item, path)) for path in publishers) if one), "")
        found[target] = Sighting(target, legible(words[:MAX_TITLE]), when, source[:128])
    return tuple(found.values())


def lost_of(
    page: Page, items: Sequence[Any], title: str, url: str, dates: Iterable[str], kept: Sequence[Sighting]
) -> dict[str, Any]:
    """The residue of items that have no title or no address; one that stands there twice is none."""
    if len(items) == len(kept):
        return {}
    rows: list[tuple[bool, date | None]] = []
    for item in items:
        address = at(item, url) if plain(page, at(item, title)) else None
        moments = (moment_of(at(item, path), page.zone) for path in dates)
        when = next((one for one in moments if one is not None), None)
        gone = not isinstance(address, str) or resolve(page.url, address) is None
        rows.append((gone, None if when is None else day_of(when)))
    return unread_rows(sum(gone for gone, _ in rows), lost_at_latest(rows))


def plain(page: Page, value: Any) -> str:
    """A text without the markup that some interfaces put into titles."""
    if not isinstance(value, str):
        return ""
    if "<" in value or "&" in value:
        body = page.holding(value[:5000]).tree.body
        value = body.text() if body is not None else value
    value = squeeze(value)
    return value if is_readable(value) else ""


def with_field(url: str, name: str, value: str) -> str:
    """The address with one of its fields set."""
    parts = urlsplit(url)
    fields = parse_qsl(parts.query, keep_blank_values=True)
    if any(one == name for one, _ in fields):
        fields = [(one, value if one == name else old) for one, old in fields]
    else:
        fields.append((name, value))
    return urlunsplit(parts._replace(query=urlencode(fields)))


def _number(page: Page, interface: Interface) -> int:
    text = dict(parse_qsl(urlsplit(page.url).query)).get(interface.page, "") if interface.page else ""
    return int(text) if text.isdigit() and len(text) < 7 else interface.first


def _ends(answer: Any) -> bool:
    """Whether an answer behind the last page calls it no fault but the end: 没有更多数据."""
    words = (answer.get(name) for name in _SAYINGS) if isinstance(answer, dict) else ()
    return any(isinstance(one, str) and _NO_MORE.search(one) for one in words)


_SAYINGS = ("msg", "message", "info", "errmsg", "errorMsg", "resultMsg", "desc")
_NO_MORE = re.compile(
    r"没有更多|无更多|已(?:经)?(?:到底|全部加载)|暂?无(?:相关)?(?:数据|记录|内容)|no (?:more|data)", re.IGNORECASE
)


def well(answer: Any) -> bool:
    """Whether an answer without items says that this is how it should be."""
    if not isinstance(answer, dict):
        return isinstance(answer, list)
    if answer.get("success") is False or answer.get("error"):
        return False
    return all(str(answer.get(name, "")).lower() in _WELL for name in _STATES)
