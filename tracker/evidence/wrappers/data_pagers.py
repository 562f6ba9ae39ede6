"""How the next part of a list that is data is asked for: a number in an address or a form, a range of records, a link
in the answer."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from tracker.evidence.page.parsed import Page, resolve
from tracker.evidence.wrappers.data_records import next_link
from tracker.evidence.wrappers.json_answers import (
    COUNT,
    OFFSET,
    PAGE_NUMBER,
    PAGES,
    SIZE,
    TOTAL,
    answered,
    at,
    number_at,
    says_last,
    sent_fields,
    whole_number,
    with_fields,
)
from tracker.evidence.wrappers.profile import Profile, load_profiles
from tracker.evidence.wrappers.stores import elements_of, store_page, unwrapped
from tracker.evidence.wrappers.values import Ask
from tracker.evidence.wrappers.wrapper import PagerKind, SourceKind, Wrapper

#: So much of a page's size may be lost or stand on two pages.
_NEARLY = 0.8
#: A page of a multiple of so many records may be full.
_ROUND = 5
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_FIELD = re.compile(r"""["']?(\w{1,40})["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|([\w./%-]*))""")


@dataclass(frozen=True, slots=True)
class DataOnward:
    """What an answer says of further ones. `ask`: the next; `pages`, `items`: how many it promises; `kind`: UNKNOWN
    where there may be more and nobody knows how to ask."""

    kind: PagerKind
    ask: Ask | None = None
    pages: int | None = None
    items: int | None = None


def data_onward(page: Page, wrapper: Wrapper, number: int, rows: int = 0) -> DataOnward:
    """Return how a list of data goes on from a page, the `number`-th of its column; `rows` were read before it."""
    if wrapper.kind is SourceKind.JSON:
        return _counted(page, wrapper, rows // (number - 1) if number > 1 else 0)
    if wrapper.kind is SourceKind.XML:
        url = next_link(page)
        kind = PagerKind.NEXT_LINK if url else PagerKind.NONE if wrapper.link == "loc" else PagerKind.UNKNOWN
        return DataOnward(kind, Ask(url) if url else None)
    profile = load_profiles().get(wrapper.profile)
    return _stored(page, profile, number) if profile is not None else DataOnward(PagerKind.UNKNOWN)


# -- a number in an address or a form --------------------------------------------------------------


def _counted(page: Page, wrapper: Wrapper, usual: int) -> DataOnward:
    """Return how the pages go on by their number. `usual`: how many records the pages before had, 0 for the first."""
    path, answer, sent = wrapper.record_path, answered(page), sent_fields(page)
    numbers = [(name, whole_number(value)) for name, value in sent]
    fields = [(name, number) for name, number in numbers if number is not None and PAGE_NUMBER.match(name)]
    if not fields and (profile := load_profiles().get(wrapper.profile)) is not None:
        fields = [(name, 1) for name, _ in parse_qsl(profile.query) if PAGE_NUMBER.match(name)]
    count = len(at(answer, path) or ())
    items, pages = number_at(answer, path, TOTAL), number_at(answer, path, PAGES)
    if items is None and (counted := number_at(answer, path, COUNT)) is not None and counted > count:
        items = counted  # a count no greater than this may be that of the page
    number = fields[0][1] if fields else 1
    if pages is None and items is not None:
        asked = next((size for name, size in numbers if size and SIZE.match(name)), 0)
        if fields and items == count and (usual or count % (asked or _ROUND) == 0):
            return _until_empty(page, wrapper, fields, count, None)  # it may be the number of this page
        size = max(asked or number_at(answer, path, SIZE) or 0, count, 1)
        seen = usual or count
        if seen < items and seen < size * _NEARLY:
            size = max(seen, 1)  # the server gives fewer at a time than it was asked for
        pages = -(-items // size)
    if pages is None:
        return _until_empty(page, wrapper, fields, count, items)
    if number >= pages:
        return DataOnward(PagerKind.COUNTED, None, pages, items)
    if not fields:
        return DataOnward(PagerKind.UNKNOWN, None, pages, items)
    return DataOnward(PagerKind.COUNTED, raised(page, fields[0][0], number + 1), pages, items)


def _until_empty(
    page: Page, wrapper: Wrapper, fields: Sequence[tuple[str, int]], count: int, items: int | None
) -> DataOnward:
    """Return the answer behind one of `count` records that promises nothing: the pages go on until one is empty, or
    says that it is the last. `fields`: those that number the pages."""
    if says_last(answered(page), wrapper.record_path):
        return DataOnward(PagerKind.COUNTED, None, None, items)
    name, number = next(iter([*((name, number + 1) for name, number in fields), *_raisable(page, count)]), ("", 0))
    if not name or not count:
        return DataOnward(PagerKind.UNKNOWN, items=items)
    return DataOnward(PagerKind.COUNTED, raised(page, name, number), None, items)


def raised(page: Page, field: str, number: int) -> Ask:
    """Return what was asked for this page with its number set to another."""
    return numbered(Ask(page.url, page.form), field, number)


def numbered(ask: Ask, field: str, number: int) -> Ask:
    """Return the same with one of its fields set to a number."""
    if ask.form is None:
        return Ask(with_fields(ask.url, {field: str(number)}))
    return Ask(ask.url, tuple((name, str(number) if name == field else value) for name, value in ask.form))


def part_behind(page: Page, shown: int) -> Ask | None:
    """Return what follows a part of a list of so many rows, by the number in what was asked for it."""
    return next((raised(page, *one) for one in _raisable(page, shown)), None)


def _raisable(page: Page, count: int) -> Iterator[tuple[str, int]]:
    """Yield the fields that number the pages, and those that count the records before, with their next value."""
    known = [(name, number) for name, value in sent_fields(page) if (number := whole_number(value)) is not None]
    yield from ((name, number + 1) for name, number in known if PAGE_NUMBER.match(name))
    yield from ((name, number + count) for name, number in known if OFFSET.match(name))


# -- stores ----------------------------------------------------------------------------------------


def _stored(page: Page, profile: Profile, number: int) -> DataOnward:
    shown = store_page(page, profile)
    text = (shown or page).text if profile.markup else page.text
    total, size = number_named(text, profile.total), number_named(text, profile.size)
    if profile.markup:
        return _by_number(page, profile, number, total, size)
    first = _first_asked(page, profile)
    until = (first or 1) - 1 + sum(1 for one in elements_of(page.text, profile.record))
    started = first is not None or page.kind == "html"
    if total is not None and started and until >= total:
        return DataOnward(PagerKind.FORM, None, items=total)
    ask = (range_ask(page, profile, until + 1, total) if started else None) or _linked(page, profile)
    if ask is None and page.kind == "xml" and first is None:
        return DataOnward(PagerKind.FORM, None, items=total)  # how many were seen is counted over all pages
    return DataOnward(PagerKind.FORM if ask is not None else PagerKind.UNKNOWN, ask, items=total)


def _by_number(page: Page, profile: Profile, number: int, total: int | None, size: int | None) -> DataOnward:
    if total is None or not size:
        return DataOnward(PagerKind.UNKNOWN if total is not None else PagerKind.NONE, items=total)
    pages = -(-total // size)
    if number >= pages:
        return DataOnward(PagerKind.TEMPLATE, None, pages, total)
    values = _filled(profile, page=number + 1, size=size)
    return DataOnward(PagerKind.TEMPLATE, Ask(with_fields(page.url, values)), pages, total)


def number_named(text: str, names: tuple[str, ...]) -> int | None:
    """Return the number that an element or a setting of one of these names gives; None where none does."""
    for name in names:
        match = re.search(
            rf"""(?i)<{name}\b[^>]*>\D{{0,20}}(\d{{1,8}})|(?<!\w){name}\b["']?\s*[:=]\s*["']?(\d{{1,8}})\b""", text
        )
        if match is not None:
            return int(match[1] or match[2])
    return None


def range_ask(page: Page, profile: Profile, start: int, total: int | None) -> Ask | None:
    """Return how the records from `start` on are asked for: by what the page's script sends, or as this answer was."""
    url, form, size = page.url, page.form, number_named(page.url, profile.size)
    if page.kind == "html":
        url = resolve(page.base, _setting(page.text, profile.address)) or ""
        form, size = _sent(page.text, profile), number_named(page.text, profile.size)
        if not url or form is None:
            return None
    size = max(1, size or profile.usual)
    end = start + size * profile.group - 1
    return Ask(with_fields(url, _filled(profile, start=start, end=min(end, total) if total else end, size=size)), form)


def _filled(profile: Profile, **numbers: int) -> dict[str, str]:
    """Return the fields of a profile's query with numbers put in."""
    fields = dict(parse_qsl(profile.query))
    for name, value in fields.items():
        for mark, number in numbers.items():
            value = value.replace(f"{{{mark}}}", str(number))
        fields[name] = value
    return fields


def _first_asked(page: Page, profile: Profile) -> int | None:
    """Return the number of the first record that was asked for; None where the address holds none."""
    name = next((name for name, value in parse_qsl(profile.query) if value == "{start}"), "")
    return whole_number(dict(parse_qsl(urlsplit(page.url).query)).get(name))


def _setting(text: str, name: str) -> str:
    match = re.search(rf"""(?i)\b{name}\b["']?\s*[:=]\s*["']([^"']{{1,500}})["']""", text)
    return match[1] if match is not None else ""


def _sent(text: str, profile: Profile) -> tuple[tuple[str, str], ...] | None:
    """Return the fields that a page's script sends, those that name the column among them; None where it tells none."""
    for name in profile.sent:
        if name.startswith("."):  # a call, whose other settings stay here
            match = re.search(rf"(?i){re.escape(name)}\s*\(\s*\{{([^{{}}]{{0,2000}})\}}", text)
            fields = pairs(match[1]) if match is not None else ()
            if kept := tuple(one for one in fields if one[0].lower() in profile.fields):
                return kept
        elif match := re.search(
            rf"""(?i)\b{name}\b["']?\s*[:=]\s*(?:\{{([^{{}}]{{0,2000}})\}}|["']([^"']{{0,2000}})["'])""", text
        ):
            return tuple(parse_qsl(match[2])) if match[2] else pairs(match[1] or "")
    return None


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return the names and values of an object as a script writes it."""
    return tuple((name, double or single or bare) for name, double, single, bare in _FIELD.findall(text))


def _linked(page: Page, profile: Profile) -> Ask | None:
    """Return the next part where the answer itself holds a link to it."""
    holder = unwrapped(next(elements_of(page.text, profile.link), "")[:3000]) if profile.link else ""
    if (match := _HREF.search(holder)) is None:
        return None
    url = resolve(page.base if page.kind == "html" else page.url, html.unescape(match[1]))
    return Ask(url) if url is not None and url != page.url else None
