"""Where on an article's page the text is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from tracker.evidence.article.detached_content import boxes_beside, common, tables_beside
from tracker.evidence.page.flow import FRAME_TAGS, is_frame, lines_below
from tracker.evidence.page.nodes import up_from
from tracker.evidence.page.parsed import Node, Page, squeeze

#: Where the systems that county sites run on put the text.
_PLACES = (
    "#zoom, #Zoom, #ZOOM, #zoomcon, #UCAP-CONTENT, .TRS_Editor, .trs_editor_view, .TRS_UEDITOR, .v_news_content,"
    " [id^=vsb_content], .Custom_UnionStyle, #article-content, .article-content, #articleContent, .article_content,"
    " #artibody, .zwnr, .bt_content, .pages_content, .ewb-article-info, .article-conca, #js_content,"
    " [itemprop=articleBody]"
)
_LIKELY = (
    "#content, .content, .con, .text, .article, article, .detail, .zw, .nr, .wz, .txt, .xxgk_content, .news_content,"
    " #con, .conTxt, .info_content, .main"
)
_EMPTIED = (
    "#content, .content, article, .article, .detail, .zw, .nr, .wz, .txt, #txt, .xxgk_content, .news_content,"
    " .info_content, #con, .conTxt"
)
#: Lines of a page's head and foot, where the text has no place of its own.
_AROUND = re.compile(
    r"今天是|版权所有|copyright|ICP备|网站标识码|公网安备|公安机关备案|技术支持\s*[:：]|建议使用.{0,30}分辨率|^主办(?:单位)?\s*[:：]",
    re.IGNORECASE,
)
_TEXT_TAGS = {"p", "font", "strong", "b", "tr", "tbody", "li", "h1", "h2", "a", "em", "i", "u"}
_MOST_ALIKE = 1000
_MANY = 10  # links, as in a menu
_DEEPEST, _MOST_CHILDREN, _MAX_CELLS = 40, 2000, 40
#: A place is not where the text is if another block says this much, and so many times as much.
_ELSEWHERE, _TIMES = 600, 6


@dataclass(frozen=True, slots=True)
class Content:
    """Where the text is: one element, or several that a system keeps for its pieces.

    `sure`: places that systems keep for the text alone; else particulars and title may stand among it.
    `named`: found by its name, and not by how much it says.
    """

    nodes: tuple[Node, ...]
    sure: bool
    named: bool = True

    def lines(self) -> list[str]:
        """The text, line by line."""
        lines = [line for node in self.nodes for line in lines_below(node, sure=self.sure)]
        return lines if self.sure else [line for line in lines if not _AROUND.search(line) or "\t" in line]

    @property
    def linked(self) -> bool:
        """Whether more than half of it is links, and many."""
        if sum(len(node.css("a")) for node in self.nodes) < _MANY:
            return False
        return sum(map(_link_length, self.nodes)) * 2 > sum(map(own_length, self.nodes))

    def around(self) -> set[int]:
        """The elements that hold the text."""
        keys: set[int] = set()
        for node in self.nodes:
            above = node.parent
            while above is not None and above.mem_id not in keys:
                keys.add(above.mem_id)
                above = above.parent
        return keys


def content_of(page: Page) -> Content | None:
    """The element that holds the text: a known place, else the densest block; None for an empty page.

    With it the boxes and tables that stand apart from it.
    """
    found = _place_of(page)
    if found is None:
        return None
    apart = tuple(boxes_beside(found.nodes)) if found.named else ()
    nodes = (*apart, *found.nodes)  # the text's end stays the end: there it is signed
    if page.tree.css_first("table") is not None:
        nodes += tuple(tables_beside(page, nodes, found.around()))
    return found if len(nodes) == len(found.nodes) else replace(found, nodes=nodes)


def _place_of(page: Page) -> Content | None:
    body = page.tree.body
    if body is None:
        return None
    known, whole = _known(page), _said(body)
    if known is not None and _stands(known, whole):
        return known  # no block says more than the body does
    densest = _densest(body)
    elsewhere = _said(densest)
    for found in (known, _likely(page)):
        if found is not None and _stands(found, elsewhere):
            return found
    return Content((densest,), sure=False, named=False)


def _stands(content: Content, elsewhere: int) -> bool:
    """Whether no other block says so much more that the text must be there."""
    return elsewhere < _ELSEWHERE or elsewhere < sum(map(_said, content.nodes)) * _TIMES


def showing(page: Page) -> Content | None:
    """A place that is often the text, and shows a picture or a file instead of one."""
    for node in _once(page.tree.css(_LIKELY)[:60]):
        if node.css_first("img, iframe, embed, object, table, a") is not None and len(node.css("a")) < _MANY:
            return Content((node,), sure=False)
    return None


def empty_place(page: Page, *, likely: bool = False) -> Literal["", "empty", "scripted"]:
    """Whether the page has a place for its text and nothing in it; `scripted`: but a script that may fill it.
    `likely`: a place that often is the text, and not only those that always are."""
    places = _once(page.tree.css(_EMPTIED if likely else _PLACES)[:20])
    if not places or any(own_length(node) or _shows(node) for node in places):
        return ""
    return "scripted" if any(node.css_first("script") is not None for node in places) else "empty"


def _known(page: Page) -> Content | None:
    """The known places that hold something, those inside another left out; pictures alone are something."""
    nodes = [node for node in _once(page.tree.css(_PLACES)[:40]) if not is_frame(node)]
    said = [node for node in nodes if own_length(node)] or [node for node in nodes if _shows(node)][:1]
    keys = {node.mem_id for node in said}
    outer = [node for node in said if node.tag == "body"] or [
        node for node in said if not any(one.mem_id in keys for one in up_from(node.parent, 200))
    ]
    if len(outer) > 1 and (holder := common(outer)) is not None:
        return Content((holder,), sure=False)  # their headings stand between them
    return Content(tuple(outer), sure=True) if outer else None


def _once(nodes: list[Node]) -> list[Node]:
    """An element that several names find comes several times."""
    return list({node.mem_id: node for node in nodes}.values())


def _likely(page: Page) -> Content | None:
    """The longest of the places that are often the text, and are not mostly links."""
    best, most = None, 20
    for node in _once(page.tree.css(_LIKELY)[:60]):
        if len(node.text()) <= most:
            continue
        length, linked = own_length(node), _link_length(node)
        if length > most and linked <= 3 * (length - linked) and length - linked >= 15:
            best, most = node, length
    if best is None:
        return None
    name = best.attributes.get("class")
    named = page.tree.css("[class]" if name else "article")[:_MOST_ALIKE]
    alike = [node for node in named if node.tag == best.tag and node.attributes.get("class") == name]
    if len(alike) > 1 and (holder := common(alike)) is not None:
        best = holder
    return Content((best,), sure=False)


def _shows(node: Node) -> bool:
    return node.css_first("img, table, a, iframe, embed, object") is not None


def _densest(body: Node) -> Node:
    """The smallest block that holds most of the text which is not links."""
    current, whole = body, max(_said(body), 1)
    for _ in range(_DEEPEST):
        inner = [one for one in _children(current) if one.tag not in FRAME_TAGS and not is_frame(one)]
        best, most = None, 0
        for one in inner:
            if len(one.text()) > most and (said := _said(one)) > most:
                best, most = one, said
        if best is None or best.tag in _TEXT_TAGS or most * 10 < whole * 6:
            return current
        if best.tag in ("td", "span") and best.css_first("p, div, br, table, h1, h2, h3") is None:
            return current
        current = best
    return current


def _children(node: Node) -> list[Node]:
    """The elements below; a table that lays the page out is passed through to its cells."""
    children: list[Node] = []
    for child in node.iter():
        if child.tag in ("table", "tbody", "tr") and len(children) < _MAX_CELLS:
            children += child.css("td")[:_MAX_CELLS]
        else:
            children.append(child)
        if len(children) > _MOST_CHILDREN:
            break
    return children


def _said(node: Node) -> int:
    """How much an element says that is no link."""
    return own_length(node) - _link_length(node)


def own_length(node: Node) -> int:
    """How many characters an element says, scripts and white space left out."""
    scripts = sum(len(one.text()) for one in node.css("script, style, textarea, select, noscript"))
    return max(len(squeeze(node.text())) - scripts, 0)


def _link_length(node: Node) -> int:
    return sum(len(squeeze(one.text())) for one in node.css("a"))
