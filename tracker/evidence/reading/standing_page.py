"""A page that stands by itself as a column: a form or a plain notice counts as much as an article."""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.evidence.article.blocks import blocks_of
from tracker.evidence.article.messages import spoken
from tracker.evidence.article.read import EMPTY, NAMELESS, SCRIPTED, Article, parse_article
from tracker.evidence.page.barriers import REASONS, says_building
from tracker.evidence.page.parsed import Page, squeeze

#: Characters of a page that say something.
_LEAST = 10
_SHORT = 400
_FIELDS = 3


def whole_page(page: Page) -> Article:
    """The page as an article; where it is none, all that is visible on it is its text."""
    article = parse_article(page)
    if page.is_html and len(page.visible) < _SHORT and says_building(page):
        return Article("unreadable", REASONS["building"])
    if article.reason == NAMELESS:
        short = parse_article(page, standing=True)
        return short if _asks(page) or _keeps_its_word(page, short) else article
    form = article.reason == SCRIPTED and _asks(page)
    if (article.reason != EMPTY and not form) or not page.is_html or not _says(page):
        return article
    return replace(article, state="read", reason="", title=article.title or squeeze(page.title), text=page.visible)


def _asks(page: Page) -> bool:
    """Whether it is a form to fill in, and no page with a search box."""
    return page.tree.css_first("textarea") is not None or len(page.tree.css("input[type=text i]")) >= _FIELDS


def _keeps_its_word(page: Page, short: Article) -> bool:
    """Whether a short text speaks of what it is called by (在线举报: 欢迎举报违法行为), or gives a number to call."""
    links = {squeeze(node.text()) for node in page.tree.css("a")[:500]} - {""}
    lines = [line for line in (short.text or "").split("\n") if "\t" not in line and line != short.title]
    said = "\n".join(line for line in lines if line not in links and sum(one in line for one in links) < _MENU)
    pairs = {short.title[at : at + 2] for at in range(len(short.title) - 1)}
    return any(pair in said for pair in pairs) or _NUMBER.search(said) is not None


_MENU = 2  # so many links in one line are no sentence
_NUMBER = re.compile(r"\d{5,}|@\w+\.")


def _says(page: Page) -> bool:
    """Whether there is anything to read on it but its frame, and labels without values."""
    said = spoken(blocks_of(page, None))
    return sum(len(one) for one in said if not one.endswith(("：", ":"))) >= _LEAST
