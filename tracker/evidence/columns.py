"""One visit of one column: pages followed until it is complete, and what may be concluded from it."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from typing import Literal
from urllib.parse import urlsplit

from tracker.core.duties import SiteColumn
from tracker.core.facts import Outcome, Sighting, Visit
from tracker.evidence.article import Article, parse_article
from tracker.evidence.attachments import Files, is_file, looks_like_file, read_entry
from tracker.evidence.barriers import REASONS, refresh_target
from tracker.evidence.dates import day_of
from tracker.evidence.dialects import parse_listing
from tracker.evidence.dialects.rows import carried
from tracker.evidence.fetch import Answer, Fetcher
from tracker.evidence.further import read_on
from tracker.evidence.hollow import LEAST, pictured, substance
from tracker.evidence.listing import Ask, Listing
from tracker.evidence.page import Page, resolve
from tracker.evidence.standing import whole_page

_REFUSALS = {"missing", "login", "challenge"}
#: Why an article is not read whose address leads to the front page now.
SENT_HOME = "文章地址被转到了网站首页"


@dataclass(frozen=True, slots=True)
class KeptPage:
    """What the last reading of a page held; `listing` stands as long as the page does not change.
    `url`: what it is kept under (`Ask.key`)."""

    url: str
    etag: str
    last_modified: str
    digest: str
    listing: Listing
    read_at: datetime


#: Gives the kept page of an address, where there is one.
Kept = Callable[[str], Awaitable[KeptPage | None]]


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """A visit with what it saw. `pages`: those read anew, to be kept. `article`: the page of a page
    column, None where it is the one known already (`unchanged`); `status`: what its address answered."""

    visit: Visit
    sightings: tuple[Sighting, ...] = ()
    pages: tuple[KeptPage, ...] = ()
    article: Article | None = None
    status: int = 0
    unchanged: bool = False


#: How often a page may send on to where its list really stands: into a frame, and from there to an interface.
_MAX_HOPS = 2
#: What a server answers that does not take a form.
_NO_FORM = {404, 405, 501}


@dataclass(slots=True)
class _Walk:
    """Where a visit stands. A visit is one chain of pages, or one for each part of a list in several files."""

    seen: dict[str, Sighting] = field(default_factory=dict)
    fresh: list[KeptPage] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    waiting: deque[Ask] = field(default_factory=deque)
    hops: int = 0
    requests: int = 0
    pages: int = 0
    turned: int = 0  # pages of the chain that is being followed
    newest: date | None = None
    last: date | None = None  # the day of the last row so far, where a further page without years goes on
    since: date | None = None
    ordered: bool = True
    digest: bool = False
    chains: int = 1
    ended: int = 0
    as_get: bool = False
    index: int | None = None  # where the script of the page before counts it
    otherwise: Ask | None = None  # where the page asked for last may be instead
    outcome: Outcome = Outcome.READ
    note: str = ""

    @property
    def reached(self) -> Literal["end"] | date | None:
        if self.outcome is not Outcome.READ or self.digest:
            return None
        if self.ended == self.chains:
            return "end"
        if self.since is not None:
            return self.since
        return self.newest if self.ordered and self.chains == 1 else None

    def begin(self) -> Ask | None:
        """The first page of the next chain; None where there is none."""
        if not self.waiting:
            return None
        self.turned, self.newest, self.last = 0, None, None
        return self.waiting.popleft()


@dataclass(frozen=True, slots=True)
class _Step:
    """One page asked for: its listing, or why there is none. `fresh`: to be kept."""

    outcome: Outcome
    note: str = ""
    listing: Listing | None = None
    fresh: KeptPage | None = None


async def read_column(
    fetcher: Fetcher, column: SiteColumn, zone: tzinfo, *, since: date | None, kept: Kept
) -> ColumnReading:
    """Visit a column as far back as `since` (None: to its end). Every failure is an outcome of the visit."""
    began = fetcher.clock()
    if column.kind == "page":
        return await _read_page(fetcher, column, zone, began, kept)
    walk, reader = _Walk(), _Reader(fetcher, column, zone, kept)
    ask: Ask | None = Ask(column.url)
    while ask is not None:
        if walk.requests >= fetcher.limits.max_pages + _MAX_HOPS:
            walk.note = f"页数超过上限 {fetcher.limits.max_pages} 页，未读到尽头"
            break
        walk.asked.add(ask.key)
        walk.requests += 1
        step = await reader.step(walk, ask, follow=walk.pages == 0)
        if step.fresh is not None:
            walk.fresh.append(step.fresh)
        if step.outcome is Outcome.MISSING and walk.otherwise is not None:
            ask, walk.otherwise = walk.otherwise, None
        elif step.listing is None:
            _stumble(walk, step)
            ask = walk.begin() if walk.pages else None
        elif step.listing.parts:
            ask = _enter(walk, step.listing)
        else:
            ask = _advance(walk, step.listing, since, reader) or walk.begin()
    visit = Visit(
        column.key, began, fetcher.clock(), walk.outcome, walk.reached, walk.pages, len(walk.seen), walk.note
    )  # fmt: skip
    return ColumnReading(visit, tuple(walk.seen.values()), tuple(walk.fresh), unchanged=not walk.fresh)


def _stumble(walk: _Walk, step: _Step) -> None:
    """A first page that cannot be read fails the visit; a later one only bounds how far it reached."""
    if walk.pages == 0:
        walk.outcome, walk.note = step.outcome, step.note
    else:
        walk.note = f"第 {walk.pages + 1} 页未能读取：{step.note}"


def _enter(walk: _Walk, listing: Listing) -> Ask | None:
    """Go on where the list really stands."""
    walk.hops += 1
    parts = [one for one in listing.parts if one.key not in walk.asked]
    if walk.pages or walk.hops > _MAX_HOPS or not parts:
        _stumble(walk, _Step(Outcome.NOT_UNDERSTOOD, "页面一再指向别处，没有找到列表"))
        return None
    walk.chains = len(listing.parts)
    walk.waiting.extend(parts)
    return walk.begin()


def _advance(walk: _Walk, listing: Listing, since: date | None, reader: _Reader) -> Ask | None:
    """Take a page in and say which one comes next; None where its chain ends."""
    otherwise, walk.otherwise = walk.otherwise, None
    if walk.turned and listing.sightings and all(one.url in walk.seen for one in listing.sightings):
        if otherwise is not None:
            return otherwise
        walk.note = f"第 {walk.pages + 1} 页与前面的页重复，翻页无效"
        return None
    if walk.turned and None not in (walk.index, listing.index) and listing.index != (walk.index or 0) + 1:
        walk.note = f"第 {walk.pages + 1} 页的页码与前一页不相接，未予读取"
        return None
    if walk.turned and walk.last is not None and walk.ordered and listing.ordered:
        listing = carried(listing, walk.last, reader.today)
    _take_in(walk, listing)
    following = listing.following(walk.turned)
    if following is None and listing.otherwise is not None and (listing.total or 0) > walk.turned:
        following = listing.otherwise
    if following is None or walk.digest or listing.cut:
        _stop(walk, listing)
        if listing.then is None or not walk.ended or listing.then.key in walk.asked:
            return None
        walk.ended, walk.turned, following = walk.ended - 1, 0, listing.then
    if walk.ordered and since is not None and walk.newest is not None and walk.newest < since:
        return None
    if following.key in walk.asked:
        walk.note = "翻页链接指回已读过的页"
        return None
    if walk.pages >= reader.fetcher.limits.max_pages:
        walk.note = f"页数超过上限 {reader.fetcher.limits.max_pages} 页，未读到尽头"
        return None
    walk.otherwise = listing.otherwise if listing.otherwise != following else None
    return following


def _take_in(walk: _Walk, listing: Listing) -> None:
    if walk.newest and listing.newest and listing.newest > walk.newest:
        walk.ordered = False
    walk.pages += 1
    walk.turned += 1
    walk.index = listing.index
    walk.ordered = walk.ordered and listing.ordered
    walk.digest = walk.digest or listing.digest
    if listing.sightings:
        walk.newest = listing.newest
        walk.last = next((day_of(one.claimed) for one in reversed(listing.sightings) if one.claimed), walk.last)
    if listing.since is not None:
        walk.since = max(walk.since or listing.since, listing.since)
    for one in listing.sightings:
        walk.seen.setdefault(one.url, one)


def _stop(walk: _Walk, listing: Listing) -> None:
    """A chain's last page, or only the last that can be reached."""
    if walk.digest:
        walk.note = "页面只列出各子栏目的最新几条，不是完整的列表"
    elif listing.cut:
        walk.note = "页面没有传完，后面的条目没有看到"
    elif listing.since is not None:
        walk.note = f"只列出最新的条目，最早到 {listing.since}"
    elif listing.total is not None and listing.total > walk.turned:
        walk.note = f"页面称共有 {listing.total} 页，但后面的页无法翻到"
    elif walk.chains == 1 and (listing.items or 0) * 10 > len(walk.seen) * 11 + 20:
        walk.note = f"页面称共有 {listing.items} 条，只见到 {len(walk.seen)} 条"
    elif listing.more and (listing.total is None or listing.total > walk.turned):
        walk.note = "后面的页由脚本翻动，尚不能读取"
    else:
        walk.ended += 1


@dataclass(frozen=True, slots=True)
class _Reader:
    """Asks for a column's pages and reads them in the manner that its rule says."""

    fetcher: Fetcher
    column: SiteColumn
    zone: tzinfo
    kept: Kept

    @property
    def manner(self) -> str:
        """Under which a page is kept: one that was read in another manner is read anew."""
        return f"{self.column.dialect}:{self.column.interface}" if self.column.interface else self.column.dialect

    @property
    def today(self) -> date:
        return self.fetcher.clock().astimezone(self.zone).date()

    async def step(self, walk: _Walk, ask: Ask, *, follow: bool) -> _Step:
        known = await self.kept(ask.key)
        if known is not None and known.listing.manner != self.manner:
            known = None
        answer = await self._answer(walk, ask, known)
        step, target = self._judged(walk, ask, known, answer, follow=follow)
        await self.fetcher.tell("listing", ask.key, answer, step.outcome, self.column.key)
        return step if target is None else await self.step(walk, Ask(target), follow=False)

    def _judged(
        self, walk: _Walk, ask: Ask, known: KeptPage | None, answer: Answer, *, follow: bool
    ) -> tuple[_Step, str | None]:
        """What an answer shows. The second value: where a page leads that only sends on, then the first is moot."""
        if answer.outcome is not Outcome.READ:
            return _Step(answer.outcome, answer.note), None
        if answer.unchanged:
            if known is None:
                return _Step(Outcome.NOT_UNDERSTOOD, "站点对未附条件的请求答复“未修改”"), None
            return _Step(Outcome.READ, listing=known.listing), None
        digest = hashlib.sha256(answer.body).hexdigest()
        if known is not None and known.digest == digest:
            return _Step(Outcome.READ, listing=known.listing), None
        if sent_home(answer):
            return _Step(Outcome.REFUSED, "栏目地址被转到了网站首页"), None
        page = page_of(answer, self.zone, None if walk.as_get else ask.form)
        listing = replace(parse_listing(page, self.column.dialect, self.column.interface), manner=self.manner)
        if not listing.understood:
            if follow and listing.barrier == "moved" and (target := moved_to(page)) is not None:
                return _Step(Outcome.READ), target
            return _Step(_outcome(listing.barrier), listing.reason), None
        fresh = KeptPage(ask.key, answer.etag, answer.last_modified, digest, listing, answer.at)
        return _Step(Outcome.READ, listing=listing, fresh=fresh), None

    async def _answer(self, walk: _Walk, ask: Ask, known: KeptPage | None) -> Answer:
        """A form that the server does not take is sent in the address instead, from then on."""
        if ask.form is None:
            return await _ask(self.fetcher, ask.url, known)
        if not walk.as_get:
            answer = await self.fetcher.get(ask.url, form=dict(ask.form))
            if answer.status not in _NO_FORM:
                return answer
            walk.as_get = True
        return await self.fetcher.get(ask.as_get.url)


def moved_to(page: Page) -> str | None:
    """Where a page that only sends on leads, if not to itself."""
    target = resolve(page.base, refresh_target(page) or "")
    return target if target != page.url else None


async def _read_page(fetcher: Fetcher, column: SiteColumn, zone: tzinfo, began: datetime, kept: Kept) -> ColumnReading:
    """A column that is a single page: it answers and says something, or it could not be looked at."""
    known = await kept(column.url)
    answer = await _ask(fetcher, column.url, known)
    reading = _page_reading(fetcher, column, zone, began, known, answer)
    await fetcher.tell("listing", column.url, answer, reading.visit.outcome, column.key)
    return reading


def _page_reading(
    fetcher: Fetcher, column: SiteColumn, zone: tzinfo, began: datetime, known: KeptPage | None, answer: Answer
) -> ColumnReading:

    def ended(outcome: Outcome, note: str = "", pages: int = 0) -> Visit:
        return Visit(column.key, began, fetcher.clock(), outcome, "end" if pages else None, pages, pages, note)

    if answer.outcome is not Outcome.READ:
        return ColumnReading(ended(answer.outcome, answer.note), status=answer.status)
    digest = hashlib.sha256(answer.body).hexdigest()
    if known is not None and (answer.unchanged or known.digest == digest):
        return ColumnReading(ended(Outcome.READ, pages=1), known.listing.sightings, status=304, unchanged=True)
    if answer.unchanged or sent_home(answer):
        return ColumnReading(ended(Outcome.REFUSED, "页面地址被转到了网站首页"))
    page = page_of(answer, zone)
    article = whole_page(page)
    if article.state == "unreadable":
        refused = article.reason in {REASONS["missing"], REASONS["login"], REASONS["challenge"]}
        return ColumnReading(ended(Outcome.REFUSED if refused else Outcome.NOT_UNDERSTOOD, article.reason))
    sighting = Sighting(column.url, article.title or column.title, article.claimed)
    fresh = KeptPage(
        column.url, answer.etag, answer.last_modified, digest, Listing((sighting,), dialect="page"), answer.at
    )
    return ColumnReading(ended(Outcome.READ, pages=1), (sighting,), (fresh,), article, answer.status)


async def _ask(fetcher: Fetcher, url: str, known: KeptPage | None) -> Answer:
    if known is None:
        return await fetcher.get(url)
    return await fetcher.get(url, etag=known.etag, last_modified=known.last_modified)


def page_of(answer: Answer, zone: tzinfo, form: tuple[tuple[str, str], ...] | None = None) -> Page:
    return Page(answer.url, answer.body, zone, answer.at.astimezone(zone).date(), answer.content_type, form)


def sent_home(answer: Answer) -> bool:
    """Whether a redirect led from a page of its own to the site's front page: a soft 404."""
    front = _is_front(urlsplit(answer.url).path)
    return answer.url != answer.asked and front and not _is_front(urlsplit(answer.asked).path)


def _is_front(path: str) -> bool:
    return path.rstrip("/").lower() in (
        "",
        "/index.html",
        "/index.htm",
        "/index.shtml",
        "/index.jsp",
        "/index.php",
        "/default.aspx",
    )


def _outcome(barrier: str) -> Outcome:
    return Outcome.REFUSED if barrier in _REFUSALS else Outcome.NOT_UNDERSTOOD


async def read_article(
    fetcher: Fetcher, url: str, zone: tzinfo, *, etag: str = "", last_modified: str = "", files: Files | None = None
) -> tuple[Answer, Article | None]:
    """Ask for one article. The second value is None where it is unchanged or did not come.

    `files`: reads what is a file and no page.
    """
    bounds = files.bounds if files is not None and looks_like_file(url) else None
    answer = await fetcher.get(url, etag=etag, last_modified=last_modified, bounds=bounds)
    article = await article_of(fetcher, answer, zone, files)
    unreadable = article is not None and article.state == "unreadable"
    await fetcher.tell("article", url, answer, Outcome.NOT_UNDERSTOOD if unreadable else answer.outcome)
    return answer, article


async def article_of(fetcher: Fetcher, answer: Answer, zone: tzinfo, files: Files | None) -> Article | None:
    """What an answer to an article's address says; None where it is unchanged or did not come."""
    if answer.outcome is not Outcome.READ or answer.unchanged:
        return None
    if sent_home(answer):
        return Article("unreadable", SENT_HOME)
    page = page_of(answer, zone)
    if files is not None and is_file(answer, page):
        return await read_entry(files.reader, answer)
    article = parse_article(page)
    if article.further:
        article = await read_on(fetcher, article, page.url, lambda answer: page_of(answer, zone))
    if not article.attachments and substance(article.text or "") < LEAST:
        article = replace(article, pictured=pictured(page))
    return article
