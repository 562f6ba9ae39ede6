"""What leads on from a list without words of its own: pictures of arrows, and addresses with a number put in."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tracker.evidence.page.parsed import Node, Page, resolve, squeeze


def pictured(node: Node) -> str:
    """What a picture in a link stands for: by its words, else by the name of its file."""
    picture = node.css_first("img")
    if picture is None:
        return ""
    words = squeeze(picture.attributes.get("alt") or picture.attributes.get("title") or "")
    name = _DRAWN_AS.search(picture.attributes.get("src") or "") if not words else None
    return {"n": "下一页", "x": "下一页", "l": "尾页", "w": "尾页"}[name[1][0].lower()] if name else words


_DRAWN_AS = re.compile(
    r"(?:^|[/_-])(next(?:_?page)?|xiayiye|xyy|last(?:_?page)?|weiye|wy)\d?\.(?:gif|png|jpe?g)$", re.IGNORECASE
)


def arrow(urls: list[str], here: int, last: int, own: str) -> str | None:
    """Of the arrows the one that leads on: by the number in its address, or the only one of the first page."""
    if here >= last:
        return None
    for url in urls:
        numbers = re.findall(r"\d+", url.partition("//")[2])
        if numbers and numbers[-1].lstrip("0") == str(here + 1):
            return url
    return urls[0] if here == 1 and len(urls) == 1 and urls[0] != own else None


def leads_on(page: Page, node: Node) -> bool:
    """Whether a link's address is the list's own with a number put in."""
    url = resolve(page.base, node.attributes.get("href") or "")
    here = re.sub(r"/page/\d+/?$", "/", page.url.partition("?")[0])
    return url is not None and (_PAGE_IN.fullmatch(url[len(here) :]) is not None if url.startswith(here) else False)


#: What stands behind the address of a list in that of its further pages.
_PAGE_IN = re.compile(r"(?:page/|index_|list_)?\d{1,4}(?:/|\.s?html?)?|\?(?:[\w=&-]*&)?(?:page|paged|p|pn)=\d{1,4}")


def counted_on(url: str, further: bool | None, total: int = 0) -> str | None:
    """The address with its page number raised by one, where it has one and there are `further` pages.

    None for `further`: as `total` says. Should the site take no notice, the next page shows what was seen already.
    """
    parts = urlsplit(url)
    fields = parse_qsl(parts.query, keep_blank_values=True)
    for place, (name, value) in enumerate(fields):
        if name.lower() in _PAGE_FIELDS and value.isdigit() and int(value[:6]) > 0:
            if not (int(value[:6]) < total if further is None else further):
                return None
            fields[place] = (name, str(int(value) + 1))
            return urlunsplit(parts._replace(query=urlencode(fields)))
    return None


_PAGE_FIELDS = {"page", "pageno", "pagenum", "pageindex", "currentpage", "curpage", "pagenumber", "nowpage", "pn"}
