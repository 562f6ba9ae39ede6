"""Compares an article with the known version of its entry. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from tracker.core.matching.fingerprint import fingerprint
from tracker.core.values.facts import Attachment, Moment, Sighting, VisitOutcome
from tracker.evidence.article.read import EMPTY, Article
from tracker.evidence.fetch.answer import Answer
from tracker.evidence.listing.columns import SENT_HOME
from tracker.evidence.page.barriers import REASONS
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.empty_page import LEAST, substance
from tracker.evidence.page.row_titles import is_short_for
from tracker.store.site import Body, KnownEntry, NewVersion

#: Sources of a date that are surer than the list; the article's address is less sure.
_SURE = {"tag", "line", "catalogue", "data"}
#: A text that shrinks to less than one part in this many is read again before the change is accepted.
_SHRUNK = 5
#: How an article may have been taken down: `empty`; `shrunk` to a few words; `denied` by an error page or the front
#: page; `dead` (404 or 410) while its list still shows it; `taken` (404 or 410) and off its list; `list-unread` (404 or
#: 410) while its list cannot be read. "": it was not.
TakedownKind = Literal["", "empty", "shrunk", "denied", "dead", "taken", "list-unread"]


def takedown_kind(
    known: KnownEntry, answer: Answer, article: Article | None, before: Body, *, listed: bool | None
) -> TakedownKind:
    """Return whether and how an article seems taken down.

    `before`: its known version; `listed`: its list shows it, None where the list could not be read.

    Only an article that was read before can be, or one whose listed address answers 404. Pictures and embedded files
    may hold what the text no longer does.
    """
    if article is None:
        if not answer.gone or known.gone_at is not None:
            return ""
        if listed is None:
            return "list-unread"
        return "dead" if listed else "taken" if known.state == "read" else ""
    if known.state != "read":
        return ""
    text, files = before[0] or "", before[1]
    if article.reason in (REASONS["missing"], SENT_HOME):
        return "denied"
    if article.attachments or article.pictured or not (files or text.strip()):
        return ""
    size, size_before = substance(article.text or ""), substance(text)
    is_long_before = size_before >= LEAST * _SHRUNK
    if article.reason == EMPTY or (article.state == "read" and size < LEAST and (files or is_long_before)):
        return "empty"
    return "shrunk" if article.state == "read" and is_long_before and size * _SHRUNK < size_before else ""


def article_or_unreadable(known: KnownEntry, answer: Answer, article: Article | None) -> Article | None:
    """Return the article; an unreadable one in its place if it could never be fetched."""
    if article is None and not answer.unchanged and not answer.gone and known.state == "unread":
        return Article("unreadable", answer.note)
    return article


def presence_change(known: KnownEntry, answer: Answer, article: Article | None) -> dict[str, object]:
    """Return the changed fields if the entry is gone, or has returned. Takedowns are decided before."""
    cleared: dict[str, object] = {"hollow_at": None} if known.hollow_at is not None else {}
    if answer.gone and known.gone_at is None:
        return {"gone_at": answer.at, "gone_status": answer.status} | cleared
    if answer.outcome is VisitOutcome.READ and (article is None or article.state == "read"):
        return ({"gone_at": None, "gone_status": None} if known.gone_at is not None else {}) | cleared
    return {}


def next_version(
    known: KnownEntry,
    listed: Sighting,
    article: Article | None,
    before: Body,
    seen_at: datetime,
    changed_files: tuple[Attachment, ...] | None = None,
) -> NewVersion | None:
    """Return the entry's next version, or None if nothing that duties look at has changed.

    `article` None: it was not fetched; only the list or its files (`changed_files`) have changed.
    """
    text, files, source, dates = before
    if article is None and changed_files is not None:
        files = changed_files
    state, title = known.state, listed.title
    claimed, claimed_from = _claimed(known, listed, article, seen_at)
    if article is not None and article.state == "read":
        text, files, source, state = article.text, _with_texts(article.attachments, files), article.source, "read"
        dates = article.dates
        if listed.claimed is not None and not listed.inferred:
            dates = (*dates, ("listing", listed.claimed))
    elif article is not None and known.state != "read":
        files, state = article.attachments, "unreadable"
    if article is not None and is_short_for(listed.title, article.title):
        title = article.title
    elif article is None and is_short_for(listed.title, known.title):
        title = known.title
    is_same_text = (title, claimed, text) == (known.title, known.claimed, before[0])
    if is_same_text and files == before[1] and state == known.state:
        return None
    # A list that shows a new date for a never read article reports a change: the earlier date is kept.
    is_redated = known.listed_claimed not in (None, listed.claimed) and claimed != known.claimed
    replaces = (known.state != "read" and not is_redated) or (is_same_text and _are_only_filled(files, before[1]))
    return NewVersion(
        known.id, known.number if replaces else known.number + 1, seen_at, title, claimed, claimed_from, text, state,
        source, files, replaces=replaces, dates=dates, fingerprint=fingerprint(text or ""),
    )  # fmt: skip


def _claimed(
    known: KnownEntry, listed: Sighting, article: Article | None, seen_at: datetime
) -> tuple[Moment | None, str]:
    """Return the claimed date and its source: the article's if sure, else the list's."""
    source = "" if listed.claimed is None else "inferred" if listed.inferred else "listing"
    if article is None:
        return (known.claimed, known.claimed_from) if known.claimed_from in _SURE else (listed.claimed, source)
    if article.claimed is not None:
        is_sure = article.claimed_from in _SURE and not _is_reading_day(article, listed, seen_at)
        if is_sure or listed.claimed is None or listed.inferred:
            return article.claimed, article.claimed_from
    if article.state == "unreadable" and known.claimed_from in _SURE:
        return known.claimed, known.claimed_from
    return listed.claimed, source


def _is_reading_day(article: Article, listed: Sighting, seen_at: datetime) -> bool:
    """Return whether a page's date tag is generated at each reading: it shows today and the list an earlier day."""
    if article.claimed_from != "tag" or article.claimed is None or listed.claimed is None or listed.inferred:
        return False
    return day_of(article.claimed) >= seen_at.date() and day_of(listed.claimed) < seen_at.date()


def _are_only_filled(files: Sequence[Attachment], before: Sequence[Attachment]) -> bool:
    """Return whether the only changes are files that could be read at last, or are unread for another reason."""
    return len(files) == len(before) and all(
        file == earlier or (file.url == earlier.url and earlier.text is None and earlier.digest in ("", file.digest))
        for file, earlier in zip(files, before, strict=True)
    )


def _with_texts(files: Sequence[Attachment], before: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """Return the files; unread ones of known addresses keep their known texts."""
    known = {attachment.url: attachment for attachment in before}
    return tuple(
        file if file.text is not None or file.note else replace(known.get(file.url, file), name=file.name)
        for file in files
    )
