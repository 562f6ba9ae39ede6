"""Rows of a list, made into sightings: titles whole, years completed, each address once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from tracker.core.values.facts import Moment, Sighting
from tracker.evidence.listing.values import Listing
from tracker.evidence.page.dates import MonthDay, complete_years, day_of, moment_in_url
from tracker.evidence.page.parsed import Page, legible, squeeze

MAX_TITLE = 500

#: Link texts that are never the title of an entry.
NO_TITLE = re.compile(
    r"^[\[【(（<《「\s]*(网站首页|返回首页|返回列表|返回|首\s*页|主页|[上前下后]\s*一?\s*页|尾\s*页|末\s*页|第一页|最后一?页|跳转|转到|go|更多|更多内容|查看更多|more|"
    r"\d{1,4}|[<>«»‹›…]+|打印|关闭|收藏|分享|设为首页|加入收藏|网站地图|联系我们|关于我们|网站声明|rss|登录|注册|置顶|new|"
    r"详情|详细|查看|查看详情|查看详细|详细内容|详细信息|点击查看|浏览|阅读全文|全文|\[?详细\]?|下载|附件|附件下载|点击下载|pdf|word|xls|doc)[\]】)）>》」\s.…>»]*$",
    re.IGNORECASE,
)
_BULLETS = re.compile(r"^[·•・◆■□★☆▪◎▲►»>\-\s]+(?=\S)")
_SHORTENED = re.compile(r"(…|\.{2,}|。{2,}|···)\s*$")
_CUT = ("…", "..", "。。", "···")
#: A title attribute that lists particulars: 标题：… 发布时间：…
_HINT = re.compile(
    r"(?:文章|信息)?(?:标题|名称)\s*[:：]\s*(.+?)\s*(?:(?:作\s*者|发布|发表|更新|来源|点击|时间|日期|文件)\S{0,4}\s*[:：]|$)"
)


@dataclass(slots=True)
class ListingRow:
    """A row as it stands in the page, its date not yet completed. `inferred`: its day is a conclusion of ours."""

    url: str
    title: str
    when: Moment | MonthDay | None
    publisher: str = ""
    inferred: bool = False


def full_title(text: str, hint: str) -> str:
    """The title attribute where the visible text is a shortened form of it, else the visible text."""
    text, hint = squeeze(text), squeeze(hint)
    if text[:1].isalnum() and (text == hint or not (hint or text.endswith(_CUT))):
        return text[:MAX_TITLE]
    text = _BULLETS.sub("", text)
    if len(hint) > 5 and hint in text and len(text) - len(hint) <= 6:
        return hint[:MAX_TITLE]  # a number or a mark beside the title
    if found := _HINT.search(hint):
        hint = found[1]
    stem = _SHORTENED.sub("", text)
    if not text or (hint and hint != text and (hint == stem or _starts(hint, stem))):
        return (hint or text)[:MAX_TITLE]
    if stem != text and len(hint) > len(text):
        return hint[:MAX_TITLE]
    return text[:MAX_TITLE]


def is_readable(title: str) -> bool:
    """Whether a title is words, and not what became of them in the wrong letters: ???, ���ˮ, å…³äºŽ, 锟斤拷."""
    if title.isascii():
        return any(map(str.isalnum, title))
    broken = sum(one == "\ufffd" or "\x80" <= one <= "\xff" for one in title)
    return broken * 4 < len(title) and "锟斤拷" not in title


def is_no_title(text: str, hint: str) -> bool:
    """Whether a link's words name no entry: 更多, 下一页, a number. Of a shortened text the whole counts."""
    words = text or hint
    return NO_TITLE.match(full_title(text, hint) if words.rstrip().endswith(_CUT) else words) is not None


def is_short_for(short: str, whole: str) -> bool:
    """Whether a title is the other one cut off."""
    stem = _SHORTENED.sub("", squeeze(short))
    return stem != squeeze(short) and len(stem) >= 2 and _starts(squeeze(whole), stem)


def _starts(whole: str, stem: str) -> bool:
    bare = _BULLETS.sub("", stem).replace(" ", "")
    return bool(bare) and len(whole.replace(" ", "")) > len(bare) and whole.replace(" ", "").startswith(bare)


def finish(rows: Sequence[ListingRow], page: Page) -> tuple[Sighting, ...]:
    """Years from the address, else from the neighbours; the first row of an address stands for it."""
    from_url = [moment_in_url(row.url) if isinstance(row.when, MonthDay) else None for row in rows]
    days: list[MonthDay | date | None] = []
    for row, known in zip(rows, from_url, strict=True):
        if isinstance(row.when, MonthDay):
            days.append(known if known and (known.month, known.day) == (row.when.month, row.when.day) else row.when)
        else:
            days.append(None if row.when is None else day_of(row.when))
    seen: dict[str, Sighting] = {}
    for row, before, day in zip(rows, days, _completed(days, page.today), strict=True):
        claimed = row.when if isinstance(row.when, datetime) else day
        inferred = claimed is not None and (row.inferred or isinstance(before, MonthDay))
        sighting = Sighting(row.url, legible(row.title), claimed, row.publisher[:128], inferred)
        kept = seen.get(row.url)
        if kept is None or (kept.claimed is None and claimed is not None):
            seen[row.url] = sighting
    return tuple(seen.values())


def _completed(days: Sequence[MonthDay | date | None], today: date) -> list[date | None]:
    """Oldest first is newest first from its end."""
    if not any(isinstance(one, MonthDay) for one in days):
        return [one for one in days if not isinstance(one, MonthDay)]
    marks = [(one.month, one.day) for one in days if one is not None]
    rises = sum(later > earlier for earlier, later in pairwise(marks))
    falls = sum(later < earlier for earlier, later in pairwise(marks))
    if rises >= 3 and rises > 3 * falls:
        return complete_years(days[::-1], today)[::-1]
    return complete_years(days, today)


def carried(listing: Listing, above: date, today: date) -> Listing:
    """A further page whose years were left out: completed anew from the last day of the page before it."""
    if not any(one.inferred for one in listing.sightings):
        return listing
    days: list[MonthDay | date | None] = []
    for one in listing.sightings:
        day = None if one.claimed is None else day_of(one.claimed)
        known = day is None or not one.inferred or moment_in_url(one.url) == day
        days.append(day if known or day is None else MonthDay(day.month, day.day))
    rows = zip(listing.sightings, days, complete_years(days, today, above), strict=True)
    return replace(
        listing,
        sightings=tuple(replace(one, claimed=full) if isinstance(day, MonthDay) else one for one, day, full in rows),
    )


def newest_first(sightings: Sequence[Sighting]) -> bool:
    """Whether the list runs from new to old; some disorder is usual, pinned rows and late entries."""
    days = [day_of(one.claimed) for one in sightings if one.claimed is not None]
    rising = sum(later > earlier for earlier, later in pairwise(days))
    if len(days) < 4:
        return rising == 0
    return rising <= 1 or rising * 4 <= len(days)
