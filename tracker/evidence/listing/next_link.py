"""An article that goes on elsewhere: on further pages of its own, or in the frame that its page is built around."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tracker.core.values.facts import Attachment, VisitOutcome
from tracker.evidence.article.read import Article, parse_article
from tracker.evidence.article.unread import FURTHER_NOTE
from tracker.evidence.fetch.answer import Answer
from tracker.evidence.fetch.fetcher import Fetcher
from tracker.evidence.page.parsed import Page
from tracker.evidence.reading.reading_process import ARTICLE_PART, UnreadPageError, read_apart

#: Pages of one article that are read; what lies beyond stays noted as unread.
MOST = 20
_FRAMES = 4


async def read_on(fetcher: Fetcher, article: Article, first: str, page_of: Callable[[Answer], Page]) -> Article:
    """The article with the text of its further pages. One that does not come stays an attachment without a text."""
    if article.state == "unreadable":
        return await _framed(fetcher, article, page_of)
    texts, read, files = [article.text or ""], set[str](), list(article.attachments)
    asked = set(article.further)
    waiting = list(article.further)
    while waiting and len(read) < MOST:
        url = waiting.pop(0)
        answer = await fetcher.get(url)
        await fetcher.tell("article", url, answer, answer.outcome)
        if answer.outcome is not VisitOutcome.READ or answer.unchanged:
            break  # a hole in the middle of a text is not bridged
        try:
            seen = await read_apart(ARTICLE_PART, page_of(answer), first)
        except UnreadPageError:
            break
        part = seen.article
        if part.state != "read":
            break
        read.add(url)
        onward = [*part.further, *seen.onward]
        if part.text not in texts:
            texts.append(part.text or "")
        waiting += [one for one in dict.fromkeys(onward) if one not in asked and one != answer.url]
        asked |= set(onward)
        files += [one for one in part.attachments if one.url not in asked]
    files += [Attachment("正文后续分页", url, None, FURTHER_NOTE) for url in waiting]
    kept = {one.url: one for one in reversed(files) if one.url not in read}
    return replace(article, text="\n".join(texts), attachments=tuple(reversed(kept.values())))


async def _framed(fetcher: Fetcher, article: Article, page_of: Callable[[Answer], Page]) -> Article:
    """Of the frames of a page the one that says most."""
    best: Article | None = None
    for url in article.further[:_FRAMES]:
        answer = await fetcher.get(url)
        await fetcher.tell("article", url, answer, answer.outcome)
        if answer.outcome is VisitOutcome.READ and not answer.unchanged:
            try:
                part = await read_apart(parse_article, page_of(answer))
            except UnreadPageError:
                continue
            if part.state == "read" and (best is None or len(part.text or "") > len(best.text or "")):
                best = part
    if best is None:
        return article
    return replace(best, title=article.title or best.title) if not best.title else best
