"""One linear pass over a page's markup, before the parser: refuses shapes on which parsers take more than linear time.

The pass adds up the steps that the HTML standard's tree construction takes for such shapes: each tag searches the open
elements, each new block opens the open formatting elements again, each attribute is compared with those before it on
its element, each option with those before it in its list. `fuzz/sweep_markup.py` looks for shapes that are not known
here yet; the worker process (`worker.py`) bounds whatever passes.
"""

from __future__ import annotations

import re
from collections import defaultdict

#: How every reason begins why a page could not be looked at though it came; and the reason of a refusal.
PAGE_UNREAD = "页面未能读取："
TOO_HEAVY = f"{PAGE_UNREAD}元素过多、嵌套过深或属性过多"

#: Tags of a page that people read; below so many tags, or characters, no shape takes long.
_MOST_TAGS, _FEW_TAGS, _FEW_CHARACTERS = 100_000, 2_000, 100_000
#: Elements that are open at once, and formatting elements that are opened again because of others, in all.
_MAX_DEPTH, _MAX_REOPENED = 4_000, 500_000
#: Steps through open elements, and through the options of one list: a step takes some nanoseconds.
_MAX_STEPS, _OPTION_STEPS = 50_000_000, 3
#: Attributes of one element.
_MAX_ATTRIBUTES = 2_000

_COMMENT = r"!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+)"
_SCRIPT = r"(?:script|style)\b[^<]*+(?:<(?!/(?:script|style)\b)[^<]*+)*+"
_ELEMENT = r"(/?)([a-z][^\s/>]*+)([^>]*+)"
_MARKUP = re.compile(rf"<(?:{_COMMENT}|{_SCRIPT}|{_ELEMENT})", re.IGNORECASE)
#: In foreign content a script is read as markup.
_FOREIGN = re.compile(r"<(?:svg|math)\b", re.IGNORECASE)
_FOREIGN_MARKUP = re.compile(rf"<(?:{_COMMENT}|{_ELEMENT})", re.IGNORECASE)

_ATTRIBUTE = r"""[\s/]++[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+))?+"""
_NAME = r"(?:(script|style)(?=[\s/>])|([a-z][^\s/>]*+))"
_BODY = r"(?(1)[^<]*+(?:<(?!/(?:script|style)\b)[^<]*+)*+)"
_ATTRIBUTES = re.compile(rf"<(?:{_COMMENT}|{_NAME}((?:{_ATTRIBUTE})*+){_BODY})", re.IGNORECASE)

#: Elements that hold nothing, and those that the next of their kind ends.
_VOID = {
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr",
}  # fmt: skip
_ENDED = _VOID | {
    "html", "head", "body", "p", "li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot", "option",
}  # fmt: skip
#: Items: one ends the one before it of its kind, and stands inside one of another kind until their list ends.
_ITEMS = {"li": "li", "dd": "dd", "dt": "dd", "option": "option"}
_LISTS = {"ul", "ol", "dl", "menu", "dir", "select"}
#: Its end tag ends nothing once another block stands in it.
_NEVER_CLOSED = "noscript"
#: Formatting elements: left open, they are opened again in the next block; of equal ones no more than three. A link is
#: ended by the next, wherever it stands; a <nobr> only where no list, cell or the like stands between them.
_FORMATTING = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
_EQUAL, _SINGLE = 3, "a"


class TooHeavyError(Exception):
    """A page was refused before it was parsed; the message (Chinese) says why."""

    def __init__(self) -> None:
        super().__init__(TOO_HEAVY)


def is_too_heavy(text: str) -> bool:
    """Whether a parser would take more than linear time over this markup, or readers over its elements."""
    tags = text.count("<")
    if tags > _MOST_TAGS or (len(text) >= _FEW_CHARACTERS and _has_many_attributes(text)):
        return True
    return tags >= _FEW_TAGS and _takes_many_steps(text)


def _has_many_attributes(text: str) -> bool:
    """Whether one element has attributes without end; those of every <html> and <body> are the one root's."""
    of_root = 0
    for tag in _ATTRIBUTES.finditer(text):
        name, run = (tag[2] or "").lower(), tag[3] or ""
        if name in ("html", "body") or len(run) > 2 * _MAX_ATTRIBUTES:
            count = sum(1 for _ in re.finditer(_ATTRIBUTE, run))
            of_root += count if name in ("html", "body") else 0
            if max(count, of_root) > _MAX_ATTRIBUTES:
                return True
    return False


def _takes_many_steps(text: str) -> bool:
    """Whether building the tree of this markup takes more steps than a page's markup ever does."""
    foreign = _FOREIGN.search(text) is not None
    never_open = _VOID if foreign else _ENDED
    tree = _OpenElements()
    options = steps = reopened = 0
    for closing, written, attributes in (_FOREIGN_MARKUP if foreign else _MARKUP).findall(text):
        name = written.lower()
        steps += tree.depth
        if closing:
            tree.close(name)
            continue
        if name in _FORMATTING:
            tree.open_formatting(name, attributes)
            steps += tree.formatting
        else:
            reopened += tree.formatting
            if name in _ITEMS:
                tree.open_item(name)
            if name not in never_open and not (foreign and attributes.endswith("/")):
                tree.open(name)
        if name == "select":
            options = 0
        elif name == "option":
            options += 1
            steps += options * _OPTION_STEPS
        if steps > _MAX_STEPS or reopened > _MAX_REOPENED or tree.depth > _MAX_DEPTH:
            return True
    return False


class _OpenElements:
    """Counts the open elements by name, and the distinct formatting elements among them."""

    def __init__(self) -> None:
        self.depth = self.formatting = 0
        self._open: defaultdict[str, int] = defaultdict(int)
        self._written: defaultdict[str, list[str]] = defaultdict(list)
        self._equal: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._item, self._items = "", 0

    def open(self, name: str) -> None:
        self._open[name] += 1
        self.depth += 1

    def open_item(self, name: str) -> None:
        if self._item != (kind := _ITEMS[name]):
            self._item = kind
            self._items += 1
            self.depth += 1

    def open_formatting(self, name: str, attributes: str) -> None:
        if name == _SINGLE:
            self.close(name)
        self.open(name)
        self._written[name].append(attributes)
        self._equal[name, attributes] += 1
        self.formatting += self._equal[name, attributes] <= _EQUAL

    def close(self, name: str) -> None:
        if name in _LISTS:
            self.depth -= self._items
            self._item, self._items = "", 0
        if not self._open[name] or name == _NEVER_CLOSED:
            return
        self._open[name] -= 1
        self.depth -= 1
        if name in _FORMATTING:
            attributes = self._written[name].pop()
            self.formatting -= self._equal[name, attributes] <= _EQUAL
            self._equal[name, attributes] -= 1
