"""Parts of a page that hold no list of a column: menus, heads, feet, forms, lists beside its own."""

from __future__ import annotations

import re
from functools import lru_cache

from tracker.evidence.page.parsed import Node

_TAGS = frozenset({"nav", "footer", "header", "select", "form", "marquee", "aside"})
_WORDS = re.compile(
    r"(?<![a-z])(?:nav|navi|navbar|navigation|menu|submenu|mainmenu|header|foot|footer|bottom|copyright|crumbs?"
    r"|breadcrumbs?|location|position|weizhi|dqwz|friendlinks?|yqlj|yqlink|sidebar|sitemap|banner|topbar|toolbar|share"
    r"|bdsharebuttonbox|pagination|pager|pagenav|fenye|langs|login|search|side|aside|hot|rank|ranking|paihang|recommend"
    r"|tuijian|related|relation|xgwz|xgyd|rdtj|zxgk|latest|hits)(?![a-z])",
    re.IGNORECASE,
)
#: A row or a word is no part of a page, whatever its class is called.
_NEVER = frozenset({"li", "tr", "dt", "dd", "span", "em", "i", "b", "strong", "font"})
#: Whole pages stand in one form; a form of few links is one to fill in.
_FEW_LINKS = 10


def is_frame(node: Node) -> bool:
    """Return whether an element is a part of the page's frame, by its tag and by the words of its class and id."""
    tag = node.tag or ""
    if tag == "form":
        return len(node.css("a")) <= _FEW_LINKS
    if tag in _TAGS:
        return True
    known = node.attributes
    return bool(known) and tag not in _NEVER and _is_named(known.get("class") or "", known.get("id") or "")


@lru_cache(maxsize=4096)
def _is_named(style: str, ident: str) -> bool:
    return _WORDS.search(f"{style[:500]} {ident[:500]}") is not None
