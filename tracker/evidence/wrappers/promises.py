"""How many pages or rows a page says that its list has."""

from __future__ import annotations

import re

from tracker.evidence.page.parsed import Node, Page, short_text, squeeze

_PAGES = re.compile(
    r"(?:共|总共|共计|总)\s*(\d{1,5})\s*[页頁]|[页頁]\s*(?:次|码|数)?\s*[:：]?\s*\d{1,5}\s*/\s*(\d{1,5})"
    r"|第?\s*\d{1,5}\s*/\s*(\d{1,5})\s*[页頁]|总[页頁]数\s*[:：]?\s*(\d{1,5})"
    r"|共\s*\d{1,6}\s*条\s*\d{1,5}\s*/\s*(\d{1,5})(?![\d/-])"
)
_ITEMS = re.compile(r"(?:共|总共|共计|共有)\s*(\d{1,6})\s*(?:条|篇|项)")
_UNSEEN = frozenset({"script", "style", "noscript", "template", "textarea", "option", "title", "head"})
#: What stands around a number of pages or rows; other words of so many characters call another part of the page.
_AROUND = re.compile(
    r"[^\u4e00-\u9fff]|[第共总计页条记录数量当前首尾末上下一后转到至跳显示每有为个项篇信息文章内容公告通知件新闻检索结果约本栏目去确定]"
)
_OTHER, _BLOCK, _ROW = 3, 120, 8


def promise_in(said: str) -> tuple[int | None, int | None]:
    """Return how many pages and rows a text promises."""
    pages, items = _PAGES.search(said), _ITEMS.search(said)
    return (_number(pages)[0] or None) if pages else None, int(items[1]) if items else None


def promised(page: Page, number: int, seen: int) -> tuple[int | None, int | None]:
    """Return how many pages and rows a page promises; it is the `number`-th of its column, and so many rows were seen.

    A number that would be met tells of the list only where it is the pager's: what stands amid other words, or is
    written by a script, is not.
    """
    pages = items = None
    for match in _PAGES.finditer(page.visible):
        count, at = _number(match)
        if count and pages is None and (count > number or not _is_apart(page, at)):
            pages = count
    for match in _ITEMS.finditer(page.visible):
        if items is None and (int(match[1]) > seen or not _is_apart(page, match.start(1))):
            items = int(match[1])
    return pages, items


def _number(match: re.Match[str]) -> tuple[int, int]:
    group = next(group for group in range(1, len(match.groups()) + 1) if match[group])
    return int(match[group]), match.start(group)


def _is_apart(page: Page, at: int) -> bool:
    """Return whether a number at a place of the visible text stands in a part of its own, or is a script's."""
    node, place = None, 0
    for _, holder, tag, text in page.pieces:
        if text and tag not in _UNSEEN and (words := squeeze(text)):
            node, place = holder, place + len(words) + 1
            if place > at:
                break
    if node is None or _is_written(page, node):
        return node is not None
    said = ""
    while node is not None and node.tag not in ("body", "html"):
        text_of = short_text(node, _BLOCK)
        if text_of is None or any(len(squeeze(link.text())) >= _ROW for link in node.css("a")[:20]):
            break
        said, node = text_of, node.parent
    for name in re.split(r"[-_|—–\s]+", page.title):
        said = said.replace(name, "") if len(name) > 1 else said
    return len(_AROUND.sub("", said)) >= _OTHER


def _is_written(page: Page, node: Node) -> bool:
    """Return whether a script of the page names an element by its mark."""
    mark = node.attributes.get("id") or ""
    return bool(mark) and re.search(rf"""["'#]{re.escape(mark)}["']""", page.scripts) is not None
