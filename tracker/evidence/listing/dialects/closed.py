"""What a column's page says of the column itself: that it is kept no longer, or elsewhere."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tracker.evidence.page.parsed import Node, Page, resolve, short_text

#: Characters of a notice, and elements that are looked at.
_NOTICE, _MOST = 160, 5000
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDING = re.compile(r"(?<![a-z])(?:hide|hidden|none|d-none|fn-hide)(?![a-z])", re.IGNORECASE)
#: A column that is kept no longer, or elsewhere.
_CLOSED_WORDS = (
    "停止更新",
    "不再更新",
    "停用",
    "迁移",
    "搬迁",
    "迁至",
    "整合",
    "新版",
    "新网",
    "新站",
    "新门户",
    "新地址",
    "停更",
)
_CLOSED = re.compile(
    r"(?:本|该|此)(?:栏目|频道|页面|版块|网站|站点|网|站)[^。；]{0,24}(?:停止更新|不再更新|停更|停用|(?:迁移|搬迁|迁|整合|并入)(?:至|到|入)|不再(?:使用|维护))"
    r"|(?:新|最新)(?:版|的)?(?:网站|栏目|信息|内容|公告)[^。；]{0,10}请(?:您)?(?:到|至|点击|访问|登[录陆]|前往|移步|浏览|查看)"
    r"|请(?:您)?(?:到|访问|登[录陆]|前往|移步|浏览|关注)[^。；]{0,6}新(?:版|的)?(?:网站|门户|栏目|地址|站)"
)


def says_closed(page: Page) -> bool:
    """Whether a line of the page says that the column is kept no longer, or elsewhere; one that is a link, only
    where it leads to another site: else it may be an entry's title."""
    if not page.says(*_CLOSED_WORDS):
        return False
    for link in page.tree.css("a[href]")[:_MOST]:
        text = short_text(link, _NOTICE)
        if text and _CLOSED.search(text) is not None and _leads_away(page, link) and not _is_hidden(link):
            return True
    for node in page.tree.css("p, div, span, li, td, em, font, center, strong, b, h2, h3, h4, marquee")[:_MOST]:
        text = short_text(node, _NOTICE)
        if not text or _CLOSED.search(text) is None or is_shut(node):
            continue
        links = "".join(one.text() for one in node.css("a"))
        if len(links) * 2 < len(text):
            return True
    return False


def _leads_away(page: Page, link: Node) -> bool:
    """Whether a link leads to another site, and not from a row of entries."""
    holder = link.parent
    url = resolve(page.base, link.attributes.get("href") or "")
    there, here = urlsplit(url or "").netloc, urlsplit(page.url).netloc
    row = holder is not None and holder.tag in ("li", "td", "dd")
    return bool(there) and there.removeprefix("www.") != here.removeprefix("www.") and not row


def is_shut(node: Node) -> bool:
    """Whether it is a title, or what only a script would show."""
    above: Node | None = node
    for _ in range(6):
        if above is None or above.tag == "body":
            break
        if above.tag == "a":
            return True
        above = above.parent
    return _is_hidden(node)


def _is_hidden(node: Node) -> bool:
    above: Node | None = node
    for _ in range(6):
        if above is None or above.tag == "body":
            break
        known = above.attributes
        if "hidden" in known or _HIDDEN.search(known.get("style") or ""):
            return True
        if _HIDING.search(known.get("class") or ""):
            return True
        above = above.parent
    return False
