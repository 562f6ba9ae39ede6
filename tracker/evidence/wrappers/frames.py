"""Pages whose list stands in a frame: the page is only what is around it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tracker.evidence.page.parsed import Node, Page, resolve
from tracker.evidence.wrappers.values import Ask, Listing

#: Frames of the county's own host that hold no list.
_OTHER = re.compile(
    r"weather|tianqi|login|search|share|map\b|ditu|video|player|count|stat\b|hits|banner|top\b|head|foot|left|menu|nav|tree",
    re.IGNORECASE,
)
_LIST = re.compile(r"list|main|content|right|lanmu|column|lm\b|news|info|xxgk|iframepage|center|data", re.IGNORECASE)


def sole_frame(page: Page) -> Listing | None:
    """Where a page without a list sends its reader: the one frame that can hold it. None where none can."""
    frames = _frames(page)
    if len(frames) > 1:
        frames = {url: named for url, named in frames.items() if _LIST.search(named)} or frames
    if not frames:
        return None
    if len(frames) > 1:
        return Listing(understood=False, reason="页面由多个框架拼成，分不清哪个是栏目的列表")
    return Listing(dialect="frame", parts=tuple(Ask(url) for url in frames))


def _frames(page: Page) -> dict[str, str]:
    """The frames of the page's own host that a reader can see, each with what it is called."""
    found: dict[str, str] = {}
    for node in page.tree.css("iframe[src], frame[src]")[:20]:
        src = node.attributes.get("src") or ""
        url = resolve(page.base, src)
        if url is None or url == page.url or urlsplit(url).netloc != urlsplit(page.url).netloc or _hidden(node):
            continue
        named = " ".join((src, *(node.attributes.get(name) or "" for name in ("id", "name", "class", "title"))))
        if not _OTHER.search(named):
            found.setdefault(url, named)
    return found


def _hidden(node: Node) -> bool:
    style = (node.attributes.get("style") or "").replace(" ", "").lower()
    small = any((node.attributes.get(side) or "").strip() in ("0", "1", "0px") for side in ("width", "height"))
    return small or "display:none" in style or "visibility:hidden" in style
