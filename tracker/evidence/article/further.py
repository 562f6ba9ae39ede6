"""The pages on which an article goes on: those of its own name, and the frames of a page."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from tracker.evidence.page.parsed import Page, resolve, short_text

_NUMBER = re.compile(r"^[\[【(（\s]*(?:第\s*)?(\d{1,2})(?:\s*页)?[\]】)）\s]*$")
_NEXT = re.compile(
    r"^[\[【(（\s]*(下一?[页頁]|后一?页|余下全文|阅读全文|全文阅读|next( page)?)[\]】)）\s>›»→]*$", re.IGNORECASE
)
_CREATE = re.compile(
    r"""createPageHTML\w*\(\s*(\d{1,3})\s*,\s*\d+\s*,\s*["']([\w-]+)["']\s*,\s*["'](\w+)["']""", re.IGNORECASE
)
#: A name of its own; index.html with index_1.html is a list.
_PART = re.compile(r"^(?!(?:index|list|default|main|column)\b)(?P<stem>.+?)(?P<ext>\.\w{3,6})$", re.IGNORECASE)
_WHOLE = 99  # the place of the page that holds all others
_PAGE_KEYS = {"page", "p", "pageno", "pageindex", "curpage", "currentpage", "pagenum", "pn"}
_REST = re.compile(
    r"(?:阅读|查看|浏览|显示|看)(?:全文|原文|余下|剩余|完整)|余下(?:全文|内容)|^全文(?:显示|阅读|浏览)?$"
    r"|展开(?:全文|全部|剩余|余下|更多|阅读)|加载(?:更多|全文|剩余)"
)
_MAX_PAGES, _MOST_LINKS = 30, 5000


def leads_on(words: str) -> bool:
    """Whether the words of a link are those of the rest of the text, or of its next page."""
    return _REST.search(words) is not None or _NEXT.match(words) is not None


def further_pages(page: Page, of: str = "") -> tuple[str, ...]:
    """Addresses of the pages on which the same article goes on, in order; of its own name only.

    `of`: the article's first page, where this is another.
    """
    found: dict[int, str] = {}
    first = of or page.url
    here = _part(first)
    if here is None:
        return ()
    for node in page.tree.css("a[href]")[:_MOST_LINKS]:
        href = node.attributes.get("href") or ""
        if here["stem"] not in href and not href.startswith("?"):
            continue
        words = short_text(node, 20) or ""
        if not (match := _NUMBER.match(words) or _NEXT.match(words) or _REST.search(words)):
            continue
        url = resolve(page.base, href)
        if url is None or url in (page.url, first):
            continue
        number = _goes_on(first, here, url)
        if number is None and _REST.search(words) and _is_whole(here, url):
            found.setdefault(_WHOLE, url)
        if number is not None and (match.re is not _NUMBER or int(match[1]) in (number, number + 1)):
            found.setdefault(number, url)
    found |= {number: url for number, url in _written(page, here).items() if number not in found}
    return tuple(found[number] for number in sorted(found))[:_MAX_PAGES]


def frames(page: Page) -> tuple[str, ...]:
    """What a page is built of: the addresses of its frames."""
    urls = (resolve(page.base, node.attributes.get("src") or "") for node in page.tree.css("frame[src]")[:20])
    return tuple(dict.fromkeys(url for url in urls if url is not None and url != page.url))


def _part(url: str) -> re.Match[str] | None:
    name = urlsplit(url).path.rpartition("/")[2]
    return _PART.match(name) if name else None


def _goes_on(here: str, mine: re.Match[str], url: str) -> int | None:
    """Which part of the article an address is, by the article's own name with a number; None where it is another."""
    a, b = urlsplit(here), urlsplit(url)
    if a.netloc != b.netloc or a.path.rpartition("/")[0] != b.path.rpartition("/")[0]:
        return None
    if a.path == b.path:
        return _by_query(parse_qs(a.query), parse_qs(b.query))
    other = b.path.rpartition("/")[2]
    match = re.fullmatch(rf"{re.escape(mine['stem'])}[_-](\d{{1,2}}){re.escape(mine['ext'])}", other)
    return int(match[1]) if match else None


def _is_whole(mine: re.Match[str], url: str) -> bool:
    """Whether an address is the article's own name and a word more: t20150925_1_all.html."""
    name = urlsplit(url).path.rpartition("/")[2]
    return re.fullmatch(rf"{re.escape(mine['stem'])}[_-][a-z]{{2,8}}{re.escape(mine['ext'])}", name) is not None


def _by_query(a: dict[str, list[str]], b: dict[str, list[str]]) -> int | None:
    changed = {key for key in a.keys() | b.keys() if a.get(key) != b.get(key)}
    if len(changed) == 1 and (key := changed.pop()).lower() in _PAGE_KEYS and b.get(key, [""])[0].isdigit():
        number = int(b[key][0])
        return number if 1 < number < 100 else None
    return None


def _written(page: Page, here: re.Match[str]) -> dict[int, str]:
    """TRS: createPageHTML(3, 0, "t20150925_1", "html") writes the links to t20150925_1_1.html and _2.html."""
    match = _CREATE.search(page.text) if "createPageHTML" in page.text else None
    if match is None or match[2] != here["stem"]:
        return {}
    urls = {n: resolve(page.base, f"{match[2]}_{n}.{match[3]}") for n in range(1, min(int(match[1]), _MAX_PAGES))}
    return {number: url for number, url in urls.items() if url is not None}
