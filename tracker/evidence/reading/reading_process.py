"""The worker process in which pages and lists of data are read: one for the whole program, started when needed."""

from __future__ import annotations

import atexit
import hashlib
import logging
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from tracker.core.law.county import SiteColumn
from tracker.core.values.facts import Attachment, Sighting, VisitOutcome
from tracker.evidence.article.read import Article
from tracker.evidence.fetch.failures import PAGE_UNREAD
from tracker.evidence.page.parsed import Page
from tracker.evidence.page.worker import Worker, WorkerError
from tracker.evidence.page.worker_child import call_named
from tracker.evidence.reading.page_kind import Judged
from tracker.evidence.reading.page_results import ArticlePage, ArticlePart, FrontPage, Glance, ListingPage
from tracker.evidence.wrappers.values import Ask, Listing, ReadSoFar

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

#: Of one page, in seconds: the heaviest that people read takes about one of processor time.
_SECONDS, _PATIENCE = 10, 60.0
#: Bytes that the process may allocate: with its libraries, no page takes more than 200 MB.
_DATA = 185_000_000
_CLASSES = (
    Article, ArticlePage, Ask, Attachment, FrontPage, Glance, Judged, Listing, ListingPage, ArticlePart, Sighting,
    VisitOutcome,
)  # fmt: skip
_REASONS = {
    "cpu": f"读取用时超过 {_SECONDS} 秒，已停止",
    "wall": f"{_PATIENCE:g} 秒内没有读完，已停止",
    "memory": "读取时占用内存过多，已停止",
    "died": "读取程序异常终止",
    "long": "读出的内容过长",
    "raised": "读取时出错",
}

WORKER = Worker(_SECONDS, _PATIENCE, _CLASSES, data=_DATA)
atexit.register(WORKER.end)


_READERS = "tracker.evidence.reading.readings"
#: The readers, by their names: they are loaded in the worker process alone.
LISTING_PAGE: Callable[[Page, str, SiteColumn, ReadSoFar], ListingPage] = partial(
    call_named, _READERS, "read_listing_page"
)
STANDING_PAGE: Callable[[Page, str, str], ArticlePage | str] = partial(call_named, _READERS, "read_standing_page")
ARTICLE_PAGE: Callable[[Page], ArticlePage] = partial(call_named, _READERS, "read_article_page")
ARTICLE_PART: Callable[[Page, str], ArticlePart] = partial(call_named, _READERS, "read_part")
FRONT_PAGE: Callable[[Page], FrontPage | None] = partial(call_named, _READERS, "read_front_page")
GLANCE: Callable[[Page], Glance] = partial(call_named, _READERS, "glance")


class UnreadPageError(Exception):
    """A page could not be looked at; the message (Chinese) says why. It says nothing of what stands on it."""


async def read_apart(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What a reader makes of a page, run in the worker process. Raises `UnreadPageError`.

    Bytes that used up the worker's time or memory are not tried again while this program runs.
    """
    digest = b"".join(hashlib.sha256(one.body).digest() for one in args if isinstance(one, Page))
    if (reason := _TOO_HEAVY.get(digest)) is not None:
        raise UnreadPageError(reason)
    try:
        return await WORKER.run(function, *args, **kwargs)
    except WorkerError as error:
        if error.cause == "raised":
            log.error("%s\n%s", error, error.trace, extra={"action": "read"})
        kind = f"（{error.kind}）" if error.cause == "raised" else ""
        reason = f"{PAGE_UNREAD}{_REASONS[error.cause]}{kind}"
        if error.cause in ("cpu", "memory") and len(_TOO_HEAVY) < _MOST_REMEMBERED:
            _TOO_HEAVY[digest] = reason
        raise UnreadPageError(reason) from None


#: Pages that ended the worker, by what they consist of, each with the reason.
_TOO_HEAVY: dict[bytes, str] = {}
_MOST_REMEMBERED = 10_000
