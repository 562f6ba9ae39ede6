"""Lone links with a day that are no row of a list: the page's clock, an article's neighbour, an office."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from tracker.core.values.facts import Sighting
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.nodes import names_of
from tracker.evidence.page.parsed import Node, squeeze
from tracker.evidence.wrappers.publishers import is_office
from tracker.evidence.wrappers.words_around import FOOT

#: A title that is no longer names a service or a part of the site.
_NAME = 8
_CLOCK_NAMES = re.compile(
    r"(?<![a-z])(?:clock|today|now_?(?:time|date|day)|current_?(?:time|date)|weather|tianqi|rili|calendar)(?![a-z])"
)
_CLOCK_WORDS = re.compile(
    r"今天|今日|现在|当前(?:时间|日期)|(?:星期|周|礼拜)[一二三四五六日天]|农历|[上下中]午好|您好|欢迎"
)
_NEIGHBOUR = re.compile(r"[上下前后]\s*一?\s*篇")
_ARTICLE = re.compile(r"\.\w{3,5}$|/\d{3,}|[?&]\w*id=|content|article|detail|info", re.IGNORECASE)


def is_no_row(row: Sighting, nodes: Sequence[Node], today: date) -> bool:
    """Return whether a row that stands alone is none. `nodes`: what it consists of."""
    said = squeeze(" ".join(_text(node) for node in nodes)[:2000])
    if is_office(row.title) or _NEIGHBOUR.match(said) or FOOT.search(said):
        return True
    if row.claimed is None:
        return False
    if any(_CLOCK_NAMES.search(names_of(one)) for node in nodes for one in _marked(node)):
        return True
    if abs((day_of(row.claimed) - today).days) > 1:
        return False
    beside = said.replace(row.title, " ", 1)
    return _CLOCK_WORDS.search(beside) is not None or (len(row.title) <= _NAME and not _ARTICLE.search(row.url))


def _text(node: Node) -> str:
    return (node.text_content or "") if node.is_text_node else node.text(separator=" ")


def _marked(node: Node) -> list[Node]:
    return [] if node.is_text_node else [node, *node.css("[class], [id]")[:40]]
