"""A text that its page brings along and shows only when a script has run: in a field, in a string of the script.

What is found so proves; whether it is all that the page will show, nobody can say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tracker.evidence.page.flow import lines_below
from tracker.evidence.page.parsed import Page

_MARKED_UP = re.compile(r"<(?:p|div|br|table|span|section|h[1-6])\b[^>]*>", re.IGNORECASE)
_CHINESE = re.compile("[\u4e00-\u9fff]")
#: A string of a script that is long enough to be a text.
_STRING = re.compile(
    r"""[=(:,]\s*(?P<mark>["'`])(?P<said>(?:[^"'`\\]|\\.|(?!(?P=mark))["'`]){30,300000})(?P=mark)""", re.DOTALL
)
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_LEAST, _MOST, _MOST_SCRIPT = 10, 20, 600_000


def tucked_away(page: Page) -> list[str]:
    """The lines of the longest text that stands so on the page; none where there is none."""
    best: list[str] = []
    for html in _kept(page):
        body = page.holding(html).tree.body if _MARKED_UP.search(html) and _CHINESE.search(html) else None
        lines = lines_below(body) if body is not None else []
        if sum(map(len, lines)) > max(_LEAST, sum(map(len, best))):
            best = lines
    return best


def _kept(page: Page) -> Iterator[str]:
    for node in page.tree.css("textarea, input[type=hidden i], iframe[srcdoc]")[:_MOST]:
        attributes = node.attributes
        yield (node.text() if node.tag == "textarea" else attributes.get("value") or attributes.get("srcdoc")) or ""
    said = page.scripts[:_MOST_SCRIPT]
    if "<" in said or "\\u003c" in said.lower():
        for count, match in enumerate(_STRING.finditer(said), 1):
            yield _plain(match["said"])
            if count >= _MOST:
                return


def _plain(said: str) -> str:
    """What a script's string stands for."""
    try:
        return str(json.loads(f'"{said}"'))
    except ValueError:
        return _ESCAPED.sub(_letter, said)


def _letter(one: re.Match[str]) -> str:
    return chr(int(one[1], 16)) if one[1] else {"n": "\n", "t": " "}.get(one[2], one[2])
