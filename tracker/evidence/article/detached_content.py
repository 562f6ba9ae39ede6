"""What belongs to a text and stands apart from its place: the other boxes of the same name, tables beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tracker.evidence.page.flow import FRAME_TAGS, is_frame
from tracker.evidence.page.grid import cells_of, lays_out, table_rows
from tracker.evidence.page.nodes import names_of, up_from
from tracker.evidence.page.parsed import Node, Page, short_text, squeeze

#: A table of these is the head of the article, a calendar, or a form of the site.
_NOT_ITS_OWN = re.compile(
    r"索\s*引\s*号|发布(?:机构|时间|日期)|来\s*源\s*[:：]?|浏览|点击|阅读|作者|发文字号|主题分类|日\s*一\s*二\s*三\s*四|周[一日]\s*周|登\s*录|搜\s*索|天气|在线人数|访问量|友情链接|版权所有"
)
_MOST_TABLES, _MOST_TAKEN, _ROWS = 60, 10, 20
#: What is said of an article, around it and behind it, and not by it.
_PARTICULARS = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d|日期|时间\s*[:：]|来\s*源|作者|编辑|审核|浏览|点击|阅读|字[体号]|打印|关闭|分享|收藏|扫一扫|上一[篇条页]|下一[篇条页]|相关|推荐|评论|留言"
    r"|声明|版权|主办|承办|备案|ICP|位置|首页|索引号|文号|没有了|访问|网友|满意|评价|纠错|微信|微博"
)
_BOXES = {"div", "p", "ul", "ol", "section", "dl", "blockquote"}
_ACTIVE = "a, input, select, textarea, button, script, table, iframe"
_MOST_BOXES, _SHORTEST, _LONGEST = 40, 6, 3000
_BESIDE = 2  # boxes side by side may have so many times the text that stands in them, with their headings


def common(nodes: Sequence[Node]) -> Node | None:
    """The element that holds several boxes with their headings, and little else; None where it holds more."""
    paths = [[one.mem_id for one in up_from(node.parent)] for node in nodes]
    shared = set(paths[0]).intersection(*paths[1:])
    holder = next((one for one in up_from(nodes[0].parent) if one.mem_id in shared), None)
    if holder is None:
        return None
    inside = sum(len(squeeze(node.text())) for node in nodes)
    linked = sum(len(squeeze(one.text())) for one in holder.css("a"))
    whole = len(squeeze(holder.text()))
    return holder if whole <= _BESIDE * inside and linked * 3 <= whole else None


def tables_beside(page: Page, nodes: Sequence[Node], around: set[int]) -> Iterator[Node]:
    """Tables of figures outside the place of the text, and in no frame of the site. `around`: what holds that place."""
    if any(node.tag == "body" for node in nodes):
        return
    taken = {node.mem_id for node in nodes}
    count = 0
    for table in page.tree.css("table")[:_MOST_TABLES]:
        if table.mem_id in around or not _is_of_figures(table):
            continue
        if any(one.mem_id in taken or _leads_away(one, around) for one in up_from(table)):
            continue
        taken.add(table.mem_id)
        count += 1
        yield table
        if count >= _MOST_TAKEN:
            return


def boxes_beside(nodes: Sequence[Node]) -> Iterator[Node]:
    """Boxes next to the place of the text, in what holds its title too, that lead nowhere and are no particulars."""
    parent = nodes[0].parent
    if parent is None or parent.tag in ("body", "html", "tr", "tbody", "table"):
        return
    around = [one for one in parent.iter() if one.mem_id != nodes[0].mem_id][:_MOST_BOXES]
    if not any(_is_title(one) for one in around):
        return
    for one in around:
        if one.tag not in _BOXES or _is_title(one) or is_frame(one) or one.css_first(_ACTIVE) is not None:
            continue
        text = short_text(one, _LONGEST, " ")
        if text is None or (len(text) >= _SHORTEST and _PARTICULARS.search(text) is None):
            yield one


def _is_title(node: Node) -> bool:
    if node.tag in ("h1", "h2"):
        return True
    named = names_of(node)
    return "title" in named or "biaoti" in named or node.css_first("h1") is not None


def _leads_away(node: Node, around: set[int]) -> bool:
    if node.mem_id in around:
        return False
    return node.tag in FRAME_TAGS or node.tag in ("li", "form") or is_frame(node)


def _is_of_figures(table: Node) -> bool:
    """Whether a table has rows and columns of words, and neither links nor fields."""
    rows = table_rows(table)[:_ROWS]
    full = sum(sum(bool(cell.text().strip()) for cell in cells_of(row)) >= 2 for row in rows)
    fields = table.css_first("input, select, img") is not None
    if full < 2 or fields or len(table.css("table")) > 1 or lays_out(table, rows):
        return False
    text = squeeze(table.text())
    linked = sum(len(squeeze(one.text())) for one in table.css("a"))
    return linked * 3 <= len(text) and _NOT_ITS_OWN.search(text) is None
