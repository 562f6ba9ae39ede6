"""What is read of one page: the values that come back from the worker process."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.evidence.article.read import Article
from tracker.evidence.reading.page_kind import Judged
from tracker.evidence.wrappers.values import Listing


@dataclass(frozen=True, slots=True)
class ListingPage:
    """A listing page. `refusal` (Chinese): why it is not the column that was asked for; then there is no listing.
    `target`: where a page leads that only sends on."""

    listing: Listing
    refusal: str = ""
    target: str | None = None


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article's page. `target`: where a page leads that only sends on."""

    article: Article
    target: str | None = None


@dataclass(frozen=True, slots=True)
class ArticlePart:
    """A further page of an article, and the pages of the same article that it links."""

    article: Article
    onward: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrontPage:
    """A site's front page: its links as (name, address); `target`: where a page leads that only sends on."""

    links: tuple[tuple[str, str], ...]
    target: str | None


@dataclass(frozen=True, slots=True)
class Glance:
    """A page of which nothing is known beforehand, read in both ways, and what it is taken for."""

    kind: str
    title: str
    encoding: str
    listing: Listing
    article: Article
    judged: Judged
    target: str | None
