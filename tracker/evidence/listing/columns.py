"""One visit of one column: pages followed until it is complete, and what may be concluded from it."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo

from tracker.core.law.county import SiteColumn
from tracker.core.values.certificate import Certificate
from tracker.core.values.facts import Sighting, Visit, VisitOutcome
from tracker.evidence.article.read import Article
from tracker.evidence.attachments.collect import Files, is_file, looks_like_file, read_entry
from tracker.evidence.fetch.answer import Answer
from tracker.evidence.fetch.fetcher import Fetcher
from tracker.evidence.fetch.redirects import sent_home, stale
from tracker.evidence.listing.certificate import certificate_of, page_certificate
from tracker.evidence.listing.next_link import read_on
from tracker.evidence.listing.walk import MAX_HOPS, Walk, advance, enter, stumble
from tracker.evidence.page.barriers import REASONS
from tracker.evidence.page.parsed import Page
from tracker.evidence.reading.reading_process import (
    ARTICLE_PAGE,
    LISTING_PAGE,
    STANDING_PAGE,
    UnreadPageError,
    read_apart,
)
from tracker.evidence.wrappers.values import Ask, Listing, ReadSoFar, proposal_key

_REFUSALS = {"missing", "login", "challenge"}
#: Why an article is not read whose address leads to the front page now.
SENT_HOME = "文章地址被转到了网站首页"


@dataclass(frozen=True, slots=True)
class KeptPage:
    """What the last reading of a page held; `listing` stands as long as the page does not change.
    `url`: what it is kept under (`Ask.key`). `digest`: "" where the page has to be read anew in any case."""

    url: str
    etag: str
    last_modified: str
    digest: str
    listing: Listing
    read_at: datetime


#: Gives the kept page of an address, where there is one.
Kept = Callable[[str], Awaitable[KeptPage | None]]


async def none_kept(_url: str) -> KeptPage | None:
    """`Kept` of what is read for the first time."""
    return None


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """A visit with what it saw. `certificate`: the parts that the pages alone can answer. `pages`: those read anew, to
    be kept. `article`: the page of a page column, None where it is the one known already (`unchanged`); `status`: what
    its address answered; `closed`: why newer entries stand elsewhere (Chinese); `partial`: a page breaks off or is an
    old copy, so that the visit adds entries and changes none."""

    visit: Visit
    sightings: tuple[Sighting, ...] = ()
    pages: tuple[KeptPage, ...] = ()
    article: Article | None = None
    status: int = 0
    unchanged: bool = False
    closed: str = ""
    partial: bool = False
    certificate: Certificate = field(default_factory=Certificate)


#: What a server answers that does not take a form.
_NO_FORM = {404, 405, 501}


@dataclass(frozen=True, slots=True)
class _Step:
    """One page asked for: its listing, or why there is none. `fresh`: to be kept; `stale`: why it is an old copy."""

    outcome: VisitOutcome
    note: str = ""
    listing: Listing | None = None
    fresh: KeptPage | None = None
    stale: str = ""


async def read_column(
    fetcher: Fetcher, column: SiteColumn, zone: tzinfo, *, since: date | None, kept: Kept, max_pages: int | None = None
) -> ColumnReading:
    """Visit a column as far back as `since` (None: to its end). Every failure is an outcome of the visit.

    `max_pages`: fewer pages than the limits allow.
    """
    began, most = fetcher.clock(), max_pages or fetcher.limits.max_pages
    if column.kind == "page":
        return await _read_page(fetcher, column, zone, began, kept)
    walk, reader = Walk(), _ColumnReader(fetcher, column, zone, kept)
    fresh: list[KeptPage] = []
    requests = 0
    ask: Ask | None = Ask(column.url)
    while ask is not None:
        if requests >= most + MAX_HOPS:
            walk.fail(f"页数超过上限 {most} 页，未读到尽头")
            break
        walk.asked.add(ask.key)
        requests += 1
        step = await reader.step(ask, walk, follow=walk.pages == 0)
        if step.fresh is not None:
            fresh.append(step.fresh)
            walk.relearned = walk.relearned or step.fresh.listing.relearned
        walk.stale = walk.stale or step.stale
        if step.outcome is VisitOutcome.NOT_FOUND and walk.otherwise is not None:
            ask, walk.otherwise = walk.otherwise, None
        elif step.listing is None:
            stumble(walk, step.outcome, step.note)
            ask = walk.begin() if walk.pages else None
        elif step.listing.parts:
            reader.draft = step.listing.wrapper
            ask = enter(walk, step.listing)
        else:
            if walk.turned == 0:
                reader.wrapper = step.listing.wrapper
            ask = advance(walk, step.listing, since, most) or walk.begin()
    certificate = certificate_of(walk)
    visit = Visit(
        column.key, began, fetcher.clock(), walk.outcome, certificate.reached, walk.pages, len(walk.seen), walk.told
    )  # fmt: skip
    return ColumnReading(
        visit, tuple(walk.seen.values()), tuple(fresh), unchanged=not fresh, closed=walk.closed,
        partial=walk.cut or bool(walk.stale), certificate=certificate,
    )  # fmt: skip


@dataclass(slots=True)
class _ColumnReader:
    """Asks for a column's pages and reads them in the manner that its rule says.
    `as_get`: the server takes no forms; `wrapper`: how the chain's list is read; `draft`: what the page that led to it
    tells of that."""

    fetcher: Fetcher
    column: SiteColumn
    zone: tzinfo
    kept: Kept
    as_get: bool = False
    wrapper: str = ""
    draft: str = ""

    @property
    def manner(self) -> str:
        """Under which a page is kept: one that was read in another manner is read anew."""
        stated = self.column.interface or self.column.list_rule
        return f"{self.column.dialect}:{stated}" if stated is not None else self.column.dialect

    @property
    def today(self) -> date:
        return self.fetcher.clock().astimezone(self.zone).date()

    async def step(self, ask: Ask, walk: Walk, *, follow: bool, sent_from: str = "") -> _Step:
        """`sent_from`: the address whose page only sends on to this one."""
        known = await self.kept(ask.key)
        if known is not None and known.listing.manner != self.manner:
            known = None
        answer = await self._answer(ask, known)
        so_far = self._so_far(walk, known)
        step, target = await self._judged(ask, known, answer, so_far, follow=follow, asked=sent_from or answer.asked)
        step = replace(step, stale=stale(answer))
        await self.fetcher.tell("listing", ask.key, answer, step.outcome, self.column.key)
        return step if target is None else await self.step(Ask(target), walk, follow=False, sent_from=ask.url)

    def _so_far(self, walk: Walk, known: KeptPage | None) -> ReadSoFar:
        if walk.turned:
            return ReadSoFar(self.wrapper, walk.turned + 1, walk.rows, walk.last)
        if known is None:  # the first page of a further chain is a list of the same making
            return ReadSoFar(self.wrapper if walk.pages else "", draft=self.draft)
        return ReadSoFar(known.listing.wrapper, last=known.listing.sightings, draft=self.draft)

    async def _judged(
        self, ask: Ask, known: KeptPage | None, answer: Answer, so_far: ReadSoFar, *, follow: bool, asked: str
    ) -> tuple[_Step, str | None]:
        """What an answer shows. The second value: where a page leads that only sends on, then the first is moot."""
        if answer.outcome is not VisitOutcome.READ:
            is_program = so_far.draft and ask.url.partition("?")[0].endswith(".js")  # it is gone, and not the column
            return _Step(VisitOutcome.NOT_UNDERSTOOD if is_program else answer.outcome, answer.note), None
        if answer.unchanged:
            if known is None or not known.digest:
                return _Step(VisitOutcome.NOT_UNDERSTOOD, "网站只答复“未修改”，没有给出内容"), None
            return _Step(VisitOutcome.READ, listing=known.listing), None
        digest = hashlib.sha256(answer.body).hexdigest()
        if known is not None and known.digest == digest:
            return _Step(VisitOutcome.READ, listing=known.listing), None
        page = page_of(answer, self.zone, None if self.as_get else ask.form)
        try:
            read = await read_apart(LISTING_PAGE, page, asked, self.column, so_far)
        except UnreadPageError as error:
            return _Step(VisitOutcome.NOT_UNDERSTOOD, str(error)), None
        if read.refusal:
            return _Step(VisitOutcome.REFUSED, read.refusal), None
        listing = read.listing
        if listing.manner != self.manner:
            listing = replace(listing, manner=self.manner)
        if not listing.understood:
            if follow and read.target is not None:
                return _Step(VisitOutcome.READ), read.target
            step = _Step(_outcome(listing.barrier), listing.reason)
            if listing.wrapper:
                proposed = replace(listing, parts=(ask,))
                step = replace(
                    step, fresh=KeptPage(proposal_key(self.column.url), "", "", digest, proposed, answer.at)
                )  # fmt: skip
            return step, None
        if so_far.draft and listing.parts:  # a script that several columns share leads each of them elsewhere
            return _Step(VisitOutcome.READ, listing=listing), None
        fresh = KeptPage(ask.key, answer.etag, answer.last_modified, digest, listing, answer.at)
        return _Step(VisitOutcome.READ, listing=listing, fresh=fresh), None

    async def _answer(self, ask: Ask, known: KeptPage | None) -> Answer:
        """A form that the server does not take is sent in the address instead, from then on."""
        if ask.form is None:
            return await _ask(self.fetcher, ask.url, known)
        if not self.as_get:
            answer = await self.fetcher.get(ask.url, form=dict(ask.form))
            if answer.status not in _NO_FORM:
                return answer
            self.as_get = True
        return await self.fetcher.get(ask.as_get.url)


async def _read_page(fetcher: Fetcher, column: SiteColumn, zone: tzinfo, began: datetime, kept: Kept) -> ColumnReading:
    """A column that is a single page: it answers and says something, or it could not be looked at."""
    known = await kept(column.url)
    answer = await _ask(fetcher, column.url, known)
    reading = await _page_reading(fetcher, column, zone, began, known, answer)
    await fetcher.tell("listing", column.url, answer, reading.visit.outcome, column.key)
    return reading


async def _page_reading(
    fetcher: Fetcher, column: SiteColumn, zone: tzinfo, began: datetime, known: KeptPage | None, answer: Answer
) -> ColumnReading:

    certificate = page_certificate(stale(answer))

    def ended(outcome: VisitOutcome, note: str = "", pages: int = 0) -> Visit:
        reached = certificate.reached if pages else None
        return Visit(column.key, began, fetcher.clock(), outcome, reached, pages, pages, note)

    if answer.outcome is not VisitOutcome.READ:
        return ColumnReading(ended(answer.outcome, answer.note), status=answer.status)
    digest = hashlib.sha256(answer.body).hexdigest()
    if known is not None and (answer.unchanged or known.digest == digest):
        return ColumnReading(
            ended(VisitOutcome.READ, pages=1), known.listing.sightings, status=304, unchanged=True,
            certificate=certificate,
        )  # fmt: skip
    if answer.unchanged or sent_home(answer):
        return ColumnReading(ended(VisitOutcome.REFUSED, "页面地址被转到了网站首页"))
    try:
        read = await read_apart(STANDING_PAGE, page_of(answer, zone), answer.asked, column.title)
    except UnreadPageError as error:
        return ColumnReading(ended(VisitOutcome.NOT_UNDERSTOOD, str(error)))
    if isinstance(read, str):
        return ColumnReading(ended(VisitOutcome.REFUSED, read))
    article = read.article
    if article.state == "unreadable":
        refused = article.reason in {REASONS["missing"], REASONS["login"], REASONS["challenge"]}
        return ColumnReading(ended(VisitOutcome.REFUSED if refused else VisitOutcome.NOT_UNDERSTOOD, article.reason))
    sighting = Sighting(column.url, article.title or column.title, article.claimed)
    fresh = KeptPage(
        column.url, answer.etag, answer.last_modified, digest, Listing((sighting,), dialect="page"), answer.at
    )
    return ColumnReading(
        ended(VisitOutcome.READ, pages=1), (sighting,), (fresh,), article, answer.status, certificate=certificate
    )


async def _ask(fetcher: Fetcher, url: str, known: KeptPage | None) -> Answer:
    if known is None:
        return await fetcher.get(url)
    return await fetcher.get(url, etag=known.etag, last_modified=known.last_modified)


def page_of(answer: Answer, zone: tzinfo, form: tuple[tuple[str, str], ...] | None = None) -> Page:
    today = answer.at.astimezone(zone).date()
    return Page(answer.url, answer.body, zone, today, answer.content_type, form)


def _outcome(barrier: str) -> VisitOutcome:
    return VisitOutcome.REFUSED if barrier in _REFUSALS else VisitOutcome.NOT_UNDERSTOOD


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
    await fetcher.tell("article", url, answer, VisitOutcome.NOT_UNDERSTOOD if unreadable else answer.outcome)
    return answer, article


async def article_of(
    fetcher: Fetcher, answer: Answer, zone: tzinfo, files: Files | None, *, follow: bool = True
) -> Article | None:
    """What an answer to an article's address says; None where it is unchanged or did not come.

    `follow`: what a page that only sends on leads to is read instead, once.
    """
    if answer.outcome is not VisitOutcome.READ or answer.unchanged:
        return None
    if sent_home(answer):
        return Article("unreadable", SENT_HOME)
    page = page_of(answer, zone)
    if files is not None and is_file(answer, page):
        return await read_entry(files.reader, answer)
    try:
        read = await read_apart(ARTICLE_PAGE, page)
    except UnreadPageError as error:
        return Article("unreadable", str(error))
    article = read.article
    if follow and (target := read.target) is not None:
        bounds = files.bounds if files is not None and looks_like_file(target) else None
        sent = await fetcher.get(target, bounds=bounds)
        await fetcher.tell("article", target, sent, sent.outcome)
        found = await article_of(fetcher, sent, zone, files, follow=False)
        if found is None:
            return replace(article, reason=REASONS["missing"]) if sent.gone else article
        return replace(found, further=found.further or (target,))
    if article.further:
        article = await read_on(fetcher, article, page.url, lambda answer: page_of(answer, zone))
    return article
