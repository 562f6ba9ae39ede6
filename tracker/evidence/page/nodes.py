"""Where an element stands on its page, what it is called, and whether a person sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.evidence.page.parsed import Node

_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
#: A class that is called none alone says mostly that there is nothing.
_CLASS = re.compile(r"(?<![a-z])(?:hide|hidden|d-none|display-none|fn-hide|layui-hide)(?![a-z])", re.IGNORECASE)
_HEIGHT = 6


def up_from(node: Node | None, most: int = 100) -> Iterator[Node]:
    """An element and those that hold it, from within, below the body; so many at most."""
    for _ in range(most):
        if node is None or node.tag in ("body", "html", None):
            return
        yield node
        node = node.parent


def names_of(node: Node) -> str:
    """What an element is called: its classes and its id, in small letters."""
    known = node.attributes
    return f"{known.get('class') or ''} {known.get('id') or ''}".strip().lower() if known else ""


def is_hidden(node: Node) -> bool:
    """Return whether an element, or one close around it, is not shown."""
    for one in up_from(node, _HEIGHT):
        known = one.attributes
        if one.tag == "template" or "hidden" in known or _STYLE.search(known.get("style") or ""):
            return True
        if _CLASS.search(known.get("class") or ""):
            return True
    return False
