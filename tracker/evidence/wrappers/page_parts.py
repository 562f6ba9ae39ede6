"""The parts of a page that hold no list of a column: menus, heads and feet, and what stands beside its content."""

from __future__ import annotations

import re
from functools import lru_cache

from tracker.evidence.page.nodes import up_from
from tracker.evidence.page.parsed import Node

#: Parts of a page by tag, and by the words of class and id.
_FRAME_TAGS = frozenset({"nav", "footer", "header", "select", "form", "marquee"})
_FRAME_WORDS = frozenset({
    "nav", "navi", "navbar", "navigation", "menu", "submenu", "mainmenu", "header", "foot", "footer", "bottom",
    "copyright", "crumb", "crumbs", "breadcrumb", "breadcrumbs", "location", "position", "weizhi", "dqwz",
    "friendlink", "friendlinks", "yqlj", "yqlink", "sidebar", "sitemap", "banner", "topbar", "toolbar", "share",
    "bdsharebuttonbox", "pagination", "pager", "pagenav", "fenye", "langs", "login", "search",
})  # fmt: skip
#: Parts that may hold a list, but hardly the column's own.
_BESIDE_TAGS = frozenset({"aside"})
_BESIDE_WORDS = frozenset({
    "side", "aside", "hot", "rank", "ranking", "paihang", "recommend", "tuijian", "related", "relation", "xgwz",
    "xgyd", "rdtj", "zxgk", "latest", "hits",
})  # fmt: skip
#: A row or a word is no part of a page, whatever its class is called.
_WORD_TAGS = frozenset({"li", "tr", "dt", "dd", "span", "em", "i", "b", "strong", "font"})
#: A form with more links holds a list.
_FEW_LINKS = 10
_SPLIT = re.compile(r"[^a-z]+")


@lru_cache(maxsize=4096)
def _named(style: str, ident: str) -> tuple[bool, bool]:
    words = set(_SPLIT.split(f"{style} {ident}".lower()[:1000]))
    return not words.isdisjoint(_FRAME_WORDS), not words.isdisjoint(_BESIDE_WORDS)


def _names(node: Node) -> tuple[bool, bool]:
    known = node.attributes
    return _named(known.get("class") or "", known.get("id") or "") if known else (False, False)


def is_part_of_page(node: Node) -> bool:
    """Return whether an element is a menu, a foot or a list beside the column's own, by its tag and names."""
    is_frame, is_beside = _names(node)
    tag = node.tag or ""
    if tag == "form":
        return len(node.css("a")) <= _FEW_LINKS
    return ((is_frame or is_beside) and tag not in _WORD_TAGS) or tag in _FRAME_TAGS or tag in _BESIDE_TAGS


def stands_beside(box: Node) -> bool:
    """Return whether a box is, or stands in, a part that hardly holds the column's own list."""
    return any(node.tag in _BESIDE_TAGS or _names(node)[1] for node in up_from(box))
