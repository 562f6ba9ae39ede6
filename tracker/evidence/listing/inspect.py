"""What the readers see at one address, whatever lies there: a column, an article, a file, or nothing to be seen."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from tracker.core.law.county import Interface, SiteColumn
from tracker.core.law.duties import Item
from tracker.core.matching.contents import find_item, is_readable
from tracker.core.values.certificate import PartName
from tracker.core.values.facts import EntryVersion, Moment, Sighting, VisitOutcome
from tracker.evidence.article.read import Article, disagree
from tracker.evidence.attachments.collect import Files, is_file, looks_like_file, read_entry
from tracker.evidence.fetch.answer import Answer
from tracker.evidence.fetch.fetcher import Fetcher
from tracker.evidence.fetch.redirects import sent_home
from tracker.evidence.listing.columns import SENT_HOME, Kept, KeptPage, article_of, none_kept, page_of, read_column
from tracker.evidence.page.parsed import Page
from tracker.evidence.reading.page_results import Glance
from tracker.evidence.reading.reading_process import GLANCE, UnreadPageError, read_apart

Kind = Literal["listing", "article", "file", "missing", "unverifiable"]

#: Under which an inspected column is visited; it belongs to no county.
_COLUMN = "inspected"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at `url`. `missing`: the site says that nothing is there; `unverifiable`: nobody could look,
    and `reason` (Chinese) says why, or of a listing how far it was read.

    `published_from`: where the date stood; `entries` and `pages`: of a listing; `flags`: what to look at.
    `article`: what an article or a file says, for looking its contents up.
    """

    url: str
    kind: Kind
    reason: str = ""
    dialect: str = ""
    title: str = ""
    published: Moment | None = None
    published_from: str = ""
    source: str = ""
    encoding: str = ""
    entries: tuple[Sighting, ...] = ()
    pages: int = 0
    flags: tuple[str, ...] = ()
    article: Article | None = None

    @property
    def looked(self) -> bool:
        return self.kind in ("listing", "article", "file")

    def to_json(self, contents: dict[str, InspectedItem] | None = None) -> dict[str, Any]:
        """For programs: the keys of `duban inspect --json`."""
        return {
            "url": self.url,
            "kind": self.kind,
            "dialect": self.dialect,
            "title": self.title,
            "published": _text(self.published),
            "published_from": self.published_from,
            "source": self.source,
            "encoding": self.encoding,
            "entries": [
                {"title": one.title, "url": one.url, "date": _text(one.claimed), "inferred": one.inferred}
                for one in self.entries
            ],
            "pages": self.pages,
            "contents": {label: {"found": one.found, "where": one.where} for label, one in (contents or {}).items()},
            "flags": list(self.flags),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class InspectedItem:
    """One item that a duty asks for. `found` None: what lacks it could not be read whole; `where`: what proves it."""

    found: bool | None
    where: str | None = None


async def inspect(
    url: str, fetcher: Fetcher, zone: tzinfo, files: Files, *, dialect: str = "", interface: Interface | None = None
) -> Seen:
    """Ask for an address and read what is there; a listing to its end, as far as the fetcher's limits go.

    Whatever a site does is something that was seen; nothing is raised for it. `dialect`, `interface`: what a rule
    forces on the column that lies there.
    """
    answer = await fetcher.get(url, bounds=files.bounds if looks_like_file(url) else None)
    if (unseen := _unseen(url, answer)) is not None:
        return unseen
    try:
        page, view = await _opened(answer, zone)
        if view.target is not None:
            answer = await fetcher.get(view.target)
            if (unseen := _unseen(url, answer)) is not None:
                return unseen
            page, view = await _opened(answer, zone)
    except UnreadPageError as error:
        return Seen(url, "unverifiable", str(error))
    if dialect or interface is not None:
        forced = SiteColumn(
            _COLUMN, _COLUMN, _COLUMN, "listing", view.title, answer.url, dialect=dialect, interface=interface
        )
        return await _follow(Seen(url, "listing", title=view.title, encoding=view.encoding), forced, fetcher, zone)
    if _is_file(answer, page, view):
        return await _file(url, answer, files)
    seen = seen_at(url, view)
    if seen.kind == "listing":
        seen = await _listing(seen, answer, view, fetcher, zone)
    # A page that is built around a frame may show an article in it.
    framed = not seen.looked and view.kind == "html" and bool(view.article.further)
    if seen.kind == "article" or framed:
        article = await article_of(fetcher, answer, zone, files)
        if article is not None and article.state == "read":
            return _of_article(replace(seen, article=article, entries=(), reason="", dialect=""))
    return seen


async def _opened(answer: Answer, zone: tzinfo) -> tuple[Page, Glance]:
    page = page_of(answer, zone)
    return page, await read_apart(GLANCE, page)


def seen_at(url: str, view: Glance) -> Seen:
    """What one page shows by itself: of a listing the first rows, of an article what stands on its first page."""
    blank = Seen(url, "unverifiable", encoding=view.encoding)
    if view.kind != "html":
        if not view.listing.understood:
            return replace(blank, reason=view.listing.reason)
        return _of_listing(blank, view)
    if view.judged.nature == "listing":
        return _of_listing(blank, view)
    if view.judged.nature == "article":
        return _of_article(replace(blank, article=view.article))
    return replace(blank, kind=view.judged.nature, reason=view.judged.reason, title=view.title)


def contents_of(seen: Seen, items: Sequence[Item], at: datetime) -> dict[str, InspectedItem]:
    """Each item by its name. Of what is no article and no file nothing is said."""
    article = seen.article
    if article is None or not seen.looked:
        return {}
    version = EntryVersion(
        at, article.title, article.claimed, article.text, article.state, article.attachments, article.source,
        article.claimed_from, article.dates,
    )  # fmt: skip
    found: dict[str, InspectedItem] = {}
    for item in items:
        place = find_item(version, item)
        held = True if place is not None else False if is_readable(version) else None
        found.setdefault(item.label, InspectedItem(held, None if place is None else str(place)))
    return found


async def with_files(seen: Seen, files: Files) -> Seen:
    """The same with the files that the article links read too."""
    if seen.article is None or seen.kind != "article":
        return seen
    read = await files.read(seen.article.attachments, ())
    unread = any(one.text is None or one.note for one in read)
    flags = (*seen.flags, "files-unread") if unread else seen.flags
    return replace(seen, article=replace(seen.article, attachments=read), flags=flags)


# -- what came -----------------------------------------------------------------------------------


def _unseen(url: str, answer: Answer) -> Seen | None:
    if answer.gone:
        return Seen(url, "missing", answer.note)
    if answer.outcome is not VisitOutcome.READ:
        # No county's sites are meant here, but the one that was asked for.
        return Seen(url, "unverifiable", answer.note.replace("本县站点", "所查站点") or "未能读取")
    if answer.unchanged:
        return Seen(url, "unverifiable", "网站只答复“未修改”，没有给出内容")
    return Seen(url, "unverifiable", SENT_HOME) if sent_home(answer) else None


def _is_file(answer: Answer, page: Page, view: Glance) -> bool:
    """A list of data is read as a list, whatever its server calls it."""
    if view.kind in ("xml", "json") and not looks_like_file(answer.url):
        return False
    return is_file(answer, page)


async def _file(url: str, answer: Answer, files: Files) -> Seen:
    article = await read_entry(files.reader, answer)
    name = unquote(urlsplit(answer.url).path.rpartition("/")[2]) or answer.url
    if article.state != "read":
        return Seen(url, "unverifiable", article.reason, title=name)
    partly = any(one.note for one in article.attachments)
    reason = "；".join(one.note for one in article.attachments if one.note)
    return Seen(url, "file", reason, title=name, flags=("files-unread",) if partly else (), article=article)


async def _listing(seen: Seen, answer: Answer, view: Glance, fetcher: Fetcher, zone: tzinfo) -> Seen:
    """Follow the list, its first page being known already."""
    digest = hashlib.sha256(answer.body).hexdigest()
    first = KeptPage(answer.url, answer.etag, answer.last_modified, digest, view.listing, answer.at)

    async def kept(url: str) -> KeptPage | None:
        return first if url == first.url else None

    column = SiteColumn(_COLUMN, _COLUMN, _COLUMN, "listing", seen.title, answer.url)
    return await _follow(seen, column, fetcher, zone, kept)


async def _follow(seen: Seen, column: SiteColumn, fetcher: Fetcher, zone: tzinfo, kept: Kept = none_kept) -> Seen:
    reading = await read_column(fetcher, column, zone, since=None, kept=kept)
    visit = reading.visit
    if visit.outcome is not VisitOutcome.READ:
        return replace(seen, kind="unverifiable", reason=visit.note, entries=(), pages=0, flags=())
    dialects = [one.listing.dialect for one in reading.pages if one.listing.sightings]
    entries = reading.sightings
    may_be_whole = visit.reached == "end" or reading.certificate.holds(PartName.END_KNOWN) is None
    partial = () if may_be_whole else ("partial",)
    return replace(
        seen,
        reason=visit.note,
        dialect=next(iter(dialects), seen.dialect),
        entries=entries,
        pages=visit.pages,
        flags=(*partial, *_row_flags(entries)),
    )


# -- in words ------------------------------------------------------------------------------------


def _of_listing(seen: Seen, view: Glance) -> Seen:
    listing = view.listing
    onward = listing.following(1) is not None or listing.more or listing.digest
    return replace(
        seen,
        kind="listing",
        dialect=listing.dialect,
        title=view.title,
        entries=listing.sightings,
        pages=1,
        flags=(*(("partial",) if onward else ()), *_row_flags(listing.sightings)),
    )


def _row_flags(rows: Sequence[Sighting]) -> tuple[str, ...]:
    flags = []
    if rows and not any(one.claimed is not None for one in rows):
        flags.append("undated")
    if any(one.inferred for one in rows):
        flags.append("inferred-dates")
    return tuple(flags)


def _of_article(seen: Seen) -> Seen:
    article = seen.article
    if article is None:
        return seen
    return replace(
        seen,
        kind="article",
        title=article.title,
        published=article.claimed,
        published_from=article.claimed_from,
        source=article.source,
        pages=1,
        flags=_flags(article),
    )


def _flags(article: Article) -> tuple[str, ...]:
    found = {
        "undated": article.claimed is None,
        "dates-disagree": disagree(article),
        "pictured": article.pictured,
        "continues": any(one.url in article.further for one in article.attachments),
    }
    return tuple(name for name, so in found.items() if so)


def _text(moment: Moment | None) -> str | None:
    return None if moment is None else moment.isoformat()
