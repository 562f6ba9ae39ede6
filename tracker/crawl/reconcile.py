"""Compares a visit with what is known of a column: new, changed and missing entries. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from tracker.core.matching.fingerprint import fingerprint
from tracker.core.matching.naming import flat
from tracker.core.values.facts import Attachment, Moment, Sighting, Visit, VisitOutcome
from tracker.evidence.article.read import EMPTY, Article
from tracker.evidence.fetch.answer import Answer
from tracker.evidence.fetch.barriers import REASONS
from tracker.evidence.listing.columns import SENT_HOME
from tracker.evidence.listing.dialects.rows import is_short_for
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.empty_page import LEAST, substance
from tracker.store.site import Body, Known, NewVersion

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
#: Where a date stood, surest first: an article's address says less than the list that shows it.
_SURE = {"tag", "line", "catalogue", "data"}
#: A list that loses this many rows at once, and more than twice those it keeps, is believed after so long; so is one
#: that loses so many newer than all it keeps.
_THINNED, _NEWER, _BELIEVED = 3, 2, timedelta(days=4)
#: One row in so many may be an old one that is pinned above the others.
_PINNED = 5
#: A text that shrinks to less than one part in this many is looked at again before it is believed.
_SHRUNK = 5
#: How an article fails to show what it held: `empty`, `shrunk` to a few words, `denied` by a page that says so or
#: by the front page, `dead` (404 or 410) while its list still shows it, `taken` the same when it does not.
Lack = Literal["", "empty", "shrunk", "denied", "dead", "taken"]


@dataclass(frozen=True, slots=True)
class VisitChanges:
    """What a visit leaves to do: rows to write, and articles to ask for (newest first). `listed`: by address, what
    the column's list is taken to show."""

    new: tuple[Sighting, ...]
    seen: tuple[Known, ...]
    relisted: tuple[tuple[Known, Sighting], ...]
    missing: tuple[Known, ...]
    ask: tuple[Known, ...]
    listed: Mapping[str, Sighting]
    thinned: int = 0  # so many rows that stood there lately are all at once not there: see `doubted`
    unlike: int = 0  # of a cut list: so many known rows that it lacks where they stood, or shows in other words


def plan(
    visit: Visit,
    sightings: Sequence[Sighting],
    known: Mapping[str, Known],
    reread: Collection[str],
    now: datetime,
    *,
    cut: bool = False,
) -> VisitChanges:
    """Compare what a visit saw with what is known. A visit that could not look changes nothing.

    `cut`: a page of the visit breaks off. Its rows add entries; what is known stays as it was listed, seen or not.
    """
    seen = {sighting.url: sighting for sighting in sightings}
    here = [known[url] for url in seen if url in known]
    listed = seen | _as_before(known, seen) if cut else seen
    reworded = [entry for entry in here if _relisted(entry, seen[entry.url])]
    relisted = () if cut else tuple((entry, seen[entry.url]) for entry in reworded)
    changed = {one.id for one, _ in relisted}
    absent = [one for url, one in known.items() if url not in seen] if visit.outcome is VisitOutcome.READ else []
    unlisted = [entry for entry in absent if _within(entry, visit)]
    missing = [] if cut else unlisted
    lacked = {one.id for one in missing}
    new = tuple(sighting for url, sighting in seen.items() if url not in known)
    ask = [one for one in here if one.id in changed or _due_here(one, reread, now)]
    ask += [one for one in absent if _due_absent(one, one.id in lacked, reread, now)]
    return VisitChanges(
        new=new,
        seen=tuple(here),
        relisted=relisted,
        missing=tuple(one for one in missing if one.missing_at is None),
        ask=tuple(ask),
        listed=listed,
        thinned=_thinned(visit, here, missing, new) if len(missing) >= _NEWER else 0,
        unlike=len(reworded) + sum(entry.missing_at is None for entry in unlisted) if cut else 0,
    )


def _as_before(known: Mapping[str, Known], seen: Collection[str]) -> dict[str, Sighting]:
    """The rows of a list as they were last read whole; `seen`: the addresses that it shows now."""
    return {url: as_listed(entry) for url, entry in known.items() if entry.missing_at is None or url in seen}


def _thinned(visit: Visit, here: Sequence[Known], missing: Sequence[Known], new: Sequence[Sighting]) -> int:
    """How many rows a list has lost of late, where that is most of it or all that was newest; 0 where it is as lists
    are. What stands there under another address now is not lost."""
    lately = [
        one
        for one in missing
        if one.gone_at is None and (one.missing_at is None or visit.began_at - one.missing_at < _BELIEVED)
    ]
    days = [*(sighting.claimed for sighting in new), *(one.listed_claimed for one in here)]
    newest = max((day_of(day) for day in days if day is not None), default=None)
    newer = [
        one for one in lately if newest and (stood := one.listed_claimed or one.claimed) and day_of(stood) > newest
    ]
    if len(lately) <= 2 * len(here) and len(newer) < _NEWER:
        return 0
    titles = {flat(sighting.title) for sighting in new}
    lost = sum(flat(one.listed_title) not in titles for one in lately)
    if sum(flat(one.listed_title) not in titles for one in newer) >= _NEWER:
        return lost  # a list that goes back in time is an old copy: one of two servers that nobody keeps in step
    kept = len(here) + len(lately) - lost
    return lost if lost >= _THINNED and lost > 2 * kept else 0


def doubted(visit: Visit, todo: VisitChanges) -> Visit:
    """The visit as it is recorded: one whose list had lost most of its rows, or the newest, since it was last read
    speaks for what it shows, and not for what it lacks. A template that fails, a database that answers nothing, a
    copy of last week look the same. So does one that breaks off and differs from what was read whole."""
    if todo.thinned:
        note = f"列表比以前少了 {todo.thinned} 条，疑为网站故障，{_BELIEVED.days} 天内不据此断定未公开"
    elif todo.unlike:
        note = f"有 {todo.unlike} 条与以前所见不同，不予更新，也不据此断定未公开"
    else:
        return visit
    return replace(visit, reached=None, note="；".join(one for one in (visit.note, note) if one))


def _relisted(known: Known, seen: Sighting) -> bool:
    return (known.listed_title, known.listed_claimed, known.publisher) != (seen.title, seen.claimed, seen.publisher)


def _within(known: Known, visit: Visit) -> bool:
    """Whether the visit reached to where the entry stood; on the last page's newest day it may lie beyond."""
    if visit.reached == "end":
        return True
    stood = known.listed_claimed or known.claimed
    return isinstance(visit.reached, date) and stood is not None and day_of(stood) > visit.reached


def cleared_away(known: Mapping[str, Known]) -> frozenset[int]:
    """Of a column's entries those that went from its list with all that was as old: three or more, older than what
    the list shows. Whoever keeps a site clears it of what is old; one department's paper is taken back by itself."""
    shown = [one for one in known.values() if one.missing_at is None and one.gone_at is None]
    days = sorted(day_of(stood) for one in shown if (stood := one.listed_claimed or one.claimed) is not None)
    if not days:
        return frozenset()
    oldest, titles = days[len(days) // _PINNED], {flat(one.listed_title) for one in shown}
    gone = [
        one.id
        for one in known.values()
        if one.missing_at is not None
        and one.gone_at is None
        and (stood := one.listed_claimed or one.claimed) is not None
        and day_of(stood) < oldest
        and flat(one.listed_title) not in titles
    ]
    return frozenset(gone) if len(gone) >= _THINNED else frozenset()


def off_list(known: Known, visit: Visit, listed: Collection[str]) -> bool:
    """Whether the list, read far enough, no longer shows the entry."""
    if known.url in listed:
        return False
    return known.missing_at is not None or (visit.outcome is VisitOutcome.READ and _within(known, visit))


def _due_here(known: Known, reread: Collection[str], now: datetime) -> bool:
    if known.read_at is None or known.url in reread:
        return True
    if known.hollow_at is not None:
        return due_again(known.hollow_at, known.read_at, now, _HOUR)
    if known.gone_at is not None:
        came_back = known.missing_at is not None or known.last_seen_at < known.gone_at
        return came_back or due_again(known.gone_at, known.read_at, now, _HOUR)
    if known.state != "read":
        return due_again(known.first_seen_at, known.read_at, now, _HOUR)
    return due_again(known.first_seen_at, known.read_at, now, _DAY)


def _due_absent(known: Known, missing: bool, reread: Collection[str], now: datetime) -> bool:
    if known.read_at is None or known.url in reread or (missing and known.missing_at is None):
        return True
    if known.hollow_at is not None:
        return due_again(known.hollow_at, known.read_at, now, _HOUR)
    if known.gone_at is not None:
        return due_again(known.gone_at, known.read_at, now, _HOUR)
    if known.missing_at is not None:
        return due_again(known.missing_at, known.read_at, now, _HOUR)
    return due_again(known.first_seen_at, known.read_at, now, _DAY)


def due_again(origin: datetime, last: datetime, now: datetime, unit: timedelta) -> bool:
    """Asked again 1, 2, 4, 8 … units after the origin: often while it is young, seldom when it is old."""
    next_at = unit
    while origin + next_at <= last:
        next_at *= 2
    return now >= origin + next_at


def files_due(known: Known, now: datetime, since: datetime | None = None) -> bool:
    """Whether files that could not be read are asked for once more, when their article is.

    `since`: when the article was first seen with them.
    """
    return known.read_at is None or due_again(since or known.first_seen_at, known.read_at, now, _HOUR)


def first_view(sighting: Sighting) -> tuple[str, Moment | None, str]:
    """Title, claimed date and where it stood, as the listing alone shows them."""
    return (
        sighting.title,
        sighting.claimed,
        "" if sighting.claimed is None else "inferred" if sighting.inferred else "listing",
    )


def as_listed(known: Known) -> Sighting:
    """The entry as its listing last printed it."""
    inferred = known.claimed_from == "inferred"
    return Sighting(known.url, known.listed_title, known.listed_claimed, known.publisher, inferred)


def differs(sighting: Sighting, known: Known) -> bool:
    """Whether the listing prints another title or date than it did."""
    return (sighting.title, sighting.claimed) != (known.listed_title, known.listed_claimed)


def arrived(known: Known, answer: Answer, article: Article | None) -> Article | None:
    """An article that never came is unreadable until it does."""
    if article is None and not answer.unchanged and not answer.gone and known.state == "unread":
        return Article("unreadable", answer.note)
    return article


def presence(known: Known, answer: Answer, article: Article | None) -> dict[str, object]:
    """Whether the entry went, or came back. What `lacks` says of it goes before."""
    if answer.gone and known.gone_at is None:
        return {"gone_at": answer.at, "gone_status": answer.status} | _not_hollow(known)
    readable = article is None or article.state == "read"
    if answer.outcome is VisitOutcome.READ and readable:
        back: dict[str, object] = {"gone_at": None, "gone_status": None} if known.gone_at is not None else {}
        return back | _not_hollow(known)
    return {}


def _not_hollow(known: Known) -> dict[str, object]:
    return {"hollow_at": None} if known.hollow_at is not None else {}


def lacks(known: Known, answer: Answer, article: Article | None, before: Body, *, listed: bool) -> Lack:
    """Whether an article that was read before shows nothing, or next to nothing, of what it held, or is not there;
    or whether one that its list still shows answers that, read before or not.

    A picture or an embedded file may hold what the text does not. `before`: what it held.
    """
    if article is None:
        if not answer.gone or known.gone_at is not None:
            return ""
        return "dead" if listed else "taken" if known.state == "read" else ""
    if known.state != "read":
        return ""
    text, files = before[0] or "", before[1]
    if article.reason in (REASONS["missing"], SENT_HOME):
        return "denied"
    if article.attachments or article.pictured or not (files or text.strip()):
        return ""
    left, held = substance(article.text or ""), substance(text)
    if article.reason == EMPTY or (article.state == "read" and left < LEAST and (files or held >= LEAST * _SHRUNK)):
        return "empty"
    return "shrunk" if article.state == "read" and held >= LEAST * _SHRUNK and left * _SHRUNK < held else ""


def next_version(
    known: Known,
    listed: Sighting,
    article: Article | None,
    before: Body,
    seen_at: datetime,
    filed: tuple[Attachment, ...] | None = None,
) -> NewVersion | None:
    """The entry's next version, or None where nothing a duty looks at has changed.

    `article` None: it did not come, only the listing or its files (`filed`) have changed.
    """
    text, files, source, dates = before
    if article is None and filed is not None:
        files = filed
    state, title = known.state, listed.title
    claimed, claimed_from = _claimed(known, listed, article, seen_at)
    if article is not None and article.state == "read":
        text, files, source, state = article.text, _with_texts(article.attachments, files), article.source, "read"
        dates = _beside_list(article.dates, listed)
    elif article is not None and known.state != "read":
        files, state = article.attachments, "unreadable"
    if article is not None and is_short_for(listed.title, article.title):
        title = article.title
    elif article is None and is_short_for(listed.title, known.title):
        title = known.title
    same = (title, claimed, text) == (known.title, known.claimed, before[0])
    if same and files == before[1] and state == known.state:
        return None
    # A list that renews the date of what was never read tells of a change: the earlier date is kept.
    redated = known.listed_claimed not in (None, listed.claimed) and claimed != known.claimed
    fills = (known.state != "read" and not redated) or (same and _only_filled(files, before[1]))
    return NewVersion(
        known.id, known.number if fills else known.number + 1, seen_at, title, claimed, claimed_from, text, state,
        source, files, replaces=fills, dates=dates, fingerprint=fingerprint(text or ""),
    )  # fmt: skip


def _beside_list(dates: tuple[tuple[str, Moment], ...], listed: Sighting) -> tuple[tuple[str, Moment], ...]:
    """The article's dates and its list's, where the list shows a whole one."""
    if listed.claimed is None or listed.inferred:
        return dates
    return (*dates, ("listing", listed.claimed))


def _claimed(known: Known, listed: Sighting, article: Article | None, seen_at: datetime) -> tuple[Moment | None, str]:
    _, shown, shown_from = first_view(listed)
    if article is None:
        return (known.claimed, known.claimed_from) if known.claimed_from in _SURE else (shown, shown_from)
    if article.claimed is not None:
        sure = article.claimed_from in _SURE and not _is_clock(article, listed, seen_at)
        if sure or shown is None or listed.inferred:
            return article.claimed, article.claimed_from
    if article.state == "unreadable" and known.claimed_from in _SURE:
        return known.claimed, known.claimed_from
    return shown, shown_from


def _is_clock(article: Article, listed: Sighting, seen_at: datetime) -> bool:
    """A page tag that names the day of reading, where the list names an earlier one, is written anew at each."""
    if article.claimed_from != "tag" or article.claimed is None or listed.claimed is None or listed.inferred:
        return False
    return day_of(article.claimed) >= seen_at.date() and day_of(listed.claimed) < seen_at.date()


def _only_filled(files: Sequence[Attachment], before: Sequence[Attachment]) -> bool:
    """Whether nothing changed but that files could be read at last, or are unread for another reason."""
    return len(files) == len(before) and all(
        now == then or (now.url == then.url and then.text is None and then.digest in ("", now.digest))
        for now, then in zip(files, before, strict=True)
    )


def _with_texts(files: Sequence[Attachment], before: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """What was read of a file stands as long as its address does."""
    known = {attachment.url: attachment for attachment in before}
    return tuple(
        file if file.text is not None or file.note else replace(known.get(file.url, file), name=file.name)
        for file in files
    )
