"""Whether a person sees an element at all, or a script would have to show it first."""

from __future__ import annotations

import re

from tracker.evidence.page.parsed import Node

_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
#: A class that is called none alone says mostly that there is nothing.
_CLASS = re.compile(r"(?<![a-z])(?:hide|hidden|d-none|display-none|fn-hide|layui-hide)(?![a-z])", re.IGNORECASE)
_HEIGHT = 6


def is_hidden(node: Node) -> bool:
    """Return whether an element, or one close around it, is not shown."""
    above: Node | None = node
    for _ in range(_HEIGHT):
        if above is None or above.tag == "body":
            break
        known = above.attributes
        if above.tag == "template" or "hidden" in known or _STYLE.search(known.get("style") or ""):
            return True
        if _CLASS.search(known.get("class") or ""):
            return True
        above = above.parent
    return False
