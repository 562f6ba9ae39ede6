"""Shows a page of the site as it was captured beside what it says later, or at this moment, with the differences."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from tracker.console.check import look_at_page, on_site
from tracker.console.forms import FormError
from tracker.console.pages.matter_acts import find_own
from tracker.console.signed_in import MissingError, PageRequest, SignedInPage
from tracker.core.values.facts import Attachment, Entry
from tracker.core.values.text_differences import TextPart, compare_texts
from tracker.decide.explain import Explanation, explain_key
from tracker.store.captures import Capture, load_captures
from tracker.store.engine import Tx


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page said from an instant on. `files`: the names of its attachments."""

    at: datetime
    title: str
    text: str
    files: tuple[str, ...] = ()


def list_comparable(explanation: Explanation | None) -> frozenset[str]:
    """The addresses of the considered entries of which a text was read."""
    if explanation is None:
        return frozenset()
    return frozenset(url for url, entry in explanation.entries.items() if _read_versions(entry))


def _read_versions(entry: Entry) -> list[PageText]:
    return [
        PageText(each.seen_at, each.title, each.text, _name_files(each.attachments))
        for each in entry.versions
        if each.text is not None
    ]


def _name_files(files: Sequence[Attachment]) -> tuple[str, ...]:
    return tuple(file.name for file in files)


def show_comparison(ask: PageRequest) -> Response:
    return _show(ask, None)


def _show(ask: PageRequest, now: PageText | None) -> Response:
    """The first text that was read beside the last one, or beside `now`."""
    key, entry = _find_entry(ask)
    versions = _read_versions(entry)
    with ask.office.store.read() as tx:
        captures = _captures_of(tx, ask, entry.url)
    before, after = versions[_chosen(ask, versions)], now or versions[-1]
    parts = list(compare_texts(_whole(before), _whole(after)))
    return ask.page(
        "compare",
        key=key,
        entry=entry,
        versions=versions,
        before=before,
        after=after,
        is_now=now is not None,
        sides=(_side(parts, "added"), _side(parts, "removed")),
        has_differences=any(part.kind != "same" for part in parts),
        captures=captures,
        may_look=ask.viewer.may("compare", "look") and on_site(ask.viewer.rulebook, entry.url),
    )


def _find_entry(ask: PageRequest) -> tuple[str, Entry]:
    """The matter and the considered entry that the address names. Raises MissingError where either is not shown."""
    query, rulebook = ask.request.query_params, ask.viewer.rulebook
    key, url = query.get("matter", ""), query.get("url", "")
    with ask.office.store.read() as tx:
        find_own(ask, tx, key)
    explanation = explain_key(ask.office.store, ask.office.loaded, rulebook, key, ask.now)
    if explanation is None or url not in list_comparable(explanation):
        raise MissingError
    return key, explanation.entries[url]


def _chosen(ask: PageRequest, versions: Sequence[PageText]) -> int:
    """Which version stands on the left: that of the address, else the first."""
    text = ask.request.query_params.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 and int(text) < len(versions) else 0


def _captures_of(tx: Tx, ask: PageRequest, url: str) -> list[Capture]:
    """The newest captures of the page in the archive, the newest first."""
    return load_captures(tx, ask.viewer.rulebook.county.id, [url])[:-11:-1]


def _whole(page: PageText) -> str:
    return "\n".join((page.title, page.text, *page.files))


def _side(parts: Sequence[TextPart], other: str) -> list[TextPart]:
    """The parts of one of the texts, without those that only the other one has."""
    return [part for part in parts if part.kind != other]


async def look_now(ask: PageRequest) -> Response:
    """Read the page once more, politely, and show it beside what was captured. Nothing is recorded."""
    _, entry = await asyncio.to_thread(_find_entry, ask)
    if not on_site(ask.viewer.rulebook, entry.url):
        raise MissingError
    if not ask.shared.looks.allows(entry.url, ask.now):
        raise FormError(429, "本小时内查看该网页的次数过多，请过一小时再查看。")
    seen = await look_at_page(ask.viewer.rulebook, ask.office.loaded.schedule.crawl, entry.url, ask.now)
    article = seen.article
    if article is None or article.text is None:
        raise FormError(422, f"现在未能读取该网页：{seen.reason or '网页上没有正文'}。")
    page = PageText(ask.now, seen.title, article.text, _name_files(article.attachments))
    return await asyncio.to_thread(_show, ask, page)


COMPARE = SignedInPage("compare", "/compare", show_comparison, {"look": look_now})
