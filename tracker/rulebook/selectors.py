"""CSS selectors in rules: what finds the records of a list, and the parts of one."""

from __future__ import annotations

import re

from tracker.core.values.message import Message
from tracker.rulebook.refusals import refuse

#: Signs of an XPath, which browsers copy as well.
_XPATH = re.compile(r"^/|/(?:/|\w+\[)|/text\(\)")
#: The attributes of a record's elements that are read (`evidence.wrappers.cells`).
PART_ATTRIBUTES = ("title", "datetime", "alt", "data-time", "data-date", "data-title")


def read_selector(value: str) -> str:
    """A selector. Raises an error for pydantic to carry where it is none."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError  # only where a rule has one

    text = " ".join(value.split())
    if _XPATH.search(text):
        raise refuse(Message("{value!r} is an XPath, not a CSS selector", value=value), "ul.news > li")
    try:
        LexborHTMLParser("<p>").css(text)
    except (SelectolaxError, ValueError):
        raise refuse(
            Message("not a CSS selector: {value!r}", value=value), "ul.news > li", "td:nth-of-type(2)"
        ) from None
    return text


def read_part_selector(value: str) -> str:
    """A selector of an element in a record, with `@ATTRIBUTE` behind where that holds the text."""
    selector, at, attribute = value.strip().rpartition("@")
    if not at:
        return read_selector(value)
    if attribute not in PART_ATTRIBUTES:
        allowed = tuple(f"{selector or 'a'}@{name}" for name in PART_ATTRIBUTES)
        raise refuse(Message("not an attribute that is read: {value!r}", value=attribute), *allowed)
    return f"{read_selector(selector)}@{attribute}"


def read_pager_selector(value: str) -> str:
    """A selector, or `none`."""
    return value if value == "none" else read_selector(value)
