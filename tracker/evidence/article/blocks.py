"""The short lines of an article's page in order, and where each stands: before, in or after its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tracker.evidence.article.content import Content
from tracker.evidence.page.nodes import names_of
from tracker.evidence.page.parsed import Node, Page, squeeze

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
_INLINE = {"a", "span", "font", "b", "strong", "em", "i", "u", "small", "big", "img", "sub", "sup", "label"}
#: Cells count where they are empty too: nothing is a value.
_CELLS = {"td", "th", "dt", "dd"}
#: What a script writes in its place: document.write("2015-09-25").
_WRITTEN = re.compile(r"""["'(>]\s*((?:19|20)\d\d[-/年.]\d{1,2}[-/月.]\d{1,2}[^"'<)]{0,20})["'<)]""")
_WRITTEN_WHOLE = re.compile(
    r"""\bwrite(?:ln)?\s*\(\s*["'](?:<[^"'>]*>)?\s*((?:发布|发表|公开|录入|添加)(?:时间|日期)\s*[:：]\s*(?:19|20)\d\d[-/年.]\d{1,2}[-/月.]\d{1,2}日?(?:\s\d{1,2}:\d{2}(?::\d{2})?)?)"""
)
_DANGLING = re.compile(r"(?:时间|日期|发布于|发表于)\s*[:：]?\s*$")
_STARTED = re.compile(r"评论|留言|网友|相关|推荐|热门|最新|上一[篇条]|下一[篇条]|猜你喜欢")
_MAX_BLOCK, _MAX_BLOCKS, _MAX_STEPS = 400, 6000, 60_000
#: How far into a text particulars may stand.
_HEAD = 40


@dataclass(slots=True)
class Block:
    """A line as it stands. `linked`: how many of its characters are links; `node`: what it stands in."""

    text: str
    zone: Zone
    linked: int
    node: Node
    tag: str


class _Collector:
    def __init__(self, content: Content | None) -> None:
        self.blocks: list[Block] = []
        self.zone: Zone = "before"
        self.pieces: list[str] = []
        self.linked = 0
        self.texts = {node.mem_id for node in content.nodes} if content is not None else set()
        self.around = content.around() if content is not None else set()
        self.left = _HEAD if content is not None and content.sure else _MAX_BLOCKS

    def close(self, node: Node, tag: str) -> None:
        text = squeeze(" ".join(self.pieces)) if self.pieces else ""
        if text or tag in _CELLS:
            self.blocks.append(Block(text[:_MAX_BLOCK], self.zone, self.linked, node, tag))
            self.left -= self.zone == "text"
        self.pieces, self.linked = [], 0

    def leave(self, node: Node) -> None:
        tag = node.tag or ""
        if self.pieces or tag in _CELLS:
            self.close(node, tag)
        if node.mem_id in self.texts:
            self.zone = "after"

    def enter(self, node: Node) -> int:
        """How to go on below an element: -1 not at all, 1 as in a block that is left again, 2 as in a link, else 0."""
        tag = node.tag or ""
        if tag in _INLINE:
            return 2 if tag == "a" else 0
        if tag == "script":
            self.script(node)
            return -1
        is_text = node.mem_id in self.texts
        if tag in _ASIDE_TAGS or (self.zone == "text" and self.left <= 0):
            return -1
        if not is_text and tag != "body" and _is_aside(node) and node.mem_id not in self.around:
            return -1
        if tag not in _BREAKS and not is_text:
            return 0
        if self.pieces:
            self.close(node, "")
        if is_text:
            self.zone = "text"
        return 1

    def script(self, node: Node) -> None:
        """A date that a script writes behind a label, or with it."""
        if node.first_child is None:
            return  # it is in a file of its own
        text = node.text()
        if len(text) > 500 or "20" not in text:
            return
        behind = self.pieces and _DANGLING.search(" ".join(self.pieces[-3:]))
        if match := (behind and _WRITTEN.search(text)) or _WRITTEN_WHOLE.search(text):
            self.pieces.append(match[1])


def blocks_of(page: Page, content: Content | None) -> list[Block]:
    """The blocks in document order, what stands around the article left out; of a text that is sure, its head."""
    body = page.tree.body
    if body is None:
        return []
    collector = _Collector(content)
    stack: list[tuple[Node, int]] = [(body, 0)]  # with 1: to be left; 2: inside a link
    for _ in range(_MAX_STEPS):
        if not stack or len(collector.blocks) > _MAX_BLOCKS:
            break
        node, state = stack.pop()
        if state == 1:
            collector.leave(node)
            continue
        if node.is_text_node:
            text = (node.text_content or "").strip()
            if text:
                collector.pieces.append(text)
                collector.linked += len(text) if state == 2 else 0
            continue
        how = collector.enter(node)
        if how < 0:
            continue
        if how == 1:
            stack.append((node, 1))
        linked = 2 if state == 2 or how == 2 else 0
        child = node.last_child
        while child is not None:
            stack.append((child, linked))
            child = child.prev
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


def _is_aside(node: Node) -> bool:
    named = names_of(node)
    return bool(named) and not _ASIDE.isdisjoint(re.split(r"[^a-z]+", named))


def _before_the_rest(blocks: list[Block]) -> list[Block]:
    """Ends where after the text comments or a list of other articles begins."""
    for place, block in enumerate(blocks):
        if block.zone == "after" and len(block.text) <= 40 and _STARTED.search(block.text):
            return blocks[:place]
    return blocks
