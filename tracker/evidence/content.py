"""The text proper of an article's page, without its frame, and the files it links."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.core.facts import Attachment
from tracker.evidence.page import Node, Page, resolve, short_text, squeeze, text_of

#: Where the systems that county sites run on put the text.
_PLACES = (
    "#zoom, #Zoom, #ZOOM, #UCAP-CONTENT, .TRS_Editor, .trs_editor_view, .v_news_content, [id^=vsb_content],"
    " .Custom_UnionStyle, #article-content, .article-content, #articleContent, .article_content, #artibody, .zwnr,"
    " .bt_content, .pages_content, .ewb-article-info, [itemprop=articleBody], article"
)
_LIKELY = (
    "#content, .content, .con, .text, .article, .detail, .zw, .nr, .wz, .txt, .xxgk_content, .news_content, #con,"
    " .conTxt, .info_content, .main"
)
_FRAME_TAGS = {
    "script", "style", "noscript", "nav", "footer", "header", "aside", "form", "select", "button", "template",
    "textarea", "iframe",
}  # fmt: skip
_FRAME_WORDS = {
    "nav", "menu", "foot", "footer", "copyright", "crumb", "breadcrumb", "location", "share", "print", "sidebar",
    "header", "pager", "related", "friendlink",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "tr", "li", "br", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl", "dt", "dd", "section",
    "article", "blockquote", "center", "pre",
}  # fmt: skip
_LINE_NOISE = re.compile(
    r"^\s*(?:【?(?:打印|关闭|收藏|字体|字号|分享|返回顶部|大|中|小)】?[\s|]*){1,12}$"
    r"|^(?:浏览|点击|阅读|访问)(?:次数|量|数)?\s*[:：]?\s*\d*\s*次?$|^上一篇|^下一篇|^(?:作者|编辑|责任编辑)\s*[:：]?\s*$"
)
_FILE = re.compile(r"\.(docx?|xlsx?|pdf|wps|et|ofd|zip|rar|7z|txt|csv|pptx?|dps|rtf)(?:$|[?#])", re.IGNORECASE)
_FILE_SERVICE = re.compile(r"download|downfile|/attach|fileid=|getfile|filedown", re.IGNORECASE)
_IMAGE = re.compile(r"\.(jpe?g|png|gif|bmp|tiff?)(?:$|\?)", re.IGNORECASE)
MAX_TEXT = 500_000
_MAX_FILES = 100


@dataclass(frozen=True, slots=True)
class Content:
    """Where the text is. `sure`: in a place that systems keep for the text alone, particulars left out."""

    node: Node
    sure: bool

    def keys(self) -> set[int]:
        """The elements that are the text, or hold it."""
        keys = {node.mem_id for node in self.node.traverse()}
        above = self.node.parent
        while above is not None and len(keys) < 1_000_000:
            keys.add(above.mem_id)
            above = above.parent
        return keys


def content_of(page: Page) -> Content | None:
    """The element that holds the text: a known place, else the densest block; None for an empty page."""
    body = page.tree.body
    if body is None:
        return None
    known = _longest(page.tree.css(_PLACES)[:20])
    if known is not None:
        return Content(known, sure=True)
    likely = _longest(page.tree.css(_LIKELY)[:40], fewest_links=True)
    return Content(likely if likely is not None else _densest(body), sure=False)


def _longest(nodes: list[Node], *, fewest_links: bool = False) -> Node | None:
    best, most = None, 20 if fewest_links else 0
    for node in nodes:
        length = _own_length(node)
        if fewest_links and _link_length(node) * 2 > length:
            continue
        if length > most or (
            best is None and not fewest_links and node.css_first("img, table, a, iframe, embed, object")
        ):
            best, most = node, length
    return best


def _densest(body: Node) -> Node:
    """The smallest block that holds most of the text which is not links."""
    current, whole = body, max(_own_length(body) - _link_length(body), 1)
    for _ in range(40):
        inner = [child for child in _children(current) if child.tag not in _FRAME_TAGS and not _is_frame(child)]
        best = max(inner, key=lambda one: _own_length(one) - _link_length(one), default=None)
        if best is None or best.tag in ("p", "span", "font", "strong", "b", "tr", "td", "tbody", "li", "h1", "h2"):
            return current
        if (_own_length(best) - _link_length(best)) * 10 < whole * 6:
            return current
        current = best
    return current


def _children(node: Node) -> list[Node]:
    return list(node.iter())


def _own_length(node: Node) -> int:
    scripts = sum(len(one.text()) for one in node.css("script, style"))
    return len(squeeze(node.text())) - scripts


def _link_length(node: Node) -> int:
    return sum(len(squeeze(one.text())) for one in node.css("a"))


def _is_frame(node: Node) -> bool:
    attributes = node.attributes
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
    return bool(named.strip()) and not _FRAME_WORDS.isdisjoint(re.split(r"[^a-z]+", named))


def text_below(root: Node) -> str:
    """The text in lines; a table row is a line, its cells parted by tabs, so that an empty cell shows."""
    out: list[str] = []
    skipped: set[int] = set()
    size = 0
    for node in root.traverse(include_text=True):
        parent = node.parent
        if node.mem_id != root.mem_id and parent is not None and parent.mem_id in skipped:
            skipped.add(node.mem_id)
            continue
        if node.is_text_node:
            text = text_of(node)
            size += len(text)
            if size > MAX_TEXT:
                break
            out.append(re.sub(r"\s+", " ", text))
        elif node.tag in _FRAME_TAGS or node.tag == "-comment" or (node.mem_id != root.mem_id and _is_frame(node)):
            skipped.add(node.mem_id)
        elif node.tag in ("td", "th"):
            out.append("\t")
        elif node.tag in _BLOCKS and not _in_cell(node):
            out.append("\n")
    return _tidy("".join(out))


def _in_cell(node: Node) -> bool:
    parent = node.parent
    for _ in range(4):
        if parent is None or parent.tag in ("table", "body"):
            return False
        if parent.tag in ("td", "th"):
            return node.tag in ("p", "br", "div") and short_text(parent, 200) is not None
        parent = parent.parent
    return False


def _tidy(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        cells = [squeeze(cell) for cell in line.split("\t")]
        while cells and not cells[0]:
            cells.pop(0)
        joined = "\t".join(cells)
        if joined.strip() and not _LINE_NOISE.match(joined):
            lines.append(joined)
    return "\n".join(lines)


def attachments(page: Page, content: Node | None, *, short: bool) -> tuple[Attachment, ...]:
    """The files that the text links; where it says next to nothing, its pictures and viewers too."""
    found: dict[str, Attachment] = {}
    inside = content.css("a[href]") if content is not None else []
    for node in [*inside, *page.tree.css("a[href]")]:
        href = node.attributes.get("href") or ""
        url = resolve(page.base, href) if _FILE.search(href) or _FILE_SERVICE.search(href) else None
        if url is None or url in found:
            continue
        name = squeeze(node.text()) or squeeze(node.attributes.get("title") or "") or url.rpartition("/")[2]
        found[url] = Attachment(name[:300], url)
        if len(found) >= _MAX_FILES:
            break
    if short and content is not None:
        for node in content.css("img[src], embed[src], iframe[src], object[data]")[:20]:
            url = resolve(page.base, node.attributes.get("src") or node.attributes.get("data") or "")
            if url is not None and (node.tag != "img" or _IMAGE.search(url)):
                found.setdefault(url, Attachment(squeeze(node.attributes.get("alt") or "") or "图片", url))
    return tuple(found.values())
