"""A JSON interface that a page's script names and no rule describes: where it lies, and what its answer holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tracker.evidence.listing.dialects.interface import answered, at, lost_of, sightings_of, with_field
from tracker.evidence.listing.dialects.rows import newest_first
from tracker.evidence.listing.values import Ask, Listing
from tracker.evidence.page.parsed import Page, resolve
from tracker.evidence.wrappers.data_records import arrays_of, data_records, promised, url_key
from tracker.evidence.wrappers.fields import find_fields

#: What a person has to write where the interface cannot be found or understood.
ADVICE = "可在浏览器开发者工具中查到接口地址，写为栏目的 url，并以 interface 写明 items、title、url、date 的位置"
_DIALECT = "interface"
#: A call that asks for data, up to its first argument or its options.
_CALL = re.compile(
    r"(?P<call>\bfetch|\baxios(?:\.(?:get|post|request))?|\$\.(?:get|post|getJSON|ajax)|\bjQuery\.(?:get|post|getJSON|ajax)"
    r"|\brequest(?:\.(?:get|post))?|\.open)\s*\(\s*"
)
_URL_OPTION = re.compile(r"\burl\s*:\s*")
_OPEN_METHOD = re.compile(r"""["'](?P<method>get|post)["']\s*,\s*""", re.IGNORECASE)
_METHOD = re.compile(r"""\b(?:type|method)\s*:\s*["'](\w+)["']""", re.IGNORECASE)
_FIELDS = re.compile(r"""(?:\b(?:data|params)\s*:\s*|,\s*)\{([^{}]{0,500})\}""")
_FIELD = re.compile(r"""["']?(\w+)["']?\s*:\s*([^,}]+)""")
#: A piece of an address that a script puts together: a literal, or a name.
_PART = re.compile(
    r"""\s*(?:(["'`])(?P<literal>.{0,400}?)\1|(?:encodeURIComponent\()?(?P<name>[A-Za-z_$][\w$.]{0,60})\)?)\s*"""
)
_INSIDE = re.compile(r"\$\{\s*([A-Za-z_$][\w$.]{0,60})\s*\}")
_PAGE_NAME = re.compile(
    r"^_?(?:page|p|pn|pg|(?:cur|current|now)_?page|page_?(?:no|num|number|index|now))$", re.IGNORECASE
)
_DATA_ATTRIBUTES = ("data-url", "data-api", "data-src", "data-source", "data-interface", "data-list", "data-href")
_ADDRESS = re.compile(r"^(?:https?:/)?/?[\w%.~/:-]+(?:\?[^\s<>]*)?$")
#: Files that are no answer of an interface, and interfaces that are asked for something else.
_FILE = re.compile(r"\.(?:s?html?|js|css|png|jpe?g|gif|svg|webp|ico|mp4|pdf|docx?)$", re.IGNORECASE)
_BESIDE = re.compile(
    r"hit|click|visit|count(?!y)|stat(?:s|istic)|weather|tianqi|login|token|captcha|menu|nav|banner|share|friend|hot|suggest",
    re.IGNORECASE,
)
_PAGES = re.compile(r"^_?(?:pages|pagecount|totalpages?|page_?total|total_?pages?|lastpage)$", re.IGNORECASE)
_SIZE = re.compile(r"^_?(?:page_?size|size|limit|per_?page|rows)$", re.IGNORECASE)
_MAX_CALLS = 40
#: An address of an entry that the script puts together from a field of its record.
_ROW_ADDRESS = re.compile(
    r"""href\s*=\s*\\?["']?(?P<head>[\w./?=&:%-]{1,120}?)(?:["']\s*\+\s*|\$\{)\s*\w+(?:\[\w+\])?\.(?P<field>\w+)\s*"""
    r"""(?:\+\s*["']|\}|)(?P<tail>[\w./?=&%-]{0,60})"""
)
_BY_FIELD = "href:"


def asked(page: Page) -> Listing | None:
    """Return a listing that sends on to the interface that the page's script asks for its rows, or says why it cannot;
    None where no script asks for any."""
    asks = list(dict.fromkeys(_asks(page)))
    own = [ask for ask in asks if not _BESIDE.search(urlsplit(ask.url).path)] or asks
    if not own:
        return None
    if len(own) > 1:
        named = "、".join(urlsplit(ask.url).path for ask in own[:3])
        reason = f"页面从多个接口取数据（{named}），分不清哪个是栏目的列表；{ADVICE}"
        return Listing(understood=False, reason=reason, dialect=_DIALECT)
    match = _ROW_ADDRESS.search(page.scripts)
    rows_at = f"{_BY_FIELD}{match['head']}{{{match['field']}}}{match['tail']}" if match is not None else ""
    return Listing(dialect=_DIALECT, parts=(own[0],), rows_at=rows_at)


def _asks(page: Page) -> Iterator[Ask]:
    scripts = page.scripts
    for number, call in enumerate(_CALL.finditer(scripts)):
        if number >= _MAX_CALLS:
            break
        rest = scripts[call.end() : call.end() + 1200]
        is_post = call["call"].endswith("post")
        if rest.startswith("{"):
            if (option := _URL_OPTION.search(rest)) is None:
                continue
            start = option.end()
        elif (method := _OPEN_METHOD.match(rest)) is not None:
            start, is_post = method.end(), method["method"].lower() == "post"
        else:
            start = 0
        address, end = _joined(page, rest, start)
        call_text = rest[: rest.find(";", end) + 1 or None] if not rest.startswith("{") else rest[: _closing(rest)]
        method_option = _METHOD.search(call_text)
        is_post = is_post or (method_option is not None and method_option[1].lower() == "post")
        yield from _ask(page, address, _fields(page, call_text[end if end < len(call_text) else 0 :]), is_post=is_post)
    for name in _DATA_ATTRIBUTES:
        if page.says(f"(?i){name}"):
            for node in page.tree.css(f"[{name}]")[:50]:
                if node.tag not in ("img", "a", "iframe", "video", "script"):
                    yield from _ask(page, (node.attributes.get(name) or "").strip(), (), is_post=False)


def _ask(page: Page, address: str, fields: tuple[tuple[str, str], ...], *, is_post: bool) -> Iterator[Ask]:
    url = resolve(page.base, address) if address and _ADDRESS.match(address) else None
    if url is None or _FILE.search(urlsplit(url).path) or urlsplit(url).path in ("", "/"):
        return
    if is_post:
        yield Ask(url, fields)
    else:
        yield Ask(f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}" if fields else url)


def _joined(page: Page, text: str, start: int) -> tuple[str, int]:
    """Return the address that literals and names make together, and where they end; "" where a name is unknown."""
    address, place = "", start
    while (part := _PART.match(text, place)) is not None:
        if (literal := part["literal"]) is not None:
            known = _filled(page, literal)
        else:
            known = _value_of(page, part["name"], address) or "\0"
        address, place = address + known, part.end()
        if text[place : place + 1] != "+":
            break
        place += 1
    return ("" if "\0" in address else address), place


def _filled(page: Page, literal: str) -> str:
    """Return a template with the values of its names."""
    return _INSIDE.sub(lambda name: _value_of(page, name[1], literal[: name.start()]) or "\0", literal)


def _value_of(page: Page, name: str, before: str = "") -> str:
    """Return what a name holds where a script writes it out; the first page's number where it counts pages."""
    last = name.rpartition(".")[2]
    if _PAGE_NAME.match(last) or (before.endswith("=") and _PAGE_NAME.match(re.split(r"[?&]", before)[-1][:-1])):
        return "1"
    written = rf"""\b{re.escape(last)}["']?\s*[:=]\s*(?:["'`]([^"'`\s]{{1,300}})["'`]|(\d{{1,9}})\b)"""
    match = re.search(written, page.scripts)
    return (match[1] or match[2]) if match is not None else ""


def _fields(page: Page, options: str) -> tuple[tuple[str, str], ...]:
    """Return the fields that a call sends, without those whose value no script writes out."""
    match = _FIELDS.search(options)
    found = []
    for name, value in _FIELD.findall(match[1]) if match is not None else ():
        text = value.strip()
        known = text.strip("\"'`") if text[:1] in "\"'`" or text.isdigit() else _value_of(page, text)
        known = "1" if _PAGE_NAME.match(name) and not known.isdigit() else known
        if known and name not in ("headers", "method", "type", "dataType"):
            found.append((name, known))
    return tuple(found)


def _closing(text: str) -> int:
    """Return the end of the object that a text begins with."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return place + 1
    return len(text)


# -- the answer ------------------------------------------------------------------------------------


def answer(page: Page) -> Listing | None:
    """Return what an answer lists: the array whose objects have a title, an address and mostly a day; None if none."""
    if page.kind != "json":
        return None
    best: Listing | None = None
    for path, objects in arrays_of(page).items():
        items = _with_addresses(page, at(answered(page), path))
        key = "@href" if items and "@href" in items[0] else url_key(objects, page)
        if not key:
            continue
        flat = [{**texts, key: str(at(item, key) or "")} for texts, item in zip(objects, items, strict=True)]
        records = data_records(flat, key, page)
        fields = find_fields(records, page.zone, page.today)
        if not records or not fields.title[-1] or fields.readable * 4 < len(objects) * 3 or fields.fill < 0.5:
            continue
        days = [place.place for place in fields.days]
        sightings = sightings_of(page, items, fields.title[-1], key, days, ())
        found = Listing(
            sightings=sightings,
            dialect=_DIALECT,
            ordered=any(one.claimed for one in sightings) and newest_first(sightings),
            rows_at=page.rows_at,
            **lost_of(page, items, fields.title[-1], key, days, sightings),
            **_further(page, path, len(items)),
        )
        if sightings and (best is None or len(sightings) > len(best.sightings)):
            best = found
    return best


def _with_addresses(page: Page, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the objects with the address that the page's script makes of a field (`Page.rows_at`)."""
    head, _, rest = page.rows_at.removeprefix(_BY_FIELD).partition("{")
    field, _, tail = rest.partition("}")
    if not page.rows_at.startswith(_BY_FIELD) or not all(isinstance(one.get(field), str | int) for one in items):
        return items
    if any("/" in str(one[field]) for one in items):
        return items  # the field is an address itself
    return [{**one, "@href": f"{head}{one[field]}{tail}"} for one in items]


def _further(page: Page, path: str, count: int) -> dict[str, Any]:
    """Return how the list goes on: the next number of the page field, as far as the answer's totals promise."""
    sent = page.form if page.form is not None else tuple(parse_qsl(urlsplit(page.url).query))
    field = next(((name, int(value)) for name, value in sent if _PAGE_NAME.match(name) and value.isdigit()), None)
    items, pages = promised(page, path), _told(page, path, _PAGES)
    number = field[1] if field is not None else 1
    size = next((int(value) for name, value in sent if _SIZE.search(name) and value.isdigit()), 0)
    size = size or _told(page, path, _SIZE) or count
    if pages is None and items is not None:
        pages = -(-items // max(size, count, 1))
    if pages is None:
        return {"more": True}
    if number >= pages:
        return {"total": pages, "items": items}
    if field is None:
        return {"total": pages, "items": items, "more": True}
    following = str(number + 1)
    if page.form is None:
        return {"total": pages, "items": items, "next": Ask(with_field(page.url, field[0], following))}
    form = tuple((name, following if name == field[0] else value) for name, value in page.form)
    return {"total": pages, "items": items, "next": Ask(page.url, form)}


def _told(page: Page, path: str, called: re.Pattern[str]) -> int | None:
    """Return the number that an answer gives beside its array or above it under such a name; None where it does not."""
    value = answered(page)
    holders = [value, *(value := value.get(key) if isinstance(value, dict) else None for key in path.split(".")[:-1])]
    for holder in reversed(holders):
        for name, told in holder.items() if isinstance(holder, dict) else ():
            if called.match(str(name)) and str(told).isdigit() and len(str(told)) < 6:
                return int(told)
    return None
