"""Records of JSON and XML: the values of each object by their keys, read by the same rule as the texts of a page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from tracker.evidence.page.parsed import Page, resolve, squeeze
from tracker.evidence.wrappers.cells import Record
from tracker.evidence.wrappers.json_answers import answered
from tracker.evidence.wrappers.xml_tree import UnreadableTree, local, text_in, tree_of

#: More records than this are no answer of an interface, and no document.
MAX_RECORDS, _MAX_ELEMENTS = 5000, 50_000
_MAX_DEPTH = 6
_URL_NAME = re.compile(r"url|link|href|loc$|address", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?:)?//|\.{0,2}/|[\w%.-]+/|[\w%-]+\.\w{3,5}(?:\?|$)|\?")
#: A front page or a column is no entry of a site map.
_NO_ENTRY = re.compile(r"(?:^|/(?:index|default)(?:_\d+)?\.\w{2,5}|/)$", re.IGNORECASE)
#: What names the place of a record and is no address of its page.
_NO_URL = re.compile(r"img|image|pic|thumb|logo|icon|file|source|site|channel|domain|category", re.IGNORECASE)


def arrays_of(page: Page) -> dict[str, list[dict[str, str]]]:
    """Return the arrays of objects in an answer by the keys down to them, each object as key → text."""
    if page.kind == "json":
        return {path: [_flat(one) for one in array] for path, array in _arrays(answered(page), "", 0)}
    try:
        root = tree_of(page)
    except UnreadableTree:
        return {}
    return {path: [_fields(one) for one in array] for path, array in _elements(root, "", 0)}


def _arrays(value: Any, path: str, depth: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        objects = [one for one in value if isinstance(one, dict)]
        if objects and len(objects) == len(value) <= MAX_RECORDS:
            yield path, objects
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _arrays(below, f"{path}.{key}" if path else str(key), depth + 1)


def _flat(value: dict[str, Any], above: str = "", depth: int = 0) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, one in value.items():
        path = f"{above}.{key}" if above else str(key)
        if isinstance(one, dict) and depth < 3:
            found |= _flat(one, path, depth + 1)
        elif isinstance(one, str):
            found[path] = one
        elif isinstance(one, int | float) and not isinstance(one, bool):
            found[path] = str(one)
    return found


def _elements(element: Element, path: str, depth: int) -> Iterator[tuple[str, list[Element]]]:
    groups: dict[str, list[Element]] = defaultdict(list)
    for one in element:
        groups[local(one)].append(one)
    for name, group in groups.items():
        below = f"{path}.{name}" if path else name
        if any(len(one) for one in group) and len(group) <= _MAX_ELEMENTS:
            yield below, group
        if len(group) == 1 and depth < _MAX_DEPTH:
            yield from _elements(group[0], below, depth + 1)


def _fields(element: Element) -> dict[str, str]:
    """Return an element's own: the texts of what stands in it by name, and attributes as `name@attribute`."""
    found: dict[str, str] = {}
    prefixed: set[str] = set()
    for one in element.iter():
        if one is element:
            continue
        name = local(one)
        if one.get("rel", "alternate") == "alternate":
            for attribute, value in one.attrib.items():
                found.setdefault(f"{name}@{attribute.rpartition(':')[2]}", value)
        if (text := text_in(one)) and (name not in found or (name in prefixed and ":" not in one.tag)):
            found[name] = text
            (prefixed.add if ":" in one.tag else prefixed.discard)(name)
    for attribute, value in element.attrib.items():
        found.setdefault(f"@{attribute.rpartition(':')[2]}", value)
    return found


def url_key(objects: Sequence[dict[str, str]], page: Page) -> str:
    """Return the key whose values are addresses, each another one; "" where none is."""
    scores: Counter[str] = Counter()
    distinct: dict[str, set[str]] = defaultdict(set)
    for one in objects:
        for key, value in one.items():
            if len(value) < 2000 and _ADDRESS.match(value) and " " not in value and resolve(page.url, value):
                scores[key] += 1
                distinct[key].add(value)
    best, most = "", 0.0
    for key, count in scores.items():
        score = count / len(objects) + (2 if _URL_NAME.search(key) else 0) - (3 if _NO_URL.search(key) else 0)
        score += len(distinct[key]) / count
        if count * 4 > len(objects) * 3 and score > most:
            best, most = key, score
    return best


def data_records(objects: Sequence[dict[str, str]], key: str, page: Page) -> list[Record]:
    """Return the records of some objects, "" for the address of one that has none.

    `key`: the key of the addresses, or how they are made of one: `/info/{id}.html`.
    """
    records = []
    base = base_of(page)
    for one in objects:
        url = resolve(base, _filled(key, one) if "{" in key else one.get(key, ""))
        if url is not None and key == "loc" and _NO_ENTRY.search(urlsplit(url).path):
            continue
        record = Record((), None, url or "")
        for name, value in one.items():
            if name != key and value and len(value) < 5000:
                text = _plain(page, value)
                record.pieces.append((name, text))
                record.texts[name] = text
        records.append(record)
    return records


def fits(template: str, objects: Sequence[dict[str, str]]) -> bool:
    """Return whether all objects have what an address is made of, and it is no address itself."""
    names = _TEMPLATE.findall(template)
    return bool(names) and all(one.get(name) and "/" not in one[name] for one in objects for name in names)


def _filled(template: str, values: dict[str, str]) -> str:
    return _TEMPLATE.sub(lambda name: values.get(name[1], ""), template)


_TEMPLATE = re.compile(r"\{(\w+)\}")


def _plain(page: Page, value: str) -> str:
    """Return a text without the markup that some interfaces put into it."""
    if "<" in value or "&" in value:
        body = page.holding(value).tree.body
        value = body.text() if body is not None else value
    return squeeze(value)


# -- documents -------------------------------------------------------------------------------------


def next_link(page: Page) -> str | None:
    """Return where a feed says that it goes on (`<link rel="next">`); None where it does not."""
    try:
        root = tree_of(page)
    except UnreadableTree:
        return None
    for link in root.iter():
        if local(link) == "link" and link.get("rel") == "next":
            url = resolve(base_of(page), link.get("href") or "")
            return url if url != page.url else None
    return None


def base_of(page: Page) -> str:
    """Return what the relative links of an answer start from: `xml:base`, else its own address."""
    match = _XML_BASE.search(page.text[:3000]) if page.kind == "xml" else None
    return (resolve(page.url, match[1]) if match is not None else None) or page.url


_XML_BASE = re.compile(r"""<[^<>]*\sxml:base\s*=\s*["']([^"'<>]+)""")
