"""Where a page's script asks for data, and how it makes the addresses of rows of a field of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

from tracker.evidence.page.parsed import Page, resolve
from tracker.evidence.wrappers.data_pagers import numbered
from tracker.evidence.wrappers.json_answers import OFFSET, PAGE_NUMBER, SIZE
from tracker.evidence.wrappers.values import Ask

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
_DATA_ATTRIBUTES = ("data-url", "data-api", "data-src", "data-source", "data-interface", "data-list", "data-href")
_ADDRESS = re.compile(r"^(?:https?:/)?/?[\w%.~/:-]+(?:\?[^\s<>]*)?$")
#: Files that are no answer of an interface, and interfaces that are asked for something else.
_FILE = re.compile(r"\.(?:s?html?|js|css|png|jpe?g|gif|svg|webp|ico|mp4|pdf|docx?)$", re.IGNORECASE)
_BESIDE = re.compile(
    r"hit|click|visit|count(?!y)|stat(?:s|istic)|weather|tianqi|login|token|captcha|menu|nav|banner|share|friend|hot|suggest",
    re.IGNORECASE,
)
_MAX_CALLS = 40
#: An address of an entry that the script puts together from a field of its record.
_ROW_ADDRESS = re.compile(
    r"""href\s*=\s*\\?["']?(?P<head>[\w./?=&:%-]{1,120}?)(?:["']\s*\+\s*|\$\{)\s*\w+(?:\[\w+\])?\.(?P<field>\w+)\s*"""
    r"""(?:\+\s*["']|\}|)(?P<tail>[\w./?=&%-]{0,60})"""
)


def asked_by_script(page: Page) -> list[Ask]:
    """Return what a page's script asks for data, without what is asked for something else than a list; of several the
    one that is asked for page by page."""
    asks = list(dict.fromkeys(_asks(page)))
    asks = [ask for ask in asks if not _BESIDE.search(urlsplit(ask.url).path)] or asks
    paged = [ask for ask in asks if any(map(PAGE_NUMBER.match, _sent(ask)))]
    return paged if len(paged) == 1 else asks


def _sent(ask: Ask) -> dict[str, str]:
    return dict(ask.form if ask.form is not None else parse_qsl(urlsplit(ask.url).query))


def script_file(page: Page) -> str | None:
    """Return the one file of a page that holds its own program, and no library; None where none or several may."""
    nodes = page.tree.css("script[src]")[:50]
    urls = {url for node in nodes if (url := resolve(page.base, node.attributes.get("src") or "")) is not None}
    own = [url for url in urls if urlsplit(url).netloc == urlsplit(page.url).netloc and _PROGRAM.search(url)]
    return own[0] if len(own) == 1 else None


_PROGRAM = re.compile(r"/(?:app|main)\b[\w.-]*\.js(?:\?|$)", re.IGNORECASE)


def asked_further(page: Page, shown: int) -> Ask | None:
    """Return what a page's script asks for behind the rows that the page shows; None where nobody can tell.

    By the number of rows before, or by the number of a page of as many.
    """
    asks = {ask: _sent(ask) for ask in _asks(page)}
    offsets = [(ask, name, shown) for ask, fields in asks.items() for name in fields if OFFSET.match(name)]
    pages = [
        (ask, name, 2)
        for ask, fields in asks.items()
        for name in fields
        if PAGE_NUMBER.match(name) and any(SIZE.match(one) and fields[one] == str(shown) for one in fields)
    ]
    found = offsets or (pages if {one[1] for one in _COUNTER.findall(page.scripts)} <= _FIRST_PAGES else [])
    return numbered(*found[0]) if len(found) == 1 else None


#: Where a script begins to count pages: at the first one, or at the one behind it.
_COUNTER = re.compile(
    r"\b(page|page_?no|page_?num|page_?index|cur_?page|current_?page|p|pn)\s*[:=]\s*(\d+)\b", re.IGNORECASE
)
_FIRST_PAGES = frozenset({"1", "2"})


def row_address(page: Page) -> str:
    """Return how a page's script makes the addresses of rows of a field (`/info/{id}.html`); "" where it does not."""
    match = _ROW_ADDRESS.search(page.scripts)
    return f"{match['head']}{{{match['field']}}}{match['tail']}" if match is not None else ""


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
    if PAGE_NUMBER.match(last) or (before.endswith("=") and PAGE_NUMBER.match(re.split(r"[?&]", before)[-1][:-1])):
        return "1"
    if before.endswith("=") and OFFSET.match(re.split(r"[?&]", before)[-1][:-1]):
        return "0"
    if ".dataset." in name and last.isidentifier():
        values = {one.attributes.get(f"data-{last}") or "" for one in page.tree.css(f"[data-{last}]")[:20]}
        return values.pop() if len(values) == 1 else ""
    if routed := _routed(page, last):
        return routed
    written = rf"""\b{re.escape(last)}["']?\s*[:=]\s*(?:["'`]([^"'`\s]{{1,300}})["'`]|(\d{{1,9}})\b)"""
    match = re.search(written, page.scripts)
    return (match[1] or match[2]) if match is not None else ""


def _routed(page: Page, name: str) -> str:
    """Return the value that a program takes for a name from the page's address (`$route.params.id`); "" for others."""
    taken = re.search(rf"\b{re.escape(name)}\s*[:=]\s*[\w.$]{{0,20}}\$route\.(params|query)\.(\w+)", page.scripts)
    if taken is None:
        return ""
    if taken[1] == "query":
        return dict(parse_qsl(urlsplit(page.url).query)).get(taken[2], "")
    for route in re.findall(rf"""\bpath\s*:\s*["']([\w/:-]*:{taken[2]}\b[\w/:-]*)["']""", page.scripts):
        shape = re.sub(r":(\w+)", r"(?P<\1>[^/]+)", route)
        if (match := re.fullmatch(shape, urlsplit(page.url).path)) is not None:
            return match[taken[2]]
    return ""


def _fields(page: Page, options: str) -> tuple[tuple[str, str], ...]:
    """Return the fields that a call sends, without those whose value no script writes out."""
    match = _FIELDS.search(options)
    found = []
    for name, value in _FIELD.findall(match[1]) if match is not None else ():
        text = value.strip()
        known = text.strip("\"'`") if text[:1] in "\"'`" or text.isdigit() else _value_of(page, text)
        known = known if known.isdigit() else "1" if PAGE_NUMBER.match(name) else "0" if OFFSET.match(name) else known
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
