"""What a page is: a column that lists entries, or an article, maybe with a list beside it.

Neither reader can tell alone: a list of ten related articles stands under most articles, and every column has some
text. So both are asked, and what each of them found is weighed against the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from tracker.core.matching.naming import flatten
from tracker.core.values.facts import Sighting
from tracker.evidence.article.messages import BROKEN, CLOSED, REFUSED
from tracker.evidence.article.read import Article
from tracker.evidence.page.barriers import REASONS
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.empty_page import substance
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.values import Listing

Nature = Literal["listing", "article", "missing", "unverifiable"]

#: The addresses of articles, as the systems make them.
_ARTICLE = re.compile(
    r"/t\d{8}_\d+|/art_\d|/art/\d{4}/|/content/post_|/info/\d+/\d+\.|/\d{4}-\d{2}/\d{2}/|/20\d{2}/?\d{2}/?\d{2}/[^/]"
    r"|(?:article|content|detail|show|view|news|info|read)s?(?:_|-)?\w*\.(?:jsp|aspx?|php|do|s?html?)\?.*id="
    r"|/(?:article|content|detail|show|view|info|a|p)s?/[\w-]*\d[\w-]*(?:\.\w+)?/?$|/\d{4,}\.s?html?$|_\d{5,}\.s?html?$",
    re.IGNORECASE,
)
#: The addresses of columns.
_COLUMN = re.compile(
    r"/$|/(?:index|list|default|main|column|more)(?:[_-]?\d+)?\.\w+$|/col/col\d+|list\w*\.(?:jsp|aspx?|php|do|html?)"
    r"|[?&](?:page|pageno|pageindex|curpage|p)=\d+",
    re.IGNORECASE,
)
#: A date, and what stands around one in a row.
_DATE = re.compile(r"\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}:\d{2}(?::\d{2})?|\d+")
#: Fewer rows than this may be anything: the files of an article, the article before and the one after.
_FEW = 3
_SURELY_DATED = 3
#: So many rows, and so much of a text, tell what there is to tell.
_ENOUGH, _BEGINNING = 200, 30_000
_CLAUSE = re.compile(r"[，,。；;].{0,300}[。；;]")
_WORD = re.compile(r"[\u3400-\u9fffA-Za-z]")


@dataclass(frozen=True, slots=True)
class Judged:
    """What a page is taken for, and why nothing is read from it where that is so (Chinese)."""

    nature: Nature
    reason: str = ""


def nature_of(page: Page, listing: Listing, article: Article) -> Judged:
    """Weigh what the two readers made of one page."""
    if article.reason in _BARRIERS and not _is_its_own(page, listing):
        return Judged(_BARRIERS[article.reason], article.reason)
    if article.state == "read":
        weight = _of_article(page, listing, article) - _of_list(listing, article)
        if weight > 0 or (weight == 0 and _dated(article, listing.sightings) >= _SURELY_DATED):
            return Judged("article")
    if listing.understood:
        return Judged("listing")
    # The reader to believe is the one whose kind of page the address names.
    first, second = (article, listing) if _ARTICLE.search(_path(page.url)) else (listing, article)
    return Judged("unverifiable", first.reason or second.reason)


#: Only a page that says that it is none is missing; the other barriers hide what may be there.
_BARRIERS: dict[str, Nature] = {
    **dict.fromkeys((BROKEN, CLOSED, REFUSED), "unverifiable"),
    **{reason: "missing" if name == "missing" else "unverifiable" for name, reason in REASONS.items()},
}
#: How much the place of its date speaks for an article.
_DATED = {"tag": 4, "line": 3, "catalogue": 3, "data": 2}


def _is_its_own(page: Page, listing: Listing) -> bool:
    """Whether a list is surely the page's, and not one that stands on every page, be it of errors."""
    folder = urlsplit(page.url).path.rpartition("/")[0]
    below = (one for one in listing.sightings if urlsplit(one.url).path.startswith(f"{folder}/"))
    return sum(one.claimed is not None for one in below) >= _FEW


def _of_article(page: Page, listing: Listing, article: Article) -> int:
    """What speaks for an article, the surest signs with the most weight."""
    own, path, title = _own(article, listing.sightings), _path(page.url), len(flatten(article.title))
    weight = 3 if own >= 400 else 2 if own >= 150 else 1 if own >= 60 else -2 if own < 20 else 0
    weight += _dated(article, listing.sightings)
    # A column is called by a word or two.
    weight += 2 if title >= 12 else -1 if title <= 8 and len(listing.sightings) >= _FEW else 0
    # What is only spoken of, and cannot be opened, every column may have.
    weight += 1 if any(not one.note for one in article.attachments) else 0
    # What says itself in sentences, beside no list at all, needs no other sign.
    weight += 2 if not listing.sightings and _prose(article) >= 80 else 0
    weight += 4 if _among_its_like(page.url, listing.sightings) else 0
    return weight + (2 if _ARTICLE.search(path) else -2 if _COLUMN.search(path) else 0)


def _dated(article: Article, rows: Sequence[Sighting]) -> int:
    """A date of publication that is nobody else's; one that a row bears may be the row's."""
    days = {day_of(one.claimed) for one in rows if one.claimed is not None} if len(rows) >= _FEW else set()
    is_own = article.claimed is not None and day_of(article.claimed) not in days
    return _DATED.get(article.claimed_from, 0) if is_own else 0


def _of_list(listing: Listing, article: Article) -> int:
    """What speaks for a column: rows with days, a pager, and rows that make up the text: then they are what the page
    is for."""
    rows = listing.sightings[:_ENOUGH]
    text, own = flatten((article.text or "")[:_BEGINNING]), _own(article, rows)
    inside = [len(title) for one in rows if (title := flatten(one.title)) in text]
    weight = 2 if sum(one.claimed is not None for one in rows) >= _FEW else 0
    weight += 2 if listing.next is not None or listing.numbered or (listing.total or 0) > 1 else 0
    if len(inside) >= _FEW and len(inside) * 10 >= len(rows) * 6:
        # Those of a list beside the text are often out of order.
        weight += 4 if own < sum(inside) and listing.ordered else 2 if own < 2 * sum(inside) else 0
    return weight


def _own(article: Article, rows: Sequence[Sighting]) -> int:
    """How many characters the article says that are neither rows of a list nor dates."""
    titles = {flatten(one.title) for one in rows[:_ENOUGH] if len(one.title) > 3}
    lines = [line for line in (article.text or "")[:_BEGINNING].split("\n") if substance(line)]
    left = 0
    for line in lines:
        form = flatten(line)
        for title in titles:
            form = form.replace(title, "")
        left += len(_WORD.findall(_DATE.sub("", form)))
    return left


def _prose(article: Article) -> int:
    """How much of the text stands in lines of whole sentences, which no menu and no message has."""
    return sum(len(line) for line in (article.text or "").split("\n") if len(line) >= 40 and _CLAUSE.search(line))


def _among_its_like(url: str, rows: Sequence[Sighting]) -> bool:
    """Whether most of the entries have an address of the page's own make: then it is one of them."""
    mine = _shape(url)
    alike = sum(_shape(one.url) == mine for one in rows if one.url != url)
    return bool(re.search(r"\d", _path(url))) and alike > 0 and alike * 2 >= len(rows)


def _shape(url: str) -> str:
    return re.sub(r"\d+", "0", _path(url))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return unquote(parts.path or "/") + (f"?{parts.query}" if parts.query else "")
