"""The short lines of an article's page in order, and where each stands: before, in or after its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tracker.evidence.content import Content
from tracker.evidence.page import Node, Page, squeeze

Zone = Literal["before", "text", "after"]

#: Blocks of a page that never hold the particulars of its article.
_ASIDE = {
    "nav", "menu", "foot", "footer", "copyright", "crumb", "breadcrumb", "friendlink", "comment", "comments",
    "pinglun", "reply", "related", "relate", "recommend", "hot", "rank", "ranking", "calendar", "clock", "weather",
}  # fmt: skip
_ASIDE_TAGS = {"nav", "footer", "aside", "style", "noscript", "template", "textarea", "select", "-comment", "iframe"}
_BREAKS = {
    "p", "div", "tr", "li", "br", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl", "dt", "dd", "section",
    "article", "blockquote", "center", "pre", "td", "th", "form", "header", "main", "hr", "caption", "tbody",
}  # fmt: skip
#: Cells count where they are empty too: nothing is a value.
_CELLS = {"td", "th", "dt", "dd"}
#: What a script writes in its place: document.write("2015-09-25").
_WRITTEN = re.compile(r"""["'(>]\s*((?:19|20)\d\d[-/年.]\d{1,2}[-/月.]\d{1,2}[^"'<)]{0,20})["'<)]""")
_DANGLING = re.compile(r"(?:时间|日期|发布于|发表于)\s*[:：]?\s*$")
_STARTED = re.compile(r"评论|留言|网友|相关|推荐|热门|最新|上一[篇条]|下一[篇条]|猜你喜欢")
_MAX_BLOCK, _MAX_BLOCKS, _MAX_STEPS = 400, 6000, 60_000


@dataclass(slots=True)
class Block:
    """A line as it stands. `linked`: how many of its characters are links; `node`: what it stands in."""

    text: str
    zone: Zone
    linked: int
    node: Node
    tag: str


class _Collector:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.zone: Zone = "before"
        self.pieces: list[str] = []
        self.linked = 0

    def close(self, node: Node, tag: str) -> None:
        text = squeeze(" ".join(self.pieces)) if self.pieces else ""
        if text or tag in _CELLS:
            self.blocks.append(Block(text[:_MAX_BLOCK], self.zone, self.linked, node, tag))
        self.pieces, self.linked = [], 0

    def script(self, text: str) -> None:
        """A date that a script writes behind a label."""
        if not self.pieces or len(text) > 500 or not _DANGLING.search(" ".join(self.pieces[-3:])):
            return
        if match := _WRITTEN.search(text):
            self.pieces.append(match[1])


def blocks_of(page: Page, content: Content | None) -> list[Block]:
    """The blocks in document order, what stands around the article left out."""
    body = page.tree.body
    if body is None:
        return []
    texts = {node.mem_id for node in content.nodes} if content is not None else set()
    collector = _Collector()
    stack: list[tuple[Node, int]] = [(body, 0)]  # with 1: to be left; 2: inside a link
    for _ in range(_MAX_STEPS):
        if not stack or len(collector.blocks) > _MAX_BLOCKS:
            break
        node, state = stack.pop()
        if state == 1:
            collector.close(node, node.tag or "")
            if node.mem_id in texts:
                collector.zone = "after"
            continue
        if node.is_text_node:
            text = node.text_content or ""
            if text.strip():
                collector.pieces.append(text)
                collector.linked += len(text.strip()) if state == 2 else 0
            continue
        _enter(node, state, texts, collector, stack)
    if content is not None and not content.sure:
        _set_apart(collector.blocks)
    return _before_the_rest(collector.blocks)


def _set_apart(blocks: list[Block]) -> None:
    """Where title and particulars stand among the text, what comes before its first sentence is not yet the text."""
    places = [place for place, block in enumerate(blocks) if block.zone == "text"]
    prose = [place for place in places if is_prose(blocks[place].text)]
    for place in places:
        if prose and place < prose[0]:
            blocks[place].zone = "before"
        elif prose and place > prose[-1]:
            blocks[place].zone = "after"


def is_prose(text: str) -> bool:
    """Whether a block is a paragraph and no title or line of particulars."""
    return len(text) >= 60 or "。" in text


def _enter(node: Node, state: int, texts: set[int], collector: _Collector, stack: list[tuple[Node, int]]) -> None:
    tag = node.tag or ""
    if tag == "script":
        collector.script(node.text() or "")
        return
    is_text = node.mem_id in texts
    if tag in _ASIDE_TAGS or (not is_text and tag != "body" and _is_aside(node)):
        return
    if tag in _BREAKS or is_text:
        collector.close(node, "")
        stack.append((node, 1))
        if is_text:
            collector.zone = "text"
    linked = 2 if state == 2 or tag == "a" else 0
    child = node.last_child
    while child is not None:
        stack.append((child, linked))
        child = child.prev


def _is_aside(node: Node) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
    return named != " " and not _ASIDE.isdisjoint(re.split(r"[^a-z]+", named))


def _before_the_rest(blocks: list[Block]) -> list[Block]:
    """Ends where after the text comments or a list of other articles begins."""
    for place, block in enumerate(blocks):
        if block.zone == "after" and len(block.text) <= 40 and _STARTED.search(block.text):
            return blocks[:place]
    return blocks
