"""What a list's page shows of its own state: that it breaks off, that its program died, that it is kept no longer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from tracker.core.values.facts import Sighting
from tracker.evidence.page.nodes import is_hidden, up_from
from tracker.evidence.page.parsed import Node, Page, resolve, short_text

#: One of these stands in whatever is looked for below.
_WORDS = (
    "(?i)fatal error", "(?i)parse error", "(?i)error '", "(?i)exception", "(?i)http status", "(?i)ora-",
    "(?i)traceback", ".java:", ".jsp:", "错误", "失败", "加载", "载入", "读取", "未能", "忙", "超时",
)  # fmt: skip
#: The traces of programs, that no title and no sentence of an editor holds.
_TRACE = re.compile(
    r"(?:Fatal|Parse|Catchable fatal) error\s*:.{1,400}?\bon line\b|HTTP Status [45]\d\d\b"
    r"|(?:错误|error)\s*['‘’\"]\s*(?:ASP\s?\d{4}|[0-9a-f]{8})\s*['‘’\"]|\bORA-\d{5}\b|Traceback \(most recent call"
    r"|\bat [\w$.<>]+\([\w$]+\.(?:java|kt|jsp):\d+\)|\b(?:java|javax|org|com|System)\.[\w.$]*(?:Exception|Error)\b",
    re.IGNORECASE,
)
#: The same said politely, in an element of its own.
_PARTLY = re.compile(
    r"(?:数据|列表|内容|信息|记录|条目)[^。，,]{0,6}(?:加载|载入|读取|获取|查询|显示)(?:失败|不全|不完整|出错|错误|异常|超时|中断)"
    r"|(?:数据|列表|内容|信息|记录|条目)[^。，,]{0,4}(?:未能?|没有|无法)(?:全部|完全|完整|正常)?(?:加载|载入|读取|获取|显示)"
    r"|(?:加载|载入|读取|获取|查询)(?:数据|列表|内容|信息|记录)?(?:失败|出错|超时|异常)|(?:系统|服务器|数据库|网络)(?:正?忙|繁忙)"
)
_LONGEST, _MOST = 60, 5000
#: The end of a row, and nothing behind it.
_ROW_ENDS = re.compile(r"</(?:li|tr|dd|p|div|a)>\s*$", re.IGNORECASE)
#: What holds a list, or lays a page out.
_HOLDER = re.compile(r"<(/?)(table|ul|ol|dl|div|form|center|section|main)\b", re.IGNORECASE)
#: A list is the whole of these; a table may be one row.
_LISTS = {"ul", "ol", "dl"}


def breaks_off(page: Page, rows: Sequence[Sighting], *, is_further: bool = False) -> bool:
    """Whether nothing behind a page's rows shows that it came whole: its end, a foot, or the end of what holds them.

    A further page may be a piece of one, of rows alone: there it is the end of a row.
    """
    if page.torn:
        return True
    if is_further and rows and not page.is_begun and _ROW_ENDS.search(page.text[-200:]) is not None:
        return False
    if page.kind == "xml":
        # What is parsed as a document, a feed or a sitemap, is not understood when it breaks off.
        return "<datastore" in page.lowered and "</datastore" not in page.lowered
    if not rows:
        return page.is_begun and not page.has_end()
    return not (page.has_end(_end_of(page, rows[-1])) or closed_behind(page, [one.url for one in rows]))


def _end_of(page: Page, row: Sighting) -> int:
    """Where in the markup a row's link or title stands for the last time, whichever is later."""
    title, link = page.text.rfind(row.title), page.text.rfind(row.url.rpartition("/")[2] or row.url)
    return max(title + len(row.title) if title >= 0 else 0, link, 0)


def died(page: Page) -> bool:
    """Whether a page says that its program ended before its list did."""
    if not page.says(*_WORDS):
        return False
    return _TRACE.search(page.visible) is not None or any(map(_says_partly, _small(page)))


def _small(page: Page) -> Sequence[Node]:
    return (
        page.tree.css("p, div, span, li, td, em, font, center, strong, b")[:_MOST]
        if _PARTLY.search(page.visible)
        else ()
    )


def _says_partly(node: Node) -> bool:
    text = short_text(node, _LONGEST)
    if not text or _PARTLY.search(text) is None or node.css_first("a") is not None:
        return False
    return not _is_shut(node)


def closed_behind(page: Page, urls: Sequence[str]) -> bool:
    """Whether a page that never says that it ends has closed what its list stands in, and all else that it opened.

    A page that breaks off leaves open what stands around its list. `urls`: what the rows lead to, in order.
    """
    text = page.text
    places = [place for one in (urls[0], urls[-1]) if (place := _place(text, one)) >= 0]
    if len(places) < 2:
        return False
    first, last = min(places), max(places)
    depth, shallow, opened = 0, -1, ""
    for tag in _HOLDER.finditer(text):
        if tag.start() > first and shallow < 0:
            shallow = depth
        depth += -1 if tag[1] else 1
        if tag.start() < first:
            opened = tag[2].lower() if not tag[1] else opened
        elif tag.start() < last:
            shallow = min(shallow, depth)
    if first == last and opened not in _LISTS:
        shallow -= 1  # a table of one row may be followed by others
    return depth <= 0 < shallow


def _place(text: str, url: str) -> int:
    """Where a row's link stands in the markup, by the last part of its address."""
    return text.find(url.rpartition("/")[2] or url)


# -- a column that is kept no longer ------------------------------------------------------------

#: Characters of a notice.
_NOTICE = 160
#: A column that is kept no longer, or elsewhere.
_CLOSED_WORDS = (
    "停止更新", "不再更新", "停用", "迁移", "搬迁", "迁至", "整合", "新版", "新网",
    "新站", "新门户", "新地址", "停更",
)  # fmt: skip
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
        if text and _CLOSED.search(text) is not None and _leads_away(page, link) and not is_hidden(link):
            return True
    for node in page.tree.css("p, div, span, li, td, em, font, center, strong, b, h2, h3, h4, marquee")[:_MOST]:
        text = short_text(node, _NOTICE)
        if not text or _CLOSED.search(text) is None or _is_shut(node):
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


def _is_shut(node: Node) -> bool:
    """Whether it is a title, or what only a script would show."""
    return any(one.tag == "a" for one in up_from(node, 6)) or is_hidden(node)
